//go:build (darwin && !embedded) || (linux && objcnative)

package msgsend

import (
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// collect runs the garbage collector over and over until the test ends.
func collect(t *testing.T) {
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-stop:
				return
			case <-time.After(time.Millisecond):
				runtime.GC()
			}
		}
	}()
	t.Cleanup(func() {
		close(stop)
		<-stopped
	})
}

// Eight goroutines send every message, by frames and in lists, each to an
// object of its own, while the collector runs.
func TestHazardGoroutines(t *testing.T) {
	collect(t)
	rounds := 2
	if testing.Short() {
		rounds = 1
	}
	var wg sync.WaitGroup
	for g := range 8 {
		o := newOracle(t)
		wg.Add(1)
		go func() {
			defer wg.Done()
			r := rand.New(rand.NewPCG(uint64(g), 17))
			var l List
			for range rounds {
				for _, m := range oracleMethods() {
					c := newMessage(m, r)
					c.prepare(o)
					if err := c.send(o); err != nil {
						t.Error(err)
					} else if err := c.check(o); err != nil {
						t.Error(err)
					}
					l.Reset()
					c.prepare(o)
					rec := c.record(&l, o.id)
					if n := l.Run(); n != -1 {
						t.Errorf("stopped at %d", n)
					}
					c.checkRecord(t, &l, rec, o)
				}
			}
		}()
	}
	wg.Wait()
}

// Every method calls back before it returns, and the callback makes the
// goroutine's stack move: the message's arguments, result and record lay on it.
func TestHazardStackMoves(t *testing.T) {
	collect(t)
	var callbacks atomic.Int64
	depth := 0
	block := NewBlock(func(_, _, _, _ uintptr) {
		callbacks.Add(1)
		grow(depth)
		runtime.Gosched()
	})
	defer ReleaseBlock(block)
	o := newOracle(t)
	o.state.hook = uintptr(block)
	r := rand.New(rand.NewPCG(19, 20))
	sent := int64(0)
	for i, m := range oracleMethods() {
		if testing.Short() && i%4 != 0 {
			continue
		}
		depth = 20 << (i % 6) // a new goroutine's stack has room for none of these
		done := make(chan error)
		go func() {
			c := newMessage(m, r)
			c.prepare(o)
			err := c.send(o)
			if err == nil {
				err = c.check(o)
			}
			done <- err
		}()
		if err := <-done; err != nil {
			t.Error(err)
		}
		sent++
	}
	require.Equal(t, sent, callbacks.Load())

	// The same for all messages in one list, whose pool is open meanwhile.
	var l List
	var messages []*message
	var oracles []oracle
	for _, m := range oracleMethods() {
		c, o := newMessage(m, r), newOracle(t)
		o.state.hook = uintptr(block)
		c.prepare(o)
		c.record(&l, o.id)
		messages, oracles = append(messages, c), append(oracles, o)
	}
	done := make(chan int)
	go func() { done <- l.Run() }()
	require.Equal(t, -1, <-done)
	for i, c := range messages {
		c.checkRecord(t, &l, i, oracles[i])
	}
}

// A callback sends messages whose methods call back, and so on, while the stack
// grows under all of them.
func TestHazardNestedCallbacks(t *testing.T) {
	const deep = 200
	oracles := make([]oracle, deep)
	for i := range oracles {
		oracles[i] = newOracle(t)
	}
	m := methodOf("{?={?=QQQ}{?=QQQ}}@:{?=QQQ}{?=QQQ}Q")
	r := rand.New(rand.NewPCG(21, 22))
	var send func(i int)
	send = func(i int) {
		if i == deep {
			runtime.GC()
			return
		}
		c := newMessage(m, r)
		c.prepare(oracles[i])
		block := NewBlock(func(_, _, _, _ uintptr) {
			grow(3)
			send(i + 1)
		})
		oracles[i].state.hook = uintptr(block)
		if err := c.send(oracles[i]); err != nil {
			t.Error(err)
		} else if err := c.check(oracles[i]); err != nil {
			t.Error(err)
		}
		ReleaseBlock(block)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		send(0)
	}()
	<-done
	require.Zero(t, LiveBlocks())
}

// A hundred thousand autoreleased results without any pool, from goroutines
// that move between threads: none is left.
func TestHazardAutoreleased(t *testing.T) {
	class, live := counted(t)
	require.Zero(t, live())
	var wg sync.WaitGroup
	for range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			var l List
			for range 50 {
				l.Object(class, &selCounted)
			}
			for range 125 {
				for range 50 {
					Release(Object0(class, &selCounted))
				}
				runtime.Gosched()
				if n := l.Run(); n != -1 {
					t.Errorf("stopped at %d", n)
				}
				for i := range l.Len() {
					Release(l.Take(i))
				}
			}
		}()
	}
	wg.Wait()
	require.Zero(t, live())
}

// Fifty thousand blocks, each copied by C, called and given back: none is left.
func TestHazardBlocks(t *testing.T) {
	lib := oracleLibrary(t)
	copyBlocks := symbol(t, lib, "copyBlocks")
	collect(t)
	before := LiveBlocks()
	var calls atomic.Int64
	var wg sync.WaitGroup
	for range 5 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range 10000 {
				block := NewBlock(func(a, _, _, _ uintptr) { calls.Add(int64(a)) })
				if i%100 == 0 {
					cCall(copyBlocks, uintptr(block), 10, 0, 0, 0, 0)
				}
				CallBlock(block, 1, 0, 0, 0)
				ReleaseBlock(block)
			}
		}()
	}
	wg.Wait()
	require.EqualValues(t, 50000, calls.Load())
	require.Equal(t, before, LiveBlocks())

	// All alive at once.
	blocks := make([]ID, 50000)
	for i := range blocks {
		blocks[i] = NewBlock(func(_, _, _, _ uintptr) {})
	}
	require.Equal(t, before+len(blocks), LiveBlocks())
	for _, b := range blocks {
		ReleaseBlock(b)
	}
	require.Equal(t, before, LiveBlocks())
}

// Completion handlers called on threads that C made, by copies that outlive the
// caller's reference.
func TestHazardCompletions(t *testing.T) {
	lib := oracleLibrary(t)
	start, join := symbol(t, lib, "startCompletions"), symbol(t, lib, "joinCompletions")
	collect(t)
	before := LiveBlocks()
	o := newOracle(t)
	const threads, calls = 8, 250
	for range 4 {
		var seen [threads * calls]atomic.Int32
		var wrong atomic.Int64
		block := NewBlock(func(object, i, _, _ uintptr) {
			grow(int(i % 64))
			if ID(object) != o.id || SelectorName(selOracleState.SEL()) != "state" {
				wrong.Add(1)
			}
			seen[i].Add(1)
		})
		all := cCall(start, threads, calls, uintptr(block), uintptr(o.id), 0, 0)
		ReleaseBlock(block)
		cCall(join, all, 0, 0, 0, 0, 0)
		for i := range seen {
			require.EqualValues(t, 1, seen[i].Load())
		}
		require.Zero(t, wrong.Load())
		require.Equal(t, before, LiveBlocks())
	}
}

// A completion handler ends a wait in Go.
func TestHazardWait(t *testing.T) {
	lib := oracleLibrary(t)
	start, join := symbol(t, lib, "startCompletions"), symbol(t, lib, "joinCompletions")
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for range 20 {
		done := make(chan uintptr, 1)
		block := NewBlock(func(_, i, _, _ uintptr) { done <- i })
		all := cCall(start, 1, 1, uintptr(block), 0, 0, 0)
		select {
		case <-done:
		case <-time.After(time.Minute):
			t.Fatal("the handler was not called")
		}
		ReleaseBlock(block)
		cCall(join, all, 0, 0, 0, 0, 0)
	}
}
