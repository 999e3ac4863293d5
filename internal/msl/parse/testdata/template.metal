#include <metal_stdlib>
using namespace metal;
template <typename T, int N = 4, class... Ts> struct A {
    T x[N];
    template <typename U> static U get(U u, Ts... ts) { return g(u, ts...); }
    template <typename U> A(U u) {}
};
template <> struct A<int, (3 > 2)> { typedef A<A<int>> type; };
template <typename T> struct A<device T *> : A<T> {};
template <typename T, enable_if_t<is_same_v<T, int>, bool> = true> constexpr constant bool ok = false;
template <template <typename> class C, typename = void> using Alias = C<vec<float, 4>>;
template <typename... T> auto sum(T... x) -> decltype((x + ...)) { return (0 + ... + x) + sizeof...(T); }
template <typename T> [[kernel]] void k(device T *x [[buffer(0)]]) {
    typename T::type y = x.template get<int>(T::value, A<T>::template get<half>(1)) < 2;
    if constexpr (ok<T>) k<T>(x);
}
template [[host_name("k_" "float")]] [[kernel]] decltype(k<float>) k<float>;
template [[host_name("k_half")]] kernel void k<half>(device half *x);
extern template struct A<float>;
template <typename T> template <typename U> U A<T>::get(U u) { return T(u); }
