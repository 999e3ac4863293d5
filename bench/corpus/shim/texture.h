// Textures (MSL spec, section 6.12): reads, writes and atomics of 1D, 2D, 3D,
// cube and buffer textures and their arrays, and samples of 2D ones, by the
// definitions. A texture has one level; a texel is four words of 32 bits, or one
// or two where there are atomics.
namespace shim {
struct Image {
	uint width, height, depth, layers; // layers: slices, six a cube
	uint words;                        // of a texel
	std::vector<uint> data;
	uint *texel(uint x, uint y, uint z, uint layer) {
		if (x >= width || y >= height || z >= depth || layer >= layers) return nullptr;
		return &data[(((size_t(layer) * depth + z) * height + y) * width + x) * words];
	}
};
inline Image images[128];

struct SamplerState {
	bool linear = false, pixel = false;
	int modes[3] = {1, 1, 1};
};
inline SamplerState samplers[32];
} // namespace shim

namespace metal {
enum class access { sample, read, write, read_write };
enum class component { x, y, z, w };
enum memory_coherence { memory_coherence_threadgroup, memory_coherence_device };
enum class coord { normalized, pixel };
enum class filter { nearest, linear };
enum class address { clamp_to_zero, clamp_to_edge, repeat, mirrored_repeat };
struct sampler : shim::SamplerState {
	sampler() = default;
	template <class... A> constexpr sampler(A... a) { (set(a), ...); }
	constexpr void set(coord c) { pixel = c == coord::pixel; }
	constexpr void set(filter f) { linear = f == filter::linear; }
	constexpr void set(address a) { for (int &x : modes) x = int(a); }
};
struct level { float lod; explicit level(float x) : lod(x) {} };
struct bias { float value; explicit bias(float x) : value(x) {} };

template <class T> struct texel_value {
	static T from(uint w) {
		if constexpr (is_float_v<T>) { float f; std::memcpy(&f, &w, 4); return T(f); }
		else return T(w);
	}
	static uint to(T x) {
		if constexpr (is_float_v<T>) { float f = float(x); uint w; std::memcpy(&w, &f, 4); return w; }
		else return uint(x);
	}
};

// A texture of so many coordinates; Cube and Array tell which indices of a slice
// follow them.
template <class T, int Coords, bool Cube, bool Array> struct texture {
	shim::Image *image;
	typedef vec<T, 4> Texel;

	struct Place { uint c[3] = {0, 0, 0}, layer = 0; };
	template <class C, class... I> static Place place(const C &c, const I &...i) {
		Place p;
		for (int k = 0; k < Coords; k++) p.c[k] = uint(at(c, k));
		uint index[] = {uint(i)..., 0, 0};
		if (Cube) p.layer = index[0] + (Array ? 6 * index[1] : 0);
		else if (Array) p.layer = index[0];
		return p;
	}
	uint *texel(const Place &p) const { return image->texel(p.c[0], p.c[1], p.c[2], p.layer); }
	Texel get(const uint *w) const {
		Texel v(T(0));
		if (!w) return v;
		if (image->words == 2) return Texel(T(ulong(w[0]) | ulong(w[1]) << 32), T(0), T(0), T(0));
		if (image->words == 1) v.d[3] = T(1);
		for (uint i = 0; i < image->words; i++) v.d[i] = texel_value<T>::from(w[i]);
		return v;
	}
	template <class C, class... I> Texel read(const C &c, const I &...i) const { return get(texel(place(c, i...))); }
	template <class V, class C, class... I> void write(const V &v, const C &c, const I &...i) const {
		uint *w = texel(place(c, i...));
		Texel t(v);
		for (uint k = 0; w && k < image->words; k++) w[k] = texel_value<T>::to(t.d[k]);
	}
	uint get_width(uint = 0) const { return image->width; }
	uint get_height(uint = 0) const { return image->height; }
	uint get_depth(uint = 0) const { return image->depth; }
	uint get_array_size() const { return image->layers / (Cube ? 6 : 1); }
	uint get_num_mip_levels() const { return 1; }
	void fence() const {}

	// sample takes slices, options of the level, which all mean the one there is,
	// and an offset.
	struct Options { uint layer = 0; int offset[2] = {0, 0}; int comp = 0; };
	static void option(Options &o, uint slice) { o.layer = slice; }
	static void option(Options &o, component c) { o.comp = int(c); }
	static void option(Options &, level) {}
	static void option(Options &, bias) {}
	static void option(Options &o, const vec<int, 2> &v) { o.offset[0] = v.d[0], o.offset[1] = v.d[1]; }
	static int wrap(int i, int n, int mode) {
		switch (mode) {
		case 1: return i < 0 ? 0 : i >= n ? n - 1 : i;
		case 2: return ((i % n) + n) % n;
		case 3: { int m = ((i % (2 * n)) + 2 * n) % (2 * n); return m < n ? m : 2 * n - 1 - m; }
		}
		return i;
	}
	Texel near(const sampler &s, const Options &o, int x, int y) const {
		x = wrap(x + o.offset[0], int(image->width), s.modes[0]);
		y = wrap(y + o.offset[1], int(image->height), s.modes[1]);
		uint layer = o.layer < image->layers ? o.layer : image->layers - 1;
		return x < 0 || y < 0 ? Texel(T(0)) : get(image->texel(uint(x), uint(y), 0, layer));
	}
	template <class C, class... O> Texel sample(const sampler &s, const C &c, const O &...rest) const {
		static_assert(Coords == 2 && !Cube, "samples of 2D textures");
		Options o;
		(option(o, rest), ...);
		float u = float(at(c, 0)) * (s.pixel ? 1 : image->width), v = float(at(c, 1)) * (s.pixel ? 1 : image->height);
		if (!s.linear) return near(s, o, int(std::floor(u)), int(std::floor(v)));
		u -= 0.5f, v -= 0.5f;
		int x = int(std::floor(u)), y = int(std::floor(v));
		float a = u - x, b = v - y;
		auto mixed = [](const Texel &p, const Texel &q, float t) { return p * T(1 - t) + q * T(t); };
		return mixed(mixed(near(s, o, x, y), near(s, o, x + 1, y), a), mixed(near(s, o, x, y + 1), near(s, o, x + 1, y + 1), a), b);
	}
	template <class C, class... O> Texel gather(const sampler &s, const C &c, const O &...rest) const {
		Options o;
		(option(o, rest), ...);
		int x = int(std::floor(float(at(c, 0)) * image->width - 0.5f)), y = int(std::floor(float(at(c, 1)) * image->height - 0.5f));
		return Texel(near(s, o, x, y + 1).d[o.comp], near(s, o, x + 1, y + 1).d[o.comp], near(s, o, x + 1, y).d[o.comp], near(s, o, x, y).d[o.comp]);
	}

	// Atomics: the last argument is the value.
	template <class F, class C, class V> Texel change(F f, const C &c, const V &v) const { return changed(f, place(c), Texel(v)); }
	template <class F, class C, class V> Texel change(F f, const C &c, uint slice, const V &v) const { return changed(f, place(c, slice), Texel(v)); }
	template <class F, class C, class V> Texel change(F f, const C &c, uint face, uint cube, const V &v) const { return changed(f, place(c, face, cube), Texel(v)); }
	template <class F> Texel changed(F f, const Place &p, const Texel &v) const {
		shim::step();
		uint *w = texel(p);
		Texel old = get(w);
		if (!w) return old;
		T now = f(old.d[0], v.d[0]);
		w[0] = uint(now);
		if (image->words == 2) w[1] = uint(ulong(now) >> 32);
		return old;
	}
#define CHANGE(name, expr) template <class... A> Texel name(const A &...a) const { return change([](T x, T y) -> T { (void)x, (void)y; return expr; }, a...); }
	CHANGE(atomic_fetch_add, x + y) CHANGE(atomic_fetch_sub, x - y) CHANGE(atomic_fetch_and, x & y) CHANGE(atomic_fetch_or, x | y) CHANGE(atomic_fetch_xor, x ^ y)
	CHANGE(atomic_fetch_min, x < y ? x : y) CHANGE(atomic_fetch_max, x < y ? y : x) CHANGE(atomic_min, x < y ? x : y) CHANGE(atomic_max, x < y ? y : x) CHANGE(atomic_exchange, y)
	template <class C, class... I> Texel atomic_load(const C &c, const I &...i) const { return read(c, i...); }
	template <class V, class C, class... I> void atomic_store(const V &v, const C &c, const I &...i) const { write(v, c, i...); }
	template <class C> bool atomic_compare_exchange_weak(const C &c, Texel *expected, const Texel &v) const { return exchange(place(c), expected, v); }
	template <class C> bool atomic_compare_exchange_weak(const C &c, uint slice, Texel *expected, const Texel &v) const { return exchange(place(c, slice), expected, v); }
	bool exchange(const Place &p, Texel *expected, const Texel &v) const {
		shim::step();
		uint *w = texel(p);
		Texel old = get(w);
		if (w && old.d[0] == expected->d[0]) { w[0] = uint(v.d[0]); return true; }
		*expected = old;
		return false;
	}
};
#define TEXTURE(name, coords, cube, array) template <class T, access A = access::sample, memory_coherence M = memory_coherence_threadgroup> struct name : texture<T, coords, cube, array> {};
TEXTURE(texture1d, 1, false, false) TEXTURE(texture1d_array, 1, false, true) TEXTURE(texture2d, 2, false, false) TEXTURE(texture2d_array, 2, false, true)
TEXTURE(texture3d, 3, false, false) TEXTURE(texturecube, 2, true, false) TEXTURE(texturecube_array, 2, true, true) TEXTURE(texture_buffer, 1, false, false)
} // namespace metal

namespace shim {
struct BoundTexture {
	int index;
	template <class T> operator T() const {
		T t;
		t.image = &images[index];
		return t;
	}
};
inline BoundTexture texture(int i) { return BoundTexture{i}; }
// The host's samplers: of even index linear at the edge, of odd nearest and repeated.
inline metal::sampler sampler(int i) { return i & 1 ? metal::sampler(metal::filter::nearest, metal::address::repeat) : metal::sampler(metal::filter::linear, metal::address::clamp_to_edge); }

inline std::vector<int> texture_indices;
// read_textures and write_textures transfer all textures of a launch.
template <class Word> void read_textures(Word word) {
	texture_indices.resize(word());
	for (int &i : texture_indices) {
		i = int(word());
		Image &m = images[i];
		m.width = word(), m.height = word(), m.depth = word(), m.layers = word(), m.words = word();
		m.data.resize(size_t(m.width) * m.height * m.depth * m.layers * m.words);
		for (uint &w : m.data) w = word();
	}
}
inline void write_textures() {
	for (int i : texture_indices) std::fwrite(images[i].data.data(), 4, images[i].data.size(), stdout);
}
} // namespace shim
