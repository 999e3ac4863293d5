package objcrt

import (
	"net/url"
	"path/filepath"
)

type urlValue struct{ u *url.URL }

func urlOf(o *Object) *url.URL { return o.value.(*urlValue).u }

// fileURL is the URL of a path. A relative one is taken from the working
// directory, as Foundation does.
func fileURL(path string) *urlValue {
	if abs, err := filepath.Abs(path); err == nil {
		path = filepath.ToSlash(abs)
		if path != "" && path[0] != '/' { // a drive letter
			path = "/" + path
		}
	}
	return &urlValue{&url.URL{Scheme: "file", Path: path}}
}

var urlLazy Lazy

func urlClass() *Class { return urlLazy.Class(defineUrl) }

func defineUrl() ClassDef {
	return ClassDef{
		Name:  "NSURL",
		Alloc: func() any { return &urlValue{&url.URL{}} },
		Methods: []Method{
			{"initFileURLWithPath:", "@@:@", func(o *Object, path uintptr) uintptr {
				o.value = fileURL(GoString(ID(path)))
				return uintptr(o.ID())
			}},
			{"initWithString:", "@@:@", func(o *Object, text uintptr) uintptr {
				u, err := url.Parse(GoString(ID(text)))
				if err != nil {
					o.release()
					return 0
				}
				o.value = &urlValue{u}
				return uintptr(o.ID())
			}},
			{"path", "@@:", func(o *Object) uintptr { return uintptr(NewString(urlOf(o).Path)) }},
			{"absoluteString", "@@:", func(o *Object) uintptr { return uintptr(NewString(urlOf(o).String())) }},
			{"isFileURL", "B@:", func(o *Object) uintptr { return boolWord(urlOf(o).Scheme == "file") }},
			{"isEqual:", "B@:@", func(o *Object, other uintptr) uintptr {
				v, ok := As[*urlValue](ID(other))
				return boolWord(ok && v.u.String() == urlOf(o).String())
			}},
			{"description", "@@:", func(o *Object) uintptr { return uintptr(NewString(urlOf(o).String())) }},
			{"copy", "@@:", func(o *Object) uintptr { o.retain(); return uintptr(o.ID()) }},
		},
		ClassMethods: []Method{
			{"fileURLWithPath:", "@@:@", func(_ *Object, path uintptr) uintptr {
				return uintptr(NewFileURL(GoString(ID(path))))
			}},
			{"URLWithString:", "@@:@", func(_ *Object, text uintptr) uintptr {
				u, err := url.Parse(GoString(ID(text)))
				if err != nil {
					return 0
				}
				return uintptr(urlClass().New(&urlValue{u}))
			}},
		},
	}
}

// NewFileURL makes the NSURL of a file. The reference is the caller's.
func NewFileURL(path string) ID { return urlClass().New(fileURL(path)) }

// URLString returns the text of an NSURL and, for a file URL, its path; false
// for what is none.
func URLString(id ID) (text, path string, ok bool) {
	v, ok := As[*urlValue](id)
	if !ok {
		return "", "", false
	}
	if v.u.Scheme == "file" {
		path = v.u.Path
	}
	return v.u.String(), path, true
}
