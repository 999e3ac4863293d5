package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

// metalAPI is where the tables of Metal's API lie beside the project.
const metalAPI = "../../../shared/metal-api"

func requireTables(t *testing.T) *Tables {
	if _, err := os.Stat(metalAPI); err != nil {
		t.Skipf("the tables of Metal's API are not here: %v", err)
	}
	tables, err := ReadTables(metalAPI)
	require.NoError(t, err)
	return tables
}

func description(t *testing.T) *API {
	a, err := Parse(os.DirFS("api"))
	require.NoError(t, err)
	return a
}

// Every declaration of the description agrees with Metal's headers.
func TestDescriptionAgainstTables(t *testing.T) {
	c := description(t).Check(requireTables(t))
	require.Empty(t, c.Wrong)
	require.Zero(t, c.WrongEncodings)
	require.Empty(t, c.Missing)
	require.Equal(t, 2489, c.Methods.All)
	require.Equal(t, c.Methods.All, c.Methods.Have+len(c.Omitted), "only methods are left out")
	for _, p := range []Part{c.Enums, c.Cases, c.Structs, c.Functions, c.Constants} {
		require.Equal(t, p.All, p.Have)
	}
	t.Log(c)
}

// What a description lacks is missing, unless it says why; what it says without need is wrong.
func TestCheckOmissions(t *testing.T) {
	tables := requireTables(t)
	const fence = "protocol Fence\n\tlabel Label() string\n\tsetLabel: SetLabel(label string)\n"
	check := func(text string) *Coverage {
		a, err := ParseString("x.txt", text)
		require.NoError(t, err)
		return a.Check(tables)
	}
	c := check(fence)
	require.Equal(t, Part{2, 2489}, c.Methods)
	require.Len(t, c.Missing, 2487+126+42+21+37+10)
	for _, what := range []string{
		"method MTLFence device (id<MTLDevice> ())", "enum MTLWinding", "struct MTLSize", "function MTLCopyAllDevices (NSArray<id<MTLDevice>> * ())",
		"static inline MTLSizeMake (MTLSize (NSUInteger, NSUInteger, NSUInteger))", "constant MTLDeviceErrorDomain (NSErrorDomain)",
		"number MTLCounterDontSample",
	} {
		require.Contains(t, c.Missing, what+" is missing")
	}
	c = check(fence + `omit MTLFence device "no need"` + "\n" + `omit MTLWinding "no turns"` + "\n" + `omit MTLDevice "no device"`)
	require.Empty(t, c.Wrong)
	require.Contains(t, c.Omitted, "method MTLFence device is left out: no need")
	require.Contains(t, c.Omitted, "enum MTLWinding is left out: no turns")
	require.Contains(t, c.Omitted, "method MTLDevice name is left out: no device")
	require.Len(t, c.Missing, 2487-1-139+125+42+21+37+10)
	c = check(fence + `omit MTLFence label "no need"` + "\n" + `omit MTLNothing "no such"`)
	require.Equal(t, []string{
		"x.txt:4: MTLFence label is said to be left out, but is not or does not exist",
		"x.txt:5: MTLNothing is said to be left out, but is not or does not exist",
	}, c.Wrong)
}

// A description that is damaged in one place is found out. Each damage replaces one
// text of one file by another.
func TestCheckFindsDamage(t *testing.T) {
	tables := requireTables(t)
	files := fstest.MapFS{}
	paths, err := filepath.Glob("api/*.txt")
	require.NoError(t, err)
	for _, path := range paths {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		files[filepath.Base(path)] = &fstest.MapFile{Data: text}
	}
	for _, d := range []struct{ file, old, new, want string }{
		{"compute.txt", "SetBufferOffset(offset, index uint)", "SetBufferOffset(offset, index uint32)", "is encoded v@:II, the table has v@:QQ"},
		{"compute.txt", "DispatchThreads(grid, group Size)", "DispatchThreads(grid, group Region)", "is encoded"},
		{"resource.txt", "Contents() pointer", "Contents() cpointer", "is encoded r^v@:, the table has ^v@:"},
		{"resource.txt", "isAliasable         IsAliasable() bool", "isAliasable         IsAliasable() uint", "is encoded Q@:"},
		{"resource.txt", "gpuAddress             GPU", "gpuAdress             GPU", "MTLBuffer has no method gpuAdress"},
		{"resource.txt", "GPUAddress() uint64 since 13.0", "GPUAddress() uint64", `macos = 13.0, the description ""`},
		{"resource.txt", "protocol Buffer : Resource", "protocol Buffer : Allocation", `MTLBuffer inherits from "Resource", not from "Allocation"`},
		{"resource.txt", "\tManaged 1\n", "\tManaged 2\n", "MTLStorageModeManaged is 1, not 2"},
		{"resource.txt", "\tManaged 1\n", "", "StorageMode has the case MTLStorageModeManaged too"},
		{"resource.txt", "\tManaged 1\n", "\tManagd 1\n", "MTLStorageMode has no case MTLStorageModeManagd"},
		{"resource.txt", "ResourceStorageModeMask         uint 240", "ResourceStorageModeMask         uint 250", "MTLResourceStorageModeMask uint = 250"},
		{"library.txt", "class CompileOptions", "protocol CompileOptions", "MTLCompileOptions is a class, not a protocol"},
		{"library.txt", ` deprecated "use MathMode"`, "", "the table has deprecated = 1"},
		{"library.txt", "enum MathMode int", "enum MathMode uint", "MathMode is a int, not a uint"},
		{"library.txt", "options FunctionOptions", "enum FunctionOptions", "the table has is_options = 1"},
		{"types.txt", "width  Width  uint", "width  Width  uint32", "MTLSize is encoded {?=IQQ}"},
		{"types.txt", "\tx X uint\n\ty Y uint", "\ty Y uint\n\tx X uint", "MTLOrigin.y is at 0"},
		{"types.txt", "\tz Z uint\n", "", "MTLOrigin has 3 fields, not 2"},
		{"types.txt", "tag _NSRange", "tag NSRange", "NSRange is encoded {NSRange=QQ}"},
		{"types.txt", "MakeSize(width, height, depth uint)", "MakeSize(width, height uint)", "MTLSizeMake is encoded"},
		{"device.txt", "CopyAllDevices() []Device", "CopyAllDevices() uint", "MTLCopyAllDevices is encoded Q"},
		{"argument.txt", `class Argument deprecated "use Binding"`, "class Argument", "MTLArgument: the table has deprecated = 1"},
		{"sparse.txt", "fence Fence) optional", "fence Fence)", "the table has is_required = 0"},
		{"raytracing.txt", " encoding {_MTLPackedFloat3=(?={?=fff}[3f])}", "", "MTLPackedFloat3 is encoded {?=fff}"},
		{"io.txt", "chunkSize uint)", "chunkSize uint32)", "MTLIOCreateCompressionContext is encoded"},
		{"tensor.txt", "NewTensorExtents(count, values c[]int)", "NewTensorExtents(count, values c[]uint)", "is encoded @@:Qr^Q"},
		{"process.txt", "PerformanceProfileSustained int", "PerformanceProfileSustained", "no string constant called NSProcessPerformanceProfileSustained"},
		{"reflection.txt", "protocol ThreadgroupBinding", "protocol MTL4ThreadgroupBinding", "no class or protocol called MTL4ThreadgroupBinding"},
		{"device.txt", "constant MTLDeviceErrorDomain", "constant MTLDeviceErorDomain", "no string constant called MTLDeviceErorDomain"},
	} {
		whole := files[d.file]
		require.True(t, bytes.Contains(whole.Data, []byte(d.old)), "%s holds no %q", d.file, d.old)
		files[d.file] = &fstest.MapFile{Data: bytes.Replace(whole.Data, []byte(d.old), []byte(d.new), 1)}
		a, err := Parse(files)
		require.NoError(t, err, d.want)
		files[d.file] = whole
		require.Contains(t, strings.Join(a.Check(tables).Wrong, "\n"), d.want)
	}
}

// The files in mtl are what the description says.
func TestMirrorIsGenerated(t *testing.T) {
	files, err := description(t).Generate()
	require.NoError(t, err)
	wanted := map[string]bool{}
	for _, f := range files {
		wanted[f.Name] = true
		have, err := os.ReadFile(filepath.Join("../../mtl", f.Name))
		require.NoError(t, err, "run go generate ./mtl")
		require.True(t, bytes.Equal(f.Text, have), "mtl/%s differs: run go generate ./mtl", f.Name)
		require.Less(t, bytes.Count(f.Text, []byte("\n")), 800, f.Name)
	}
	paths, err := filepath.Glob("../../mtl/*.go")
	require.NoError(t, err)
	for _, path := range paths {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		if bytes.HasPrefix(text, mark) {
			require.True(t, wanted[filepath.Base(path)], "%s is left over: run go generate ./mtl", path)
		}
	}
}

func TestSnakeAndLower(t *testing.T) {
	for _, c := range []struct{ name, snake, lower string }{
		{"ComputeCommandEncoder", "compute_command_encoder", "computeCommandEncoder"},
		{"GPUFamily", "gpu_family", "gpuFamily"},
		{"Buffer", "buffer", "buffer"},
		{"URL", "url", "url"},
	} {
		require.Equal(t, c.snake, snake(c.name))
		require.Equal(t, c.lower, lower(c.name))
	}
}
