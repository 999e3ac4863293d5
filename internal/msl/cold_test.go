package msl

import (
	"testing"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/simt"
	"github.com/aruminium-go/aruminium/internal/simt/jit"
)

// Kernels of some fifty lines, for the cost of a cold compile.
const (
	// coldMath calls many mathematical functions.
	coldMath = `
float cnd(float d) {
    float k = 1.0f / (1.0f + 0.2316419f * fabs(d));
    float w = k * (0.319381530f + k * (-0.356563782f + k * (1.781477937f + k * (-1.821255978f + k * 1.330274429f))));
    w *= 0.39894228f * exp(-0.5f * d * d);
    return d > 0.0f ? 1.0f - w : w;
}

struct Option { float spot, strike, years; };

kernel void price(device const Option *options [[buffer(0)]], device float2 *out [[buffer(1)]],
                  constant float &rate [[buffer(2)]], constant float &vol [[buffer(3)]],
                  constant uint &n [[buffer(4)]], uint id [[thread_position_in_grid]]) {
    if (id >= n)
        return;
    Option o = options[id];
    float root = sqrt(o.years);
    float d1 = (log(o.spot / o.strike) + (rate + 0.5f * vol * vol) * o.years) / (vol * root);
    float d2 = d1 - vol * root;
    float discount = o.strike * exp(-rate * o.years);
    float call = o.spot * cnd(d1) - discount * cnd(d2);
    float put = call - o.spot + discount;
    float season = 1.0f + 0.01f * sin(6.2831853f * o.years) + 0.005f * cos(12.566371f * o.years);
    float skew = tanh(d1) * pow(o.spot / o.strike, 0.25f) + atan2(put, call);
    float smile = erf_like(skew) + exp2(-fabs(d2)) + log2(1.0f + o.years) + asin(clamp(skew, -1.0f, 1.0f));
    out[id] = float2(call * season + 1e-6f * smile, put / season);
}
`
	// coldTiles has loops, threadgroup memory and barriers.
	coldTiles = `
constant constexpr uint TILE = 16;

struct Shape { uint m, n, k; };

kernel void multiply(device const float *a [[buffer(0)]], device const float *b [[buffer(1)]],
                     device float *c [[buffer(2)]], constant Shape &s [[buffer(3)]],
                     uint2 group [[threadgroup_position_in_grid]], uint2 t [[thread_position_in_threadgroup]]) {
    threadgroup float x[TILE][TILE];
    threadgroup float y[TILE][TILE];
    uint row = group.y * TILE + t.y;
    uint col = group.x * TILE + t.x;
    float sum = 0.0f;
    for (uint k = 0; k < s.k; k += TILE) {
        x[t.y][t.x] = row < s.m && k + t.x < s.k ? a[row * s.k + k + t.x] : 0.0f;
        y[t.y][t.x] = col < s.n && k + t.y < s.k ? b[(k + t.y) * s.n + col] : 0.0f;
        threadgroup_barrier(mem_flags::mem_threadgroup);
        for (uint i = 0; i < TILE; i++)
            sum += x[t.y][i] * y[i][t.x];
        threadgroup_barrier(mem_flags::mem_threadgroup);
    }
    if (row < s.m && col < s.n)
        c[row * s.n + col] = sum;
}

kernel void total(device const float *a [[buffer(0)]], device float *out [[buffer(1)]], constant uint &n [[buffer(2)]],
                  uint id [[thread_position_in_grid]], uint t [[thread_index_in_threadgroup]],
                  uint size [[threads_per_threadgroup]], uint all [[threads_per_grid]],
                  uint group [[threadgroup_position_in_grid]]) {
    threadgroup float part[256];
    float sum = 0.0f;
    for (uint i = id; i < n; i += all)
        sum += a[i];
    part[t] = sum;
    for (uint step = size / 2; step > 0; step /= 2) {
        threadgroup_barrier(mem_flags::mem_threadgroup);
        if (t < step)
            part[t] += part[t + step];
    }
    if (t == 0)
        out[group] = part[0];
}
`
	// coldPlain is arithmetic on vectors and structures.
	coldPlain = `
struct Body { float4 place, speed; };

static float3 pull(float3 from, float4 to, float soft) {
    float3 d = to.xyz - from;
    float r = dot(d, d) + soft;
    return d * (to.w * rsqrt(r * r * r));
}

template <typename T> T mix3(T a, T b, T c, float s) { return mix(mix(a, b, s), c, s); }

kernel void step(device const Body *in [[buffer(0)]], device Body *out [[buffer(1)]], constant uint &n [[buffer(2)]],
                 constant float &dt [[buffer(3)]], uint id [[thread_position_in_grid]]) {
    if (id >= n)
        return;
    Body b = in[id];
    float3 force = 0.0f;
    for (uint i = 0; i < n; i++)
        force += pull(b.place.xyz, in[i].place, 1e-3f);
    b.speed.xyz += force * dt;
    b.speed.w = length(b.speed.xyz);
    switch (id & 3) {
    case 0:
        b.speed.xyz = min(b.speed.xyz, 10.0f);
        break;
    case 1:
        b.speed.xyz = clamp(b.speed.xyz, -5.0f, 5.0f);
        break;
    default:
        b.speed.xyz = mix3(b.speed.xyz, force, float3(1), 0.125f);
    }
    b.place.xyz += b.speed.xyz * dt;
    if (any(isnan(b.place)))
        b.place = float4(0, 0, 0, b.place.w);
    out[id] = b;
}
`
)

// coldKernels are the kernels with their texts.
var coldKernels = []struct{ name, kernel, text string }{
	{"math", "price", "float erf_like(float x) { return tanh(1.128379f * x + 0.100903f * x * x * x); }\n" + coldMath},
	{"tiles", "multiply", coldTiles},
	{"plain", "step", coldPlain},
}

// BenchmarkCold is the cost of a compile, from the source to what the
// interpreter runs.
func BenchmarkCold(b *testing.B) {
	for _, k := range coldKernels {
		text := prelude + k.text
		b.Run(k.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				lib, diags := Compile(Source{Text: text}, Options{})
				if lib == nil {
					b.Fatal(diags.Render())
				}
				code, diags := lib.Lower(k.kernel, Constants{})
				if code == nil {
					b.Fatal(diags.Render())
				}
				if _, err := simt.Compile(code.Func); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkColdCode is the cost of machine code for a kernel that the interpreter
// could run.
func BenchmarkColdCode(b *testing.B) {
	isa, ok := jit.Best()
	if !ok {
		b.Skip("no machine code here")
	}
	for _, k := range coldKernels {
		lib := compileWith(b, k.text, Options{})
		code, _ := lib.Lower(k.kernel, Constants{})
		n := 0
		code.Func.Body.Walk(func(*ir.Instr) bool { n++; return true })
		b.Run(k.name, func(b *testing.B) {
			b.ReportAllocs()
			b.ReportMetric(float64(n), "ops")
			for b.Loop() {
				c, err := jit.Compile(code.Func, isa, jit.Size{X: 256, Y: 1, Z: 1}, make([]int64, len(code.Func.Mems)))
				if err != nil {
					b.Fatal(err)
				}
				c.Free()
			}
		})
	}
}
