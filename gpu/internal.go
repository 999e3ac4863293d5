package gpu

import "github.com/aruminium-go/aruminium/internal/launch"

// Package dispatch records into the same call lists as this package does.
func init() {
	launch.Inside.Queue = func(queue any) *launch.Queue {
		if q := queue.(*Queue); !q.none() {
			return q.h.run
		}
		return nil
	}
	launch.Inside.Kernel = func(pipeline any) *launch.Kernel { return pipeline.(*Pipeline).launchKernel() }
	launch.Inside.Buffer = func(buffer any) *launch.Buffer { return buffer.(*Buffer).launchBuffer() }
	launch.Inside.Texture = func(texture any) *launch.Texture { return texture.(*Texture).launchTexture() }
	launch.Inside.Sampler = func(sampler any) *launch.Sampler { return sampler.(*Sampler).launchSampler() }
	launch.Inside.Error = public
}
