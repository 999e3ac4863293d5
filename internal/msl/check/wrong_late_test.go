package check

// wrongLate lists programs in the form of wrong: os_log, pragmas, members of
// templates.
var wrongLate = []struct{ src, want string }{
	// os_log: what -Wformat says of printf.
	{`os_log_default.log("%d", 1.5f);`, "3:26: warning: format specifies type 'int' but the argument has type 'float' [-Wformat]"},
	{`os_log_default.log("%f", id);`, "3:26: warning: format specifies type 'float' but the argument has type 'uint' (aka 'unsigned int') [-Wformat]"},
	{`os_log_default.log("%d", 1L);`, "3:26: warning: format specifies type 'int' but the argument has type 'long' [-Wformat]"},
	{`os_log_default.log("%ld", id);`, "3:27: warning: format specifies type 'long' but the argument has type 'uint' (aka 'unsigned int') [-Wformat]"},
	{`os_log_default.log("%hhd", 5);`, "3:28: warning: format specifies type 'char' but the argument has type 'int' [-Wformat]"},
	{`os_log_default.log("%v4f", float3(1));`, "3:28: warning: format specifies type 'float4' but the argument has type 'float3' (vector of 3 'float' values) [-Wformat]"},
	{`os_log_default.log("%v2d", float2(1));`, "3:28: warning: format specifies type 'int2' but the argument has type 'float2' (vector of 2 'float' values) [-Wformat]"},
	{`os_log_default.log("%v2f", half2(1));`, "3:28: warning: format specifies type 'float2' but the argument has type 'half2' (vector of 2 'half' values) [-Wformat]"},
	{`os_log_default.log("%f", float2(1));`, "3:26: warning: format specifies type 'float' but the argument has type 'float2' (vector of 2 'float' values) [-Wformat]"},
	{`os_log_default.log("%s", 1);`, "3:26: warning: format specifies type 'char *' but the argument has type 'int' [-Wformat]"},
	{`os_log_default.log("%p", 1);`, "3:26: warning: format specifies type 'void *' but the argument has type 'int' [-Wformat]"},
	{`os_log_default.log("%d %d", 1);`, "3:24: warning: more '%' conversions than data arguments [-Wformat-insufficient-args]"},
	{`os_log_default.log("%d", 1, 2);`, "3:29: warning: data argument not used by format string [-Wformat-extra-args]"},
	{`os_log_default.log("%y", 1);`, "3:22: warning: invalid conversion specifier 'y' [-Wformat-invalid-specifier]"},
	{`os_log_default.log("ab%");`, "3:23: warning: incomplete format specifier [-Wformat]"},
	{`os_log_default.log("%*d", 1.0f, 2);`, "3:27: warning: field width should have type 'int', but argument has type 'float' [-Wformat]"},
	{`os_log_default.log("%.*f", 1L, 2.0f);`, "3:28: warning: field precision should have type 'int', but argument has type 'long' [-Wformat]"},
	{`os_log_default.log("%d %f %hhu %hd %lu %v4f %v2hf %c %x", id, 1.0h, uchar(1), short(1), 1UL, float4(1), half2(1), 'c', true);`, ""},
	{"constant char text[] = \"x\";\nkernel void k() { os_log_default.log(text); }", "3:38: error: os_log() format argument is not a string constant"},
	{`struct S { int x; } s; os_log_default.log("%d", s);`, "3:49: error: cannot pass 'S' to 'log', which takes numbers, vectors and pointers"},
	{`os_log_default.log("%f", float2x2(1));`, "3:26: error: cannot pass 'float2x2' (aka 'matrix<float, 2, 2>') to 'log', which takes numbers, vectors and pointers"},
	{"os_log_default.log_info();", "3:16: error: no matching member function for call to 'log_info'\n3:16: note: it takes a format string and values"},
	{`os_log_default.log_warning("x");`, "3:16: error: no member named 'log_warning' in 'os_log'"},
	{"constant char text[] = \"x\";\nconstant os_log l(text, \"y\");\nkernel void k() { l.log(\"x\"); }", "3:19: error: the subsystem and the category of an 'os_log' must be string literals"},

	// Pragmas on floating-point arithmetic.
	{"#pragma METAL fp contract(of)\nkernel void k() {}", "2:2: error: unexpected argument 'of' to '#pragma METAL fp contract'; expected 'fast', 'on' or 'off'"},
	{"#pragma METAL fp contract\nkernel void k() {}", "2:2: error: unexpected argument '' to '#pragma METAL fp contract'; expected 'fast', 'on' or 'off'"},
	{"#pragma METAL fp math_mode(slow)\nkernel void k() {}", "2:2: error: unexpected argument 'slow' to '#pragma METAL fp math_mode'; expected 'fast', 'relaxed' or 'safe'"},
	{"#pragma METAL fp round(up)\nkernel void k() {}", "2:2: error: invalid option 'round'; expected 'contract' or 'math_mode'"},
	{"#pragma METAL fp\nkernel void k() {}", "2:2: error: missing option; expected 'contract' or 'math_mode'"},
	{"#pragma clang fp math_mode(safe)\nkernel void k() {}", "2:2: error: invalid option 'math_mode'; expected 'contract', 'reassociate' or 'exceptions'"},
	{"#pragma clang fp reassociate(fast)\nkernel void k() {}", "2:2: error: unexpected argument 'fast' to '#pragma clang fp reassociate'; expected 'on' or 'off'"},
	{"#pragma STDC FP_CONTRACT MAYBE\nkernel void k() {}", "2:2: warning: expected 'ON' or 'OFF' or 'DEFAULT' in pragma [-Wunknown-pragmas]"},
	{"kernel void k(device float *a) {\n{\n#pragma METAL fp contract(off)\n#pragma METAL fp math_mode(fast)\na[0] = 1; }\n}", ""},
	{"kernel void k(device float *a) {\na[0] = 1;\n#pragma METAL fp contract(off)\na[0] = 2;\n}", "4:2: error: '#pragma METAL fp contract' can only appear at file scope or at the start of a compound statement"},
	{"kernel void k(device float *a) {\na[0] = 1;\n#pragma STDC FP_CONTRACT ON\na[0] = 2;\n}", "4:2: error: '#pragma STDC FP_CONTRACT' can only appear at file scope or at the start of a compound statement"},
	{"#pragma METAL internals : enable\nkernel void k() {}", ""},

	// Definitions behind declarations.
	{"struct S { template <typename T> T get(T x); };\ntemplate <typename T> T S::got(T x) { return x; }\nkernel void k() {}", "3:28: error: out-of-line definition of 'got' does not match any declaration in 'S'"},
	{"struct S { template <typename T> T get(T x); };\ntemplate <typename T> T S::get(T x, int y) { return x; }\nkernel void k() {}", "3:28: error: out-of-line definition of 'get' does not match any declaration in 'S'"},
	{"struct S { template <typename T> T get(T x) { return x; } };\ntemplate <typename T> T S::get(T x) { return x; }\nkernel void k() {}", "3:28: error: redefinition of 'get'\n2:36: note: previous definition is here"},
	{"template <typename U> struct S { template <typename T> T get(T x); };\ntemplate <typename U> template <typename T, typename V> T S<U>::get(T x) { return x; }\nkernel void k() {}", "3:65: error: out-of-line definition of 'get' does not match any declaration in 'S'"},
	{"template <typename U> struct S { template <typename T> T get(T x); };\ntemplate <typename U> template <typename T> T S<U>::get(T x) { return x; }\ntemplate <typename U> template <typename T> T S<U>::get(T x) { return x; }\nkernel void k() {}", "4:53: error: redefinition of 'get'\n2:58: note: previous definition is here"},
	{"template <typename T> T f(T x);\ntemplate <typename U> U f(U y) { return y.z; }\nkernel void k(device int *o) { o[0] = f(1); }", "3:42: error: member reference base type 'int' is not a structure or union\n2:25: note: in instantiation of function template specialization 'f<int>' requested here"},
	{"template <typename T> T f(T x);\nkernel void k(device int *o) { o[0] = f(1); }", "3:39: error: undefined function 'f<int>' is called\n2:25: note: 'f<int>' declared here"},
	{"template <typename... T> int f(T... v) { auto g = [w...] { return 1; }; return g(); }\nkernel void k(device int *o) { o[0] = f(1); }", "2:52: error: pack expansion does not contain any unexpanded parameter packs\n2:30: note: in instantiation of function template specialization 'f<int>' requested here"},

	// What is private.
	{"class A { struct I { int x; }; public: I get() { return I{1}; } };\nkernel void k(device int *o) { A a; auto i = a.get(); A::I j; o[0] = i.x; }", "3:58: error: 'I' is a private member of 'A'\n2:18: note: declared private here"},
	{"struct A { private: struct I { static constexpr constant int n = 1; }; };\nkernel void k(device int *o) { o[0] = A::I::n; }", "3:42: error: 'I' is a private member of 'A'\n2:28: note: declared private here"},
	{"class A { using T = int; typedef float F; };\nkernel void k(device int *o) { A::T t = 1; o[0] = t; A::F f; }", "3:35: error: 'T' is a private member of 'A'\n2:17: note: declared private here\n3:57: error: 'F' is a private member of 'A'\n2:40: note: declared private here"},
	{"class A { enum { E = 2 }; enum class F { G }; public: enum H { I }; };\nkernel void k(device int *o) { o[0] = A::E + A::I; A::F f; }", "3:42: error: 'E' is a private member of 'A'\n2:18: note: declared private here\n3:55: error: 'F' is a private member of 'A'\n2:38: note: declared private here"},
	{"class A { public: int x; private: A(int v) : x(v) {} };\nkernel void k(device int *o) { A a(1); o[0] = a.x; }", "3:36: error: calling a private constructor of class 'A'\n2:35: note: declared private here"},
	{"class A { public: int x; static A make(int v) { return A(v); } private: A(int v) : x(v) {} };\nkernel void k(device int *o) { o[0] = A::make(1).x; }", ""},
	{"class A { struct I; struct I { int x; }; I i; public: I get(); int sum(); };\nA::I A::get() { return i; }\nint A::sum() { I j = get(); return j.x; }\nkernel void k(device int *o) { A a; o[0] = a.sum(); }", ""},
	{"struct B { protected: struct P { int x; }; B(int) {} }; struct D : B { P p; D() : B(1) {} };\nkernel void k(device int *o) { D d; o[0] = d.p.x; B b(1); }", "3:55: error: calling a protected constructor of class 'B'\n2:44: note: declared protected here"},
}
