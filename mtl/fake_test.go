package mtl

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/msgsend"
	"github.com/aruminium-go/aruminium/objc"
)

// The fakes: a class of the runtime for each class of the mirror, defined in Go. Its methods tell the
// call that is under way what arrived, and answer as it says. They run on whatever runtime the tests
// run on, so each message crosses as it does in a program.

// A call is one message that is expected, with what to check and to answer.
type call struct {
	message  *message
	arrived  *objc.Call // while the message is being answered
	inputs   []input    // one for each parameter of the description
	answers  []any      // the Go results that are expected, in order
	reply    func(c *objc.Call)
	received []string // the selectors that arrived
	problems []string
	cleanup  []func()
}

// An input is one argument: what the Go method is given (if the parameter is one in Go), how many words
// arrive, and the check of these words.
type input struct {
	value reflect.Value // invalid for what is no Go parameter
	words int
	check func(words []uint64) error
}

// current is the call under way. Only one is at a time.
var current *call

var fakeClasses = sync.OnceValue(func() map[string]objc.Class {
	defined := map[string]objc.Class{}
	var define func(name string) objc.Class
	define = func(name string) objc.Class {
		if name == "" || defined[name] != 0 {
			return defined[name]
		}
		i := slices.IndexFunc(classes, func(c mirrored) bool { return c.name == name })
		def := objc.ClassDef{Name: "Fake" + name, Super: define(classes[i].super)}
		for j := range messages {
			m := &messages[j]
			if m.class != name {
				continue
			}
			method := objc.Method{Selector: m.selector, Encoding: m.encoding, Func: func(arrived *objc.Call) {
				current.receive(m, arrived)
			}}
			if m.form == classMethod {
				def.ClassMethods = append(def.ClassMethods, method)
			} else {
				def.Methods = append(def.Methods, method)
			}
		}
		if def.Super == 0 {
			def.Dealloc = func(objc.ID) { fakesAlive.Add(-1) }
		}
		defined[name] = register(def)
		return defined[name]
	}
	for _, c := range classes {
		define(c.name)
	}
	return defined
})

func register(def objc.ClassDef) objc.Class {
	class, err := objc.RegisterClass(def)
	if err != nil {
		panic(err)
	}
	return class
}

// fakesAlive counts the objects of classes that the tests define.
var fakesAlive atomic.Int64

// newFake makes an object of a class that the tests define. Init may be one of the messages, so
// it is not sent.
func newFake(class objc.Class) objc.ID {
	fakesAlive.Add(1)
	return msgsend.Object0(objc.ID(class), &selAlloc)
}

// plain is the class of objects of which only the identity matters.
var plain = sync.OnceValue(func() objc.Class {
	return register(objc.ClassDef{Name: "FakePlain", Dealloc: func(objc.ID) { fakesAlive.Add(-1) }})
})

func newPlain() objc.ID { return newFake(plain()) }

// testError makes the NSError of which ErrorOf makes the result.
func testError(code int, text string) (nserror objc.ID, want *objc.Error) {
	want = &objc.Error{Domain: "TestDomain", Code: code, Description: text}
	return objc.NewError(want), want
}

func (c *call) receive(m *message, arrived *objc.Call) {
	c.arrived = arrived
	if m.form == initMethod { // it gives back what +alloc made
		fakesAlive.Add(1)
		c.answers, c.reply = []any{arrived.Self}, func(arrived *objc.Call) { arrived.ReturnID(arrived.Self) }
	}
	c.received = append(c.received, m.class+" "+m.selector)
	words := arrived.Args
	for i, in := range c.inputs {
		if len(words) < in.words {
			c.problems = append(c.problems, fmt.Sprintf("argument %d takes %d words, %d arrived", i, in.words, len(words)))
			return
		}
		if err := in.check(words[:in.words]); err != nil {
			c.problems = append(c.problems, fmt.Sprintf("argument %d: %v", i, err))
		}
		words = words[in.words:]
	}
	for _, w := range words { // a sender of fixed arity leaves room for six
		if w != 0 {
			c.problems = append(c.problems, fmt.Sprintf("%d words too many", len(words)))
		}
	}
	if c.reply != nil {
		c.reply(arrived)
	}
}

// object makes an object that lives until the call is over, and its ID.
func (c *call) object() objc.ID {
	id := newPlain()
	c.cleanup = append(c.cleanup, func() { objc.Release(id) })
	return id
}

func wantWord(want uint64) func([]uint64) error {
	return func(w []uint64) error {
		if w[0] != want {
			return fmt.Errorf("%#x arrived, not %#x", w[0], want)
		}
		return nil
	}
}

func wantEqual(want any, got func(w []uint64) any) func([]uint64) error {
	return func(w []uint64) error {
		if g := got(w); !reflect.DeepEqual(g, want) {
			return fmt.Errorf("%v arrived, not %v", g, want)
		}
		return nil
	}
}

// number gives v, of an integer type, a value that no other argument has. A signed one is negative.
func number(v reflect.Value, n int) uint64 {
	distinct := uint64(0x1122334455667700) + uint64(n)
	switch v.Kind() {
	case reflect.Int, reflect.Int64, reflect.Int32:
		v.SetInt(-1000 - int64(n))
		return uint64(v.Int()) // sign-extended
	case reflect.Uint32:
		distinct &= 0xffffffff
	case reflect.Uint8:
		distinct = 0xa0 + uint64(n)
	}
	v.SetUint(distinct)
	return distinct
}

// input makes an argument of a kind. typ is its Go type, nil if it is none in Go.
func (c *call) input(kind string, typ reflect.Type, n int) input {
	var v reflect.Value
	if typ != nil {
		v = reflect.New(typ).Elem()
	}
	switch kind {
	case "bool":
		v.SetBool(true)
		return input{v, 1, wantWord(1)}
	case "float32":
		v.SetFloat(1.5 + float64(n))
		return input{v, 1, wantWord(uint64(math.Float32bits(1.5 + float32(n))))}
	case "float64":
		v.SetFloat(2.25 + float64(n))
		return input{v, 1, wantWord(math.Float64bits(2.25 + float64(n)))}
	case "string":
		v.SetString(fmt.Sprintf("text %d ü", n))
		return input{v, 1, wantEqual(v.String(), func(w []uint64) any { return objc.String(objc.ID(w[0])) })}
	case "url":
		v.SetString("/tmp/a b.metallib")
		return input{v, 1, wantEqual("/tmp/a b.metallib", func(w []uint64) any {
			return objc.URLPath(objc.ID(w[0]))
		})}
	case "number":
		v.SetFloat(7.5)
		return input{v, 1, wantEqual(7.5, func(w []uint64) any { return objc.Float(objc.ID(w[0])) })}
	case "data":
		v.SetBytes([]byte("some data"))
		return input{v, 1, wantEqual(v.Bytes(), func(w []uint64) any { return objc.Bytes(objc.ID(w[0])) })}
	case "dispatchdata":
		v.SetBytes([]byte("MTLB data"))
		return input{v, 1, wantEqual(v.Bytes(), func(w []uint64) any { return dispatchBytes(objc.ID(w[0])) })}
	case "bytes":
		v.SetBytes([]byte("some bytes"))
		return input{v, 2, wantEqual(v.Bytes(), func(w []uint64) any { return slices.Clone(unsafe.Slice((*byte)(pointer(uintptr(w[0]))), w[1])) })}
	case "pointer":
		p := unsafe.Pointer(new([16]byte))
		v.Set(reflect.ValueOf(p))
		return input{v, 1, wantEqual(p, func(w []uint64) any { return pointer(uintptr(w[0])) })}
	case "object":
		id := c.object()
		v.Set(fromID(typ, id))
		return input{v, 1, wantWord(uint64(id))}
	case "struct":
		want := fill(v, n)
		return input{v, len(want), wantEqual(want, func(w []uint64) any { return slices.Clone(w) })}
	case "array", "sized":
		return c.array(v, n)
	case "written":
		return c.written(v, n)
	case "count":
		return input{words: 1, check: wantWord(arrayLength)}
	case "first":
		v.SetUint(7)
		return input{v, 2, wantEqual([]uint64{7, arrayLength}, func(w []uint64) any { return slices.Clone(w) })}
	case "list":
		return c.list(v)
	case "dict":
		if v.Type() != reflect.TypeFor[map[string]any]() {
			return c.arrays(v)
		}
		v.Set(reflect.ValueOf(map[string]any{"A": "x", "B": -7, "C": true, "D": 1.5}))
		return input{v, 1, wantEqual("A=x B=-7 C=1 D=1.5", func(w []uint64) any { return entries(objc.ID(w[0])) })}
	case "block":
		return c.block(v)
	case "out":
		return c.out(n)
	case "error":
		return input{words: 1, check: func(w []uint64) error {
			nserror, _ := testError(42, "it failed")
			c.arrived.SetOut(c.arrived.NumArgs()-1, nserror)
			return nil
		}}
	}
	return input{v, 1, wantWord(number(v, n))}
}

const arrayLength = 3

// array makes a slice of objects or numbers that arrives as a C array.
func (c *call) array(v reflect.Value, n int) input {
	v.Set(reflect.MakeSlice(v.Type(), arrayLength, arrayLength))
	var want []uint64
	for i := range arrayLength {
		e := v.Index(i)
		switch elem := e.Type(); {
		case elem.Implements(reflect.TypeFor[identified]()):
			id := c.object()
			e.Set(fromID(elem, id))
			want = append(want, uint64(id))
		case elem.Kind() == reflect.Struct:
			want = append(want, fill(e, 16*n+i)...)
		case elem.Kind() == reflect.Float32:
			e.SetFloat(float64(16*n+i) + 0.5)
			want = append(want, uint64(math.Float32bits(float32(e.Float()))))
		default:
			want = append(want, number(e, 16*n+i))
		}
	}
	size := v.Type().Elem().Size()
	return input{v, 1, func(w []uint64) error {
		p := pointer(uintptr(w[0]))
		if size == 4 {
			var got []uint64
			for _, word := range unsafe.Slice((*uint32)(p), arrayLength) {
				got = append(got, uint64(word))
			}
			return wantEqual(want, func([]uint64) any { return got })(w)
		}
		return wantEqual(want, func([]uint64) any { return slices.Clone(unsafe.Slice((*uint64)(p), len(want))) })(w)
	}}
}

// written makes a slice that the fake fills.
func (c *call) written(v reflect.Value, n int) input {
	v.Set(reflect.MakeSlice(v.Type(), arrayLength, arrayLength))
	want := reflect.MakeSlice(v.Type(), arrayLength, arrayLength)
	for i := range arrayLength {
		fill(want.Index(i), n+i)
	}
	c.cleanup = append(c.cleanup, func() {
		if !reflect.DeepEqual(v.Interface(), want.Interface()) {
			c.problems = append(c.problems, fmt.Sprintf("%v was written, not %v", v, want))
		}
	})
	return input{v, 1, func(w []uint64) error {
		reflect.Copy(reflect.NewAt(reflect.ArrayOf(arrayLength, v.Type().Elem()), pointer(uintptr(w[0]))).Elem(), want)
		return nil
	}}
}

// list makes a slice of objects that arrives as an NSArray.
func (c *call) list(v reflect.Value) input {
	v.Set(reflect.MakeSlice(v.Type(), arrayLength, arrayLength))
	var want []objc.ID
	for i := range arrayLength {
		want = append(want, c.object())
		v.Index(i).Set(fromID(v.Type().Elem(), want[i]))
	}
	return input{v, 1, wantEqual(want, func(w []uint64) any { return items(objc.ID(w[0])) })}
}

// arrays makes a map of slices of objects that arrives as an NSDictionary of NSArrays.
func (c *call) arrays(v reflect.Value) input {
	v.Set(reflect.MakeMap(v.Type()))
	want := map[string][]objc.ID{}
	for i, key := range []string{"one", "two"} {
		list := reflect.MakeSlice(v.Type().Elem(), i+1, i+1)
		for j := range list.Len() {
			id := c.object()
			list.Index(j).Set(fromID(list.Type().Elem(), id))
			want[key] = append(want[key], id)
		}
		v.SetMapIndex(reflect.ValueOf(key), list)
	}
	return input{v, 1, wantEqual(want, func(w []uint64) any {
		got := map[string][]objc.ID{}
		keys, values := objc.Entries(objc.ID(w[0]))
		for i, k := range keys {
			got[objc.TakeString(k)] = items(values[i])
		}
		objc.ReleaseAll(values)
		return got
	})}
}

// block makes a func. The fake calls the block it arrives as, keeps it, and calls it again on another
// goroutine when the method has returned.
func (c *call) block(v reflect.Value) input {
	typ, times := v.Type(), 0
	words, want := [4]uintptr{}, []any{}
	for i := range typ.NumIn() {
		in := reflect.New(typ.In(i)).Elem()
		switch {
		case typ.In(i).Kind() == reflect.Interface: // error
			id, _ := testError(7, "blocked")
			c.cleanup = append(c.cleanup, func() { objc.Release(id) })
			words[i] = uintptr(id)
			want = append(want, objc.ErrorOf(id))
			continue
		case typ.In(i).Kind() == reflect.String:
			id := objc.NewString(fmt.Sprintf("text %d", i))
			c.cleanup = append(c.cleanup, func() { objc.Release(id) })
			words[i] = uintptr(id)
			in.SetString(fmt.Sprintf("text %d", i))
		case typ.In(i).Kind() == reflect.Struct:
			id := c.object()
			words[i] = uintptr(id)
			in = fromID(typ.In(i), id)
		case typ.In(i).Kind() == reflect.UnsafePointer:
			p := unsafe.Pointer(new(int))
			words[i] = uintptr(p)
			in.SetPointer(p)
		default:
			words[i] = uintptr(number(in, i))
		}
		want = append(want, in.Interface())
	}
	v.Set(reflect.MakeFunc(typ, func(args []reflect.Value) []reflect.Value {
		times++
		for i, a := range args {
			if !reflect.DeepEqual(a.Interface(), want[i]) {
				c.problems = append(c.problems, fmt.Sprintf("block argument %d is %v, not %v", i, a, want[i]))
			}
		}
		return nil
	}))
	return input{v, 1, func(w []uint64) error {
		block := msgsend.CopyBlock(objc.ID(w[0]))
		objc.CallBlock(block, words[0], words[1], words[2], words[3])
		if times != 1 {
			return fmt.Errorf("the block called the func %d times", times)
		}
		c.cleanup = append(c.cleanup, func() {
			done := make(chan struct{})
			go func() {
				defer close(done)
				objc.CallBlock(block, words[0], words[1], words[2], words[3])
			}()
			<-done
			objc.ReleaseBlock(block)
			if times != 2 {
				c.problems = append(c.problems, "the block does not outlive the message")
			}
		})
		return nil
	}}
}

// out answers through a pointer: an object, or the number that n makes.
func (c *call) out(n int) input {
	return input{words: 1, check: func(w []uint64) error {
		if strings.Contains(c.message.encoding, "^Q") {
			*(*uint64)(pointer(uintptr(w[0]))) = 900 + uint64(n)
			c.answers = append(c.answers, 900+uint64(n))
			return nil
		}
		id := newPlain()
		c.arrived.SetOut(n, id)
		c.answers = append(c.answers, id)
		return nil
	}}
}

// entries writes an NSDictionary in the order of its keys.
func entries(id objc.ID) string {
	keys, values := objc.Entries(id)
	defer objc.ReleaseAll(values)
	var list []string
	for i, k := range keys {
		list = append(list, objc.TakeString(k)+"="+objc.Description(values[i]))
	}
	slices.Sort(list)
	return strings.Join(list, " ")
}

// items returns the objects of an NSArray. They stay the array's.
func items(array objc.ID) []objc.ID {
	ids := objc.Items(array)
	objc.ReleaseAll(ids)
	return ids
}

// fromID makes a value of a type of this package.
func fromID(typ reflect.Type, id objc.ID) reflect.Value {
	v := reflect.New(typ)
	*(*objc.ID)(v.UnsafePointer()) = id
	return v.Elem()
}

// sizes makes an argument that says how long the slices after it are: a number or a Size.
func sizes(typ reflect.Type) input {
	v := reflect.New(typ).Elem()
	words := unsafe.Slice((*uint64)(v.Addr().UnsafePointer()), typ.Size()/8)
	for i := range words {
		words[i] = arrayLength
	}
	return input{v, len(words), wantEqual(slices.Clone(words), func(w []uint64) any { return slices.Clone(w) })}
}

// fill gives every byte of a struct its own value and returns its memory in words.
func fill(v reflect.Value, n int) []uint64 {
	size := v.Type().Size()
	memory := unsafe.Slice((*byte)(v.Addr().UnsafePointer()), size)
	for i := range memory {
		memory[i] = byte(1 + 7*n + i)
	}
	words := make([]uint64, (size+7)/8)
	copy(unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(words))), size), memory)
	return words
}
