package main

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// A tally counts units and kernels.
type tally struct {
	units, missing, compiled, executed  int // executed: a kernel of the unit was compared
	kernels, agree, differ, notExecuted int
}

func (t *tally) add(u *unit) {
	t.units++
	if u.missing {
		t.missing++
		return
	}
	if u.failure == "" {
		t.compiled++
	}
	ran := false
	for _, k := range u.kernels {
		t.kernels++
		switch k.status {
		case agrees:
			t.agree++
		case differs:
			t.differ++
		default:
			t.notExecuted++
		}
		ran = ran || k.status != notRun
	}
	if ran {
		t.executed++
	}
}

// reportOf makes the tables: units and kernels by level and by corpus, and the
// reasons of what does not pass.
func reportOf(units []*unit, most int) string {
	var b strings.Builder
	fmt.Fprintf(&b, reportHead, most)
	table := func(title string, key func(*unit) string) {
		tallies := map[string]*tally{}
		all := &tally{}
		for _, u := range units {
			k := key(u)
			if tallies[k] == nil {
				tallies[k] = &tally{}
			}
			tallies[k].add(u)
			all.add(u)
		}
		fmt.Fprintf(&b, "| %s | units | not found | compile and lower | executed | kernels tried | agree | differ | not run |\n|---|---|---|---|---|---|---|---|---|\n", title)
		line := func(name string, t *tally) {
			fmt.Fprintf(&b, "| %s | %d | %d | %d | %d | %d | %d | %d | %d |\n", name, t.units, t.missing, t.compiled, t.executed, t.kernels, t.agree, t.differ, t.notExecuted)
		}
		for _, k := range slices.Sorted(maps.Keys(tallies)) {
			line(k, tallies[k])
		}
		line("all", all)
		b.WriteString("\n")
	}
	table("level", func(u *unit) string { return u.name() })
	table("corpus", func(u *unit) string { return u.corpus })

	b.WriteString("## Units that do not compile\n\n")
	reasons(&b, units, func(u *unit, add func(string)) {
		if u.failure != "" {
			add(u.name() + ": " + general(u.failure))
		}
	})
	b.WriteString("\n## Kernels that differ\n\n")
	reasons(&b, units, func(u *unit, add func(string)) {
		for _, k := range u.kernels {
			if k.status == differs {
				add(u.name() + ": " + u.path[strings.LastIndexByte(u.path, '/')+1:] + ", " + k.kernel + ": " + k.reason)
			}
		}
	})
	b.WriteString("\n## Kernels that were not run\n\n")
	reasons(&b, units, func(u *unit, add func(string)) {
		for _, k := range u.kernels {
			if k.status == notRun {
				add(general(k.reason))
			}
		}
	})
	return b.String()
}

const reportHead = `# Public kernels

Kernels of other projects, compiled and run. A unit is a source; its level is that of the features
it uses, T marks textures, S tessellation, R ray tracing, X tensors: the last three are not for a
compute compiler, and their units are here to be refused. "Compile and lower" counts units of which
every kernel becomes an executable pipeline. Kernels are then run beside what a C++ compiler makes of
the same source with a small header for the Metal library, threads one by one, on generated memory,
in grids of 1, 30 and 100 threads: integers must be the same, floats up to the last digits. Of a unit
%d kernels at most are tried.

    scripts/corpus -list FILE

fetches the sources named in a list and writes these tables.

`

// reasons lists what each unit tells, by how often it is told.
func reasons(b *strings.Builder, units []*unit, each func(u *unit, add func(string))) {
	count := map[string]int{}
	for _, u := range units {
		each(u, func(s string) { count[s]++ })
	}
	if len(count) == 0 {
		b.WriteString("None.\n")
		return
	}
	list := slices.SortedFunc(maps.Keys(count), func(x, y string) int {
		if count[x] != count[y] {
			return count[y] - count[x]
		}
		return strings.Compare(x, y)
	})
	for _, s := range list {
		fmt.Fprintf(b, "- %d: %s\n", count[s], s)
	}
}

var quoted = regexp.MustCompile(`[‘'"][^’'"]*[’'"]`)

// general leaves names out of a message, so that like ones count together.
func general(s string) string { return quoted.ReplaceAllString(s, "‘…’") }
