package launch

import (
	"testing"

	"github.com/stretchr/testify/require"
)

var testLimits = Limits{Group: Size{1024, 1024, 64}, ThreadgroupMemory: 32 << 10, Buffer: 1 << 30}

func testKernel(args ...Arg) *Kernel {
	k := &Kernel{Name: "k", MaxThreads: 512, Width: 32, Args: args}
	k.Index()
	return k
}

func TestCheckGroup(t *testing.T) {
	k := testKernel()
	for _, c := range []struct {
		group Size
		want  string
	}{
		{Size{512, 1, 1}, ""}, {Size{8, 8, 8}, ""}, {Size{1, 512, 1}, ""},
		{Size{0, 1, 1}, "at least 1"}, {Size{1, 0, 1}, "at least 1"}, {Size{1, 1, -1}, "at least 1"},
		{Size{513, 1, 1}, "513 threads is past the pipeline's limit of 512"},
		{Size{1025, 1, 1}, "1024×1024×64"}, {Size{1, 1, 65}, "1024×1024×64"},
		{Size{1 << 62, 1 << 62, 1 << 62}, "1024×1024×64"},
		{Size{1024, 1024, 64}, "past the pipeline's limit"},
	} {
		got := k.checkGroup(c.group, &testLimits)
		if c.want == "" {
			require.Empty(t, got, "%v", c.group)
		} else {
			require.Contains(t, got, c.want, "%v", c.group)
		}
	}
}

func TestCheckGrid(t *testing.T) {
	for _, s := range []Size{{0, 1, 1}, {1, 0, 1}, {1, 1, 0}, {-1, 1, 1}, {1 << 32, 1, 1}, {1, 1, 1<<63 - 1}, {}} {
		require.NotEmpty(t, checkGrid(s, s), "%v", s)
	}
	for _, s := range []Size{{1, 1, 1}, {1<<32 - 1, 1, 1}, {1000, 1000, 1000}} {
		require.Empty(t, checkGrid(s, s), "%v", s)
	}
}

func TestCheckGridOfGroups(t *testing.T) {
	groups := Size{1 << 31, 1, 1}
	require.Empty(t, checkGrid(groups, groups.times(Size{1, 1024, 1})))
	require.NotEmpty(t, checkGrid(groups, groups.times(Size{2, 1, 1})))
	require.NotEmpty(t, checkGrid(groups, Size{1 << 62, 1, 1}.times(Size{1 << 62, 1, 1})))
}

func TestSizeCountDoesNotOverflow(t *testing.T) {
	require.Equal(t, 1<<63-1, Size{1 << 40, 1 << 40, 1}.count())
	require.Equal(t, 1<<63-1, Size{1 << 31, 1 << 31, 2}.count())
	require.Equal(t, 24, Size{2, 3, 4}.count())
}

func TestCheckBindings(t *testing.T) {
	k := testKernel(
		Arg{Index: 0, Name: "y", Used: true, Size: 4, Align: 4},
		Arg{Index: 1, Name: "x", Used: true, Size: 16, Align: 16},
		Arg{Index: 2, Name: "unused", Size: 4, Align: 4},
		Arg{Index: 30, Name: "n", Used: true, Size: 4, Align: 4},
		Arg{Index: 0, Name: "scratch", Kind: KindThreadgroup, Used: true},
	)
	k.StaticTG = 1024
	good := func() (uint32, [Bindings]binding, uint32, [Bindings]int) {
		var at [Bindings]binding
		at[0] = binding{room: 400}
		at[1] = binding{room: 16, offset: 32}
		at[30] = binding{room: 4, fit: FitExactly}
		return 1 | 2 | 1<<30, at, 1, [Bindings]int{16}
	}
	for _, c := range []struct {
		name string
		edit func(bound *uint32, at *[Bindings]binding, tgBound *uint32, tg *[Bindings]int)
		want string
	}{
		{"all there", func(*uint32, *[Bindings]binding, *uint32, *[Bindings]int) {}, ""},
		{"one missing", func(b *uint32, _ *[Bindings]binding, _ *uint32, _ *[Bindings]int) { *b &^= 1 << 30 }, "argument n at index 30 is not bound"},
		{"too short", func(_ *uint32, at *[Bindings]binding, _ *uint32, _ *[Bindings]int) { at[1].room = 12 }, "takes 16 bytes and has 12 from offset 32"},
		{"askew", func(_ *uint32, at *[Bindings]binding, _ *uint32, _ *[Bindings]int) { at[1].offset = 8 }, "offset 8, which is no multiple of its alignment 16"},
		{"a double for a float", func(_ *uint32, at *[Bindings]binding, _ *uint32, _ *[Bindings]int) { at[30].room = 8 }, "argument n at index 30 takes 4 bytes and was given 8"},
		{"a struct and a half", func(_ *uint32, at *[Bindings]binding, _ *uint32, _ *[Bindings]int) {
			at[1] = binding{room: 24, fit: FitWhole}
		}, "takes 16 bytes and was given 24"},
		{"two structs", func(_ *uint32, at *[Bindings]binding, _ *uint32, _ *[Bindings]int) {
			at[1] = binding{room: 32, fit: FitWhole}
		}, ""},
		{"no threadgroup memory", func(_ *uint32, _ *[Bindings]binding, b *uint32, _ *[Bindings]int) { *b = 0 }, "argument scratch at index 0 has no memory"},
		{"too much threadgroup memory", func(_ *uint32, _ *[Bindings]binding, _ *uint32, tg *[Bindings]int) { tg[0] = 32 << 10 }, "33792 bytes of threadgroup memory, 1024 of them declared in the kernel, are past the device's limit of 32768"},
	} {
		bound, at, tgBound, tg := good()
		c.edit(&bound, &at, &tgBound, &tg)
		got := k.checkBindings(bound, &at, tgBound, &tg, &testLimits)
		if c.want == "" {
			require.Empty(t, got, c.name)
		} else {
			require.Contains(t, got, c.want, c.name)
		}
	}
	other := testKernel(Arg{Index: 0, Name: "table", Kind: KindOther, Used: true})
	require.Contains(t, other.checkBindings(0, &[Bindings]binding{}, 0, &[Bindings]int{}, &testLimits), "argument table at index 0")
	other = testKernel(Arg{Index: 0, Name: "table", Kind: KindOther})
	require.Empty(t, other.checkBindings(0, &[Bindings]binding{}, 0, &[Bindings]int{}, &testLimits))
}

func BenchmarkCheckBindings(b *testing.B) {
	k := testKernel(Arg{Index: 0, Used: true, Size: 4, Align: 4}, Arg{Index: 1, Used: true, Size: 4, Align: 4}, Arg{Index: 2, Used: true, Size: 4, Align: 4})
	var at [Bindings]binding
	for i := range 3 {
		at[i].room = 4
	}
	for b.Loop() {
		if k.checkBindings(7, &at, 0, &[Bindings]int{}, &testLimits) != "" {
			b.Fatal("refused")
		}
	}
}
