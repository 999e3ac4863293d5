package objcrt

import (
	"math"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/msgsend/objctype"
	"github.com/stretchr/testify/require"
)

// sel interns a selector in a test.
func sel(name string) SEL { return RegisterSelector(name) }

type counter struct{ n atomic.Int64 }

func count(o *Object) *counter { return o.Value().(*counter) }

var deallocs atomic.Int64

var counterLazy, derivedLazy Lazy

func counterClass() *Class { return counterLazy.Class(defineCounter) }

func defineCounter() ClassDef {
	return ClassDef{
		Name:    "TestCounter",
		Alloc:   func() any { return &counter{} },
		Copy:    func(o *Object) any { c := &counter{}; c.n.Store(count(o).n.Load()); return c },
		Dealloc: func(o *Object) { deallocs.Add(1) },
		Methods: []Method{
			{"value", "q@:", func(o *Object) uintptr { return uintptr(count(o).n.Load()) }},
			{"add:", "v@:q", func(o *Object, a uintptr) { count(o).n.Add(int64(a)) }},
			{"sum0", "Q@:", func(*Object) uintptr { return 1000 }},
			{"sum1:", "Q@:Q", func(_ *Object, a uintptr) uintptr { return a }},
			{"sum2:b:", "Q@:QQ", func(_ *Object, a, b uintptr) uintptr { return a*10 + b }},
			{"sum3:b:c:", "Q@:QQQ", func(_ *Object, a, b, c uintptr) uintptr { return (a*10+b)*10 + c }},
			{"sum4:b:c:d:", "Q@:QQQQ", func(_ *Object, a, b, c, d uintptr) uintptr { return ((a*10+b)*10+c)*10 + d }},
			{"sum5:b:c:d:e:", "Q@:QQQQQ", func(_ *Object, a, b, c, d, e uintptr) uintptr {
				return (((a*10+b)*10+c)*10+d)*10 + e
			}},
			{"sum6:b:c:d:e:f:", "Q@:QQQQQQ", func(_ *Object, a, b, c, d, e, f uintptr) uintptr {
				return ((((a*10+b)*10+c)*10+d)*10+e)*10 + f
			}},
			{"void2:b:", "v@:QQ", func(o *Object, a, b uintptr) { count(o).n.Store(int64(a - b)) }},
			{"sizes:group:", "Q@:{?=QQQ}{?=QQQ}", func(_ *Object, a, b, c, d, e, f uintptr) uintptr {
				return ((((a*10+b)*10+c)*10+d)*10+e)*10 + f
			}},
			{"mix:d:s:", "d@:fd{?=fI}", func(_ *Object, f *Frame) {
				v := float64(math.Float32frombits(uint32(f.Args[0]))) + math.Float64frombits(f.Args[1]) +
					float64(math.Float32frombits(uint32(f.Args[2]))) + float64(f.Args[2]>>32)
				f.Ret[0] = math.Float64bits(v)
			}},
			{"region:scaled:", "{?={?=QQQ}{?=QQQ}}@:{?={?=QQQ}{?=QQQ}}Q", func(_ *Object, f *Frame) {
				for i := range f.Ret {
					f.Ret[i] = f.Args[i] * f.Args[6]
				}
			}},
			{"fail:error:", "B@:Q^@", func(_ *Object, code, out uintptr) uintptr {
				if code == 0 {
					return 1
				}
				StoreOut(out, NewError("TestDomain", int(code), "it failed"))
				return 0
			}},
		},
		ClassMethods: []Method{
			{"answer", "Q@:", func(*Object) uintptr { return 42 }},
		},
	}
}

func derivedClass() *Class {
	return derivedLazy.Class(func() ClassDef {
		return ClassDef{
			Name:  "TestDerived",
			Super: counterClass(),
			Methods: []Method{
				{"sum0", "Q@:", func(*Object) uintptr { return 2000 }},
				{"extra", "Q@:", func(*Object) uintptr { return 7 }},
			},
		}
	})
}

func newCounter() ID { return counterClass().New(&counter{}) }

// exception runs f and returns what it panicked with.
func exception(t *testing.T, f func()) (e *Exception) {
	t.Helper()
	defer func() {
		r := recover()
		var ok bool
		e, ok = r.(*Exception)
		require.True(t, ok, "panicked with %v", r)
	}()
	f()
	return nil
}

func TestSendArities(t *testing.T) {
	o := newCounter()
	defer Release(o)
	require.EqualValues(t, 1000, Send0(o, sel("sum0")))
	require.EqualValues(t, 1, Send1(o, sel("sum1:"), 1))
	require.EqualValues(t, 12, Send2(o, sel("sum2:b:"), 1, 2))
	require.EqualValues(t, 123, Send3(o, sel("sum3:b:c:"), 1, 2, 3))
	require.EqualValues(t, 1234, Send4(o, sel("sum4:b:c:d:"), 1, 2, 3, 4))
	require.EqualValues(t, 12345, Send5(o, sel("sum5:b:c:d:e:"), 1, 2, 3, 4, 5))
	require.EqualValues(t, 123456, Send6(o, sel("sum6:b:c:d:e:f:"), 1, 2, 3, 4, 5, 6))
	require.EqualValues(t, 123456, Send6(o, sel("sizes:group:"), 1, 2, 3, 4, 5, 6))
	require.Zero(t, Send2(o, sel("void2:b:"), 9, 4))
	require.EqualValues(t, 5, Send0(o, sel("value")))

	// The same by frames, and with another number of words than the method has.
	names := []string{"sum0", "sum1:", "sum2:b:", "sum3:b:c:", "sum4:b:c:d:", "sum5:b:c:d:e:", "sum6:b:c:d:e:f:"}
	args := []uint64{1, 2, 3, 4, 5, 6, 7}
	for n, want := range []uint64{1000, 1, 12, 123, 1234, 12345, 123456} {
		ret := []uint64{99}
		SendFrame(o, sel(names[n]), args[:n], ret)
		require.Equal(t, want, ret[0], names[n])
		SendFrame(o, sel(names[n]), args, ret)
		require.Equal(t, want, ret[0], names[n])
		require.EqualValues(t, want, Send6(o, sel(names[n]), 1, 2, 3, 4, 5, 6), names[n])
	}
	ret := []uint64{99}
	SendFrame(o, sel("sum3:b:c:"), []uint64{4}, ret)
	require.EqualValues(t, 400, ret[0], "missing words are 0")
	require.EqualValues(t, 400, Send1(o, sel("sum3:b:c:"), 4), "missing words are 0")
}

func TestFrameMethods(t *testing.T) {
	o := newCounter()
	defer Release(o)
	ret := make([]uint64, 1)
	SendFrame(o, sel("mix:d:s:"), []uint64{
		uint64(math.Float32bits(1.5)), math.Float64bits(2.25), uint64(math.Float32bits(0.5)) | 40<<32,
	}, ret)
	require.Equal(t, 44.25, math.Float64frombits(ret[0]))

	region := make([]uint64, 6)
	SendFrame(o, sel("region:scaled:"), []uint64{1, 2, 3, 4, 5, 6, 10}, region)
	require.Equal(t, []uint64{10, 20, 30, 40, 50, 60}, region)
	SendFrame(o, sel("region:scaled:"), []uint64{1, 2, 3, 4, 5, 6, 10}, region[:2])
	require.Equal(t, []uint64{10, 20}, region[:2], "less room than result words")
	// A word sender reaches a frame method too.
	require.Equal(t, 3.0, math.Float64frombits(uint64(Send3(o, sel("mix:d:s:"), 0, uintptr(math.Float64bits(3)), 0))))
}

func TestNil(t *testing.T) {
	require.Zero(t, Send0(0, sel("sum0")))
	require.Zero(t, Send6(0, sel("sum6:b:c:d:e:f:"), 1, 2, 3, 4, 5, 6))
	ret := []uint64{1, 2, 3}
	SendFrame(0, sel("region:scaled:"), []uint64{1}, ret)
	require.Equal(t, []uint64{0, 0, 0}, ret)
	require.Zero(t, Retain(0))
	Release(0)
	require.Zero(t, RetainCount(0))
	require.Nil(t, Value(0))
	require.Nil(t, ClassOf(0))
	require.False(t, RespondsTo(0, sel("retain")))
	id, ok := Autorelease(0)
	require.True(t, ok)
	require.Zero(t, id)
	CallBlock(0, 1, 2, 3, 4)
	require.Equal(t, "(null)", Description(0))
	require.False(t, Equal(0, newStringForTest(t, "")))
	require.True(t, Equal(0, 0))
}

func newStringForTest(t *testing.T, s string) ID {
	id := NewString(s)
	t.Cleanup(func() { Release(id) })
	return id
}

func TestRetainRelease(t *testing.T) {
	before := deallocs.Load()
	o := newCounter()
	require.Equal(t, 1, RetainCount(o))
	require.Equal(t, o, Retain(o))
	require.EqualValues(t, o, Send0(o, sel("retain")))
	require.EqualValues(t, 3, Send0(o, sel("retainCount")))
	Release(o)
	Send0(o, sel("release"))
	require.Equal(t, 1, RetainCount(o))
	require.Equal(t, before, deallocs.Load())
	Release(o)
	require.Equal(t, before+1, deallocs.Load())
	require.False(t, Valid(o))
}

func TestReleasedObject(t *testing.T) {
	o := newCounter()
	Release(o)
	for name, f := range map[string]func(){
		"sum1:":       func() { Send1(o, sel("sum1:"), 1) },
		"sum0":        func() { SendFrame(o, sel("sum0"), nil, nil) },
		"retain":      func() { Retain(o) },
		"release":     func() { Release(o) },
		"retainCount": func() { RetainCount(o) },
		"autorelease": func() { Autorelease(o) },
		"value": func() {
			var cache uint64
			SendCached(o, sel("value"), &cache, nil, make([]uint64, 1))
		},
	} {
		e := exception(t, f)
		require.Equal(t, "TestCounter", e.Class)
		require.Equal(t, name, e.Selector)
		require.Contains(t, e.Error(), "released object: [TestCounter "+name+"]")
	}
	require.Nil(t, Value(o))
	require.False(t, RespondsTo(o, sel("sum0")))
	// The slot's next object does not answer to the old handle.
	for range 1000 {
		p := newCounter()
		if p == o {
			t.Fatal("the handle came back")
		}
		defer Release(p)
	}
	require.False(t, Valid(o))
}

func TestNoObject(t *testing.T) {
	for _, id := range []ID{1<<63 | 5, 0xdeadbeef, ^ID(0), indexMask, 1 << 40} {
		if Valid(id) {
			continue
		}
		e := exception(t, func() { Send0(id, sel("sum0")) })
		require.Equal(t, "sum0", e.Selector)
	}
}

func TestUnknownSelector(t *testing.T) {
	o := newCounter()
	defer Release(o)
	e := exception(t, func() { Send0(o, sel("noSuchThing")) })
	require.Contains(t, e.Error(), "-[TestCounter noSuchThing]: unrecognized selector")
	e = exception(t, func() { Send0(counterClass().ID(), sel("sum0")) })
	require.Contains(t, e.Error(), "+[TestCounter sum0]: unrecognized selector")
	e = exception(t, func() { Send0(o, 0) })
	require.Equal(t, "", e.Selector)
	require.Equal(t, "", SelectorName(1<<40))

	require.True(t, RespondsTo(o, sel("sum0")))
	require.False(t, RespondsTo(o, sel("noSuchThing")))
	require.EqualValues(t, 1, Send1(o, sel("respondsToSelector:"), uintptr(sel("add:"))))
	require.EqualValues(t, 0, Send1(o, sel("respondsToSelector:"), uintptr(sel("extra"))))
	require.EqualValues(t, 1, Send1(derivedClass().ID(), sel("instancesRespondToSelector:"), uintptr(sel("extra"))))
	require.Equal(t, "v@:q", Encoding(o, sel("add:")))
	require.Equal(t, "", Encoding(o, sel("noSuchThing")))
}

func TestInheritance(t *testing.T) {
	d := derivedClass().New(&counter{})
	before := deallocs.Load()
	require.EqualValues(t, 2000, Send0(d, sel("sum0")))
	require.EqualValues(t, 7, Send0(d, sel("extra")))
	require.EqualValues(t, 12, Send2(d, sel("sum2:b:"), 1, 2))
	require.EqualValues(t, 42, Send0(derivedClass().ID(), sel("answer")))
	kind := func(c *Class) uintptr { return Send1(d, sel("isKindOfClass:"), uintptr(c.Handle())) }
	require.EqualValues(t, 1, kind(derivedClass()))
	require.EqualValues(t, 1, kind(counterClass()))
	require.EqualValues(t, 1, kind(NSObject()))
	require.EqualValues(t, 0, kind(stringClass()))
	require.EqualValues(t, 0, Send1(d, sel("isKindOfClass:"), 0))
	require.EqualValues(t, 0, Send1(d, sel("isMemberOfClass:"), uintptr(counterClass().Handle())))
	require.EqualValues(t, 1, Send1(d, sel("isMemberOfClass:"), uintptr(derivedClass().Handle())))
	require.EqualValues(t, derivedClass().ID(), Send0(d, sel("class")))
	require.EqualValues(t, counterClass().ID(), Send0(d, sel("superclass")))
	require.Zero(t, Send0(NSObject().ID(), sel("superclass")))
	require.Same(t, derivedClass(), ClassFromHandle(derivedClass().Handle()))
	require.Nil(t, ClassFromHandle(objctype.Class(d)))
	require.Same(t, derivedClass(), LookupClass("TestDerived"))
	require.Nil(t, LookupClass("NoSuchClass"))
	Release(d)
	require.Equal(t, before+1, deallocs.Load(), "the superclass's hook runs once")
}

func TestAllocCopyAndIdentity(t *testing.T) {
	o := ID(Send0(counterClass().ID(), sel("new")))
	Send1(o, sel("add:"), 5)
	c := ID(Send0(o, sel("copy")))
	require.NotEqual(t, o, c)
	Send1(o, sel("add:"), 1)
	require.EqualValues(t, 5, Send0(c, sel("value")))
	require.EqualValues(t, 6, Send0(o, sel("value")))
	require.EqualValues(t, 0, Send1(o, sel("isEqual:"), uintptr(c)))
	require.EqualValues(t, 1, Send1(o, sel("isEqual:"), uintptr(o)))
	require.NotEqual(t, Send0(o, sel("hash")), Send0(c, sel("hash")))
	require.True(t, strings.HasPrefix(Description(o), "<TestCounter: 0x"))
	require.EqualValues(t, o, Send0(o, sel("self")))
	require.Equal(t, 2, RetainCount(o))
	Release(o)
	Release(o)
	Release(c)

	// A class without the hooks is not allocated or copied by message.
	plain := Define(ClassDef{Name: "TestPlain"})
	p := plain.New(nil)
	defer Release(p)
	require.False(t, RespondsTo(p, sel("copy")))
	require.False(t, RespondsTo(plain.ID(), sel("alloc")))
	require.True(t, RespondsTo(counterClass().ID(), sel("alloc")))
	require.Contains(t, exception(t, func() { Send0(p, sel("copy")) }).Error(), "-[TestPlain copy]")
	require.Contains(t, exception(t, func() { Send0(plain.ID(), sel("new")) }).Error(), "+[TestPlain new]")

	// Classes are immortal.
	for range 3 {
		Release(plain.ID())
		Send0(plain.ID(), sel("release"))
	}
	require.True(t, Valid(plain.ID()))
}

func TestDefineErrors(t *testing.T) {
	for want, m := range map[string]Method{
		"takes 1 arguments":    {"a:", "v@:", func(*Object) {}},
		"func takes 1":         {"b:", "v@:{?=QQ}", func(*Object, uintptr) {}},
		"result does not fit":  {"c", "Q@:", func(*Object) {}},
		"does not fit":         {"d", "v@:", func(*Object) uintptr { return 0 }},
		"neither the register": {"e", "v@:", func() {}},
		"2 result words":       {"f", "{?=QQ}@:", func(*Object) uintptr { return 0 }},
		"want a result":        {"g", "v", func(*Object) {}},
		"takes 0 arguments":    {"", "v@:", nil},
	} {
		require.PanicsWithError(t, "x", func() {
			defer func() {
				s, _ := recover().(string)
				require.Contains(t, s, "TestBroken")
				if want != "takes 0 arguments" {
					require.Contains(t, s, want)
				}
				panic(&Exception{Reason: "x"})
			}()
			Define(ClassDef{Name: "TestBroken", Methods: []Method{m}})
		}, want)
	}
	counterClass()
	require.Panics(t, func() { Define(ClassDef{Name: "TestCounter"}) })
	require.Panics(t, func() {
		f := func(*Object) {}
		Define(ClassDef{Name: "TestTwice", Methods: []Method{{"a", "v@:", f}, {"a", "v@:", f}}})
	})
}

func TestOutParameters(t *testing.T) {
	o := newCounter()
	defer Release(o)
	live := LiveCount()
	e := new(ID)
	require.EqualValues(t, 1, Send2(o, sel("fail:error:"), 0, uintptr(unsafe.Pointer(e))))
	require.Zero(t, *e)
	require.EqualValues(t, 0, Send2(o, sel("fail:error:"), 7, uintptr(unsafe.Pointer(e))))
	domain, code, text, _, ok := ErrorParts(*e)
	require.True(t, ok)
	require.Equal(t, "TestDomain", domain)
	require.Equal(t, 7, code)
	require.Equal(t, "it failed", text)
	Release(*e)
	require.EqualValues(t, 0, Send2(o, sel("fail:error:"), 7, 0), "an error nobody wants is released")
	require.Equal(t, live, LiveCount())
	runtime.KeepAlive(e)
}

// Memory that is used again makes objects with handles of their own; the handles of
// those before name nothing.
func TestRenew(t *testing.T) {
	type thing struct {
		Object
		ended int
	}
	c := Define(ClassDef{
		Name:    "RenewedThing",
		Dealloc: func(o *Object) { o.Value().(*thing).ended++ },
		Methods: []Method{{"ended", "Q@:", func(o *Object) uintptr { return uintptr(o.Value().(*thing).ended) }}},
	})
	start := LiveCount()
	v := &thing{}
	var earlier []ID
	for i := range 5 {
		id := c.Renew(&v.Object, v)
		require.EqualValues(t, i, Send0(id, sel("ended")))
		require.Equal(t, start+1, LiveCount())
		for _, old := range earlier {
			require.NotEqual(t, old, id)
			require.False(t, Valid(old))
			require.Panics(t, func() { Send0(old, sel("ended")) })
			require.Panics(t, func() { Release(old) })
		}
		Retain(id)
		Release(id)
		Release(id)
		require.Equal(t, i+1, v.ended)
		earlier = append(earlier, id)
	}
	require.Equal(t, start, LiveCount())
	require.Zero(t, testing.AllocsPerRun(200, func() { Release(c.Renew(&v.Object, v)) }))
}

// A slot whose generations are used up is never used again, so that no handle
// comes back.
func TestGenerationsEnd(t *testing.T) {
	o := newCounter()
	index := uint32(o & indexMask)
	s := slotAt(index)
	// Jump ahead: the object now is the slot's last but one.
	s.obj.Load().id.Store(uintptr(o | genMask<<genShift&^(1<<genShift)))
	s.gen = genMask - 1
	o = s.obj.Load().ID()
	Release(o)
	require.EqualValues(t, genMask, s.gen)

	// Use the slot for the last time: it is on its shard's list.
	var last ID
	var others []ID
	for last == 0 {
		p := newCounter()
		if uint32(p&indexMask) == index {
			last = p
		} else {
			others = append(others, p)
		}
		if len(others) > 1<<20 {
			t.Fatal("the slot does not come back")
		}
	}
	require.EqualValues(t, genMask, last>>genShift&genMask)
	Release(last)
	for _, p := range others {
		Release(p)
	}
	others = others[:0]
	for range 20000 {
		p := newCounter()
		if uint32(p&indexMask) == index {
			t.Fatalf("slot %d came back as %#x", index, p)
		}
		others = append(others, p)
	}
	for _, p := range others {
		Release(p)
	}
	require.False(t, Valid(o))
	require.False(t, Valid(last))
}

func TestLiveCounts(t *testing.T) {
	runtime.GC()
	before := Live()["TestCounter"]
	total := LiveCount()
	const n = 100_000
	ids := make([]ID, n)
	for i := range ids {
		ids[i] = newCounter()
	}
	require.Equal(t, before+n, Live()["TestCounter"])
	require.Equal(t, total+n, LiveCount())
	rand.Shuffle(n, func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
	for _, id := range ids {
		Release(id)
	}
	require.Equal(t, before, Live()["TestCounter"])
	require.Equal(t, total, LiveCount())
	// Again: the slots are used again.
	slots := nextSlot.Load()
	for i := range ids {
		ids[i] = newCounter()
	}
	for _, id := range ids {
		Release(id)
	}
	require.LessOrEqual(t, nextSlot.Load(), slots+shardCount*grab*2+n/10)
	require.Equal(t, total, LiveCount())
}

// Many goroutines create, share, send and release; every handle is right for
// its object, every object is destroyed once.
func TestConcurrent(t *testing.T) {
	live := LiveCount()
	before := deallocs.Load()
	const goroutines, rounds = 64, 400
	shared := newCounter()
	var made atomic.Int64
	var wg sync.WaitGroup
	pass := make(chan ID, goroutines)
	for g := range goroutines {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range rounds {
				o := newCounter()
				made.Add(1)
				want := int64(g*rounds + i)
				Send1(o, sel("add:"), uintptr(want))
				if got := int64(Send0(o, sel("value"))); got != want {
					t.Errorf("an object made with %d holds %d", want, got)
				}
				Send1(Retain(shared), sel("add:"), 1)
				Release(shared)
				p := PushPool()
				Autorelease(Retain(o))
				select {
				case pass <- o: // another goroutine releases it
				case o2 := <-pass:
					Send0(o2, sel("value"))
					Release(o2)
					Release(o)
				}
				p.Pop()
			}
		}()
	}
	wg.Wait()
	close(pass)
	for o := range pass {
		Release(o)
	}
	require.EqualValues(t, goroutines*rounds, Send0(shared, sel("value")))
	require.Equal(t, 1, RetainCount(shared))
	Release(shared)
	require.Equal(t, live, LiveCount())
	require.Equal(t, made.Load()+1, deallocs.Load()-before)
}

// The first use of lazily defined classes and selectors from many goroutines.
func TestConcurrentDefine(t *testing.T) {
	var lazy Lazy
	var defined atomic.Int64
	var wg sync.WaitGroup
	sels := make([]SEL, 32)
	got := make([]*Class, 32)
	for g := range 32 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			sels[g] = sel("concurrentlyRegistered")
			got[g] = lazy.Class(func() ClassDef {
				defined.Add(1)
				return ClassDef{Name: "TestLazy"}
			})
		}()
	}
	wg.Wait()
	require.EqualValues(t, 1, defined.Load())
	for g := range 32 {
		require.Same(t, got[0], got[g])
		require.Equal(t, sels[0], sels[g])
	}
	require.Equal(t, "concurrentlyRegistered", SelectorName(sels[0]))
}
