//go:build (darwin && !embedded) || (linux && objcnative)

package msgsend

import (
	"cmp"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"

	"github.com/ebitengine/purego"
	"github.com/stretchr/testify/require"
)

// How C enters Go: threads that Go did not make, stacks that move, the
// collector at work, blocks runtimes.

// onThread runs a block on a thread that C makes, and returns a func that waits
// for it. A thread's function takes one address; so does a block without
// arguments, its own.
func onThread(t testing.TB, block ID) (join func()) {
	create, joinThread := blockSymbol("pthread_create"), blockSymbol("pthread_join")
	require.NotZero(t, create)
	thread := new(uintptr)
	require.Zero(t, int32(cCall(create, Addr(unsafe.Pointer(thread)), 0, literalAt(uint64(block)).invoke, uintptr(block), 0, 0)))
	return func() { cCall(joinThread, *thread, 0, 0, 0, 0, 0) }
}

// The assembly's table of entries is as long as this package's.
func TestEntries(t *testing.T) {
	for i, e := range entries {
		require.NotZero(t, e, i)
	}
	if runtime.GOARCH == "amd64" {
		require.Len(t, slices.Compact(slices.Sorted(slices.Values(entries[:]))), entryCount)
	}
}

func TestForeignThreads(t *testing.T) {
	live := LiveBlocks()
	var sum, gone atomic.Int64
	class := define(t, ClassDef{
		Methods: []Method{{"add:", "@@:q", func(c *Call) {
			sum.Add(int64(c.Word(0)))
			grow(100)
			c.ReturnID(Retain(c.Self)) // autoreleased: there has to be a pool
		}}},
		Dealloc: func(ID) { gone.Add(1) },
	})
	add := Selector{Name: "add:"}
	const threads = 100
	var joins []func()
	var blocks []ID
	for i := range threads {
		block := NewBlock(func(_, _, _, _ uintptr) {
			o := Object0(ID(class), &selClassNew)
			for range 20 {
				Release(Object1(o, &add, uintptr(i)))
			}
			if i%10 == 0 {
				runtime.GC()
			}
			Release(o)
		})
		blocks = append(blocks, block)
		joins = append(joins, onThread(t, block))
	}
	for _, join := range joins {
		join()
	}
	for _, b := range blocks {
		ReleaseBlock(b)
	}
	require.EqualValues(t, 20*threads*(threads-1)/2, sum.Load())
	require.EqualValues(t, threads, gone.Load())
	require.Equal(t, live, LiveBlocks())
}

// Foundation's own thread calls a method of a class defined in Go.
func TestThreadOfFoundation(t *testing.T) {
	got := make(chan ID, 1)
	class := define(t, ClassDef{Methods: []Method{{"run:", "v@:@", func(c *Call) { got <- Retain(c.ID(0)) }}}})
	o := Object0(ID(class), &selClassNew)
	s := newText("handed to a thread")
	detach := Selector{Name: "detachNewThreadSelector:toTarget:withObject:"}
	run := Selector{Name: "run:"}
	Send3(ID(LookupClass("NSThread")), &detach, uintptr(run.SEL()), uintptr(o), uintptr(s))
	select {
	case id := <-got:
		require.Equal(t, "handed to a thread", text(id))
		Release(id)
	case <-time.After(10 * time.Second):
		t.Fatal("the thread did not call")
	}
	Release(s)
	Release(o)
}

// Collections call methods defined in Go from C, which call back into C.
func TestCalledFromFoundation(t *testing.T) {
	selHash, selSort, selCount := Selector{Name: "hash"}, Selector{Name: "sortUsingSelector:"}, Selector{Name: "count"}
	compare := Selector{Name: "compareTo:"}
	class := define(t, ClassDef{Methods: []Method{
		{"compareTo:", "q@:@", func(c *Call) {
			grow(50)
			a, b := c.Value().(int), Value(c.ID(0)).(int)
			c.ReturnWord(uintptr(cmp.Compare(a, b)))
		}},
		{"hash", "", func(c *Call) { c.CallSuper() }},
		{"description", "", func(c *Call) { c.ReturnID(newText("described in Go")) }},
	}})
	array := Object0(ID(LookupClass("NSMutableArray")), &selArrayNew)
	const n = 200
	for i := range n {
		o := Object0(ID(class), &selClassNew)
		SetValue(o, i*77%n)
		Send1(array, &selAdd, uintptr(o))
		Release(o)
	}
	Pool(func() { Send1(array, &selSort, uintptr(compare.SEL())) })
	require.EqualValues(t, n, Word0(array, &selCount))
	for i := range n {
		o := Object1(array, &Selector{Name: "objectAtIndex:"}, uintptr(i))
		require.Equal(t, i, Value(o))
		require.Equal(t, Word0(o, &selHash), Word0(o, &selHash))
		Release(o)
	}
	d := Object0(array, &Selector{Name: "description"})
	require.Contains(t, text(d), "described in Go")
	Release(d)
	Release(array)
}

// Methods run while the collector does, on stacks that move, with floats and
// structs on their way.
func TestCollectorAndMovingStacks(t *testing.T) {
	type region struct{ v [6]uint64 }
	class := define(t, ClassDef{Methods: []Method{
		{"region:scale:", "{?={?=QQQ}{?=QQQ}}@:{?={?=QQQ}{?=QQQ}}d", func(c *Call) {
			var r region
			c.Struct(0, unsafe.Pointer(&r), 48)
			garbage := make([][]byte, 0, 8)
			for i := range r.v {
				garbage = append(garbage, make([]byte, 1<<10))
				grow(int(r.v[i]) % 200)
				r.v[i] = uint64(float64(r.v[i]) * c.Float64(1))
			}
			runtime.KeepAlive(garbage)
			c.ReturnStruct(unsafe.Pointer(&r), 48)
		}},
	}})
	sel, sig := Selector{Name: "region:scale:"}, Signature{Encoding: "{?={?=QQQ}{?=QQQ}}@:{?={?=QQQ}{?=QQQ}}d"}
	o := Object0(ID(class), &selClassNew)
	defer Release(o)
	stop := make(chan struct{})
	var collecting sync.WaitGroup
	collecting.Add(1)
	go func() {
		defer collecting.Done()
		for {
			select {
			case <-stop:
				return
			default:
				runtime.GC()
			}
		}
	}()
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range 200 {
				r := region{[6]uint64{1, 2, 3, uint64(g), uint64(i), 6}}
				want := region{[6]uint64{2, 4, 6, 2 * uint64(g), 2 * uint64(i), 12}}
				var f Frame
				f.AddStruct(unsafe.Pointer(&r), 48)
				f.AddFloat64(2)
				f.Struct(o, &sel, &sig, unsafe.Pointer(&r), 48)
				if r != want {
					t.Errorf("got %v, want %v", r, want)
				}
			}
		}()
	}
	wg.Wait()
	close(stop)
	collecting.Wait()
}

// Copies that a blocks runtime makes keep the Go func, and the last of them
// lets it go, whichever runtime of the process makes them.
func TestBlocksRuntimes(t *testing.T) {
	libraries := []string{"libBlocksRuntime.so.0", "libgnustep-base.so.1.28"}
	if runtime.GOOS == "darwin" {
		libraries = []string{"/usr/lib/libSystem.B.dylib"}
	}
	type entry struct{ copy, release uintptr }
	typed := BlockType{Encoding: "v@?QQQQ"}
	for _, name := range libraries {
		lib, err := purego.Dlopen(name, purego.RTLD_NOW|purego.RTLD_LOCAL)
		if err != nil {
			skipWithout(t, name)
		}
		rt := entry{symbol(t, lib, "_Block_copy"), symbol(t, lib, "_Block_release")}
		live, calls := LiveBlocks(), 0
		for _, make := range []func() ID{
			func() ID { return NewBlock(func(a, b, c, d uintptr) { calls += int(a + b + c + d) }) },
			func() ID {
				return typed.New(func(c *Call) { calls += int(c.Word(0) + c.Word(1) + c.Word(2) + c.Word(3)) })
			},
		} {
			block := make()
			first := ID(cCall(rt.copy, uintptr(block), 0, 0, 0, 0, 0))
			require.NotEqual(t, block, first, name)
			second := ID(cCall(rt.copy, uintptr(first), 0, 0, 0, 0, 0))
			require.Equal(t, first, second, "copying a copy counts")
			ReleaseBlock(block)
			require.Equal(t, live+1, LiveBlocks())
			CallBlock(first, 1, 2, 3, 4)
			cCall(rt.release, uintptr(first), 0, 0, 0, 0, 0)
			CallBlock(first, 1, 2, 3, 4)
			require.Equal(t, live+1, LiveBlocks())
			cCall(rt.release, uintptr(first), 0, 0, 0, 0, 0)
			require.Equal(t, live, LiveBlocks(), name)
		}
		require.Equal(t, 40, calls)
	}
}

// There is no limit to the number of blocks, and none is left.
func TestManyBlocks(t *testing.T) {
	const n = 50_000
	live, calls := LiveBlocks(), 0
	blocks := make([]ID, n)
	for i := range blocks {
		blocks[i] = NewBlock(func(_, _, _, _ uintptr) { calls++ })
	}
	require.Equal(t, live+n, LiveBlocks())
	for _, b := range blocks {
		CallBlock(b, 0, 0, 0, 0)
		ReleaseBlock(b)
	}
	require.Equal(t, n, calls)
	require.Equal(t, live, LiveBlocks())
}
