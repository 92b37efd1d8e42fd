package public

import (
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"track15/web/browsertest"
)

// The page looks nothing up and keeps nothing: what it says of an entry is what
// stands in its address.
func TestCorrectionsSayNothingOfAnEntry(t *testing.T) {
	w := aWorld(t)
	known := get(w.site, "/corrections?entry=kasmere-5").Body.String()
	unknown := get(w.site, "/corrections?entry=kasmere-6").Body.String()
	if strings.ReplaceAll(known, "kasmere-5", "x") != strings.ReplaceAll(unknown, "kasmere-6", "x") {
		t.Error("an entry that is not there is another page")
	}
	for _, not := range []string{"<form method", "method=\"post\"", "Set-Cookie"} {
		if strings.Contains(known, not) {
			t.Errorf("the page holds %s", not)
		}
	}
	if rec := get(w.site, "/corrections?entry=kasmere-5"); rec.Header().Get("Set-Cookie") != "" {
		t.Error("the page sets a cookie")
	}
	for _, path := range []string{"/", "/rounds/kasmere-5", "/organisations/ncrc", "/observations/kasmere-3-observation-1", "/series/kasmere"} {
		if body := get(w.site, path).Body.String(); !strings.Contains(body, `href="/corrections`) {
			t.Errorf("%s does not lead to it", path)
		}
	}
}

// The fields write the letter and the mail; without scripts the letter is there to
// be filled in.
func TestTheLetterIsWrittenInTheBrowser(t *testing.T) {
	server := httptest.NewServer(aWorld(t).site)
	defer server.Close()
	p := browsertest.Open(t, server.URL+"/corrections?entry=kasmere-5", browsertest.View{Width: 390})
	p.Click("[data-want='Remove a name or an organisation']")
	p.Fill("[data-words]", "Osk Marren")
	if got := p.Text("#letter"); !strings.Contains(got, "kasmere-5") || !strings.Contains(got, "Osk Marren") || !strings.Contains(got, "Remove a name") || strings.Contains(got, "Correct a fact") {
		t.Errorf("the letter: %s", got)
	}
	if p.Count("[data-mail]") == 1 {
		href := browsertest.Eval[string](p, `document.querySelector("[data-mail]").href`)
		to, err := url.Parse(href)
		if err != nil || to.Scheme != "mailto" || !strings.Contains(to.Query().Get("body"), "Osk Marren") {
			t.Errorf("the mail begins at %s, %v", href, err)
		}
	}
	if browsertest.Eval[bool](p, "localStorage.length + sessionStorage.length > 0 || document.cookie !== ''") {
		t.Error("the page keeps something in the browser")
	}
	p.NoOverflow()
	plain := browsertest.Open(t, server.URL+"/corrections?entry=kasmere-5", browsertest.View{NoScripts: true, Width: 390, Dark: true})
	if got := plain.Text("#letter"); !strings.Contains(got, "Reference of the entry: kasmere-5") || !strings.Contains(got, "Correct a fact") {
		t.Errorf("the letter without scripts: %s", got)
	}
	plain.NoOverflow()
}
