package cpumetal

import (
	"github.com/aruminium-go/aruminium/internal/msl"
	"github.com/aruminium-go/aruminium/internal/msl/types"
	"github.com/aruminium-go/aruminium/internal/objcrt"
)

// reflection is a MTLComputePipelineReflection.
type reflection struct{ arguments []msl.Arg }

// newReflection makes the MTLComputePipelineReflection of a pipeline.
func newReflection(p *Pipeline) objcrt.ID { return reflectionClass().New(&reflection{p.Arguments()}) }

var reflectionLazy, bufferBindingLazy, threadgroupBindingLazy objcrt.Lazy

func reflectionClass() *objcrt.Class    { return reflectionLazy.Class(defineReflection) }
func bufferBindingClass() *objcrt.Class { return bufferBindingLazy.Class(defineBufferBinding) }
func threadgroupBindingClass() *objcrt.Class {
	return threadgroupBindingLazy.Class(defineThreadgroupBinding)
}

func defineReflection() objcrt.ClassDef {
	return objcrt.ClassDef{
		Name:  "MTLComputePipelineReflection",
		Alloc: func() any { return new(reflection) },
		Methods: []objcrt.Method{
			{Selector: "bindings", Encoding: "@@:", Func: func(o *objcrt.Object) uintptr {
				args := value[*reflection](o).arguments
				items := make([]objcrt.ID, 0, len(args))
				for i := range args {
					class := bufferBindingClass()
					switch args[i].Kind {
					case msl.ArgThreadgroup:
						class = threadgroupBindingClass()
					case msl.ArgTexture:
						class = textureBindingClass()
					case msl.ArgSampler:
						class = samplerBindingClass()
					}
					items = append(items, class.New(&args[i]))
				}
				return uintptr(newArray(items))
			}},
		},
	}
}

// argGetter is a method that answers from a binding's argument.
func argGetter(f func(a *msl.Arg) uintptr) func(*objcrt.Object) uintptr {
	return func(o *objcrt.Object) uintptr { return f(value[*msl.Arg](o)) }
}

// MTLBindingType.
const (
	bindingBuffer      = 0
	bindingThreadgroup = 1
)

// bindingMethods are those of the protocol MTLBinding.
func bindingMethods(kind uintptr) []objcrt.Method {
	return []objcrt.Method{
		{Selector: "name", Encoding: "@@:", Func: argGetter(func(a *msl.Arg) uintptr { return newString(a.Name) })},
		{Selector: "type", Encoding: "q@:", Func: always(kind)},
		{Selector: "access", Encoding: "Q@:", Func: argGetter(func(a *msl.Arg) uintptr { return bindingAccess(a.Access) })},
		{Selector: "index", Encoding: "Q@:", Func: argGetter(func(a *msl.Arg) uintptr { return uintptr(a.Index) })},
		{Selector: "isUsed", Encoding: "B@:", Func: argGetter(func(a *msl.Arg) uintptr { return boolWord(a.Used) })},
		{Selector: "isArgument", Encoding: "B@:", Func: always(1)},
	}
}

func defineBufferBinding() objcrt.ClassDef {
	return objcrt.ClassDef{
		Name: "MTLCPUBufferBinding",
		Methods: append(bindingMethods(bindingBuffer), []objcrt.Method{
			{Selector: "bufferAlignment", Encoding: "Q@:", Func: argGetter(func(a *msl.Arg) uintptr { return uintptr(a.Align) })},
			{Selector: "bufferDataSize", Encoding: "Q@:", Func: argGetter(func(a *msl.Arg) uintptr { return uintptr(a.Size) })},
			{Selector: "bufferDataType", Encoding: "Q@:", Func: argGetter(func(a *msl.Arg) uintptr { return uintptr(dataType(a.Type)) })},
			{Selector: "bufferStructType", Encoding: "@@:", Func: argGetter(func(a *msl.Arg) uintptr { return newStructType(a.Type) })},
			{Selector: "bufferPointerType", Encoding: "@@:", Func: argGetter(func(a *msl.Arg) uintptr {
				return newPointerType(a.Type, bindingAccess(a.Access))
			})},
		}...),
	}
}

func defineThreadgroupBinding() objcrt.ClassDef {
	return objcrt.ClassDef{
		Name: "MTLCPUThreadgroupBinding",
		Methods: append(bindingMethods(bindingThreadgroup), []objcrt.Method{
			{Selector: "threadgroupMemoryAlignment", Encoding: "Q@:", Func: argGetter(func(a *msl.Arg) uintptr { return uintptr(a.Align) })},
			{Selector: "threadgroupMemoryDataSize", Encoding: "Q@:", Func: argGetter(func(a *msl.Arg) uintptr { return uintptr(a.Size) })},
		}...),
	}
}

// pointerType is a MTLPointerType.
type pointerType struct {
	elem   types.Type
	access uintptr
}

var structTypeLazy, structMemberLazy, arrayTypeLazy, pointerTypeLazy, typeLazy objcrt.Lazy

func typeClass() *objcrt.Class         { return typeLazy.Class(defineType) }
func structTypeClass() *objcrt.Class   { return structTypeLazy.Class(defineStructType) }
func structMemberClass() *objcrt.Class { return structMemberLazy.Class(defineStructMember) }
func arrayTypeClass() *objcrt.Class    { return arrayTypeLazy.Class(defineArrayType) }
func pointerTypeClass() *objcrt.Class  { return pointerTypeLazy.Class(definePointerType) }

// newStructType makes the MTLStructType of t, nil if t is no struct.
func newStructType(t types.Type) uintptr {
	if s, ok := t.(*types.Struct); ok {
		return uintptr(structTypeClass().New(s))
	}
	return 0
}

func newArrayType(t types.Type) uintptr {
	if a, ok := t.(*types.Array); ok {
		return uintptr(arrayTypeClass().New(a))
	}
	return 0
}

func newPointerType(elem types.Type, access uintptr) uintptr {
	return uintptr(pointerTypeClass().New(&pointerType{elem, access}))
}

// pointerTypeOf makes the MTLPointerType of a member, nil if t is no pointer.
func pointerTypeOf(t types.Type) uintptr {
	switch t := t.(type) {
	case *types.Pointer:
		return newPointerType(t.Elem, memberAccess(t.Space, t.Const))
	case *types.Reference:
		return newPointerType(t.Elem, memberAccess(t.Space, t.Const))
	}
	return 0
}

func memberAccess(space types.Space, isConst bool) uintptr {
	if isConst || space == types.Constant {
		return bindingAccess(msl.AccessRead)
	}
	return bindingAccess(msl.AccessReadWrite)
}

func defineType() objcrt.ClassDef {
	return objcrt.ClassDef{
		Name:  "MTLType",
		Alloc: func() any { return nil },
		Methods: []objcrt.Method{
			{Selector: "dataType", Encoding: "Q@:", Func: func(o *objcrt.Object) uintptr {
				switch t := o.Value().(type) {
				case *pointerType:
					return dataPointer
				case types.Type:
					return uintptr(dataType(t))
				}
				return dataNone
			}},
		},
	}
}

func defineStructType() objcrt.ClassDef {
	return objcrt.ClassDef{
		Name:  "MTLStructType",
		Super: typeClass(),
		Alloc: func() any { return new(types.Struct) },
		Methods: []objcrt.Method{
			{Selector: "members", Encoding: "@@:", Func: func(o *objcrt.Object) uintptr {
				s := value[*types.Struct](o)
				items := make([]objcrt.ID, len(s.Fields))
				for i := range s.Fields {
					items[i] = structMemberClass().New(&s.Fields[i])
				}
				return uintptr(newArray(items))
			}},
			{Selector: "memberByName:", Encoding: "@@:@", Func: func(o *objcrt.Object, name uintptr) uintptr {
				s := value[*types.Struct](o)
				i := s.Field(goString(name))
				if i < 0 {
					return 0
				}
				return uintptr(structMemberClass().New(&s.Fields[i]))
			}},
		},
	}
}

func defineStructMember() objcrt.ClassDef {
	get := func(f func(m *types.Field) uintptr) func(*objcrt.Object) uintptr {
		return func(o *objcrt.Object) uintptr { return f(value[*types.Field](o)) }
	}
	return objcrt.ClassDef{
		Name:  "MTLStructMember",
		Alloc: func() any { return &types.Field{Type: types.Basics[types.Void], ID: -1} },
		Methods: []objcrt.Method{
			{Selector: "name", Encoding: "@@:", Func: get(func(m *types.Field) uintptr { return newString(m.Name) })},
			{Selector: "offset", Encoding: "Q@:", Func: get(func(m *types.Field) uintptr { return uintptr(m.Offset) })},
			{Selector: "dataType", Encoding: "Q@:", Func: get(func(m *types.Field) uintptr { return uintptr(dataType(m.Type)) })},
			{Selector: "argumentIndex", Encoding: "Q@:", Func: get(func(m *types.Field) uintptr { return uintptr(max(m.ID, 0)) })},
			{Selector: "structType", Encoding: "@@:", Func: get(func(m *types.Field) uintptr { return newStructType(m.Type) })},
			{Selector: "arrayType", Encoding: "@@:", Func: get(func(m *types.Field) uintptr { return newArrayType(m.Type) })},
			{Selector: "pointerType", Encoding: "@@:", Func: get(func(m *types.Field) uintptr { return pointerTypeOf(m.Type) })},
			{Selector: "textureReferenceType", Encoding: "@@:", Func: get(func(m *types.Field) uintptr { return newTextureReference(m.Type) })},
		},
	}
}

func defineArrayType() objcrt.ClassDef {
	get := func(f func(a *types.Array) uintptr) func(*objcrt.Object) uintptr {
		return func(o *objcrt.Object) uintptr { return f(value[*types.Array](o)) }
	}
	return objcrt.ClassDef{
		Name:  "MTLArrayType",
		Super: typeClass(),
		Alloc: func() any { return &types.Array{Elem: types.Basics[types.Void]} },
		Methods: []objcrt.Method{
			{Selector: "arrayLength", Encoding: "Q@:", Func: get(func(a *types.Array) uintptr { return uintptr(max(a.Len, 0)) })},
			{Selector: "elementType", Encoding: "Q@:", Func: get(func(a *types.Array) uintptr { return uintptr(dataType(a.Elem)) })},
			{Selector: "stride", Encoding: "Q@:", Func: get(func(a *types.Array) uintptr { return uintptr(a.Elem.Size()) })},
			{Selector: "argumentIndexStride", Encoding: "Q@:", Func: get(func(*types.Array) uintptr { return 0 })},
			{Selector: "elementStructType", Encoding: "@@:", Func: get(func(a *types.Array) uintptr { return newStructType(a.Elem) })},
			{Selector: "elementArrayType", Encoding: "@@:", Func: get(func(a *types.Array) uintptr { return newArrayType(a.Elem) })},
			{Selector: "elementPointerType", Encoding: "@@:", Func: get(func(a *types.Array) uintptr { return pointerTypeOf(a.Elem) })},
			{Selector: "elementTextureReferenceType", Encoding: "@@:", Func: get(func(a *types.Array) uintptr { return newTextureReference(a.Elem) })},
		},
	}
}

func definePointerType() objcrt.ClassDef {
	get := func(f func(p *pointerType) uintptr) func(*objcrt.Object) uintptr {
		return func(o *objcrt.Object) uintptr { return f(value[*pointerType](o)) }
	}
	return objcrt.ClassDef{
		Name:  "MTLPointerType",
		Super: typeClass(),
		Alloc: func() any { return &pointerType{elem: types.Basics[types.Void]} },
		Methods: []objcrt.Method{
			{Selector: "access", Encoding: "Q@:", Func: get(func(p *pointerType) uintptr { return p.access })},
			{Selector: "alignment", Encoding: "Q@:", Func: get(func(p *pointerType) uintptr { return uintptr(p.elem.Align()) })},
			{Selector: "dataSize", Encoding: "Q@:", Func: get(func(p *pointerType) uintptr { return uintptr(p.elem.Size()) })},
			{Selector: "elementType", Encoding: "Q@:", Func: get(func(p *pointerType) uintptr { return uintptr(dataType(p.elem)) })},
			{Selector: "elementIsArgumentBuffer", Encoding: "B@:", Func: get(func(p *pointerType) uintptr { return 0 })},
			{Selector: "elementStructType", Encoding: "@@:", Func: get(func(p *pointerType) uintptr { return newStructType(p.elem) })},
			{Selector: "elementArrayType", Encoding: "@@:", Func: get(func(p *pointerType) uintptr { return newArrayType(p.elem) })},
		},
	}
}
