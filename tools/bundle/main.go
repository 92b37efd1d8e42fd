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
		err = bundle(root)
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
		{out: "staff/editor.js", source: `import "./js/staff/editor.js";`, kind: api.LoaderJS, needs: "@codemirror/view"},
	}
}

// bundle empties assets/dist but for its .gitkeep files and fills it again.
func bundle(root string) error {
	dist := filepath.Join(root, "assets", "dist")
	if err := empty(dist); err != nil {
		return err
	}
	packages := has(root, "htmx.org")
	for _, e := range entries(packages) {
		if e.needs != "" && !has(root, e.needs) {
			continue
		}
		if err := build(root, dist, e, packages); err != nil {
			return fmt.Errorf("%s: %w", e.out, err)
		}
	}
	if !packages {
		fmt.Println("bundle: without npm packages: no htmx, no editor, the system's fonts; every task works")
	}
	return nil
}

func build(root, dist string, e entry, packages bool) error {
	assets := filepath.Join(root, "assets")
	result := api.Build(api.BuildOptions{
		Stdin:             &api.StdinOptions{Contents: e.source, ResolveDir: assets, Sourcefile: e.out, Loader: e.kind},
		AbsWorkingDir:     root,
		Outfile:           filepath.Join(dist, e.out),
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
		Loader:     map[string]api.Loader{".woff2": api.LoaderFile},
		AssetNames: "[name]-[hash]",
		PublicPath: "/assets",
		Plugins:    sheets(packages),
	})
	if len(result.Errors) > 0 {
		return errors.New(strings.Join(api.FormatMessages(result.Errors, api.FormatMessagesOptions{}), ""))
	}
	for _, f := range result.OutputFiles {
		path := f.Path
		if filepath.Ext(path) == ".woff2" {
			path = filepath.Join(dist, "fonts", filepath.Base(path))
		}
		if old, err := os.ReadFile(path); err == nil && bytes.Equal(old, f.Contents) {
			continue
		}
		if err := os.WriteFile(path, f.Contents, 0o644); err != nil {
			return err
		}
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

// empty removes every file below dir but the .gitkeep files.
func empty(dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == ".gitkeep" {
			return err
		}
		return os.Remove(path)
	})
}
