package desk_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"track15/models/database/dbtest"
	"track15/models/record"
	"track15/models/recordstore"
	"track15/web/browsertest"
)

// noteOne takes one line down and returns the round.
func (w *world) noteOne() (x record.Session, round string) {
	w.t.Helper()
	x = w.sitting()
	l := recordstore.Line{ID: recordstore.NewID(), Typed: record.Typed{Speaker: "K1", Text: "Heronale."}}
	_, err := w.record.TakeDown(context.Background(), w.actor("rapporteur"), x.ID, 0, []recordstore.Line{l})
	w.must(err)
	return x, x.RoundID
}

// Two people destroy the notes of a round, with pages alone.
func TestNotesAreDestroyedAtTheDesk(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		x, round := w.noteOne()
		path := "/kept/" + round
		records, director := w.as("records-officer"), w.as("director")
		if body := records.get("/kept").body; !strings.Contains(body, path) || strings.Contains(body, "Heronale") {
			t.Errorf("the list: %s", body)
		}
		director.post(path+"/retention", url.Values{"rule": {"days"}, "days": {"30"}})
		if body := director.get("/kept").body; !strings.Contains(body, "Due ") {
			t.Error("nothing is due")
		}
		records.post(path+"/hold", url.Values{"id": {recordstore.NewID()}, "reason": {"A court asked"}})
		if rec := records.raw(http.MethodPost, path+"/destroy", url.Values{"id": {recordstore.NewID()}, "because": {"Due"}}); rec.Code != http.StatusUnprocessableEntity || !strings.Contains(rec.Body.String(), "These notes are held") {
			t.Errorf("held notes: %d", rec.Code)
		}
		k, err := w.record.Kept(context.Background(), w.actor("director"), round)
		w.must(err)
		director.post(path+"/hold/"+k.Holds[0].ID, url.Values{"why": {"The court is done"}})
		records.post(path+"/destroy", url.Values{"id": {recordstore.NewID()}, "because": {"Due"}})
		k, err = w.record.Kept(context.Background(), w.actor("director"), round)
		w.must(err)
		confirm := path + "/destroy/" + k.Destructions[0].ID
		for what, form := range map[string]url.Values{
			"another password":  {"reference": {k.Reference}, "password": {"wrong"}},
			"another reference": {"reference": {"x"}, "password": {password}},
		} {
			if rec := director.raw(http.MethodPost, confirm, form); rec.Code != http.StatusUnprocessableEntity {
				t.Errorf("%s: %d", what, rec.Code)
			}
		}
		director.post(confirm, url.Values{"reference": {k.Reference}, "password": {password}})
		body := records.get(confirm).body
		if !strings.Contains(body, "Certificate of destruction") || strings.Contains(body, "Heronale") {
			t.Error("no certificate")
		}
		if rec := records.raw(http.MethodGet, confirm+"/certificate.json", nil); rec.Code != http.StatusOK || !strings.Contains(rec.Body.String(), "signature") {
			t.Errorf("the signed file: %d", rec.Code)
		}
		if n := len(w.noted(x.ID)); n != 0 {
			t.Errorf("%d lines are left", n)
		}
	})
}

func TestRetentionInABrowser(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(name string) string { return dbtest.SQLite(t, name) })
	_, round := w.noteOne()
	ctx := context.Background()
	_, err := w.record.HoldNotes(ctx, w.actor("coordinator"), record.Hold{RoundID: round, Reason: "A court asked", Until: "2030-01-01"})
	w.must(err)
	at := w.served()
	p := w.enter(t, at, "director", browsertest.View{})
	for _, path := range []string{"/kept", "/kept/" + round} {
		p.Goto(at + path)
		p.Readable()
	}
}

// Notes come in as a file or pasted, are found by words that stand in no
// address, and are read by those who may.
func TestNotesOfARound(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		x := w.sitting()
		taker := w.as("rapporteur")
		form := url.Values{"batch": {recordstore.NewID()}, "notes": {"11:24 K2: Heronale one.\n\n11:10 K1: Before it.\n\nNobody knows /side"}}
		for range 2 {
			taker.upload("/sittings/"+x.ID+"/text", form, "", "").is(http.StatusOK)
		}
		if got := strings.Join(w.noted(x.ID), " | "); got != "K1: Before it. | : Nobody knows | K2: Heronale one." {
			t.Errorf("noted %q", got)
		}
		taker.upload("/sittings/"+x.ID+"/text", url.Values{"batch": {recordstore.NewID()}}, "notes.pdf", "%PDF").is(http.StatusUnprocessableEntity)
		director := w.as("director")
		page := director.post("/rounds/"+x.RoundID+"/notes", url.Values{"words": {"HERONALE"}})
		if !strings.Contains(page.body, "Found in one line") || !strings.Contains(page.body, "Heronale one.") || strings.Contains(page.body, "Before it.") {
			t.Error("the words are not found, or more is")
		}
		for _, role := range []string{"rapporteur", "desk-officer", "editor", "records-officer"} {
			if rec := w.as(role).raw(http.MethodGet, "/rounds/"+x.RoundID+"/notes", nil); rec.Code != http.StatusNotFound || strings.Contains(rec.Body.String(), "Heronale") {
				t.Errorf("a %s gets %d", role, rec.Code)
			}
		}
		director.post("/sittings/"+x.ID+"/takers", url.Values{})
		if rec := taker.raw(http.MethodGet, "/sittings/"+x.ID, nil); rec.Code != http.StatusNotFound {
			t.Errorf("who takes no notes any more gets %d", rec.Code)
		}
	})
}

// A text says which of its observations rest on notes; which lines, it says to
// whoever may read them and asks, once that is written down.
func TestADraftShowsItsBasis(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		x := w.sitting()
		l := recordstore.Line{ID: recordstore.NewID(), Typed: record.Typed{Speaker: "K1", Text: "Heronale. /side"}}
		other := recordstore.Line{ID: recordstore.NewID(), Typed: record.Typed{Speaker: "N2", Text: "Ospreyan."}}
		_, err := w.record.TakeDown(ctx, w.actor("rapporteur"), x.ID, 0, []recordstore.Line{l, other})
		w.must(err)
		texts, _, err := w.record.Outputs(ctx, w.actor("coordinator"), recordstore.OutputFilter{RoundID: x.RoundID})
		w.must(err)
		text := texts[0]
		_, err = w.record.Observe(ctx, w.actor("coordinator"), text.ID, text.Draft.Number, record.Observation{ID: recordstore.NewID(), Text: "A number should be answered."},
			recordstore.Basis{NoteIDs: []string{l.ID}, Attribution: record.AsSide})
		w.must(err)
		path := "/drafts/" + text.ID
		read := func() int {
			t.Helper()
			all, err := w.record.AuditEntries(ctx, w.operator, 0, 500)
			w.must(err)
			n := 0
			for _, e := range all {
				if e.Act == record.ReadNotes {
					n++
				}
			}
			return n
		}
		director, editor := w.as("director"), w.as("editor")
		before := read()
		page := director.get(path)
		if n := strings.Count(page.body, "Rests on lines of the notes"); n != 1 || strings.Contains(page.body, "Heronale") || read() != before {
			t.Errorf("before it is asked for, the page says it %d times; notes were read %d times", n, read()-before)
		}
		page = director.get(path + "?basis=1")
		if says := page.text("#f-observations .log"); !strings.Contains(says, "Heronale.") || !strings.Contains(says, "K1") || strings.Contains(page.body, "Ospreyan") || read() != before+1 {
			t.Errorf("once it is asked for, it says %q; notes were read %d times", says, read()-before)
		}
		for _, address := range []string{path, path + "?basis=1"} {
			page := editor.get(address)
			if !strings.Contains(page.body, "Rests on lines of the notes") || strings.Contains(page.body, "Heronale") || len(page.all(`#f-observations a`)) > 0 {
				t.Error("an editor reads more than that it rests on notes")
			}
		}
		all, err := w.record.NotesOf(ctx, w.actor("coordinator"), x.ID)
		w.must(err)
		for _, one := range all {
			if one.ID == l.ID {
				w.must(w.record.RemoveIntervention(ctx, w.actor("coordinator"), x.ID, l.ID, one.Version))
			}
		}
		if body := director.get(path + "?basis=1").body; !strings.Contains(body, "And on 1 more, taken out of the notes since") || strings.Contains(body, "Heronale") {
			t.Error("a line that was taken out is not told")
		}
	})
}
