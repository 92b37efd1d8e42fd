package release_test

import (
	"encoding/json"
	"errors"
	"path/filepath"
	"slices"
	"testing"

	"track15/models/database/dbtest"
	"track15/models/fault"
	"track15/models/published"
	"track15/models/record"
	"track15/models/recordstore"
	"track15/models/release"
	"track15/models/seal"
)

// confirmed has two people say that the notes of a round are destroyed.
func (w *world) confirmed(r record.Round) {
	w.Helper()
	ctx := w.Context()
	d := must(w.store.ProposeDestruction(ctx, w.ann, record.Destruction{RoundID: r.ID, Reason: "Due"}))(w.T)
	kept := must(w.store.Kept(ctx, w.bob, r.ID))(w.T)
	if err := w.store.ConfirmDestruction(ctx, w.bob, r.ID, d.ID, kept.Reference); err != nil {
		w.Fatal(err)
	}
}

// rewritten saves other words of a text, as its next version.
func (w *world) rewritten(o record.Output, body string) {
	w.Helper()
	d := must(w.store.Output(w.Context(), w.ann, o.ID))(w.T).Draft
	d.Body = body
	must(w.store.SaveDraft(w.Context(), w.ann, o.ID, d.Number, d))(w.T)
}

// finished carries out what was confirmed.
func (w *world) finished(want int) {
	w.Helper()
	if n, err := w.store.FinishDestructions(w.Context(), record.Worker()); err != nil || n != want {
		w.Fatalf("%d destroyed, want %d: %v", n, want, err)
	}
}

// certificate is what the last destruction of a round's notes left.
func (w *world) certificate(roundID string) record.Certificate {
	w.Helper()
	all := must(w.store.Kept(w.Context(), w.bob, roundID))(w.T).Destructions
	var signed record.SignedCertificate
	var c record.Certificate
	if err := errors.Join(json.Unmarshal([]byte(all[len(all)-1].Certificate), &signed), json.Unmarshal(signed.Certificate, &c)); err != nil {
		w.Fatal(err)
	}
	return c
}

// words are the bodies of every version that is kept of a text, newest first.
func (w *world) words(outputID string) []string {
	w.Helper()
	var all []string
	for _, d := range must(w.store.Drafts(w.Context(), w.ann, outputID))(w.T) {
		all = append(all, d.Body)
	}
	return all
}

// A released version whose key was lost before the destruction goes with it, and
// keeps neither that destruction nor the next one from its end.
func TestDestructionPassesOverALostKey(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		w := newWorld(t, store)
		ctx := t.Context()
		lost, other := w.round(w.ann, "tenth"), w.round(w.ann, "eleventh")
		gone, stays := w.text(w.ann, lost.ID, "Lost", "An observation"), w.text(w.ann, other.ID, "Stays")
		for _, o := range []record.Output{gone, stays} {
			w.pass(w.prepare(release.PrepareRequest{RoundID: o.RoundID, OutputIDs: []string{o.ID}}).ID)
			w.rewritten(o, "Canary unreleased words")
		}
		must(must(seal.OpenRing(filepath.Join(w.dir, "keys")))(t).Destroy(seal.OfRound(lost.ID)))(t)
		w.confirmed(lost)
		w.confirmed(other)
		w.finished(2)

		if _, err := w.store.Output(ctx, w.ann, gone.ID); fault.KindOf(err) != fault.NotFound {
			t.Errorf("the text whose key was lost: %v", err)
		}
		if c := w.certificate(lost.ID); c.Drafts != 1 || c.Lost != 1 {
			t.Errorf("its certificate says %+v", c)
		}
		if c := w.certificate(other.ID); c.Drafts != 1 || c.Lost != 0 {
			t.Errorf("the other certificate says %+v", c)
		}
		if got := w.words(stays.ID); !slices.Equal(got, []string{"Body of Stays"}) {
			t.Errorf("of the other text there is %q", got)
		}
		released, n, err := w.store.Releases(ctx, w.ann, recordstore.ReleaseFilter{RoundID: other.ID})
		if err != nil || n != 1 {
			t.Errorf("%d releases of the other round: %v", n, err)
		}
		for _, r := range released {
			if all, err := w.store.ReleaseClearances(ctx, w.ann, r.ID); err != nil || len(all) != 0 {
				t.Errorf("clearances of a release: %+v, %v", all, err)
			}
		}
	})
}

// Which version was released is that of the document, also where the text only
// followed its round or came back: what was written since goes with the notes.
func TestOnlyReleasedVersionsOutliveTheNotes(t *testing.T) {
	for name, again := range map[string]func(w *world, r record.Round, slug string){
		"followed": func(w *world, r record.Round, _ string) {
			r.OrdinalLabel += ", again"
			must(w.store.EditRound(w.Context(), operator, r))(w.T)
			w.pass(must(w.service.PrepareRound(w.Context(), w.ann, release.PrepareRequest{RoundID: r.ID}))(w.T).ID)
		},
		"restored": func(w *world, _ record.Round, slug string) {
			w.pass(must(w.service.PrepareWithdrawal(w.Context(), w.ann, published.KindOutput, slug, withNotice))(w.T).ID)
			w.pass(must(w.service.PrepareRestoration(w.Context(), w.ann, published.KindOutput, slug))(w.T).ID)
		},
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Run(t, func(t *testing.T, store func(string) string) {
				w := newWorld(t, store)
				r := w.round(w.ann, "tenth")
				o := w.text(w.ann, r.ID, "Summary", "An observation")
				slug := ""
				for _, d := range w.pass(w.prepare(release.PrepareRequest{RoundID: r.ID, OutputIDs: []string{o.ID}}).ID).Put {
					if d.ObjectID == o.ID {
						slug = d.Slug
					}
				}
				w.rewritten(o, "Canary unreleased words")
				again(w, w.read(r.ID), slug)
				again(w, w.read(r.ID), slug)
				w.rewritten(o, "Canary last words")
				w.confirmed(r)
				w.finished(1)
				if got := w.words(o.ID); !slices.Equal(got, []string{"Body of Summary"}) {
					t.Errorf("versions that are left: %q", got)
				}
				if c := w.certificate(r.ID); c.Drafts != 2 {
					t.Errorf("the certificate says %+v", c)
				}
			})
		})
	}
}
