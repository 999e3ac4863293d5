package objc

import (
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	selTestCount     = Selector{Name: "retainCount"}
	selTestIsEqual   = Selector{Name: "isEqual:"}
	selTestLength    = Selector{Name: "lengthOfBytesUsingEncoding:"}
	selTestNew       = Selector{Name: "new"}
	selTestMake      = Selector{Name: "errorWithDomain:code:userInfo:"}
	sigTestDouble    = Signature{Encoding: "d@:"}
	selTestDouble    = Selector{Name: "doubleValue"}
	selTestUnheardOf = Selector{Name: "anUnheardOfSelector"}
)

func TestStrings(t *testing.T) {
	checkLive(t)
	for _, s := range []string{"", "a", "grüße", "日本語", "😀", "nul\x00inside", strings.Repeat("long ", 5000)} {
		id := NewString(s)
		require.NotZero(t, id)
		require.Equal(t, s, String(id))
		require.Equal(t, s, Description(id))
		require.Equal(t, s, TakeString(id))
	}
	bad := NewString("bad \xff\xfe end")
	require.Equal(t, "bad \uFFFD end", TakeString(bad))
	require.Equal(t, "", String(0))
	require.Equal(t, "", TakeString(0))
	require.Equal(t, "", Description(0))
}

func TestData(t *testing.T) {
	checkLive(t)
	src := []byte{1, 2, 3}
	d := NewData(src)
	src[0] = 9
	got := Bytes(d)
	require.Equal(t, []byte{1, 2, 3}, got)
	got[1] = 7
	require.Equal(t, []byte{1, 2, 3}, Bytes(d))
	Release(d)
	e := NewData(nil)
	require.Empty(t, Bytes(e))
	Release(e)
	require.Nil(t, Bytes(0))
}

func TestNumbers(t *testing.T) {
	checkLive(t)
	for _, n := range []int64{0, 1, -1, math.MaxInt64, math.MinInt64} {
		id := NewInt(n)
		require.Equal(t, n, Int(id))
		require.Equal(t, n != 0, Bool(id))
		Release(id)
	}
	u := NewUint(math.MaxUint64)
	require.Equal(t, uint64(math.MaxUint64), Uint(u))
	Release(u)
	for _, v := range []float64{0, -2.5, 1e300, math.Inf(1)} {
		id := NewFloat(v)
		require.Equal(t, v, Float(id))
		var f Frame
		require.Equal(t, v, f.Float64(id, &selTestDouble, &sigTestDouble))
		Release(id)
	}
	for _, b := range []bool{true, false} {
		id := NewBool(b)
		require.Equal(t, b, Bool(id))
		Release(id)
	}
	require.Zero(t, Int(0))
	require.Zero(t, Float(0))
	require.False(t, Bool(0))
}

func TestCollections(t *testing.T) {
	checkLive(t)
	texts := []string{"one", "two", "three"}
	a := NewStrings(texts)
	require.Equal(t, 3, Count(a))
	require.Equal(t, texts, Strings(a))
	items := Items(a)
	require.Len(t, items, 3)
	b := NewArray(items...)
	require.True(t, SendBool(a, &selTestIsEqual, uintptr(b)))
	ReleaseAll(items)
	Release(a)
	require.Equal(t, texts, Strings(b), "the array kept its items")
	Release(b)
	empty := NewArray()
	require.Nil(t, Items(empty))
	require.Nil(t, Strings(empty))
	Release(empty)
	require.Nil(t, Items(0))

	keys := []ID{NewString("k1"), NewString("k2")}
	values := []ID{NewInt(1), NewString("v2")}
	d := NewDictionary(keys, values)
	ReleaseAll(keys)
	ReleaseAll(values)
	require.Equal(t, 2, Count(d))
	v := LookupString(d, "k2")
	require.Equal(t, "v2", TakeString(v))
	require.Zero(t, LookupString(d, "k3"))
	ks, vs := Entries(d)
	require.Len(t, ks, 2)
	found := map[string]string{}
	for i := range ks {
		found[String(ks[i])] = Description(vs[i])
	}
	require.Equal(t, map[string]string{"k1": "1", "k2": "v2"}, found)
	ReleaseAll(ks)
	ReleaseAll(vs)
	Release(d)
	require.Panics(t, func() { NewDictionary([]ID{1}, nil) })
	require.Zero(t, Lookup(0, 0))
}

func TestURLs(t *testing.T) {
	checkLive(t)
	u := NewFileURL("/tmp/some file.metal")
	require.Equal(t, "/tmp/some file.metal", URLPath(u))
	require.Equal(t, "file:///tmp/some%20file.metal", URLString(u))
	Release(u)
	u = NewFileURL("some.metal")
	abs, err := filepath.Abs("some.metal")
	require.NoError(t, err)
	require.Equal(t, filepath.ToSlash(abs), URLPath(u))
	Release(u)
	u = NewURL("https://example.org/a")
	require.Equal(t, "https://example.org/a", URLString(u))
	require.Equal(t, "", URLPath(u))
	Release(u)
	require.Equal(t, "", URLPath(0))
	require.Equal(t, "", URLString(0))
}

func TestErrors(t *testing.T) {
	checkLive(t)
	if Native && runtime.GOOS == "linux" {
		t.Skip("GNUstep has other keys in an NSError's userInfo than Foundation")
	}
	require.NoError(t, ErrorOf(0))
	require.NoError(t, TakeError(0))
	require.Zero(t, NewError(nil))

	inner := &Error{Domain: "Inner", Code: 4, Description: "deep"}
	e := &Error{
		Domain: "MTLLibraryErrorDomain", Code: 3, Description: "program_source:1:1: error: no",
		FailureReason: "because", RecoverySuggestion: "try again",
		UserInfo:   map[string]string{"file": "a.metal"},
		Underlying: []error{inner},
	}
	id := NewError(fmt.Errorf("wrapped: %w", e))
	err := TakeError(id)
	var back *Error
	require.ErrorAs(t, err, &back)
	require.Equal(t, e, back)
	require.Equal(t, "program_source:1:1: error: no (MTLLibraryErrorDomain 3)", err.Error())
	require.ErrorIs(t, err, &Error{Domain: "Inner", Code: 4})
	require.ErrorIs(t, err, &Error{Domain: "MTLLibraryErrorDomain", Code: 3})
	require.NotErrorIs(t, err, &Error{Domain: "MTLLibraryErrorDomain", Code: 4})
	require.NotErrorIs(t, err, &Error{Domain: "Inner", Code: 4, Description: "other"})

	many := &Error{Domain: "Outer", Code: 1, Description: "d", Underlying: []error{inner, io.EOF}}
	err = TakeError(NewError(many))
	require.ErrorAs(t, err, &back)
	require.Len(t, back.Underlying, 2)
	require.Equal(t, &Error{Domain: GoErrorDomain, Description: "EOF"}, back.Underlying[1])

	plain := TakeError(NewError(errors.New("plain")))
	require.Equal(t, &Error{Domain: GoErrorDomain, Description: "plain"}, plain)
	require.Equal(t, "only text", (&Error{Description: "only text"}).Error())

	// Errors that hold each other's like do not nest without end.
	deep := &Error{Domain: "D", Description: "bottom"}
	for range 100 {
		deep = &Error{Domain: "D", Description: "level", Underlying: []error{deep}}
	}
	require.Error(t, TakeError(NewError(deep)))
}

func TestSend(t *testing.T) {
	checkLive(t)
	s := NewString("text")
	require.EqualValues(t, 4, SendWord(s, &selTestLength, 4))
	require.True(t, SendBool(s, &selTestIsEqual, uintptr(s)))
	domain := NewString("D")
	e := SendObject(ID(GetClass("NSError")), &selTestMake, uintptr(domain), 5, 0)
	require.EqualValues(t, 1, SendWord(e, &selTestCount), "the result is owned")
	require.Equal(t, e, SendObject(e, &Selector{Name: "retain"}))
	Release(e)
	Release(e)
	Release(domain)
	Release(s)
	number := NewFloat(1.5)
	require.Equal(t, 1.5, SendFloat64(number, &selTestDouble))
	require.Equal(t, float32(1.5), SendFloat32(number, &Selector{Name: "floatValue"}))
	Release(number)
	for _, f := range []func(){
		func() { Send(0, &selTestNew, 1, 2, 3, 4, 5, 6, 7) },
		func() { SendWord(0, &selTestNew, 1, 2, 3, 4, 5, 6, 7) },
		func() { SendBool(0, &selTestNew, 1, 2, 3, 4, 5, 6, 7) },
		func() { SendObject(0, &selTestNew, 1, 2, 3, 4, 5, 6, 7) },
	} {
		require.PanicsWithValue(t, "objc: new: 7 argument words are more than 6: use a Frame", f)
	}
	for n := range 7 {
		words := make([]uintptr, n)
		Send(0, &selTestNew, words...)
		require.Zero(t, SendWord(0, &selTestNew, words...))
		require.False(t, SendBool(0, &selTestNew, words...))
		require.Zero(t, SendObject(0, &selTestNew, words...))
	}
	id, err := SendObjectErr(0, &selTestUnheardOf)
	require.Zero(t, id)
	require.ErrorContains(t, err, "anUnheardOfSelector returned nil and no error")
	require.ErrorContains(t, SendBoolErr(0, &selTestUnheardOf), "returned NO and no error")
}

func TestClassesAndSelectors(t *testing.T) {
	require.Zero(t, GetClass("NoSuchClass"))
	c := GetClass("NSString")
	require.NotZero(t, c)
	require.Equal(t, "NSString", ClassName(c))
	require.Equal(t, GetSelector("isEqual:"), selTestIsEqual.SEL())
	require.Equal(t, "isEqual:", SelectorName(selTestIsEqual.SEL()))
	s := NewString("x")
	defer Release(s)
	require.NotZero(t, ClassOf(s))
	require.True(t, RespondsTo(s, selTestIsEqual.SEL()))
	require.False(t, RespondsTo(s, selTestUnheardOf.SEL()))
	require.False(t, RespondsTo(0, selTestIsEqual.SEL()))
}

func TestPools(t *testing.T) {
	checkLive(t)
	AutoreleasePool(func() {
		s := Autorelease(NewString("in the pool, and long enough not to be tagged"))
		AutoreleasePool(func() { Autorelease(NewError(io.EOF)) })
		require.Equal(t, "in the pool, and long enough not to be tagged", String(s))
	})
	require.Panics(t, func() {
		AutoreleasePool(func() {
			Autorelease(NewError(io.EOF))
			panic("out")
		})
	})
}

func TestBlocks(t *testing.T) {
	checkLive(t)
	var calls atomic.Int64
	var wg sync.WaitGroup
	for g := range 16 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range 50 {
				b := NewBlock(func(a, b, c, d uintptr) {
					if a == uintptr(g) && b == 2 {
						calls.Add(1)
					}
				})
				CallBlock(b, uintptr(g), 2, 3, 4)
				ReleaseBlock(b)
			}
		}()
	}
	wg.Wait()
	require.EqualValues(t, 16*50, calls.Load())
	ReleaseBlock(0)
	CallBlock(0, 0, 0, 0, 0)
}
