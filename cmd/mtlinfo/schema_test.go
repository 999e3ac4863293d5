package main

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestSchema holds the names of mtlinfo/1, which scripts rely on: they may be added to, never
// changed.
func TestSchema(t *testing.T) {
	_, out, errs := mtlinfo("-json")
	var got struct {
		Schema, Version string
		Host            map[string]any
		Devices         []map[string]any
	}
	require.NoError(t, json.Unmarshal([]byte(out), &got), errs)
	require.NotEmpty(t, got.Devices)
	for _, want := range []struct{ in, names string }{
		{"", "index backend name cpu architecture registryID location locationNumber unifiedMemory lowPower headless removable " +
			"languageVersion families limits features memory"},
		{"limits", "maxBufferLength recommendedMaxWorkingSetSize maxThreadsPerThreadgroup maxThreadgroupMemoryLength " +
			"maxArgumentBufferSamplerCount maximumConcurrentCompilationTaskCount maxTransferRate"},
		{"features", "argumentBuffersTier readWriteTextureTier dynamicLibraries functionPointers raytracing float32Filtering " +
			"bcTextureCompression queryTextureLOD counterSamplingAtStageBoundary counterSamplingAtDispatchBoundary"},
		{"memory", "allocated"},
	} {
		object := got.Devices[0]
		if want.in != "" {
			object = object[want.in].(map[string]any)
		}
		require.Subset(t, slices.Collect(maps.Keys(object)), strings.Fields(want.names), want.in)
	}
	require.Subset(t, slices.Collect(maps.Keys(got.Host)), []string{"os", "arch"})
	require.IsType(t, "", got.Devices[0]["registryID"], "64 bits are more than a JSON number keeps")
}
