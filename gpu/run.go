package gpu

import (
	"context"
	"fmt"
	"reflect"
	"runtime"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/launch"
)

// Run runs a kernel once over a grid and waits for it. The arguments are those of [[buffer(0)]],
// [[buffer(1)]] and so on: a *Buffer, an Of of any type, or a value that is copied: a number, or
// an array or struct of numbers laid out as As wants it, or a slice of such. A Go int or uint
// takes the size of the kernel's integer. For an index that the kernel does not have pass nil.
// Textures and samplers among the arguments do not count for buffers: the first *Texture is
// [[texture(0)]], the second [[texture(1)]], the first *Sampler [[sampler(0)]].
// Pipeline.Group chooses the threadgroups.
//
// If ctx ends first, Run returns its error; the kernel goes on and keeps what it needs.
// Otherwise the error is a *LaunchError or a *CommandError.
func (q *Queue) Run(ctx context.Context, p *Pipeline, grid Size, args ...any) error {
	if q.none() {
		return errNone("Queue.Run", "queue")
	}
	if ctx == nil {
		return errNoContext("Queue.Run")
	}
	if q.h.run.Closed() {
		return fmt.Errorf("gpu: Queue.Run: the queue is closed: %w", ErrClosed)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	s := q.h.newShot()
	s.record(p, grid, args)
	if err := s.enc.Finish(); err != nil {
		q.h.reuse(s)
		return reportedBy(public(err, "Submit"), "Run")
	}
	manner := launch.Async
	if ctx.Done() == nil {
		manner = launch.Wait
	}
	if err := q.h.run.Run(&s.prog, s, nil, manner); err != nil {
		s.done.Finish()
		q.h.reuse(s)
		return reportedBy(public(err, "Submit"), "Run")
	}
	runtime.KeepAlive(q)
	if err := s.done.WaitContext(ctx); err != nil {
		return err // s is still needed
	}
	err := s.err
	q.h.reuse(s)
	return reportedBy(public(err, "Wait"), "Run")
}

// A shot is the memory of one Run, used again by later ones.
type shot struct {
	prog  launch.Program
	enc   launch.Encoder
	using Encoder // enc as callers have it
	done  launch.Done
	err   error
}

// newShot returns a shot with an open encoder.
func (h *queue) newShot() *shot {
	s, _ := h.shots.Get().(*shot)
	if s == nil {
		s = &shot{}
		s.using.e = &s.enc
		s.prog.Init(h.run, launch.Options{Only: launch.OneSerial})
	} else {
		s.prog.Begin()
	}
	s.enc.Begin(&s.prog, false)
	return s
}

// reuse takes back a shot whose work has ended.
func (h *queue) reuse(s *shot) {
	s.prog.Discard()
	s.done.Again()
	s.err = nil
	h.shots.Put(s)
}

// Landed takes in the end of the work.
func (s *shot) Landed(out launch.Outcome) {
	s.err = out.Err
	s.done.Finish()
}

// Timed is false: Run has nobody to tell.
func (s *shot) Timed() bool { return false }

// record records the launch.
func (s *shot) record(p *Pipeline, grid Size, args []any) {
	enc := &s.using
	enc.Bind(p)
	if !p.none() {
		takes := 0
		for i := range p.h.args {
			if a := &p.h.args[i]; a.Kind == ArgBuffer {
				takes = max(takes, a.Index+1)
			}
		}
		if n := buffersAmong(args); n > takes {
			s.enc.Fail(fmt.Sprintf("%d arguments: the kernel takes no more than %d, for [[buffer(0)]] and on", n, takes))
		}
	}
	buffers, textures, samplers := 0, 0, 0
	for _, arg := range args {
		switch a := arg.(type) {
		case *Texture:
			enc.BindTexture(a, textures)
			textures++
		case *Sampler:
			enc.BindSampler(a, samplers)
			samplers++
		default:
			enc.bindArg(p, buffers, arg)
			buffers++
		}
	}
	group := D1(1)
	if !p.none() && grid.X > 0 && grid.Y > 0 && grid.Z > 0 {
		group = p.Group(grid)
	}
	enc.Launch(grid, group)
}

// buffersAmong counts the arguments of Run that are neither textures nor samplers.
func buffersAmong(args []any) int {
	n := 0
	for _, arg := range args {
		switch arg.(type) {
		case *Texture, *Sampler:
		default:
			n++
		}
	}
	return n
}

// reportedBy lets a CommandError say which call it ended.
func reportedBy(err error, op string) error {
	if ce, ok := err.(*CommandError); ok {
		ce.Op = op
	}
	return err
}

// bindArg binds argument i of Run.
func (e *Encoder) bindArg(p *Pipeline, i int, arg any) {
	switch a := arg.(type) {
	case *Buffer:
		e.BindBuffer(a, 0, i)
		return
	case interface{ viewed() *Buffer }:
		if v := reflect.ValueOf(a); v.Kind() == reflect.Pointer && v.IsNil() {
			e.BindBuffer(nil, 0, i)
			return
		}
		e.BindBuffer(a.viewed(), 0, i)
		return
	}
	fail := func(format string, args ...any) {
		e.e.Fail(fmt.Sprintf("argument %d: ", i) + fmt.Sprintf(format, args...))
	}
	want := ""
	if a := p.buffer(i); a != nil {
		want = a.Type
	} else if arg == nil && !p.none() {
		return // for an index that the kernel does not have
	}
	v := reflect.ValueOf(arg)
	if !v.IsValid() {
		fail("it is nil: pass a *Buffer, an Of or a value")
		return
	}
	if k := v.Kind(); k == reflect.Int || k == reflect.Uint {
		var why string
		if v, why = sized(v, want); why != "" {
			fail("%s", why)
			return
		}
	}
	if why := mismatch(v.Kind(), want); why != "" {
		fail("a Go %v and the kernel takes %s: pass a %s", v.Type(), want, why)
		return
	}
	t := v.Type()
	if t.Kind() == reflect.Pointer {
		fail("%v is a Go pointer, which a device cannot read: pass a *Buffer, an Of or the value itself", t)
		return
	}
	flat := t
	if t.Kind() == reflect.Slice {
		flat = t.Elem()
	}
	if why := layout(flat); why != "" {
		fail("%s", why)
		return
	}
	if t.Kind() == reflect.Slice {
		n := v.Len() * int(flat.Size())
		e.e.Push(unsafe.Slice((*byte)(v.UnsafePointer()), n), i, launch.FitAtLeast)
		return
	}
	box := reflect.New(t)
	box.Elem().Set(v)
	e.e.Push(unsafe.Slice((*byte)(box.UnsafePointer()), t.Size()), i, fitOf(t))
}

// buffer is the kernel's [[buffer(index)]], or nil if it has none.
func (p *Pipeline) buffer(index int) *Arg {
	if p.none() {
		return nil
	}
	for i := range p.h.args {
		if a := &p.h.args[i]; a.Kind == ArgBuffer && a.Index == index {
			return a
		}
	}
	return nil
}

// mismatch says what to pass instead of a number whose bits would mean something else to
// a kernel that takes want, or "".
func mismatch(k reflect.Kind, want string) string {
	switch integer := k >= reflect.Int8 && k <= reflect.Int64 || k >= reflect.Uint8 && k <= reflect.Uint64; want {
	case "float":
		if integer {
			return "float32"
		}
	case "char", "uchar", "short", "ushort", "int", "uint", "long", "ulong":
		if k == reflect.Float32 {
			return "sized integer"
		}
	}
	return ""
}

// sized gives a Go int or uint the type that the kernel's argument has, or says why it cannot.
func sized(v reflect.Value, want string) (reflect.Value, string) {
	t, ok := map[string]reflect.Type{
		"char": reflect.TypeFor[int8](), "uchar": reflect.TypeFor[uint8](),
		"short": reflect.TypeFor[int16](), "ushort": reflect.TypeFor[uint16](),
		"int": reflect.TypeFor[int32](), "uint": reflect.TypeFor[uint32](),
		"long": reflect.TypeFor[int64](), "ulong": reflect.TypeFor[uint64](),
	}[want]
	switch {
	case want == "float":
		return v, fmt.Sprintf("a Go %v and the kernel takes a float: pass float32(%v)", v.Type(), v)
	case !ok:
		return v, fmt.Sprintf("a Go %v has no fixed size: pass an int32, uint32, int64 or uint64", v.Type())
	}
	to := reflect.New(t).Elem()
	fits := false
	switch {
	case v.CanInt() && to.CanInt():
		fits = !to.OverflowInt(v.Int())
	case v.CanInt():
		fits = v.Int() >= 0 && !to.OverflowUint(uint64(v.Int()))
	case to.CanInt():
		fits = v.Uint() <= 1<<63-1 && !to.OverflowInt(int64(v.Uint()))
	default:
		fits = !to.OverflowUint(v.Uint())
	}
	if !fits {
		return v, fmt.Sprintf("%v does not fit the kernel's %s", v, want)
	}
	return v.Convert(t), ""
}
