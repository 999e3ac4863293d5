// Package stdlib is the Metal standard library as a table: the overloads of
// its functions with their types, its enumerations, the names of its types,
// and its macros (MSL spec, section 6). The checker resolves calls against it,
// lowering gives each overload its meaning.
//
// Nothing is built before it is asked for: the overloads of a function are
// made when its name is first looked up, once for the process.
package stdlib
