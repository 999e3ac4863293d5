package prep

import (
	"strconv"
	"strings"
)

// simdHeader is the name of the text that stands for all headers of Apple's
// simd library.
const simdHeader = "<simd/simd.h>"

// simdTypes returns the declarations that headers shared with the host rely
// on: the vector and matrix types under the names that C programs use for
// them, and namespace simd.
func simdTypes() string {
	var b strings.Builder
	alias := func(target, rest string) {
		for _, prefix := range []string{"simd_", "vector_", "matrix_"} {
			if isMatrix := strings.Contains(rest, "x"); prefix == "matrix_" && !isMatrix || prefix == "vector_" && isMatrix {
				continue
			}
			b.WriteString("typedef " + target + " " + prefix + rest + ";\n")
		}
	}
	for _, scalar := range []string{"char", "uchar", "short", "ushort", "int", "uint", "long", "ulong", "half", "float"} {
		for n := 2; n <= 4; n++ {
			alias(scalar+strconv.Itoa(n), scalar+strconv.Itoa(n))
		}
	}
	for _, scalar := range []string{"half", "float"} {
		for c := 2; c <= 4; c++ {
			for r := 2; r <= 4; r++ {
				shape := scalar + strconv.Itoa(c) + "x" + strconv.Itoa(r)
				alias(shape, shape)
			}
		}
	}
	b.WriteString("namespace simd = metal;\n")
	return b.String()
}
