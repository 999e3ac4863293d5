package launch

// A Copier records the commands of one blit encoder into a program, with an Encoder's manners.
type Copier struct {
	prog *Program
	open bool
}

// Begin opens a copier on a program that has no encoder open.
func (c *Copier) Begin(p *Program) {
	*c = Copier{prog: p, open: true}
	p.beginBlit()
}

// Open tells whether the copier takes commands.
func (c *Copier) Open() bool { return c.open }

// Finish ends the copier and returns the program's first error.
func (c *Copier) Finish() error {
	c.open = false
	c.prog.endEncoder()
	return c.prog.err
}

// Abandon ends the copier without a result.
func (c *Copier) Abandon() { c.open = false }

// Label names the copier in tools and errors.
func (c *Copier) Label(label string) { c.prog.LabelEncoder(label) }

// Fail makes reason the program's error, if it has none yet.
func (c *Copier) Fail(op, reason string) { c.prog.fail(op, reason, nil) }

// bind checks and holds a range of a buffer.
func (c *Copier) bind(op, which string, b *Buffer, off, n int) bool {
	p := c.prog
	reason, err := checkRange(b, off, n, p.lim.Device)
	if reason == "" && !p.hold(b.Life) {
		reason, err = "the buffer is closed", ErrClosed
	}
	if reason == "" {
		return true
	}
	p.fail(op, which+reason, err)
	return false
}

// Copy is copyFromBuffer:sourceOffset:toBuffer:destinationOffset:size:.
func (c *Copier) Copy(dst *Buffer, dstOff int, src *Buffer, srcOff, n int) {
	p := c.prog
	if p.err != nil || !c.bind("Copy", "destination: ", dst, dstOff, n) || !c.bind("Copy", "source: ", src, srcOff, n) {
		return
	}
	if n == 0 {
		p.fail("Copy", "there are no bytes to copy", nil)
		return
	}
	if dst.ID == src.ID && dstOff < srcOff+n && srcOff < dstOff+n {
		p.fail("Copy", "the source and the destination overlap", nil)
		return
	}
	p.list.SendTo(p.encoder, &selCopyBuffer, uintptr(src.ID), uintptr(srcOff), uintptr(dst.ID), uintptr(dstOff), uintptr(n))
}

// Fill is fillBuffer:range:value:.
func (c *Copier) Fill(b *Buffer, off, n int, value byte) {
	p := c.prog
	if p.err != nil || !c.bind("Fill", "", b, off, n) {
		return
	}
	if n == 0 {
		p.fail("Fill", "there are no bytes to fill", nil)
		return
	}
	p.list.SendTo(p.encoder, &selFillBuffer, uintptr(b.ID), uintptr(off), uintptr(n), uintptr(value))
}

// Fence is updateFence: or waitForFence:.
func (c *Copier) Fence(f *Object, wait bool) { c.prog.fence(f, wait) }
