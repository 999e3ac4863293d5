package prep

import "strings"

// arrayRefHeader is the name of the text that declares array_ref, which is written
// in the language itself. It is read with the library's headers by programs that
// name it.
const arrayRefHeader = "<metal_array>"

// arrayRefName is what such programs have in their text.
const arrayRefName = "array_ref"

// arrayRefs returns the declarations: array_ref<T> looks at elements in thread
// memory, array_ref<device T> and so on at others. An array elsewhere that an
// array_ref<T> is made of is copied.
func arrayRefs() string {
	const class = `
template <typename _T> struct array_ref HEAD{
  typedef _T value_type; typedef size_t size_type; typedef const SPACE _T &const_reference; typedef const SPACE _T *const_iterator;
  constexpr array_ref() : _p(nullptr), _n(0) {}
  array_ref(const SPACE _T *_q, size_t _m) : _p(_q), _n(_m) {}
  template <size_t _N> array_ref(const SPACE _T (&_a)[_N]) : _p(&_a[0]), _n(_N) {}
  template <size_t _N> array_ref(const SPACE array<_T, _N> &_a) : _p(&_a[0]), _n(_N) {}
  constexpr size_t size() const { return _n; }
  constexpr size_t max_size() const { return _n; }
  constexpr bool empty() const { return _n == 0; }
  const SPACE _T &operator[](size_t _i) const { return _p[_i]; }
  const SPACE _T &at(size_t _i) const { return _p[_i]; }
  const SPACE _T &front() const { return _p[0]; }
  const SPACE _T &back() const { return _p[_n - 1]; }
  const SPACE _T *data() const { return _p; }
  const SPACE _T *begin() const { return _p; }
  const SPACE _T *end() const { return _p + _n; }
  const SPACE _T *cbegin() const { return _p; }
  const SPACE _T *cend() const { return _p + _n; }
private:
  const SPACE _T *_p; size_t _n;
};
template <typename _T> array_ref<QUAL_T> make_array_ref(const SPACE _T *_q, size_t _m) { return array_ref<QUAL_T>(_q, _m); }
template <typename _T, size_t _N> array_ref<QUAL_T> make_array_ref(const SPACE _T (&_a)[_N]) { return array_ref<QUAL_T>(_a); }
template <typename _T, size_t _N> array_ref<QUAL_T> make_array_ref(const SPACE array<_T, _N> &_a) { return array_ref<QUAL_T>(_a); }
`
	var b strings.Builder
	b.WriteString("namespace metal {")
	for _, space := range []string{"thread", "device", "constant", "threadgroup"} {
		head, qual := "<"+space+" _T> ", space+" "
		if space == "thread" {
			head, qual = "", ""
		}
		b.WriteString(strings.NewReplacer("HEAD", head, "SPACE", space, "QUAL", qual).Replace(class))
	}
	b.WriteString("}\n")
	return b.String()
}
