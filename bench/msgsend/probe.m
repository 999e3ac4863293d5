//go:build cgo && (darwin || objcnative)

#include "probe.h"

#include <objc/objc.h>
#include <objc/runtime.h>
#ifdef __APPLE__
#include <objc/message.h>
#endif

typedef void (*set_imp)(id, SEL, id, unsigned long, unsigned long);
typedef void (*dispatch_imp)(id, SEL, size3, size3);

#ifdef __APPLE__
#define LOOKUP(object, selector) class_getMethodImplementation(object_getClass(object), selector)
#else
#define LOOKUP(object, selector) objc_msg_lookup(object, selector)
#endif

__attribute__((objc_root_class))
@interface Probe {
	Class isa;
@public
	id buffer;
	unsigned long offset, index, width;
}
+ (Class)class;
- (id)self;
- (id)retain;
- (void)setBuffer:(id)b offset:(unsigned long)o atIndex:(unsigned long)i;
- (void)dispatchThreads:(size3)grid threadsPerThreadgroup:(size3)group;
@end

@implementation Probe
+ (Class)class { return (Class)self; }
- (id)self { return self; }
- (id)retain { return self; }
- (void)setBuffer:(id)b offset:(unsigned long)o atIndex:(unsigned long)i {
	buffer = b;
	offset = o;
	index = i;
}
- (void)dispatchThreads:(size3)grid threadsPerThreadgroup:(size3)group {
	width = grid.width * group.width;
}
- (unsigned long)index { return index; }
- (unsigned long)width { return width; }
@end

uintptr_t probe_new(void) { return (uintptr_t)class_createInstance((Class)objc_getClass("Probe"), 0); }

uintptr_t probe_selector(const char *name) { return (uintptr_t)sel_registerName(name); }

uintptr_t probe_method(uintptr_t object, uintptr_t selector) { return (uintptr_t)LOOKUP((id)object, (SEL)selector); }

void probe_set(uintptr_t imp, uintptr_t object, uintptr_t selector, uintptr_t buffer, uintptr_t offset, uintptr_t index) {
	((set_imp)imp)((id)object, (SEL)selector, (id)buffer, offset, index);
}

void probe_send(uintptr_t object, uintptr_t selector, uintptr_t buffer, uintptr_t offset, uintptr_t index) {
	((set_imp)LOOKUP((id)object, (SEL)selector))((id)object, (SEL)selector, (id)buffer, offset, index);
}

unsigned long probe_get(uintptr_t imp, uintptr_t object, uintptr_t selector) {
	return ((unsigned long (*)(id, SEL))imp)((id)object, (SEL)selector);
}

void probe_set_loop(uintptr_t imp, uintptr_t object, uintptr_t selector, uintptr_t buffer, uintptr_t index, long n) {
	for (long i = 0; i < n; i++)
		((set_imp)imp)((id)object, (SEL)selector, (id)buffer, (unsigned long)i, index);
}

void probe_send_loop(uintptr_t object, uintptr_t selector, uintptr_t buffer, uintptr_t index, long n) {
	for (long i = 0; i < n; i++)
		((set_imp)LOOKUP((id)object, (SEL)selector))((id)object, (SEL)selector, (id)buffer, (unsigned long)i, index);
}

void probe_dispatch(uintptr_t imp, uintptr_t object, uintptr_t selector, size3 grid, size3 group) {
	((dispatch_imp)imp)((id)object, (SEL)selector, grid, group);
}

void probe_dispatch_loop(uintptr_t imp, uintptr_t object, uintptr_t selector, size3 grid, size3 group, long n) {
	for (long i = 0; i < n; i++)
		((dispatch_imp)imp)((id)object, (SEL)selector, grid, group);
}

void probe_call1(uintptr_t f, long n) {
	for (long i = 0; i < n; i++)
		((void (*)(uintptr_t))f)((uintptr_t)i);
}

void probe_call5(uintptr_t f, long n) {
	for (long i = 0; i < n; i++)
		((void (*)(uintptr_t, uintptr_t, uintptr_t, uintptr_t, uintptr_t))f)((uintptr_t)i, 2, 3, 4, 5);
}

struct block {
	void *isa;
	int flags, reserved;
	void (*invoke)(void *, uintptr_t);
};

void probe_invoke(uintptr_t block, long n) {
	for (long i = 0; i < n; i++)
		((struct block *)block)->invoke((void *)block, (uintptr_t)i);
}

extern void goCallback(uintptr_t);

void probe_export(long n) {
	for (long i = 0; i < n; i++)
		goCallback((uintptr_t)i);
}
