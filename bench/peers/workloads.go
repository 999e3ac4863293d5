package main

import (
	"encoding/binary"
	"math"

	"github.com/aruminium-go/aruminium/fp16"
)

// workloads is the suite. Sizes are such that the C loop takes some ten
// milliseconds.
var workloads = []workload{
	{
		name: "copy", about: "y = x over 16M floats",
		defines: []define{{"N", 16 << 20}},
		buffers: []buffer{
			{size: 64 << 20, fill: uniformFloats(1, -1, 1)},
			{size: 64 << 20, result: words},
		},
		launches: []launch{over("copy", 16<<20, 256)},
	},
	{
		name: "saxpy", about: "y = a*x + y over 16M floats",
		defines: []define{{"N", 16 << 20}},
		buffers: []buffer{
			{size: 64 << 20, fill: uniformFloats(1, -1, 1)},
			{size: 64 << 20, fill: uniformFloats(2, -1, 1), result: floats},
		},
		launches:  []launch{over("saxpy", 16<<20, 256)},
		tolerance: 1e-6, floor: 1,
	},
	{
		name: "gather", about: "y = x[index] over 4M floats, at random",
		defines: []define{{"N", 4 << 20}},
		buffers: []buffer{
			{size: 16 << 20, fill: uniformFloats(1, -1, 1)},
			{size: 16 << 20, fill: uniformWords(2, 4<<20)},
			{size: 16 << 20, result: words},
		},
		launches: []launch{over("gather", 4<<20, 256)},
	},
	{
		name: "transpose", about: "2048×2048 floats by way of threadgroup memory",
		defines: []define{{"N", 2048}},
		buffers: []buffer{
			{size: 16 << 20, fill: uniformFloats(1, -1, 1)},
			{size: 16 << 20, result: words},
		},
		launches: []launch{{kernel: "transpose", grid: [3]int{2048, 2048, 1}, group: [3]int{16, 16, 1}}},
	},
	matrixProduct("matmul", "naive matrix product, 512×512", 512, launch{grid: [3]int{512, 512, 1}, group: [3]int{16, 16, 1}}),
	matrixProduct("tiled", "the same by tiles in threadgroup memory", 512, launch{grid: [3]int{512, 512, 1}, group: [3]int{16, 16, 1}}),
	matrixProduct("simdmatmul", "the same by simdgroup_matrix", 512, launch{grid: [3]int{32 * 32, 32, 1}, group: [3]int{32, 1, 1}}),
	{
		name: "mandelbrot", about: "1024×1024 pixels, up to 256 turns",
		defines:  []define{{"W", 1024}},
		buffers:  []buffer{{size: 4 << 20, result: mostWords}},
		launches: []launch{{kernel: "mandelbrot", grid: [3]int{1024, 1024, 1}, group: [3]int{32, 8, 1}}},
	},
	{
		name: "nbody", about: "forces between 2048 bodies",
		defines: []define{{"N", 2048}},
		buffers: []buffer{
			{size: 2048 * 16, fill: uniformFloats(1, 0.1, 1)},
			{size: 2048 * 16, result: floats},
		},
		launches:  []launch{over("nbody", 2048, 256)},
		tolerance: 1e-3, floor: 1,
	},
	{
		name: "reduce", about: "sums of 16M floats, a tree in threadgroup memory",
		defines:   []define{{"N", 16 << 20}, {"GROUP", 256}},
		buffers:   sums,
		launches:  []launch{over("reduce", 16<<20, 256)},
		tolerance: 1e-4, floor: 1,
	},
	{
		name: "simdreduce", about: "the same by simd_sum",
		defines:   []define{{"N", 16 << 20}, {"GROUP", 256}},
		buffers:   sums,
		launches:  []launch{over("simdreduce", 16<<20, 256)},
		tolerance: 1e-4, floor: 1,
	},
	{
		name: "softmax", about: "1024 rows of 1024",
		defines: rows,
		buffers: []buffer{
			{size: 4 << 20, fill: uniformFloats(1, -5, 5)},
			{size: 4 << 20, result: floats},
		},
		launches:  []launch{over("softmax", 1024*256, 256)},
		tolerance: 1e-4, floor: 1e-4,
	},
	{
		name: "layernorm", about: "1024 rows of 1024",
		defines: rows,
		buffers: []buffer{
			{size: 4 << 20, fill: uniformFloats(1, -5, 5)},
			{size: 4 << 10, fill: uniformFloats(2, 0, 2)},
			{size: 4 << 10, fill: uniformFloats(3, -1, 1)},
			{size: 4 << 20, result: floats},
		},
		launches:  []launch{over("layernorm", 1024*256, 256)},
		tolerance: 1e-4, floor: 1,
	},
	{
		name: "rmsnorm", about: "1024 rows of 1024",
		defines: rows,
		buffers: []buffer{
			{size: 4 << 20, fill: uniformFloats(1, -5, 5)},
			{size: 4 << 10, fill: uniformFloats(2, 0, 2)},
			{size: 4 << 20, result: floats},
		},
		launches:  []launch{over("rmsnorm", 1024*256, 256)},
		tolerance: 1e-4, floor: 1,
	},
	{
		name: "histogram", about: "256 bins of 4M words, threadgroup atomics",
		defines: []define{{"N", 4 << 20}, {"EACH", 64}},
		buffers: []buffer{
			{size: 16 << 20, fill: uniformWords(1, 0)},
			{size: 1 << 10, result: words},
		},
		launches: []launch{over("histogram", 4<<20/64, 256)},
	},
	{
		name: "scan", about: "prefix sums of 4M words in three passes",
		defines: []define{{"N", 4 << 20}, {"GROUP", 256}},
		buffers: []buffer{
			{size: 16 << 20, fill: uniformWords(1, 100)},
			{size: 16 << 20, result: words},
			{size: 4 << 20 / 256 * 4},
		},
		launches: []launch{over("blocks", 4<<20, 256), over("totals", 256, 256), over("add", 4<<20, 256)},
	},
	{
		name: "bitonic", about: "sorts 64K words in 136 launches",
		defines:  []define{{"N", 1 << 16}},
		buffers:  []buffer{{size: 4 << 16, fill: uniformWords(1, 0), result: words}},
		launches: bitonicLaunches(16),
	},
	{
		name: "conv3x3", about: "2048×2048 pixels, clamped at the rim",
		defines: []define{{"W", 2048}},
		buffers: []buffer{
			{size: 16 << 20, fill: uniformFloats(1, 0, 1)},
			{size: 9 * 4, fill: uniformFloats(2, -1, 1)},
			{size: 16 << 20, result: floats},
		},
		launches:  []launch{{kernel: "conv3x3", grid: [3]int{2048, 2048, 1}, group: [3]int{32, 8, 1}}},
		tolerance: 1e-5, floor: 1,
	},
	{
		name: "convsep", about: "separable, 17 taps, 1024×1024 pixels",
		defines: []define{{"W", 1024}, {"R", 8}},
		buffers: []buffer{
			{size: (1024 + 16) * (1024 + 16) * 4, fill: uniformFloats(1, 0, 1)},
			{size: 17 * 4, fill: uniformFloats(2, -1, 1)},
			{size: 1024 * (1024 + 16) * 4},
			{size: 4 << 20, result: floats},
		},
		launches: []launch{
			{kernel: "rows", grid: [3]int{1024, 1024 + 16, 1}, group: [3]int{32, 8, 1}},
			{kernel: "columns", grid: [3]int{1024, 1024, 1}, group: [3]int{32, 8, 1}},
		},
		tolerance: 1e-4, floor: 1,
	},
	matrixVector("q4mv", "4096×4096 in 4-bit blocks, times a vector", 16, uniformWords(1, 0)),
	matrixVector("q8mv", "4096×4096 in 8-bit blocks, times a vector", 32, uniformWords(1, 0)),
	{
		name: "blackscholes", about: "1M options",
		defines: []define{{"N", 1 << 20}},
		buffers: []buffer{
			{size: 4 << 20, fill: uniformFloats(1, 5, 30)},
			{size: 4 << 20, fill: uniformFloats(2, 1, 100)},
			{size: 4 << 20, fill: uniformFloats(3, 0.25, 10)},
			{size: 4 << 20, result: floats},
			{size: 4 << 20, result: floats},
		},
		launches:  []launch{over("blackscholes", 1<<20, 256)},
		tolerance: 1e-3, floor: 1,
	},
	{
		name: "fft", about: "1024 transforms of 1024 complex numbers",
		defines: []define{{"BATCHES", 1024}},
		buffers: []buffer{
			{size: 8 << 20, fill: uniformFloats(1, -1, 1)},
			{size: 512 * 8, fill: rootsOfUnity},
			{size: 8 << 20, result: floats},
		},
		launches:  []launch{over("fft", 1024*512, 512)},
		tolerance: 1e-3, floor: 1,
	},
}

var (
	sums = []buffer{
		{size: 64 << 20, fill: uniformFloats(1, -1, 1)},
		{size: 64 << 20 / 256, result: floats},
	}
	rows = []define{{"ROWS", 1024}, {"N", 1024}, {"GROUP", 256}}
)

// over launches kernel over n threads in groups.
func over(kernel string, n, group int) launch {
	return launch{kernel: kernel, grid: [3]int{n, 1, 1}, group: [3]int{group, 1, 1}}
}

// matrixProduct is a product of two n×n matrices by the kernel called name.
func matrixProduct(name, about string, n int, l launch) workload {
	l.kernel = name
	return workload{
		name: name, about: about,
		defines: []define{{"N", n}, {"TILE", 16}},
		buffers: []buffer{
			{size: n * n * 4, fill: uniformFloats(1, -1, 1)},
			{size: n * n * 4, fill: uniformFloats(2, -1, 1)},
			{size: n * n * 4, result: floats},
		},
		launches:  []launch{l},
		tolerance: 1e-4, floor: 1,
	}
}

// matrixVector multiplies rows of blocks, of a half and quants bytes for 32
// elements, with a vector.
func matrixVector(name, about string, quants int, fill func([]byte)) workload {
	const n = 4096
	return workload{
		name: name, about: about,
		defines: []define{{"ROWS", n}, {"N", n}},
		buffers: []buffer{
			{size: n * n / 32 * (2 + quants), fill: func(b []byte) {
				fill(b)
				for at := 0; at < len(b); at += 2 + quants { // a small scale for each block
					scale := fp16.FromFloat32(0.001 * float32(1+b[at]%16))
					binary.LittleEndian.PutUint16(b[at:], scale.Bits())
				}
			}},
			{size: n * 4, fill: uniformFloats(2, -1, 1)},
			{size: n * 4, result: floats},
		},
		launches:  []launch{over(name, n*32, 32)},
		tolerance: 1e-3, floor: 1,
	}
}

// bitonicLaunches sorts 1<<log words. A launch's value has the log of the size
// that it merges in the upper half and the distance compared in the lower.
func bitonicLaunches(log int) []launch {
	var all []launch
	for size := 1; size <= log; size++ {
		for d := 1 << (size - 1); d > 0; d /= 2 {
			l := over("compare", 1<<(log-1), 256)
			l.value, l.hasValue = uint32(size<<16|d), true
			all = append(all, l)
		}
	}
	return all
}

func rootsOfUnity(b []byte) {
	for k := 0; k < len(b)/8; k++ {
		im, re := math.Sincos(-2 * math.Pi * float64(k) / 1024)
		binary.LittleEndian.PutUint32(b[8*k:], math.Float32bits(float32(re)))
		binary.LittleEndian.PutUint32(b[8*k+4:], math.Float32bits(float32(im)))
	}
}
