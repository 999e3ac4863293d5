// What the Objective-C side of the tests is made of. It builds on Apple's
// Foundation and on the GNU runtime with GNUstep's, whose classes are declared
// here as far as they are used, so that no headers of it are needed.
#ifdef __APPLE__
#import <Foundation/Foundation.h>
#define ROOT
#else
#include <objc/objc.h>
__attribute__((objc_root_class))
@interface NSObject { Class isa; }
+ (id)alloc;
+ (id)new;
- (id)init;
- (id)retain;
- (void)release;
- (id)autorelease;
- (void)dealloc;
@end
#endif

// State is what a method of Oracle received, and what it is to return. The Go
// side has the same struct.
typedef struct {
	unsigned long calls;
	void *cmd;                // the selector it was called by
	unsigned long frame;      // its frame's address, for the stack's alignment
	void *hook;               // a block that it calls before it returns, or nil
	unsigned char args[256];  // its arguments, each at a multiple of 8 bytes
	unsigned char result[128];
} State;

@interface Oracle : NSObject {
@public
	State state;
}
@end

// The methods of Oracle are made of these.
#define RECEIVE(at, arg) __builtin_memcpy(state.args + (at), &arg, sizeof arg)
#define CALLED() called(&state, (void *)_cmd, (unsigned long)__builtin_frame_address(0))
#define RETURN(type) \
	do { \
		type r_; \
		__builtin_memcpy(&r_, state.result, sizeof r_); \
		return r_; \
	} while (0)

void called(State *s, void *cmd, unsigned long frame);
