package objc

import (
	"fmt"

	"github.com/aruminium-go/aruminium/internal/msgsend"
)

// MaxWords is how many argument words [Send] and its kin take. A [Frame] takes
// more.
const MaxWords = 6

func tooMany(sel *Selector, n int) string {
	return fmt.Sprintf("objc: %s: %d argument words are more than %d: use a Frame", sel.Name, n, MaxWords)
}

// Send sends a message without a result. Every argument is one word.
func Send(self ID, sel *Selector, words ...uintptr) {
	switch w := words; len(w) {
	case 0:
		msgsend.Send0(self, sel)
	case 1:
		msgsend.Send1(self, sel, w[0])
	case 2:
		msgsend.Send2(self, sel, w[0], w[1])
	case 3:
		msgsend.Send3(self, sel, w[0], w[1], w[2])
	case 4:
		msgsend.Send4(self, sel, w[0], w[1], w[2], w[3])
	case 5:
		msgsend.Send5(self, sel, w[0], w[1], w[2], w[3], w[4])
	case 6:
		msgsend.Send6(self, sel, w[0], w[1], w[2], w[3], w[4], w[5])
	default:
		panic(tooMany(sel, len(w)))
	}
}

// SendWord sends a message and returns its integer or address result.
func SendWord(self ID, sel *Selector, words ...uintptr) uintptr {
	switch w := words; len(w) {
	case 0:
		return msgsend.Word0(self, sel)
	case 1:
		return msgsend.Word1(self, sel, w[0])
	case 2:
		return msgsend.Word2(self, sel, w[0], w[1])
	case 3:
		return msgsend.Word3(self, sel, w[0], w[1], w[2])
	case 4:
		return msgsend.Word4(self, sel, w[0], w[1], w[2], w[3])
	case 5:
		return msgsend.Word5(self, sel, w[0], w[1], w[2], w[3], w[4])
	case 6:
		return msgsend.Word6(self, sel, w[0], w[1], w[2], w[3], w[4], w[5])
	}
	panic(tooMany(sel, len(words)))
}

// SendBool sends a message and returns its BOOL result.
func SendBool(self ID, sel *Selector, words ...uintptr) bool {
	switch w := words; len(w) {
	case 0:
		return msgsend.Bool0(self, sel)
	case 1:
		return msgsend.Bool1(self, sel, w[0])
	case 2:
		return msgsend.Bool2(self, sel, w[0], w[1])
	case 3:
		return msgsend.Bool3(self, sel, w[0], w[1], w[2])
	case 4:
		return msgsend.Bool4(self, sel, w[0], w[1], w[2], w[3])
	case 5:
		return msgsend.Bool5(self, sel, w[0], w[1], w[2], w[3], w[4])
	case 6:
		return msgsend.Bool6(self, sel, w[0], w[1], w[2], w[3], w[4], w[5])
	}
	panic(tooMany(sel, len(words)))
}

// SendObject sends a message and returns its object result, which is the
// caller's whatever the method's name.
func SendObject(self ID, sel *Selector, words ...uintptr) ID {
	switch w := words; len(w) {
	case 0:
		return msgsend.Object0(self, sel)
	case 1:
		return msgsend.Object1(self, sel, w[0])
	case 2:
		return msgsend.Object2(self, sel, w[0], w[1])
	case 3:
		return msgsend.Object3(self, sel, w[0], w[1], w[2])
	case 4:
		return msgsend.Object4(self, sel, w[0], w[1], w[2], w[3])
	case 5:
		return msgsend.Object5(self, sel, w[0], w[1], w[2], w[3], w[4])
	case 6:
		return msgsend.Object6(self, sel, w[0], w[1], w[2], w[3], w[4], w[5])
	}
	panic(tooMany(sel, len(words)))
}

// SendFloat64 sends a message without arguments and returns its double result.
func SendFloat64(self ID, sel *Selector) float64 { return msgsend.Float64(self, sel) }

// SendFloat32 sends a message without arguments and returns its float result.
func SendFloat32(self ID, sel *Selector) float32 { return msgsend.Float32(self, sel) }

// SendObjectErr sends a message whose last argument, after the given words, is
// an NSError **, and returns the object result, which is the caller's. The
// error is a *[Error] when there is no result, and nil when there is one:
// Metal's warnings come as an error beside a result, which
// [SendObjectWarning] returns.
func SendObjectErr(self ID, sel *Selector, words ...uintptr) (ID, error) {
	id, warning := SendObjectWarning(self, sel, words...)
	if id != 0 {
		return id, nil
	}
	if warning == nil {
		warning = &Error{Description: fmt.Sprintf("%s returned nil and no error", sel.Name)}
	}
	return 0, warning
}

// SendObjectWarning is [SendObjectErr] that returns the error also when there
// is a result.
func SendObjectWarning(self ID, sel *Selector, words ...uintptr) (ID, error) {
	id, e := msgsend.ObjectErr(self, sel, words...)
	return id, TakeError(e)
}

// SendBoolErr sends a message with a BOOL result whose last argument, after the
// given words, is an NSError **. The error is nil when the result is YES.
func SendBoolErr(self ID, sel *Selector, words ...uintptr) error {
	ok, e := msgsend.BoolErr(self, sel, words...)
	err := TakeError(e)
	switch {
	case ok:
		return nil
	case err == nil:
		return &Error{Description: fmt.Sprintf("%s returned NO and no error", sel.Name)}
	}
	return err
}
