package release_test

import (
	"strings"
	"testing"

	"track15/models/database/dbtest"
	"track15/models/fault"
	"track15/models/published"
	"track15/models/record"
	"track15/models/recordstore"
	"track15/models/release"
)

// told is what somebody reads out.
func told(signer, text, code string) recordstore.Telephoned {
	return recordstore.Telephoned{SignerID: signer, TextCode: text, Code: code}
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
		codes := must(w.store.MakeReleaseCodes(ctx, w.bob))(t)
		old := codes[0]
		codes = must(w.store.MakeReleaseCodes(ctx, w.bob))(t)
		if len(codes) != 10 || codes[0] == codes[1] || len(codes[0]) != 9 {
			t.Fatalf("codes: %d", len(codes))
		}
		refusals := map[string]bool{}
		refused := func(by record.Actor, t recordstore.Telephoned) {
			w.Helper()
			err := w.service.CountersignByTelephone(ctx, by, made.ID, t)
			fails(w.T, fault.Forbidden, err)
			refusals[err.Error()] = true
		}
		refused(w.ann, told(w.bob.ID, said, old))
		refused(w.ann, told(w.bob.ID, "0000 0000 0000 0000 0000", codes[0]))
		refused(w.ann, told("nonesuch", said, codes[0]))
		refused(w.ann, told(w.eve.ID, said, codes[0])) // may not countersign
		refused(w.ann, told(w.ann.ID, said, codes[0]))
		if len(refusals) != 1 {
			t.Errorf("%d ways of saying no: %v", len(refusals), refusals)
		}
		if err := w.service.CountersignByTelephone(ctx, w.eve, made.ID, told(w.bob.ID, said, codes[0])); err == nil {
			t.Error("an editor typed a signature")
		}
		if err := w.service.CountersignByTelephone(ctx, w.bob, made.ID, told(w.bob.ID, said, codes[0])); err == nil {
			t.Error("somebody typed their own")
		}
		if err := w.service.CountersignByTelephone(ctx, w.ann, made.ID, told(w.bob.ID, strings.ReplaceAll(said, " ", "-"), " "+strings.ReplaceAll(codes[0], " ", ""))); err != nil {
			t.Fatal(err)
		}
		w.deliver(1)
		got := w.state(made.ID).Signature(2)
		if got.ID != w.bob.ID || got.Entered.Name != "Ann" {
			t.Errorf("signed by %s, typed by %q", got.Name, got.Entered.Name)
		}
		if left, _, _ := w.store.ReleaseCodes(ctx, w.bob); left != 9 {
			t.Errorf("%d codes are left", left)
		}

		// A code is good once; five wrong tries spend the list.
		made = w.prepare(release.PrepareRequest{RoundID: w.round(w.ann, "2nd round").ID})
		w.sign(made.ID)
		said = published.TextCode(made.Hash)
		refused(w.ann, told(w.bob.ID, said, codes[0]))
		for range 5 {
			refused(w.ann, told(w.bob.ID, said, "1111 1111"))
		}
		refused(w.ann, told(w.bob.ID, said, codes[1]))
		if left, since, _ := w.store.ReleaseCodes(ctx, w.bob); left != 0 || since != 0 {
			t.Errorf("after five wrong tries %d codes are left", left)
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
		if err := w.service.CountersignByTelephone(ctx, w.ann, made.ID, told(carl.ID, published.TextCode(made.Hash), theirs[0])); err == nil {
			t.Error("who contributed signed by telephone")
		}
		if left, _, _ := w.store.ReleaseCodes(ctx, carl); left != 10 {
			t.Errorf("a signature that the rules refuse used a code: %d are left", left)
		}
	})
}

// Who typed a signature is part of what its MAC holds.
func TestWhoTypedASignatureCannotBeChanged(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		w := newWorld(t, store)
		made := w.prepare(release.PrepareRequest{RoundID: w.round(w.ann, "1st round").ID})
		w.sign(made.ID)
		codes := must(w.store.MakeReleaseCodes(t.Context(), w.bob))(t)
		if err := w.service.CountersignByTelephone(t.Context(), w.ann, made.ID, recordstore.Telephoned{SignerID: w.bob.ID, TextCode: published.TextCode(made.Hash), Code: codes[0]}); err != nil {
			t.Fatal(err)
		}
		w.tamper("UPDATE release_signatures SET entered_by = '', entered_name = '' WHERE position = 2")
		w.deliver(0)
		if got := w.state(made.ID).State; got != record.Refused {
			t.Errorf("a signature whose typist was taken out is %s", got)
		}
	})
}
