package main

// workloads is the suite. Sizes are such that the C loop takes some ten
// milliseconds.
var workloads = []workload{
	{
		name: "saxpy", about: "y = a*x + y over 16M floats",
		defines: []define{{"N", 16 << 20}},
		buffers: []buffer{
			{size: 64 << 20, fill: uniformFloats(1, -1, 1)},
			{size: 64 << 20, fill: uniformFloats(2, -1, 1), result: floats},
		},
		launches:  []launch{{kernel: "saxpy", grid: [3]int{16 << 20, 1, 1}, group: [3]int{256, 1, 1}}},
		tolerance: 1e-6, floor: 1,
	},
	{
		name: "matmul", about: "naive matrix product, 512×512",
		defines: []define{{"N", 512}},
		buffers: []buffer{
			{size: 1 << 20, fill: uniformFloats(1, -1, 1)},
			{size: 1 << 20, fill: uniformFloats(2, -1, 1)},
			{size: 1 << 20, result: floats},
		},
		launches:  []launch{{kernel: "matmul", grid: [3]int{512, 512, 1}, group: [3]int{16, 16, 1}}},
		tolerance: 1e-4, floor: 1,
	},
}
