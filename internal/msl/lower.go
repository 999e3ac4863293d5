package msl

import (
	"fmt"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/ir/expand"
	"github.com/aruminium-go/aruminium/internal/ir/opt"
	"github.com/aruminium-go/aruminium/internal/msl/lower"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/source"
)

// Lower lowers the kernel called name, specialised by consts. The code is nil
// if there are errors: an unknown kernel, a function constant that is required
// and has no value or one of another type, a kernel past a limit.
//
// Each call lowers anew: who calls keeps what it returns.
func (l *Library) Lower(name string, consts Constants) (code *Code, diags *Diagnostics) {
	diags = &Diagnostics{Files: l.mod.Files}
	defer catch(&diags.List, func() { code = nil })
	f := l.lower(name, consts, diags)
	if f == nil {
		return nil, diags
	}
	opt.Run(f)
	if err := ir.Verify(f); err != nil {
		panic(fmt.Sprintf("kernel %s is optimised wrongly: %v", name, err))
	}
	return l.code(l.byName[name], f), diags
}

// LowerPlainly lowers as Lower does and optimises nothing: mathematical
// functions are expanded, and that is all. It is what tests of the optimiser and
// of the engines compare with.
func (l *Library) LowerPlainly(name string, consts Constants) (f *ir.Func, diags *Diagnostics) {
	diags = &Diagnostics{Files: l.mod.Files}
	defer catch(&diags.List, func() { f = nil })
	if f = l.lower(name, consts, diags); f != nil {
		expand.Func(f)
		if err := ir.Verify(f); err != nil {
			panic(fmt.Sprintf("kernel %s is expanded wrongly: %v", name, err))
		}
	}
	return f, diags
}

// lower makes the function that both begin with, or nil if there are errors.
func (l *Library) lower(name string, consts Constants, diags *Diagnostics) *ir.Func {
	i, ok := l.byName[name]
	if !ok {
		diags.List.Errorf(source.NoPos, "the library has no kernel called '%s'", name)
		return nil
	}
	fn := l.mod.Kernels[i]
	values := specialise(fn, consts, &diags.List)
	if diags.List.HasErrors() {
		return nil
	}
	f, list := lower.Kernel(l.mod, fn, lower.Options{Constants: values, Fast: l.opts.Math != MathSafe, Logging: l.opts.Logging})
	diags.List = append(diags.List, list...)
	if diags.List.HasErrors() {
		return nil
	}
	if err := ir.Verify(f); err != nil {
		panic(fmt.Sprintf("kernel %s is lowered wrongly: %v", name, err))
	}
	return f
}

// code describes a lowered kernel.
func (l *Library) code(i int, f *ir.Func) *Code {
	k := l.Kernels[i]
	c := &Code{Name: k.Name, Func: f, MaxThreads: k.MaxThreads}
	how := accesses(f)
	for _, a := range k.Args {
		if a.Kind == ArgTexture || a.Kind == ArgSampler {
			if there, used := resourceUse(f, a); there {
				a.Used = used
				c.Args = append(c.Args, a)
			}
			continue
		}
		at := memOf(f, a)
		if at < 0 {
			continue // left out by a function constant
		}
		a.Used = how[at] != 0
		a.Access &= how[at]
		c.Args = append(c.Args, a)
	}
	for _, m := range f.Mems {
		n := (m.Size + 15) &^ 15
		switch m.Kind {
		case ir.MemThreadgroup:
			c.StaticThreadgroupMemory += n
		case ir.MemThread:
			c.ThreadMemory += n
		}
	}
	return c
}

// memOf returns the index of the memory that stands for an argument, or -1.
func memOf(f *ir.Func, a Arg) int {
	kind := ir.MemBuffer
	if a.Kind == ArgThreadgroup {
		kind = ir.MemThreadgroupArg
	}
	for i, m := range f.Mems {
		if m.Kind == kind && m.Index == a.Index && m.Name == a.Name {
			return i
		}
	}
	return -1
}

// specialise finds the values of the function constants that fn uses.
func specialise(fn *sem.Func, consts Constants, list *source.List) map[*sem.Var][]uint64 {
	values := map[*sem.Var][]uint64{}
	for _, u := range lower.Constants(fn) {
		v := u.Var
		given, ok := consts.ByIndex[v.FuncConst.Index]
		if !ok {
			given, ok = consts.ByName[v.FuncConst.Name]
		}
		if !ok {
			continue // an error only if the kernel gets to it
		}
		bits, err := given.bits(v.Type)
		if err != nil {
			list.Errorf(v.Pos, "function constant '%s' (index %d): %v", v.Name, v.FuncConst.Index, err)
			continue
		}
		values[v] = bits
	}
	return values
}
