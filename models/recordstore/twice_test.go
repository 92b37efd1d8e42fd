package recordstore_test

import (
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"track15/models/fault"
	"track15/models/record"
	"track15/models/recordstore"
)

// A form sent twice makes one thing and one entry of the audit; one that was
// changed in between is refused, not lost; another person's is not theirs.
func TestFormsSentTwice(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx, who := t.Context(), w.as("coordinator")
		// Each adds a thing under an id, with a word in it, and returns what is stored.
		for what, add := range map[string]func(actor record.Actor, id, word string) (any, error){
			"round": func(a record.Actor, id, word string) (any, error) {
				return w.store.LogRound(ctx, a, record.Round{ID: id, SeriesID: w.lake.ID, State: record.Held, City: word, Topics: []string{""}})
			},
			"organisation": func(a record.Actor, id, word string) (any, error) {
				return w.store.AddOrganisation(ctx, a, record.Organisation{ID: id, Name: word, Kind: record.Agency, Aliases: []string{}})
			},
			"text": func(a record.Actor, id, word string) (any, error) {
				return w.store.AddOutput(ctx, a, record.Output{ID: id, SeriesID: w.lake.ID, RoundID: w.round.ID, Kind: record.Summary, Draft: record.Draft{
					Title: word, Observations: []record.Observation{{Text: "one"}, {Text: "two"}},
				}})
			},
			"series": func(_ record.Actor, id, word string) (any, error) {
				return w.store.AddSeries(ctx, operator, record.Series{ID: id, Name: word, Sides: []record.Side{{Name: "A"}, {Name: "B"}}, Conveners: []record.Convening{}})
			},
			"presence": func(a record.Actor, id, word string) (any, error) {
				r := must(w.store.Round(ctx, who, w.round.ID))(t)
				return w.store.AddPresence(ctx, a, r.ID, r.Version, record.Presence{ID: id, Words: word})
			},
		} {
			before := w.entries()
			id := recordstore.NewID()
			first, err := add(who, id, "Ferry")
			if err != nil {
				t.Errorf("%s: %v", what, err)
				continue
			}
			second, err := add(who, id, " Ferry ")
			if err != nil || !reflect.DeepEqual(first, second) {
				t.Errorf("%s again: %v\n%+v\n%+v", what, err, first, second)
			}
			if n := w.entries() - before; n != 1 {
				t.Errorf("%s twice: %d entries", what, n)
			}
			_, err = add(who, id, "Lighter")
			wantKind(t, what+" changed in between", err, fault.Conflict)
			if what != "series" {
				_, err = add(w.as("director"), id, "Barge")
				wantKind(t, what+" of another", err, fault.Conflict)
			}
			_, err = add(who, "no id", "Raft")
			wantKind(t, what+" under a false id", err, fault.Invalid)
			if n := w.entries() - before; n != 1 {
				t.Errorf("%s: refusals left entries: %d", what, n)
			}
		}
	})
}

// Of two who edit at once, the second is told, whatever they edit; the same
// edit sent twice stands once.
func TestTwoEditors(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		version := func() int64 { return must(w.store.Round(ctx, w.as("coordinator"), w.round.ID))(t).Version }
		for what, edit := range map[string]func(a record.Actor, word string) error{
			"series": func(a record.Actor, word string) error {
				s := w.lake
				s.OtherNames, s.Sides = []string{word}, append(slices.Clone(w.lake.Sides), record.Side{Name: word})
				_, err := w.store.EditSeries(ctx, a, s)
				return err
			},
			"organisation": func(a record.Actor, word string) error {
				o := w.navy
				o.Acronym = word
				_, err := w.store.EditOrganisation(ctx, a, o)
				return err
			},
			"draft": func(a record.Actor, word string) error {
				d := w.text.Draft
				d.Body, d.Observations = word, append(slices.Clone(d.Observations), record.Observation{Text: word})
				_, err := w.store.SaveDraft(ctx, a, w.text.ID, 1, d)
				return err
			},
			"round": func() func(record.Actor, string) error {
				r := w.round
				return func(a record.Actor, word string) error {
					r.City = word
					_, err := w.store.EditRound(ctx, a, r)
					return err
				}
			}(),
		} {
			before := w.entries()
			if err := edit(w.as("coordinator"), "first"); err != nil {
				t.Errorf("%s: %v", what, err)
			}
			if err := edit(w.as("coordinator"), "first"); err != nil {
				t.Errorf("%s sent twice: %v", what, err)
			}
			if err := edit(w.as("director"), "first "); err != nil {
				t.Errorf("%s, the same by another: %v", what, err)
			}
			wantKind(t, what+" of the second", edit(w.as("director"), "second"), fault.Conflict)
			if n := w.entries() - before; n != 1 {
				t.Errorf("%s: %d entries", what, n)
			}
		}
		stale := version()
		rules := record.GroundRules{Preset: "chatham_house", Vector: record.PresetOf("chatham_house").Vector, Text: "as read"}
		for range 2 {
			if err := w.store.EditRules(ctx, w.as("coordinator"), w.round.ID, stale, rules); err != nil {
				t.Error("rules:", err)
			}
		}
		rules.Text = "otherwise"
		wantKind(t, "rules of the second", w.store.EditRules(ctx, w.as("director"), w.round.ID, stale, rules), fault.Conflict)
		p := w.round.Presences[0]
		p.Role = record.Host
		_, err := w.store.EditPresence(ctx, w.as("director"), w.round.ID, stale, p)
		wantKind(t, "presence of the second", err, fault.Conflict)
		wantKind(t, "removal of the second", w.store.RemovePresence(ctx, w.as("director"), w.round.ID, p.ID, stale), fault.Conflict)
		must(w.store.EditPresence(ctx, w.as("director"), w.round.ID, version(), p))(t)
		r := must(w.store.Round(ctx, w.as("coordinator"), w.round.ID))(t)
		if r.City != "first" || r.Presences[0].Role != record.Host || r.Rules.Text != "as read" || r.Rules.Vector[record.AspectCity] != record.Free {
			t.Errorf("in the end: %+v", r)
		}
		if err := w.store.RemovePresence(ctx, w.as("director"), w.round.ID, p.ID, r.Version); err != nil {
			t.Error("removal:", err)
		}
	})
}

// Many who save from one version at once: one wins.
func TestOneOfManyDraftsWins(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		other := w.open()
		errs := make([]error, 8)
		var wg sync.WaitGroup
		for i := range errs {
			wg.Go(func() {
				s := w.store
				if i%2 == 1 {
					s = other
				}
				_, errs[i] = s.SaveDraft(t.Context(), w.as("editor"), w.text.ID, 1, record.Draft{Title: strings.Repeat("x", i+1)})
			})
		}
		wg.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
			} else {
				wantKind(t, "a later one", err, fault.Conflict)
			}
		}
		if drafts := must(w.store.Drafts(t.Context(), w.as("editor"), w.text.ID))(t); won != 1 || len(drafts) != 2 || drafts[0].Number != 2 {
			t.Errorf("%d won; %d drafts", won, len(drafts))
		}
		_, err := w.store.SaveDraft(t.Context(), w.as("editor"), w.text.ID, 9, record.Draft{Title: "of no version"})
		wantKind(t, "from a version that is not there", err, fault.Conflict)
		if r := must(w.store.VerifyAudit(t.Context(), operator))(t); r.Broken != 0 || r.Witness != r.Entries {
			t.Errorf("the chain of two programs: %+v", r)
		}
	})
}

// An observation keeps its ID over versions, whatever is done to the others,
// and no text can take another's.
func TestObservationsKeepTheirIDs(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx, editor := t.Context(), w.as("editor")
		id := w.text.Draft.Observations[0].ID
		save := func(base int64, all ...record.Observation) (record.Draft, error) {
			return w.store.SaveDraft(ctx, editor, w.text.ID, base, record.Draft{Title: "T", Observations: all})
		}
		d := must(save(1, record.Observation{Text: "new"}, record.Observation{ID: id, Text: "Fog is thick."}))(t)
		if d.Observations[1].ID != id || d.Observations[0].ID == "" || d.Observations[0].ID == id {
			t.Errorf("%+v", d.Observations)
		}
		again := must(save(1, record.Observation{Text: "new"}, record.Observation{ID: id, Text: "Fog is thick."}))(t)
		if !reflect.DeepEqual(again, d) {
			t.Errorf("sent again: %+v", again)
		}
		must(save(2, record.Observation{Text: "alone"}))(t)
		if d = must(save(3, record.Observation{ID: id, Text: "back"}))(t); d.Observations[0].ID != id {
			t.Error("one that comes back has another ID")
		}
		_, err := save(4, record.Observation{ID: id, Text: "a"}, record.Observation{ID: id, Text: "b"})
		wantKind(t, "one ID twice", err, fault.Invalid)
		other := must(w.store.AddOutput(ctx, editor, record.Output{SeriesID: w.lake.ID, Kind: record.Summary, Draft: record.Draft{Title: "O", Observations: []record.Observation{{Text: "o"}}}}))(t)
		_, err = save(4, record.Observation{ID: other.Draft.Observations[0].ID, Text: "mine"})
		wantKind(t, "another text's ID", err, fault.Invalid)
		_, err = w.store.AddOutput(ctx, editor, record.Output{SeriesID: w.lake.ID, Kind: record.Summary, Draft: record.Draft{Title: "P", Observations: []record.Observation{{ID: id, Text: "o"}}}})
		wantKind(t, "a new text with another's ID", err, fault.Invalid)
	})
}
