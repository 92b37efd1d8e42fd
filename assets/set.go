package assets

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"
)

// prefix is the path under which every asset is served.
const prefix = "/assets/"

// editor is the one file that only the bundle step can make.
const editor = "editor.js"

// A Set is the assets of one audience. Only [Public] and [Staff] make one.
type Set struct {
	paths map[string]string // name -> path with hash; "" where this build has no such file
	files map[string]file   // path with hash -> content
}

// A file is served as it stands; its name changes when its bytes do.
type file struct {
	contentType string
	tag         string // ETag without quotes
	body        []byte
	zipped      []byte // gzip of body, nil where that saves nothing
}

// load fills the set from the folders named after the audience: its sheet, its
// script, and scripts for single pages. It panics on a source that does not
// join, which only a broken build can have.
func (s *Set) load(files fs.FS, audience string, scripts ...string) {
	s.paths = map[string]string{editor: ""}
	s.files = map[string]file{}
	built := func(name, source string, join func(fs.FS, string) ([]byte, error)) {
		body, err := fs.ReadFile(files, "dist/"+audience+"/"+name)
		if err != nil {
			body, err = join(files, source)
		}
		must(err)
		s.add(name, body)
	}
	built(audience+".css", "css/"+audience+"/"+audience+".entry.css", joinCSS)
	built(audience+".js", "js/"+audience+"/"+audience+".entry.js", joinJS)
	for _, name := range scripts {
		built(name, "js/"+audience+"/"+name, joinJS)
	}
	if body, err := fs.ReadFile(files, "dist/"+audience+"/"+editor); err == nil {
		s.add(editor, body)
	}
	icon, err := fs.ReadFile(files, "icons/"+audience+".svg")
	must(err)
	s.add("icon.svg", icon)

	fonts, err := fs.Glob(files, "dist/fonts/*.woff2")
	must(err)
	for _, name := range fonts {
		body, err := fs.ReadFile(files, name)
		must(err)
		base := path.Base(name) // it carries its hash already: the style sheet names it so
		s.files[prefix+base] = newFile(base, body)
	}
}

func (s *Set) add(name string, body []byte) {
	f := newFile(name, body)
	ext := path.Ext(name)
	p := prefix + strings.TrimSuffix(name, ext) + "-" + f.tag + ext
	s.paths[name] = p
	s.files[p] = f
}

func newFile(name string, body []byte) file {
	sum := sha256.Sum256(body)
	f := file{contentType: contentType(name), tag: hex.EncodeToString(sum[:8]), body: body}
	if path.Ext(name) != ".woff2" {
		var b bytes.Buffer
		w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
		must(err)
		_, err = w.Write(body)
		must(err)
		must(w.Close())
		if b.Len() < len(body) {
			f.zipped = b.Bytes()
		}
	}
	return f
}

// contentType does not ask the system's table: it must be the same everywhere.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	}
	panic("assets: no content type for " + path.Ext(name))
}

// Path returns the address of a file of the set, such as
// /assets/public-3f9a0c52be771d04.css for public.css. It is "" for editor.js
// where this build has none, and panics for a name that the set never has.
func (s *Set) Path(name string) string {
	p, ok := s.paths[name]
	if !ok {
		panic("assets: no file named " + name)
	}
	return p
}

// Handler serves the set. See [Handler].
func (s *Set) Handler() http.Handler { return Handler(s) }

// Handler serves the files of several sets under /assets/, for GET and HEAD.
//
// A known address answers for a year without being asked again, compressed
// where the client takes gzip; do not put a compressing middleware around it.
// Every other address is one constant 404.
func Handler(sets ...*Set) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, s := range sets {
			if f, ok := s.files[r.URL.Path]; ok {
				f.serve(w, r)
				return
			}
		}
		w.Header().Set("Cache-Control", "no-store")
		http.Error(w, "Not found", http.StatusNotFound)
	})
}

func (f file) serve(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "Method not allowed", http.StatusMethodNotAllowed)
		return
	}
	h := w.Header()
	h.Set("Content-Type", f.contentType)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("X-Content-Type-Options", "nosniff")
	body, tag := f.body, f.tag
	if f.zipped != nil {
		h.Set("Vary", "Accept-Encoding")
		if takesGzip(r) {
			h.Set("Content-Encoding", "gzip")
			body, tag = f.zipped, f.tag+"-gz"
		}
	}
	h.Set("ETag", `"`+tag+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}

// takesGzip is true if the client names gzip and does not refuse it.
func takesGzip(r *http.Request) bool {
	return slices.ContainsFunc(strings.Split(r.Header.Get("Accept-Encoding"), ","), func(part string) bool {
		coding, params, err := mime.ParseMediaType(part)
		quality, given := params["q"]
		return err == nil && coding == "gzip" && (!given || strings.Trim(quality, "0.") != "")
	})
}

func must(err error) {
	if err != nil {
		panic("assets: " + err.Error())
	}
}
