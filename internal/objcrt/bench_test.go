package objcrt

import "testing"

// setter is what a message is compared with: a method called through a Go
// interface.
type setter interface{ set(a, b, c uintptr) uintptr }

type setterImpl struct{ a, b, c uintptr }

//go:noinline
func (s *setterImpl) set(a, b, c uintptr) uintptr { s.a, s.b, s.c = a, b, c; return 0 }

var benchLazy Lazy

func benchObject() ID {
	return benchLazy.Class(func() ClassDef {
		return ClassDef{Name: "TestBench", Methods: []Method{
			{"set:offset:atIndex:", "Q@:@QQ", func(o *Object, a, b, c uintptr) uintptr {
				return o.value.(*setterImpl).set(a, b, c)
			}},
		}}
	}).New(&setterImpl{})
}

func BenchmarkInterfaceCall(b *testing.B) {
	var s setter = &setterImpl{}
	for b.Loop() {
		s.set(1, 2, 3)
	}
}

func BenchmarkSend3(b *testing.B) {
	o, s := benchObject(), RegisterSelector("set:offset:atIndex:")
	defer Release(o)
	for b.Loop() {
		Send3(o, s, 1, 2, 3)
	}
}

func BenchmarkSend3Parallel(b *testing.B) {
	o, s := benchObject(), RegisterSelector("set:offset:atIndex:")
	defer Release(o)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			Send3(o, s, 1, 2, 3)
		}
	})
}

func BenchmarkRetainRelease(b *testing.B) {
	o := benchObject()
	defer Release(o)
	for b.Loop() {
		Release(Retain(o))
	}
}

func BenchmarkNewRelease(b *testing.B) {
	c := ClassOf(benchObject())
	for b.Loop() {
		Release(c.New(nil))
	}
}

func BenchmarkNewReleaseParallel(b *testing.B) {
	c := ClassOf(benchObject())
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			Release(c.New(nil))
		}
	})
}

func BenchmarkPool(b *testing.B) {
	for b.Loop() {
		PushPool().Pop()
	}
}
