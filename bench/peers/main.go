// Peers measures kernels on the CPU device against the same work as OpenCL C on
// PoCL, by both of its work-group methods, and as C by gcc, as a loop over the
// threads and in the best form that the compiler makes of it.
//
// Every peer is a process of its own. They take turns, and what counts is the
// median processor time of their runs, of all threads: a machine that others
// use too says little by the clock. Results are compared before anything is
// timed, and the first runs do not count: in them the CPU device makes code of
// the kernel, and finds out whether that is faster. What those take is for
// bench/sizes and make bench-compile to tell.
//
// usage: peers [-suite buffers|textures] [-rounds N] [-charts DIRECTORY] [-without PEER,…] [WORKLOAD…]
//
// The last lines are for scripts: how many times faster than each the CPU
// device is, as geometric means over the workloads.
package main

import (
	"flag"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"time"
)

// warm is how many runs of each peer do not count.
const warm = 5

var (
	gccLoop = []string{"-O3", "-march=native"}
	gccFast = []string{"-Ofast", "-march=native", "-mprefer-vector-width=512"}
)

// newRunner returns what a peer of this kind works with.
func newRunner(kind string) (runner, error) {
	switch kind {
	case "metal":
		return newMetalRunner()
	case "opencl":
		return newCLRunner()
	case "gcc":
		return &cRunner{"loop", gccLoop}, nil
	case "gcc-fast":
		return &cRunner{"loop", gccFast}, nil
	case "gcc-spmd":
		return &cRunner{"spmd", gccLoop}, nil
	case "gcc-spmd-fast":
		return &cRunner{"spmd", gccFast}, nil
	}
	return nil, fmt.Errorf("no kind of peer is called %q", kind)
}

// The peers, in the order of the table's columns. The best of PoCL's two and the
// best of all of gcc's are what the ratios are to.
const (
	us = iota
	interpreter
	poclLoops
	poclAuto
	gccPlain
	gccOfast
	gccSPMD
	gccSPMDOfast
	numPeers
)

func newPeers() []*peer {
	return []*peer{
		us:           {name: "aruminium", kind: "metal"},
		interpreter:  {name: "interpreter", kind: "metal", env: []string{"ARUMINIUM_ENGINE=interp"}},
		poclLoops:    {name: "PoCL loops", kind: "opencl", env: []string{"POCL_WORK_GROUP_METHOD=loops", "POCL_KERNEL_CACHE=0"}},
		poclAuto:     {name: "PoCL auto", kind: "opencl", env: []string{"POCL_WORK_GROUP_METHOD=auto", "POCL_KERNEL_CACHE=0"}},
		gccPlain:     {name: "gcc -O3", kind: "gcc"},
		gccOfast:     {name: "gcc -Ofast", kind: "gcc-fast"},
		gccSPMD:      {name: "SPMD -O3", kind: "gcc-spmd"},
		gccSPMDOfast: {name: "SPMD -Ofast", kind: "gcc-spmd-fast"},
	}
}

func main() {
	kind := flag.String("serve", "", "be a peer of this `kind`; for the program's own use")
	suite := flag.String("suite", "buffers", "the workloads: of `buffers` or of textures, which have no OpenCL C")
	rounds := flag.Int("rounds", 9, "runs of each workload that count")
	charts := flag.String("charts", "", "write charts into this `directory`")
	without := flag.String("without", "", "leave out these peers, by the names in the table, with commas between")
	flag.Parse()
	var err error
	switch {
	case *kind != "":
		err = serve(*kind)
	case *rounds < 1:
		err = fmt.Errorf("-rounds must be positive")
	default:
		err = run(*suite, *rounds, *charts, strings.Split(*without, ","), flag.Args())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "peers:", err)
		os.Exit(1)
	}
}

// outcome is what one workload took each peer, in seconds; NaN where it did not
// do it.
type outcome struct {
	w       *workload
	seconds [numPeers]float64
}

func run(suite string, rounds int, charts string, without, names []string) error {
	var todo []*workload
	for _, name := range names {
		w, err := find(name)
		if err != nil {
			return err
		}
		todo = append(todo, w)
	}
	if len(names) == 0 {
		list, ok := suites[suite]
		if !ok {
			return fmt.Errorf("no suite is called %q", suite)
		}
		for i := range list {
			todo = append(todo, &list[i])
		}
	}
	peers := newPeers()
	if suite == "textures" {
		peers[poclLoops], peers[poclAuto] = nil, nil
	}
	for i, p := range peers {
		if p == nil || slices.Contains(without, p.name) {
			peers[i] = nil
			continue
		}
		defer p.stop()
	}
	fmt.Printf("processor time in milliseconds, median of %d runs\n\n%-18s", rounds, "")
	for _, p := range newPeers() {
		fmt.Printf("%12s", p.name)
	}
	fmt.Println()
	var all []outcome
	var failures []string
	for _, w := range todo {
		o, bad := measure(w, peers, rounds)
		failures = append(failures, bad...)
		all = append(all, o)
		fmt.Printf("%-18s", w.name)
		for _, s := range o.seconds {
			if math.IsNaN(s) {
				fmt.Printf("%12s", "-")
			} else {
				fmt.Printf("%12.2f", s*1e3)
			}
		}
		fmt.Println("  ", w.about)
	}
	fmt.Println()
	for _, f := range failures {
		fmt.Println(f)
	}
	summarize(all)
	if charts != "" && suite == "buffers" {
		return drawChart(charts+"/peers.svg", all)
	}
	return nil
}

// measure has every peer do w, compares their results with those of the plain C
// loop, and times those that agree. It also returns what went wrong.
func measure(w *workload, peers []*peer, rounds int) (o outcome, failures []string) {
	o.w = w
	for i := range o.seconds {
		o.seconds[i] = math.NaN()
	}
	fail := func(p *peer, err error) { failures = append(failures, fmt.Sprintf("%s, %s: %v", w.name, p.name, err)) }
	var want [][]byte
	ready := make([]bool, len(peers))
	order := []int{gccPlain} // whose results are the measure of the others'
	for i := range peers {
		if i != gccPlain {
			order = append(order, i)
		}
	}
	for _, i := range order {
		p := peers[i]
		if p == nil {
			continue
		}
		if _, err := p.prepare(w); err != nil {
			if !strings.Contains(err.Error(), "has no spmd in C") {
				fail(p, err)
			}
			continue
		}
		got, err := p.results(w)
		if err == nil && want != nil {
			err = w.compare(got, want)
		}
		if err != nil {
			fail(p, err)
			continue
		}
		if i == gccPlain {
			want = got
		}
		ready[i] = true
	}
	times := make([][]time.Duration, len(peers))
	for round := range warm + rounds {
		for i, p := range peers {
			if !ready[i] {
				continue
			}
			d, err := p.run()
			if err != nil {
				fail(p, err)
				ready[i] = false
				continue
			}
			if round >= warm {
				times[i] = append(times[i], d)
			}
		}
	}
	for i, t := range times {
		if ready[i] {
			slices.Sort(t)
			o.seconds[i] = t[len(t)/2].Seconds()
		}
	}
	return o, failures
}

// least returns the smallest of the times, NaN if there is none.
func least(times ...float64) float64 {
	best := math.NaN()
	for _, t := range times {
		if !(t >= best) && !math.IsNaN(t) {
			best = t
		}
	}
	return best
}

func (o *outcome) pocl() float64 { return least(o.seconds[poclLoops], o.seconds[poclAuto]) }
func (o *outcome) gcc() float64  { return o.seconds[gccPlain] }
func (o *outcome) best() float64 {
	return least(o.seconds[gccPlain], o.seconds[gccOfast], o.seconds[gccSPMD], o.seconds[gccSPMDOfast])
}

// summarize prints a line for each kernel that is slower than a peer, and the
// means.
func summarize(all []outcome) {
	fmt.Printf("%-18s%12s%12s%12s   (times faster)\n", "", "PoCL", "gcc", "best gcc")
	worst, worstName := math.Inf(1), ""
	var sums [3]float64
	var counts [3]int
	for i := range all {
		o := &all[i]
		fmt.Printf("%-18s", o.w.name)
		for k, peer := range []float64{o.pocl(), o.gcc(), o.best()} {
			ratio := peer / o.seconds[us]
			if math.IsNaN(ratio) {
				fmt.Printf("%12s", "-")
				continue
			}
			fmt.Printf("%12.2f", ratio)
			sums[k] += math.Log(ratio)
			counts[k]++
			if k == 0 && ratio < worst {
				worst, worstName = ratio, o.w.name
			}
		}
		fmt.Println()
	}
	fmt.Println()
	for k, name := range []string{"pocl", "gcc", "best"} {
		if counts[k] > 0 {
			fmt.Printf("geomean %s %.3g\n", name, math.Exp(sums[k]/float64(counts[k])))
		}
	}
	if worstName != "" {
		fmt.Printf("worst pocl %.3g %s\n", worst, worstName)
	}
}
