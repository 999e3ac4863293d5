package msgsend

import "fmt"

// wrongWords panics for a frame that does not fit its signature.
func wrongWords(sel *Selector, sig *Signature, n int) {
	want, _ := sig.Words()
	panic(fmt.Sprintf("msgsend: %s: the frame has %d argument words, encoding %q takes %d", sel.Name, n, sig.Encoding, want))
}
