//go:build (darwin && !embedded) || (linux && objcnative)

package msgsend

import "github.com/ebitengine/purego"

var selUTF8String = Selector{Name: "UTF8String"}

// StringConstant returns the text of an NSString that a library of the process
// exports, or otherwise when none does.
func StringConstant(name, otherwise string) string {
	load()
	symbol, err := purego.Dlsym(purego.RTLD_DEFAULT, name)
	if err != nil {
		return otherwise
	}
	text := otherwise
	Pool(func() { text = goString(Word0(*(*ID)(pointer(symbol)), &selUTF8String)) })
	return text
}
