package objcrt

import (
	"fmt"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/msgsend/objctype"
)

// MaxRegisterWords is how many argument words the register form can take.
const MaxRegisterWords = 6

// Frame is a message in the frame form. A method must not keep the frame or
// its slices after it has returned: they are the sender's memory.
type Frame struct {
	Args []uint64 // the argument words, without receiver and selector
	Ret  []uint64 // the result's words, zero on entry
}

// method is one entry of a method table. One of frame and F0 … F6 is set, the
// one form tells; a method without a result also has the V of its form, which
// F then wraps.
type method struct {
	sel    SEL
	form   int8 // argument words of the register form, frameForm for the frame form
	words  int8 // argument words, by the encoding
	needs  need
	number uint32 // in cache words, 0 before one asked; guarded by numbered.mu
	sig    *objctype.Signature

	F0    func(*Object) uintptr
	F1    func(*Object, uintptr) uintptr
	F2    func(*Object, uintptr, uintptr) uintptr
	F3    func(*Object, uintptr, uintptr, uintptr) uintptr
	F4    func(*Object, uintptr, uintptr, uintptr, uintptr) uintptr
	F5    func(*Object, uintptr, uintptr, uintptr, uintptr, uintptr) uintptr
	F6    func(*Object, uintptr, uintptr, uintptr, uintptr, uintptr, uintptr) uintptr
	frame func(*Object, *Frame)

	V0 func(*Object)
	V1 func(*Object, uintptr)
	V2 func(*Object, uintptr, uintptr)
	V3 func(*Object, uintptr, uintptr, uintptr)
	V4 func(*Object, uintptr, uintptr, uintptr, uintptr)
	V5 func(*Object, uintptr, uintptr, uintptr, uintptr, uintptr)
	V6 func(*Object, uintptr, uintptr, uintptr, uintptr, uintptr, uintptr)
}

const frameForm = -1

// need is the hook of a class without which it does not have a method.
type need uint8

const (
	needsNothing need = iota
	needsCopy         // ClassDef.Copy
	needsAlloc        // ClassDef.Alloc
)

// compile checks a class's declarations and turns them into table entries.
func compile(class, sign string, defs []Method, needs map[string]need) ([]*method, error) {
	ms := make([]*method, 0, len(defs))
	seen := make(map[SEL]bool, len(defs))
	for _, d := range defs {
		m, err := compileMethod(d)
		if err == nil && seen[m.sel] {
			err = fmt.Errorf("declared twice")
		}
		if err != nil {
			return nil, fmt.Errorf("objcrt: %s[%s %s]: %w", sign, class, d.Selector, err)
		}
		seen[m.sel] = true
		m.needs = needs[d.Selector]
		ms = append(ms, m)
	}
	return ms, nil
}

func compileMethod(d Method) (*method, error) {
	sig, err := objctype.ParseMethod(d.Encoding)
	if err != nil {
		return nil, err
	}
	colons := 0
	for i := range len(d.Selector) {
		if d.Selector[i] == ':' {
			colons++
		}
	}
	if d.Selector == "" || colons != len(sig.Args) {
		return nil, fmt.Errorf("the selector takes %d arguments, its encoding %q has %d", colons, d.Encoding, len(sig.Args))
	}
	if sig.Words > 127 {
		return nil, fmt.Errorf("encoding %q: %d argument words are more than 127", d.Encoding, sig.Words)
	}
	m := &method{sel: RegisterSelector(d.Selector), words: int8(sig.Words), sig: sig}
	form, void := 0, true
	switch f := d.Func.(type) {
	case func(*Object) uintptr:
		m.F0, form, void = f, 0, false
	case func(*Object, uintptr) uintptr:
		m.F1, form, void = f, 1, false
	case func(*Object, uintptr, uintptr) uintptr:
		m.F2, form, void = f, 2, false
	case func(*Object, uintptr, uintptr, uintptr) uintptr:
		m.F3, form, void = f, 3, false
	case func(*Object, uintptr, uintptr, uintptr, uintptr) uintptr:
		m.F4, form, void = f, 4, false
	case func(*Object, uintptr, uintptr, uintptr, uintptr, uintptr) uintptr:
		m.F5, form, void = f, 5, false
	case func(*Object, uintptr, uintptr, uintptr, uintptr, uintptr, uintptr) uintptr:
		m.F6, form, void = f, 6, false
	case func(*Object):
		m.V0, m.F0, form = f, func(o *Object) uintptr { f(o); return 0 }, 0
	case func(*Object, uintptr):
		m.V1, m.F1, form = f, func(o *Object, a uintptr) uintptr { f(o, a); return 0 }, 1
	case func(*Object, uintptr, uintptr):
		m.V2, m.F2, form = f, func(o *Object, a, b uintptr) uintptr { f(o, a, b); return 0 }, 2
	case func(*Object, uintptr, uintptr, uintptr):
		m.V3, m.F3, form = f, func(o *Object, a, b, c uintptr) uintptr { f(o, a, b, c); return 0 }, 3
	case func(*Object, uintptr, uintptr, uintptr, uintptr):
		m.V4, m.F4, form = f, func(o *Object, a, b, c, d uintptr) uintptr { f(o, a, b, c, d); return 0 }, 4
	case func(*Object, uintptr, uintptr, uintptr, uintptr, uintptr):
		m.V5, m.F5, form = f, func(o *Object, a, b, c, d, e uintptr) uintptr { f(o, a, b, c, d, e); return 0 }, 5
	case func(*Object, uintptr, uintptr, uintptr, uintptr, uintptr, uintptr):
		m.V6, m.F6, form = f, func(o *Object, a, b, c, d, e, g uintptr) uintptr { f(o, a, b, c, d, e, g); return 0 }, 6
	case func(*Object, *Frame):
		m.frame, m.form = f, frameForm
		return m, nil
	default:
		return nil, fmt.Errorf("a %T is neither the register form nor the frame form", d.Func)
	}
	if form != sig.Words {
		return nil, fmt.Errorf("the func takes %d argument words, the encoding %q has %d", form, d.Encoding, sig.Words)
	}
	if sig.ResultWords > 1 || void != (sig.ResultWords == 0) {
		return nil, fmt.Errorf("the func's result does not fit the encoding %q, which has %d result words", d.Encoding, sig.ResultWords)
	}
	m.form = int8(form)
	return m, nil
}

// noescape hides a pointer from escape analysis. It is for memory lent to a
// method for the length of a call.
//
//go:nosplit
func noescape(p unsafe.Pointer) unsafe.Pointer {
	x := uintptr(p)
	return *(*unsafe.Pointer)(unsafe.Pointer(&x))
}
