package simt_test

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/simt"
)

// hugeSize is the length of a buffer with more elements of four bytes than 32
// bits count, of which little is touched.
const hugeSize = 1<<34 + 1<<16

// huge maps it.
func huge(t testing.TB) []byte {
	if math.MaxInt < hugeSize {
		t.Skip("addresses have 32 bits")
	}
	mem, err := syscall.Mmap(-1, 0, hugeSize, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE|syscall.MAP_NORESERVE)
	if err != nil {
		t.Skipf("no room for %d bytes of addresses: %v", int64(hugeSize), err)
	}
	t.Cleanup(func() { syscall.Munmap(mem) })
	const noHugePages = 15
	if err := syscall.Madvise(mem, noHugePages); err != nil {
		t.Skipf("touching a byte may take megabytes: %v", err)
	}
	return mem
}

// hugeForms are ways from a thread's number to an offset, in the kernel and in
// Go. %id is the number, %far is 2^33 in memory, and %base the same as a
// constant.
var hugeForms = []struct {
	name, text string
	offset     func(id uint32) int64
}{
	{"a row across 2^31 bytes", "%i = add i32 %id, %c0x1ffffff0\n%w = zext i64 %i\n%o = shl i64 %w, %two",
		func(id uint32) int64 { return int64(id+0x1ffffff0) * 4 }},
	{"a row across 2^32 bytes", "%i = add i32 %id, %c0x3ffffff0\n%w = zext i64 %i\n%o = shl i64 %w, %two",
		func(id uint32) int64 { return int64(id+0x3ffffff0) * 4 }},
	{"a row across 2^31 elements", "%i = add i32 %id, %c0x7ffffff0\n%w = zext i64 %i\n%o = shl i64 %w, %two",
		func(id uint32) int64 { return int64(id+0x7ffffff0) * 4 }},
	{"a row that wraps", "%i = add i32 %id, %c0xfffffff0\n%w = zext i64 %i\n%o = shl i64 %w, %two",
		func(id uint32) int64 { return int64(id+0xfffffff0) * 4 }},
	{"a row of signed indices", "%i = sub i32 %id, %c0x10\n%w = sext i64 %i\n%x = shl i64 %w, %two\n%o = add i64 %x, %far",
		func(id uint32) int64 { return 1<<33 + int64(int32(id-16))*4 }},
	{"a row of signed indices that wraps", "%i = add i32 %id, %c0x7ffffff0\n%w = sext i64 %i\n%x = shl i64 %w, %two\n%o = add i64 %x, %base",
		func(id uint32) int64 { return 1<<33 + int64(int32(id+0x7ffffff0))*4 }},
	{"a row in a row of 64 bits", "%w = zext i64 %id\n%y = add i64 %w, %base\n%o = shl i64 %w, %two",
		func(id uint32) int64 { return int64(id) * 4 }},
	{"every second element", "%s = shl i32 %id, %c0x1\n%i = add i32 %s, %c0x7fffffe0\n%w = zext i64 %i\n%o = shl i64 %w, %two",
		func(id uint32) int64 { return int64(2*id+0x7fffffe0) * 4 }},
	{"backwards", "%i = sub i32 %c0x80000010, %id\n%w = zext i64 %i\n%o = shl i64 %w, %two",
		func(id uint32) int64 { return int64(0x80000010-id) * 4 }},
	{"anywhere", "%i = mul i32 %id, %c0x9e3779b1\n%w = zext i64 %i\n%o = shl i64 %w, %two",
		func(id uint32) int64 { return int64(id*0x9e3779b1) * 4 }},
	{"anywhere, signed", "%i = mul i32 %id, %c0x9e3779b1\n%w = sext i64 %i\n%x = shl i64 %w, %two\n%o = add i64 %x, %base",
		func(id uint32) int64 { return 1<<33 + int64(int32(id*0x9e3779b1))*4 }},
	{"anywhere, far", "%i = mul i32 %id, %c0x9e3779b1\n%j = lshr i32 %i, %c0x3\n%w = zext i64 %j\n%x = shl i64 %w, %two\n%o = add i64 %x, %far",
		func(id uint32) int64 { return 1<<33 + int64(id*0x9e3779b1>>3)*4 }},
	{"anywhere, in 64 bits", "%w = zext i64 %id\n%m = mul i64 %w, %odd\n%n = and i64 %m, %mask\n%o = shl i64 %n, %two",
		func(id uint32) int64 { return int64(uint64(id)*0x1234567890abcdef&(1<<32-1)) * 4 }},
	{"by bytes", "%i = mul i32 %id, %c0x9e3779b1\n%w = zext i64 %i\n%x = mul i64 %w, %three\n%o = add i64 %x, %two",
		func(id uint32) int64 { return int64(id*0x9e3779b1)*3 + 2 }},
	{"one place", "%o = add i64 %far, %two", func(id uint32) int64 { return 1<<33 + 2 }},
	{"one place, constant", "%o = add i64 %base, %two", func(id uint32) int64 { return 1<<33 + 2 }},
}

// hugeKernel makes a kernel for a form and a type: it loads what is there, or
// stores a hash of the thread's number.
func hugeKernel(form int, typ ir.Type, op string) string {
	text := hugeForms[form].text
	var consts []string
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" ,\n", r) }) {
		if c, ok := strings.CutPrefix(word, "%c"); ok {
			consts = append(consts, fmt.Sprintf("%s = const i32 %s", word, c))
		}
	}
	var do string
	switch op {
	case "load":
		do = fmt.Sprintf("%%v = load %s device %%big[%%o + 0]\nstore %[1]s device %%out[%%to + 0], %%v", typ)
	case "store":
		do = fmt.Sprintf("%%v = load %s device %%out[%%to + 0]\nstore %[1]s device %%big[%%o + 0], %%v", typ)
	case "atomic":
		do = fmt.Sprintf("%%a = load %s device %%out[%%to + 0]\n%%v = atomic.rmw %[1]s device xchg %%big[%%o + 0], %%a", typ)
	}
	return `kernel "huge" {
	mem @0 "big" buffer device index 0 size 4 align 4
	mem @1 "out" buffer device index 1 size 8 align 8
	mem @2 "base" buffer device index 2 size 8 align 8
	%big = mem @0
	%out = mem @1
	%from = mem @2
	%zero = const i64 0
	%two = const i64 2
	%three = const i64 3
	%odd = const i64 0x1234567890abcdef
	%mask = const i64 0xffffffff
	%base = const i64 0x200000000
	` + strings.Join(consts, "\n") + `
	%far = load i64 device %from[%zero + 0]
	%id = builtin thread_position_in_grid.x
	%id64 = zext i64 %id
	%to = shl i64 %id64, %three
	` + text + `
	` + do + `
	break 0
}`
}

// TestHuge reaches every part of a buffer of more than 2^32 elements, in both
// tiers.
func TestHuge(t *testing.T) {
	mem := huge(t)
	for name, force := range tiers(t) {
		t.Run(name, func(t *testing.T) {
			defer force()()
			for form := range hugeForms {
				for _, typ := range []ir.Type{ir.I32, ir.I8, ir.I16, ir.I64, ir.F32, ir.F16} {
					for _, op := range []string{"load", "store", "atomic"} {
						if op == "atomic" && (typ != ir.I32 || hugeForms[form].offset(1)%4 != 0) {
							continue
						}
						testHuge(t, mem, form, typ, op)
					}
				}
			}
		})
	}
}

func testHuge(t *testing.T, mem []byte, form int, typ ir.Type, op string) {
	const threads = 100
	p := compile(t, hugeKernel(form, typ, op))
	out := make([]uint64, threads)
	size := typ.Size()
	at := func(id int) []byte { return mem[hugeForms[form].offset(uint32(id)):][:size] }
	hash := func(id int) []byte {
		return binary.LittleEndian.AppendUint64(nil, (uint64(id)+1)*0x0101010101010101>>1&0x3b3b3b3b3b3b3b3b)[:size]
	}
	one := hugeForms[form].offset(0) == hugeForms[form].offset(1)
	for id := range threads {
		clear(at(id))
	}
	for id := range threads {
		switch {
		case op != "load":
			copy(unsafe.Slice((*byte)(unsafe.Pointer(&out[id])), 8), hash(id))
		case !one || id == 0:
			copy(at(id), hash(id))
		}
	}
	l := simt.Launch{Program: p, Grid: size3(threads), Group: size3(64), Workers: 1, Mems: []simt.Binding{bound(mem), bound(out), bound([]uint64{1 << 33})}}
	if f := l.Run(); f != nil {
		t.Fatalf("%s, %s of %s: %v", hugeForms[form].name, op, typ, f)
	}
	if strings.HasPrefix(t.Name(), "TestHuge/avx") {
		compiled(t, p)
	}
	overlap := int64(size) > 4 || typ == ir.I64
	for id := range threads {
		var got []byte
		want := hash(id)
		switch {
		case op == "load":
			got = binary.LittleEndian.AppendUint64(nil, out[id])[:size]
			if overlap { // with the neighbours'
				want = at(id)
			} else if one {
				want = hash(0)
			}
		case one || overlap && id < threads-1:
			continue
		default:
			got = at(id)
		}
		if string(got) != string(want) {
			t.Fatalf("%s, %s of %s: thread %d, at %#x: %x, want %x", hugeForms[form].name, op, typ, id, hugeForms[form].offset(uint32(id)), got, want)
		}
	}
	for id := range threads {
		clear(at(id))
	}
}

func size3(n uint32) simt.Size { return size(n, 1, 1) }

// TestHugeFaults reads just inside and just outside of buffers whose lengths
// have more than 32 bits.
func TestHugeFaults(t *testing.T) {
	mem := huge(t)
	for name, force := range tiers(t) {
		t.Run(name, func(t *testing.T) {
			defer force()()
			for form, f := range hugeForms {
				p := compile(t, hugeKernel(form, ir.I32, "load"))
				last := int64(0)
				for id := range uint32(32) {
					last = max(last, f.offset(id))
				}
				for short := range int64(2) {
					l := simt.Launch{Program: p, Grid: size3(32), Group: size3(32), Mems: []simt.Binding{bound(mem[:last+4-short]), bound(make([]uint64, 32)), bound([]uint64{1 << 33})}}
					fault := l.Run()
					if short == 0 {
						require.Nil(t, fault, f.name)
						continue
					}
					require.NotNil(t, fault, f.name)
					require.Equal(t, simt.OutOfBounds, fault.Kind, f.name)
					require.Equal(t, last, fault.Offset, f.name)
					require.Equal(t, last+3, fault.Size, f.name)
				}
			}
		})
	}
}
