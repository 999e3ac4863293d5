//go:build (darwin && !embedded) || (linux && objcnative)

package msgsend

import "github.com/aruminium-go/aruminium/internal/msgsend/abi"

const target = abi.SysVAMD64

// plainWords is the size of a plain record.
const plainWords = abi.PlainWordsAMD64
