void f(int x)
{
#pragma unroll(4)
    for (int i = 0, *p = &x; i < 4; i++, --x) continue;
    for (const thread auto &y : {1, 2}) ;
    while (int y = x--) { break; }
    do x++; while (x < 3);
    if (int y = 1; y > 0) x = 1; else if (x) { } else ;
    switch (x) { case 0: case 1 ... 3: x = 2; break; default: return; }
    switch (x) case 1: x = 2;
    auto [a, b] = g();
    [[clang::unroll]] for (;;) goto end;
end:
    struct S { int x; } s = {.x = 1};
    float (*q)[4], z(x), w = {1};
    using namespace metal;
    static_assert(sizeof(int) == 4, "int");
    float4(x).y = 1;
    return f(1), void();
}
