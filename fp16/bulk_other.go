//go:build !amd64 && !arm64

package fp16

func encode16(dst []Float16, src []float32) { encode16Portable(dst, src) }
func decode16(dst []float32, src []Float16) { decode16Portable(dst, src) }
func encodeB(dst []BFloat16, src []float32) { encodeBPortable(dst, src) }
func decodeB(dst []float32, src []BFloat16) { decodeBPortable(dst, src) }
