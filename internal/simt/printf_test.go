package simt_test

import (
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/printf"
	"github.com/aruminium-go/aruminium/internal/simt"
	"github.com/aruminium-go/aruminium/internal/simt/ref"
)

// said keeps what kernels say.
type said struct {
	mu    sync.Mutex
	lines []string
}

func (s *said) Log(m *ir.Message, args []uint64) {
	pieces, _ := printf.Parse(m.Format)
	line := m.Level.String() + ": " + string(printf.Append(nil, pieces, args, m.Strings))
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lines = append(s.lines, line)
}

const talking = `kernel "talk" {
	message #0 info "sub" "cat" "even %d %u"
	message #1 fault "" "" "%s: %lld %.1f %d" "first" "then"
	%1 = builtin thread_index_in_threadgroup
	%2 = const i32 1
	%3 = const i32 0
	%4 = and i32 %1, %2
	%5 = eq bool %4, %3
	if %5 {
		printf #0 %1, %2
		yield
	} else {
		yield
	}
	%6 = const i32 7
	%7 = and i32 %1, %6
	loop %8 i32 = %3 {
		%9 = sext i64 %1
		%10 = stof f32 %8
		%11 = ule bool %2, %8
		%12 = zext i32 %11
		printf #1 %12, %9, %10, %8
		%13 = add i32 %8, %2
		%14 = ule bool %13, %7
		if %14 {
			continue 0 %13
		} else {
			break 0
		}
		break 0
	}
	yield
}`

func TestPrintf(t *testing.T) {
	f := parse(t, talking)
	for _, sh := range shapes {
		run := func(run func(l *simt.Launch)) []string {
			var log said
			run(&simt.Launch{Grid: sh.grid, Group: sh.group, Log: &log})
			slices.Sort(log.lines)
			return log.lines
		}
		want := run(func(l *simt.Launch) {
			fault, err := ref.Run(f, l)
			require.NoError(t, err)
			require.Nil(t, fault)
		})
		require.GreaterOrEqual(t, len(want), int(sh.grid.Volume()))
		interpret := simt.Force(simt.Interpreter, nil, 0)
		require.Equal(t, want, run(func(l *simt.Launch) {
			l.Program = compile(t, talking)
			require.Nil(t, l.Run())
		}), "interpreter, %v", sh)
		interpret()
		for _, isa := range isas(t) {
			native := simt.Force(simt.Native, &isa, 0)
			require.Equal(t, want, run(func(l *simt.Launch) {
				l.Program = compile(t, talking)
				require.Nil(t, l.Run())
				compiled(t, l.Program)
			}), "%v, %v", isa, sh)
			native()
		}
	}
}

func TestPrintfUnheard(t *testing.T) {
	l := simt.Launch{Program: compile(t, talking), Grid: size(64, 1, 1), Group: size(64, 1, 1)}
	require.Nil(t, l.Run())
}
