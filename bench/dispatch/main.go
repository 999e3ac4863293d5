//go:build cgo && linux && objcnative

// Dispatch measures what launches cost the program that makes them, on a native
// Objective-C runtime: package dispatch and the same shapes written with package
// gpu's plain calls, with purego, with cgo and in Objective-C.
//
// The queue, its command buffers and encoders are compiled and do next to nothing, so
// what is measured is how they are called. The device behind them either is done at
// once, which leaves the cost of the calls, or sleeps for each command
// buffer, as a GPU that is busy leaves the processor alone, which shows how much of
// the calls' cost it hides.
//
// usage: dispatch [-rounds N] [-charts DIRECTORY]
//
// The last lines are for scripts: "ratio NAME N".
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"github.com/aruminium-go/aruminium/bench/chart"
	"github.com/aruminium-go/aruminium/bench/turns"
)

func main() {
	rounds := flag.Int("rounds", 51, "rounds of each comparison")
	charts := flag.String("charts", "", "write the chart into this `directory`")
	flag.Parse()
	if *rounds < 1 || flag.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "usage: dispatch [-rounds N] [-charts DIRECTORY], N positive")
		os.Exit(2)
	}
	if err := run(*rounds, *charts); err != nil {
		fmt.Fprintln(os.Stderr, "dispatch:", err)
		os.Exit(1)
	}
}

// named is a way as tables and ratios call it.
type named struct {
	name, title string
	way         way
}

func run(rounds int, charts string) error {
	fmt.Printf("%s/%s, %s, GOMAXPROCS %d, median of %d rounds in turns\n", runtime.GOOS, runtime.GOARCH, runtime.Version(), runtime.GOMAXPROCS(0), rounds)
	h, err := newHouse()
	if err != nil {
		return err
	}
	d, err := newDispatch(h)
	if err != nil {
		return err
	}
	queue, pipe, buf := uintptr(h.que.Raw()), uintptr(h.pipe.Raw()), uintptr(h.buf.Raw())
	messages := func(s sender, told bool) *viaMessages {
		return &viaMessages{queue, pipe, buf, h.vary, newMethods(queue), s, told}
	}
	ways := []named{
		{"recorded", "a Recording", viaRecording{d}},
		{"dispatch", "a Batch", d},
		{"gpu", "gpu's Commands", viaGPU{h}},
		{"purego", "purego, objc.Send's shape", messages(puregoSender{}, false)},
		{"cgo", "cgo, a call for each message", messages(cgoSender{}, false)},
		{"told", "cgo, and a call to Go at the end", messages(cgoSender{}, true)},
		{"objc", "Objective-C, a call for each batch", viaC{queue, pipe, buf, h.vary}},
	}
	var ratios turns.Ratios
	plot := &chart.Bars{Title: "Cost of a launch to its caller, against purego's objc.Send", Reference: 1}
	for i := range ways {
		plot.Series = append(plot.Series, chart.Series{Name: ways[i].name})
	}
	for _, launches := range []int{1, 10, 100, 1000} {
		cost, err := calls(ways, "", launches, rounds, &ratios)
		if err != nil {
			return err
		}
		plot.Names = append(plot.Names, fmt.Sprint(launches)+" to a batch")
		for i, w := range ways {
			plot.Series[i].Y = append(plot.Series[i].Y, cost["purego"]/cost[w.name])
		}
	}
	h.vary.mask = 0
	if _, err := calls(ways, "same-", 100, rounds, &ratios); err != nil {
		return err
	}
	h.vary.mask = 1
	if err := overlap(ways, rounds, &ratios); err != nil {
		return err
	}
	ratios.Print()
	if charts == "" {
		return nil
	}
	return chart.Save(filepath.Join(charts, "dispatch.svg"), plot)
}

// calls compares what a launch costs if the device is done at once, and returns it by the names of the
// ways. Kind is what the launches bind: other things each, or "same-".
func calls(ways []named, kind string, launches, rounds int, ratios *turns.Ratios) (map[string]float64, error) {
	setBusy(0)
	var failed error
	cs := make([]turns.Candidate, len(ways))
	for i, w := range ways {
		if err := counted(w.name, launches, func() error { return w.way.batch(launches) }); err != nil {
			return nil, err
		}
		n := max(launches, 1000)
		if w.name == "purego" {
			n = max(launches, 100)
		}
		cs[i] = turns.Of(w.title, n, func(n int) {
			for ; n > 0; n -= launches {
				if err := w.way.batch(launches); err != nil && failed == nil {
					failed = err
				}
			}
		})
	}
	rs := turns.Compare(rounds, cs...)
	if failed != nil {
		return nil, failed
	}
	title := fmt.Sprintf("a launch, %d to a command buffer", launches)
	if kind != "" {
		title += ", which bind the same"
	}
	turns.Table(title, len(ways)-1, cs, rs)
	cost := map[string]float64{}
	for i, w := range ways {
		cost[w.name] = rs[i].Median
	}
	at := kind + fmt.Sprint(launches)
	for _, ours := range []string{"recorded", "dispatch", "gpu"} {
		ratios.Add(ours+"-"+at+"/objc", cost[ours]/cost["objc"])
		ratios.Add(ours+"-"+at+"/cgo", cost[ours]/cost["cgo"])
		ratios.Add(ours+"-"+at+"/told", cost[ours]/cost["told"])
		ratios.Add("purego/"+ours+"-"+at, cost["purego"]/cost[ours])
	}
	ratios.Add("dispatch-"+at+"-allocs", rs[0].Allocs+rs[1].Allocs)
	return cost, nil
}

// overlap compares batches that are waited for one by one with batches of which
// some are in flight, on a device that takes a while for each. Hidden is the part
// of the shorter one, the calls or the device's work, that takes no time of its
// own because the longer one goes on meanwhile. What the device takes is measured in flight, too,
// with batches of one launch: it begins late and is waited for at the end.
func overlap(ways []named, rounds int, ratios *turns.Ratios) error {
	const (
		launches = 1000
		batches  = 50
		busy     = 500_000
	)
	defer setBusy(0)
	fmt.Printf("\nbatches of %d launches on a device that takes %d µs for each; the fastest turns\n", launches, busy/1000)
	fmt.Printf("  %-38s %12s %12s %12s %9s\n", "", "calls µs", "device µs", "in flight µs", "hidden")
	for _, w := range ways {
		var failed error
		at := func(name string, ns, launches int, f func(n, launches int) error) turns.Candidate {
			return turns.Of(name, batches, func(int) {
				setBusy(ns)
				if err := counted(w.name, batches*launches, func() error { return f(batches, launches) }); err != nil && failed == nil {
					failed = err
				}
			})
		}
		waited := func(n, launches int) error {
			for range n {
				if err := w.way.batch(launches); err != nil {
					return err
				}
			}
			return nil
		}
		rs := turns.Compare(max(1, rounds/10),
			at("calls", 0, launches, waited),
			at("device", busy, 1, w.way.batches),
			at("in flight", busy, launches, w.way.batches))
		if failed != nil {
			return failed
		}
		calls, device, several := rs[0].Fastest, rs[1].Fastest, rs[2].Fastest // a wake-up that comes late only adds
		hidden := (calls + device - several) / min(calls, device)
		fmt.Printf("  %-38s %12.1f %12.1f %12.1f %8.0f%%\n", w.title, calls/1e3, device/1e3, several/1e3, 100*hidden)
		ratios.Add("overlap-"+w.name, hidden)
		ratios.Add("in-flight-"+w.name+"/longer-one", several/max(calls, device))
	}
	return nil
}
