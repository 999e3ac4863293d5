package launch

import (
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/msgsend"
)

// A queue is local if its device is made of the processors that the program runs on: the CPU
// device says so by answering selectors of its own. On such a queue a program that is kept runs
// its list only once, into a template, in which bindings are resolved and kernels are picked;
// each flight replays that, and slots are changed in the template itself. And a goroutine that
// waits can do the work itself, which takes no hand-off.

var (
	selTemplate      = msgsend.Selector{Name: "cpuTemplateWithDescriptor:"}
	selReplaying     = msgsend.Selector{Name: "cpuCommandBufferReplaying:"}
	selFreeze        = msgsend.Selector{Name: "cpuFreeze"}
	selChangeBuffer  = msgsend.Selector{Name: "cpuChangeSite:buffer:offset:"}
	selChangeBytes   = msgsend.Selector{Name: "cpuChangeSite:bytes:length:"}
	selCommitAndWait = msgsend.Selector{Name: "cpuCommitAndWait"}
	selCommitHere    = msgsend.Selector{Name: "cpuCommitHere"}
)

// commits are the messages that commit a command buffer in each Manner.
var commits = [...]*msgsend.Selector{Async: &selCommit, Wait: &selCommitAndWait, Brief: &selCommitHere}

// prepared tells whether the program's list makes a template.
func (p *Program) prepared() bool { return p.keep && p.queue.local }

// changeBuffer puts the buffer and offset of a slot, which the list has already, into the template
// if there is one. p.mu is held.
func (p *Program) changeBuffer(s *slot, id msgsend.ID, offset int) {
	if p.template != 0 && !p.stale {
		p.stale = !msgsend.Bool3(p.template, &selChangeBuffer, uintptr(s.site), uintptr(id), uintptr(offset))
	}
}

// changeBytes does so with bytes.
func (p *Program) changeBytes(s *slot) {
	if p.template != 0 && !p.stale {
		p.stale = !msgsend.Bool3(p.template, &selChangeBytes, uintptr(s.site), uintptr(unsafe.Pointer(unsafe.SliceData(s.data))), uintptr(len(s.data)))
	}
}

// replay commits a command buffer that does what the template does.
func (p *Program) replay(f *flight, m Manner) error {
	p.mu.Lock()
	if err := p.prepare(); err != nil {
		p.mu.Unlock()
		return err
	}
	f.holds = p.holdSlots(f.holds)
	cb := msgsend.Object1(p.queue.ID, &selReplaying, uintptr(p.template))
	p.mu.Unlock()
	if cb == 0 {
		return misuse("Submit", "the queue gave no command buffer: %w", ErrMemory)
	}
	msgsend.Send1(cb, &selAddCompletedHandler, uintptr(f.block))
	msgsend.Send0(cb, commits[m])
	msgsend.Release(cb)
	return nil
}

// prepare sees to it that the template is what the list says. p.mu is held.
func (p *Program) prepare() error {
	if p.template != 0 && !p.stale {
		return nil
	}
	p.seal(&msgsend.Form{Sel: &selFreeze})
	err := p.cross()
	made := p.list.Take(p.cb)
	if err != nil {
		msgsend.Release(made)
		return err
	}
	msgsend.Release(p.template) // flights keep what they replay
	p.template, p.stale = made, false
	return nil
}
