// Mtlinfo lists the Metal devices of this machine: GPUs on a Mac, and elsewhere
// the CPU device that runs Metal code on the processor.
//
// usage: mtlinfo [flags]
//
//	-l             one line a device
//	-v             every limit, feature and family
//	-json          the same as JSON, schema "mtlinfo/1"
//	-d N|NAME      only this device: its index, or a unique part of its name
//	-require LIST  exit 1 unless each device shown has all of LIST, as in Metal3,Apple7
//	-selftest      compile and run a kernel, check its result, print the time
//	-version       print the version
//
// Data goes to standard output, reasons to standard error. The exit status is 0
// if all is well, 1 if there is no device, a requirement is not met or the
// self-test fails, and 2 for wrong usage.
//
// Within schema mtlinfo/1 fields are only ever added. Sizes are bytes, as
// integers; identities are strings.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/aruminium-go/aruminium/gpu"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// errUsage marks errors that are the caller's: exit status 2.
var errUsage = errors.New("wrong usage")

type options struct {
	list, verbose, js, selftest, version bool
	device, require                      string
}

func run(args []string, stdout, stderr io.Writer) int {
	var o options
	fs := flag.NewFlagSet("mtlinfo", flag.ContinueOnError)
	fs.SetOutput(stderr)
	fs.Usage = func() {
		fmt.Fprintln(stderr, "usage: mtlinfo [-l] [-v] [-json] [-d N|NAME] [-require LIST] [-selftest] [-version]")
		fs.PrintDefaults()
	}
	fs.BoolVar(&o.list, "l", false, "one line a device")
	fs.BoolVar(&o.verbose, "v", false, "every limit, feature and family")
	fs.BoolVar(&o.js, "json", false, `the same as JSON, schema "mtlinfo/1"`)
	fs.StringVar(&o.device, "d", "", "only this device: `N|NAME`, its index or a unique part of its name")
	fs.StringVar(&o.require, "require", "", "exit 1 unless each device shown has all of `list`, as in Metal3,Apple7")
	fs.BoolVar(&o.selftest, "selftest", false, "compile and run a kernel, check its result, print the time")
	fs.BoolVar(&o.version, "version", false, "print the version")
	switch err := fs.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	}
	if fs.NArg() > 0 {
		fmt.Fprintf(stderr, "mtlinfo: unexpected argument %q\n", fs.Arg(0))
		fs.Usage()
		return 2
	}
	if o.version {
		fmt.Fprintln(stdout, "mtlinfo", version())
		return 0
	}
	err := show(&o, stdout, stderr)
	switch {
	case errors.Is(err, errUsage):
		fmt.Fprintln(stderr, "mtlinfo:", err)
		return 2
	case err != nil:
		fmt.Fprintln(stderr, "mtlinfo:", err)
		return 1
	}
	return 0
}

// show prints what o asks for. Without a device it still prints JSON, of an
// empty list.
func show(o *options, stdout, stderr io.Writer) error {
	required, err := parseRequire(o.require)
	if err != nil {
		return err
	}
	devices, err := gpu.All()
	defer func() {
		for _, d := range devices {
			d.Close()
		}
	}()
	if err == nil && len(devices) == 0 {
		err = gpu.ErrNoDevice
	}
	r := newReport(devices)
	if err != nil {
		if o.js {
			return errors.Join(r.printJSON(stdout), err)
		}
		return err
	}
	if o.device != "" {
		i, err := find(r.Devices, o.device)
		if err != nil {
			return err
		}
		r.Devices = r.Devices[i : i+1]
	}
	if o.selftest {
		for i := range r.Devices {
			d := &r.Devices[i]
			d.SelfTest = selfTest(devices[d.Index])
		}
	}
	switch {
	case o.js:
		err = r.printJSON(stdout)
	case o.list:
		err = r.printList(stdout)
	default:
		err = r.printText(stdout, o.verbose)
	}
	if err != nil {
		return err
	}
	if o.verbose {
		warnEnvironment(stderr)
	}
	return errors.Join(r.failures(), unmet(r.Devices, required))
}

// find returns the index in devices of the one that s names: by number, or by a
// part of its name that no other has.
func find(devices []device, s string) (int, error) {
	var names []string
	for _, d := range devices {
		names = append(names, fmt.Sprintf("\n  %d  %s", d.Index, d.label()))
	}
	there := strings.Join(names, "")
	if n, err := strconv.Atoi(s); err == nil {
		if n < 0 || n >= len(devices) {
			return 0, fmt.Errorf("%w: no device %d; there are:%s", errUsage, n, there)
		}
		return n, nil
	}
	found := -1
	for i, d := range devices {
		if !strings.Contains(strings.ToLower(d.Name), strings.ToLower(s)) {
			continue
		}
		if found >= 0 {
			return 0, fmt.Errorf("%w: %q names more than one device; there are:%s", errUsage, s, there)
		}
		found = i
	}
	if found < 0 {
		return 0, fmt.Errorf("%w: no device is called %q; there are:%s", errUsage, s, there)
	}
	return found, nil
}

// warnEnvironment tells of variables that make Metal slower or stricter.
func warnEnvironment(stderr io.Writer) {
	for _, name := range []string{"MTL_DEBUG_LAYER", "MTL_SHADER_VALIDATION", "MTL_CAPTURE_ENABLED", "MTL_HUD_ENABLED"} {
		if v := os.Getenv(name); v != "" && v != "0" {
			fmt.Fprintf(stderr, "mtlinfo: %s=%s is set, which changes timings\n", name, v)
		}
	}
}
