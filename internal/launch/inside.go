package launch

// Inside is how package dispatch gets at what the objects of package gpu are made of, without that
// package showing it to everybody. Package gpu fills it in; the arguments are a *gpu.Queue,
// a *gpu.Pipeline and a *gpu.Buffer, nil ones too.
var Inside struct {
	Queue  func(queue any) *Queue
	Kernel func(pipeline any) *Kernel
	Buffer func(buffer any) *Buffer
	// Texture and Sampler take a *gpu.Texture and a *gpu.Sampler.
	Texture func(texture any) *Texture
	Sampler func(sampler any) *Sampler
	// Error is an error of this package as gpu shows it; op is what reports it.
	Error func(err error, op string) error
}
