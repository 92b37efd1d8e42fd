package desk_test

import (
	"bytes"
	"context"
	"regexp"
	"strings"
	"testing"

	"track15/models/database/dbtest"
	"track15/models/record"
	"track15/web/browsertest"
)

// sheets are the pages of a PDF file.
var sheets = regexp.MustCompile(`/Type\s*/Page\b`)

// The rules of a round, from the preset to the card that was read out, by hand;
// each page can be read by everybody.
func TestGroundRulesInABrowser(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(name string) string { return dbtest.SQLite(t, name) })
	round, _ := w.filled()
	_, err := w.record.AddSession(context.Background(), w.actor("coordinator"), record.Session{RoundID: round, Title: "Contact points", On: "2026-03-25", Starts: "11:00"})
	w.must(err)
	at := w.served()
	path := at + "/rounds/" + round + "/rules"
	p := w.enter(t, at, "coordinator", browsertest.View{})

	p.Goto(path)
	p.Click(".fold summary")
	p.Choose("[name='rule.city']", "after_embargo")
	p.Fill("#f-embargo_until", "2026-03-27")
	p.Follow(".savebar .btn--main")
	if got := p.Text(".say"); !strings.Contains(got, "From 27 March 2026: in which city it meets") {
		t.Errorf("the sentences say %q", got)
	}
	p.Follow("a[href$='/rules/changes/new']")
	p.Choose("#f-session", browsertest.Eval[string](p, "document.querySelector('#f-session').options[1].value"))
	p.Click("[name=preset][value=closed]")
	p.Fill("#f-asked_by", "V1, in the room")
	p.Follow(".savebar .btn--main")
	if got := p.Text(".grid tbody"); !strings.Contains(got, "Session 1, Contact points") {
		t.Errorf("the parts are %q", got)
	}

	p.Follow("a[href$='/rules/card']")
	if p.Count("[data-print]:not([hidden])") != 1 {
		t.Error("the card cannot be printed by button")
	}
	pdf := p.Printed()
	if n := len(sheets.FindAll(pdf, -1)); n != 1 {
		t.Errorf("the card takes %d sheets", n)
	}
	if bytes.Contains(pdf, []byte("CONFIDENTIAL")) {
		t.Error("the card carries a marking")
	}
	code := p.Text(".a4 .foot-p .num")
	p.Follow(".paperbar a")
	p.Fill("#f-at", "2026-03-25 09:34")
	p.Fill("#f-by", "Both chairs")
	p.Follow(".savebar .btn--main")
	if got := p.Text(".docket"); !strings.Contains(got, code) {
		t.Errorf("the read-out says %q", got)
	}

	// Stricter is free; looser asks every side.
	p.Choose("[name='rule.city']", "free")
	p.Follow(".savebar .btn--main")
	if p.Status() != 422 || p.Text(".error-summary") == "" {
		t.Errorf("status %d", p.Status())
	}
	p.Accessible()
	for _, side := range w.series.Sides {
		p.Fill("[name='consent."+side.ID+"']", "in the room")
	}
	p.Follow(".savebar .btn--main")
	if got := p.Text("main"); !strings.Contains(got, "Made looser since: city") {
		t.Error("the consent does not show")
	}
	change := browsertest.Eval[string](p, "document.querySelector('td a[href*=\"/changes/\"]').href")
	read := browsertest.Eval[string](p, "document.querySelector('p a[href*=\"/read-outs/\"]').href")

	for _, look := range []string{path, path + "/changes/new", change, path + "/card", path + "/read-outs/new", read} {
		p.Goto(look)
		p.Readable()
		if title := p.Title(); !strings.HasPrefix(title, "Confidential · ") || strings.Contains(title, "Anselm") {
			t.Errorf("titled %q", title)
		}
	}
}

// Without scripts everything is there that is needed.
func TestGroundRulesWithoutScripts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(name string) string { return dbtest.SQLite(t, name) })
	round, _ := w.filled()
	at := w.served()
	p := w.enter(t, at, "coordinator", browsertest.View{NoScripts: true})
	p.Goto(at + "/rounds/" + round + "/rules")
	p.Click("[name=preset][value=on_record]")
	p.Follow(".savebar .btn--main")
	if got := p.Text("#say"); got != "On the record means" {
		t.Errorf("the rules are %q", got)
	}
	p.Goto(at + "/rounds/" + round + "/rules/card")
	if p.Count("[data-print][hidden]") != 1 {
		t.Error("a button that does nothing shows")
	}
}
