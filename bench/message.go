package main

import (
	"errors"
	"fmt"

	"github.com/aruminium-go/aruminium/mtl"
)

// messages compares a message to the device with a call through an interface.
func messages(e *env) error {
	fmt.Println("\nmessage: a getter of the device, against a method called through an interface")
	dev := mtl.CreateSystemDefaultDevice()
	if dev.IsNil() {
		return errors.New("no device")
	}
	defer dev.Release()
	var asInterface getter = &field{dev.MaxThreadgroupMemoryLength()}
	const n = 1_000_000
	times, err := e.compare(
		candidate{"message", n, func(n int) error {
			for range n {
				sink += dev.MaxThreadgroupMemoryLength()
			}
			return nil
		}},
		candidate{"interface call", n, func(n int) error {
			for range n {
				sink += asInterface.get()
			}
			return nil
		}},
	)
	if err != nil {
		return err
	}
	e.ratio("message/interface", times[0], times[1])
	return nil
}

var sink uint

type getter interface{ get() uint }

type field struct{ v uint }

//go:noinline
func (f *field) get() uint { return f.v }
