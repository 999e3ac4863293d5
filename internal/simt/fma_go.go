//go:build !amd64 && !arm64

package simt

func fmaVV(d, a, b, c []eight) { fmaVVgo(d, a, b, c) }

func fmaVS(d, a []eight, b float32, c []eight) { fmaVSgo(d, a, b, c) }
