//go:build (darwin && !embedded) || (linux && objcnative)

package msgsend

import (
	"sync"
	"sync/atomic"
)

// methodKey names a method that C calls. The class is that of the receiver,
// which may be a subclass of the one that has the method.
type methodKey struct {
	class uintptr
	sel   uintptr // see selectorKey
	depth uint64
}

func (k methodKey) hash() uintptr {
	h := k.class>>4 ^ k.sel*0x9e3779b1 ^ uintptr(k.depth)
	return h ^ h>>15
}

// foundMethods remembers which method a key means. Looking up takes no lock;
// the table is never full.
var foundMethods struct {
	table atomic.Pointer[methodTable]
	mu    sync.Mutex // held while one is added
	count int
}

type methodTable []atomic.Pointer[foundMethod] // the length is a power of two

type foundMethod struct {
	key  methodKey
	impl *implementation
}

// findMethod returns the method of a class defined in Go that a message goes to.
func findMethod(class, sel uintptr, depth uint64) *implementation {
	k := methodKey{class, sel, depth}
	if t := foundMethods.table.Load(); t != nil {
		if m := t.find(k); m != nil {
			return m.impl
		}
	}
	return resolveMethod(k)
}

func (t methodTable) find(k methodKey) *foundMethod {
	mask := uintptr(len(t) - 1)
	for i := k.hash() & mask; ; i = (i + 1) & mask {
		m := t[i].Load()
		if m == nil || m.key == k {
			return m
		}
	}
}

func (t methodTable) add(m *foundMethod) {
	mask := uintptr(len(t) - 1)
	i := m.key.hash() & mask
	for t[i].Load() != nil {
		i = (i + 1) & mask
	}
	t[i].Store(m)
}

// resolveMethod finds a method by walking up the receiver's classes.
func resolveMethod(k methodKey) *implementation {
	c := goClassOf(Class(k.class), int(k.depth))
	if c == nil {
		return nil
	}
	impl := c.methods[k.sel]
	if impl == nil {
		return nil
	}
	f := &foundMethods
	f.mu.Lock()
	defer f.mu.Unlock()
	t := f.table.Load()
	if t == nil || f.count*2 >= len(*t) {
		n := 64
		if t != nil {
			n = len(*t) * 2
		}
		grown := make(methodTable, n)
		if t != nil {
			for i := range *t {
				if m := (*t)[i].Load(); m != nil {
					grown.add(m)
				}
			}
		}
		f.table.Store(&grown)
		t = &grown
	}
	if t.find(k) == nil {
		t.add(&foundMethod{k, impl})
		f.count++
	}
	return impl
}
