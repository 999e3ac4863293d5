//go:build (darwin && !embedded) || (linux && objcnative)

package msgsend

import (
	"sync/atomic"

	"github.com/aruminium-go/aruminium/internal/msgsend/abi"
)

// A list that runs a second time is kept: its records are bound to methods, so
// that replay need not look for them.
//
// A record whose receiver stays is bound to the method of that receiver, for
// good. A record whose receiver varies, because it is another record's result or
// was set, is bound to the class of the receiver it had: on the GNU runtime,
// where an object begins with its class, the assembly compares and looks up what
// differs; Apple's runtime keeps such a cache itself, behind objc_msgSend, which
// such records go through.
//
// A method that only forwards, because the class has none, is not bound: the
// runtime may make a different one each time.

// A knownMethod is the method that a class has for a selector.
type knownMethod struct {
	class   Class
	fn      uintptr
	changes uint32 // methodChanges before it was looked up
}

// learn keeps the method that a class has for the selector, for messages to come.
func (s *Selector) learn(class Class) {
	f := &knownMethod{class: class, changes: methodChanges.Load()}
	if old := s.known.Load(); old != nil && old.class == class && old.changes == f.changes {
		return
	}
	if f.fn = method(class, s.SEL(), false); f.fn != 0 {
		s.known.Store(f)
	}
}

// methodChanges counts what may have changed which method a class has for a
// selector.
var methodChanges atomic.Uint32

// MethodsChanged makes lists that are kept look their methods up again. It is for
// whoever replaces a method of a class that is in use; [Load] calls it, since a
// library may have categories.
func MethodsChanged() { methodChanges.Add(1) }

// bind binds the records that have run.
func (l *List) bind() {
	n := &l.native
	if now := methodChanges.Load(); now != n.methods {
		n.methods, n.bound = now, 0
	}
	for _, r := range l.records[n.bound:n.ran] {
		l.bindRecord(r)
	}
	n.bound = n.ran
}

func (l *List) bindRecord(r record) {
	rec := l.words[r.at:]
	self := r.layout.Self
	sel := SEL(rec[abi.RecInts/8+self+1])
	if !r.varies {
		rec[abi.RecFn/8] = uint64(lowered{r.layout}.fn())
		rec[abi.RecHead/8] |= lookupFlag
		id := ID(rec[abi.RecInts/8+self])
		if fn := method(ObjectClass(id), sel, r.layout.Indirect); fn != 0 {
			rec[abi.RecFn/8] = uint64(fn)
			rec[abi.RecHead/8] &^= abi.FlagLookup
		}
		return
	}
	rec[abi.RecHead/8] &^= abi.FlagCached
	if rec[abi.RecHead/8]&abi.FlagLookup == 0 {
		return
	}
	if fn := method(Class(rec[abi.RecClass/8]), sel, r.layout.Indirect); fn != 0 {
		rec[abi.RecFn/8] = uint64(fn)
		rec[abi.RecHead/8] |= abi.FlagCached
	}
}

// method returns the function a class has for a selector, 0 when it has none.
func method(class Class, sel SEL, indirect bool) uintptr {
	if class == 0 || byte(cCall(fnResponds, uintptr(class), uintptr(sel), 0, 0, 0, 0)) == 0 {
		return 0
	}
	find := fnMethod
	if indirect && fnMethodStret != 0 {
		find = fnMethodStret
	}
	return cCall(find, uintptr(class), uintptr(sel), 0, 0, 0, 0)
}
