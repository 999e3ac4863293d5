package msgsend

import (
	"sync/atomic"

	"github.com/aruminium-go/aruminium/internal/msgsend/objctype"
)

// Signature is the shape of a message, compiled once from its type encoding.
// It is meant to be a package-level variable with only its Encoding set; methods of
// one encoding may share it:
//
//	var sigSizes = msgsend.Signature{Encoding: "v@:{?=QQQ}{?=QQQ}"}
type Signature struct {
	Encoding string

	compiled atomic.Pointer[shape]
}

// shape is a compiled signature.
type shape struct {
	*objctype.Signature
	lowered // how the native side passes it
}

// shape returns the compiled signature. It panics when the encoding is none:
// encodings are constants of the program.
func (g *Signature) shape() *shape {
	if s := g.compiled.Load(); s != nil {
		return s
	}
	return g.compile()
}

//go:noinline
func (g *Signature) compile() *shape {
	sig, err := objctype.ParseMethod(g.Encoding)
	if err != nil {
		panic("msgsend: " + err.Error())
	}
	s := &shape{Signature: sig}
	if s.lowered, err = lower(sig); err != nil {
		panic("msgsend: " + err.Error())
	}
	g.compiled.Store(s)
	return s
}

// Words returns how many argument words and result words the message has.
func (g *Signature) Words() (args, result int) {
	s := g.shape()
	return s.Signature.Words, s.ResultWords
}
