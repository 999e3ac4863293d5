package cpumetal

import "github.com/aruminium-go/aruminium/internal/objcrt"

// Selectors that Metal does not have. What runs on the processors of the program
// itself can do two things that a GPU cannot: work on the goroutine that waits
// for it, and run what was encoded again without encoding it, with other buffers
// and bytes if need be. Who sends them asks first whether they are answered.

// localQueueMethods are those of a queue.
func localQueueMethods() []objcrt.Method {
	return []objcrt.Method{
		// A command buffer to encode once, see Queue.Template.
		{Selector: "cpuTemplateWithDescriptor:", Encoding: "@@:@", Func: func(o *objcrt.Object, descriptor uintptr) uintptr {
			retain, options, log := bufferOptions(descriptor)
			return newCommandBufferObject(o, value[*queueObject](o).queue.Template(retain, options), log)
		}},
		// A command buffer that does the same as a frozen template.
		{Selector: "cpuCommandBufferReplaying:", Encoding: "@@:@", Func: func(o *objcrt.Object, template uintptr) uintptr {
			t, ok := objcrt.As[*CommandBuffer](objcrt.ID(template))
			if !ok {
				return 0
			}
			cb := value[*queueObject](o).queue.Replay(t)
			if cb == nil {
				return 0
			}
			cb.Replayed = retained(objcrt.ID(template))
			return newCommandBufferObject(o, cb, objcrt.ID(t.LogOwner))
		}},
	}
}

// localCommandBufferMethods are those of a command buffer.
func localCommandBufferMethods() []objcrt.Method {
	return []objcrt.Method{
		{Selector: "cpuFreeze", Encoding: "v@:", Func: func(o *objcrt.Object) { value[*CommandBuffer](o).Freeze() }},
		// Another buffer, or other bytes, in a frozen template; see changes.
		{Selector: "cpuChangeSite:buffer:offset:", Encoding: "B@:Q@Q", Func: func(o *objcrt.Object, site, buffer, offset uintptr) uintptr {
			b, ok := bufferOf(buffer)
			return boolWord(ok && value[*CommandBuffer](o).ChangeBuffer(int(site), b, uint64(offset)))
		}},
		{Selector: "cpuChangeSite:bytes:length:", Encoding: "B@:Qr^vQ", Func: func(o *objcrt.Object, site, data, n uintptr) uintptr {
			if data == 0 || n > maxBytes {
				return 0
			}
			return boolWord(value[*CommandBuffer](o).ChangeBytes(int(site), objcrt.Bytes(data, int(n))))
		}},
		// commit and waitUntilCompleted, see CommandBuffer.CommitAndWait.
		{Selector: "cpuCommitAndWait", Encoding: "v@:", Func: func(o *objcrt.Object) { commit(o, (*CommandBuffer).CommitAndWait) }},
		// commit, see CommandBuffer.CommitHere.
		{Selector: "cpuCommitHere", Encoding: "v@:", Func: func(o *objcrt.Object) { commit(o, (*CommandBuffer).CommitHere) }},
	}
}

// IsLocal tells whether a selector is one that Metal does not have.
func IsLocal(selector string) bool {
	switch selector {
	case "cpuTemplateWithDescriptor:", "cpuCommandBufferReplaying:", "cpuFreeze",
		"cpuChangeSite:buffer:offset:", "cpuChangeSite:bytes:length:", "cpuCommitAndWait", "cpuCommitHere":
		return true
	}
	return false
}
