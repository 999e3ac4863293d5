package gpu_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/gpu"
)

// TestHugeBuffer works on both sides of the 2^31st element of a buffer, of which
// little is touched.
func TestHugeBuffer(t *testing.T) {
	dev := device(t)
	const n = 1<<31 + 4096
	if dev.MaxBufferLength() < 4*n {
		t.Skipf("buffers have at most %d bytes here", dev.MaxBufferLength())
	}
	data, err := gpu.Make[uint32](dev, n)
	if err != nil {
		t.Skip(err)
	}
	defer data.Close()
	require.Equal(t, n, data.Len())
	queue, err := dev.Queue()
	require.NoError(t, err)
	defer queue.Close()
	lib, err := dev.Compile(`
kernel void mark(device uint *data [[buffer(0)]], constant ulong &base [[buffer(1)]], uint id [[thread_position_in_grid]]) {
    data[base + id] = id + 1;
}
kernel void count(device uint *data [[buffer(0)]], device uint *near [[buffer(1)]], uint id [[thread_position_in_grid]]) {
    near[id] += data[id + 0x7fffff80u];
}`)
	require.NoError(t, err)
	defer lib.Close()
	mark, err := lib.Pipeline("mark")
	require.NoError(t, err)
	defer mark.Close()
	count, err := lib.Pipeline("count")
	require.NoError(t, err)
	defer count.Close()

	const base, threads = 1<<31 - 128, 256
	ctx := context.Background()
	require.NoError(t, queue.Run(ctx, mark, gpu.D1(threads), data, uint64(base)))
	s := data.Slice()
	for i := range threads {
		require.EqualValues(t, i+1, s[base+i])
		require.Zero(t, s[i])
	}
	near, err := gpu.Make[uint32](dev, threads)
	require.NoError(t, err)
	defer near.Close()
	commands, err := queue.Commands()
	require.NoError(t, err)
	copies, err := commands.Copier()
	require.NoError(t, err)
	copies.Copy(near.Buffer, 0, data.Buffer, 4*base, 4*threads)
	copies.Fill(data.Buffer, 4*(base+threads), 4*threads, 1)
	copies.Copy(data.Buffer, 4*(base+2*threads), data.Buffer, 4*base, 4*threads)
	require.NoError(t, copies.Finish())
	enc, err := commands.Encoder()
	require.NoError(t, err)
	enc.Bind(count)
	enc.BindBuffer(data.Buffer, 0, 0)
	enc.BindBuffer(near.Buffer, 0, 1)
	enc.Launch(gpu.D1(threads), gpu.D1(64))
	enc.Bind(mark)
	enc.BindBuffer(data.Buffer, 4*(base+3*threads), 0)
	gpu.Push(enc, uint64(threads), 1)
	enc.Launch(gpu.D1(threads), gpu.D1(64))
	require.NoError(t, enc.Finish())
	require.NoError(t, commands.Submit())
	require.NoError(t, commands.Wait())
	for i := range threads {
		require.EqualValues(t, 2*(i+1), near.Slice()[i])
		require.EqualValues(t, 0x01010101, s[base+threads+i])
		require.EqualValues(t, i+1, s[base+2*threads+i])
		require.EqualValues(t, i+1, s[base+4*threads+i])
	}
	// The last thread of those is outside.
	err = queue.Run(ctx, mark, gpu.D1(2), data, uint64(n-1))
	require.ErrorIs(t, err, gpu.ErrPageFault)
	require.ErrorContains(t, err, "index 2147487744 of 2147487744")
}
