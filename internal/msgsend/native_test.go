//go:build (darwin && !embedded) || (linux && objcnative)

package msgsend

import (
	"math"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

// These tests send to Foundation, which both Apple's and the GNU runtime have.

var (
	selAlloc      = Selector{Name: "alloc"}
	selInitBytes  = Selector{Name: "initWithBytes:length:encoding:"}
	selLen        = Selector{Name: "length"}
	selUTF8       = Selector{Name: "UTF8String"}
	selSubRange   = Selector{Name: "substringWithRange:"}
	selRangeOf    = Selector{Name: "rangeOfString:"}
	selCompare    = Selector{Name: "compare:options:range:"}
	selEqual      = Selector{Name: "isEqual:"}
	selUpper      = Selector{Name: "uppercaseString"}
	selCount      = Selector{Name: "retainCount"}
	selInitDouble = Selector{Name: "initWithDouble:"}
	selInitFloat  = Selector{Name: "initWithFloat:"}
	selDouble     = Selector{Name: "doubleValue"}
	selFloat      = Selector{Name: "floatValue"}
	selContents   = Selector{Name: "contentsOfDirectoryAtPath:error:"}
	selRemove     = Selector{Name: "removeItemAtPath:error:"}
	selErrorCode  = Selector{Name: "code"}
	selArrayNew   = Selector{Name: "new"}
	selAdd        = Selector{Name: "addObject:"}
	selArrayCount = Selector{Name: "count"}
	selLastObject = Selector{Name: "lastObject"}

	sigSub     = Signature{Encoding: "@@:{_NSRange=QQ}"}
	sigRange   = Signature{Encoding: "{_NSRange=QQ}@:@"}
	sigDouble  = Signature{Encoding: "@@:d"}
	sigFloat   = Signature{Encoding: "@@:f"}
	sigCompare = Signature{Encoding: "q@:@Q{_NSRange=QQ}"}
)

func newText(s string) ID {
	b := []byte(s)
	id := Object3(Object0(ID(LookupClass("NSString")), &selAlloc), &selInitBytes,
		Addr(unsafe.Pointer(unsafe.SliceData(b))), uintptr(len(b)), 4)
	runtime.KeepAlive(b)
	return id
}

func text(id ID) string {
	var s string
	Pool(func() { s = goString(Word0(id, &selUTF8)) })
	return s
}

func TestNativeSends(t *testing.T) {
	s := newText("some text that is too long to be tagged")
	defer Release(s)
	require.EqualValues(t, 39, Word0(s, &selLen))
	require.True(t, Bool1(s, &selEqual, uintptr(s)))
	require.False(t, Bool1(s, &selEqual, 0))
	up := Object0(s, &selUpper)
	require.Equal(t, "SOME TEXT THAT IS TOO LONG TO BE TAGGED", text(up))
	if runtime.GOOS == "linux" { // Apple's retainCount is not to be relied on
		require.EqualValues(t, 1, Word0(up, &selCount), "an autoreleased result is the caller's alone")
	}
	Release(up)
	require.Zero(t, Word0(0, &selLen))
	require.Zero(t, Object0(0, &selUpper))
	require.False(t, RespondsTo(s, RegisterSelector("noSuchSelectorAtAll")))
	require.True(t, RespondsTo(s, selUpper.SEL()))
	require.Equal(t, "uppercaseString", SelectorName(selUpper.SEL()))
	require.Equal(t, "NSString", ClassName(LookupClass("NSString")))
	require.Zero(t, LookupClass("NoSuchClassAtAll"))
}

func TestNativeFrames(t *testing.T) {
	s := newText("some text that is too long to be tagged")
	defer Release(s)
	r := [2]uint64{5, 4}
	var f Frame
	f.AddStruct(unsafe.Pointer(&r), 16)
	sub := f.Object(s, &selSubRange, &sigSub)
	require.Equal(t, "text", text(sub))
	f.Reset()
	f.AddWord(uintptr(sub))
	var got [2]uint64
	f.Struct(s, &selRangeOf, &sigRange, unsafe.Pointer(&got), 16)
	require.Equal(t, r, got)
	f.Struct(0, &selRangeOf, &sigRange, unsafe.Pointer(&got), 16)
	require.Equal(t, [2]uint64{}, got)
	f.AddWord(0)
	f.AddStruct(unsafe.Pointer(&r), 16)
	require.Zero(t, f.Word(s, &selCompare, &sigCompare))
	Release(sub)

	f.Reset()
	f.AddFloat64(2.5)
	n := f.Object(Object0(ID(LookupClass("NSNumber")), &selAlloc), &selInitDouble, &sigDouble)
	require.Equal(t, 2.5, Float64(n, &selDouble))
	require.Equal(t, float32(2.5), Float32(n, &selFloat))
	Release(n)
	f.Reset()
	f.AddFloat32(0.75)
	n = f.Object(Object0(ID(LookupClass("NSNumber")), &selAlloc), &selInitFloat, &sigFloat)
	require.Equal(t, 0.75, Float64(n, &selDouble))
	Release(n)
}

// A struct of 48 bytes by value, and as a result: on the stack and through a
// pointer on amd64, by reference and through x8 on arm64.
func TestNativeLargeStructs(t *testing.T) {
	setTransform := Selector{Name: "setTransformStruct:"}
	getTransform := Selector{Name: "transformStruct"}
	transformPoint := Selector{Name: "transformPoint:"}
	sigSet := Signature{Encoding: "v@:{?=dddddd}"}
	sigGet := Signature{Encoding: "{?=dddddd}@:"}
	sigPoint := Signature{Encoding: "{CGPoint=dd}@:{CGPoint=dd}"}
	tr := Object0(ID(LookupClass("NSAffineTransform")), &selArrayNew)
	require.NotZero(t, tr)
	defer Release(tr)
	want := [6]float64{1, 2, 3, 4, 5, 6}
	var f Frame
	f.AddStruct(unsafe.Pointer(&want), 48)
	f.Send(tr, &setTransform, &sigSet)
	var got [6]float64
	var g Frame
	g.Struct(tr, &getTransform, &sigGet, unsafe.Pointer(&got), 48)
	require.Equal(t, want, got)
	g.Struct(0, &getTransform, &sigGet, unsafe.Pointer(&got), 48)
	require.Zero(t, got)

	p, q := [2]float64{10, 100}, [2]float64{}
	g.AddStruct(unsafe.Pointer(&p), 16)
	g.Struct(tr, &transformPoint, &sigPoint, unsafe.Pointer(&q), 16)
	require.Equal(t, [2]float64{10*1 + 100*3 + 5, 10*2 + 100*4 + 6}, q)

	// The same in a list, where the result of a record is read afterwards and
	// words of the struct are changed between runs.
	var l List
	set := l.SendFrame(tr, &setTransform, &sigSet, &f)
	var none Frame
	get := l.SendFrame(tr, &getTransform, &sigGet, &none)
	for i := range 3 {
		l.SetWord(set, 5, uintptr(math.Float64bits(float64(i))))
		require.Equal(t, -1, l.Run())
		words := l.ResultWords(get)
		require.Len(t, words, 6)
		require.Equal(t, math.Float64bits(1), words[0])
		require.Equal(t, math.Float64bits(float64(i)), words[5])
	}
}

func TestNativeErrors(t *testing.T) {
	path := newText("/no/such/file/anywhere")
	defer Release(path)
	manager := Object0(ID(LookupClass("NSFileManager")), &selArrayNew)
	defer Release(manager)
	id, err := ObjectErr(manager, &selContents, uintptr(path))
	require.Zero(t, id)
	require.NotZero(t, err)
	require.Equal(t, "NSError", ClassName(ObjectClass(err)))
	require.NotZero(t, Word0(err, &selErrorCode), "the error outlives the send's pool")
	Release(err)
	ok, err := BoolErr(manager, &selRemove, uintptr(path))
	require.False(t, ok)
	require.NotZero(t, err)
	require.NotZero(t, Word0(err, &selErrorCode))
	Release(err)
}

func TestNativeLists(t *testing.T) {
	s := newText("list")
	defer Release(s)
	var l List
	require.Equal(t, -1, l.Run())
	up := l.Borrow(s, &selUpper)
	array := l.Object(ID(LookupClass("NSMutableArray")), &selArrayNew)
	add := l.Send(0, &selAdd, 0)
	l.PatchSelf(add, array)
	l.PatchObject(add, 0, up)
	count := l.Send(0, &selArrayCount)
	l.PatchSelf(count, array)
	r := [2]uint64{1, 2}
	var f Frame
	f.AddStruct(unsafe.Pointer(&r), 16)
	sub := l.ObjectFrame(s, &selSubRange, &sigSub, &f)
	for i := range 3 {
		require.Equal(t, -1, l.Run())
		require.EqualValues(t, 1, l.Result(count))
		a := l.Take(array)
		last := Object0(a, &selLastObject)
		require.Equal(t, "LIST", text(last))
		Release(last)
		Release(a)
		part := l.Take(sub)
		require.Equal(t, "list"[1+i:][:2-i], text(part))
		Release(part)
		l.SetWord(sub, 0, uintptr(2+i))
		l.SetWord(sub, 1, uintptr(1-i))
	}

	l.Reset()
	empty := l.Object(ID(LookupClass("NSMutableArray")), &selArrayNew)
	none := l.Borrow(0, &selLastObject)
	l.PatchSelf(none, empty)
	stop := l.Send(0, &selLen)
	l.PatchSelf(stop, none)
	l.Send(s, &selLen)
	require.Equal(t, stop, l.Run())
	Release(l.Take(empty))
}

// grow makes the goroutine's stack move.
//
//go:noinline
func grow(n int) byte {
	var b [512]byte
	if n == 0 {
		return b[n]
	}
	return grow(n-1) + b[n%512]
}

// A callback may make the stack move that the block of the call is on.
func TestNativeStackMoves(t *testing.T) {
	var wg sync.WaitGroup
	var calls atomic.Int64
	for range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range 20 {
				depth := 10 << (i % 6)
				b := NewBlock(func(a, b, c, d uintptr) {
					grow(depth)
					if a == 1 && b == 2 && c == 3 && d == 4 {
						calls.Add(1)
					}
				})
				CallBlock(b, 1, 2, 3, 4)
				ReleaseBlock(b)
			}
		}()
	}
	wg.Wait()
	require.EqualValues(t, 160, calls.Load())
	require.Zero(t, LiveBlocks())
}

func TestNativeConcurrent(t *testing.T) {
	var wg sync.WaitGroup
	for range 16 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range 300 {
				s := newText("concurrently sent to from many goroutines")
				up := Object0(s, &selUpper)
				if Word0(up, &selLen) != 41 {
					t.Error("wrong length")
				}
				Release(up)
				Release(s)
			}
		}()
	}
	wg.Wait()
}
