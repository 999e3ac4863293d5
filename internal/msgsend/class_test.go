package msgsend

import (
	"fmt"
	"math"
	"sync"
	"sync/atomic"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

// These tests run on every runtime: what a class defined in Go is does not
// depend on it.

var classCount atomic.Int64

// define makes a class with a name of its own, since classes stay.
func define(t testing.TB, def ClassDef) Class {
	t.Helper()
	if def.Name == "" {
		def.Name = fmt.Sprintf("GoTest%d", classCount.Add(1))
	}
	c, err := DefineClass(def)
	require.NoError(t, err)
	require.Equal(t, def.Name, ClassName(c))
	require.Equal(t, c, LookupClass(def.Name))
	return c
}

var (
	selClassNew = Selector{Name: "new"}
	selSum      = Selector{Name: "sumOf:and:"}
	selAnswer   = Selector{Name: "answer"}
)

func TestDefineClass(t *testing.T) {
	var got struct {
		self ID
		sel  SEL
	}
	class := define(t, ClassDef{Methods: []Method{
		{"sumOf:and:", "q@:qq", func(c *Call) {
			got.self, got.sel = c.Self, c.Sel
			c.ReturnWord(c.Word(0) + c.Word(1))
		}},
		{"answer", "@@:", func(c *Call) { c.ReturnID(Retain(c.Value().(ID))) }},
	}, ClassMethods: []Method{
		{"answer", "i@:", func(c *Call) { c.ReturnWord(42) }},
	}})
	object := Object0(ID(class), &selClassNew)
	require.NotZero(t, object)
	require.Equal(t, class, ObjectClass(object))
	require.EqualValues(t, 7, Word2(object, &selSum, 3, 4))
	require.Equal(t, object, got.self)
	require.Equal(t, "sumOf:and:", SelectorName(got.sel))
	require.EqualValues(t, 42, Word0(ID(class), &selAnswer))
	require.True(t, RespondsTo(object, selSum.SEL()))

	require.Nil(t, Value(object))
	other := Object0(ID(class), &selClassNew)
	SetValue(object, other)
	require.Equal(t, other, Value(object))
	require.Equal(t, other, Object0(object, &selAnswer))
	Release(other)
	Release(other)
	Release(object)
}

// Every kind of argument and result arrives as it was sent.
func TestMethodWords(t *testing.T) {
	type small struct {
		x, y float32
		n    uint32
	}
	type sizes struct{ a, b, c uint64 }
	type region struct{ v [6]uint64 }
	type clear4 struct{ v [4]float64 }
	var failed []string
	expect := func(ok bool, what string) {
		if !ok {
			failed = append(failed, what)
		}
	}
	class := define(t, ClassDef{Methods: []Method{
		{"mix:b:c:d:e:f:g:h:i:", "d@:ifQdBsfCc", func(c *Call) {
			expect(int32(c.Word(0)) == -5 && int64(c.Word(0)) == -5, "int")
			expect(c.Float32(1) == 1.5, "float")
			expect(c.Word(2) == 1<<63+1, "ulong")
			expect(c.Float64(3) == -2.5, "double")
			expect(c.Bool(4), "bool")
			expect(int64(c.Word(5)) == -300, "short")
			expect(c.Float32(6) == 0.25, "float 2")
			expect(c.Word(7) == 200, "uchar")
			expect(int64(c.Word(8)) == -3, "char")
			c.ReturnFloat64(6.75)
		}},
		{"nine:b:c:d:e:f:g:h:i:", "Q@:QQQQQQQQQ", func(c *Call) {
			for i := range 9 {
				expect(c.Word(i) == uintptr(i+1)*1000, fmt.Sprint("word ", i))
			}
			c.ReturnWord(9)
		}},
		{"doubles:b:c:d:e:f:g:h:i:j:", "f@:dddddddddd", func(c *Call) {
			for i := range 10 {
				expect(c.Float64(i) == float64(i)+0.5, fmt.Sprint("double ", i))
			}
			c.ReturnFloat32(3.25)
		}},
		{"sizes:and:", "{?=QQQ}@:{?=QQQ}{?=QQQ}", func(c *Call) {
			var a, b sizes
			c.Struct(0, unsafe.Pointer(&a), 24)
			c.Struct(1, unsafe.Pointer(&b), 24)
			a = sizes{a.a + b.a, a.b + b.b, a.c + b.c}
			c.ReturnStruct(unsafe.Pointer(&a), 24)
		}},
		{"region:n:", "{?={?=QQQ}{?=QQQ}}@:{?={?=QQQ}{?=QQQ}}Q", func(c *Call) {
			var r region
			c.Struct(0, unsafe.Pointer(&r), 48)
			for i := range r.v {
				r.v[i] += uint64(c.Word(1))
			}
			c.ReturnStruct(unsafe.Pointer(&r), 48)
		}},
		{"color:", "{?=dddd}@:{?=dddd}", func(c *Call) {
			var v clear4
			c.Struct(0, unsafe.Pointer(&v), 32)
			for i := range v.v {
				v.v[i] *= 2
			}
			c.ReturnStruct(unsafe.Pointer(&v), 32)
		}},
		{"small:", "{?=ffI}@:{?=ffI}", func(c *Call) {
			var v small
			c.Struct(0, unsafe.Pointer(&v), 12)
			v = small{v.y, v.x, v.n + 1}
			c.ReturnStruct(unsafe.Pointer(&v), 12)
		}},
		{"range:", "{_NSRange=QQ}@:{_NSRange=QQ}", func(c *Call) {
			c.Ret[0], c.Ret[1] = c.Args[1], c.Args[0]
		}},
		{"point:", "{CGPoint=dd}@:{CGPoint=dd}", func(c *Call) {
			c.Ret[0], c.Ret[1] = c.Args[1], c.Args[0]
		}},
		{"f4:", "{?=ffff}@:{?=ffff}", func(c *Call) {
			c.Ret[0], c.Ret[1] = c.Args[1], c.Args[0]
		}},
		{"late:b:c:d:e:f:g:h:i:j:", "i@:QQQQQQQiBs", func(c *Call) {
			expect(int64(c.Word(7)) == -7, "int on the stack")
			expect(c.Word(8) == 1, "bool on the stack")
			expect(int64(c.Word(9)) == -9, "short on the stack")
			c.ReturnWord(^uintptr(0) - 9)
		}},
		{"yes", "B@:", func(c *Call) { c.ReturnBool(true) }},
		{"nothing", "v@:", func(c *Call) { expect(len(c.Ret) == 0, "a result of void") }},
	}})
	o := Object0(ID(class), &selClassNew)
	defer Release(o)
	send := func(name, encoding string, fill func(f *Frame)) (*Frame, *Selector, *Signature) {
		f := new(Frame)
		fill(f)
		return f, &Selector{Name: name}, &Signature{Encoding: encoding}
	}

	f, sel, sig := send("mix:b:c:d:e:f:g:h:i:", "d@:ifQdBsfCc", func(f *Frame) {
		minus := func(n int64) uintptr { return uintptr(-n) }
		f.AddWord(minus(5))
		f.AddFloat32(1.5)
		f.AddWord(1<<63 + 1)
		f.AddFloat64(-2.5)
		f.AddBool(true)
		f.AddWord(minus(300))
		f.AddFloat32(0.25)
		f.AddWord(200)
		f.AddWord(minus(3))
	})
	require.Equal(t, 6.75, f.Float64(o, sel, sig))
	f, sel, sig = send("nine:b:c:d:e:f:g:h:i:", "Q@:QQQQQQQQQ", func(f *Frame) {
		for i := range 9 {
			f.AddWord(uintptr(i+1) * 1000)
		}
	})
	require.EqualValues(t, 9, f.Word(o, sel, sig))
	f, sel, sig = send("doubles:b:c:d:e:f:g:h:i:j:", "f@:dddddddddd", func(f *Frame) {
		for i := range 10 {
			f.AddFloat64(float64(i) + 0.5)
		}
	})
	require.Equal(t, float32(3.25), f.Float32(o, sel, sig))

	a, b := sizes{1, 2, 3}, sizes{10, 20, 30}
	f, sel, sig = send("sizes:and:", "{?=QQQ}@:{?=QQQ}{?=QQQ}", func(f *Frame) {
		f.AddStruct(unsafe.Pointer(&a), 24)
		f.AddStruct(unsafe.Pointer(&b), 24)
	})
	f.Struct(o, sel, sig, unsafe.Pointer(&a), 24)
	require.Equal(t, sizes{11, 22, 33}, a)
	r := region{[6]uint64{1, 2, 3, 4, 5, 6}}
	f, sel, sig = send("region:n:", "{?={?=QQQ}{?=QQQ}}@:{?={?=QQQ}{?=QQQ}}Q", func(f *Frame) {
		f.AddStruct(unsafe.Pointer(&r), 48)
		f.AddWord(100)
	})
	f.Struct(o, sel, sig, unsafe.Pointer(&r), 48)
	require.Equal(t, region{[6]uint64{101, 102, 103, 104, 105, 106}}, r)
	v := clear4{[4]float64{1, 2, 3, 4}}
	f, sel, sig = send("color:", "{?=dddd}@:{?=dddd}", func(f *Frame) { f.AddStruct(unsafe.Pointer(&v), 32) })
	f.Struct(o, sel, sig, unsafe.Pointer(&v), 32)
	require.Equal(t, clear4{[4]float64{2, 4, 6, 8}}, v)
	s := small{1.5, 2.5, 7}
	f, sel, sig = send("small:", "{?=ffI}@:{?=ffI}", func(f *Frame) { f.AddStruct(unsafe.Pointer(&s), 12) })
	f.Struct(o, sel, sig, unsafe.Pointer(&s), 12)
	require.Equal(t, small{2.5, 1.5, 8}, s)
	pair := [2]uint64{5, 6}
	f, sel, sig = send("range:", "{_NSRange=QQ}@:{_NSRange=QQ}", func(f *Frame) { f.AddStruct(unsafe.Pointer(&pair), 16) })
	f.Struct(o, sel, sig, unsafe.Pointer(&pair), 16)
	require.Equal(t, [2]uint64{6, 5}, pair)
	point := [2]float64{1, -2}
	f, sel, sig = send("point:", "{CGPoint=dd}@:{CGPoint=dd}", func(f *Frame) { f.AddStruct(unsafe.Pointer(&point), 16) })
	f.Struct(o, sel, sig, unsafe.Pointer(&point), 16)
	require.Equal(t, [2]float64{-2, 1}, point)
	four := [4]float32{1, 2, 3, 4}
	f, sel, sig = send("f4:", "{?=ffff}@:{?=ffff}", func(f *Frame) { f.AddStruct(unsafe.Pointer(&four), 16) })
	f.Struct(o, sel, sig, unsafe.Pointer(&four), 16)
	require.Equal(t, [4]float32{3, 4, 1, 2}, four)
	f, sel, sig = send("late:b:c:d:e:f:g:h:i:j:", "i@:QQQQQQQiBs", func(f *Frame) {
		for i := range 7 {
			f.AddWord(uintptr(i))
		}
		minus := func(n int64) uintptr { return uintptr(-n) }
		f.AddWord(minus(7))
		f.AddBool(true)
		f.AddWord(minus(9))
	})
	require.EqualValues(t, -10, int32(f.Word(o, sel, sig)))
	require.True(t, Bool0(o, &Selector{Name: "yes"}))
	Send0(o, &Selector{Name: "nothing"})
	require.Empty(t, failed)
}

// Each class of a chain has its say, and super's methods are those above.
func TestSuper(t *testing.T) {
	var said []string
	level := func(name string, super Class) Class {
		return define(t, ClassDef{
			Super: super,
			Methods: []Method{
				{"speak:", "q@:q", func(c *Call) {
					said = append(said, name)
					if super != 0 {
						c.CallSuper()
					}
					c.ReturnWord(uintptr(*c.ret())*10 + c.Word(0))
				}},
			},
			ClassMethods: []Method{{"named", "q@:", func(c *Call) {
				said = append(said, "+"+name)
				if super != 0 {
					c.CallSuper()
				}
				c.Ret[0]++
			}}},
			Dealloc: func(ID) { said = append(said, "dealloc "+name) },
		})
	}
	a := level("a", 0)
	b := level("b", a)
	plain := define(t, ClassDef{Super: b})
	d := level("d", plain)
	require.Equal(t, plain, Superclass(d))
	speak, named := Selector{Name: "speak:"}, Selector{Name: "named"}
	o := Object0(ID(d), &selClassNew)
	SetValue(o, "kept")
	require.EqualValues(t, 222, Word1(o, &speak, 2))
	require.EqualValues(t, 3, Word0(ID(d), &named))
	require.Equal(t, "kept", Value(o))
	Release(o)
	require.Equal(t, []string{"d", "b", "a", "+d", "+b", "+a", "dealloc d", "dealloc b", "dealloc a"}, said)

	c := d
	for {
		next, err := DefineClass(ClassDef{Name: fmt.Sprintf("GoTest%d", classCount.Add(1)), Super: c})
		if err != nil {
			require.ErrorContains(t, err, "at most 7 can be")
			break
		}
		c = next
	}
}

func TestSuperOfFoundation(t *testing.T) {
	selIsEqual, selInit := Selector{Name: "isEqual:"}, Selector{Name: "init"}
	inits := 0
	class := define(t, ClassDef{Methods: []Method{
		{"isEqual:", "", func(c *Call) {
			if c.ID(0) == 0 {
				c.ReturnBool(true)
				return
			}
			c.CallSuper()
		}},
		{"init", "", func(c *Call) { inits++; c.CallSuper() }},
	}})
	o := Object0(Object0(ID(class), &Selector{Name: "alloc"}), &selInit)
	defer Release(o)
	require.Equal(t, 1, inits)
	require.True(t, Bool1(o, &selIsEqual, 0))
	require.True(t, Bool1(o, &selIsEqual, uintptr(o)))
	other := Object0(ID(class), &selClassNew)
	defer Release(other)
	require.False(t, Bool1(o, &selIsEqual, uintptr(other)))
}

// An object result is handed over whatever the method's name; the sender owns it.
func TestMethodOwnership(t *testing.T) {
	var gone atomic.Int64
	item := define(t, ClassDef{Dealloc: func(ID) { gone.Add(1) }})
	class := define(t, ClassDef{Methods: []Method{
		{"item", "@@:", func(c *Call) { c.ReturnID(Object0(ID(item), &selClassNew)) }},
		{"newItem", "@@:", func(c *Call) { c.ReturnID(Object0(ID(item), &selClassNew)) }},
		{"kept", "@@:", func(c *Call) { c.ReturnID(Retain(c.Value().(ID))) }},
		{"try:error:", "B@:B^@", func(c *Call) {
			if !c.Bool(0) {
				c.SetOut(1, Object0(ID(item), &selClassNew))
			}
			c.ReturnBool(c.Bool(0))
		}},
	}})
	o := Object0(ID(class), &selClassNew)
	kept := Object0(ID(item), &selClassNew)
	SetValue(o, kept)
	for i, name := range []string{"item", "newItem"} {
		id := Object0(o, &Selector{Name: name})
		require.EqualValues(t, i, gone.Load())
		Release(id)
		require.EqualValues(t, i+1, gone.Load(), name)
	}
	Release(Object0(o, &Selector{Name: "kept"}))
	require.EqualValues(t, 2, gone.Load())
	try := Selector{Name: "try:error:"}
	ok, e := BoolErr(o, &try, 1)
	require.True(t, ok)
	require.Zero(t, e)
	ok, e = BoolErr(o, &try, 0)
	require.False(t, ok)
	require.EqualValues(t, 2, gone.Load())
	Release(e)
	require.EqualValues(t, 3, gone.Load())
	Pool(func() { Bool2(o, &try, 0, 0) })
	require.EqualValues(t, 4, gone.Load(), "nobody wanted the object")
	Release(kept)
	Release(o)
	require.EqualValues(t, 5, gone.Load())
}

func TestDefineClassErrors(t *testing.T) {
	nop := func(*Call) {}
	taken := define(t, ClassDef{})
	for name, c := range map[string]struct {
		def  ClassDef
		want string
	}{
		"no name":     {ClassDef{}, "needs a name"},
		"taken":       {ClassDef{Name: ClassName(taken)}, "already"},
		"twice":       {ClassDef{Name: "GoBad", Methods: []Method{{"a", "v@:", nop}, {"a", "v@:", nop}}}, "a is defined twice"},
		"no selector": {ClassDef{Name: "GoBad", Methods: []Method{{"", "v@:", nop}}}, "without a selector"},
		"no func":     {ClassDef{Name: "GoBad", Methods: []Method{{"a", "v@:", nil}}}, "-a: no func"},
		"encoding":    {ClassDef{Name: "GoBad", Methods: []Method{{"a", "v@", nop}}}, "-a: "},
		"colons":      {ClassDef{Name: "GoBad", ClassMethods: []Method{{"a:", "v@:", nop}}}, "+a:: the selector takes 1 arguments"},
		"undeclared":  {ClassDef{Name: "GoBad", Methods: []Method{{"noSuchThing", "", nop}}}, "no encoding is given"},
		"dealloc":     {ClassDef{Name: "GoBad", Methods: []Method{{"dealloc", "v@:", nop}}}, "use ClassDef.Dealloc"},
		"protocol":    {ClassDef{Name: "GoBad", Protocols: []Protocol{0}}, "protocol 0 is none"},
		"result":      {ClassDef{Name: "GoBad", Methods: []Method{{"a", "{?=[20Q]}@:", nop}}}, "at most 16"},
	} {
		_, err := DefineClass(c.def)
		require.ErrorContains(t, err, c.want, name)
		if c.def.Name != ClassName(taken) {
			require.Zero(t, LookupClass(c.def.Name), name)
		}
	}
}

func TestMethodsConcurrently(t *testing.T) {
	class := define(t, ClassDef{Methods: []Method{{"add:", "Q@:Q", func(c *Call) {
		c.Value().(*atomic.Int64).Add(int64(c.Word(0)))
		c.ReturnWord(c.Word(0) * 2)
	}}}})
	add := Selector{Name: "add:"}
	var sum atomic.Int64
	var wg sync.WaitGroup
	for range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range 200 {
				o := Object0(ID(class), &selClassNew)
				SetValue(o, &sum)
				if Word1(o, &add, uintptr(i)) != uintptr(i)*2 {
					t.Error("wrong result")
				}
				Release(o)
			}
		}()
	}
	wg.Wait()
	require.EqualValues(t, 8*199*100, sum.Load())
}

func TestTypedBlocks(t *testing.T) {
	mix := BlockType{Encoding: "d@?@qdf"}
	big := BlockType{Encoding: "{?=QQQ}@?{?=QQQ}i"}
	object := BlockType{Encoding: "@@?"}
	live := liveValues()
	text := define(t, ClassDef{})
	item := Object0(ID(text), &selClassNew)
	b := mix.New(func(c *Call) {
		if c.ID(0) != item || int64(c.Word(1)) != -4 || c.Float32(3) != 0.5 {
			t.Error("wrong arguments")
		}
		c.ReturnFloat64(c.Float64(2) * 2)
	})
	var f Frame
	f.AddWord(uintptr(item))
	minus4 := -4
	f.AddWord(uintptr(minus4))
	f.AddFloat64(math.Pi)
	f.AddFloat32(0.5)
	require.Equal(t, 2*math.Pi, mix.Float64(b, &f))
	require.Zero(t, mix.Float64(0, &f))
	require.Equal(t, mix.Encoding, BlockEncoding(b))

	kept := CopyBlock(b)
	ReleaseBlock(b)
	require.Equal(t, 2*math.Pi, mix.Float64(kept, &f))
	require.Equal(t, mix.Encoding, BlockEncoding(kept))
	ReleaseBlock(kept)

	s := [3]uint64{1, 2, 3}
	b = big.New(func(c *Call) {
		var v [3]uint64
		c.Struct(0, unsafe.Pointer(&v), 24)
		v[0] += uint64(c.Word(1))
		c.ReturnStruct(unsafe.Pointer(&v), 24)
	})
	f.Reset()
	f.AddStruct(unsafe.Pointer(&s), 24)
	f.AddWord(10)
	big.Struct(b, &f, unsafe.Pointer(&s), 24)
	require.Equal(t, [3]uint64{11, 2, 3}, s)
	ReleaseBlock(b)

	f.Reset()
	b = object.New(func(c *Call) { c.ReturnID(Retain(item)) })
	require.Equal(t, item, object.Object(b, &f))
	ReleaseBlock(b)
	Release(item)
	Release(item)
	require.Equal(t, live, liveValues())
	bad := BlockType{Encoding: "v"}
	require.Panics(t, func() { bad.New(func(*Call) {}) })
	require.Panics(t, func() { bad.New(func(*Call) {}) })
}

func TestImplementations(t *testing.T) {
	class := define(t, ClassDef{Methods: []Method{
		{"twice:", "q@:q", func(c *Call) { c.ReturnWord(c.Word(0) * 2) }},
		{"half", "d@:", func(c *Call) { c.ReturnFloat64(0.5) }},
		{"quarter", "f@:", func(c *Call) { c.ReturnFloat32(0.25) }},
		{"yes", "B@:", func(c *Call) { c.ReturnBool(true) }},
		{"me", "@@:", func(c *Call) { c.ReturnID(Retain(c.Self)) }},
		{"swapped:", "{?=QQQ}@:{?=QQQ}", func(c *Call) { c.Ret[0], c.Ret[1], c.Ret[2] = c.Args[2], c.Args[1], c.Args[0] }},
	}})
	o := Object0(ID(class), &selClassNew)
	defer Release(o)
	imp := func(name string) (IMP, *Selector, *Signature) {
		sel := &Selector{Name: name}
		i := Implementation(class, sel.SEL())
		require.NotZero(t, i, name)
		return i, sel, &Signature{Encoding: MethodEncoding(class, sel.SEL())}
	}
	var f Frame
	i, sel, sig := imp("half")
	require.Equal(t, 0.5, f.Float64IMP(i, o, sel, sig))
	f.SendIMP(i, o, sel, sig)
	i, sel, sig = imp("quarter")
	require.Equal(t, float32(0.25), f.Float32IMP(i, o, sel, sig))
	i, sel, sig = imp("yes")
	require.True(t, f.BoolIMP(i, o, sel, sig))
	i, sel, sig = imp("me")
	require.Equal(t, o, f.ObjectIMP(i, o, sel, sig))
	Release(o)
	i, sel, sig = imp("twice:")
	f.AddWord(21)
	require.EqualValues(t, 42, f.WordIMP(i, o, sel, sig))
	require.Zero(t, f.WordIMP(i, 0, sel, sig))
	i, sel, sig = imp("swapped:")
	v := [3]uint64{1, 2, 3}
	f.Reset()
	f.AddStruct(unsafe.Pointer(&v), 24)
	f.StructIMP(i, o, sel, sig, unsafe.Pointer(&v), 24)
	require.Equal(t, [3]uint64{3, 2, 1}, v)
	require.Panics(t, func() { f.StructIMP(i, o, sel, sig, unsafe.Pointer(&v), 16) })

	require.Zero(t, Implementation(class, RegisterSelector("noSuchThing")))
	require.Empty(t, MethodEncoding(class, RegisterSelector("noSuchThing")))
	require.Zero(t, Implementation(0, sel.SEL()))
}

// Of many that define a class of one name, one does.
func TestDefineClassConcurrently(t *testing.T) {
	name := fmt.Sprintf("GoTest%d", classCount.Add(1))
	var wg sync.WaitGroup
	var defined atomic.Int64
	for range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if _, err := DefineClass(ClassDef{Name: name}); err == nil {
				defined.Add(1)
			}
			for range 5 {
				class := define(t, ClassDef{Methods: []Method{{"one", "Q@:", func(c *Call) { c.ReturnWord(1) }}}})
				o := Object0(ID(class), &selClassNew)
				if Word0(o, &Selector{Name: "one"}) != 1 {
					t.Error("wrong result")
				}
				Release(o)
			}
		}()
	}
	wg.Wait()
	require.EqualValues(t, 1, defined.Load())
}

func TestProtocols(t *testing.T) {
	base, err := DefineProtocol("GoTestBase", nil, []ProtocolMethod{
		{Selector: "one", Encoding: "q@:"}, {Selector: "make", Encoding: "@@:", Class: true},
	})
	require.NoError(t, err)
	p, err := DefineProtocol("GoTestProtocol", []Protocol{base}, []ProtocolMethod{
		{Selector: "two:", Encoding: "v@:{?=QQQ}", Optional: true},
	})
	require.NoError(t, err)
	require.Equal(t, p, LookupProtocol("GoTestProtocol"))
	require.Equal(t, "GoTestProtocol", p.Name())
	require.Equal(t, "v@:{?=QQQ}", p.Encoding(RegisterSelector("two:"), false))
	require.Equal(t, "q@:", p.Encoding(RegisterSelector("one"), false))
	require.Equal(t, "@@:", p.Encoding(RegisterSelector("make"), true))
	require.Empty(t, p.Encoding(RegisterSelector("make"), false))
	require.Empty(t, p.Encoding(RegisterSelector("three"), false))
	require.True(t, p.ConformsTo(base))
	require.True(t, p.ConformsTo(p))
	require.False(t, base.ConformsTo(p))
	require.Zero(t, LookupProtocol("GoTestNoProtocol"))
	require.Empty(t, Protocol(0).Name())
	_, err = DefineProtocol("GoTestBase", nil, nil)
	require.ErrorContains(t, err, "already")
	_, err = DefineProtocol("GoTestBad", nil, []ProtocolMethod{{Selector: "a:", Encoding: "v@:"}})
	require.ErrorContains(t, err, "takes 1 arguments")

	// A class takes the encodings of what it adopts.
	var got [3]uint64
	class := define(t, ClassDef{Protocols: []Protocol{p}, Methods: []Method{
		{"two:", "", func(c *Call) { c.Struct(0, unsafe.Pointer(&got), 24) }},
	}})
	require.True(t, ClassConformsTo(class, p))
	require.True(t, ClassConformsTo(class, base))
	sub := define(t, ClassDef{Super: class})
	require.True(t, ClassConformsTo(sub, base))
	require.False(t, ClassConformsTo(LookupClass("NSObject"), p))
	o := Object0(ID(sub), &selClassNew)
	defer Release(o)
	want := [3]uint64{1, 2, 3}
	var f Frame
	f.AddStruct(unsafe.Pointer(&want), 24)
	f.Send(o, &Selector{Name: "two:"}, &Signature{Encoding: "v@:{?=QQQ}"})
	require.Equal(t, want, got)
}

// A panic of a method passes through the runtime to the Go func that sent the
// message, and the runtime goes on.
func TestMethodPanics(t *testing.T) {
	class := define(t, ClassDef{Methods: []Method{
		{"fail:", "q@:q", func(c *Call) {
			if c.Word(0) == 13 {
				panic("thirteen")
			}
			c.ReturnWord(c.Word(0))
		}},
	}})
	o := Object0(ID(class), &selClassNew)
	defer Release(o)
	fail := Selector{Name: "fail:"}
	for range 100 {
		require.PanicsWithValue(t, "thirteen", func() { Word1(o, &fail, 13) })
		require.EqualValues(t, 12, Word1(o, &fail, 12))
	}
}
