package types

import "sync"

// Vectors, matrices and atomics are few and made once for the process. Arrays,
// pointers and references may lead to a program's own structs and are made
// once for each compilation, in its Table.
var shared sync.Map // of a comparable struct value to its Type

func intern[K comparable, T Type](m *sync.Map, key K, t func() T) T {
	if v, ok := m.Load(key); ok {
		return v.(T)
	}
	v, _ := m.LoadOrStore(key, t())
	return v.(T)
}

// Table makes the types of one compilation that are built from other types.
// Its zero value is ready; it is safe for concurrent use.
type Table struct{ m sync.Map }

// VectorOf returns the vector type of n elements, n in 2..4.
func VectorOf(elem *Basic, n int) *Vector {
	k := Vector{elem, n, false}
	return intern(&shared, k, func() *Vector { return &k })
}

// PackedOf returns the packed vector type of n elements.
func PackedOf(elem *Basic, n int) *Vector {
	k := Vector{elem, n, true}
	return intern(&shared, k, func() *Vector { return &k })
}

// MatrixOf returns the matrix type of cols columns and rows rows.
func MatrixOf(elem *Basic, cols, rows int) *Matrix {
	k := Matrix{elem, cols, rows}
	return intern(&shared, k, func() *Matrix { return &k })
}

// ArrayOf returns the C array type of n elements; n is -1 if not known.
func (tab *Table) ArrayOf(elem Type, n int64) *Array {
	k := Array{elem, n, false}
	return intern(&tab.m, k, func() *Array { return &k })
}

// NamedArrayOf returns array<elem, n>.
func (tab *Table) NamedArrayOf(elem Type, n int64) *Array {
	k := Array{elem, n, true}
	return intern(&tab.m, k, func() *Array { return &k })
}

// PointerTo returns a pointer type.
func (tab *Table) PointerTo(elem Type, space Space, isConst, isVolatile bool) *Pointer {
	k := Pointer{elem, space, isConst, isVolatile}
	return intern(&tab.m, k, func() *Pointer { return &k })
}

// ReferenceTo returns a reference type.
func (tab *Table) ReferenceTo(elem Type, space Space, isConst, isVolatile, rvalue bool) *Reference {
	k := Reference{elem, space, isConst, isVolatile, rvalue}
	return intern(&tab.m, k, func() *Reference { return &k })
}

// AtomicOf returns atomic<elem>.
func AtomicOf(elem *Basic) *Atomic {
	k := Atomic{elem}
	return intern(&shared, k, func() *Atomic { return &k })
}
