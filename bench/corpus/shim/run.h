// The program that runs the kernels of a unit: it reads a launch from standard
// input and writes what the buffers hold in the end.
namespace shim {
// An Input is what a thread is told: converts to what the parameter asks for.
struct Input {
	uint x, y, z;
	template <class T, std::enable_if_t<std::is_integral_v<T>, int> = 0> operator T() const { return T(x); }
	template <class T> operator vec<T, 2>() const { return vec<T, 2>(x, y); }
	template <class T> operator vec<T, 3>() const { return vec<T, 3>(x, y, z); }
};

// A Bound is the memory that an argument is bound to.
struct Bound {
	char *p;
	template <class T> operator T *() const { return (T *)p; }
	template <class T> operator T &() const { return *(T *)p; }
};

struct Buffer {
	uint index, len;
	std::vector<uint> pointers; // pairs: offset, index of the buffer pointed to, or of the texture named
};

const size_t guard = 1 << 20;
inline char *buffers[64], *shared[64];
inline Input grid, group, groups, group_at, extent;
inline int threads;

inline uint word() {
	uint w;
	if (std::fread(&w, 4, 1, stdin) != 1) std::exit(3);
	return w;
}
inline Input words3() {
	Input s;
	s.x = word(), s.y = word(), s.z = word();
	return s;
}
inline Bound buffer(int i) { return Bound{buffers[i]}; }
inline Bound memory(int i) { return Bound{shared[i]}; }

// input is the value of an attribute such as thread_position_in_grid.
inline Input local() { uint i = current; return Input{i % extent.x, i / extent.x % extent.y, i / extent.x / extent.y}; }
inline uint per(uint n, uint w) { return (n + w - 1) / w; }
inline uint volume(Input s) { return s.x * s.y * s.z; }
inline Input thread_position_in_grid() { Input l = local(); return Input{group_at.x * group.x + l.x, group_at.y * group.y + l.y, group_at.z * group.z + l.z}; }
inline Input thread_position_in_threadgroup() { return local(); }
inline Input threadgroup_position_in_grid() { return group_at; }
inline Input threads_per_threadgroup() { return extent; }
inline Input dispatch_threads_per_threadgroup() { return group; }
inline Input threads_per_grid() { return grid; }
inline Input threadgroups_per_grid() { return groups; }
inline Input grid_origin() { return Input{0, 0, 0}; }
inline Input grid_size() { return grid; }
inline Input thread_index_in_threadgroup() { return Input{uint(current), 0, 0}; }
inline Input thread_index_in_simdgroup() { return Input{uint(current % 32), 0, 0}; }
inline Input thread_index_in_quadgroup() { return Input{uint(current % 4), 0, 0}; }
inline Input simdgroup_index_in_threadgroup() { return Input{uint(current / 32), 0, 0}; }
inline Input quadgroup_index_in_threadgroup() { return Input{uint(current / 4), 0, 0}; }
inline Input threads_per_simdgroup() { return Input{32, 0, 0}; }
inline Input thread_execution_width() { return Input{32, 0, 0}; }
inline Input simdgroups_per_threadgroup() { return Input{per(volume(extent), 32), 0, 0}; }
inline Input dispatch_simdgroups_per_threadgroup() { return Input{per(volume(group), 32), 0, 0}; }
inline Input quadgroups_per_threadgroup() { return Input{per(volume(extent), 4), 0, 0}; }
inline Input dispatch_quadgroups_per_threadgroup() { return Input{per(volume(group), 4), 0, 0}; }

inline void launch(const std::vector<std::function<void()>> &kernels) {
	uint which = word();
	grid = words3(), group = words3();
	order = Order(word());
	std::vector<Buffer> all(word());
	for (Buffer &b : all) {
		b.index = word(), b.len = word();
		b.pointers.resize(2 * word());
		buffers[b.index] = (char *)std::calloc(1, b.len + 2 * guard) + guard;
		if (std::fread(buffers[b.index], 1, b.len, stdin) != b.len) std::exit(3);
		for (uint &p : b.pointers) p = word();
	}
	for (Buffer &b : all)
		for (size_t i = 0; i < b.pointers.size(); i += 2) {
			uint target = b.pointers[i + 1];
			void *p = target < 64 ? (void *)buffers[target] : (void *)&images[target];
			std::memcpy(buffers[b.index] + b.pointers[i], &p, 8);
		}
	std::vector<uint> lengths(2 * word());
	for (uint &n : lengths) n = word();
	for (size_t i = 0; i < lengths.size(); i += 2) shared[lengths[i]] = (char *)std::calloc(1, lengths[i + 1] + 2 * guard) + guard;
	read_textures(word);
	groups = Input{per(grid.x, group.x), per(grid.y, group.y), per(grid.z, group.z)};
	for (uint n = 0; n < volume(groups); n++) {
		uint i = order == backwards ? volume(groups) - 1 - n : n;
		group_at = Input{i % groups.x, i / groups.x % groups.y, i / groups.x / groups.y};
		auto rest = [](uint grid, uint group, uint at) { return grid - at * group < group ? grid - at * group : group; };
		extent = Input{rest(grid.x, group.x, group_at.x), rest(grid.y, group.y, group_at.y), rest(grid.z, group.z, group_at.z)};
		for (size_t k = 0; k < lengths.size(); k += 2) std::memset(shared[lengths[k]], 0, lengths[k + 1]);
		run_group(int(volume(extent)), kernels[which]);
	}
	for (Buffer &b : all) std::fwrite(buffers[b.index], 1, b.len, stdout);
	write_textures();
	std::fflush(stdout);
}
} // namespace shim
