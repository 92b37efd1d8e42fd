package release_test

import (
	"slices"
	"strings"
	"testing"

	"track15/models/database/dbtest"
	"track15/models/fault"
	"track15/models/published"
	"track15/models/record"
	"track15/models/recordstore"
	"track15/models/release"
)

// told is what somebody reads out: a text code, and the letters of a row for a text
// code.
func told(signer, text string, row record.CodeRow, of string) recordstore.Telephoned {
	return recordstore.Telephoned{SignerID: signer, TextCode: text, Row: row.Number, Letters: row.Letters(of)}
}

// A second signature by telephone is the signer's, once for each of their codes,
// and says who typed it. Whatever does not fit is refused in the same words.
func TestCountersigningByTelephone(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		w := newWorld(t, store)
		ctx := t.Context()
		r := w.round(w.ann, "1st round", w.exact("tank", 0))
		made := w.prepare(release.PrepareRequest{RoundID: r.ID})
		w.sign(made.ID)
		said := published.TextCode(made.Hash)
		list := must(w.store.MakeReleaseCodes(ctx, w.bob))(t)
		old := list[0]
		list = must(w.store.MakeReleaseCodes(ctx, w.bob))(t)
		if len(list) != 10 || list[0] == list[1] || len(list[0].Letters(said)) != 6 || list[0].Letters(said) == old.Letters(said) {
			t.Fatalf("a list of %d rows", len(list))
		}
		refusals := map[string]bool{}
		refused := func(by record.Actor, t recordstore.Telephoned) {
			w.Helper()
			err := w.service.CountersignByTelephone(ctx, by, made.ID, t)
			fails(w.T, fault.Forbidden, err)
			refusals[err.Error()] = true
		}
		other := strings.Replace(said, said[len(said)-1:], string('0'+(said[len(said)-1]-'0'+1)%10), -1)
		refused(w.ann, told(w.bob.ID, said, old, said))
		refused(w.ann, told(w.bob.ID, said, list[0], other)) // letters for another release
		refused(w.ann, told("nonesuch", said, list[0], said))
		refused(w.ann, told(w.eve.ID, said, list[0], said)) // may not countersign
		refused(w.ann, told(w.ann.ID, said, list[0], said))
		// Right letters with a text code that was misheard: the row is used all the same,
		// for whoever types it has heard it.
		refused(w.ann, told(w.bob.ID, other, list[0], said))
		refused(w.ann, told(w.bob.ID, said, list[0], said))
		if len(refusals) != 1 {
			t.Errorf("%d ways of saying no: %v", len(refusals), refusals)
		}
		if err := w.service.CountersignByTelephone(ctx, w.eve, made.ID, told(w.bob.ID, said, list[1], said)); err == nil {
			t.Error("an editor typed a signature")
		}
		list = must(w.store.MakeReleaseCodes(ctx, w.bob))(t)
		right := told(w.bob.ID, strings.ReplaceAll(said, " ", "-"), list[2], said)
		right.Letters = " " + strings.ToLower(right.Letters[:3]) + " " + right.Letters[3:]
		if err := w.service.CountersignByTelephone(ctx, w.ann, made.ID, right); err != nil {
			t.Fatal(err)
		}
		w.deliver(1)
		got := w.state(made.ID).Signature(2)
		if got.ID != w.bob.ID || got.Entered.Name != "Ann" {
			t.Errorf("signed by %s, typed by %q", got.Name, got.Entered.Name)
		}
		if left, _, _ := w.store.ReleaseCodes(ctx, w.bob); left != 9 {
			t.Errorf("%d rows are left", left)
		}
		acts := map[string]int{}
		for _, e := range must(w.store.AuditEntries(ctx, operator, 0, 100))(t) {
			if slices.Contains(e.Objects, w.bob.ID) || slices.Contains(e.Objects, made.ID) {
				acts[string(e.Act)]++
			}
		}
		if acts["enter a signature"] != 2 || acts["countersign"] != 1 || acts["refuse a password"] < 5 {
			t.Errorf("the log says %v", acts)
		}

		// A row is good once; five wrong tries spend the list.
		made = w.prepare(release.PrepareRequest{RoundID: w.round(w.ann, "2nd round").ID})
		w.sign(made.ID)
		said = published.TextCode(made.Hash)
		refused(w.ann, told(w.bob.ID, said, list[2], said))
		for range 5 {
			refused(w.ann, recordstore.Telephoned{SignerID: w.bob.ID, TextCode: said, Row: 1, Letters: "AAAAAA"})
		}
		refused(w.ann, told(w.bob.ID, said, list[1], said))
		if left, since, _ := w.store.ReleaseCodes(ctx, w.bob); left != 0 || since != 0 {
			t.Errorf("after five wrong tries %d rows are left", left)
		}

		// Somebody who contributed is barred by telephone too.
		carl := w.person("Carl", record.Director)
		full := w.read(r.ID)
		full.City = "Port Anselm Harbour"
		if _, err := w.store.EditRound(ctx, carl, full); err != nil {
			t.Fatal(err)
		}
		made = w.prepare(release.PrepareRequest{RoundID: r.ID, Amendment: true})
		w.sign(made.ID)
		theirs := must(w.store.MakeReleaseCodes(ctx, carl))(t)
		if err := w.service.CountersignByTelephone(ctx, w.ann, made.ID, told(carl.ID, published.TextCode(made.Hash), theirs[0], published.TextCode(made.Hash))); err == nil {
			t.Error("who contributed signed by telephone")
		}
		if left, _, _ := w.store.ReleaseCodes(ctx, carl); left != 9 {
			t.Errorf("a row that was read out can be read out again: %d are left", left)
		}
	})
}

// Who typed a signature is part of what its MAC holds.
func TestWhoTypedASignatureCannotBeChanged(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		w := newWorld(t, store)
		made := w.prepare(release.PrepareRequest{RoundID: w.round(w.ann, "1st round").ID})
		w.sign(made.ID)
		list, said := must(w.store.MakeReleaseCodes(t.Context(), w.bob))(t), published.TextCode(made.Hash)
		if err := w.service.CountersignByTelephone(t.Context(), w.ann, made.ID, told(w.bob.ID, said, list[0], said)); err != nil {
			t.Fatal(err)
		}
		w.tamper("UPDATE release_signatures SET entered_by = '', entered_name = '' WHERE position = 2")
		w.deliver(0)
		if got := w.state(made.ID).State; got != record.Refused {
			t.Errorf("a signature whose typist was taken out is %s", got)
		}
	})
}
