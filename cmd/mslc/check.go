package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/aruminium-go/aruminium/internal/msl"
	"github.com/aruminium-go/aruminium/internal/simt"
)

// fileReport is all that is found out about one source; the text and the JSON
// output are both made from it.
type fileReport struct {
	File        string         `json:"file"`
	Diagnostics []diagnostic   `json:"diagnostics"`
	Kernels     []kernelReport `json:"kernels"`

	rendered string // the diagnostics, for standard error
	failed   bool
}

type diagnostic struct {
	File     string `json:"file"`
	Line     int    `json:"line"`
	Column   int    `json:"column"`
	Severity string `json:"severity"`
	Message  string `json:"message"`
}

type kernelReport struct {
	Name              string           `json:"name"`
	MaxThreads        int              `json:"maxTotalThreadsPerThreadgroup,omitempty"`
	ThreadgroupMemory int64            `json:"staticThreadgroupMemoryLength"`
	Args              []argReport      `json:"args"`
	Constants         []constantReport `json:"functionConstants,omitempty"`
	// Error says why the kernel cannot be lowered, if it was tried and failed.
	Error string `json:"error,omitempty"`

	ir string
}

type argReport struct {
	Index  int    `json:"index"`
	Kind   string `json:"kind"`
	Type   string `json:"type"`
	Name   string `json:"name"`
	Access string `json:"access"`
	Size   int64  `json:"size"`
	Align  int64  `json:"align"`
	Used   bool   `json:"used"`
}

type constantReport struct {
	Index    int    `json:"index"`
	Name     string `json:"name"`
	Type     string `json:"type"`
	Required bool   `json:"required"`
}

func check(o *options, name, text string) *fileReport {
	if name == "-" {
		name = "<stdin>"
	}
	r := &fileReport{File: name, Diagnostics: []diagnostic{}, Kernels: []kernelReport{}}
	lib, diags := msl.Compile(msl.Source{Name: name, Text: text, Macros: o.macros, Include: o.include}, o.compile)
	r.add(diags)
	if lib == nil {
		r.failed = true
		return r
	}
	for _, k := range lib.Kernels {
		r.Kernels = append(r.Kernels, r.kernel(o, lib, k))
	}
	return r
}

func (r *fileReport) add(diags *msl.Diagnostics) {
	if diags == nil {
		return
	}
	r.rendered += diags.Render()
	for _, d := range diags.List {
		p := diags.Position(d.Pos)
		r.Diagnostics = append(r.Diagnostics, diagnostic{p.Filename, p.Line, p.Column, d.Severity.String(), d.Msg})
	}
}

func (r *fileReport) kernel(o *options, lib *msl.Library, k *msl.Kernel) kernelReport {
	kr := kernelReport{Name: k.Name, MaxThreads: k.MaxThreads, Args: []argReport{}}
	for _, c := range k.Constants {
		kr.Constants = append(kr.Constants, constantReport{c.Index, c.Name, c.Type.String(), c.Required})
	}
	args := k.Args
	if o.list || o.all || o.ir || o.js {
		code, err := r.lower(o, lib, k)
		if err != nil {
			kr.Error = err.Error()
			// Only -all and -ir promise that kernels lower.
			if o.all || o.ir {
				r.failed = true
				r.rendered += fmt.Sprintf("%s: error: kernel '%s' cannot be lowered\n", r.File, k.Name)
			}
		} else {
			args = code.Args
			kr.ThreadgroupMemory = code.StaticThreadgroupMemory
			if o.ir {
				kr.ir = code.Func.String()
			}
		}
	}
	for _, a := range args {
		kr.Args = append(kr.Args, argReport{a.Index, a.Kind.String(), a.TypeName, a.Name, a.Access.String(), a.Size, a.Align, a.Used})
	}
	return kr
}

// lower makes a kernel executable, as a compute pipeline would.
func (r *fileReport) lower(o *options, lib *msl.Library, k *msl.Kernel) (*msl.Code, error) {
	consts, err := o.constants(k)
	if err != nil {
		return nil, err
	}
	code, diags := lib.Lower(k.Name, consts)
	if o.all || o.ir {
		r.add(diags)
	}
	if code == nil {
		for _, d := range diags.List {
			return nil, fmt.Errorf("%v: %s", diags.Position(d.Pos), d.Msg)
		}
		return nil, fmt.Errorf("the kernel could not be lowered")
	}
	if _, err := simt.Compile(code.Func); err != nil {
		return nil, err
	}
	return code, nil
}

// include finds the text of an included file: beside the file that includes it
// if the name is in quotes, then in the directories of -I.
func (o *options) include(name string, quoted bool, from string) (path, text string, err error) {
	var dirs []string
	if quoted {
		dirs = append(dirs, filepath.Dir(from))
	}
	dirs = append(dirs, o.dirs...)
	if filepath.IsAbs(name) {
		dirs = []string{""}
	}
	for _, d := range dirs {
		path := filepath.Join(d, name)
		b, err := os.ReadFile(path)
		if err == nil {
			return path, string(b), nil
		}
		if !os.IsNotExist(err) {
			return "", "", err
		}
	}
	return "", "", fmt.Errorf("'%s' file not found in %s", name, strings.Join(dirs, ", "))
}
