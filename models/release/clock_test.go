package release_test

import (
	"testing"
	"time"

	"track15/models/database/dbtest"
	"track15/models/published"
	"track15/models/release"
)

// A clock that was ahead when somebody signed, and was put right, delays
// nothing that waits for no instant, least of all what takes something away.
func TestAClockPutRightDelaysNothing(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		w := newWorld(t, store)
		right := w.now
		w.now = right.AddDate(1, 0, 0)
		made := w.prepare(release.PrepareRequest{RoundID: w.round(w.ann, "1st round", w.exact("tank", 0)).ID})
		w.sign(made.ID)
		if err := w.service.Countersign(t.Context(), w.bob, made.ID, password); err != nil {
			t.Fatal(err)
		}
		w.now = right.Add(time.Hour)
		w.deliver(1)
		w.now = right.AddDate(1, 0, 0)
		if _, err := w.service.Suspend(t.Context(), w.ann, published.KindRound, "kasmere-dialogue-1st-round", password); err != nil {
			t.Fatal(err)
		}
		w.now = right.Add(2 * time.Hour)
		w.deliver(1)
		w.notHeld("round/kasmere-dialogue-1st-round")
	})
}
