#include "oracle.h"

#ifndef __APPLE__
@interface NSString : NSObject
+ (id)stringWithUTF8String:(const char *)s;
@end

@interface NSException : NSObject
+ (void)raise:(id)name format:(id)format, ...;
@end
#endif

// Thrower raises Objective-C exceptions.
@interface Thrower : NSObject
@end

@implementation Thrower
+ (void)raise {
	[NSException raise:[NSString stringWithUTF8String:"OracleException"]
	            format:[NSString stringWithUTF8String:"raised by the oracle"]];
}

// An exception caught where it was raised is nothing to the sender.
+ (long)catchOwn {
	@try {
		[self raise];
	} @catch (NSException *e) {
		return 42;
	}
	return 0;
}

// One raised by a message that a block sends is to be caught here, beyond Go.
+ (long)catchFromBlock:(void *)block {
	@try {
		((void (*)(void *))((void **)block)[2])(block);
	} @catch (NSException *e) {
		return 42;
	}
	return 0;
}
@end
