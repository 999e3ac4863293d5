package objcrt

import (
	"sync"
	"sync/atomic"
)

// Lazy is a class that is defined when it is first asked for. Its zero value is
// ready; being a plain variable without an initialiser it lets methods refer to
// their own class:
//
//	var bufferLazy objcrt.Lazy
//
//	func bufferClass() *objcrt.Class { return bufferLazy.Class(defineBuffer) }
type Lazy struct {
	class atomic.Pointer[Class]
	once  sync.Once
}

// Class returns the class, defining it as def says on first use.
func (l *Lazy) Class(def func() ClassDef) *Class {
	if c := l.class.Load(); c != nil {
		return c
	}
	l.once.Do(func() { l.class.Store(Define(def())) })
	return l.class.Load()
}
