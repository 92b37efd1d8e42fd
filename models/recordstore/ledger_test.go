package recordstore_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"track15/models/fault"
	"track15/models/record"
	"track15/models/recordstore"
	"track15/models/recordstore/recordtest"
)

// speaking is a text about the round that names a body and a person of it.
func (w *world) speaking() record.Output {
	w.t.Helper()
	ctx := w.t.Context()
	must(w.store.Enter(ctx, w.as("coordinator"), w.round.ID, []recordstore.Entrant{{
		Person: record.Person{Given: "Osk", Family: "Marren", Sample: true}, Participation: record.Participation{Post: "Director"},
	}}))(w.t)
	o := must(w.store.Output(ctx, w.as("editor"), w.text.ID))(w.t)
	d := o.Draft
	d.Title, d.Body = "Fog horns", "A horn was proposed.\n\nOsk Marren of the Lake Navy explained it. Marren was brief."
	must(w.store.SaveDraft(ctx, w.as("editor"), o.ID, d.Number, d))(w.t)
	return must(w.store.Output(ctx, w.as("editor"), w.text.ID))(w.t)
}

// ledger is the ledger of a text by kind of party, of which it has one each but
// for sides.
func (w *world) ledger(outputID string) map[record.PartyKind]record.LedgerLine {
	w.t.Helper()
	out := map[record.PartyKind]record.LedgerLine{}
	for _, l := range must(w.store.Ledger(w.t.Context(), w.as("director"), outputID))(w.t).Lines {
		out[l.Party.Kind] = l
	}
	return out
}

func TestLedgerBindsConsentToTheWordsShown(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx, coordinator := t.Context(), w.as("coordinator")
		o := w.speaking()
		lines := w.ledger(o.ID)
		if len(lines) != 3 || lines[record.PartyPerson].Name != "Osk Marren" || lines[record.PartyBody].Name != "Lake Navy" {
			t.Fatalf("asked for are %+v", lines)
		}
		if !must(w.store.Uncleared(ctx, w.as("editor"), o.ID))(t) {
			t.Error("nothing is missing though nobody was asked")
		}
		ask := recordstore.Ask{Draft: o.Draft.Number, On: "2023-11-10", Due: "2023-11-20", Parties: []record.Party{lines[record.PartyPerson].Party, lines[record.PartyBody].Party}}
		for range 2 { // a form sent twice asks once
			if err := w.store.AskClearance(ctx, coordinator, o.ID, ask); err != nil {
				t.Fatal(err)
			}
		}
		all := must(w.store.Ledger(ctx, coordinator, o.ID))(t)
		if len(all.Askings) != 2 || len(all.Askings[0].Code) != 24 {
			t.Fatalf("%d askings, code %q", len(all.Askings), all.Askings[0].Code)
		}
		person := w.ledger(o.ID)[record.PartyPerson].Asking
		answered := func(version int64, r record.Reply, wording ...string) error {
			return w.store.RecordReply(ctx, coordinator, o.ID, person.ID, version, r, wording)
		}
		for field, r := range map[string]record.Reply{
			"answer":  {On: "2023-11-12", Channel: "mail", Said: "x"},
			"on":      {State: record.Granted, On: "2023-11-09", Channel: "mail", Said: "x"},
			"channel": {State: record.Granted, On: "2023-11-12", Channel: "pigeon", Said: "x"},
			"said":    {State: record.Granted, On: "2023-11-12", Channel: "mail"},
			"wording": {State: record.GrantedWithChanges, On: "2023-11-12", Channel: "mail", Said: "x"},
		} {
			if err := answered(1, r); fault.KindOf(err) != fault.Invalid {
				t.Errorf("%s: %v", field, err)
			}
		}
		yes := record.Reply{State: record.Granted, On: "2023-11-12", Channel: "mail", Said: "Gladly."}
		for range 2 {
			if err := answered(1, yes); err != nil {
				t.Fatal(err)
			}
		}
		if err := answered(1, record.Reply{State: record.NotGranted, On: "2023-11-13", Channel: "call", Said: "No."}); fault.KindOf(err) != fault.Conflict {
			t.Errorf("another answer from an old form: %v", err)
		}
		if l := w.ledger(o.ID)[record.PartyPerson]; l.Stand != record.Stands || l.Asking.RecordedBy != coordinator.ID {
			t.Errorf("%s %s", l.Stand, l.Because)
		}

		// An edit elsewhere leaves it, one of its words voids it.
		d := o.Draft
		d.Title = "Of fog horns"
		must(w.store.SaveDraft(ctx, w.as("editor"), o.ID, d.Number, d))(t)
		if l := w.ledger(o.ID)[record.PartyPerson]; !l.Met() {
			t.Errorf("an edit elsewhere: %s %s", l.Stand, l.Because)
		}
		if err := w.store.AskClearance(ctx, coordinator, o.ID, ask); fault.KindOf(err) != fault.Conflict {
			t.Errorf("asked with an old version: %v", err)
		}
		d.Number++
		d.Body = strings.Replace(d.Body, "brief", "long", 1)
		must(w.store.SaveDraft(ctx, w.as("editor"), o.ID, d.Number, d))(t)
		if l := w.ledger(o.ID)[record.PartyPerson]; l.Met() || l.Stand != record.Void {
			t.Errorf("an edit of its words: %s %s", l.Stand, l.Because)
		}

		// Its own wording is consent to what comes of it.
		changed := record.Reply{State: record.GrantedWithChanges, On: "2023-11-14", Channel: "letter", Said: "Say it so."}
		if err := answered(2, changed, "Osk Marren of the Lake Navy explained it. Marren was brief."); fault.KindOf(err) != fault.Invalid {
			t.Errorf("changes that change nothing: %v", err)
		}
		if err := answered(2, changed, "Osk Marren of the Lake Navy explained it. Marren was long."); err != nil {
			t.Fatal(err)
		}
		l := w.ledger(o.ID)[record.PartyPerson]
		if !l.Met() || len(l.Asking.Earlier) != 1 || l.Asking.Earlier[0].Said != "Gladly." {
			t.Errorf("%s %s %+v", l.Stand, l.Because, l.Asking.Earlier)
		}
		if err := answered(3, record.Reply{State: record.Revoked, On: "2023-11-14", Channel: "call", Said: "Not any more."}); err != nil {
			t.Fatal(err)
		}
		if l := w.ledger(o.ID)[record.PartyPerson]; l.Met() {
			t.Error("a revoked clearance holds")
		}
	})
}

func TestLedgerNeedsARightAndAReason(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		o := w.speaking()
		navy := record.Party{Kind: record.PartyBody, ID: w.navy.ID}
		for _, role := range []string{"editor", "rapporteur", "desk officer", "records officer", "auditor", "administrator", "other", "nobody"} {
			if l, err := w.store.Ledger(ctx, w.as(role), o.ID); err == nil || len(l.Lines) != 0 {
				t.Errorf("%s reads the ledger", role)
			}
			if err := w.store.ChangeNeed(ctx, w.as(role), o.ID, record.NeedChange{Party: navy, Need: record.NeedNothing, Reason: "x"}); err == nil {
				t.Errorf("%s changes the list", role)
			}
		}
		change := record.NeedChange{Party: navy, Need: record.NeedNothing}
		if err := w.store.ChangeNeed(ctx, w.as("director"), o.ID, change); fault.KindOf(err) != fault.Invalid {
			t.Errorf("without a reason: %v", err)
		}
		change.Reason = "Its press office wrote the sentence."
		if err := w.store.ChangeNeed(ctx, w.as("director"), o.ID, change); err != nil {
			t.Fatal(err)
		}
		if l := w.ledger(o.ID)[record.PartyBody]; !l.Met() || l.Change == nil || l.Change.By != "director" {
			t.Errorf("%+v", l)
		}
		foreign := record.NeedChange{Party: record.Party{Kind: record.PartyBody, ID: w.category.ID}, Need: record.NeedConsent, Reason: "x"}
		if err := w.store.ChangeNeed(ctx, w.as("director"), o.ID, foreign); fault.KindOf(err) != fault.Invalid {
			t.Errorf("a party that the text cannot concern: %v", err)
		}
		if err := w.store.AskClearance(ctx, w.as("director"), o.ID, recordstore.Ask{Draft: o.Draft.Number, On: "2023-11-10", Silence: "Agreed", Parties: []record.Party{navy}}); fault.KindOf(err) != fault.Invalid {
			t.Errorf("silence without a day: %v", err)
		}
	})
}

// What parties were shown and said stands in no file in clear.
func TestLedgerIsSealed(t *testing.T) {
	w := newWorld(t, "sqlite:"+filepath.Join(t.TempDir(), "record.db"))
	ctx, coordinator := t.Context(), w.as("coordinator")
	o := w.speaking()
	var parties []record.Party
	for _, l := range w.ledger(o.ID) {
		parties = append(parties, l.Party)
	}
	if err := w.store.AskClearance(ctx, coordinator, o.ID, recordstore.Ask{Draft: o.Draft.Number, On: "2023-11-10", Due: "2023-11-20", Silence: "canarium agreed", Parties: parties}); err != nil {
		t.Fatal(err)
	}
	a := w.ledger(o.ID)[record.PartyBody].Asking
	reply := record.Reply{State: record.Granted, On: "2023-11-12", Channel: "mail", Said: "canarium said", Evidence: record.Evidence{Name: "canarium.txt", Type: "text/plain", Content: []byte("canarium shown")}}
	if err := w.store.RecordReply(ctx, coordinator, o.ID, a.ID, 1, reply, nil); err != nil {
		t.Fatal(err)
	}
	if err := w.store.ChangeNeed(ctx, coordinator, o.ID, record.NeedChange{Party: a.Party, Need: record.NeedConsent, Reason: "canarium reason"}); err != nil {
		t.Fatal(err)
	}
	if got := must(w.store.Asking(ctx, coordinator, o.ID, a.ID))(t); string(got.Reply.Evidence.Content) != "canarium shown" {
		t.Errorf("evidence is %q", got.Reply.Evidence.Content)
	}
	article := must(w.store.AddOutput(ctx, coordinator, record.Output{
		SeriesID: w.lake.ID, RoundID: w.round.ID, Kind: record.ParticipantPiece, External: true, Sample: true,
		Draft: record.Draft{Title: "On horns", Lang: "en", URL: "https://example.org/horns", Authors: []record.Author{{Literal: "A participant"}}, Observations: []record.Observation{{Text: "canarium observed"}}},
	}))(t)
	if got := must(w.store.Output(ctx, coordinator, article.ID))(t); got.Draft.Observations[0].Text != "canarium observed" || got.Draft.URL == "" {
		t.Errorf("the article is read as %+v", got.Draft)
	}
	if _, err := w.store.Observe(ctx, coordinator, article.ID, 1, record.Observation{Text: "said"}, recordstore.Basis{NoteIDs: []string{"x"}}); fault.KindOf(err) != fault.NotFound {
		t.Errorf("an article rests on notes: %v", err)
	}
	w.store.Close()
	path, _ := strings.CutPrefix(w.url, "sqlite:")
	files, err := filepath.Glob(path + "*")
	if err != nil || len(files) == 0 {
		t.Fatalf("%v, %d files", err, len(files))
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, words := range []string{"canarium", "Y2FuYXJpd", "explained it"} {
			if strings.Contains(string(b), words) {
				t.Errorf("%q stands in %s", words, filepath.Base(f))
			}
		}
	}
}

// An editor who tries names in a text of their own is told the same of every one:
// of a body behind a badge, of one that is withheld, of one that was not there.
func TestAnEditorsGuessesTellNothing(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx, editor := t.Context(), w.as("editor")
		for _, name := range []string{"Quiet Service", "Hidden Office", "Ministry of Lakes", "nobody"} {
			o := must(w.store.AddOutput(ctx, editor, record.Output{
				SeriesID: w.lake.ID, RoundID: w.round.ID, Kind: record.ParallelPaper, Sample: true,
				Draft: record.Draft{Title: "A guess", Lang: "en", Body: "It was " + name + "."},
			}))(t)
			if !must(w.store.Uncleared(ctx, editor, o.ID))(t) {
				t.Errorf("%s: an editor is told that nothing is missing", name)
			}
			// Once somebody who may know has asked about this version, the editor
			// learns that it is cleared.
			party := record.Party{Kind: record.PartySide, ID: w.lake.Sides[0].ID}
			if err := w.store.ChangeNeed(ctx, w.as("coordinator"), o.ID, record.NeedChange{Party: party, Need: record.NeedSight, Reason: "Promised"}); err != nil {
				t.Fatal(err)
			}
			recordtest.Clear(t, w.store, o.ID)
			if must(w.store.Uncleared(ctx, editor, o.ID))(t) {
				t.Errorf("%s: a text that is cleared is not", name)
			}
			d := o.Draft
			d.Body += " Also nobody."
			must(w.store.SaveDraft(ctx, editor, o.ID, 1, d))(t)
			if !must(w.store.Uncleared(ctx, editor, o.ID))(t) {
				t.Errorf("%s: an edit is cleared before anybody looked", name)
			}
		}
	})
}
