package main

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"
)

// A keeper writes on to w until that fails, and keeps the failure.
type keeper struct {
	w   io.Writer
	err error
}

func (k *keeper) Write(b []byte) (int, error) {
	if k.err != nil {
		return len(b), nil
	}
	_, k.err = k.w.Write(b)
	return len(b), nil
}

func (r *fileReport) print(w io.Writer, o *options) {
	for _, k := range r.Kernels {
		if o.list {
			k.print(w)
		}
		if o.ir && k.ir != "" {
			fmt.Fprint(w, k.ir)
		}
	}
}

// print lists a kernel's arguments, one a line: index, type, name, access.
func (k *kernelReport) print(w io.Writer) {
	fmt.Fprintln(w, k.Name)
	tw := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	for _, a := range k.Args {
		access := a.Access
		if !a.Used {
			access = "unused"
		}
		fmt.Fprintf(tw, "  %s(%d)\t%s\t%s\t%s\n", a.Kind, a.Index, a.Type, a.Name, access)
	}
	for _, c := range k.Constants {
		need := "optional"
		if c.Required {
			need = "required"
		}
		fmt.Fprintf(tw, "  function_constant(%d)\t%s\t%s\t%s\n", c.Index, c.Type, c.Name, need)
	}
	tw.Flush()
}

func printJSON(w io.Writer, reports []*fileReport) error {
	if reports == nil {
		reports = []*fileReport{}
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(struct {
		Schema string        `json:"schema"`
		Files  []*fileReport `json:"files"`
	}{"mslc/1", reports})
}
