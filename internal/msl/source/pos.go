// Package source holds what every stage of the MSL compiler shares about its
// input: files, compact positions, and diagnostics with their printed form.
//
// A [Pos] is four bytes. It names a byte of a file, or a byte of the text a
// macro expansion produced; a [FileSet] resolves it. A FileSet may be read
// from several goroutines at once, but not while files or expansions are
// added to it.
package source

import (
	"errors"
	"sort"
	"strconv"
	"strings"
)

// DefaultName is the file name Metal gives a library compiled from a string.
const DefaultName = "program_source"

// Pos is a compact position in a [FileSet]. The zero Pos is no position.
type Pos uint32

// NoPos is the zero [Pos]; it resolves to no file.
const NoPos Pos = 0

// maxPos bounds the position space, so that adding a token's width to a valid
// position never wraps.
const maxPos = 1<<31 - 1

// IsValid reports whether p names a place.
func (p Pos) IsValid() bool { return p != NoPos }

// Span is a half-open range of positions. The syntax tree embeds it.
type Span struct {
	Start Pos // first byte
	Stop  Pos // byte after the last
}

// Pos returns the first byte of s.
func (s Span) Pos() Pos { return s.Start }

// End returns the byte after the last of s.
func (s Span) End() Pos { return s.Stop }

// Position is a resolved [Pos]. Lines and columns count from 1; columns count
// bytes. A Position with line 0 is unknown.
type Position struct {
	Filename string
	Offset   int // byte in the file, from 0
	Line     int
	Column   int
}

// IsValid reports whether the position is known.
func (p Position) IsValid() bool { return p.Line > 0 }

// String returns file:line:column, or "-" when the position is unknown.
func (p Position) String() string {
	if !p.IsValid() {
		if p.Filename != "" {
			return p.Filename
		}
		return "-"
	}
	s := strconv.Itoa(p.Line) + ":" + strconv.Itoa(p.Column)
	if p.Filename != "" {
		s = p.Filename + ":" + s
	}
	return s
}

// File is a source text in a [FileSet].
type File struct {
	name     string
	src      string
	base     Pos
	included Pos      // place of the #include, or NoPos
	lines    []uint32 // offset of the first byte of each line
	renames  []rename // #line directives, in order of offset
}

// rename is the effect of a #line directive on what follows it.
type rename struct {
	offset uint32 // first byte of the line it applies to
	line   int    // number of that line
	name   string
}

// Name returns the name the file was added under.
func (f *File) Name() string { return f.name }

// Source returns the file's text.
func (f *File) Source() string { return f.src }

// Pos returns the position of the byte at offset off; off may be the length
// of the text.
func (f *File) Pos(off int) Pos { return f.base + Pos(off) }

// Offset returns the byte offset of p, which must lie in f.
func (f *File) Offset(p Pos) int { return int(p - f.base) }

// Included returns the place of the directive that included f, or [NoPos].
func (f *File) Included() Pos { return f.included }

// SetLine makes the line that starts at offset off be reported as the given
// line of the given file, as #line does. Calls come in order of offset.
func (f *File) SetLine(off, line int, name string) {
	f.renames = append(f.renames, rename{uint32(off), line, name})
}

// lineIndex returns the index of the line that holds off.
func (f *File) lineIndex(off int) int {
	return sort.Search(len(f.lines), func(i int) bool { return int(f.lines[i]) > off }) - 1
}

// line returns the text of the line with the given index, without its end.
func (f *File) line(i int) string {
	lo, hi := int(f.lines[i]), len(f.src)
	if i+1 < len(f.lines) {
		hi = int(f.lines[i+1])
	}
	return strings.TrimRight(f.src[lo:hi], "\r\n")
}

func (f *File) position(off int) Position {
	i := f.lineIndex(off)
	p := Position{Filename: f.name, Offset: off, Line: i + 1, Column: off - int(f.lines[i]) + 1}
	n := sort.Search(len(f.renames), func(i int) bool { return int(f.renames[i].offset) > off })
	if n > 0 {
		r := f.renames[n-1]
		p.Line = r.line + i - f.lineIndex(int(r.offset))
		if r.name != "" {
			p.Filename = r.name
		}
	}
	return p
}

// splitLines returns the offset of each line; a line ends with \n, \r\n or \r.
func splitLines(src string) []uint32 {
	lines := make([]uint32, 1, 1+len(src)/32)
	for i := 0; i < len(src); i++ {
		switch src[i] {
		case '\r':
			if i+1 < len(src) && src[i+1] == '\n' {
				i++
			}
			fallthrough
		case '\n':
			lines = append(lines, uint32(i+1))
		}
	}
	return lines
}

// segment is a run of the position space: a file or a macro expansion.
type segment struct {
	base Pos
	file *File // nil: an expansion
	exp  int32 // index of the expansion
}

// FileSet owns a position space: files and macro expansions.
type FileSet struct {
	next Pos
	segs []segment
	exps []Expansion
}

// NewFileSet returns an empty set.
func NewFileSet() *FileSet { return &FileSet{next: 1} }

// ErrTooLarge is returned for a source that does not fit the position space
// of 2 GiB.
var ErrTooLarge = errors.New("source is too large")

// AddFile adds a text under a name and returns its file. included is the
// place of the directive that includes it, or [NoPos].
func (s *FileSet) AddFile(name, src string, included Pos) (*File, error) {
	if len(src) >= maxPos-int(s.next) {
		return nil, ErrTooLarge
	}
	f := &File{name: name, src: src, base: s.next, included: included, lines: splitLines(src)}
	s.segs = append(s.segs, segment{base: f.base, file: f})
	s.next += Pos(len(src)) + 1
	return f, nil
}

// Empty reports whether there is no file in s yet.
func (s *FileSet) Empty() bool { return len(s.segs) == 0 }

// segment returns the segment that holds p, or nil.
func (s *FileSet) segment(p Pos) *segment {
	if !p.IsValid() || p >= s.next {
		return nil
	}
	n := sort.Search(len(s.segs), func(i int) bool { return s.segs[i].base > p })
	if n == 0 {
		return nil
	}
	return &s.segs[n-1]
}

// Outer returns the byte of a file that p comes from as the reader of the
// file sees it: for a token made by a macro, the place of the outermost
// expansion.
func (s *FileSet) Outer(p Pos) Pos {
	for {
		seg := s.segment(p)
		if seg == nil {
			return NoPos
		}
		if seg.file != nil {
			return p
		}
		p = s.exps[seg.exp].Use.Start
	}
}

// Spelling returns the byte of a file where the token at p is written: for a
// token made by a macro, its place in the macro's definition.
func (s *FileSet) Spelling(p Pos) Pos {
	for {
		seg := s.segment(p)
		if seg == nil {
			return NoPos
		}
		if seg.file != nil {
			return p
		}
		e := &s.exps[seg.exp]
		p = e.Body.Start + (p - seg.base)
	}
}

// File returns the file of [FileSet.Outer](p), or nil.
func (s *FileSet) File(p Pos) *File {
	seg := s.segment(s.Outer(p))
	if seg == nil {
		return nil
	}
	return seg.file
}

// Position resolves p to a line and column of a file, #line directives
// applied: the place the user sees, so the place of use for what a macro made.
func (s *FileSet) Position(p Pos) Position {
	p = s.Outer(p)
	seg := s.segment(p)
	if seg == nil {
		return Position{}
	}
	return seg.file.position(seg.file.Offset(p))
}

// LineText returns the text of the line that p is reported on, and the byte
// offset of p in it.
func (s *FileSet) LineText(p Pos) (text string, col int) {
	p = s.Outer(p)
	seg := s.segment(p)
	if seg == nil {
		return "", 0
	}
	off := seg.file.Offset(p)
	i := seg.file.lineIndex(off)
	return seg.file.line(i), off - int(seg.file.lines[i])
}
