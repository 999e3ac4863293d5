package check

import (
	"os"
	"path/filepath"
	"testing"
)

// FuzzCheck feeds the checker whatever the parser makes of a text: it must
// neither panic nor build a tree that breaks the promises of package sem.
func FuzzCheck(f *testing.F) {
	for _, tt := range wrong {
		f.Add(place(tt.src))
	}
	for _, src := range right {
		f.Add("using namespace metal;\n" + src)
	}
	f.Add(scopeSrc + "}")
	files, _ := filepath.Glob("testdata/*.metal")
	for _, name := range files {
		src, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(src))
	}
	f.Fuzz(func(t *testing.T, src string) {
		if len(src) > 1<<14 {
			return
		}
		fset, mod, list := checkAnyway(src)
		list.Render(fset)
		if list.HasErrors() {
			return
		}
		if faults := verify(mod); len(faults) > 0 {
			t.Fatalf("%q", faults)
		}
	})
}
