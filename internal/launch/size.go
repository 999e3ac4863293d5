package launch

import (
	"math/bits"
	"strconv"
)

// Size is a number of threads or threadgroups along three axes.
type Size struct{ X, Y, Z int }

// String leaves out trailing ones: "256", "16×16", "8×8×4".
func (s Size) String() string {
	text := strconv.Itoa(s.X)
	if s.Y != 1 || s.Z != 1 {
		text += "×" + strconv.Itoa(s.Y)
	}
	if s.Z != 1 {
		text += "×" + strconv.Itoa(s.Z)
	}
	return text
}

// count is X × Y × Z, or the largest int if that is past it. No axis is negative.
func (s Size) count() int {
	const most = 1<<63 - 1
	hi, xy := bits.Mul64(uint64(s.X), uint64(s.Y))
	if hi != 0 {
		return most
	}
	hi, xyz := bits.Mul64(xy, uint64(s.Z))
	if hi != 0 || xyz > most {
		return most
	}
	return int(xyz)
}

// times multiplies along each axis. No axis is negative; what is past the largest int stays there.
func (s Size) times(by Size) Size {
	axis := func(a, b int) int { return Size{a, b, 1}.count() }
	return Size{axis(s.X, by.X), axis(s.Y, by.Y), axis(s.Z, by.Z)}
}

// countable tells whether Metal can count the threads of a grid: it does so in 32 bits along each axis.
func (s Size) countable() bool {
	const most = 1<<32 - 1
	return uint64(s.X)-1 < most && uint64(s.Y)-1 < most && uint64(s.Z)-1 < most
}
