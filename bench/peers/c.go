package main

import (
	"fmt"
	"runtime"

	"github.com/aruminium-go/aruminium/bench/cc"
)

// cRunner does workloads in C: entry with the compiler's flags.
type cRunner struct {
	entry string
	flags []string
}

type cJob struct {
	w       *workload
	call    func(...uintptr)
	buffers [][]byte
	table   []uintptr
	pins    runtime.Pinner
}

func (r *cRunner) prepare(w *workload) (job, error) {
	text, err := w.source(".c")
	if err != nil {
		return nil, err
	}
	flags := append([]string{}, r.flags...)
	for _, d := range w.defines {
		flags = append(flags, d.flag())
	}
	lib, err := cc.Load(text, flags...)
	if err != nil {
		return nil, err
	}
	call, err := lib.Func(r.entry)
	if err != nil {
		return nil, fmt.Errorf("%s has no %s in C", w.name, r.entry)
	}
	j := &cJob{w: w, call: call, buffers: w.fresh(), table: make([]uintptr, len(w.buffers))}
	for i, b := range j.buffers {
		j.pins.Pin(&b[0])
		j.table[i] = cc.Address(b)
	}
	j.pins.Pin(&j.table[0])
	return j, nil
}

func (j *cJob) run() error {
	j.call(cc.Address(j.table))
	return nil
}

func (j *cJob) reset() error {
	for i, b := range j.w.fresh() {
		copy(j.buffers[i], b)
	}
	return nil
}

func (j *cJob) results() ([][]byte, error) { return j.buffers, nil }
func (j *cJob) close()                     { j.pins.Unpin() }
