package cpumetal

// Handler is a function to be called once with two words of its own: a block
// and what it is to be called with, without a closure for each.
type Handler struct {
	Func func(a, b uintptr)
	A, B uintptr
}

func (h Handler) call() { h.Func(h.A, h.B) }
