package desk_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"track15/models/database/dbtest"
	"track15/models/record"
	"track15/web/browsertest"
)

// disclosing gives the summary of a round words that disclose: a body and a day.
func (w *world) disclosing() (round record.Round, summary record.Output) {
	w.t.Helper()
	round, summary = w.held()
	d := summary.Draft
	d.Body = "A guest from the Signals Directorate listened. Participants spoke of duty numbers."
	saved, err := w.record.SaveDraft(w.t.Context(), w.actor("coordinator"), summary.ID, d.Number, d)
	w.must(err)
	summary.Draft = saved
	return round, summary
}

// Findings are settled in one list, or the words are changed; who may not read what
// they rest on sees no list.
func TestFindingsAreSettledInOneList(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		w := newWorld(t, store)
		round, summary := w.disclosing()
		at := "/drafts/" + summary.ID + "/check"
		coordinator := w.as("coordinator")
		coordinator.get("/drafts/"+summary.ID).is(200).has("main", "Check (1 open)")
		p := coordinator.get(at).is(200).has("#found", "1 finding, open").has(".finding q", "Signals Directorate")
		if got := len(p.all("a.f--b")); got != 1 {
			t.Errorf("%d blocks are underlined in the text", got)
		}
		form := p.form(at)
		i := slices.IndexFunc(slicesOf(form), func(name string) bool { return strings.HasPrefix(name, "reason.") })
		key := strings.TrimPrefix(slicesOf(form)[i], "reason.")

		coordinator.send(p, at, url.Values{}).is(422).has("[role=alert]", "Nothing is chosen")
		coordinator.send(p, at, url.Values{"as." + key: {"keep"}}).is(422).has("[role=alert]", "Say why it stays")
		coordinator.send(p, at, url.Values{"as." + key: {"public already"}, "reason." + key: {"In the Gazette of 3 May."}}).is(200).
			has(".finding", "Public already, by").has(".finding", "In the Gazette of 3 May.").has("#found", "all settled")
		// What the first person settled waits for the second.
		w.as("director").get(at).is(200).has(".finding", "A block is decided by the second reader too")
		coordinator.get("/rounds/" + round.ID + "/release").is(200)

		editor := w.as("editor")
		editor.get("/drafts/"+summary.ID).is(200).hasNot("Check (", at)
		editor.get(at).is(404)
		for _, who := range []string{"rapporteur", "auditor", "administrator"} {
			w.as(who).get(at).is(404).hasNot("Signals Directorate")
		}
	})
}

// Other words are one choice away, with and without scripts, and become a version.
func TestFindingsAreRewordedByOneClick(t *testing.T) {
	for name, v := range map[string]browsertest.View{"with scripts": {Width: 1440}, "narrow": {Width: 390, Dark: true}, "without": {Width: 390, Dark: true, NoScripts: true}} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, func(name string) string { return dbtest.SQLite(t, name) })
			_, summary := w.disclosing()
			p := w.enter(t, w.served(), "coordinator", v)
			p.Goto(p.Location() + "drafts/" + summary.ID + "/check")
			if p.Scripts() {
				p.Accessible()
				p.NoOverflow()
				p.Press("F8")
			}
			p.Click(".settle input[value=reword]")
			p.Follow(".settle-foot .btn")
			if got := p.Text("#found"); got != "Nothing was found" {
				t.Errorf("afterwards: %q", got)
			}
			now, err := w.record.Output(t.Context(), w.actor("coordinator"), summary.ID)
			w.must(err)
			if now.Draft.Number != summary.Draft.Number+1 || !strings.Contains(now.Draft.Body, "A guest from one body listened.") {
				t.Errorf("version %d reads %q", now.Draft.Number, now.Draft.Body)
			}
		})
	}
}

// A name is underlined while it is typed, and other words stand there by one click.
// Nothing is kept in the browser.
func TestNamesAreUnderlinedWhileTyped(t *testing.T) {
	w := newWorld(t, func(name string) string { return dbtest.SQLite(t, name) })
	_, summary := w.held()
	p := w.enter(t, w.served(), "coordinator", browsertest.View{Width: 1440})
	p.Goto(p.Location() + "drafts/" + summary.ID)
	p.Click(".cm-content")
	p.Press("🙂 In the end the Signals Directorate listened. ")
	p.Wait(".cm-content .f--b")
	if got := p.Text(".cm-content .f--b"); got != "Signals Directorate" {
		t.Errorf("underlined is %q", got)
	}
	p.Press(kb.F8)
	p.Wait(".cm-panel-lint .cm-diagnosticAction")
	p.Click(".cm-panel-lint .cm-diagnosticAction")
	if got := p.Value("#f-body"); !strings.Contains(got, "🙂 In the end one body listened.") {
		t.Errorf("afterwards it reads %q", got)
	}
	for _, problem := range p.Problems() {
		t.Error(problem)
	}
	w.as("editor").get("/drafts/" + summary.ID).is(200).hasNot("data-check")
}

// slicesOf are the names of a form's values in order.
func slicesOf(v url.Values) []string {
	var all []string
	for name := range v {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

// An article is compared without its author's own name, answered with a letter that
// quotes it and tells nothing, and not kept.
func TestArticlesAreCheckedAsACourtesy(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		w := newWorld(t, store)
		round, _ := w.held()
		ctx, actor := t.Context(), w.actor("coordinator")
		author, err := w.record.AddPerson(ctx, actor, record.Person{Given: "Hilma", Family: "Oterhals"})
		w.must(err)
		r, err := w.record.Round(ctx, actor, round.ID)
		w.must(err)
		there, err := w.record.AddPresence(ctx, actor, r.ID, r.Version, record.Presence{Words: "somebody"})
		w.must(err)
		_, err = w.record.AddParticipation(ctx, actor, record.Participation{RoundID: r.ID, PresenceID: there.ID, PersonID: author.ID})
		w.must(err)

		at := "/rounds/" + round.ID + "/courtesy"
		coordinator := w.as("coordinator")
		p := coordinator.get(at).is(200)
		coordinator.send(p, at, url.Values{"text": {" "}}).is(422).has("[role=alert]", "Paste the text")
		article := url.Values{"author": {author.ID}, "text": {"By Hilma Oterhals. The Signals Directorate sat in the second row."}}
		coordinator.send(p, at, article).is(200).has("#found", "1 finding").has("textarea[readonly]", "“Signals Directorate”: could this be said").
			has("textarea[readonly]", "We keep no copy")
		article.Set("author", "")
		coordinator.send(p, at, article).is(200).has("#found", "2 findings").has("textarea[readonly]", "“Hilma Oterhals”")
		for _, who := range []string{"editor", "desk-officer", "auditor", "rapporteur"} {
			w.as(who).get(at).is(404)
		}
	})
}
