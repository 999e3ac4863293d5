package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"math"
	"os/exec"
	"regexp"
	"slices"
	"syscall"
	"time"

	"github.com/aruminium-go/aruminium/fp16"
	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/msl"
	"github.com/aruminium-go/aruminium/internal/msl/types"
	"github.com/aruminium-go/aruminium/internal/simt"
	"github.com/aruminium-go/aruminium/internal/simt/tiers"
	"github.com/aruminium-go/aruminium/internal/texel"
)

type shape struct{ grid, group simt.Size }

// shapes are the grids that kernels are run over: one thread, groups with a
// partial one beside them in two dimensions, and whole SIMD groups.
var shapes = []shape{
	{simt.Size{X: 1, Y: 1, Z: 1}, simt.Size{X: 1, Y: 1, Z: 1}},
	{simt.Size{X: 5, Y: 3, Z: 2}, simt.Size{X: 4, Y: 2, Z: 1}},
	{simt.Size{X: 100, Y: 1, Z: 1}, simt.Size{X: 64, Y: 1, Z: 1}},
}

// execute runs the first kernels of the unit on both sides: some have hundreds that
// differ in a type.
func (u *unit) execute(c *compiler, most int) {
	kernels := u.lib.Kernels[:min(len(u.lib.Kernels), most)]
	program, err := c.program(u, kernels)
	for i, k := range kernels {
		if err != nil {
			u.kernels = append(u.kernels, result{k.Name, notRun, "C++: " + err.Error()})
			continue
		}
		u.kernels = append(u.kernels, u.compare(program, i, k))
	}
}

// compare runs one kernel in every shape, on numbers of every style.
func (u *unit) compare(program string, index int, k *msl.Kernel) result {
	r := result{kernel: k.Name}
	code, diags := u.lib.Lower(k.Name, constants(k))
	plain, _ := u.lib.LowerPlainly(k.Name, constants(k))
	if code == nil || plain == nil {
		r.reason = firstError(diags)
		return r
	}
	for _, s := range shapes {
		if k.MaxThreads > 0 && s.group.Volume() > uint64(k.MaxThreads) {
			continue
		}
		good := false
		for _, st := range []style{small, varied, positive} {
			if st == positive && good {
				break // it is for kernels to which the others do what C++ leaves undefined
			}
			l, err := newLaunch(k, st, s, textureAtomic.MatchString(u.text))
			if err != nil {
				r.reason = err.Error()
				return r
			}
			same, reason := l.run(program, index, code, plain)
			switch {
			case reason == "":
				r.status, good = agrees, true
			case same:
				if r.status == notRun {
					r.reason = reason
				}
			default:
				return result{k.Name, differs, fmt.Sprintf("%d threads: %s", s.grid.Volume(), reason)}
			}
		}
	}
	if r.status == agrees {
		r.reason = ""
	}
	return r
}

// A launch is a kernel with memory to run on.
type launch struct {
	kernel *msl.Kernel
	shape  shape
	memory map[int]*memory
	shared map[int]int
	images map[int]*image
}

// newLaunch makes the launch of a kernel; atomics tells whether its source has
// atomics on textures.
func newLaunch(k *msl.Kernel, s style, sh shape, atomics bool) (*launch, error) {
	images := &imageSet{atomics: atomics, byIndex: map[int]*image{}, of: map[*types.Texture]int{}}
	l := &launch{kernel: k, shape: sh, shared: map[int]int{}, images: images.byIndex}
	for _, a := range k.Args {
		switch a.Kind {
		case msl.ArgThreadgroup:
			l.shared[a.Index] = sharedSize
		case msl.ArgTexture:
			if err := images.add(a); err != nil {
				return nil, err
			}
		}
	}
	var err error
	l.memory, err = fill(k, s, images)
	return l, err
}

// run runs the launch on both sides. The reason is empty if all is the same; if
// not, same tells that it could not be compared.
func (l *launch) run(program string, index int, code *msl.Code, plain *ir.Func) (same bool, reason string) {
	want, images, err := l.runProgram(program, index, forwards)
	if err != nil {
		return true, "C++: " + err.Error()
	}
	if l.shape.grid.Volume() > 1 {
		for _, o := range []order{backwards, interleaved} {
			again, imagesAgain, err := l.runProgram(program, index, o)
			if err != nil {
				return true, "C++: " + err.Error()
			}
			for i, m := range l.memory {
				if m.differ(want[i], again[i]) != "" {
					return true, "depends on the order of its threads"
				}
			}
			for i := range l.images {
				if !bytes.Equal(images[i], imagesAgain[i]) {
					return true, "depends on the order of its threads"
				}
			}
		}
	}
	t := tiers.Launch{Grid: l.shape.grid, Group: l.shape.group, Buffers: map[int][]byte{}, Shared: l.shared, Timeout: 5 * time.Second}
	for i, m := range l.memory {
		t.Buffers[i] = m.withAddresses()
	}
	if len(l.images) > 0 {
		t.Textures = l.textures
		t.Samplers = map[int]*texel.Sampler{}
		for i := range 16 {
			t.Samplers[i] = samplerOf(i)
		}
	}
	if l.shape.grid.Volume() > 1 {
		if races, err := t.Races(plain); err != nil || races {
			return true, "its threads race"
		}
	}
	for _, tier := range tiers.Engines() {
		got, err := tier.Run(code.Func, &t)
		switch {
		case err != nil:
			return false, fmt.Sprintf("%s: %v", tier.Name, err)
		case got.Fault != nil:
			return true, "leaves the memory made for it: " + got.Fault.Kind.String()
		}
		for _, i := range slices.Sorted(maps.Keys(l.memory)) {
			if why := l.memory[i].differ(got.Buffers[i], want[i]); why != "" {
				return false, fmt.Sprintf("%s: buffer %d: %s", tier.Name, i, why)
			}
		}
		for i, m := range l.images {
			if why := m.differ(got.Textures[i], images[i]); why != "" {
				return false, fmt.Sprintf("%s: texture %d: %s", tier.Name, i, why)
			}
		}
	}
	return true, ""
}

// textureAtomic finds atomics on textures: those of buffers have other names.
var textureAtomic = regexp.MustCompile(`\.\s*atomic_`)

func (l *launch) textures() map[int]*texel.Texture {
	list := map[int]*texel.Texture{}
	for i, m := range l.images {
		list[i] = m.texture()
		list[i].ID = uint64(i + 1)
	}
	return list
}

// withAddresses returns the memory with device addresses in its pointers.
func (m *memory) withAddresses() []byte {
	b := bytes.Clone(m.data)
	for _, p := range m.pointers {
		word := uint64(p.target + 1) // the ID of a texture
		if p.target < firstEmbedded {
			word = tiers.Address(p.target)
		}
		binary.LittleEndian.PutUint64(b[p.offset:], word)
	}
	return b
}

// differ tells the first scalar in which two states of the memory differ, or
// "". Floats may differ a little: the two sides have other mathematical functions.
func (m *memory) differ(got, want []byte) string {
	for _, s := range m.scalars {
		n := int(types.Basics[s.kind].Size())
		x, y := got[s.offset:s.offset+n], want[s.offset:s.offset+n]
		if !bytes.Equal(x, y) && !near(s.kind, x, y) {
			return fmt.Sprintf("offset %d, %s %s, want %s", s.offset, types.Basics[s.kind], text(s.kind, x), text(s.kind, y))
		}
	}
	return ""
}

func number64(k types.Kind, b []byte) float64 {
	switch k {
	case types.Half:
		return float64(fp16.Float16(binary.LittleEndian.Uint16(b)).Float32())
	case types.BFloat:
		return float64(fp16.BFloat16(binary.LittleEndian.Uint16(b)).Float32())
	}
	return float64(math.Float32frombits(binary.LittleEndian.Uint32(b)))
}

func near(k types.Kind, got, want []byte) bool {
	relative := map[types.Kind]float64{types.Float: 1e-5, types.Half: 4e-3, types.BFloat: 2e-2}[k]
	if relative == 0 {
		return false
	}
	x, y := number64(k, got), number64(k, want)
	if x != x || y != y {
		return x != x && y != y
	}
	return x == y || math.Abs(x-y) <= relative*max(math.Abs(x), math.Abs(y))+1e-30
}

func text(k types.Kind, b []byte) string {
	if types.Basics[k].IsFloat() {
		return fmt.Sprint(number64(k, b))
	}
	var w uint64
	for i, x := range b {
		w |= uint64(x) << (8 * i)
	}
	return fmt.Sprintf("%#x", w)
}

// An order is one in which the C++ program runs threads.
type order uint32

const (
	forwards order = iota
	backwards
	interleaved // each up to its next atomic operation
)

// runProgram runs the launch by the C++ program
// and returns what buffers and textures hold then.
func (l *launch) runProgram(program string, index int, o order) (buffers, images map[int][]byte, err error) {
	var in bytes.Buffer
	put := func(words ...uint32) {
		for _, w := range words {
			in.Write(binary.LittleEndian.AppendUint32(nil, w))
		}
	}
	put(uint32(index), l.shape.grid.X, l.shape.grid.Y, l.shape.grid.Z, l.shape.group.X, l.shape.group.Y, l.shape.group.Z, uint32(o), uint32(len(l.memory)))
	indices := slices.Sorted(maps.Keys(l.memory))
	size := 0
	for _, i := range indices {
		m := l.memory[i]
		put(uint32(i), uint32(len(m.data)), uint32(len(m.pointers)))
		in.Write(m.data)
		for _, p := range m.pointers {
			put(uint32(p.offset), uint32(p.target))
		}
		size += len(m.data)
	}
	put(uint32(len(l.shared)))
	for _, i := range slices.Sorted(maps.Keys(l.shared)) {
		put(uint32(i), uint32(l.shared[i]))
	}
	put(uint32(len(l.images)))
	imageIndices := slices.Sorted(maps.Keys(l.images))
	for _, i := range imageIndices {
		m := l.images[i]
		put(uint32(i), uint32(m.shape.Width), uint32(m.shape.Height), uint32(m.shape.Depth), uint32(m.slices()), uint32(m.words))
		in.Write(m.data)
		size += len(m.data)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, program)
	cmd.Stdin = &in
	out, err := cmd.Output()
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return nil, nil, errors.New("does not end in time")
	case errors.As(err, &exit):
		if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
			if status.Signal() == syscall.SIGILL || status.Signal() == syscall.SIGTRAP || status.Signal() == syscall.SIGFPE {
				return nil, nil, errors.New("does what C++ leaves undefined")
			}
			return nil, nil, errors.New("ended by " + status.Signal().String())
		}
		return nil, nil, err
	case err != nil:
		return nil, nil, err
	case len(out) != size:
		return nil, nil, fmt.Errorf("wrote %d bytes, not %d", len(out), size)
	}
	buffers, images = map[int][]byte{}, map[int][]byte{}
	for _, i := range indices {
		n := len(l.memory[i].data)
		buffers[i], out = out[:n], out[n:]
	}
	for _, i := range imageIndices {
		n := len(l.images[i].data)
		images[i], out = out[:n], out[n:]
	}
	return buffers, images, nil
}
