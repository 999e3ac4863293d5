package mtl

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/objc"
)

// silent is a class that answers every message of encoding and committing with nothing.
var silent = sync.OnceValue(func() objc.Class {
	def := objc.ClassDef{Name: "FakeSilent"}
	seen := map[string]bool{}
	for _, m := range messages {
		hot := m.class == "MTLComputeCommandEncoder" || m.class == "MTLCommandEncoder" || m.class == "MTLBlitCommandEncoder" || m.class == "MTLCommandBuffer"
		if hot && m.form == instanceMethod && !seen[m.selector] {
			seen[m.selector] = true
			def.Methods = append(def.Methods, objc.Method{Selector: m.selector, Encoding: m.encoding, Func: func(*objc.Call) {}})
		}
	}
	return register(def)
})

// What a loop of launches calls allocates nothing.
func TestHotMessagesDoNotAllocate(t *testing.T) {
	id := objc.NewObject(silent(), nil)
	defer objc.Release(id)
	enc, blit, cb := ComputeCommandEncoderFromID(id), BlitCommandEncoderFromID(id), CommandBufferFromID(id)
	buffer, state, fence, event := BufferFromID(id), ComputePipelineStateFromID(id), FenceFromID(id), EventFromID(id)
	texture, sampler, heap, textures := TextureFromID(id), SamplerStateFromID(id), HeapFromID(id), make([]Texture, 4)
	data, buffers, offsets, resources := make([]byte, 64), make([]Buffer, 4), make([]uint, 4), make([]Resource, 4)
	grid, group := Size{1024, 1, 1}, Size{32, 1, 1}
	for name, f := range map[string]func(){
		"SetComputePipelineState":      func() { enc.SetComputePipelineState(state) },
		"SetBuffer":                    func() { enc.SetBuffer(buffer, 16, 1) },
		"SetBufferOffset":              func() { enc.SetBufferOffset(16, 1) },
		"SetBuffers":                   func() { enc.SetBuffers(buffers, offsets, 2) },
		"SetBytes":                     func() { enc.SetBytes(data, 3) },
		"SetThreadgroupMemoryLength":   func() { enc.SetThreadgroupMemoryLength(64, 0) },
		"DispatchThreads":              func() { enc.DispatchThreads(grid, group) },
		"DispatchThreadgroups":         func() { enc.DispatchThreadgroups(grid, group) },
		"DispatchThreadgroupsIndirect": func() { enc.DispatchThreadgroupsIndirect(buffer, 0, group) },
		"MemoryBarrier":                func() { enc.MemoryBarrier(BarrierScopeBuffers) },
		"MemoryBarrierWithResources":   func() { enc.MemoryBarrierWithResources(resources) },
		"UseResource":                  func() { enc.UseResource(buffer.Resource, ResourceUsageRead) },
		"UseResources":                 func() { enc.UseResources(resources, ResourceUsageRead) },
		"UpdateFence":                  func() { enc.UpdateFence(fence) },
		"WaitForFence":                 func() { enc.WaitForFence(fence) },
		"SetStageInRegion":             func() { enc.SetStageInRegion(Region{Size: grid}) },
		"SetTexture":                   func() { enc.SetTexture(texture, 1) },
		"SetTextures":                  func() { enc.SetTextures(textures, 0) },
		"SetSamplerState":              func() { enc.SetSamplerState(sampler, 1) },
		"SetSamplerStateWithLOD":       func() { enc.SetSamplerStateWithLOD(sampler, 0, 4, 1) },
		"SetBufferWithStride":          func() { enc.SetBufferWithStride(buffer, 16, 4, 1) },
		"UseHeap":                      func() { enc.UseHeap(heap) },
		"CopyTextureRegion": func() {
			blit.CopyTextureRegion(texture, 0, 0, Origin{}, grid, texture, 0, 0, Origin{})
		},
		"EndEncoding":           enc.EndEncoding,
		"CopyBuffer":            func() { blit.CopyBuffer(buffer, 0, buffer, 4, 8) },
		"FillBuffer":            func() { blit.FillBuffer(buffer, Range{0, 8}, 1) },
		"EncodeSignalEvent":     func() { cb.EncodeSignalEvent(event, 3) },
		"Commit":                cb.Commit,
		"WaitUntilCompleted":    cb.WaitUntilCompleted,
		"Status":                func() { sink = uint64(cb.Status()) },
		"GPUEndTime":            func() { sink = uint64(cb.GPUEndTime()) },
		"ComputeCommandEncoder": func() { sink = uint64(cb.ComputeCommandEncoder().ID()) },
	} {
		require.Zero(t, testing.AllocsPerRun(100, f), name)
	}
}

var sink uint64
