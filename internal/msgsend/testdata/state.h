// State is what a function or method of the tests received, and what it is to
// return. The Go side has the same struct.
typedef struct {
	unsigned long calls;
	void *cmd;                // the selector it was called by
	unsigned long frame;      // its frame's address, for the stack's alignment
	void *hook;               // a block that it calls before it returns, or nil
	unsigned char args[256];  // its arguments, each at a multiple of 8 bytes
	long long wide[24];       // integers among them, by the place of their word, as a long
	unsigned char result[128];
} State;

// A function is made of these. It has its state as s and its selector as _cmd.
#define RECEIVE(word, arg) __builtin_memcpy(s->args + 8 * (word), &arg, sizeof arg)
#define RECEIVE_INT(word, arg) (RECEIVE(word, arg), s->wide[word] = (long long)arg)
#define CALLED() (s->calls++, s->cmd = (void *)_cmd, s->frame = (unsigned long)__builtin_frame_address(0))
#define RETURN(type) \
	do { \
		type r_; \
		__builtin_memcpy(&r_, s->result, sizeof r_); \
		return r_; \
	} while (0)
