package msl

import (
	"math"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/simt"
)

// TestHugeBuffers indexes a buffer with more elements than 32 bits count, of
// which little is touched: indices are computed in the width of their types, and
// only then extended to an address.
func TestHugeBuffers(t *testing.T) {
	const length = 1<<34 + 1<<16
	if math.MaxInt < length {
		t.Skip("addresses have 32 bits")
	}
	mem, err := syscall.Mmap(-1, 0, length, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE|syscall.MAP_NORESERVE)
	if err != nil {
		t.Skipf("no room for %d bytes of addresses: %v", int64(length), err)
	}
	defer syscall.Munmap(mem)
	const noHugePages = 15
	if err := syscall.Madvise(mem, noHugePages); err != nil {
		t.Skipf("touching a byte may take megabytes: %v", err)
	}
	const threads = 64
	for _, c := range []struct {
		body   string // adds to or sets a uint of data; n is 2^31 - 8
		offset func(id uint32) int64
	}{
		{"data[id + n] = id + 1;", func(id uint32) int64 { return int64(id+1<<31-8) * 4 }},
		{"data[id * 3 + n * 2] = id + 1;", func(id uint32) int64 { return int64(id*3+(1<<32-16)) * 4 }},
		{"data[ulong(id) + ulong(n) * 2] = id + 1;", func(id uint32) int64 { return (int64(id) + 1<<32 - 16) * 4 }},
		{"int i = int(id) - 9; data[long(i) + n] = id + 1;", func(id uint32) int64 { return (int64(id) - 9 + 1<<31 - 8) * 4 }},
		{"device uint *p = data + n; p += n; int i = 20 - int(id); p[i] = id + 1;", func(id uint32) int64 { return (2*(1<<31-8) + 20 - int64(id)) * 4 }},
		{"device uint *p = data + 0x80000000u; *(p - id) = id + 1;", func(id uint32) int64 { return (1<<31 - int64(id)) * 4 }},
		{"device uint *p = data + 0xffffffffu; ++p; p[-1 - int(id)] = id + 1;", func(id uint32) int64 { return (1<<32 - 1 - int64(id)) * 4 }},
		{"uint h = id * 2654435769u; data[h] = id + 1;", func(id uint32) int64 { return int64(id*2654435769) * 4 }},
		{"int h = int(id * 2654435769u); (data + 0x80000000u)[h] = id + 1;", func(id uint32) int64 { return (1<<31 + int64(int32(id*2654435769))) * 4 }},
		{"ushort s = ushort(id) - 1; data[s + n] = id + 1;", func(id uint32) int64 { return int64(uint32(uint16(id)-1)+1<<31-8) * 4 }},
		{"device packed_uint3 *v = (device packed_uint3 *)data; v[n / 2 + id].y = id + 1;", func(id uint32) int64 { return int64(1<<30-4+id)*12 + 4 }},
		{"device uint4 *v = (device uint4 *)data; v[(n >> 2) + id] = uint4(id + 1, 0, 0, 0);", func(id uint32) int64 { return int64((1<<31-8)>>2+id) * 16 }},
		{"device uchar *b = (device uchar *)data; b[(size_t(n) << 3) + id * 4] = uchar(id + 1);", func(id uint32) int64 { return (1<<31-8)<<3 + int64(id)*4 }},
		{"size_t stride = size_t(n) / 32; data[id * stride] = id + 1;", func(id uint32) int64 { return int64(id) * ((1<<31 - 8) / 32) * 4 }},
	} {
		lib := compile(t, "kernel void k(device uint *data [[buffer(0)]], constant uint &n [[buffer(1)]], uint id [[thread_position_in_grid]]) {\n"+c.body+"\n}")
		for id := range uint32(threads) {
			clear(mem[c.offset(id):][:4])
		}
		l := launch{lib: lib, kernel: "k", grid: d1(threads), group: d1(32), buffers: map[int][]byte{0: mem, 1: bytesOf([]uint32{1<<31 - 8})}}
		if f := l.run(t); f != nil {
			t.Fatalf("%s\n%v", c.body, f)
		}
		for id := range uint32(threads) {
			at := mem[c.offset(id):][:4]
			require.Equal(t, id+1, uint32(at[0]), "%s\nthread %d", c.body, id)
			clear(at)
		}
		// One byte less, and the last access is outside.
		last := int64(0)
		for id := range uint32(threads) {
			last = max(last, c.offset(id))
		}
		l.buffers[0] = mem[:last]
		f := l.run(t)
		require.NotNil(t, f, c.body)
		require.Equal(t, simt.OutOfBounds, f.Kind, c.body)
	}
}
