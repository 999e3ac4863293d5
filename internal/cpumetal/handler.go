package cpumetal

// Handler is a function to be called once with a word of its own: a block and
// what it is to be called with, without a closure for each.
type Handler struct {
	Func func(word uintptr)
	Word uintptr
}

func (h Handler) call() { h.Func(h.Word) }
