// Package check gives a syntax tree its meaning: it resolves names, finds the
// type of each expression, chooses overloads, instantiates templates, computes
// constants, and reports what is wrong in the words and at the places clang
// and Metal would. Its result is the typed tree of package sem.
//
// A function is checked at its definition, in the scope it is written in; a
// template is checked for each set of arguments it is used with, from its
// syntax. So no type in the checker depends on anything unknown. An expression
// in which there was an error has the invalid type, and what is built from it
// is not reported again.
package check
