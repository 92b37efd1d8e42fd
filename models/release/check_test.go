package release_test

import (
	"slices"
	"testing"

	"track15/models/database/dbtest"
	"track15/models/fault"
	"track15/models/record"
	"track15/models/recordstore/recordtest"
	"track15/models/release"
)

// A text that may disclose something is signed once somebody settled that; a block
// is decided by the second reader as well.
func TestWhatTheCheckFindsKeepsATextBack(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		w := newWorld(t, store)
		ctx := t.Context()
		r := w.round(w.ann, "1st round", w.exact("tank", 0))
		p := must(w.store.AddPerson(ctx, operator, record.Person{Given: "Hilma", Family: "Oterhals", Sample: true}))(t)
		there := must(w.store.AddPresence(ctx, w.ann, r.ID, r.Version, record.Presence{Words: "somebody"}))(t)
		must(w.store.AddParticipation(ctx, w.ann, record.Participation{RoundID: r.ID, PresenceID: there.ID, PersonID: p.ID}))(t)
		o := must(w.store.AddOutput(ctx, w.eve, record.Output{
			SeriesID: w.series.ID, RoundID: r.ID, Kind: record.Summary, Draft: record.Draft{Title: "Shores", Lang: "en", Body: "Hilma Oterhals knows the shore."},
		}))(t)
		recordtest.Clear(t, w.store, o.ID)
		rel := w.prepare(release.PrepareRequest{RoundID: r.ID, OutputIDs: []string{o.ID}})

		condition := func(who record.Actor) record.Precondition {
			all := must(w.service.Readiness(ctx, who, rel.ID))(t)
			i := slices.IndexFunc(all, func(c record.Precondition) bool { return c.Rule == record.RuleCheck })
			if i < 0 {
				t.Fatal("nothing is said of the check")
			}
			return all[i]
		}
		if c := condition(w.ann); c.Met || c.ObjectID != o.ID || c.From != 1 {
			t.Errorf("the coordinator is told %+v", c)
		}
		// The editor is told the same whatever is found.
		if c := condition(w.eve); c != record.ComparedLater("Shores") {
			t.Errorf("the editor is told %+v", c)
		}
		if err := w.service.Sign(ctx, w.ann, rel.ID, password, record.Immediate); fault.KindOf(err) != fault.Conflict {
			t.Errorf("signed with a finding open: %v", err)
		}
		settle := func(who record.Actor) {
			t.Helper()
			frozen := must(w.store.Output(ctx, who, o.ID))(t).Draft
			var all []record.Settling
			for _, f := range must(w.store.Findings(ctx, who, o.ID, frozen))(t) {
				all = append(all, record.Settling{Key: f.Key, Settlement: record.Settlement{As: record.Keep, Reason: "She wrote it herself."}})
			}
			if err := w.store.SettleFindings(ctx, who, o.ID, 0, all); err != nil {
				t.Fatal(err)
			}
		}
		settle(w.ann)
		if err := w.service.Sign(ctx, w.ann, rel.ID, password, record.Immediate); err != nil {
			t.Fatal(err)
		}
		if err := w.service.Countersign(ctx, w.bob, rel.ID, password); fault.KindOf(err) != fault.Conflict {
			t.Errorf("countersigned with a block that one person settled: %v", err)
		}
		settle(w.bob)
		if err := w.service.Countersign(ctx, w.bob, rel.ID, password); err != nil {
			t.Errorf("countersigned after deciding it: %v", err)
		}
	})
}

// What rests on rounds that neither signer may read holds the second signature, in one
// sentence that says nothing of it, until somebody who reads them settled it.
func TestTheSecondSignatureIsHeldToAllOfTheRecord(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		w := newWorld(t, store)
		ctx := t.Context()
		here := func(name string, role record.RoleName) record.Actor {
			return must(w.store.AddAccount(ctx, operator, record.Account{
				Email: name + "@example.org", Name: name, Grants: []record.Grant{{Role: role, SeriesID: w.series.ID}},
			}, password))(t).Actor()
		}
		cora, dora := here("cora", record.Coordinator), here("dora", record.Director)
		other := must(w.store.AddSeries(ctx, operator, record.Series{Name: "Other Talks"}))(t)
		hidden := must(w.store.LogRound(ctx, operator, record.Round{SeriesID: other.ID, State: record.Held, Opens: "2025-02-03"}))(t)
		p := must(w.store.AddPerson(ctx, operator, record.Person{Given: "Hilma", Family: "Oterhals", Sample: true}))(t)
		there := must(w.store.AddPresence(ctx, operator, hidden.ID, hidden.Version, record.Presence{Words: "somebody"}))(t)
		must(w.store.AddParticipation(ctx, operator, record.Participation{RoundID: hidden.ID, PresenceID: there.ID, PersonID: p.ID}))(t)

		r := w.round(w.ann, "1st round", w.exact("tank", 0))
		o := must(w.store.AddOutput(ctx, w.eve, record.Output{
			SeriesID: w.series.ID, RoundID: r.ID, Kind: record.Summary, Draft: record.Draft{Title: "Shores", Lang: "en", Body: "Hilma Oterhals knows the shore."},
		}))(t)
		recordtest.Clear(t, w.store, o.ID)
		rel := w.prepare(release.PrepareRequest{RoundID: r.ID, OutputIDs: []string{o.ID}})
		for _, who := range []record.Actor{cora, dora} {
			if found := must(w.store.Findings(ctx, who, o.ID, o.Draft))(t); found != nil {
				t.Errorf("%s is told %+v", who.Name, found)
			}
		}
		if err := w.service.Sign(ctx, cora, rel.ID, password, record.Immediate); err != nil {
			t.Fatal(err)
		}
		err := w.service.Countersign(ctx, dora, rel.ID, password)
		if fault.KindOf(err) != fault.Conflict || err.Error() != record.ElsewhereSays {
			t.Errorf("countersigned: %v", err)
		}
		var all []record.Settling
		for _, f := range must(w.store.Findings(ctx, w.ann, o.ID, o.Draft))(t) {
			all = append(all, record.Settling{Key: f.Key, Settlement: record.Settlement{As: record.FalseAlarm}})
		}
		if err := w.store.SettleFindings(ctx, w.ann, o.ID, 0, all); err != nil {
			t.Fatal(err)
		}
		if err := w.service.Countersign(ctx, dora, rel.ID, password); err != nil {
			t.Errorf("after somebody settled it: %v", err)
		}
	})
}
