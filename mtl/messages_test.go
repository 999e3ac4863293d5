package mtl

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/msgsend"
	"github.com/aruminium-go/aruminium/objc"
)

// Every generated method sends its selector with each argument where it belongs, and gives back what
// arrives. No object is leaked or released twice.
func TestEveryMessage(t *testing.T) {
	useFakeClasses(t)
	checkEncodings(t)
	sent := 0
	for i := range messages {
		m := &messages[i]
		sent++
		t.Run(m.class+" "+m.selector, func(t *testing.T) {
			testMessage(t, m) // once to let the runtime make its own objects
			before := liveObjects()
			testMessage(t, m)
			require.Equal(t, before, liveObjects(), "objects are left over")
		})
	}
	t.Logf("%d messages", sent)
}

// useFakeClasses makes funcs for class methods and initialisers send to the fakes.
func useFakeClasses(t *testing.T) {
	lookupClass = func(name string) objc.Class { return fakeClasses()[name] }
	t.Cleanup(func() { lookupClass = msgsend.LookupClass })
}

func testMessage(t *testing.T, m *message) {
	method := reflect.ValueOf(m.method)
	typ := method.Type()
	c := &call{message: m}
	var args []reflect.Value
	next := 0
	if m.form == instanceMethod {
		receiver := newFake(fakeClasses()[m.class])
		defer objc.Release(receiver)
		args = append(args, fromID(typ.In(0), receiver))
		next++
	}
	for n, kind := range strings.Fields(m.kinds) {
		var in reflect.Type
		switch kind {
		case "count", "out", "error":
		default:
			in = typ.In(next)
			next++
		}
		if n == 0 && strings.HasSuffix(m.kinds, "sized") {
			c.inputs = append(c.inputs, sizes(in))
		} else {
			c.inputs = append(c.inputs, c.input(kind, in, n))
		}
		if v := c.inputs[n].value; v.IsValid() {
			args = append(args, v)
		}
	}
	require.Equal(t, typ.NumIn(), next, "the table's kinds are not the method's parameters")
	if m.form != initMethod { // receive answers these
		c.answer(typ)
	}
	current = c
	results := method.Call(args)
	current = nil
	for _, f := range slices.Backward(c.cleanup) {
		f()
	}
	require.Empty(t, c.problems)
	require.Equal(t, []string{m.class + " " + m.selector}, c.received)
	c.compare(t, results)
}

// answer makes the fake reply with a result of the method's type.
func (c *call) answer(typ reflect.Type) {
	if c.message.encoding[0] == 'v' {
		return
	}
	if c.message.encoding[0] == 'B' && typ.Out(0) == reflect.TypeFor[error]() { // the error tells
		return
	}
	result := typ.Out(0)
	reply := func(want any, words ...uint64) {
		c.answers = append(c.answers, want)
		c.reply = func(arrived *objc.Call) { copy(arrived.Ret, words) }
	}
	switch kind := result.Kind(); {
	case result == reflect.TypeFor[error]():
		id, want := testError(5, "a result")
		reply(want, uint64(id))
	case result.Implements(reflect.TypeFor[identified]()):
		id := newPlain()
		reply(id, uint64(id))
	case kind == reflect.Struct:
		v := reflect.New(result).Elem()
		reply(v.Interface(), fill(v, 9)...)
		c.answers[0] = v.Interface()
	case c.message.result == "url":
		reply("/tmp/an answer", uint64(objc.NewFileURL("/tmp/an answer")))
	case kind == reflect.String:
		reply("an answer ü", uint64(objc.NewString("an answer ü")))
	case kind == reflect.Bool:
		reply(true, 1)
	case c.message.result == "number":
		reply(6.5, uint64(objc.NewFloat(6.5)))
	case kind == reflect.Float64:
		reply(3.75, math.Float64bits(3.75))
	case kind == reflect.Float32:
		reply(float32(2.75), uint64(math.Float32bits(2.75)))
	case c.message.result == "data":
		reply([]byte("some data"), uint64(objc.NewData([]byte("some data"))))
	case kind == reflect.Slice:
		c.replyList(result, reply)
	case kind == reflect.Pointer:
		p := reflect.New(result.Elem())
		reply(p.Interface(), uint64(p.Pointer()))
	case kind == reflect.Map:
		c.replyMap(result, reply)
	case kind == reflect.UnsafePointer:
		p := unsafe.Pointer(new(int))
		reply(p, uint64(uintptr(p)))
	case kind == reflect.Uintptr: // objc.ID
		id := newPlain()
		reply(id, uint64(id))
		if c.message.encoding[0] == '^' { // what is no object is borrowed
			c.cleanup = append(c.cleanup, func() { objc.Release(id) })
		}
	default:
		v := reflect.New(result).Elem()
		w := number(v, 0x42)
		reply(v.Interface(), w)
	}
}

func (c *call) replyList(result reflect.Type, reply func(any, ...uint64)) {
	if result.Elem().Kind() == reflect.String {
		array := objc.NewStrings([]string{"one", "two"})
		reply([]string{"one", "two"}, uint64(array))
		return
	}
	ids := []objc.ID{newPlain(), newPlain()}
	array := objc.NewArray(ids...)
	objc.ReleaseAll(ids)
	reply(ids, uint64(array))
}

func (c *call) replyMap(result reflect.Type, reply func(any, ...uint64)) {
	a, b, seven, text := objc.NewString("a"), objc.NewString("b"), objc.NewInt(7), objc.NewString("x")
	if result.Elem().Kind() == reflect.Slice {
		ids := []objc.ID{newPlain(), newPlain(), newPlain()}
		one, two := objc.NewArray(ids[:1]...), objc.NewArray(ids[1:]...)
		dictionary := objc.NewDictionary([]objc.ID{a, b}, []objc.ID{one, two})
		objc.ReleaseAll(append(ids, a, b, seven, text, one, two))
		reply(map[string][]objc.ID{"a": ids[:1], "b": ids[1:]}, uint64(dictionary))
		return
	}
	values, want := []objc.ID{seven, text}, any(map[string]any{"a": int64(7), "b": "x"})
	if result.Elem().Kind() == reflect.Struct {
		values, want = []objc.ID{newPlain(), newPlain()}, nil
		defer objc.ReleaseAll(values)
		want = map[string]objc.ID{"a": values[0], "b": values[1]}
	}
	dictionary := objc.NewDictionary([]objc.ID{a, b}, values)
	objc.ReleaseAll([]objc.ID{a, b, seven, text})
	reply(want, uint64(dictionary))
}

// compare checks the results of a method. It owns the objects among them: each is released here.
func (c *call) compare(t *testing.T, results []reflect.Value) {
	want := c.answers
	if strings.HasSuffix(c.message.kinds, "error") {
		want = append(want, &objc.Error{Domain: "TestDomain", Code: 42, Description: "it failed"})
	}
	require.Len(t, results, len(want))
	for i, r := range results {
		switch got := r.Interface().(type) {
		case identified:
			require.Equal(t, want[i], got.ID())
			objc.Release(got.ID())
		case objc.ID:
			require.Equal(t, want[i], got)
			objc.Release(got)
		case error:
			var e *objc.Error
			require.ErrorAs(t, got, &e)
			require.Equal(t, want[i], e)
		default:
			require.Equal(t, want[i], owned(r))
		}
	}
}

// owned turns slices and maps of objects into those of their IDs and releases them.
func owned(r reflect.Value) any {
	switch {
	case r.Kind() == reflect.Slice && r.Type().Elem().Kind() == reflect.Struct:
		var ids []objc.ID
		for i := range r.Len() {
			ids = append(ids, r.Index(i).Interface().(identified).ID())
		}
		objc.ReleaseAll(ids)
		return ids
	case r.Kind() == reflect.Map && r.Type().Elem().Kind() == reflect.Struct:
		ids := map[string]objc.ID{}
		for _, k := range r.MapKeys() {
			id := r.MapIndex(k).Interface().(identified).ID()
			objc.Release(id)
			ids[k.String()] = id
		}
		return ids
	case r.Kind() == reflect.Map && r.Type().Elem().Kind() == reflect.Slice:
		ids := map[string][]objc.ID{}
		for _, k := range r.MapKeys() {
			ids[k.String()] = owned(r.MapIndex(k)).([]objc.ID)
		}
		return ids
	}
	return r.Interface()
}

// A message to nil does nothing and returns nothing; a method that can fail says so.
func TestMessagesToNil(t *testing.T) {
	before := liveObjects()
	for i := range messages {
		m := &messages[i]
		if m.form != instanceMethod {
			continue
		}
		method := reflect.ValueOf(m.method)
		var args []reflect.Value
		for i := range method.Type().NumIn() {
			args = append(args, reflect.Zero(method.Type().In(i)))
		}
		for _, r := range method.Call(args) {
			if err, ok := r.Interface().(error); ok && err != nil {
				require.Regexp(t, regexp.QuoteMeta(m.selector)+" returned (nil|NO) and no error", err.Error())
				continue
			}
			require.True(t, r.IsZero() || (r.Kind() == reflect.Slice || r.Kind() == reflect.Map) && r.Len() == 0, "%s %s returned %v", m.class, m.selector, r)
		}
	}
	require.Equal(t, before, liveObjects(), "objects are left over")
}

// A New func without arguments makes an object of its class wherever the runtime has the class.
func TestNewObjects(t *testing.T) {
	made, missing := 0, 0
	for i := range messages {
		m := &messages[i]
		create, ok := reflect.ValueOf(m.method), m.selector == "new" && m.form == classMethod
		if !ok {
			continue
		}
		object := create.Call(nil)[0].Interface().(interface {
			identified
			Release()
			IsNil() bool
		})
		if objc.GetClass(m.class) == 0 {
			require.True(t, object.IsNil(), m.class)
			missing++
			continue
		}
		require.False(t, object.IsNil(), m.class)
		require.Equal(t, m.class, objc.ClassName(objc.ClassOf(object.ID())))
		object.Release()
		made++
	}
	t.Logf("%d made, %d classes missing", made, missing)
}

func TestObject(t *testing.T) {
	require.True(t, Buffer{}.IsNil())
	require.Equal(t, "nil", Buffer{}.String())
	require.False(t, Buffer{}.RespondsTo("length"))
	Buffer{}.Retain()
	Buffer{}.Release()

	id := newFake(fakeClasses()["MTLBuffer"])
	b := BufferFromID(id)
	require.Equal(t, id, b.ID())
	require.Equal(t, id, b.Resource.ID())
	require.Equal(t, id, b.Allocation.ID())
	require.Equal(t, fmt.Sprintf("FakeMTLBuffer(%#x)", uintptr(id)), b.String())
	require.True(t, b.RespondsTo("length"))
	require.True(t, b.RespondsTo("storageMode"), "inherited")
	require.False(t, b.RespondsTo("newLibraryWithSource:options:error:"))
	b.Retain()
	alive := fakesAlive.Load()
	b.Release()
	require.Equal(t, alive, fakesAlive.Load())
	ReleaseAll([]Buffer{b})
	require.Equal(t, alive-1, fakesAlive.Load())
}

// An NSError that a method does not store leaves the error nil.
func TestNoError(t *testing.T) {
	sel := &msgsend.Selector{Name: "make:error:"}
	require.NoError(t, failure(1, 0, sel))
	require.EqualError(t, failure(0, 0, sel), "make:error: returned nil and no error")
	require.NoError(t, refused(true, 0, sel))
	require.EqualError(t, refused(false, 0, sel), "make:error: returned NO and no error")
	var e *objc.Error
	require.True(t, errors.As(refused(false, objc.NewError(&objc.Error{Domain: "D", Code: 3, Description: "no"}), sel), &e))
	require.Equal(t, 3, e.Code)
}

// A URL is what has a scheme; anything else is the path of a file.
func TestNewURL(t *testing.T) {
	for _, c := range []struct{ in, text, path string }{
		{"/tmp/x.metallib", "file:///tmp/x.metallib", "/tmp/x.metallib"},
		{"file:///tmp/x.metallib", "file:///tmp/x.metallib", "/tmp/x.metallib"},
		{"/tmp/a%b c", "file:///tmp/a%25b%20c", "/tmp/a%b c"},
		{"https://example.org/a", "https://example.org/a", ""},
	} {
		id := newURL(c.in)
		require.Equal(t, c.text, objc.URLString(id))
		require.Equal(t, c.path, objc.URLPath(id))
		objc.Release(id)
	}
}

// Values go into a dictionary and come out again; what no NSNumber holds becomes text.
func TestDictionary(t *testing.T) {
	in := map[string]any{
		"string": "x", "bool": true, "int": -1, "int8": int8(-2), "int16": int16(-3), "int32": int32(-4), "int64": int64(-5),
		"uint": uint(1), "uint8": uint8(2), "uint16": uint16(3), "uint32": uint32(4), "uint64": uint64(5),
		"float32": float32(1.5), "float64": -2.5, "other": Size{1, 2, 3},
	}
	want := map[string]any{
		"string": "x", "bool": int64(1), "int": int64(-1), "int8": int64(-2), "int16": int64(-3), "int32": int64(-4), "int64": int64(-5),
		"uint": int64(1), "uint8": int64(2), "uint16": int64(3), "uint32": int64(4), "uint64": int64(5),
		"float32": 1.5, "float64": -2.5, "other": "{1 2 3}",
	}
	require.Equal(t, want, takeDictionary(newDictionary(in)))
}
