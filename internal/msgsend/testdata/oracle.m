#include "oracle.h"

// A block's code is its third word.
void callHook(State *s) {
	if (s->hook)
		((void (*)(void *))((void **)s->hook)[2])(s->hook);
}

@implementation Oracle
- (State *)state { return &state; }
@end
