package gpu

import (
	"fmt"

	"github.com/aruminium-go/aruminium/mtl"
	"github.com/aruminium-go/aruminium/objc"
)

// Info is what a device tells of itself. Sizes are in bytes. Its JSON, in Metal's words, is part of
// what cmd/mtlinfo prints: fields are only ever added.
type Info struct {
	Name           string `json:"name"`
	CPU            bool   `json:"cpu"`          // no GPU: kernels run on the processor
	Architecture   string `json:"architecture"` // such as applegpu_g13s; empty if the system does not tell
	RegistryID     string `json:"registryID"`   // in hexadecimal, such as 0x100000a3f
	Location       string `json:"location"`     // built-in, slot, external or unspecified
	LocationNumber int    `json:"locationNumber"`
	UnifiedMemory  bool   `json:"unifiedMemory"`
	LowPower       bool   `json:"lowPower"`
	Headless       bool   `json:"headless"`
	Removable      bool   `json:"removable"`

	LanguageVersion string   `json:"languageVersion"` // the newest MSL it compiles, such as 3.2
	Families        []string `json:"families"`        // Apple7, Mac2, Common3, Metal3…

	Limits   InfoLimits   `json:"limits"`
	Features InfoFeatures `json:"features"`
	Memory   InfoMemory   `json:"memory"`
}

// InfoLimits is what a device allows.
type InfoLimits struct {
	MaxBufferLength                       int    `json:"maxBufferLength"`
	RecommendedMaxWorkingSetSize          int    `json:"recommendedMaxWorkingSetSize"`
	MaxThreadsPerThreadgroup              [3]int `json:"maxThreadsPerThreadgroup"`
	MaxThreadgroupMemoryLength            int    `json:"maxThreadgroupMemoryLength"`
	MaxArgumentBufferSamplerCount         int    `json:"maxArgumentBufferSamplerCount"`
	MaximumConcurrentCompilationTaskCount int    `json:"maximumConcurrentCompilationTaskCount"`
	MaxTransferRate                       int    `json:"maxTransferRate"` // bytes per second over the bus; 0 if there is none
}

// InfoFeatures is what a device can do. A tier of 0 is none.
type InfoFeatures struct {
	ArgumentBuffersTier         int  `json:"argumentBuffersTier"`
	ReadWriteTextureTier        int  `json:"readWriteTextureTier"`
	DynamicLibraries            bool `json:"dynamicLibraries"`
	FunctionPointers            bool `json:"functionPointers"`
	Raytracing                  bool `json:"raytracing"`
	Float32Filtering            bool `json:"float32Filtering"`
	BCTextureCompression        bool `json:"bcTextureCompression"`
	QueryTextureLOD             bool `json:"queryTextureLOD"`
	CounterSamplingAtStages     bool `json:"counterSamplingAtStageBoundary"`
	CounterSamplingAtDispatches bool `json:"counterSamplingAtDispatchBoundary"`
}

// InfoMemory is how a device's memory is used.
type InfoMemory struct {
	Allocated int `json:"allocated"` // by this process, now
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
	info := Info{Name: d.Name(), CPU: !objc.Native}
	if d.use("Info") != nil {
		return info
	}
	defer d.done()
	raw := d.h.raw
	// The CPU device may answer behind a native runtime too.
	info.CPU = info.CPU || objc.ClassName(objc.ClassOf(raw.ID())) == "MTLCPUDevice"
	// A selector that a system does not have yet must not be sent.
	has := raw.RespondsTo
	if has("architecture") {
		a := raw.Architecture()
		info.Architecture = a.Name()
		a.Release()
	}
	info.RegistryID = fmt.Sprintf("%#x", raw.RegistryID())
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
		info.LocationNumber = int(raw.LocationNumber())
	}
	info.UnifiedMemory = raw.HasUnifiedMemory()
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
		MaxBufferLength:               d.h.limits.Buffer,
		RecommendedMaxWorkingSetSize:  clampInt(raw.RecommendedMaxWorkingSetSize()),
		MaxThreadsPerThreadgroup:      [3]int{group.X, group.Y, group.Z},
		MaxThreadgroupMemoryLength:    d.h.limits.ThreadgroupMemory,
		MaxArgumentBufferSamplerCount: int(ask(has, "maxArgumentBufferSamplerCount", raw.MaxArgumentBufferSamplerCount)),
		MaximumConcurrentCompilationTaskCount: int(ask(has, "maximumConcurrentCompilationTaskCount",
			raw.MaximumConcurrentCompilationTaskCount)),
		MaxTransferRate: clampInt(ask(has, "maxTransferRate", raw.MaxTransferRate)),
	}
	counters := has("supportsCounterSampling:")
	info.Features = InfoFeatures{
		ReadWriteTextureTier:        int(ask(has, "readWriteTextureSupport", raw.ReadWriteTextureSupport)),
		DynamicLibraries:            ask(has, "supportsDynamicLibraries", raw.SupportsDynamicLibraries),
		FunctionPointers:            ask(has, "supportsFunctionPointers", raw.SupportsFunctionPointers),
		Raytracing:                  ask(has, "supportsRaytracing", raw.SupportsRaytracing),
		Float32Filtering:            ask(has, "supports32BitFloatFiltering", raw.Supports32BitFloatFiltering),
		BCTextureCompression:        ask(has, "supportsBCTextureCompression", raw.SupportsBCTextureCompression),
		QueryTextureLOD:             ask(has, "supportsQueryTextureLOD", raw.SupportsQueryTextureLOD),
		CounterSamplingAtStages:     counters && raw.SupportsCounterSampling(mtl.CounterSamplingPointAtStageBoundary),
		CounterSamplingAtDispatches: counters && raw.SupportsCounterSampling(mtl.CounterSamplingPointAtDispatchBoundary),
	}
	if has("argumentBuffersSupport") {
		info.Features.ArgumentBuffersTier = 1 + int(raw.ArgumentBuffersSupport())
	}
	info.Memory.Allocated = clampInt(uint64(raw.CurrentAllocatedSize()))
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
