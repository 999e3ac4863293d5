package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/aruminium-go/aruminium/gpu"
)

func mtlinfo(args ...string) (status int, stdout, stderr string) {
	var out, errs strings.Builder
	status = run(args, &out, &errs)
	return status, out.String(), errs.String()
}

// parsed is the JSON as a reader of it sees it.
func parsed(t *testing.T, args ...string) report {
	status, out, errs := mtlinfo(append(args, "-json")...)
	require.Zero(t, status, errs)
	var r report
	require.NoError(t, json.Unmarshal([]byte(out), &r))
	require.Equal(t, "mtlinfo/1", r.Schema)
	require.NotEmpty(t, r.Devices)
	return r
}

func TestList(t *testing.T) {
	status, out, errs := mtlinfo("-l")
	require.Zero(t, status, errs)
	devices := parsed(t).Devices
	lines := strings.Split(strings.TrimSpace(out), "\n")
	require.Len(t, lines, len(devices))
	for i, l := range lines {
		require.True(t, strings.HasPrefix(l, fmt.Sprintf("%d  %s", i, devices[i].Name)), l)
	}
	require.Equal(t, 1, strings.Count(out, "(default)"))
}

func TestTextAndJSONAgree(t *testing.T) {
	for _, d := range parsed(t).Devices {
		_, out, _ := mtlinfo("-v", "-d", fmt.Sprint(d.Index))
		require.Contains(t, out, d.Name)
		require.Contains(t, out, d.RegistryID)
		require.Contains(t, out, "MSL "+d.LanguageVersion)
		require.Contains(t, out, fmt.Sprint(d.Limits.MaxBufferLength))
		for _, f := range d.Families {
			require.Contains(t, out, f)
		}
		if d.CPU {
			require.Contains(t, out, "CPU")
			require.Equal(t, "cpu", d.Backend)
			require.Regexp(t, `Kernels run on +(machine code|interpreter) \(.+\)`, out)
		}
	}
}

func TestPlainIsShort(t *testing.T) {
	status, out, errs := mtlinfo()
	require.Zero(t, status, errs)
	_, long, _ := mtlinfo("-v")
	require.Less(t, strings.Count(out, "\n"), strings.Count(long, "\n"))
	require.Contains(t, out, "mtlinfo -v")
}

func TestSelect(t *testing.T) {
	all := parsed(t)
	name := all.Devices[0].Name
	status, out, errs := mtlinfo("-l", "-d", "0")
	require.Zero(t, status, errs)
	require.Contains(t, out, name)
	if len(all.Devices) == 1 {
		status, out, errs = mtlinfo("-l", "-d", strings.ToUpper(name[:4]))
		require.Zero(t, status, errs)
		require.Contains(t, out, name)
	}
	for _, bad := range []string{"99", "-1", "nosuch device"} {
		status, out, errs := mtlinfo("-d", bad)
		require.Equal(t, 2, status, bad)
		require.Empty(t, out)
		require.Contains(t, errs, name, "what there is must be listed")
	}
}

func TestRequire(t *testing.T) {
	have := parsed(t).Devices[0].Families
	missing := ""
	for _, f := range gpu.FamilyNames() {
		found := false
		for _, h := range have {
			found = found || h == f
		}
		if !found {
			missing = f
		}
	}
	if len(have) > 0 {
		status, _, errs := mtlinfo("-d", "0", "-require", strings.Join(have, ","))
		require.Zero(t, status, errs)
	}
	if missing != "" {
		status, out, errs := mtlinfo("-d", "0", "-require", missing)
		require.Equal(t, 1, status)
		require.NotEmpty(t, out)
		require.Contains(t, errs, missing)
		require.Regexp(t, "famil(y|ies are .+)\n$", errs)
	}
	status, out, errs := mtlinfo("-require", "Pear7")
	require.Equal(t, 2, status)
	require.Empty(t, out)
	require.Contains(t, errs, "Apple7")
}

func TestSelfTest(t *testing.T) {
	status, out, errs := mtlinfo("-selftest")
	require.Zero(t, status, errs)
	require.Contains(t, out, "Self-test")
	for _, d := range parsed(t, "-selftest").Devices {
		require.NotNil(t, d.SelfTest)
		require.True(t, d.SelfTest.OK)
		require.Positive(t, d.SelfTest.RunNS)
	}
}

func TestFailedSelfTest(t *testing.T) {
	r := report{Devices: []device{{Info: gpu.Info{Name: "broken"}, SelfTest: &selfTestResult{Error: "group 0 summed to 1, want 2"}}}}
	err := r.failures()
	require.ErrorContains(t, err, "broken")
	require.ErrorContains(t, err, "group 0")
}

func TestUsage(t *testing.T) {
	status, out, errs := mtlinfo("-version")
	require.Zero(t, status, errs)
	require.True(t, strings.HasPrefix(out, "mtlinfo "))
	for _, args := range [][]string{{"-nosuch"}, {"extra"}} {
		status, out, errs := mtlinfo(args...)
		require.Equal(t, 2, status)
		require.Empty(t, out)
		require.NotEmpty(t, errs)
	}
	status, _, _ = mtlinfo("-h")
	require.Zero(t, status)
}

func TestSizes(t *testing.T) {
	for n, want := range map[int]string{0: "0 bytes", 1023: "1023 bytes", 32768: "32 KiB", 3 << 20: "3.0 MiB", 19069468672: "17.8 GiB"} {
		require.Equal(t, want, bytes(n))
	}
	require.Equal(t, []string{"Apple7", "Mac2"}, highest([]string{"Apple6", "Apple7", "Mac1", "Mac2"}))
}
