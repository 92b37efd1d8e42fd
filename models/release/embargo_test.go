package release_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"track15/models/database/dbtest"
	"track15/models/record"
	"track15/models/release"
)

// What waits for an embargo is in no release before its day, and in one that is
// prepared after it.
func TestAnEmbargoHoldsUntilItsDay(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		w := newWorld(t, store)
		r := w.round(w.ann, "6th round")
		g := r.Rules
		g.Vector = maps.Clone(g.Vector)
		g.Vector[record.AspectCity], g.EmbargoUntil = record.AfterEmbargo, "2026-03-27"
		if err := w.store.EditRules(t.Context(), w.ann, r.ID, r.Version, g); err != nil {
			t.Fatal(err)
		}
		said := func() bool {
			for _, row := range must(w.service.Next(t.Context(), w.ann, r.ID))(t) {
				if strings.Contains(row.Public, "Port Anselm") {
					return true
				}
			}
			return false
		}
		if said() {
			t.Error("the next release would name the city before its day")
		}
		w.pass(w.prepare(release.PrepareRequest{RoundID: r.ID}).ID)
		for path, body := range w.public() {
			if strings.Contains(body, "Port Anselm") {
				t.Errorf("%s names the city before its day", path)
			}
		}
		w.now = time.Date(2026, 3, 27, 12, 0, 0, 0, time.UTC)
		if !said() {
			t.Error("the embargo is over, and the next release does not name the city")
		}
		w.pass(w.prepare(release.PrepareRequest{RoundID: r.ID}).ID)
		named := false
		for _, body := range w.public() {
			named = named || strings.Contains(body, "Port Anselm")
		}
		if !named {
			t.Error("the embargo is over, and no document names the city")
		}
	})
}
