// Kernels as people write them, for the tests of all tiers. The comment before each
// says what it is launched on: the grid, the threadgroup unless 64 threads, and the
// buffers: a kind and a number of elements, or numbers.
#include <metal_stdlib>
using namespace metal;

// launch: grid 64 37 buffers float:2368 float:2368 2:64,37
kernel void jacobi2d(device const float *in [[buffer(0)]], device float *out [[buffer(1)]], constant uint2 &size [[buffer(2)]], uint2 g [[thread_position_in_grid]]) {
    if (g.x == 0 || g.y == 0 || g.x >= size.x - 1 || g.y >= size.y - 1) return;
    uint i = g.y * size.x + g.x;
    out[i] = 0.25f * (in[i-1] + in[i+1] + in[i-size.x] + in[i+size.x]);
}
// launch: grid 17 17 17 buffers float:4913 float:4913 2:17,17
kernel void stencil3d(device const float *in [[buffer(0)]], device float *out [[buffer(1)]], constant uint2 &n [[buffer(2)]], uint3 g [[thread_position_in_grid]]) {
    uint N = n.x;
    if (any(g == 0) || any(g >= N-1)) return;
    uint i = (g.z * N + g.y) * N + g.x;
    out[i] = 0.5f*in[i] + 0.0833f * (in[i-1]+in[i+1]+in[i-N]+in[i+N]+in[i-N*N]+in[i+N*N]);
}
// launch: grid 700 buffers byte:2800 byte:700
kernel void gray(device const uchar4 *in [[buffer(0)]], device uchar *out [[buffer(1)]], uint i [[thread_position_in_grid]]) {
    float3 c = float3(in[i].xyz) / 255.0f;
    out[i] = uchar(dot(c, float3(0.299f, 0.587f, 0.114f)) * 255.0f + 0.5f);
}
// launch: grid 700 buffers byte:2800 byte:2800
kernel void invert(device const uchar4 *in [[buffer(0)]], device uchar4 *out [[buffer(1)]], uint i [[thread_position_in_grid]]) {
    uchar4 p = in[i];
    out[i] = uchar4(255 - p.x, 255 - p.y, 255 - p.z, p.w);
}
// launch: grid 333 buffers half:1332 half:1332 1f:2.5
kernel void halfaxpy(device const half4 *x [[buffer(0)]], device half4 *y [[buffer(1)]], constant float &a [[buffer(2)]], uint i [[thread_position_in_grid]]) {
    y[i] = half4(float4(x[i]) * a + float4(y[i]));
}
// launch: grid 640 group 32 buffers half:5120 half:256 float:20 1:256
kernel void gemvh(device const half *A [[buffer(0)]], device const half *x [[buffer(1)]], device float *y [[buffer(2)]], constant uint &n [[buffer(3)]],
   uint row [[threadgroup_position_in_grid]], uint lane [[thread_index_in_simdgroup]]) {
    device const half4 *a = (device const half4 *)(A + row * n);
    device const half4 *b = (device const half4 *)x;
    float s = 0;
    for (uint i = lane; i < n/4; i += 32) s += dot(float4(a[i]), float4(b[i]));
    s = simd_sum(s);
    if (lane == 0) y[row] = s;
}
// launch: grid 96 group 48 buffers float:8192 float:8192 float:8192 float:3072
kernel void attention(device const float *q [[buffer(0)]], device const float *k [[buffer(1)]], device const float *v [[buffer(2)]], device float *o [[buffer(3)]], uint t [[thread_position_in_grid]]) {
    const uint D = 32, T = 256;
    float qq[D]; float acc[D];
    for (uint d = 0; d < D; d++) { qq[d] = q[t*D+d]; acc[d] = 0; }
    float m = -INFINITY, l = 0;
    for (uint j = 0; j < T; j++) {
        float s = 0;
        for (uint d = 0; d < D; d++) s += qq[d]*k[j*D+d];
        s *= 0.17677f;
        float mn = max(m, s);
        float c = exp(m - mn), p = exp(s - mn);
        l = l*c + p;
        for (uint d = 0; d < D; d++) acc[d] = acc[d]*c + p*v[j*D+d];
        m = mn;
    }
    for (uint d = 0; d < D; d++) o[t*D+d] = acc[d]/l;
}
// launch: grid 96 group 32 buffers float:8192 float:8192 float:8192 float:3072
kernel void flash(device const float4 *q [[buffer(0)]], device const float4 *k [[buffer(1)]], device const float4 *v [[buffer(2)]], device float4 *o [[buffer(3)]],
  uint t [[thread_position_in_grid]], uint l [[thread_position_in_threadgroup]], uint tg [[threads_per_threadgroup]]) {
    threadgroup float4 kt[32*8]; threadgroup float4 vt[32*8];
    const uint T = 256;
    float4 qq[8], acc[8];
    for (uint d = 0; d < 8; d++) { qq[d] = q[t*8+d]; acc[d] = 0; }
    float m = -INFINITY, s = 0;
    for (uint j0 = 0; j0 < T; j0 += 32) {
        for (uint x = l; x < 256; x += tg) { kt[x] = k[j0*8+x]; vt[x] = v[j0*8+x]; }
        threadgroup_barrier(mem_flags::mem_threadgroup);
        for (uint j = 0; j < 32; j++) {
            float4 a = 0;
            for (uint d = 0; d < 8; d++) a = fma(qq[d], kt[j*8+d], a);
            float sc = (a.x+a.y+a.z+a.w)*0.17677f;
            float mn = max(m, sc), c = fast::exp(m-mn), p = fast::exp(sc-mn);
            s = s*c+p; m = mn;
            for (uint d = 0; d < 8; d++) acc[d] = acc[d]*c + p*vt[j*8+d];
        }
        threadgroup_barrier(mem_flags::mem_threadgroup);
    }
    for (uint d = 0; d < 8; d++) o[t*8+d] = acc[d]/s;
}
static uint rotr(uint x, uint n) { return rotate(x, 32-n); }
constant uint K[64] = {
0x428a2f98,0x71374491,0xb5c0fbcf,0xe9b5dba5,0x3956c25b,0x59f111f1,0x923f82a4,0xab1c5ed5,0xd807aa98,0x12835b01,0x243185be,0x550c7dc3,0x72be5d74,0x80deb1fe,0x9bdc06a7,0xc19bf174,
0xe49b69c1,0xefbe4786,0x0fc19dc6,0x240ca1cc,0x2de92c6f,0x4a7484aa,0x5cb0a9dc,0x76f988da,0x983e5152,0xa831c66d,0xb00327c8,0xbf597fc7,0xc6e00bf3,0xd5a79147,0x06ca6351,0x14292967,
0x27b70a85,0x2e1b2138,0x4d2c6dfc,0x53380d13,0x650a7354,0x766a0abb,0x81c2c92e,0x92722c85,0xa2bfe8a1,0xa81a664b,0xc24b8b70,0xc76c51a3,0xd192e819,0xd6990624,0xf40e3585,0x106aa070,
0x19a4c116,0x1e376c08,0x2748774c,0x34b0bcb5,0x391c0cb3,0x4ed8aa4a,0x5b9cca4f,0x682e6ff3,0x748f82ee,0x78a5636f,0x84c87814,0x8cc70208,0x90befffa,0xa4506ceb,0xbef9a3f7,0xc67178f2};
// launch: grid 100 buffers uint:1600 uint:800
kernel void sha256(device const uint *msg [[buffer(0)]], device uint *out [[buffer(1)]], uint t [[thread_position_in_grid]]) {
    uint w[64];
    for (int i = 0; i < 16; i++) w[i] = msg[t*16+i];
    for (int i = 16; i < 64; i++) {
        uint s0 = rotr(w[i-15],7) ^ rotr(w[i-15],18) ^ (w[i-15]>>3);
        uint s1 = rotr(w[i-2],17) ^ rotr(w[i-2],19) ^ (w[i-2]>>10);
        w[i] = w[i-16]+s0+w[i-7]+s1;
    }
    uint a=0x6a09e667,b=0xbb67ae85,c=0x3c6ef372,d=0xa54ff53a,e=0x510e527f,f=0x9b05688c,g=0x1f83d9ab,h=0x5be0cd19;
    for (int i = 0; i < 64; i++) {
        uint t1 = h + (rotr(e,6)^rotr(e,11)^rotr(e,25)) + ((e&f)^(~e&g)) + K[i] + w[i];
        uint t2 = (rotr(a,2)^rotr(a,13)^rotr(a,22)) + ((a&b)^(a&c)^(b&c));
        h=g;g=f;f=e;e=d+t1;d=c;c=b;b=a;a=t1+t2;
    }
    out[t*8]=a;out[t*8+1]=b;out[t*8+2]=c;out[t*8+3]=d;out[t*8+4]=e;out[t*8+5]=f;out[t*8+6]=g;out[t*8+7]=h;
}
// launch: grid 200 buffers float:200
kernel void montecarlo(device float *out [[buffer(0)]], uint t [[thread_position_in_grid]]) {
    uint s = t * 747796405u + 2891336453u; uint in = 0;
    for (int i = 0; i < 256; i++) {
        s ^= s << 13; s ^= s >> 17; s ^= s << 5; float x = s * (1.0f/4294967296.0f);
        s ^= s << 13; s ^= s >> 17; s ^= s << 5; float y = s * (1.0f/4294967296.0f);
        in += (x*x+y*y < 1.0f);
    }
    out[t] = in / 256.0f;
}
// launch: grid 45 33 buffers byte:1485 byte:1485 2:45,33
kernel void life(device const uchar *in [[buffer(0)]], device uchar *out [[buffer(1)]], constant uint2 &n [[buffer(2)]], uint2 g [[thread_position_in_grid]]) {
    int c = 0;
    for (int dy = -1; dy <= 1; dy++) for (int dx = -1; dx <= 1; dx++) {
        if (dx == 0 && dy == 0) continue;
        uint x = (g.x + n.x + dx) % n.x, y = (g.y + n.y + dy) % n.y;
        c += in[y*n.x+x];
    }
    uchar s = in[g.y*n.x+g.x];
    out[g.y*n.x+g.x] = (c == 3 || (c == 2 && s)) ? 1 : 0;
}
// launch: grid 500 buffers float:1000 float:64 uint:500 1:32
kernel void kmeans(device const float2 *p [[buffer(0)]], device const float2 *c [[buffer(1)]], device uint *out [[buffer(2)]], constant uint &k [[buffer(3)]], uint t [[thread_position_in_grid]]) {
    float2 x = p[t]; float best = INFINITY; uint bi = 0;
    for (uint i = 0; i < k; i++) { float d = distance_squared(x, c[i]); if (d < best) { best = d; bi = i; } }
    out[t] = bi;
}
float hash21(float2 p) { return fract(sin(dot(p, float2(127.1f, 311.7f))) * 43758.5453f); }
float noise2(float2 p) { float2 i = floor(p), f = fract(p); float2 u = f*f*(3.0f-2.0f*f);
  return mix(mix(hash21(i), hash21(i+float2(1,0)), u.x), mix(hash21(i+float2(0,1)), hash21(i+float2(1,1)), u.x), u.y); }
// launch: grid 40 20 buffers float:800 2:40,20
kernel void fbm(device float *out [[buffer(0)]], constant uint2 &n [[buffer(1)]], uint2 g [[thread_position_in_grid]]) {
    float2 p = float2(g)/64.0f; float a = 0.5f, s = 0;
    for (int i = 0; i < 5; i++) { s += a*noise2(p); p = p*2.03f+float2(1.7f,9.2f); a *= 0.5f; }
    out[g.y*n.x+g.x] = s;
}
float sdf(float3 p) { float3 q = abs(p)-float3(0.5f); return min(length(max(q,0.0f))+min(max(q.x,max(q.y,q.z)),0.0f)-0.1f, length(p-float3(0,0.9f,0))-0.4f); }
// launch: grid 40 24 buffers float:3840 2:40,24
kernel void raymarch(device float4 *out [[buffer(0)]], constant uint2 &n [[buffer(1)]], uint2 g [[thread_position_in_grid]]) {
    float2 uv = (float2(g)*2.0f - float2(n))/float(n.y);
    float3 ro = float3(0,0.5f,-3), rd = normalize(float3(uv,1.5f)); float t = 0; bool hit = false;
    for (int i = 0; i < 64; i++) { float d = sdf(ro+rd*t); if (d < 0.001f) { hit = true; break; } t += d; if (t > 20) break; }
    float4 c = float4(0.1f,0.2f,0.3f,1);
    if (hit) { float3 p = ro+rd*t; float2 e = float2(0.001f,0);
      float3 nn = normalize(float3(sdf(p+e.xyy)-sdf(p-e.xyy), sdf(p+e.yxy)-sdf(p-e.yxy), sdf(p+e.yyx)-sdf(p-e.yyx)));
      c = float4(max(dot(nn, normalize(float3(1,1,-1))),0.0f)*float3(1,0.8f,0.6f), 1); }
    out[g.y*n.x+g.x] = c;
}
// launch: grid 3000 buffers uint:3000 zero:256
kernel void devhist(device const uint *in [[buffer(0)]], device atomic_uint *h [[buffer(1)]], uint t [[thread_position_in_grid]]) {
    atomic_fetch_add_explicit(&h[in[t] & 255], 1u, memory_order_relaxed);
}
struct Particle { float3 pos; float3 vel; float mass; };
// launch: grid 300 buffers float:3600 1f:0.01
kernel void integrate(device Particle *p [[buffer(0)]], constant float &dt [[buffer(1)]], uint t [[thread_position_in_grid]]) {
    Particle x = p[t];
    x.vel += float3(0,-9.8f,0)*dt; x.pos += x.vel*dt;
    if (x.pos.y < 0) { x.pos.y = -x.pos.y; x.vel.y *= -0.5f; }
    p[t] = x;
}
struct PP { packed_float3 pos; float m; packed_float3 vel; uint id; };
// launch: grid 300 buffers float:2400 1f:0.01
kernel void packedp(device PP *p [[buffer(0)]], constant float &dt [[buffer(1)]], uint t [[thread_position_in_grid]]) {
    float3 v = p[t].vel; v *= 0.99f; p[t].pos = float3(p[t].pos) + v*dt; p[t].vel = v;
}
// launch: grid 1024 group 256 buffers uint:4096 uint:64
kernel void radixcount(device const uint *in [[buffer(0)]], device uint *out [[buffer(1)]], uint t [[thread_position_in_grid]], uint l [[thread_position_in_threadgroup]], uint g [[threadgroup_position_in_grid]]) {
    threadgroup atomic_uint h[16];
    if (l < 16) atomic_store_explicit(&h[l], 0u, memory_order_relaxed);
    threadgroup_barrier(mem_flags::mem_threadgroup);
    for (uint i = 0; i < 4; i++) atomic_fetch_add_explicit(&h[(in[t*4+i] >> 4) & 15], 1u, memory_order_relaxed);
    threadgroup_barrier(mem_flags::mem_threadgroup);
    if (l < 16) out[g*16+l] = atomic_load_explicit(&h[l], memory_order_relaxed);
}
// launch: grid 1024 group 256 buffers float:1024 uint:4
kernel void argmax(device const float *in [[buffer(0)]], device uint *out [[buffer(1)]], uint t [[thread_position_in_grid]], uint l [[thread_position_in_threadgroup]], uint g [[threadgroup_position_in_grid]],
  uint sg [[simdgroup_index_in_threadgroup]], uint lane [[thread_index_in_simdgroup]]) {
    threadgroup float vals[32]; threadgroup uint idx[32];
    float v = in[t]; uint i = t;
    for (ushort o = 16; o > 0; o >>= 1) { float v2 = simd_shuffle_down(v, o); uint i2 = simd_shuffle_down(i, o); if (v2 > v || (v2 == v && i2 < i)) { v = v2; i = i2; } }
    if (lane == 0) { vals[sg] = v; idx[sg] = i; }
    threadgroup_barrier(mem_flags::mem_threadgroup);
    if (l == 0) { for (uint s = 1; s < 8; s++) if (vals[s] > vals[0]) { vals[0] = vals[s]; idx[0] = idx[s]; } out[g] = idx[0]; }
}
// launch: grid 500 buffers uint:500
kernel void collatz(device uint *out [[buffer(0)]], uint t [[thread_position_in_grid]]) {
    ulong n = t + 1; uint s = 0;
    while (n != 1 && s < 1000) { n = (n & 1) ? 3*n+1 : n >> 1; s++; }
    out[t] = s;
}
// launch: grid 200 buffers rows:201 index:3200,1000 float:3200 float:1000 float:200
kernel void spmv(device const uint *rp [[buffer(0)]], device const uint *ci [[buffer(1)]], device const float *va [[buffer(2)]], device const float *x [[buffer(3)]], device float *y [[buffer(4)]], uint r [[thread_position_in_grid]]) {
    float s = 0; for (uint j = rp[r]; j < rp[r+1]; j++) s += va[j]*x[ci[j]]; y[r] = s;
}
// launch: grid 16 20 buffers float:640 2:16,20
kernel void rope(device float2 *x [[buffer(0)]], constant uint2 &n [[buffer(1)]], uint2 g [[thread_position_in_grid]]) {
    float th = g.y * pow(10000.0f, -2.0f*g.x/n.x); float c, s = sincos(th, c); float2 v = x[g.y*n.x+g.x];
    x[g.y*n.x+g.x] = float2(v.x*c - v.y*s, v.x*s + v.y*c);
}
// launch: grid 1000 buffers float:1000 float:1000
kernel void gelu(device const float *x [[buffer(0)]], device float *y [[buffer(1)]], uint t [[thread_position_in_grid]]) {
    float v = x[t]; y[t] = 0.5f*v*(1.0f+tanh(0.79788456f*(v+0.044715f*v*v*v)));
}
// launch: grid 300 buffers float:16 float:1200 float:1200
kernel void matvec4(device const float4x4 *m [[buffer(0)]], device const float4 *v [[buffer(1)]], device float4 *o [[buffer(2)]], uint t [[thread_position_in_grid]]) { o[t] = m[0]*v[t]; }
// launch: grid 40 30 buffers float:1200 float:1200 2:40,30
kernel void bilateral(device const float *in [[buffer(0)]], device float *out [[buffer(1)]], constant uint2 &n [[buffer(2)]], uint2 g [[thread_position_in_grid]]) {
    float c = in[g.y*n.x+g.x], s = 0, w = 0;
    for (int dy = -3; dy <= 3; dy++) for (int dx = -3; dx <= 3; dx++) {
        int x = clamp(int(g.x)+dx, 0, int(n.x)-1), y = clamp(int(g.y)+dy, 0, int(n.y)-1);
        float v = in[y*n.x+x]; float k = exp(-(dx*dx+dy*dy)*0.1f - (v-c)*(v-c)*10.0f); s += v*k; w += k; }
    out[g.y*n.x+g.x] = s/w;
}

// launch: grid 1000 group 128 buffers uint:1000 uint:1000 uint:8
kernel void blockscan(device const uint *in [[buffer(0)]], device uint *out [[buffer(1)]], device uint *sums [[buffer(2)]],
                      uint t [[thread_position_in_grid]], uint l [[thread_position_in_threadgroup]], uint n [[threads_per_threadgroup]], uint g [[threadgroup_position_in_grid]]) {
    threadgroup uint tmp[128];
    tmp[l] = in[t] & 1023;
    threadgroup_barrier(mem_flags::mem_threadgroup);
    for (uint o = 1; o < n; o <<= 1) {
        uint v = l >= o ? tmp[l - o] : 0;
        threadgroup_barrier(mem_flags::mem_threadgroup);
        tmp[l] += v;
        threadgroup_barrier(mem_flags::mem_threadgroup);
    }
    out[t] = tmp[l];
    if (l == n - 1) sums[g] = tmp[l];
}
// launch: grid 512 group 512 buffers uint:512
kernel void bitonicgroup(device uint *data [[buffer(0)]], uint l [[thread_position_in_threadgroup]]) {
    threadgroup uint s[512];
    s[l] = data[l];
    for (uint k = 2; k <= 512; k <<= 1)
        for (uint j = k >> 1; j > 0; j >>= 1) {
            threadgroup_barrier(mem_flags::mem_threadgroup);
            uint o = l ^ j;
            if (o > l) {
                uint a = s[l], b = s[o];
                if (((l & k) == 0) == (a > b)) { s[l] = b; s[o] = a; }
            }
        }
    threadgroup_barrier(mem_flags::mem_threadgroup);
    data[l] = s[l];
}
// launch: grid 48 32 group 16 16 buffers float:1536 float:1536 float:2304 1:48
kernel void tilemul(device const float *A [[buffer(0)]], device const float *B [[buffer(1)]], device float *C [[buffer(2)]], constant uint &n [[buffer(3)]],
                    uint2 g [[thread_position_in_grid]], uint2 l [[thread_position_in_threadgroup]]) {
    threadgroup float a[16][16], b[16][17];
    float s = 0;
    for (uint k = 0; k < 32; k += 16) {
        a[l.y][l.x] = A[g.y * 32 + k + l.x];
        b[l.y][l.x] = B[(k + l.y) * n + g.x];
        threadgroup_barrier(mem_flags::mem_threadgroup);
        for (uint i = 0; i < 16; i++) s += a[l.y][i] * b[i][l.x];
        threadgroup_barrier(mem_flags::mem_threadgroup);
    }
    C[g.y * n + g.x] = s;
}
// launch: grid 256 group 64 buffers float:256 float:256
kernel void softmaxrows(device const float *in [[buffer(0)]], device float *out [[buffer(1)]], uint t [[thread_position_in_grid]], uint lane [[thread_index_in_simdgroup]],
                        uint sg [[simdgroup_index_in_threadgroup]]) {
    threadgroup float part[2];
    float m = simd_max(in[t]);
    if (lane == 0) part[sg] = m;
    threadgroup_barrier(mem_flags::mem_threadgroup);
    m = max(part[0], part[1]);
    float e = exp(in[t] - m), s = simd_sum(e);
    threadgroup_barrier(mem_flags::mem_threadgroup);
    if (lane == 0) part[sg] = s;
    threadgroup_barrier(mem_flags::mem_threadgroup);
    out[t] = e / (part[0] + part[1]);
}
struct Q8 { half d; char q[32]; };
// launch: grid 20 buffers byte:5440 float:256 float:20
kernel void q8dot(device const Q8 *w [[buffer(0)]], device const float *x [[buffer(1)]], device float *y [[buffer(2)]], uint r [[thread_position_in_grid]]) {
    float s = 0;
    for (uint b = 0; b < 8; b++) {
        float p = 0;
        for (uint i = 0; i < 32; i++) p += float(w[r * 8 + b].q[i]) * x[b * 32 + i];
        s += p * (float(w[r * 8 + b].d) > 100 ? 1.0f : 0.5f);
    }
    y[r] = s;
}
// launch: grid 64 group 32 buffers uint:64 uint:192
kernel void votes(device const uint *in [[buffer(0)]], device uint *out [[buffer(1)]], uint t [[thread_position_in_grid]], ushort lane [[thread_index_in_simdgroup]]) {
    uint v = in[t];
    uint r = uint(ulong(simd_ballot(v & 1)));
    if (v & 2) r ^= simd_prefix_exclusive_sum(v & 7) + simd_or(v & 240);
    else r += simd_shuffle_xor(v, 3) & 255;
    out[3 * t] = r;
    out[3 * t + 1] = quad_sum(v & 255) + quad_broadcast(v, 2);
    out[3 * t + 2] = simd_shuffle_and_fill_down(v, 7u, ushort(lane & 0 | 3)) + popcount(v) + clz(v);
}
// launch: grid 200 buffers long:200 long:200
kernel void longs(device const long *in [[buffer(0)]], device long *out [[buffer(1)]], uint t [[thread_position_in_grid]]) {
    long a = in[t], b = in[(t * 7 + 3) % 200] | 1;
    out[t] = a / b + a % b + mulhi(a, b) + (a << (b & 63)) + (a >> (t & 63)) + max(a, b) + long(popcount(ulong(a)));
}
// launch: grid 150 buffers byte:600 byte:600
kernel void bytes4(device const char4 *in [[buffer(0)]], device char4 *out [[buffer(1)]], uint t [[thread_position_in_grid]]) {
    char4 v = in[t];
    char4 w = v.wzyx * char4(3) + select(v, -v, v > char4(20));
    w.xy = max(w.xy, v.zw);
    out[t] = addsat(w, v) ^ char4(abs(v));
}
// launch: grid 100 buffers float:1600 float:1600
kernel void invert4(device const float4x4 *in [[buffer(0)]], device float4x4 *out [[buffer(1)]], uint t [[thread_position_in_grid]]) {
    float4x4 m = in[t], r = transpose(m) * m;
    for (int i = 0; i < 4; i++) r[i] = r[i] * determinant(m) + m[(i + t) & 3];
    out[t] = r;
}
// launch: grid 128 buffers uint:128 uint:128
kernel void insertion(device const uint *in [[buffer(0)]], device uint *out [[buffer(1)]], uint t [[thread_position_in_grid]]) {
    uint a[8];
    for (uint i = 0; i < 8; i++) a[i] = in[(t * 8 + i) & 127] >> 20;
    for (uint i = 1; i < 8; i++) {
        uint v = a[i], j = i;
        while (j > 0 && a[j - 1] > v) { a[j] = a[j - 1]; j--; }
        a[j] = v;
    }
    uint h = 0;
    for (uint i = 0; i < 8; i++) h = h * 31 + a[i];
    out[t] = h + a[in[t] & 7];
}
// launch: grid 200 group 200 buffers float:200 zero:8 float:200
kernel void floatsums(device const float *in [[buffer(0)]], device atomic_float *sums [[buffer(1)]], device float *was [[buffer(2)]], uint t [[thread_position_in_grid]]) {
    atomic_fetch_add_explicit(&sums[0], in[t], memory_order_relaxed);
    if (in[t] > 0) atomic_fetch_sub_explicit(&sums[1], in[t], memory_order_relaxed);
    atomic_fetch_add_explicit(&sums[2 + (t & 3)], in[t], memory_order_relaxed);
    was[t] = atomic_fetch_sub_explicit(&sums[7], in[t], memory_order_relaxed);
}

// What SIMD groups and quads do together, whole, in part, and after threads have parted.
// launch: grid 200 group 70 buffers uint:200 uint:200
kernel void together(device const int *in [[buffer(0)]], device int *out [[buffer(1)]], uint i [[thread_position_in_grid]]) {
    int x = in[i], r = 0;
    r = r * 31 + simd_sum(x) + simd_product(x | 1);
    r = r * 31 + (simd_min(x) ^ simd_max(x)) + (simd_and(x) ^ simd_or(x) ^ simd_xor(x));
    r = r * 31 + simd_prefix_exclusive_sum(x) + simd_prefix_inclusive_product(x | 1);
    r = r * 31 + (simd_any(x > 90) ? 7 : 3) + (simd_all(x > -90) ? 70 : 30);
    r = r * 31 + simd_broadcast(x, ushort(0)) + simd_broadcast_first(x) + int(simd_is_first()) * 11 + int(quad_is_first()) * 13;
    r = r * 31 + quad_sum(x) * 3 + quad_max(x) * 5 + quad_prefix_exclusive_sum(x) * 7 + quad_broadcast(x, ushort(0));
    r = r * 31 + int(popcount((ulong)(simd_vote::vote_t)simd_active_threads_mask()));
    if (x & 1) {
        r = r * 31 + simd_sum(x);
        if (x & 2) r = r * 31 + simd_max(x);
        else r = r * 31 - simd_prefix_inclusive_sum(x);
    } else {
        r = r * 31 + simd_xor(x);
        for (int k = 0; k < (x & 7); k++) r = r * 31 + simd_sum(k + 1);
    }
    out[i] = r;
}

// launch: grid 150 group 100 buffers uint:150 uint:150
kernel void drain(device const uint *n [[buffer(0)]], device uint *out [[buffer(1)]], uint i [[thread_position_in_grid]]) {
    uint left = n[i] % 13, s = 0, turns = 0;
    while (true) {
        if (left == 0) break;
        ulong m = (ulong)(simd_vote::vote_t)simd_ballot(left & 1);
        s += popcount(m) * turns + simd_min(left);
        if (left == 7 && turns == 2) { s += 1000; break; }
        left--; turns++;
        if (turns > 10) continue;
        s ^= simd_sum(left);
    }
    out[i] = s;
}

// launch: grid 100 group 50 buffers uint:100 byte:100 uint:100
kernel void segscan(device const int *v [[buffer(0)]], device const uchar *flag [[buffer(1)]], device int *out [[buffer(2)]], uint i [[thread_position_in_grid]], uint lane [[thread_index_in_simdgroup]]) {
    int x = v[i];
    bool f = (flag[i] & 7) == 0 || lane == 0;
    for (ushort d = 1; d < 32; d <<= 1) {
        int y = simd_shuffle_up(x, d);
        bool g = simd_shuffle_up(int(f), d);
        if (lane >= d && !f) { x += y; f = g; }
    }
    out[i] = x;
}

// A scan of all groups in one pass: each looks back at those before it.
// launch: grid 300 group 100 buffers uint:300 uint:300 zero:3 zero:1 1:300
kernel void lookback(device const uint *in [[buffer(0)]], device uint *out [[buffer(1)]], device atomic_uint *state [[buffer(2)]], device atomic_uint *ticket [[buffer(3)]], constant uint &n [[buffer(4)]],
                     uint l [[thread_position_in_threadgroup]], uint size [[threads_per_threadgroup]],
                     uint lane [[thread_index_in_simdgroup]], uint sg [[simdgroup_index_in_threadgroup]], uint nsg [[simdgroups_per_threadgroup]]) {
    threadgroup uint part[32];
    threadgroup uint tile, before;
    if (l == 0) tile = atomic_fetch_add_explicit(ticket, 1u, memory_order_relaxed);
    threadgroup_barrier(mem_flags::mem_threadgroup);
    uint i = tile * size + l;
    uint incl = simd_prefix_inclusive_sum(i < n ? in[i] : 0);
    if (lane == 31 || l == size - 1) part[sg] = incl;
    threadgroup_barrier(mem_flags::mem_threadgroup);
    if (sg == 0) {
        uint p = simd_prefix_exclusive_sum(lane < nsg ? part[lane] : 0);
        if (lane < nsg) part[lane] = p;
    }
    threadgroup_barrier(mem_flags::mem_threadgroup);
    incl += part[sg];
    if (l == size - 1) { // the top two bits: 1 is the sum of the group, 2 of all until here
        uint own = incl & 0x3fffffff, sum = 0;
        atomic_store_explicit(&state[tile], own | (tile == 0 ? 0x80000000u : 0x40000000u), memory_order_relaxed);
        for (uint k = tile; k > 0;) {
            uint s = atomic_load_explicit(&state[k - 1], memory_order_relaxed);
            if (s >> 30 == 0) continue;
            sum += s & 0x3fffffff;
            if (s >> 31) break;
            k--;
        }
        before = sum;
        atomic_store_explicit(&state[tile], ((sum + own) & 0x3fffffff) | 0x80000000u, memory_order_relaxed);
    }
    threadgroup_barrier(mem_flags::mem_threadgroup);
    if (i < n) out[i] = (incl + before) & 0x3fffffff;
}

// launch: grid 33 group 33 buffers uint:100 1:100
kernel void oddeven(device uint *a [[buffer(0)]], constant uint &n [[buffer(1)]], uint l [[thread_position_in_threadgroup]], uint size [[threads_per_threadgroup]]) {
    for (uint r = 0; r < n; r++) {
        for (uint k = 2 * l + (r & 1); k + 1 < n; k += 2 * size)
            if (a[k] > a[k + 1]) { uint x = a[k]; a[k] = a[k + 1]; a[k + 1] = x; }
        threadgroup_barrier(mem_flags::mem_device);
    }
}

// launch: grid 40 group 40 buffers float:800 float:800 2:40,20
kernel void seam(device const float *e [[buffer(0)]], device float *m [[buffer(1)]], constant uint2 &size [[buffer(2)]], uint x [[thread_position_in_threadgroup]]) {
    m[x] = e[x];
    for (uint y = 1; y < size.y; y++) {
        threadgroup_barrier(mem_flags::mem_device);
        float a = m[(y - 1) * size.x + x];
        if (x > 0) a = min(a, m[(y - 1) * size.x + x - 1]);
        if (x + 1 < size.x) a = min(a, m[(y - 1) * size.x + x + 1]);
        m[y * size.x + x] = a + e[y * size.x + x];
    }
}

static float2 times(float2 a, float2 b) { return float2(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x); }
static float2 twiddle(float k, float n) { float c, s = sincos(-2.0f * M_PI_F * k / n, c); return float2(c, s); }
template <int R> static void fftstage(threadgroup float2 *buf, uint n, uint ns, uint l) {
    float2 v[R], o[R];
    uint m = n / R, d = (l / ns) * ns * R + l % ns;
    if (l < m) {
        for (int r = 0; r < R; r++) v[r] = times(buf[l + r * m], twiddle(float((l % ns) * r), float(ns * R)));
        for (int k = 0; k < R; k++) {
            o[k] = v[0];
            for (int j = 1; j < R; j++) o[k] += times(v[j], twiddle(float((j * k) % R), float(R)));
        }
    }
    threadgroup_barrier(mem_flags::mem_threadgroup);
    if (l < m) for (int r = 0; r < R; r++) buf[d + r * ns] = o[r];
    threadgroup_barrier(mem_flags::mem_threadgroup);
}

// launch: grid 60 group 30 buffers float:240
kernel void fft60(device float2 *data [[buffer(0)]], uint g [[threadgroup_position_in_grid]], uint l [[thread_position_in_threadgroup]], uint size [[threads_per_threadgroup]]) {
    threadgroup float2 buf[60];
    for (uint i = l; i < 60; i += size) buf[i] = data[g * 60 + i];
    threadgroup_barrier(mem_flags::mem_threadgroup);
    fftstage<4>(buf, 60, 1, l);
    fftstage<3>(buf, 60, 4, l);
    fftstage<5>(buf, 60, 12, l);
    for (uint i = l; i < 60; i += size) data[g * 60 + i] = buf[i];
}

// launch: grid 100 buffers byte:2400 byte:2400 uint:100
kernel void levenshtein(device const char *a [[buffer(0)]], device const char *b [[buffer(1)]], device uint *out [[buffer(2)]], uint t [[thread_position_in_grid]]) {
    ushort row[25];
    uint la = t % 24, lb = t * 7 % 24;
    for (uint j = 0; j <= lb; j++) row[j] = ushort(j);
    for (uint i = 1; i <= la; i++) {
        ushort diag = row[0];
        row[0] = ushort(i);
        for (uint j = 1; j <= lb; j++) {
            ushort up = row[j];
            bool differ = (a[t * 24 + i - 1] ^ b[t * 24 + j - 1]) & 3;
            row[j] = min(min(ushort(up + 1), ushort(row[j - 1] + 1)), ushort(diag + differ));
            diag = up;
        }
    }
    out[t] = row[lb];
}

// launch: grid 36 group 33 buffers uint:36 1:6
kernel void queens(device uint *out [[buffer(0)]], constant uint &n [[buffer(1)]], uint t [[thread_position_in_grid]]) {
    uint full = (1u << n) - 1, b0 = 1u << (t % n), b1 = 1u << (t / n), count = 0;
    uint cols[8], left[8], right[8], avail[8];
    if (!(b1 & (b0 | b0 << 1 | b0 >> 1))) {
        int sp = 0;
        cols[0] = b0 | b1; left[0] = ((b0 << 1) | b1) << 1; right[0] = ((b0 >> 1) | b1) >> 1;
        avail[0] = full & ~(cols[0] | left[0] | right[0]);
        while (sp >= 0) {
            if (!avail[sp]) { sp--; continue; }
            uint b = avail[sp] & -avail[sp];
            avail[sp] ^= b;
            if (uint(sp) + 3 == n) { count++; continue; }
            cols[sp + 1] = cols[sp] | b; left[sp + 1] = (left[sp] | b) << 1; right[sp + 1] = (right[sp] | b) >> 1;
            sp++;
            avail[sp] = full & ~(cols[sp] | left[sp] | right[sp]);
        }
    }
    out[t] = count;
}

// launch: grid 192 group 96 buffers float:384 float:384
kernel void matrices(device const float *a [[buffer(0)]], device float *c [[buffer(1)]], uint lane [[thread_index_in_simdgroup]], uint sg [[simdgroup_index_in_threadgroup]], uint i [[thread_position_in_grid]]) {
    threadgroup float t[3][64];
    simdgroup_float8x8 x, y, z, d = simdgroup_float8x8(2.0f);
    simdgroup_load(x, a + i / 32 * 64);
    simdgroup_load(y, a + i / 32 * 64, 8, ulong2(0), true);
    x.thread_elements()[0] += 1;
    y.thread_elements()[1] *= 0.5f;
    simdgroup_multiply(z, x, y);
    simdgroup_multiply_accumulate(z, z, d, x);
    simdgroup_store(z, t[sg], 8, ulong2(0, 0), true);
    simdgroup_barrier(mem_flags::mem_threadgroup);
    c[i * 2] = t[sg][lane];
    c[i * 2 + 1] = t[sg][lane + 32];
}

// launch: grid 192 group 96 buffers uint:200 uint:200 uint:192
kernel void turns(device int *a [[buffer(0)]], device int *b [[buffer(1)]], device uint *out [[buffer(2)]], uint g [[threadgroup_position_in_grid]], uint l [[thread_index_in_threadgroup]]) {
    threadgroup int first[96], second[96], third[96];
    threadgroup int *now = first, *next = second, *spare = third;
    device int *from = g & 1 ? a : b, *to = g & 1 ? b : a;
    now[l] = from[g * 96 + l];
    spare[l] = 0;
    threadgroup_barrier(mem_flags::mem_threadgroup);
    for (uint i = 0; i < 7; i++) {
        next[l] = now[(l + 1) % 96] - spare[l] / 3;
        threadgroup_barrier(mem_flags::mem_threadgroup);
        threadgroup int *t = spare;
        spare = now; now = next; next = t;
        atomic_fetch_add_explicit((threadgroup atomic_int *)(l & 1 ? now : spare) + l, int(i), memory_order_relaxed);
        threadgroup_barrier(mem_flags::mem_threadgroup);
    }
    to[g * 96 + l] = now[l];
    out[g * 96 + l] = uint(from[g * 96 + l]) ^ uint(spare[l]);
}

constant ushort lows[3] = {1, 2, 3};
constant ushort highs[5] = {100, 200, 300, 400, 500};

// launch: grid 100 buffers uint:100 uint:100 uint:100 uint:100
kernel void oneoffew(device uint *a [[buffer(0)]], device uint *b [[buffer(1)]], device uint *c [[buffer(2)]], device uint *out [[buffer(3)]], uint i [[thread_position_in_grid]]) {
    uint x = a[i], mine[6], yours[4];
    for (uint k = 0; k < 6; k++) mine[k] = x * (k + 1);
    for (uint k = 0; k < 4; k++) yours[k] = x + k;
    constant ushort *table = x & 1 ? lows : highs;
    thread uint *own = x & 2 ? mine : yours;
    device uint *at = x & 4 ? a : x & 8 ? b : c;
    uint sum = table[x % 3];
    for (uint k = 0; k < 4; k++) {
        own[(x + k) & 3] += table[k % 3];
        sum += own[k] * (at + i)[0];
    }
    if (x & 16)
        at[i] = sum;
    out[i] = sum + mine[x % 6] + yours[x & 3];
}
