package main

import (
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const sample = `
# A remark.
protocol Thing since 14.0
	doc is a thing.
	name  Name() string
	setRange:  SetRange(r Range) since 15.0 // A range.
	setThings:offsets:withRange: SetThings(things c[]Thing, offsets c[]uint, first range) deprecated "use SetThing"
	useThings:count:usage: UseThings(things c[]Thing, count, usage Usage)
	setBytes:length:atIndex: SetBytes(data bytes, index uint)
	newThingWithSource:options:error: NewThingWithSource(source string, part out Part, error) Thing
	onEvent:value: OnEvent(handler func(Thing, error), value float64)
	later Later() number since 15.0 optional
	getPlaces:count: Places(places w[]Range, count) uint
	setCount:sizes: SetSizes(n uint, sizes c[n]float32)
	writeTo:error: Write(url url, error) bool
	surface Surface() iosurface
	bytes Bytes() *float32
	groups Groups() map[string][]Thing

class Part : Thing
	+new  NewPart() instance
	flags Flags() Usage
	initWithRank:values: NewRanked(count, values c[]int) instance

# Methods of another topic.
extend Thing
	data Data() nsdata

struct Range NSRange tag _NSRange
	doc is a range.
	location Location uint
	length   Length   uint

options Usage uint
	doc is a set.
	None 0
	Read 1
	=OldRead 1 deprecated "use UsageRead"

inline MTLRangeMake MakeRange(location, length uint) Range = Range{location, length}
constant MTLThingDomain ThingDomain
number MTLThingShift ThingShift uint 4
constant MTLThingLimit ThingLimit int
struct Packed encoding {_P=(?={?=ff}[2f])}
	doc is two floats.
	x X float32
	y Y float32
protocol MTL4Thing since 26.0
	doc is a newer thing.
omit MTLThing init "it is made elsewhere"
omit MTLOther "nobody has it"
`

func TestParse(t *testing.T) {
	a, err := ParseString("sample.txt", sample)
	require.NoError(t, err)

	thing := a.classes["Thing"]
	require.True(t, thing.Protocol)
	require.Equal(t, "14.0", thing.Note.Since)
	require.Equal(t, "Thing", a.classes["Part"].Super)

	for _, c := range []struct{ name, signature, encoding, since string }{
		{"Name", "() string", "@@:", "14.0"},
		{"SetRange", "(r Range)", "v@:{_NSRange=QQ}", "15.0"},
		{"SetThings", "(things []Thing, offsets []uint, first uint)", "v@:r^@r^Q{_NSRange=QQ}", "14.0"},
		{"UseThings", "(things []Thing, usage Usage)", "v@:r^@QQ", "14.0"},
		{"SetBytes", "(data []byte, index uint)", "v@:r^vQQ", "14.0"},
		{"NewThingWithSource", "(source string) (Thing, Part, error)", "@@:@^@^@", "14.0"},
		{"OnEvent", "(handler func(Thing, error), value float64)", "v@:@?d", "14.0"},
		{"Later", "() float64", "@@:", "15.0"},
		{"Places", "(places []Range) uint", "Q@:^{_NSRange=QQ}Q", "14.0"},
		{"SetSizes", "(n uint, sizes []float32)", "v@:Qr^f", "14.0"},
		{"Write", "(url string) error", "B@:@^@", "14.0"},
		{"Surface", "() objc.ID", "^{__IOSurface=}@:", "14.0"},
		{"Bytes", "() *float32", "^f@:", "14.0"},
		{"Groups", "() map[string][]Thing", "@@:", "14.0"},
		{"Data", "() []byte", "@@:", "14.0"},
	} {
		m := methodNamed(thing, c.name)
		require.NotNil(t, m, c.name)
		require.Equal(t, c.signature, signature(m.Params, m.Result), c.name)
		require.Equal(t, c.encoding, a.MethodEncoding(m), c.name)
		require.Equal(t, c.since, m.Note.Since, c.name)
	}
	require.Equal(t, "A range.", methodNamed(thing, "SetRange").Note.Doc)
	require.Equal(t, "use SetThing", methodNamed(thing, "SetThings").Note.Deprecated)
	require.True(t, methodNamed(thing, "NewThingWithSource").Owned())
	require.False(t, methodNamed(thing, "Name").Owned())
	require.True(t, methodNamed(a.classes["Part"], "NewPart").Class)
	require.True(t, methodNamed(thing, "Later").Later(thing))
	require.False(t, methodNamed(thing, "Name").Later(thing))
	require.True(t, methodNamed(thing, "Write").Fails())
	require.Equal(t, "handler", methodNamed(thing, "OnEvent").Handler().Name)
	ranked := methodNamed(a.classes["Part"], "NewRanked")
	require.True(t, ranked.Init() && ranked.Func() && !ranked.Class)
	require.Equal(t, "@@:Qr^q", a.MethodEncoding(ranked))
	require.Equal(t, []string{"values"}, ranked.counted())
	require.Equal(t, "MTLThing", thing.Metal())
	require.Equal(t, "MTL4Thing", a.classes["MTL4Thing"].Metal())
	require.Equal(t, "{_P=(?={?=ff}[2f])}", a.StructEncoding(a.structs["Packed"]))
	require.True(t, a.Constants[1].Int)
	require.Equal(t, &Omission{a.Omissions[0].Pos, "MTLThing", "init", "it is made elsewhere"}, a.Omissions[0])
	require.Equal(t, &Omission{a.Omissions[1].Pos, "MTLOther", "", "nobody has it"}, a.Omissions[1])
	require.Equal(t, "OldRead", a.enums["Usage"].Const(a.enums["Usage"].Cases[2]))
	require.Equal(t, "UsageRead", a.enums["Usage"].Const(a.enums["Usage"].Cases[1]))
	require.Equal(t, "Range{location, length}", a.Inlines[0].Body)
}

func methodNamed(c *Class, name string) *Method {
	for _, m := range c.Methods {
		if m.Name == name {
			return m
		}
	}
	return nil
}

// Every error names file and line, and all errors of a description are reported at once.
func TestParseErrors(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"klass Thing", `x.txt:1: a declaration begins with class, protocol,`},
		{"class thing", `x.txt:1: "thing" is not an exported Go name`},
		{"\tname Name() string", "x.txt:1: an indented line belongs under"},
		{"\tdoc lost", "x.txt:1: a doc line belongs under"},
		{"class T\n\tset: Set()", "x.txt:2: set: takes 1 arguments, Set has 0"},
		{"class T\n\tset: Set(a, b uint)", "x.txt:2: set: takes 1 arguments, Set has 2"},
		{"class T\n\tset: Set(a)", "x.txt:2: parameter a has no type"},
		{"class T\n\tset: Set(a uint, b)", "x.txt:2: parameter b has no type"},
		{"class T\n\tset: set(a uint)", `x.txt:2: want: Name(name type, …) [type], not "set(a uint)"`},
		{"class T\n\tset: Set(a *uint)", `x.txt:2: Set: *uint cannot be a parameter`},
		{"class T\n\tset: Set(a Missing)", "x.txt:2: no class, enum or struct is called Missing"},
		{"class T\n\ts-t Set()", `x.txt:2: "s-t" is not a selector`},
		{"class T\n\tname Name() string\n\tnom Name() string", "x.txt:3: T has two methods called Name: the other is at x.txt:2"},
		{"class T\n\tname Name() string\n\tname Nom() string", "x.txt:3: T has name twice"},
		{"class T\n\tid ID() uint", "x.txt:2: T cannot have a method called ID: what it embeds is called so"},
		{"class T\n\tset: Set(frame uint)", "x.txt:2: Set cannot have a parameter called frame"},
		{"class T : U", "x.txt:1: T embeds U, which is not declared"},
		{"class T : U\nclass U : T", "x.txt:1: T embeds itself"},
		{"class T\n\tset: Set(a c[]uint)", "x.txt:2: Set: a C array needs a count or a range"},
		{"class T\n\tset: Set(count)", "x.txt:2: Set: a count or range needs slices"},
		{"class T\n\tset: Set(a nserror)", "x.txt:2: Set: error cannot be a parameter"},
		{"class T\n\tset:to: Set(a []uint, b uint)", "x.txt:2: Set: []uint cannot hold uint"},
		{"class T\n\tset: Set(error)", "x.txt:2: Set: a method that can fail returns an object, data or a bool"},
		{"class T\n\tset:to: Set(error, a uint) T", "x.txt:2: Set: the error is the last parameter"},
		{"class T\n\tset: Set(f func(uint, uint, uint, uint, uint))", "x.txt:2: Set: a block has at most 4 parameters"},
		{"class T\n\tset: Set(f func(url))", "x.txt:2: Set: string cannot be a parameter of a block"},
		{"class T\n\tset: Set(f func(float64))", "x.txt:2: Set: a block cannot take a float"},
		{"class T\n\tget Get() data", "x.txt:2: Get: []byte cannot be a result"},
		{"class T\n\tget Get() instance", "x.txt:2: Get: only a class method and an initialiser return an instance"},
		{"struct S\n\ts S S", "x.txt:1: S.S: a field is a number, an enum or a struct without this one in it"},
		{"struct S\n\ts S string", "x.txt:1: S.S: a field is a number"},
		{"class T\nclass T", "x.txt:2: T is declared at x.txt:1 already"},
		{"class T\nenum T uint", "x.txt:1: T is declared at x.txt:2 already"},
		{"class TA\nenum T uint\n\tA 0", "x.txt:1: TA is declared at x.txt:2 already"},
		{"enum T", "x.txt:1: want: enum Name uint|int [prefix Prefix]"},
		{"enum T uint\n\tA", "x.txt:2: want: Case value"},
		{"enum T uint\n\tA one", "x.txt:2: one is not a 64-bit number"},
		{"enum T uint\n\tA 1 x", "x.txt:2: x is not a quoted text"},
		{"struct", "x.txt:1: want: struct Name"},
		{"struct S", "x.txt:1: S has no fields"},
		{"struct S\n\tx X", "x.txt:2: want: field Name type"},
		{"struct S\n\tx X [0]uint", "x.txt:2: 0 is not the length of an array"},
		{"struct S\n\tx X Missing", "no class, enum or struct is called Missing"},
		{"inline MTLMake Make() uint", "x.txt:1: an inline function needs a body"},
		{"constant X", "x.txt:1: want: constant MetalName Name"},
		{"constant X Y uint", "x.txt:1: want: constant MetalName Name [int]"},
		{"extend T\n\tname Name() string", `x.txt:1: no class or protocol is called "T"`},
		{"class T\n\tname Name() string\nextend T\n\tnom Name() string", "x.txt:4: T has two methods called Name"},
		{"class T\n\tset: Set(t uint)", "x.txt:2: Set cannot have a parameter called t"},
		{"class T\n\tset: Set(len uint)", "x.txt:2: Set cannot have a parameter called len: that means something in Go"},
		{"class T\n\tset: Set(range uint)", "x.txt:2: Set cannot have a parameter called range: that means something in Go"},
		{"class T\n\tset: Set(m map[string]T)", "x.txt:2: Set: no conversion makes an object of map[string]T"},
		{"class T\n\tset: Set(s []string)", "x.txt:2: Set: no conversion makes an object of []string"},
		{"class T\n\tinit New() instance\nclass U\n\tinit New() instance", "x.txt:4: New is declared at x.txt:2 already"},
		{"omit MTLT", `x.txt:1: want: omit MetalName [selector] "reason"`},
		{`omit MTLT name ""`, `x.txt:1: want: omit MetalName [selector] "reason"`},
		{"number X Y 4", "x.txt:1: want: number MetalName Name"},
	} {
		_, err := ParseString("x.txt", c.text)
		require.ErrorContains(t, err, c.want, c.text)
	}
	_, err := ParseString("x.txt", "klass A\nklass B")
	require.Equal(t, 2, strings.Count(err.Error(), "a declaration begins with"))
}

// No text makes the parser panic, and what it takes makes Go files or an error.
func FuzzParse(f *testing.F) {
	f.Add(sample)
	f.Add("class T\n\tx X(a func(b func(uint))) map[string][]T")
	f.Add("enum E int prefix \n\t=A -1 \"\"")
	f.Add("function MTLF F(count, first range, out out uint) c[]")
	f.Fuzz(func(t *testing.T, text string) {
		a, err := ParseString("x.txt", text)
		if err != nil {
			return
		}
		a.List(io.Discard)
		_, err = a.Generate()
		if err != nil {
			t.Skip(err)
		}
	})
}
