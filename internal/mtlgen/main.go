// Mtlgen writes package mtl, the mirror of Metal, from a description of Metal's API.
//
//	mtlgen [-api DIR] [-out DIR]    write the Go files of the mirror
//	mtlgen [-api DIR] -check DIR    compare the description with tables of Metal's API
//	mtlgen [-api DIR] -list         print every Go declaration with its selector and type encoding
//
// # The description
//
// The description is plain text, in api/*.txt. A line that begins at the margin declares something;
// indented lines belong to it; a line that begins with # is a remark.
//
//	protocol Buffer : Resource
//		doc is a block of memory without a format.
//		length                 Length() uint // In bytes.
//		addDebugMarker:range:  AddDebugMarker(marker string, r Range)
//
// A class or protocol is named as in Metal without MTL, and may name what it inherits from. Each of its
// lines is one method: the selector (+ before that of a class method) and the Go signature. After it may stand
// "since 14.0", the first macOS in which the method was seen if that is after 12, deprecated "what to use
// instead", and // with a sentence for its doc comment.
//
//	enum StorageMode uint            options Stages uint prefix Stage
//		Shared 0                         Vertex 1
//	struct Size                      struct Range NSRange tag _NSRange
//		width Width uint                 location Location uint
//	function MTLCopyAllDevices CopyAllDevices() []Device
//	inline   MTLSizeMake MakeSize(width, height, depth uint) Size = Size{width, height, depth}
//	constant MTLDeviceErrorDomain DeviceErrorDomain
//	number   MTLResourceStorageModeShift ResourceStorageModeShift uint 4
//
// # Types
//
// The types of a signature say how a value crosses, and so give both the Go type and the type encoding:
//
//	bool uint int uint64 uint32 int32 uint8 float32 float64   themselves; uint and int are NSUInteger and NSInteger
//	the name of a class, an enum or a struct                   itself
//	string, url, id                                            NSString, NSURL (a string in Go), any object
//	data, bytes                                                dispatch_data_t; const void * and a length: []byte in Go
//	pointer, cpointer                                          void *, const void *: unsafe.Pointer in Go
//	[]T, map[string]T, map[string]any                          NSArray, NSDictionary
//	c[]T with count or "first range"                           a C array with its length or its NSRange: a slice in Go
//	func(T, …)                                                 a block
//	out T                                                      T *: one more result in Go
//	error, nserror                                             NSError ** and NSError *: error in Go
//	instance                                                   the class itself
//
// # Names
//
// A Go name is chosen by a person. The rules:
//
//   - MTL is dropped. A getter and a setter keep their names: Label, SetLabel.
//   - A selector becomes its verb; what its parts say about arguments becomes the names of the
//     parameters: setBuffer:offset:atIndex: is SetBuffer(buffer, offset, index).
//   - A part is glued to the verb only where two methods would be called the same:
//     newLibraryWithSource:… is NewLibraryWithSource, beside NewLibraryWithURL.
//   - The form of a method that takes a completion handler ends in Async.
//   - Initialisms are upper case: GPUAddress for gpuAddress.
//   - A case of an enum is called as in Metal without MTL; its String is the case without the enum's prefix.
//
// Two declarations with one Go name are an error that names both.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

func main() {
	err := run(os.Args[1:], os.Stdout)
	if errors.Is(err, flag.ErrHelp) {
		os.Exit(2)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "mtlgen:", err)
		os.Exit(1)
	}
}

func run(args []string, stdout io.Writer) error {
	flags := flag.NewFlagSet("mtlgen", flag.ContinueOnError)
	apiDir := flags.String("api", "", "the folder of the description (by default internal/mtlgen/api of the project)")
	out := flags.String("out", "", "the folder to write to (by default mtl of the project)")
	tables := flags.String("check", "", "compare the description with the tables in this folder")
	list := flags.Bool("list", false, "print every Go declaration with its selector and type encoding")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	root := ""
	if *apiDir == "" || *out == "" {
		var err error
		if root, err = projectRoot(); err != nil {
			return err
		}
	}
	if *apiDir == "" {
		*apiDir = filepath.Join(root, "internal", "mtlgen", "api")
	}
	if *out == "" {
		*out = filepath.Join(root, "mtl")
	}
	a, err := Parse(*apiDir)
	if err != nil {
		return err
	}
	switch {
	case *tables != "":
		return check(a, *tables, stdout)
	case *list:
		a.List(stdout)
		return nil
	}
	return write(a, *out)
}

// projectRoot is the folder of go.mod, here or above.
func projectRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", errors.New("no go.mod here or above: run it inside the project or give -api and -out")
		}
		dir = up
	}
}

func check(a *API, dir string, stdout io.Writer) error {
	t, err := ReadTables(dir)
	if err != nil {
		return err
	}
	c := a.Check(t)
	for _, line := range slices.Concat(c.Wrong, c.Missing, c.Omitted) {
		fmt.Fprintln(stdout, line)
	}
	fmt.Fprintln(stdout, c)
	if n := len(c.Wrong); n > 0 {
		return fmt.Errorf("%d declarations differ from the tables in %s", n, dir)
	}
	if n := len(c.Missing); n > 0 {
		return fmt.Errorf("%d declarations of the tables in %s are missing without a reason", n, dir)
	}
	return nil
}

// mark begins every generated file.
var mark = []byte("// Code generated by mtlgen ")

// write makes dir hold the generated files and no other generated file. A file that
// is already as it should be is not touched.
func write(a *API, dir string) error {
	files, err := a.Generate()
	if err != nil {
		return err
	}
	wanted := map[string]bool{}
	for _, f := range files {
		wanted[f.Name] = true
		path := filepath.Join(dir, f.Name)
		old, err := os.ReadFile(path)
		switch {
		case err == nil && bytes.Equal(old, f.Text):
			continue
		case err == nil && !bytes.HasPrefix(old, mark):
			return fmt.Errorf("%s was written by hand: name the class or the file otherwise", path)
		case err != nil && !errors.Is(err, fs.ErrNotExist):
			return err
		}
		if err := os.WriteFile(path, f.Text, 0o644); err != nil {
			return err
		}
	}
	return removeStale(dir, wanted)
}

func removeStale(dir string, wanted map[string]bool) error {
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return err
	}
	for _, path := range paths {
		if wanted[filepath.Base(path)] {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if bytes.HasPrefix(text, mark) {
			if err := os.Remove(path); err != nil {
				return err
			}
		}
	}
	return nil
}
