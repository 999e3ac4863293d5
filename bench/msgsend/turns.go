//go:build cgo && (darwin || objcnative)

package main

import (
	"fmt"
	"runtime"
	"slices"
	"time"
)

// candidate is one way of doing what is compared: run does it n times.
type candidate struct {
	name string
	n    int
	run  func(n int)
}

// result is what a candidate costs each of the n times.
type result struct {
	median, fastest float64 // nanoseconds
	allocs          float64
}

// compare lets the candidates take turns, so that what else the machine does
// meets them alike, and returns what they cost.
func compare(rounds int, cs ...candidate) []result {
	times := make([][]float64, len(cs))
	results := make([]result, len(cs))
	for i, c := range cs { // warms up, too
		var before, after runtime.MemStats
		c.run(1)
		runtime.ReadMemStats(&before)
		c.run(c.n)
		runtime.ReadMemStats(&after)
		results[i].allocs = float64(after.Mallocs-before.Mallocs) / float64(c.n)
		if results[i].allocs < 0.01 { // the runtime's own
			results[i].allocs = 0
		}
	}
	for range rounds {
		for i, c := range cs {
			begin := time.Now()
			c.run(c.n)
			times[i] = append(times[i], float64(time.Since(begin))/float64(c.n))
		}
	}
	for i, t := range times {
		slices.Sort(t)
		results[i].median, results[i].fastest = t[len(t)/2], t[0]
	}
	return results
}

// table prints a comparison: a row each, with the ratio to the row of an index.
func table(title string, base int, cs []candidate, rs []result) {
	fmt.Printf("\n%-52s %10s %10s %8s %8s\n", title, "median ns", "fastest", "ratio", "allocs")
	for i, r := range rs {
		fmt.Printf("  %-50s %10.2f %10.2f %8.2f %8.3g\n", cs[i].name, r.median, r.fastest, r.median/rs[base].median, r.allocs)
	}
}
