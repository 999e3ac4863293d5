package mtl

import (
	"github.com/aruminium-go/aruminium/internal/msgsend"
	"github.com/aruminium-go/aruminium/objc"
)

// EncoderInfos returns what the command buffer's error says of its encoders, in the order in which they
// were encoded. There is something only if the command buffer failed and was made with
// CommandBufferErrorOptionEncoderExecutionStatus. Each belongs to the caller.
func (c CommandBuffer) EncoderInfos() []CommandBufferEncoderInfo {
	nserror := msgsend.Object0(c.id, &selError)
	defer objc.Release(nserror)
	info := msgsend.Object0(nserror, &selUserInfo)
	defer objc.Release(info)
	list := objc.LookupString(info, CommandBufferEncoderInfoErrorKey())
	if list == 0 {
		return nil
	}
	return takeArray(list, CommandBufferEncoderInfoFromID)
}
