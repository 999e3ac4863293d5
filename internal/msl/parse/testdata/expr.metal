int a = 1 + 2 * 3 - 4 << 1 & 2 | 3 ^ 4;
int b = !x && ~y || -z ? w ? 1 : 2 : a ?: 3;
void f() { x = y += z, *p++ = &q->r.s[1][2], (*p)(1, {2, 3})++; }
int c = (int)1.0 + (x) - 1 + (int)(x) * (float4){1} + (device int *)p;
int d = static_cast<float>(1) + reinterpret_cast<thread float &>(y) + const_cast<int>(z);
int e = sizeof(int) + sizeof x + alignof(float4) + noexcept(x) + __is_same(int, float);
auto g = [=, &x, this, i = 1](auto y) mutable -> int { return x + y; };
auto h = "a" "\n" R"(\n)"; int i = 'a' + '\xff' + 0b11 + 1'000ul; bool j = true; int *k = nullptr;
int l = a < b && c > (d), m = ::metal::max(1, 2), n = unsigned(1) + int{} + float2(1).x;
int o[] = {[0] = 1, [1 ... 2] = 2}; int p = ({ int q = 1; q; });
