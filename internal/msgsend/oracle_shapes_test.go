//go:build (darwin && !embedded) || (linux && objcnative)

package msgsend

import (
	"math/rand/v2"
	"strings"

	"github.com/aruminium-go/aruminium/internal/msgsend/objctype"
)

// metalStructs are the encodings of Metal's structs, all different ones.
var metalStructs = []string{
	"{MTL4BufferRange=QQ}",
	"{?={_NSRange=QQ}Q}",
	"{?={?={?=QQQ}{?=QQQ}}QQ{?=QQQ}QQ}", // MTL4CopySparseTextureMappingOperation
	"{?=Q}",
	"{?=Q{_NSRange=QQ}Q}",
	"{?=Q{?={?=QQQ}{?=QQQ}}QQQ}",
	"{?={_MTLPackedFloat4x3=[4{_MTLPackedFloat3=(?={?=fff}[3f])}]}IIII}",
	"{?={_MTLPackedFloat4x3=[4{_MTLPackedFloat3=(?={?=fff}[3f])}]}IIIII}",
	"{?={_MTLPackedFloat4x3=[4{_MTLPackedFloat3=(?={?=fff}[3f])}]}IIII{MTLResourceID=Q}}",
	"{_MTLPackedFloat4x3=[4{_MTLPackedFloat3=(?={?=fff}[3f])}]}",
	"{?=IIIIIIIIIff}",
	"{?=IIII{MTLResourceID=Q}IIIIff}",
	"{_MTLAxisAlignedBoundingBox={_MTLPackedFloat3=(?={?=fff}[3f])}{_MTLPackedFloat3=(?={?=fff}[3f])}}",
	"{?={_MTLPackedFloat3=(?={?=fff}[3f])}{_MTLPackedFloat3=(?={?=fff}[3f])}{_MTLPackedFloat3=(?={?=fff}[3f])}{MTLPackedFloatQuaternion=ffff}{_MTLPackedFloat3=(?={?=fff}[3f])}}", // MTLComponentTransform
	"{?=QQQ}",            // MTLSize, MTLOrigin
	"{?={?=QQQ}{?=QQQ}}", // MTLRegion
	"{?=QQQQ}",           // MTLScissorRect
	"{?=QQQQQQ}",         // MTLCounterResultStageUtilization
	"{?=QQQQQQQQ}",       // MTLCounterResultStatistic
	"{?=QQ}",             // MTLSizeAndAlign
	"{?=dddd}",           // MTLClearColor
	"{?=dddddd}",         // MTLViewport
	"{?=ff}",             // MTLSamplePosition
	"{?=[3I]}",           // MTLDispatchThreadgroupsIndirectArguments
	"{?=[3I][3I]}",       // MTLStageInRegionIndirectArguments
	"{?=IIIiI}",          // MTLDrawIndexedPrimitivesIndirectArguments
	"{?=IIII}",           // MTLDrawPrimitivesIndirectArguments
	"{?=IIIIIIII}",       // MTLMapIndirectArguments
	"{?=II}",             // MTLIndirectCommandBufferExecutionRange
	"{?=[4S][2S]}",       // MTLQuadTessellationFactorsHalf
	"{?=[3S]S}",          // MTLTriangleTessellationFactorsHalf
	"{?=CCCC}",           // MTLTextureSwizzleChannels
	"{?=qqq}",            // NSOperatingSystemVersion
	"{MTLResourceID=Q}",
	"{MTLPackedFloatQuaternion=ffff}",
	"{_MTLPackedFloat3=(?={?=fff}[3f])}",
	"{CAFrameRateRange=fff}",
	"{CGPoint=dd}",
	"{CGRect={CGPoint=dd}{CGSize=dd}}",
	"{_NSRange=QQ}",
}

// awkward are signatures that meet the corners of the calling conventions, most
// of them Metal's.
var awkward = []string{
	"v@:", "Q@:", "@@:", "{?=QQQ}@:", "B@:", "c@:", "C@:", "s@:", "S@:", "i@:", "I@:", "q@:", "f@:", "d@:", "#@:", ":@:", "^v@:",
	"Q@:Q", "Q@:QQ", "Q@:QQQ", "Q@:QQQQ", "Q@:QQQQQ", "Q@:QQQQQQ", "Q@:QQQQQQQ", "Q@:QQQQQQQQ", "Q@:QQQQQQQQQ",
	"v@:Q", "v@:QQ", "v@:QQQ", "v@:QQQQ", "v@:QQQQQ", "v@:QQQQQQ",
	"@@:@", "@@:@@", "@@:@@@", "@@:@@@@", "@@:@@@@@", "@@:@@@@@@",
	"B@:Q", "B@:QQ", "B@:QQQ", "B@:QQQQ", "B@:QQQQQ", "B@:QQQQQQ",
	// Small integers in registers and on the stack.
	"q@:csiq", "Q@:CSIQ", "c@:cccccccc", "s@:ssssssssss", "i@:iiiiiiiiii", "B@:BBBBBBBBBB",
	"v@:QQQQQQiBSCQi", "v@:QQQQQQcccccccc", "i@:QQQQQQsIcQBsq", "v@:QQQQQQBiBqB@",
	// Floats in registers and on the stack.
	"d@:dddddddddd", "f@:ffffffffff", "d@:fdfdfdfdfdfd", "f@:ffffffffffd", "v@:ffffffffdfd",
	"d@:di", "f@:ff", "d@:ifQdBf", "v@:dQdQdQdQdQdQdQdQdQdQ", "v@:fCfSfIfQfBfcfsfifqf",
	// Structs by value, alone and in pairs and where registers run out.
	"v@:{?=QQQ}{?=QQQ}", "{?=QQQ}@:{?=QQQ}{?=QQQ}", "v@:@Q{?=QQQ}", "v@:QQQQ{?=QQQ}QQ", "v@:QQQQQQi{?=QQQ}Q",
	"v@:@QQ{?=QQQ}{?=QQQ}@QQ{?=QQQ}", // copyFromTexture:… toTexture:…
	"v@:{?={?=QQQ}{?=QQQ}}Q^vQ",      // replaceRegion:mipmapLevel:withBytes:bytesPerRow:
	"v@:{?={?=QQQ}{?=QQQ}}QQ^vQQ", "v@:^vQQ{?={?=QQQ}{?=QQQ}}QQ",
	"{?={?=QQQ}{?=QQQ}}@:{?=QQQ}{?=QQQ}Q", "{?={?=QQQ}{?=QQQ}}@:Q",
	"v@:@{_NSRange=QQ}C", "v@:QQQ{_NSRange=QQ}Q", "v@:QQQQ{_NSRange=QQ}Q", "v@:QQQQQ{_NSRange=QQ}Q", "{_NSRange=QQ}@:@Q{_NSRange=QQ}",
	"{?=dddd}@:{?=dddd}", "{?=dddd}@:{?=dddd}{?=dddd}", "{?=dddd}@:{?=dddd}{?=dddd}{?=dddd}d", "v@:ddddd{?=dddd}d",
	"{CGSize=dd}@:{CGSize=dd}", "v@:{?=dddddd}Q", "{?=dddddd}@:{?=dddddd}{?=dddddd}",
	"{?=ff}@:{?=ff}", "v@:fffffff{?=ff}f", "v@:ffffff{?=fff}f", "{?=ffff}@:{?=ffff}", "v@:fffff{?=ffff}f",
	"{?=ffI}@:{?=ffI}", "{?=If}@:{?=If}", "{?=Qd}@:{?=dQ}", "{?=dQ}@:{?=Qd}", "{?=fQ}@:{?=Qf}", "v@:QQQQ{?=dQ}{?=Qd}Qd",
	"{?=CCCC}@:{?=CCCC}", "{?=C}@:{?=C}", "{?=CS}@:{?=SC}", "{?=CI}@:{?=IC}", "{?=CCC}@:{?=CCC}{?=CCCCC}{?=SSS}",
	"v@:QQQQQQ{?=CCC}C{?=SS}S{?=I}f", "v@:QQQQQQ{?=ff}f{?=fff}f", "v@:dddddddd{?=ff}f{?=fff}fd{?=d}",
	"{?=f}@:{?=f}", "{?=d}@:{?=d}", "{?=fd}@:{?=df}", "{?=ddd}@:{?=ddd}", "{?=fffff}@:{?=fffff}", "{?=ddddd}@:{?=ddddd}",
	"(?=Id)@:(?=Id)", "(?=fd)@:(?=fd)", "(?=f{?=ff})@:(?=f{?=ff})", "{?=(?=QQ)d}@:{?=(?=QQ)d}",
	"{?=@Q}@:{?=@Q}", "{?=B}@:{?=B}", "{?=BfB}@:{?=BfB}", "{?={?=c}{?=s}q}@:{?={?=c}{?=s}q}",
	"{?=QQQQQQQQQQQQQQQQ}@:", "{?=QQQQQQQQQQQQQQQQ}@:QQQQQQQQ", "v@:{?=QQQQQQQQQQQQQQQQ}QQQQQQQQ", "v@:QQQQQQQQQQQQQQQQQQQQQQQQ",
	"v@:{?=QQQ}{?=QQQ}{?=QQQ}{?=QQQ}{?=QQQ}{?=QQQ}{?=QQQ}{?=QQQ}",
	"{?=[3f]}@:{?=[3f]}", "{?=[2[2f]]}@:{?=[2[2f]]}", "{?=[17C]}@:{?=[17C]}", "{?=[3S]C}@:{?=[3S]C}",
}

// shapesOf returns the signatures that the oracle has methods for: the awkward
// ones, every struct of Metal alone and among other arguments, and n random
// ones.
func shapesOf(n int) []string {
	shapes := append([]string(nil), awkward...)
	for _, s := range metalStructs {
		shapes = append(shapes, s+"@:"+s, "v@:Q"+s+"f"+"C", s+"@:@"+s+"Qd")
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range n {
		shapes = append(shapes, randomShape(r))
	}
	return shapes
}

const randomScalars = "csiqCSIQBfd@#:"

// randomShape makes a signature that fits a Frame.
func randomShape(r *rand.Rand) string {
	var b strings.Builder
	switch r.IntN(4) {
	case 0:
		b.WriteByte('v')
	case 1:
		b.WriteString(smallStruct(r))
	default:
		b.WriteString(randomType(r))
	}
	b.WriteString("@:")
	words := 0
	for range r.IntN(12) {
		t := randomType(r)
		if words += wordsOf(t); words > MaxWords {
			break
		}
		b.WriteString(t)
	}
	return b.String()
}

func randomType(r *rand.Rand) string {
	switch r.IntN(8) {
	case 0:
		return metalStructs[r.IntN(len(metalStructs))]
	case 1, 2:
		return smallStruct(r)
	case 3:
		return [...]string{"f", "d"}[r.IntN(2)]
	}
	i := r.IntN(len(randomScalars))
	return randomScalars[i : i+1]
}

func wordsOf(encoding string) int {
	t, err := objctype.ParseType(encoding)
	if err != nil {
		panic(err)
	}
	return t.Words()
}

// smallStruct makes a struct that fits a result.
func smallStruct(r *rand.Rand) string {
	for {
		if s := randomStruct(r, 0); wordsOf(s) <= MaxResultWords {
			return s
		}
	}
}

// randomStruct makes a struct, often of a single kind of float.
func randomStruct(r *rand.Rand, depth int) string {
	scalars := [...]string{"csiqCSIQBfd", "f", "d", "fd", "fI", "dQ", "CSB"}[r.IntN(7)]
	var b strings.Builder
	b.WriteString("{?=")
	for range 1 + r.IntN(5) {
		switch k := r.IntN(10); {
		case k == 0 && depth < 2:
			b.WriteString(randomStruct(r, depth+1))
		case k == 1:
			b.WriteString([...]string{"[2", "[3"}[r.IntN(2)])
			b.WriteByte(scalars[r.IntN(len(scalars))])
			b.WriteByte(']')
		default:
			b.WriteByte(scalars[r.IntN(len(scalars))])
		}
	}
	b.WriteByte('}')
	return b.String()
}
