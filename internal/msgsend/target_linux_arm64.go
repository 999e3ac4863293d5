//go:build objcnative

package msgsend

import "github.com/aruminium-go/aruminium/internal/msgsend/abi"

const target = abi.AAPCS64

// plainWords is the size of a plain record.
const plainWords = abi.PlainWordsARM64
