//go:build !((darwin && !embedded) || (linux && objcnative))

package msgsend

import (
	"fmt"
	"math"
	"sync"
	"sync/atomic"
	"testing"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/objcrt"
	"github.com/stretchr/testify/require"
)

// probe is the class the senders are tested on: each method records its words.
type probe struct {
	words []uint64
	next  ID
	name  string
}

func probeOf(o *objcrt.Object) *probe { return o.Value().(*probe) }

func note(o *objcrt.Object, words ...uintptr) uintptr {
	p := probeOf(o)
	p.words = p.words[:0]
	for _, w := range words {
		p.words = append(p.words, uint64(w))
	}
	return uintptr(len(words)) + 100
}

var probeLazy objcrt.Lazy

func probeClass() *objcrt.Class { return probeLazy.Class(defineProbe) }

type obj = objcrt.Object

func defineProbe() objcrt.ClassDef {
	return objcrt.ClassDef{
		Name:    "TestProbe",
		Dealloc: func(o *obj) { objcrt.Release(probeOf(o).next) },
		Methods: []objcrt.Method{
			{Selector: "m0", Encoding: "Q@:", Func: func(o *obj) uintptr { return note(o) }},
			{Selector: "m:", Encoding: "Q@:Q", Func: func(o *obj, a uintptr) uintptr { return note(o, a) }},
			{Selector: "m:m:", Encoding: "Q@:QQ", Func: func(o *obj, a, b uintptr) uintptr { return note(o, a, b) }},
			{Selector: "m:m:m:", Encoding: "Q@:@QQ", Func: func(o *obj, a, b, c uintptr) uintptr { return note(o, a, b, c) }},
			{Selector: "m:m:m:m:", Encoding: "Q@:QQQQ", Func: func(o *obj, a, b, c, d uintptr) uintptr { return note(o, a, b, c, d) }},
			{Selector: "m:m:m:m:m:", Encoding: "Q@:QQQQQ", Func: func(o *obj, a, b, c, d, e uintptr) uintptr {
				return note(o, a, b, c, d, e)
			}},
			{Selector: "m:m:m:m:m:m:", Encoding: "Q@:QQQQQQ", Func: func(o *obj, a, b, c, d, e, f uintptr) uintptr {
				return note(o, a, b, c, d, e, f)
			}},
			{Selector: "nothing:", Encoding: "v@:Q", Func: func(o *obj, a uintptr) { note(o, a) }},
			{Selector: "even:", Encoding: "B@:Q", Func: func(_ *obj, a uintptr) uintptr {
				if a%2 == 0 {
					return 1 | 0xab00 // only the low byte counts
				}
				return 0xab00
			}},
			{Selector: "next", Encoding: "@@:", Func: func(o *obj) uintptr { return uintptr(objcrt.Retain(probeOf(o).next)) }},
			{Selector: "newProbe", Encoding: "@@:", Func: func(*obj) uintptr { return uintptr(newProbe()) }},
			{Selector: "probe:", Encoding: "@@:Q", Func: func(_ *obj, n uintptr) uintptr {
				id := newProbe()
				v, _ := objcrt.As[*probe](id)
				v.words = []uint64{uint64(n)}
				return uintptr(id)
			}},
			{Selector: "none", Encoding: "@@:", Func: func(*obj) uintptr { return 0 }},
			{Selector: "last", Encoding: "Q@:", Func: func(o *obj) uintptr {
				w := probeOf(o).words
				return uintptr(w[len(w)-1])
			}},
			{Selector: "half", Encoding: "d@:", Func: func(*obj) uintptr { return uintptr(math.Float64bits(0.5)) }},
			{Selector: "third", Encoding: "f@:", Func: func(*obj) uintptr { return uintptr(math.Float32bits(1.0/3)) | 7<<40 }},
			{Selector: "sizes:group:", Encoding: "v@:{?=QQQ}{?=QQQ}", Func: func(o *obj, a, b, c, d, e, f uintptr) {
				note(o, a, b, c, d, e, f)
			}},
			{Selector: "fill:range:value:", Encoding: "v@:@{_NSRange=QQ}C", Func: func(o *obj, a, b, c, d uintptr) {
				note(o, a, b, c, d)
			}},
			{Selector: "straddle:m:m:range:", Encoding: "v@:QQQ{_NSRange=QQ}", Func: func(o *obj, a, b, c, d, e uintptr) {
				note(o, a, b, c, d, e)
			}},
			{Selector: "mix:d:s:b:r:", Encoding: "d@:fd{?=fI}B{?={?=QQQ}{?=QQQ}}", Func: func(o *obj, f *objcrt.Frame) {
				p := probeOf(o)
				p.words = append(p.words[:0], f.Args...)
				f.Ret[0] = math.Float64bits(float64(math.Float32frombits(uint32(f.Args[0]))) + math.Float64frombits(f.Args[1]))
			}},
			{Selector: "scaled:", Encoding: "f@:f", Func: func(_ *obj, a uintptr) uintptr {
				return uintptr(math.Float32bits(math.Float32frombits(uint32(a)) * 2))
			}},
			{Selector: "region", Encoding: "{?={?=QQQ}{?=QQQ}}@:", Func: func(_ *obj, f *objcrt.Frame) {
				for i := range f.Ret {
					f.Ret[i] = uint64(i + 1)
				}
			}},
			{Selector: "small", Encoding: "{?=CCCC}@:", Func: func(*obj) uintptr { return 0x04030201 }},
			{Selector: "make:error:", Encoding: "@@:Q^@", Func: func(_ *obj, code, out uintptr) uintptr {
				switch code {
				case 0:
					return uintptr(newProbe())
				case 1: // a warning
					objcrt.StoreOut(out, objcrt.NewError("Test", 1, "careful"))
					return uintptr(newProbe())
				}
				objcrt.StoreOut(out, objcrt.NewError("Test", int(code), "no"))
				return 0
			}},
			{Selector: "check:error:", Encoding: "B@:Q^@", Func: func(_ *obj, code, out uintptr) uintptr {
				if code == 0 {
					return 1
				}
				objcrt.StoreOut(out, objcrt.NewError("Test", int(code), "no"))
				return 0
			}},
			{Selector: "reflect:out:error:", Encoding: "@@:@^@^@", Func: func(_ *obj, a, r, e uintptr) uintptr {
				objcrt.StoreOut(r, objcrt.NewString("reflection"))
				if a == 0 {
					objcrt.StoreOut(e, objcrt.NewError("Test", 1, "nil"))
					return 0
				}
				return uintptr(objcrt.Retain(ID(a)))
			}},
		},
	}
}

func newProbe() ID { return probeClass().New(&probe{}) }

var (
	selM          = [7]Selector{{Name: "m0"}, {Name: "m:"}, {Name: "m:m:"}, {Name: "m:m:m:"}, {Name: "m:m:m:m:"}, {Name: "m:m:m:m:m:"}, {Name: "m:m:m:m:m:m:"}}
	selNothing    = Selector{Name: "nothing:"}
	selEven       = Selector{Name: "even:"}
	selNext       = Selector{Name: "next"}
	selNewProbe   = Selector{Name: "newProbe"}
	selProbe      = Selector{Name: "probe:"}
	selNone       = Selector{Name: "none"}
	selLast       = Selector{Name: "last"}
	selHalf       = Selector{Name: "half"}
	selThird      = Selector{Name: "third"}
	selSizes      = Selector{Name: "sizes:group:"}
	selFill       = Selector{Name: "fill:range:value:"}
	selStraddle   = Selector{Name: "straddle:m:m:range:"}
	selMix        = Selector{Name: "mix:d:s:b:r:"}
	selScaled     = Selector{Name: "scaled:"}
	selRegion     = Selector{Name: "region"}
	selSmall      = Selector{Name: "small"}
	selMakeErr    = Selector{Name: "make:error:"}
	selCheckErr   = Selector{Name: "check:error:"}
	selReflectOut = Selector{Name: "reflect:out:error:"}

	sigSizes   = Signature{Encoding: "v@:{?=QQQ}{?=QQQ}"}
	sigMix     = Signature{Encoding: "d@:fd{?=fI}B{?={?=QQQ}{?=QQQ}}"}
	sigScaled  = Signature{Encoding: "f@:f"}
	sigRegion  = Signature{Encoding: "{?={?=QQQ}{?=QQQ}}@:"}
	sigSmall   = Signature{Encoding: "{?=CCCC}@:"}
	sigReflect = Signature{Encoding: "@@:@^@^@"}
	sigProbe   = Signature{Encoding: "@@:Q"}
	sigEven    = Signature{Encoding: "B@:Q"}
	sigM3      = Signature{Encoding: "Q@:@QQ"}
)

func wordsOf(t *testing.T, id ID) []uint64 {
	t.Helper()
	p, ok := objcrt.As[*probe](id)
	require.True(t, ok)
	return p.words
}

// noLeaks checks that the test leaves no object behind and that every send
// fits the encoding of its method.
func noLeaks(t *testing.T) {
	LookupClass("NSString")
	probeClass()
	live := objcrt.LiveCount()
	stop := CheckEncodings(func(err error) { t.Error(err) })
	t.Cleanup(func() {
		stop()
		require.Equal(t, live, objcrt.LiveCount(), "%v", objcrt.Live())
	})
}

func TestFixedSenders(t *testing.T) {
	noLeaks(t)
	o := newProbe()
	defer Release(o)
	const big = 1<<64 - 1
	require.EqualValues(t, 100, Word0(o, &selM[0]))
	require.EqualValues(t, 101, Word1(o, &selM[1], big))
	require.Equal(t, []uint64{big}, wordsOf(t, o))
	require.EqualValues(t, 102, Word2(o, &selM[2], 1, 2))
	require.EqualValues(t, 103, Word3(o, &selM[3], 1, 2, 3))
	require.EqualValues(t, 104, Word4(o, &selM[4], 1, 2, 3, 4))
	require.EqualValues(t, 105, Word5(o, &selM[5], 1, 2, 3, 4, 5))
	require.EqualValues(t, 106, Word6(o, &selM[6], 1, 2, 3, 4, 5, 6))
	require.Equal(t, []uint64{1, 2, 3, 4, 5, 6}, wordsOf(t, o))
	Send1(o, &selNothing, 77)
	require.Equal(t, []uint64{77}, wordsOf(t, o))
	Send3(o, &selM[3], 4, 5, 6)
	require.Equal(t, []uint64{4, 5, 6}, wordsOf(t, o))
	Send4(o, &selFill, 9, 8, 7, 6)
	require.Equal(t, []uint64{9, 8, 7, 6}, wordsOf(t, o))
	Send3x3(o, &selSizes, 1, 2, 3, 4, 5, 6)
	require.Equal(t, []uint64{1, 2, 3, 4, 5, 6}, wordsOf(t, o))
	require.True(t, Bool1(o, &selEven, 2))
	require.False(t, Bool1(o, &selEven, 3))
	require.Equal(t, 0.5, Float64(o, &selHalf))
	require.Equal(t, float32(1.0/3), Float32(o, &selThird))

	n := Object0(o, &selNewProbe)
	require.Equal(t, 1, objcrt.RetainCount(n))
	p := Object1(o, &selProbe, 5)
	require.Equal(t, 1, objcrt.RetainCount(p))
	require.Zero(t, Object0(o, &selNext))
	v, _ := objcrt.As[*probe](o)
	v.next = Retain(p)
	got := Object0(o, &selNext)
	require.Equal(t, p, got)
	require.Equal(t, 3, objcrt.RetainCount(p))
	for _, id := range []ID{n, p, got} {
		Release(id)
	}
}

func TestNilReceiver(t *testing.T) {
	Send0(0, &selM[0])
	require.Zero(t, Word6(0, &selM[6], 1, 2, 3, 4, 5, 6))
	require.Zero(t, Object0(0, &selNext))
	require.False(t, Bool1(0, &selEven, 2))
	require.Zero(t, Float64(0, &selHalf))
	require.Zero(t, Float32(0, &selThird))
	Send3x3(0, &selSizes, 1, 2, 3, 4, 5, 6)
	id, err := ObjectErr(0, &selMakeErr, 1)
	require.Zero(t, id)
	require.Zero(t, err)
	region := [6]uint64{9, 9, 9, 9, 9, 9}
	var f Frame
	f.Struct(0, &selRegion, &sigRegion, unsafe.Pointer(&region), unsafe.Sizeof(region))
	require.Equal(t, [6]uint64{}, region)
	require.False(t, RespondsTo(0, selNext.SEL()))
	require.Zero(t, ObjectClass(0))
	require.Equal(t, "", ClassName(0))
}

func TestFrames(t *testing.T) {
	noLeaks(t)
	o := newProbe()
	defer Release(o)
	type small struct {
		F float32
		I uint32
	}
	s := small{2.5, 9}
	region := [6]uint64{1, 2, 3, 4, 5, 6}
	var f Frame
	f.AddFloat32(1.5)
	f.AddFloat64(2.25)
	f.AddStruct(unsafe.Pointer(&s), unsafe.Sizeof(s))
	f.AddBool(true)
	f.AddStruct(unsafe.Pointer(&region), unsafe.Sizeof(region))
	require.Equal(t, 10, f.Len())
	require.Equal(t, 3.75, f.Float64(o, &selMix, &sigMix))
	require.Equal(t, []uint64{
		uint64(math.Float32bits(1.5)), math.Float64bits(2.25),
		uint64(math.Float32bits(2.5)) | 9<<32, 1, 1, 2, 3, 4, 5, 6,
	}, wordsOf(t, o))
	require.Equal(t, 3.75, f.Float64(o, &selMix, &sigMix), "a frame can be sent again")

	f.Reset()
	f.AddFloat32(1.25)
	require.Equal(t, float32(2.5), f.Float32(o, &selScaled, &sigScaled))
	f.Reset()
	f.AddWord(4)
	require.True(t, f.Bool(o, &selEven, &sigEven))
	p := f.Object(o, &selProbe, &sigProbe)
	require.Equal(t, []uint64{4}, wordsOf(t, p))
	Release(p)
	f.Reset()
	f.AddWord(1)
	f.AddWord(2)
	f.AddWord(3)
	require.EqualValues(t, 103, f.Word(o, &selM[3], &sigM3))

	f.Reset()
	var got [6]uint64
	f.Struct(o, &selRegion, &sigRegion, unsafe.Pointer(&got), unsafe.Sizeof(got))
	require.Equal(t, [6]uint64{1, 2, 3, 4, 5, 6}, got)
	var four [4]byte
	f.Struct(o, &selSmall, &sigSmall, unsafe.Pointer(&four), 4)
	require.Equal(t, [4]byte{1, 2, 3, 4}, four)

	var size [3]uint64 = [3]uint64{7, 8, 9}
	f.AddStruct(unsafe.Pointer(&size), 24)
	f.AddStruct(unsafe.Pointer(&size), 24)
	f.Send(o, &selSizes, &sigSizes)
	require.Equal(t, []uint64{7, 8, 9, 7, 8, 9}, wordsOf(t, o))

	odd := [5]byte{1, 2, 3, 4, 5}
	f.Reset()
	f.AddStruct(unsafe.Pointer(&odd), 5)
	f.AddStruct(unsafe.Pointer(&odd), 0)
	require.Equal(t, []uint64{0x0504030201}, f.args(), "what a struct leaves of its last word is 0")
}

func TestFrameMisuse(t *testing.T) {
	o := newProbe()
	defer Release(o)
	var f Frame
	require.PanicsWithValue(t, `msgsend: sizes:group:: the frame has 0 argument words, encoding "v@:{?=QQQ}{?=QQQ}" takes 6`, func() {
		f.Send(o, &selSizes, &sigSizes)
	})
	require.Panics(t, func() {
		var x [3]byte
		f.Struct(o, &selSmall, &sigSmall, unsafe.Pointer(&x), 3)
	})
	require.Panics(t, func() {
		for range MaxWords + 1 {
			f.AddWord(1)
		}
	})
	f.Reset()
	require.Panics(t, func() {
		var x [MaxWords + 1]uint64
		f.AddStruct(unsafe.Pointer(&x), unsafe.Sizeof(x))
	})
	require.Panics(t, func() { (&Signature{Encoding: "nonsense"}).Words() })
}

func TestErrors(t *testing.T) {
	noLeaks(t)
	o := newProbe()
	defer Release(o)
	id, e := ObjectErr(o, &selMakeErr, 0)
	require.NotZero(t, id)
	require.Zero(t, e)
	Release(id)
	id, e = ObjectErr(o, &selMakeErr, 1)
	require.NotZero(t, id)
	require.NotZero(t, e)
	Release(id)
	Release(e)
	id, e = ObjectErr(o, &selMakeErr, 5)
	require.Zero(t, id)
	_, code, text, _, _ := objcrt.ErrorParts(e)
	require.Equal(t, 5, code)
	require.Equal(t, "no", text)
	Release(e)
	ok, e := BoolErr(o, &selCheckErr, 0)
	require.True(t, ok)
	require.Zero(t, e)
	ok, e = BoolErr(o, &selCheckErr, 3)
	require.False(t, ok)
	require.NotZero(t, e)
	Release(e)

	var reflection, failure ID
	var f Frame
	f.AddWord(uintptr(o))
	f.AddOut(&reflection)
	f.AddOut(&failure)
	got := f.Object(o, &selReflectOut, &sigReflect)
	require.Equal(t, o, got)
	require.Equal(t, "reflection", objcrt.GoString(reflection))
	require.Zero(t, failure)
	Release(reflection)
	Release(got)
	f.Reset()
	f.AddWord(0)
	f.AddOut(nil)
	f.AddOut(&failure)
	require.Zero(t, f.Object(o, &selReflectOut, &sigReflect))
	require.NotZero(t, failure)
	Release(failure)
}

// Everything a sender could be wrong about is told.
func TestCheckEncodings(t *testing.T) {
	o := newProbe()
	defer Release(o)
	var problems []string
	stop := CheckEncodings(func(err error) { problems = append(problems, err.Error()) })
	defer stop()
	var f Frame
	f.AddWord(0)
	f.AddWord(0)
	f.AddWord(0)
	for want, send := range map[string]func(){
		"sent with 2 argument words, it takes 3": func() { Word2(o, &selM[3], 1, 2) },
		"received as a word, its result is an object": func() {
			Release(ID(Word0(o, &selNewProbe)))
		},
		"received as no result, its result is an object": func() { Send0(o, &selNone) },
		"received as a word, its result is a BOOL":       func() { Word1(o, &selEven, 1) },
		"received as an object, its result is a word":    func() { Object0(o, &selM[0]) },
		"received as a double, its result is a float":    func() { Float64(o, &selThird) },
		"argument 0 is a float, which a word sender":     func() { Word1(o, &selScaled, 1) },
		"argument 0 is a struct, which a word sender":    func() { Send6(o, &selSizes, 1, 2, 3, 4, 5, 6) },
		"argument 3 is a struct, which a word sender":    func() { Send5(o, &selStraddle, 1, 2, 3, 4, 5) },
		"has 2 arguments": func() { f3 := f; f3.n = 6; f3.Word(o, &selM[3], &sigSizes) },
		"argument 1 sent as {?=QQ}": func() {
			g := Signature{Encoding: "Q@:@{?=QQ}"}
			f.Word(o, &selM[2], &g)
		},
	} {
		problems = nil
		send()
		require.NotEmpty(t, problems, want)
		require.Contains(t, fmt.Sprint(problems), want)
		require.Contains(t, problems[0], "[TestProbe ")
	}
	problems = nil
	Word0(o, &selM[0])
	Send0(o, &selM[0]) // an integer result may be ignored
	require.Empty(t, problems)
	stop()
	Word2(o, &selM[3], 1, 2)
	require.Empty(t, problems)
}

func TestSelectors(t *testing.T) {
	s := Selector{Name: "testSelector:"}
	first := s.SEL()
	require.NotZero(t, first)
	require.Equal(t, first, s.SEL())
	require.Equal(t, first, RegisterSelector("testSelector:"))
	require.Equal(t, "testSelector:", SelectorName(first))
	var wg sync.WaitGroup
	shared := Selector{Name: "sharedTestSelector"}
	var wrong atomic.Int64
	for range 32 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if shared.SEL() != RegisterSelector("sharedTestSelector") {
				wrong.Add(1)
			}
		}()
	}
	wg.Wait()
	require.Zero(t, wrong.Load())
}

func TestClasses(t *testing.T) {
	c := LookupClass("TestProbe")
	require.NotZero(t, c)
	require.Equal(t, "TestProbe", ClassName(c))
	o := newProbe()
	defer Release(o)
	require.Equal(t, c, ObjectClass(o))
	require.Zero(t, LookupClass("NoSuchClass"))
	require.True(t, RespondsTo(o, selNext.SEL()))
	require.False(t, RespondsTo(o, RegisterSelector("noSuchSelector")))
}

func TestPoolsAndBlocks(t *testing.T) {
	noLeaks(t)
	var o ID
	Pool(func() {
		o = Autorelease(newProbe())
		require.True(t, objcrt.Valid(o))
	})
	require.False(t, objcrt.Valid(o))
	require.Panics(t, func() {
		Pool(func() {
			o = Autorelease(newProbe())
			panic("out")
		})
	})
	require.False(t, objcrt.Valid(o), "a panic empties the pool")

	var sum uintptr
	b := NewBlock(func(a, b, c, d uintptr) { sum += a + b + c + d })
	CallBlock(b, 1, 2, 3, 4)
	objcrt.CallBlock(b, 1, 1, 1, 1)
	ReleaseBlock(b)
	require.EqualValues(t, 14, sum)
}

func TestFunc(t *testing.T) {
	f := Func{Library: Metal, Name: "MTLCreateSystemDefaultDevice"}
	require.ErrorContains(t, f.Find(), "MTLCreateSystemDefaultDevice")
	require.ErrorContains(t, Load(CoreGraphics), "CoreGraphics")
	require.Zero(t, f.Object())
	require.Zero(t, f.Word(1))
}
