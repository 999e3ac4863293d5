//go:build objcnative

package nativemetal

import (
	"fmt"
	"sync"

	"github.com/aruminium-go/aruminium/internal/msgsend"
	"github.com/aruminium-go/aruminium/internal/objcrt"
	"github.com/aruminium-go/aruminium/objc"
)

// blockKinds tell what the arguments of the block that a method takes are: an
// object (@) or a word (w). A type encoding does not tell.
var blockKinds = map[string]string{
	"addScheduledHandler:":                                                "@",
	"addCompletedHandler:":                                                "@",
	"notifyListener:atValue:block:":                                       "@w",
	"newBufferWithBytesNoCopy:length:options:deallocator:":                "ww",
	"newLibraryWithSource:options:completionHandler:":                     "@@",
	"newFunctionWithName:constantValues:completionHandler:":               "@@",
	"newFunctionWithDescriptor:completionHandler:":                        "@@",
	"newIntersectionFunctionWithDescriptor:completionHandler:":            "@@",
	"newLibraryWithStitchedDescriptor:completionHandler:":                 "@@",
	"newComputePipelineStateWithFunction:completionHandler:":              "@@",
	"newComputePipelineStateWithFunction:options:completionHandler:":      "@@@",
	"newComputePipelineStateWithDescriptor:options:completionHandler:":    "@@@",
	"newRenderPipelineStateWithDescriptor:completionHandler:":             "@@",
	"newRenderPipelineStateWithDescriptor:options:completionHandler:":     "@@@",
	"newRenderPipelineStateWithTileDescriptor:options:completionHandler:": "@@@",
	"newRenderPipelineStateWithMeshDescriptor:options:completionHandler:": "@@@",
	"addLogHandler:":       "@@w@",
	"addPresentedHandler:": "@",
}

// blockArguments returns the kinds of a method's block's arguments.
func blockArguments(selector string) string {
	kinds, ok := blockKinds[selector]
	if !ok {
		panic(fmt.Sprintf("nativemetal: what the arguments of the block of %s are is not known: add it to blockKinds", selector))
	}
	return kinds
}

// keptBlocks are the native blocks that blocks of the embedded runtime wrap.
var keptBlocks sync.Map // objcrt.ID to objc.ID

// wrapBlock makes a block of the embedded runtime that calls a native one, which
// it keeps as long as it lives. The reference is the caller's.
func wrapBlock(selector string, block objc.ID) objcrt.ID {
	if block == 0 {
		return 0
	}
	kinds := blockArguments(selector)
	kept := msgsend.CopyBlock(block)
	id := objcrt.NewBlock(func(a, b, c, d uintptr) {
		words := [...]uintptr{a, b, c, d}
		var release []objc.ID
		for i := range kinds {
			if kinds[i] == '@' {
				id, made := lendNative(objcrt.ID(words[i]))
				words[i] = uintptr(id)
				if made {
					release = append(release, id)
				}
			}
		}
		onForeignThread(func() { msgsend.CallBlock(kept, words[0], words[1], words[2], words[3]) })
		objc.ReleaseAll(release)
	})
	keptBlocks.Store(id, kept)
	return id
}

// dropBlock lets a native block go when its wrapper has.
func dropBlock(wrapper objcrt.ID) {
	if kept, ok := keptBlocks.LoadAndDelete(wrapper); ok {
		msgsend.ReleaseBlock(kept.(objc.ID))
	}
}
