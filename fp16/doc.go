// Package fp16 has the two 16-bit floating-point formats that GPUs compute
// with: [Float16], IEEE 754 binary16, which MSL calls half; and [BFloat16],
// the upper half of a float32, which MSL calls bfloat.
//
// A float32 becomes a half by rounding to nearest, ties to even, in one step.
// Subnormal results are kept, never flushed to zero; what is too large becomes
// an infinity. Every half converts to float32 exactly. A NaN stays a NaN with
// its sign and the upper bits of its payload, and becomes quiet: these are the
// bits that the conversion instructions of amd64 and arm64 give.
//
// [Encode] and [Decode] convert slices; they allocate nothing and give the
// same bits as the single conversions, whatever instructions they use: AVX-512
// or AVX2 with F16C on amd64, as the processor has them, NEON on arm64, plain
// Go elsewhere. The zero value of both types is +0.
package fp16
