package objc

import (
	"errors"
	"fmt"
	"sync"

	"github.com/aruminium-go/aruminium/internal/msgsend"
)

var (
	selInitWithDomain              = Selector{Name: "initWithDomain:code:userInfo:"}
	selDomain                      = Selector{Name: "domain"}
	selCode                        = Selector{Name: "code"}
	selUserInfo                    = Selector{Name: "userInfo"}
	selLocalizedDescription        = Selector{Name: "localizedDescription"}
	selLocalizedFailureReason      = Selector{Name: "localizedFailureReason"}
	selLocalizedRecoverySuggestion = Selector{Name: "localizedRecoverySuggestion"}
	selUnderlyingErrors            = Selector{Name: "underlyingErrors"}
	selIsKindOfClass               = Selector{Name: "isKindOfClass:"}

	classError = class{name: "NSError"}
)

// GoErrorDomain is the domain of an NSError made from a Go error that is no
// *[Error].
const GoErrorDomain = "GoErrorDomain"

// errorKeys are the keys of an NSError's userInfo. Their texts are Foundation's
// business: Apple's and GNUstep's differ.
var errorKeys = sync.OnceValue(func() (k struct{ description, reason, suggestion, underlying, allUnderlying string }) {
	k.description = msgsend.StringConstant("NSLocalizedDescriptionKey", "NSLocalizedDescription")
	k.reason = msgsend.StringConstant("NSLocalizedFailureReasonErrorKey", "NSLocalizedFailureReason")
	k.suggestion = msgsend.StringConstant("NSLocalizedRecoverySuggestionErrorKey", "NSLocalizedRecoverySuggestion")
	k.underlying = msgsend.StringConstant("NSUnderlyingErrorKey", "NSUnderlyingError")
	k.allUnderlying = msgsend.StringConstant("NSMultipleUnderlyingErrorsKey", "NSMultipleUnderlyingErrorsKey")
	return k
})

// Error is an NSError as a Go value. Use errors.As to get at one.
type Error struct {
	Domain             string
	Code               int
	Description        string // localizedDescription
	FailureReason      string // localizedFailureReason, "" when there is none
	RecoverySuggestion string // localizedRecoverySuggestion, "" when there is none
	// UserInfo holds the descriptions of the userInfo's values under its text
	// keys, without those the fields above and Underlying tell.
	UserInfo   map[string]string
	Underlying []error // each an *Error
}

// Error returns the description, and domain and code when there are any.
func (e *Error) Error() string {
	if e.Domain == "" {
		return e.Description
	}
	return fmt.Sprintf("%s (%s %d)", e.Description, e.Domain, e.Code)
}

// Unwrap returns the underlying errors.
func (e *Error) Unwrap() []error { return e.Underlying }

// Is reports whether target is an *Error of the same domain and code whose
// description is the same or empty, so that errors.Is works with a template.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Domain == e.Domain && t.Code == e.Code && (t.Description == "" || t.Description == e.Description)
}

// maxUnderlying bounds how deep underlying errors are followed.
const maxUnderlying = 8

// ErrorOf returns an NSError as a *[Error], and nil for nil. The reference stays
// the caller's.
func ErrorOf(nserror ID) error {
	if nserror == 0 {
		return nil
	}
	return errorOf(nserror, maxUnderlying)
}

// TakeError is [ErrorOf], and releases the object.
func TakeError(nserror ID) error {
	err := ErrorOf(nserror)
	Release(nserror)
	return err
}

func errorOf(id ID, depth int) *Error {
	e := &Error{
		Domain:             TakeString(msgsend.Object0(id, &selDomain)),
		Code:               int(msgsend.Word0(id, &selCode)),
		Description:        TakeString(msgsend.Object0(id, &selLocalizedDescription)),
		FailureReason:      TakeString(msgsend.Object0(id, &selLocalizedFailureReason)),
		RecoverySuggestion: TakeString(msgsend.Object0(id, &selLocalizedRecoverySuggestion)),
	}
	info := msgsend.Object0(id, &selUserInfo)
	defer Release(info)
	keys, values := Entries(info)
	defer ReleaseAll(keys)
	defer ReleaseAll(values)
	known := errorKeys()
	for i, k := range keys {
		if !isKindOf(k, &classString) {
			continue
		}
		switch name := String(k); name {
		case known.description, known.reason, known.suggestion, known.underlying, known.allUnderlying:
		default:
			if e.UserInfo == nil {
				e.UserInfo = make(map[string]string)
			}
			e.UserInfo[name] = Description(values[i])
		}
	}
	if depth > 0 {
		e.Underlying = underlying(id, info, depth-1)
	}
	return e
}

// underlying returns the underlying errors of an NSError. Runtimes without
// underlyingErrors have them in the userInfo only.
func underlying(id, info ID, depth int) []error {
	var ids []ID
	if RespondsTo(id, selUnderlyingErrors.SEL()) {
		array := msgsend.Object0(id, &selUnderlyingErrors)
		defer Release(array)
		ids = Items(array)
	} else if one := LookupString(info, errorKeys().underlying); one != 0 {
		ids = []ID{one}
	}
	defer ReleaseAll(ids)
	var errs []error
	for _, u := range ids {
		if isKindOf(u, &classError) {
			errs = append(errs, errorOf(u, depth))
		}
	}
	return errs
}

func isKindOf(id ID, c *class) bool {
	return msgsend.Bool1(id, &selIsKindOfClass, uintptr(c.get()))
}

// NewError makes an NSError of a Go error, 0 for nil. An *[Error] in its chain
// gives domain, code and texts; any other error gives [GoErrorDomain], code 0
// and its message. The reference is the caller's.
func NewError(err error) ID {
	if err == nil {
		return 0
	}
	var e *Error
	if !errors.As(err, &e) {
		e = &Error{Domain: GoErrorDomain, Description: err.Error()}
	}
	return newError(e, maxUnderlying)
}

func newError(e *Error, depth int) ID {
	var keys, values []ID
	add := func(key string, value ID) {
		keys, values = append(keys, NewString(key)), append(values, value)
	}
	addText := func(key, text string) {
		if text != "" {
			add(key, NewString(text))
		}
	}
	known := errorKeys()
	addText(known.description, e.Description)
	addText(known.reason, e.FailureReason)
	addText(known.suggestion, e.RecoverySuggestion)
	for k, v := range e.UserInfo {
		add(k, NewString(v))
	}
	if depth > 0 && len(e.Underlying) > 0 {
		var ids []ID
		for _, u := range e.Underlying {
			var ue *Error
			if !errors.As(u, &ue) {
				ue = &Error{Domain: GoErrorDomain, Description: u.Error()}
			}
			ids = append(ids, newError(ue, depth-1))
		}
		if len(ids) == 1 {
			add(known.underlying, ids[0])
		} else {
			add(known.allUnderlying, NewArray(ids...))
			ReleaseAll(ids)
		}
	}
	info, domain := NewDictionary(keys, values), NewString(e.Domain)
	defer ReleaseAll(keys)
	defer ReleaseAll(values)
	defer Release(info)
	defer Release(domain)
	return msgsend.Object3(classError.alloc(), &selInitWithDomain, uintptr(domain), uintptr(e.Code), uintptr(info))
}
