package scan

// Lookup returns the kind of a word: a keyword, an operator that C++ spells
// as a word, or Ident.
func Lookup(word string) Kind {
	if len(word) < 2 || len(word) > len("threadgroup_imageblock") {
		return Ident
	}
	switch word {
	case "alignas", "_Alignas":
		return KwAlignas
	case "alignof", "_Alignof", "__alignof", "__alignof__":
		return KwAlignof
	case "asm", "__asm", "__asm__":
		return KwAsm
	case "__attribute__", "__attribute":
		return KwAttribute
	case "auto":
		return KwAuto
	case "bool":
		return KwBool
	case "break":
		return KwBreak
	case "case":
		return KwCase
	case "catch":
		return KwCatch
	case "char":
		return KwChar
	case "class":
		return KwClass
	case "const", "__const", "__const__":
		return KwConst
	case "const_cast":
		return KwConstCast
	case "constexpr":
		return KwConstexpr
	case "continue":
		return KwContinue
	case "decltype", "__decltype":
		return KwDecltype
	case "default":
		return KwDefault
	case "delete":
		return KwDelete
	case "do":
		return KwDo
	case "double":
		return KwDouble
	case "dynamic_cast":
		return KwDynamicCast
	case "else":
		return KwElse
	case "enum":
		return KwEnum
	case "explicit":
		return KwExplicit
	case "__extension__":
		return KwExtension
	case "extern":
		return KwExtern
	case "false":
		return KwFalse
	case "float":
		return KwFloat
	case "for":
		return KwFor
	case "friend":
		return KwFriend
	case "goto":
		return KwGoto
	case "if":
		return KwIf
	case "inline", "__inline", "__inline__":
		return KwInline
	case "int":
		return KwInt
	case "long":
		return KwLong
	case "mutable":
		return KwMutable
	case "namespace":
		return KwNamespace
	case "new":
		return KwNew
	case "noexcept":
		return KwNoexcept
	case "nullptr", "__nullptr":
		return KwNullptr
	case "operator":
		return KwOperator
	case "private":
		return KwPrivate
	case "protected":
		return KwProtected
	case "public":
		return KwPublic
	case "register":
		return KwRegister
	case "reinterpret_cast":
		return KwReinterpretCast
	case "__restrict", "__restrict__":
		return KwRestrict
	case "return":
		return KwReturn
	case "short":
		return KwShort
	case "signed", "__signed", "__signed__":
		return KwSigned
	case "sizeof":
		return KwSizeof
	case "static":
		return KwStatic
	case "static_assert", "_Static_assert":
		return KwStaticAssert
	case "static_cast":
		return KwStaticCast
	case "struct":
		return KwStruct
	case "switch":
		return KwSwitch
	case "template":
		return KwTemplate
	case "this":
		return KwThis
	case "thread_local":
		return KwThreadLocal
	case "throw":
		return KwThrow
	case "true":
		return KwTrue
	case "try":
		return KwTry
	case "typedef":
		return KwTypedef
	case "typeid":
		return KwTypeid
	case "typename":
		return KwTypename
	case "__typeof__", "__typeof":
		return KwTypeof
	case "union":
		return KwUnion
	case "unsigned":
		return KwUnsigned
	case "using":
		return KwUsing
	case "virtual":
		return KwVirtual
	case "void":
		return KwVoid
	case "volatile", "__volatile", "__volatile__":
		return KwVolatile
	case "while":
		return KwWhile
	case "kernel":
		return KwKernel
	case "vertex":
		return KwVertex
	case "fragment":
		return KwFragment
	case "device":
		return KwDevice
	case "constant":
		return KwConstant
	case "thread":
		return KwThread
	case "threadgroup":
		return KwThreadgroup
	case "threadgroup_imageblock":
		return KwThreadgroupImageblock
	case "object_data":
		return KwObjectData
	case "ray_data":
		return KwRayData
	case "and":
		return AmpAmp
	case "or":
		return PipePipe
	case "not":
		return Not
	case "xor":
		return Caret
	case "bitand":
		return Amp
	case "bitor":
		return Pipe
	case "compl":
		return Tilde
	case "and_eq":
		return AmpAssign
	case "or_eq":
		return PipeAssign
	case "xor_eq":
		return CaretAssign
	case "not_eq":
		return NotEq
	}
	return Ident
}
