package check

import (
	"github.com/aruminium-go/aruminium/internal/msl/ast"
	"github.com/aruminium-go/aruminium/internal/msl/sem"
	"github.com/aruminium-go/aruminium/internal/msl/source"
)

// explicitInstantiation makes the instance that the program asks for: mostly a
// kernel with a name of its own.
func (c *checker) explicitInstantiation(d *ast.ExplicitInstantiation) {
	switch t := d.Decl.(type) {
	case *ast.RecordDecl:
		if t.Name == nil || t.Name.Last().Args == nil {
			c.errorf(d.Start, "explicit instantiation requires template arguments")
			return
		}
		c.namedType(t.Name)
	case *ast.VarDecl:
		// template … decltype(f<A>) f<A>; the type only repeats the name.
		if t.Name == nil {
			return
		}
		r := c.resolve(t.Name, false)
		o, ok := r.obj.(*overloads)
		if !ok {
			if r.obj != nil {
				c.errorf(t.Name.Start, "explicit instantiation of '%s' does not refer to a function template", nameText(t.Name))
			}
			return
		}
		var found *function
		for _, f := range o.funcs {
			if f.tmpl == nil {
				continue
			}
			b := c.newBindings(f, r.args)
			if b == nil {
				continue
			}
			if args, ok := b.finish(); ok {
				if g := c.instance(f, args); g != nil {
					found = g
					break
				}
			}
		}
		c.instantiateKernel(found, t.Attrs, t.Name, d.Start)
	case *ast.FuncDecl:
		name := t.Name.Last()
		r := c.resolve(t.Name, false)
		o, ok := r.obj.(*overloads)
		if !ok {
			if r.obj != nil {
				c.errorf(t.Name.Start, "explicit instantiation of '%s' does not refer to a function template", nameText(t.Name))
			}
			return
		}
		plain := *t
		n := *t.Name
		n.Parts = []ast.NamePart{*name}
		n.Parts[0].Args = nil
		plain.Name = &n
		g := c.newFunction(&plain)
		for i := range g.params {
			if g.params[i].q.bad() {
				return
			}
		}
		var found *function
		for _, f := range o.funcs {
			if f.tmpl == nil {
				continue
			}
			if args, ok := c.matchDecl(f, name.Args, g); ok {
				inst := c.instance(f, args)
				if found == nil || c.moreSpecial(inst.instOf, found.instOf) < 0 {
					found = inst
				}
			}
		}
		c.instantiateKernel(found, t.Attrs, t.Name, d.Start)
	}
}

// instantiateKernel checks an instance and, if it is a kernel, lists it.
func (c *checker) instantiateKernel(f *function, attrs []*ast.Attribute, n *ast.Name, pos source.Pos) {
	if f == nil {
		c.errorf(n.Start, "explicit instantiation of '%s' does not refer to a function template, variable template, member function, member class, or static data member", nameText(n))
		return
	}
	if f.decl.Body == nil {
		c.errorf(n.Start, "explicit instantiation of undefined function template '%s'", f.name).
			Notef(f.pos, "'%s' declared here", f.name)
		return
	}
	if f.kernel == ast.Kernel {
		k := &sem.Kernel{Name: f.sem.Name}
		c.in(f.scope, func() { c.kernelAttrs(f.attrs, k) })
		c.kernelAttrs(attrs, k)
		if f.sem.Kernel == nil {
			f.sem.Kernel = k
			c.addKernel(f)
		} else if f.sem.Kernel.Name != k.Name {
			// The same instance under another name.
			twin := *f.sem
			twin.Kernel = k
			g := *f
			g.sem = &twin
			c.addKernel(&g)
			c.pending = append(c.pending, func() {
				c.instBody(f, pos)
				twin.Body, twin.Params = f.sem.Body, f.sem.Params
			})
		}
		if !isVoid(f.result.t) && !f.result.bad() {
			c.errorf(f.pos, "kernel must have void return type")
		}
	}
	if !f.queued {
		f.queued = true
		c.pending = append(c.pending, func() { c.instBody(f, pos) })
	}
}
