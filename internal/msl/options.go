package msl

import "fmt"

// Source is a program to compile.
type Source struct {
	// Name is what diagnostics call the text; "" is program_source, Metal's
	// name for a library made from a string.
	Name string
	Text string
	// Macros are defined before the text is read, in order.
	Macros []Macro
	// Include finds the text of an #include other than of the Metal library's
	// own headers. It is given the name as written, whether it was in quotes,
	// and the name of the file that includes it; path is what diagnostics call
	// the text. If Include is nil or returns an error, the directive is an
	// error, as it is for a library made from a string.
	Include func(name string, quoted bool, from string) (path, text string, err error)
}

// Macro is a macro defined from outside: -D name=value.
type Macro struct{ Name, Value string }

// Version is a version of the language.
type Version struct{ Major, Minor int }

// DefaultVersion is the version used when [Options] names none.
var DefaultVersion = Version{3, 2}

// MinVersion and MaxVersion are the oldest and newest versions there are.
var (
	MinVersion = Version{1, 0}
	MaxVersion = Version{4, 0}
)

// String returns "metal3.2".
func (v Version) String() string { return fmt.Sprintf("metal%d.%d", v.Major, v.Minor) }

// Macro returns the value of __METAL_VERSION__, such as 320.
func (v Version) Macro() int { return v.Major*100 + v.Minor*10 }

// Less reports whether v is older than w.
func (v Version) Less(w Version) bool {
	return v.Major < w.Major || v.Major == w.Major && v.Minor < w.Minor
}

// MathMode is how far floating-point arithmetic may depart from IEEE 754
// (MTLMathMode). What this compiler makes of it: unless the mode is safe, a
// product of floats and the sum or difference it goes into may be rounded once
// (fma), as Metal's compiler does. Nothing is reordered, and NaNs, infinities and
// signed zeros are kept in every mode. The mode also chooses the precision of the
// mathematical functions and is visible to the preprocessor.
type MathMode uint8

const (
	MathFast    MathMode = iota // the default, as Metal's
	MathRelaxed                 // fast, but infinities and NaNs are honoured
	MathSafe                    // IEEE 754
)

// String returns the name of the mode.
func (m MathMode) String() string {
	switch m {
	case MathFast:
		return "fast"
	case MathRelaxed:
		return "relaxed"
	case MathSafe:
		return "safe"
	}
	return fmt.Sprintf("MathMode(%d)", uint8(m))
}

// Options tell how to compile. The zero value is Metal's defaults.
type Options struct {
	Version Version // DefaultVersion if zero
	Math    MathMode
	// Logging has kernels say what os_log is given. Without it the calls are
	// checked and their arguments evaluated, no more.
	Logging bool
}
