package check

import (
	"slices"
	"strconv"
	"strings"
	"testing"
)

// wrong lists programs with what has to be said about them, one line each:
// line:column: message. The source is after the library's header, which
// counts as line 1, and in the body of a kernel if it does not have one; then
// the first line of src is line 3.
var wrong = []struct{ src, want string }{
	// Names.
	{"a[0] = undefined_name;", "3:8: error: use of undeclared identifier 'undefined_name'"},
	{"float value = 1; a[0] = valve;", "3:25: error: use of undeclared identifier 'valve'; did you mean 'value'?\n3:7: note: 'value' declared here"},
	{"foo(1);", "3:1: error: use of undeclared identifier 'foo'"},
	{"a[0] = metal::nothing(1);", "3:15: error: no member named 'nothing' in namespace 'metal'"},
	{"a[0] = sqrrt(1.0f);", "3:8: error: use of undeclared identifier 'sqrrt'; did you mean 'sqrt'?"},
	{"packed_float3 p; float3x3 m; a[0] = (m * p).x;", "3:40: error: cannot convert between vector and non-scalar values ('float3x3' (aka 'matrix<float, 3, 3>') and 'packed_float3' (packed vector of 3 'float' values))"},
	{"undeclared_t x = 1;", "3:1: error: unknown type name 'undeclared_t'"},
	{"int x; float x;", "3:14: error: redefinition of 'x' with a different type: 'float' vs 'int'\n3:5: note: previous definition is here"},
	{"int x = 1; int x = 2; a[x] = 0;", "3:16: error: redefinition of 'x'\n3:5: note: previous definition is here"},
	{"{ int y = 1; a[y] = 0; } a[0] = y;", "3:33: error: use of undeclared identifier 'y'"},
	{"for (int q = 0; q < 2; q++) {} a[0] = q;", "3:39: error: use of undeclared identifier 'q'"},
	{"int id = 1; a[id] = 0;", "3:5: error: redefinition of 'id' with a different type: 'int' vs 'uint' (aka 'unsigned int')\n2:79: note: previous definition is here"},
	{"{ int id = 1; a[id] = 0; }", ""},
	{"struct S { int a; }; struct S { int b; };\nkernel void k() {}", "2:29: error: redefinition of 'S'\n2:8: note: previous definition is here"},
	{"int f(int x) { return x; }\nint f(int y) { return y; }\nkernel void k() {}", "3:5: error: redefinition of 'f'\n2:5: note: previous definition is here"},
	{"int f(int x) { return x; }\nfloat f(int y) { return y; }\nkernel void k() {}", "3:7: error: functions that differ only in their return type cannot be overloaded\n2:5: note: previous definition is here"},
	{"typedef int T; typedef float T;\nkernel void k() {}", "2:30: error: typedef redefinition with different types ('float' vs 'int')\n2:13: note: previous definition is here"},
	{"int g(int x, int x) { return x; }\nkernel void k() {}", "2:18: error: redefinition of parameter 'x'"},

	// Assignment.
	{"const int c = 1; c = 2;", "3:20: error: cannot assign to variable 'c' with const-qualified type 'const int'\n3:11: note: variable 'c' declared const here"},
	{"b[0] = 1;", "3:6: error: read-only variable is not assignable"},
	{"u = 1;", "3:3: error: cannot assign to variable 'u' with const-qualified type 'const constant float &'\n2:71: note: variable 'u' declared const here"},
	{"1 = 2;", "3:3: error: expression is not assignable"},
	{"a[0] + 1 = 2;", "3:10: error: expression is not assignable"},
	{"float4 v; v.xx = 1;", "3:16: error: vector is not assignable (contains duplicate components)"},
	{"float x[2], y[2]; x = y;", "3:21: error: array type 'float[2]' is not assignable"},
	{"float4 v = 1; float3 w = v;", "3:22: error: cannot initialize a variable of type 'float3' (vector of 3 'float' values) with an lvalue of type 'float4' (vector of 4 'float' values)"},
	{"int4 v = 1; float4 w = v;", "3:20: error: cannot initialize a variable of type 'float4' (vector of 4 'float' values) with an lvalue of type 'int4' (vector of 4 'int' values)"},
	{"float4 v = 1; a[0] = v;", "3:22: error: assigning to 'float' from incompatible type 'float4' (vector of 4 'float' values)"},
	{"float x = a;", "3:7: error: cannot initialize a variable of type 'float' with an lvalue of type 'device float *'"},
	{"int x = nullptr;", "3:5: error: cannot initialize a variable of type 'int' with an rvalue of type 'nullptr_t'"},
	{"device int *p = a;", "3:13: error: cannot initialize a variable of type 'device int *' with an lvalue of type 'device float *'"},
	{"++1;", "3:1: error: expression is not assignable"},
	{"bool q = true; q++;", "3:17: error: ISO C++17 does not allow incrementing expression of type bool"},
	{"const float4 v = 0; v.x = 1;", "3:25: error: cannot assign to variable 'v' with const-qualified type 'const float4' (vector of 4 'float' values)\n3:14: note: variable 'v' declared const here"},
	{"struct S { float4 v; }; const S s = {}; s.v[0]++;", "3:47: error: cannot assign to variable 's' with const-qualified type 'const S'\n3:33: note: variable 's' declared const here"},
	{"struct S { int x; };\nkernel void k(constant S &s, constant S *p, constant S (&t)[2]) {\ns.x += 1;\np->x = 1;\nt[1].x = 2;\np[1].x = 3;\n}", "4:5: error: cannot assign to variable 's' with const-qualified type 'const constant S &'\n3:27: note: variable 's' declared const here\n5:6: error: cannot assign to variable 'p' with const-qualified type 'const constant S *'\n3:42: note: variable 'p' declared const here\n6:8: error: cannot assign to variable 't' with const-qualified type 'const constant S (&)[2]'\n3:58: note: variable 't' declared const here\n7:8: error: read-only variable is not assignable"},

	// Operators.
	{"float4 v = 1; float3 w = 1; v + w;", "3:31: error: cannot convert between vector values of different size ('float4' (vector of 4 'float' values) and 'float3' (vector of 3 'float' values))"},
	{"a[0] = 1.0f % 2.0f;", "3:13: error: invalid operands to binary expression ('float' and 'float')"},
	{"a[0] = a * 2;", "3:10: error: invalid operands to binary expression ('device float *' and 'int')"},
	{"struct S { int x; } s; a[0] = s + 1;", "3:33: error: invalid operands to binary expression ('S' and 'int')"},
	{"a[0] = ~1.0f;", "3:8: error: invalid argument type 'float' to unary expression"},
	{"a[0] = *id;", "3:8: error: indirection requires pointer operand ('uint' (aka 'unsigned int') invalid)"},
	{"a[0] = &1;", "3:8: error: cannot take the address of an rvalue of type 'int'"},
	{"float4 v; thread float *p = &v.x;", "3:29: error: address of vector element requested"},
	{"bool4 c = true; float4 v = c ? float4(1) : float4(2);", "3:28: error: value of type 'bool4' (vector of 4 'bool' values) is not contextually convertible to 'bool'\n3:28: note: use 'select' to choose component by component"},
	{"if (float4(1) == float4(1)) {}", "3:15: error: value of type 'bool4' (vector of 4 'bool' values) is not contextually convertible to 'bool'\n3:15: note: use 'any' or 'all' to reduce a vector of bool to one"},
	{"a[0] = id ? a : 1.0f;", "3:11: error: incompatible operand types ('device float *' and 'float')"},
	{"float2x2 m(1); float3 v; v = m * v;", "3:32: error: cannot convert between vector and non-scalar values ('float2x2' (aka 'matrix<float, 2, 2>') and 'float3' (vector of 3 'float' values))"},
	{"id << 1.0f;", "3:4: error: invalid operands to binary expression ('uint' (aka 'unsigned int') and 'float')"},
	{"a[0] = a == b;", ""},
	{"thread float *p = nullptr; bool q = p == a;", "3:39: error: comparison of pointers to different address spaces ('float *' and 'device float *')"},
	{"bool q = a == id;", "3:12: error: comparison between pointer and integer ('device float *' and 'uint' (aka 'unsigned int'))"},

	// Members, subscripts.
	{"float4 v = 1; a[0] = v.q;", "3:23: error: illegal vector component name 'q'"},
	{"float2 v = 1; a[0] = v.z;", "3:23: error: vector component access exceeds type 'float2' (vector of 2 'float' values)"},
	{"float4 v = 1; a[0] = v.xr;", "3:23: error: illegal vector component name 'r'"},
	{"struct S { int count; } s; a[0] = s.coumt;", "3:37: error: no member named 'coumt' in 'S'; did you mean 'count'?\n3:16: note: 'count' declared here"},
	{"struct S { int x; } s; a[0] = s.y;", "3:33: error: no member named 'y' in 'S'"},
	{"struct S { int x; } s; thread S *p = &s; a[0] = p.x;", "3:50: error: member reference type 'S *' is a pointer; did you mean to use '->'?"},
	{"struct S { int x; } s; a[0] = s->x;", "3:32: error: member reference type 'S' is not a pointer; did you mean to use '.'?"},
	{"a[0] = id.x;", "3:10: error: member reference base type 'uint' (aka 'unsigned int') is not a structure or union"},
	{"a[1.5f] = 0;", "3:2: error: array subscript is not an integer"},
	{"a[0] = id[0];", "3:8: error: subscripted value is not an array, pointer, or vector"},

	// Calls.
	{"a[0] = sin();", "3:8: error: no matching function for call to 'sin'\nnote: candidate function 'sin' requires 1 argument, but no arguments were provided"},
	{"a[0] = max(1, 2.0f);", "3:8: error: call to 'max' is ambiguous"},
	{"a[0] = max(id, 1);", "3:8: error: call to 'max' is ambiguous"},
	{"int f(int x) { return x; }\nkernel void k(device int *a) { a[0] = f(a); }", "3:39: error: no matching function for call to 'f'\n2:5: note: candidate function not viable: no known conversion from 'device int *' to 'int' for 1st argument; dereference the argument with *"},
	{"int f(int x) { return x; }\nkernel void k(device int *a) { a[0] = f(1, 2); }", "3:39: error: no matching function for call to 'f'\n2:5: note: candidate function not viable: requires single argument 'x', but 2 were provided"},
	{"int f(int x, int y) { return x; }\nkernel void k(device int *a) { a[0] = f(); }", "3:39: error: no matching function for call to 'f'\n2:5: note: candidate function not viable: requires 2 arguments, but no arguments were provided"},
	{"void f(thread int &x) { x = 1; }\nkernel void k(device int *a) { f(a[0]); }", "3:32: error: no matching function for call to 'f'\n2:6: note: candidate function not viable: address space mismatch in 1st argument ('device int'), parameter type must be 'int &'"},
	{"void f(thread int &x) { x = 1; }\nkernel void k(device int *a) { f(1); }", "3:32: error: no matching function for call to 'f'\n2:6: note: candidate function not viable: expects an lvalue for 1st argument"},
	{"void f(device int *p) {}\nkernel void k(device const int *a) { f(a); }", "3:38: error: no matching function for call to 'f'\n2:6: note: candidate function not viable: 1st argument ('const device int *') would lose const qualifier"},
	{"void f(thread int *p) {}\nkernel void k(device int *a) { f(a); }", "3:32: error: no matching function for call to 'f'\n2:6: note: candidate function not viable: cannot pass pointer to address space 'device' as a pointer to address space 'thread' in 1st argument"},
	{"int v = 1; v(2);", "3:13: error: called object type 'int' is not a function or function pointer"},
	{"kernel void k(device float *a) { a[0] = metal::sin(1.0f) + sin(2.0f); }", ""},

	{"float f(float x);\nkernel void k(device float *a) { a[0] = f(1); }", "3:41: error: undefined function 'f' is called\n2:7: note: 'f' declared here"},
	{"float f(float x);\nkernel void k(device float *a) { a[0] = f(1); }\nfloat f(float x) { return x; }", ""},

	// Initialisation.
	{"float4 v = float4(1, 2, 3);", "3:12: error: too few elements in vector initialization (expected 4 elements, have 3)"},
	{"float2 v = float2(1, 2, 3);", "3:12: error: too many elements in vector initialization (expected 2 elements, have 3)"},
	{"float2 v = { 1, 2, 3 };", "3:20: error: excess elements in vector initializer"},
	{"int x[2] = { 1, 2, 3 };", "3:20: error: excess elements in array initializer"},
	{"struct S { int x; }; S s = { 1, 2 };", "3:33: error: excess elements in struct initializer"},
	{"int x = { 1, 2 };", "3:14: error: excess elements in scalar initializer"},
	{"int x = { 1.5f };", "3:11: error: type 'float' cannot be narrowed to 'int' in initializer list\n3:11: note: insert an explicit cast to silence this issue"},
	{"char x = { 300 };", "3:12: error: constant expression evaluates to 300 which cannot be narrowed to type 'char'\n3:12: note: insert an explicit cast to silence this issue"},
	{"int n = 3; char x[1] = { n };", "3:26: error: non-constant-expression cannot be narrowed from type 'int' to 'char' in initializer list\n3:26: note: insert an explicit cast to silence this issue"},
	{"const int x;", "3:11: error: default initialization of an object of const type 'const int'"},
	{"thread int &r;", "3:13: error: declaration of reference variable 'r' requires an initializer"},
	{"thread int &r = 5;", "3:13: error: non-const lvalue reference to type 'int' cannot bind to a temporary of type 'int'"},
	{"int x[];", "3:5: error: definition of variable with array type needs an explicit size or an initializer"},
	{"int x[id];", "3:6: error: variable length arrays are not supported in Metal"},
	{"int x[-1];", "3:7: error: 'x' declared as an array with a negative size"},
	{"int x[1.5f];", "3:7: error: size of array has non-integer type 'float'"},
	{"auto x;", "3:6: error: declaration of variable 'x' with deduced type 'auto' requires an initializer"},
	{"void x;", "3:6: error: variable has incomplete type 'void'"},
	{"struct T; T t;", "3:13: error: variable has incomplete type 'T'\n3:8: note: forward declaration of 'T'"},
	{"struct S { int x; }; S s = 1;", "3:24: error: no viable conversion from 'int' to 'S'"},
	{"constexpr int n = id;", "3:15: error: constexpr variable 'n' must be initialized by a constant expression"},
	{"int v; constexpr thread int *p = &v;", "3:30: error: constexpr variable 'p' must be initialized by a constant expression"},

	// Types, address spaces.
	{"double x = 1;", "3:1: error: 'double' is not supported in Metal"},
	{"float *p = a;", "3:7: error: pointer type must have explicit address space qualifier"},
	{"thread float *p = a;", "3:15: error: cannot initialize a variable of type 'float *' with an lvalue of type 'device float *'\n3:15: note: the address spaces differ"},
	{"thread float *p = (thread float *)a;", "3:19: error: C-style cast from 'device float *' to 'float *' converts between mismatching address spaces"},
	{"constant float x = 1; a[0] = x;", "3:16: error: automatic variable qualified with an address space"},
	{"float f(float x = 1, float y) { return x + y; }\nkernel void k() {}", "2:28: error: missing default argument on parameter 'y'"},
	{"float f(float x, float y = 1);\nfloat f(float x = 2, float y) { return x + y; }\nkernel void k(device float *a) { a[0] = f(); }", ""},
	{"device float x;", "3:14: error: automatic variable qualified with an address space"},
	{"void f(float *p) {}\nkernel void k() {}", "2:14: error: pointer type must have explicit address space qualifier"},
	{"void f(float &p) {}\nkernel void k() {}", "2:14: error: reference type must have explicit address space qualifier"},
	{"float g = 1;\nkernel void k() {}", "2:7: error: program scope variable must reside in constant address space"},
	{"constexpr int g = 1;\nkernel void k() {}", "2:15: error: program scope variable must reside in constant address space"},
	{"device float g = 1;\nkernel void k() {}", "2:14: error: program scope variable must reside in constant address space"},
	{"constant float g;\nkernel void k() {}", "2:16: error: default initialization of an object of const type 'const constant float'"},
	{"void f() { threadgroup float t[4]; t[0] = 1; }\nkernel void k() {}", "2:30: error: variables in the threadgroup address space cannot be declared in a non-qualified function"},
	{"as_type<int2>(1.0f);", "3:1: error: as_type cast from 'float' to 'int2' (vector of 2 'int' values) is not allowed as the types have different sizes"},
	{"int x = static_cast<int>(a);", "3:9: error: static_cast from 'device float *' to 'int' is not allowed"},
	{"int x = (int)a;", "3:9: error: cast from pointer to smaller type 'int' loses information"},
	{"struct S { S s; };\nkernel void k() {}", "2:14: error: field has incomplete type 'S'\n2:8: note: definition of 'S' is not complete until the closing '}'"},
	{"struct S { int x; int x; };\nkernel void k() {}", "2:23: error: duplicate member 'x'\n2:16: note: previous declaration is here"},
	{"constant int n = n0;\nkernel void k() {}", "2:18: error: use of undeclared identifier 'n0'"},
	{"int f() { return 1; }\nconstant int n = f();\nkernel void k(device int *a) { a[0] = n; }", "3:18: error: initializer of program scope variable 'n' is not a constant expression"},

	// Statements.
	{"break;", "3:1: error: 'break' statement not in loop or switch statement"},
	{"continue;", "3:1: error: 'continue' statement not in loop statement"},
	{"case 1: ;", "3:1: error: 'case' statement not in switch statement"},
	{"default: ;", "3:1: error: 'default' statement not in switch statement"},
	{"switch (id) { case 1: case 1: break; }", "3:28: error: duplicate case value '1'\n3:15: note: previous case defined here"},
	{"switch (id) { default: default: break; }", "3:15: error: multiple default labels in one switch\n3:24: note: previous case defined here"},
	{"int n = 1; switch (id) { case n: break; }", "3:31: error: case value is not a constant expression"},
	{"switch (1.0f) { }", "3:1: error: statement requires expression of integer type ('float' invalid)"},
	{"return 1;", "3:1: error: void function 'k' should not return a value"},
	{"int f() { return; }\nkernel void k() {}", "2:11: error: non-void function 'f' should return a value"},
	{"float4 f() { return float3(1); }\nkernel void k() {}", "2:21: error: cannot initialize return object of type 'float4' (vector of 4 'float' values) with an rvalue of type 'float3' (vector of 3 'float' values)"},
	{"int f(int x) { if (x) return 1; }\nkernel void k() {}", "2:33: warning: non-void function does not return a value in all control paths [-Wreturn-type]"},
	{"int f(int x) { x++; }\nkernel void k() {}", "2:21: warning: non-void function does not return a value [-Wreturn-type]"},
	{"int f(int x) { while (true) {} }\nkernel void k() {}", ""},
	{"int f(int x) { switch (x) { case 0: return 1; default: return 2; } }\nkernel void k() {}", ""},
	{"goto x; x: ;", "3:1: error: 'goto' is not supported in Metal"},
	{"int f(int n) { return n == 0 ? 1 : n * f(n - 1); }\nkernel void k() {}", "2:40: error: recursive call of function 'f': recursion is not supported in Metal\n2:5: note: 'f' declared here"},
	{"static_assert(sizeof(int) == 8, \"no\");", "3:1: error: static_assert failed: no"},
	{"static_assert(id == 0, \"no\");", "3:15: error: static_assert expression is not an integral constant expression"},

	// Kernels.
	{"kernel int k() { return 1; }", "2:12: error: kernel must have void return type"},
	{"kernel void k(float x) {}", "2:15: error: invalid type 'float' for input declaration in a kernel function\n2:21: note: a parameter that is not a pointer or reference needs an attribute, such as [[thread_position_in_grid]]"},
	{"kernel void k(float *x) {}", "2:21: error: pointer type must have explicit address space qualifier"},
	{"kernel void k(thread float *x) {}", "2:15: error: invalid address space qualification for buffer declaration 'float *'"},
	{"kernel void k(device float *x [[buffer(0)]], device float *y [[buffer(0)]]) {}", "2:64: error: cannot reserve 'buffer' resource location at index 0\n2:33: note: resource location 0 is already in use"},
	{"kernel void k(device float *x [[buffer(31)]]) {}", "2:33: error: 'buffer' attribute parameter is out of bounds: must be between 0 and 30"},
	{"kernel void k(device float *x [[buffer(-1)]]) {}", "2:33: error: 'buffer' attribute parameter is out of bounds: must be between 0 and 30"},
	{"kernel void k(uint i [[buffer(0)]]) {}", "2:15: error: invalid type 'uint' (aka 'unsigned int') for buffer declaration"},
	{"kernel void k(device float *x [[buffer(4294967293)]]) {}", "2:33: error: invalid type 'long' for attribute index expression"},
	{"kernel void k(float i [[thread_position_in_grid]]) {}", "2:21: error: type 'float' is not valid for attribute 'thread_position_in_grid'\n2:25: note: the type must be 'uint', 'uint2', 'uint3', 'ushort', 'ushort2' or 'ushort3'"},
	{"kernel void k(uint3 i [[thread_index_in_threadgroup]]) {}", "2:21: error: type 'uint3' (vector of 3 'unsigned int' values) is not valid for attribute 'thread_index_in_threadgroup'\n2:25: note: the type must be 'uint' or 'ushort'"},
	{"kernel void k(device float *x [[buffer(0), buffer(1)]]) {}", "2:44: error: multiple 'buffer' attributes are not allowed on one parameter\n2:33: note: previous attribute is here"},
	{"kernel void k(uint i [[thread_position_in_grid]], uint j [[thread_position_in_grid]]) {}", "2:60: error: duplicate 'thread_position_in_grid' attribute\n2:24: note: previous use is here"},
	{"kernel void k(uint i [[thread_position_in_grid]], uint j [[nonsense]]) {}", "2:51: error: invalid type 'uint' (aka 'unsigned int') for input declaration in a kernel function\n2:56: note: a parameter that is not a pointer or reference needs an attribute, such as [[thread_position_in_grid]]\n2:60: warning: unknown attribute 'nonsense' ignored [-Wunknown-attributes]"},
	{"kernel void k(uint i [[vertex_id]]) {}", "2:24: error: 'vertex_id' attribute cannot be applied to a parameter of a kernel function"},
	{"kernel void k() {}\nkernel void k() {}", "3:13: error: redefinition of 'k'\n2:13: note: previous definition is here"},
	{"constant bool fc [[function_constant(70000)]];\nkernel void k() {}", "2:20: error: 'function_constant' attribute parameter is out of bounds: must be between 0 and 65535"},

	// Warnings.
	{"int x = 1;", "3:5: warning: unused variable 'x' [-Wunused-variable]"},
	{"[[maybe_unused]] int x = 1;", ""},
	{"id + 1;", "3:4: warning: expression result unused [-Wunused-value]"},
	{"id == 1;", "3:4: warning: equality comparison result unused [-Wunused-comparison]"},
	{"int x; if (x = 1) {}", "3:14: warning: using the result of an assignment as a condition without parentheses [-Wparentheses]\n3:14: note: place parentheses around the assignment to silence this warning\n3:14: note: use '==' to turn this assignment into an equality comparison"},
	{"int x = 1.5f; a[x] = 0;", "3:9: warning: implicit conversion from 'float' to 'int' changes value from 1.5 to 1 [-Wliteral-conversion]"},
	{"char c = 300; a[c] = 0;", "3:10: warning: implicit conversion from 'int' to 'char' changes value from 300 to 44 [-Wconstant-conversion]"},
	{"a[0] = 2147483647 + 1;", "3:19: warning: overflow in expression; result is -2147483648 with type 'int' [-Winteger-overflow]"},
	{"float f = 16777217; a[0] = f;", "3:11: warning: implicit conversion from 'int' to 'float' changes value from 16777217 to 16777216 [-Wimplicit-const-int-float-conversion]"},
	{"a[0] = 1 / 0;", "3:10: warning: division by zero is undefined [-Wdivision-by-zero]"},
	{"a[0] = 1 << 40;", "3:10: warning: shift count >= width of type [-Wshift-count-overflow]"},
	{"int x[4]; x[4] = 1;", "3:13: warning: array index 4 is past the end of the array (which contains 4 elements) [-Warray-bounds]"},
	{"float f = 1e50; a[0] = f;", "3:11: warning: magnitude of floating-point constant too large for type 'float'; maximum is 3.40282347E+38 [-Wliteral-range]"},

	// What is not there yet has a name.
	{"auto [x, y] = a;", "3:7: error: cannot decompose non-class, non-array type 'device float *'"},
}

// place wraps a source that is only statements in a kernel.
func place(src string) string {
	const head = "#include <metal_stdlib>\nusing namespace metal;"
	if strings.Contains(src, "kernel ") {
		return "using namespace metal;\n" + src + "\n"
	}
	return head[len("#include <metal_stdlib>\n"):] + "\nkernel void k(device float *a, device const float *b, constant float &u, uint id [[thread_position_in_grid]]) {\n" + src + "\n}\n"
}

func TestWrong(t *testing.T) {
	all := slices.Concat(wrong, wrongToo, wrongLate, wrongTyping, wrongKernels)
	if n := len(all); n < 480 {
		t.Errorf("only %d wrong programs", n)
	}
	for _, tt := range all {
		fset, _, list := compile(place(tt.src))
		var got []string
		for _, d := range list {
			for i := -1; i < len(d.Notes); i++ {
				n := d
				if i >= 0 {
					n = d.Notes[i]
				}
				at := fset.Position(n.Pos)
				s := ""
				if at.IsValid() {
					s = strconv.Itoa(at.Line) + ":" + strconv.Itoa(at.Column) + ": "
				}
				got = append(got, s+n.Severity.String()+": "+n.Msg)
			}
		}
		if s := strings.Join(got, "\n"); s != tt.want {
			t.Errorf("%s\ngot  %s\nwant %s", tt.src, s, tt.want)
		}
	}
}
