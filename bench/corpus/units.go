package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/aruminium-go/aruminium/internal/msl"
)

// A unit is a source of the list.
type unit struct {
	corpus string
	path   string // under the directory of the sources
	dir    string // where the source is
	level  int
	track  string // "" or what else than compute it needs: T for textures
	text   string
	lib    *msl.Library

	missing bool
	failure string   // why it does not compile, or a kernel does not lower
	kernels []result // of those that were tried
}

// A result is what came of one kernel.
type result struct {
	kernel string
	status status
	reason string // why it was not run, or how results differ
}

type status int

const (
	notRun status = iota
	agrees        // at least one launch gave the same on both sides, none differed
	differs
)

// readList reads the list of units: lines of fields separated by tabs, the first
// of which names them: corpus, path, level and side are used.
func readList(name, dir string) ([]*unit, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var units []*unit
	columns := map[string]int{}
	s := bufio.NewScanner(f)
	for line := 1; s.Scan(); line++ {
		fields := strings.Split(s.Text(), "\t")
		if line == 1 {
			for i, name := range fields {
				columns[name] = i
			}
			for _, need := range []string{"corpus", "path", "level", "side"} {
				if _, ok := columns[need]; !ok {
					return nil, fmt.Errorf("%s: no column %q", name, need)
				}
			}
			continue
		}
		if len(fields) < len(columns) {
			return nil, fmt.Errorf("%s:%d: %d fields, not %d", name, line, len(fields), len(columns))
		}
		u := &unit{corpus: fields[columns["corpus"]], path: fields[columns["path"]], track: strings.Trim(fields[columns["side"]], "-")}
		if u.level, err = strconv.Atoi(fields[columns["level"]]); err != nil {
			return nil, fmt.Errorf("%s:%d: level %q", name, line, fields[columns["level"]])
		}
		text, err := os.ReadFile(filepath.Join(dir, u.path))
		u.dir = filepath.Dir(filepath.Join(dir, u.path))
		u.text, u.missing = string(text), err != nil
		units = append(units, u)
	}
	return units, s.Err()
}

// name is the level and the side track: L2, L2T.
func (u *unit) name() string { return fmt.Sprintf("L%d%s", u.level, u.track) }

// compile compiles the unit and lowers its kernels, with the value that
// constants gives for each function constant.
func (u *unit) compile(dir string) {
	include := func(name string, quoted bool, from string) (path, text string, err error) {
		for _, d := range []string{filepath.Dir(from), filepath.Dir(filepath.Dir(from)), dir} {
			path := filepath.Join(d, name)
			if b, err := os.ReadFile(path); err == nil {
				return path, string(b), nil
			}
		}
		return "", "", os.ErrNotExist
	}
	lib, diags := msl.Compile(msl.Source{Name: filepath.Join(dir, u.path), Text: u.text, Include: include}, msl.Options{Math: msl.MathSafe})
	if lib == nil {
		u.failure = firstError(diags)
		return
	}
	u.lib = lib
	if len(lib.Kernels) == 0 {
		u.failure = "no kernels"
	}
	for _, k := range lib.Kernels {
		if code, diags := lib.Lower(k.Name, constants(k)); code == nil {
			u.failure = "kernel does not lower: " + firstError(diags)
			return
		}
	}
}

func firstError(diags *msl.Diagnostics) string {
	for _, d := range diags.List {
		if d.Severity.String() != "warning" {
			return d.Msg
		}
	}
	return "no diagnostic"
}
