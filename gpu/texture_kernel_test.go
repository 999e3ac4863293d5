package gpu_test

import (
	"context"
	"encoding/binary"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/gpu"
)

// upload puts values into a texture's level of a slice.
func upload[T any](t testing.TB, tex *gpu.Texture, r gpu.Region, vals []T) {
	t.Helper()
	data, err := binary.Append(nil, binary.LittleEndian, vals)
	require.NoError(t, err)
	require.NoError(t, tex.Upload(r, data))
}

// download gets n values of a texture's region.
func download[T any](t testing.TB, tex *gpu.Texture, r gpu.Region, n int) []T {
	t.Helper()
	vals := make([]T, n)
	data := make([]byte, binary.Size(vals))
	require.NoError(t, tex.Download(r, data))
	_, err := binary.Decode(data, binary.LittleEndian, vals)
	require.NoError(t, err)
	return vals
}

func (h *house) sampler(t testing.TB, desc gpu.SamplerDescriptor) *gpu.Sampler {
	t.Helper()
	s, err := h.dev.Sampler(desc)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

func (h *house) run(t testing.TB, p *gpu.Pipeline, grid gpu.Size, args ...any) {
	t.Helper()
	require.NoError(t, h.queue.Run(context.Background(), p, grid, args...))
}

func TestSampleLinear(t *testing.T) {
	h := open(t)
	p := h.compile(t, `
kernel void k(texture2d<float> tex [[texture(0)]], sampler s [[sampler(0)]], device float *out, device const float2 *at, uint i [[thread_position_in_grid]]) {
	constexpr sampler edge(coord::pixel, filter::linear, address::clamp_to_zero);
	out[2*i] = tex.sample(s, at[i]).r;
	out[2*i+1] = tex.sample(edge, at[i] * 2).r;
}`, "k")
	tex := h.texture(t, gpu.TextureDescriptor{Format: gpu.R32Float, Width: 2, Height: 2})
	upload(t, tex, gpu.Region{}, []float32{1, 2, 3, 4})
	at := []float32{0.25, 0.25, 0.5, 0.5, 0.75, 0.25, 0, 0, 1.25, 0.25}
	in, err := gpu.From(h.dev, at)
	require.NoError(t, err)
	defer in.Close()
	out := h.floats(t, 10)
	h.run(t, p, gpu.D1(5), tex, h.sampler(t, gpu.SamplerDescriptor{Min: gpu.FilterLinear, Mag: gpu.FilterLinear, Address: gpu.Repeat}), out, in)
	require.Equal(t, []float32{1, 1, 2.5, 2.5, 2, 2, 2.5, 0.25, 1, 0}, out.Slice())
}

// Every way to tell the level of detail.
func TestSampleLevels(t *testing.T) {
	h := open(t)
	p := h.compile(t, `
kernel void k(texture2d<float> tex, device float *out) {
	constexpr sampler s(mip_filter::linear, filter::nearest);
	constexpr sampler near(mip_filter::nearest);
	constexpr sampler clamped(mip_filter::nearest, lod_clamp(1.0f, 2.0f));
	float2 c = float2(0.5);
	out[0] = tex.sample(s, c).r;
	out[1] = tex.sample(s, c, level(1)).r;
	out[2] = tex.sample(s, c, level(1.5)).r;
	out[3] = tex.sample(s, c, bias(2)).r;
	out[4] = tex.sample(s, c, gradient2d(float2(0.25, 0), float2(0, 0.125))).r;
	out[5] = tex.sample(s, c, min_lod_clamp(0.25)).r;
	out[6] = tex.sample(near, c, level(9)).r;
	out[7] = tex.sample(clamped, c).r;
	out[8] = tex.sample(clamped, c, level(7)).r;
	out[9] = tex.sample(s, c, level(0.75), int2(1, 0)).r;
	out[10] = tex.read(uint2(1, 0), 1).r;
	out[11] = tex.read(uint2(4, 0), 1).r; // there is none
	out[12] = tex.get_num_mip_levels();
	out[13] = tex.get_width(1) * 10 + tex.get_height(2);
	level half_way(0.5f);
	out[14] = tex.sample(s, c, half_way).r;
}`, "k")
	tex := h.texture(t, gpu.TextureDescriptor{Format: gpu.R32Float, Width: 8, Height: 8, Mips: gpu.AllMips})
	require.Equal(t, 4, tex.Mips())
	for level := range 4 {
		n := 8 >> level
		vals := make([]float32, n*n)
		for i := range vals {
			vals[i] = float32(level * 10)
		}
		upload(t, tex, gpu.Region{Level: level}, vals)
	}
	out := h.floats(t, 15)
	h.run(t, p, gpu.D1(1), tex, out)
	require.Equal(t, []float32{0, 10, 15, 20, 10, 2.5, 30, 10, 20, 7.5, 10, 0, 4, 42, 5}, out.Slice())
}

func TestTextureTypes(t *testing.T) {
	h := open(t)
	p := h.compile(t, `
kernel void k(texture1d<uint, access::read_write> d1, texture1d_array<uint, access::read_write> d1a,
              texture2d_array<uint, access::read_write> d2a, texture3d<uint, access::read_write> d3,
              texturecube<uint, access::read> cube, texturecube_array<uint, access::read> cubes,
              texture_buffer<uint, access::read_write> buf, device uint *out) {
	out[0] = d1.read(3).r;         d1.write(uint4(101), 2);
	out[1] = d1a.read(1, 2).r;     d1a.write(uint4(102), 0, 1);
	out[2] = d2a.read(uint2(1, 2), 1).r; d2a.write(uint4(103), ushort2(0, 1), 2);
	out[3] = d3.read(uint3(1, 0, 2)).r;  d3.write(uint4(104), uint3(0, 1, 1));
	out[4] = cube.read(uint2(1, 0), 4).r;
	out[5] = cubes.read(uint2(0, 1), 5, 1).r;
	out[6] = buf.read(2).r;        buf.write(uint4(105), 0);
	out[7] = d1a.get_array_size() * 100 + d2a.get_array_size() * 10 + cubes.get_array_size();
	out[8] = d3.get_depth() * 100 + buf.get_width();
	out[9] = d1.read(99).r + d2a.read(uint2(0), 3).r + cube.read(uint2(0), 6).r + cubes.read(uint2(0), 0, 2).r; // there are none
	d1.write(uint4(7), 4); d2a.write(uint4(7), uint2(0), 3); // nor those
}`, "k")
	made := func(desc gpu.TextureDescriptor) *gpu.Texture {
		desc.Format = gpu.R32Uint
		tex := h.texture(t, desc)
		slices := max(tex.Layers(), 1)
		if tex.Type() == gpu.TextureCube || tex.Type() == gpu.TextureCubeArray {
			slices *= 6
		}
		n := uint32(0)
		for s := range slices {
			vals := make([]uint32, tex.Width()*tex.Height()*tex.Depth())
			for i := range vals {
				vals[i] = n
				n++
			}
			upload(t, tex, gpu.Region{Slice: s}, vals)
		}
		return tex
	}
	d1 := made(gpu.TextureDescriptor{Type: gpu.Texture1D, Width: 4})
	d1a := made(gpu.TextureDescriptor{Type: gpu.Texture1DArray, Width: 4, Layers: 3})
	d2a := made(gpu.TextureDescriptor{Type: gpu.Texture2DArray, Width: 3, Height: 4, Layers: 3})
	d3 := made(gpu.TextureDescriptor{Type: gpu.Texture3D, Width: 2, Height: 2, Depth: 3})
	cube := made(gpu.TextureDescriptor{Type: gpu.TextureCube, Width: 2, Height: 2})
	cubes := made(gpu.TextureDescriptor{Type: gpu.TextureCubeArray, Width: 2, Height: 2, Layers: 2})
	buf := made(gpu.TextureDescriptor{Type: gpu.TextureBuffer, Width: 5})
	out := h.uints(t, 10)
	h.run(t, p, gpu.D1(1), d1, d1a, d2a, d3, cube, cubes, buf, out)
	require.Equal(t, []uint32{3, 9, 12 + 7, 9, 17, 46, 2, 332, 305, 0}, out.Slice())
	require.Equal(t, []uint32{0, 1, 101, 3}, download[uint32](t, d1, gpu.Region{}, 4))
	require.Equal(t, []uint32{102}, download[uint32](t, d1a, gpu.Region{Slice: 1, Width: 1}, 1))
	require.Equal(t, []uint32{103}, download[uint32](t, d2a, gpu.Region{Slice: 2, Y: 1, Width: 1, Height: 1}, 1))
	require.Equal(t, []uint32{104}, download[uint32](t, d3, gpu.Region{Y: 1, Z: 1, Width: 1, Height: 1, Depth: 1}, 1))
	require.Equal(t, []uint32{105, 1, 2, 3, 4}, download[uint32](t, buf, gpu.Region{}, 5))
}

func TestTextureAtomics(t *testing.T) {
	h := open(t)
	p := h.compile(t, `
kernel void k(texture2d<uint, access::read_write> u, texture2d<int, access::read_write> s, texture2d<ulong, access::read_write> w,
              device uint *out, uint i [[thread_position_in_grid]]) {
	u.atomic_fetch_add(uint2(0, 0), 2u);
	u.atomic_fetch_max(uint2(1, 0), i);
	s.atomic_fetch_min(uint2(0, 0), -int(i));
	s.atomic_fetch_or(uint2(1, 0), int(1 << (i & 31)));
	u.atomic_fetch_xor(uint2(9, 9), 1u); // there is none
	w.atomic_max(uint2(0, 0), ulong(i) << 32 | 5);
	if (i == 7) {
		u.atomic_store(uint4(42), uint2(0, 1));
		out[0] = u.atomic_load(uint2(0, 1)).x;
		uint4 expected = uint4(41);
		out[1] = u.atomic_compare_exchange_weak(uint2(0, 1), &expected, uint4(43));
		out[2] = expected.x;
		out[3] = u.atomic_compare_exchange_weak(uint2(0, 1), &expected, uint4(43));
		out[4] = u.atomic_exchange(uint2(0, 1), uint4(44)).x;
		out[5] = u.atomic_fetch_sub(uint2(0, 1), 4u).x;
	}
}`, "k")
	usage := gpu.UsageRead | gpu.UsageWrite | gpu.UsageAtomic
	u := h.texture(t, gpu.TextureDescriptor{Format: gpu.R32Uint, Width: 2, Height: 2, Usage: usage})
	s := h.texture(t, gpu.TextureDescriptor{Format: gpu.R32Sint, Width: 2, Height: 2, Usage: usage})
	w := h.texture(t, gpu.TextureDescriptor{Format: gpu.RG32Uint, Width: 1, Height: 1, Usage: usage})
	out := h.uints(t, 6)
	h.run(t, p, gpu.D1(1000), u, s, w, out)
	require.Equal(t, []uint32{2000, 999, 40, 0}, download[uint32](t, u, gpu.Region{}, 4))
	require.Equal(t, []int32{-999, -1, 0, 0}, download[int32](t, s, gpu.Region{}, 4))
	require.Equal(t, []uint64{999<<32 | 5}, download[uint64](t, w, gpu.Region{}, 1))
	require.Equal(t, []uint32{42, 0, 42, 1, 43, 44}, out.Slice())
}

func TestDepthTextures(t *testing.T) {
	h := open(t)
	p := h.compile(t, `
kernel void k(depth2d<float> d, depth2d_array<float> da, depthcube<float> dc, sampler cmp, device float *out) {
	constexpr sampler s(filter::linear);
	constexpr sampler less(compare_func::less, filter::linear);
	out[0] = d.read(uint2(1, 0));
	out[1] = d.sample(s, float2(0.5));
	out[2] = d.sample_compare(less, float2(0.5), 0.45);
	out[3] = d.sample_compare(cmp, float2(0.25), 0.25);
	float4 g = d.gather(s, float2(0.5));
	out[4] = g.x; out[5] = g.y; out[6] = g.z; out[7] = g.w;
	float4 c = d.gather_compare(less, float2(0.5), 0.3);
	out[8] = c.x + 2 * c.y + 4 * c.z + 8 * c.w;
	out[9] = da.sample(s, float2(0.5), 1);
	out[10] = dc.sample(s, float3(0, 0, -1));
	out[11] = d.sample_compare(less, float2(0.5), 0.3, level(0));
}`, "k")
	d := h.texture(t, gpu.TextureDescriptor{Format: gpu.Depth32Float, Width: 2, Height: 2})
	upload(t, d, gpu.Region{}, []float32{0.25, 0.5, 0.75, 1})
	da := h.texture(t, gpu.TextureDescriptor{Type: gpu.Texture2DArray, Format: gpu.Depth32Float, Width: 1, Height: 1, Layers: 2})
	upload(t, da, gpu.Region{Slice: 1}, []float32{0.125})
	dc := h.texture(t, gpu.TextureDescriptor{Type: gpu.TextureCube, Format: gpu.Depth16Unorm, Width: 1, Height: 1})
	upload(t, dc, gpu.Region{Slice: 5}, []uint16{65535})
	out := h.floats(t, 12)
	h.run(t, p, gpu.D1(1), d, da, dc, h.sampler(t, gpu.SamplerDescriptor{Compare: gpu.CompareGreaterEqual}), out)
	require.Equal(t, []float32{0.5, 0.625, 0.75, 1, 0.75, 1, 0.5, 0.25, 7, 0.125, 1, 0.75}, out.Slice())
}

func TestMultisampleTextures(t *testing.T) {
	h := open(t)
	p := h.compile(t, `
kernel void k(texture2d_ms<float, access::read> ms, device uint *out) {
	out[0] = ms.get_num_samples() + 10 * ms.get_width();
	out[1] = uint(ms.read(uint2(1, 1), 3).a * 8 + 1);
}`, "k")
	ms := h.texture(t, gpu.TextureDescriptor{Type: gpu.Texture2DMultisample, Format: gpu.RGBA8Unorm, Width: 3, Height: 2, Samples: 4})
	out := h.uints(t, 2)
	h.run(t, p, gpu.D1(1), ms, out)
	require.Equal(t, []uint32{34, 1}, out.Slice())
	require.ErrorContains(t, ms.Upload(gpu.Region{}, make([]byte, 1000)), "kernels only")
}

// Each pixel format, written and read back by kernels of its component type.
func TestFormatsInKernels(t *testing.T) {
	h := open(t)
	const source = `
kernel void wf(texture2d<float, access::write> t, uint i [[thread_position_in_grid]]) { t.write(float4(i / 16.0, 1 - i / 16.0, i * 0.03, 0.5), uint2(i, 0)); }
kernel void rf(texture2d<float, access::read> t, device float4 *out, uint i [[thread_position_in_grid]]) { out[i] = t.read(uint2(i, 0)); }
kernel void wi(texture2d<int, access::write> t, uint i [[thread_position_in_grid]]) { t.write(int4(i, -int(i), i + 1, -1), uint2(i, 0)); }
kernel void ri(texture2d<int, access::read> t, device int4 *out, uint i [[thread_position_in_grid]]) { out[i] = t.read(uint2(i, 0)); }
kernel void wu(texture2d<ushort, access::write> t, uint i [[thread_position_in_grid]]) { t.write(ushort4(i, i + 1, i + 2, 3), uint2(i, 0)); }
kernel void ru(texture2d<ushort, access::read> t, device uint4 *out, uint i [[thread_position_in_grid]]) { out[i] = uint4(t.read(uint2(i, 0))); }
kernel void wh(texture2d<half, access::write> t, uint i [[thread_position_in_grid]]) { t.write(half4(i / 16.0h, 0, 1, 1), uint2(i, 0)); }
kernel void rh(texture2d<half, access::read> t, device float4 *out, uint i [[thread_position_in_grid]]) { out[i] = float4(t.read(uint2(i, 0))); }`
	pipes := map[string]*gpu.Pipeline{}
	for _, n := range []string{"wf", "rf", "wi", "ri", "wu", "ru", "wh", "rh"} {
		pipes[n] = h.compile(t, source, n)
	}
	const n = 16
	for _, f := range []gpu.PixelFormat{gpu.A8Unorm, gpu.R8Unorm, gpu.R8UnormSRGB, gpu.RG8Unorm, gpu.RGBA8Unorm, gpu.RGBA8UnormSRGB, gpu.BGRA8Unorm, gpu.BGRA8UnormSRGB,
		gpu.RGB10A2Unorm, gpu.BGR10A2Unorm, gpu.RG11B10Float, gpu.RGB9E5Float, gpu.R16Unorm, gpu.RG16Unorm, gpu.RGBA16Unorm, gpu.R16Float, gpu.RG16Float, gpu.RGBA16Float,
		gpu.R32Float, gpu.RG32Float, gpu.RGBA32Float, gpu.R8Snorm, gpu.RGBA8Snorm, gpu.RGBA16Snorm} {
		tex := h.texture(t, gpu.TextureDescriptor{Format: f, Width: n, Height: 1})
		out, err := gpu.Make[float32](h.dev, 4*n)
		require.NoError(t, err)
		h.run(t, pipes["wf"], gpu.D1(n), tex)
		h.run(t, pipes["rf"], gpu.D1(n), tex, out)
		name := f.String()
		for i := range n {
			got := out.Slice()[4*i:][:4]
			want := [4]float64{float64(i) / 16, 1 - float64(i)/16, float64(i) * 0.03, 0.5}
			for c, letter := range "RGBA" {
				has := containsChannel(name, byte(letter))
				w, tolerance := want[c], 0.02
				if !has {
					w, tolerance = 0, 0
					if letter == 'A' {
						w = 1
					}
				}
				if strings.Contains(name, "A2") && letter == 'A' { // two bits
					w, tolerance = 0.5, 0.17
				}
				require.InDelta(t, w, float64(got[c]), tolerance, "%s texel %d channel %c", name, i, letter)
			}
		}
		require.NoError(t, out.Close())
	}
	for _, f := range []gpu.PixelFormat{gpu.R8Sint, gpu.RG8Sint, gpu.RGBA8Sint, gpu.R16Sint, gpu.RGBA16Sint, gpu.R32Sint, gpu.RGBA32Sint} {
		tex := h.texture(t, gpu.TextureDescriptor{Format: f, Width: n, Height: 1})
		out, err := gpu.Make[int32](h.dev, 4*n)
		require.NoError(t, err)
		h.run(t, pipes["wi"], gpu.D1(n), tex)
		h.run(t, pipes["ri"], gpu.D1(n), tex, out)
		for i := range n {
			got := out.Slice()[4*i:][:4]
			for c, want := range [4]int{i, -i, i + 1, -1} {
				if !containsChannel(f.String(), "RGBA"[c]) {
					want = c / 3
				}
				require.EqualValues(t, want, got[c], "%v texel %d channel %d", f, i, c)
			}
		}
		require.NoError(t, out.Close())
	}
	for _, f := range []gpu.PixelFormat{gpu.R8Uint, gpu.RGBA8Uint, gpu.RG16Uint, gpu.R32Uint, gpu.RGB10A2Uint, gpu.RGBA32Uint} {
		tex := h.texture(t, gpu.TextureDescriptor{Format: f, Width: n, Height: 1})
		out, err := gpu.Make[uint32](h.dev, 4*n)
		require.NoError(t, err)
		h.run(t, pipes["wu"], gpu.D1(n), tex)
		h.run(t, pipes["ru"], gpu.D1(n), tex, out)
		for i := range n {
			got := out.Slice()[4*i:][:4]
			require.EqualValues(t, i, got[0], "%v", f)
		}
		require.NoError(t, out.Close())
	}
	tex := h.texture(t, gpu.TextureDescriptor{Format: gpu.RGBA16Float, Width: n, Height: 1})
	out, err := gpu.Make[float32](h.dev, 4*n)
	require.NoError(t, err)
	defer out.Close()
	h.run(t, pipes["wh"], gpu.D1(n), tex)
	h.run(t, pipes["rh"], gpu.D1(n), tex, out)
	for i := range n {
		got := out.Slice()[4*i:][:4]
		require.Equal(t, []float32{float32(i) / 16, 0, 1, 1}, got)
	}
}

// containsChannel reports whether a format's name has a channel, or a digit,
// before what its channels are: "RGB10A2Unorm".
func containsChannel(name string, c byte) bool {
	for i := range len(name) {
		if name[i] >= 'a' && name[i] <= 'z' {
			return false
		}
		if name[i] == c && (i+1 >= len(name) || name[i+1] < 'a' || name[i+1] > 'z') {
			return true
		}
	}
	return false
}

func TestArraysOfTextures(t *testing.T) {
	h := open(t)
	p := h.compile(t, `
float pick(array<texture2d<float>, 4> list, uint i, sampler s) { return list[i].sample(s, float2(0.5)).r; }
float look(array_ref<texture2d<float>> list, uint i, sampler s) { return i < list.size() ? list[i].sample(s, float2(0.5)).r : -2; }
kernel void k(array<texture2d<float>, 4> list [[texture(1)]], texture2d<float, access::write> out [[texture(0)]], array<sampler, 2> s [[sampler(0)]],
              uint i [[thread_position_in_grid]]) {
	float v = i & 1 ? pick(list, 3 - i, s[i & 1]) : look(list, 3 - i, s[i & 1]);
	if (is_null_texture(list[i])) v = -1;
	out.write(float4(v), uint2(i, 0));
}`, "k")
	cmd, enc := h.begin(t)
	enc.Bind(p)
	for i := range 4 {
		tex := h.texture(t, gpu.TextureDescriptor{Format: gpu.R32Float, Width: 1, Height: 1})
		upload(t, tex, gpu.Region{}, []float32{float32(i + 10)})
		enc.BindTexture(tex, i+1)
	}
	out := h.texture(t, gpu.TextureDescriptor{Format: gpu.R32Float, Width: 4, Height: 1})
	enc.BindTexture(out, 0)
	enc.BindSampler(h.sampler(t, gpu.SamplerDescriptor{}), 0)
	enc.BindSampler(h.sampler(t, gpu.SamplerDescriptor{Min: gpu.FilterLinear}), 1)
	enc.Launch(gpu.D1(4), gpu.D1(4))
	require.NoError(t, enc.Finish())
	require.NoError(t, cmd.Submit())
	require.NoError(t, cmd.Wait())
	require.Equal(t, []float32{13, 12, 11, 10}, download[float32](t, out, gpu.Region{}, 4))
}

// Textures and samplers in an argument buffer, by their resource IDs.
func TestResourceIDs(t *testing.T) {
	h := open(t)
	p := h.compile(t, `
struct Args { texture2d<float> in [[id(0)]]; sampler s [[id(1)]]; texture2d<float, access::write> out [[id(2)]]; float scale [[id(3)]]; };
kernel void k(constant Args &a [[buffer(0)]], uint2 g [[thread_position_in_grid]]) {
	a.out.write(a.in.sample(a.s, (float2(g) + 0.5) / 2) * a.scale, g);
}`, "k")
	in := h.texture(t, gpu.TextureDescriptor{Format: gpu.R32Float, Width: 2, Height: 2})
	out := h.texture(t, gpu.TextureDescriptor{Format: gpu.R32Float, Width: 2, Height: 2})
	upload(t, in, gpu.Region{}, []float32{1, 2, 3, 4})
	s := h.sampler(t, gpu.SamplerDescriptor{})
	type args struct {
		In, Sampler, Out uint64
		Scale            float32
		_                [4]byte
	}
	launch := func(use bool) error {
		cmd, enc := h.begin(t)
		enc.Bind(p)
		gpu.Push(enc, args{In: in.ResourceID(), Sampler: s.ResourceID(), Out: out.ResourceID(), Scale: 10}, 0)
		if use {
			enc.UseTexture(in, false)
			enc.UseTexture(out, true)
		}
		enc.Launch(gpu.D2(2, 2), gpu.D2(2, 2))
		require.NoError(t, enc.Finish())
		require.NoError(t, cmd.Submit())
		return cmd.Wait()
	}
	require.NoError(t, launch(true))
	require.Equal(t, []float32{10, 20, 30, 40}, download[float32](t, out, gpu.Region{}, 4))
	h.faults(t)
	require.ErrorContains(t, launch(false), "names no texture that the command buffer uses")
}

func TestTextureArgumentsOfFunctionConstants(t *testing.T) {
	h := open(t)
	lib, err := h.dev.Compile(`#include <metal_stdlib>
using namespace metal;
constant bool masked [[function_constant(0)]];
kernel void k(texture2d<float, access::read> in [[texture(0)]], texture2d<float, access::read> mask [[texture(1), function_constant(masked)]],
              device float *out, uint i [[thread_position_in_grid]]) {
	float v = in.read(uint2(i, 0)).r;
	if (masked) v *= mask.read(uint2(i, 0)).r;
	out[i] = v;
}`)
	require.NoError(t, err)
	defer lib.Close()
	in := h.texture(t, gpu.TextureDescriptor{Format: gpu.R32Float, Width: 2})
	mask := h.texture(t, gpu.TextureDescriptor{Format: gpu.R32Float, Width: 2})
	upload(t, in, gpu.Region{}, []float32{3, 5})
	upload(t, mask, gpu.Region{}, []float32{1, 0})
	for _, on := range []bool{false, true} {
		f, err := lib.FunctionWith("k", gpu.Constants{Name: map[string]any{"masked": on}})
		require.NoError(t, err)
		p, err := h.dev.Pipeline(f)
		require.NoError(t, err)
		out := h.floats(t, 2)
		if on {
			h.run(t, p, gpu.D1(2), in, mask, out)
			require.Equal(t, []float32{3, 0}, out.Slice())
		} else {
			h.run(t, p, gpu.D1(2), in, out)
			require.Equal(t, []float32{3, 5}, out.Slice())
		}
		require.NoError(t, p.Close())
		require.NoError(t, f.Close())
	}
}

// A read-write texture: what a thread writes it reads back after a fence, and a
// barrier shows it to the others of the threadgroup.
func TestReadWriteTexture(t *testing.T) {
	h := open(t)
	p := h.compile(t, `
kernel void k(texture2d<float, access::read_write> t, uint i [[thread_position_in_grid]], uint n [[threads_per_threadgroup]]) {
	for (uint step = 1; step < n; step *= 2) {
		float a = t.read(uint2(i, 0)).r, b = i >= step ? t.read(uint2(i - step, 0)).r : 0;
		threadgroup_barrier(mem_flags::mem_texture);
		t.write(float4(a + b), uint2(i, 0));
		t.fence();
		threadgroup_barrier(mem_flags::mem_texture);
	}
}`, "k")
	const n = 64
	tex := h.texture(t, gpu.TextureDescriptor{Format: gpu.R32Float, Width: n})
	ones := make([]float32, n)
	for i := range ones {
		ones[i] = 1
	}
	upload(t, tex, gpu.Region{}, ones)
	cmd, enc := h.begin(t)
	enc.Bind(p)
	enc.BindTexture(tex, 0)
	enc.Launch(gpu.D1(n), gpu.D1(n))
	require.NoError(t, enc.Finish())
	require.NoError(t, cmd.Submit())
	require.NoError(t, cmd.Wait())
	for i, v := range download[float32](t, tex, gpu.Region{}, n) {
		require.EqualValues(t, i+1, v)
	}
}

// sRGB is decoded on reading and encoded on writing.
func TestSRGBInKernels(t *testing.T) {
	h := open(t)
	p := h.compile(t, `kernel void k(texture2d<float, access::read> in, texture2d<float, access::write> out, device float *v, uint i [[thread_position_in_grid]]) {
	float4 c = in.read(uint2(i, 0)); v[i] = c.r; out.write(c, uint2(i, 0)); }`, "k")
	in := h.texture(t, gpu.TextureDescriptor{Format: gpu.RGBA8UnormSRGB, Width: 256})
	out := h.texture(t, gpu.TextureDescriptor{Format: gpu.RGBA8UnormSRGB, Width: 256})
	data := make([]byte, 1024)
	for i := range data {
		data[i] = byte(i / 4)
	}
	require.NoError(t, in.Upload(gpu.Region{}, data))
	v := h.floats(t, 256)
	h.run(t, p, gpu.D1(256), in, out, v)
	got := make([]byte, 1024)
	require.NoError(t, out.Download(gpu.Region{}, got))
	require.Equal(t, data, got)
	require.InDelta(t, math.Pow((128/255.0+0.055)/1.055, 2.4), float64(v.Slice()[128]), 1e-7)
}
