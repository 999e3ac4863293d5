package cpumetal

import (
	"sync"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/simt"
)

// changes are what lets the buffers and bytes of a template be changed without
// encoding it again. Each time a buffer or bytes are set while a template is
// encoded is a site, numbered from 0; a change gives a site another buffer or
// other bytes, in all dispatches that were encoded with it.
//
// Replays that have begun keep what was set then: a change is made in place if
// there are none, and else in a copy of the bindings, which is one that earlier
// replays have left if there is one.
type changes struct {
	sites   []site
	origins []int32 // for each binding of the script its site's number plus 1, or 0
	bytes   int     // of all sites

	mu    sync.Mutex
	uses  []int32 // the bindings of each site, one site after the other
	now   *bindingSet
	spare []*bindingSet
}

// A site is one place where a buffer or bytes were set.
type site struct {
	place int   // of its bytes in a set's
	size  int   // of its bytes; 0 for a buffer
	uses  int32 // where its bindings begin in changes.uses
}

// A bindingSet is what the dispatches of a template are bound to once something
// has been changed.
type bindingSet struct {
	of       *changes
	users    int // replays that have not ended; guarded by of.mu
	bindings []simt.Binding
	bytes    []byte
	buffers  []*Buffer // of the sites that were changed, retained
}

// site notes that a buffer, or so many bytes, are set, and returns the number of
// the site plus 1; 0 if no changes are wanted.
func (c *changes) site(bytes int) int32 {
	if c == nil {
		return 0
	}
	c.sites = append(c.sites, site{place: c.bytes, size: bytes})
	c.bytes += (bytes + byteAlign - 1) / byteAlign * byteAlign
	return int32(len(c.sites))
}

// origin notes which site the next binding of the script comes from.
func (c *changes) origin(site int32) {
	if c != nil {
		c.origins = append(c.origins, site)
	}
}

// ChangeBuffer gives a site of a frozen template another buffer and offset, for
// the replays that are made after it. It reports false, and changes nothing, for
// what is no site of a buffer or past the buffer's end.
func (cb *CommandBuffer) ChangeBuffer(number int, b *Buffer, offset uint64) bool {
	if b == nil || offset > b.Length() {
		return false
	}
	return cb.change(number, func(s *site, set *bindingSet) bool {
		if s.size != 0 || !b.tryRetain() {
			return false
		}
		if old := set.buffers[number]; old != nil {
			old.Release()
		}
		set.buffers[number] = b
		set.bind(number, b.binding(offset))
		return true
	})
}

// ChangeBytes gives a site of a frozen template other bytes, as many as it has,
// for the replays that are made after it. It reports false, and changes nothing,
// for what is no site of so many bytes.
func (cb *CommandBuffer) ChangeBytes(number int, data []byte) bool {
	if len(data) == 0 {
		return false
	}
	return cb.change(number, func(s *site, set *bindingSet) bool {
		if s.size != len(data) {
			return false
		}
		copy(set.bytes[s.place:], data)
		return true
	})
}

func (cb *CommandBuffer) change(number int, f func(*site, *bindingSet) bool) bool {
	c := cb.changes
	if !cb.frozen || cb.misuse != nil || number < 0 || number >= len(c.sites) {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return f(&c.sites[number], c.writable(cb.script))
}

// writable returns the set of the replays to come, one that no replay uses yet.
// c.mu is held.
func (c *changes) writable(s *script) *bindingSet {
	old := c.now
	switch {
	case old == nil:
		c.list()
		c.now = c.take()
		c.now.bindings = append(c.now.bindings, s.bindings...)
		for i := range c.sites {
			if use := c.usesOf(i); len(use) > 0 && c.sites[i].size > 0 {
				copy(c.now.bytes[c.sites[i].place:], bytesAt(s.bindings[use[0]]))
			}
		}
	case old.users > 0:
		c.now = c.take()
		c.now.bindings = append(c.now.bindings, old.bindings...)
		copy(c.now.bytes, old.bytes)
		for i, b := range old.buffers {
			if b != nil {
				b.retain()
				c.now.buffers[i] = b
			}
		}
	default:
		return old
	}
	for i := range c.sites {
		if s := &c.sites[i]; s.size > 0 {
			c.now.bind(i, simt.Binding{Ptr: unsafe.Pointer(&c.now.bytes[s.place]), Len: int64(s.size)})
		}
	}
	return c.now
}

func bytesAt(b simt.Binding) []byte { return unsafe.Slice((*byte)(b.Ptr), b.Len) }

// list sorts the bindings by their sites.
func (c *changes) list() {
	var total int32
	counts := make([]int32, len(c.sites))
	for _, origin := range c.origins {
		if origin > 0 {
			counts[origin-1]++
			total++
		}
	}
	at := int32(0)
	for i := range c.sites {
		c.sites[i].uses = at
		at += counts[i]
	}
	c.uses = make([]int32, total)
	for i := len(c.origins) - 1; i >= 0; i-- {
		if origin := c.origins[i]; origin > 0 {
			counts[origin-1]--
			c.uses[c.sites[origin-1].uses+counts[origin-1]] = int32(i)
		}
	}
}

// usesOf returns the bindings that come from a site.
func (c *changes) usesOf(number int) []int32 {
	end := len(c.uses)
	if number+1 < len(c.sites) {
		end = int(c.sites[number+1].uses)
	}
	return c.uses[c.sites[number].uses:end]
}

// take returns a set without bindings. c.mu is held.
func (c *changes) take() *bindingSet {
	if n := len(c.spare); n > 0 {
		set := c.spare[n-1]
		c.spare = c.spare[:n-1]
		return set
	}
	return &bindingSet{of: c, bytes: make([]byte, c.bytes), buffers: make([]*Buffer, len(c.sites))}
}

// bind gives the bindings that come from a site another value.
func (set *bindingSet) bind(number int, b simt.Binding) {
	for _, i := range set.of.usesOf(number) {
		set.bindings[i] = b
	}
}

// enter returns the set that a new replay uses, nil if nothing was changed.
func (c *changes) enter() *bindingSet {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.now != nil {
		c.now.users++
	}
	return c.now
}

// leave ends the use of a set by a replay.
func (set *bindingSet) leave() {
	c := set.of
	c.mu.Lock()
	defer c.mu.Unlock()
	set.users--
	if set.users == 0 && set != c.now {
		set.empty()
		c.spare = append(c.spare, set)
	}
}

// empty lets go of what the set keeps but its memory.
func (set *bindingSet) empty() {
	for i, b := range set.buffers {
		if b != nil {
			b.Release()
			set.buffers[i] = nil
		}
	}
	clear(set.bindings)
	set.bindings = set.bindings[:0]
}

// end lets go of everything, once there are no replays any more.
func (c *changes) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.now != nil {
		c.now.empty()
		c.now = nil
	}
}
