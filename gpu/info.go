package gpu

import (
	"fmt"

	"github.com/aruminium-go/aruminium/mtl"
	"github.com/aruminium-go/aruminium/objc"
)

// Info is what a device tells of itself. Sizes are in bytes. Its JSON is part of what cmd/mtlinfo
// prints: fields are only ever added.
type Info struct {
	Name         string `json:"name"`
	CPU          bool   `json:"cpu"`          // no GPU: kernels run on the processor
	Architecture string `json:"architecture"` // such as applegpu_g13s; empty if the system does not tell
	RegistryID   string `json:"registry_id"`  // 16 hexadecimal digits
	Location     string `json:"location"`     // built-in, slot, external or unspecified
	LocationNum  int    `json:"location_number"`
	Unified      bool   `json:"unified_memory"`
	LowPower     bool   `json:"low_power"`
	Headless     bool   `json:"headless"`
	Removable    bool   `json:"removable"`

	LanguageVersion string   `json:"language_version"` // the newest MSL it compiles, such as 3.2
	Families        []string `json:"families"`         // Apple7, Mac2, Common3, Metal3…

	Limits   InfoLimits   `json:"limits"`
	Features InfoFeatures `json:"features"`
	Memory   InfoMemory   `json:"memory"`
}

// InfoLimits is what a device allows.
type InfoLimits struct {
	MaxThreadsPerThreadgroup  [3]int `json:"max_threads_per_threadgroup"`
	MaxThreadgroupMemory      int    `json:"max_threadgroup_memory"`
	MaxBufferLength           int    `json:"max_buffer_length"`
	MaxArgumentBufferSamplers int    `json:"max_argument_buffer_samplers"`
	ArgumentBuffersTier       int    `json:"argument_buffers_tier"`
	ReadWriteTextureTier      int    `json:"read_write_texture_tier"`
	MaxConcurrentCompilations int    `json:"max_concurrent_compilations"`
	MaxTransferRate           int    `json:"max_transfer_rate"` // bytes per second over the bus; 0 if there is none
}

// InfoFeatures is what a device can do.
type InfoFeatures struct {
	DynamicLibraries  bool `json:"dynamic_libraries"`
	FunctionPointers  bool `json:"function_pointers"`
	Raytracing        bool `json:"raytracing"`
	FloatFiltering    bool `json:"float32_filtering"`
	BCTextures        bool `json:"bc_texture_compression"`
	QueryTextureLOD   bool `json:"query_texture_lod"`
	CounterAtStage    bool `json:"counter_sampling_at_stage"`
	CounterAtDispatch bool `json:"counter_sampling_at_dispatch"`
}

// InfoMemory is a device's memory.
type InfoMemory struct {
	RecommendedWorkingSet int `json:"recommended_working_set"`
	Allocated             int `json:"allocated"` // by this process, now
}

// families in the order they are listed.
var families = [...]struct {
	name string
	f    mtl.GPUFamily
}{
	{"Apple1", mtl.GPUFamilyApple1}, {"Apple2", mtl.GPUFamilyApple2}, {"Apple3", mtl.GPUFamilyApple3}, {"Apple4", mtl.GPUFamilyApple4},
	{"Apple5", mtl.GPUFamilyApple5}, {"Apple6", mtl.GPUFamilyApple6}, {"Apple7", mtl.GPUFamilyApple7}, {"Apple8", mtl.GPUFamilyApple8},
	{"Apple9", mtl.GPUFamilyApple9}, {"Apple10", mtl.GPUFamilyApple10}, {"Mac1", mtl.GPUFamilyMac1}, {"Mac2", mtl.GPUFamilyMac2},
	{"Common1", mtl.GPUFamilyCommon1}, {"Common2", mtl.GPUFamilyCommon2}, {"Common3", mtl.GPUFamilyCommon3},
	{"Metal3", mtl.GPUFamilyMetal3}, {"Metal4", mtl.GPUFamilyMetal4},
}

// FamilyNames are the names that Info.Families may hold.
func FamilyNames() []string {
	names := make([]string, len(families))
	for i, f := range families {
		names[i] = f.name
	}
	return names
}

// Info asks the device for all that it tells of itself. That of a closed device has only its name.
func (d *Device) Info() Info {
	info := Info{Name: d.h.name, CPU: !objc.Native}
	if d.use("Info") != nil {
		return info
	}
	defer d.done()
	raw := d.h.raw
	// A selector that a system does not have yet must not be sent.
	has := raw.RespondsTo
	if has("architecture") {
		a := raw.Architecture()
		info.Architecture = a.Name()
		a.Release()
	}
	info.RegistryID = fmt.Sprintf("%016x", raw.RegistryID())
	if has("location") {
		switch raw.Location() {
		case mtl.DeviceLocationBuiltIn:
			info.Location = "built-in"
		case mtl.DeviceLocationSlot:
			info.Location = "slot"
		case mtl.DeviceLocationExternal:
			info.Location = "external"
		default:
			info.Location = "unspecified"
		}
		info.LocationNum = int(raw.LocationNumber())
	}
	info.Unified = raw.HasUnifiedMemory()
	info.LowPower = ask(has, "isLowPower", raw.IsLowPower)
	info.Headless = ask(has, "isHeadless", raw.IsHeadless)
	info.Removable = ask(has, "isRemovable", raw.IsRemovable)
	info.Families = []string{}
	for _, f := range families {
		if raw.SupportsFamily(f.f) {
			info.Families = append(info.Families, f.name)
		}
	}
	info.LanguageVersion = newestLanguage().String()
	group := d.h.limits.Group
	info.Limits = InfoLimits{
		MaxThreadsPerThreadgroup:  [3]int{group.X, group.Y, group.Z},
		MaxThreadgroupMemory:      d.h.limits.ThreadgroupMemory,
		MaxBufferLength:           d.h.limits.Buffer,
		MaxArgumentBufferSamplers: int(ask(has, "maxArgumentBufferSamplerCount", raw.MaxArgumentBufferSamplerCount)),
		ReadWriteTextureTier:      int(ask(has, "readWriteTextureSupport", raw.ReadWriteTextureSupport)),
		MaxConcurrentCompilations: int(ask(has, "maximumConcurrentCompilationTaskCount", raw.MaximumConcurrentCompilationTaskCount)),
		MaxTransferRate:           clampInt(ask(has, "maxTransferRate", raw.MaxTransferRate)),
	}
	if has("argumentBuffersSupport") {
		info.Limits.ArgumentBuffersTier = 1 + int(raw.ArgumentBuffersSupport())
	}
	counters := has("supportsCounterSampling:")
	info.Features = InfoFeatures{
		DynamicLibraries:  ask(has, "supportsDynamicLibraries", raw.SupportsDynamicLibraries),
		FunctionPointers:  ask(has, "supportsFunctionPointers", raw.SupportsFunctionPointers),
		Raytracing:        ask(has, "supportsRaytracing", raw.SupportsRaytracing),
		FloatFiltering:    ask(has, "supports32BitFloatFiltering", raw.Supports32BitFloatFiltering),
		BCTextures:        ask(has, "supportsBCTextureCompression", raw.SupportsBCTextureCompression),
		QueryTextureLOD:   ask(has, "supportsQueryTextureLOD", raw.SupportsQueryTextureLOD),
		CounterAtStage:    counters && raw.SupportsCounterSampling(mtl.CounterSamplingPointAtStageBoundary),
		CounterAtDispatch: counters && raw.SupportsCounterSampling(mtl.CounterSamplingPointAtDispatchBoundary),
	}
	info.Memory = InfoMemory{
		RecommendedWorkingSet: clampInt(raw.RecommendedMaxWorkingSetSize()),
		Allocated:             clampInt(uint64(raw.CurrentAllocatedSize())),
	}
	return info
}

// ask calls a getter that the device has.
func ask[T any](has func(string) bool, selector string, get func() T) T {
	if has(selector) {
		return get()
	}
	var zero T
	return zero
}

// newestLanguage is the MSL version that the system compiles if no other is asked for.
func newestLanguage() LanguageVersion {
	o := mtl.NewCompileOptions()
	defer o.Release()
	return LanguageVersion(o.LanguageVersion())
}
