package objc_test

import (
	"errors"
	"fmt"

	"github.com/aruminium-go/aruminium/objc"
)

func ExampleNewString() {
	id := objc.NewString("grüße")
	defer objc.Release(id)
	fmt.Println(objc.String(id))
	// Output: grüße
}

func ExampleSendWord() {
	// A selector is a package-level variable in real code.
	selLength := objc.Selector{Name: "length"}

	id := objc.NewString("five!")
	defer objc.Release(id)
	fmt.Println(objc.SendWord(id, &selLength))
	// Output: 5
}

func ExampleTakeError() {
	err := objc.TakeError(objc.NewError(&objc.Error{
		Domain: "MTLLibraryErrorDomain", Code: 3, Description: "no such function",
	}))
	var e *objc.Error
	if errors.As(err, &e) {
		fmt.Println(e.Domain, e.Code)
	}
	// Output: MTLLibraryErrorDomain 3
}

func ExampleAutoreleasePool() {
	objc.AutoreleasePool(func() {
		id := objc.Autorelease(objc.NewString("released when the pool ends"))
		fmt.Println(objc.String(id))
	})
	// Output: released when the pool ends
}

func ExampleNewBlock() {
	done := objc.NewBlock(func(a, b, c, d uintptr) { fmt.Println("called with", a) })
	objc.CallBlock(done, 7, 0, 0, 0)
	objc.ReleaseBlock(done)
	// Output: called with 7
}
