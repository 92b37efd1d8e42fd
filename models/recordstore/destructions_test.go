package recordstore_test

import (
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"filippo.io/age"

	"track15/models/fault"
	"track15/models/record"
	"track15/models/recordstore"
	"track15/models/recordstore/recordtest"
	"track15/models/seal"
)

func TestNotesAreDestroyedByTwo(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		session, _ := w.sitting()
		w.take(w.as("rapporteur"), session.ID, lines("K1", "Canarium one.", "Canarium two."))
		all := must(w.store.NotesOf(ctx, w.as("rapporteur"), session.ID))(t)
		if err := w.store.RemoveIntervention(ctx, w.as("rapporteur"), session.ID, all[1].ID, 1); err != nil {
			t.Fatal(err)
		}
		far := must(w.store.AddSession(ctx, w.as("other"), record.Session{RoundID: w.foreign.ID, Title: "Hills"}))(t)
		w.take(w.as("other"), far.ID, lines("K1", "Stays."))
		identity := must(age.GenerateX25519Identity())(t)
		copied := must(w.store.CopyKeys(ctx, operator, io.Discard, []string{identity.Recipient().String()}, "A safe in Reedtown"))(t)

		// A copy of the database as a backup has it.
		backup := ""
		if path, ok := strings.CutPrefix(w.url, "sqlite:"); ok {
			backup = filepath.Join(t.TempDir(), "backup.db")
			for _, suffix := range []string{"", "-wal"} {
				if b, err := os.ReadFile(path + suffix); err == nil {
					if err := os.WriteFile(backup+suffix, b, 0o600); err != nil {
						t.Fatal(err)
					}
				}
			}
		}

		hold := must(w.store.HoldNotes(ctx, w.as("records officer"), record.Hold{RoundID: w.round.ID, Reason: "A court asked"}))(t)
		_, err := w.store.ProposeDestruction(ctx, w.as("coordinator"), record.Destruction{RoundID: w.round.ID, Reason: "Due"})
		wantKind(t, "held notes", err, fault.Invalid)
		wantKind(t, "the records officer ends the hold", w.store.EndHold(ctx, w.as("records officer"), w.round.ID, hold.ID, "Over"), fault.Forbidden)
		wantKind(t, "without a reason", w.store.EndHold(ctx, w.as("director"), w.round.ID, hold.ID, " "), fault.Invalid)
		if err := w.store.EndHold(ctx, w.as("director"), w.round.ID, hold.ID, "The court is done"); err != nil {
			t.Fatal(err)
		}
		d := must(w.store.ProposeDestruction(ctx, w.as("coordinator"), record.Destruction{RoundID: w.round.ID, Reason: "Due"}))(t)
		if again := must(w.store.ProposeDestruction(ctx, w.as("coordinator"), record.Destruction{ID: d.ID, RoundID: w.round.ID, Reason: "Due"}))(t); again != d {
			t.Errorf("proposed twice: %+v", again)
		}
		_, err = w.store.ProposeDestruction(ctx, w.as("records officer"), record.Destruction{RoundID: w.round.ID, Reason: "Due"})
		wantKind(t, "a second proposal", err, fault.Conflict)
		kept := must(w.store.Kept(ctx, w.as("director"), w.round.ID))(t)
		if kept.Notes != 2 || kept.Sessions != 1 || len(kept.Destructions) != 1 {
			t.Errorf("kept: %+v", kept)
		}
		for _, role := range []string{"coordinator", "records officer", "editor", "rapporteur", "administrator"} {
			if err := w.store.ConfirmDestruction(ctx, w.as(role), w.round.ID, d.ID, kept.Reference); err == nil {
				t.Errorf("a %s confirms", role)
			}
		}
		wantKind(t, "another reference", w.store.ConfirmDestruction(ctx, w.as("director"), w.round.ID, d.ID, "xx"), fault.Invalid)
		if n := must(w.store.FinishDestructions(ctx, record.Worker()))(t); n != 0 {
			t.Error("destroyed before the second person said so")
		}
		if err := w.store.ConfirmDestruction(ctx, w.as("director"), w.round.ID, d.ID, kept.Reference); err != nil {
			t.Fatal(err)
		}
		_, err = w.store.TakeDown(ctx, w.as("rapporteur"), session.ID, sentAt, lines("K1", "Too late."))
		wantKind(t, "a note after it was confirmed", err, fault.Invalid)
		if n := must(w.store.FinishDestructions(ctx, record.Worker()))(t); n != 1 {
			t.Errorf("%d destroyed", n)
		}
		if n := must(w.store.FinishDestructions(ctx, record.Worker()))(t); n != 0 {
			t.Errorf("%d destroyed again", n)
		}
		if all := must(w.store.Notes(ctx, w.as("coordinator"), w.round.ID))(t); len(all) != 0 {
			t.Errorf("%d lines are left", len(all))
		}
		if page := must(w.store.Sitting(ctx, w.as("coordinator"), session.ID))(t); page.Note.State != record.NotesDestroyed {
			t.Errorf("the page says %q", page.Note.State)
		}

		if got := texts(must(w.store.NotesOf(ctx, w.as("other"), far.ID))(t)); !slices.Equal(got, []string{"Stays."}) {
			t.Errorf("of another round there is %q", got)
		}

		kept = must(w.store.Kept(ctx, w.as("records officer"), w.round.ID))(t)
		done := kept.Destructions[0]
		var signed record.SignedCertificate
		var c record.Certificate
		if err := json.Unmarshal([]byte(done.Certificate), &signed); err != nil {
			t.Fatal(err)
		}
		if !ed25519.Verify(signed.PublicKey, signed.Certificate, signed.Signature) {
			t.Error("the signature does not hold")
		}
		if err := json.Unmarshal(signed.Certificate, &c); err != nil {
			t.Fatal(err)
		}
		if c.Notes != 2 || c.Sessions != 1 || len(c.Keysets) != 1 || c.Reference != kept.Reference || c.ProposedBy == "" || c.ConfirmedBy == "" || c.Series != "Lake Dialogue" {
			t.Errorf("the certificate says %+v", c)
		}
		if len(c.Copies) != 1 || c.Copies[0].ID != copied.ID {
			t.Errorf("copies to destroy: %+v", c.Copies)
		}
		if strings.Contains(string(signed.Certificate), "Canarium") || strings.Contains(string(signed.Certificate), "Heron") || strings.Contains(string(signed.Certificate), "Ottoline") {
			t.Error("the certificate says too much")
		}

		// The copy, with today's key directory.
		if backup != "" {
			w.url = "sqlite:" + backup
			_, err := w.open().Notes(ctx, w.as("coordinator"), w.round.ID)
			wantKind(t, "the notes of the copy", err, fault.Unavailable)
			if err != nil && !strings.Contains(err.Error(), c.Keysets[0]) {
				t.Errorf("the error does not name the key: %v", err)
			}
		}
	})
}

// A program that was stopped between the keys and the record carries on.
func TestDestructionIsCarriedOn(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		session, _ := w.sitting()
		w.take(w.as("rapporteur"), session.ID, lines("K1", "One."))
		d := must(w.store.ProposeDestruction(ctx, w.as("coordinator"), record.Destruction{RoundID: w.round.ID, Reason: "Due"}))(t)
		kept := must(w.store.Kept(ctx, w.as("director"), w.round.ID))(t)
		if err := w.store.ConfirmDestruction(ctx, w.as("director"), w.round.ID, d.ID, kept.Reference); err != nil {
			t.Fatal(err)
		}
		if _, err := must(seal.OpenRing(w.keys))(t).Destroy(seal.OfRound(w.round.ID)); err != nil {
			t.Fatal(err)
		}
		if n := must(w.open().FinishDestructions(ctx, record.Worker()))(t); n != 1 {
			t.Errorf("%d destroyed", n)
		}
		done := must(w.store.Kept(ctx, w.as("director"), w.round.ID))(t).Destructions[0]
		if done.State != record.DestructionDone || !strings.Contains(done.Certificate, "certificate") {
			t.Errorf("it stands at %+v", done)
		}
	})
}

// What was said of clearances, comments and what observations rest on goes with
// the notes, and the page before and the certificate after count it.
func TestTheCertificateCountsTheEvidence(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx, coordinator, director := t.Context(), w.as("coordinator"), w.as("director")
		session, _ := w.sitting()
		w.take(coordinator, session.ID, lines("K1", "One."))
		note := must(w.store.NotesOf(ctx, coordinator, session.ID))(t)[0]
		must(w.store.Observe(ctx, coordinator, w.text.ID, 1, record.Observation{ID: recordstore.NewID(), Text: "Fog."}, recordstore.Basis{NoteIDs: []string{note.ID}, Attribution: record.AsSide}))(t)
		must(w.store.AddComment(ctx, director, w.text.ID, record.Comment{ID: recordstore.NewID(), Draft: 2, Says: "Canarium comment."}))(t)
		recordtest.Clear(t, w.store, w.text.ID)
		side := record.Party{Kind: record.PartySide, ID: w.lake.Sides[0].ID}
		if err := w.store.ChangeNeed(ctx, coordinator, w.text.ID, record.NeedChange{Party: side, Need: record.NeedConsent, Reason: "They wish it."}); err != nil {
			t.Fatal(err)
		}
		asked := 0
		for _, l := range must(w.store.Ledger(ctx, director, w.text.ID))(t).Lines {
			if l.Asking != nil {
				asked++
			}
		}
		d := must(w.store.ProposeDestruction(ctx, coordinator, record.Destruction{RoundID: w.round.ID, Reason: "Due"}))(t)
		kept := must(w.store.Kept(ctx, director, w.round.ID))(t)
		if asked == 0 || kept.Evidence != asked+3 {
			t.Errorf("before: %d of evidence, %d asked", kept.Evidence, asked)
		}
		if err := w.store.ConfirmDestruction(ctx, director, w.round.ID, d.ID, kept.Reference); err != nil {
			t.Fatal(err)
		}
		must(w.store.FinishDestructions(ctx, record.Worker()))(t)
		kept = must(w.store.Kept(ctx, director, w.round.ID))(t)
		var signed record.SignedCertificate
		var c record.Certificate
		if err := errors.Join(json.Unmarshal([]byte(kept.Destructions[0].Certificate), &signed), json.Unmarshal(signed.Certificate, &c)); err != nil {
			t.Fatal(err)
		}
		if c.Clearances != asked || c.Decisions != 1 || c.Comments != 1 || c.Bases != 1 || kept.Evidence != 0 || strings.Contains(string(signed.Certificate), "Canarium") {
			t.Errorf("the certificate says %+v, %d asked; %d is left", c, asked, kept.Evidence)
		}
	})
}

// Nothing is certified while a keyset of the round is left, also one that is too
// damaged to say whose it is.
func TestNothingIsCertifiedWhileAKeysetIsLeft(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		session, _ := w.sitting()
		w.take(w.as("rapporteur"), session.ID, lines("K1", "One."))
		d := must(w.store.ProposeDestruction(ctx, w.as("coordinator"), record.Destruction{RoundID: w.round.ID, Reason: "Due"}))(t)
		kept := must(w.store.Kept(ctx, w.as("director"), w.round.ID))(t)
		if err := w.store.ConfirmDestruction(ctx, w.as("director"), w.round.ID, d.ID, kept.Reference); err != nil {
			t.Fatal(err)
		}
		key := must(must(seal.OpenRing(w.keys))(t).KeysOf(seal.OfRound(w.round.ID)))(t)[0]
		file := filepath.Join(w.keys, "keysets", key+".json")
		if err := os.WriteFile(file, []byte("damaged"), 0o600); err != nil {
			t.Fatal(err)
		}
		n, err := w.store.FinishDestructions(ctx, record.Worker())
		wantKind(t, "a keyset that is left", err, fault.Unavailable)
		done := must(w.store.Kept(ctx, w.as("director"), w.round.ID))(t).Destructions[0]
		if n != 0 || done.State != record.DestructionConfirmed || done.Certificate != "" || !strings.Contains(err.Error(), key) {
			t.Errorf("%d ended, %+v, %v", n, done, err)
		}
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
		if n := must(w.store.FinishDestructions(ctx, record.Worker()))(t); n != 1 {
			t.Errorf("without it %d ended", n)
		}
	})
}

func TestRetentionSaysWhatIsDue(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		session, _ := w.sitting()
		w.take(w.as("rapporteur"), session.ID, lines("K1", "One."))
		if list := must(w.store.KeptToDecide(ctx, w.as("records officer")))(t); len(list) != 0 {
			t.Errorf("to decide without a rule: %+v", list)
		}
		rule := record.Retention{SeriesID: w.lake.ID, Rule: record.AfterRound, Days: 30}
		wantKind(t, "the coordinator decides", w.store.SetRetention(ctx, w.as("coordinator"), rule), fault.Forbidden)
		for range 2 {
			if err := w.store.SetRetention(ctx, w.as("director"), rule); err != nil {
				t.Fatal(err)
			}
		}
		if list := must(w.store.KeptToDecide(ctx, w.as("records officer")))(t); len(list) != 1 || list[0].RoundID != w.round.ID {
			t.Errorf("to decide: %+v", list)
		}
		list := must(w.store.KeptRounds(ctx, w.as("records officer")))(t)
		if len(list) != 1 || list[0].Due != "2017-02-11" {
			t.Errorf("due: %+v", list)
		}
		if list, err := w.store.KeptRounds(ctx, w.as("other")); err != nil || slices.ContainsFunc(list, func(k recordstore.Kept) bool { return k.RoundID == w.round.ID }) {
			t.Errorf("the coordinator of another series sees %+v, %v", list, err)
		}
		_, err := w.store.Kept(ctx, w.as("desk officer"), w.round.ID)
		wantKind(t, "a desk officer", err, fault.Forbidden)
	})
}

// A proposal is taken back by whoever made it, also if they confirm elsewhere,
// and refused by a director of its series; by nobody else.
func TestWhoRefusesADestruction(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		session, _ := w.sitting()
		w.take(w.as("rapporteur"), session.ID, lines("K1", "One."))
		both := w.person("both", record.Grant{Role: record.Coordinator, SeriesID: w.lake.ID}, record.Grant{Role: record.Director, SeriesID: w.hill.ID})
		propose := func(by record.Actor) string {
			t.Helper()
			return must(w.store.ProposeDestruction(ctx, by, record.Destruction{RoundID: w.round.ID, Reason: "Due"}))(t).ID
		}
		refuse := func(by record.Actor, id string) error { return w.store.RefuseDestruction(ctx, by, w.round.ID, id) }
		if err := refuse(both, propose(both)); err != nil {
			t.Errorf("a proposer who is a director elsewhere: %v", err)
		}
		id := propose(w.as("coordinator"))
		wantForbidden(t, "another coordinator, director elsewhere", refuse(both, id))
		wantForbidden(t, "the records officer", refuse(w.as("records officer"), id))
		wantKind(t, "somebody of another series", refuse(w.as("other"), id), fault.NotFound)
		if err := refuse(w.as("director"), id); err != nil {
			t.Errorf("a director: %v", err)
		}
		_, err := w.store.ProposeDestruction(ctx, both, record.Destruction{RoundID: w.round.ID})
		if all := fault.All(err); len(all) != 1 || all[0].Field != "because" {
			t.Errorf("without a reason: %v", err)
		}
	})
}
