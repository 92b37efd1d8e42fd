package recordstore_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/record"
	"track15/models/recordstore"
)

// A link opens to who has it and its code, what one party was shown and nothing
// else; it answers once; whatever else is tried is refused in one way.
func TestReplyLinks(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		coordinator, editor := w.as("coordinator"), w.as("editor")
		o := w.speaking()
		ask := func(side int) string {
			t.Helper()
			party := record.Party{Kind: record.PartySide, ID: w.lake.Sides[side].ID}
			if err := w.store.AskClearance(ctx, coordinator, o.ID, recordstore.Ask{Draft: o.Draft.Number, On: "2023-11-10", Parties: []record.Party{party}}); err != nil {
				t.Fatal(err)
			}
			all := must(w.store.Ledger(ctx, coordinator, o.ID))(t).Askings
			i := slices.IndexFunc(all, func(a record.Asking) bool { return a.Party == party })
			return all[i].ID
		}
		asking := ask(0)
		if _, _, err := w.store.MakeLink(ctx, editor, o.ID, asking); err == nil {
			t.Error("an editor made a link")
		}
		make := func() (token, code string) {
			t.Helper()
			token, code, err := w.store.MakeLink(ctx, coordinator, o.ID, asking)
			if err != nil || len(token) < 26 || len(code) != 6 {
				t.Fatal(len(token), len(code), err)
			}
			return token, code
		}
		says := map[string]bool{}
		shut := func(token, code string) {
			t.Helper()
			_, _, _, err := w.store.OpenLink(ctx, token, code)
			if fault.KindOf(err) != fault.Forbidden {
				t.Errorf("it opens: %v", err)
				return
			}
			says[err.Error()] = true
			err = w.store.AnswerLink(ctx, token, code, record.LinkAnswer{Kind: record.LinkClear})
			if fault.KindOf(err) != fault.Forbidden {
				t.Errorf("it answers: %v", err)
				return
			}
			says[err.Error()] = true
		}
		old, oldCode := make()
		token, code := make()
		shut(old, oldCode) // revoked by the next
		shut("nonesuch", code)
		shut("", "")
		shut(token, "")

		a, by, _, err := w.store.OpenLink(ctx, token, code[:3]+" "+code[3:])
		if err != nil || by == "" || len(a.Shown.Passages) == 0 {
			t.Fatalf("%+v, %q, %v", a.Shown, by, err)
		}
		if err := w.store.AnswerLink(ctx, token, code, record.LinkAnswer{}); fault.KindOf(err) != fault.Invalid {
			t.Errorf("no answer is taken: %v", err)
		}
		if err := w.store.AnswerLink(ctx, token, code, record.LinkAnswer{Kind: record.LinkClear, Words: "With thanks.", Lang: "zh-Hans"}); err != nil {
			t.Fatal(err)
		}
		got := must(w.store.Asking(ctx, coordinator, o.ID, asking))(t)
		if got.Reply.State != record.Granted || got.Reply.Channel != "one-time link" || got.Reply.Said != "With thanks." || got.Reply.Lang != "zh-Hans" || got.RecordedBy != "" {
			t.Errorf("%+v recorded by %q", got.Reply, got.RecordedBy)
		}
		shut(token, code) // answered
		if _, _, err := w.store.MakeLink(ctx, coordinator, o.ID, asking); fault.KindOf(err) != fault.Conflict {
			t.Errorf("a link to what is answered: %v", err)
		}
		if l := must(w.store.LinkOf(ctx, coordinator, o.ID, asking))(t); l.Ended != record.LinkAnswered {
			t.Errorf("the link is %q", l.Ended)
		}

		// Changes clear nothing: they wait for somebody to take them over.
		asking = ask(1)
		token, code = make()
		if err := w.store.AnswerLink(ctx, token, code, record.LinkAnswer{Kind: record.LinkChanges}); fault.KindOf(err) != fault.Invalid {
			t.Errorf("changes without words: %v", err)
		}
		if err := w.store.AnswerLink(ctx, token, code, record.LinkAnswer{Kind: record.LinkChanges, Words: "One participant said so."}); err != nil {
			t.Fatal(err)
		}
		got = must(w.store.Asking(ctx, coordinator, o.ID, asking))(t)
		if got.Reply.State != record.NoReply || string(got.Received.Content) != "One participant said so." {
			t.Errorf("%+v, %s", got.Reply, got.Received.Content)
		}

		// Five wrong codes spend a link, and a week does.
		token, code = make()
		for range record.LinkTries {
			shut(token, "000000")
		}
		shut(token, code)
		token, code = make()
		db := must(database.Open(ctx, w.url, database.Options{}))(t)
		err = db.Write(ctx, func(tx *gorm.DB) error { return tx.Exec("UPDATE reply_links SET ends_at = 1").Error })
		if err = errors.Join(err, db.Close()); err != nil {
			t.Fatal(err)
		}
		shut(token, code)
		if l := must(w.store.LinkOf(ctx, coordinator, o.ID, asking))(t); l.Ended != record.LinkExpired {
			t.Errorf("after its end the link is %q", l.Ended)
		}
		token, code = make()
		if err := w.store.RevokeLink(ctx, coordinator, o.ID, asking); err != nil {
			t.Fatal(err)
		}
		shut(token, code)
		if len(says) != 1 {
			t.Errorf("%d ways of saying no: %v", len(says), says)
		}
		for _, e := range must(w.store.AuditEntries(ctx, operator, 0, 100))(t) {
			if strings.Contains(strings.Join(e.Objects, " "), token) || strings.Contains(string(e.Act), code) {
				t.Error("the audit log holds a link")
			}
		}
		if record.LinkHolder().May(record.ReadClearance, "") || record.LinkHolder().May(record.ReadDraft, record.AllSeries) {
			t.Error("whoever has a link may do more than answer")
		}
	})
}
