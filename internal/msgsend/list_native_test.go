//go:build (darwin && !embedded) || (linux && objcnative)

package msgsend

import (
	"math"
	"math/rand/v2"
	"runtime"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

var (
	selHash     = Selector{Name: "hash"}
	selNext     = Selector{Name: "next"}
	selHalf     = Selector{Name: "halfOf:"}
	selVolume   = Selector{Name: "volumeOf:and:"}
	selNewProbe = Selector{Name: "newProbe"}

	sigHalf   = Signature{Encoding: "d@:d"}
	sigVolume = Signature{Encoding: "{?=QQQ}@:{?=QQQ}{?=QQQ}"}
)

// listProbe makes a class whose -hash is n and whose -next is the object's value.
func listProbe(t testing.TB, n uintptr) Class {
	return define(t, ClassDef{Methods: []Method{
		{"hash", "Q@:", func(c *Call) { c.ReturnWord(n) }},
		{"next", "@@:", func(c *Call) {
			if next, ok := c.Value().(ID); ok {
				c.ReturnID(Retain(next))
			}
		}},
		{"sumOf:and:", "q@:qq", func(c *Call) { c.ReturnWord(c.Word(0) + c.Word(1) + n) }},
		{"halfOf:", "d@:d", func(c *Call) { c.ReturnFloat64(c.Float64(0)/2 + float64(n)) }},
		{"volumeOf:and:", "{?=QQQ}@:{?=QQQ}{?=QQQ}", func(c *Call) {
			var sum [3]uint64
			for i := range sum {
				sum[i] = c.Args[i] + c.Args[3+i] + uint64(n)
			}
			c.ReturnStruct(unsafe.Pointer(&sum), unsafe.Sizeof(sum))
		}},
		{"newProbe", "@@:", func(c *Call) { c.ReturnID(Object0(ID(ObjectClass(c.Self)), &selClassNew)) }},
	}})
}

// A list that runs again calls the methods it found; told of changes it looks for
// them anew.
func TestListKeepsMethods(t *testing.T) {
	class := listProbe(t, 7)
	o := Object0(ID(class), &selClassNew)
	defer Release(o)
	var l List
	rec := l.Send(o, &selHash)
	for range 3 {
		require.Equal(t, -1, l.Run())
		require.EqualValues(t, 7, l.Result(rec))
	}
	replace := runtimeFunc{name: "class_replaceMethod"}
	encoding := cString("Q@:")
	replace.call(uintptr(class), uintptr(selHash.SEL()), uintptr(Implementation(LookupClass("NSObject"), selHash.SEL())), Addr(unsafe.Pointer(encoding)), 0)
	runtime.KeepAlive(encoding)
	want := Word0(o, &selHash)
	require.NotEqualValues(t, 7, want, "a message alone asks the runtime each time")
	require.Equal(t, -1, l.Run())
	require.EqualValues(t, 7, l.Result(rec), "a list that is kept does not")
	MethodsChanged()
	for range 3 {
		require.Equal(t, -1, l.Run())
		require.Equal(t, want, l.Result(rec))
	}
	require.Zero(t, method(class, RegisterSelector("noSuchSelectorAtAll"), false), "what only forwards is not bound")
	require.Zero(t, method(0, selHash.SEL(), false))
}

// Lists that are recorded anew begin with the methods that were found before, compare the
// receiver's class, and look again after MethodsChanged.
func TestListKnowsMethods(t *testing.T) {
	selTold := Selector{Name: "hash"} // knows nothing yet
	source := Object0(ID(listProbe(t, 1)), &selClassNew)
	defer Release(source)
	class := listProbe(t, 20)
	objects := []ID{Object0(ID(class), &selClassNew), Object0(ID(listProbe(t, 21)), &selClassNew)}
	defer Release(objects[0])
	defer Release(objects[1])
	var l List
	send := func(o ID) uintptr {
		SetValue(source, o)
		l.Reset()
		next := l.Borrow(source, &selNext)
		var recs [20]int // more than a list learns from
		for i := range recs {
			recs[i] = l.SendTo(next, &selTold)
		}
		sizes := l.SendTo(next, &selHash)
		for range 3 {
			require.Equal(t, -1, l.Run())
			for _, rec := range recs {
				require.Equal(t, l.Result(sizes), l.Result(rec))
			}
		}
		return l.Result(recs[0])
	}
	for i := range 10 {
		require.EqualValues(t, 20+i%2, send(objects[i%2]))
	}
	if lookupFlag != 0 {
		require.NotNil(t, selTold.known.Load())
	}
	replace := runtimeFunc{name: "class_replaceMethod"}
	encoding := cString("Q@:")
	replace.call(uintptr(class), uintptr(selTold.SEL()), uintptr(Implementation(LookupClass("NSObject"), selTold.SEL())), Addr(unsafe.Pointer(encoding)), 0)
	runtime.KeepAlive(encoding)
	MethodsChanged()
	want := Word0(objects[0], &selTold)
	require.NotEqualValues(t, 20, want)
	for range 3 {
		require.Equal(t, want, send(objects[0]))
	}

	// Nothing is learnt of a list that stopped before.
	selNever := Selector{Name: "hash"}
	SetValue(source, nil)
	l.Reset()
	l.SendTo(l.Borrow(source, &selNext), &selNever)
	require.Equal(t, 1, l.Run())
	l.Reset()
	require.Nil(t, selNever.known.Load())
}

// Whatever class a receiver has in a run, it is its method that is called.
func TestListReceiversVary(t *testing.T) {
	var objects []ID
	source := Object0(ID(listProbe(t, 1)), &selClassNew)
	defer Release(source)
	for n := range uintptr(3) {
		o := Object0(ID(listProbe(t, 10+n)), &selClassNew)
		defer Release(o)
		objects = append(objects, o)
	}
	var l List
	set := l.Send(0, &selHash)
	next := l.Borrow(source, &selNext)
	patched := l.Send(0, &selHash)
	l.PatchSelf(patched, next)
	var f Frame
	f.AddFloat64(3)
	general := l.SendFrame(0, &selHalf, &sigHalf, &f)
	l.PatchSelf(general, next)
	for i := range 12 {
		k := i / 2 % 3
		SetValue(source, objects[k])
		l.SetSelf(set, objects[2-k])
		require.Equal(t, -1, l.Run())
		require.EqualValues(t, 12-k, l.Result(set))
		require.EqualValues(t, 10+k, l.Result(patched))
		require.Equal(t, 1.5+float64(10+k), math.Float64frombits(l.ResultWords(general)[0]))
	}
	SetValue(source, nil)
	require.Equal(t, patched, l.Run(), "nil stops a list that was bound")
	require.Zero(t, l.Result(patched))
	require.Equal(t, []uint64{0}, l.ResultWords(general))
}

// What a list borrows it gives back, retained or owned.
func TestListBorrows(t *testing.T) {
	live := LiveBlocks()
	o := Object0(ID(listProbe(t, 1)), &selClassNew)
	SetValue(o, o) // counts among the live
	var l List
	for range 5 {
		made := l.Borrow(o, &selNewProbe)
		l.PatchSelf(l.Send(0, &selHash), made)
	}
	for range 4 {
		require.Equal(t, -1, l.Run())
	}
	require.Equal(t, live+1, LiveBlocks())
	SetValue(o, nil)
	Release(o)
	require.Equal(t, live, LiveBlocks())
}

// Lists of any mixture of records do what the same messages do alone, in the
// first run, in the second, when methods are bound, and later, while words and
// receivers change.
func TestListMixtures(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var objects []ID
	for n := range uintptr(3) {
		o := Object0(ID(listProbe(t, n)), &selClassNew)
		defer Release(o)
		objects = append(objects, o)
	}
	for range 60 {
		SetValue(objects[0], objects[1+r.IntN(2)])
		testMixture(t, r, objects)
	}
	SetValue(objects[0], nil)
}

func testMixture(t *testing.T, r *rand.Rand, objects []ID) {
	var l List
	next := l.Borrow(objects[0], &selNext)
	type message struct {
		rec    int
		self   ID // 0: the object that next returns
		kind   int
		words  [6]uintptr
		source int // a record whose result is the first word; -1: none
	}
	var messages []message
	sums := []int{}
	random := func() uintptr { return uintptr(r.Uint64N(1 << 40)) }
	for range 1 + r.IntN(40) {
		m := message{kind: r.IntN(4), source: -1}
		if r.IntN(2) == 0 {
			m.self = objects[r.IntN(3)]
		}
		for i := range m.words {
			m.words[i] = random()
		}
		var f Frame
		switch m.kind {
		case 0:
			m.rec = l.Send(m.self, &selHash)
		case 1:
			m.rec = l.Send(m.self, &selSum, m.words[0], m.words[1])
		case 2:
			f.AddFloat64(float64(m.words[0]))
			m.rec = l.SendFrame(m.self, &selHalf, &sigHalf, &f)
		case 3:
			f.AddStruct(unsafe.Pointer(&m.words), 48)
			m.rec = l.SendFrame(m.self, &selVolume, &sigVolume, &f)
		}
		if m.self == 0 {
			l.PatchSelf(m.rec, next)
		}
		if m.kind == 1 {
			if len(sums) > 0 && r.IntN(2) == 0 {
				m.source = sums[r.IntN(len(sums))]
				l.Patch(m.rec, 0, m.source)
			}
			sums = append(sums, m.rec)
		}
		messages = append(messages, m)
	}
	for range 4 {
		require.Equal(t, -1, l.Run())
		patched := Value(objects[0]).(ID)
		for i := range messages {
			m := &messages[i]
			self := m.self
			if self == 0 {
				self = patched
			}
			var f Frame
			switch m.kind {
			case 0:
				require.Equal(t, Word0(self, &selHash), l.Result(m.rec))
			case 1:
				a := m.words[0]
				if m.source >= 0 {
					a = l.Result(m.source)
				}
				require.Equal(t, Word2(self, &selSum, a, m.words[1]), l.Result(m.rec))
				l.SetWord(m.rec, 1, random())
				m.words[1] = random()
				l.SetWord(m.rec, 1, m.words[1])
			case 2:
				f.AddFloat64(float64(m.words[0]))
				require.Equal(t, f.Float64(self, &selHalf, &sigHalf), math.Float64frombits(l.ResultWords(m.rec)[0]))
			case 3:
				f.AddStruct(unsafe.Pointer(&m.words), 48)
				var want [3]uint64
				f.Struct(self, &selVolume, &sigVolume, unsafe.Pointer(&want), 24)
				require.Equal(t, want[:], l.ResultWords(m.rec))
				w := r.IntN(6)
				m.words[w] = random()
				l.SetWord(m.rec, w, m.words[w])
			}
			if m.self != 0 && r.IntN(4) == 0 {
				m.self = objects[r.IntN(3)]
				l.SetSelf(m.rec, m.self)
			}
		}
	}
}

func TestListMisuseNative(t *testing.T) {
	o := Object0(ID(listProbe(t, 1)), &selClassNew)
	defer Release(o)
	var l List
	a := l.Send(o, &selSum, 1, 2)
	b := l.Send(o, &selSum, 1, 2)
	require.Panics(t, func() { l.Patch(a, 0, a) }, "only the last record")
	require.Panics(t, func() { l.Patch(b, 0, b) }, "from an earlier one")
	require.Panics(t, func() { l.Patch(b, 2, a) }, "no such word")
	require.Panics(t, func() { l.SetWord(b, 2, 1) })
	require.Panics(t, func() { l.SetWord(5, 0, 1) })
	require.Panics(t, func() { l.SetSelf(2, o) })
	require.Panics(t, func() { l.Result(-1) })
	require.Panics(t, func() { l.Send(o, &selSum, 1, 2, 3, 4, 5, 6, 7) })
	require.Equal(t, 2, l.Len(), "nothing of it was recorded")
	l.Patch(b, 0, a)
	for range 3 {
		require.Equal(t, -1, l.Run())
		require.EqualValues(t, 4, l.Result(a))
		require.EqualValues(t, 7, l.Result(b))
	}

	// A receiver that is nil stops the list until it is set, bound or not.
	for range 3 {
		l.SetSelf(b, 0)
		require.Equal(t, b, l.Run())
		require.EqualValues(t, 4, l.Result(a))
		require.Zero(t, l.Result(b))
		l.SetSelf(b, o)
		require.Equal(t, -1, l.Run())
		require.EqualValues(t, 7, l.Result(b))
	}
}
