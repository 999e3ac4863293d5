//go:build !embedded

package msgsend

func isProvided(string) bool { return false }

func (f *Func) provided() func(words ...uintptr) uintptr { return nil }
