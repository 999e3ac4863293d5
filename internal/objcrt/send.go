package objcrt

import "unsafe"

// methodOf returns the method of a live object's class for a selector, nil when
// it has none. The handle names the class, so that method and object are found
// without waiting for each other.
func methodOf(self ID, sel SEL) *method {
	t := dispatch[self>>classShift].Load()
	if i := uint(sel - t.base); i < uint(len(t.methods)) {
		return t.methods[i]
	}
	return nil
}

// find returns the receiver and its method, nil for nil. It panics with an
// [*Exception] for a receiver that is no live object and for a selector it has
// no method for.
func find(self ID, sel SEL) (*Object, *method) {
	if self == 0 {
		return nil, nil
	}
	name := SelectorName(sel)
	o := live(self, name)
	if m := o.method(sel); m != nil {
		return o, m
	}
	panic(noMethod(o, name))
}

// Send0 sends a message without arguments and returns its result word. Nil
// answers 0.
func Send0(self ID, sel SEL) uintptr {
	if o := lookup(self); o != nil {
		if m := methodOf(self, sel); m != nil && m.F0 != nil {
			return m.F0(o)
		}
	}
	return sendSlow(self, sel, 0, 0, 0, 0, 0, 0)
}

// Send1 is [Send0] with one argument word.
func Send1(self ID, sel SEL, a uintptr) uintptr {
	if o := lookup(self); o != nil {
		if m := methodOf(self, sel); m != nil && m.F1 != nil {
			return m.F1(o, a)
		}
	}
	return sendSlow(self, sel, a, 0, 0, 0, 0, 0)
}

// Send2 is [Send0] with two argument words.
func Send2(self ID, sel SEL, a, b uintptr) uintptr {
	if o := lookup(self); o != nil {
		if m := methodOf(self, sel); m != nil && m.F2 != nil {
			return m.F2(o, a, b)
		}
	}
	return sendSlow(self, sel, a, b, 0, 0, 0, 0)
}

// Send3 is [Send0] with three argument words.
func Send3(self ID, sel SEL, a, b, c uintptr) uintptr {
	if o := lookup(self); o != nil {
		if m := methodOf(self, sel); m != nil && m.F3 != nil {
			return m.F3(o, a, b, c)
		}
	}
	return sendSlow(self, sel, a, b, c, 0, 0, 0)
}

// Send4 is [Send0] with four argument words.
func Send4(self ID, sel SEL, a, b, c, d uintptr) uintptr {
	if o := lookup(self); o != nil {
		if m := methodOf(self, sel); m != nil && m.F4 != nil {
			return m.F4(o, a, b, c, d)
		}
	}
	return sendSlow(self, sel, a, b, c, d, 0, 0)
}

// Send5 is [Send0] with five argument words.
func Send5(self ID, sel SEL, a, b, c, d, e uintptr) uintptr {
	if o := lookup(self); o != nil {
		if m := methodOf(self, sel); m != nil && m.F5 != nil {
			return m.F5(o, a, b, c, d, e)
		}
	}
	return sendSlow(self, sel, a, b, c, d, e, 0)
}

// Send6 is [Send0] with six argument words.
func Send6(self ID, sel SEL, a, b, c, d, e, f uintptr) uintptr {
	if o := lookup(self); o != nil {
		if m := methodOf(self, sel); m != nil && m.F6 != nil {
			return m.F6(o, a, b, c, d, e, f)
		}
	}
	return sendSlow(self, sel, a, b, c, d, e, f)
}

// sendSlow sends a message that the fast path of a sender did not: to nil, to
// a method of another form, or to nothing.
func sendSlow(self ID, sel SEL, a, b, c, d, e, f uintptr) uintptr {
	o, m := find(self, sel)
	if m == nil {
		return 0
	}
	return m.call(o, a, b, c, d, e, f)
}

// call runs a method whose form is not the sender's: another number of words
// or the frame form. Words the method has and the sender lacks are 0.
func (m *method) call(o *Object, a, b, c, d, e, f uintptr) uintptr {
	switch m.form {
	case 0:
		return m.F0(o)
	case 1:
		return m.F1(o, a)
	case 2:
		return m.F2(o, a, b)
	case 3:
		return m.F3(o, a, b, c)
	case 4:
		return m.F4(o, a, b, c, d)
	case 5:
		return m.F5(o, a, b, c, d, e)
	case 6:
		return m.F6(o, a, b, c, d, e, f)
	}
	args := [MaxRegisterWords]uint64{uint64(a), uint64(b), uint64(c), uint64(d), uint64(e), uint64(f)}
	var ret [1]uint64
	m.run(o, args[:], ret[:])
	return uintptr(ret[0])
}

// SendFrame sends a message in neutral form: any number of argument words, the
// result's memory image into ret, which is zeroed first. Nil leaves it zero. The
// slices are only lent to the method. Words the method has beyond args are 0,
// result words beyond ret are dropped.
func SendFrame(self ID, sel SEL, args, ret []uint64) {
	clear(ret)
	if self == 0 {
		return
	}
	o, m := find(self, sel)
	m.run(o, args, ret)
}

func (m *method) run(o *Object, args, ret []uint64) {
	if len(args) < int(m.words) || len(ret) < m.sig.ResultWords {
		m.runShort(o, args, ret)
		return
	}
	var r uintptr
	switch m.form {
	case frameForm:
		f := Frame{
			Args: unsafe.Slice((*uint64)(noescape(unsafe.Pointer(unsafe.SliceData(args)))), len(args)),
			Ret:  unsafe.Slice((*uint64)(noescape(unsafe.Pointer(unsafe.SliceData(ret)))), len(ret)),
		}
		m.frame(o, (*Frame)(noescape(unsafe.Pointer(&f))))
		return
	case 0:
		if m.V0 != nil {
			m.V0(o)
			return
		}
		r = m.F0(o)
	case 1:
		if m.V1 != nil {
			m.V1(o, uintptr(args[0]))
			return
		}
		r = m.F1(o, uintptr(args[0]))
	case 2:
		if m.V2 != nil {
			m.V2(o, uintptr(args[0]), uintptr(args[1]))
			return
		}
		r = m.F2(o, uintptr(args[0]), uintptr(args[1]))
	case 3:
		if m.V3 != nil {
			m.V3(o, uintptr(args[0]), uintptr(args[1]), uintptr(args[2]))
			return
		}
		r = m.F3(o, uintptr(args[0]), uintptr(args[1]), uintptr(args[2]))
	case 4:
		if m.V4 != nil {
			m.V4(o, uintptr(args[0]), uintptr(args[1]), uintptr(args[2]), uintptr(args[3]))
			return
		}
		r = m.F4(o, uintptr(args[0]), uintptr(args[1]), uintptr(args[2]), uintptr(args[3]))
	case 5:
		if m.V5 != nil {
			m.V5(o, uintptr(args[0]), uintptr(args[1]), uintptr(args[2]), uintptr(args[3]), uintptr(args[4]))
			return
		}
		r = m.F5(o, uintptr(args[0]), uintptr(args[1]), uintptr(args[2]), uintptr(args[3]), uintptr(args[4]))
	case 6:
		if m.V6 != nil {
			m.V6(o, uintptr(args[0]), uintptr(args[1]), uintptr(args[2]), uintptr(args[3]), uintptr(args[4]), uintptr(args[5]))
			return
		}
		r = m.F6(o, uintptr(args[0]), uintptr(args[1]), uintptr(args[2]), uintptr(args[3]), uintptr(args[4]), uintptr(args[5]))
	}
	if len(ret) > 0 {
		ret[0] = uint64(r)
	}
}

// runShort is run for a sender that gave fewer words than the method takes, or
// has less room for the result.
func (m *method) runShort(o *Object, args, ret []uint64) {
	wide := make([]uint64, max(int(m.words), len(args))+m.sig.ResultWords)
	n := copy(wide, args)
	n = max(n, int(m.words))
	m.run(o, wide[:n:n], wide[n:])
	copy(ret, wide[n:])
}

// sentOnce is a cache word that names no method: no class has the number 0.
const sentOnce = 1

// SendCached is [SendFrame] for a message that may be sent again and again: cache,
// 0 at first, keeps the method found for the receiver's class from the second time
// on. The receiver is not nil and ret is zero.
func SendCached(self ID, sel SEL, cache *uint64, args, ret []uint64) {
	o := lookup(self)
	if o == nil {
		panic(noObject(self, SelectorName(sel)))
	}
	m := cachedMethod(*cache, o.class.number)
	if m == nil {
		if m = o.method(sel); m == nil {
			panic(noMethod(o, SelectorName(sel)))
		}
		if *cache == 0 {
			*cache = sentOnce
		} else {
			*cache = m.cacheWord(o.class.number)
		}
	}
	m.run(o, args, ret)
}
