package release_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"track15/models/database/dbtest"
	"track15/models/fault"
	"track15/models/record"
	"track15/models/recordstore"
	"track15/models/release"
)

// imported has Ann import a plan of rows of one kind, and returns the import.
func (w *world) imported(kind string, p recordstore.Plan) recordstore.Intake {
	w.Helper()
	t := must(w.store.StartIntake(w.Context(), w.ann, recordstore.Intake{SeriesID: w.series.ID, Kind: kind, Title: "table"}))(w.T)
	r := must(w.store.ApplyIntake(w.Context(), w.ann, t.ID, t.Version, p))(w.T)
	if len(r.Aside) > 0 {
		w.Fatalf("set aside: %+v", r.Aside)
	}
	return must(w.store.Intake(w.Context(), w.ann, t.ID))(w.T)
}

// found is a round of a table whose row names where it is public, with bodies.
func (w *world) found(label string, bodies ...string) record.Round {
	r := record.Round{
		ID: recordstore.NewID(), State: record.Held, OrdinalLabel: label, Opens: "2019-05-02", City: "Port Anselm", Compiled: true,
		Venue: "Canary Customs House", InternalTitle: "Canary working title", Sources: []record.Source{{URL: "https://press.example.org/" + label}},
	}
	for _, key := range bodies {
		r.Presences = append(r.Presences, record.Presence{OrganisationID: w.bodies[key].ID, SideID: w.series.Sides[0].ID, Label: record.Exact})
	}
	return r
}

// cited is a text of a table about a round, "" for the series; address "" for
// one that says not where it is public.
func cited(roundID, title, address string) record.Output {
	return record.Output{
		ID: recordstore.NewID(), RoundID: roundID, Kind: record.Commentary, External: true, Compiled: address != "",
		Draft: record.Draft{Title: title, URL: address},
	}
}

func rowsOf[T any](all ...T) (out []recordstore.Planned[T]) {
	for i, e := range all {
		out = append(out, recordstore.Planned[T]{Row: i + 2, Digest: fmt.Sprintf("%T %d %v", e, i, e), Entry: e})
	}
	return out
}

// reasons says of what an import left out why, sorted.
func (w *world) reasons(importID string) []string {
	w.Helper()
	var all []string
	for _, l := range must(w.store.Intake(w.Context(), w.ann, importID))(w.T).Result.LeftOut {
		all = append(all, l.Kind+": "+l.Why)
	}
	slices.Sort(all)
	return all
}

// What a table marks as public elsewhere is one release of two signatures,
// however often it is asked for. Nothing else of the import is in it: no row
// without an address, no round that a rule holds back, no text whose round is
// not public.
func TestImportedAsOneRelease(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		w := newWorld(t, store)
		plain := w.found("canary-plain", "hidden")
		plain.Compiled, plain.Sources = false, nil
		ruled := w.found("canary-ruled", "hidden")
		ruled.Version = 2
		half := w.found("half", "hidden")
		half.Version, half.Rules = 2, record.GroundRules{Preset: "chatham_house", Vector: record.PresetOf("chatham_house").Vector}
		one, two := w.found("one", "tank", "agency"), w.found("two", "tank")
		rounds := w.imported("rounds", recordstore.Plan{Rounds: rowsOf(one, plain, ruled, two, half)})
		texts := w.imported("outputs", recordstore.Plan{Outputs: rowsOf(
			cited(one.ID, "On the first", "https://press.example.org/a"), cited(one.ID, "Canary without address", ""),
			cited(plain.ID, "Canary of a round not public", "https://press.example.org/canary"),
		)})
		_, err := w.service.PrepareImported(t.Context(), w.eve, rounds.ID)
		fails(t, fault.NotFound, err)

		rel := must(w.service.PrepareImported(t.Context(), w.ann, rounds.ID))(t)
		again := must(w.service.PrepareImported(t.Context(), w.ann, rounds.ID))(t)
		if again.ID != rel.ID || !rel.Import || rel.State != record.Frozen || rel.Title != "Compiled from public sources: 3 rounds, 1 text" {
			t.Errorf("prepared %+v, again %s", rel, again.ID)
		}
		if all, n, err := w.service.Releases(t.Context(), w.ann, recordstore.ReleaseFilter{}); err != nil || n != 1 {
			t.Errorf("%d releases: %+v, %v", n, all, err)
		}
		if got := w.reasons(rounds.ID); !slices.Equal(got, []string{"round: The ground rules do not allow it to become public that this round took place."}) {
			t.Errorf("left out %q", got)
		}
		w.holds()
		if err := w.service.Sign(t.Context(), w.ann, rel.ID, password, record.Immediate); err != nil {
			t.Fatal(err)
		}
		fails(t, fault.Forbidden, w.service.Countersign(t.Context(), w.ann, rel.ID, password))
		w.holds()
		if err := w.service.Countersign(t.Context(), w.bob, rel.ID, password); err != nil {
			t.Fatal(err)
		}
		w.deliver(1)
		w.holds(
			"series/kasmere-dialogue", "organisation/harbour-institute", "organisation/response-centre",
			"round/kasmere-dialogue-one", "round/kasmere-dialogue-two", "round/kasmere-dialogue-half", w.textNamed("On the first"),
		)
		w.noCanary()
		if r := w.decoded("kasmere-dialogue-one"); !r.Compiled || len(r.Sources) != 1 || r.City != "Port Anselm" {
			t.Errorf("round %+v", r)
		}

		_, err = w.service.PrepareImported(t.Context(), w.ann, texts.ID)
		fails(t, fault.Conflict, err)
	})
}

// textNamed is the key of the public text with the title.
func (w *world) textNamed(title string) string {
	w.Helper()
	for key, body := range w.public() {
		if strings.HasPrefix(key, "output/") && strings.Contains(body, title) {
			return key
		}
	}
	w.Errorf("no text %q is public", title)
	return ""
}

// A text that comes later names its round and series as they are public, and
// brings nothing of what was changed about them since. It takes along a round
// that is itself public elsewhere.
func TestImportedTexts(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		w := newWorld(t, store)
		r := w.round(w.ann, "open", w.exact("tank", 0))
		w.pass(w.prepare(release.PrepareRequest{RoundID: r.ID}).ID)
		before := w.public()
		s := w.series
		s.Name = "Canary Dialogue"
		must(w.store.EditSeries(t.Context(), operator, s))(t)
		r = w.read(r.ID)
		r.City = "Canary City"
		must(w.store.EditRound(t.Context(), w.ann, r))(t)
		closed := w.round(w.ann, "canary-closed")

		texts := w.imported("outputs", recordstore.Plan{Outputs: rowsOf(
			cited(r.ID, "About the round", "https://press.example.org/b"), cited("", "About the series", "https://press.example.org/c"),
			cited(closed.ID, "Canary of a round not public", "https://press.example.org/canary"),
		)})
		rel := must(w.service.PrepareImported(t.Context(), w.ann, texts.ID))(t)
		if rel.Documents != 2 || rel.Title != "Compiled from public sources: 0 rounds, 2 texts" {
			t.Errorf("prepared %+v", rel)
		}
		if got := w.reasons(texts.ID); !slices.Equal(got, []string{"text: Its round is not public."}) {
			t.Errorf("left out %q", got)
		}
		w.pass(rel.ID)
		w.noCanary()
		for key, body := range before {
			if w.public()[key] != body {
				t.Errorf("%s changed", key)
			}
		}
		for _, title := range []string{"About the round", "About the series"} {
			if body := w.public()[w.textNamed(title)]; !strings.Contains(body, "Kasmere Dialogue") || !strings.Contains(body, "press.example.org") {
				t.Errorf("%s: %s", title, body)
			}
		}
		// Called off, it can be prepared again; undone, not.
		w.tamper("UPDATE series SET name = ? WHERE id = ?", w.series.Name, w.series.ID)
		one := w.found("one", "tank")
		rounds := w.imported("rounds", recordstore.Plan{Rounds: rowsOf(one)})
		along := w.imported("outputs", recordstore.Plan{Outputs: rowsOf(cited(one.ID, "About what comes along", "https://press.example.org/d"))})
		first := must(w.service.PrepareImported(t.Context(), w.ann, along.ID))(t)
		if first.Title != "Compiled from public sources: 1 round, 1 text" {
			t.Errorf("prepared %+v", first)
		}
		_, err := w.service.PrepareImported(t.Context(), w.ann, rounds.ID)
		fails(t, fault.Conflict, err)
		if err := w.service.Cancel(t.Context(), w.ann, first.ID, ""); err != nil {
			t.Fatal(err)
		}
		second := must(w.service.PrepareImported(t.Context(), w.ann, along.ID))(t)
		if second.ID == first.ID {
			t.Error("a release that was called off came back")
		}
		w.pass(second.ID)
		must(w.store.UndoIntake(t.Context(), w.ann, along.ID))(t)
		_, err = w.service.PrepareImported(t.Context(), w.ann, along.ID)
		fails(t, fault.Conflict, err)
	})
}
