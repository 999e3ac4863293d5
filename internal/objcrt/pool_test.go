package objcrt

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

func autoreleased(t *testing.T) ID {
	t.Helper()
	id, ok := Autorelease(newCounter())
	require.True(t, ok)
	return id
}

func TestPoolsNest(t *testing.T) {
	live := LiveCount()
	outer := PushPool()
	a := autoreleased(t)
	inner := PushPool()
	b := autoreleased(t)
	require.True(t, Valid(b))
	inner.Pop()
	require.False(t, Valid(b))
	require.True(t, Valid(a))
	c := autoreleased(t)
	outer.Pop()
	require.False(t, Valid(a))
	require.False(t, Valid(c))
	outer.Pop() // a second time does nothing
	require.Equal(t, live, LiveCount())
}

// Popping a pool pops the pools inside it.
func TestPopOuterFirst(t *testing.T) {
	outer := PushPool()
	inner := PushPool()
	a := autoreleased(t)
	outer.Pop()
	require.False(t, Valid(a))
	inner.Pop()
	o := newCounter()
	_, ok := Autorelease(o)
	require.False(t, ok, "no pool is open")
	Release(o)
}

func TestNoPool(t *testing.T) {
	o := newCounter()
	id, ok := Autorelease(o)
	require.False(t, ok)
	require.Equal(t, o, id)
	require.Equal(t, 1, RetainCount(o))
	Release(o)
}

// An object autoreleased while the pool is being popped is released too.
func TestAutoreleaseInDealloc(t *testing.T) {
	var late ID
	c := Define(ClassDef{Name: "TestLate", Dealloc: func(*Object) { late, _ = Autorelease(newCounter()) }})
	p := PushPool()
	Autorelease(c.New(nil))
	p.Pop()
	require.NotZero(t, late)
	require.False(t, Valid(late))
}

func TestAutoreleaseMessage(t *testing.T) {
	live := LiveCount()
	p := PushPool()
	o := newCounter()
	// The message gives one reference to the pool and returns one.
	require.EqualValues(t, o, Send0(o, sel("autorelease")))
	require.Equal(t, 2, RetainCount(o))
	Release(o)
	p.Pop()
	require.Equal(t, live, LiveCount())
}

// Pools of different goroutines do not meet.
func TestPoolsPerGoroutine(t *testing.T) {
	live := LiveCount()
	var wg sync.WaitGroup
	for range 64 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range 200 {
				p := PushPool()
				var ids []ID
				for range 5 {
					id, ok := Autorelease(newCounter())
					if !ok {
						t.Error("no pool")
					}
					ids = append(ids, id)
				}
				grow(100) // the pool is the goroutine's even when its stack has moved
				q := PushPool()
				inner, _ := Autorelease(newCounter())
				q.Pop()
				for _, id := range ids {
					if !Valid(id) {
						t.Error("released too early")
					}
				}
				p.Pop()
				if Valid(inner) || Valid(ids[0]) {
					t.Error("not released")
				}
			}
		}()
	}
	wg.Wait()
	require.Equal(t, live, LiveCount())
}

//go:noinline
func grow(n int) int {
	var b [256]byte
	if n == 0 {
		return int(b[0])
	}
	return grow(n-1) + int(b[n])
}
