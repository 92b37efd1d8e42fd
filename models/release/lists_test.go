package release_test

import (
	"testing"

	"track15/models/recordstore"
	"track15/models/release"
)

// A release that only follows what the round is called leaves a draft that is
// newer than what is public on its editor's list.
func TestAReleaseThatFollowsLeavesADraftOnItsEditorsList(t *testing.T) {
	both(t, func(w *world) {
		ctx := w.Context()
		r := w.round(w.ann, "tenth")
		o := w.text(w.ann, r.ID, "Summary", "An observation")
		listed := func(want int) {
			w.Helper()
			all, _, err := w.store.Outputs(ctx, w.ann, recordstore.OutputFilter{EditorID: w.ann.ID})
			if err != nil || len(all) != want {
				w.Errorf("%d texts on the list, want %d: %v", len(all), want, err)
			}
		}
		listed(1)
		w.pass(w.prepare(release.PrepareRequest{RoundID: r.ID, OutputIDs: []string{o.ID}}).ID)
		listed(0)
		w.rewritten(o, "Put better.")
		now := w.read(r.ID)
		now.OrdinalLabel = "eleventh"
		must(w.store.EditRound(ctx, operator, now))(w.T)
		w.pass(w.prepare(release.PrepareRequest{RoundID: r.ID}).ID)
		listed(1)
		w.pass(w.prepare(release.PrepareRequest{RoundID: r.ID, OutputIDs: []string{o.ID}}).ID)
		listed(0)
	})
}
