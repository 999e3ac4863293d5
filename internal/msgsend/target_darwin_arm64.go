//go:build !embedded

package msgsend

import "github.com/aruminium-go/aruminium/internal/msgsend/abi"

const target = abi.DarwinARM64

// plainWords is the size of a plain record.
const plainWords = abi.PlainWordsARM64
