package amd64

// The instructions, by the name of their VEX form where they have one.
var (
	VMOVUPS      = Vec{Name: "vmovups", PP: 0, Map: 1, Op: 0x10, Form: RM, Elem: 4}
	VMOVUPSs     = Vec{Name: "vmovups", PP: 0, Map: 1, Op: 0x11, Form: MR, Elem: 4}
	VMOVNTPS     = Vec{Name: "vmovntps", PP: 0, Map: 1, Op: 0x2b, Form: MR, Elem: 4}
	VMOVDQU64    = Vec{Name: "vmovdqu64", PP: 2, Map: 1, Op: 0x6f, EW: 1, Form: RM, Elem: 8, Encs: OnlyEVEX}
	VMOVDQU64s   = Vec{Name: "vmovdqu64", PP: 2, Map: 1, Op: 0x7f, EW: 1, Form: MR, Elem: 8, Encs: OnlyEVEX}
	VMOVDQU8s    = Vec{Name: "vmovdqu8", PP: 3, Map: 1, Op: 0x7f, Form: MR, Elem: 1, Encs: OnlyEVEX}
	VMOVAPS      = Vec{Name: "vmovaps", PP: 0, Map: 1, Op: 0x28, Form: RM, Elem: 4}
	VMOVD        = Vec{Name: "vmovd", PP: 1, Map: 1, Op: 0x6e, Form: RM, Tuple: Scalar, Elem: 4}
	VMOVDs       = Vec{Name: "vmovd", PP: 1, Map: 1, Op: 0x7e, Form: MR, Tuple: Scalar, Elem: 4}
	VMOVQ        = Vec{Name: "vmovq", PP: 1, Map: 1, Op: 0x6e, W: 1, EW: 1, Form: RM, Tuple: Scalar, Elem: 8}
	VMOVQs       = Vec{Name: "vmovq", PP: 1, Map: 1, Op: 0x7e, W: 1, EW: 1, Form: MR, Tuple: Scalar, Elem: 8}
	VPBROADCASTB = Vec{Name: "vpbroadcastb", PP: 1, Map: 2, Op: 0x78, Form: RM, Tuple: Scalar, Elem: 1}
	VPBROADCASTW = Vec{Name: "vpbroadcastw", PP: 1, Map: 2, Op: 0x79, Form: RM, Tuple: Scalar, Elem: 2}
	VPBROADCASTD = Vec{Name: "vpbroadcastd", PP: 1, Map: 2, Op: 0x58, Form: RM, Tuple: Scalar, Elem: 4}
	VPBROADCASTQ = Vec{Name: "vpbroadcastq", PP: 1, Map: 2, Op: 0x59, EW: 1, Form: RM, Tuple: Scalar, Elem: 8}
	VBROADCASTDG = Vec{Name: "vpbroadcastd", PP: 1, Map: 2, Op: 0x7c, Form: RM, Elem: 4, Encs: OnlyEVEX} // of a general register
	VBROADCASTQG = Vec{Name: "vpbroadcastq", PP: 1, Map: 2, Op: 0x7c, EW: 1, Form: RM, Elem: 8, Encs: OnlyEVEX}

	VADDPS   = Vec{Name: "vaddps", Map: 1, Op: 0x58, Elem: 4}
	VMULPS   = Vec{Name: "vmulps", Map: 1, Op: 0x59, Elem: 4}
	VSUBPS   = Vec{Name: "vsubps", Map: 1, Op: 0x5c, Elem: 4}
	VMINPS   = Vec{Name: "vminps", Map: 1, Op: 0x5d, Elem: 4}
	VDIVPS   = Vec{Name: "vdivps", Map: 1, Op: 0x5e, Elem: 4}
	VMAXPS   = Vec{Name: "vmaxps", Map: 1, Op: 0x5f, Elem: 4}
	VSQRTPS  = Vec{Name: "vsqrtps", Map: 1, Op: 0x51, Form: RM, Elem: 4}
	VADDSS   = Vec{Name: "vaddss", PP: 2, Map: 1, Op: 0x58, Tuple: Scalar, Elem: 4}
	VSUBSS   = Vec{Name: "vsubss", PP: 2, Map: 1, Op: 0x5c, Tuple: Scalar, Elem: 4}
	VMULSS   = Vec{Name: "vmulss", PP: 2, Map: 1, Op: 0x59, Tuple: Scalar, Elem: 4}
	VMOVSS   = Vec{Name: "vmovss", PP: 2, Map: 1, Op: 0x10, Form: RM, Tuple: Scalar, Elem: 4} // from memory
	VADDPD   = Vec{Name: "vaddpd", PP: 1, Map: 1, Op: 0x58, EW: 1, Elem: 8}
	VROUNDPD = Vec{Name: "vroundpd", EName: "vrndscalepd", PP: 1, Map: 3, Op: 0x09, EW: 1, Form: RM, Elem: 8, Imm: true}
	VMULPD   = Vec{Name: "vmulpd", PP: 1, Map: 1, Op: 0x59, EW: 1, Elem: 8}
	VDIVPD   = Vec{Name: "vdivpd", PP: 1, Map: 1, Op: 0x5e, W: 0, EW: 1, Elem: 8}

	VFMADD132PS = Vec{Name: "vfmadd132ps", PP: 1, Map: 2, Op: 0x98, Elem: 4}
	VFMADD213PS = Vec{Name: "vfmadd213ps", PP: 1, Map: 2, Op: 0xa8, Elem: 4}
	VFMADD231PS = Vec{Name: "vfmadd231ps", PP: 1, Map: 2, Op: 0xb8, Elem: 4}
	VROUNDPS    = Vec{Name: "vroundps", EName: "vrndscaleps", PP: 1, Map: 3, Op: 0x08, Form: RM, Elem: 4, Imm: true}
	VRANGEPS    = Vec{Name: "vrangeps", PP: 1, Map: 3, Op: 0x50, Elem: 4, Imm: true, Encs: OnlyEVEX}
	VCMPPS      = Vec{Name: "vcmpps", Map: 1, Op: 0xc2, Elem: 4, Imm: true} // EVEX: to a mask

	VCVTDQ2PS   = Vec{Name: "vcvtdq2ps", Map: 1, Op: 0x5b, Form: RM, Elem: 4}
	VCVTTPS2DQ  = Vec{Name: "vcvttps2dq", PP: 2, Map: 1, Op: 0x5b, Form: RM, Elem: 4}
	VCVTUDQ2PS  = Vec{Name: "vcvtudq2ps", PP: 3, Map: 1, Op: 0x7a, Form: RM, Elem: 4, Encs: OnlyEVEX}
	VCVTTPS2UDQ = Vec{Name: "vcvttps2udq", Map: 1, Op: 0x78, Form: RM, Elem: 4, Encs: OnlyEVEX}
	VCVTPH2PS   = Vec{Name: "vcvtph2ps", PP: 1, Map: 2, Op: 0x13, Form: RM, Tuple: Half, Elem: 2}
	VCVTPS2PH   = Vec{Name: "vcvtps2ph", PP: 1, Map: 3, Op: 0x1d, Form: MR, Tuple: Half, Elem: 2, Imm: true}
	VCVTDQ2PD   = Vec{Name: "vcvtdq2pd", PP: 2, Map: 1, Op: 0xe6, Form: RM, Tuple: Half, Elem: 4}
	VCVTUDQ2PD  = Vec{Name: "vcvtudq2pd", PP: 2, Map: 1, Op: 0x7a, Form: RM, Tuple: Half, Elem: 4, Encs: OnlyEVEX}
	VCVTTPD2DQ  = Vec{Name: "vcvttpd2dq", PP: 1, Map: 1, Op: 0xe6, EW: 1, Form: RM, Elem: 8}
	VCVTTPD2UDQ = Vec{Name: "vcvttpd2udq", Map: 1, Op: 0x78, EW: 1, Form: RM, Elem: 8, Encs: OnlyEVEX}

	VPADDD   = Vec{Name: "vpaddd", PP: 1, Map: 1, Op: 0xfe, Elem: 4}
	VPADDQ   = Vec{Name: "vpaddq", PP: 1, Map: 1, Op: 0xd4, EW: 1, Elem: 8}
	VPSUBD   = Vec{Name: "vpsubd", PP: 1, Map: 1, Op: 0xfa, Elem: 4}
	VPSUBQ   = Vec{Name: "vpsubq", PP: 1, Map: 1, Op: 0xfb, EW: 1, Elem: 8}
	VPMULLD  = Vec{Name: "vpmulld", PP: 1, Map: 2, Op: 0x40, Elem: 4}
	VPMULLQ  = Vec{Name: "vpmullq", PP: 1, Map: 2, Op: 0x40, EW: 1, Elem: 8, Encs: OnlyEVEX}
	VPMULUDQ = Vec{Name: "vpmuludq", PP: 1, Map: 1, Op: 0xf4, EW: 1, Elem: 8}
	VPMULDQ  = Vec{Name: "vpmuldq", PP: 1, Map: 2, Op: 0x28, EW: 1, Elem: 8}
	VPAND    = Vec{Name: "vpand", EName: "vpandd", PP: 1, Map: 1, Op: 0xdb, Elem: 4}
	VPANDN   = Vec{Name: "vpandn", EName: "vpandnd", PP: 1, Map: 1, Op: 0xdf, Elem: 4}
	VPOR     = Vec{Name: "vpor", EName: "vpord", PP: 1, Map: 1, Op: 0xeb, Elem: 4}
	VPXOR    = Vec{Name: "vpxor", EName: "vpxord", PP: 1, Map: 1, Op: 0xef, Elem: 4}
	VPMINUD  = Vec{Name: "vpminud", PP: 1, Map: 2, Op: 0x3b, Elem: 4}
	VPMAXUD  = Vec{Name: "vpmaxud", PP: 1, Map: 2, Op: 0x3f, Elem: 4}
	VPMINSD  = Vec{Name: "vpminsd", PP: 1, Map: 2, Op: 0x39, Elem: 4}
	VPMAXSD  = Vec{Name: "vpmaxsd", PP: 1, Map: 2, Op: 0x3d, Elem: 4}
	VPMINUQ  = Vec{Name: "vpminuq", PP: 1, Map: 2, Op: 0x3b, EW: 1, Elem: 8, Encs: OnlyEVEX}
	VPMAXUQ  = Vec{Name: "vpmaxuq", PP: 1, Map: 2, Op: 0x3f, EW: 1, Elem: 8, Encs: OnlyEVEX}
	VPMINSQ  = Vec{Name: "vpminsq", PP: 1, Map: 2, Op: 0x39, EW: 1, Elem: 8, Encs: OnlyEVEX}
	VPMAXSQ  = Vec{Name: "vpmaxsq", PP: 1, Map: 2, Op: 0x3d, EW: 1, Elem: 8, Encs: OnlyEVEX}
	VPSLLVD  = Vec{Name: "vpsllvd", PP: 1, Map: 2, Op: 0x47, Elem: 4}
	VPSRLVD  = Vec{Name: "vpsrlvd", PP: 1, Map: 2, Op: 0x45, Elem: 4}
	VPSRAVD  = Vec{Name: "vpsravd", PP: 1, Map: 2, Op: 0x46, Elem: 4}
	VPSLLVQ  = Vec{Name: "vpsllvq", PP: 1, Map: 2, Op: 0x47, W: 1, EW: 1, Elem: 8}
	VPSRLVQ  = Vec{Name: "vpsrlvq", PP: 1, Map: 2, Op: 0x45, W: 1, EW: 1, Elem: 8}
	VPSRAVQ  = Vec{Name: "vpsravq", PP: 1, Map: 2, Op: 0x46, EW: 1, Elem: 8, Encs: OnlyEVEX}
	VPSLLDI  = Vec{Name: "vpslld", PP: 1, Map: 1, Op: 0x72, Ext: 6, Form: VMI, Elem: 4}
	VPSRLDI  = Vec{Name: "vpsrld", PP: 1, Map: 1, Op: 0x72, Ext: 2, Form: VMI, Elem: 4}
	VPSRADI  = Vec{Name: "vpsrad", PP: 1, Map: 1, Op: 0x72, Ext: 4, Form: VMI, Elem: 4}
	VPSLLQI  = Vec{Name: "vpsllq", PP: 1, Map: 1, Op: 0x73, EW: 1, Ext: 6, Form: VMI, Elem: 8}
	VPSRLQI  = Vec{Name: "vpsrlq", PP: 1, Map: 1, Op: 0x73, EW: 1, Ext: 2, Form: VMI, Elem: 8}

	VPCMPEQD  = Vec{Name: "vpcmpeqd", PP: 1, Map: 1, Op: 0x76, Encs: OnlyVEX}
	VPCMPGTD  = Vec{Name: "vpcmpgtd", PP: 1, Map: 1, Op: 0x66, Encs: OnlyVEX}
	VPCMPEQQ  = Vec{Name: "vpcmpeqq", PP: 1, Map: 2, Op: 0x29, Encs: OnlyVEX}
	VPCMPGTQ  = Vec{Name: "vpcmpgtq", PP: 1, Map: 2, Op: 0x37, Encs: OnlyVEX}
	VPCMPD    = Vec{Name: "vpcmpd", PP: 1, Map: 3, Op: 0x1f, Elem: 4, Imm: true, Encs: OnlyEVEX}
	VPCMPUD   = Vec{Name: "vpcmpud", PP: 1, Map: 3, Op: 0x1e, Elem: 4, Imm: true, Encs: OnlyEVEX}
	VPCMPQ    = Vec{Name: "vpcmpq", PP: 1, Map: 3, Op: 0x1f, EW: 1, Elem: 8, Imm: true, Encs: OnlyEVEX}
	VPCMPUQ   = Vec{Name: "vpcmpuq", PP: 1, Map: 3, Op: 0x1e, EW: 1, Elem: 8, Imm: true, Encs: OnlyEVEX}
	VPTESTMD  = Vec{Name: "vptestmd", PP: 1, Map: 2, Op: 0x27, Elem: 4, Encs: OnlyEVEX}
	VPTEST    = Vec{Name: "vptest", PP: 1, Map: 2, Op: 0x17, Form: RM, Encs: OnlyVEX}
	VMOVMSKPS = Vec{Name: "vmovmskps", Map: 1, Op: 0x50, Form: RM, Encs: OnlyVEX}

	VBLENDVPS   = Vec{Name: "vblendvps", PP: 1, Map: 3, Op: 0x4a, Form: RVMR, Encs: OnlyVEX}
	VBLENDPS    = Vec{Name: "vblendps", PP: 1, Map: 3, Op: 0x0c, Imm: true, Encs: OnlyVEX}
	VBLENDMPS   = Vec{Name: "vblendmps", PP: 1, Map: 2, Op: 0x65, Elem: 4, Encs: OnlyEVEX}
	VBLENDMPD   = Vec{Name: "vblendmpd", PP: 1, Map: 2, Op: 0x65, EW: 1, Elem: 8, Encs: OnlyEVEX}
	VMASKMOVPS  = Vec{Name: "vmaskmovps", PP: 1, Map: 2, Op: 0x2c, Encs: OnlyVEX}
	VMASKMOVPSs = Vec{Name: "vmaskmovps", PP: 1, Map: 2, Op: 0x2e, Encs: OnlyVEX}

	VPMOVZXBD = Vec{Name: "vpmovzxbd", PP: 1, Map: 2, Op: 0x31, Form: RM, Tuple: Quarter, Elem: 1}
	VPMOVZXWD = Vec{Name: "vpmovzxwd", PP: 1, Map: 2, Op: 0x33, Form: RM, Tuple: Half, Elem: 2}
	VPMOVZXDQ = Vec{Name: "vpmovzxdq", PP: 1, Map: 2, Op: 0x35, Form: RM, Tuple: Half, Elem: 4}
	VPMOVSXDQ = Vec{Name: "vpmovsxdq", PP: 1, Map: 2, Op: 0x25, Form: RM, Tuple: Half, Elem: 4}
	VPMOVDB   = Vec{Name: "vpmovdb", PP: 2, Map: 2, Op: 0x31, Form: MR, Tuple: Quarter, Elem: 1, Encs: OnlyEVEX}
	VPMOVDW   = Vec{Name: "vpmovdw", PP: 2, Map: 2, Op: 0x33, Form: MR, Tuple: Half, Elem: 2, Encs: OnlyEVEX}
	VPMOVQD   = Vec{Name: "vpmovqd", PP: 2, Map: 2, Op: 0x35, Form: MR, Tuple: Half, Elem: 4, Encs: OnlyEVEX}
	VPMOVUSQD = Vec{Name: "vpmovusqd", PP: 2, Map: 2, Op: 0x15, Form: MR, Tuple: Half, Elem: 4, Encs: OnlyEVEX}
	VPACKUSDW = Vec{Name: "vpackusdw", PP: 1, Map: 2, Op: 0x2b, Elem: 4}
	VPACKUSWB = Vec{Name: "vpackuswb", PP: 1, Map: 1, Op: 0x67, Elem: 1}
	VPACKSSDW = Vec{Name: "vpackssdw", PP: 1, Map: 1, Op: 0x6b, Elem: 4}

	VPSHUFB      = Vec{Name: "vpshufb", PP: 1, Map: 2, Op: 0x00, Elem: 1}
	VPERMD       = Vec{Name: "vpermd", PP: 1, Map: 2, Op: 0x36, Elem: 4}
	VPERMW       = Vec{Name: "vpermw", PP: 1, Map: 2, Op: 0x8d, EW: 1, Elem: 2, Encs: OnlyEVEX}
	VALIGND      = Vec{Name: "valignd", PP: 1, Map: 3, Op: 0x03, Elem: 4, Imm: true, Encs: OnlyEVEX}
	VPALIGNR     = Vec{Name: "vpalignr", PP: 1, Map: 3, Op: 0x0f, Imm: true, Encs: OnlyVEX}
	VPERM2I128   = Vec{Name: "vperm2i128", PP: 1, Map: 3, Op: 0x46, Imm: true, Encs: OnlyVEX}
	VPERMI2D     = Vec{Name: "vpermi2d", PP: 1, Map: 2, Op: 0x76, Elem: 4, Encs: OnlyEVEX}
	VPERMT2D     = Vec{Name: "vpermt2d", PP: 1, Map: 2, Op: 0x7e, Elem: 4, Encs: OnlyEVEX}
	VPERMQI      = Vec{Name: "vpermq", PP: 1, Map: 3, Op: 0x00, W: 1, EW: 1, Form: RM, Elem: 8, Imm: true}
	VUNPCKLPS    = Vec{Name: "vunpcklps", Map: 1, Op: 0x14, Elem: 4}
	VUNPCKHPS    = Vec{Name: "vunpckhps", Map: 1, Op: 0x15, Elem: 4}
	VUNPCKLPD    = Vec{Name: "vunpcklpd", PP: 1, Map: 1, Op: 0x14, EW: 1, Elem: 8}
	VUNPCKHPD    = Vec{Name: "vunpckhpd", PP: 1, Map: 1, Op: 0x15, EW: 1, Elem: 8}
	VSHUFPS      = Vec{Name: "vshufps", Map: 1, Op: 0xc6, Elem: 4, Imm: true}
	VPSHUFD      = Vec{Name: "vpshufd", PP: 1, Map: 1, Op: 0x70, Form: RM, Elem: 4, Imm: true}
	VEXTRACTI128 = Vec{Name: "vextracti128", EName: "vextracti32x4", PP: 1, Map: 3, Op: 0x39, Form: MR, Tuple: None, Elem: 4, Imm: true}
	VEXTRACTI256 = Vec{Name: "vextracti64x4", PP: 1, Map: 3, Op: 0x3b, EW: 1, Form: MR, Tuple: None, Elem: 8, Imm: true, Encs: OnlyEVEX}
	VINSERTI128  = Vec{Name: "vinserti128", EName: "vinserti32x4", PP: 1, Map: 3, Op: 0x38, Tuple: None, Elem: 4, Imm: true}
	VINSERTI256  = Vec{Name: "vinserti64x4", PP: 1, Map: 3, Op: 0x3a, EW: 1, Tuple: None, Elem: 8, Imm: true, Encs: OnlyEVEX}
	VPCOMPRESSD  = Vec{Name: "vpcompressd", PP: 1, Map: 2, Op: 0x8b, Form: MR, Tuple: Scalar, Elem: 4, Encs: OnlyEVEX}
	VPEXPANDD    = Vec{Name: "vpexpandd", PP: 1, Map: 2, Op: 0x89, Form: RM, Tuple: Scalar, Elem: 4, Encs: OnlyEVEX}
	VPTERNLOGD   = Vec{Name: "vpternlogd", PP: 1, Map: 3, Op: 0x25, Elem: 4, Imm: true, Encs: OnlyEVEX}
	VPLZCNTD     = Vec{Name: "vplzcntd", PP: 1, Map: 2, Op: 0x44, Form: RM, Elem: 4, Encs: OnlyEVEX} // AVX512CD

	// By Gather.
	VPGATHERDD  = Vec{Name: "vpgatherdd", PP: 1, Map: 2, Op: 0x90, Elem: 4}
	VPGATHERDQ  = Vec{Name: "vpgatherdq", PP: 1, Map: 2, Op: 0x90, W: 1, EW: 1, Elem: 8}
	VPSCATTERDQ = Vec{Name: "vpscatterdq", PP: 1, Map: 2, Op: 0xa0, EW: 1, Elem: 8, Encs: OnlyEVEX}
	VPSCATTERDD = Vec{Name: "vpscatterdd", PP: 1, Map: 2, Op: 0xa0, Elem: 4, Encs: OnlyEVEX}

	// Masks: always VEX.
	KMOVW    = Vec{Name: "kmovw", Map: 1, Op: 0x90, Form: RM, Encs: OnlyVEX} // from a mask or memory
	KMOVB    = Vec{Name: "kmovb", PP: 1, Map: 1, Op: 0x90, Form: RM, Encs: OnlyVEX}
	KMOVWs   = Vec{Name: "kmovw", Map: 1, Op: 0x91, Form: MR, Encs: OnlyVEX} // to memory
	KMOVWg   = Vec{Name: "kmovw", Map: 1, Op: 0x92, Form: RM, Encs: OnlyVEX} // from a general register
	KMOVWr   = Vec{Name: "kmovw", Map: 1, Op: 0x93, Form: RM, Encs: OnlyVEX} // to a general register
	KMOVQ    = Vec{Name: "kmovq", Map: 1, Op: 0x90, W: 1, Form: RM, Encs: OnlyVEX}
	KMOVQs   = Vec{Name: "kmovq", Map: 1, Op: 0x91, W: 1, Form: MR, Encs: OnlyVEX}
	KMOVQg   = Vec{Name: "kmovq", PP: 3, Map: 1, Op: 0x92, W: 1, Form: RM, Encs: OnlyVEX} // from a general register
	KANDW    = Vec{Name: "kandw", Map: 1, Op: 0x41, Encs: OnlyVEX}                        // with L256
	KANDNW   = Vec{Name: "kandnw", Map: 1, Op: 0x42, Encs: OnlyVEX}
	KORW     = Vec{Name: "korw", Map: 1, Op: 0x45, Encs: OnlyVEX}
	KXNORW   = Vec{Name: "kxnorw", Map: 1, Op: 0x46, Encs: OnlyVEX}
	KXORW    = Vec{Name: "kxorw", Map: 1, Op: 0x47, Encs: OnlyVEX}
	KNOTW    = Vec{Name: "knotw", Map: 1, Op: 0x44, Form: RM, Encs: OnlyVEX}
	KNOTB    = Vec{Name: "knotb", PP: 1, Map: 1, Op: 0x44, Form: RM, Encs: OnlyVEX}
	KXNORB   = Vec{Name: "kxnorb", PP: 1, Map: 1, Op: 0x46, Encs: OnlyVEX}
	KORTESTW = Vec{Name: "kortestw", Map: 1, Op: 0x98, Form: RM, Encs: OnlyVEX}
	KUNPCKBW = Vec{Name: "kunpckbw", PP: 1, Map: 1, Op: 0x4b, Encs: OnlyVEX}
	KSHIFTRW = Vec{Name: "kshiftrw", PP: 1, Map: 3, Op: 0x30, W: 1, Form: RM, Imm: true, Encs: OnlyVEX}
	KSHIFTLW = Vec{Name: "kshiftlw", PP: 1, Map: 3, Op: 0x32, W: 1, Form: RM, Imm: true, Encs: OnlyVEX}
)
