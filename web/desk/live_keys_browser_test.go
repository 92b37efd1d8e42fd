package desk_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"track15/models/database/dbtest"
	"track15/web/browsertest"
)

// lineWords are the lines of a page of notes as they are read: speaker, words,
// and for whom they may be given.
func lineWords(p *browsertest.Page) []string {
	return browsertest.Eval[[]string](p, `[...document.querySelectorAll("[data-log] li")].map((li) =>
		[li.querySelector(".who").textContent, li.querySelector("p").textContent, li.querySelector(".rule-t b + .vh")?.nextSibling.textContent.trim() ?? ""].join("|"))`)
}

// Notes are taken without a hand on the mouse.
func TestLiveNotesByKeyboard(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(name string) string { return dbtest.SQLite(t, name) })
	x := w.sitting()
	at := w.served()
	p := w.enter(t, at, "rapporteur", browsertest.View{})
	page := at + "/sittings/" + x.ID
	p.Goto(page)
	p.Wait(".netline.is-saved:not([hidden])")
	if focus := browsertest.Eval[string](p, `document.activeElement.id`); focus != "f-text" {
		t.Errorf("the focus is in %q", focus)
	}
	want := []string{}
	log := func(typed string, shown ...string) {
		t.Helper()
		p.Press(typed + kb.Enter)
		want = append(want, shown...)
		p.Wait(`[data-log] li[data-position]:nth-child(` + string(rune('0'+len(want))) + `)`)
		if got := lineWords(p); !slices.Equal(got, want) {
			t.Errorf("after %q the page has %q, want %q", typed, got, want)
		}
	}
	log("@k1 One number a team. /side", "K1|One number a team.|Side")
	if got := p.Value("#f-speaker"); got != "K1" {
		t.Errorf("the next line is %q’s", got)
	}
	p.Press("Two lines")
	p.Press(kb.Enter, chromedp.ModifierShift)
	log("of one remark.", "K1|Two lines\nof one remark.|None")
	log("@N1 As the ministry’s. /body", "N1|As the ministry’s.|Body")
	log("As mine. /person", "N1|As mine.|Person")
	log("As nobody’s. /none", "N1|As nobody’s.|None")
	p.Press(kb.Enter) // nothing is no line
	log("@? From the back of the room.", "@?|From the back of the room.|None")

	p.Press("x" + kb.ArrowUp)
	if got := p.Location(); got != page || p.Value("#f-text") != "x" {
		t.Errorf("↑ in a line that is being typed leads to %s", got)
	}
	p.Press(kb.Delete) // ↑ led before it
	p.PressTo(kb.ArrowUp)
	if got := p.Value("#f-text"); got != "From the back of the room." || !strings.HasPrefix(p.Location(), page+"/lines/") {
		t.Fatalf("↑ leads to %s with %q", p.Location(), got)
	}
	// Who spoke is known later.
	p.Fill("#f-speaker", "K2")
	p.PressTo(kb.Enter)
	want[len(want)-1] = "K2|From the back of the room.|None"
	if got := lineWords(p); !slices.Equal(got, want) {
		t.Errorf("after ↑ the page has %q, want %q", got, want)
	}

	p.Wait(".netline.is-saved:not([hidden])")
	for _, says := range []string{"No notes from here on.", "Notes again."} {
		p.Press("p", chromedp.ModifierAlt)
		want = append(want, "|"+says+"|")
		p.Wait(`[data-log] li.is-pause[data-position]:nth-child(` + string(rune('0'+len(want))) + `)`)
		if got := lineWords(p); !slices.Equal(got, want) {
			t.Errorf("after Alt P the page has %q, want %q", got, want)
		}
	}
	if focus := browsertest.Eval[string](p, `document.activeElement.id`); focus != "f-text" {
		t.Errorf("after Alt P the focus is in %q", focus)
	}
	p.PressTo(kb.Escape, chromedp.ModifierShift)
	if html := p.HTML(); p.Location() == page || strings.Contains(html, "One number a team") || strings.Contains(html, "Contact points") {
		t.Errorf("covered, %s shows words", p.Location())
	}
}

// Without scripts each line is a form of its own.
func TestNotesWithoutScripts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(name string) string { return dbtest.SQLite(t, name) })
	x := w.sitting()
	at := w.served()
	p := w.enter(t, at, "rapporteur", browsertest.View{NoScripts: true})
	p.Goto(at + "/sittings/" + x.ID)
	p.Fill("#f-speaker", "K1")
	p.Fill("#f-text", "Typed without scripts. /side")
	p.Follow("[data-compose] .btn--main")
	want := []string{"K1|Typed without scripts.|Side"}
	if got := lineWords(p); !slices.Equal(got, want) || p.Value("#f-text") != "" {
		t.Errorf("the page has %q, want %q", got, want)
	}
	p.Follow("[data-compose] .btn--main")
	if p.Count(".error-summary") != 1 || len(lineWords(p)) != 1 {
		t.Error("an empty line is taken, or nobody says why not")
	}
	for _, says := range []string{"No notes from here on.", "Notes again."} {
		p.Follow("[data-pause]")
		want = append(want, "|"+says+"|")
	}
	if got := lineWords(p); !slices.Equal(got, want) {
		t.Errorf("the page has %q, want %q", got, want)
	}
	p.Follow("[data-edit]")
	p.Fill("#f-text", "Mended without scripts.")
	p.Follow("main form .btn--main")
	want[0] = "K1|Mended without scripts.|Side"
	if got := lineWords(p); !slices.Equal(got, want) {
		t.Errorf("the page has %q, want %q", got, want)
	}
}

// Two take notes of one session at once, one at a computer whose clock is three
// hours behind. Every line arrives once, each person's in their order, at the
// time by the server's clock, and both see all.
func TestTwoTakeNotesInBrowsers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(name string) string { return dbtest.SQLite(t, name) })
	x := w.sitting()
	at := w.served()
	page := at + "/sittings/" + x.ID
	pages := map[string]*browsertest.Page{}
	for _, name := range []string{"rapporteur", "coordinator"} {
		p := w.enter(t, at, name, browsertest.View{})
		p.Goto(page)
		p.Wait(".netline.is-saved:not([hidden])")
		pages[name] = p
	}
	browsertest.Eval[bool](pages["rapporteur"], `(() => { const now = Date.now; Date.now = () => now() - 3 * 3600e3 - 17 * 60e3; return true })()`)
	var want []string
	for i := range 6 {
		for name, p := range pages {
			text := fmt.Sprintf("%s %d", name, i)
			p.Press("@K1 " + text + kb.Enter)
			want = append(want, "K1|"+text+"|None")
		}
	}
	for name, p := range pages {
		p.Wait(`.netline.is-saved:not([hidden])`)
		browsertest.Eval[bool](p, `dispatchEvent(new Event("online"))`)
		p.Wait(`[data-log] li[data-position]:nth-child(12)`)
		got := lineWords(p)
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("the %s sees %q, want %q", name, got, want)
		}
	}
	times := browsertest.Eval[[]string](pages["coordinator"], `[...document.querySelectorAll("[data-log] time")].map((time) => time.textContent)`)
	for _, shown := range times {
		// The house's clock stands at nine; a line that waited was typed before.
		if shown != "09:00" && shown != "08:59" {
			t.Errorf("a line is of %s", shown)
		}
	}
	last := map[string]int{}
	for i, line := range w.noted(x.ID) {
		_, words, _ := strings.Cut(line, ": ")
		name, n, _ := strings.Cut(words, " ")
		if n != fmt.Sprint(last[name]) {
			t.Errorf("line %d is %q, after %d of theirs", i, words, last[name])
		}
		last[name]++
	}
}
