//go:build objcnative

package install

import "github.com/aruminium-go/aruminium/internal/nativemetal"

func init() { nativemetal.Install() }
