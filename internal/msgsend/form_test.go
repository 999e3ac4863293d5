package msgsend

import (
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	selFormNext  = Selector{Name: "next"}
	selFormSum   = Selector{Name: "sumOf:and:"}
	selFormSizes = Selector{Name: "gridOf:and:"}
	selFormLast  = Selector{Name: "last"}
)

// formProbe is an object whose -next is its value, whose -sumOf:and: and -gridOf:and: weigh
// their words, so that each counts, and whose -last is what the latter came to.
func formProbe(t testing.TB, weight uint64) ID {
	last := uintptr(0)
	class := define(t, ClassDef{Methods: []Method{
		{"next", "@@:", func(c *Call) {
			if next, ok := c.Value().(ID); ok {
				c.ReturnID(Retain(next))
			}
		}},
		{"sumOf:and:", "q@:qq", func(c *Call) { c.ReturnWord(c.Word(0) + 10*c.Word(1) + uintptr(weight)) }},
		{"gridOf:and:", "v@:{?=QQQ}{?=QQQ}", func(c *Call) {
			sum := weight
			for i, w := range c.Args[:6] {
				sum += w << (8 * i)
			}
			last = uintptr(sum)
		}},
		{"last", "Q@:", func(c *Call) { c.ReturnWord(last) }},
	}})
	o := Object0(ID(class), &selClassNew)
	t.Cleanup(func() { Release(o) })
	return o
}

// A form's messages are those of SendTo and Send3x3To, in every recording of a list, whatever the
// class of the receiver and wherever it comes from.
func TestForms(t *testing.T) {
	source := formProbe(t, 0)
	receivers := []ID{formProbe(t, 1000), formProbe(t, 2000)}
	sum, sizes := Form{Sel: &selFormSum}, Form{Sel: &selFormSizes}
	var l List
	for round := range 12 {
		weight := uintptr(1000 * (1 + round/2%2))
		SetValue(source, receivers[round/2%2])
		l.Reset()
		for range round % 3 { // the receiver's place differs
			l.Send(source, &selFormLast)
		}
		next := l.Borrow(source, &selFormNext)
		var sums [5]int
		last := 0
		for i := range sums {
			sums[i] = l.Add(&sum, next, uintptr(i), uintptr(round))
			l.Add3x3(&sizes, next, 1, 2, 3, 4, uintptr(i), uintptr(round))
			last = l.SendTo(next, &selFormLast)
		}
		for range 1 + round%3 {
			require.Equal(t, -1, l.Run())
			for i, rec := range sums {
				require.Equal(t, uintptr(i)+10*uintptr(round)+weight, l.Result(rec))
			}
			require.Equal(t, weight+1+2<<8+3<<16+4<<24+4<<32+uintptr(round)<<40, l.Result(last))
		}
		l.SetWord(sums[2], 1, 77)
		require.Equal(t, -1, l.Run())
		require.Equal(t, 2+770+weight, l.Result(sums[2]))
		if round%3 == 0 {
			MethodsChanged() // else the class that comes next is not the one the methods were found for
		}
	}

	// A form of what is not there is a misuse as SendTo is, and nil stops the list.
	require.Panics(t, func() { l.Add(&sum, l.Len(), 1, 2) })
	require.Panics(t, func() { l.Add3x3(&sizes, -1, 1, 2, 3, 4, 5, 6) })
	SetValue(source, nil)
	l.Reset()
	next := l.Borrow(source, &selFormNext)
	require.Equal(t, 1, l.Add(&sum, next, 1, 2))
	require.Equal(t, 1, l.Run())
	SetValue(source, receivers[0])
	require.Equal(t, -1, l.Run())
	require.EqualValues(t, 1021, l.Result(1))

	// So it does before a message with structs.
	grid := l.Add3x3(&sizes, next, 1, 2, 3, 4, 5, 6)
	last := l.SendTo(next, &selFormLast)
	SetValue(source, nil)
	l.SetSelf(1, receivers[0])
	require.Equal(t, grid, l.Run())
	require.Zero(t, l.Result(last))
	SetValue(source, receivers[1])
	require.Equal(t, -1, l.Run())
	require.EqualValues(t, 2001+2<<8+3<<16+4<<24+5<<32+6<<40, l.Result(last))
}

// A list that is cut goes on as one that was recorded anew.
func TestListCut(t *testing.T) {
	source := formProbe(t, 0)
	receivers := []ID{formProbe(t, 1000), formProbe(t, 2000)}
	sum := Form{Sel: &selFormSum}
	var l List
	next := l.Borrow(source, &selFormNext)
	first := l.SendTo(next, &selFormSum, 1, 0)
	head := l.Len()
	for round := range 9 {
		SetValue(source, receivers[round/3%2])
		weight := uintptr(1000 * (1 + round/3%2))
		again := l.Borrow(source, &selFormNext)
		a, b := l.Add(&sum, next, 2, uintptr(round)), l.SendTo(again, &selFormSum, 3, 4)
		for range 1 + round%2 {
			require.Equal(t, -1, l.Run())
			require.Equal(t, 1+weight, l.Result(first))
			require.Equal(t, 2+10*uintptr(round)+weight, l.Result(a))
			require.Equal(t, 43+weight, l.Result(b))
		}
		if round == 4 {
			MethodsChanged()
		}
		l.Cut(head)
		l.Cut(head + 1) // has no more
		require.Equal(t, head, l.Len())
	}
	l.Cut(0)
	require.Zero(t, l.Len())
	require.Equal(t, -1, l.Run())
}

// Recording in memory that is there allocates nothing.
func TestFormsAllocateNothing(t *testing.T) {
	source := formProbe(t, 0)
	SetValue(source, formProbe(t, 1))
	sum, sizes := Form{Sel: &selFormSum}, Form{Sel: &selFormSizes}
	var l List
	next := l.Borrow(source, &selFormNext)
	record := func() {
		l.Cut(1)
		for i := range uintptr(20) {
			l.Add(&sum, next, i, i)
			l.Add3x3(&sizes, next, i, i, i, i, i, i)
		}
	}
	for range 3 {
		record()
		require.Equal(t, -1, l.Run())
	}
	require.Zero(t, testing.AllocsPerRun(100, record))
}
