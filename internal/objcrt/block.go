package objcrt

// BlockFunc is a block: up to four argument words. Words the caller does not
// pass are 0.
type BlockFunc func(a, b, c, d uintptr)

var blockLazy Lazy

func blockClass() *Class { return blockLazy.Class(defineBlock) }

func defineBlock() ClassDef {
	return ClassDef{
		Name: "__NSBlock",
		// Copying a block keeps it; the copy is the block.
		Methods: []Method{{"copy", "@@:", func(o *Object) uintptr { o.retain(); return uintptr(o.id) }}},
	}
}

// NewBlock makes a block of a Go func. The reference is the caller's; who keeps
// the block retains it.
func NewBlock(f BlockFunc) ID { return blockClass().New(f) }

// CallBlock calls a block. Nil does nothing; an object that is no block
// panics with an [*Exception].
func CallBlock(block ID, a, b, c, d uintptr) {
	if block == 0 {
		return
	}
	o := live(block, "invoke")
	f, ok := o.value.(BlockFunc)
	if !ok {
		panic(noMethod(o, "invoke"))
	}
	f(a, b, c, d)
}
