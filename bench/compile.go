package main

import (
	"embed"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aruminium-go/aruminium/bench/turns"
	"github.com/aruminium-go/aruminium/internal/msl"
	"github.com/aruminium-go/aruminium/internal/simt"
	"github.com/aruminium-go/aruminium/internal/simt/jit"
)

//go:embed peers/src/*.metal
var kernelTexts embed.FS

//go:embed compile_shim.h
var compileShim string

// compileSizes are the sizes that the kernels of peers want as macros.
const compileSizes = "#define N 1024\n#define GROUP 256\n#define ROWS 1024\n#define W 1024\n#define R 8\n#define TILE 16\n#define EACH 64\n#define BATCHES 1024\n"

// A compileText is a program with kernels.
type compileText struct {
	name    string
	text    string
	kernels []string
}

func (t *compileText) lines() int { return strings.Count(t.text, "\n") }

var kernelName = regexp.MustCompile(`kernel void (\w+)\(`)

func newCompileText(name, text string) *compileText {
	t := &compileText{name: name, text: text}
	for _, m := range kernelName.FindAllStringSubmatch(text, -1) {
		t.kernels = append(t.kernels, m[1])
	}
	return t
}

// compiles measures a cold compile, from source to pipeline, against clang -O2
// of the same text, and how it grows with the text.
func compiles(e *env) error {
	files, err := kernelTexts.ReadDir("peers/src")
	if err != nil {
		return err
	}
	var texts []*compileText
	for _, f := range files {
		b, err := kernelTexts.ReadFile(path.Join("peers/src", f.Name()))
		if err != nil {
			return err
		}
		texts = append(texts, newCompileText(strings.TrimSuffix(f.Name(), ".metal"), compileSizes+string(b)))
	}
	clang, err := newClang()
	if err != nil {
		fmt.Println("  without clang:", err)
	} else {
		defer clang.close()
	}
	fmt.Println("\ncompile: source to pipeline, in ms of processor time; clang++ -O2 -c of the same text through a")
	fmt.Println("small header, less what it takes for the header alone (its start)")
	if err := e.compileEach(texts, clang); err != nil {
		return err
	}
	return e.compileCurve(texts)
}

// cold compiles a text and makes pipelines of its kernels: code for the
// interpreter and, if asked to, for the processor. It returns what each took.
func (t *compileText) cold(native bool) (pipeline, code time.Duration, err error) {
	begin := turns.CPUTime()
	lib, diags := msl.Compile(msl.Source{Name: t.name, Text: t.text}, msl.Options{})
	if lib == nil {
		return 0, 0, fmt.Errorf("%s", diags.Render())
	}
	for _, k := range t.kernels {
		c, diags := lib.Lower(k, msl.Constants{})
		if c == nil {
			return 0, 0, fmt.Errorf("%s", diags.Render())
		}
		if _, err := simt.Compile(c.Func); err != nil {
			return 0, 0, err
		}
		pipeline += turns.CPUTime() - begin
		begin = turns.CPUTime()
		if isa, ok := jit.Best(); ok && native {
			size := jit.Size{X: 256, Y: 1, Z: 1}
			m, err := jit.Compile(c.Func, jit.Narrow(c.Func, isa, size), size, make([]int64, len(c.Func.Mems)))
			if err == nil {
				m.Free()
			}
			code += turns.CPUTime() - begin
			begin = turns.CPUTime()
		}
	}
	return pipeline + turns.CPUTime() - begin, code, nil
}

// compileEach compares the texts one by one.
func (e *env) compileEach(texts []*compileText, clang *clang) error {
	fmt.Printf("  %-14s%8s%12s%12s%12s%12s%12s\n", "", "lines", "pipeline", "and code", "clang", "its start", "clang/ours")
	product, coded, started, n := 1.0, 1.0, 1.0, 0
	worst := 0.0
	for _, t := range texts {
		clang := clang
		if strings.Contains(t.text, "texture2d<") {
			clang = nil // its header has no textures
		}
		var ours, both, theirs, empty []float64
		for round := range e.rounds + 1 {
			const n = 10 // so that a collection does not hit one text and not another
			var p, c time.Duration
			for range n {
				pipeline, code, err := t.cold(true)
				if err != nil {
					return fmt.Errorf("%s: %w", t.name, err)
				}
				p, c = p+pipeline/n, c+code/n
			}
			var with, without time.Duration
			if clang != nil {
				var err error
				if with, err = clang.compile(t.text); err != nil {
					return fmt.Errorf("%s: %w", t.name, err)
				}
				if without, err = clang.compile(""); err != nil {
					return err
				}
			}
			if round > 0 { // the first one warms up
				ours, both = append(ours, ms(p)), append(both, ms(p+c))
				theirs, empty = append(theirs, ms(with)), append(empty, ms(without))
			}
		}
		p, b, start := middle(ours), middle(both), middle(empty)
		c := middle(theirs) - start
		worst = max(worst, p)
		if clang == nil {
			fmt.Printf("  %-14s%8d%12.3f%12.3f\n", t.name, t.lines(), p, b)
			continue
		}
		fmt.Printf("  %-14s%8d%12.3f%12.3f%12.2f%12.2f%12.1f\n", t.name, t.lines(), p, b, c, start, c/p)
		if c > 0 {
			product, coded, started, n = product*c/p, coded*c/b, started*(c+start)/p, n+1
		}
	}
	if n > 0 {
		e.ratios.Add("compile/clang-to-pipeline", math.Pow(product, 1/float64(n)))
		e.ratios.Add("compile/clang-with-start-to-pipeline", math.Pow(started, 1/float64(n)))
		e.ratios.Add("compile/clang-to-pipeline-and-code", math.Pow(coded, 1/float64(n)))
	}
	e.ratios.Add("compile/ms-at-most", worst)
	return nil
}

// compileCurve compiles texts of growing size: all the kernels, again and again
// in namespaces of their own.
func (e *env) compileCurve(texts []*compileText) error {
	fmt.Println("\n  larger texts, all their kernels, µs a line")
	fmt.Printf("  %8s%10s%12s%12s\n", "lines", "kernels", "library", "pipelines")
	var first, last float64
	for _, times := range []int{1, 4, 16} {
		var b strings.Builder
		b.WriteString(compileSizes + "#include <metal_stdlib>\nusing namespace metal;\n")
		for i := range times {
			for _, t := range texts {
				text := strings.ReplaceAll(strings.TrimPrefix(t.text, compileSizes), "using namespace metal;\n", "")
				fmt.Fprintf(&b, "namespace %s_%d {\n%s}\n", t.name, i, kernelName.ReplaceAllString(text, fmt.Sprintf("kernel void ${1}_%d(", i)))
			}
		}
		t := newCompileText("all", b.String())
		var library, pipelines []float64
		for round := range max(1, e.rounds/3) + 1 {
			begin := turns.CPUTime()
			if lib, diags := msl.Compile(msl.Source{Text: t.text}, msl.Options{}); lib == nil {
				return fmt.Errorf("%s", diags.Render())
			}
			took := turns.CPUTime() - begin
			all, _, err := t.cold(false)
			if err != nil {
				return err
			}
			if round > 0 {
				library, pipelines = append(library, ms(took)), append(pipelines, ms(all))
			}
		}
		each := 1e3 / float64(t.lines())
		fmt.Printf("  %8d%10d%12.2f%12.2f\n", t.lines(), len(t.kernels), middle(library)*each, middle(pipelines)*each)
		last = middle(pipelines) * each
		if first == 0 {
			first = last
		}
	}
	e.ratios.Add("compile/line-of-16-to-line-of-1", last/first)
	return nil
}

func ms(d time.Duration) float64 { return d.Seconds() * 1e3 }

func middle(x []float64) float64 {
	slices.Sort(x)
	return x[len(x)/2]
}

// clang compiles kernels as C++.
type clang struct{ path, dir string }

func newClang() (*clang, error) {
	path, err := exec.LookPath("clang++")
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "aruminium-bench")
	if err != nil {
		return nil, err
	}
	c := &clang{path, dir}
	for name, text := range map[string]string{"compile_shim.h": compileShim, "metal_stdlib": "", "metal_simdgroup_matrix": ""} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			c.close()
			return nil, err
		}
	}
	return c, nil
}

func (c *clang) close() { os.RemoveAll(c.dir) }

// compile returns the processor time that the compiler takes for a text.
func (c *clang) compile(text string) (time.Duration, error) {
	cmd := exec.Command(c.path, "-O2", "-std=c++17", "-w", "-I"+c.dir, "-x", "c++", "-c", "-", "-o", os.DevNull)
	cmd.Stdin = strings.NewReader("#include \"compile_shim.h\"\n" + text)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("clang: %w\n%s", err, out)
	}
	return cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), nil
}
