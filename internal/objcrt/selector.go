package objcrt

import (
	"sync"
	"sync/atomic"

	"github.com/aruminium-go/aruminium/internal/msgsend/objctype"
)

// The words of the runtime.
type (
	// ID is the handle of an object; 0 is nil.
	ID = objctype.ID
	// SEL is an interned selector; 0 is none.
	SEL = objctype.SEL
)

// selectors interns method names. Numbers count from 1, so that a method
// table can be indexed by them.
var selectors struct {
	mu    sync.RWMutex
	byVal map[string]SEL
	names atomic.Pointer[[]string]
}

// RegisterSelector returns the number of a selector, interning it on first use.
func RegisterSelector(name string) SEL {
	selectors.mu.RLock()
	s := selectors.byVal[name]
	selectors.mu.RUnlock()
	if s != 0 {
		return s
	}
	selectors.mu.Lock()
	defer selectors.mu.Unlock()
	if s := selectors.byVal[name]; s != 0 {
		return s
	}
	if selectors.byVal == nil {
		selectors.byVal = make(map[string]SEL)
	}
	var names []string
	if p := selectors.names.Load(); p != nil {
		names = *p
	}
	names = append(names, name)
	s = SEL(len(names))
	selectors.byVal[name] = s
	selectors.names.Store(&names)
	return s
}

// SelectorName returns the name of a selector, or "" for a number that no
// selector has.
func SelectorName(s SEL) string {
	p := selectors.names.Load()
	if p == nil || s == 0 || int(s) > len(*p) {
		return ""
	}
	return (*p)[s-1]
}
