package msl

import (
	"slices"

	"github.com/aruminium-go/aruminium/internal/msl/lower"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// describe returns what the library tells of a kernel.
func describe(fn *sem.Func) *Kernel {
	k := &Kernel{Name: fn.Kernel.Name, Function: fn.Name, MaxThreads: fn.Kernel.MaxThreads}
	for _, p := range fn.Params {
		q := Param{Name: p.Name, Arg: -1}
		if p.Arg != nil && p.Arg.Kind == sem.ArgBuiltin {
			q.Builtin = p.Arg.Builtin
		}
		if a, ok := argOf(p); ok {
			q.Arg = len(k.Args)
			k.Args = append(k.Args, a)
		}
		k.Params = append(k.Params, q)
	}
	for _, u := range lower.Constants(fn) {
		k.Constants = append(k.Constants, Constant{
			Index:    u.Var.FuncConst.Index,
			Name:     u.Var.FuncConst.Name,
			Type:     u.Var.Type,
			Required: u.Required,
		})
	}
	slices.SortStableFunc(k.Constants, func(a, b Constant) int { return a.Index - b.Index })
	return k
}

// argOf describes a parameter that is bound from outside.
func argOf(p *sem.Var) (Arg, bool) {
	if p.Arg == nil || p.Arg.Kind == sem.ArgBuiltin {
		return Arg{}, false
	}
	a := Arg{Name: p.Name, Index: p.Arg.Index, Type: p.Type, Access: AccessReadWrite, Used: true}
	switch p.Arg.Kind {
	case sem.ArgBuffer:
		a.Kind = ArgBuffer
	case sem.ArgThreadgroup:
		a.Kind = ArgThreadgroup
	case sem.ArgTexture:
		a.Kind = ArgTexture
	case sem.ArgSampler:
		a.Kind = ArgSampler
	}
	if p.Arg.Kind == sem.ArgTexture || p.Arg.Kind == sem.ArgSampler {
		return resourceOf(a), true
	}
	isConst := false
	switch t := p.Type.(type) {
	case *types.Pointer:
		a.Type, a.Space, a.Pointer, isConst = t.Elem, t.Space, true, t.Const
	case *types.Reference:
		a.Type, a.Space, isConst = t.Elem, t.Space, t.Const
	}
	if isConst || a.Space == types.Constant {
		a.Access = AccessRead
	}
	a.TypeName, a.Size, a.Align = a.Type.String(), a.Type.Size(), a.Type.Align()
	return a, true
}
