package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const good = `#include <metal_stdlib>
using namespace metal;
constant uint width [[function_constant(0)]];
kernel void saxpy(device float *y [[buffer(0)]],
                  device const float *x [[buffer(1)]],
                  constant float &a [[buffer(2)]],
                  uint id [[thread_position_in_grid]]) {
    y[id] = a * x[id] + y[id];
}
kernel void rows(device uint *out [[buffer(0)]], uint2 id [[thread_position_in_grid]]) {
    threadgroup uint t[4];
    t[0] = id.y * width;
    out[id.y * width + id.x] = t[0] / width;
}
`

// mslc runs the command on sources by name and returns its exit status and
// what it printed.
func mslc(t *testing.T, sources map[string]string, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range sources {
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o777))
		require.NoError(t, os.WriteFile(name, []byte(text), 0o666))
	}
	var out, errs strings.Builder
	status = run(args, strings.NewReader(sources["-"]), &out, &errs)
	return status, out.String(), errs.String()
}

func TestGoodSourceIsQuiet(t *testing.T) {
	status, out, errs := mslc(t, map[string]string{"a.metal": good}, "a.metal")
	require.Zero(t, status, errs)
	require.Empty(t, out)
	require.Empty(t, errs)
}

func TestList(t *testing.T) {
	status, out, errs := mslc(t, map[string]string{"a.metal": good}, "-list", "-all", "a.metal")
	require.Zero(t, status, errs)
	require.Equal(t, `saxpy
  buffer(0)  float  y  readwrite
  buffer(1)  float  x  read
  buffer(2)  float  a  read
rows
  buffer(0)             uint  out    write
  function_constant(0)  uint  width  required
`, out)
}

func TestBadSource(t *testing.T) {
	status, out, errs := mslc(t, map[string]string{"a.metal": "kernel void k(device float *a) {\n\ta[0] = nowhere;\n\ta[1] = neither;\n}\n"}, "a.metal")
	require.Equal(t, 1, status)
	require.Empty(t, out)
	require.Equal(t, `a.metal:2:9: error: use of undeclared identifier 'nowhere'
        a[0] = nowhere;
               ^
a.metal:3:9: error: use of undeclared identifier 'neither'
        a[1] = neither;
               ^
2 errors generated.
`, strings.ReplaceAll(errs, "\t", "        "))
}

func TestBadUsage(t *testing.T) {
	for _, args := range [][]string{{}, {"-nosuch", "a.metal"}, {"missing.metal"}, {"-std", "metal9.9", "a.metal"}, {"-D", "=1", "a.metal"}, {"-json", "-ir", "a.metal"}, {"-const", "x", "a.metal"}} {
		status, out, errs := mslc(t, map[string]string{"a.metal": good}, args...)
		require.Equal(t, 2, status, "%q", args)
		require.Empty(t, out, "%q", args)
		require.NotEmpty(t, errs, "%q", args)
	}
}

func TestMacrosAndIncludes(t *testing.T) {
	sources := map[string]string{
		"a.metal":      "#include \"near.h\"\n#include <far.h>\nkernel void k(device int *a) { a[0] = NEAR + FAR + N; }\n",
		"near.h":       "#define NEAR 1\n",
		"lib/far.h":    "#include \"deep/x.h\"\n",
		"lib/deep/x.h": "#define FAR 2\n",
	}
	status, _, errs := mslc(t, sources, "-I", "lib", "-D", "N=3", "-all", "a.metal")
	require.Zero(t, status, errs)
	status, _, errs = mslc(t, sources, "-D", "N", "a.metal")
	require.Equal(t, 1, status)
	require.Contains(t, errs, "'far.h' file not found")
	require.Contains(t, errs, "a.metal:2:10:")
}

func TestStandardInput(t *testing.T) {
	status, _, errs := mslc(t, map[string]string{"-": "kernel void k(device int *a) { a[0] = b; }"}, "-")
	require.Equal(t, 1, status)
	require.Contains(t, errs, "<stdin>:1:39: error: use of undeclared identifier 'b'")
}

func TestIR(t *testing.T) {
	status, out, errs := mslc(t, map[string]string{"a.metal": good}, "-ir", "a.metal")
	require.Zero(t, status, errs)
	require.Contains(t, out, "kernel \"saxpy\" {\n")
	require.Contains(t, out, "ffma f32")
}

func TestConstants(t *testing.T) {
	sources := map[string]string{"a.metal": good}
	for _, c := range []string{"0=8", "width=8"} {
		status, out, errs := mslc(t, sources, "-ir", "-const", c, "a.metal")
		require.Zero(t, status, errs)
		require.Contains(t, out, "const i32 0x8")
	}
	status, _, errs := mslc(t, sources, "-all", "-const", "width=red", "a.metal")
	require.Equal(t, 1, status)
	require.Contains(t, errs, "'rows'")
}

func TestJSON(t *testing.T) {
	status, out, errs := mslc(t, map[string]string{"a.metal": good, "b.metal": "kernel void k(device int *a) { a = 1.5; }"}, "-json", "a.metal", "b.metal")
	require.Equal(t, 1, status)
	require.Contains(t, errs, "b.metal:1:")
	var got struct {
		Schema string
		Files  []fileReport
	}
	require.NoError(t, json.Unmarshal([]byte(out), &got))
	require.Equal(t, "mslc/1", got.Schema)
	require.Len(t, got.Files, 2)
	require.Empty(t, got.Files[0].Diagnostics)
	require.Len(t, got.Files[0].Kernels, 2)
	require.Equal(t, argReport{Index: 1, Kind: "buffer", Type: "float", Name: "x", Access: "read", Size: 4, Align: 4, Used: true}, got.Files[0].Kernels[0].Args[1])
	require.EqualValues(t, 16, got.Files[0].Kernels[1].ThreadgroupMemory)
	require.Len(t, got.Files[1].Diagnostics, 1)
	require.Equal(t, 1, got.Files[1].Diagnostics[0].Line)
	require.Equal(t, "error", got.Files[1].Diagnostics[0].Severity)
}

func TestKernelThatCannotBeLowered(t *testing.T) {
	source := "kernel void big(device int *a, uint i [[thread_index_in_threadgroup]]) { threadgroup int t[20000]; t[i] = a[i]; a[0] = t[i + 1]; }\nkernel void fine(device int *a) { a[0] = 1; }\n"
	status, _, errs := mslc(t, map[string]string{"a.metal": source}, "a.metal")
	require.Zero(t, status, errs)
	status, out, errs := mslc(t, map[string]string{"a.metal": source}, "-all", "-list", "a.metal")
	require.Equal(t, 1, status)
	require.Contains(t, errs, "kernel 'big'")
	require.NotContains(t, errs, "kernel 'fine'")
	require.Contains(t, out, "fine\n")
}

// full is a disk without room.
type full struct{ written int }

func (f *full) Write([]byte) (int, error) {
	f.written++
	return 0, os.ErrClosed
}

// Output that is lost is no success.
func TestOutputLost(t *testing.T) {
	for _, flag := range []string{"-list", "-ir", "-json"} {
		var errs strings.Builder
		var out full
		require.Equal(t, 1, run([]string{flag, "-"}, strings.NewReader(good), &out, &errs), flag)
		require.Contains(t, errs.String(), os.ErrClosed.Error())
		require.Equal(t, 1, out.written, "nothing follows what was lost")
	}
}
