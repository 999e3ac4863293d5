//go:build cgo && (darwin || objcnative)

// Msgsend measures what a message costs, alone and in lists, against the other
// ways from Go to Objective-C: purego, cgo, and a loop in C. The methods are
// compiled by an Objective-C compiler and do nearly nothing.
//
// usage: msgsend [-rounds N]
//
// The last lines are for scripts: "ratio NAME N".
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"unsafe"

	"github.com/aruminium-go/aruminium/bench/native"
	"github.com/aruminium-go/aruminium/bench/turns"
	"github.com/aruminium-go/aruminium/internal/msgsend"
	"github.com/ebitengine/purego"
)

var (
	selSet      = msgsend.Selector{Name: "setBuffer:offset:atIndex:"}
	selDispatch = msgsend.Selector{Name: "dispatchThreads:threadsPerThreadgroup:"}
	selIndex    = msgsend.Selector{Name: "index"}
	selWidth    = msgsend.Selector{Name: "width"}
	selSelf     = msgsend.Selector{Name: "self"}
	selNew      = msgsend.Selector{Name: "new"}

	sigSizes = msgsend.Signature{Encoding: "v@:{?=QQQ}{?=QQQ}"}
)

func main() {
	rounds := flag.Int("rounds", 201, "rounds of each comparison")
	flag.Parse()
	if *rounds < 1 || flag.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "usage: msgsend [-rounds N], N positive")
		os.Exit(2)
	}
	b := newBench(*rounds)
	fmt.Printf("%s/%s, %s, median of %d rounds in turns, nanoseconds a message\n", runtime.GOOS, runtime.GOARCH, runtime.Version(), *rounds)
	b.single()
	b.sizes()
	b.lists(10)
	b.lists(100)
	b.lists(1000)
	b.callbacks()
	b.ratios.Add("allocs", b.allocs)
	b.ratios.Print()
}

type bench struct {
	rounds int
	probe  msgsend.ID
	set    method
	size   method
	ratios turns.Ratios
	allocs float64 // most of any message of ours
}

func newBench(rounds int) *bench {
	o := newProbe()
	return &bench{
		rounds: rounds, probe: msgsend.ID(o),
		set: newMethod(o, selSet.Name), size: newMethod(o, selDispatch.Name),
	}
}

// ours notes the allocations of what is measured.
func (b *bench) ours(rs ...turns.Result) {
	for _, r := range rs {
		b.allocs = max(b.allocs, r.Allocs)
	}
}

// sent checks that the last message of a candidate arrived.
func (b *bench) sent(sel *msgsend.Selector, want uintptr) {
	if got := msgsend.Word0(b.probe, sel); got != want {
		panic(fmt.Sprintf("-%s is %d, not %d: a message was lost", sel.Name, got, want))
	}
}

// single compares ways to send one message.
func (b *bench) single() {
	const n = 5_000 // short turns: what else runs disturbs few of them
	m := b.set
	index := newMethod(m.object, selIndex.Name)
	var registered func(id, sel, buffer, offset, index uintptr)
	purego.RegisterFunc(&registered, m.imp)
	cs := []turns.Candidate{
		turns.Of("cgo, cached IMP", n, func(n int) {
			for i := range n {
				m.cgo(0, uintptr(i), 1)
			}
		}),
		turns.Of("cgo, lookup and IMP", n, func(n int) {
			for i := range n {
				m.cgoLookup(0, uintptr(i), 2)
			}
		}),
		turns.Of("msgsend.Send3", n, func(n int) {
			for i := range n {
				msgsend.Send3(b.probe, &selSet, 0, uintptr(i), 3)
			}
		}),
		turns.Of("cgo, cached IMP, with a result", n, func(n int) {
			for range n {
				sink = index.cgoResult()
			}
		}),
		turns.Of("msgsend.Word0", n, func(n int) {
			for range n {
				sink = msgsend.Word0(b.probe, &selIndex)
			}
		}),
		turns.Of("msgsend.Object0, retained in a pool of its own", n, func(n int) {
			for range n {
				sink = uintptr(msgsend.Object0(b.probe, &selSelf))
			}
		}),
		turns.Of("purego.SyscallN", n, func(n int) {
			for i := range n {
				purego.SyscallN(m.imp, m.object, m.selector, 0, uintptr(i), 4)
			}
		}),
		turns.Of("purego.RegisterFunc, registered once", n/10, func(n int) {
			for i := range n {
				registered(m.object, m.selector, 0, uintptr(i), 5)
			}
		}),
		turns.Of("purego, objc.Send's shape", n/20, func(n int) {
			for i := range n {
				native.PuregoSend[uintptr](m.imp, m.object, m.selector, uintptr(0), uintptr(i), uintptr(6))
			}
		}),
		turns.Of("a loop in C, lookup and IMP", n, func(n int) { m.cLoopLookup(0, 7, n) }),
		turns.Of("a loop in C, cached IMP", n, func(n int) { m.cLoop(0, 8, n) }),
	}
	rs := turns.Compare(b.rounds, cs...)
	b.sent(&selIndex, 8)
	turns.Table("one message, -setBuffer:offset:atIndex:", 0, cs, rs)
	b.ours(rs[2], rs[4], rs[5])
	b.ratios.Add("cgo", rs[2].Median/rs[0].Median)
	b.ratios.Add("cgo-lookup", rs[2].Median/rs[1].Median)
	b.ratios.Add("cgo-result", rs[4].Median/rs[3].Median)
}

// sink keeps results from being optimised away.
var sink uintptr

// sizes compares ways to send one message with two structs by value.
func (b *bench) sizes() {
	const n = 5_000 // short turns: what else runs disturbs few of them
	m := b.size
	grid, group := size{2, 3, 4}, size{5, 6, 7}
	var registered func(id, sel uintptr, grid, group size)
	purego.RegisterFunc(&registered, m.imp)
	cs := []turns.Candidate{
		turns.Of("cgo, cached IMP", n, func(n int) {
			for range n {
				m.cgoSizes(grid, group)
			}
		}),
		turns.Of("msgsend.Send3x3", n, func(n int) {
			for range n {
				msgsend.Send3x3(b.probe, &selDispatch, grid.width, grid.height, grid.depth, group.width, group.height, group.depth)
			}
		}),
		turns.Of("msgsend.Frame", n, func(n int) {
			for range n {
				var f msgsend.Frame
				f.AddStruct(unsafe.Pointer(&grid), unsafe.Sizeof(grid))
				f.AddStruct(unsafe.Pointer(&group), unsafe.Sizeof(group))
				f.Send(b.probe, &selDispatch, &sigSizes)
			}
		}),
		turns.Of("purego.RegisterFunc, registered once", n/10, func(n int) {
			for range n {
				registered(m.object, m.selector, grid, group)
			}
		}),
		turns.Of("a list of 100, recorded and run", n, inLists(100, func(l *msgsend.List) {
			l.Send3x3(b.probe, &selDispatch, grid.width, grid.height, grid.depth, group.width, group.height, group.depth)
		})),
		turns.Of("a list of 100, replayed", n, replayed(100, func(l *msgsend.List) {
			l.Send3x3(b.probe, &selDispatch, grid.width, grid.height, grid.depth, group.width, group.height, group.depth)
		})),
		turns.Of("a loop in C, cached IMP", n, func(n int) { m.cLoopSizes(grid, group, n) }),
	}
	rs := turns.Compare(b.rounds, cs...)
	b.sent(&selWidth, 10)
	turns.Table("two MTLSize by value", 0, cs, rs)
	b.ours(rs[1], rs[2], rs[4], rs[5])
	b.ratios.Add("sizes/cgo", rs[1].Median/rs[0].Median)
}

// inLists records messages, n in all, into a list of so many and runs it each
// time it is full.
func inLists(size int, record func(*msgsend.List)) func(n int) {
	var l msgsend.List
	return func(n int) {
		for ; n > 0; n -= size {
			l.Reset()
			for range size {
				record(&l)
			}
			l.Run()
		}
	}
}

// replayed runs a list that was recorded once, n messages in all.
func replayed(size int, record func(*msgsend.List)) func(n int) {
	var l msgsend.List
	for range size {
		record(&l)
	}
	return func(n int) {
		for ; n > 0; n -= size {
			l.Run()
		}
	}
}

// lists compares ways to send many messages.
func (b *bench) lists(size int) {
	const n = 20_000
	m := b.set
	record := func(l *msgsend.List) { l.Send(b.probe, &selSet, 0, 1, 2) }
	// The receiver of all but the first is the first one's result.
	patched := func(l *msgsend.List) {
		if l.Len() == 0 {
			l.Send(b.probe, &selSelf)
			return
		}
		l.PatchSelf(l.Send(0, &selSet, 0, 1, 2), 0)
	}
	cs := []turns.Candidate{
		turns.Of("purego, objc.Send's shape, a crossing each", n/100, func(n int) {
			for i := range n {
				native.PuregoSend[uintptr](m.imp, m.object, m.selector, uintptr(0), uintptr(i), uintptr(6))
			}
		}),
		turns.Of("cgo, cached IMP, a crossing each", n/4, func(n int) {
			for i := range n {
				m.cgo(0, uintptr(i), 1)
			}
		}),
		turns.Of("recorded and run", n/2, inLists(size, record)),
		turns.Of("recorded and run, receivers patched", n/2, inLists(size, patched)),
		turns.Of("replayed", n, replayed(size, record)),
		turns.Of("replayed, receivers patched", n, replayed(size, patched)),
		turns.Of("a loop in C, cached IMP, entered for each list", n, func(n int) {
			for ; n > 0; n -= size {
				m.cLoop(0, 7, size)
			}
		}),
		turns.Of("a loop in C, cached IMP", n, func(n int) { m.cLoop(0, 8, n) }),
	}
	rs := turns.Compare(b.rounds, cs...)
	b.sent(&selIndex, 8)
	turns.Table(fmt.Sprintf("a list of %d", size), 6, cs, rs)
	b.ours(rs[2:6]...)
	if size == 100 {
		b.ratios.Add("list", rs[0].Median/rs[2].Median)
		b.ratios.Add("replay", rs[4].Median/rs[6].Median)
		b.ratios.Add("replay/bare-loop", rs[4].Median/rs[7].Median)
		b.ratios.Add("replay-patched", rs[5].Median/rs[6].Median)
	}
}

// callbacks compares ways from C to Go: a loop in C calls.
func (b *bench) callbacks() {
	const n = 2_000
	f1, f5 := puregoCallback1(), puregoCallback5()
	block := msgsend.NewBlock(func(a, b, c, d uintptr) { callbacks++ })
	defer msgsend.ReleaseBlock(block)
	class, err := msgsend.DefineClass(msgsend.ClassDef{Name: "BenchProbe", Methods: []msgsend.Method{
		{Selector: selSet.Name, Encoding: "v@:@QQ", Func: func(*msgsend.Call) { callbacks++ }},
	}})
	if err != nil {
		panic(err)
	}
	object := msgsend.Object0(msgsend.ID(class), &selNew)
	defer msgsend.Release(object)
	set := newMethod(uintptr(object), selSet.Name)
	cs := []turns.Candidate{
		turns.Of("cgo, an exported func", n, export),
		turns.Of("a block of msgsend", n, func(n int) { invoke(uintptr(block), n) }),
		turns.Of("a method of a class of msgsend", n, func(n int) { set.cLoop(0, 1, n) }),
		turns.Of("purego.NewCallback, one argument", n/8, func(n int) { call1(f1, n) }),
		turns.Of("purego.NewCallback, five arguments", n/8, func(n int) { call5(f5, n) }),
	}
	callbacks = 0
	rs := turns.Compare(b.rounds, cs...)
	if callbacks == 0 {
		panic("no callback arrived")
	}
	turns.Table("from C to Go", 0, cs, rs)
	b.ours(rs[1], rs[2])
	b.ratios.Add("block/cgo-export", rs[1].Median/rs[0].Median)
	b.ratios.Add("method/cgo-export", rs[2].Median/rs[0].Median)
}
