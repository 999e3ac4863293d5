package cpumetal

import (
	"cmp"
	"encoding/binary"
	"math"
	"slices"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/simt"
)

// execute runs the commands and returns what failed.
func (cb *CommandBuffer) execute() *Error {
	err := cb.misuse
	if err == nil {
		err = cb.skippedBy
	}
	next := 0
	if err == nil {
		next, err = cb.runCommands()
	}
	if err == nil {
		return nil
	}
	// Who waits for an event of this command buffer would wait for ever.
	for _, c := range cb.commands[next:] {
		if c.op == opSignal {
			c.event.signal(c.count)
		}
	}
	if cb.options&ErrorEncoderStatus != 0 {
		told := *err
		told.Encoders = cb.encoderInfos()
		err = &told
	}
	return err
}

func (cb *CommandBuffer) encoderInfos() []EncoderInfo {
	infos := make([]EncoderInfo, len(cb.encoders))
	for i, e := range cb.encoders {
		infos[i] = EncoderInfo{e.label, append([]string(nil), e.signposts...), cb.encoderState(i)}
	}
	return infos
}

// encoderState is how far an encoder has come.
func (cb *CommandBuffer) encoderState(i int) EncoderState {
	switch {
	case i < cb.reached:
		return EncoderCompleted
	case cb.faulted && i == cb.reached:
		return EncoderFaulted
	}
	return EncoderPending
}

// runCommands runs the commands in order up to the first that fails; it returns
// the index of the command behind it, and the error.
func (cb *CommandBuffer) runCommands() (next int, err *Error) {
	start := cb.scheduleTime
	waiting := true // for events, before any work
	samples := sampler{samplings: cb.samplings, since: start}
	for i := 0; i < len(cb.commands); {
		c := &cb.commands[i]
		if c.op != opWait && waiting {
			waiting = false
			if i > 0 {
				start = now()
			}
		}
		samples.moveTo(c.encoder)
		first := i
		for i++; i < len(cb.commands) && cb.commands[i].abreast; i++ {
		}
		if i == first+1 {
			err = cb.runCommand(c)
		} else {
			first, err = cb.runAbreast(first, i)
		}
		if err != nil {
			cb.faulted, cb.reached = true, int(c.encoder)
			next = first + 1
			break
		}
	}
	if err == nil {
		samples.moveTo(int32(len(cb.encoders)))
	}
	cb.gpuStart, cb.gpuEnd = start, max(now(), start+tick)
	return next, err
}

func (cb *CommandBuffer) runCommand(c *command) *Error {
	switch c.op {
	case opDispatch, opDispatchIndirect:
		does, err := cb.prepare(c, &cb.launch)
		if !does {
			return err
		}
		return cb.run(c, &cb.launch)
	case opCopy:
		copy(c.dst.mem[c.dstOff:c.dstOff+c.size], c.src.mem[c.srcOff:c.srcOff+c.size])
	case opFill:
		fill(c.dst.mem[c.dstOff:c.dstOff+c.size], c.value)
	case opBlit:
		c.do()
	case opSignal:
		c.event.signal(c.count)
	case opWait:
		c.event.wait(c.count)
	}
	return nil
}

// prepare makes l the launch of a dispatch. It reports whether there is anything to run.
func (cb *CommandBuffer) prepare(c *command, l *simt.Launch) (does bool, err *Error) {
	grid := c.grid
	if c.op == opDispatchIndirect {
		args := c.src.mem[c.srcOff:]
		for i := range grid {
			grid[i] = binary.NativeEndian.Uint32(args[4*i:])
		}
	}
	if grid[0] == 0 || grid[1] == 0 || grid[2] == 0 {
		return false, nil // only an indirect dispatch comes here so: it does nothing
	}
	p := c.pipeline
	var threads [3]uint32
	for i := range grid {
		n := uint64(grid[i])
		if !c.exact {
			n *= uint64(c.group[i])
		}
		if n > math.MaxUint32 {
			return false, errorf(DomainCommandBuffer, CodeInternal,
				"%s: kernel %q: %d threads in dimension %d of the grid are more than 32 bits can count",
				cb.describe(), p.name, n, i)
		}
		threads[i] = uint32(n)
	}
	l.Program = p.program
	l.Grid = simt.Size{X: threads[0], Y: threads[1], Z: threads[2]}
	l.Group = simt.Size{X: c.group[0], Y: c.group[1], Z: c.group[2]}
	l.Mems = cb.bound()[c.bindings : c.bindings+len(p.bindings)]
	l.Timeout = p.device.timeout
	l.Workers = p.device.parallelism(cb.scheduleTime)
	l.Spare = nil
	l.Textures, l.Samplers, l.Resources = nil, nil, nil
	if p.program != nil {
		l.Textures = cb.boundTextures[c.textures:][:len(p.program.Textures())]
		l.Samplers = cb.boundSamplers[c.samplers:][:len(p.program.Samplers())]
	}
	if p.resources {
		l.Resources = cb.resources()
	}
	l.Log = nil
	if p.talks {
		if cb.log.state == nil {
			cb.log.state = defaultLog()
		}
		l.Log = &cb.log
	}
	l.Ranges = nil
	if p.addresses {
		l.Ranges = cb.ranges()
	}
	return true, nil
}

// run runs what prepare has prepared.
func (cb *CommandBuffer) run(c *command, l *simt.Launch) *Error {
	if fault := c.pipeline.run(l); fault != nil {
		return cb.faultError(c, fault)
	}
	return nil
}

// bound returns what the dispatches are bound to.
func (cb *CommandBuffer) bound() []simt.Binding {
	if cb.set != nil {
		return cb.set.bindings
	}
	return cb.bindings
}

// ranges returns the memory that kernels of this command buffer may reach by
// address: all that was bound or passed to useResource:usage:.
func (cb *CommandBuffer) ranges() []simt.Range {
	ranges := make([]simt.Range, 0, len(cb.used))
	add := func(b *Buffer) {
		ranges = append(ranges, simt.Range{Addr: b.address, Ptr: unsafe.Pointer(unsafe.SliceData(b.mem)), Len: int64(len(b.mem))})
	}
	for _, b := range cb.used {
		add(b)
	}
	if cb.set != nil {
		for _, b := range cb.set.buffers {
			if b != nil {
				add(b)
			}
		}
	}
	slices.SortFunc(ranges, func(a, b simt.Range) int { return cmp.Compare(a.Addr, b.Addr) })
	return slices.CompactFunc(ranges, func(a, b simt.Range) bool { return a.Addr == b.Addr })
}

// fill sets every byte of b to v; doubling copies are as fast as memory is.
func fill(b []byte, v byte) {
	if len(b) == 0 {
		return
	}
	if v == 0 {
		clear(b)
		return
	}
	b[0] = v
	for n := 1; n < len(b); n *= 2 {
		copy(b[n:], b[:n])
	}
}
