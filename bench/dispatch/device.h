// A queue, its command buffers and their encoders with compiled methods, as Metal's
// are, and a device of which only the time it takes is there.

#include <stdint.h>

typedef struct { unsigned long width, height, depth; } size3;

// The queue of the device, an object of the native runtime.
uintptr_t device_queue(uintptr_t metal_device);

// How long a command buffer keeps the device busy, in nanoseconds. With 0 commit
// does all there is to do.
void device_set_busy(long ns);

// How many launches have been encoded and committed.
long device_launches(void);

uintptr_t device_selector(const char *name);
uintptr_t device_method(uintptr_t object, uintptr_t selector);

// One message each through a cached method, as cgo programs send them.
uintptr_t send_object(uintptr_t imp, uintptr_t self, uintptr_t sel);
void send_void(uintptr_t imp, uintptr_t self, uintptr_t sel);
void send_set_pipeline(uintptr_t imp, uintptr_t self, uintptr_t sel, uintptr_t pipeline);
void send_set_buffer(uintptr_t imp, uintptr_t self, uintptr_t sel, uintptr_t buffer, unsigned long offset, unsigned long index);
void send_set_bytes(uintptr_t imp, uintptr_t self, uintptr_t sel, uintptr_t data, unsigned long length, unsigned long index);
void send_dispatch(uintptr_t imp, uintptr_t self, uintptr_t sel, size3 grid, size3 group);

// addCompletedHandler:, with a block that calls ended with whether the command buffer came to its end.
void send_handler(uintptr_t imp, uintptr_t self, uintptr_t sel);
void ended(int well);

// A batch of launches in Objective-C, which bind two places and values in turns, or one if mask is 0: committed, and returned as the command buffer.
uintptr_t encode_batch(uintptr_t queue, uintptr_t pipeline, uintptr_t buffer, long launches, long mask);
void wait_batch(uintptr_t command_buffer);
