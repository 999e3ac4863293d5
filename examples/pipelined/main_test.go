package main

import (
	"strings"
	"testing"
)

func TestRun(t *testing.T) {
	var out strings.Builder
	if err := run(&out, 1000, 100); err != nil {
		t.Fatal(err)
	}
	for _, how := range []string{"one each", "pipelined", "recorded"} {
		if !strings.Contains(out.String(), how) {
			t.Errorf("%q is missing in %q", how, out.String())
		}
	}
}
