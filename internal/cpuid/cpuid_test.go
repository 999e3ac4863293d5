package cpuid_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strconv"
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
	field := func(name string) string {
		_, v, _ := strings.Cut(string(text), "\n"+name)
		v, _, _ = strings.Cut(v, "\n")
		return strings.Trim(v, "\t :")
	}
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
		{cpuid.AVX512Half, "Zen 4", flags["avx512f"] && field("vendor_id") == "AuthenticAMD" && field("cpu family") == "25"},
	} {
		if got := cpuid.Get().Has(c.set); got != c.want {
			t.Errorf("%s: %v, the kernel says %v", c.name, got, c.want)
		}
	}
}

func TestCacheAgainstKernel(t *testing.T) {
	sizes, _ := filepath.Glob("/sys/devices/system/cpu/cpu0/cache/index*/size")
	if len(sizes) == 0 || runtime.GOARCH != "amd64" {
		t.Skip("the kernel tells no caches of an amd64 processor here")
	}
	want := int64(0)
	for _, name := range sizes {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		n, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(string(text)), "K"), 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		want = max(want, n<<10)
	}
	if got := cpuid.Cache(); got != want {
		t.Errorf("%d bytes, the kernel says %d", got, want)
	}
}

func TestThreadsAgainstKernel(t *testing.T) {
	text, err := os.ReadFile("/sys/devices/system/cpu/cpu0/topology/thread_siblings_list")
	if err != nil {
		t.Skip("the kernel tells nothing of the first processor's core")
	}
	siblings := len(strings.FieldsFunc(string(text), func(r rune) bool { return r == ',' || r == '-' }))
	if got := cpuid.ThreadsPerCore(); got < 1 || runtime.GOARCH == "amd64" && got < siblings {
		t.Errorf("%d threads a core, the kernel says %d", got, siblings)
	}
}

func TestElsewhereEmpty(t *testing.T) {
	if got := cpuid.Get(); runtime.GOARCH != "amd64" && got != 0 {
		t.Errorf("%#x on %s, want none", got, runtime.GOARCH)
	}
}
