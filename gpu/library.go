package gpu

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aruminium-go/aruminium/internal/launch"
	"github.com/aruminium-go/aruminium/mtl"
	"github.com/aruminium-go/aruminium/objc"
)

// A Library is compiled MSL: a MTLLibrary. It is for any goroutine.
type Library struct {
	h   *library
	net runtime.Cleanup
}

type library struct {
	life     *launch.Life
	raw      mtl.Library
	dev      *device
	warnings []Diagnostic
}

// A LanguageVersion is a version of MSL: major<<16 | minor, as MTLLanguageVersion has it. 0 is the
// system's newest.
type LanguageVersion uint32

// MSL makes a LanguageVersion: MSL(3, 1) is Metal 3.1.
func MSL(major, minor int) LanguageVersion { return LanguageVersion(major<<16 | minor) }

// String is "3.1", or "default" for 0.
func (v LanguageVersion) String() string {
	if v == 0 {
		return "default"
	}
	return fmt.Sprintf("%d.%d", v>>16, v&0xffff)
}

// A MathMode is how freely the compiler may treat floating-point arithmetic.
type MathMode int

const (
	MathDefault MathMode = iota // the system's, which is MathFast
	MathSafe                    // as IEEE 754 has it
	MathRelaxed                 // reordered, but with infinities and NaNs
	MathFast                    // reordered, as if infinities and NaNs did not occur
)

// CompileOptions is how a source is compiled. The zero value is what Compile uses.
type CompileOptions struct {
	// Name stands for the source in the diagnostics, instead of program_source.
	Name string
	// Macros are defined before the source is read: the name, and what it stands for. A name with
	// an empty text is defined as nothing.
	Macros map[string]string
	// LanguageVersion is the version of MSL the source is written in.
	LanguageVersion LanguageVersion
	// MathMode is MTLCompileOptions mathMode or, before macOS 15, fastMathEnabled.
	MathMode MathMode
	// PreciseMath picks the precise forms of sin, exp and their like where the source does not
	// name one.
	PreciseMath bool
	// OptimizeSize compiles for small code rather than fast.
	OptimizeSize bool
	// PreserveInvariance keeps the results of invariant values the same across pipelines.
	PreserveInvariance bool
	// MaxTotalThreadsPerThreadgroup tells the compiler the largest threadgroup that will be
	// launched; 0 leaves it open.
	MaxTotalThreadsPerThreadgroup int
	// Logging has kernels say what they give to os_log. Without it the calls do nothing. Where the
	// messages go, see QueueOptions.
	Logging bool
}

// Compile compiles MSL from source. A source with errors gives a *CompileError with the place of
// each. The caller closes the library.
func (d *Device) Compile(source string) (*Library, error) {
	return d.CompileWith(source, CompileOptions{})
}

// CompileWith is Compile with options.
func (d *Device) CompileWith(source string, o CompileOptions) (*Library, error) {
	if err := d.use("Compile"); err != nil {
		return nil, err
	}
	defer d.done()
	if e := notText(source, o.Name); e != nil {
		return nil, e
	}
	options, err := o.raw(d.h)
	if err != nil {
		return nil, err
	}
	defer options.Release()
	raw, err := d.h.raw.NewLibraryWithSource(source, options)
	text := ""
	if err != nil {
		text = compilerText(err)
	}
	diags := parseDiagnostics(text)
	for i := range diags {
		diags[i].Pos.Filename = sourceName(o.Name, diags[i].Pos.Filename)
	}
	if raw.IsNil() {
		if len(diags) == 0 { // no fault of the source's: options, a compiler that died
			diags = []Diagnostic{{Severity: SeverityError, Msg: strings.TrimSpace(text)}}
		}
		return nil, &CompileError{Diagnostics: diags, Raw: text}
	}
	return d.h.newLibrary(raw, diags), nil
}

// Load reads a library that was compiled before, a .metallib file. The error is the device's own:
// the CPU device cannot run Apple's machine code, and says so. The caller closes the library.
func (d *Device) Load(metallib string) (*Library, error) {
	if err := d.use("Load"); err != nil {
		return nil, err
	}
	defer d.done()
	if _, err := os.Stat(metallib); err != nil {
		if errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("gpu: Device.Load: %w: %w", ErrNotFound, err)
		}
		return nil, fmt.Errorf("gpu: Device.Load: %w", err)
	}
	raw, err := d.h.raw.NewLibraryWithURL(metallib)
	if raw.IsNil() {
		if err == nil {
			err = errors.New("the device gave neither a library nor a reason")
		}
		return nil, fmt.Errorf("gpu: Device.Load(%q): %w", metallib, err)
	}
	return d.h.newLibrary(raw, nil), nil
}

// raw is the options as MTLCompileOptions, which the caller releases.
func (o *CompileOptions) raw(d *device) (mtl.CompileOptions, error) {
	r := mtl.NewCompileOptions()
	if r.IsNil() {
		return r, fmt.Errorf("gpu: Device.Compile: MTLCompileOptions: %w", ErrUnsupported)
	}
	fail := func(what string) (mtl.CompileOptions, error) {
		r.Release()
		return mtl.CompileOptions{}, fmt.Errorf("gpu: Device.Compile: CompileOptions.%s: %w", what, ErrUnsupported)
	}
	if len(o.Macros) > 0 {
		macros := make(map[string]any, len(o.Macros))
		for name, text := range o.Macros {
			if !isIdentifier(name) {
				r.Release()
				return r, fmt.Errorf("gpu: Device.Compile: CompileOptions.Macros: %q is no name of a macro", name)
			}
			macros[name] = text
		}
		r.SetPreprocessorMacros(macros)
	}
	if o.LanguageVersion != 0 {
		r.SetLanguageVersion(mtl.LanguageVersion(o.LanguageVersion))
	}
	switch {
	case o.MathMode == MathDefault:
	case o.MathMode < MathDefault || o.MathMode > MathFast:
		r.Release()
		return r, fmt.Errorf("gpu: Device.Compile: CompileOptions.MathMode: there is no mode %d", o.MathMode)
	case r.RespondsTo("setMathMode:"):
		r.SetMathMode([]mtl.MathMode{MathSafe: mtl.MathModeSafe, MathRelaxed: mtl.MathModeRelaxed, MathFast: mtl.MathModeFast}[o.MathMode])
	default:
		r.SetFastMathEnabled(o.MathMode == MathFast)
	}
	if o.PreciseMath {
		if !r.RespondsTo("setMathFloatingPointFunctions:") {
			return fail("PreciseMath")
		}
		r.SetMathFloatingPointFunctions(mtl.MathFloatingPointFunctionsPrecise)
	}
	if o.OptimizeSize && r.RespondsTo("setOptimizationLevel:") {
		r.SetOptimizationLevel(mtl.LibraryOptimizationLevelSize)
	}
	if o.PreserveInvariance {
		r.SetPreserveInvariance(true)
	}
	if n := o.MaxTotalThreadsPerThreadgroup; n != 0 {
		if n < 0 {
			r.Release()
			return r, fmt.Errorf("gpu: Device.Compile: CompileOptions.MaxTotalThreadsPerThreadgroup: %d is negative", n)
		}
		if !r.RespondsTo("setMaxTotalThreadsPerThreadgroup:") {
			return fail("MaxTotalThreadsPerThreadgroup")
		}
		r.SetMaxTotalThreadsPerThreadgroup(uint(n))
	}
	if o.Logging {
		if !r.RespondsTo("setEnableLogging:") {
			return fail("Logging")
		}
		r.SetEnableLogging(true)
	}
	return r, nil
}

// notText finds what no compiler should be asked to read: nothing at all, and what is not text. An
// NSString cannot hold the latter, and the compiler behind it reads C text, which ends at a NUL.
func notText(source, name string) *CompileError {
	at, msg := 0, ""
	switch nul := strings.IndexByte(source, 0); {
	case strings.TrimSpace(source) == "":
		msg = "the source is empty"
	case nul >= 0:
		at, msg = nul, "the source holds a NUL byte: it is not MSL text"
	case !utf8.ValidString(source):
		for i, r := range source {
			if _, size := utf8.DecodeRuneInString(source[i:]); r == utf8.RuneError && size == 1 {
				at = i
				break
			}
		}
		msg = "the source is not valid UTF-8"
	default:
		return nil
	}
	before := source[:at]
	d := Diagnostic{Severity: SeverityError, Msg: msg, Pos: Position{
		Filename: sourceName(name, ""),
		Line:     1 + strings.Count(before, "\n"),
		Column:   at - strings.LastIndexByte(before, '\n'),
	}}
	return &CompileError{Diagnostics: []Diagnostic{d}, Raw: d.String() + "\n"}
}

// sourceName is the name a diagnostic shows for the source: only the text given has a name to
// choose, not what it includes.
func sourceName(name, said string) string {
	const given = "program_source"
	switch {
	case said != "" && said != given:
		return said
	case name != "":
		return name
	}
	return given
}

func isIdentifier(s string) bool {
	for i := range len(s) {
		c := s[i]
		letter := c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}

// compilerText is what the compiler said, without the words that the error adds.
func compilerText(err error) string {
	var e *objc.Error
	if errors.As(err, &e) {
		return e.Description
	}
	return err.Error()
}

func (d *device) newLibrary(raw mtl.Library, warnings []Diagnostic) *Library {
	d.life.Keep()
	h := &library{raw: raw, dev: d, warnings: warnings}
	h.life = launch.NewLife(func() { raw.Release(); d.life.Drop() })
	l := &Library{h: h}
	l.net = runtime.AddCleanup(l, func(h *library) { forgotten(h.life, "Library", "") }, h)
	return l
}

func (l *Library) use(op string) error {
	if l.none() {
		return errNone("Library."+op, "library")
	}
	if !l.h.life.Hold() {
		return fmt.Errorf("gpu: Library.%s: the library is closed: %w", op, ErrClosed)
	}
	return nil
}

func (l *Library) done() { l.h.life.Drop() }

// Warnings is what the compiler warned of.
func (l *Library) Warnings() []Diagnostic {
	if l.none() {
		return nil
	}
	return slices.Clone(l.h.warnings)
}

// FunctionNames is the names of the library's functions, sorted. It is nil once the library is
// closed.
func (l *Library) FunctionNames() []string {
	if l.use("FunctionNames") != nil {
		return nil
	}
	defer l.done()
	names := l.h.raw.FunctionNames()
	slices.Sort(names)
	return names
}

// Function is the function of that name. The error of an unknown one wraps ErrNotFound and says
// which there are. The caller closes the function.
func (l *Library) Function(name string) (*Function, error) {
	if err := l.use("Function"); err != nil {
		return nil, err
	}
	defer l.done()
	raw := l.h.raw.NewFunction(name)
	if raw.IsNil() {
		if why := l.missing("Function", name); why != nil {
			return nil, why
		}
		return nil, fmt.Errorf("gpu: Library.Function(%q): the device gave no function: one with function constants needs FunctionWith", name)
	}
	return l.h.newFunction(raw, name), nil
}

// Pipeline is the pipeline of the function of that name: Function and Device.Pipeline in one. The
// caller closes it.
func (l *Library) Pipeline(name string) (*Pipeline, error) {
	f, err := l.Function(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.pipeline("Library.Pipeline")
}

// missing says that a name is not in the library, or nil if it is.
func (l *Library) missing(op, name string) error {
	names := l.h.raw.FunctionNames()
	if slices.Contains(names, name) {
		return nil
	}
	slices.Sort(names)
	const most = 8
	there := strings.Join(names[:min(len(names), most)], ", ")
	switch {
	case len(names) == 0:
		there = "none"
	case len(names) > most:
		there += fmt.Sprintf(" and %d more", len(names)-most)
	}
	return fmt.Errorf("gpu: Library.%s: function %q: %w; the library has %s", op, name, ErrNotFound, there)
}

// Close ends the use of the library; its functions and pipelines stay usable. Close may be called
// again and on nil.
func (l *Library) Close() error {
	if !l.none() && l.h.life.Close() {
		l.net.Stop()
	}
	return nil
}
