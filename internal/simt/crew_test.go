package simt

import (
	"math/rand/v2"
	"runtime"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// A machine that is made up: how fast so many members are together.
type speed func(members int) float64

// Of these kernels, on such machines, the number of members found is that.
func TestCrew(t *testing.T) {
	compute := func(n int) float64 { return float64(n) }
	memory := func(top float64) speed { return func(n int) float64 { return min(float64(n), top) } }
	threads := func(cores int) speed { // two of a core are 1.3 times as fast as one
		return func(n int) float64 { return float64(min(n, cores)) + 0.3*float64(max(0, n-cores)) }
	}
	worse := func(n int) float64 { return 1 / float64(n) }
	for _, c := range []struct {
		name  string
		speed speed
		cores int
		all   int
		want  int
	}{
		{"compute", compute, 2, 2, 2},
		{"compute", compute, 3, 3, 3},
		{"compute", compute, 8, 8, 8},
		{"compute", compute, 12, 12, 12},
		{"memory", memory(1), 2, 2, 1},
		{"memory", memory(1.3), 2, 2, 1},
		{"memory", memory(1.7), 2, 2, 2},
		{"memory", memory(1), 64, 64, 1},
		{"memory", memory(4), 64, 64, 4},
		{"memory", memory(7), 64, 64, 8},
		{"memory", memory(1.3), 3, 3, 1},
		{"memory", memory(2), 3, 3, 2},
		{"threads of cores", threads(8), 8, 16, 16},
		{"threads of cores", threads(1), 1, 2, 2},
		{"memory with threads of cores", memory(2), 8, 16, 2},
		{"worse together", worse, 8, 8, 1},
	} {
		r := rand.New(rand.NewPCG(3, 4))
		for _, noise := range []float64{0, 0.1} {
			for _, outliers := range []float64{0, 0.08} {
				var k crew
				k.start(c.all, c.cores)
				right, all := time.Duration(0), time.Duration(0)
				members := k.members()
				require.Equal(t, c.all, members, "what is run once")
				for range 20_000 {
					late := k.members() // members come and go a sample later
					work, took := simulate(r, c.speed, members, noise, outliers)
					k.note(members, work, took)
					members = late
					all += took
					if members == c.want {
						right += took
					}
				}
				require.Greater(t, right.Seconds()/all.Seconds(), 0.93, "%s on %d, noise %g, outliers %g: %d", c.name, c.all, noise, outliers, k.best)
			}
		}
	}
}

// simulate returns what a member does, and in how long, with so many.
func simulate(r *rand.Rand, s speed, members int, noise, outliers float64) (work int64, took time.Duration) {
	v := s(members) / float64(members) * (1 + noise*(2*r.Float64()-1))
	switch x := r.Float64(); {
	case x < outliers/2: // the system has run something else instead
		v /= 20
	case x < outliers: // instead of the others
		v = s(1)
	}
	return int64(1e6 * v), 100 * time.Microsecond
}

// What is bound by memory at first, and not later, gets help again, and the other
// way round.
func TestCrewLooksAgain(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	var k crew
	k.start(2, 2)
	for i := range 20 {
		top := float64(1 + i%2)
		ran := time.Duration(0)
		for ran < 2*crewLongRest {
			work, took := simulate(r, func(n int) float64 { return min(float64(n), top) }, k.members(), 0.1, 0.05)
			k.note(k.members(), work, took)
			ran += took
		}
		require.EqualValues(t, top, k.best, "change %d", i)
	}
}

// A comparison hears nothing of members that are on their way.
func TestCrewOnItsWay(t *testing.T) {
	var k crew
	k.start(4, 4)
	require.Equal(t, 4, k.members())
	for range 1000 {
		k.note(1, 1e5, time.Microsecond)
		k.note(2, 1e5, time.Microsecond)
	}
	require.Zero(t, k.samples)
	for range crewTurn {
		k.note(3, 1e5, time.Microsecond) // not all have come: perhaps they never will
	}
	require.Equal(t, 2, k.members())
	for range 1000 {
		k.note(4, 1e5, time.Microsecond)
		k.note(3, 1e5, time.Microsecond)
		k.note(1, 1e5, time.Microsecond)
	}
	require.Equal(t, crewTurn, k.samples)
}

// What members do together is what they have done, not what they would do if all went
// as fast as the first.
func TestTally(t *testing.T) {
	const us = time.Microsecond
	for _, c := range []struct {
		name    string
		members int64
		others  tally
		work    int64 // of the first, in 30 µs
		want    int64
		known   bool
	}{
		{"two", 2, tally{300, 30 * us}, 300, 300, true},
		{"share one processor", 2, tally{150, 30 * us}, 150, 150, true},
		{"waits for a processor", 2, tally{10, 30 * us}, 300, 155, true},
		{"nothing told yet", 2, tally{}, 300, 0, false},
		{"little told yet", 2, tally{100, 10 * us}, 300, 0, false},
		{"half told", 2, tally{150, 15 * us}, 300, 300, true},
		{"more told", 2, tally{600, 60 * us}, 300, 300, true},
		{"one of three", 4, tally{300, 30 * us}, 300, 0, false},
		{"two of three", 4, tally{600, 60 * us}, 300, 300, true},
		{"three of three, slower", 4, tally{450, 90 * us}, 150, 150, true},
	} {
		got, known := c.others.average(c.members, c.work, 30*us)
		require.Equal(t, c.known, known, c.name)
		if known {
			require.Equal(t, c.want, got, c.name)
		}
	}
	var h helped
	h.add(5, us)
	before := h.since(tally{})
	h.add(7, 2*us)
	h.add(1, 3*us)
	require.Equal(t, tally{8, 5 * us}, h.since(before))
}

// squares has thread x add up k*x for all k below the turns that it takes, which is an
// expression of %x.
func squares(t *testing.T, turns string) *Program {
	t.Helper()
	f, err := ir.Parse(`kernel "squares" {
	mem @0 "out" buffer device index 0 size 4 align 4
	%out = mem @0
	%zero = const i32 0
	%one = const i32 1
	%six = const i32 6
	%four = const i64 4
	%x = builtin thread_position_in_grid.x
	%turns = ` + turns + `
	%wide = zext i64 %x
	%at = mul i64 %wide, %four
	%sum = loop %k i32 = %zero, %s i32 = %zero -> i32 {
		%end = eq bool %k, %turns
		if %end { break 0 %s } else { yield }
		%p = mul i32 %x, %k
		%t = add i32 %s, %p
		%next = add i32 %k, %one
		continue 0 %next, %t
	}
	store i32 device %out[%at + 0], %sum
	yield
}`)
	require.NoError(t, err)
	require.NoError(t, ir.Verify(f))
	p, err := Compile(f)
	require.NoError(t, err)
	return p
}

// The members of running launches come and go with what the crew wants.
func TestMembersComeAndGo(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	p := squares(t, "const i32 16")
	n := uint32(1 << 19)
	out := make([]uint32, n)
	l := Launch{Program: p, Grid: Size{n, 1, 1}, Group: Size{64, 1, 1}, Workers: 4,
		Mems: []Binding{{Ptr: unsafe.Pointer(unsafe.SliceData(out)), Len: int64(4 * n)}}}
	for i := range 50 {
		for _, k := range []*crew{p.crews.of(uint64(n)), p.brief.of(uint64(n))} {
			k.mu.Lock()
			k.start(4, 4)
			k.rest, k.best = time.Hour, 1+i%4 // and now and then a comparison
			if i%8 == 7 {
				k.rest, k.samples = 0, i%16
			}
			k.mu.Unlock()
		}
		clear(out)
		require.Nil(t, l.Run())
		for i, v := range out {
			if v != uint32(i*120) {
				t.Fatalf("thread %d: %d", i, v)
			}
		}
	}
}

// briefly returns a launch of so many groups of 64 threads.
func briefly(t *testing.T, turns string, groups uint32) *Launch {
	n := 64 * groups
	out := make([]uint32, n)
	return &Launch{Program: squares(t, turns), Grid: Size{n, 1, 1}, Group: Size{64, 1, 1}, Workers: 2, Engine: Interpreter,
		Mems: []Binding{{Ptr: unsafe.Pointer(unsafe.SliceData(out)), Len: int64(4 * n)}}}
}

// Launches that are too short for a comparison are compared with each other.
func TestBriefLaunches(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	for _, c := range []struct {
		name        string
		groups      uint32
		brief, long bool
	}{
		{"over at once", 4, false, false}, {"brief", 24, true, false}, {"long", 1024, false, true},
	} {
		l := briefly(t, "const i32 16", c.groups)
		brief, long := l.Program.brief.of(l.Grid.Volume()), l.Program.crews.of(l.Grid.Volume())
		for range 3 {
			require.Nil(t, l.Run(), c.name)
		}
		require.Equal(t, c.brief, brief.all != 0, "%s: asked the crew of brief launches", c.name)
		require.Equal(t, c.long, long.all != 0, "%s: asked the crew of long ones", c.name)
		if c.brief {
			require.Equal(t, 3, brief.samples, c.name)
		}
	}
}

// What has seemed brief, and better left to one, gets help if it takes long.
func TestBriefAtFirst(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(2))
	l := briefly(t, "lshr i32 %x, %six", 128) // of the first group nothing
	brief, long := l.Program.brief.of(l.Grid.Volume()), l.Program.crews.of(l.Grid.Volume())
	brief.start(2, 2)
	brief.rest, brief.best = time.Hour, 1
	require.Nil(t, l.Run())
	require.NotZero(t, long.all)
	require.Equal(t, time.Hour, brief.rest, "it was no sample of brief launches")
}

// There may be fewer processors than a launch may have members: then it has no crew.
func TestCrewOfOneProcessor(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for _, groups := range []uint32{24, 1024} {
		l := briefly(t, "const i32 16", groups)
		require.Nil(t, l.Run())
		require.Zero(t, l.Program.brief.of(l.Grid.Volume()).all)
		require.Zero(t, l.Program.crews.of(l.Grid.Volume()).all)
	}
}

// Fuel goes further where code is faster than is believed.
func TestHurry(t *testing.T) {
	for _, c := range []struct {
		work, took int64
		want       float64
	}{
		{1000, 1000, 1}, {4000, 1000, 1}, {16_000, 1000, 4}, {100, 1000, 1}, {1000, 0, 250},
	} {
		s := slice{done: c.work}
		s.measure(c.took)
		require.Equal(t, c.want, s.hurry())
		require.LessOrEqual(t, s.rate, usualRate)
	}
	require.Equal(t, 1., new(slice).hurry())
}
