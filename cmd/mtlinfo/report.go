package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"runtime"
	"runtime/debug"
	"strings"
	"text/tabwriter"

	"github.com/aruminium-go/aruminium/gpu"
	"github.com/aruminium-go/aruminium/internal/simt"
)

// report is all that mtlinfo tells; the text and the JSON are both made of it.
type report struct {
	Schema  string   `json:"schema"`
	Version string   `json:"version"`
	Host    host     `json:"host"`
	Default *int     `json:"default"` // index of the default device; null if there is none
	Devices []device `json:"devices"`
}

type host struct {
	OS   string `json:"os"`
	Arch string `json:"arch"`
	CPUs int    `json:"cpus"`
}

type device struct {
	Index   int    `json:"index"`
	Backend string `json:"backend"` // "metal", or "cpu" for the CPU device
	gpu.Info
	SelfTest *selfTestResult `json:"selfTest,omitempty"`
}

func newReport(devices []*gpu.Device) *report {
	r := &report{Schema: "mtlinfo/1", Version: version(), Host: host{runtime.GOOS, runtime.GOARCH, runtime.NumCPU()}, Devices: []device{}}
	for i, d := range devices {
		info := d.Info()
		backend := "metal"
		if info.CPU {
			backend = "cpu"
		}
		r.Devices = append(r.Devices, device{Index: i, Backend: backend, Info: info})
	}
	// The default is the one that Open gives.
	if dev, err := gpu.Open(); err == nil {
		id := dev.Info().RegistryID
		dev.Close()
		for i := range r.Devices {
			if r.Devices[i].RegistryID == id {
				r.Default = &r.Devices[i].Index
				break
			}
		}
	}
	return r
}

// version is that of the module in the binary.
func version() string {
	if b, ok := debug.ReadBuildInfo(); ok && b.Main.Version != "" {
		return b.Main.Version
	}
	return "(devel)"
}

// label is the device's name; a CPU device is marked as one.
func (d *device) label() string {
	if d.CPU {
		return d.Name + " (runs on the CPU, no GPU)"
	}
	return d.Name
}

// failures returns an error that names each failed self-test, or nil.
func (r *report) failures() error {
	var errs []error
	for _, d := range r.Devices {
		if d.SelfTest != nil && !d.SelfTest.OK {
			errs = append(errs, fmt.Errorf("self-test of device %d, %s: %s", d.Index, d.label(), d.SelfTest.Error))
		}
	}
	return errors.Join(errs...)
}

func (r *report) isDefault(d *device) bool { return r.Default != nil && *r.Default == d.Index }

func (r *report) printJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(r)
}

// printList prints a line a device.
func (r *report) printList(w io.Writer) error {
	tw := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	for i := range r.Devices {
		d := &r.Devices[i]
		memory := "discrete"
		if d.UnifiedMemory {
			memory = "unified"
		}
		mark := ""
		if r.isDefault(d) {
			mark = "(default)"
		}
		fmt.Fprintf(tw, "%d\t%s\t%s\t%s\t%s\t%s\n", d.Index, d.label(), d.Backend, memory, strings.Join(highest(d.Families), " "), mark)
		if d.SelfTest != nil {
			fmt.Fprintf(tw, "\tself-test %s\n", d.SelfTest)
		}
	}
	return tw.Flush()
}

// printText prints a block a device, with every limit, feature and family if
// verbose is true.
func (r *report) printText(w io.Writer, verbose bool) error {
	for i := range r.Devices {
		d := &r.Devices[i]
		if i > 0 {
			fmt.Fprintln(w)
		}
		mark := ""
		if r.isDefault(d) {
			mark = " (default)"
		}
		fmt.Fprintf(w, "Device %d: %s%s\n", d.Index, d.label(), mark)
		tw := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
		for _, row := range d.rows(r.Host, verbose) {
			fmt.Fprintf(tw, "  %s\t%s\n", row[0], row[1])
		}
		if err := tw.Flush(); err != nil {
			return err
		}
	}
	if !verbose {
		fmt.Fprintln(w, "Try 'mtlinfo -v' for every limit and feature.")
	}
	return nil
}

func (d *device) rows(h host, verbose bool) [][2]string {
	backend := "Metal"
	if d.CPU {
		backend = fmt.Sprintf("CPU device of this module, %s/%s: not a GPU", h.OS, h.Arch)
	}
	memory := "discrete"
	if d.UnifiedMemory {
		memory = "unified"
	}
	families := d.Families
	if !verbose {
		families = highest(families)
	}
	none := func(s string) string {
		if s == "" {
			return "-"
		}
		return s
	}
	t := d.Limits.MaxThreadsPerThreadgroup
	rows := [][2]string{
		{"Backend", backend},
		{"Architecture", none(d.Architecture)},
		{"Registry ID", d.RegistryID},
		{"Memory", fmt.Sprintf("%s, %s recommended working set", memory, bytes(d.Limits.RecommendedMaxWorkingSetSize))},
		{"Families", none(strings.Join(families, ", "))},
		{"Language", "MSL " + d.LanguageVersion},
		{"Max buffer", bytes(d.Limits.MaxBufferLength)},
		{"Threadgroup", fmt.Sprintf("%d x %d x %d threads, %s memory", t[0], t[1], t[2], bytes(d.Limits.MaxThreadgroupMemoryLength))},
	}
	if verbose && d.Backend == "cpu" {
		rows = append(rows, [2]string{"Kernels run on", simt.Describe()})
	}
	if verbose {
		rows = append(rows, [][2]string{
			{"Location", none(d.Location)},
			{"Low power", yesNo(d.LowPower)},
			{"Headless", yesNo(d.Headless)},
			{"Removable", yesNo(d.Removable)},
			{"Allocated now", bytes(d.Memory.Allocated)},
		}...)
		rows = append(rows, fields("Limit", d.Limits)...)
		rows = append(rows, fields("Feature", d.Features)...)
	}
	if d.SelfTest != nil {
		rows = append(rows, [2]string{"Self-test", d.SelfTest.String()})
	}
	return rows
}

// fields lists the fields of a struct under their JSON names.
func fields(kind string, s any) [][2]string {
	v := reflect.ValueOf(s)
	var rows [][2]string
	for i := range v.NumField() {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		value := fmt.Sprint(v.Field(i).Interface())
		if b, ok := v.Field(i).Interface().(bool); ok {
			value = yesNo(b)
		}
		rows = append(rows, [2]string{kind + " " + name, value})
	}
	return rows
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// highest keeps the last family of each line: Apple7 of Apple1 to Apple7.
func highest(families []string) []string {
	var out []string
	for _, f := range families {
		line := strings.TrimRight(f, "0123456789")
		if n := len(out); n > 0 && strings.TrimRight(out[n-1], "0123456789") == line {
			out[n-1] = f
			continue
		}
		out = append(out, f)
	}
	return out
}

// bytes writes a size with a unit.
func bytes(n int) string {
	switch {
	case n >= 1<<30:
		return fmt.Sprintf("%.1f GiB", float64(n)/(1<<30))
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%d KiB", n>>10)
	}
	return fmt.Sprintf("%d bytes", n)
}
