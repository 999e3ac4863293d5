//go:build !(cgo && (darwin || objcnative))

package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "msgsend: this comparison needs cgo and a native Objective-C runtime: use make bench-msgsend")
	os.Exit(1)
}
