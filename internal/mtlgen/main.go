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
	a.List(os.Stdout)
}
