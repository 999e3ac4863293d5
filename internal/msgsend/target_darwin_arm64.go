//go:build !embedded

package msgsend

import "github.com/aruminium-go/aruminium/internal/msgsend/abi"

const target = abi.DarwinARM64
