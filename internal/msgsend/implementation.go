package msgsend

import (
	"fmt"
	"strings"

	"github.com/aruminium-go/aruminium/internal/msgsend/objctype"
)

// implementation is what is known of a method or block implemented in Go.
type implementation struct {
	name  string // the selector, "" for a block
	sig   *Signature
	shape *shape // that of sig; a block's does not have the block itself as an argument
	fn    func(*Call)
	class *goClass // the class that has the method, nil for a block
	meta  bool     // it is a class method

	side implementationSide
}

// newImplementation checks a method against its encoding.
func newImplementation(m Method, class *goClass, meta bool) (*implementation, error) {
	sig, err := objctype.ParseMethod(m.Encoding)
	if err != nil {
		return nil, err
	}
	if n := strings.Count(m.Selector, ":"); n != len(sig.Args) {
		return nil, fmt.Errorf("the selector takes %d arguments, the encoding %q has %d", n, m.Encoding, len(sig.Args))
	}
	if m.Func == nil {
		return nil, fmt.Errorf("no func")
	}
	impl := &implementation{name: m.Selector, fn: m.Func, class: class, meta: meta}
	return impl, impl.compile(sig, sig)
}

// compile lowers the signature of an implementation; seen is what of it the func
// sees.
func (m *implementation) compile(sig, seen *objctype.Signature) error {
	l, err := lower(sig)
	if err != nil {
		return err
	}
	if sig.ResultWords > MaxResultWords {
		return fmt.Errorf("encoding %q: a result of %d words, at most %d are supported", sig.Encoding, sig.ResultWords, MaxResultWords)
	}
	m.shape = &shape{seen, l}
	m.sig = &Signature{Encoding: sig.Encoding}
	m.sig.compiled.Store(m.shape)
	m.side = m.newSide(sig)
	return nil
}

// newBlockImplementation checks a block's func against its encoding, which has
// the block itself as its first argument. To the func the block is no argument.
func newBlockImplementation(encoding string, fn func(*Call)) (*implementation, error) {
	sig, err := objctype.ParseFunction(encoding)
	if err != nil {
		return nil, err
	}
	if len(sig.Args) == 0 || sig.Args[0].Kind != objctype.Block && sig.Args[0].Kind != objctype.Object {
		return nil, fmt.Errorf("block encoding %q: want a result, then \"@?\", then the arguments", encoding)
	}
	seen := *sig
	seen.Args, seen.Words = sig.Args[1:], sig.Words-1
	seen.Offsets = make([]int, len(seen.Args))
	for i := range seen.Offsets {
		seen.Offsets[i] = sig.Offsets[i+1] - 1
	}
	m := &implementation{fn: fn}
	return m, m.compile(sig, &seen)
}
