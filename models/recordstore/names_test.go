package recordstore_test

import (
	"slices"
	"testing"

	"track15/models/fault"
	"track15/models/record"
)

// A page names of a round what its reader may read of it, and no more.
func TestNamesOf(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		for role, want := range map[string][]record.Organisation{
			"coordinator":     {w.parent, w.navy, w.service, w.institute, w.category, w.office, w.agency},
			"director":        {w.parent, w.navy, w.service, w.institute, w.category, w.office, w.agency},
			"desk officer":    {w.parent, w.navy, w.category, w.office, w.agency},
			"editor":          {w.parent, w.navy, w.category},
			"records officer": nil,
		} {
			names := must(w.store.NamesOf(ctx, w.as(role), w.round.ID))(t)
			for _, o := range []record.Organisation{w.parent, w.navy, w.service, w.institute, w.category, w.office, w.agency} {
				got, ok := names[o.ID]
				if should := slices.ContainsFunc(want, func(x record.Organisation) bool { return x.ID == o.ID }); ok != should {
					t.Errorf("%s, %s: %v", role, o.Name, ok)
				}
				if ok && (got.Name != o.Name || got.Kind != o.Kind) {
					t.Errorf("%s, %s: %+v", role, o.Name, got)
				}
				if role == "editor" && (got.Aliases != nil || got.ParentID != "" || got.Sources != nil) {
					t.Errorf("an editor reads of the directory: %+v", got)
				}
			}
			if len(names) != len(want) {
				t.Errorf("%s reads %d entries", role, len(names))
			}
		}
		for _, role := range []string{"rapporteur", "auditor", "administrator", "nobody", "other"} {
			names, err := w.store.NamesOf(ctx, w.as(role), w.round.ID)
			wantKind(t, role, err, fault.NotFound)
			if len(names) > 0 {
				t.Errorf("%s reads %d names", role, len(names))
			}
		}
	})
}
