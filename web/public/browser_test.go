package public

import (
	"net/http/httptest"
	"testing"

	"track15/web/browsertest"
)

// One page of each kind can be read by everybody, narrow or wide, light or dark.
func TestPagesInABrowser(t *testing.T) {
	server := httptest.NewServer(aWorld(t).site)
	defer server.Close()
	for i, path := range []string{
		"/", "/rounds?agency=cn-cac&since=2024", "/rounds/" + seedRound, "/rounds/kasmere-5", "/observations/kasmere-3-observation-1",
		"/observations/kasmere-4-observation-1", "/organisations", "/organisations/ncrc", "/search?q=attribution", "/not-there", "/corrections?entry=kasmere-5", "/corrections",
	} {
		view := browsertest.View{Dark: i%2 == 1}
		if i%4 < 2 {
			view.Width = 360
		}
		p := browsertest.Open(t, server.URL+path, view)
		p.NoOverflow()
		p.Accessible()
		if p.Status() >= 400 {
			p.Problems() // the browser notes the status as one
		}
	}
}

// A ticked box changes the list at once, and the address with it; without
// scripts the button does.
func TestFilterInABrowser(t *testing.T) {
	server := httptest.NewServer(aWorld(t).site)
	defer server.Close()
	box := "#agency-cn-cac"

	p := browsertest.Open(t, server.URL+"/", browsertest.View{})
	p.Click(box)
	p.Wait(".applied")
	if got := p.Location(); got != server.URL+"/rounds?agency=cn-cac&order=newest" {
		t.Errorf("the address is %s", got)
	}
	if got := p.Count("article.entry"); got != 1 {
		t.Errorf("%d rounds", got)
	}
	if got := browsertest.Eval[string](p, "document.querySelector('#announce').textContent"); got != "1 round" {
		t.Errorf("announced: %q", got)
	}
	// Built without npm packages there is no htmx, and no font either: the form
	// then loads a whole page, which starts without a focus.
	packages := browsertest.Eval[int](p, "document.fonts.size") > 0
	if got := browsertest.Eval[string](p, "document.activeElement.id"); packages && got != "agency-cn-cac" {
		t.Errorf("the focus is on %q", got)
	}
	if p.Count(".timeline tr.dim") != 1 || p.Count("#timeline") != 1 {
		t.Error("the timeline does not show what is chosen")
	}
	if browsertest.Eval[bool](p, "localStorage.length + sessionStorage.length > 0 || document.cookie !== ''") {
		t.Error("the page keeps something in the browser")
	}
	p.Follow(".applied a")
	if got := p.Count("article.entry"); got != 5 {
		t.Errorf("%d rounds after the filter was removed", got)
	}

	p = browsertest.Open(t, server.URL+"/", browsertest.View{NoScripts: true})
	p.Click(box)
	p.Follow("#filter .btn--main")
	if got := p.Count("article.entry"); got != 1 || p.Status() != 200 {
		t.Errorf("without scripts: %d rounds, status %d", got, p.Status())
	}
}
