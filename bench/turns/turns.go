// Package turns measures candidates side by side: they take turns, so that what
// else the machine does meets them alike, and the median of a candidate's turns
// counts.
package turns

import (
	"fmt"
	"runtime"
	"slices"
	"time"
)

// Candidate is one way of doing what is compared: Run does it n times, and N is
// how many times a turn does it.
type Candidate struct {
	Name string
	N    int
	Run  func(n int)
}

// Of returns a Candidate.
func Of(name string, n int, run func(n int)) Candidate { return Candidate{name, n, run} }

// Result is what a candidate costs each of the N times.
type Result struct {
	Median, Fastest float64 // nanoseconds
	Allocs          float64
}

// Compare warms the candidates up and lets each have so many turns.
func Compare(rounds int, cs ...Candidate) []Result {
	times := make([][]float64, len(cs))
	results := make([]Result, len(cs))
	for i, c := range cs {
		var before, after runtime.MemStats
		c.Run(1)
		runtime.ReadMemStats(&before)
		c.Run(c.N)
		runtime.ReadMemStats(&after)
		results[i].Allocs = float64(after.Mallocs-before.Mallocs) / float64(c.N)
		if results[i].Allocs < 0.01 { // the runtime's own
			results[i].Allocs = 0
		}
	}
	for range rounds {
		for i, c := range cs {
			begin := time.Now()
			c.Run(c.N)
			times[i] = append(times[i], float64(time.Since(begin))/float64(c.N))
		}
	}
	for i, t := range times {
		slices.Sort(t)
		results[i].Median, results[i].Fastest = t[len(t)/2], t[0]
	}
	return results
}

// Table prints a comparison: a row each, with the ratio to the row of an index.
func Table(title string, base int, cs []Candidate, rs []Result) {
	fmt.Printf("\n%-52s %10s %10s %8s %8s\n", title, "median ns", "fastest", "ratio", "allocs")
	for i, r := range rs {
		fmt.Printf("  %-50s %10.2f %10.2f %8.2f %8.3g\n", cs[i].Name, r.Median, r.Fastest, r.Median/rs[base].Median, r.Allocs)
	}
}

// Ratios are what a comparison comes to, for scripts.
type Ratios []struct {
	name  string
	value float64
}

// Add notes a ratio.
func (r *Ratios) Add(name string, value float64) {
	*r = append(*r, struct {
		name  string
		value float64
	}{name, value})
}

// Print prints a line "ratio NAME N" for each.
func (r Ratios) Print() {
	fmt.Println()
	for _, x := range r {
		fmt.Printf("ratio %s %.3g\n", x.name, x.value)
	}
}
