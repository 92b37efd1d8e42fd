package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The public side starts only where nothing of the record is known.
func TestRefusesToStart(t *testing.T) {
	snapshots := t.TempDir()
	data := t.TempDir()
	if err := os.Mkdir(filepath.Join(data, "record"), 0o700); err != nil {
		t.Fatal(err)
	}
	file := t.TempDir()
	if err := os.WriteFile(filepath.Join(file, "record.db"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name        string
		args        []string
		environment []string
		code        int
		says        string
	}{
		{"record's address", []string{"--published", snapshots}, []string{"PATH=/bin", "TRACK15_RECORD_URL=sqlite:x"}, 1, "TRACK15_RECORD_URL"},
		{"keys", []string{"--published", snapshots}, []string{"TRACK15_KEYS="}, 1, "TRACK15_KEYS"},
		{"data", []string{"--published", snapshots}, []string{"TRACK15_DATA=/data"}, 1, "TRACK15_DATA"},
		{"folder of the data", []string{"--published", data}, nil, 1, "holds a record"},
		{"folder of the record", []string{"--published", file}, nil, 1, "holds a record"},
		{"no store", nil, nil, 2, "--published"},
		{"two stores", []string{"--published", snapshots, "--published-url", "postgres://a@b/c"}, nil, 2, "--published"},
		{"flag of the desk", []string{"--published", snapshots, "--record-url", "sqlite:x"}, nil, 2, "--record-url"},
		{"no address", []string{"--published", snapshots, "--public-addr", "127.0.0.1:0", "--base-url", "ftp://x"}, nil, 2, "https://example.org"},
		{"no logo", []string{"--published", snapshots, "--house-logo", "/nowhere.svg"}, nil, 2, "logo"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			cancel() // what starts all the same ends at once
			var out, errs bytes.Buffer
			code := run(ctx, tt.args, tt.environment, &out, &errs)
			if code != tt.code || !strings.Contains(errs.String(), tt.says) {
				t.Errorf("exit code %d, %s", code, errs.String())
			}
		})
	}
}

func TestStartsOnAnEmptyFolderAndStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out, errs bytes.Buffer
	code := run(ctx, []string{"--published", t.TempDir(), "--public-addr", "127.0.0.1:0"}, nil, &out, &errs)
	if code != 0 || !strings.HasPrefix(out.String(), "Public:  http://127.0.0.1:") {
		t.Errorf("exit code %d: %s%s", code, out.String(), errs.String())
	}
}
