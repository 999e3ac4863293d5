package cpumetal

import (
	"bytes"
	"encoding/binary"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/msl"
	"github.com/aruminium-go/aruminium/internal/simt"
)

// testPipeline returns a pipeline whose kernel is written in Go, for tests of
// what surrounds kernels.
func testPipeline(d *Device, name string, mems []ir.Mem, run func(l *simt.Launch) *simt.Fault) *Pipeline {
	p := newPipeline(d, name, mems, nil)
	p.run = run
	return p
}

var oneBuffer = []ir.Mem{{Name: "a", Kind: ir.MemBuffer, Index: 0, Size: 4, Align: 4}}

var one = Size3{1, 1, 1}

// increment adds one to the first word of its buffer for each thread.
func increment(d *Device) *Pipeline {
	return testPipeline(d, "increment", oneBuffer, func(l *simt.Launch) *simt.Fault {
		p := bytesAt(l.Mems[0])
		n := binary.NativeEndian.Uint32(p)
		binary.NativeEndian.PutUint32(p, n+uint32(l.Grid.Volume()))
		return nil
	})
}

func word(b *Buffer, i int) uint32 { return binary.NativeEndian.Uint32(b.mem[4*i:]) }

// submit commits cb and waits for it.
func submit(cb *CommandBuffer) {
	cb.Commit(Handler{})
	cb.WaitUntilCompleted()
}

// call makes a Handler of f.
func call(f func()) Handler { return Handler{Func: func(_, _ uintptr) { f() }} }

func encode(t *testing.T, cb *CommandBuffer, f func(e *ComputeEncoder)) {
	e := cb.ComputeEncoder(false)
	require.NotNil(t, e)
	f(e)
	e.End()
	e.Recycle()
}

func TestBuffers(t *testing.T) {
	d := newDevice(1 << 30)
	page := uint64(d.memory.page)
	require.Nil(t, d.NewBuffer(0, 0))
	require.Nil(t, d.NewBuffer(d.MaxBufferLength()+1, 0))
	require.Nil(t, d.NewBuffer(1<<63, 0))
	require.Nil(t, d.NewBuffer(16, 3<<4), "memoryless")
	require.Nil(t, d.NewBuffer(16, 1<<20))
	require.Zero(t, d.CurrentAllocatedSize())

	a := d.NewBuffer(5, 0)
	b := d.NewBufferBytes([]byte("hello"), ResourceOptions(StorageManaged<<4))
	p := d.NewBuffer(page+1, ResourceOptions(StoragePrivate<<4))
	require.Equal(t, 4*page, d.CurrentAllocatedSize())
	require.EqualValues(t, 5, a.Length())
	require.Equal(t, make([]byte, 5), a.mem)
	require.Equal(t, "hello", string(unsafe.Slice((*byte)(b.Contents()), b.Length())))
	require.Zero(t, uintptr(a.Contents())%uintptr(page))
	require.Nil(t, p.Contents())
	require.Equal(t, 2*page, p.AllocatedSize())
	require.EqualValues(t, 2, a.Options().HazardTracking())

	for _, x := range []*Buffer{a, b, p} {
		got, off := d.memory.lookup(x.Address() + x.Length() - 1)
		require.Same(t, x, got)
		require.Equal(t, x.Length()-1, off)
		got, _ = d.memory.lookup(x.Address() + x.Length())
		require.Nil(t, got)
	}
	got, _ := d.memory.lookup(0)
	require.Nil(t, got)
	stale := b.Address()
	for _, x := range []*Buffer{b, p, a} {
		x.Release()
	}
	got, _ = d.memory.lookup(stale)
	require.Nil(t, got)
	require.Zero(t, d.CurrentAllocatedSize())
	require.Panics(t, a.Release)

	// all there is, and no more
	x, y := d.NewBuffer(d.MaxBufferLength(), 0), d.NewBuffer(d.MaxBufferLength(), 0)
	require.NotNil(t, x)
	require.NotNil(t, y)
	require.Nil(t, d.NewBuffer(1, 0))
	x.Release()
	require.NotNil(t, d.NewBuffer(1, 0))
}

func TestNoCopy(t *testing.T) {
	d := newDevice(1 << 30)
	mem, err := mapPages(4 * int(d.memory.page))
	require.NoError(t, err)
	defer unmapPages(mem)
	freed := 0
	free := func() { freed++ }
	require.Nil(t, d.NewBufferNoCopy(mem[1:], 0, free))
	require.Nil(t, d.NewBufferNoCopy(mem[:100], 0, free))
	require.Nil(t, d.NewBufferNoCopy(nil, 0, free))
	b := d.NewBufferNoCopy(mem, 0, free)
	require.NotNil(t, b)
	mem[77] = 42
	require.EqualValues(t, 42, b.mem[77])

	q := d.NewQueue(0)
	cb := q.CommandBuffer(true, 0)
	e := cb.BlitEncoder()
	e.Fill(b, 8, 100, 9)
	e.End()
	b.Release()
	require.Zero(t, freed, "the command buffer still uses it")
	submit(cb)
	require.Equal(t, 1, freed)
	require.EqualValues(t, 9, mem[77])
}

func TestBlit(t *testing.T) {
	d := newDevice(1 << 30)
	q := d.NewQueue(0)
	a := d.NewBufferBytes([]byte("0123456789"), 0)
	b := d.NewBuffer(10, ResourceOptions(StoragePrivate<<4))
	cb := q.CommandBuffer(true, 0)
	e := cb.BlitEncoder()
	e.Fill(b, 0, 10, 'x')
	e.Copy(a, 2, b, 1, 4)
	e.Copy(b, 0, b, 3, 7) // overlapping
	e.Copy(a, 10, b, 10, 0)
	e.End()
	submit(cb)
	require.Nil(t, cb.Err())
	require.Equal(t, "x23x2345xx", string(b.mem))
	times := cb.Times()
	require.Positive(t, times.KernelStart)
	require.Greater(t, times.KernelEnd, times.KernelStart)
	require.Greater(t, times.GPUEnd, times.GPUStart)
	require.GreaterOrEqual(t, times.GPUStart, times.KernelStart)

	for name, f := range map[string]func(e *BlitEncoder){
		"source":      func(e *BlitEncoder) { e.Copy(a, 5, b, 0, 6) },
		"destination": func(e *BlitEncoder) { e.Copy(a, 0, b, 1, 10) },
		"overflow":    func(e *BlitEncoder) { e.Copy(a, 1<<63, b, 0, 1<<63) },
		"nil":         func(e *BlitEncoder) { e.Copy(nil, 0, b, 0, 1) },
		"fill":        func(e *BlitEncoder) { e.Fill(b, 10, 1, 0) },
		"fill nil":    func(e *BlitEncoder) { e.Fill(nil, 0, 1, 0) },
	} {
		cb := q.CommandBuffer(true, 0)
		e := cb.BlitEncoder()
		f(e)
		e.End()
		submit(cb)
		require.Equal(t, StatusError, cb.Status(), name)
		require.Equal(t, CodeInvalidResource, cb.Err().Code, name)
	}
	require.Equal(t, "x23x2345xx", string(b.mem))
}

func TestDispatchBindings(t *testing.T) {
	d := newDevice(1 << 30)
	q := d.NewQueue(0)
	mems := []ir.Mem{
		{Name: "out", Index: 3}, {Name: "k", Index: 0}, {Name: "idle", Index: 7},
		{Name: "tg", Kind: ir.MemThreadgroupArg, Index: 1}, {Name: "own", Kind: ir.MemThreadgroup, Size: 64},
	}
	type seen struct {
		out, k, idle int64
		first        byte
		length       int64
		grid, group  simt.Size
	}
	var got []seen
	p := newPipeline(d, "probe", mems, []msl.Arg{{Name: "idle", Index: 7}})
	p.run = func(l *simt.Launch) *simt.Fault {
		got = append(got, seen{l.Mems[0].Len, l.Mems[1].Len, l.Mems[2].Len, bytesAt(l.Mems[1])[0], l.Mems[3].Len, l.Grid, l.Group})
		return nil
	}
	b := d.NewBuffer(100, 0)
	binary.NativeEndian.PutUint32(b.mem[4:], 5)
	binary.NativeEndian.PutUint32(b.mem[8:], 6)
	binary.NativeEndian.PutUint32(b.mem[12:], 7)
	cb := q.CommandBuffer(true, 0)
	encode(t, cb, func(e *ComputeEncoder) {
		e.SetPipeline(p)
		e.SetBuffer(b, 10, 3)
		k := []byte{1}
		e.SetBytes(k, 0)
		k[0] = 99 // it was copied
		e.SetThreadgroupMemory(32, 1)
		e.DispatchThreads(Size3{100, 3, 1}, Size3{32, 2, 1})
		e.SetBufferOffset(100, 3)
		e.SetBytes([]byte{2, 2, 2}, 0)
		e.DispatchThreadgroups(Size3{4, 3, 2}, Size3{8, 1, 1})
		e.DispatchIndirect(b, 4, Size3{2, 1, 1})
	})
	// what the indirect dispatch reads is what is there when it runs
	binary.NativeEndian.PutUint32(b.mem[4:], 9)
	submit(cb)
	require.Nil(t, cb.Err())
	require.Equal(t, []seen{
		{90, 1, 0, 1, 32, simt.Size{X: 100, Y: 3, Z: 1}, simt.Size{X: 32, Y: 2, Z: 1}},
		{0, 3, 0, 2, 32, simt.Size{X: 32, Y: 3, Z: 2}, simt.Size{X: 8, Y: 1, Z: 1}},
		{0, 3, 0, 2, 32, simt.Size{X: 18, Y: 6, Z: 7}, simt.Size{X: 2, Y: 1, Z: 1}},
	}, got)
}

func TestMisuse(t *testing.T) {
	d := newDevice(1 << 30)
	q := d.NewQueue(0)
	inc := increment(d)
	small := testPipeline(d, "small", nil, func(*simt.Launch) *simt.Fault { return nil })
	small.maxThreads = 64
	tg := testPipeline(d, "tg", []ir.Mem{{Name: "scratch", Kind: ir.MemThreadgroupArg, Index: 2}}, func(*simt.Launch) *simt.Fault { return nil })
	tg.staticMemory = 30000
	b := d.NewBuffer(16, 0)
	for _, c := range []struct {
		name string
		code int
		want string
		f    func(e *ComputeEncoder)
	}{
		{"no pipeline", CodeInternal, "without a pipeline", func(e *ComputeEncoder) { e.DispatchThreads(one, one) }},
		{"nil pipeline", CodeInvalidResource, "the pipeline is nil", func(e *ComputeEncoder) { e.SetPipeline(nil) }},
		{"unbound", CodeInvalidResource, `kernel "increment": nothing is bound at buffer index 0, argument "a"`, func(e *ComputeEncoder) {
			e.SetPipeline(inc)
			e.SetBuffer(b, 0, 0)
			e.SetBuffer(nil, 0, 0)
			e.DispatchThreads(one, one)
		}},
		{"threads", CodeInternal, `kernel "small": a threadgroup of [65 1 1] has 65 threads, the pipeline allows 64`, func(e *ComputeEncoder) {
			e.SetPipeline(small)
			e.DispatchThreads(one, Size3{65, 1, 1})
		}},
		{"width", CodeInternal, "not from 1 to 1024", func(e *ComputeEncoder) {
			e.SetPipeline(small)
			e.DispatchThreads(one, Size3{1 << 40, 1 << 40, 1})
		}},
		{"zero group", CodeInternal, "not from 1 to 1024", func(e *ComputeEncoder) {
			e.SetPipeline(small)
			e.DispatchThreads(one, Size3{0, 1, 1})
		}},
		{"zero grid", CodeInternal, "is empty", func(e *ComputeEncoder) {
			e.SetPipeline(small)
			e.DispatchThreadgroups(Size3{1, 0, 1}, one)
		}},
		{"huge grid", CodeInternal, "larger than 32 bits", func(e *ComputeEncoder) {
			e.SetPipeline(small)
			e.DispatchThreads(Size3{1 << 33, 1, 1}, one)
		}},
		{"offset", CodeInvalidResource, "offset 17 at index 4 is past the end of the buffer's 16 bytes", func(e *ComputeEncoder) { e.SetBuffer(b, 17, 4) }},
		{"index", CodeInternal, "index 31 is past the last buffer index, 30", func(e *ComputeEncoder) { e.SetBuffer(b, 0, 31) }},
		{"offset of nothing", CodeInvalidResource, "no buffer is set at index 3", func(e *ComputeEncoder) { e.SetBufferOffset(0, 3) }},
		{"later offset", CodeInvalidResource, "past the end", func(e *ComputeEncoder) {
			e.SetBuffer(b, 0, 3)
			e.SetBufferOffset(17, 3)
		}},
		{"bytes", CodeInternal, "4097 bytes at index 1", func(e *ComputeEncoder) { e.SetBytes(make([]byte, 4097), 1) }},
		{"no bytes", CodeInternal, "0 bytes at index 1", func(e *ComputeEncoder) { e.SetBytes(nil, 1) }},
		{"threadgroup length", CodeInternal, "not a multiple of 16", func(e *ComputeEncoder) { e.SetThreadgroupMemory(8, 0) }},
		{"threadgroup limit", CodeInternal, "over the limit", func(e *ComputeEncoder) { e.SetThreadgroupMemory(1<<20, 0) }},
		{"threadgroup unset", CodeInvalidResource, `no length is set at threadgroup index 2, argument "scratch"`, func(e *ComputeEncoder) {
			e.SetPipeline(tg)
			e.DispatchThreads(one, one)
		}},
		{"threadgroup total", CodeInternal, "34000 bytes of threadgroup memory (30000 of them its own)", func(e *ComputeEncoder) {
			e.SetPipeline(tg)
			e.SetThreadgroupMemory(4000, 2)
			e.DispatchThreads(one, one)
		}},
		{"indirect range", CodeInvalidResource, "12 bytes at offset 8", func(e *ComputeEncoder) {
			e.SetPipeline(small)
			e.DispatchIndirect(b, 8, one)
		}},
		{"indirect nil", CodeInvalidResource, "the indirect buffer is nil", func(e *ComputeEncoder) {
			e.SetPipeline(small)
			e.DispatchIndirect(nil, 0, one)
		}},
		{"fence", CodeInvalidResource, "the fence is nil", func(e *ComputeEncoder) { e.Fence("updateFence:", nil) }},
		{"after end", CodeInternal, "after endEncoding", func(e *ComputeEncoder) {
			e.End()
			e.SetPipeline(inc)
		}},
		{"second encoder", CodeInternal, "one encoder at a time", func(e *ComputeEncoder) { require.Nil(t, e.cb.BlitEncoder()) }},
		{"event", CodeInternal, "endEncoding comes first", func(e *ComputeEncoder) { e.cb.SignalEvent(d.NewEvent(), 1) }},
		{"commit", CodeInternal, `commit while compute encoder "E" is open`, func(e *ComputeEncoder) { e.cb.Commit(Handler{}) }},
		{"abandoned", CodeInternal, "released without endEncoding", func(e *ComputeEncoder) { e.abandon() }},
	} {
		t.Run(c.name, func(t *testing.T) {
			cb := q.CommandBuffer(true, ErrorEncoderStatus)
			cb.SetLabel("L")
			e := cb.ComputeEncoder(false)
			e.SetLabel("E")
			c.f(e)
			e.SetBytes(nil, 30) // a later mistake does not hide the first
			if !e.ended {
				e.End()
			}
			submit(cb)
			require.Equal(t, StatusError, cb.Status())
			require.Contains(t, cb.Err().Text, c.want)
			require.Contains(t, cb.Err().Text, `command buffer "L"`)
			require.Equal(t, c.code, cb.Err().Code)
			require.Equal(t, []EncoderInfo{{Label: "E", State: EncoderPending}}, cb.Err().Encoders)
			require.False(t, cb.Commit(Handler{}))
			require.Nil(t, cb.ComputeEncoder(false))
		})
	}
	require.Zero(t, word(b, 0))
	require.EqualValues(t, 1, b.refs.Load())
}

func TestOrderAndHandlers(t *testing.T) {
	d := newDevice(1 << 30)
	q := d.NewQueue(0)
	var mu sync.Mutex
	var log []int
	add := func(i int) {
		mu.Lock()
		defer mu.Unlock()
		log = append(log, i)
	}
	const n = 20
	var cbs [n]*CommandBuffer
	for i := range cbs {
		cb := q.CommandBuffer(true, 0)
		cbs[i] = cb
		p := testPipeline(d, "log", nil, func(*simt.Launch) *simt.Fault { add(i); return nil })
		encode(t, cb, func(e *ComputeEncoder) {
			e.SetPipeline(p)
			e.DispatchThreads(Size3{1, 1, 1}, Size3{1, 1, 1})
		})
		cb.OnScheduled(call(func() { require.GreaterOrEqual(t, cb.Status(), StatusScheduled); add(100 + i) }))
		cb.OnCompleted(call(func() {
			require.Equal(t, StatusCompleted, cb.Status())
			require.Positive(t, cb.Times().GPUEnd)
			add(200 + i)
		}))
		cb.OnCompleted(call(func() { add(300 + i) }))
		cb.Enqueue()
		require.Equal(t, StatusEnqueued, cb.Status())
	}
	// committed backwards, run forwards
	for i := n - 1; i >= 0; i-- {
		require.True(t, cbs[i].Commit(Handler{}))
	}
	for _, cb := range cbs {
		cb.WaitUntilScheduled()
		cb.WaitUntilCompleted()
	}
	place := map[int]int{}
	for at, i := range log {
		require.NotContains(t, place, i)
		place[i] = at
	}
	require.Len(t, place, 4*n)
	for i := range n {
		require.Less(t, place[100+i], place[200+i])
		require.Less(t, place[i], place[200+i])
		require.Less(t, place[200+i], place[300+i])
		if i > 0 {
			require.Less(t, place[i-1], place[i])
			require.Less(t, place[300+i-1], place[200+i])
		}
	}
	called := false
	cbs[0].OnCompleted(call(func() { called = true }))
	require.True(t, called)
}

// A handler may wait for other work, also of its own queue when that needs no
// handler.
func TestBlockingHandler(t *testing.T) {
	d := newDevice(1 << 30)
	q, other := d.NewQueue(0), d.NewQueue(0)
	first := q.CommandBuffer(true, 0)
	done := make(chan bool)
	first.OnCompleted(call(func() {
		submit(other.CommandBuffer(true, 0))
		submit(q.CommandBuffer(true, 0))
		done <- true
	}))
	first.Commit(Handler{})
	<-done
	first.WaitUntilCompleted()
}

func TestEventsBetweenQueues(t *testing.T) {
	d := newDevice(1 << 30)
	a, b := d.NewQueue(0), d.NewQueue(0)
	ping, pong := d.NewEvent(), d.NewEvent()
	var log []string
	step := func(s string) *Pipeline {
		return testPipeline(d, s, nil, func(*simt.Launch) *simt.Fault { log = append(log, s); return nil })
	}
	run := func(cb *CommandBuffer, p *Pipeline) {
		encode(t, cb, func(e *ComputeEncoder) {
			e.SetPipeline(p)
			e.DispatchThreads(Size3{1, 1, 1}, Size3{1, 1, 1})
		})
	}
	second := b.CommandBuffer(true, 0)
	first := a.CommandBuffer(true, 0)
	pa, pb := step("a"), step("b")
	var want []string
	for i := uint64(1); i <= 10; i++ {
		second.WaitEvent(ping, i)
		run(second, pb)
		second.SignalEvent(pong, i)
		run(first, pa)
		first.SignalEvent(ping, i)
		first.WaitEvent(pong, i)
		want = append(want, "a", "b")
	}
	second.Commit(Handler{})
	first.Commit(Handler{})
	first.WaitUntilCompleted()
	second.WaitUntilCompleted()
	require.Equal(t, want, log)
	require.EqualValues(t, 10, ping.Value())

	// the CPU lets a queue go on
	e := d.NewEvent()
	cb := a.CommandBuffer(true, 0)
	cb.WaitEvent(e, 7)
	cb.SignalEvent(e, 3) // never lowers
	cb.SignalEvent(e, 8)
	cb.Commit(Handler{})
	cb.WaitUntilScheduled()
	require.False(t, e.WaitTimeout(7, time.Millisecond))
	require.Equal(t, StatusScheduled, cb.Status())
	got := make(chan uint64, 2)
	l := NewListener()
	e.Notify(l, 8, func(v uint64) { got <- v })
	e.Set(7)
	require.True(t, e.WaitTimeout(8, time.Minute))
	cb.WaitUntilCompleted()
	require.EqualValues(t, 8, <-got)
	e.Notify(l, 1, func(v uint64) { got <- v })
	require.EqualValues(t, 8, <-got)
	e.Set(2)
	require.EqualValues(t, 2, e.Value())
}

func TestFaultAndSkipped(t *testing.T) {
	d := newDevice(1 << 30)
	q := d.NewQueue(0)
	inc := increment(d)
	bad := testPipeline(d, "bad", nil, func(*simt.Launch) *simt.Fault {
		return &simt.Fault{Kind: simt.OutOfBounds, Kernel: "bad", Len: 4, Offset: 8, Size: 8}
	})
	b := d.NewBuffer(4, 0)
	gate, after := d.NewEvent(), d.NewEvent()
	inc1 := func(e *ComputeEncoder) {
		e.SetPipeline(inc)
		e.SetBuffer(b, 0, 0)
		e.DispatchThreads(one, one)
	}
	culprit := q.CommandBuffer(true, ErrorEncoderStatus)
	culprit.SetLabel("culprit")
	culprit.WaitEvent(gate, 1)
	encode(t, culprit, func(e *ComputeEncoder) { e.SetLabel("fine"); inc1(e) })
	encode(t, culprit, func(e *ComputeEncoder) {
		e.SetLabel("wrong")
		e.Signpost("here")
		e.SetPipeline(bad)
		e.DispatchThreads(one, one)
	})
	encode(t, culprit, func(e *ComputeEncoder) { e.SetLabel("never"); inc1(e) })
	culprit.SignalEvent(after, 1)
	behind := q.CommandBuffer(true, 0)
	behind.SetLabel("behind")
	encode(t, behind, inc1)
	behind.SignalEvent(after, 2)
	enqueued := q.CommandBuffer(true, 0)
	encode(t, enqueued, inc1)
	culprit.Commit(Handler{})
	behind.Commit(Handler{})
	enqueued.Enqueue()
	gate.Set(1)
	culprit.WaitUntilCompleted()
	behind.WaitUntilCompleted()

	require.Equal(t, StatusError, culprit.Status())
	err := culprit.Err()
	require.Equal(t, DomainCommandBuffer, err.Domain)
	require.Equal(t, CodePageFault, err.Code)
	require.Contains(t, err.Text, `command buffer "culprit", encoder "wrong": kernel bad: `)
	require.Equal(t, []EncoderInfo{
		{"fine", nil, EncoderCompleted}, {"wrong", []string{"here"}, EncoderFaulted}, {"never", nil, EncoderPending},
	}, err.Encoders)
	require.Equal(t, StatusError, behind.Status())
	require.Equal(t, CodeAccessRevoked, behind.Err().Code)
	require.Contains(t, behind.Err().Text, "Ignored (for causing prior/excessive GPU errors)")
	require.Contains(t, behind.Err().Text, `"culprit"`)
	require.Nil(t, behind.Err().Encoders)
	require.EqualValues(t, 2, after.Value(), "nobody waits for ever")
	require.EqualValues(t, 1, word(b, 0))

	submit(enqueued) // committed after the fault
	require.Nil(t, enqueued.Err())
	require.EqualValues(t, 2, word(b, 0))
}

func TestQueueBlocksAtItsLimit(t *testing.T) {
	d := newDevice(1 << 30)
	q := d.NewQueue(2)
	a, b := q.CommandBuffer(true, 0), q.CommandBuffer(true, 0)
	got := make(chan *CommandBuffer)
	go func() { got <- q.CommandBuffer(true, 0) }()
	select {
	case <-got:
		t.Fatal("a third command buffer of two")
	case <-time.After(5 * time.Millisecond):
	}
	submit(a)
	c := <-got

	// every waiter is woken, also when several command buffers end at a time
	var wg sync.WaitGroup
	for range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range 200 {
				q.CommandBuffer(true, 0).Commit(Handler{})
			}
		}()
	}
	submit(b)
	wg.Wait()
	c.Enqueue()
	c.Recycle() // never committed
	submit(q.CommandBuffer(true, 0))
}

func TestManyGoroutines(t *testing.T) {
	d := newDevice(1 << 30)
	shared := d.NewQueue(0)
	inc := increment(d)
	total := d.NewBuffer(4, 0)
	before := runtime.NumGoroutine()
	var wg sync.WaitGroup
	var handlers atomic.Int32
	const workers, turns = 64, 50
	for range workers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			own := d.NewQueue(0)
			mine := d.NewBuffer(4, 0)
			defer mine.Release()
			for range turns {
				for _, c := range []struct {
					q *Queue
					b *Buffer
				}{{shared, total}, {own, mine}} {
					cb := c.q.CommandBuffer(true, 0)
					encode(t, cb, func(e *ComputeEncoder) {
						e.SetPipeline(inc)
						e.SetBuffer(c.b, 0, 0)
						e.DispatchThreads(Size3{3, 1, 1}, Size3{1, 1, 1})
					})
					cb.OnCompleted(call(func() { handlers.Add(1) }))
					released := make(chan bool)
					cb.Commit(call(func() { close(released) }))
					cb.WaitUntilCompleted()
					<-released
					cb.Recycle()
				}
			}
			require.EqualValues(t, 3*turns, word(mine, 0))
		}()
	}
	wg.Wait()
	require.EqualValues(t, 3*workers*turns, word(total, 0))
	require.EqualValues(t, 2*workers*turns, handlers.Load())
	total.Release()
	require.Zero(t, d.CurrentAllocatedSize())
	for i := 0; runtime.NumGoroutine() > before && i < 1000; i++ {
		time.Sleep(time.Millisecond)
	}
	require.LessOrEqual(t, runtime.NumGoroutine(), before, "an idle queue has no goroutine")
}

func TestNoAllocations(t *testing.T) {
	if raceEnabled {
		t.Skip("sync.Pool drops things under the race detector")
	}
	d := newDevice(1 << 30)
	q := d.NewQueue(0)
	inc := increment(d)
	b := d.NewBuffer(64, 0)
	data := []byte{1, 2, 3, 4}
	done := make(chan bool, 1)
	handler := Handler{Func: func(_, _ uintptr) { done <- true }}
	concurrent := false
	turn := func() {
		cb := q.CommandBuffer(true, 0)
		e := cb.ComputeEncoder(concurrent)
		e.SetPipeline(inc)
		for i := range uint64(8) {
			e.SetBuffer(b, 4*i, 0)
			e.SetBytes(data, 1)
			e.DispatchThreads(Size3{1, 1, 1}, Size3{1, 1, 1})
		}
		e.End()
		e.Recycle()
		cb.OnCompleted(handler)
		cb.Commit(handler)
		<-done
		cb.WaitUntilCompleted()
		<-done
		cb.Recycle()
	}
	for _, concurrent = range []bool{false, true} {
		for range 10 {
			turn()
		}
		// The scheduler allocates a goroutine now and then.
		require.Less(t, testing.AllocsPerRun(200, turn), 1.0)
	}
}

func TestFill(t *testing.T) {
	for n := range 70 {
		b := bytes.Repeat([]byte{7}, n+1)
		fill(b[:n], 3)
		require.Equal(t, append(bytes.Repeat([]byte{3}, n), 7), b)
		fill(b[:n], 0)
		require.Equal(t, append(make([]byte, n), 7), b)
	}
}

func BenchmarkHandOff(b *testing.B) {
	there, back := make(chan bool), make(chan bool)
	go func() {
		for range there {
			back <- true
		}
	}()
	for b.Loop() {
		there <- true
		<-back
	}
	close(there)
}
