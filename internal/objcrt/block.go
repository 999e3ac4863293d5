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
		Methods: []Method{{"copy", "@@:", func(o *Object) uintptr { o.retain(); return uintptr(o.ID()) }}},
	}
}

// NewBlock makes a block of a Go func. The reference is the caller's; who keeps
// the block retains it.
func NewBlock(f BlockFunc) ID { return blockClass().New(f) }

// FrameBlock is a block of any signature: a func in frame form. The block
// itself is no argument of it.
type FrameBlock struct {
	Encoding    string
	Words       int // argument words, without the block itself
	ResultWords int
	Func        func(block ID, f *Frame)
}

// NewFrameBlock makes a block in frame form. The reference is the caller's.
func NewFrameBlock(b *FrameBlock) ID { return blockClass().New(b) }

// BlockEncoding returns the type encoding that a block was made with, "" for
// one that has none.
func BlockEncoding(block ID) string {
	if b, ok := As[*FrameBlock](block); ok {
		return b.Encoding
	}
	return ""
}

// CallBlock calls a block. Nil does nothing; an object that is no block
// panics with an [*Exception].
func CallBlock(block ID, a, b, c, d uintptr) {
	if block == 0 {
		return
	}
	o := live(block, "invoke")
	switch f := o.value.(type) {
	case BlockFunc:
		f(a, b, c, d)
	case *FrameBlock:
		f.call(o, []uint64{uint64(a), uint64(b), uint64(c), uint64(d)}, nil)
	default:
		panic(noMethod(o, "invoke"))
	}
}

// InvokeBlock calls a block with its argument words and stores the result's
// words in ret, which is zeroed first. Nil leaves it zero.
func InvokeBlock(block ID, args, ret []uint64) {
	clear(ret)
	if block == 0 {
		return
	}
	o := live(block, "invoke")
	switch f := o.value.(type) {
	case BlockFunc:
		var w [4]uintptr
		for i := range min(len(args), len(w)) {
			w[i] = uintptr(args[i])
		}
		f(w[0], w[1], w[2], w[3])
	case *FrameBlock:
		f.call(o, args, ret)
	default:
		panic(noMethod(o, "invoke"))
	}
}

// call runs the func with as many words as the block has.
func (b *FrameBlock) call(o *Object, args, ret []uint64) {
	if len(args) < b.Words {
		args = append(args[:len(args):len(args)], make([]uint64, b.Words-len(args))...)
	}
	if len(ret) < b.ResultWords {
		ret = make([]uint64, b.ResultWords)
	}
	b.Func(o.ID(), &Frame{Args: args[:b.Words], Ret: ret[:b.ResultWords]})
}
