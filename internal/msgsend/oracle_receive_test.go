//go:build (darwin && !embedded) || (linux && objcnative)

package msgsend

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/msgsend/objctype"
	"github.com/stretchr/testify/require"
)

// The other direction: what Objective-C compilers make of a message or a call
// of a block, received by Go. For each signature of the oracle there is a C
// function that takes arguments from a State, calls, and leaves the result
// there.

// caller writes the C function named name: it calls what call, given the
// arguments' names, says.
func caller(types *ctypes, sig *objctype.Signature, name string, call func(args []string) string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "void %s(id self, State *s) {\n", name)
	var args []string
	for i := range sig.Args {
		fmt.Fprintf(&b, "\t%s a%d;\n\t__builtin_memcpy(&a%d, s->args + %d, sizeof a%d);\n", types.name(&sig.Args[i]), i, i, sig.Offsets[i]*8, i)
		args = append(args, fmt.Sprintf("a%d", i))
	}
	if sig.Result.Kind == objctype.Void {
		fmt.Fprintf(&b, "\t%s;\n}\n", call(args))
	} else {
		fmt.Fprintf(&b, "\t%s r = %s;\n\t__builtin_memcpy(s->result, &r, sizeof r);\n}\n", types.name(&sig.Result), call(args))
	}
	return b.String()
}

// parameters lists the C types of arguments after others.
func parameters(types *ctypes, sig *objctype.Signature, before ...string) string {
	for i := range sig.Args {
		before = append(before, types.name(&sig.Args[i]))
	}
	return strings.Join(before, ", ")
}

// messageCallers writes a function for each method that sends its message.
func messageCallers(methods []*oracleMethod) string {
	var types ctypes
	var impls strings.Builder
	for i, m := range methods {
		sig := m.sig.shape().Signature
		impls.WriteString(caller(&types, sig, fmt.Sprintf("send%d", i), func(args []string) string {
			message := strings.TrimRight(m.sel.Name, ":")
			for _, a := range args {
				message += ":" + a + " "
			}
			return "[(Oracle *)self " + message + "]"
		}))
	}
	var decls strings.Builder
	for _, m := range methods {
		sig := m.sig.shape().Signature
		fmt.Fprintf(&decls, "- (%s)%s", types.name(&sig.Result), strings.TrimRight(m.sel.Name, ":"))
		for i := range sig.Args {
			fmt.Fprintf(&decls, ":(%s)a%d ", types.name(&sig.Args[i]), i)
		}
		decls.WriteString(";\n")
	}
	return "#include \"oracle.h\"\n" + types.decls.String() + "@interface Oracle (Received)\n" + decls.String() + "@end\n" + impls.String()
}

// blockCallers writes a function for each signature that calls a block of it.
func blockCallers(methods []*oracleMethod) string {
	var types ctypes
	var impls strings.Builder
	for i, m := range methods {
		sig := m.sig.shape().Signature
		result, list := types.name(&sig.Result), parameters(&types, sig)
		impls.WriteString(caller(&types, sig, fmt.Sprintf("call%d", i), func(args []string) string {
			return fmt.Sprintf("((%s (^)(%s))self)(%s)", result, list, strings.Join(args, ", "))
		}))
	}
	return "#include \"state.h\"\ntypedef void *id, *SEL, *Class;\n" + types.decls.String() + impls.String()
}

// received is a call that the Go side got.
type received struct {
	self      ID
	sel       string
	args, ret []uint64
}

// echo is a func that keeps what it got and answers with want.
func (r *received) echo(want *[]uint64) func(*Call) {
	return func(c *Call) {
		r.self, r.args = c.Self, slices.Clone(c.Args)
		if c.Sel != 0 {
			r.sel = SelectorName(c.Sel)
		}
		grow(20) // the stack moves meanwhile
		copy(c.Ret, *want)
	}
}

// deliver calls a C function made by caller for a message and compares what
// arrived on both sides.
func deliver(fn uintptr, c *message, self uintptr, state *oracleState, got *received) error {
	*state = oracleState{}
	for i, w := range c.args {
		binary.LittleEndian.PutUint64(state.args[i*8:], w)
	}
	*got = received{}
	cCall(fn, self, Addr(unsafe.Pointer(state)), 0, 0, 0, 0)
	sig := c.sig.shape().Signature
	if uintptr(got.self) != self {
		return fmt.Errorf("%s: receiver %#x, want %#x", sig.Encoding, got.self, self)
	}
	for i := range sig.Args {
		t, at := &sig.Args[i], sig.Offsets[i]
		if !t.IsAggregate() {
			if got.args[at] != c.args[at] {
				return fmt.Errorf("%s: argument %d is %#x, want %#x", sig.Encoding, i, got.args[at], c.args[at])
			}
			continue
		}
		image := make([]byte, t.Words()*8)
		for j := range t.Words() {
			binary.LittleEndian.PutUint64(image[j*8:], got.args[at+j])
		}
		if err := sameValue(t, c.args[at:], image); err != nil {
			return fmt.Errorf("%s: argument %d: %w", sig.Encoding, i, err)
		}
	}
	if err := sameValue(&sig.Result, c.result, state.result[:]); err != nil {
		return fmt.Errorf("%s: result: %w", sig.Encoding, err)
	}
	return nil
}

// Every message that a compiler can send reaches a method defined in Go as it
// was sent, and the result comes back.
func TestOracleSendsToGo(t *testing.T) {
	oracleLibrary(t) // the class that the messages are declared in
	methods := oracleMethods()
	source := filepath.Join(t.TempDir(), "send.m")
	require.NoError(t, os.WriteFile(source, []byte(messageCallers(methods)), 0o666))
	lib := buildLibrary(t, objcCompiler(t), source)

	var got received
	want := new([]uint64)
	var def ClassDef
	for _, m := range methods {
		def.Methods = append(def.Methods, Method{m.sel.Name, m.sig.Encoding, got.echo(want)})
	}
	o := Object0(ID(define(t, def)), &selClassNew)
	defer Release(o)
	state := new(oracleState)
	r := rand.New(rand.NewPCG(5, 6))
	for i, m := range methods {
		fn := symbol(t, lib, fmt.Sprintf("send%d", i))
		for range 8 {
			c := newMessage(m, r)
			if c.returnsObject() {
				c.result[0] = uint64(o)
				Retain(o)
			}
			*want = c.result
			Pool(func() {
				if err := deliver(fn, c, uintptr(o), state, &got); err != nil {
					t.Error(err)
				}
			})
			require.Equal(t, m.sel.Name, got.sel)
		}
	}
}

// Blocks of every signature made in Go are called by code of a compiler.
func TestOracleCallsBlocks(t *testing.T) {
	compiler := blocksCompiler(t)
	methods := oracleMethods()[:len(awkward)+3*len(metalStructs)] // compiling takes its time
	source := filepath.Join(t.TempDir(), "call.c")
	require.NoError(t, os.WriteFile(source, []byte(blockCallers(methods)), 0o666))
	lib := buildLibrary(t, compiler, source)
	state := new(oracleState)
	r := rand.New(rand.NewPCG(7, 8))
	live := LiveBlocks()
	for i, m := range methods {
		if m.sig.shape().Result.Kind == objctype.Object {
			continue // the result would be autoreleased: see TestOracleSendsToGo
		}
		typ := BlockType{Encoding: strings.Replace(m.sig.Encoding, "@:", "@?", 1)}
		var got received
		want := new([]uint64)
		block := typ.New(got.echo(want))
		fn := symbol(t, lib, fmt.Sprintf("call%d", i))
		for range 4 {
			c := newMessage(m, r)
			*want = c.result
			if err := deliver(fn, c, uintptr(block), state, &got); err != nil {
				t.Error(err)
			}
		}
		ReleaseBlock(block)
	}
	require.Equal(t, live, LiveBlocks())
}
