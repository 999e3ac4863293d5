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
//	-keep dir      work in this directory and leave the last unit's C++ there
//	-v             tell of every kernel that does not agree
//
// With paths, only units whose path contains one of them are taken. The sources
// are other people's and are not kept here; scripts/corpus fetches them.
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"
)

func main() {
	list := flag.String("list", "", "the `file` with the table of units")
	sources := flag.String("sources", "", "the `directory` of the sources")
	cxx := flag.String("cxx", "g++", "the C++ compiler")
	out := flag.String("out", "", "write the tables to this `file`")
	keep := flag.String("keep", "", "work in this `directory` and leave the last unit's C++ there")
	verbose := flag.Bool("v", false, "tell of every kernel that does not agree")
	flag.Parse()
	if *list == "" || *sources == "" {
		flag.Usage()
		os.Exit(2)
	}
	if err := run(*list, *sources, *cxx, *keep, *out, *verbose, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "corpus:", err)
		os.Exit(1)
	}
}

func run(list, sources, cxx, dir, out string, verbose bool, only []string) error {
	units, err := readList(list, sources)
	if err != nil {
		return err
	}
	if dir == "" {
		if dir, err = os.MkdirTemp("", "corpus"); err != nil {
			return err
		}
		defer os.RemoveAll(dir)
	}
	c, err := newCompiler(cxx, dir)
	if err != nil {
		return err
	}
	var taken []*unit
	for _, u := range units {
		if !wanted(u, only) {
			continue
		}
		taken = append(taken, u)
		if u.missing {
			continue
		}
		u.compile(sources)
		if u.lib != nil && len(u.lib.Kernels) > 0 {
			u.execute(c)
		}
		if verbose {
			u.tell()
		}
		u.lib = nil
	}
	report := reportOf(taken)
	fmt.Print(report)
	if out != "" {
		return os.WriteFile(out, []byte(report), 0o666)
	}
	return nil
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
