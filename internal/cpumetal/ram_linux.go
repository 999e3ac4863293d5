package cpumetal

import (
	"bytes"
	"os"
	"strconv"
	"syscall"
)

// physicalMemory returns the bytes of RAM this process may use: the machine's,
// or its control group's limit if that is less. 0 is unknown.
func physicalMemory() uint64 {
	var info syscall.Sysinfo_t
	if syscall.Sysinfo(&info) != nil {
		return 0
	}
	ram := uint64(info.Totalram) * uint64(info.Unit)
	for _, file := range []string{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"} {
		text, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		if limit, err := strconv.ParseUint(string(bytes.TrimSpace(text)), 10, 64); err == nil && limit > 0 {
			ram = min(ram, limit)
		}
	}
	return ram
}

// uptime returns the seconds since boot, 0 if the system does not tell.
func uptime() float64 {
	text, err := os.ReadFile("/proc/uptime")
	if err != nil {
		return 0
	}
	first, _, _ := bytes.Cut(text, []byte(" "))
	seconds, err := strconv.ParseFloat(string(first), 64)
	if err != nil {
		return 0
	}
	return seconds
}
