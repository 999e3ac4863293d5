package main

import (
	"strings"
	"testing"
)

func TestRun(t *testing.T) {
	for _, s := range [][3]int{{1, 1, 1}, {16, 16, 16}, {37, 50, 23}, {64, 65, 63}} {
		var out strings.Builder
		if err := run(&out, s[0], s[1], s[2]); err != nil {
			t.Fatal(s, err)
		}
		if n := strings.Count(out.String(), "is right"); n != 2 {
			t.Errorf("%v: %d kernels were right: %s", s, n, &out)
		}
	}
	if err := run(&strings.Builder{}, 0, 1, 1); err == nil {
		t.Error("an empty matrix gives no error")
	}
}
