// Package msl compiles the Metal Shading Language. It is the face of the
// compiler's stages: source text is preprocessed, parsed and checked by
// [Compile] into a [Library]; each kernel of the library is lowered to
// internal/ir when it is asked for, by [Library.Lower], with the function
// constants it is specialised for. The package knows no device.
//
//	lib, diags := msl.Compile(msl.Source{Text: text}, msl.Options{})
//	if lib == nil {
//		return errors.New(diags.Render())
//	}
//	code, diags := lib.Lower("saxpy", msl.Constants{})
//
// No input makes the package panic: a fault of the compiler itself comes back
// as a diagnostic that says so.
package msl
