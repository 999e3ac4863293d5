package main

import (
	"encoding/binary"
	"strconv"

	"github.com/aruminium-go/aruminium/dispatch"
	"github.com/aruminium-go/aruminium/gpu"
)

// metalRunner does workloads in MSL, on the device that gpu opens.
type metalRunner struct {
	queue *gpu.Queue
	dev   *gpu.Device
}

func newMetalRunner() (runner, error) {
	dev, err := gpu.Open()
	if err != nil {
		return nil, err
	}
	queue, err := dev.Queue()
	if err != nil {
		return nil, err
	}
	return &metalRunner{queue, dev}, nil
}

// metalJob is a recording of the workload's launches.
type metalJob struct {
	w         *workload
	lib       *gpu.Library
	pipelines map[string]*gpu.Pipeline
	buffers   []*gpu.Buffer  // by number of the workload's; nil where it is a texture
	textures  []*gpu.Texture // and the other way round
	loop      *dispatch.Dispatcher
	work      *dispatch.Recording
}

func (r *metalRunner) prepare(w *workload) (_ job, err error) {
	j := &metalJob{w: w, pipelines: map[string]*gpu.Pipeline{}}
	defer func() {
		if err != nil {
			j.close()
		}
	}()
	text, err := w.source(".metal")
	if err != nil {
		return nil, err
	}
	macros := map[string]string{}
	for _, d := range w.defines {
		macros[d.name] = strconv.Itoa(d.value)
	}
	if j.lib, err = r.dev.CompileWith(text, gpu.CompileOptions{Name: w.name + ".metal", Macros: macros}); err != nil {
		return nil, err
	}
	for _, l := range w.launches {
		if j.pipelines[l.kernel] == nil {
			if j.pipelines[l.kernel], err = j.lib.Pipeline(l.kernel); err != nil {
				return nil, err
			}
		}
	}
	for i, b := range w.fresh() {
		var buf *gpu.Buffer
		var tex *gpu.Texture
		if d := w.buffers[i].image; d != nil {
			if tex, err = r.dev.Texture(*d); err == nil {
				err = tex.Upload(gpu.Region{}, b)
			}
		} else {
			buf, err = r.dev.BufferFrom(b)
		}
		j.buffers, j.textures = append(j.buffers, buf), append(j.textures, tex)
		if err != nil {
			return nil, err
		}
	}
	if j.loop, err = dispatch.New(r.queue); err != nil {
		return nil, err
	}
	j.work, err = j.loop.Record(func(b *dispatch.Batch) {
		for _, l := range w.launches {
			b.Bind(j.pipelines[l.kernel])
			buffers, textures := 0, 0
			for i, buf := range j.buffers {
				if tex := j.textures[i]; tex != nil {
					b.BindTexture(tex, textures)
					textures++
					continue
				}
				b.BindBuffer(buf, 0, buffers)
				buffers++
			}
			if l.hasValue {
				b.Push(binary.LittleEndian.AppendUint32(nil, l.value), buffers)
			}
			b.Launch(gpu.D3(l.grid[0], l.grid[1], l.grid[2]), gpu.D3(l.group[0], l.group[1], l.group[2]))
		}
	})
	return j, err
}

func (j *metalJob) run() error { return j.work.Run() }

func (j *metalJob) reset() error {
	for i, b := range j.w.fresh() {
		if tex := j.textures[i]; tex != nil {
			if err := tex.Upload(gpu.Region{}, b); err != nil {
				return err
			}
			continue
		}
		j.buffers[i].Write(func(to []byte) { copy(to, b) })
	}
	return nil
}

func (j *metalJob) results() ([][]byte, error) {
	all := make([][]byte, len(j.buffers))
	for i, buf := range j.buffers {
		if tex := j.textures[i]; tex != nil {
			all[i] = make([]byte, j.w.buffers[i].size)
			if err := tex.Download(gpu.Region{}, all[i]); err != nil {
				return nil, err
			}
			continue
		}
		buf.Read(func(b []byte) { all[i] = b })
	}
	return all, nil
}

func (j *metalJob) close() {
	if j.work != nil {
		j.work.Close()
	}
	if j.loop != nil {
		j.loop.Close()
	}
	for i, b := range j.buffers {
		b.Close()
		j.textures[i].Close()
	}
	for _, p := range j.pipelines {
		p.Close()
	}
	if j.lib != nil {
		j.lib.Close()
	}
}
