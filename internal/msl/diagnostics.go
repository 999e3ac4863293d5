package msl

import "github.com/aruminium-go/aruminium/internal/msl/source"

// Diagnostics are what a compile has to say about a source, in the order of
// the text.
type Diagnostics struct {
	Files *source.FileSet
	List  source.List
}

// HasErrors reports whether there is an error among d. A nil d has none.
func (d *Diagnostics) HasErrors() bool { return d != nil && d.List.HasErrors() }

// Count returns the number of warnings and of errors.
func (d *Diagnostics) Count() (warnings, errors int) {
	if d == nil {
		return 0, 0
	}
	return d.List.Count()
}

// Render returns d as Metal prints it: program_source:LINE:COL: error: …, the
// source line and a caret for each, and a line that counts them. It is "" when
// there is nothing to say.
func (d *Diagnostics) Render() string {
	if d == nil || len(d.List) == 0 {
		return ""
	}
	return d.List.Render(d.Files)
}

// Position resolves the place of a diagnostic.
func (d *Diagnostics) Position(p source.Pos) source.Position { return d.Files.Position(p) }
