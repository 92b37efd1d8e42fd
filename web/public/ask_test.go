package public

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
)

// ask sends one request to the site under its own name.
func ask(site http.Handler, method, address string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, address, nil)
	r.Host = "register.example.org"
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	rec := httptest.NewRecorder()
	site.ServeHTTP(rec, r)
	return rec
}

func get(site http.Handler, address string, header ...string) *httptest.ResponseRecorder {
	return ask(site, http.MethodGet, address, header...)
}

// A found thing is a selector and words: some element that matches the selector
// holds the words. Without words, some element matches.
type found struct{ selector, words string }

func (f found) in(t *testing.T, doc *html.Node) bool {
	t.Helper()
	sel, err := cascadia.ParseGroup(f.selector)
	if err != nil {
		t.Fatalf("%s: %v", f.selector, err)
	}
	for _, n := range cascadia.QueryAll(doc, sel) {
		if strings.Contains(text(n), f.words) {
			return true
		}
	}
	return false
}

// text is what an element says, its white space made single spaces.
func text(n *html.Node) string {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(n)
	return strings.Join(strings.Fields(b.String()), " ")
}

func parse(t *testing.T, body string) *html.Node {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}
