package main

import (
	"strings"
	"testing"
)

func TestRun(t *testing.T) {
	var out strings.Builder
	if err := run(&out, 1<<16+3); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "all right") {
		t.Errorf("printed %q", out.String())
	}
}
