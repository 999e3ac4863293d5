//go:build !((darwin && !embedded) || (linux && objcnative))

package mtl

import (
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/msgsend"
	"github.com/aruminium-go/aruminium/internal/objcrt"
	"github.com/aruminium-go/aruminium/objc"
)

// cpuObjects returns an object of each class that the CPU device has.
func cpuObjects(t *testing.T) map[string]objc.ID {
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
	pixels := NewTextureDescriptor2D(PixelFormatR8Unorm, 4, 4, false)
	sampling := NewSamplerDescriptor()
	owned := map[string]objc.ID{
		"MTLLibrary": lib.ID(), "MTLFunction": function.ID(), "MTLComputePipelineState": state.ID(),
		"MTLComputePipelineReflection": reflection.ID(), "MTLBufferBinding": bindings[0].ID(),
		"MTLCommandQueue": queue.ID(), "MTLCommandBuffer": cb.ID(), "MTLComputeCommandEncoder": enc.ID(), "MTLBlitCommandEncoder": blit.ID(),
		"MTLBuffer": d.NewBuffer(16, 0).ID(), "MTLFence": d.NewFence().ID(), "MTLEvent": d.NewEvent().ID(),
		"MTLSharedEvent": d.NewSharedEvent().ID(), "MTLArchitecture": d.Architecture().ID(),
		"MTLTextureDescriptor": pixels.ID(), "MTLTexture": d.NewTexture(pixels).ID(),
		"MTLSamplerDescriptor": sampling.ID(), "MTLSamplerState": d.NewSamplerState(sampling).ID(),
	}
	for i := range messages {
		if m := &messages[i]; m.form == classMethod && m.selector == "new" && owned[m.class] == 0 {
			owned[m.class] = msgsend.Object0(class(m.class), &selNew)
		}
	}
	t.Cleanup(func() {
		ReleaseAll(bindings[1:])
		for _, id := range owned {
			objc.Release(id)
		}
	})
	objects := map[string]objc.ID{"MTLDevice": d.ID()}
	for name, id := range owned {
		for ; id != 0 && objects[name] == 0 && name != ""; name = superOf(name) {
			objects[name] = id
		}
	}
	return objects
}

func superOf(name string) string {
	return classes[slices.IndexFunc(classes, func(c mirrored) bool { return c.name == name })].super
}

// The CPU device's classes declare every method they have with the type encoding that the mirror
// sends. What they lack is listed.
func TestCPUDeviceEncodings(t *testing.T) {
	objects := cpuObjects(t)
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

// A message that the CPU device does not answer is an error that names it: returned or told to the handler by
// a method that can fail, thrown by another. Nothing is left over.
func TestMessagesThatTheCPUDeviceLacks(t *testing.T) {
	objects := cpuObjects(t)
	returned, told, thrown := 0, 0, 0
	for i := range messages {
		m := &messages[i]
		id := objects[m.class]
		if id == 0 || m.form != instanceMethod || objc.RespondsTo(id, objc.GetSelector(m.selector)) {
			continue
		}
		before := objcrt.LiveCount()
		results, panicked, handed := callLacking(m, id, true)
		var err error
		switch {
		case panicked != nil:
			thrown++
			err, _ = panicked.(error)
		case handed != nil:
			told++
			err = handed
			_, panicked, _ = callLacking(m, id, false)
			require.Nil(t, panicked, "%s %s without a handler", m.class, m.selector)
		default:
			returned++
			err, _ = results[len(results)-1].Interface().(error)
			for _, r := range results[:len(results)-1] {
				require.True(t, r.IsZero(), "%s %s returned %v", m.class, m.selector, r)
			}
		}
		require.ErrorIs(t, err, ErrUnsupported, "%s %s", m.class, m.selector)
		require.ErrorContains(t, err, m.selector)
		require.ErrorContains(t, err, objc.ClassName(objc.ClassOf(id)))
		require.Equal(t, before, objcrt.LiveCount(), "objects are left over")
	}
	require.NotZero(t, returned)
	require.NotZero(t, told)
	require.NotZero(t, thrown)
	t.Logf("%d returned, %d told to a handler, %d thrown", returned, told, thrown)
}

// callLacking calls a method with zeros. What a handler, if there is to be one, is told of is handed on.
func callLacking(m *message, id objc.ID, handler bool) (results []reflect.Value, panicked any, handed error) {
	defer func() { panicked = recover() }()
	method := reflect.ValueOf(m.method)
	args := []reflect.Value{fromID(method.Type().In(0), id)}
	for i := 1; i < method.Type().NumIn(); i++ {
		typ := method.Type().In(i)
		arg := reflect.Zero(typ)
		if handler && typ.Kind() == reflect.Func {
			arg = reflect.MakeFunc(typ, func(told []reflect.Value) []reflect.Value {
				handed, _ = told[len(told)-1].Interface().(error)
				return nil
			})
		}
		args = append(args, arg)
	}
	results = method.Call(args)
	return results, nil, handed
}

// A selector that came after its class is asked for once: then the answer is remembered.
func TestLaterSelectors(t *testing.T) {
	without := newPlain()
	with := newFake(fakeClasses()["MTLBuffer"])
	defer objc.ReleaseAll([]objc.ID{without, with})
	s := laterSelector{Selector: msgsend.Selector{Name: "gpuAddress"}, since: "13"}
	require.Equal(t, &s.Selector, s.of(0), "nil answers everything")
	err := func() (err error) {
		defer func() { err = recover().(error) }()
		s.of(without)
		return nil
	}()
	require.EqualError(t, err, "mtl: FakePlain has no method gpuAddress: unsupported operation (macOS has it from 13 on)")
	require.ErrorIs(t, err, ErrUnsupported)
	require.Equal(t, &s.Selector, s.of(with))
	require.True(t, s.there.Load())
	require.Zero(t, testing.AllocsPerRun(100, func() { s.of(with) }))
}
