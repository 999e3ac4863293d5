package cpuid_test

import (
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/aruminium-go/aruminium/internal/cpuid"
)

// TestAgainstKernel compares with what Linux says of the first processor.
func TestAgainstKernel(t *testing.T) {
	text, err := os.ReadFile("/proc/cpuinfo")
	if err != nil || runtime.GOARCH != "amd64" {
		t.Skip("no /proc/cpuinfo of an amd64 processor here")
	}
	_, line, ok := strings.Cut(string(text), "\nflags")
	if !ok {
		t.Skip("/proc/cpuinfo tells no flags")
	}
	line, _, _ = strings.Cut(line, "\n")
	flags := map[string]bool{}
	for _, f := range strings.Fields(line) {
		flags[f] = true
	}
	for _, c := range []struct {
		set  cpuid.Set
		name string
		want bool
	}{
		{cpuid.AVX, "avx", flags["avx"]},
		{cpuid.AVX2, "avx2", flags["avx2"]},
		{cpuid.FMA, "fma", flags["fma"]},
		{cpuid.F16C, "f16c", flags["f16c"]},
		{cpuid.BMI1, "bmi1", flags["bmi1"]},
		{cpuid.BMI2, "bmi2", flags["bmi2"]},
		{cpuid.LZCNT, "lzcnt", flags["abm"]},
		{cpuid.POPCNT, "popcnt", flags["popcnt"]},
		{cpuid.AVX512, "avx512", flags["avx512f"] && flags["avx512bw"] && flags["avx512dq"] && flags["avx512cd"] && flags["avx512vl"]},
		{cpuid.AVX512BF16, "avx512_bf16", flags["avx512_bf16"]},
	} {
		if got := cpuid.Get().Has(c.set); got != c.want {
			t.Errorf("%s: %v, the kernel says %v", c.name, got, c.want)
		}
	}
}

func TestElsewhereEmpty(t *testing.T) {
	if got := cpuid.Get(); runtime.GOARCH != "amd64" && got != 0 {
		t.Errorf("%#x on %s, want none", got, runtime.GOARCH)
	}
}
