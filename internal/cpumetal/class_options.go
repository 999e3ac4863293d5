package cpumetal

import (
	"github.com/aruminium-go/aruminium/internal/msl"
	"github.com/aruminium-go/aruminium/internal/objcrt"
)

// Property methods for the descriptor classes: words are kept as they come.

// wordProperty returns getter and setter of a one-word property that at finds
// in the object's value.
func wordProperty[T any](name, setter, code string, at func(T) *uintptr) []objcrt.Method {
	return []objcrt.Method{
		{Selector: name, Encoding: code + "@:", Func: func(o *objcrt.Object) uintptr { return *at(value[T](o)) }},
		{Selector: setter, Encoding: "v@:" + code, Func: func(o *objcrt.Object, v uintptr) {
			if code == "B" {
				v = boolWord(isTrue(v))
			}
			*at(value[T](o)) = v
		}},
	}
}

// objectProperty returns getter and setter of an object property.
func objectProperty[T any](name, setter string, at func(T) *objcrt.ID) []objcrt.Method {
	return []objcrt.Method{
		{Selector: name, Encoding: "@@:", Func: func(o *objcrt.Object) uintptr { return retained(*at(value[T](o))) }},
		{Selector: setter, Encoding: "v@:@", Func: func(o *objcrt.Object, v uintptr) {
			p := at(value[T](o))
			old := *p
			*p = objcrt.Retain(objcrt.ID(v))
			objcrt.Release(old)
		}},
	}
}

// sizeProperty returns getter and setter of a MTLSize property.
func sizeProperty[T any](name, setter string, at func(T) *Size3) []objcrt.Method {
	return []objcrt.Method{
		{Selector: name, Encoding: "{?=QQQ}@:", Func: func(o *objcrt.Object, f *objcrt.Frame) { copy(f.Ret, at(value[T](o))[:]) }},
		{Selector: setter, Encoding: "v@:{?=QQQ}", Func: func(o *objcrt.Object, x, y, z uintptr) { *at(value[T](o)) = size3(x, y, z) }},
	}
}

// stringProperty returns getter and setter of a NSString property.
func stringProperty[T any](name, setter string, at func(T) *string) []objcrt.Method {
	return []objcrt.Method{
		{Selector: name, Encoding: "@@:", Func: func(o *objcrt.Object) uintptr { return newString(*at(value[T](o))) }},
		{Selector: setter, Encoding: "v@:@", Func: func(o *objcrt.Object, v uintptr) { *at(value[T](o)) = goString(v) }},
	}
}

func joinMethods(lists ...[]objcrt.Method) []objcrt.Method {
	var all []objcrt.Method
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}

// compileOptions is a MTLCompileOptions.
type compileOptions struct {
	macros      objcrt.ID // NSDictionary
	libraries   objcrt.ID // NSArray
	installName string
	language    uintptr
	mathMode    uintptr
	precise     uintptr // MTLMathFloatingPointFunctions
	level       uintptr
	kind        uintptr // MTLLibraryType
	visibility  uintptr
	invariance  uintptr
	undefined   uintptr
	logging     uintptr
	maxThreads  uintptr
	required    Size3
}

// MTLMathMode.
const (
	mathSafe    = 0
	mathRelaxed = 1
	mathFast    = 2
)

// languageDefault is MTLLanguageVersion3_2.
const languageDefault = 3<<16 + 2

// compileOptionsOf reads a MTLCompileOptions; nil means the defaults.
func compileOptionsOf(word uintptr) CompileOptions {
	c, ok := objcrt.As[*compileOptions](objcrt.ID(word))
	if !ok {
		return CompileOptions{}
	}
	o := CompileOptions{
		Language:   uint64(c.language),
		Dynamic:    c.kind != 0,
		Logging:    c.logging != 0,
		MaxThreads: uint64(c.maxThreads),
		Required:   c.required,
	}
	switch c.mathMode {
	case mathSafe:
		o.Math = msl.MathSafe
	case mathRelaxed:
		o.Math = msl.MathRelaxed
	default:
		o.Math = msl.MathFast
	}
	keys, values := objcrt.DictionaryEntries(c.macros)
	for i := range keys {
		o.Macros = append(o.Macros, msl.Macro{Name: objcrt.GoString(keys[i]), Value: objcrt.Description(values[i])})
	}
	return o
}

var compileOptionsLazy objcrt.Lazy

func compileOptionsClass() *objcrt.Class { return compileOptionsLazy.Class(defineCompileOptions) }

func defineCompileOptions() objcrt.ClassDef {
	type T = *compileOptions
	return objcrt.ClassDef{
		Name:  "MTLCompileOptions",
		Alloc: func() any { return &compileOptions{language: languageDefault, mathMode: mathFast} },
		Copy: func(o *objcrt.Object) any {
			c := *value[T](o)
			objcrt.Retain(c.macros)
			objcrt.Retain(c.libraries)
			return &c
		},
		Dealloc: func(o *objcrt.Object) {
			objcrt.Release(value[T](o).macros)
			objcrt.Release(value[T](o).libraries)
		},
		Methods: joinMethods(
			objectProperty("preprocessorMacros", "setPreprocessorMacros:", func(c T) *objcrt.ID { return &c.macros }),
			objectProperty("libraries", "setLibraries:", func(c T) *objcrt.ID { return &c.libraries }),
			stringProperty("installName", "setInstallName:", func(c T) *string { return &c.installName }),
			wordProperty("languageVersion", "setLanguageVersion:", "Q", func(c T) *uintptr { return &c.language }),
			wordProperty("mathMode", "setMathMode:", "q", func(c T) *uintptr { return &c.mathMode }),
			wordProperty("mathFloatingPointFunctions", "setMathFloatingPointFunctions:", "q", func(c T) *uintptr { return &c.precise }),
			wordProperty("optimizationLevel", "setOptimizationLevel:", "q", func(c T) *uintptr { return &c.level }),
			wordProperty("libraryType", "setLibraryType:", "q", func(c T) *uintptr { return &c.kind }),
			wordProperty("compileSymbolVisibility", "setCompileSymbolVisibility:", "q", func(c T) *uintptr { return &c.visibility }),
			wordProperty("preserveInvariance", "setPreserveInvariance:", "B", func(c T) *uintptr { return &c.invariance }),
			wordProperty("allowReferencingUndefinedSymbols", "setAllowReferencingUndefinedSymbols:", "B", func(c T) *uintptr { return &c.undefined }),
			wordProperty("enableLogging", "setEnableLogging:", "B", func(c T) *uintptr { return &c.logging }),
			wordProperty("maxTotalThreadsPerThreadgroup", "setMaxTotalThreadsPerThreadgroup:", "Q", func(c T) *uintptr { return &c.maxThreads }),
			sizeProperty("requiredThreadsPerThreadgroup", "setRequiredThreadsPerThreadgroup:", func(c T) *Size3 { return &c.required }),
			[]objcrt.Method{
				{Selector: "fastMathEnabled", Encoding: "B@:", Func: func(o *objcrt.Object) uintptr {
					return boolWord(value[T](o).mathMode == mathFast)
				}},
				{Selector: "setFastMathEnabled:", Encoding: "v@:B", Func: func(o *objcrt.Object, on uintptr) {
					c := value[T](o)
					c.mathMode, c.precise = mathSafe, 1
					if isTrue(on) {
						c.mathMode, c.precise = mathFast, 0
					}
				}},
			},
		),
	}
}

// queueDescriptor is a MTLCommandQueueDescriptor.
type queueDescriptor struct {
	count uintptr
	log   objcrt.ID // MTLLogState
}

// commandBufferDescriptor is a MTLCommandBufferDescriptor.
type commandBufferDescriptor struct {
	retained, errors uintptr
	log              objcrt.ID // MTLLogState
}

var queueDescriptorLazy, commandBufferDescriptorLazy objcrt.Lazy

func queueDescriptorClass() *objcrt.Class { return queueDescriptorLazy.Class(defineQueueDescriptor) }
func commandBufferDescriptorClass() *objcrt.Class {
	return commandBufferDescriptorLazy.Class(defineCommandBufferDescriptor)
}

func defineQueueDescriptor() objcrt.ClassDef {
	type T = *queueDescriptor
	return objcrt.ClassDef{
		Name:  "MTLCommandQueueDescriptor",
		Alloc: func() any { return &queueDescriptor{count: maxCommandBuffers} },
		Copy: func(o *objcrt.Object) any {
			c := *value[T](o)
			objcrt.Retain(c.log)
			return &c
		},
		Dealloc: func(o *objcrt.Object) { objcrt.Release(value[T](o).log) },
		Methods: joinMethods(
			wordProperty("maxCommandBufferCount", "setMaxCommandBufferCount:", "Q", func(d T) *uintptr { return &d.count }),
			objectProperty("logState", "setLogState:", func(d T) *objcrt.ID { return &d.log }),
		),
	}
}

func defineCommandBufferDescriptor() objcrt.ClassDef {
	type T = *commandBufferDescriptor
	return objcrt.ClassDef{
		Name:  "MTLCommandBufferDescriptor",
		Alloc: func() any { return &commandBufferDescriptor{retained: 1} },
		Copy: func(o *objcrt.Object) any {
			c := *value[T](o)
			objcrt.Retain(c.log)
			return &c
		},
		Dealloc: func(o *objcrt.Object) { objcrt.Release(value[T](o).log) },
		Methods: joinMethods(
			wordProperty("retainedReferences", "setRetainedReferences:", "B", func(d T) *uintptr { return &d.retained }),
			wordProperty("errorOptions", "setErrorOptions:", "Q", func(d T) *uintptr { return &d.errors }),
			objectProperty("logState", "setLogState:", func(d T) *objcrt.ID { return &d.log }),
		),
	}
}
