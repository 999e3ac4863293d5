package objc

import "github.com/aruminium-go/aruminium/internal/msgsend"

var (
	selInitFileURLWithPath = Selector{Name: "initFileURLWithPath:"}
	selInitWithString      = Selector{Name: "initWithString:"}
	selPath                = Selector{Name: "path"}
	selAbsoluteString      = Selector{Name: "absoluteString"}
	selIsFileURL           = Selector{Name: "isFileURL"}

	classURL = class{name: "NSURL"}
)

// NewFileURL makes the NSURL of a file; a relative path is taken from the
// working directory. The reference is the caller's.
func NewFileURL(path string) ID {
	s := NewString(path)
	defer Release(s)
	return msgsend.Object1(classURL.alloc(), &selInitFileURLWithPath, uintptr(s))
}

// NewURL makes an NSURL of its text, 0 when the text is no URL. The reference
// is the caller's.
func NewURL(text string) ID {
	s := NewString(text)
	defer Release(s)
	return msgsend.Object1(classURL.alloc(), &selInitWithString, uintptr(s))
}

// URLString returns the text of an NSURL, "" for nil.
func URLString(url ID) string { return TakeString(msgsend.Object0(url, &selAbsoluteString)) }

// URLPath returns the path of a file's NSURL, "" for nil and other URLs.
func URLPath(url ID) string {
	if !msgsend.Bool0(url, &selIsFileURL) {
		return ""
	}
	return TakeString(msgsend.Object0(url, &selPath))
}
