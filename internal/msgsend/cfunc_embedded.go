//go:build !((darwin && !embedded) || (linux && objcnative))

package msgsend

import "fmt"

// Load loads a library or framework. The embedded runtime has none.
func Load(library string) error {
	return fmt.Errorf("msgsend: %s: the embedded Objective-C runtime loads no libraries", library)
}

// Find looks the function up and reports why it is not there.
func (f *Func) Find() error {
	return fmt.Errorf("msgsend: %s: the embedded Objective-C runtime has no C functions", f.Name)
}

// Word calls the function with up to six argument words and returns its
// integer or address result. It returns 0 when the function is not there.
func (f *Func) Word(words ...uintptr) uintptr { return 0 }

// Object calls the function with up to six argument words and returns its
// object result, which is the caller's. It returns 0 when the function is not
// there.
func (f *Func) Object(words ...uintptr) ID { return 0 }
