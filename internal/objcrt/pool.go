package objcrt

import "sync"

// Pool is an autorelease pool. It belongs to the goroutine that pushed it;
// pools of one goroutine nest.
type Pool struct {
	key   uintptr
	outer *Pool
	objs  []ID
	done  bool
}

// pools holds the innermost open pool of each goroutine that has one.
var pools [64]struct {
	mu  sync.Mutex
	top map[uintptr]*Pool
	_   [40]byte
}

func poolShard(key uintptr) int { return int(key>>6^key>>12) & (len(pools) - 1) }

// PushPool opens a pool on the calling goroutine. The same goroutine closes it
// with [Pool.Pop].
func PushPool() *Pool {
	p := &Pool{key: goroutine()}
	s := &pools[poolShard(p.key)]
	s.mu.Lock()
	if s.top == nil {
		s.top = make(map[uintptr]*Pool)
	}
	p.outer = s.top[p.key]
	s.top[p.key] = p
	s.mu.Unlock()
	return p
}

// Pop closes the pool, and the pools opened inside it that are still open, and
// releases what was autoreleased into them. Objects autoreleased by the
// releases themselves are released too. Popping twice does nothing.
func (p *Pool) Pop() {
	s := &pools[poolShard(p.key)]
	for {
		s.mu.Lock()
		if p.done {
			s.mu.Unlock()
			return
		}
		var objs []ID
		for q := s.top[p.key]; ; q = q.outer {
			objs = append(objs, q.objs...)
			q.objs = nil
			if q == p {
				break
			}
			q.done = true
			s.top[p.key] = q.outer
		}
		if len(objs) == 0 {
			p.done = true
			if p.outer != nil {
				s.top[p.key] = p.outer
			} else {
				delete(s.top, p.key)
			}
			s.mu.Unlock()
			return
		}
		s.mu.Unlock()
		for _, id := range objs {
			Release(id)
		}
	}
}

// Autorelease gives the caller's reference to the innermost pool of the calling
// goroutine, which releases it when it is popped, and returns the handle. It
// reports false, and the reference stays the caller's, when the goroutine has
// no pool.
func Autorelease(id ID) (ID, bool) {
	if id == 0 {
		return 0, true
	}
	live(id, "autorelease")
	key := goroutine()
	s := &pools[poolShard(key)]
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.top[key]
	if p == nil {
		return id, false
	}
	p.objs = append(p.objs, id)
	return id, true
}
