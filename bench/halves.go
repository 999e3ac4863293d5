package main

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"strings"

	"github.com/aruminium-go/aruminium/bench/cc"
	"github.com/aruminium-go/aruminium/bench/chart"
	"github.com/aruminium-go/aruminium/fp16"
)

// halvesC is what a C programmer would write, with the conversion instructions
// for halves and a loop that the compiler vectorises for bfloats.
const halvesC = `
#include <immintrin.h>
#include <stdint.h>
#include <string.h>

// again keeps the compiler from doing once what is to be done many times.
static inline void again(void) { __asm__ volatile("" ::: "memory"); }

void encode(uint16_t *dst, const float *src, long n, long times) {
	for (; times--; again())
		for (long i = 0; i < n; i += 8)
			_mm_storeu_si128((void *)(dst + i), _mm256_cvtps_ph(_mm256_loadu_ps(src + i), 0));
}

void decode(float *dst, const uint16_t *src, long n, long times) {
	for (; times--; again())
		for (long i = 0; i < n; i += 8)
			_mm256_storeu_ps(dst + i, _mm256_cvtph_ps(_mm_loadu_si128((const void *)(src + i))));
}

// What bounds a conversion in the first cache: the stores of a decode and nothing
// else, and the conversions of an encode, in registers.
void stores(float *dst, const void *src, long n, long times) {
	__m256 x = _mm256_loadu_ps(src);
	for (; times--; again())
		for (long i = 0; i < n; i += 8) {
			__asm__ volatile("" : "+x"(x));
			_mm256_storeu_ps(dst + i, x);
		}
}

void conversions(void *dst, const float *src, long n, long times) {
	__m256 x = _mm256_loadu_ps(src);
	__m128i y;
	for (; times--;)
		for (long i = 0; i < n; i += 8)
			__asm__ volatile("vcvtps2ph $0, %1, %0" : "=x"(y) : "x"(x));
}

void bencode(uint16_t *restrict dst, const uint32_t *restrict src, long n, long times) {
	for (; times--; again())
		for (long i = 0; i < n; i++) {
			uint32_t x = src[i], r = (x + 0x7fff + (x >> 16 & 1)) >> 16;
			dst[i] = (x & 0x7fffffff) > 0x7f800000 ? x >> 16 | 0x40 : r;
		}
}

void bdecode(uint32_t *restrict dst, const uint16_t *restrict src, long n, long times) {
	for (; times--; again())
		for (long i = 0; i < n; i++)
			dst[i] = (uint32_t)src[i] << 16;
}
`

// conversion is one of the four conversions of slices.
type conversion struct {
	name, c string
	ours    func(n int)
	peer    func(n, times int)
	bound   string // the C function of what its speed cannot exceed in the first cache
	alone   func(n, times int)
}

// inFirstCache is the largest size, in elements, at which bounds are measured.
const inFirstCache = 4 << 10

// halves compares the conversions of slices, over sizes from the first cache to
// main memory, with a copy of as many bytes as they read and write, and with C.
func halves(e *env) error {
	fmt.Println("\nfp16: conversions of slices, against a copy of the same number of bytes")
	const most = 16 << 20
	floats := make([]float32, most)
	half, bfloat := make([]fp16.Float16, most), make([]fp16.BFloat16, most)
	for i := range floats {
		floats[i] = float32(i%4000)*0.37 - 700
	}
	fp16.Encode(half, floats)
	fp16.Encode(bfloat, floats)
	from, to := bytes.Repeat([]byte{1, 2, 3}, most), make([]byte, 3*most)

	conversions := []conversion{
		{name: "encode", c: "encode", bound: "conversions", ours: func(n int) { fp16.Encode(half[:n], floats[:n]) }},
		{name: "decode", c: "decode", bound: "stores", ours: func(n int) { fp16.Decode(floats[:n], half[:n]) }},
		{name: "bfloat-encode", c: "bencode", ours: func(n int) { fp16.Encode(bfloat[:n], floats[:n]) }},
		{name: "bfloat-decode", c: "bdecode", bound: "stores", ours: func(n int) { fp16.Decode(floats[:n], bfloat[:n]) }},
	}
	if err := loadPeers(conversions, cc.Address(floats), cc.Address(half), cc.Address(bfloat)); err != nil {
		if !errors.Is(err, cc.ErrNoCompiler) {
			return err
		}
		fmt.Println("  without C:", err)
	}

	plot := chart.Lines{
		Title:  "fp16: conversions of slices beside a memory copy",
		XLabel: "elements", YLabel: "GB/s read and written",
		Series: make([]chart.Series, 1+len(conversions)),
	}
	plot.Series[0].Name = "copy"
	toCopy, toC := make([]float64, len(conversions)), make([]float64, len(conversions))
	sizes := 0
	for n := 1 << 10; n <= most; n *= 4 {
		times := max(1, 4<<20/n)
		fmt.Printf(" %d elements, %d KB read and written\n", n, n*6>>10)
		cs := []candidate{{"copy", times, func(times int) error {
			for range times {
				copy(to[:3*n], from[:3*n])
			}
			return nil
		}}}
		for _, c := range conversions {
			cs = append(cs, candidate{c.name, times, func(times int) error {
				for range times {
					c.ours(n)
				}
				return nil
			}})
			if c.peer != nil {
				cs = append(cs, candidate{c.name + ", C", times, func(times int) error {
					c.peer(n, times)
					return nil
				}})
			}
			if c.alone != nil && n <= inFirstCache {
				cs = append(cs, candidate{"the " + c.bound + " of " + c.name + " alone", times, func(times int) error {
					c.alone(n, times)
					return nil
				}})
			}
		}
		ns, err := e.compare(cs...)
		if err != nil {
			return err
		}
		bandwidth := func(ns float64) float64 { return float64(6*n) / ns }
		plot.X = append(plot.X, sizeName(n))
		plot.Series[0].Y = append(plot.Series[0].Y, bandwidth(ns[0]))
		at := 1
		for k, c := range conversions {
			plot.Series[k+1].Name = c.name
			plot.Series[k+1].Y = append(plot.Series[k+1].Y, bandwidth(ns[at]))
			e.ratio(fmt.Sprintf("fp16-%s-%s/copy", c.name, sizeName(n)), ns[0], ns[at])
			ours := ns[at]
			toCopy[k] += math.Log(ns[0] / ours)
			if at++; c.peer != nil {
				toC[k] += math.Log(ns[at] / ns[at-1])
				at++
			}
			if c.alone != nil && n <= inFirstCache {
				e.ratio(fmt.Sprintf("fp16-%s-%s/%s-alone", c.name, sizeName(n), c.bound), ns[at], ours)
				at++
			}
		}
		sizes++
	}
	for k, c := range conversions {
		fmt.Printf(" %s, speed as a multiple of the copy's and of C's, geometric means over all sizes\n", c.name)
		e.ratio("fp16-"+c.name+"/copy", math.Exp(toCopy[k]/float64(sizes)), 1)
		if c.peer != nil {
			e.ratio("fp16-"+c.name+"/C", math.Exp(toC[k]/float64(sizes)), 1)
		}
	}
	return e.save("fp16.svg", &plot)
}

// loadPeers compiles the C forms and has the conversions call them. The slices whose
// addresses C gets are live for as long as it runs, and the Go heap does not move.
func loadPeers(conversions []conversion, floats, half, bfloat uintptr) error {
	lib, err := cc.Load(halvesC, "-O3", "-march=native")
	if err != nil {
		return err
	}
	for i := range conversions {
		c := &conversions[i]
		f, err := lib.Func(c.c)
		if err != nil {
			return err
		}
		short := half
		if strings.HasPrefix(c.c, "b") {
			short = bfloat
		}
		dst, src := short, floats
		if strings.HasSuffix(c.c, "decode") {
			dst, src = floats, short
		}
		c.peer = func(n, times int) { f(dst, src, uintptr(n), uintptr(times)) }
		if c.bound == "" {
			continue
		}
		alone, err := lib.Func(c.bound)
		if err != nil {
			return err
		}
		c.alone = func(n, times int) { alone(dst, src, uintptr(n), uintptr(times)) }
	}
	return nil
}

func sizeName(n int) string {
	if n >= 1<<20 {
		return fmt.Sprintf("%dM", n>>20)
	}
	return fmt.Sprintf("%dK", n>>10)
}

// save writes a chart into the directory of -charts, if one was given.
func (e *env) save(name string, c *chart.Lines) error {
	if e.charts == "" {
		return nil
	}
	return chart.Save(filepath.Join(e.charts, name), c)
}
