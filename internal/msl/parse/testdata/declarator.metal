int *p[3], (*q)[3], *(*r)(int), &(*s(int))[3];
device float *const device *x = nullptr;
void (*f(int a, void (*g)(int)))(float);
typedef float A[2], (*F)(const thread A &, ...);
using G = auto (*)(int) -> device int *;
unsigned long long u, v = 1, w(2), y{3};
static constexpr constant short long_tail = 1;
coherent(system) device volatile int *c;
enum class E : uchar { X [[maybe_unused]] = 1, Y };
union U { struct { ushort lo, hi; }; uint b : 3, : 2; float f = 1; } one, *two;
extern "C" { void linked(void); }
namespace a::b { int z; } namespace ab = a::b; using ab::z;
