// Methods with nearly empty bodies, compiled by an Objective-C compiler, and the
// ways a C program calls them.

#include <stdint.h>

typedef struct { unsigned long width, height, depth; } size3;

// The object, its selectors, and the functions that its methods are.
uintptr_t probe_new(void);
uintptr_t probe_selector(const char *name);
uintptr_t probe_method(uintptr_t object, uintptr_t selector);

// -setBuffer:offset:atIndex: through the cached method, and by a lookup.
void probe_set(uintptr_t imp, uintptr_t object, uintptr_t selector, uintptr_t buffer, uintptr_t offset, uintptr_t index);
void probe_send(uintptr_t object, uintptr_t selector, uintptr_t buffer, uintptr_t offset, uintptr_t index);

// A message without arguments that returns a word, through the cached method.
unsigned long probe_get(uintptr_t imp, uintptr_t object, uintptr_t selector);

// -setBuffer:offset:atIndex: n times in a loop.
void probe_set_loop(uintptr_t imp, uintptr_t object, uintptr_t selector, uintptr_t buffer, uintptr_t index, long n);
void probe_send_loop(uintptr_t object, uintptr_t selector, uintptr_t buffer, uintptr_t index, long n);

// -dispatchThreads:threadsPerThreadgroup: through the cached method, once and n times.
void probe_dispatch(uintptr_t imp, uintptr_t object, uintptr_t selector, size3 grid, size3 group);
void probe_dispatch_loop(uintptr_t imp, uintptr_t object, uintptr_t selector, size3 grid, size3 group, long n);

// Calls from C, n times: of a function of one argument, of one of five, of a block,
// of an exported Go func.
void probe_call1(uintptr_t f, long n);
void probe_call5(uintptr_t f, long n);
void probe_invoke(uintptr_t block, long n);
void probe_export(long n);
