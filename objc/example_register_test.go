package objc_test

import (
	"fmt"
	"sync/atomic"

	"github.com/aruminium-go/aruminium/objc"
)

func ExampleRegisterClass() {
	counter, err := objc.RegisterClass(objc.ClassDef{
		Name: "ExampleCounter",
		Methods: []objc.Method{{Selector: "add:", Encoding: "q@:q", Func: func(c *objc.Call) {
			n := c.Value().(*atomic.Int64).Add(int64(c.Word(0)))
			c.ReturnWord(uintptr(n))
		}}},
		Dealloc: func(objc.ID) { fmt.Println("gone") },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	id := objc.NewObject(counter, new(atomic.Int64))
	selAdd := objc.Selector{Name: "add:"}
	fmt.Println(objc.SendWord(id, &selAdd, 3), objc.SendWord(id, &selAdd, 4))
	objc.Release(id)
	// Output:
	// 3 7
	// gone
}

func ExampleCall_CallSuper() {
	loud, err := objc.RegisterClass(objc.ClassDef{
		Name: "ExampleLoud",
		Methods: []objc.Method{{Selector: "isEqual:", Func: func(c *objc.Call) { // as NSObject declares it
			c.CallSuper()
			fmt.Println("equal:", c.Ret[0] != 0)
		}}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	id := objc.NewObject(loud, nil)
	defer objc.Release(id)
	selIsEqual := objc.Selector{Name: "isEqual:"}
	objc.SendBool(id, &selIsEqual, uintptr(id))
	objc.SendBool(id, &selIsEqual, 0)
	// Output:
	// equal: true
	// equal: false
}

func ExampleSetError() {
	door, err := objc.RegisterClass(objc.ClassDef{
		Name: "ExampleDoor",
		Methods: []objc.Method{{Selector: "open:error:", Encoding: "B@:Q^@", Func: func(c *objc.Call) {
			if c.Word(0) != 1234 {
				objc.SetError(c, 1, fmt.Errorf("the code is not %d", c.Word(0)))
				return
			}
			c.ReturnBool(true)
		}}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	id := objc.NewObject(door, nil)
	defer objc.Release(id)
	selOpen := objc.Selector{Name: "open:error:"}
	fmt.Println(objc.SendBoolErr(id, &selOpen, 99))
	fmt.Println(objc.SendBoolErr(id, &selOpen, 1234))
	// Output:
	// the code is not 99 (GoErrorDomain 0)
	// <nil>
}

func ExampleBlockType() {
	// double (^)(double, NSUInteger). A package-level variable in real code.
	power := objc.BlockType{Encoding: "d@?dQ"}

	block := power.New(func(c *objc.Call) {
		x := 1.0
		for range c.Word(1) {
			x *= c.Float64(0)
		}
		c.ReturnFloat64(x)
	})
	defer objc.ReleaseBlock(block)

	var args objc.Frame
	args.AddFloat64(1.5)
	args.AddWord(2)
	fmt.Println(power.Float64(block, &args))
	// Output: 2.25
}

func ExampleProperty() {
	// Package-level variables in real code.
	description := objc.Property{Name: "description"}
	length := objc.Property{Name: "length"}

	id := objc.NewString("five!")
	defer objc.Release(id)
	fmt.Println(description.String(id), length.Word(id), length.Writable(id))
	// Output: five! 5 false
}

func ExampleRegisterProtocol() {
	named, err := objc.RegisterProtocol("ExampleNamed", nil, []objc.ProtocolMethod{{Selector: "name", Encoding: "@@:"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	class, err := objc.RegisterClass(objc.ClassDef{
		Name:      "ExampleDog",
		Protocols: []objc.Protocol{named},
		Methods: []objc.Method{{Selector: "name", Func: func(c *objc.Call) { // encoded as the protocol says
			c.ReturnID(objc.NewString("Rex"))
		}}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	dog := objc.NewObject(class, nil)
	defer objc.Release(dog)
	name := objc.Property{Name: "name"}
	fmt.Println(objc.ConformsTo(dog, objc.GetProtocol("ExampleNamed")), name.String(dog))
	// Output: true Rex
}
