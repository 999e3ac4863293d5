package objc

import (
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

var registered atomic.Int64

func register(t testing.TB, def ClassDef) Class {
	t.Helper()
	if def.Name == "" {
		def.Name = fmt.Sprintf("ObjcTest%d", registered.Add(1))
	}
	class, err := RegisterClass(def)
	require.NoError(t, err)
	return class
}

func TestRegisterClass(t *testing.T) {
	type point struct{ X, Y, Z uint64 }
	errRefused := errors.New("refused")
	dealloc := 0
	class := register(t, ClassDef{
		Methods: []Method{
			{Selector: "moved:by:", Encoding: "{?=QQQ}@:{?=QQQ}d", Func: func(c *Call) {
				var p point
				c.Struct(0, unsafe.Pointer(&p), unsafe.Sizeof(p))
				d := uint64(c.Float64(1))
				p = point{p.X + d, p.Y + d, p.Z + d}
				c.ReturnStruct(unsafe.Pointer(&p), unsafe.Sizeof(p))
			}},
			{Selector: "open:error:", Encoding: "@@:@^@", Func: func(c *Call) {
				if String(c.ID(0)) == "" {
					SetError(c, 1, errRefused)
					return
				}
				c.ReturnID(NewString("opened " + String(c.ID(0))))
			}},
			{Selector: "save:error:", Encoding: "B@:B^@", Func: func(c *Call) {
				if !c.Bool(0) {
					SetError(c, 1, &Error{Domain: "D", Code: 3, Description: "no"})
				}
				c.ReturnBool(c.Bool(0))
			}},
		},
		ClassMethods: []Method{{Selector: "answer", Encoding: "Q@:", Func: func(c *Call) { c.ReturnWord(42) }}},
		Dealloc:      func(ID) { dealloc++ },
	})
	require.Equal(t, GetClass("NSObject"), Superclass(class))
	checkLive(t)
	id := NewObject(class, "state")
	s, ok := ValueAs[string](id)
	require.True(t, ok)
	require.Equal(t, "state", s)
	_, ok = ValueAs[int](id)
	require.False(t, ok)
	SetValue(id, 7)
	require.Equal(t, 7, Value(id))
	require.Equal(t, class, ClassOf(id))
	require.True(t, IsKindOf(id, class))
	require.True(t, IsKindOf(id, GetClass("NSObject")))
	require.False(t, IsKindOf(id, GetClass("NSString")))
	require.Nil(t, Value(0))

	moved, sig := Selector{Name: "moved:by:"}, Signature{Encoding: "{?=QQQ}@:{?=QQQ}d"}
	p := point{1, 2, 3}
	var f Frame
	f.AddStruct(unsafe.Pointer(&p), unsafe.Sizeof(p))
	f.AddFloat64(10)
	f.Struct(id, &moved, &sig, unsafe.Pointer(&p), unsafe.Sizeof(p))
	require.Equal(t, point{11, 12, 13}, p)

	open, save := Selector{Name: "open:error:"}, Selector{Name: "save:error:"}
	name, empty := NewString("it"), NewString("")
	got, err := SendObjectErr(id, &open, uintptr(name))
	require.NoError(t, err)
	require.Equal(t, "opened it", TakeString(got))
	_, err = SendObjectErr(id, &open, uintptr(empty))
	require.ErrorContains(t, err, "refused")
	require.NoError(t, SendBoolErr(id, &save, 1))
	require.ErrorIs(t, SendBoolErr(id, &save, 0), &Error{Domain: "D", Code: 3})
	Release(name)
	Release(empty)
	require.EqualValues(t, 42, SendWord(ID(class), &Selector{Name: "answer"}))
	require.True(t, InstancesRespondTo(class, open.SEL()))
	require.False(t, InstancesRespondTo(class, GetSelector("answer")))
	require.Equal(t, "B@:B^@", MethodEncoding(class, save.SEL()))

	require.Zero(t, dealloc)
	Release(id)
	require.Equal(t, 1, dealloc)

	_, err = RegisterClass(ClassDef{Name: ClassName(class)})
	require.ErrorContains(t, err, ClassName(class))
	text := NewString("x")
	require.Panics(t, func() { SetValue(text, 1) })
	Release(text)
}

func TestRegisterProtocol(t *testing.T) {
	p, err := RegisterProtocol("ObjcTestNamed", nil, []ProtocolMethod{{Selector: "name", Encoding: "@@:"}})
	require.NoError(t, err)
	require.Equal(t, p, GetProtocol("ObjcTestNamed"))
	class := register(t, ClassDef{Protocols: []Protocol{p}, Methods: []Method{
		{Selector: "name", Func: func(c *Call) { c.ReturnID(NewString("n")) }},
	}})
	checkLive(t)
	id := NewObject(class, nil)
	defer Release(id)
	require.True(t, ConformsTo(id, p))
	require.True(t, ClassConformsTo(class, p))
	require.False(t, ConformsTo(0, p))
	require.False(t, ClassConformsTo(GetClass("NSString"), p))
	require.Equal(t, "n", TakeString(SendObject(id, &Selector{Name: "name"})))
	require.Equal(t, "@@:", MethodEncoding(class, GetSelector("name")))
}

func TestProperties(t *testing.T) {
	type state struct {
		label   ID
		count   uintptr
		enabled bool
		ratio   float64
		scale   float32
	}
	of := func(c *Call) *state { return c.Value().(*state) }
	class := register(t, ClassDef{
		Methods: []Method{
			{Selector: "label", Encoding: "@@:", Func: func(c *Call) { c.ReturnID(Retain(of(c).label)) }},
			{Selector: "setLabel:", Encoding: "v@:@", Func: func(c *Call) {
				Release(of(c).label)
				of(c).label = Retain(c.ID(0))
			}},
			{Selector: "count", Encoding: "Q@:", Func: func(c *Call) { c.ReturnWord(of(c).count) }},
			{Selector: "setCount:", Encoding: "v@:Q", Func: func(c *Call) { of(c).count = c.Word(0) }},
			{Selector: "isEnabled", Encoding: "B@:", Func: func(c *Call) { c.ReturnBool(of(c).enabled) }},
			{Selector: "setEnabled:", Encoding: "v@:B", Func: func(c *Call) { of(c).enabled = c.Bool(0) }},
			{Selector: "ratio", Encoding: "d@:", Func: func(c *Call) { c.ReturnFloat64(of(c).ratio) }},
			{Selector: "setRatio:", Encoding: "v@:d", Func: func(c *Call) { of(c).ratio = c.Float64(0) }},
			{Selector: "scale", Encoding: "f@:", Func: func(c *Call) { c.ReturnFloat32(of(c).scale) }},
			{Selector: "changeScale:", Encoding: "v@:f", Func: func(c *Call) { of(c).scale = c.Float32(0) }},
		},
		Dealloc: func(self ID) { Release(Value(self).(*state).label) },
	})
	checkLive(t)
	id := NewObject(class, &state{})
	defer Release(id)
	label, count := Property{Name: "label"}, Property{Name: "count"}
	enabled, ratio := Property{Name: "enabled", Getter: "isEnabled"}, Property{Name: "ratio"}
	scale, none := Property{Name: "scale", Setter: "changeScale:"}, Property{Name: "noSuchThing"}
	label.SetString(id, "weights")
	require.Equal(t, "weights", label.String(id))
	label.SetObject(id, 0)
	require.Empty(t, label.String(id))
	count.SetWord(id, 1<<63)
	require.EqualValues(t, uint64(1)<<63, count.Word(id))
	enabled.SetBool(id, true)
	require.True(t, enabled.Bool(id))
	ratio.SetFloat64(id, -0.5)
	require.Equal(t, -0.5, ratio.Float64(id))
	scale.SetFloat32(id, 1.25)
	require.Equal(t, float32(1.25), scale.Float32(id))
	require.True(t, scale.Writable(id))
	require.True(t, label.Readable(id))
	require.False(t, none.Readable(id))
	require.False(t, none.Writable(id))
	require.Zero(t, count.Word(0))
	count.SetWord(0, 1)
}

// Blocks are passed to methods, kept by them and called later, from another
// goroutine too.
func TestBlocksThroughMethods(t *testing.T) {
	compare := BlockType{Encoding: "q@?@@"}
	var kept []ID
	class := register(t, ClassDef{Methods: []Method{
		{Selector: "larger:than:by:", Encoding: "@@:@@@?", Func: func(c *Call) {
			var f Frame
			f.AddWord(c.Word(0))
			f.AddWord(c.Word(1))
			larger := c.ID(1)
			if int64(compare.Word(c.ID(2), &f)) > 0 {
				larger = c.ID(0)
			}
			c.ReturnID(Retain(larger))
		}},
		{Selector: "later:", Encoding: "v@:@?", Func: func(c *Call) { kept = append(kept, CopyBlock(c.ID(0))) }},
	}})
	checkLive(t)
	id := NewObject(class, nil)
	defer Release(id)
	a, b := NewString("aaa"), NewString("b")
	length := Selector{Name: "length"}
	block := compare.New(func(c *Call) {
		c.ReturnWord(SendWord(c.ID(0), &length) - SendWord(c.ID(1), &length))
	})
	larger := Selector{Name: "larger:than:by:"}
	for _, pair := range [][2]ID{{a, b}, {b, a}} {
		got := SendObject(id, &larger, uintptr(pair[0]), uintptr(pair[1]), uintptr(block))
		require.Equal(t, "aaa", TakeString(got))
	}
	ReleaseBlock(block)
	Release(a)
	Release(b)

	var order []uintptr
	later := Selector{Name: "later:"}
	for i := range uintptr(3) {
		block := NewBlock(func(x, _, _, _ uintptr) { order = append(order, i*10+x) })
		Send(id, &later, uintptr(block))
		ReleaseBlock(block)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		slices.Reverse(kept)
		for _, block := range kept {
			CallBlock(block, 5, 0, 0, 0)
			ReleaseBlock(block)
		}
	}()
	<-done
	require.Equal(t, []uintptr{25, 15, 5}, order)
}
