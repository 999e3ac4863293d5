//go:build (darwin && !embedded) || (linux && objcnative)

package msgsend

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/msgsend/objctype"
	"github.com/stretchr/testify/require"
)

// oracleState is the State of testdata/oracle.h.
type oracleState struct {
	calls  uint64
	cmd    uintptr
	frame  uint64
	hook   uintptr
	args   [256]byte
	wide   [MaxWords]int64
	result [128]byte
}

// oracleMethod is a method of the class Oracle. It keeps what it receives in
// its object's state and returns what it finds there.
type oracleMethod struct {
	sel Selector
	sig Signature
}

// oracleMethods are all of them, and oracleLibrary is their code.
var oracleMethods = sync.OnceValue(func() []*oracleMethod {
	shapes := shapesOf(400)
	methods := make([]*oracleMethod, len(shapes))
	for i, encoding := range shapes {
		sig, err := objctype.ParseMethod(encoding)
		if err != nil {
			panic(err)
		}
		methods[i] = &oracleMethod{
			sel: Selector{Name: fmt.Sprintf("m%d%s", i, strings.Repeat(":", len(sig.Args)))},
			sig: Signature{Encoding: encoding},
		}
	}
	return methods
})

// oracleSource writes the methods in Objective-C.
func oracleSource(methods []*oracleMethod) string {
	var types ctypes
	var decls, impls strings.Builder
	for _, m := range methods {
		sig := m.sig.shape().Signature
		head := fmt.Sprintf("- (%s)%s", types.name(&sig.Result), strings.TrimRight(m.sel.Name, ":"))
		for i := range sig.Args {
			head += fmt.Sprintf(":(%s)a%d ", types.name(&sig.Args[i]), i)
		}
		fmt.Fprintf(&decls, "%s;\n", head)
		fmt.Fprintf(&impls, "%s {\n\tState *s = &state;\n%s}\n", head, cbody(&types, sig, "\tcallHook(s);\n"))
	}
	return "#include \"oracle.h\"\n" + types.decls.String() +
		"@interface Oracle (Generated)\n" + decls.String() + "@end\n" +
		"@implementation Oracle (Generated)\n" + impls.String() + "@end\n"
}

// cbody writes what a function or method of a signature does; see
// testdata/state.h.
func cbody(types *ctypes, sig *objctype.Signature, hook string) string {
	var b strings.Builder
	for i := range sig.Args {
		receive := "RECEIVE"
		if sig.Args[i].IsInteger() {
			receive = "RECEIVE_INT"
		}
		fmt.Fprintf(&b, "\t%s(%d, a%d);\n", receive, sig.Offsets[i], i)
	}
	b.WriteString("\tCALLED();\n" + hook)
	if sig.Result.Kind != objctype.Void {
		fmt.Fprintf(&b, "\tRETURN(%s);\n", types.name(&sig.Result))
	}
	return b.String()
}

var oracleOnce struct {
	sync.Once
	lib uintptr
}

// oracleLibrary builds and loads the oracle, once.
func oracleLibrary(t testing.TB) uintptr {
	t.Helper()
	compiler := objcCompiler(t)
	oracleOnce.Do(func() {
		source := filepath.Join(t.TempDir(), "generated.m")
		require.NoError(t, os.WriteFile(source, []byte(oracleSource(oracleMethods())), 0o666))
		oracleOnce.lib = buildLibrary(t, compiler, "testdata/oracle.m", "testdata/objects.m", source)
	})
	require.NotZero(t, oracleOnce.lib, "the oracle was not built: see the first test that asked for it")
	return oracleOnce.lib
}

var (
	selOracleNew   = Selector{Name: "new"}
	selOracleState = Selector{Name: "state"}
)

// oracle is an object of the class Oracle.
type oracle struct {
	id    ID
	state *oracleState
}

func newOracle(t testing.TB) oracle {
	t.Helper()
	oracleLibrary(t)
	id := Object0(ID(LookupClass("Oracle")), &selOracleNew)
	require.NotZero(t, id)
	t.Cleanup(func() { Release(id) })
	return oracle{id, (*oracleState)(pointer(Word0(id, &selOracleState)))}
}

// message is a call of an oracle's method: random arguments and result.
type message struct {
	*oracleMethod
	args   []uint64 // in neutral form
	result []uint64

	patched bool // argument words are not extended
}

func newMessage(m *oracleMethod, r *rand.Rand) *message {
	sig := m.sig.shape().Signature
	c := &message{oracleMethod: m, args: make([]uint64, sig.Words), result: make([]uint64, sig.ResultWords)}
	for i := range sig.Args {
		randomValue(&sig.Args[i], c.args[sig.Offsets[i]:], r)
	}
	randomValue(&sig.Result, c.result, r)
	return c
}

// randomValue fills the words of a value: scalars extended, the padding of
// structs zero.
func randomValue(t *objctype.Type, words []uint64, r *rand.Rand) {
	for _, leaf := range t.Leaves(nil, 0) {
		v := r.Uint64()
		if r.IntN(8) == 0 {
			v = 0
		}
		if leaf.Kind == objctype.Bool {
			v &= 1
		}
		if leaf.Size < 8 {
			v &= 1<<(leaf.Size*8) - 1
		}
		if leaf.Kind == objctype.Int && !t.IsAggregate() {
			shift := 64 - leaf.Size*8
			v = uint64(int64(v<<shift) >> shift)
		}
		w := &words[leaf.Offset/8]
		if !t.IsAggregate() {
			*w = v
			continue
		}
		shift := leaf.Offset % 8 * 8
		mask := uint64(math.MaxUint64)
		if leaf.Size < 8 {
			mask = 1<<(leaf.Size*8) - 1
		}
		*w = *w&^(mask<<shift) | v<<shift
	}
}

// frame adds the arguments to a frame, each by the method for its kind.
func (c *message) frame(f *Frame) {
	sig := c.sig.shape().Signature
	for i := range sig.Args {
		t, words := &sig.Args[i], c.args[sig.Offsets[i]:]
		switch {
		case t.IsAggregate():
			f.AddStruct(unsafe.Pointer(&words[0]), uintptr(t.Size))
		case t.Kind == objctype.Bool:
			f.AddBool(words[0] != 0)
		case t.Kind == objctype.Float:
			f.AddFloat32(math.Float32frombits(uint32(words[0])))
		case t.Kind == objctype.Double:
			f.AddFloat64(math.Float64frombits(words[0]))
		default:
			f.AddWord(uintptr(words[0]))
		}
	}
}

// prepare makes a result ready for the method to return.
func (c *message) prepare(o oracle) {
	c.prepareState(o.state)
	if c.returnsObject() {
		putWord(&o.state.result, uint64(o.id))
	}
}

func (c *message) prepareState(s *oracleState) {
	*s = oracleState{hook: s.hook}
	for i, w := range c.result {
		binary.LittleEndian.PutUint64(s.result[i*8:], w)
	}
}

func (c *message) returnsObject() bool { return c.sig.shape().Result.Kind == objctype.Object }

// check compares what the method received with what was sent.
func (c *message) check(o oracle) error {
	sig := c.sig.shape().Signature
	if sel := SEL(o.state.cmd); o.state.calls == 1 && SelectorName(sel) != c.sel.Name {
		return fmt.Errorf("%s %s: received selector %s", c.sel.Name, sig.Encoding, SelectorName(sel))
	}
	return c.checkState(o.state)
}

func (c *message) checkState(s *oracleState) error {
	sig := c.sig.shape().Signature
	if s.calls != 1 {
		return fmt.Errorf("%s %s: called %d times", c.sel.Name, sig.Encoding, s.calls)
	}
	if s.frame%16 != 0 {
		return fmt.Errorf("%s %s: the stack is not aligned: frame at %#x", c.sel.Name, sig.Encoding, s.frame)
	}
	for i := range sig.Args {
		at := sig.Offsets[i] * 8
		if err := sameValue(&sig.Args[i], c.args[sig.Offsets[i]:], s.args[at:]); err != nil {
			return fmt.Errorf("%s %s: argument %d: %w", c.sel.Name, sig.Encoding, i, err)
		}
		if want, got := c.args[sig.Offsets[i]], s.wide[sig.Offsets[i]]; sig.Args[i].IsInteger() && !c.patched && uint64(got) != want {
			return fmt.Errorf("%s %s: argument %d is %#x as a long, want %#x", c.sel.Name, sig.Encoding, i, uint64(got), want)
		}
	}
	return nil
}

// sameValue compares the scalars of a value with a memory image of it.
func sameValue(t *objctype.Type, want []uint64, got []byte) error {
	var image [256]byte
	for i := range t.Words() {
		binary.LittleEndian.PutUint64(image[i*8:], want[i])
	}
	for _, leaf := range t.Leaves(nil, 0) {
		w, g := image[leaf.Offset:leaf.Offset+leaf.Size], got[leaf.Offset:leaf.Offset+leaf.Size]
		if string(w) != string(g) {
			return fmt.Errorf("%s at byte %d is %x, want %x", leaf.Kind, leaf.Offset, g, w)
		}
	}
	return nil
}

// send sends the message with a frame, by the method for its result, and
// compares the result.
func (c *message) send(o oracle) error {
	if c.returnsObject() {
		c.result[0] = uint64(o.id)
	}
	return c.sendTo(o.id)
}

func (c *message) sendTo(self ID) error {
	var f Frame
	c.frame(&f)
	sig := c.sig.shape().Signature
	switch sig.Result.Kind {
	case objctype.Void:
		f.Send(self, &c.sel, &c.sig)
		return nil
	case objctype.Bool:
		return c.sameResult(boolWord(f.Bool(self, &c.sel, &c.sig)))
	case objctype.Float:
		return c.sameResult(uint64(math.Float32bits(f.Float32(self, &c.sel, &c.sig))))
	case objctype.Double:
		return c.sameResult(math.Float64bits(f.Float64(self, &c.sel, &c.sig)))
	case objctype.Object:
		id := f.Object(self, &c.sel, &c.sig)
		defer Release(id)
		return c.sameResult(uint64(id))
	}
	if !sig.Result.IsAggregate() {
		return c.sameResult(uint64(f.Word(self, &c.sel, &c.sig)))
	}
	var ret [MaxResultWords]uint64
	f.Struct(self, &c.sel, &c.sig, unsafe.Pointer(&ret), uintptr(sig.Result.Size))
	return c.sameResult(ret[:]...)
}

func (c *message) sameResult(got ...uint64) error {
	sig := c.sig.shape().Signature
	if !sig.Result.IsAggregate() {
		if got[0] != c.result[0] {
			return fmt.Errorf("%s %s: result %#x, want %#x", c.sel.Name, sig.Encoding, got[0], c.result[0])
		}
		return nil
	}
	image := make([]byte, len(got)*8)
	for i, w := range got {
		binary.LittleEndian.PutUint64(image[i*8:], w)
	}
	if err := sameValue(&sig.Result, c.result, image); err != nil {
		return fmt.Errorf("%s %s: result: %w", c.sel.Name, sig.Encoding, err)
	}
	return nil
}

func boolWord(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

// Every method, with random arguments, receives what was sent, and its result
// comes back.
func TestOracleFrames(t *testing.T) {
	o := newOracle(t)
	r := rand.New(rand.NewPCG(3, 4))
	for _, m := range oracleMethods() {
		for range 8 {
			c := newMessage(m, r)
			c.prepare(o)
			if err := c.send(o); err != nil {
				t.Error(err)
			} else if err := c.check(o); err != nil {
				t.Error(err)
			}
		}
	}
}

// methodOf returns the method with a signature of the table.
func methodOf(encoding string) *oracleMethod {
	for _, m := range oracleMethods() {
		if m.sig.Encoding == encoding {
			return m
		}
	}
	panic("the oracle has no method " + encoding)
}

func putWord(result *[128]byte, w uint64) { binary.LittleEndian.PutUint64(result[:], w) }
