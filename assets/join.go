package assets

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"regexp"
)

// packaged is the one sheet that names files of npm packages. Only the bundle
// step can resolve them, so joining leaves it out.
const packaged = "css/fonts.css"

var (
	cssImport = regexp.MustCompile(`^@import "([^"]+)" layer\(([a-z]+)\);$`)
	jsImport  = regexp.MustCompile(`^import "([^"]+)";$`)
)

// joinCSS replaces each import of an entry sheet by the sheet it names, in its
// layer. Sheets themselves import nothing.
func joinCSS(files fs.FS, entry string) ([]byte, error) {
	return join(files, entry, cssImport, func(b *bytes.Buffer, m [][]byte, body []byte) {
		fmt.Fprintf(b, "@layer %s {\n%s}\n", m[2], body)
	})
}

// joinJS replaces each import of an entry script by the script it names, in a
// block of its own: scripts share no names and import nothing themselves.
func joinJS(files fs.FS, entry string) ([]byte, error) {
	return join(files, entry, jsImport, func(b *bytes.Buffer, _ [][]byte, body []byte) {
		fmt.Fprintf(b, "{\n%s}\n", body)
	})
}

func join(files fs.FS, entry string, imports *regexp.Regexp, put func(*bytes.Buffer, [][]byte, []byte)) ([]byte, error) {
	source, err := fs.ReadFile(files, entry)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	for line := range bytes.Lines(source) {
		m := imports.FindSubmatch(bytes.TrimSpace(line))
		if m == nil {
			b.Write(line)
			continue
		}
		name := path.Join(path.Dir(entry), string(m[1]))
		if name == packaged {
			continue
		}
		body, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		put(&b, m, body)
	}
	return b.Bytes(), nil
}
