package cpumetal

import (
	"fmt"

	"github.com/aruminium-go/aruminium/internal/ir"
	"github.com/aruminium-go/aruminium/internal/msl"
	"github.com/aruminium-go/aruminium/internal/simt"
)

// faultCodes are the MTLCommandBufferError codes of the engine's faults.
var faultCodes = [...]int{
	simt.OutOfBounds: CodePageFault,
	simt.Unbound:     CodeInvalidResource,
	simt.BadAddress:  CodePageFault,
	simt.Misaligned:  CodePageFault,
	simt.ReadOnly:    CodePageFault,
	simt.Timeout:     CodeTimeout,
	simt.Stopped:     CodeAccessRevoked,
	simt.BadLaunch:   CodeInternal,
	simt.Internal:    CodeInternal,
	simt.BadTexture:  CodeInvalidResource,
}

// faultError is the error of a command buffer whose kernel faulted.
func (cb *CommandBuffer) faultError(c *command, f *simt.Fault) *Error {
	code := CodeInternal
	if int(f.Kind) < len(faultCodes) && faultCodes[f.Kind] != 0 {
		code = faultCodes[f.Kind]
	}
	where := cb.describe()
	if label := cb.encoders[c.encoder].label; label != "" {
		where += fmt.Sprintf(", encoder %q", label)
	}
	hint := c.pipeline.element(f)
	if f.Kind == simt.Timeout {
		hint = fmt.Sprintf("; ARUMINIUM_TIMEOUT, now %v, sets how long is too long", c.pipeline.device.timeout)
	}
	return errorf(DomainCommandBuffer, code, "%s: %s%s", where, f.Error(), hint)
}

// element says which element of which argument an access was to, in the
// source's terms, if it was to one.
func (p *Pipeline) element(f *simt.Fault) string {
	if f.Memory == nil || f.Memory.Kind != ir.MemBuffer || f.Kind != simt.OutOfBounds {
		return ""
	}
	for i := range p.arguments {
		a := &p.arguments[i]
		if a.Kind != msl.ArgBuffer || a.Index != f.Memory.Index || a.Size <= 0 || !a.Pointer {
			continue
		}
		index := f.Offset / a.Size
		if f.Offset < 0 && f.Offset%a.Size != 0 {
			index--
		}
		return fmt.Sprintf(": index %d of %d in %q [[buffer(%d)]]", index, f.Size/a.Size, a.Name, a.Index)
	}
	return ""
}
