package recordstore_test

import (
	"slices"
	"testing"

	"track15/models/fault"
	"track15/models/record"
	"track15/models/recordstore"
)

func TestWhoMayNothingFindsNothing(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		for name, actor := range map[string]record.Actor{"zero": {}, "no grant": w.as("nobody"), "worker": record.Worker()} {
			before := w.entries()
			for what, read := range map[string]func() (int, error){
				"series":     func() (int, error) { all, err := w.store.AllSeries(ctx, actor); return len(all), err },
				"one series": func() (int, error) { s, err := w.store.Series(ctx, actor, w.lake.ID); return len(s.Name), err },
				"rounds": func() (int, error) {
					all, n, err := w.store.Rounds(ctx, actor, recordstore.RoundFilter{})
					return len(all) + n, err
				},
				"round": func() (int, error) { r, err := w.store.Round(ctx, actor, w.round.ID); return len(r.Presences), err },
				"texts": func() (int, error) {
					all, n, err := w.store.Outputs(ctx, actor, recordstore.OutputFilter{})
					return len(all) + n, err
				},
				"text":   func() (int, error) { o, err := w.store.Output(ctx, actor, w.text.ID); return len(o.ID), err },
				"drafts": func() (int, error) { all, err := w.store.Drafts(ctx, actor, w.text.ID); return len(all), err },
				"organisations": func() (int, error) {
					all, n, err := w.store.Organisations(ctx, actor, recordstore.OrganisationFilter{})
					return len(all) + n, err
				},
				"organisation": func() (int, error) { o, err := w.store.Organisation(ctx, actor, w.navy.ID); return len(o.ID), err },
				"some bodies": func() (int, error) {
					m, err := w.store.OrganisationsByID(ctx, actor, []string{w.navy.ID})
					return len(m), err
				},
				"accounts": func() (int, error) { all, err := w.store.Accounts(ctx, actor); return len(all), err },
				"audit":    func() (int, error) { all, err := w.store.AuditEntries(ctx, actor, 0, 10); return len(all), err },
				"verify":   func() (int, error) { r, err := w.store.VerifyAudit(ctx, actor); return int(r.Entries), err },
			} {
				if n, err := read(); err == nil || n != 0 {
					t.Errorf("%s reads %s: %d, %v", name, what, n, err)
				}
			}
			for what, write := range map[string]func() error{
				"log a round": func() error {
					_, err := w.store.LogRound(ctx, actor, record.Round{SeriesID: w.lake.ID, State: record.Held})
					return err
				},
				"edit a round":  func() error { _, err := w.store.EditRound(ctx, actor, w.round); return err },
				"edit rules":    func() error { return w.store.EditRules(ctx, actor, w.round.ID, w.round.Version, record.GroundRules{}) },
				"add a body":    func() error { _, err := w.store.AddOrganisation(ctx, actor, w.navy); return err },
				"edit a body":   func() error { _, err := w.store.EditOrganisation(ctx, actor, w.navy); return err },
				"add a series":  func() error { _, err := w.store.AddSeries(ctx, actor, record.Series{Name: "New"}); return err },
				"edit a series": func() error { _, err := w.store.EditSeries(ctx, actor, w.lake); return err },
				"presence": func() error {
					_, err := w.store.AddPresence(ctx, actor, w.round.ID, w.round.Version, record.Presence{Words: "x"})
					return err
				},
				"remove": func() error {
					return w.store.RemovePresence(ctx, actor, w.round.ID, w.round.Presences[0].ID, w.round.Version)
				},
				"add a text": func() error {
					_, err := w.store.AddOutput(ctx, actor, record.Output{SeriesID: w.lake.ID, Kind: record.Summary})
					return err
				},
				"save a draft": func() error {
					_, err := w.store.SaveDraft(ctx, actor, w.text.ID, 1, record.Draft{Title: "x"})
					return err
				},
				"add a person": func() error {
					_, err := w.store.AddAccount(ctx, actor, record.Account{Email: "x@example.org", Name: "x"}, password)
					return err
				},
			} {
				if err := write(); err == nil {
					t.Errorf("%s may %s", name, what)
				}
			}
			if after := w.entries(); after != before {
				t.Errorf("%s: the chain grew by %d", name, after-before)
			}
		}
	})
}

// What is not there and what one may not know of fail alike, down to the words.
func TestHiddenIsAbsent(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		absent := recordstore.NewID()
		for _, role := range append(slices.Clone(record.RoleNames), "nobody") {
			actor := w.as(string(role))
			for what, try := range map[string]func(round, series, text string) error{
				"round":  func(id, _, _ string) error { _, err := w.store.Round(ctx, actor, id); return err },
				"series": func(_, id, _ string) error { _, err := w.store.Series(ctx, actor, id); return err },
				"text":   func(_, _, id string) error { _, err := w.store.Output(ctx, actor, id); return err },
				"drafts": func(_, _, id string) error { _, err := w.store.Drafts(ctx, actor, id); return err },
				"edit":   func(id, _, _ string) error { _, err := w.store.EditRound(ctx, actor, record.Round{ID: id}); return err },
				"rules":  func(id, _, _ string) error { return w.store.EditRules(ctx, actor, id, 1, record.GroundRules{}) },
				"log": func(_, id, _ string) error {
					_, err := w.store.LogRound(ctx, actor, record.Round{SeriesID: id, State: record.Held})
					return err
				},
				"save": func(_, _, id string) error {
					_, err := w.store.SaveDraft(ctx, actor, id, 1, record.Draft{Title: "x"})
					return err
				},
				"release": func(id, _, _ string) error {
					_, err := w.store.EditSeries(ctx, actor, record.Series{ID: id})
					return err
				},
			} {
				hidden := try(w.foreign.ID, w.hill.ID, w.foreign.ID)
				missing := try(absent, absent, absent)
				wantKind(t, string(role)+": hidden "+what, hidden, fault.NotFound)
				if hidden == nil || missing == nil || hidden.Error() != missing.Error() {
					t.Errorf("%s, %s: hidden %q, missing %q", role, what, hidden, missing)
				}
			}
		}
		// Whoever reads a round but may not change it is told so.
		_, err := w.store.EditRound(ctx, w.as("desk officer"), w.round)
		wantKind(t, "desk officer edits", err, fault.Forbidden)
		// Whoever may know of no clearance is told of no text that has one.
		ask := recordstore.Ask{Draft: 1, On: "2023-11-10", Parties: []record.Party{{Kind: record.PartySide, ID: w.lake.Sides[0].ID}}}
		for _, role := range []string{"desk officer", "editor", "auditor"} {
			for _, id := range []string{w.text.ID, absent} {
				_, err := w.store.Ledger(ctx, w.as(role), id)
				wantKind(t, role+" reads who was asked", err, fault.NotFound)
				err = w.store.AskClearance(ctx, w.as(role), id, ask)
				wantKind(t, role+" asks", err, fault.NotFound)
			}
		}
		_, err = w.store.Round(ctx, w.as("rapporteur"), w.round.ID)
		wantKind(t, "rapporteur reads", err, fault.NotFound)
	})
}

func TestListsAreOfOnesSeries(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		for _, tt := range []struct {
			role          string
			series, round []string
			texts         int
		}{
			{"coordinator", []string{w.lake.ID}, []string{w.round.ID}, 1},
			{"editor", []string{w.lake.ID}, []string{w.round.ID}, 1},
			{"desk officer", []string{w.lake.ID}, []string{w.round.ID}, 0},
			{"records officer", []string{w.lake.ID}, []string{w.round.ID}, 0},
			{"rapporteur", []string{w.lake.ID}, nil, 0},
			{"auditor", []string{w.lake.ID}, nil, 0},
			{"administrator", nil, nil, 0},
			{"other", []string{w.hill.ID}, []string{w.foreign.ID}, 0},
		} {
			actor := w.as(tt.role)
			all, _ := w.store.AllSeries(t.Context(), actor)
			var series, rounds []string
			for _, s := range all {
				series = append(series, s.ID)
			}
			list, n, _ := w.store.Rounds(t.Context(), actor, recordstore.RoundFilter{})
			for _, r := range list {
				rounds = append(rounds, r.ID)
			}
			_, texts, _ := w.store.Outputs(t.Context(), actor, recordstore.OutputFilter{})
			if !slices.Equal(series, tt.series) || !slices.Equal(rounds, tt.round) || n != len(tt.round) || texts != tt.texts {
				t.Errorf("%s: series %v, rounds %v (%d), texts %d", tt.role, series, rounds, n, texts)
			}
		}
	})
}
