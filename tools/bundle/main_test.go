package main

import (
	"bytes"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestBundleGivesTheSameBytesTwice(t *testing.T) {
	root, err := projectRoot()
	if err != nil {
		t.Fatal(err)
	}
	for _, packages := range []bool{false, true} {
		if packages && !has(root, "htmx.org") {
			continue
		}
		first, second := t.TempDir(), t.TempDir()
		stale := filepath.Join(second, "public", "public-old.css")
		if err := write(stale, []byte("a{}")); err != nil {
			t.Fatal(err)
		}
		for _, dist := range []string{first, second} {
			if err := bundle(root, dist, packages); err != nil {
				t.Fatal(err)
			}
		}
		a, b := read(t, first), read(t, second)
		if !maps.EqualFunc(a, b, bytes.Equal) {
			t.Errorf("packages %v: %v and %v differ", packages, slices.Sorted(maps.Keys(a)), slices.Sorted(maps.Keys(b)))
		}
		_, editor := a["staff/editor.js"]
		htmx := bytes.Contains(a["public/public.js"], []byte("historyCacheSize"))
		faces := bytes.Contains(a["public/public.css"], []byte("@font-face"))
		if editor != packages || faces != packages || htmx != packages {
			t.Errorf("packages %v: editor %v, faces %v, htmx %v", packages, editor, faces, htmx)
		}
		for _, word := range []string{"--conf", "--review", "CONFIDENTIAL", "data-cover"} {
			for name, body := range a {
				if strings.HasPrefix(name, "public/") && bytes.Contains(body, []byte(word)) {
					t.Errorf("%s contains %q", name, word)
				}
			}
		}
	}
}

func read(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files[path], err = os.ReadFile(filepath.Join(dir, path))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
