package cpuid

// cpuid executes CPUID for a leaf and a subleaf.
func cpuid(leaf, subleaf uint32) (eax, ebx, ecx, edx uint32)

// xgetbv reads XCR0, which says whose registers the operating system saves.
func xgetbv() uint32

func detect() Set {
	highest, v1, v3, v2 := cpuid(0, 0)
	if highest < 7 {
		return 0
	}
	a1, _, c1, _ := cpuid(1, 0)
	_, b7, _, _ := cpuid(7, 0)
	bit := func(word uint32, n int) bool { return word>>n&1 != 0 }

	var s Set
	if bit(c1, 23) {
		s |= POPCNT
	}
	if bit(b7, 3) {
		s |= BMI1
	}
	if bit(b7, 8) {
		s |= BMI2
	}
	if extended, _, _, _ := cpuid(0x80000000, 0); extended >= 0x80000001 {
		if _, _, c, _ := cpuid(0x80000001, 0); bit(c, 5) {
			s |= LZCNT
		}
	}
	// Without OSXSAVE there is no XGETBV. XCR0: 1 SSE, 2 AVX, 5–7 AVX-512.
	if !bit(c1, 27) || xgetbv()&0x6 != 0x6 || !bit(c1, 28) {
		return s
	}
	s |= AVX
	if bit(b7, 5) {
		s |= AVX2
	}
	if bit(c1, 12) {
		s |= FMA
	}
	if bit(c1, 29) {
		s |= F16C
	}
	const avx512 = 1<<16 | 1<<17 | 1<<28 | 1<<30 | 1<<31 // F, DQ, CD, BW, VL
	if b7&avx512 == avx512 && xgetbv()&0xe6 == 0xe6 {
		s |= AVX512
		const auth, enti, cAMD = 0x68747541, 0x69746e65, 0x444d4163 // "AuthenticAMD"
		const zen34 = 0xf + 0xa                                     // the family; Zen 3 has no AVX-512
		if v1 == auth && v2 == enti && v3 == cAMD && a1>>8&0xf+a1>>20&0xff == zen34 {
			s |= AVX512Half
		}
		if highest, _, _, _ := cpuid(7, 0); highest >= 1 {
			if a, _, _, _ := cpuid(7, 1); bit(a, 5) {
				s |= AVX512BF16
			}
		}
	}
	return s
}

// cacheSize looks at the caches one after the other: Intel's processors describe
// them by leaf 4, AMD's by another in the same form.
func cacheSize() (most int64) {
	highest, _, _, _ := cpuid(0, 0)
	leaf := uint32(4)
	if extended, _, _, _ := cpuid(0x80000000, 0); extended >= 0x8000001d {
		if _, _, c, _ := cpuid(0x80000001, 0); c>>22&1 != 0 { // TOPOEXT
			leaf = 0x8000001d
		}
	}
	if leaf == 4 && highest < 4 {
		return 0
	}
	for i := range uint32(16) {
		a, b, c, _ := cpuid(leaf, i)
		if a&31 == 0 { // no more
			break
		}
		line, partitions, ways, sets := b&0xfff+1, b>>12&0x3ff+1, b>>22+1, c+1
		most = max(most, int64(line)*int64(partitions)*int64(ways)*int64(sets))
	}
	return most
}

// threadsPerCore asks for the topology's innermost level.
func threadsPerCore() int {
	if highest, _, _, _ := cpuid(0, 0); highest < 0xb {
		return 1
	}
	const smt = 1
	_, b, c, _ := cpuid(0xb, 0)
	if c>>8&0xff != smt {
		return 1
	}
	return max(1, int(b&0xffff))
}
