//go:build !((darwin && !embedded) || (linux && objcnative))

package msgsend

import (
	"fmt"
	"sync/atomic"

	"github.com/aruminium-go/aruminium/internal/msgsend/objctype"
	"github.com/aruminium-go/aruminium/internal/objcrt"
)

var formNames = [...]string{"no result", "a word", "a BOOL", "an object", "a float", "a double", "a struct"}

var (
	checking atomic.Bool
	reporter atomic.Pointer[func(error)]
)

// CheckEncodings is for tests: until stop is called, every send through this
// package is compared with the type encoding the receiver's method declares,
// and report is told of each that does not fit: a wrong number of words, an
// argument that is no word where a word sender was used, another result. It
// may be called from any goroutine that sends.
func CheckEncodings(report func(error)) (stop func()) {
	reporter.Store(&report)
	checking.Store(true)
	objcrt.SetHook(checkWords)
	return func() {
		objcrt.SetHook(nil)
		checking.Store(false)
		reporter.Store(nil)
	}
}

func complain(self ID, sel *Selector, encoding, problem string) {
	if r := reporter.Load(); r != nil {
		(*r)(fmt.Errorf("msgsend: [%s %s] with encoding %q: %s", ClassName(ObjectClass(self)), sel.Name, encoding, problem))
	}
}

func declared(self ID, sel *Selector) *objctype.Signature {
	encoding := objcrt.Encoding(self, sel.SEL())
	if encoding == "" {
		return nil // the send itself tells
	}
	sig, err := objctype.ParseMethod(encoding)
	if err != nil {
		return nil
	}
	return sig
}

// registerWords is how many words a message can carry in integer registers on
// every ABI, after receiver and selector: System V has six.
const registerWords = 4

// checkWords compares a send by a word sender.
func checkWords(self ID, sel *Selector, got objcrt.Form, words int) {
	sig := declared(self, sel)
	if sig == nil {
		return
	}
	if got == objcrt.Form3x3 {
		checkSignature(self, sel, &sig3x3, objcrt.FormVoid)
		return
	}
	if sig.Words != words {
		complain(self, sel, sig.Encoding, fmt.Sprintf("sent with %d argument words, it takes %d", words, sig.Words))
	}
	for i := range sig.Args {
		switch t := &sig.Args[i]; {
		case t.IsInteger():
		case t.IsAggregate() && t.Size <= 16 && onlyIntegers(t) && sig.Offsets[i]+t.Words() <= registerWords:
		default:
			complain(self, sel, sig.Encoding, fmt.Sprintf("argument %d is a %s, which a word sender cannot pass: use a Frame", i, t.Kind))
		}
	}
	checkResult(self, sel, sig, got)
}

func onlyIntegers(t *objctype.Type) bool {
	for _, l := range t.Leaves(nil, 0) {
		if l.Kind == objctype.Float || l.Kind == objctype.Double {
			return false
		}
	}
	return true
}

func checkResult(self ID, sel *Selector, sig *objctype.Signature, got objcrt.Form) {
	t := &sig.Result
	var want objcrt.Form
	switch {
	case t.Kind == objctype.Void:
		want = objcrt.FormVoid
	case t.Kind == objctype.Bool:
		want = objcrt.FormBool
	case t.Kind == objctype.Object, t.Kind == objctype.Block:
		want = objcrt.FormObject
	case t.Kind == objctype.Float:
		want = objcrt.FormFloat32
	case t.Kind == objctype.Double:
		want = objcrt.FormFloat64
	case t.IsAggregate() && t.Size <= 8 && onlyIntegers(t):
		want = objcrt.FormWord // such a struct comes back as a word does
		if got == objcrt.FormStruct {
			return
		}
	case t.IsAggregate():
		want = objcrt.FormStruct
	default:
		want = objcrt.FormWord
	}
	if got == want || got == objcrt.FormVoid && want != objcrt.FormObject && want != objcrt.FormStruct {
		return
	}
	complain(self, sel, sig.Encoding, fmt.Sprintf("received as %s, its result is %s", formNames[got], formNames[want]))
}

// checkSignature compares a send by a signature.
func checkSignature(self ID, sel *Selector, g *Signature, got objcrt.Form) {
	sig := declared(self, sel)
	if sig == nil {
		return
	}
	used := g.shape()
	if len(used.Args) != len(sig.Args) {
		complain(self, sel, sig.Encoding, fmt.Sprintf("sent with encoding %q, which has %d arguments", g.Encoding, len(used.Args)))
		return
	}
	for i := range sig.Args {
		if !samePassing(&used.Args[i], &sig.Args[i]) {
			complain(self, sel, sig.Encoding, fmt.Sprintf("argument %d sent as %s (encoding %q)", i, used.Args[i].String(), g.Encoding))
		}
	}
	checkResult(self, sel, sig, got)
}

func checkFrame(self ID, sel *Selector, g *Signature, object bool) {
	sig := declared(self, sel)
	if sig == nil {
		return
	}
	got := objcrt.FormVoid
	switch t := &g.shape().Result; {
	case object:
		got = objcrt.FormObject
	case t.Kind == objctype.Bool:
		got = objcrt.FormBool
	case t.Kind == objctype.Float:
		got = objcrt.FormFloat32
	case t.Kind == objctype.Double:
		got = objcrt.FormFloat64
	case t.IsAggregate():
		got = objcrt.FormStruct
	case t.Kind != objctype.Void:
		got = objcrt.FormWord
	}
	checkSignature(self, sel, g, got)
}

// samePassing reports whether two types are passed alike: the same scalars at
// the same offsets, addresses and integers of one width being the same.
func samePassing(a, b *objctype.Type) bool {
	if a.Size != b.Size || a.IsAggregate() != b.IsAggregate() {
		return false
	}
	la, lb := a.Leaves(nil, 0), b.Leaves(nil, 0)
	if len(la) != len(lb) {
		return false
	}
	for i := range la {
		fa := la[i].Kind == objctype.Float || la[i].Kind == objctype.Double
		fb := lb[i].Kind == objctype.Float || lb[i].Kind == objctype.Double
		if fa != fb || la[i].Size != lb[i].Size || la[i].Offset != lb[i].Offset {
			return false
		}
	}
	return true
}
