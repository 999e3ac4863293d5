package check

import (
	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/source"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// Options tell how to check. The zero value is right for current Metal.
type Options struct {
	// Version is the language version as __METAL_VERSION__ gives it, such as
	// 320; 0 is the newest.
	Version int
	// Broken is set if the source had errors before: warnings that a mended
	// source might not deserve are then left out.
	Broken bool
}

// Module checks a translation unit. It always returns a module; that is fit
// for lowering only if the list holds no error. The list is sorted.
func Module(fset *source.FileSet, file *ast.File, opts Options) (*sem.Module, source.List) {
	c := &checker{
		fset: fset,
		tab:  new(types.Table),
		opts: opts,
	}
	c.failed = opts.Broken
	c.mod = &sem.Module{Files: fset, Types: c.tab}
	c.universe()
	c.fileFP(file.Decls)
	c.fp = sem.FP{}
	c.decls(file.Decls)
	c.finish()
	c.diags.Sort(fset)
	return c.mod, c.diags
}

// checker is the state of one check.
type checker struct {
	fset  *source.FileSet
	tab   *types.Table
	opts  Options
	diags source.List
	mod   *sem.Module

	global *namespace
	metal  *namespace
	scope  *scope     // innermost
	fn     *funcState // function whose body is being checked, or nil

	pending    []func()                // bodies of instantiations, checked at the end
	waiting    map[*sem.Func]*function // instances whose bodies are put off
	insts      []instantiation         // being instantiated
	outer      int                     // depth of the class that is being instantiated
	made       int                     // instances of templates
	elems      int                     // elements of expanded packs
	depth      int                     // of nested expressions and statements
	tooDeep    bool                    // instantiations without end were reported
	entity     string                  // being declared, for messages on its type
	converting bool                    // a user-defined conversion is being looked for
	quiet      int                     // errors are only probed for
	failed     bool                    // an error was found

	records      int                      // unnamed ones, for their names
	declaredTags map[ast.Decl]qtype       // types defined where they are used
	traits       map[string]*types.Struct // classes of the library's traits, by spelling
	typeIDs      map[types.Type]int       // for keys of template arguments
	isConstexpr  map[*sem.Func]bool       // functions that constant expressions may call
	limitsImpl   *classTemplate           // metal::_numeric_limits_impl, once it is named
	constIndex   map[int]*variable        // function constants
	logDefault   *variable                // os_log_default, once it is named
	constAggs    map[*sem.Var]*cval       // values of constant aggregates
	hasOperators bool                     // the program declares operators on enumerations

	fp     sem.FP                       // in the block being checked
	bodyFP map[*ast.CompoundStmt]sem.FP // of functions behind pragmas of file scope

	pragmas map[*source.File][]pragmaState
	kernels map[string]*function // by name
	funcs   []*function          // with bodies, in the order they were checked
	calls   map[*sem.Func][]callSite
	globals []*variable
}

// callSite is a call in a function's body.
type callSite struct {
	callee *sem.Func
	pos    source.Pos
}

// instantiation is a template being instantiated, for notes.
type instantiation struct {
	pos  source.Pos
	what string
}

// maxDepth bounds the recursion over nested syntax, maxInst that of template
// instantiations.
const (
	maxDepth = 4096
	maxInst  = 512
	maxMade  = 1 << 16 // functions and classes made of templates, in all
	maxElems = 1 << 18 // elements of expanded packs, in all
)

// errorf reports an error, unless errors are being probed for.
func (c *checker) errorf(pos source.Pos, format string, args ...any) *source.Diagnostic {
	c.failed = true
	if c.quiet > 0 || c.made > maxMade {
		return &source.Diagnostic{}
	}
	d := c.diags.Errorf(pos, format, args...)
	for i := len(c.insts) - 1; i >= 0 && i >= len(c.insts)-8; i-- {
		in := c.insts[i]
		d.Notef(in.pos, "in instantiation of %s requested here", in.what)
	}
	return d
}

// warnf reports a warning of a group, as "unused-variable".
func (c *checker) warnf(group string, pos source.Pos, format string, args ...any) *source.Diagnostic {
	if c.quiet > 0 || len(c.insts) > 0 || c.ignored(group, pos) {
		return &source.Diagnostic{}
	}
	d := c.diags.Warnf(pos, format, args...)
	d.Msg += " [-W" + group + "]"
	return d
}

// unsupported reports a feature that is not there yet.
func (c *checker) unsupported(pos source.Pos, what string) {
	c.errorf(pos, "%s not supported yet", what)
}

// try runs f without reporting and tells whether it found no error.
func (c *checker) try(f func()) bool {
	failed := c.failed
	c.failed = false
	c.quiet++
	f()
	c.quiet--
	ok := !c.failed
	c.failed = failed
	return ok
}

// room counts instances of templates; it reports whether there is room for
// more.
func (c *checker) room(pos source.Pos) bool {
	if c.made++; c.made == maxMade {
		c.tooLarge(pos, maxMade, "instances of templates")
	}
	if c.made > maxMade {
		c.failed = true
		return false
	}
	return true
}

// roomFor counts elements of expanded packs, as room counts instances.
func (c *checker) roomFor(elems int, pos source.Pos) bool {
	if c.elems += elems; c.elems > maxElems && c.made < maxMade {
		c.tooLarge(pos, maxElems, "elements of expanded packs")
	}
	if c.elems > maxElems {
		c.failed = true
		return false
	}
	return true
}

// tooLarge reports a program that is too large; what comes of it is not reported.
func (c *checker) tooLarge(pos source.Pos, n int, of string) {
	quiet := c.quiet
	c.quiet = 0
	c.errorf(pos, "more than %d %s: the program is too large", n, of)
	c.quiet = quiet
	c.made = maxMade + 1
}

// enter counts nesting; it reports whether there is room for more.
func (c *checker) enter(pos source.Pos) bool {
	c.depth++
	if c.depth == maxDepth {
		c.errorf(pos, "nesting level exceeds the maximum of %d", maxDepth)
	}
	return c.depth < maxDepth
}

func (c *checker) leave() { c.depth-- }

// finish checks what was put off: bodies of instantiations, which may ask for
// more, and what can be said only of the whole program.
func (c *checker) finish() {
	for len(c.pending) > 0 && c.made < maxMade {
		f := c.pending[0]
		c.pending = c.pending[1:]
		f()
	}
	c.undefined()
	c.recursion()
	c.unusedGlobals()
}
