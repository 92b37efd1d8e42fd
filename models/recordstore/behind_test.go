package recordstore_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"track15/models/fault"
	"track15/models/record"
	"track15/models/recordstore"
)

// A search for rounds by a body that hides behind a badge looks through the
// series whose keysets open, and tells of the one whose does not. Lists and
// answers, which are taken for whole, refuse.
func TestASearchGoesOnWithoutAKeyset(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		both := w.person("both", record.Grant{Role: record.Coordinator, SeriesID: w.lake.ID}, record.Grant{Role: record.Coordinator, SeriesID: w.hill.ID})
		before, err := filepath.Glob(filepath.Join(w.keys, "keysets", "*.json"))
		if err != nil {
			t.Fatal(err)
		}
		must(w.store.AddPresence(ctx, both, w.foreign.ID, w.foreign.Version, record.Presence{OrganisationID: w.service.ID, AttendsThroughID: w.institute.ID}))(t)
		search := func(s *recordstore.Store) (found []string) {
			t.Helper()
			all, _, err := s.Rounds(ctx, both, recordstore.RoundFilter{Query: "Quiet Service"})
			if err != nil {
				t.Fatalf("the search: %v", err)
			}
			for _, r := range all {
				found = append(found, r.ID)
			}
			return found
		}
		if found, why := search(w.store), must(w.store.Unsearched(ctx, both))(t); len(found) != 2 || len(why) != 0 {
			t.Errorf("found %d rounds, missed %q", len(found), why)
		}
		for _, file := range before {
			if err := os.Rename(file, file+".away"); err != nil {
				t.Fatal(err)
			}
		}
		s := w.open()
		if found := search(s); len(found) != 1 || found[0] != w.foreign.ID {
			t.Errorf("without a keyset it finds %d rounds", len(found))
		}
		why := must(s.Unsearched(ctx, both))(t)
		if len(why) != 1 || !strings.Contains(why[0], "is not in the key directory") || strings.Contains(why[0], w.lake.ID) {
			t.Errorf("it says %q", why)
		}
		if why := must(s.Unsearched(ctx, w.as("desk officer")))(t); len(why) != 0 {
			t.Errorf("who may not read what is sealed is told %q", why)
		}
		_, _, err = s.Presences(ctx, both, recordstore.PresenceFilter{BodyFilter: recordstore.BodyFilter{OrganisationID: w.service.ID, HiddenToo: true}})
		wantKind(t, "a list by body", err, fault.Unavailable)
	})
}
