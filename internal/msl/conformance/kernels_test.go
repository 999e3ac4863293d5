package conformance

import (
	_ "embed"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/internal/ir/expand"
	"github.com/aruminium-go/aruminium/internal/msl"
	"github.com/aruminium-go/aruminium/internal/msl/types"
	"github.com/aruminium-go/aruminium/internal/simt"
	"github.com/aruminium-go/aruminium/internal/simt/tiers"
)

//go:embed testdata/kernels.metal
var kernelsSource string

var launchComment = regexp.MustCompile(`(?m)^// launch: (.*)\nkernel void (\w+)`)

// TestKernels runs the kernels of testdata on every tier, in safe mathematics also
// thread by thread as they are lowered. All must leave the same bits.
func TestKernels(t *testing.T) {
	launches := launchComment.FindAllStringSubmatch(kernelsSource, -1)
	require.Greater(t, len(launches), 30)
	for mode, name := range map[msl.MathMode]string{msl.MathSafe: "safe", msl.MathFast: "fast"} {
		lib := compile(t, kernelsSource, mode)
		for _, m := range launches {
			t.Run(name+" "+m[2], func(t *testing.T) {
				c := lower(t, lib, m[2])
				l := parseLaunch(t, m[1])
				var first *tiers.Result
				if mode == msl.MathSafe && !raceEnabled { // which the reference takes minutes under
					expand.Func(c.plain)
					var err error
					first, err = tiers.Reference.Run(c.plain, l)
					require.NoError(t, err)
					require.Nil(t, first.Fault)
				}
				for _, tier := range engines() {
					got, err := tier.Run(c.optimised, l)
					require.NoError(t, err)
					require.Nil(t, got.Fault, "%s: %v", tier.Name, got.Fault)
					if first == nil {
						first = got
					}
					for i := range l.Buffers {
						if why := sameBits(types.UInt, got.Buffers[i], first.Buffers[i]); why != "" {
							t.Fatalf("%s, buffer %d: %s", tier.Name, i, why)
						}
					}
				}
			})
		}
	}
}

// parseLaunch reads what the comment before a kernel says.
func parseLaunch(t *testing.T, text string) *tiers.Launch {
	t.Helper()
	l := &tiers.Launch{Group: d1(64), Buffers: map[int][]byte{}}
	r := rand.New(rand.NewPCG(1, uint64(len(text))))
	var sizes *simt.Size
	var dims int
	buffers := false
	for _, word := range strings.Fields(text) {
		switch word {
		case "grid":
			l.Grid, sizes, dims = d1(1), &l.Grid, 0
			continue
		case "group":
			l.Group, sizes, dims = d1(1), &l.Group, 0
			continue
		case "buffers":
			buffers = true
			continue
		}
		if buffers {
			l.Buffers[len(l.Buffers)] = fill(t, r, word)
			continue
		}
		n, err := strconv.ParseUint(word, 10, 32)
		require.NoError(t, err)
		*[]*uint32{&sizes.X, &sizes.Y, &sizes.Z}[dims] = uint32(n)
		dims++
	}
	return l
}

// fill makes a buffer: "kind:elements", or for constants "1:n", "2:n,m" and "1f:x".
func fill(t *testing.T, r *rand.Rand, what string) (b []byte) {
	t.Helper()
	kind, rest, _ := strings.Cut(what, ":")
	var n [2]int
	if kind != "1f" {
		for i, s := range strings.Split(rest, ",") {
			v, err := strconv.Atoi(s)
			require.NoError(t, err)
			n[i] = v
		}
	}
	word := func(x uint32) { b = binary.LittleEndian.AppendUint32(b, x) }
	switch kind {
	case "1":
		word(uint32(n[0]))
		return b
	case "2":
		word(uint32(n[0]))
		word(uint32(n[1]))
		return b
	case "1f":
		x, err := strconv.ParseFloat(rest, 32)
		require.NoError(t, err)
		word(math.Float32bits(float32(x)))
		return b
	}
	for i := range n[0] {
		switch kind {
		case "float":
			word(math.Float32bits(2*r.Float32() - 1))
		case "half": // from 2⁻⁸ to 2, of both signs
			b = binary.LittleEndian.AppendUint16(b, uint16(7<<10+r.IntN(9<<10)|r.IntN(2)<<15))
		case "uint":
			word(r.Uint32())
		case "long":
			b = binary.LittleEndian.AppendUint64(b, r.Uint64()>>r.IntN(64))
		case "byte":
			b = append(b, byte(r.Uint32()&0x7f))
		case "zero":
			word(0)
		case "rows": // of a sparse matrix, up to 16 elements each
			word(uint32(16*i - i%3))
		case "index":
			word(uint32(r.IntN(n[1])))
		default:
			t.Fatal(fmt.Sprintf("no kind of buffer %q", what))
		}
	}
	return b
}
