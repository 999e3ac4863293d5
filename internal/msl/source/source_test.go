package source

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func addFile(t *testing.T, s *FileSet, name, src string, included Pos) *File {
	f, err := s.AddFile(name, src, included)
	require.NoError(t, err)
	return f
}

func TestPosition(t *testing.T) {
	s := NewFileSet()
	a := addFile(t, s, "a", "one\ntwo\r\nthree\rfour", NoPos)
	b := addFile(t, s, "b", "", a.Pos(4))
	c := addFile(t, s, "c", "x\n", NoPos)
	for off, want := range map[int]string{
		0: "a:1:1", 3: "a:1:4", 4: "a:2:1", 7: "a:2:4", 8: "a:2:5", 9: "a:3:1", 14: "a:3:6", 15: "a:4:1", 19: "a:4:5",
	} {
		require.Equal(t, want, s.Position(a.Pos(off)).String(), off)
		require.Equal(t, off, s.Position(a.Pos(off)).Offset)
	}
	require.Equal(t, "b:1:1", s.Position(b.Pos(0)).String())
	require.Equal(t, "c:2:1", s.Position(c.Pos(2)).String())
	require.Equal(t, "-", s.Position(NoPos).String())
	require.Equal(t, "-", s.Position(1<<30).String())
	require.Same(t, c, s.File(c.Pos(1)))
	require.Nil(t, s.File(NoPos))
	text, col := s.LineText(a.Pos(11))
	require.Equal(t, "three", text)
	require.Equal(t, 2, col)
}

func TestSetLine(t *testing.T) {
	s := NewFileSet()
	f := addFile(t, s, "a", "1\n2\n3\n4\n5\n", NoPos)
	f.SetLine(2, 100, "b")
	f.SetLine(6, 7, "")
	var got []string
	for off := 0; off < 10; off += 2 {
		got = append(got, s.Position(f.Pos(off)).String())
	}
	require.Equal(t, []string{"a:1:1", "b:100:1", "b:101:1", "a:7:1", "a:8:1"}, got)
}

func TestExpansion(t *testing.T) {
	s := NewFileSet()
	//                               0         1         2
	//                               0123456789012345678901234567
	f := addFile(t, s, "a", "#define M x+y\n#define N M\nN;", NoPos)
	n, ok := s.AddExpansion("N", Span{f.Pos(24), f.Pos(25)}, Span{f.Pos(26), f.Pos(27)})
	require.True(t, ok)
	m, ok := s.AddExpansion("M", Span{f.Pos(10), f.Pos(13)}, Span{n, n + 1})
	require.True(t, ok)
	y := m + 2
	require.Equal(t, f.Pos(26), s.Outer(y))
	require.Equal(t, f.Pos(12), s.Spelling(y))
	require.Equal(t, "a:3:1", s.Position(y).String())
	e, ok := s.Expansion(y)
	require.True(t, ok)
	require.Equal(t, "M", e.Macro)
	_, ok = s.Expansion(f.Pos(0))
	require.False(t, ok)
	require.Equal(t, f.Pos(27), s.EndOf(y+1), "after the last token of the last token")
	require.Equal(t, NoPos, s.EndOf(y), "within a replacement list")
	require.Equal(t, f.Pos(5), s.EndOf(f.Pos(5)))

	d := Diagnostic{Pos: y, Severity: Error, Msg: "no y"}
	require.Equal(t, `a:3:1: error: no y
N;
^
a:2:11: note: expanded from macro 'N'
#define N M
          ^
a:1:13: note: expanded from macro 'M'
#define M x+y
            ^
`, d.Render(s))
}

func TestManyExpansions(t *testing.T) {
	s := NewFileSet()
	f := addFile(t, s, "a", "#define M M\nM", NoPos)
	p := f.Pos(12)
	for range 10 {
		base, ok := s.AddExpansion("M", Span{f.Pos(10), f.Pos(11)}, Span{p, p + 1})
		require.True(t, ok)
		p = base
	}
	out := (&Diagnostic{Pos: p, Severity: Error, Msg: "deep"}).Render(s)
	require.Equal(t, 6, strings.Count(out, "expanded from macro"))
	require.Contains(t, out, "note: (skipping 4 expansions in backtrace)\n")
}

func TestRender(t *testing.T) {
	s := NewFileSet()
	f := addFile(t, s, DefaultName, "kernel void k() {\n\tfloat x = y + z\n\tint \x01caf\u00e9 = \xff;\n}\n", NoPos)
	h := addFile(t, s, "b.h", "int q;\n", f.Pos(0))
	hh := addFile(t, s, "c.h", "int r;\n", h.Pos(4))
	at := func(f *File, line string, n int) Pos {
		return f.Pos(strings.Index(f.Source(), line) + n)
	}
	list := List{
		{
			Pos: at(f, "y + z", 2), Severity: Error, Msg: "invalid operands",
			Ranges: []Span{{at(f, "y + z", 0), at(f, "y + z", 1)}, {at(f, "y + z", 4), at(f, "y + z", 5)}},
			Notes:  []Diagnostic{{Pos: at(f, "kernel", 12), Severity: Note, Msg: "declared here"}},
		},
		{Pos: at(f, "y + z", 5), Severity: Error, Msg: "expected ';' at end of declaration", Fix: ";"},
		{Pos: at(f, "caf", 0), Severity: Warning, Msg: "odd"},
		{Pos: at(f, "\xff", 0), Severity: Error, Msg: "odder"},
		{Pos: h.Pos(4), Severity: Error, Msg: "in a header"},
		{Pos: hh.Pos(4), Severity: Error, Msg: "in a header of a header"},
		{Severity: Fatal, Msg: "too many errors emitted, stopping now"},
	}
	require.Equal(t, `program_source:2:14: error: invalid operands
	float x = y + z
	          ~ ^ ~
program_source:1:13: note: declared here
kernel void k() {
            ^
program_source:2:17: error: expected ';' at end of declaration
	float x = y + z
	               ^
	               ;
program_source:3:7: warning: odd
	int <01>café = <FF>;
	        ^
program_source:3:15: error: odder
	int <01>café = <FF>;
	               ^
In file included from program_source:1:
b.h:1:5: error: in a header
int q;
    ^
In file included from b.h:1:
In file included from program_source:1:
c.h:1:5: error: in a header of a header
int r;
    ^
fatal error: too many errors emitted, stopping now
1 warning and 6 errors generated.
`, list.Render(s))
	require.Empty(t, List{}.Render(s))
	require.Equal(t, "1 error generated.\n", List{{Severity: Error}}.Summary())
	require.Equal(t, "2 warnings generated.\n", List{{Severity: Warning}, {Severity: Warning}, {Severity: Note}}.Summary())
}

func TestRenderLongLine(t *testing.T) {
	s := NewFileSet()
	f := addFile(t, s, "a", strings.Repeat("x", 1<<20), NoPos)
	for _, off := range []int{0, 50, 1 << 19, 1<<20 - 1, 1 << 20} {
		out := (&Diagnostic{Pos: f.Pos(off), Severity: Error, Msg: "m"}).Render(s)
		require.Less(t, len(out), 700)
		lines := strings.Split(out, "\n")
		caret := strings.IndexByte(lines[2], '^')
		require.True(t, caret == len(lines[1]) || lines[1][caret] == 'x')
	}
}

func TestSortAndLimit(t *testing.T) {
	s := NewFileSet()
	a := addFile(t, s, "a", strings.Repeat("x", 100), NoPos)
	b := addFile(t, s, "b", strings.Repeat("y", 100), a.Pos(50))
	var list List
	list.Errorf(a.Pos(60), "late")
	list.Errorf(b.Pos(7), "in b")
	list.Errorf(a.Pos(50), "before b")
	list.Warnf(a.Pos(10), "first %d", 1).Notef(a.Pos(11), "note %s", "x")
	list.Errorf(a.Pos(60), "late")
	list.Errorf(a.Pos(60), "late too")
	list.Sort(s)
	var got []string
	for _, d := range list {
		got = append(got, d.Msg)
	}
	require.Equal(t, []string{"first 1", "before b", "in b", "late", "late too"}, got)
	require.Equal(t, "note x", list[0].Notes[0].Msg)
	require.True(t, list.HasErrors())
	warnings, errors := list.Count()
	require.Equal(t, []int{1, 4}, []int{warnings, errors})

	for range 100 {
		list.Errorf(NoPos, "more")
	}
	list.Limit()
	_, errors = list.Count()
	require.Equal(t, ErrorLimit+1, errors)
	require.Equal(t, Fatal, list[len(list)-1].Severity)
	before := len(list)
	list.Limit()
	require.Len(t, list, before)
}

func TestTooLarge(t *testing.T) {
	s := NewFileSet()
	s.next = maxPos - 10
	_, err := s.AddFile("a", "0123456789012", NoPos)
	require.ErrorIs(t, err, ErrTooLarge)
	_, ok := s.AddExpansion("M", Span{1, 100}, Span{1, 2})
	require.False(t, ok)
}
