package objcrt

import (
	"sync"
	"sync/atomic"
)

// A cache word names a method without being a Go pointer: the class's number in
// the high half, the method's number in the low half. Methods are numbered when
// a cache first asks for one.
var numbered struct {
	mu   sync.Mutex
	list atomic.Pointer[[]*method]
}

// cacheWord returns the cache word of a method found for a class.
func (m *method) cacheWord(class uint32) uint64 {
	numbered.mu.Lock()
	defer numbered.mu.Unlock()
	if m.number == 0 {
		var list []*method
		if p := numbered.list.Load(); p != nil {
			list = *p
		}
		list = append(list, m)
		m.number = uint32(len(list))
		numbered.list.Store(&list)
	}
	return uint64(class)<<32 | uint64(m.number)
}

// cachedMethod returns the method a cache word names for a class, nil when it
// was made for another class.
func cachedMethod(word uint64, class uint32) *method {
	if uint32(word>>32) != class || word == 0 {
		return nil
	}
	return (*numbered.list.Load())[uint32(word)-1]
}

// MethodWord returns a word that names the method objects of a class answer a
// selector with, 0 when they have none.
func (c *Class) MethodWord(sel SEL) uint64 {
	if m := c.table.at(sel); m != nil {
		return m.cacheWord(c.number)
	}
	return 0
}

// SendMethod calls the method that [Class.MethodWord] named, whatever the
// receiver answers its selector with. Nil leaves ret zero.
func SendMethod(word uint64, self ID, sel SEL, args, ret []uint64) {
	clear(ret)
	if self != 0 {
		(*numbered.list.Load())[uint32(word)-1].run(live(self, SelectorName(sel)), args, ret)
	}
}
