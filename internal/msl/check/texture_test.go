package check

import (
	"strconv"
	"strings"
	"testing"
)

// said returns what is said about a source, a line each.
func said(src string) string {
	fset, _, list := compile(place(src))
	var got []string
	for _, d := range list {
		for i := -1; i < len(d.Notes); i++ {
			n := d
			if i >= 0 {
				n = d.Notes[i]
			}
			s := ""
			if at := fset.Position(n.Pos); at.IsValid() {
				s = strconv.Itoa(at.Line) + ":" + strconv.Itoa(at.Column) + ": "
			}
			got = append(got, s+n.Severity.String()+": "+n.Msg)
		}
	}
	return strings.Join(got, "\n")
}

// wrongTextures are wrong programs with textures and samplers, as in wrong.
var wrongTextures = []struct{ src, want string }{
	{"kernel void k(texture2d t) {}", "2:15: error: use of template 'texture2d' requires template arguments"},
	{"kernel void k(texture2d<double> t) {}", "2:25: error: 'double' is not supported in Metal"},
	{"kernel void k(texture2d<float2> t) {}", "2:15: error: invalid type 'float2' (vector of 2 'float' values) for the component type of 'texture2d'"},
	{"kernel void k(texture2d<bool> t) {}", "2:15: error: invalid type 'bool' for the component type of 'texture2d'"},
	{"kernel void k(depth2d<half> t) {}", "2:15: error: invalid type 'half' for the component type of 'depth2d'"},
	{"kernel void k(texture2d<float, 3> t) {}", "2:32: error: value of type 'int' is not implicitly convertible to 'access'"},
	{"kernel void k(texture2d<float, access::nothing> t) {}", "2:40: error: no member named 'nothing' in 'access'"},
	{"kernel void k(texture2d<float, filter::linear> t) {}", "2:32: error: value of type 'filter' is not implicitly convertible to 'access'"},
	{"kernel void k(texture2d<float, access::read, memory_coherence_device, 1> t) {}", "2:15: error: too many template arguments for class template 'texture2d'"},
	{"kernel void k(texture2d_ms<float, access::write> t) {}", "2:15: error: 'texture2d_ms' supports only access::read"},
	{"kernel void k(texture_buffer<float, access::sample> t) {}", "2:15: error: 'texture_buffer' does not support access::sample"},
	{"kernel void k(depth2d<float, access::write> t) {}", "2:15: error: 'depth2d' supports only access::sample and access::read"},
	{"kernel void k(texture2d<float> t [[buffer(0)]]) {}", "2:15: error: invalid type 'texture2d<float, access::sample>' for buffer declaration"},
	{"kernel void k(float t [[texture(0)]]) {}", "2:15: error: invalid type 'float' for texture declaration"},
	{"kernel void k(device float *t [[texture(0)]]) {}", "2:15: error: invalid type 'device float *' for texture declaration"},
	{"kernel void k(texture2d<float> t [[sampler(0)]]) {}", "2:15: error: invalid type 'texture2d<float, access::sample>' for sampler declaration"},
	{"kernel void k(texture2d<float> t [[texture(128)]]) {}", "2:36: error: 'texture' attribute parameter is out of bounds: must be between 0 and 127"},
	{"kernel void k(texture2d<float> t [[texture(-1)]]) {}", "2:36: error: 'texture' attribute parameter is out of bounds: must be between 0 and 127"},
	{"kernel void k(sampler s [[sampler(16)]]) {}", "2:27: error: 'sampler' attribute parameter is out of bounds: must be between 0 and 15"},
	{"kernel void k(texture2d<float> t [[texture(1)]], texture2d<float> u [[texture(1)]]) {}", "2:71: error: cannot reserve 'texture' resource location at index 1\n2:36: note: resource location 1 is already in use"},
	{"kernel void k(array<texture2d<float>, 4> t [[texture(126)]]) {}", "2:46: error: 'texture' attribute parameter is out of bounds: must be between 0 and 127"},
	{"kernel void k(array<texture2d<float>, 200> t) {}", "2:44: error: too many texture arguments: at most 128 are supported"},
	{"kernel void k(array<texture2d<float>, 4> t [[texture(0)]], texture2d<float> u [[texture(3)]]) {}", "2:81: error: cannot reserve 'texture' resource location at index 3\n2:46: note: resource location 3 is already in use"},
	{"kernel void k(texture2d<float> t [[texture(0), texture(1)]]) {}", "2:48: error: multiple 'texture' attributes are not allowed on one parameter\n2:36: note: previous attribute is here"},
	{"kernel void k(texture2d<float> t) { t.write(float4(0), uint2(0)); }", "2:39: error: no member named 'write' in 'texture2d<float, access::sample>'\n2:39: note: 'write' needs access::write or access::read_write"},
	{"kernel void k(texture2d<float, access::write> t) { t.read(uint2(0)); }", "2:54: error: no member named 'read' in 'texture2d<float, access::write>'\n2:54: note: 'read' needs access::sample or access::read or access::read_write"},
	{"kernel void k(texture2d<float, access::read> t, sampler s) { t.sample(s, float2(0)); }", "2:64: error: no member named 'sample' in 'texture2d<float, access::read>'\n2:64: note: 'sample' needs access::sample"},
	{"kernel void k(texture2d<float> t, sampler s) { t.smaple(s, float2(0)); }", "2:50: error: no member named 'smaple' in 'texture2d<float, access::sample>'; did you mean 'sample'?"},
	{"kernel void k(texture2d<float> t, sampler s) { float4 c = t.sample(s, float3(0)); }", "2:61: error: no matching member function for call to 'sample'\nnote: candidate function not viable: 'float4 sample(sampler, float2)'"},
	{"kernel void k(texture2d<float> t, sampler s) { float4 c = t.sample(s, uint2(0)); }", "2:61: error: no matching member function for call to 'sample'\nnote: candidate function not viable: 'float4 sample(sampler, float2)'"},
	{"kernel void k(texture2d<float> t) { float4 c = t.sample(float2(0)); }", "2:50: error: no matching member function for call to 'sample'\nnote: candidate function 'sample' requires at least 2 arguments, but 1 was provided"},
	{"kernel void k(texture2d<float> t) { float4 c = t.read(int2(0)); }", "2:50: error: no matching member function for call to 'read'\nnote: candidate function not viable: 'float4 read(uint2)'\nnote: candidate function not viable: 'float4 read(ushort2)'"},
	{"kernel void k(texture2d<float> t) { float4 c = t.read(0, 0); }", "2:50: error: call to 'read' is ambiguous"},
	{"kernel void k(texture2d<float> t) { int4 c = t.read(uint2(0)); }", "2:42: error: cannot initialize a variable of type 'int4' (vector of 4 'int' values) with an rvalue of type 'float4' (vector of 4 'float' values)"},
	{"kernel void k(texture2d<float, access::write> t) { t.write(int4(0), uint2(0)); }", "2:54: error: no matching member function for call to 'write'\nnote: candidate function not viable: 'void write(float4, uint2)'\nnote: candidate function not viable: 'void write(float4, ushort2)'"},
	{"kernel void k(texture2d<float, access::write> t) { t.write(half4(0), uint2(0)); }", "2:54: error: no matching member function for call to 'write'\nnote: candidate function not viable: 'void write(float4, uint2)'\nnote: candidate function not viable: 'void write(float4, ushort2)'"},
	{"kernel void k(texture2d_array<float> t) { float4 c = t.read(uint2(0)); }", "2:56: error: no matching member function for call to 'read'\nnote: candidate function 'read' requires at least 2 arguments, but 1 was provided"},
	{"kernel void k(texture2d<float> t) { uint d = t.get_depth(); }", "2:48: error: no member named 'get_depth' in 'texture2d<float, access::sample>'"},
	{"kernel void k(texture1d<float> t) { uint d = t.get_height(); }", "2:48: error: no member named 'get_height' in 'texture1d<float, access::sample>'"},
	{"kernel void k(texture2d<float> t, sampler s) { float d = t.sample_compare(s, float2(0), 0.5f); }", "2:60: error: no member named 'sample_compare' in 'texture2d<float, access::sample>'"},
	{"kernel void k(texture3d<float> t, sampler s) { float4 d = t.gather(s, float3(0)); }", "2:61: error: no member named 'gather' in 'texture3d<float, access::sample>'"},
	{"kernel void k(texture2d<float> t, sampler s, constant uint &i) { float4 d = t.gather(s, float2(0), int2(0), component(i)); }", "2:109: error: the component to gather must be a constant"},
	{"kernel void k(texture2d<float, access::read_write> t) { t.atomic_fetch_add(uint2(0), 1u); }", "2:59: error: no member named 'atomic_fetch_add' in 'texture2d<float, access::read_write>'"},
	{"kernel void k(texture2d<uint, access::read> t) { t.atomic_fetch_add(uint2(0), 1u); }", "2:52: error: no member named 'atomic_fetch_add' in 'texture2d<uint, access::read>'\n2:52: note: 'atomic_fetch_add' needs access::read_write"},
	{"kernel void k(texture2d<uint, access::read> t) { t.fence(); }", "2:52: error: no member named 'fence' in 'texture2d<uint, access::read>'\n2:52: note: 'fence' needs access::read_write"},
	{"kernel void k() { sampler s(1); }", "2:27: error: no matching constructor for initialization of 'sampler'\n2:29: note: a value of type 'int' says nothing about a sampler"},
	{"kernel void k() { constexpr sampler s(filter::linear, 3); }", "2:37: error: no matching constructor for initialization of 'sampler'\n2:55: note: a value of type 'int' says nothing about a sampler"},
	{"kernel void k(constant float &f) { constexpr sampler s(lod_clamp(f, 1)); }", "2:56: error: the arguments of a sampler must be constants"},
	{"kernel void k() { constexpr sampler s(coord::pixel, address::repeat); }", "2:37: error: invalid sampler: a sampler of pixel coordinates clamps them: it can neither repeat nor mirror"},
	{"kernel void k() { constexpr sampler s(max_anisotropy(17)); }", "2:37: error: invalid sampler: the sampler's anisotropy is 1 to 16, not 17"},
	{"kernel void k() { constexpr sampler s(filter::cubic); }", "2:47: error: no member named 'cubic' in 'filter'"},
	{"kernel void k(texture2d<float> t, sampler s) { float4 d = t.sample(s, float2(0), level()); }", "2:82: error: no matching constructor for initialization of 'level'"},
	{"kernel void k(texture2d<float> t, sampler s) { float4 d = t.sample(s, float2(0), level(1, 2)); }", "2:82: error: no matching constructor for initialization of 'level'\nnote: candidate constructor requires 1 argument, but 2 were provided"},
	{"kernel void k(texture2d<float> t, sampler s) { float4 d = t.sample(s, float2(0), gradient3d(float3(0), float3(0))); }", "2:61: error: no matching member function for call to 'sample'\nnote: candidate function not viable: 'float4 sample(sampler, float2, int2)'\nnote: candidate function not viable: 'float4 sample(sampler, float2, level)'\nnote: candidate function not viable: 'float4 sample(sampler, float2, bias)'"},
	{"kernel void k(texture2d<float> t) { t = 1; }", "2:41: error: assigning to 'texture2d<float, access::sample>' from incompatible type 'int'"},
	{"kernel void k(texture2d<float> t, texture2d<float, access::read> u) { t = u; }", "2:75: error: assigning to 'texture2d<float, access::sample>' from incompatible type 'texture2d<float, access::read>'"},
	{"kernel void k(texture2d<float> t) { float f = t; }", "2:43: error: cannot initialize a variable of type 'float' with an lvalue of type 'texture2d<float, access::sample>'"},
	{"kernel void k(texture2d<float> t) { bool b = is_null_texture(1); }", "2:46: error: no matching function for call to 'is_null_texture'\nnote: candidate function requires one texture"},
	{"kernel void k(texture2d<float> t) { t.x = 1; }", "2:39: error: no member named 'x' in 'texture2d<float, access::sample>'"},
	{"kernel void k(texture2d<float> t) { float4 c = t[0]; }", "2:48: error: subscripted value is not an array, pointer, or vector"},
	{"kernel void k(texture2d<float> t) { float4 c = t.read; }", "2:50: error: reference to non-static member function must be called"},
	{"sampler s(filter::linear);\nkernel void k() {}", "2:9: error: a sampler at program scope must be declared 'constexpr'"},
	{"constant texture2d<float> t;\nkernel void k() {}", "2:27: error: default initialization of an object of const type 'const constant texture2d<float, access::sample>'"},
	{"kernel void k(texture2d<float> &t) {}", "2:32: error: reference type must have explicit address space qualifier"},
	{"void f(texture2d<float, access::read> t) {}\nkernel void k(texture2d<float> t) { f(t); }", "3:37: error: no matching function for call to 'f'\n2:6: note: candidate function not viable: no known conversion from 'texture2d<float, access::sample>' to 'texture2d<float, access::read>' for 1st argument"},
	{"kernel void k(texture5d<float> t) {}", "2:15: error: no template named 'texture5d'"},
}

func TestWrongTextures(t *testing.T) {
	for _, tt := range wrongTextures {
		if got := said(tt.src); got != tt.want {
			t.Errorf("%s\ngot  %s\nwant %s", tt.src, got, tt.want)
		}
	}
}

// What is no value has no type to name.
func TestTextureFunctionsAsArguments(t *testing.T) {
	for _, src := range []string{
		"void f(texture2d<float, access::read> t) {}\nkernel void k(texture2d<float> t) { f(t.read); }",
		"kernel void k() { constexpr sampler s(lod_clamp(step, 1)); }",
	} {
		if got := said(src); !strings.Contains(got, "'<overloaded function type>'") {
			t.Errorf("%s\ngot %s", src, got)
		}
	}
}

// rightTextures are programs with textures and samplers about which there is
// nothing to say.
var rightTextures = []string{
	"constexpr sampler s(coord::normalized, s_address::repeat, t_address::clamp_to_border, r_address::mirrored_repeat, border_color::opaque_white);\nkernel void k(texture3d<half> t, device half4 *o) { o[0] = t.sample(s, float3(0.5)); }",
	"kernel void k(texture2d<float> t, device float4 *o) { constexpr sampler s; o[0] = t.sample(s, float2(0)); }",
	"constant sampler s = sampler(mag_filter::linear, min_filter::nearest, mip_filter::linear, compare_func::less_equal, max_anisotropy(8), lod_clamp(0, 4));\nkernel void k(depth2d<float> t, device float *o) { o[0] = t.sample_compare(s, float2(0), 0.5); }",
	"template <typename T, access A> T first(texture2d<T, A> t) { return t.read(uint2(0)).x; }\nkernel void k(texture2d<int, access::read> a, texture2d<half> b, device float *o) { o[0] = first(a) + first(b); }",
	"struct Pair { texture2d<float> a, b; sampler s; };\nfloat4 mixed(Pair p, float2 at) { return mix(p.a.sample(p.s, at), p.b.sample(p.s, at), 0.5f); }\nkernel void k(texture2d<float> a, texture2d<float> b, sampler s, device float4 *o) { Pair p = {a, b, s}; o[0] = mixed(p, float2(0.5)); }",
	"kernel void k(array<texture2d<float, access::write>, 3> list [[texture(4)]], uint2 g [[thread_position_in_grid]]) { for (auto t : list) t.write(1, g); }",
	"using Image = texture2d<float, access::read_write>;\nvoid twice(thread const Image &t, uint2 g) { t.write(t.read(g) * 2, g); }\nkernel void k(Image t, uint2 g [[thread_position_in_grid]]) { twice(t, g); }",
	"kernel void k(metal::texture2d<float, metal::access::read> t [[texture(0)]], device float4 *o) { o[0] = t.read(ushort2(1, 2), 0); }",
	"struct Bindless { texture2d<float> t [[id(0)]]; array<texturecube<half>, 4> cubes [[id(1)]]; sampler s [[id(5)]]; };\nkernel void k(constant Bindless &b [[buffer(0)]], device half4 *o, uint i [[thread_position_in_grid]]) { o[i] = b.cubes[i & 3].sample(b.s, float3(1, 0, 0), level(i)); }",
	"kernel void k(texture2d<float> t, texture2d<float> u, constant bool &first, device float4 *o) { texture2d<float> v = first ? t : u; if (!is_null_texture(v)) o[0] = v.read(uint2(0)); }",
	"kernel void k(device texture2d<float, access::read> *list [[buffer(0)]], device float4 *o, uint i [[thread_position_in_grid]]) { o[i] = list[i].read(uint2(0)); }",
	"kernel void k(texture2d<uint, access::read_write, memory_coherence_device> t) { t.write(1, uint2(0)); t.fence(); }",
}

func TestRightTextures(t *testing.T) {
	for _, src := range rightTextures {
		if got := said(src); got != "" {
			t.Errorf("%s\ngot %s", src, got)
		}
	}
}
