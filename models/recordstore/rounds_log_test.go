package recordstore_test

import (
	"testing"

	"track15/models/fault"
	"track15/models/record"
)

// Presences that come with a round are entered with it, under the same rules as
// one by one, or nothing is.
func TestLogRoundWithPresences(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx, before := t.Context(), w.entries()
		r := record.Round{SeriesID: w.lake.ID, State: record.Held, Presences: []record.Presence{
			{OrganisationID: w.navy.ID, Label: record.Exact}, {OrganisationID: w.office.ID, AttendsThroughID: w.institute.ID},
		}}
		logged := must(w.store.LogRound(ctx, w.as("coordinator"), r))(t)
		got := must(w.store.Round(ctx, operator, logged.ID))(t)
		if len(got.Presences) != 2 || got.Presences[1].AttendsThroughID != w.institute.ID || w.entries() != before+1 {
			t.Errorf("%d presences, %d entries", len(got.Presences), w.entries()-before)
		}
		// A director reads true affiliations and may not enter them.
		_, err := w.store.LogRound(ctx, w.as("director"), r)
		wantForbidden(t, "a true affiliation", err)
		r.Presences[1].Label = record.Exact
		_, err = w.store.LogRound(ctx, w.as("coordinator"), r)
		wantKind(t, "a true affiliation that is shown", err, fault.Invalid)
		if w.entries() != before+1 {
			t.Error("something of a refused round was stored")
		}
	})
}
