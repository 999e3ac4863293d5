package main

import (
	"fmt"
	"os"
)

func main() {
	a, err := Parse("internal/mtlgen/api")
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	t, err := ReadTables(os.Args[1])
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	c := a.Check(t)
	for _, w := range c.Wrong {
		fmt.Println(w)
	}
	fmt.Println(c)
}
