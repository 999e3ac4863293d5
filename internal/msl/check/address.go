package check

import (
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// isAddressConstant reports whether a pointer is known when the program is
// compiled: null, or the address of a part of a program-scope variable. A
// constexpr pointer may be initialised with it.
func (c *checker) isAddressConstant(e sem.Expr) bool {
	switch e := e.(type) {
	case *sem.Zero:
		return pointerOf(e.T) != nil
	case *sem.Decay:
		return c.isStaticPlace(e.X)
	case *sem.AddrOf:
		return c.isStaticPlace(e.X)
	case *sem.PtrAdd:
		return c.isAddressConstant(e.P) && c.eval(e.I) != nil
	case *sem.PtrCast:
		return c.isAddressConstant(e.X)
	}
	return false
}

// isStaticPlace reports whether an lvalue is a program-scope variable, or a
// part of one that is always the same.
func (c *checker) isStaticPlace(e sem.Expr) bool {
	switch e := e.(type) {
	case *sem.VarRef:
		_, isRef := e.Var.Type.(*types.Reference)
		return e.Var.Global && !isRef
	case *sem.Field:
		return c.isStaticPlace(e.X)
	case *sem.Index:
		return c.isStaticPlace(e.X) && c.eval(e.I) != nil
	case *sem.Deref:
		return c.isAddressConstant(e.X)
	}
	return false
}
