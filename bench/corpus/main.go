// Corpus compiles public kernels and runs them against an independent oracle: a
// C++ compiler, for which a small header says what the Metal standard library is
// (shim/), and which runs threads one by one. What both sides leave in memory
// must be the same, but for the last digits of mathematical functions.
//
// usage: corpus [flags] -list FILE -sources DIRECTORY [PATH…]
//
//	-list file     the units: a table with the columns corpus, path, level, side
//	-sources dir   where their sources are, by path
//	-cxx command   the C++ compiler (default g++)
//	-out file      write the tables there too, as Markdown
//	-keep dir      work in this directory and leave the last units' C++ there
//	-kernels n     run no more kernels of a unit (default 12)
//	-jobs n        units at a time (default 2)
//	-v             tell of every kernel that does not agree
//
// With paths, only units whose path contains one of them are taken. The sources
// are other people's and are not kept here; scripts/corpus fetches them.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

func main() {
	list := flag.String("list", "", "the `file` with the table of units")
	sources := flag.String("sources", "", "the `directory` of the sources")
	cxx := flag.String("cxx", "g++", "the C++ compiler")
	out := flag.String("out", "", "write the tables to this `file`")
	keep := flag.String("keep", "", "work in this `directory` and leave the last units' C++ there")
	most := flag.Int("kernels", 12, "run no more kernels of a unit")
	jobs := flag.Int("jobs", 2, "units at a time")
	verbose := flag.Bool("v", false, "tell of every kernel that does not agree")
	flag.Parse()
	if *list == "" || *sources == "" || *jobs < 1 || *most < 1 {
		flag.Usage()
		os.Exit(2)
	}
	r := runner{sources: *sources, cxx: *cxx, dir: *keep, most: *most, verbose: *verbose}
	if err := r.run(*list, *out, *jobs, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "corpus:", err)
		os.Exit(1)
	}
}

// A runner works on units.
type runner struct {
	sources string
	cxx     string
	dir     string // for C++, a directory a job
	most    int    // kernels of a unit
	verbose bool
}

func (r *runner) run(list, out string, jobs int, only []string) error {
	all, err := readList(list, r.sources)
	if err != nil {
		return err
	}
	if r.dir == "" {
		if r.dir, err = os.MkdirTemp("", "corpus"); err != nil {
			return err
		}
		defer os.RemoveAll(r.dir)
	}
	var units []*unit
	for _, u := range all {
		if wanted(u, only) {
			units = append(units, u)
		}
	}
	next := make(chan *unit)
	var group sync.WaitGroup
	for i := range jobs {
		c, err := newCompiler(r.cxx, filepath.Join(r.dir, fmt.Sprint(i)))
		if err != nil {
			return err
		}
		group.Go(func() {
			for u := range next {
				r.work(u, c)
			}
		})
	}
	for _, u := range units {
		next <- u
	}
	close(next)
	group.Wait()
	report := reportOf(units, r.most)
	fmt.Print(report)
	if out != "" {
		return os.WriteFile(out, []byte(report), 0o666)
	}
	return nil
}

// work compiles and runs a unit.
func (r *runner) work(u *unit, c *compiler) {
	if u.missing {
		return
	}
	u.compile(r.sources)
	if u.lib != nil && len(u.lib.Kernels) > 0 {
		u.execute(c, r.most)
	}
	if r.verbose {
		u.tell()
	}
	u.lib = nil
}

func wanted(u *unit, only []string) bool {
	for _, s := range only {
		if strings.Contains(u.path, s) {
			return true
		}
	}
	return len(only) == 0
}

// tell prints what does not agree in a unit.
func (u *unit) tell() {
	if u.failure != "" {
		fmt.Printf("%s %s: %s\n", u.name(), u.path, u.failure)
	}
	for _, k := range u.kernels {
		if k.status != agrees {
			fmt.Printf("%s %s: %s: %s: %s\n", u.name(), u.path, k.kernel, [...]string{"not run", "agrees", "DIFFERS"}[k.status], k.reason)
		}
	}
}
