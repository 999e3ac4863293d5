package jit

// Values that are evenly spaced, with no more than eight bytes from one lane's to the
// next one's, are dense: members of packed_uchar3 or half3, or a row of pixels read
// backwards. Those of a part are in two vectors at most, and come from there, or get
// there, by moving what is in registers.

// distance is how many bytes further the next lane's value is.
func (a *access) distance() int { return int(a.step * a.scale) }

// dense reports whether an access is to dense values.
func (a *access) dense() bool {
	d := max(a.distance(), -a.distance())
	return a.form == toStride && a.size <= 4 && int64(d) >= a.size && d <= 8 && d%int(a.size) == 0
}

// denseAt returns where the values of the lanes are behind the least of them, in bytes,
// and where that is from the first.
func (a *access) denseAt(lanes int) (at []int, least int) {
	d := a.distance()
	least = min(0, d*(lanes-1))
	at = make([]int, 0, lanes)
	for i := range lanes {
		at = append(at, i*d-least)
	}
	return at, least
}
