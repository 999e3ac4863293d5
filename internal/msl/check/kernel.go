package check

import (
	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/source"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// Limits of Metal's argument tables.
const (
	maxBuffers      = 31
	maxThreadgroups = 31
)

// builtinArg is an input of a kernel (MSL spec, section 5.2.3).
type builtinArg uint8

const (
	notBuiltin builtinArg = iota
	scalarArg             // uint or ushort
	vectorArg             // or a vector of two or three of them
)

func builtinNamed(name string) builtinArg {
	switch name {
	case "thread_position_in_grid", "thread_position_in_threadgroup", "threadgroup_position_in_grid",
		"threads_per_grid", "threads_per_threadgroup", "threadgroups_per_grid", "dispatch_threads_per_threadgroup",
		"grid_origin", "grid_size":
		return vectorArg
	case "thread_index_in_threadgroup", "thread_index_in_simdgroup", "simdgroup_index_in_threadgroup",
		"simdgroups_per_threadgroup", "threads_per_simdgroup", "thread_execution_width",
		"dispatch_simdgroups_per_threadgroup", "thread_index_in_quadgroup", "quadgroup_index_in_threadgroup",
		"quadgroups_per_threadgroup", "dispatch_quadgroups_per_threadgroup":
		return scalarArg
	}
	return notBuiltin
}

// kernelFunc checks what the declaration of a kernel must satisfy and lists
// it in the module.
func (c *checker) kernelFunc(f *function) {
	if !isVoid(f.result.t) && !f.result.bad() {
		c.errorf(f.pos, "kernel must have void return type")
	}
	if f.decl.Body == nil {
		return
	}
	k := &sem.Kernel{Name: f.name}
	c.kernelAttrs(f.attrs, k)
	f.sem.Kernel = k
	c.addKernel(f)
}

// kernelAttrs reads the attributes of a kernel.
func (c *checker) kernelAttrs(attrs []*ast.Attribute, k *sem.Kernel) {
	for _, a := range attrs {
		if a.Style != ast.AttrBracket || a.Scope != "" {
			continue
		}
		switch a.Name {
		case "host_name":
			if len(a.Args) == 1 {
				if s, ok := a.Args[0].(*ast.StringLit); ok {
					if s.Value == "" {
						c.errorf(a.Start, "'host_name' attribute requires a non-empty string")
						continue
					}
					k.Name = s.Value
					continue
				}
			}
			c.errorf(a.Start, "'host_name' attribute requires a string")
		case "max_total_threads_per_threadgroup":
			n, ok := c.attrInt(a)
			if !ok {
				continue
			}
			if n <= 0 || n > 1<<20 {
				c.errorf(a.Start, "'max_total_threads_per_threadgroup' attribute requires a positive integer")
				continue
			}
			k.MaxThreads = int(n)
		case "kernel", "visible", "user_annotation", "maybe_unused", "deprecated", "nodiscard", "noreturn",
			"early_fragment_tests", "required_threads_per_threadgroup":
		case "vertex", "fragment", "patch", "intersection", "object", "mesh", "stitchable":
			c.unsupported(a.Start, "the attribute '"+a.Name+"' is")
		default:
			c.unknownAttr(a)
		}
	}
}

func (c *checker) unknownAttr(a *ast.Attribute) {
	c.warnf("unknown-attributes", a.Start, "unknown attribute '%s' ignored", a.Name)
}

func (c *checker) addKernel(f *function) {
	if c.kernels == nil {
		c.kernels = make(map[string]*function)
	}
	name := f.sem.Kernel.Name
	if old := c.kernels[name]; old != nil && old != f {
		c.errorf(f.pos, "kernel '%s' has the same name as another kernel of the library", name).
			Notef(old.pos, "other kernel is here")
		return
	}
	c.kernels[name] = f
	c.mod.Kernels = append(c.mod.Kernels, f.sem)
}

// attrInt evaluates the argument of an attribute.
func (c *checker) attrInt(a *ast.Attribute) (int64, bool) {
	if len(a.Args) != 1 {
		c.errorf(a.Start, "'%s' attribute takes one argument", a.Name)
		return 0, false
	}
	e, ok := a.Args[0].(ast.Expr)
	if !ok {
		c.errorf(a.Start, "'%s' attribute requires an integer constant", a.Name)
		return 0, false
	}
	x := c.val(e)
	if x.bad() {
		return 0, false
	}
	n, ok := c.intConst(&x)
	switch {
	case !ok:
		c.errorf(e.Pos(), "'%s' attribute requires an integer constant", a.Name)
	case x.q.t == types.Type(longT) || x.q.t == types.Type(ulongT):
		if n < -1<<31 || n > 1<<31-1 {
			c.errorf(a.Start, "invalid type %s for attribute index expression", x.q.quote())
			ok = false
		}
	}
	return n, ok
}

// slots keeps track of which indices of an argument table are taken.
type slots struct {
	what  string
	limit int
	taken map[int]source.Pos
}

func (s *slots) take(c *checker, n int, pos source.Pos) bool {
	if n < 0 || n >= s.limit {
		c.errorf(pos, "'%s' attribute parameter is out of bounds: must be between 0 and %d", s.what, s.limit-1)
		return false
	}
	if old, dup := s.taken[n]; dup {
		c.errorf(pos, "cannot reserve '%s' resource location at index %d", s.what, n).
			Notef(old, "resource location %d is already in use", n)
		return false
	}
	if s.taken == nil {
		s.taken = make(map[int]source.Pos)
	}
	s.taken[n] = pos
	return true
}

func (s *slots) free() int {
	n := 0
	for {
		if _, used := s.taken[n]; !used {
			return n
		}
		n++
	}
}

// bindArgs finds what each parameter of a kernel is bound to. Buffers without
// an index get the lowest free ones, in the order of the parameters.
func (c *checker) bindArgs(f *function) {
	buffers := &slots{what: "buffer", limit: maxBuffers}
	groups := &slots{what: "threadgroup", limit: maxThreadgroups}
	tables := newResources()
	var auto []*sem.Arg
	var autoPos []source.Pos
	var autoIn []*slots
	seen := make(map[string]source.Pos)
	for i := range f.params {
		p := &f.params[i]
		v := f.sem.Params[i]
		if p.q.bad() {
			continue
		}
		arg := &sem.Arg{}
		kind, at, ok := c.paramAttrs(p, arg)
		if !ok {
			continue
		}
		kindOf, space, isMem := memoryParam(p.q)
		switch {
		case kind == "buffer" || kind == "threadgroup" || kind == "" && isMem:
			if !isMem {
				c.errorf(p.decl.Start, "invalid type %s for buffer declaration", p.q.quote()).Ranges = []source.Span{p.decl.Span}
				continue
			}
			tab := buffers
			arg.Kind = sem.ArgBuffer
			if space == types.Threadgroup {
				tab, arg.Kind = groups, sem.ArgThreadgroup
			}
			if space > types.Threadgroup {
				c.unsupported(p.pos, "a kernel argument in the address space '"+space.String()+"' is")
				continue
			}
			if space == types.Thread {
				c.errorf(p.decl.Start, "invalid address space qualification for %s declaration %s", bufferWord(kind), p.q.quote()).Ranges = []source.Span{p.decl.Span}
				continue
			}
			if kind == "buffer" && space == types.Threadgroup || kind == "threadgroup" && space != types.Threadgroup {
				c.errorf(at, "'%s' attribute cannot be applied to a parameter in the %s address space", kind, space)
				continue
			}
			if !c.bufferElem(kindOf, p) {
				continue
			}
			if kind == "" {
				auto, autoPos, autoIn = append(auto, arg), append(autoPos, p.pos), append(autoIn, tab)
			} else if !tab.take(c, arg.Index, at) {
				continue
			}
		case kind == "texture" || kind == "sampler" || kind == "" && isResource(p.q.t):
			if !tables.bind(c, p, arg, kind, at) {
				continue
			}
		case kind == "":
			d := c.errorf(p.decl.Start, "invalid type %s for input declaration in a kernel function", p.q.quote())
			d.Ranges = []source.Span{p.decl.Span}
			d.Notef(p.pos, "a parameter that is not a pointer or reference needs an attribute, such as [[thread_position_in_grid]]")
			continue
		default:
			if old, dup := seen[kind]; dup {
				c.errorf(at, "duplicate '%s' attribute", kind).Notef(old, "previous use is here")
				continue
			}
			seen[kind] = at
			if !c.builtinType(kind, p, at) {
				continue
			}
			arg.Kind, arg.Builtin = sem.ArgBuiltin, kind
		}
		v.Arg = arg
	}
	tables.finish(c)
	for i, arg := range auto {
		n := autoIn[i].free()
		if n >= autoIn[i].limit {
			c.errorf(autoPos[i], "too many %s arguments: at most %d are supported", autoIn[i].what, autoIn[i].limit)
			continue
		}
		autoIn[i].take(c, n, autoPos[i])
		arg.Index = n
	}
}

func bufferWord(kind string) string {
	if kind == "" {
		return "buffer"
	}
	return kind
}

// memoryParam returns what a pointer or reference parameter leads to.
func memoryParam(q qtype) (elem types.Type, space types.Space, ok bool) {
	switch t := q.t.(type) {
	case *types.Pointer:
		return t.Elem, t.Space, true
	case *types.Reference:
		return t.Elem, t.Space, true
	}
	return nil, 0, false
}

// bufferElem checks the type of what a buffer holds.
func (c *checker) bufferElem(t types.Type, p *param) bool {
	for arrayOf(t) != nil {
		t = arrayOf(t).Elem
	}
	if s := structOf(t); s != nil {
		c.complete(recordOf(s), p.pos)
		if !s.Complete() {
			c.errorf(p.pos, "buffer of incomplete type %s", quote(s))
			return false
		}
	}
	return true
}

// paramAttrs reads the attributes of a kernel's parameter: what it is bound
// to, "" if nothing says so, and where that is written.
func (c *checker) paramAttrs(p *param, arg *sem.Arg) (kind string, at source.Pos, ok bool) {
	set := func(a *ast.Attribute, k string) bool {
		if kind == k {
			c.errorf(a.Start, "multiple '%s' attributes are not allowed on one parameter", k).Notef(at, "previous attribute is here")
			return false
		}
		if kind != "" {
			c.errorf(a.Start, "'%s' and '%s' attributes are not compatible", k, kind).Notef(at, "conflicting attribute is here")
			return false
		}
		kind, at = k, a.Start
		return true
	}
	for _, a := range p.decl.Attrs {
		if a.Style != ast.AttrBracket || a.Scope != "" {
			continue
		}
		switch a.Name {
		case "buffer", "threadgroup", "texture", "sampler":
			if !set(a, a.Name) {
				return kind, at, false
			}
			n, good := c.attrInt(a)
			if !good {
				return kind, at, false
			}
			arg.Index = int(min(max(n, -1), 1<<20))
		case "function_constant":
			if len(a.Args) == 1 {
				if e, isExpr := a.Args[0].(ast.Expr); isExpr {
					x := c.expr(e)
					if x.bad() {
						return kind, at, false
					}
					if x.v != nil && x.v.sem.Global && x.q.t == types.Type(boolT) {
						arg.Enabled = x.v.sem
						continue
					}
				}
			}
			c.errorf(a.Start, "'function_constant' attribute requires a function constant of type 'bool'")
			return kind, at, false
		case "maybe_unused", "user", "user_annotation", "deprecated", "raster_order_group":
		case "stage_in", "imageblock_data", "payload", "color", "position", "vertex_id", "instance_id", "patch_id", "position_in_patch", "front_facing", "point_coord", "sample_id", "sample_mask", "base_vertex", "base_instance", "primitive_id", "barycentric_coord", "amplification_id", "amplification_count", "viewport_array_index", "render_target_array_index":
			if a.Name == "stage_in" || a.Name == "imageblock_data" || a.Name == "payload" {
				c.unsupported(a.Start, "the attribute '"+a.Name+"' is")
			} else {
				c.errorf(a.Start, "'%s' attribute cannot be applied to a parameter of a kernel function", a.Name)
			}
			return a.Name, a.Start, false
		default:
			if builtinNamed(a.Name) == notBuiltin {
				c.unknownAttr(a)
				continue
			}
			if a.HasArgs && len(a.Args) > 0 {
				c.errorf(a.Start, "'%s' attribute takes no arguments", a.Name)
				return kind, at, false
			}
			if !set(a, a.Name) {
				return kind, at, false
			}
		}
	}
	return kind, at, true
}

// builtinType checks the type of an input of a kernel.
func (c *checker) builtinType(name string, p *param, at source.Pos) bool {
	word := func(b *types.Basic) bool { return b != nil && (b.Kind == types.UInt || b.Kind == types.UShort) }
	ok := word(basicOf(p.q.t))
	expected := "'uint' or 'ushort'"
	if builtinNamed(name) == vectorArg {
		if v := vectorOf(p.q.t); v != nil {
			ok = !v.Packed && v.N < 4 && word(v.Elem)
		}
		expected = "'uint', 'uint2', 'uint3', 'ushort', 'ushort2' or 'ushort3'"
	}
	if !ok {
		c.errorf(p.pos, "type %s is not valid for attribute '%s'", p.q.quote(), name).
			Notef(at, "the type must be %s", expected)
	}
	return ok
}

// undefined reports calls of functions that are declared but never defined.
func (c *checker) undefined() {
	if c.failed {
		return
	}
	told := make(map[*sem.Func]bool)
	for _, fn := range c.funcs {
		for _, site := range c.calls[fn.sem] {
			if site.callee.Body != nil || told[site.callee] {
				continue
			}
			told[site.callee] = true
			c.errorf(site.pos, "undefined function '%s' is called", site.callee.Name).
				Notef(site.callee.Pos, "'%s' declared here", site.callee.Name)
		}
	}
}

// recursion reports functions that call themselves, directly or not: Metal
// has no stack for that.
func (c *checker) recursion() {
	if c.failed {
		return
	}
	state := make(map[*sem.Func]int) // 1 on the way, 2 done
	type frame struct {
		f    *sem.Func
		next int
	}
	for _, fn := range c.funcs {
		// A constexpr function may call itself when it runs at compile time.
		if state[fn.sem] != 0 || fn.constexpr {
			continue
		}
		stack := []frame{{fn.sem, 0}}
		state[fn.sem] = 1
		for len(stack) > 0 {
			top := &stack[len(stack)-1]
			sites := c.calls[top.f]
			if top.next == len(sites) {
				state[top.f] = 2
				stack = stack[:len(stack)-1]
				continue
			}
			site := sites[top.next]
			top.next++
			switch state[site.callee] {
			case 0:
				state[site.callee] = 1
				stack = append(stack, frame{site.callee, 0})
			case 1:
				if site.callee == top.f && loopTail(top.f) {
					continue
				}
				c.errorf(site.pos, "recursive call of function '%s': recursion is not supported in Metal", site.callee.Name).
					Notef(site.callee.Pos, "'%s' declared here", site.callee.Name)
			}
		}
	}
}
