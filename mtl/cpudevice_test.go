//go:build !((darwin && !embedded) || (linux && objcnative))

package mtl

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/msgsend"
	"github.com/aruminium-go/aruminium/internal/objcrt"
	"github.com/aruminium-go/aruminium/objc"
)

// The CPU device's classes declare every method they have with the type encoding that the mirror
// sends. What they lack is listed.
func TestCPUDeviceEncodings(t *testing.T) {
	d := device(t)
	lib, err := d.NewLibraryWithSource(saxpySource, CompileOptions{})
	require.NoError(t, err)
	function := lib.NewFunction("saxpy")
	state, reflection, err := d.NewComputePipelineStateWithOptions(function, PipelineOptionBindingInfo)
	require.NoError(t, err)
	queue := d.NewCommandQueue()
	cb := queue.CommandBuffer()
	enc := cb.ComputeCommandEncoder()
	enc.EndEncoding()
	blit := cb.BlitCommandEncoder()
	blit.EndEncoding()
	bindings := reflection.Bindings()
	objects := map[string]objc.ID{
		"MTLDevice": d.ID(), "MTLLibrary": lib.ID(), "MTLFunction": function.ID(), "MTLComputePipelineState": state.ID(),
		"MTLComputePipelineReflection": reflection.ID(), "MTLBufferBinding": bindings[0].ID(), "MTLBinding": bindings[0].ID(),
		"MTLCommandQueue": queue.ID(), "MTLCommandBuffer": cb.ID(), "MTLComputeCommandEncoder": enc.ID(), "MTLBlitCommandEncoder": blit.ID(),
		"MTLCommandEncoder": enc.ID(), "MTLBuffer": d.NewBuffer(16, 0).ID(), "MTLFence": d.NewFence().ID(), "MTLEvent": d.NewEvent().ID(),
		"MTLSharedEvent": d.NewSharedEvent().ID(), "MTLArchitecture": d.Architecture().ID(),
	}
	objects["MTLResource"], objects["MTLAllocation"] = objects["MTLBuffer"], objects["MTLBuffer"]
	for i := range messages {
		if m := &messages[i]; m.form == classMethod && m.selector == "new" && objects[m.class] == 0 {
			objects[m.class] = msgsend.Object0(class(m.class), &selNew)
		}
	}
	defer func() {
		objects["MTLResource"], objects["MTLAllocation"], objects["MTLBinding"], objects["MTLCommandEncoder"], objects["MTLDevice"] = 0, 0, 0, 0, 0
		for _, id := range objects {
			objc.Release(id)
		}
		ReleaseAll(bindings[1:])
	}()
	answered, lacking := 0, map[string][]string{}
	for _, m := range messages {
		id := objects[m.class]
		if id == 0 || m.form != instanceMethod {
			continue
		}
		if sel := objc.GetSelector(m.selector); objc.RespondsTo(id, sel) {
			require.Equal(t, m.encoding, objcrt.Encoding(id, sel), "%s %s", m.class, m.selector)
			answered++
		} else {
			lacking[m.class] = append(lacking[m.class], m.selector)
		}
	}
	t.Logf("%d messages answered; not answered: %v", answered, lacking)
}
