// Package lower turns a checked kernel into internal/ir: calls are inlined,
// vectors, matrices and aggregates are split into their scalar parts, and
// function constants are replaced by the values the kernel is specialised for,
// so that what they rule out is never looked at.
//
// A value of any type is the list of its parts (see shape.go). An lvalue is a
// place (place.go): ir.Vars, values that never change, or memory. A local
// variable lies in Vars if no pointer to it is made and no array in it is
// indexed by what is not constant; otherwise in memory of the thread's own
// (facts.go decides). References are bound to places while lowering and cost
// nothing; pointers are pairs of a Ref and an offset.
package lower
