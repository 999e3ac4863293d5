// Bench measures what the project claims about speed against peers in the same
// run, and prints ratios: timings alone say little on a machine that others use
// too. Candidates of one comparison take turns, and the median of their rounds
// counts.
//
// usage: bench [-rounds N] [-charts DIRECTORY] [NAME…]
//
// NAME is message, dispatch, inference, kernels, stream, fp16, gc or compile; all if none is given. The last lines are
// for scripts: "ratio NAME N".
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"

	"github.com/aruminium-go/aruminium/bench/turns"
	"github.com/aruminium-go/aruminium/gpu"
)

// suite is one group of comparisons.
type suite struct {
	name string
	run  func(*env) error
}

var suites = []suite{
	{"message", messages},
	{"dispatch", dispatches},
	{"inference", inference},
	{"kernels", kernels},
	{"stream", streams},
	{"fp16", halves},
	{"gc", collections},
	{"compile", compiles},
}

// env is what suites share, and where they leave their ratios.
type env struct {
	dev    *gpu.Device
	queue  *gpu.Queue
	rounds int
	charts string // the directory for charts; empty for none
	ratios turns.Ratios
}

func main() {
	rounds := flag.Int("rounds", 11, "rounds of each comparison")
	charts := flag.String("charts", "", "write charts into this `directory`")
	flag.Parse()
	if *rounds < 1 {
		fmt.Fprintln(os.Stderr, "bench: -rounds must be positive")
		os.Exit(2)
	}
	for _, name := range flag.Args() {
		if !slices.ContainsFunc(suites, func(s suite) bool { return s.name == name }) {
			fmt.Fprintf(os.Stderr, "bench: no comparison is called %q; there are message, dispatch, inference, kernels, stream, fp16, gc and compile\n", name)
			os.Exit(2)
		}
	}
	if err := run(*rounds, *charts, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(rounds int, charts string, names []string) error {
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
	fmt.Printf("%s, %s/%s, %s, GOMAXPROCS %d, median of %d rounds\n", dev.Name(), runtime.GOOS, runtime.GOARCH, runtime.Version(), runtime.GOMAXPROCS(0), rounds)
	e := &env{dev: dev, queue: queue, rounds: rounds, charts: charts}
	for _, s := range suites {
		if len(names) > 0 && !slices.Contains(names, s.name) {
			continue
		}
		if err := s.run(e); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	e.ratios.Print()
	return nil
}

// candidate is one way of doing what is compared; f does it n times.
type candidate struct {
	name string
	n    int
	f    func(n int) error
}

// compare runs the candidates in turn and returns the median time that one of
// the n takes, in nanoseconds, a candidate each.
func (e *env) compare(cs ...candidate) ([]float64, error) {
	var failed error
	takers := make([]turns.Candidate, len(cs))
	for i, c := range cs {
		takers[i] = turns.Candidate{Name: c.name, N: c.n, Run: func(n int) {
			if failed == nil {
				if err := c.f(n); err != nil {
					failed = fmt.Errorf("%s: %w", c.name, err)
				}
			}
		}}
	}
	results := turns.Compare(e.rounds, takers...)
	if failed != nil {
		return nil, failed
	}
	medians := make([]float64, len(cs))
	for i, r := range results {
		medians[i] = r.Median
		fmt.Printf("  %-34s %12s   (fastest %s)\n", cs[i].name, duration(r.Median), duration(r.Fastest))
	}
	return medians, nil
}

// duration writes nanoseconds with three digits.
func duration(ns float64) string {
	switch {
	case ns < 1e3:
		return fmt.Sprintf("%.2f ns", ns)
	case ns < 1e6:
		return fmt.Sprintf("%.2f µs", ns/1e3)
	}
	return fmt.Sprintf("%.2f ms", ns/1e6)
}

func (e *env) ratio(name string, a, b float64) {
	e.ratios.Add(name, a/b)
	fmt.Printf("  = %.3g\n", a/b)
}
