package check

import (
	"strings"

	"github.com/aruminium-go/aruminium/internal/msl/source"
	"github.com/aruminium-go/aruminium/internal/msl/stdlib"
	"github.com/aruminium-go/aruminium/internal/msl/types"
)

// undeclared reports a name that stands for nothing, with what may have been
// meant.
func (c *checker) undeclared(name string, pos source.Pos, asType, template bool) {
	what := "use of undeclared identifier '" + name + "'"
	switch {
	case template:
		what = "no template named '" + name + "'"
	case asType:
		what = "unknown type name '" + name + "'"
	}
	if o := c.inNamespace(c.metal, name, nil); o != nil {
		c.errorf(pos, "%s; did you mean 'metal::%s'?", what, name)
		return
	}
	if !asType && isKnownElsewhere(name) {
		c.unsupported(pos, "'"+name+"' is")
		return
	}
	if asType && isKnownElsewhere(name) {
		c.unsupported(pos, "the type '"+name+"' is")
		return
	}
	if scoped := stdlib.ScopedEnumerator(name); scoped != "" && !asType {
		c.errorf(pos, "%s; did you mean '%s'?", what, scoped)
		return
	}
	if guess, o := c.similar(name, asType); guess != "" {
		d := c.errorf(pos, "%s; did you mean '%s'?", what, guess)
		if o.where().IsValid() {
			d.Notef(o.where(), "'%s' declared here", guess)
		}
		if v, ok := o.(*variable); ok {
			v.used = true
		}
		return
	}
	c.errorf(pos, "%s", what)
}

// keywords are those that an expression or a statement may begin with.
var keywords = [...]string{"true", "false", "nullptr", "sizeof", "this", "static_cast", "return", "break", "continue", "while", "switch", "default"}

// similar finds the visible name most like an unknown one.
func (c *checker) similar(name string, asType bool) (string, object) {
	// As clang, at most one edit for every three letters, and one for what is left.
	best, bestDist := "", (len(name)+2)/3+1
	var found object
	tie := false
	consider := func(n string, o object) {
		_, isType := o.(*typeName)
		if isType != asType && asType {
			return
		}
		if strings.HasPrefix(n, ":") {
			return // no program can spell it
		}
		if d := len(n) - len(name); d >= bestDist || -d >= bestDist {
			return
		}
		switch d := source.Distance(name, n, bestDist+1); {
		case d < bestDist:
			best, bestDist, found, tie = n, d, o, false
		case d == bestDist && best != "" && n != best:
			tie = true
		}
	}
	if len(name) < 3 {
		return "", nil
	}
	seen := map[*namespace]bool{}
	var visit func(n *namespace)
	visit = func(n *namespace) {
		if seen[n] {
			return
		}
		seen[n] = true
		for k, o := range n.scope.names {
			consider(k, o)
		}
		if n == c.metal && !asType {
			for _, k := range stdlib.Names() {
				consider(k, &overloads{name: k})
			}
		}
		for _, u := range n.scope.usings {
			visit(u)
		}
	}
	if asType {
		for _, t := range types.Basics[types.Void:] {
			consider(t.String(), &typeName{})
			for n := 2; n <= 4 && t.Kind > types.Void; n++ {
				v := types.VectorOf(t, n)
				consider(v.String(), &typeName{})
				consider("packed_"+v.String(), &typeName{})
				if t.IsFloat() {
					for rows := 2; rows <= 4; rows++ {
						consider(types.MatrixOf(t, n, rows).String(), &typeName{})
					}
				}
			}
		}
	}
	if !asType {
		for _, k := range keywords {
			consider(k, &variable{})
		}
	}
	for s := c.scope; s != nil; s = s.parent {
		for n, o := range s.names {
			consider(n, o)
		}
		for _, u := range s.usings {
			visit(u)
		}
		if s.ns != nil {
			visit(s.ns)
		}
	}
	if tie || bestDist == 0 {
		return "", nil
	}
	return best, found
}

// isKnownNamespace reports whether Metal has a namespace that is not there yet.
func isKnownNamespace(name string) bool {
	switch name {
	case "raytracing", "mesh":
		return true
	}
	return false
}

// isKnownElsewhere reports whether Metal has something of that name that is
// not there yet, so that it is not called undeclared.
func isKnownElsewhere(name string) bool {
	for _, p := range []string{"intersect", "acceleration_structure", "instance_acceleration", "primitive_acceleration",
		"visible_function_table", "interpolant", "imageblock", "render_grid"} {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	switch name {
	case "command_buffer", "compute_command", "patch_control_point",
		"discard_fragment", "mesh_grid_properties", "cooperative_tensor", "raytracing":
		return true
	}
	return false
}
