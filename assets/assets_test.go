package assets

import (
	"compress/gzip"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func get(t *testing.T, h http.Handler, method, target string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, target, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestHandlerServesEachFileUnderItsHash(t *testing.T) {
	for _, tt := range []struct {
		set        *Set
		name, kind string
	}{
		{Public(), "public.css", "text/css; charset=utf-8"},
		{Public(), "public.js", "text/javascript; charset=utf-8"},
		{Public(), "icon.svg", "image/svg+xml"},
		{Staff(), "staff.css", "text/css; charset=utf-8"},
		{Staff(), "staff.js", "text/javascript; charset=utf-8"},
		{Staff(), "icon.svg", "image/svg+xml"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := tt.set.Path(tt.name)
			if !regexp.MustCompile(`^/assets/[a-z]+-[0-9a-f]{16}\.[a-z]+$`).MatchString(p) {
				t.Fatalf("path %q", p)
			}
			plain := get(t, tt.set.Handler(), "GET", p)
			if plain.StatusCode != 200 || plain.Header.Get("Content-Type") != tt.kind {
				t.Errorf("status %d, type %q, want 200, %q", plain.StatusCode, plain.Header.Get("Content-Type"), tt.kind)
			}
			if c := plain.Header.Get("Cache-Control"); c != "public, max-age=31536000, immutable" {
				t.Errorf("Cache-Control %q", c)
			}
			text := body(t, plain)
			if text == "" {
				t.Error("empty")
			}
			zipped := get(t, tt.set.Handler(), "GET", p, "Accept-Encoding", "br, gzip;q=0.5")
			if zipped.Header.Get("Content-Encoding") == "gzip" {
				z, err := gzip.NewReader(zipped.Body)
				if err != nil {
					t.Fatal(err)
				}
				b, err := io.ReadAll(z)
				if err != nil || string(b) != text {
					t.Errorf("gzip holds other bytes (%v)", err)
				}
			} else if strings.HasSuffix(tt.name, ".css") {
				t.Error("a sheet is not compressed for a client that takes gzip")
			}
			if r := get(t, tt.set.Handler(), "GET", p, "Accept-Encoding", "gzip;q=0"); r.Header.Get("Content-Encoding") != "" {
				t.Error("compressed for a client that refuses it")
			}
			again := get(t, tt.set.Handler(), "GET", p, "If-None-Match", plain.Header.Get("ETag"))
			if again.StatusCode != http.StatusNotModified {
				t.Errorf("known tag: status %d, want 304", again.StatusCode)
			}
			if r := get(t, tt.set.Handler(), "POST", p); r.StatusCode != http.StatusMethodNotAllowed {
				t.Errorf("POST: status %d", r.StatusCode)
			}
		})
	}
}

func TestUnknownAddressesAreOneConstant404(t *testing.T) {
	want := ""
	for _, target := range []string{
		"/assets/", "/assets/public.css", "/assets/public-0000000000000000.css", "/assets/../go.mod",
		"/assets/css/public/public.css", "/assets/.gitkeep", Staff().Path("staff.css"),
	} {
		r := get(t, Public().Handler(), "GET", target)
		got := r.Status + body(t, r)
		for _, key := range slices.Sorted(headerNames(r.Header)) {
			got += key + r.Header.Get(key)
		}
		if r.StatusCode != 404 || (want != "" && got != want) {
			t.Errorf("%s: %q, want 404, the same everywhere", target, got)
		}
		want = got
	}
}

func headerNames(h http.Header) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range h {
			if !yield(k) {
				return
			}
		}
	}
}

func TestPathOfAnUnknownNamePanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a misspelt name passes")
		}
	}()
	Public().Path("staff.css")
}

// The wall holds in the style sheets too: the public one has neither of the
// desk's colours and imports none of its files, joined or bundled.
func TestPublicSheetHoldsNothingOfTheDesk(t *testing.T) {
	joined, err := joinCSS(publicFiles, "css/public/public.entry.css")
	if err != nil {
		t.Fatal(err)
	}
	served := body(t, get(t, Public().Handler(), "GET", Public().Path("public.css")))
	for name, sheet := range map[string]string{"joined": string(joined), "served": served} {
		for _, word := range deskWords {
			if strings.Contains(sheet, word) {
				t.Errorf("%s public.css contains %q", name, word)
			}
		}
		for _, word := range []string{".entry", ".timeline", ".facets", "light-dark("} {
			if !strings.Contains(sheet, word) {
				t.Errorf("%s public.css lacks %q", name, word)
			}
		}
		if strings.Contains(sheet, "@import") {
			t.Errorf("%s public.css asks for another sheet", name)
		}
	}
	err = fs.WalkDir(publicFiles, ".", func(path string, _ fs.DirEntry, err error) error {
		if strings.Contains(path, "staff") {
			t.Errorf("the public set embeds %s", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// deskWords stand in the desk's sheet or script and nowhere in the public ones.
var deskWords = []string{"--conf", "--review", "--hatch", "CONFIDENTIAL", "data-cover", ".side-nav", ".topband"}

func TestDeskWordsAreTheDesks(t *testing.T) {
	h := Staff().Handler()
	all := body(t, get(t, h, "GET", Staff().Path("staff.css"))) + body(t, get(t, h, "GET", Staff().Path("staff.js")))
	for _, word := range deskWords {
		if !strings.Contains(all, word) {
			t.Errorf("no longer in the desk's files, so it guards nothing: %q", word)
		}
	}
}

// Neither set needs the content security policy to be loosened.
func TestSourcesNeedNoUnsafePolicy(t *testing.T) {
	for _, files := range []fs.FS{publicFiles, staffFiles} {
		err := fs.WalkDir(files, ".", func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || strings.HasPrefix(path, "dist/") {
				return err
			}
			b, err := fs.ReadFile(files, path)
			if err != nil {
				return err
			}
			for _, word := range []string{"eval(", "new Function", "innerHTML", "localStorage", "sessionStorage", "indexedDB", "http:", "https:"} {
				// Lines of notes that were not sent are kept, encrypted; nothing else is.
				if word == "indexedDB" && path == "js/staff/live.js" {
					continue
				}
				if strings.Contains(strings.ReplaceAll(string(b), `"http://www.w3.org/2000/svg"`, ""), word) {
					t.Errorf("%s contains %q", path, word)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestJoinKeepsLayersAndOrder(t *testing.T) {
	files := fstest.MapFS{
		"css/a/a.entry.css": {Data: []byte("/* why */\n@layer one, two;\n@import \"../fonts.css\" layer(one);\n@import \"../x.css\" layer(one);\n@import \"y.css\" layer(two);\n")},
		"css/x.css":         {Data: []byte("a { b: c }\n")},
		"css/a/y.css":       {Data: []byte("d { e: f }\n")},
		"css/a/bad.css":     {Data: []byte("@import \"gone.css\" layer(one);\n")},
	}
	got, err := joinCSS(files, "css/a/a.entry.css")
	want := "/* why */\n@layer one, two;\n@layer one {\na { b: c }\n}\n@layer two {\nd { e: f }\n}\n"
	if err != nil || string(got) != want {
		t.Errorf("got %q, %v; want %q", got, err, want)
	}
	if _, err := joinCSS(files, "css/a/bad.css"); err == nil {
		t.Error("a missing sheet is passed over")
	}
}
