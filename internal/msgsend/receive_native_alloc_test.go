//go:build !race && ((darwin && !embedded) || (linux && objcnative))

package msgsend

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// receivers are an object and blocks that Go answers for, and how to reach them.
func receivers(t testing.TB) map[string]func() {
	class := define(t, ClassDef{Methods: []Method{
		{"one:", "Q@:Q", func(c *Call) { c.ReturnWord(c.Word(0) + 1) }},
		{"two:and:", "v@:{?=QQQ}{?=QQQ}", func(*Call) {}},
		{"object", "@@:", func(c *Call) { c.ReturnID(Retain(c.Self)) }},
	}})
	o := Object0(ID(class), &selClassNew)
	t.Cleanup(func() { Release(o) })
	one, two, object := Selector{Name: "one:"}, Selector{Name: "two:and:"}, Selector{Name: "object"}
	block := NewBlock(func(_, _, _, _ uintptr) {})
	t.Cleanup(func() { ReleaseBlock(block) })
	typ := BlockType{Encoding: "d@?dQ"}
	typed := typ.New(func(c *Call) { c.ReturnFloat64(c.Float64(0)) })
	t.Cleanup(func() { ReleaseBlock(typed) })
	return map[string]func(){
		"method":  func() { Word1(o, &one, 1) },
		"structs": func() { Send3x3(o, &two, 1, 2, 3, 4, 5, 6) },
		"object":  func() { Release(Object0(o, &object)) },
		"block":   func() { CallBlock(block, 1, 2, 3, 4) },
		"typed block": func() {
			var f Frame
			f.AddFloat64(1)
			f.AddWord(2)
			typ.Float64(typed, &f)
		},
	}
}

func TestReceivingDoesNotAllocate(t *testing.T) {
	for name, call := range receivers(t) {
		call()
		require.Zero(t, testing.AllocsPerRun(100, call), name)
	}
}

func BenchmarkNativeReceive(b *testing.B) {
	for name, call := range receivers(b) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				call()
			}
		})
	}
	b.Run("new block", func(b *testing.B) {
		b.ReportAllocs()
		f := func(_, _, _, _ uintptr) {}
		for b.Loop() {
			ReleaseBlock(NewBlock(f))
		}
	})
}
