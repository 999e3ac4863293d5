package cpumetal

import "encoding/binary"

// execute runs the commands and returns what failed.
func (cb *CommandBuffer) execute() *Error {
	err := cb.misuse
	if err == nil {
		err = cb.skippedBy
	}
	next := 0
	if err == nil {
		next, err = cb.runCommands()
	} else {
		for i := range cb.encoders {
			cb.encoders[i].state = EncoderPending
		}
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
	cb.mu.Lock()
	cb.err = err
	cb.mu.Unlock()
	return err
}

func (cb *CommandBuffer) encoderInfos() []EncoderInfo {
	infos := make([]EncoderInfo, len(cb.encoders))
	for i, e := range cb.encoders {
		infos[i] = EncoderInfo{e.label, append([]string(nil), e.signposts...), e.state}
	}
	return infos
}

// runCommands runs the commands in order up to the first that fails; it returns
// the index of the command behind it, and the error.
func (cb *CommandBuffer) runCommands() (next int, err *Error) {
	start := 0.0
	for i := range cb.commands {
		c := &cb.commands[i]
		if start == 0 && c.op != opWait {
			start = now()
		}
		if err = cb.runCommand(c); err != nil {
			cb.faulted = true
			next = i + 1
			cb.markEncoders(int(c.encoder))
			break
		}
	}
	if err == nil {
		for i := range cb.encoders {
			cb.encoders[i].state = EncoderCompleted
		}
	}
	end := now()
	if start == 0 {
		start = end
	}
	cb.mu.Lock()
	cb.times.GPUStart, cb.times.GPUEnd = start, max(end, start+tick)
	cb.mu.Unlock()
	return next, err
}

func (cb *CommandBuffer) markEncoders(faulted int) {
	for i := range cb.encoders {
		switch {
		case i < faulted:
			cb.encoders[i].state = EncoderCompleted
		case i == faulted:
			cb.encoders[i].state = EncoderFaulted
		default:
			cb.encoders[i].state = EncoderPending
		}
	}
}

func (cb *CommandBuffer) runCommand(c *command) *Error {
	switch c.op {
	case opDispatch:
		return cb.runDispatch(c, c.grid)
	case opDispatchIndirect:
		var grid [3]uint32
		args := c.src.mem[c.srcOff:]
		for i := range grid {
			grid[i] = binary.NativeEndian.Uint32(args[4*i:])
		}
		return cb.runDispatch(c, grid)
	case opCopy:
		copy(c.dst.mem[c.dstOff:c.dstOff+c.size], c.src.mem[c.srcOff:c.srcOff+c.size])
	case opFill:
		fill(c.dst.mem[c.dstOff:c.dstOff+c.size], c.value)
	case opSignal:
		c.event.signal(c.count)
	case opWait:
		c.event.wait(c.count)
	}
	return nil
}

// runDispatch runs a kernel over grid.
func (cb *CommandBuffer) runDispatch(c *command, grid [3]uint32) *Error {
	if grid[0] == 0 || grid[1] == 0 || grid[2] == 0 {
		return nil // only an indirect dispatch comes here so: it does nothing
	}
	p := c.pipeline
	l := &cb.launch
	l.Group = c.group
	for i := range grid {
		if c.exact {
			l.Threads[i] = uint64(grid[i])
			l.Groups[i] = uint64(grid[i]-1)/uint64(c.group[i]) + 1
		} else {
			l.Groups[i] = uint64(grid[i])
			l.Threads[i] = uint64(grid[i]) * uint64(c.group[i])
		}
		if l.Threads[i] > 1<<32 {
			return errorf(DomainCommandBuffer, CodeInternal,
				"%s: kernel %q: %d threads in dimension %d of the grid are more than a 32-bit position can count",
				cb.describe(), p.name, l.Threads[i], i)
		}
	}
	l.Buffers = cb.bindings[c.buffers : int(c.buffers)+len(p.buffers)]
	l.Lengths = cb.lengths[c.lengths : int(c.lengths)+len(p.threadgroup)]
	fault := p.kernel.Launch(l)
	if fault == nil {
		return nil
	}
	where := cb.describe()
	if label := cb.encoders[c.encoder].label; label != "" {
		where += ", encoder \"" + label + "\""
	}
	return errorf(DomainCommandBuffer, fault.Code, "%s: %s", where, fault.Text)
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
