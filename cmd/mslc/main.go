// Mslc checks Metal Shading Language sources on any machine.
//
// usage: mslc [flags] file.metal…
//
//	-D name[=value]   define a macro
//	-I dir            look for #include "file" and <file> in dir
//	-std metalN.M     language version (default metal3.2)
//	-const c=value    give function constant c, an index or a name, a value
//	-list             print each kernel with its arguments
//	-all              lower every kernel to an executable pipeline too
//	-ir               print the intermediate representation of every kernel
//	-json             print what is found as JSON
//
// A file named - is standard input. Diagnostics go to standard error in clang's
// form, the rest to standard output. With -list, -all and -ir, function
// constants that are required but not given have the value zero.
//
// The exit status is 0 if all is well, 1 if a source has errors (with -all also
// if a kernel cannot be lowered) and 2 for wrong usage.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/aruminium-go/aruminium/internal/msl"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// options are what the command line asks for.
type options struct {
	macros            []msl.Macro
	dirs              []string
	consts            map[string]string
	compile           msl.Options
	list, all, ir, js bool
	files             []string
}

func parseArgs(args []string, stderr io.Writer) (*options, error) {
	o := &options{consts: map[string]string{}}
	fs := flag.NewFlagSet("mslc", flag.ContinueOnError)
	fs.SetOutput(stderr)
	fs.Usage = func() {
		fmt.Fprintln(stderr, "usage: mslc [-D name[=value]] [-I dir] [-std metalN.M] [-const c=value] [-list] [-all] [-ir] [-json] file.metal…")
		fs.PrintDefaults()
	}
	fs.Func("D", "define a macro: `name[=value]`", func(s string) error {
		name, value, given := strings.Cut(s, "=")
		if !given {
			value = "1"
		}
		if name == "" {
			return errors.New("a macro needs a name")
		}
		o.macros = append(o.macros, msl.Macro{Name: name, Value: value})
		return nil
	})
	fs.Func("I", "look for included files in `dir`", func(s string) error {
		o.dirs = append(o.dirs, s)
		return nil
	})
	fs.Func("std", "language `version`, such as metal3.1 (default "+msl.DefaultVersion.String()+")", func(s string) error {
		v := &o.compile.Version
		if n, err := fmt.Sscanf(strings.TrimPrefix(s, "metal"), "%d.%d", &v.Major, &v.Minor); n != 2 || err != nil {
			return fmt.Errorf("%q is no version; write metal3.2", s)
		}
		if v.Less(msl.MinVersion) || msl.MaxVersion.Less(*v) {
			return fmt.Errorf("version %v is not between %v and %v", v, msl.MinVersion, msl.MaxVersion)
		}
		return nil
	})
	fs.Func("const", "give a function constant a value: `c=value`", func(s string) error {
		name, value, given := strings.Cut(s, "=")
		if !given || name == "" {
			return errors.New("write index=value or name=value")
		}
		o.consts[name] = value
		return nil
	})
	fs.BoolVar(&o.list, "list", false, "print each kernel with its arguments")
	fs.BoolVar(&o.all, "all", false, "lower every kernel to an executable pipeline too")
	fs.BoolVar(&o.ir, "ir", false, "print the intermediate representation of every kernel")
	fs.BoolVar(&o.js, "json", false, "print what is found as JSON")
	if err := fs.Parse(args); err != nil {
		return nil, err
	}
	o.files = fs.Args()
	if len(o.files) == 0 {
		fs.Usage()
		return nil, errors.New("no files")
	}
	if o.js && o.ir {
		fmt.Fprintln(stderr, "mslc: -json and -ir exclude each other")
		return nil, errors.New("bad flags")
	}
	return o, nil
}

func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	o, err := parseArgs(args, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	}
	status := 0
	out := &keeper{w: stdout}
	var reports []*fileReport
	for _, name := range o.files {
		text, err := readFile(name, stdin)
		if err != nil {
			fmt.Fprintln(stderr, "mslc:", err)
			status = 2
			continue
		}
		r := check(o, name, text)
		fmt.Fprint(stderr, r.rendered)
		if r.failed {
			status = max(status, 1)
		}
		if o.js {
			reports = append(reports, r)
		} else {
			r.print(out, o)
		}
	}
	if o.js {
		if err := printJSON(out, reports); err != nil {
			fmt.Fprintln(stderr, "mslc:", err)
			status = max(status, 1)
		}
	}
	if out.err != nil {
		fmt.Fprintln(stderr, "mslc:", out.err)
		status = max(status, 1)
	}
	return status
}

func readFile(name string, stdin io.Reader) (string, error) {
	if name == "-" {
		b, err := io.ReadAll(stdin)
		return string(b), err
	}
	b, err := os.ReadFile(name)
	return string(b), err
}
