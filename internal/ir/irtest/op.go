package irtest

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// OpThreads is how many threads CheckForm's kernels want; in groups of any size.
const OpThreads = 1000

// CheckForm compares what an engine makes of a form with what ir.Eval says, for
// operands that operations get wrong. Bit i of same says that all threads have
// the same operand i. run runs the kernel, once, over OpThreads threads in one
// dimension, with the memories bound as buffers 0 to 3. Of NaNs any will do.
func CheckForm(form ir.Form, same int, run func(f *ir.Func, mems [4][]byte) error) error {
	r := rand.New(rand.NewPCG(uint64(form.Op)<<16|uint64(form.Type)<<8|uint64(form.From[0]), uint64(same)))
	f := ir.NewFunc(fmt.Sprintf("%s, %b", form, same))
	b := ir.NewBuilder(f)
	id := b.Emit(ir.OpZExt, ir.I64, b.Builtin(ir.ThreadPositionInGridX))
	at := func(t ir.Type) ir.Value { return b.Emit(ir.OpMul, ir.I64, id, b.I64(int64(t.Size()))) }
	var mems [4][]byte
	var refs [4]ir.Value
	for i := range refs {
		refs[i] = b.Mem(ir.Mem{Name: fmt.Sprint("m", i), Kind: ir.MemBuffer, Index: i})
	}
	var vals [3][]uint64
	var args []ir.Value
	for i, t := range form.Args() {
		vals[i] = Operands(t, r, OpThreads)
		off := at(t)
		if same>>i&1 != 0 {
			off = b.I64(int64(t.Size()) * 7)
			for j := range vals[i] {
				vals[i][j] = vals[i][7]
			}
		}
		mems[i] = make([]byte, OpThreads*t.Size())
		for j, x := range vals[i] {
			for k := range t.Size() {
				mems[i][j*t.Size()+k] = byte(x >> (8 * k))
			}
		}
		args = append(args, b.Load(ir.Device, t, refs[i], off, 0))
	}
	size := form.Type.Size()
	mems[3] = make([]byte, OpThreads*size)
	b.Store(ir.Device, form.Type, refs[3], at(form.Type), 0, b.Emit(form.Op, form.Type, args...))
	b.Finish()
	if err := ir.Verify(f); err != nil {
		return err
	}
	if err := run(f, mems); err != nil {
		return err
	}
	for i := range OpThreads {
		var a [3]uint64
		for j := range args {
			a[j] = vals[j][i]
		}
		want, got := form.Eval(a[0], a[1], a[2]), uint64(0)
		for k := range size {
			got |= uint64(mems[3][i*size+k]) << (8 * k)
		}
		if got != want && !(IsNaN(form.Type, got) && IsNaN(form.Type, want)) {
			return fmt.Errorf("%s of %#x (%b the same): got %#x (%v), want %#x (%v)", form, a[:len(args)], same,
				got, ir.Widen(form.Type, got), want, ir.Widen(form.Type, want))
		}
	}
	return nil
}

// IsNaN reports whether x is a NaN of the float type t.
func IsNaN(t ir.Type, x uint64) bool {
	f := ir.Widen(t, x)
	return t.IsFloat() && f != f
}

// Operands returns n values of t, among them those that operations get wrong.
func Operands(t ir.Type, r *rand.Rand, n int) []uint64 {
	var s []uint64
	switch {
	case t == ir.Bool:
		s = []uint64{0, 1}
	case t.IsFloat():
		for _, x := range []float64{0, 1, 0.5, 1.5, 2.5, 3, 0.49999997, 0.50000006, 127.5, 128, 255.5, 256, 32767.5, 32768, 65503.9, 65504, 65519.99,
			65520, 1 << 23, 1<<23 + 1, 1 << 24, 1 << 31, 1<<31 - 128, 1 << 32, 1 << 63, 1 << 62, 1.8446744e19, 1e38, math.MaxFloat32, math.Inf(1), 1e-45, 1.1754942e-38,
			1.1754944e-38, 6e-8, 5.96e-8, 2.98e-8, 2.99e-8, 6.1e-5, 6.097e-5, 1e-40, 9.2e-41, 0.1, 3.14159274, 1 + 1.0/1024, 1 + 1.0/2048, 1 + 3.0/2048, 1 + 1.0/256, math.NaN()} {
			s = append(s, ir.Narrow(t, float32(x)), ir.Narrow(t, float32(-x)))
		}
		s = append(s, ir.Mask(t), ir.Mask(t)>>1) // NaNs with all bits set
	default:
		b := uint(t.Bits())
		for i := range b {
			s = append(s, 1<<i, 1<<i-1, -(1<<i)&ir.Mask(t))
		}
	}
	for len(s) < n {
		x := r.Uint64()
		if t.IsFloat() && r.IntN(3) > 0 {
			x = ir.Narrow(t, float32(r.NormFloat64()*math.Pow(2, float64(r.IntN(40)-20))))
		} else if !t.IsFloat() && r.IntN(2) == 0 {
			x = uint64(r.IntN(64)) - 8
		}
		s = append(s, x&ir.Mask(t))
	}
	r.Shuffle(len(s), func(i, j int) { s[i], s[j] = s[j], s[i] })
	return s[:n]
}
