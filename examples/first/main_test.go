package main

import (
	"os"
	"strings"
	"testing"
)

// Example runs the program.
func Example() {
	main()
	// Output: [9 12 15]
}

// TestReadmeHasThisProgram checks that the README shows what is run here.
func TestReadmeHasThisProgram(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.ReadFile("main.go")
	if err != nil {
		t.Fatal(err)
	}
	_, program, _ := strings.Cut(string(self), "\n") // but its own first line
	if !strings.Contains(string(readme), "```go\n"+program+"```") {
		t.Error("the program of the README is not this one")
	}
}
