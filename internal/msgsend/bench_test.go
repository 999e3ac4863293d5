//go:build !((darwin && !embedded) || (linux && objcnative))

package msgsend

import (
	"testing"
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/objcrt"
)

type benchSetter struct{ a, b, c uintptr }

//go:noinline
func (s *benchSetter) set(a, b, c uintptr) { s.a, s.b, s.c = a, b, c }

type setter interface{ set(a, b, c uintptr) }

var (
	benchLazy   objcrt.Lazy
	selBenchSet = Selector{Name: "benchSet:offset:atIndex:"}
	selBenchSz  = Selector{Name: "sizes:group:"}
)

func benchClass() *objcrt.Class {
	return benchLazy.Class(func() objcrt.ClassDef {
		return objcrt.ClassDef{Name: "TestBenchSetter", Methods: []objcrt.Method{
			{Selector: selBenchSet.Name, Encoding: "v@:@QQ", Func: func(o *obj, a, b, c uintptr) {
				o.Value().(*benchSetter).set(a, b, c)
			}},
			{Selector: selBenchSz.Name, Encoding: "v@:{?=QQQ}{?=QQQ}", Func: func(o *obj, a, b, c, d, e, f uintptr) {
				o.Value().(*benchSetter).set(a, b, c)
			}},
		}}
	})
}

func BenchmarkInterfaceCall(b *testing.B) {
	var s setter = &benchSetter{}
	for b.Loop() {
		s.set(1, 2, 3)
	}
}

func BenchmarkSend3(b *testing.B) {
	o := benchClass().New(&benchSetter{})
	defer Release(o)
	for b.Loop() {
		Send3(o, &selBenchSet, 1, 2, 3)
	}
}

func BenchmarkSend3x3(b *testing.B) {
	o := benchClass().New(&benchSetter{})
	defer Release(o)
	for b.Loop() {
		Send3x3(o, &selBenchSz, 1, 2, 3, 4, 5, 6)
	}
}

func BenchmarkFrameSizes(b *testing.B) {
	o := benchClass().New(&benchSetter{})
	defer Release(o)
	size := [3]uint64{1, 2, 3}
	for b.Loop() {
		var f Frame
		f.AddStruct(unsafe.Pointer(&size), 24)
		f.AddStruct(unsafe.Pointer(&size), 24)
		f.Send(o, &selBenchSz, &sigSizes)
	}
}

// Per message, in lists of a hundred.
func BenchmarkListReplay(b *testing.B) {
	o := benchClass().New(&benchSetter{})
	defer Release(o)
	var l List
	for range 100 {
		l.Send(o, &selBenchSet, 1, 2, 3)
	}
	for n := 0; n < b.N; n += 100 {
		l.Run()
	}
}

func BenchmarkListRecordAndRun(b *testing.B) {
	o := benchClass().New(&benchSetter{})
	defer Release(o)
	var l List
	for n := 0; n < b.N; n += 100 {
		l.Reset()
		for range 100 {
			l.Send(o, &selBenchSet, 1, 2, 3)
		}
		l.Run()
	}
}
