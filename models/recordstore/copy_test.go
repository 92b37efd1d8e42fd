package recordstore_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"track15/models/database/dbtest"
	"track15/models/fault"
	"track15/models/record"
	"track15/models/recordstore"
)

func TestACopyHasThePeopleAndNothingThatWasOpened(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx, s := t.Context(), w.store
		tt := w.seated()
		yes := record.Clearance{State: record.ClearanceGranted, Basis: "letter"}
		if err := s.SetClearances(ctx, w.as("coordinator"), w.round.ID, []string{tt.first.ID}, recordstore.ClearName, yes); err != nil {
			t.Fatal(err)
		}
		must(s.AddSession(ctx, w.as("coordinator"), record.Session{RoundID: w.round.ID, Title: "Fog", On: "2017-01-11", ChairIDs: []string{tt.first.ID}, PresenterIDs: []string{tt.anon.ID, tt.second.ID}}))(t)
		for role, want := range map[string]struct {
			presences int
			truth     bool
		}{"coordinator": {5, true}, "director": {4, false}} {
			id := recordstore.NewID()
			var made record.Round
			for range 2 {
				made = must(s.CopyRound(ctx, w.as(role), w.round.ID, record.Round{ID: id, State: record.Proposed, City: "Reedtown"}))(t)
			}
			r := must(s.Round(ctx, operator, made.ID))(t)
			all := must(s.Participations(ctx, operator, r.ID))(t)
			if r.SeriesID != w.lake.ID || r.Sequence <= w.round.Sequence || len(r.Presences) != want.presences || len(all) != 2 || r.Venue != "" {
				t.Errorf("%s: %+v, %d people", role, r, len(all))
			}
			for _, p := range all {
				if p.Name.Given() || p.State != record.AttendanceUnknown || p.SessionIDs != nil || p.ID == tt.first.ID {
					t.Errorf("%s: %+v", role, p)
				}
			}
			if all[0].Post != "Commodore" || !all[0].Head || all[0].PersonID != tt.kera.ID || (all[1].TruePresenceID != "") != want.truth {
				t.Errorf("%s: %+v", role, all)
			}
			sessions := must(s.Sessions(ctx, operator, r.ID))(t)
			if len(sessions) != 1 || sessions[0].Title != "Fog" || sessions[0].On != "" ||
				!slices.Equal(sessions[0].ChairIDs, []string{all[0].ID}) || !slices.Equal(sessions[0].PresenterIDs, []string{all[1].ID}) {
				t.Errorf("%s: %+v", role, sessions)
			}
		}
		_, err := s.CopyRound(ctx, w.as("desk officer"), w.round.ID, record.Round{State: record.Proposed})
		wantForbidden(t, "desk officer copies", err)
		_, err = s.CopyRound(ctx, w.as("other"), w.round.ID, record.Round{State: record.Proposed})
		wantKind(t, "a stranger copies", err, fault.NotFound)
	})
}

// Whatever a round's rules and labels are, its copy opens nothing more.
func TestACopyRaisesConfidentialityOrKeepsIt(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t, "record"))
	ctx, s, who := t.Context(), w.store, w.as("coordinator")
	rapid.Check(t, func(t *rapid.T) {
		from, err := s.LogRound(ctx, who, record.Round{SeriesID: w.lake.ID, State: record.Held, Opens: "2017-01-11"})
		if err != nil {
			t.Fatal(err)
		}
		rules := record.GroundRules{
			Vector: map[record.Aspect]record.Permission{}, Cleared: map[record.Aspect]string{}, Text: "as read out", TextPublic: true,
			EmbargoUntil: record.Date(rapid.SampledFrom([]string{"", "2017-02-01", "2099-01-01"}).Draw(t, "embargo")),
		}
		for _, a := range record.Aspects {
			if rules.Vector[a] = rapid.SampledFrom(record.Permissions).Draw(t, "permission"); rapid.Bool().Draw(t, "cleared") {
				rules.Cleared[a] = "letter"
			}
		}
		if err := s.EditRules(ctx, who, from.ID, from.Version, rules); err != nil {
			t.Fatal(err)
		}
		label := rapid.SampledFrom([]record.DisclosureLabel{record.Withheld, record.BySide, record.ByParent, record.Exact}).Draw(t, "label")
		if _, err := s.AddPresence(ctx, who, from.ID, from.Version+1, record.Presence{OrganisationID: w.agency.ID, SideID: w.lake.Sides[0].ID, Label: label}); err != nil {
			t.Fatal(err)
		}
		to, err := s.CopyRound(ctx, who, from.ID, record.Round{State: record.Proposed, Compiled: true, Rules: record.GroundRules{Vector: record.PresetOf("on_record").Vector}})
		if err != nil {
			t.Fatal(err)
		}
		if to, err = s.Round(ctx, who, to.ID); err != nil {
			t.Fatal(err)
		}
		if looser := to.Rules.Loosens(rules.Normal()); len(looser) > 0 || len(to.Rules.Cleared) > 0 || to.Rules.TextPublic || to.Compiled {
			t.Errorf("looser: %v, %+v", looser, to.Rules)
		}
		if len(to.Presences) != 1 || to.Presences[0].Label != label && to.Presences[0].Label != record.Withheld {
			t.Errorf("%v became %+v", label, to.Presences)
		}
	})
}
