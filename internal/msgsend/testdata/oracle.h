// What the Objective-C side of the tests is made of. It builds on Apple's
// Foundation and on the GNU runtime with GNUstep's, whose classes are declared
// here as far as they are used, so that no headers of it are needed.
#ifdef __APPLE__
#import <Foundation/Foundation.h>
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

#include "state.h"

@interface Oracle : NSObject {
@public
	State state;
}
@end

void callHook(State *s);
