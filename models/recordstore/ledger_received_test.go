package recordstore_test

import (
	"strings"
	"testing"

	"track15/models/fault"
	"track15/models/record"
	"track15/models/recordstore"
)

// A file that came is kept before anybody says what it answers, and is then the
// evidence of the answer. The changes of the party are taken over as an edit of
// whoever takes them: its clearance stands then, and so do those of others whose
// words it left alone.
func TestTakingOverWhatAPartyChanged(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx, coordinator, director := t.Context(), w.as("coordinator"), w.as("director")
		o := w.speaking()
		lines := w.ledger(o.ID)
		var parties []record.Party
		for _, l := range lines {
			parties = append(parties, l.Party)
		}
		if err := w.store.AskClearance(ctx, coordinator, o.ID, recordstore.Ask{Draft: o.Draft.Number, On: "2023-11-10", Parties: parties}); err != nil {
			t.Fatal(err)
		}
		side, navy := w.ledger(o.ID)[record.PartySide].Asking, w.ledger(o.ID)[record.PartyBody].Asking
		file := record.Evidence{Name: "answer.docx", Type: "application/zip", Content: []byte("PK their letter")}
		kept := must(w.store.KeepReceived(ctx, coordinator, o.ID, side.ID, side.Version, file))(t)
		if kept.Version != 2 || kept.Reply.State != record.NoReply || string(kept.Holds().Content) != "PK their letter" {
			t.Errorf("kept as %+v", kept)
		}
		if l := w.ledger(o.ID)[record.PartySide]; l.Stand == record.Stands {
			t.Error("a file that nobody read is an answer")
		}
		if _, err := w.store.KeepReceived(ctx, director, o.ID, side.ID, 1, record.Evidence{Name: "b", Content: []byte("b")}); fault.KindOf(err) != fault.Conflict {
			t.Errorf("another file from an old form: %v", err)
		}
		if _, err := w.store.TakeOver(ctx, coordinator, o.ID, side.ID); fault.KindOf(err) != fault.Conflict {
			t.Errorf("taken over before there was an answer: %v", err)
		}

		reply := record.Reply{State: record.GrantedWithChanges, On: "2023-11-12", Channel: "mail", Said: "Please."}
		var wording []string
		for _, p := range side.Shown.Passages {
			wording = append(wording, strings.NewReplacer("Fog horns", "Of fog horns", "A horn was proposed.", "A horn was considered.\n\nIt was not sounded.").Replace(p.Text))
		}
		if err := w.store.RecordReply(ctx, coordinator, o.ID, side.ID, 2, reply, wording); err != nil {
			t.Fatal(err)
		}
		if a := must(w.store.Asking(ctx, coordinator, o.ID, side.ID))(t); string(a.Reply.Evidence.Content) != "PK their letter" || len(a.Received.Content) != 0 {
			t.Errorf("evidence is %q, received %q", a.Reply.Evidence.Content, a.Received.Content)
		}
		if err := w.store.RecordReply(ctx, coordinator, o.ID, navy.ID, 1, record.Reply{State: record.Granted, On: "2023-11-12", Channel: "mail", Said: "Yes."}, nil); err != nil {
			t.Fatal(err)
		}
		for _, role := range []string{"editor", "nobody", "other"} {
			if _, err := w.store.TakeOver(ctx, w.as(role), o.ID, side.ID); err == nil {
				t.Errorf("%s takes over what a party changed", role)
			}
		}
		d := must(w.store.TakeOver(ctx, coordinator, o.ID, side.ID))(t)
		if d.Title != "Of fog horns" || d.AuthorID != coordinator.ID || !strings.HasPrefix(d.Body, "A horn was considered.\n\nIt was not sounded.\n\nOsk Marren of") {
			t.Errorf("version %d by %s: %q, %q", d.Number, d.AuthorID, d.Title, d.Body)
		}
		if again := must(w.store.TakeOver(ctx, director, o.ID, side.ID))(t); again.Number != d.Number {
			t.Errorf("taken over twice makes version %d", again.Number)
		}
		if l := w.ledger(o.ID)[record.PartySide]; l.Stand != record.Stands || l.Because != "with its changes" {
			t.Errorf("the party that changed it: %s %s", l.Stand, l.Because)
		}
		if l := w.ledger(o.ID)[record.PartyBody]; l.Stand != record.Stands {
			t.Errorf("a party whose words were left alone: %s %s", l.Stand, l.Because)
		}
	})
}
