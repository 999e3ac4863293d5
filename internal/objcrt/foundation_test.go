package objcrt

import (
	"math"
	"path/filepath"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

// leaks checks that a test leaves no object behind.
func leaks(t *testing.T) {
	foundation()
	live := LiveCount()
	t.Cleanup(func() { require.Equal(t, live, LiveCount(), "%v", Live()) })
}

func take(id ID) string { defer Release(id); return GoString(id) }

func TestStrings(t *testing.T) {
	leaks(t)
	for _, s := range []string{"", "a", "grüße", "日本", "😀x", "nul\x00inside"} {
		id := NewString(s)
		require.Equal(t, s, GoString(id))
		require.EqualValues(t, len(s), Send1(id, sel("lengthOfBytesUsingEncoding:"), utf8Encoding))
		c := Send0(id, sel("UTF8String"))
		require.Equal(t, append([]byte(s), 0), Bytes(c, len(s)+1))
		require.Equal(t, c, Send0(id, sel("UTF8String")), "the same pointer each time")
		d := ID(Send1(id, sel("dataUsingEncoding:"), utf8Encoding))
		require.Equal(t, s, string(DataBytes(d)))
		Release(d)
		other := NewString(s)
		require.True(t, Equal(id, other))
		require.Equal(t, Send0(id, sel("hash")), Send0(other, sel("hash")))
		require.EqualValues(t, id, Send0(id, sel("copy")))
		Release(id)
		Release(other)
		Release(id)
	}
	b := []byte("from bytes")
	id := ID(Send0(LookupClass("NSString").ID(), sel("alloc")))
	id = ID(Send3(id, sel("initWithBytes:length:encoding:"), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)), utf8Encoding))
	require.Equal(t, "from bytes", take(id))
	bad := []byte{0xff, 0xfe}
	id = ID(Send0(LookupClass("NSString").ID(), sel("alloc")))
	require.Zero(t, Send3(id, sel("initWithBytes:length:encoding:"), uintptr(unsafe.Pointer(&bad[0])), 2, utf8Encoding))
	require.False(t, Valid(id))
	c := []byte("c string\x00")
	require.Equal(t, "c string", take(ID(Send1(LookupClass("NSString").ID(), sel("stringWithUTF8String:"), uintptr(unsafe.Pointer(&c[0]))))))

	emoji := NewString("a😀")
	require.EqualValues(t, 3, Send0(emoji, sel("length")), "UTF-16 units")
	require.Equal(t, "a😀", Description(emoji))
	Release(emoji)
	o := newCounter()
	require.Equal(t, "", GoString(o))
	s := NewString("x")
	require.False(t, Equal(s, o))
	Release(s)
	Release(o)
}

func TestNumbers(t *testing.T) {
	leaks(t)
	for _, c := range []struct {
		id      ID
		text    string
		i       int64
		u       uint64
		f       float64
		boolean bool
	}{
		{NewInt(-5), "-5", -5, 1<<64 - 5, -5, true},
		{NewUint(math.MaxUint64), "18446744073709551615", -1, math.MaxUint64, math.MaxUint64, true},
		{NewFloat(2.5), "2.5", 2, 2, 2.5, true},
		{NewFloat(math.NaN()), "NaN", 0, 0, math.NaN(), true},
		{NewFloat(-1e30), "-1e+30", math.MinInt64, 1 << 63, -1e30, true},
		{NewFloat(1e30), "1e+30", -1, math.MaxUint64, 1e30, true},
		{NewBool(true), "1", 1, 1, 1, true},
		{NewBool(false), "0", 0, 0, 0, false},
	} {
		require.Equal(t, c.text, take(ID(Send0(c.id, sel("stringValue")))))
		require.Equal(t, c.i, int64(Send0(c.id, sel("longLongValue"))), c.text)
		require.Equal(t, c.u, uint64(Send0(c.id, sel("unsignedLongLongValue"))), c.text)
		f := math.Float64frombits(uint64(Send0(c.id, sel("doubleValue"))))
		require.True(t, f == c.f || f != f && c.f != c.f, c.text)
		require.Equal(t, c.boolean, Send0(c.id, sel("boolValue")) != 0, c.text)
		n, ok := NumberInt(c.id)
		require.True(t, ok)
		require.Equal(t, c.i, n)
		Release(c.id)
	}
	n := ID(Send0(LookupClass("NSNumber").ID(), sel("alloc")))
	n = ID(Send1(n, sel("initWithFloat:"), uintptr(math.Float32bits(0.1))))
	require.Equal(t, "0.1", Description(n))
	require.Equal(t, float32(0.1), math.Float32frombits(uint32(Send0(n, sel("floatValue")))))
	Release(n)
	a, b := NewInt(3), NewFloat(3)
	require.True(t, Equal(a, b))
	require.Equal(t, Send0(a, sel("hash")), Send0(b, sel("hash")))
	neg, big := NewInt(-1), NewUint(math.MaxUint64)
	require.False(t, Equal(neg, big))
	for _, id := range []ID{a, b, neg, big} {
		Release(id)
	}
	_, ok := NumberFloat(0)
	require.False(t, ok)
}

func TestArrays(t *testing.T) {
	leaks(t)
	items := []ID{NewString("a"), NewInt(2), NewString("c")}
	a := NewArray(items)
	require.Equal(t, 2, RetainCount(items[0]))
	releaseAll(items)
	require.EqualValues(t, 3, Send0(a, sel("count")))
	require.Equal(t, items, ArrayItems(a))
	second := ID(Send1(a, sel("objectAtIndex:"), 1))
	require.Equal(t, items[1], second)
	Release(second)
	require.Equal(t, "(a, 2, c)", Description(a))
	require.Equal(t, "a", take(ID(Send0(a, sel("firstObject")))))
	require.Equal(t, "c", take(ID(Send0(a, sel("lastObject")))))
	require.Contains(t, exception(t, func() { Send1(a, sel("objectAtIndex:"), 3) }).Error(), "index 3 beyond bounds [0 .. 3)")
	b := ID(Send2(LookupClass("NSArray").ID(), sel("arrayWithObjects:count:"), uintptr(unsafe.Pointer(&items[0])), 3))
	require.True(t, Equal(a, b))
	x := NewString("c")
	require.EqualValues(t, 1, Send1(a, sel("containsObject:"), uintptr(x)))
	Release(x)
	empty := NewArray(nil)
	require.Zero(t, Send0(empty, sel("firstObject")))
	require.False(t, Equal(a, empty))
	nils := []ID{0}
	exception(t, func() {
		Send2(LookupClass("NSArray").ID(), sel("arrayWithObjects:count:"), uintptr(unsafe.Pointer(&nils[0])), 1)
	})
	for _, id := range []ID{a, b, empty} {
		Release(id)
	}
	require.False(t, Valid(items[0]))
}

func TestDictionaries(t *testing.T) {
	leaks(t)
	keys := []ID{NewString("one"), NewString("two"), NewString("one")}
	values := []ID{NewInt(1), NewInt(2), NewInt(11)}
	d := NewDictionary(keys, values)
	require.EqualValues(t, 2, Send0(d, sel("count")))
	k := NewString("one")
	v := ID(Send1(d, sel("objectForKey:"), uintptr(k)))
	require.Equal(t, values[2], v, "of equal keys the last one counts")
	Release(v)
	none := NewString("three")
	require.Zero(t, Send1(d, sel("objectForKey:"), uintptr(none)))
	require.Zero(t, Send1(d, sel("objectForKey:"), 0))
	all := ID(Send0(d, sel("allKeys")))
	require.EqualValues(t, 2, Send0(all, sel("count")))
	require.Equal(t, "{one = 11; two = 2;}", Description(d))
	e := ID(Send3(LookupClass("NSDictionary").ID(), sel("dictionaryWithObjects:forKeys:count:"),
		uintptr(unsafe.Pointer(&values[1])), uintptr(unsafe.Pointer(&keys[1])), 2))
	require.True(t, Equal(d, e))
	gotKeys, gotValues := DictionaryEntries(d)
	require.Equal(t, []ID{keys[0], keys[1]}, gotKeys)
	require.Equal(t, []ID{values[2], values[1]}, gotValues)
	releaseAll(keys)
	releaseAll(values)
	for _, id := range []ID{d, e, k, none, all} {
		Release(id)
	}
}

func TestErrors(t *testing.T) {
	leaks(t)
	e := NewError("Domain", -3, "went wrong")
	require.Equal(t, "Domain", take(ID(Send0(e, sel("domain")))))
	require.EqualValues(t, -3, int(Send0(e, sel("code"))))
	require.Equal(t, "went wrong", take(ID(Send0(e, sel("localizedDescription")))))
	require.Equal(t, `Error Domain=Domain Code=-3 "went wrong"`, Description(e))
	require.Zero(t, Send0(e, sel("localizedFailureReason")))
	empty := ID(Send0(e, sel("underlyingErrors")))
	require.EqualValues(t, 0, Send0(empty, sel("count")))

	plain := NewError("D", 1, "")
	require.Contains(t, take(ID(Send0(plain, sel("localizedDescription")))), "D error 1")
	info := ID(Send0(plain, sel("userInfo")))
	require.EqualValues(t, 0, Send0(info, sel("count")))

	k := NewString(UnderlyingErrorKey)
	with := NewDictionary([]ID{k}, []ID{e})
	outer := NewErrorInfo("Outer", 2, with)
	under := ID(Send0(outer, sel("underlyingErrors")))
	require.Equal(t, []ID{e}, ArrayItems(under))
	_, _, _, gotInfo, ok := ErrorParts(outer)
	require.True(t, ok)
	require.Equal(t, with, gotInfo)
	_, _, _, _, ok = ErrorParts(k)
	require.False(t, ok)
	// An error that was only allocated can be released.
	Release(ID(Send0(LookupClass("NSError").ID(), sel("alloc"))))
	for _, id := range []ID{e, empty, plain, info, k, with, outer, under} {
		Release(id)
	}
}

func TestURLsAndData(t *testing.T) {
	leaks(t)
	u := NewFileURL("/tmp/a b.metal")
	text, path, ok := URLString(u)
	require.True(t, ok)
	require.Equal(t, "file:///tmp/a%20b.metal", text)
	require.Equal(t, "/tmp/a b.metal", path)
	require.Equal(t, path, take(ID(Send0(u, sel("path")))))
	require.EqualValues(t, 1, Send0(u, sel("isFileURL")))
	Release(u)
	u = NewFileURL("rel.metal")
	_, path, _ = URLString(u)
	abs, err := filepath.Abs("rel.metal")
	require.NoError(t, err)
	require.Equal(t, filepath.ToSlash(abs), path)
	Release(u)
	s := NewString("https://example.org/x?y")
	u = ID(Send1(LookupClass("NSURL").ID(), sel("URLWithString:"), uintptr(s)))
	require.Equal(t, "https://example.org/x?y", Description(u))
	require.EqualValues(t, 0, Send0(u, sel("isFileURL")))
	_, _, ok = URLString(s)
	require.False(t, ok)
	Release(u)
	Release(s)
	s = NewString("http://[broken")
	require.Zero(t, Send1(LookupClass("NSURL").ID(), sel("URLWithString:"), uintptr(s)))
	Release(s)

	src := []byte{1, 2, 3}
	d := NewData(src)
	src[0] = 9
	require.Equal(t, []byte{1, 2, 3}, DataBytes(d))
	require.Equal(t, []byte{1, 2, 3}, Bytes(Send0(d, sel("bytes")), int(Send0(d, sel("length")))))
	require.Equal(t, "{length = 3, bytes = 0x010203}", Description(d))
	e := NewData(nil)
	require.EqualValues(t, 0, Send0(e, sel("length")))
	require.False(t, Equal(d, e))
	Release(d)
	Release(e)
}

func TestBlocks(t *testing.T) {
	leaks(t)
	var got [4]uintptr
	b := NewBlock(func(a, b, c, d uintptr) { got = [4]uintptr{a, b, c, d} })
	CallBlock(b, 1, 2, 3, 4)
	require.Equal(t, [4]uintptr{1, 2, 3, 4}, got)
	require.EqualValues(t, b, Send0(b, sel("copy")))
	Release(b)
	CallBlock(b, 5, 0, 0, 0)
	require.EqualValues(t, 5, got[0])
	Release(b)
	require.Contains(t, exception(t, func() { CallBlock(b, 0, 0, 0, 0) }).Error(), "released object: [__NSBlock invoke]")
	s := NewString("no block")
	defer Release(s)
	require.Contains(t, exception(t, func() { CallBlock(s, 0, 0, 0, 0) }).Error(), "-[NSString invoke]")
}
