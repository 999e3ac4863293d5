// Sizes measures what kernels cost by the number of their threads, from one to
// sixteen million, on each tier of the engine: the first run of a new pipeline,
// with whatever it compiles, and later ones; and how much faster they are on
// more processors. It says from how many threads on compiling pays, and how far
// from the better tier the engine's own choice is.
//
// Each tier is a process of its own, for the environment variable that chooses
// it. What counts is processor time, of all threads, but for the comparison of
// processors, which goes by the clock.
//
// usage: sizes [-charts DIRECTORY] [-rounds N]
//
// The last lines are for scripts: "ratio NAME N".
package main

import (
	"bufio"
	"bytes"
	"context"
	"flag"
	"fmt"
	"math"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"time"

	"github.com/aruminium-go/aruminium/bench/chart"
	"github.com/aruminium-go/aruminium/bench/turns"
	"github.com/aruminium-go/aruminium/gpu"
)

const source = `
#include <metal_stdlib>
using namespace metal;

kernel void saxpy(device const float *x [[buffer(0)]], device float *y [[buffer(1)]], uint id [[thread_position_in_grid]]) {
    y[id] = 0.5f * x[id] + y[id];
}

kernel void mandelbrot(device const float *x [[buffer(0)]], device float *y [[buffer(1)]], uint id [[thread_position_in_grid]]) {
    float2 c = float2(float(id & 1023) / 512 - 1.5f, float(id >> 10 & 1023) / 512 - 1), z = 0;
    uint n = 0;
    while (n < 64 && dot(z, z) < 4) {
        z = float2(z.x * z.x - z.y * z.y, 2 * z.x * z.y) + c;
        n++;
    }
    y[id] = n;
}

kernel void reduce(device const float *x [[buffer(0)]], device float *y [[buffer(1)]], uint id [[thread_position_in_grid]],
                   uint t [[thread_index_in_threadgroup]], uint w [[threads_per_threadgroup]], uint g [[threadgroup_position_in_grid]]) {
    threadgroup float part[256];
    part[t] = x[id];
    for (uint s = w / 2; s > 0; s /= 2) {
        threadgroup_barrier(mem_flags::mem_threadgroup);
        if (t < s) part[t] += part[t + s];
    }
    if (t == 0) y[g] = part[0];
}
`

var (
	kernels = []string{"saxpy", "mandelbrot", "reduce"}
	sizes   = []int{1, 16, 256, 4096, 1 << 16, 1 << 20, 1 << 24}
	tiers   = []string{"interp", "jit", "auto"}
)

// few threads take hardly longer than one, and are not the first that the process runs.
const few = 16

// longest is the processor time that a run may take to be measured.
const longest = 3 * time.Second

// cost is what a kernel of a size takes, in nanoseconds; NaN if that is too long.
type cost struct {
	first, later float64 // processor time of a run
	wall         float64 // of a later one
}

func main() {
	charts := flag.String("charts", "", "write charts into this `directory`")
	rounds := flag.Int("rounds", 5, "new pipelines of each kernel and size")
	child := flag.Bool("serve", false, "measure with the environment as it is; for the program's own use")
	flag.Parse()
	run := parent
	if *child {
		run = func(string, int) error { return serve(*rounds) }
	}
	if err := run(*charts, *rounds); err != nil {
		fmt.Fprintln(os.Stderr, "sizes:", err)
		os.Exit(1)
	}
}

// serve prints a line "KERNEL SIZE FIRST LATER WALL" for each kernel and size.
func serve(rounds int) error {
	dev, err := gpu.Open()
	if err != nil {
		return err
	}
	defer dev.Close()
	queue, err := dev.Queue()
	if err != nil {
		return err
	}
	defer queue.Close()
	most := sizes[len(sizes)-1]
	x, err := gpu.Make[float32](dev, most)
	if err != nil {
		return err
	}
	defer x.Close()
	y, err := gpu.Make[float32](dev, most)
	if err != nil {
		return err
	}
	defer y.Close()
	for i := range x.Slice() { // and both are in memory from now on
		x.Slice()[i], y.Slice()[i] = float32(i%7), 1
	}
	m := &meter{dev, queue, []any{x, y}}
	for _, k := range kernels {
		last := cost{}
		for i, n := range sizes {
			if i > 0 && !(last.first*float64(n)/float64(sizes[i-1]) < float64(longest)) {
				last = cost{math.NaN(), math.NaN(), math.NaN()}
			} else if last, err = m.measure(k, n, rounds); err != nil {
				return err
			}
			fmt.Println(k, n, last.first, last.later, last.wall)
		}
	}
	return nil
}

// meter is what kernels are measured with.
type meter struct {
	dev   *gpu.Device
	queue *gpu.Queue
	args  []any
}

// measure runs kernel k with n threads in new pipelines, and the last of them often.
func (m *meter) measure(k string, n, rounds int) (c cost, err error) {
	var firsts []float64
	for range rounds {
		lib, err := m.dev.Compile(source)
		if err != nil {
			return c, err
		}
		defer lib.Close()
		pipe, err := lib.Pipeline(k)
		if err != nil {
			return c, err
		}
		defer pipe.Close()
		run := func() error {
			return m.queue.Run(context.Background(), pipe, gpu.D1(n), m.args...)
		}
		begin := turns.CPUTime()
		if err := run(); err != nil {
			return c, err
		}
		took := turns.CPUTime() - begin
		firsts = append(firsts, float64(took))
		if len(firsts) == rounds || took > longest/10 {
			c.later, c.wall, err = often(run)
			if err != nil {
				return c, err
			}
			break
		}
	}
	slices.Sort(firsts)
	c.first = firsts[len(firsts)/2]
	return c, nil
}

// often runs what has run once before until it is known how long it takes.
func often(run func() error) (cpu, wall float64, err error) {
	times := 1
	for {
		begin, start := turns.CPUTime(), time.Now()
		for range times {
			if err := run(); err != nil {
				return 0, 0, err
			}
		}
		used := turns.CPUTime() - begin
		if used > 100*time.Millisecond {
			return float64(used) / float64(times), float64(time.Since(start)) / float64(times), nil
		}
		times *= 2
	}
}

// costs are by kernel and size.
type costs map[string]map[int]cost

// child measures in a process of its own.
func child(rounds, procs int, tier string) (costs, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(self, "-serve", "-rounds", strconv.Itoa(rounds))
	cmd.Env = append(os.Environ(), "ARUMINIUM_ENGINE="+tier, fmt.Sprintf("GOMAXPROCS=%d", procs))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", tier, err)
	}
	all := costs{}
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		var k string
		var n int
		var c cost
		if _, err := fmt.Sscan(lines.Text(), &k, &n, &c.first, &c.later, &c.wall); err != nil {
			return nil, fmt.Errorf("%s: %q: %w", tier, lines.Text(), err)
		}
		if all[k] == nil {
			all[k] = map[int]cost{}
		}
		all[k][n] = c
	}
	return all, nil
}

func parent(charts string, rounds int) error {
	fmt.Printf("%s/%s, %s, %d processors; processor time in µs\n", runtime.GOOS, runtime.GOARCH, runtime.Version(), runtime.NumCPU())
	byTier := map[string]costs{}
	for _, tier := range tiers {
		c, err := child(rounds, 1, tier)
		if err != nil {
			return err
		}
		byTier[tier] = c
	}
	byProcs := []costs{byTier["auto"]}
	for n := 2; n <= runtime.NumCPU(); n++ {
		c, err := child(rounds, n, "auto")
		if err != nil {
			return err
		}
		byProcs = append(byProcs, c)
	}
	var ratios turns.Ratios
	for _, k := range kernels {
		fmt.Printf("\n%-12s%12s%36s%36s\n%-12s%12s", k, "", "first run", "later runs", "", "threads")
		for range 2 {
			for _, tier := range tiers {
				fmt.Printf("%12s", tier)
			}
		}
		fmt.Println()
		worst := 0.0
		for _, n := range sizes {
			fmt.Printf("%-12s%12d", "", n)
			for _, tier := range tiers {
				fmt.Printf("%12.1f", byTier[tier][k][n].first/1e3)
			}
			for _, tier := range tiers {
				fmt.Printf("%12.1f", byTier[tier][k][n].later/1e3)
			}
			fmt.Println()
			better := byTier["jit"][k][n].first
			if x := byTier["interp"][k][n].first; x < better {
				better = x
			}
			worst = max(worst, byTier["auto"][k][n].first/better)
		}
		compiling := byTier["jit"][k][few].first - byTier["interp"][k][few].first
		pays := compiling / perThread(byTier, k)
		fmt.Printf("  making machine code takes %.0f µs, as much as it saves in %.0f threads\n", compiling/1e3, pays)
		ratios.Add("sizes/"+k+"/pays-from-threads", pays)
		ratios.Add("sizes/"+k+"/auto-to-better-at-worst", worst)
		for i, c := range byProcs[1:] {
			ratios.Add(fmt.Sprintf("sizes/%s/faster-on-%d-processors", k, i+2), byProcs[0][k][1<<20].wall/c[k][1<<20].wall)
		}
	}
	ratios.Print()
	if charts == "" {
		return nil
	}
	return draw(charts, byTier, byProcs)
}

// perThread returns what machine code saves a thread, in nanoseconds, where there are many.
func perThread(byTier map[string]costs, k string) float64 {
	const n = 1 << 16
	return (byTier["interp"][k][n].later - byTier["jit"][k][n].later) / n
}

// draw writes the charts.
func draw(dir string, byTier map[string]costs, byProcs []costs) error {
	var labels []string
	for _, n := range sizes {
		labels = append(labels, shortNumber(n))
	}
	first := chart.Lines{Title: "The first run of a new pipeline, compiling included", X: labels, XLabel: "threads", YLabel: "processor time, ms", Log: true}
	later := chart.Lines{Title: "Later runs", X: labels, XLabel: "threads", YLabel: "processor time a thread, ns", Log: true}
	names := map[string]string{"interp": "interpreted", "jit": "compiled", "auto": "as chosen"}
	for _, k := range kernels {
		for _, tier := range tiers {
			var a, b []float64
			for _, n := range sizes {
				a = append(a, byTier[tier][k][n].first/1e6)
				b = append(b, byTier[tier][k][n].later/float64(n))
			}
			if k != "reduce" {
				first.Series = append(first.Series, chart.Series{Name: k + " " + names[tier], Y: a})
			}
			if tier != "auto" {
				later.Series = append(later.Series, chart.Series{Name: k + " " + names[tier], Y: b})
			}
		}
	}
	cores := chart.Lines{Title: "A million threads on several processors", XLabel: "processors", YLabel: "times as fast as on one"}
	for i := range byProcs {
		cores.X = append(cores.X, strconv.Itoa(i+1))
	}
	for _, k := range kernels {
		var y []float64
		for _, c := range byProcs {
			y = append(y, byProcs[0][k][1<<20].wall/c[k][1<<20].wall)
		}
		cores.Series = append(cores.Series, chart.Series{Name: k, Y: y})
	}
	for name, c := range map[string]*chart.Lines{"sizes-first.svg": &first, "sizes-later.svg": &later, "sizes-cores.svg": &cores} {
		if err := chart.Save(dir+"/"+name, c); err != nil {
			return err
		}
	}
	return nil
}

// shortNumber writes powers of two as they are said.
func shortNumber(n int) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%dM", n>>20)
	case n >= 1<<10:
		return fmt.Sprintf("%dK", n>>10)
	}
	return strconv.Itoa(n)
}
