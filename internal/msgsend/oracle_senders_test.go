//go:build (darwin && !embedded) || (linux && objcnative)

package msgsend

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

// args returns the words for a sender.
func (c *message) words() []uintptr {
	words := make([]uintptr, len(c.args))
	for i, w := range c.args {
		words[i] = uintptr(w)
	}
	return words
}

// Every fixed-arity sender, and every list record by words.
func TestOracleSenders(t *testing.T) {
	o := newOracle(t)
	r := rand.New(rand.NewPCG(13, 14))
	try := func(encoding string, send func(c *message, w []uintptr) uint64) {
		t.Helper()
		for range 8 {
			c := newMessage(methodOf(encoding), r)
			c.prepare(o)
			if c.returnsObject() {
				c.result[0] = uint64(o.id)
			}
			got := send(c, c.words())
			require.NoError(t, c.check(o))
			if len(c.result) > 0 {
				require.NoError(t, c.sameResult(got))
			}
			if c.returnsObject() {
				Release(o.id)
			}
		}
	}
	for n := range 7 {
		args := strings.Repeat("Q", n)
		try("Q@:"+args, func(c *message, w []uintptr) uint64 {
			switch self, sel := o.id, &c.sel; n {
			case 0:
				return uint64(Word0(self, sel))
			case 1:
				return uint64(Word1(self, sel, w[0]))
			case 2:
				return uint64(Word2(self, sel, w[0], w[1]))
			case 3:
				return uint64(Word3(self, sel, w[0], w[1], w[2]))
			case 4:
				return uint64(Word4(self, sel, w[0], w[1], w[2], w[3]))
			case 5:
				return uint64(Word5(self, sel, w[0], w[1], w[2], w[3], w[4]))
			default:
				return uint64(Word6(self, sel, w[0], w[1], w[2], w[3], w[4], w[5]))
			}
		})
		try("v@:"+args, func(c *message, w []uintptr) uint64 {
			switch self, sel := o.id, &c.sel; n {
			case 0:
				Send0(self, sel)
			case 1:
				Send1(self, sel, w[0])
			case 2:
				Send2(self, sel, w[0], w[1])
			case 3:
				Send3(self, sel, w[0], w[1], w[2])
			case 4:
				Send4(self, sel, w[0], w[1], w[2], w[3])
			case 5:
				Send5(self, sel, w[0], w[1], w[2], w[3], w[4])
			case 6:
				Send6(self, sel, w[0], w[1], w[2], w[3], w[4], w[5])
			}
			return 0
		})
		try("B@:"+args, func(c *message, w []uintptr) uint64 {
			switch self, sel := o.id, &c.sel; n {
			case 0:
				return boolWord(Bool0(self, sel))
			case 1:
				return boolWord(Bool1(self, sel, w[0]))
			case 2:
				return boolWord(Bool2(self, sel, w[0], w[1]))
			case 3:
				return boolWord(Bool3(self, sel, w[0], w[1], w[2]))
			case 4:
				return boolWord(Bool4(self, sel, w[0], w[1], w[2], w[3]))
			case 5:
				return boolWord(Bool5(self, sel, w[0], w[1], w[2], w[3], w[4]))
			default:
				return boolWord(Bool6(self, sel, w[0], w[1], w[2], w[3], w[4], w[5]))
			}
		})
		try("@@:"+strings.Repeat("@", n), func(c *message, w []uintptr) uint64 {
			switch self, sel := o.id, &c.sel; n {
			case 0:
				return uint64(Object0(self, sel))
			case 1:
				return uint64(Object1(self, sel, w[0]))
			case 2:
				return uint64(Object2(self, sel, w[0], w[1]))
			case 3:
				return uint64(Object3(self, sel, w[0], w[1], w[2]))
			case 4:
				return uint64(Object4(self, sel, w[0], w[1], w[2], w[3]))
			case 5:
				return uint64(Object5(self, sel, w[0], w[1], w[2], w[3], w[4]))
			default:
				return uint64(Object6(self, sel, w[0], w[1], w[2], w[3], w[4], w[5]))
			}
		})
		var l List
		try("Q@:"+args, func(c *message, w []uintptr) uint64 {
			l.Reset()
			rec := l.Send(o.id, &c.sel, w...)
			require.Equal(t, -1, l.Run())
			return uint64(l.Result(rec))
		})
		try("@@:"+strings.Repeat("@", n), func(c *message, w []uintptr) uint64 {
			l.Reset()
			rec := l.Object(o.id, &c.sel, w...)
			require.Equal(t, -1, l.Run())
			return uint64(l.Take(rec))
		})
	}
	try("d@:", func(c *message, _ []uintptr) uint64 { return math.Float64bits(Float64(o.id, &c.sel)) })
	try("f@:", func(c *message, _ []uintptr) uint64 { return uint64(math.Float32bits(Float32(o.id, &c.sel))) })
	var l List
	try("v@:{?=QQQ}{?=QQQ}", func(c *message, w []uintptr) uint64 {
		Send3x3(o.id, &c.sel, w[0], w[1], w[2], w[3], w[4], w[5])
		return 0
	})
	try("v@:{?=QQQ}{?=QQQ}", func(c *message, w []uintptr) uint64 {
		l.Reset()
		l.Send3x3(o.id, &c.sel, w[0], w[1], w[2], w[3], w[4], w[5])
		require.Equal(t, -1, l.Run())
		return 0
	})
}

// A message to nil sends nothing and returns zero, whatever the class of its
// result.
func TestOracleNil(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 16))
	for _, m := range oracleMethods() {
		c := newMessage(m, r)
		clear(c.result)
		require.NoError(t, c.sendTo(0))
	}
}

var (
	selCounted    = Selector{Name: "counted"}
	selNewCounted = Selector{Name: "newCounted"}
	selNothing    = Selector{Name: "nothing"}
	selGive       = Selector{Name: "give:error:into:"}
	selNewGive    = Selector{Name: "newGive:error:into:"}
	selYes        = Selector{Name: "yes"}
	selNo         = Selector{Name: "no"}
	selTry        = Selector{Name: "try:error:"}
	selLeave      = Selector{Name: "leave:"}
	sigGive       = Signature{Encoding: "@@:BB^@"}
	sigYes        = Signature{Encoding: "B@:"}
)

// counted returns the class Counted and a func that returns how many of its
// objects are alive.
func counted(t testing.TB) (class ID, live func() int) {
	lib := oracleLibrary(t)
	class = ID(LookupClass("Counted"))
	require.NotZero(t, class)
	fn := symbol(t, lib, "liveObjects")
	return class, func() int { return int(cCall(fn, 0, 0, 0, 0, 0, 0)) }
}

// Only the low byte of a BOOL counts.
func TestOracleBool(t *testing.T) {
	class, live := counted(t)
	var f Frame
	require.True(t, Bool0(class, &selYes))
	require.True(t, f.Bool(class, &selYes, &sigYes))
	require.False(t, Bool0(class, &selNo))
	require.False(t, f.Bool(class, &selNo, &sigYes))
	ok, err := BoolErr(class, &selTry, 1)
	require.True(t, ok)
	require.Zero(t, err)
	ok, err = BoolErr(class, &selTry, 0)
	require.False(t, ok)
	require.NotZero(t, err)
	Release(err)
	require.Zero(t, live())
}

// Every object that a sender returns or stores is the caller's, once: a release
// each, and none is left.
func TestOracleOwnership(t *testing.T) {
	class, live := counted(t)
	require.Zero(t, live())
	require.Zero(t, Object0(class, &selNothing))
	for range 10 {
		autoreleased, owned := Object0(class, &selCounted), Object0(class, &selNewCounted)
		require.Equal(t, 2, live())
		Release(autoreleased)
		Release(owned)
		require.Zero(t, live())

		for _, sel := range []*Selector{&selGive, &selNewGive} {
			for bits := range 4 {
				object, fail := bits&1, bits>>1
				id, err := ObjectErr(class, sel, uintptr(object), uintptr(fail))
				require.Equal(t, object == 1, id != 0)
				require.Equal(t, fail == 1, err != 0)
				require.Equal(t, object+fail, live())
				Release(id)
				Release(err)

				out := ID(0xdead)
				var f Frame
				f.AddBool(object == 1)
				f.AddBool(fail == 1)
				f.AddOut(&out)
				id = f.Object(class, sel, &sigGive)
				require.Equal(t, object+fail, live())
				Release(id)
				Release(out)
				require.Zero(t, live())

				var l List
				rec := l.ObjectFrame(class, sel, &sigGive, &f)
				for range 3 {
					out = 0
					require.Equal(t, -1, l.Run())
					require.Equal(t, object+fail, live())
					Release(l.Take(rec))
					Release(out)
					require.Zero(t, live())
				}
			}
			var f Frame // no wish to know the error
			f.AddBool(false)
			f.AddBool(true)
			f.AddOut(nil)
			require.Zero(t, f.Object(class, sel, &sigGive))
			require.Zero(t, live())
		}

		var l List
		a, b := l.Borrow(class, &selCounted), l.Borrow(class, &selNewCounted)
		x, y := l.Object(class, &selCounted), l.Object(class, &selNewCounted)
		l.Send(class, &selLeave, 5)
		for range 3 {
			require.Equal(t, -1, l.Run())
			require.Zero(t, l.Result(a))
			require.Zero(t, l.Result(b))
			require.Equal(t, 2, live())
			Release(l.Take(x))
			Release(l.Take(y))
			require.Zero(t, live())
		}
	}
	Pool(func() {
		Send1(class, &selLeave, 7)
		Autorelease(Object0(class, &selNewCounted))
		require.Equal(t, 8, live())
		Pool(func() {
			Send1(class, &selLeave, 2)
			require.Equal(t, 10, live())
		})
		require.Equal(t, 8, live())
	})
	require.Zero(t, live())
}

// A frame is the words of its signature, no more and no fewer.
func TestOracleWrongFrames(t *testing.T) {
	o := newOracle(t)
	m := methodOf("Q@:QQ")
	var f Frame
	f.AddWord(1)
	require.PanicsWithValue(t, `msgsend: `+m.sel.Name+`: the frame has 1 argument words, encoding "Q@:QQ" takes 2`, func() { f.Send(o.id, &m.sel, &m.sig) })
	var small [1]uint64
	m = methodOf("{?=QQQ}@:")
	f.Reset()
	require.Panics(t, func() { f.Struct(o.id, &m.sel, &m.sig, unsafe.Pointer(&small), 8) })
}
