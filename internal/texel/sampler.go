package texel

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Filter is how texels are combined; the numbers are Metal's.
type Filter uint8

const (
	FilterNearest Filter = iota
	FilterLinear
	numFilters
)

// MipFilter is how mipmaps are combined; the numbers are Metal's.
type MipFilter uint8

const (
	MipNone MipFilter = iota
	MipNearest
	MipLinear
	numMipFilters
)

// Address is what stands for texels outside of an image; the numbers are
// Metal's.
type Address uint8

const (
	ClampToEdge Address = iota
	MirrorClampToEdge
	Repeat
	MirrorRepeat
	ClampToZero
	ClampToBorder
	numAddresses
)

// Border is the colour of ClampToBorder; the numbers are Metal's.
type Border uint8

const (
	TransparentBlack Border = iota
	OpaqueBlack
	OpaqueWhite
	numBorders
)

// Compare is a comparison of a reference with a texel; the numbers are Metal's.
type Compare uint8

const (
	Never Compare = iota
	Less
	Equal
	LessEqual
	Greater
	NotEqual
	GreaterEqual
	Always
	numCompares
)

// Reduction is what a linear filter makes of its texels.
type Reduction uint8

const (
	WeightedAverage Reduction = iota
	Minimum
	Maximum
	numReductions
)

var (
	filterNames    = [numFilters]string{"nearest", "linear"}
	mipNames       = [numMipFilters]string{"none", "nearest", "linear"}
	addressNames   = [numAddresses]string{"clamp_to_edge", "mirror_clamp_to_edge", "repeat", "mirrored_repeat", "clamp_to_zero", "clamp_to_border"}
	borderNames    = [numBorders]string{"transparent_black", "opaque_black", "opaque_white"}
	compareNames   = [numCompares]string{"never", "less", "equal", "less_equal", "greater", "not_equal", "greater_equal", "always"}
	reductionNames = [numReductions]string{"weighted_average", "minimum", "maximum"}
)

func nameOf[T ~uint8](x T, names []string) string {
	if int(x) < len(names) {
		return names[x]
	}
	return "?"
}

func (f Filter) String() string    { return nameOf(f, filterNames[:]) }
func (f MipFilter) String() string { return nameOf(f, mipNames[:]) }
func (a Address) String() string   { return nameOf(a, addressNames[:]) }
func (b Border) String() string    { return nameOf(b, borderNames[:]) }
func (c Compare) String() string   { return nameOf(c, compareNames[:]) }
func (r Reduction) String() string { return nameOf(r, reductionNames[:]) }

// SamplerState is how a texture is sampled. The zero value is Metal's default
// but for MaxLOD: see DefaultSampler.
type SamplerState struct {
	Mag, Min  Filter
	Mip       MipFilter
	S, T, R   Address // of x, y and z
	Border    Border
	Pixel     bool // coordinates are in texels, not 0 to 1
	Compare   Compare
	Reduction Reduction
	MinLOD    float32
	MaxLOD    float32
	MaxAniso  uint8   // 0 is 1
	Bias      float32 // added to the level of detail before it is clamped
}

// DefaultSampler returns the state of a sampler that says nothing.
func DefaultSampler() SamplerState { return SamplerState{MaxLOD: math.MaxFloat32, MaxAniso: 1} }

// Check reports what is wrong with a state.
func (s *SamplerState) Check() error {
	switch {
	case s.Mag >= numFilters || s.Min >= numFilters || s.Mip >= numMipFilters:
		return fmt.Errorf("the sampler has a filter that there is not")
	case s.S >= numAddresses || s.T >= numAddresses || s.R >= numAddresses:
		return fmt.Errorf("the sampler has an address mode that there is not")
	case s.Border >= numBorders || s.Compare >= numCompares || s.Reduction >= numReductions:
		return fmt.Errorf("the sampler has a border colour, comparison or reduction that there is not")
	case s.MaxAniso > 16:
		return fmt.Errorf("the sampler's anisotropy is 1 to 16, not %d", s.MaxAniso)
	case !(s.Bias >= -16 && s.Bias < 16):
		return fmt.Errorf("the sampler's bias of the level of detail is -16 to 16, not %v", s.Bias)
	case !(s.MinLOD >= 0) || !(s.MaxLOD >= s.MinLOD):
		return fmt.Errorf("the sampler's level of detail is clamped to %v to %v: it wants 0 or more, in order", s.MinLOD, s.MaxLOD)
	}
	if s.Pixel {
		clamped := func(a Address) bool { return a == ClampToEdge || a == ClampToZero || a == ClampToBorder }
		switch {
		case !clamped(s.S) || !clamped(s.T):
			return fmt.Errorf("a sampler of pixel coordinates clamps them: it can neither repeat nor mirror")
		case s.Mip != MipNone:
			return fmt.Errorf("a sampler of pixel coordinates has no mipmap filter")
		}
	}
	return nil
}

// String returns the state as words that ParseSampler reads.
func (s SamplerState) String() string {
	coord := "normalized"
	if s.Pixel {
		coord = "pixel"
	}
	float := func(x float32) string { return strconv.FormatFloat(float64(x), 'g', -1, 32) }
	return strings.Join([]string{"mag=" + s.Mag.String(), "min=" + s.Min.String(), "mip=" + s.Mip.String(),
		"s=" + s.S.String(), "t=" + s.T.String(), "r=" + s.R.String(), "border=" + s.Border.String(), "coord=" + coord,
		"compare=" + s.Compare.String(), "reduction=" + s.Reduction.String(),
		"lod=" + float(s.MinLOD) + ":" + float(s.MaxLOD), "aniso=" + strconv.Itoa(int(s.MaxAniso)), "bias=" + float(s.Bias)}, " ")
}

// ParseSampler is the inverse of String. Words that are missing leave the
// default.
func ParseSampler(text string) (SamplerState, error) {
	s := DefaultSampler()
	for word := range strings.FieldsSeq(text) {
		key, val, _ := strings.Cut(word, "=")
		ok := false
		switch key {
		case "mag":
			ok = parseName(&s.Mag, val, filterNames[:])
		case "min":
			ok = parseName(&s.Min, val, filterNames[:])
		case "mip":
			ok = parseName(&s.Mip, val, mipNames[:])
		case "s":
			ok = parseName(&s.S, val, addressNames[:])
		case "t":
			ok = parseName(&s.T, val, addressNames[:])
		case "r":
			ok = parseName(&s.R, val, addressNames[:])
		case "border":
			ok = parseName(&s.Border, val, borderNames[:])
		case "coord":
			s.Pixel, ok = val == "pixel", val == "pixel" || val == "normalized"
		case "compare":
			ok = parseName(&s.Compare, val, compareNames[:])
		case "reduction":
			ok = parseName(&s.Reduction, val, reductionNames[:])
		case "lod":
			lo, hi, _ := strings.Cut(val, ":")
			a, err1 := strconv.ParseFloat(lo, 32)
			b, err2 := strconv.ParseFloat(hi, 32)
			s.MinLOD, s.MaxLOD, ok = float32(a), float32(b), err1 == nil && err2 == nil
		case "bias":
			b, err := strconv.ParseFloat(val, 32)
			s.Bias, ok = float32(b), err == nil
		case "aniso":
			n, err := strconv.ParseUint(val, 10, 8)
			s.MaxAniso, ok = uint8(n), err == nil
		}
		if !ok {
			return s, fmt.Errorf("texel: bad sampler state %q", word)
		}
	}
	return s, nil
}

func parseName[T ~uint8](x *T, name string, names []string) bool {
	for i, n := range names {
		if n == name {
			*x = T(i)
			return true
		}
	}
	return false
}

// A Sampler is a state that kernels are given.
type Sampler struct {
	ID uint64 // names the sampler where kernels keep samplers in memory; not 0
	SamplerState
}
