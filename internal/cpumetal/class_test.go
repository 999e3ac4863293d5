package cpumetal

import (
	"math"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/objcrt"
	"github.com/aruminium-go/aruminium/internal/simt"
)

// declared are all classes of this package with the protocols and classes of
// Metal whose methods they have.
var declared = []struct {
	def    func() objcrt.ClassDef
	owners string
}{
	{defineDevice, "MTLDevice"},
	{defineBuffer, "MTLBuffer MTLResource MTLAllocation"},
	{defineLibrary, "MTLLibrary"},
	{defineFunction, "MTLFunction"},
	{defineConstant, "MTLFunctionConstant"},
	{defineConstantValues, "MTLFunctionConstantValues"},
	{defineCompileOptions, "MTLCompileOptions"},
	{definePipeline, "MTLComputePipelineState MTLAllocation"},
	{definePipelineDescriptor, "MTLComputePipelineDescriptor"},
	{definePipelineBuffer, "MTLPipelineBufferDescriptor"},
	{definePipelineBuffers, "MTLPipelineBufferDescriptorArray"},
	{defineReflection, "MTLComputePipelineReflection"},
	{defineBufferBinding, "MTLBufferBinding MTLBinding"},
	{defineThreadgroupBinding, "MTLThreadgroupBinding MTLBinding"},
	{defineQueue, "MTLCommandQueue"},
	{defineQueueDescriptor, "MTLCommandQueueDescriptor"},
	{defineCommandBuffer, "MTLCommandBuffer"},
	{defineCommandBufferDescriptor, "MTLCommandBufferDescriptor"},
	{defineEncoderInfo, "MTLCommandBufferEncoderInfo"},
	{defineComputePass, "MTLComputePassDescriptor"},
	{defineComputeAttachment, "MTLComputePassSampleBufferAttachmentDescriptor"},
	{defineComputeAttachments, "MTLComputePassSampleBufferAttachmentDescriptorArray"},
	{defineBlitPass, "MTLBlitPassDescriptor"},
	{defineBlitAttachment, "MTLBlitPassSampleBufferAttachmentDescriptor"},
	{defineBlitAttachments, "MTLBlitPassSampleBufferAttachmentDescriptorArray"},
	{defineCounter, "MTLCounter"},
	{defineCounterSet, "MTLCounterSet"},
	{defineSampleBuffer, "MTLCounterSampleBuffer"},
	{defineSampleBufferDescriptor, "MTLCounterSampleBufferDescriptor"},
	{defineComputeEncoder, "MTLComputeCommandEncoder MTLCommandEncoder"},
	{defineBlitEncoder, "MTLBlitCommandEncoder MTLCommandEncoder"},
	{defineFence, "MTLFence"},
	{defineEvent, "MTLEvent"},
	{defineSharedEvent, "MTLSharedEvent"},
	{defineEventHandle, "MTLSharedEventHandle"},
	{defineListener, "MTLSharedEventListener"},
	{defineArchitecture, "MTLArchitecture"},
	{defineType, "MTLType"},
	{defineStructType, "MTLStructType"},
	{defineStructMember, "MTLStructMember"},
	{defineArrayType, "MTLArrayType"},
	{definePointerType, "MTLPointerType"},
}

func TestEncodings(t *testing.T) {
	text, err := os.ReadFile("testdata/methods.tsv")
	require.NoError(t, err)
	table := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if f := strings.Split(strings.TrimSuffix(line, "\n"), "\t"); len(f) == 4 {
			table[f[0]+" "+f[1]+" "+f[2]] = f[3]
		}
	}
	check := func(owners, class string, methods []objcrt.Method) {
		for _, m := range methods {
			if IsLocal(m.Selector) {
				continue
			}
			want := ""
			for _, o := range strings.Fields(owners) {
				if e, ok := table[o+" "+class+" "+m.Selector]; ok {
					want = e
				}
			}
			require.Equal(t, want, m.Encoding, "%s %s", owners, m.Selector)
		}
	}
	for _, d := range declared {
		def := d.def()
		require.NotEmpty(t, def.Methods)
		check(d.owners, "0", def.Methods)
		check(d.owners, "1", def.ClassMethods)
	}
}

func send(id objcrt.ID, selector string, args ...uintptr) uintptr {
	words := make([]uint64, len(args))
	for i, a := range args {
		words[i] = uint64(a)
	}
	var ret [1]uint64
	objcrt.SendFrame(id, objcrt.RegisterSelector(selector), words, ret[:])
	return uintptr(ret[0])
}

// get sends a message and returns the object it answers, released at the end of
// the test.
func get(t *testing.T, id objcrt.ID, selector string, args ...uintptr) objcrt.ID {
	result := objcrt.ID(send(id, selector, args...))
	require.NotZero(t, result, selector)
	t.Cleanup(func() { objcrt.Release(result) })
	return result
}

func text(id objcrt.ID, selector string) string {
	s := objcrt.ID(send(id, selector))
	defer objcrt.Release(s)
	return objcrt.GoString(s)
}

// address returns the address of the first element of s, which it sees to that
// is on the heap: there nothing moves.
func address[T any](s []T) uintptr {
	onHeap = s
	return uintptr(unsafe.Pointer(unsafe.SliceData(s)))
}

var onHeap any

func str(t *testing.T, s string) uintptr {
	id := objcrt.NewString(s)
	t.Cleanup(func() { objcrt.Release(id) })
	return uintptr(id)
}

func open(t *testing.T) objcrt.ID {
	d := SystemDefaultDevice()
	t.Cleanup(func() { objcrt.Release(d) })
	return d
}

// newObject is +new of a class by name.
func newObject(t *testing.T, class string) objcrt.ID {
	Load()
	c := objcrt.LookupClass(class)
	require.NotNil(t, c, class)
	return get(t, c.ID(), "new")
}

func TestDeviceObject(t *testing.T) {
	d := open(t)
	all := AllDevices()
	require.Equal(t, []objcrt.ID{d}, all)
	objcrt.Release(all[0])
	require.Contains(t, text(d, "name"), "CPU")
	require.Contains(t, text(get(t, d, "architecture"), "name"), runtime.GOARCH)
	require.EqualValues(t, registryID, send(d, "registryID"))
	require.EqualValues(t, 32768, send(d, "maxThreadgroupMemoryLength"))
	require.EqualValues(t, 1, send(d, "hasUnifiedMemory"))
	require.Zero(t, send(d, "isLowPower"))
	require.Zero(t, send(d, "supportsFamily:", 3001))
	require.Positive(t, send(d, "maxBufferLength"))
	require.Greater(t, send(d, "recommendedMaxWorkingSetSize"), send(d, "maxBufferLength"))
	var size [3]uint64
	objcrt.SendFrame(d, objcrt.RegisterSelector("maxThreadsPerThreadgroup"), nil, size[:])
	require.Equal(t, [3]uint64{1024, 1024, 1024}, size)
	stamps := make([]uint64, 2)
	send(d, "sampleTimestamps:gpuTimestamp:", address(stamps), address(stamps[1:]))
	require.Positive(t, stamps[0])
	require.Equal(t, stamps[0], stamps[1])
	for _, absent := range []string{"newAccelerationStructureWithSize:", "newRenderPipelineStateWithDescriptor:error:"} {
		require.False(t, objcrt.RespondsTo(d, objcrt.RegisterSelector(absent)), absent)
		require.PanicsWithError(t, "-[MTLCPUDevice "+absent+"]: unrecognized selector sent to "+hex(d), func() { send(d, absent, 0, 0) })
	}
}

func hex(id objcrt.ID) string {
	const digits = "0123456789abcdef"
	s := ""
	for n := uintptr(id); n > 0; n /= 16 {
		s = digits[n%16:n%16+1] + s
	}
	return "0x" + s
}

func TestBufferObject(t *testing.T) {
	d := open(t)
	before := send(d, "currentAllocatedSize")
	b := objcrt.ID(send(d, "newBufferWithLength:options:", 100, 0))
	require.EqualValues(t, 100, send(b, "length"))
	require.Greater(t, send(d, "currentAllocatedSize"), before)
	require.Zero(t, send(b, "contents")%uintptr(os.Getpagesize()))
	require.NotZero(t, send(b, "gpuAddress"))
	require.EqualValues(t, 2, send(b, "setPurgeableState:", 3))
	require.EqualValues(t, 3, send(b, "setPurgeableState:", 1))
	require.Equal(t, "", text(b, "label"))
	send(b, "setLabel:", str(t, "mine"))
	require.Equal(t, "mine", text(b, "label"))
	require.Equal(t, d, get(t, b, "device"))
	objcrt.Release(b)
	require.Equal(t, before, send(d, "currentAllocatedSize"))
	require.Panics(t, func() { send(b, "length") }, "a released buffer")

	private := get(t, d, "newBufferWithLength:options:", 64, 32)
	require.Zero(t, send(private, "contents"))
	require.EqualValues(t, 2, send(private, "storageMode"))
	require.Zero(t, send(d, "newBufferWithLength:options:", 0, 0))
	require.Zero(t, send(d, "newBufferWithLength:options:", send(d, "maxBufferLength")+1, 0))
	require.Zero(t, send(d, "newBufferWithBytes:length:options:", 0, 8, 0))

	mem, err := mapPages(os.Getpagesize())
	require.NoError(t, err)
	defer unmapPages(mem)
	p := uintptr(unsafe.Pointer(&mem[0]))
	calls := 0
	block := objcrt.NewBlock(func(a, n, _, _ uintptr) {
		require.Equal(t, p, a)
		require.EqualValues(t, len(mem), n)
		calls++
	})
	require.Zero(t, send(d, "newBufferWithBytesNoCopy:length:options:deallocator:", p+1, uintptr(len(mem))-1, 0, uintptr(block)))
	nc := objcrt.ID(send(d, "newBufferWithBytesNoCopy:length:options:deallocator:", p, uintptr(len(mem)), 0, uintptr(block)))
	objcrt.Release(block)
	require.Equal(t, p, send(nc, "contents"))
	require.Zero(t, calls)
	objcrt.Release(nc)
	require.Equal(t, 1, calls)
	require.False(t, objcrt.Valid(block))
}

// pipelineObject makes the object of a pipeline written in Go.
func pipelineObject(t *testing.T, p *Pipeline) objcrt.ID {
	id := objcrt.ID(newPipelineObject(p))
	t.Cleanup(func() { objcrt.Release(id) })
	return id
}

func TestDispatchObjects(t *testing.T) {
	d := open(t)
	q := get(t, d, "newCommandQueue")
	inc := pipelineObject(t, increment(SystemDevice()))
	require.EqualValues(t, 32, send(inc, "threadExecutionWidth"))
	require.EqualValues(t, 1024, send(inc, "maxTotalThreadsPerThreadgroup"))
	b := get(t, d, "newBufferWithLength:options:", 64, 0)
	cb := get(t, q, "commandBuffer")
	require.Equal(t, q, get(t, cb, "commandQueue"))
	require.EqualValues(t, 1, send(cb, "retainedReferences"))
	enc := get(t, cb, "computeCommandEncoderWithDispatchType:", dispatchConcurrent)
	require.EqualValues(t, 1, send(enc, "dispatchType"))
	require.Zero(t, send(cb, "blitCommandEncoder"), "another encoder is open: misuse, and the command buffer fails")
	send(enc, "endEncoding")
	send(cb, "commit")
	send(cb, "waitUntilCompleted")
	require.EqualValues(t, StatusError, send(cb, "status"))

	cb = get(t, q, "commandBuffer")
	enc = get(t, cb, "computeCommandEncoder")
	send(enc, "setComputePipelineState:", uintptr(inc))
	send(enc, "setBuffer:offset:atIndex:", uintptr(b), 4, 0)
	send(enc, "dispatchThreads:threadsPerThreadgroup:", 100, 1, 1, 32, 1, 1)
	ids, offsets := []uintptr{uintptr(b), 0}, []uintptr{8, 0}
	send(enc, "setBuffers:offsets:withRange:", address(ids), address(offsets), 0, 2)
	send(enc, "memoryBarrierWithScope:", 1)
	send(enc, "useResource:usage:", uintptr(b), 3)
	send(enc, "dispatchThreadgroups:threadsPerThreadgroup:", 2, 3, 1, 5, 1, 1)
	send(enc, "endEncoding")
	blit := get(t, cb, "blitCommandEncoder")
	send(blit, "copyFromBuffer:sourceOffset:toBuffer:destinationOffset:size:", uintptr(b), 4, uintptr(b), 32, 8)
	send(blit, "fillBuffer:range:value:", uintptr(b), 0, 4, 0x101)
	send(blit, "endEncoding")
	var order []string
	for _, s := range []string{"addScheduledHandler:", "addCompletedHandler:"} {
		block := objcrt.NewBlock(func(got, _, _, _ uintptr) {
			require.Equal(t, uintptr(cb), got)
			order = append(order, s)
		})
		send(cb, s, uintptr(block))
		objcrt.Release(block)
	}
	send(cb, "commit")
	send(cb, "waitUntilCompleted")
	require.Equal(t, []string{"addScheduledHandler:", "addCompletedHandler:"}, order)
	require.EqualValues(t, StatusCompleted, send(cb, "status"))
	require.Zero(t, send(cb, "error"))
	start, end := math.Float64frombits(uint64(send(cb, "GPUStartTime"))), math.Float64frombits(uint64(send(cb, "GPUEndTime")))
	require.Positive(t, start)
	require.Greater(t, end, start)
	w := unsafe.Slice((*uint32)(objcrt.Pointer(send(b, "contents"))), 16)
	require.Equal(t, []uint32{0x01010101, 100, 30, 0, 0, 0, 0, 0, 100, 30}, w[:10])
}

// A command buffer with nothing but a scheduled handler outlives it.
func TestScheduledHandlerAlone(t *testing.T) {
	q := get(t, open(t), "newCommandQueue")
	for range 1000 {
		cb := objcrt.ID(send(q, "commandBuffer"))
		seen := make(chan bool, 1)
		block := objcrt.NewBlock(func(got, _, _, _ uintptr) { seen <- uintptr(cb) == got && objcrt.Valid(cb) })
		send(cb, "addScheduledHandler:", uintptr(block))
		objcrt.Release(block)
		send(cb, "commit")
		objcrt.Release(cb)
		require.True(t, <-seen)
	}
}

func TestErrorObjects(t *testing.T) {
	d := open(t)
	q := get(t, d, "newCommandQueue")
	bad := pipelineObject(t, testPipeline(SystemDevice(), "bad", nil, func(*simt.Launch) *simt.Fault {
		return &simt.Fault{Kind: simt.Timeout, Kernel: "bad"}
	}))
	desc := newObject(t, "MTLCommandBufferDescriptor")
	require.EqualValues(t, 1, send(desc, "retainedReferences"))
	send(desc, "setErrorOptions:", 1)
	cb := get(t, q, "commandBufferWithDescriptor:", uintptr(desc))
	send(cb, "setLabel:", str(t, "work"))
	enc := get(t, cb, "computeCommandEncoder")
	send(enc, "setLabel:", str(t, "step"))
	send(enc, "insertDebugSignpost:", str(t, "here"))
	send(enc, "setComputePipelineState:", uintptr(bad))
	send(enc, "dispatchThreads:threadsPerThreadgroup:", 1, 1, 1, 1, 1, 1)
	send(enc, "endEncoding")
	send(cb, "commit")
	send(cb, "waitUntilCompleted")
	require.EqualValues(t, StatusError, send(cb, "status"))
	domain, code, description, info, ok := objcrt.ErrorParts(get(t, cb, "error"))
	require.True(t, ok)
	require.Equal(t, "MTLCommandBufferErrorDomain", domain)
	require.Equal(t, CodeTimeout, code)
	require.Contains(t, description, `command buffer "work", encoder "step": kernel bad: `)
	infos := get(t, info, "objectForKey:", str(t, encoderInfoKey))
	require.Len(t, objcrt.ArrayItems(infos), 1)
	i := objcrt.ArrayItems(infos)[0]
	require.Equal(t, "step", text(i, "label"))
	require.EqualValues(t, EncoderFaulted, send(i, "errorState"))
	require.Equal(t, "here", objcrt.GoString(objcrt.ArrayItems(get(t, i, "debugSignposts"))[0]))

	// a released buffer is misuse that says so
	b := objcrt.ID(send(d, "newBufferWithLength:options:", 64, 0))
	objcrt.Release(b)
	cb = get(t, q, "commandBuffer")
	enc = get(t, cb, "computeCommandEncoder")
	send(enc, "setBuffer:offset:atIndex:", uintptr(b), 0, 0)
	send(enc, "endEncoding")
	send(cb, "commit")
	send(cb, "waitUntilCompleted")
	_, code, description, _, _ = objcrt.ErrorParts(get(t, cb, "error"))
	require.Equal(t, CodeInvalidResource, code)
	require.Contains(t, description, "is no live MTLBuffer")
}

func TestEventObjects(t *testing.T) {
	d := open(t)
	q := get(t, d, "newCommandQueue")
	e := get(t, d, "newSharedEvent")
	cb := get(t, q, "commandBuffer")
	send(cb, "encodeWaitForEvent:value:", uintptr(e), 3)
	send(cb, "encodeSignalEvent:value:", uintptr(e), 9)
	send(cb, "commit")
	require.Zero(t, send(e, "waitUntilSignaledValue:timeoutMS:", 9, 1))
	got := make(chan uintptr, 1)
	block := objcrt.NewBlock(func(event, v, _, _ uintptr) {
		require.Equal(t, uintptr(e), event)
		got <- v
	})
	send(e, "notifyListener:atValue:block:", uintptr(newObject(t, "MTLSharedEventListener")), 9, uintptr(block))
	objcrt.Release(block)
	again := get(t, d, "newSharedEventWithHandle:", uintptr(get(t, e, "newSharedEventHandle")))
	send(again, "setSignaledValue:", 3)
	require.EqualValues(t, 1, send(e, "waitUntilSignaledValue:timeoutMS:", 9, math.MaxUint64))
	require.EqualValues(t, 9, <-got)
	require.EqualValues(t, 9, send(e, "signaledValue"))
	send(cb, "waitUntilCompleted")
	f := get(t, d, "newFence")
	require.Equal(t, d, get(t, f, "device"))
}

func TestOptions(t *testing.T) {
	o := newObject(t, "MTLCompileOptions")
	require.EqualValues(t, 1, send(o, "fastMathEnabled"))
	send(o, "setFastMathEnabled:", 0x100)
	require.Zero(t, send(o, "fastMathEnabled"))
	require.EqualValues(t, mathSafe, send(o, "mathMode"))
	send(o, "setLanguageVersion:", 2<<16|4)
	macros := objcrt.NewDictionary([]objcrt.ID{objcrt.ID(str(t, "N"))}, []objcrt.ID{objcrt.ID(str(t, "7"))})
	send(o, "setPreprocessorMacros:", uintptr(macros))
	objcrt.Release(macros)
	send(o, "setRequiredThreadsPerThreadgroup:", 4, 5, 6)
	twin := get(t, o, "copy")
	send(o, "setPreprocessorMacros:", 0)
	opts := compileOptionsOf(uintptr(twin))
	require.EqualValues(t, 2<<16|4, opts.Language)
	require.Equal(t, Size3{4, 5, 6}, opts.Required)
	require.Len(t, opts.Macros, 1)
	require.Equal(t, "N", opts.Macros[0].Name)
	require.Equal(t, "7", opts.Macros[0].Value)

	p := newObject(t, "MTLComputePipelineDescriptor")
	send(p, "setMaxTotalThreadsPerThreadgroup:", 64)
	send(get(t, get(t, p, "buffers"), "objectAtIndexedSubscript:", 3), "setMutability:", 2)
	p = get(t, p, "copy")
	require.EqualValues(t, 64, send(p, "maxTotalThreadsPerThreadgroup"))
	require.EqualValues(t, 2, send(get(t, get(t, p, "buffers"), "objectAtIndexedSubscript:", 3), "mutability"))
	send(p, "reset")
	require.Zero(t, send(p, "maxTotalThreadsPerThreadgroup"))

	q := newObject(t, "MTLCommandQueueDescriptor")
	require.EqualValues(t, 64, send(q, "maxCommandBufferCount"))

	v := newObject(t, "MTLFunctionConstantValues")
	values := []float32{1, 2, 3, 4, 5, 6, 7, 8}
	send(v, "setConstantValues:type:withRange:", address(values), 5, 10, 2) // float3
	send(v, "setConstantValue:type:withName:", address(values), 3, str(t, "one"))
	c := constantsOf(uintptr(v))
	require.Equal(t, "float3", c.ByIndex[10].Type.String())
	require.Len(t, c.ByIndex[11].Data, 12)
	require.EqualValues(t, 5, math.Float32frombits(*(*uint32)(unsafe.Pointer(&c.ByIndex[11].Data[0]))))
	require.Equal(t, "float", c.ByName["one"].Type.String())
	send(v, "reset")
	require.Empty(t, constantsOf(uintptr(v)).ByIndex)
}

func TestMetallibIsRefused(t *testing.T) {
	d := open(t)
	file := t.TempDir() + "/x.metallib"
	require.NoError(t, os.WriteFile(file, []byte("MTLB"), 0o600))
	for path, code := range map[string]int{file: CodeUnsupported, file + "s": CodeFileNotFound} {
		out := make([]objcrt.ID, 1)
		url := objcrt.NewFileURL(path)
		require.Zero(t, send(d, "newLibraryWithURL:error:", uintptr(url), address(out)))
		objcrt.Release(url)
		_, got, description, _, ok := objcrt.ErrorParts(out[0])
		require.True(t, ok)
		require.Equal(t, code, got)
		require.Contains(t, description, "x.metallib")
		objcrt.Release(out[0])
	}
	require.Zero(t, send(d, "newLibraryWithData:error:", 0, 0))
	require.Zero(t, send(d, "newDefaultLibrary"))
}

// No dispatch leaves anything behind.
func TestNoLeaks(t *testing.T) {
	d := open(t)
	q := get(t, d, "newCommandQueue")
	inc := pipelineObject(t, increment(SystemDevice()))
	turn := func(n int) {
		b := objcrt.ID(send(d, "newBufferWithLength:options:", 64, 0))
		for range n {
			cb := objcrt.ID(send(q, "commandBuffer"))
			enc := objcrt.ID(send(cb, "computeCommandEncoder"))
			send(enc, "setComputePipelineState:", uintptr(inc))
			send(enc, "setBuffer:offset:atIndex:", uintptr(b), 0, 0)
			send(enc, "dispatchThreads:threadsPerThreadgroup:", 1, 1, 1, 1, 1, 1)
			send(enc, "endEncoding")
			objcrt.Release(enc)
			done := make(chan bool)
			block := objcrt.NewBlock(func(uintptr, uintptr, uintptr, uintptr) { close(done) })
			send(cb, "addCompletedHandler:", uintptr(block))
			objcrt.Release(block)
			send(cb, "commit")
			objcrt.Release(cb)
			<-done
		}
		objcrt.Release(b)
	}
	turn(100)
	settled := func() int {
		for range 100 {
			if objcrt.Live()["MTLCPUCommandBuffer"] == 0 {
				break
			}
			time.Sleep(time.Millisecond)
		}
		return objcrt.LiveCount()
	}
	live, allocated := settled(), SystemDevice().CurrentAllocatedSize()
	each := 25_000
	if raceEnabled {
		each = 2500
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			turn(each)
		}()
	}
	wg.Wait()
	require.Equal(t, live, settled())
	require.Equal(t, allocated, SystemDevice().CurrentAllocatedSize())

	// never committed, never ended
	cb := objcrt.ID(send(q, "commandBuffer"))
	block := objcrt.NewBlock(func(uintptr, uintptr, uintptr, uintptr) { t.Error("called") })
	send(cb, "addCompletedHandler:", uintptr(block))
	objcrt.Release(block)
	send(cb, "enqueue")
	enc := objcrt.ID(send(cb, "computeCommandEncoder"))
	objcrt.Release(cb)
	objcrt.Release(enc)
	require.Equal(t, live, settled())
	require.False(t, objcrt.Valid(block))
}

// An empty dispatch by messages, from commandBuffer to the completed handler.
// Compare with BenchmarkHandOff.
func BenchmarkEmptyDispatch(b *testing.B) {
	sel := func(name string) objcrt.SEL { return objcrt.RegisterSelector(name) }
	commandBuffer, encoder, setPipeline := sel("commandBuffer"), sel("computeCommandEncoder"), sel("setComputePipelineState:")
	dispatch, end := sel("dispatchThreads:threadsPerThreadgroup:"), sel("endEncoding")
	addCompleted, commit := sel("addCompletedHandler:"), sel("commit")
	d := SystemDefaultDevice()
	defer objcrt.Release(d)
	q := objcrt.ID(send(d, "newCommandQueue"))
	defer objcrt.Release(q)
	p := newPipelineObject(lowered(b, SystemDevice(), `kernel "empty" { break 0 }`, nil))
	defer objcrt.Release(objcrt.ID(p))
	done := make(chan bool)
	block := objcrt.NewBlock(func(uintptr, uintptr, uintptr, uintptr) { done <- true })
	defer objcrt.Release(block)
	b.ReportAllocs()
	for b.Loop() {
		cb := objcrt.ID(objcrt.Send0(q, commandBuffer))
		e := objcrt.ID(objcrt.Send0(cb, encoder))
		objcrt.Send1(e, setPipeline, p)
		objcrt.Send6(e, dispatch, 1, 1, 1, 1, 1, 1)
		objcrt.Send0(e, end)
		objcrt.Release(e)
		objcrt.Send1(cb, addCompleted, uintptr(block))
		objcrt.Send0(cb, commit)
		<-done
		objcrt.Release(cb)
	}
}
