// Package scan turns the text of a Metal Shading Language source into tokens.
package scan

import "strconv"

// Kind is the kind of a token. Kinds of operators double as the operators of
// the syntax tree.
type Kind uint8

const (
	Invalid Kind = iota
	EOF

	// Newline ends a directive; only the preprocessor sees it.
	Newline

	// Pragma is a whole #pragma line that the preprocessor passes on. Its
	// Text is what follows the word pragma.
	Pragma

	Ident
	Int    // 42, 0x2Au
	Float  // 1.0, 1e3h, 0x1p-3f
	Char   // 'a'
	String // "a", R"(a)"

	operatorBegin
	LParen     // (
	RParen     // )
	LBrack     // [
	RBrack     // ]
	LBrace     // {
	RBrace     // }
	Comma      // ,
	Semi       // ;
	Colon      // :
	ColonColon // ::
	Question   // ?
	Period     // .
	PeriodStar // .*
	Arrow      // ->
	ArrowStar  // ->*
	Ellipsis   // ...
	Hash       // #
	HashHash   // ##
	At         // @

	Plus       // +
	Minus      // -
	Star       // *
	Slash      // /
	Percent    // %
	Amp        // &
	Pipe       // |
	Caret      // ^
	Tilde      // ~
	Not        // !
	Shl        // <<
	Shr        // >>
	AmpAmp     // &&
	PipePipe   // ||
	PlusPlus   // ++
	MinusMinus // --

	Assign        // =
	PlusAssign    // +=
	MinusAssign   // -=
	StarAssign    // *=
	SlashAssign   // /=
	PercentAssign // %=
	AmpAssign     // &=
	PipeAssign    // |=
	CaretAssign   // ^=
	ShlAssign     // <<=
	ShrAssign     // >>=

	EqEq      // ==
	NotEq     // !=
	Less      // <
	LessEq    // <=
	Greater   // >
	GreaterEq // >=
	Spaceship // <=>
	operatorEnd

	keywordBegin
	KwAlignas
	KwAlignof
	KwAsm
	KwAttribute // __attribute__
	KwAuto
	KwBool
	KwBreak
	KwCase
	KwCatch
	KwChar
	KwClass
	KwConst
	KwConstCast
	KwConstexpr
	KwContinue
	KwDecltype
	KwDefault
	KwDelete
	KwDo
	KwDouble
	KwDynamicCast
	KwElse
	KwEnum
	KwExplicit
	KwExtension // __extension__
	KwExtern
	KwFalse
	KwFloat
	KwFor
	KwFriend
	KwGoto
	KwIf
	KwInline
	KwInt
	KwLong
	KwMutable
	KwNamespace
	KwNew
	KwNoexcept
	KwNullptr
	KwOperator
	KwPrivate
	KwProtected
	KwPublic
	KwRegister
	KwReinterpretCast
	KwRestrict // __restrict
	KwReturn
	KwShort
	KwSigned
	KwSizeof
	KwStatic
	KwStaticAssert
	KwStaticCast
	KwStruct
	KwSwitch
	KwTemplate
	KwThis
	KwThreadLocal
	KwThrow
	KwTrue
	KwTry
	KwTypedef
	KwTypeid
	KwTypename
	KwTypeof // __typeof__
	KwUnion
	KwUnsigned
	KwUsing
	KwVirtual
	KwVoid
	KwVolatile
	KwWhile

	// The words Metal adds.
	KwKernel
	KwVertex
	KwFragment
	KwDevice
	KwConstant
	KwThread
	KwThreadgroup
	KwThreadgroupImageblock
	KwObjectData
	KwRayData
	keywordEnd
)

var kinds = [...]string{
	Invalid: "invalid token",
	EOF:     "end of file",
	Newline: "end of line",
	Pragma:  "pragma",
	Ident:   "identifier",
	Int:     "integer literal",
	Float:   "floating literal",
	Char:    "character literal",
	String:  "string literal",

	LParen:        "(",
	RParen:        ")",
	LBrack:        "[",
	RBrack:        "]",
	LBrace:        "{",
	RBrace:        "}",
	Comma:         ",",
	Semi:          ";",
	Colon:         ":",
	ColonColon:    "::",
	Question:      "?",
	Period:        ".",
	PeriodStar:    ".*",
	Arrow:         "->",
	ArrowStar:     "->*",
	Ellipsis:      "...",
	Hash:          "#",
	HashHash:      "##",
	At:            "@",
	Plus:          "+",
	Minus:         "-",
	Star:          "*",
	Slash:         "/",
	Percent:       "%",
	Amp:           "&",
	Pipe:          "|",
	Caret:         "^",
	Tilde:         "~",
	Not:           "!",
	Shl:           "<<",
	Shr:           ">>",
	AmpAmp:        "&&",
	PipePipe:      "||",
	PlusPlus:      "++",
	MinusMinus:    "--",
	Assign:        "=",
	PlusAssign:    "+=",
	MinusAssign:   "-=",
	StarAssign:    "*=",
	SlashAssign:   "/=",
	PercentAssign: "%=",
	AmpAssign:     "&=",
	PipeAssign:    "|=",
	CaretAssign:   "^=",
	ShlAssign:     "<<=",
	ShrAssign:     ">>=",
	EqEq:          "==",
	NotEq:         "!=",
	Less:          "<",
	LessEq:        "<=",
	Greater:       ">",
	GreaterEq:     ">=",
	Spaceship:     "<=>",

	KwAlignas:         "alignas",
	KwAlignof:         "alignof",
	KwAsm:             "asm",
	KwAttribute:       "__attribute__",
	KwAuto:            "auto",
	KwBool:            "bool",
	KwBreak:           "break",
	KwCase:            "case",
	KwCatch:           "catch",
	KwChar:            "char",
	KwClass:           "class",
	KwConst:           "const",
	KwConstCast:       "const_cast",
	KwConstexpr:       "constexpr",
	KwContinue:        "continue",
	KwDecltype:        "decltype",
	KwDefault:         "default",
	KwDelete:          "delete",
	KwDo:              "do",
	KwDouble:          "double",
	KwDynamicCast:     "dynamic_cast",
	KwElse:            "else",
	KwEnum:            "enum",
	KwExplicit:        "explicit",
	KwExtension:       "__extension__",
	KwExtern:          "extern",
	KwFalse:           "false",
	KwFloat:           "float",
	KwFor:             "for",
	KwFriend:          "friend",
	KwGoto:            "goto",
	KwIf:              "if",
	KwInline:          "inline",
	KwInt:             "int",
	KwLong:            "long",
	KwMutable:         "mutable",
	KwNamespace:       "namespace",
	KwNew:             "new",
	KwNoexcept:        "noexcept",
	KwNullptr:         "nullptr",
	KwOperator:        "operator",
	KwPrivate:         "private",
	KwProtected:       "protected",
	KwPublic:          "public",
	KwRegister:        "register",
	KwReinterpretCast: "reinterpret_cast",
	KwRestrict:        "__restrict",
	KwReturn:          "return",
	KwShort:           "short",
	KwSigned:          "signed",
	KwSizeof:          "sizeof",
	KwStatic:          "static",
	KwStaticAssert:    "static_assert",
	KwStaticCast:      "static_cast",
	KwStruct:          "struct",
	KwSwitch:          "switch",
	KwTemplate:        "template",
	KwThis:            "this",
	KwThreadLocal:     "thread_local",
	KwThrow:           "throw",
	KwTrue:            "true",
	KwTry:             "try",
	KwTypedef:         "typedef",
	KwTypeid:          "typeid",
	KwTypename:        "typename",
	KwTypeof:          "__typeof__",
	KwUnion:           "union",
	KwUnsigned:        "unsigned",
	KwUsing:           "using",
	KwVirtual:         "virtual",
	KwVoid:            "void",
	KwVolatile:        "volatile",
	KwWhile:           "while",

	KwKernel:                "kernel",
	KwVertex:                "vertex",
	KwFragment:              "fragment",
	KwDevice:                "device",
	KwConstant:              "constant",
	KwThread:                "thread",
	KwThreadgroup:           "threadgroup",
	KwThreadgroupImageblock: "threadgroup_imageblock",
	KwObjectData:            "object_data",
	KwRayData:               "ray_data",
}

// String returns the spelling of an operator or keyword, and a description of
// any other kind.
func (k Kind) String() string {
	if int(k) < len(kinds) && kinds[k] != "" {
		return kinds[k]
	}
	return "Kind(" + strconv.Itoa(int(k)) + ")"
}

// IsOperator reports whether k is a punctuator.
func (k Kind) IsOperator() bool { return operatorBegin < k && k < operatorEnd }

// IsKeyword reports whether k is a keyword.
func (k Kind) IsKeyword() bool { return keywordBegin < k && k < keywordEnd }

// IsAssign reports whether k is = or a compound assignment.
func (k Kind) IsAssign() bool { return Assign <= k && k <= ShrAssign }

// BaseOp returns the operator of a compound assignment, as + for +=, and
// Invalid for any other kind.
func (k Kind) BaseOp() Kind {
	switch k {
	case PlusAssign:
		return Plus
	case MinusAssign:
		return Minus
	case StarAssign:
		return Star
	case SlashAssign:
		return Slash
	case PercentAssign:
		return Percent
	case AmpAssign:
		return Amp
	case PipeAssign:
		return Pipe
	case CaretAssign:
		return Caret
	case ShlAssign:
		return Shl
	case ShrAssign:
		return Shr
	}
	return Invalid
}
