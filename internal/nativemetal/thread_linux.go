//go:build objcnative

package nativemetal

import (
	"unsafe"

	"github.com/aruminium-go/aruminium/internal/msgsend"
	"github.com/aruminium-go/aruminium/internal/objcrt"
	"github.com/aruminium-go/aruminium/objc"
)

// Handlers run on threads that C has made, as they do where libdispatch runs
// them. A thread that has run one waits for the next.

var createThread = msgsend.Func{Library: "libc.so.6", Name: "pthread_create"}

// threadWork is what an idle thread takes its next work from.
var threadWork = make(chan func())

// onForeignThread runs f on a thread of C's and waits for it.
func onForeignThread(f func()) {
	done := make(chan struct{})
	work := func() {
		defer close(done)
		f()
	}
	select {
	case threadWork <- work:
	default:
		startThread()
		threadWork <- work
	}
	<-done
}

// startThread makes a thread. Its function takes one address, as a block
// without arguments does: its own.
func startThread() {
	block := objc.NewBlock(func(_, _, _, _ uintptr) {
		for work := range threadWork {
			work()
		}
	})
	const invokeAt = 16 // in a block's literal
	invoke := *(*uintptr)(objcrt.Pointer(uintptr(block) + invokeAt))
	thread := new(uintptr)
	if createThread.Word(msgsend.Addr(unsafe.Pointer(thread)), 0, invoke, uintptr(block)) != 0 {
		go func() { // there are too many: the work is done all the same
			for work := range threadWork {
				work()
			}
		}()
	}
}
