package release_test

import (
	"testing"

	"track15/models/fault"
	"track15/models/record"
	"track15/models/recordstore"
	"track15/models/release"
)

// What rests on the notes of a closed session is not released, however open the
// round is; what rests on those of another is.
func TestNothingOfAClosedSessionIsReleased(t *testing.T) {
	both(t, func(w *world) {
		ctx := w.Context()
		r := w.round(w.ann, "tenth")
		taker := w.person("Rae", record.Rapporteur)
		noted := func(title string) (record.Session, string) {
			w.Helper()
			s := must(w.store.AddSession(ctx, w.ann, record.Session{RoundID: r.ID, Title: title, On: "2025-09-17"}))(w.T)
			if err := w.store.AssignNotes(ctx, w.bob, s.ID, []record.Taker{{AccountID: taker.ID}}); err != nil {
				w.Fatal(err)
			}
			line := recordstore.Line{ID: recordstore.NewID(), Typed: record.Typed{Text: "Said here."}}
			if _, err := w.store.TakeDown(ctx, taker, s.ID, 100, []recordstore.Line{line}); err != nil {
				w.Fatal(err)
			}
			return s, must(w.store.NotesOf(ctx, w.ann, s.ID))(w.T)[0].ID
		}
		closed, secret := noted("Closed")
		_, open := noted("Open")
		if _, err := w.store.AddRuleChange(ctx, w.ann, record.RuleChange{RoundID: r.ID, SessionID: closed.ID}, nil); err != nil {
			w.Fatal(err)
		}
		text := func(note string) record.Output {
			w.Helper()
			o := w.text(w.ann, r.ID, "Summary of it")
			must(w.store.Observe(ctx, w.ann, o.ID, 1, record.Observation{Text: "It was said."}, recordstore.Basis{NoteIDs: []string{note}}))(w.T)
			return o
		}
		fromClosed := text(secret)
		_, err := w.service.PrepareRound(ctx, w.ann, release.PrepareRequest{RoundID: r.ID, OutputIDs: []string{fromClosed.ID}})
		if fault.KindOf(err) != fault.Forbidden {
			w.Errorf("a text from a closed session: %v", err)
		}
		fromOpen := text(open)
		w.pass(w.prepare(release.PrepareRequest{RoundID: r.ID, OutputIDs: []string{fromOpen.ID}}).ID)
	})
}

// What rests on no notes may have been said at any time of the round: rules that
// closed a part of it close the text, for the release and for the ledger alike.
func TestWordsWithoutNotesAreHeldToEveryHour(t *testing.T) {
	both(t, func(w *world) {
		r := w.round(w.ann, "tenth")
		o := w.text(w.ann, r.ID, "Summary of it")
		if _, err := w.store.AddRuleChange(w.Context(), w.ann, record.RuleChange{RoundID: r.ID, From: "2025-09-17T10:00", Until: "2025-09-17T11:00"}, nil); err != nil {
			w.Fatal(err)
		}
		_, err := w.service.PrepareRound(w.Context(), w.ann, release.PrepareRequest{RoundID: r.ID, OutputIDs: []string{o.ID}})
		if fault.KindOf(err) != fault.Forbidden {
			w.Errorf("a text of a round with a closed hour: %v", err)
		}
		for _, l := range must(w.store.Ledger(w.Context(), w.ann, o.ID))(w.T).Lines {
			if l.Need != record.NeedConsent {
				w.Errorf("the ledger needs %q of %s", l.Need, l.Name)
			}
		}
	})
}
