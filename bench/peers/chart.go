package main

import (
	"github.com/aruminium-go/aruminium/bench/chart"
)

// drawChart draws how many times faster than each peer the workloads are.
func drawChart(path string, all []outcome) error {
	c := chart.Bars{
		Title: "Kernels on the CPU device: times faster than", Reference: 1,
		Series: []chart.Series{{Name: "PoCL, better method"}, {Name: "gcc -O3, thread loop"}, {Name: "gcc, best form"}},
	}
	for i := range all {
		o := &all[i]
		c.Names = append(c.Names, o.w.name)
		for k, peer := range []float64{o.pocl(), o.gcc(), o.best()} {
			c.Series[k].Y = append(c.Series[k].Y, peer/o.seconds[us])
		}
	}
	return chart.Save(path, &c)
}
