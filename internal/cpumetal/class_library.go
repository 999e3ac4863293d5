package cpumetal

import (
	"bytes"
	"os"
	"path/filepath"

	"github.com/aruminium-go/aruminium/internal/msl"
	"github.com/aruminium-go/aruminium/internal/msl/types"
	"github.com/aruminium-go/aruminium/internal/objcrt"
)

// libraryObject is a MTLLibrary.
type libraryObject struct {
	label
	library *Library
}

// functionObject is a MTLFunction.
type functionObject struct {
	label
	function *Function
}

func functionOf(word uintptr) *Function {
	if f, ok := objcrt.As[*functionObject](objcrt.ID(word)); ok {
		return f.function
	}
	return nil
}

// deviceCompilers are the device's methods that make libraries.
func deviceCompilers() []objcrt.Method {
	return append([]objcrt.Method{
		{Selector: "newLibraryWithSource:options:error:", Encoding: "@@:@@^@", Func: func(o *objcrt.Object, source, options, out uintptr) uintptr {
			lib, err := value[*Device](o).NewLibrary(goString(source), compileOptionsOf(options))
			storeError(out, err)
			return newLibraryObject(lib)
		}},
		{Selector: "newLibraryWithSource:options:completionHandler:", Encoding: "v@:@@@?", Func: func(o *objcrt.Object, source, options, block uintptr) {
			d, text, opts := value[*Device](o), goString(source), compileOptionsOf(options)
			async(block, func() (uintptr, *Error) {
				lib, err := d.NewLibrary(text, opts)
				return newLibraryObject(lib), err
			})
		}},
		{Selector: "newLibraryWithData:error:", Encoding: "@@:@^@", Func: func(_ *objcrt.Object, _, out uintptr) uintptr {
			storeError(out, errMetallib("library data"))
			return 0
		}},
		{Selector: "newLibraryWithURL:error:", Encoding: "@@:@^@", Func: func(_ *objcrt.Object, url, out uintptr) uintptr {
			text, path, ok := objcrt.URLString(objcrt.ID(url))
			if !ok || path == "" {
				storeError(out, errorf(DomainLibrary, CodeFileNotFound, "%q is no file URL", text))
				return 0
			}
			storeError(out, metallibError(path))
			return 0
		}},
		{Selector: "newLibraryWithFile:error:", Encoding: "@@:@^@", Func: func(_ *objcrt.Object, path, out uintptr) uintptr {
			storeError(out, metallibError(goString(path)))
			return 0
		}},
		// The default library is one of an application bundle, of which there is none.
		{Selector: "newDefaultLibrary", Encoding: "@@:", Func: always(0)},
	}, devicePipelines()...)
}

// metallibError says why the file at path gives no library.
func metallibError(path string) *Error {
	if _, err := os.Stat(path); err != nil {
		return errorf(DomainLibrary, CodeFileNotFound, "%v", err)
	}
	return errMetallib(filepath.Base(path))
}

func newLibraryObject(lib *Library) uintptr {
	if lib == nil {
		return 0
	}
	return uintptr(libraryClass().New(&libraryObject{library: lib}))
}

func newFunctionObject(f *Function) uintptr {
	if f == nil {
		return 0
	}
	return uintptr(functionClass().New(&functionObject{function: f}))
}

// async calls block, which it keeps, with the object and error that f returns,
// on another goroutine.
func async(block uintptr, f func() (object uintptr, err *Error)) {
	objcrt.Retain(objcrt.ID(block))
	go func() {
		object, err := f()
		e := errorObject(err)
		objcrt.CallBlock(objcrt.ID(block), object, uintptr(e), 0, 0)
		objcrt.Release(objcrt.ID(block))
		objcrt.Release(objcrt.ID(object))
		objcrt.Release(e)
	}()
}

var libraryLazy, functionLazy, constantLazy, constantValuesLazy objcrt.Lazy

func libraryClass() *objcrt.Class        { return libraryLazy.Class(defineLibrary) }
func functionClass() *objcrt.Class       { return functionLazy.Class(defineFunction) }
func constantClass() *objcrt.Class       { return constantLazy.Class(defineConstant) }
func constantValuesClass() *objcrt.Class { return constantValuesLazy.Class(defineConstantValues) }

func defineLibrary() objcrt.ClassDef {
	return objcrt.ClassDef{
		Name: "MTLCPULibrary",
		Methods: append(labeledMethods(), []objcrt.Method{
			{Selector: "functionNames", Encoding: "@@:", Func: func(o *objcrt.Object) uintptr {
				return uintptr(stringArray(value[*libraryObject](o).library.FunctionNames()))
			}},
			{Selector: "newFunctionWithName:", Encoding: "@@:@", Func: func(o *objcrt.Object, name uintptr) uintptr {
				return newFunctionObject(value[*libraryObject](o).library.Function(goString(name)))
			}},
			{Selector: "newFunctionWithName:constantValues:error:", Encoding: "@@:@@^@", Func: func(o *objcrt.Object, name, values, out uintptr) uintptr {
				f, err := value[*libraryObject](o).library.Specialize(goString(name), constantsOf(values))
				storeError(out, err)
				return newFunctionObject(f)
			}},
			{Selector: "newFunctionWithName:constantValues:completionHandler:", Encoding: "v@:@@@?", Func: func(o *objcrt.Object, name, values, block uintptr) {
				lib, text, constants := value[*libraryObject](o).library, goString(name), constantsOf(values)
				async(block, func() (uintptr, *Error) {
					f, err := lib.Specialize(text, constants)
					return newFunctionObject(f), err
				})
			}},
			{Selector: "type", Encoding: "q@:", Func: always(0)}, // MTLLibraryTypeExecutable
			{Selector: "installName", Encoding: "@@:", Func: always(0)},
		}...),
	}
}

func defineFunction() objcrt.ClassDef {
	return objcrt.ClassDef{
		Name: "MTLCPUFunction",
		Methods: append(labeledMethods(), []objcrt.Method{
			{Selector: "name", Encoding: "@@:", Func: func(o *objcrt.Object) uintptr {
				return newString(value[*functionObject](o).function.Name())
			}},
			{Selector: "functionType", Encoding: "Q@:", Func: always(functionTypeKernel)},
			{Selector: "options", Encoding: "Q@:", Func: always(0)},
			{Selector: "newArgumentEncoderWithBufferIndex:", Encoding: "@@:Q", Func: func(o *objcrt.Object, index uintptr) uintptr {
				return argumentEncoderOf(value[*functionObject](o).function, index)
			}},
			{Selector: "patchType", Encoding: "Q@:", Func: always(0)},
			{Selector: "patchControlPointCount", Encoding: "q@:", Func: always(^uintptr(0))}, // none
			{Selector: "functionConstantsDictionary", Encoding: "@@:", Func: func(o *objcrt.Object) uintptr {
				return uintptr(constantsDictionary(value[*functionObject](o).function.Constants()))
			}},
		}...),
	}
}

const functionTypeKernel = 3

func constantsDictionary(constants []msl.Constant) objcrt.ID {
	keys := make([]objcrt.ID, len(constants))
	values := make([]objcrt.ID, len(constants))
	for i := range constants {
		keys[i] = objcrt.NewString(constants[i].Name)
		values[i] = constantClass().New(&constants[i])
	}
	dictionary := objcrt.NewDictionary(keys, values)
	for _, id := range append(keys, values...) {
		objcrt.Release(id)
	}
	return dictionary
}

func defineConstant() objcrt.ClassDef {
	get := func(f func(c *msl.Constant) uintptr) func(*objcrt.Object) uintptr {
		return func(o *objcrt.Object) uintptr { return f(value[*msl.Constant](o)) }
	}
	return objcrt.ClassDef{
		Name:  "MTLFunctionConstant",
		Alloc: func() any { return &msl.Constant{Type: types.Basics[types.Void]} },
		Methods: []objcrt.Method{
			{Selector: "name", Encoding: "@@:", Func: get(func(c *msl.Constant) uintptr { return newString(c.Name) })},
			{Selector: "type", Encoding: "Q@:", Func: get(func(c *msl.Constant) uintptr { return uintptr(dataType(c.Type)) })},
			{Selector: "index", Encoding: "Q@:", Func: get(func(c *msl.Constant) uintptr { return uintptr(c.Index) })},
			{Selector: "required", Encoding: "B@:", Func: get(func(c *msl.Constant) uintptr { return boolWord(c.Required) })},
		},
	}
}

// constantsOf returns a copy of what a MTLFunctionConstantValues holds.
func constantsOf(word uintptr) msl.Constants {
	c := msl.Constants{ByIndex: map[int]msl.Value{}, ByName: map[string]msl.Value{}}
	if from, ok := objcrt.As[*msl.Constants](objcrt.ID(word)); ok {
		for k, v := range from.ByIndex {
			c.ByIndex[k] = v
		}
		for k, v := range from.ByName {
			c.ByName[k] = v
		}
	}
	return c
}

// constantValue reads a function constant's value from memory. It reports
// false for a type that function constants do not have.
func constantValue(data, dataType uintptr) (v msl.Value, stride int, ok bool) {
	t := constantType(uint64(dataType))
	if t == nil || data == 0 {
		return v, 0, false
	}
	size, stride := constantSize(t)
	return msl.Value{Type: t, Data: bytes.Clone(objcrt.Bytes(data, size))}, stride, true
}

func defineConstantValues() objcrt.ClassDef {
	return objcrt.ClassDef{
		Name: "MTLFunctionConstantValues",
		Alloc: func() any {
			return &msl.Constants{ByIndex: map[int]msl.Value{}, ByName: map[string]msl.Value{}}
		},
		Copy: func(o *objcrt.Object) any {
			c := constantsOf(uintptr(o.ID()))
			return &c
		},
		Methods: []objcrt.Method{
			{Selector: "setConstantValue:type:atIndex:", Encoding: "v@:r^vQQ", Func: func(o *objcrt.Object, data, t, index uintptr) {
				if v, _, ok := constantValue(data, t); ok {
					value[*msl.Constants](o).ByIndex[int(index)] = v
				}
			}},
			{Selector: "setConstantValue:type:withName:", Encoding: "v@:r^vQ@", Func: func(o *objcrt.Object, data, t, name uintptr) {
				if v, _, ok := constantValue(data, t); ok {
					value[*msl.Constants](o).ByName[goString(name)] = v
				}
			}},
			{Selector: "setConstantValues:type:withRange:", Encoding: "v@:r^vQ{_NSRange=QQ}", Func: func(o *objcrt.Object, data, t, first, n uintptr) {
				for i := range min(n, maxConstants) {
					v, stride, ok := constantValue(data, t)
					if !ok {
						return
					}
					value[*msl.Constants](o).ByIndex[int(first+i)] = v
					data += uintptr(stride)
				}
			}},
			{Selector: "reset", Encoding: "v@:", Func: func(o *objcrt.Object) {
				c := value[*msl.Constants](o)
				clear(c.ByIndex)
				clear(c.ByName)
			}},
		},
	}
}

// maxConstants is how many function constants there can be: their indices have
// 16 bits.
const maxConstants = 1 << 16
