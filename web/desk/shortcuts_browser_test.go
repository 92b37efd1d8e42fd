package desk_test

import (
	"strings"
	"testing"

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
	p.PressTo("?")
	if got := p.Location(); got != at+"/shortcuts" {
		t.Errorf("? leads to %s", got)
	}
	p.Goto(at + "/find")
	p.Fill("main input:not([type=hidden])", "")
	p.Press("?ae" + kb.Tab)
	if got := p.Location(); got != at+"/find" {
		t.Errorf("letters in a field lead to %s", got)
	}
}
