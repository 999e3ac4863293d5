//go:build cgo && linux && objcnative

#include "device.h"

#include <objc/objc.h>
#include <objc/runtime.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

// Objects are there for as long as the process: they are not counted.
__attribute__((objc_root_class))
@interface BenchObject {
	Class isa;
}
+ (Class)class;
- (id)retain;
- (void)release;
- (id)autorelease;
- (void)setLabel:(id)label;
@end

@implementation BenchObject
+ (Class)class { return (Class)self; }
- (id)retain { return self; }
- (void)release { }
- (id)autorelease { return self; }
- (void)setLabel:(id)label { }
@end

@interface BenchEncoder : BenchObject {
@public
	id pipeline, buffers[31];
	unsigned long offsets[31];
	char bytes[4096];
	long launches;
	size3 grid, group;
}
@end

@implementation BenchEncoder
- (void)setComputePipelineState:(id)p { pipeline = p; }
- (void)setBuffer:(id)b offset:(unsigned long)o atIndex:(unsigned long)i {
	buffers[i] = b;
	offsets[i] = o;
}
- (void)setBytes:(const void *)data length:(unsigned long)n atIndex:(unsigned long)i { memcpy(bytes, data, n); }
- (void)dispatchThreads:(size3)g threadsPerThreadgroup:(size3)t {
	grid = g;
	group = t;
	launches++;
}
- (void)endEncoding { }
@end

struct block {
	void *isa;
	int flags, reserved;
	void (*invoke)(void *, id);
};

enum { notEnqueued, committed = 2, completed = 4 };

@interface BenchCommandBuffer : BenchObject {
@public
	BenchEncoder *encoder;
	struct block *handler; // the caller keeps it
	long begin, end;       // of the device's work, nanoseconds
	unsigned long state;
	BenchCommandBuffer *next;
}
@end

@interface BenchQueue : BenchObject {
@public
	id device;
}
@end

// A ring of command buffers: more than are in flight at a time.
enum { ring = 64 };
static BenchCommandBuffer *buffers[ring];
static unsigned long made;

static long busy, launches;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t more = PTHREAD_COND_INITIALIZER, done = PTHREAD_COND_INITIALIZER;
static BenchCommandBuffer *first, *last;

static long now(void) {
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000L + t.tv_nsec;
}

static void complete(BenchCommandBuffer *b) {
	struct block *handler = b->handler;
	__atomic_store_n(&b->state, completed, __ATOMIC_SEQ_CST);
	if (handler)
		handler->invoke(handler, b);
}

// The device works on one command buffer after the other, asleep: it takes no
// time of the processor's.
static void *work(void *unused) {
	long free = 0;
	for (;;) {
		pthread_mutex_lock(&mutex);
		while (!first)
			pthread_cond_wait(&more, &mutex);
		BenchCommandBuffer *b = first;
		first = b->next;
		pthread_mutex_unlock(&mutex);
		b->begin = b->begin > free ? b->begin : free;
		b->end = free = b->begin + busy;
		struct timespec t = {free / 1000000000L, free % 1000000000L};
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
		complete(b);
		pthread_mutex_lock(&mutex);
		pthread_cond_broadcast(&done);
		pthread_mutex_unlock(&mutex);
	}
	return unused;
}

@implementation BenchCommandBuffer
- (id)computeCommandEncoderWithDispatchType:(unsigned long)type { return encoder; }
- (id)computeCommandEncoder { return encoder; }
- (void)addCompletedHandler:(struct block *)b { handler = b; }
- (void)commit {
	launches += encoder->launches;
	encoder->launches = 0;
	if (!busy) {
		complete(self);
		return;
	}
	begin = now();
	next = NULL;
	__atomic_store_n(&state, committed, __ATOMIC_SEQ_CST);
	pthread_mutex_lock(&mutex);
	if (first)
		last->next = self;
	else
		first = self;
	last = self;
	pthread_cond_signal(&more);
	pthread_mutex_unlock(&mutex);
}
- (void)waitUntilCompleted {
	if (__atomic_load_n(&state, __ATOMIC_SEQ_CST) == completed)
		return;
	pthread_mutex_lock(&mutex);
	while (__atomic_load_n(&state, __ATOMIC_SEQ_CST) != completed)
		pthread_cond_wait(&done, &mutex);
	pthread_mutex_unlock(&mutex);
}
- (unsigned long)status { return __atomic_load_n(&state, __ATOMIC_SEQ_CST); }
- (id)error { return nil; }
- (double)GPUStartTime { return begin * 1e-9; }
- (double)GPUEndTime { return end * 1e-9; }
@end

@implementation BenchQueue
- (id)device { return device; }
- (id)commandBuffer {
	BenchCommandBuffer *b = buffers[made++ % ring];
	b->handler = NULL;
	__atomic_store_n(&b->state, notEnqueued, __ATOMIC_SEQ_CST);
	return b;
}
- (id)commandBufferWithUnretainedReferences { return [self commandBuffer]; }
@end

uintptr_t device_queue(uintptr_t metal_device) {
	for (int i = 0; i < ring; i++) {
		buffers[i] = class_createInstance(objc_getClass("BenchCommandBuffer"), 0);
		buffers[i]->encoder = class_createInstance(objc_getClass("BenchEncoder"), 0);
	}
	BenchQueue *q = class_createInstance(objc_getClass("BenchQueue"), 0);
	q->device = (id)metal_device;
	pthread_t thread;
	pthread_create(&thread, NULL, work, NULL);
	return (uintptr_t)q;
}

void device_set_busy(long ns) { busy = ns; }
long device_launches(void) { return launches; }

uintptr_t device_selector(const char *name) { return (uintptr_t)sel_registerName(name); }
uintptr_t device_method(uintptr_t object, uintptr_t selector) { return (uintptr_t)objc_msg_lookup((id)object, (SEL)selector); }

uintptr_t send_object(uintptr_t imp, uintptr_t self, uintptr_t sel) {
	return (uintptr_t)((id (*)(id, SEL))imp)((id)self, (SEL)sel);
}

void send_void(uintptr_t imp, uintptr_t self, uintptr_t sel) { ((void (*)(id, SEL))imp)((id)self, (SEL)sel); }

void send_set_pipeline(uintptr_t imp, uintptr_t self, uintptr_t sel, uintptr_t pipeline) {
	((void (*)(id, SEL, id))imp)((id)self, (SEL)sel, (id)pipeline);
}

void send_set_buffer(uintptr_t imp, uintptr_t self, uintptr_t sel, uintptr_t buffer, unsigned long offset, unsigned long index) {
	((void (*)(id, SEL, id, unsigned long, unsigned long))imp)((id)self, (SEL)sel, (id)buffer, offset, index);
}

void send_set_bytes(uintptr_t imp, uintptr_t self, uintptr_t sel, uintptr_t data, unsigned long length, unsigned long index) {
	((void (*)(id, SEL, const void *, unsigned long, unsigned long))imp)((id)self, (SEL)sel, (const void *)data, length, index);
}

void send_dispatch(uintptr_t imp, uintptr_t self, uintptr_t sel, size3 grid, size3 group) {
	((void (*)(id, SEL, size3, size3))imp)((id)self, (SEL)sel, grid, group);
}

// told is a completion handler of a kind that cgo programs write: a block that calls Go.
static void told(void *block, id buffer) { ended([(BenchCommandBuffer *)buffer status] == completed); }
static struct block toldBlock = {NULL, 1 << 28, 0, told};

void send_handler(uintptr_t imp, uintptr_t self, uintptr_t sel) {
	((void (*)(id, SEL, id))imp)((id)self, (SEL)sel, (id)&toldBlock);
}

uintptr_t encode_batch(uintptr_t queue, uintptr_t pipeline, uintptr_t buffer, long n, long mask) {
	const size3 grid = {64, 1, 1}, group = {64, 1, 1};
	float values[] = {1, 2};
	BenchCommandBuffer *b = [(BenchQueue *)queue commandBuffer];
	BenchEncoder *e = [b computeCommandEncoder];
	[e setComputePipelineState:(id)pipeline];
	for (long i = 0; i < n; i++) {
		[e setBuffer:(id)buffer offset:(i & mask) * 4 atIndex:0];
		[e setBytes:&values[(i & mask)] length:sizeof values[0] atIndex:1];
		[e dispatchThreads:grid threadsPerThreadgroup:group];
	}
	[e endEncoding];
	[b commit];
	return (uintptr_t)b;
}

void wait_batch(uintptr_t b) { [(BenchCommandBuffer *)b waitUntilCompleted]; }
