//go:build (darwin && !embedded) || (linux && objcnative)

package msgsend

// liveValues is how many Go values blocks and objects hold.
func liveValues() int { return LiveBlocks() }
