package objcrt

import (
	"math/bits"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"unsafe"
)

// A handle is, from the low bits up: the slot's index, its generation, the
// class's number. Index 0 is never used, so no handle is 0.
const (
	indexBits = 28
	genBits   = 24
	classBits = 12

	indexMask = 1<<indexBits - 1
	genMask   = 1<<genBits - 1

	genShift   = indexBits
	classShift = indexBits + genBits
)

// Object is what a handle names and what a method receives as self.
type Object struct {
	id    atomic.Uintptr // an ID; only that of memory that is used again changes
	class *Class
	refs  atomic.Int64
	value any
	again bool // the memory is used again, for the same class and value
}

// ID returns the object's handle. The reference stays whose it was.
func (o *Object) ID() ID { return ID(o.id.Load()) }

// Class returns the object's class.
func (o *Object) Class() *Class { return o.class }

// Value returns the Go value the object was made with.
func (o *Object) Value() any { return o.value }

// SetValue replaces the object's Go value. It belongs into initialisers: it
// must not run beside other uses of the object.
func (o *Object) SetValue(v any) { o.value = v }

// immortal is where the reference count of an object starts that is never
// destroyed: a class.
const immortal = 1 << 40

// A slot holds one object at a time. The generation counts how often it has
// been used; a slot whose generations are used up is retired.
type slot struct {
	obj  atomic.Pointer[Object]
	gen  uint32 // written only by who holds the slot: off the free list
	next atomic.Uint32
}

// Slots live in chunks of doubling size that are never moved or freed, so a
// slot is found from its index without a lock. With i = index + firstChunk the
// chunks hold i = 1024…2047, 2048…4095, and so on: chunk k those of k bits.
const (
	firstChunkBits = 10
	firstChunk     = 1 << firstChunkBits
	maxChunk       = indexBits // bits of i in the last chunk
)

var (
	chunks [maxChunk + 1][]slot
	// origins holds for each chunk where slot i = 0 would be if the chunk went
	// back that far; 0 for a chunk that is not there.
	origins  [32]atomic.Uintptr
	chunkMu  sync.Mutex
	nextSlot atomic.Uint32 // slots handed to the free lists so far
)

// maxSlots is how many slots there can be.
const maxSlots = 1<<maxChunk - firstChunk

// slotAt returns the slot of an index, or nil when its chunk does not exist.
func slotAt(index uint32) *slot {
	i := index + firstChunk
	origin := origins[bits.Len32(i)%32].Load()
	if origin == 0 {
		return nil
	}
	at := origin + uintptr(i)*unsafe.Sizeof(slot{})
	return *(**slot)(unsafe.Pointer(&at))
}

// lookup returns the live object a handle names, or nil. It is slotAt and a
// test, written out to be inlined.
func lookup(id ID) *Object {
	i := uint32(id&indexMask) + firstChunk
	if origin := origins[bits.Len32(i)%32].Load(); origin != 0 {
		at := origin + uintptr(i)*unsafe.Sizeof(slot{})
		if o := (*(**slot)(unsafe.Pointer(&at))).obj.Load(); o != nil && o.ID() == id {
			return o
		}
	}
	return nil
}

// The free lists. A creator takes from a random shard, so that goroutines
// rarely meet; a shard is a stack of slots linked through slot.next, whose head
// carries a tag against the reuse of a slot between the load and the swap.
const shardCount = 64

type shard struct {
	head atomic.Uint64 // tag<<32 | index
	_    [56]byte
}

var shards [shardCount]shard

func (s *shard) push(index uint32) {
	sl := slotAt(index)
	for {
		h := s.head.Load()
		sl.next.Store(uint32(h))
		if s.head.CompareAndSwap(h, (h>>32+1)<<32|uint64(index)) {
			return
		}
	}
}

func (s *shard) pop() uint32 {
	for {
		h := s.head.Load()
		index := uint32(h)
		if index == 0 {
			return 0
		}
		next := slotAt(index).next.Load()
		if s.head.CompareAndSwap(h, (h>>32+1)<<32|uint64(next)) {
			return index
		}
	}
}

// grab is how many slots a shard takes at a time when it has run dry.
const grab = 32

// takeSlot returns the index of a slot nobody uses.
func takeSlot() uint32 {
	s := &shards[rand.Uint32()%shardCount]
	if i := s.pop(); i != 0 {
		return i
	}
	first := nextSlot.Add(grab) - grab
	if first+grab > maxSlots {
		nextSlot.Add(^uint32(grab - 1))
		for i := range shards {
			if i := shards[i].pop(); i != 0 {
				return i
			}
		}
		panic("objcrt: too many live objects")
	}
	ensureChunks(first + grab - 1)
	for i := first + 1; i < first+grab; i++ {
		s.push(i)
	}
	if first == 0 { // index 0 is nil's
		return takeSlot()
	}
	return first
}

func ensureChunks(index uint32) {
	k := bits.Len32(index + firstChunk)
	if origins[k].Load() != 0 {
		return
	}
	chunkMu.Lock()
	defer chunkMu.Unlock()
	if chunks[k] == nil {
		first := uintptr(1) << (k - 1)
		chunks[k] = make([]slot, first)
		origins[k].Store(uintptr(unsafe.Pointer(unsafe.SliceData(chunks[k]))) - first*unsafe.Sizeof(slot{}))
	}
}

// newObject makes an object with one reference, the caller's.
func newObject(c *Class, value any) *Object {
	o := freshObject()
	o.class, o.value = c, value
	o.settle()
	return o
}

// settle gives an object a slot, a handle and one reference.
func (o *Object) settle() {
	index := takeSlot()
	s := slotAt(index)
	o.id.Store(uintptr(ID(index) | ID(s.gen)<<genShift | ID(o.class.number)<<classShift))
	o.refs.Store(1)
	s.obj.Store(o)
}

// Renew is New in memory of the caller's, which lasts. The first call decides on
// class and value. The memory may be used again for the same from the last thing on
// that the class's Dealloc does with it, which is how objects whose values are used
// again cost nothing:
// a message to an earlier object is one to a released object as ever, but a
// method that runs while its object is released wrongly sees the same value in
// its next use.
func (c *Class) Renew(o *Object, value any) ID {
	if !o.again {
		o.class, o.value, o.again = c, value, true
	}
	o.settle()
	return o.ID()
}

// Objects are allocated many at a time, so that one costs no allocation of its
// own. None of these is ever used again: a pointer that outlives its object stays
// harmless.
type slab struct {
	objects [64]Object
	used    int
}

var slabs = sync.Pool{New: func() any { return new(slab) }}

func freshObject() *Object {
	s := slabs.Get().(*slab)
	o := &s.objects[s.used]
	if s.used++; s.used < len(s.objects) {
		slabs.Put(s)
	}
	return o
}

// destroy runs the class's hooks and frees the slot.
func (o *Object) destroy() {
	id := o.ID()
	if f := destroyHook.Load(); f != nil {
		(*f)(id)
	}
	again := o.again // then o is another object already when Dealloc returns
	for c := o.class; c != nil; c = c.super {
		if c.dealloc != nil {
			c.dealloc(o)
		}
	}
	if !again {
		o.value = nil // the slab may live on
	}
	index := uint32(id & indexMask)
	s := slotAt(index)
	s.gen++
	retired := s.gen > genMask
	s.obj.Store(nil)
	if !retired {
		shards[index%shardCount].push(index)
	}
}

// live returns the object of a handle for a message; it panics when there is none.
func live(id ID, selector string) *Object {
	if o := lookup(id); o != nil {
		return o
	}
	panic(noObject(id, selector))
}

// Retain adds a reference to an object and returns its handle. Nil stays nil.
func Retain(id ID) ID {
	if id != 0 {
		live(id, "retain").retain()
	}
	return id
}

func (o *Object) retain() {
	if o.refs.Add(1) <= 1 {
		o.refs.Add(-1)
		panic(noObject(o.ID(), "retain"))
	}
}

// Release gives one reference back. The last one destroys the object.
func Release(id ID) {
	if id != 0 {
		live(id, "release").release()
	}
}

func (o *Object) release() {
	switch n := o.refs.Add(-1); {
	case n == 0:
		o.destroy()
	case n < 0:
		panic(noObject(o.ID(), "release"))
	}
}

// RetainCount returns the number of references to an object, 0 for nil.
func RetainCount(id ID) int {
	if id == 0 {
		return 0
	}
	return int(live(id, "retainCount").refs.Load())
}

// Valid reports whether a handle names a live object.
func Valid(id ID) bool { return lookup(id) != nil }

// Value returns the Go value of an object, nil for nil and for what is no
// live object.
func Value(id ID) any {
	if o := lookup(id); o != nil {
		return o.value
	}
	return nil
}

// As returns the Go value of an object when it is a T.
func As[T any](id ID) (T, bool) {
	v, ok := Value(id).(T)
	return v, ok
}

// ClassOf returns the class of an object, nil for nil. It panics for a
// released object.
func ClassOf(id ID) *Class {
	if id == 0 {
		return nil
	}
	return live(id, "class").class
}

// Live returns how many objects of each class are alive. Classes themselves
// are not counted. It walks every slot: it is for tests and diagnostics.
func Live() map[string]int {
	counts := make(map[string]int)
	eachLive(func(o *Object) { counts[o.class.name]++ })
	return counts
}

// LiveCount returns how many objects are alive in all, classes not counted.
func LiveCount() int {
	n := 0
	eachLive(func(*Object) { n++ })
	return n
}

func eachLive(f func(*Object)) {
	for i := range nextSlot.Load() {
		s := slotAt(i)
		if s == nil {
			break
		}
		if o := s.obj.Load(); o != nil && !o.class.meta {
			f(o)
		}
	}
}
