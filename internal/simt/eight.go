package simt

import "unsafe"

// The arithmetic that most kernels spend their time in, eight lanes a turn.
// Registers have room for a multiple of 64 lanes, so that a turn may do more
// lanes than are wanted. Products are converted to float32 by name, lest the
// compiler fuse them with the sum.

type eight = [8]float32

// eights returns the lanes of s and those up to the next multiple of 8.
func eights(s []float32) []eight {
	return unsafe.Slice((*eight)(unsafe.Pointer(unsafe.SliceData(s))), (len(s)+7)/8)
}

// addVV is a+b.
func addVV(d8 []eight, a8, b8 []eight) {
	a8 = a8[:len(d8)]
	b8 = b8[:len(d8)]
	for i := range d8 {
		z, a, b := &d8[i], &a8[i], &b8[i]
		z[0] = a[0] + b[0]
		z[1] = a[1] + b[1]
		z[2] = a[2] + b[2]
		z[3] = a[3] + b[3]
		z[4] = a[4] + b[4]
		z[5] = a[5] + b[5]
		z[6] = a[6] + b[6]
		z[7] = a[7] + b[7]
	}
}

// subVV is a-b.
func subVV(d8 []eight, a8, b8 []eight) {
	a8 = a8[:len(d8)]
	b8 = b8[:len(d8)]
	for i := range d8 {
		z, a, b := &d8[i], &a8[i], &b8[i]
		z[0] = a[0] - b[0]
		z[1] = a[1] - b[1]
		z[2] = a[2] - b[2]
		z[3] = a[3] - b[3]
		z[4] = a[4] - b[4]
		z[5] = a[5] - b[5]
		z[6] = a[6] - b[6]
		z[7] = a[7] - b[7]
	}
}

// mulVV is a*b.
func mulVV(d8 []eight, a8, b8 []eight) {
	a8 = a8[:len(d8)]
	b8 = b8[:len(d8)]
	for i := range d8 {
		z, a, b := &d8[i], &a8[i], &b8[i]
		z[0] = a[0] * b[0]
		z[1] = a[1] * b[1]
		z[2] = a[2] * b[2]
		z[3] = a[3] * b[3]
		z[4] = a[4] * b[4]
		z[5] = a[5] * b[5]
		z[6] = a[6] * b[6]
		z[7] = a[7] * b[7]
	}
}

// addVS is a+s.
func addVS(d8 []eight, a8 []eight, s float32) {
	a8 = a8[:len(d8)]
	for i := range d8 {
		z, a := &d8[i], &a8[i]
		z[0] = a[0] + s
		z[1] = a[1] + s
		z[2] = a[2] + s
		z[3] = a[3] + s
		z[4] = a[4] + s
		z[5] = a[5] + s
		z[6] = a[6] + s
		z[7] = a[7] + s
	}
}

// subVS is a-s.
func subVS(d8 []eight, a8 []eight, s float32) {
	a8 = a8[:len(d8)]
	for i := range d8 {
		z, a := &d8[i], &a8[i]
		z[0] = a[0] - s
		z[1] = a[1] - s
		z[2] = a[2] - s
		z[3] = a[3] - s
		z[4] = a[4] - s
		z[5] = a[5] - s
		z[6] = a[6] - s
		z[7] = a[7] - s
	}
}

// subSV is s-a.
func subSV(d8 []eight, a8 []eight, s float32) {
	a8 = a8[:len(d8)]
	for i := range d8 {
		z, a := &d8[i], &a8[i]
		z[0] = s - a[0]
		z[1] = s - a[1]
		z[2] = s - a[2]
		z[3] = s - a[3]
		z[4] = s - a[4]
		z[5] = s - a[5]
		z[6] = s - a[6]
		z[7] = s - a[7]
	}
}

// mulVS is a*s.
func mulVS(d8 []eight, a8 []eight, s float32) {
	a8 = a8[:len(d8)]
	for i := range d8 {
		z, a := &d8[i], &a8[i]
		z[0] = a[0] * s
		z[1] = a[1] * s
		z[2] = a[2] * s
		z[3] = a[3] * s
		z[4] = a[4] * s
		z[5] = a[5] * s
		z[6] = a[6] * s
		z[7] = a[7] * s
	}
}

// mulAddVV is a*b+c, rounded twice.
func mulAddVV(d8 []eight, a8, b8, c8 []eight) {
	a8 = a8[:len(d8)]
	b8 = b8[:len(d8)]
	c8 = c8[:len(d8)]
	for i := range d8 {
		z, a, b, c := &d8[i], &a8[i], &b8[i], &c8[i]
		z[0] = float32(a[0]*b[0]) + c[0]
		z[1] = float32(a[1]*b[1]) + c[1]
		z[2] = float32(a[2]*b[2]) + c[2]
		z[3] = float32(a[3]*b[3]) + c[3]
		z[4] = float32(a[4]*b[4]) + c[4]
		z[5] = float32(a[5]*b[5]) + c[5]
		z[6] = float32(a[6]*b[6]) + c[6]
		z[7] = float32(a[7]*b[7]) + c[7]
	}
}

// mulSubVV is a*b-c, rounded twice.
func mulSubVV(d8 []eight, a8, b8, c8 []eight) {
	a8 = a8[:len(d8)]
	b8 = b8[:len(d8)]
	c8 = c8[:len(d8)]
	for i := range d8 {
		z, a, b, c := &d8[i], &a8[i], &b8[i], &c8[i]
		z[0] = float32(a[0]*b[0]) - c[0]
		z[1] = float32(a[1]*b[1]) - c[1]
		z[2] = float32(a[2]*b[2]) - c[2]
		z[3] = float32(a[3]*b[3]) - c[3]
		z[4] = float32(a[4]*b[4]) - c[4]
		z[5] = float32(a[5]*b[5]) - c[5]
		z[6] = float32(a[6]*b[6]) - c[6]
		z[7] = float32(a[7]*b[7]) - c[7]
	}
}

// subMulVV is c-a*b, rounded twice.
func subMulVV(d8 []eight, a8, b8, c8 []eight) {
	a8 = a8[:len(d8)]
	b8 = b8[:len(d8)]
	c8 = c8[:len(d8)]
	for i := range d8 {
		z, a, b, c := &d8[i], &a8[i], &b8[i], &c8[i]
		z[0] = c[0] - float32(a[0]*b[0])
		z[1] = c[1] - float32(a[1]*b[1])
		z[2] = c[2] - float32(a[2]*b[2])
		z[3] = c[3] - float32(a[3]*b[3])
		z[4] = c[4] - float32(a[4]*b[4])
		z[5] = c[5] - float32(a[5]*b[5])
		z[6] = c[6] - float32(a[6]*b[6])
		z[7] = c[7] - float32(a[7]*b[7])
	}
}

// mulAddVS is a*s+c, rounded twice.
func mulAddVS(d8 []eight, a8 []eight, s float32, c8 []eight) {
	a8 = a8[:len(d8)]
	c8 = c8[:len(d8)]
	for i := range d8 {
		z, a, c := &d8[i], &a8[i], &c8[i]
		z[0] = float32(a[0]*s) + c[0]
		z[1] = float32(a[1]*s) + c[1]
		z[2] = float32(a[2]*s) + c[2]
		z[3] = float32(a[3]*s) + c[3]
		z[4] = float32(a[4]*s) + c[4]
		z[5] = float32(a[5]*s) + c[5]
		z[6] = float32(a[6]*s) + c[6]
		z[7] = float32(a[7]*s) + c[7]
	}
}

// mulSubVS is a*s-c, rounded twice.
func mulSubVS(d8 []eight, a8 []eight, s float32, c8 []eight) {
	a8 = a8[:len(d8)]
	c8 = c8[:len(d8)]
	for i := range d8 {
		z, a, c := &d8[i], &a8[i], &c8[i]
		z[0] = float32(a[0]*s) - c[0]
		z[1] = float32(a[1]*s) - c[1]
		z[2] = float32(a[2]*s) - c[2]
		z[3] = float32(a[3]*s) - c[3]
		z[4] = float32(a[4]*s) - c[4]
		z[5] = float32(a[5]*s) - c[5]
		z[6] = float32(a[6]*s) - c[6]
		z[7] = float32(a[7]*s) - c[7]
	}
}

// subMulVS is c-a*s, rounded twice.
func subMulVS(d8 []eight, a8 []eight, s float32, c8 []eight) {
	a8 = a8[:len(d8)]
	c8 = c8[:len(d8)]
	for i := range d8 {
		z, a, c := &d8[i], &a8[i], &c8[i]
		z[0] = c[0] - float32(a[0]*s)
		z[1] = c[1] - float32(a[1]*s)
		z[2] = c[2] - float32(a[2]*s)
		z[3] = c[3] - float32(a[3]*s)
		z[4] = c[4] - float32(a[4]*s)
		z[5] = c[5] - float32(a[5]*s)
		z[6] = c[6] - float32(a[6]*s)
		z[7] = c[7] - float32(a[7]*s)
	}
}
