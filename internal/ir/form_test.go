package ir_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
)

// TestForms checks that the verifier accepts the forms there are and no others,
// and that Eval computes each.
func TestForms(t *testing.T) {
	forms := map[ir.Form]bool{}
	ops := map[ir.Op]bool{}
	for _, f := range ir.Forms() {
		require.False(t, forms[f], "%s is there twice", f)
		forms[f] = true
		ops[f.Op] = true
		for _, bits := range []uint64{0, 1, 1 << 63, ^uint64(0), 0x7fc0_7e00_7fc0_7e00} {
			a, b, c := bits&ir.Mask(f.From[0]), bits>>1&ir.Mask(f.From[1]), bits>>2&ir.Mask(f.From[2])
			require.Zero(t, f.Eval(a, b, c)&^ir.Mask(f.Type), "%s", f)
		}
	}
	require.Len(t, ops, int(ir.OpFRem-ir.OpSelect)+1)

	types := []ir.Type{ir.Bool, ir.I8, ir.I16, ir.I32, ir.I64, ir.F16, ir.BF16, ir.F32, ir.Ref}
	var inputs strings.Builder
	for i, typ := range types {
		fmt.Fprintf(&inputs, "%%%d = const %s 0x0\n", i+1, typ)
	}
	try := func(f ir.Form, args ...int) {
		names := make([]string, len(args))
		for i, a := range args {
			f.From[i] = types[a]
			names[i] = fmt.Sprintf("%%%d", a+1)
		}
		k, err := ir.Parse(fmt.Sprintf("kernel \"k\" {\n%s%%r = %s %s %s\nyield\n}", &inputs, f.Op, f.Type, strings.Join(names, ", ")))
		require.NoError(t, err)
		if f.Op == ir.OpSelect && f.Type == ir.Ref {
			return
		}
		if err := ir.Verify(k); (err == nil) != forms[f] {
			t.Errorf("%s: %v", f, err)
		}
	}
	for op := ir.OpSelect; op <= ir.OpFRem; op++ {
		for _, typ := range types {
			f := ir.Form{Op: op, Type: typ}
			for a := range types {
				switch op.Info().NArgs {
				case 1:
					try(f, a)
				case 2:
					for b := range types {
						try(f, a, b)
					}
				case 3:
					for b := range types {
						try(f, a, b, b)
						try(f, a, a, b)
						try(f, a, b, a)
					}
				}
			}
		}
	}
}
