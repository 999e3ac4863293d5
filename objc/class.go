package objc

import (
	"sync/atomic"

	"github.com/aruminium-go/aruminium/internal/msgsend"
)

// class is a Foundation class that is looked up once.
type class struct {
	name string
	id   atomic.Uintptr
}

func (c *class) get() ID {
	if id := c.id.Load(); id != 0 {
		return ID(id)
	}
	id := msgsend.LookupClass(c.name)
	c.id.Store(uintptr(id))
	return ID(id)
}

func (c *class) alloc() ID { return msgsend.Object0(c.get(), &selAlloc) }
