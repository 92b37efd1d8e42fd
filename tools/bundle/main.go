// Bundle writes assets/dist from assets/css and assets/js: minified, with the
// npm packages of package.json where node_modules holds them. It needs no
// Node. The same sources give the same bytes.
//
// It is run from the project's root: go run -C tools ./bundle
package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

func main() {
	root, err := projectRoot()
	if err == nil {
		packages := has(root, "htmx.org")
		if !packages {
			fmt.Println("bundle: without npm packages: no htmx, no editor, the system's fonts; every task works")
		}
		err = bundle(root, filepath.Join(root, "assets", "dist"), packages)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bundle:", err)
		os.Exit(2)
	}
}

// projectRoot is the folder above the tools' module, wherever the command was
// started from inside it.
func projectRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "assets", "assets.go")); err == nil {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", errors.New("assets/assets.go is not above this folder")
		}
		dir = up
	}
}

// An entry is one file of dist.
type entry struct {
	out    string // below assets/dist
	source string // what esbuild starts from, as text that imports the sources
	kind   api.Loader
	needs  string // npm package without which there is no such file; "" for none
}

// entries lists what dist holds. packages tells whether npm packages are there.
func entries(packages bool) []entry {
	htmx := ""
	if packages {
		htmx = `import "htmx.org/dist/htmx.esm.js";`
	}
	return []entry{
		{out: "public/public.css", source: `@import "./css/public/public.entry.css";`, kind: api.LoaderCSS},
		{out: "staff/staff.css", source: `@import "./css/staff/staff.entry.css";`, kind: api.LoaderCSS},
		{out: "public/public.js", source: `import "./js/public/public.entry.js";` + htmx, kind: api.LoaderJS},
		{out: "staff/staff.js", source: `import "./js/staff/staff.entry.js";` + htmx, kind: api.LoaderJS},
		{out: "staff/live.js", source: `import "./js/staff/live.js";`, kind: api.LoaderJS},
		{out: "staff/editor.js", source: `import "./js/staff/editor.js";`, kind: api.LoaderJS, needs: "@codemirror/view"},
	}
}

// bundle builds every file of dist and then brings the folder up to date. At
// no moment is a file missing that was there and stays.
func bundle(root, dist string, packages bool) error {
	files := map[string][]byte{}
	for _, e := range entries(packages) {
		if e.needs != "" && !(packages && has(root, e.needs)) {
			continue
		}
		if err := build(root, e, packages, files); err != nil {
			return fmt.Errorf("%s: %w", e.out, err)
		}
	}
	for name, body := range files {
		if err := write(filepath.Join(dist, filepath.FromSlash(name)), body); err != nil {
			return err
		}
	}
	return removeOthers(dist, files)
}

// build adds one entry, and the fonts it names, to files by their paths below
// dist.
func build(root string, e entry, packages bool, files map[string][]byte) error {
	result := api.Build(api.BuildOptions{
		Stdin:             &api.StdinOptions{Contents: e.source, ResolveDir: filepath.Join(root, "assets"), Sourcefile: e.out, Loader: e.kind},
		AbsWorkingDir:     root,
		Outfile:           e.out,
		Bundle:            true,
		Charset:           api.CharsetUTF8,
		Format:            format(e.kind),
		LegalComments:     api.LegalCommentsInline,
		LogLevel:          api.LogLevelSilent,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		MinifyWhitespace:  true,
		Target:            api.ES2022,
		Engines: []api.Engine{
			{Name: api.EngineChrome, Version: "131"},
			{Name: api.EngineFirefox, Version: "131"},
			{Name: api.EngineSafari, Version: "18"},
		},
		// htmx writes each page's address, query and all, into the tab's storage
		// when it loads. Without a storage it does without.
		Define:     map[string]string{"sessionStorage": "null"},
		Loader:     map[string]api.Loader{".woff2": api.LoaderFile},
		AssetNames: "[name]-[hash]",
		PublicPath: "/assets",
		Plugins:    sheets(packages),
	})
	if len(result.Errors) > 0 {
		return errors.New(strings.Join(api.FormatMessages(result.Errors, api.FormatMessagesOptions{}), ""))
	}
	for _, f := range result.OutputFiles {
		name := e.out
		if filepath.Ext(f.Path) == ".woff2" {
			name = "fonts/" + filepath.Base(f.Path)
		}
		files[name] = f.Contents
	}
	return nil
}

// sheets leaves the font faces out where their packages are not there.
func sheets(packages bool) []api.Plugin {
	if packages {
		return nil
	}
	return []api.Plugin{{Name: "no-fonts", Setup: func(b api.PluginBuild) {
		b.OnLoad(api.OnLoadOptions{Filter: `/css/fonts\.css$`}, func(api.OnLoadArgs) (api.OnLoadResult, error) {
			none := ""
			return api.OnLoadResult{Contents: &none, Loader: api.LoaderCSS}, nil
		})
	}}}
}

func format(kind api.Loader) api.Format {
	if kind == api.LoaderJS {
		return api.FormatESModule
	}
	return api.FormatDefault
}

func has(root, pkg string) bool {
	_, err := os.Stat(filepath.Join(root, "node_modules", filepath.FromSlash(pkg), "package.json"))
	return err == nil
}

// write replaces a file by a rename, so that a build that runs meanwhile reads
// the old bytes or the new ones. It leaves a file alone that has them already.
func write(path string, body []byte) error {
	if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, body) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(path+".new", body, 0o644); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

// removeOthers removes every file below dist that is neither in files nor a
// .gitkeep.
func removeOthers(dist string, files map[string][]byte) error {
	return filepath.WalkDir(dist, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == ".gitkeep" {
			return err
		}
		name, err := filepath.Rel(dist, path)
		if _, wanted := files[filepath.ToSlash(name)]; err != nil || wanted {
			return err
		}
		return os.Remove(path)
	})
}
