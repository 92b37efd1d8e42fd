package release_test

import (
	"testing"

	"track15/models/database/dbtest"
	"track15/models/fault"
	"track15/models/record"
	"track15/models/release"
)

// What a reader may conclude is for who may read what it rests on.
func TestWarningsAreForWhoMayReadTheirSource(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		w := newWorld(t, store)
		hidden := w.exact("hidden", 1)
		hidden.Label = record.Withheld
		r := w.round(w.ann, "1st round", w.exact("tank", 0), hidden)
		made := w.prepare(release.PrepareRequest{RoundID: r.ID})
		look := func() []record.Warning { return must(w.service.Warnings(t.Context(), w.bob, made.ID))(t) }
		if got := look(); len(got) > 0 {
			t.Errorf("nothing to conclude, and warned of %v", got)
		}
		other := w.round(w.ann, "2nd round", w.exact("hidden", 1))
		w.pass(w.prepare(release.PrepareRequest{RoundID: other.ID}).ID)
		if got := look(); len(got) != 1 || got[0].Rule != record.BodyTrace {
			t.Errorf("a body that stands by its name elsewhere: %v", got)
		}
		for _, nobody := range []record.Actor{w.eve, w.person("Kit", record.RecordsOfficer), {}} {
			if _, err := w.service.Warnings(t.Context(), nobody, made.ID); err == nil {
				t.Errorf("%q is told", nobody.Name)
			}
		}
		_, err := w.service.Warnings(t.Context(), w.eve, made.ID)
		fails(t, fault.Forbidden, err)
	})
}
