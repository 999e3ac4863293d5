//go:build !(cgo && linux && objcnative)

package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "dispatch: this comparison needs Linux, cgo and the GNU Objective-C runtime: use make bench-dispatch")
	os.Exit(1)
}
