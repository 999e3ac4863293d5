package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// A row is one line of a table: values by column name.
type row map[string]string

// Tables are facts about Metal taken from Apple's headers, one tab-separated file each.
type Tables struct {
	methods, owners, enums, structs, functions []row
}

// ReadTables reads the tables of a folder.
func ReadTables(dir string) (*Tables, error) {
	t := &Tables{}
	for _, f := range []struct {
		name string
		rows *[]row
	}{
		{"methods.tsv", &t.methods}, {"owners.tsv", &t.owners}, {"enums.tsv", &t.enums},
		{"structs.tsv", &t.structs}, {"functions.tsv", &t.functions},
	} {
		rows, err := readTSV(filepath.Join(dir, f.name))
		if err != nil {
			return nil, err
		}
		*f.rows = rows
	}
	return t, nil
}

func readTSV(path string) ([]row, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var columns []string
	var rows []row
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		values := strings.Split(lines.Text(), "\t")
		if columns == nil {
			columns = values
			continue
		}
		if len(values) != len(columns) {
			return nil, fmt.Errorf("%s:%d: %d values, the header names %d columns", path, n, len(values), len(columns))
		}
		r := make(row, len(columns))
		for i, c := range columns {
			r[c] = values[i]
		}
		rows = append(rows, r)
	}
	return rows, lines.Err()
}
