//go:build !((darwin && !embedded) || (linux && objcnative))

package msgsend

import (
	"sync"
	"testing"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/objcrt"
	"github.com/stretchr/testify/require"
)

func TestListWords(t *testing.T) {
	noLeaks(t)
	o := newProbe()
	defer Release(o)
	var l List
	require.Equal(t, -1, l.Run(), "an empty list runs")
	var recs []int
	for n := range 7 {
		recs = append(recs, l.Send(o, &selM[n], []uintptr{1, 2, 3, 4, 5, 6}[:n]...))
	}
	require.Equal(t, 7, l.Len())
	require.Equal(t, -1, l.Run())
	for n, rec := range recs {
		require.Equal(t, n, rec)
		require.EqualValues(t, 100+n, l.Result(rec))
	}
	require.Equal(t, []uint64{1, 2, 3, 4, 5, 6}, wordsOf(t, o))
	l.SetWord(6, 0, 11)
	l.SetWord(6, 5, 66)
	p := newProbe()
	defer Release(p)
	l.SetSelf(6, p)
	require.Equal(t, -1, l.Run())
	require.Equal(t, []uint64{11, 2, 3, 4, 5, 66}, wordsOf(t, p))
	require.Equal(t, []uint64{1, 2, 3, 4, 5}, wordsOf(t, o))
}

// The shape of a batch: results of earlier records are receivers and arguments
// of later ones.
func TestListPatches(t *testing.T) {
	noLeaks(t)
	o := newProbe()
	defer Release(o)
	var l List
	a := l.Borrow(o, &selProbe, 41)
	b := l.Object(o, &selNewProbe)
	last := l.Send(0, &selLast)
	l.PatchSelf(last, a)
	set := l.Send(0, &selM[3], 0, 5, 0)
	l.PatchSelf(set, b)
	l.PatchObject(set, 0, a)
	l.Patch(set, 2, last)
	sizes := l.Send3x3(0, &selSizes, 1, 2, 3, 4, 5, 6)
	l.PatchSelf(sizes, a)
	l.Patch(sizes, 4, last)
	for range 3 {
		require.Equal(t, -1, l.Run())
		require.EqualValues(t, 41, l.Result(last))
		id := l.Take(b)
		require.Equal(t, 1, objcrt.RetainCount(id))
		w := wordsOf(t, id)
		require.Len(t, w, 3)
		require.False(t, objcrt.Valid(ID(w[0])), "a borrowed result ends with the run")
		require.Equal(t, []uint64{5, 41}, w[1:])
		require.Zero(t, l.Take(b))
		require.Zero(t, l.Result(a))
		Release(id)
	}
}

// SendTo is Send and PatchSelf.
func TestListSendTo(t *testing.T) {
	noLeaks(t)
	o := newProbe()
	defer Release(o)
	var l List
	a := l.Borrow(o, &selProbe, 41)
	b := l.Object(o, &selNewProbe)
	last := l.SendTo(a, &selLast)
	set := l.SendTo(b, &selM[3], 0, 5, 0)
	l.Patch(set, 2, last)
	sizes := l.Send3x3To(b, &selSizes, 1, 2, 3, 4, 5, 6)
	for i := range 6 {
		l.SetWord(sizes, 2, uintptr(10+i))
		require.Equal(t, -1, l.Run())
		require.EqualValues(t, 41, l.Result(last))
		id := l.Take(b)
		require.Equal(t, []uint64{1, 2, uint64(10 + i), 4, 5, 6}, wordsOf(t, id))
		Release(id)
	}
	l.SetSelf(sizes, o)
	require.Equal(t, -1, l.Run())
	require.Equal(t, []uint64{1, 2, 15, 4, 5, 6}, wordsOf(t, o))
	Release(l.Take(b))
	require.Panics(t, func() { l.SendTo(l.Len(), &selLast) })
	require.Panics(t, func() { l.SendTo(-1, &selLast) })
	require.Panics(t, func() { l.Send3x3To(99, &selSizes, 1, 2, 3, 4, 5, 6) })

	// The receiver that a run stops at has no result; neither has what follows.
	l.Reset()
	none := l.Borrow(o, &selNone)
	before := l.Send(o, &selLast)
	bad := l.SendTo(none, &selLast)
	after := l.Send(o, &selLast)
	for range 3 {
		require.Equal(t, bad, l.Run())
		require.NotZero(t, l.Result(before))
		require.Zero(t, l.Result(bad))
		require.Zero(t, l.Result(after))
	}
}

func TestListFrames(t *testing.T) {
	noLeaks(t)
	o := newProbe()
	defer Release(o)
	var l List
	var f Frame
	f.AddFloat32(1.5)
	f.AddFloat64(2.5)
	f.AddWord(0)
	f.AddBool(true)
	region := [6]uint64{1, 2, 3, 4, 5, 6}
	f.AddStruct(unsafe.Pointer(&region), 48)
	mix := l.SendFrame(o, &selMix, &sigMix, &f)
	f.Reset()
	f.AddWord(6)
	made := l.ObjectFrame(o, &selProbe, &sigProbe, &f)
	f.Reset()
	reg := l.SendFrame(o, &selRegion, &sigRegion, &f)
	next := l.Send(o, &selM[2], 0, 0)
	l.Patch(next, 1, reg)
	require.Equal(t, -1, l.Run())
	require.Len(t, l.ResultWords(mix), 1)
	require.Equal(t, []uint64{1, 2, 3, 4, 5, 6}, l.ResultWords(reg))
	require.Equal(t, []uint64{0, 1}, wordsOf(t, o))
	id := l.Take(made)
	require.Equal(t, []uint64{6}, wordsOf(t, id))
	Release(id)
}

func TestListStops(t *testing.T) {
	noLeaks(t)
	o := newProbe()
	defer Release(o)
	var l List
	kept := l.Object(o, &selNewProbe)
	none := l.Borrow(o, &selNone)
	mark := l.Send(o, &selNothing, 1)
	bad := l.Send(0, &selNothing, 2)
	l.PatchSelf(bad, none)
	after := l.Send(o, &selM[1], 3)
	require.Equal(t, bad, l.Run())
	require.Equal(t, []uint64{1}, wordsOf(t, o), "what follows is not sent")
	require.Zero(t, l.Result(after))
	Release(l.Take(kept))
	_ = mark

	// A nil receiver that was recorded stops too, until it is set.
	l.Reset()
	first := l.Send(0, &selM[1], 5)
	require.Equal(t, first, l.Run())
	l.SetSelf(first, o)
	require.Equal(t, -1, l.Run())
	require.EqualValues(t, 101, l.Result(first))

	// A nil argument stops only where an object is needed.
	l.Reset()
	none = l.Borrow(o, &selNone)
	fine := l.Send(o, &selM[1], 9)
	l.Patch(fine, 0, none)
	need := l.Send(o, &selM[2], 9, 9)
	l.PatchObject(need, 1, none)
	require.Equal(t, need, l.Run())
	require.Equal(t, []uint64{0}, wordsOf(t, o))
	// Results of a run that stopped early do not linger.
	require.Zero(t, l.Result(need))
}

func TestListMisuse(t *testing.T) {
	o := newProbe()
	defer Release(o)
	var l List
	a := l.Send(o, &selM[1], 1)
	b := l.Send(o, &selM[1], 1)
	require.Panics(t, func() { l.Patch(a, 0, a) }, "only the last record")
	require.Panics(t, func() { l.Patch(b, 0, b) }, "from an earlier one")
	require.Panics(t, func() { l.Patch(b, 1, a) }, "no such word")
	require.Panics(t, func() { l.SetWord(5, 0, 1) })
	require.Panics(t, func() { l.Result(-1) })
	require.Panics(t, func() { l.Send(o, &selM[0], 1, 2, 3, 4, 5, 6, 7) })
	l.Patch(b, 0, a)
	require.Equal(t, -1, l.Run())
	require.Equal(t, []uint64{101}, wordsOf(t, o))
}

// A message that panics leaves no borrowed object behind.
func TestListPanic(t *testing.T) {
	noLeaks(t)
	o := newProbe()
	defer Release(o)
	unknown := Selector{Name: "noSuchSelector"}
	var l List
	a := l.Borrow(o, &selNewProbe)
	bad := l.Send(0, &unknown)
	l.PatchSelf(bad, a)
	require.PanicsWithError(t, "-[TestProbe noSuchSelector]: unrecognized selector sent to "+"", func() {
		defer func() {
			r := recover().(*objcrt.Exception)
			r.Reason = r.Reason[:len("-[TestProbe noSuchSelector]: unrecognized selector sent to ")]
			panic(r)
		}()
		l.Run()
	})
}

// A receiver of another class gets its own method.
func TestListReceiverClassChanges(t *testing.T) {
	noLeaks(t)
	o := newProbe()
	s := objcrt.NewString("text")
	desc := Selector{Name: "hash"}
	var l List
	rec := l.Send(o, &desc)
	for range 3 {
		for _, id := range []ID{o, s} {
			l.SetSelf(rec, id)
			require.Equal(t, -1, l.Run())
			require.Equal(t, Word0(id, &desc), l.Result(rec))
		}
	}
	Release(o)
	Release(s)
}

func TestListReplayConcurrent(t *testing.T) {
	noLeaks(t)
	o := newProbe()
	defer Release(o)
	var wg sync.WaitGroup
	for g := range 16 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			var l List
			a := l.Borrow(o, &selProbe, uintptr(g))
			last := l.Send(0, &selLast)
			l.PatchSelf(last, a)
			for i := range 300 {
				l.SetWord(a, 0, uintptr(g*1000+i))
				if l.Run() != -1 || l.Result(last) != uintptr(g*1000+i) {
					t.Error("wrong result")
				}
			}
		}()
	}
	wg.Wait()
}
