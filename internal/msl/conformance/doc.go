// Package conformance holds the tests that ask whether the whole compiler, with
// the engine, means by a source what the MSL specification says. Its kernels are
// source texts; what they leave is compared with oracles that know nothing of
// the compiler (exact integers, math/big, float64), and every tier of the engine
// with the others, bit by bit.
//
//	library_test.go   every overload of every library function over edge values
//	group_test.go     those of SIMD groups and quads, by all and by some threads
//	atomic_test.go    those of atomics, in device and threadgroup memory
//	operator_test.go  operators and conversions of all scalars and vectors
//	torture_test.go   random kernels with barriers, SIMD groups and divergence, which
//	                  generate_test.go writes
//	fuzz_test.go      texts changed at random, compiled and run
//	accuracy_test.go  the error of the mathematical functions: docs/accuracy.md
package conformance
