package main

import (
	"strings"
	"testing"
)

func TestRun(t *testing.T) {
	for _, n := range []int{1, 255, 256, 100_003} {
		var out strings.Builder
		if err := run(&out, n); err != nil {
			t.Fatal(n, err)
		}
		if !strings.HasPrefix(out.String(), "the sum of") {
			t.Errorf("printed %q", out.String())
		}
	}
}
