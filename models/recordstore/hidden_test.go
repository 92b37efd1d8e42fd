package recordstore_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"gorm.io/gorm"

	"track15/models/database/dbtest"
	"track15/models/record"
	"track15/models/recordstore"
)

// found counts the rounds that an actor finds by a body or by words.
func (w *world) found(actor record.Actor, f recordstore.RoundFilter) int {
	w.t.Helper()
	list, n, err := w.store.Rounds(w.t.Context(), actor, f)
	if err != nil {
		w.t.Fatal(err)
	}
	if len(list) != n {
		w.t.Errorf("%d rounds, counted %d", len(list), n)
	}
	return n
}

// Who finds the round by what is the whole of who may know what: no list,
// filter, query or count tells more than the round itself.
func TestOnlyWhatOneMayReadIsFound(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ids := map[string]string{
			"navy": w.navy.ID, "service": w.service.ID, "institute": w.institute.ID, "category": w.category.ID,
			"office": w.office.ID, "agency": w.agency.ID, "parent": w.parent.ID, "nobody's": recordstore.NewID(), "garbled": "%",
		}
		words := []string{
			"lake navy", "LN", "elite flotilla", "quiet service", "badge inst", "security services", "hidden office",
			"dredging", "湖泊", "ministry of lakes", "reedtown", "THIRD", "fog", "heron", "ottoline", "hilltown", "_", "%", `\`,
		}
		for _, tt := range []struct {
			role        string
			bodies, say []string
		}{
			{"coordinator", []string{"navy", "service", "institute", "category", "office", "agency", "parent"}, []string{
				"lake navy", "LN", "elite flotilla", "quiet service", "badge inst", "security services", "hidden office",
				"dredging", "湖泊", "ministry of lakes", "reedtown", "THIRD", "fog", "heron", "ottoline",
			}},
			{"director", []string{"navy", "service", "institute", "category", "office", "agency", "parent"}, []string{
				"lake navy", "LN", "elite flotilla", "quiet service", "badge inst", "security services", "hidden office",
				"dredging", "湖泊", "ministry of lakes", "reedtown", "THIRD", "fog", "heron", "ottoline",
			}},
			{"desk officer", []string{"navy", "category", "office", "agency", "parent"}, []string{
				"lake navy", "LN", "elite flotilla", "security services", "hidden office",
				"dredging", "湖泊", "ministry of lakes", "reedtown", "THIRD", "fog", "heron", "ottoline",
			}},
			{"editor", []string{"navy", "category", "parent"}, []string{
				"lake navy", "LN", "security services", "湖泊", "ministry of lakes", "reedtown", "THIRD", "fog",
			}},
			{"records officer", nil, nil},
		} {
			actor := w.as(tt.role)
			for name, id := range ids {
				want := 0
				if slices.Contains(tt.bodies, name) {
					want = 1
				}
				if n := w.found(actor, recordstore.RoundFilter{OrganisationID: id}); n != want {
					t.Errorf("%s by %s: %d rounds, want %d", tt.role, name, n, want)
				}
			}
			for _, q := range words {
				want := 0
				if slices.Contains(tt.say, q) {
					want = 1
				}
				if n := w.found(actor, recordstore.RoundFilter{Query: q}); n != want {
					t.Errorf("%s by %q: %d rounds, want %d", tt.role, q, n, want)
				}
			}
			if n := w.found(actor, recordstore.RoundFilter{SeriesID: w.hill.ID}); n != 0 {
				t.Errorf("%s finds %d rounds of another series", tt.role, n)
			}
		}
		// The operator reads all series alike: the other way through the query.
		if n := w.found(operator, recordstore.RoundFilter{OrganisationID: w.service.ID}); n != 1 {
			t.Errorf("operator by service: %d", n)
		}
		if n := w.found(operator, recordstore.RoundFilter{Query: "town"}); n != 2 {
			t.Errorf("operator by town: %d", n)
		}
	})
}

// Somebody with different rights in two series finds in each what is theirs
// there.
func TestRightsOfOneSeriesFindNothingInAnother(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		both := w.person("both", record.Grant{Role: record.DeskOfficer, SeriesID: w.lake.ID}, record.Grant{Role: record.Coordinator, SeriesID: w.hill.ID})
		if n := w.found(both, recordstore.RoundFilter{OrganisationID: w.service.ID}); n != 0 {
			t.Errorf("true body at the lake: %d rounds", n)
		}
		must(w.store.AddPresence(t.Context(), w.as("other"), w.foreign.ID, w.foreign.Version, record.Presence{OrganisationID: w.service.ID, AttendsThroughID: w.institute.ID}))(t)
		list, _, err := w.store.Rounds(t.Context(), both, recordstore.RoundFilter{OrganisationID: w.service.ID})
		if err != nil || len(list) != 1 || list[0].ID != w.foreign.ID {
			t.Errorf("true body at the hill: %v, %v", list, err)
		}
		if n := w.found(both, recordstore.RoundFilter{}); n != 2 {
			t.Errorf("both series: %d rounds", n)
		}
	})
}

func TestARoundShowsEachRoleItsOwn(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		for _, tt := range []struct {
			role        string
			has, hasNot []string
			presences   int
		}{
			{"coordinator", []string{w.navy.ID, w.service.ID, w.institute.ID, w.office.ID, w.agency.ID, "Heron", "Ottoline"}, nil, 4},
			{"director", []string{w.service.ID, w.institute.ID, "Heron"}, nil, 4},
			{
				"desk officer",
				[]string{w.navy.ID, w.office.ID, w.agency.ID, w.category.ID, "Heron", "Ottoline"},
				[]string{w.service.ID, w.institute.ID},
				4,
			},
			{
				"editor",
				[]string{w.navy.ID, w.parent.ID, w.category.ID, "Reedtown", "fog horns"},
				[]string{w.service.ID, w.institute.ID, w.office.ID, w.agency.ID, "Heron", "Ottoline"},
				3,
			},
			{
				"records officer",
				[]string{"2017-01-11", "2017-01-12", "held"},
				[]string{w.navy.ID, w.service.ID, w.category.ID, w.parent.ID, "Heron", "Ottoline", "Reedtown", "XA", "third", "fog"},
				0,
			},
		} {
			r := must(w.store.Round(t.Context(), w.as(tt.role), w.round.ID))(t)
			list, _, err := w.store.Rounds(t.Context(), w.as(tt.role), recordstore.RoundFilter{})
			if err != nil || len(list) != 1 || list[0].Presences != nil {
				t.Fatalf("%s: list %v, %v", tt.role, list, err)
			}
			one, all := mustJSON(t, r), mustJSON(t, list)
			for _, s := range tt.has {
				if !strings.Contains(one, s) {
					t.Errorf("%s: no %s in %s", tt.role, s, one)
				}
			}
			for _, s := range tt.hasNot {
				if strings.Contains(one, s) || strings.Contains(all, s) {
					t.Errorf("%s: %s in %s or %s", tt.role, s, one, all)
				}
			}
			if len(r.Presences) != tt.presences {
				t.Errorf("%s: %d presences", tt.role, len(r.Presences))
			}
		}
	})
}

// Two services in one category stand there once for an editor: a count would
// tell how many came.
func TestACategoryStandsOnce(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		side := w.lake.Sides[0].ID
		must(w.store.AddPresence(t.Context(), w.as("coordinator"), w.round.ID, w.round.Version,
			record.Presence{OrganisationID: w.office.ID, SideID: side, Label: record.ByCategory, CategoryID: w.category.ID, Track: "1", Role: record.Host}))(t)
		r := must(w.store.Round(t.Context(), w.as("editor"), w.round.ID))(t)
		n := 0
		for _, p := range r.Presences {
			if p.CategoryID == w.category.ID {
				n++
				if p.Track != "" || p.Role != record.Participant || p.OrganisationID != "" {
					t.Errorf("category with more than itself: %+v", p)
				}
			}
		}
		if n != 1 {
			t.Errorf("the category stands %d times", n)
		}
	})
}

func TestTrueAffiliationsNeedTheirOwnRight(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx, director := t.Context(), w.as("director")
		hidden := w.round.Presences[1]
		if hidden.AttendsThroughID == "" {
			t.Fatal("the second presence has no badge")
		}
		version := func() int64 { return must(w.store.Round(ctx, director, w.round.ID))(t).Version }
		before := w.entries()
		open := hidden
		open.AttendsThroughID, open.Label, open.CategoryID = "", record.Exact, ""
		_, err := w.store.EditPresence(ctx, director, w.round.ID, version(), open)
		wantForbidden(t, "director uncovers", err)
		wantForbidden(t, "director removes", w.store.RemovePresence(ctx, director, w.round.ID, hidden.ID, version()))
		covered := w.round.Presences[0]
		covered.AttendsThroughID, covered.Label = w.institute.ID, record.Withheld
		_, err = w.store.EditPresence(ctx, director, w.round.ID, version(), covered)
		wantForbidden(t, "director covers", err)
		_, err = w.store.AddPresence(ctx, director, w.round.ID, version(), record.Presence{OrganisationID: w.office.ID, AttendsThroughID: w.institute.ID})
		wantForbidden(t, "director adds", err)
		if w.entries() != before {
			t.Error("a refused edit left an entry")
		}
		if _, err := w.store.EditPresence(ctx, w.as("coordinator"), w.round.ID, version(), open); err != nil {
			t.Error("coordinator uncovers:", err)
		}
	})
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// A word that more bodies share than are named to the database one by one
// finds no more and no less.
func TestManyBodiesWithOneName(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		db := dbtest.Open(t, w.url, nil)
		err := db.Write(t.Context(), func(tx *gorm.DB) error {
			return tx.Exec(`INSERT INTO organisation_names WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 600)
				SELECT ?, 'lake quiet ' || n, 0 FROM c`, w.parent.ID).Error
		})
		if err == nil {
			err = db.Write(t.Context(), func(tx *gorm.DB) error {
				return tx.Exec(`INSERT INTO organisations (id, name, sort_key, acronym, native, aliases, kind, country, parent_id, at_least_three, sources, compiled, sample, slug_wish, version) WITH RECURSIVE c(n) AS (SELECT 1000 UNION ALL SELECT n + 1 FROM c WHERE n < 1599)
					SELECT 'many' || n, 'M', 'm', '', 'null', 'null', 'agency', '', ?, 0, 'null', 0, 1, '', 1 FROM c`, w.navy.ID).Error
			})
		}
		if err != nil {
			t.Fatal(err)
		}
		for role, want := range map[string][3]int{
			"coordinator": {1, 1, 1}, "desk officer": {1, 1, 1}, "editor": {1, 1, 1}, "records officer": {},
		} {
			got := [3]int{
				w.found(w.as(role), recordstore.RoundFilter{Query: "lake"}),
				w.found(w.as(role), recordstore.RoundFilter{Query: "lake quiet"}), // the parent by which the agency is shown
				w.found(w.as(role), recordstore.RoundFilter{OrganisationID: w.navy.ID}),
			}
			if got != want {
				t.Errorf("%s: %v, want %v", role, got, want)
			}
		}
		// The service is one of many bodies with the word in a name.
		if n := w.found(w.as("editor"), recordstore.RoundFilter{Query: "quiet service"}); n != 0 {
			t.Errorf("editor finds the service: %d", n)
		}
	})
}

// Rounds are found by who was there, among those that one may read, and by the
// years; what hides behind a badge is found by those who may know it.
func TestRoundsAreFoundByWhoWasThere(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		tt := w.seated()
		side, other := w.lake.Sides[0].ID, w.lake.Sides[1].ID
		before := must(w.store.AddOrganisation(ctx, operator, record.Organisation{Name: "Lake Flotilla of old", Kind: record.Military, Country: "XC"}))(t)
		navy := must(w.store.Organisation(ctx, operator, w.navy.ID))(t)
		navy.Predecessors = append(navy.Predecessors, record.Succession{OrganisationID: before.ID})
		must(w.store.EditOrganisation(ctx, operator, navy))(t)
		for what, x := range map[string]struct {
			f    recordstore.RoundFilter
			want map[string]int
		}{
			"person":                {recordstore.RoundFilter{PersonID: tt.kera.ID}, map[string]int{"coordinator": 1, "desk officer": 1, "other": 1}},
			"person and capacity":   {recordstore.RoundFilter{PersonID: tt.orrin.ID, Capacity: record.Expert}, map[string]int{"coordinator": 1, "desk officer": 1}},
			"another's capacity":    {recordstore.RoundFilter{PersonID: tt.orrin.ID, Capacity: record.Official}, nil},
			"side":                  {recordstore.RoundFilter{SideID: side}, map[string]int{"coordinator": 1, "desk officer": 1}},
			"a side of one person":  {recordstore.RoundFilter{SideID: other}, map[string]int{"coordinator": 1, "desk officer": 1}},
			"country":               {recordstore.RoundFilter{Country: "XA"}, map[string]int{"coordinator": 1, "desk officer": 1}},
			"no such country":       {recordstore.RoundFilter{Country: "XB"}, nil},
			"years":                 {recordstore.RoundFilter{Since: 2017, Until: 2017}, map[string]int{"coordinator": 1, "desk officer": 1, "editor": 1, "records officer": 1}},
			"later":                 {recordstore.RoundFilter{Since: 2018}, map[string]int{"other": 1}},
			"what it was":           {recordstore.RoundFilter{OrganisationID: before.ID}, map[string]int{"coordinator": 1, "desk officer": 1}},
			"only what it was":      {recordstore.RoundFilter{OrganisationID: before.ID, Alone: true}, nil},
			"the body alone":        {recordstore.RoundFilter{OrganisationID: w.navy.ID, Alone: true}, map[string]int{"coordinator": 1, "desk officer": 1, "editor": 1}},
			"only what is above it": {recordstore.RoundFilter{OrganisationID: w.parent.ID, Alone: true}, map[string]int{"coordinator": 1, "desk officer": 1, "editor": 1}},
		} {
			for _, role := range []string{"coordinator", "desk officer", "editor", "records officer", "other"} {
				if n := w.found(w.as(role), x.f); n != x.want[role] {
					t.Errorf("%s by %s: %d rounds, want %d", role, what, n, x.want[role])
				}
			}
		}
		// Somebody of the other side sits there, sealed: only who may know it finds it.
		hidden := must(w.store.LogRound(ctx, w.as("coordinator"), record.Round{SeriesID: w.lake.ID, State: record.Held}))(t)
		must(w.store.AddPresence(ctx, w.as("coordinator"), hidden.ID, hidden.Version, record.Presence{OrganisationID: w.service.ID, AttendsThroughID: w.institute.ID, SideID: other}))(t)
		for role, want := range map[string]int{"coordinator": 2, "director": 2, "desk officer": 1, "editor": 0} {
			if n := w.found(w.as(role), recordstore.RoundFilter{SideID: other}); n != want {
				t.Errorf("%s by the side of what hides: %d rounds, want %d", role, n, want)
			}
		}
	})
}
