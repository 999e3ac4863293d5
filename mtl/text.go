package mtl

import (
	"strconv"
	"strings"
)

// unknownInt and unknownUint are the texts of a value that no case of an enum has.
func unknownInt(enum string, x int64) string {
	return enum + "(" + strconv.FormatInt(x, 10) + ")"
}

func unknownUint(enum string, x uint64) string {
	return enum + "(" + strconv.FormatUint(x, 10) + ")"
}

// A flag is one case of an options type. It may have several bits.
type flag struct {
	bits uint64
	name string
}

// flagText joins the names of the flags that x holds, in rising order. Bits that no flag
// has are written as a number. The flags stand in falling order.
func flagText(x uint64, zero string, flags []flag) string {
	if x == 0 {
		return zero
	}
	var names []string
	for _, f := range flags {
		if x&f.bits == f.bits {
			names = append(names, f.name)
			x &^= f.bits
		}
	}
	for i, j := 0, len(names)-1; i < j; i, j = i+1, j-1 {
		names[i], names[j] = names[j], names[i]
	}
	if x != 0 {
		names = append(names, "0x"+strconv.FormatUint(x, 16))
	}
	return strings.Join(names, "|")
}
