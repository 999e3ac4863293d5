package simt

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// The shares of a launch are all its groups, each once and in order, however
// long each takes and however many members there are.
func TestShares(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, members := range []int64{1, 2, 3, 64} {
		for _, total := range []uint64{1, 2, 3, 100, 1 << 20, 1 << 40, math.MaxUint64} {
			j := &job{total: total}
			all := make([]share, members)
			for i := range all {
				all[i] = share{j: j, size: 1}
			}
			next, most := uint64(0), 0
			for next < total {
				s := &all[r.IntN(len(all))]
				alone := members == 1 || next < total/4
				j.most.Store(members)
				if alone {
					j.most.Store(1)
				}
				left := total - next
				g, end := s.next()
				require.Equal(t, next, g)
				require.Greater(t, end, g)
				if !alone {
					require.LessOrEqual(t, end-g, left/2+1, "others find something to do, too")
				}
				s.ran(r.Int64N(fullShare/2), 1)
				next, most = end, most+1
			}
			for i := range all {
				g, end := all[i].next()
				require.Equal(t, [2]uint64{total, total}, [2]uint64{g, end})
			}
			require.Less(t, most, 20_000, "shares of %d groups", total)
		}
	}
}

// The size of a share finds what takes that long.
func TestShareSize(t *testing.T) {
	for _, cost := range []int64{1, 50, 1000, fullShare / 10, fullShare, 100 * fullShare} {
		j := &job{total: 1 << 40}
		j.most.Store(2)
		s := share{j: j, size: 1}
		for range 40 {
			g, end := s.next()
			s.ran(int64(end-g)*cost, 1)
		}
		g, end := s.next()
		took := int64(end-g) * cost
		if cost < fullShare/4 {
			require.GreaterOrEqual(t, took, int64(fullShare/4), "groups of %d", cost)
			require.LessOrEqual(t, took, int64(fullShare), "groups of %d", cost)
		} else {
			require.EqualValues(t, 1, end-g, "groups of %d", cost)
		}
	}
}
