package gpu

import (
	"fmt"

	"github.com/aruminium-go/aruminium/internal/launch"
)

// Size is a number of threads, or of threadgroups, along each axis, as MTLSize is.
// An axis that a launch does not use is 1, not 0.
type Size struct{ X, Y, Z int }

// D1 is a size of one dimension: x by 1 by 1.
func D1(x int) Size { return Size{x, 1, 1} }

// D2 is a size of two dimensions: x by y by 1.
func D2(x, y int) Size { return Size{x, y, 1} }

// D3 is a size of three dimensions.
func D3(x, y, z int) Size { return Size{x, y, z} }

// Count is X × Y × Z.
func (s Size) Count() int { return s.X * s.Y * s.Z }

// String writes the size as "256", "16×16" or "8×8×4": trailing ones are left out.
func (s Size) String() string { return launch.Size(s).String() }

var _ fmt.Stringer = Size{}
