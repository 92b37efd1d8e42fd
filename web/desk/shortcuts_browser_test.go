package desk_test

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"track15/models/database/dbtest"
	"track15/web/browsertest"
)

// The rows of a round's lists are gone through, opened and added to with single
// keys, which write into a field that has the focus.
func TestShortcutsInABrowser(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(name string) string { return dbtest.SQLite(t, name) })
	round, _ := w.filled()
	w.peopled(round)
	at := w.served()
	p := w.enter(t, at, "coordinator", browsertest.View{})
	for _, list := range []string{"organisations", "participants"} {
		path := at + "/rounds/" + round + "/" + list
		p.Goto(path)
		p.Press("jjk")
		first := browsertest.Eval[bool](p, `document.querySelector("main tbody tr:has(a[href])").contains(document.activeElement)`)
		if !first {
			t.Errorf("%s: the focus is not in the first row", list)
		}
		to := browsertest.Eval[string](p, `document.querySelector("main tbody tr:has(a[href]) a[data-key='e']").href`)
		p.PressTo("e")
		if got := p.Location(); got != to || !strings.HasPrefix(got, path+"/") {
			t.Errorf("%s: e leads to %s", list, got)
		}
		p.Goto(path)
		p.PressTo("a")
		if got := p.Location(); got != path+"/new" {
			t.Errorf("%s: a leads to %s", list, got)
		}
	}
	p.Goto(at + "/rounds")
	p.Press("j")
	to := browsertest.Eval[string](p, `document.activeElement.href`)
	p.PressTo(kb.Enter)
	if got := p.Location(); got != to || !strings.HasPrefix(got, at+"/rounds/") {
		t.Errorf("Enter in the first row leads to %s", got)
	}
	p.Goto(at + "/find")
	p.Fill("main input:not([type=hidden])", "")
	p.Press("?gwae" + kb.Tab)
	if got := p.Location(); got != at+"/find" || p.Count("dialog") != 0 {
		t.Errorf("letters in a field lead to %s", got)
	}
}

// Each entry of the navigation has a letter of its own, which leads there from
// everywhere and stands in the list of keys.
func TestOneLetterIsOnePlace(t *testing.T) {
	t.Parallel()
	w, _ := everywhere(t)
	at := w.served()
	p := w.enter(t, at, "coordinator", browsertest.View{})
	p.Goto(at + "/shortcuts")
	list := p.Text("main .keys")
	once := map[string]bool{}
	links := browsertest.Eval[[][2]string](p, `[...document.querySelectorAll(".side-nav a[data-go]")].map((a) => [a.dataset.go, a.href])`)
	for _, link := range links {
		letter, to := link[0], link[1]
		if once[letter] || letter == "" {
			t.Errorf("%q leads to two places, one of them %s", letter, to)
		}
		once[letter] = true
		if !strings.Contains(list, "g "+letter+"\n") {
			t.Errorf("the list of keys lacks g %s: %s", letter, list)
		}
		p.Goto(at + "/find")
		p.Press("g")
		p.PressTo(letter)
		if got := p.Location(); got != to {
			t.Errorf("g %s leads to %s, not to %s", letter, got, to)
		}
	}
	if len(links) != 13 {
		t.Errorf("%d entries are open to somebody with every role", len(links))
	}
	p.Press("gz")
	p.Press("w") // g is over
	if got := p.Location(); got != links[len(links)-1][1] {
		t.Errorf("a letter by itself leads to %s", got)
	}
}

// The list of keys stands over the page, which stays as it is; without scripts it
// is a page. Shift Esc covers the screen wherever the focus is.
func TestTheListOfKeysAndTheCover(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(name string) string { return dbtest.SQLite(t, name) })
	round, text := w.filled()
	at := w.served()
	p := w.enter(t, at, "coordinator", browsertest.View{})
	edit := at + "/rounds/" + round + "/edit"
	p.Goto(edit)
	p.Fill("#f-city", "Saltmarsh")
	browsertest.Eval[bool](p, `(document.querySelector(".side-nav a").focus(), true)`)
	p.Press("?")
	p.Wait("dialog[open] .keys")
	if got := p.Text("dialog"); !strings.Contains(got, "Cover the screen") || !strings.Contains(got, "Who took part") || strings.Contains(got, "Accounts") {
		t.Errorf("the list says %s", got)
	}
	if !browsertest.Eval[bool](p, `document.activeElement.closest("dialog") !== null`) {
		t.Error("the focus is not in the list")
	}
	p.Readable()
	p.Press("gr?")
	p.Press(kb.Escape)
	p.Wait("body:not(:has(dialog))") // it goes with its close event, after the key
	if p.Location() != edit || p.Value("#f-city") != "Saltmarsh" {
		t.Errorf("after the list: %s with %q", p.Location(), p.Value("#f-city"))
	}
	if !browsertest.Eval[bool](p, `document.activeElement === document.querySelector(".side-nav a")`) {
		t.Error("the focus does not return to where it was")
	}
	p.Press("/")
	if got := browsertest.Eval[string](p, `document.activeElement.id`); got != "find" {
		t.Errorf("/ leads to %q", got)
	}
	p.Follow(".savebar .btn--main")
	p.Goto(edit)
	p.Click("#f-venue")
	p.PressTo(kb.Escape, chromedp.ModifierShift)
	if got := p.Text("body"); strings.Contains(got, "Saltmarsh") || !strings.Contains(got, "Press Enter to return") {
		t.Errorf("the cover shows %q", got)
	}
	p.PressTo(kb.Enter)

	p.Goto(at + "/drafts/" + text)
	if p.Count(".cm-content") == 1 { // where the editor was bundled
		p.Click(".cm-content")
		p.Press("gr?/")
		if p.Count("dialog") != 0 || p.Location() != at+"/drafts/"+text || !strings.Contains(p.Value("#f-body"), "gr?/") {
			t.Errorf("letters in a text lead to %s", p.Location())
		}
	}

	plain := w.enter(t, at, "director", browsertest.View{NoScripts: true, Width: 390})
	plain.Click(".side-nav summary")
	plain.Follow(`.side-nav a[href="/shortcuts"]`)
	if got := plain.Text("main .keys"); !strings.Contains(got, "Cover the screen") {
		t.Errorf("the page of keys says %s", got)
	}
}

// Who turned single letters off can type them anywhere; the cover stays.
func TestLettersThatAreOff(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(name string) string { return dbtest.SQLite(t, name) })
	w.must(w.record.SetQuietKeys(context.Background(), w.actor("coordinator"), true))
	at := w.served()
	p := w.enter(t, at, "coordinator", browsertest.View{})
	p.Press("?/jgra")
	if got := p.Location(); got != at+"/" || p.Count("dialog") != 0 || browsertest.Eval[string](p, `document.activeElement.tagName`) != "BODY" {
		t.Errorf("letters that are off lead to %s", got)
	}
	p.PressTo(kb.Escape, chromedp.ModifierShift)
	if got := p.Location(); got != at+"/cover" {
		t.Errorf("Shift Esc leads to %s", got)
	}
}

// With words that were not saved the page goes from sight before the browser asks
// about them, and comes back with them for who stays.
func TestCoverBeforeTheBrowserAsks(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(name string) string { return dbtest.SQLite(t, name) })
	_, text := w.filled()
	at := w.served()
	p := w.enter(t, at, "coordinator", browsertest.View{})
	p.Goto(at + "/drafts/" + text)
	p.Fill("#f-title", "Quiet words")
	asked := p.Staying(func() { p.Press(kb.Escape, chromedp.ModifierShift) })
	if asked != "beforeunload" {
		t.Fatalf("the browser asked %q", asked)
	}
	if !browsertest.Eval[bool](p, "document.body.hidden") {
		t.Error("the page stood in sight while the browser asked")
	}
	p.Press(kb.Escape, chromedp.ModifierShift)
	if browsertest.Eval[bool](p, "document.body.hidden") || p.Value("#f-title") != "Quiet words" {
		t.Error("the words are not there any more")
	}
}
