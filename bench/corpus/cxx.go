package main

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/aruminium-go/aruminium/fp16"
	"github.com/aruminium-go/aruminium/internal/msl"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

//go:embed shim
var shimFiles embed.FS

// A compiler makes programs of units with a C++ compiler.
type compiler struct {
	command string
	dir     string // for the shim, and for one program at a time
}

// flags are those of every unit: literals are floats, nothing is contracted, and
// what the data makes undefined ends the program.
func flags() []string {
	return []string{"-std=c++20", "-O1", "-w", "-fpermissive", "-fsingle-precision-constant", "-ffp-contract=off", "-fwrapv", "-fno-strict-aliasing",
		"-fmax-errors=1", "-fsanitize=float-cast-overflow,integer-divide-by-zero,bounds", "-fsanitize-undefined-trap-on-error"}
}

// headers are names of the library's headers: all of it is in one.
var headers = []string{"metal_stdlib", "metal_atomic", "metal_compute", "metal_math", "metal_integer", "metal_common", "metal_geometric", "metal_matrix",
	"metal_relational", "metal_pack", "metal_simdgroup", "metal_quadgroup", "metal_texture", "metal_types", "metal_limits", "metal_array", "metal_type_traits", "metal_simdgroup_matrix", "simd/simd.h"}

func newCompiler(command, dir string) (*compiler, error) {
	if _, err := exec.LookPath(command); err != nil {
		return nil, err
	}
	c := &compiler{command, dir}
	files, err := fs.Sub(shimFiles, "shim")
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	if err := os.CopyFS(filepath.Join(dir, "shim"), files); err != nil {
		return nil, err
	}
	if err := os.Mkdir(filepath.Join(dir, "shim", "simd"), 0o777); err != nil {
		return nil, err
	}
	// The compiler's own headers take most of its time.
	prefix := filepath.Join(dir, "shim", "prefix.h")
	if out, err := exec.Command(command, append(flags(), "-x", "c++-header", prefix, "-o", prefix+".gch")...).CombinedOutput(); err != nil {
		return nil, errors.New(compilerError(string(out)))
	}
	for _, h := range headers[1:] {
		if err := os.WriteFile(filepath.Join(dir, "shim", h), []byte("#include \"metal_stdlib\"\n"), 0o666); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// program compiles a unit to a program that runs any of its kernels, and returns
// its path.
func (c *compiler) program(u *unit, kernels []*msl.Kernel) (string, error) {
	var b strings.Builder
	b.WriteString("#include \"metal_stdlib\"\n#line 1 \"unit\"\n")
	b.WriteString(translate(u.text, kernels))
	b.WriteString("\n#include \"run.h\"\nint main() {\n\tshim::launch({\n")
	for _, k := range kernels {
		var args []string
		for _, p := range k.Params {
			args = append(args, argument(k, p))
		}
		fmt.Fprintf(&b, "\t\t[] { ::%s(%s); },\n", k.Function, strings.Join(args, ", "))
	}
	b.WriteString("\t});\n}\n")
	source, program := filepath.Join(c.dir, "unit.cpp"), filepath.Join(c.dir, "unit")
	if err := os.WriteFile(source, []byte(b.String()), 0o666); err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(c.dir, "shim", "swizzles.inc"), []byte(swizzles(u.text)), 0o666); err != nil {
		return "", err
	}
	cmd := exec.Command(c.command, append(flags(), "-include", filepath.Join(c.dir, "shim", "prefix.h"), "-iquote", u.dir, "-iquote", filepath.Dir(u.dir),
		"-I", filepath.Join(c.dir, "shim"), "-o", program, source)...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", errors.New(compilerError(string(out)))
	}
	return program, nil
}

func argument(k *msl.Kernel, p msl.Param) string {
	if p.Arg < 0 {
		return "shim::" + p.Builtin + "()"
	}
	a := k.Args[p.Arg]
	switch a.Kind {
	case msl.ArgThreadgroup:
		return fmt.Sprintf("shim::memory(%d)", a.Index)
	case msl.ArgTexture:
		return fmt.Sprintf("shim::texture(%d)", a.Index)
	case msl.ArgSampler:
		return fmt.Sprintf("shim::sampler(%d)", a.Index)
	}
	return fmt.Sprintf("shim::buffer(%d)", a.Index)
}

var errorLine = regexp.MustCompile(`(?m)error: (.*)$`)

func compilerError(out string) string {
	if m := errorLine.FindStringSubmatch(out); m != nil {
		return m[1]
	}
	return "no error message"
}

var (
	functionConstant = regexp.MustCompile(`constant\s+([\w:<>]+)\s+(\w+)\s*\[\[\s*function_constant\((\w+)\)\s*\]\]\s*;`)
	twiceConstant    = regexp.MustCompile(`\bconstant((\s+(constexpr|static|inline))*\s+const\b)|(\bconst(\s+(constexpr|static|inline))*)\s+constant\b`)
	sharedArgument   = regexp.MustCompile(`\[\[\s*threadgroup\s*\(\w+\)\s*\]\]`) // the shim's macro would spoil it
	sharedVariable   = regexp.MustCompile(`(?m)([;{}]\s*)threadgroup\s+([\w:<>, ]+\s\w+\s*(\[[^;\[\]]*\]\s*)*;)`)
	otherDefault     = regexp.MustCompile(`\w+\s*\(\s*\)\s*(device|constant|threadgroup)\s*=\s*default\s*;`)
	otherSpace       = regexp.MustCompile(`\)\s*(const\s+)?(device|constant|threadgroup|threadgroup_imageblock|object_data|ray_data)(\s+const)?\s*\{`)
)

// translate makes C++ of what the shim's macros cannot: function constants get
// their values, threadgroup variables are static, and of methods overloaded by
// the address space of the object one is left.
func translate(text string, kernels []*msl.Kernel) string {
	byName := map[string]msl.Constant{}
	for _, k := range kernels {
		for _, c := range k.Constants {
			byName[c.Name] = c
		}
	}
	text = functionConstant.ReplaceAllStringFunc(text, func(s string) string {
		m := functionConstant.FindStringSubmatch(s)
		c, ok := byName[m[2]]
		if !ok {
			return fmt.Sprintf("static const %s %s = %s(0);", m[1], m[2], m[1])
		}
		return fmt.Sprintf("static const %s %s = %s;", m[1], m[2], literal(c.Type, constantValue(c)))
	})
	text = sharedArgument.ReplaceAllString(text, "")
	text = otherDefault.ReplaceAllString(text, "")
	for {
		at := otherSpace.FindStringIndex(text)
		if at == nil {
			break
		}
		text = cut(text, at[0], at[1]-1)
	}
	text = twiceConstant.ReplaceAllString(text, "$1$4")
	for range 2 { // of variables side by side, each other one is found
		text = sharedVariable.ReplaceAllString(text, "${1}static $2")
	}
	return text
}

// cut removes the member function whose parameters end at closing and whose body
// begins at brace.
func cut(text string, closing, brace int) string {
	depth, from := 0, closing
	for ; from >= 0; from-- {
		switch text[from] {
		case ')':
			depth++
		case '(':
			depth--
		}
		if depth == 0 {
			break
		}
	}
	for from > 0 && !strings.ContainsRune(";{}", rune(text[from-1])) {
		from--
	}
	if i := strings.LastIndex(text[from:closing], "\n#"); i >= 0 { // a directive before it stays
		from += i + 1 + strings.IndexByte(text[from+i+1:], '\n')
	}
	depth = 0
	for to := brace; to < len(text); to++ {
		switch text[to] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return text[:from] + strings.Repeat("\n", strings.Count(text[from:to+1], "\n")) + text[to+1:]
			}
		}
	}
	return text[:closing] + ");" // not C++ that has a body
}

// literal writes a function constant's value.
func literal(t types.Type, data []byte) string {
	word := func(b []byte) (w uint64) {
		for i, x := range b {
			w |= uint64(x) << (8 * i)
		}
		return w
	}
	switch t := t.(type) {
	case *types.Vector:
		var parts []string
		n := int(t.Elem.Size())
		for i := range t.N {
			parts = append(parts, literal(t.Elem, data[i*n:(i+1)*n]))
		}
		return fmt.Sprintf("%s(%s)", t, strings.Join(parts, ", "))
	case *types.Enum:
		return fmt.Sprintf("%s(%s)", t, literal(t.Underlying, data))
	}
	b := t.(*types.Basic)
	w := word(data)
	switch b.Kind {
	case types.Half:
		return fmt.Sprintf("half(%v)", fp16.Float16(w).Float32())
	case types.BFloat:
		return fmt.Sprintf("bfloat(%v)", fp16.BFloat16(w).Float32())
	case types.Float:
		return fmt.Sprintf("as_type<float>(%#xu)", w)
	}
	return fmt.Sprintf("%s(%d)", b, w)
}

var swizzleName = regexp.MustCompile(`\.\s*([xyzw]{2,4}|[rgba]{2,4})\b`)

// swizzles writes the storage of vectors with the swizzles that occur in a text.
func swizzles(text string) string {
	used := map[string]bool{}
	for _, m := range swizzleName.FindAllStringSubmatch(text, -1) {
		used[m[1]] = true
	}
	var b strings.Builder
	for n := 2; n <= 4; n++ {
		room := n
		if n == 3 {
			room = 4
		}
		fmt.Fprintf(&b, "template <class T> struct alignas(%d * sizeof(T)) vec_store<T, %d> {\n\tunion {\n\t\tT d[%d];\n", room, n, room)
		for _, letters := range []string{"xyzw", "rgba"} {
			fmt.Fprintf(&b, "\t\tstruct { T %s; };\n", strings.Join(strings.Split(letters[:n], ""), ", "))
		}
		for name := range used {
			if index := indices(name, n); index != "" {
				fmt.Fprintf(&b, "\t\tswizzle<T, %d%s> %s;\n", n, index, name)
			}
		}
		b.WriteString("\t};\n\tconstexpr vec_store() : d{} {}\n\tconstexpr vec_store(const vec_store &x) : d{} { *this = x; }\n" +
			"\tconstexpr vec_store &operator=(const vec_store &x) {\n\t\tfor (size_t i = 0; i < sizeof d / sizeof *d; i++) d[i] = x.d[i];\n\t\treturn *this;\n\t}\n};\n")
	}
	return b.String()
}

// indices are the components that a swizzle names, or "" if a vector of n has
// not all of them.
func indices(name string, n int) string {
	var s string
	for _, c := range name {
		i := strings.IndexRune("xyzw", c)
		if i < 0 {
			i = strings.IndexRune("rgba", c)
		}
		if i >= n {
			return ""
		}
		s += fmt.Sprintf(", %d", i)
	}
	return s
}
