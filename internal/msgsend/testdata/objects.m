#include "oracle.h"
#include <pthread.h>
#include <stdlib.h>

// Counted counts its objects.
@interface Counted : NSObject
@end

static long live;

long liveObjects(void) { return __sync_add_and_fetch(&live, 0); }

@implementation Counted
- (id)init {
	self = [super init];
	__sync_add_and_fetch(&live, 1);
	return self;
}

- (void)dealloc {
	__sync_sub_and_fetch(&live, 1);
	[super dealloc];
}

+ (id)counted { return [[[self alloc] init] autorelease]; }
+ (id)newCounted { return [[self alloc] init]; }
+ (id)nothing { return 0; }

// An object and an error, as the arguments say.
+ (id)give:(_Bool)object error:(_Bool)fail into:(id *)error {
	if (error)
		*error = fail ? [self counted] : 0;
	return object ? [self counted] : 0;
}

+ (id)newGive:(_Bool)object error:(_Bool)fail into:(id *)error {
	if (error)
		*error = fail ? [self counted] : 0;
	return object ? [[self alloc] init] : 0;
}

// YES is given with garbage in the register's upper bits, and NO too.
+ (unsigned long)yes { return 0xffffffffffffff01; }
+ (unsigned long)no { return 0xffffffffffffff00; }
+ (unsigned long)try:(_Bool)ok error:(id *)error {
	if (!ok && error)
		*error = [self counted];
	return 0xffffffffffffff00 | ok;
}

// Leaves n objects to the pools.
+ (void)leave:(long)n {
	while (n-- > 0)
		[self counted];
}
@end

// Completion handlers: every thread calls copies of a block that takes an
// object and a number.
extern void *_Block_copy(const void *);
extern void _Block_release(const void *);

typedef struct {
	pthread_t thread;
	void *block;
	void *object;
	long first, calls;
} Completion;

static void *complete(void *arg) {
	Completion *c = arg;
	for (long i = 0; i < c->calls; i++) {
		void *block = _Block_copy(c->block);
		((void (*)(void *, void *, long))((void **)block)[2])(block, c->object, c->first + i);
		_Block_release(block);
	}
	_Block_release(c->block);
	return 0;
}

// startCompletions returns at once, with what joinCompletions waits for.
Completion *startCompletions(long threads, long calls, void *block, void *object) {
	Completion *all = calloc(threads + 1, sizeof *all);
	for (long i = 0; i < threads; i++) {
		all[i].block = _Block_copy(block);
		all[i].object = object;
		all[i].first = i * calls;
		all[i].calls = calls;
		if (pthread_create(&all[i].thread, 0, complete, &all[i]))
			abort();
	}
	return all;
}

void joinCompletions(Completion *all) {
	for (Completion *c = all; c->block; c++)
		pthread_join(c->thread, 0);
	free(all);
}

// Copies a block n times, then gives the copies back.
void copyBlocks(void *block, long n) {
	void **copies = malloc(n * sizeof *copies);
	for (long i = 0; i < n; i++)
		copies[i] = _Block_copy(block);
	for (long i = 0; i < n; i++)
		_Block_release(copies[i]);
	free(copies);
}
