package main

import (
	"fmt"
	"slices"
	"strings"
)

// A selectorVars is the variables of the messages that one file declares.
type selectorVars struct {
	selectors  map[string]string // the variable to its declaration
	signatures map[string]string // the variable to the type encoding
}

// selectorFiles writes the variables of selectors and signatures: one file for each file of the
// description, by area, and one under "" for what several of them send.
func (a *API) selectorFiles() (map[string]*writer, error) {
	home := map[string]string{} // the variable to the area of the only file that uses it, or to ""
	for _, c := range a.Classes {
		for _, m := range c.Methods {
			name := a.vars[m]
			if area, ok := home[name]; ok && area != m.Pos.Area() {
				home[name] = ""
			} else {
				home[name] = m.Pos.Area()
			}
		}
	}
	files := map[string]*selectorVars{}
	signatures := map[string]string{}
	for _, c := range a.Classes {
		for _, m := range c.Methods {
			name := a.vars[m]
			vars := files[home[name]]
			if vars == nil {
				vars = &selectorVars{map[string]string{}, map[string]string{}}
				files[home[name]] = vars
			}
			w := &writer{}
			a.emitMethod(w, c, m)
			body := w.String()
			vars.selectors["sel"+name] = selectorVar(c, m, strings.Contains(body, "sel"+name+".of("))
			if !strings.Contains(body, "&sig"+name) {
				continue
			}
			encoding := a.MethodEncoding(m)
			if was, ok := signatures[name]; ok && was != encoding {
				return nil, fmt.Errorf("%s: %s has the encodings %s and %s: give one of the methods another name", m.Pos, m.Selector, was, encoding)
			}
			signatures[name] = encoding
			vars.signatures["sig"+name] = encoding
		}
	}
	writers := map[string]*writer{}
	for area, vars := range files {
		writers[area] = &writer{}
		vars.emit(writers[area])
	}
	return writers, nil
}

// selectorVar is the value of a method's selector variable; checked says that it asks the object.
func selectorVar(c *Class, m *Method, checked bool) string {
	selector := fmt.Sprintf("msgsend.Selector{Name: %q}", m.Selector)
	if !checked {
		return selector
	}
	return fmt.Sprintf("laterSelector{Selector: %s, since: %q}", selector, strings.TrimSuffix(m.Note.Since, ".0"))
}

func (v *selectorVars) emit(w *writer) {
	w.use(module + "internal/msgsend")
	w.comment("Selectors: static data, each looked up in the runtime at its first use.")
	w.printf("var (\n")
	for _, name := range slices.Sorted(mapKeys(v.selectors)) {
		w.printf("%s = %s\n", name, v.selectors[name])
	}
	w.printf(")\n\n")
	if len(v.signatures) == 0 {
		return
	}
	w.comment("Signatures of the messages that are sent in frames, compiled at their first use.")
	w.printf("var (\n")
	for _, name := range slices.Sorted(mapKeys(v.signatures)) {
		w.printf("%s = msgsend.Signature{Encoding: %q}\n", name, v.signatures[name])
	}
	w.printf(")\n")
}
