package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aruminium-go/aruminium/gpu"
)

// parseRequire splits a list of GPU families and checks their names.
func parseRequire(list string) ([]string, error) {
	if list == "" {
		return nil, nil
	}
	known := gpu.FamilyNames()
	var required []string
	for name := range strings.SplitSeq(list, ",") {
		name = strings.TrimSpace(name)
		i := slices.IndexFunc(known, func(k string) bool { return strings.EqualFold(k, name) })
		if i < 0 {
			return nil, fmt.Errorf("%w: -require: %q is no GPU family; the families are %s", errUsage, name, strings.Join(known, ", "))
		}
		required = append(required, known[i])
	}
	return required, nil
}

// unmet returns an error that names what devices lack of required, or nil.
func unmet(devices []device, required []string) error {
	for _, d := range devices {
		var missing []string
		for _, r := range required {
			if !slices.Contains(d.Families, r) {
				missing = append(missing, r)
			}
		}
		if len(missing) > 0 {
			families := "it has no GPU family"
			if len(d.Families) > 0 {
				families = "its families are " + strings.Join(d.Families, ", ")
			}
			return fmt.Errorf("device %d, %s, does not support %s; %s", d.Index, d.label(), strings.Join(missing, ", "), families)
		}
	}
	return nil
}
