//go:build !race && !((darwin && !embedded) || (linux && objcnative))

package msgsend

import (
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

func TestSendsDoNotAllocate(t *testing.T) {
	o := newProbe()
	defer Release(o)
	var kept List
	recorded := func(l *List) {
		a := l.Send(o, &selM[1], 4)
		b := l.Send(0, &selM[3], 1, 2, 3)
		l.SetSelf(b, o)
		l.Patch(b, 1, a)
		l.Send3x3(o, &selSizes, 1, 2, 3, 4, 5, 6)
		var f Frame
		f.AddWord(1)
		f.AddWord(1)
		f.AddWord(1)
		l.SendFrame(o, &selM[3], &sigM3, &f)
	}
	recorded(&kept)
	var again List
	for name, send := range map[string]func(){
		"Send0":   func() { Send0(o, &selM[0]) },
		"Word3":   func() { Word3(o, &selM[3], 1, 2, 3) },
		"Word6":   func() { Word6(o, &selM[6], 1, 2, 3, 4, 5, 6) },
		"Bool1":   func() { Bool1(o, &selEven, 2) },
		"Send3x3": func() { Send3x3(o, &selSizes, 1, 2, 3, 4, 5, 6) },
		"Float64": func() { Float64(o, &selHalf) },
		"Retain":  func() { Release(Retain(o)) },
		"Frame": func() {
			size := [3]uint64{1, 2, 3}
			var f Frame
			f.AddStruct(unsafe.Pointer(&size), 24)
			f.AddStruct(unsafe.Pointer(&size), 24)
			f.Send(o, &selSizes, &sigSizes)
		},
		"frame method": func() {
			region := [6]uint64{1, 2, 3, 4, 5, 6}
			var f Frame
			f.AddFloat32(1)
			f.AddFloat64(1)
			f.AddWord(1)
			f.AddBool(true)
			f.AddStruct(unsafe.Pointer(&region), 48)
			f.Float64(o, &selMix, &sigMix)
		},
		"struct result": func() {
			var region [6]uint64
			var f Frame
			f.Struct(o, &selRegion, &sigRegion, unsafe.Pointer(&region), 48)
			if region[5] != 6 {
				t.Error("wrong result")
			}
		},
		"list replayed": func() { kept.SetWord(0, 0, 7); kept.Run() },
		"list recorded": func() { again.Reset(); recorded(&again); again.Run() },
	} {
		send()
		require.Zero(t, testing.AllocsPerRun(100, send), name)
	}
}
