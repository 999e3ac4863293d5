package abi

import (
	_ "embed"
	"strings"
	"testing"

	"github.com/aruminium-go/aruminium/internal/msgsend/objctype"
	"github.com/stretchr/testify/require"
)

//go:embed testdata/encodings.txt
var encodings string

// noEncoding are the encodings of methods that take or return a matrix of
// vectors: a vector has no encoding, so what is passed cannot be known from it.
var noEncoding = map[string]bool{"v@:{?=[4]}": true, "{?=[4]}@:": true}

// Every method of the frameworks can be sent: its layout is computed on every
// target, every byte of every argument reaches the callee and every byte of the
// result comes back.
func TestFrameworkEncodings(t *testing.T) {
	n := 0
	for line := range strings.Lines(encodings) {
		encoding := strings.TrimSpace(line)
		if strings.HasPrefix(encoding, "# ") {
			continue
		}
		n++
		if noEncoding[encoding] {
			_, err := objctype.ParseMethod(encoding)
			require.ErrorContains(t, err, "no encoding", encoding)
			continue
		}
		sig, err := objctype.ParseMethod(encoding)
		require.NoError(t, err)
		for _, target := range []Target{SysVAMD64, AAPCS64, DarwinARM64} {
			_, err := Lower(sig, target)
			require.NoError(t, err)
			checkRecord(t, encoding, target, nil)
			checkRecord(t, encoding, target, []uint64{0xaaaa})
		}
	}
	require.Greater(t, n, 280)
}
