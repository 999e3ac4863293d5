package launch

import "sync/atomic"

// A Life counts who needs an object: its owner until Close, and each program and flight that holds
// it. When nobody does any more the object is freed. So a closed buffer that is in flight lives
// until the device is done with it.
type Life struct {
	users  atomic.Int64
	closed atomic.Bool
	mark   atomic.Uint64 // of the last recording that holds it, see Program.hold
	free   func()
}

// NewLife begins a life with one user, the owner. free runs once, on the goroutine of the last
// user.
func NewLife(free func()) *Life {
	l := &Life{free: free}
	l.users.Store(1)
	return l
}

// Hold adds a user. It reports false, and adds none, if the owner has closed the object.
func (l *Life) Hold() bool {
	for !l.closed.Load() {
		n := l.users.Load()
		if n <= 0 {
			return false
		}
		if l.users.CompareAndSwap(n, n+1) {
			return true
		}
	}
	return false
}

// Keep adds a user to a life that the caller holds already, closed or not.
func (l *Life) Keep() { l.users.Add(1) }

// Drop takes a user away.
func (l *Life) Drop() {
	if l.users.Add(-1) == 0 && l.free != nil {
		l.free()
	}
}

// Close ends the owner's use. It reports whether this call was the first.
func (l *Life) Close() bool {
	if l.closed.Swap(true) {
		return false
	}
	l.Drop()
	return true
}

// Alone tells whether the life has one user only, which the caller speaks for.
func (l *Life) Alone() bool { return l.users.Load() == 1 }

// Closed tells whether the owner has closed the object.
func (l *Life) Closed() bool { return l.closed.Load() }
