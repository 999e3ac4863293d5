//go:build !race && ((darwin && !embedded) || (linux && objcnative))

package msgsend

import (
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

func TestNativeSendsDoNotAllocate(t *testing.T) {
	s := newText("some text that is too long to be tagged")
	defer Release(s)
	var l List
	l.Send(s, &selLen)
	var f Frame
	f.AddWord(uintptr(s))
	ranged := l.SendFrame(s, &selRangeOf, &sigRange, &f)
	var again List
	for name, send := range map[string]func(){
		"Word0":   func() { Word0(s, &selLen) },
		"Bool1":   func() { Bool1(s, &selEqual, uintptr(s)) },
		"Retain":  func() { Release(Retain(s)) },
		"replay":  func() { l.Run() },
		"results": func() { l.Run(); l.ResultWords(ranged) },
		"record": func() {
			again.Reset()
			up := again.Borrow(s, &selUpper)
			again.PatchSelf(again.Send(0, &selLen), up)
			again.PatchObject(again.Send(s, &selEqual, 0), 0, up)
			again.SendFrame(s, &selRangeOf, &sigRange, &f)
			again.Run()
		},
		"Send3x3": func() { Send3x3(0, &selLen, 1, 2, 3, 4, 5, 6) },
		"Object0": func() { Release(Object0(s, &selUpper)) },
		"Object1": func() { Release(Object1(s, &selAppend, uintptr(s))) },
		"Float64": func() { Float64(s, &selDouble) },
		"Frame": func() {
			r := [2]uint64{0, 4}
			var f Frame
			f.AddWord(uintptr(s))
			f.AddWord(0)
			f.AddStruct(unsafe.Pointer(&r), 16)
			f.Word(s, &selCompare, &sigCompare)
		},
	} {
		send()
		require.Zero(t, testing.AllocsPerRun(100, send), name)
	}
}

var selAppend = Selector{Name: "stringByAppendingString:"}

func BenchmarkNativeWord0(b *testing.B) {
	s := newText("some text that is too long to be tagged")
	defer Release(s)
	for b.Loop() {
		Word0(s, &selLen)
	}
}

func BenchmarkNativeListReplay(b *testing.B) {
	s := newText("some text that is too long to be tagged")
	defer Release(s)
	var l List
	for range 100 {
		l.Send(s, &selLen)
	}
	for n := 0; n < b.N; n += 100 {
		l.Run()
	}
}
