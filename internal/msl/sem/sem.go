// Package sem is the typed tree of a checked MSL program: every name is
// resolved, every expression has its type, every conversion is a node, every
// template is instantiated. The checker builds it; lowering reads it and needs
// to know no rules of the language but what each node means.
package sem

import (
	"github.com/aruminium-go/aruminium/internal/msl/source"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// Var is a variable, a parameter or a program-scope constant.
type Var struct {
	Name string
	// Type is what it holds. A reference (T &x) has a *types.Reference here;
	// a VarRef to it denotes the object it is bound to.
	Type  types.Type
	Space types.Space // where the variable itself lies: Thread for locals and parameters, Threadgroup, Constant
	Const bool
	Pos   source.Pos

	Global    bool
	Value     *Const // of a constant whose value is known (also Aggregate constants: see Init)
	Init      Expr   // of a global: its initialiser, constant-folded as far as possible
	FuncConst *FuncConst
	Arg       *Arg // of a parameter of a kernel
}

// FuncConst is what [[function_constant(n)]] says of a program-scope constant.
type FuncConst struct {
	Index int
	Name  string
}

// ArgKind tells what a kernel's parameter is bound to.
type ArgKind uint8

const (
	ArgBuffer      ArgKind = iota // device or constant pointer or reference; Index
	ArgThreadgroup                // threadgroup pointer or reference; Index
	ArgTexture                    // Index
	ArgSampler                    // Index
	ArgBuiltin                    // Builtin
)

// Arg is how a kernel's parameter is bound.
type Arg struct {
	Kind    ArgKind
	Index   int
	Builtin string // such as "thread_position_in_grid"
	// Enabled is the function constant that [[function_constant(name)]] on the
	// parameter names, or nil: where it is false the argument is absent.
	Enabled *Var
}

// Func is a function, instantiated if it was a template.
type Func struct {
	Name   string // as a diagnostic spells it
	Params []*Var
	Result types.Type
	// This is the object of a method: a Var of reference type, or nil.
	This *Var
	Body *Block // nil until checked
	// Captures are variables of the function around a lambda that its body
	// names: they are those of the innermost call of that function.
	Captures []*Var
	Pos      source.Pos
	// Kernel is set on an entry point.
	Kernel *Kernel
}

// Kernel is what an entry point has beyond a function.
type Kernel struct {
	Name       string // what the library calls it: [[host_name]] or the function's name
	MaxThreads int    // of [[max_total_threads_per_threadgroup(n)]], or 0
}

// Log is what an os_log says its messages are of.
type Log struct{ Subsystem, Category string }

// Module is a checked translation unit.
type Module struct {
	Files   *source.FileSet
	Types   *types.Table
	Kernels []*Func // in source order
	Globals []*Var  // program-scope variables, in source order
	Logs    []Log   // the first is os_log_default
}
