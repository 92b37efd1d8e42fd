package recordstore_test

import (
	"fmt"
	"strings"
	"testing"

	"track15/models/fault"
	"track15/models/record"
	"track15/models/recordstore"
)

// What is no text is refused alike on both databases, in every field, and never
// reaches a statement.
func TestWhatIsNoTextIsRefused(t *testing.T) {
	bad := map[string]string{
		"NUL": "a\x00b", "not UTF-8": "a\xffb", "half a letter": "a\xe2\x82", "format character": "a\u200bb",
		"direction": "a\u202eb", "private use": "a\ue000b", "1 MiB": strings.Repeat("x", 1<<20),
	}
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx, who := t.Context(), w.as("coordinator")
		r := w.round
		r.Presences = nil
		before := w.entries()
		for name, s := range bad {
			for what, try := range map[string]func() error{
				"title": func() error { r := r; r.InternalTitle = s; _, err := w.store.EditRound(ctx, who, r); return err },
				"new round": func() error {
					_, err := w.store.LogRound(ctx, who, record.Round{SeriesID: w.lake.ID, State: record.Held, City: s})
					return err
				},
				"topics": func() error {
					r := r
					r.Topics = []string{"x", s}
					_, err := w.store.EditRound(ctx, who, r)
					return err
				},
				"date": func() error { r := r; r.Opens = record.Date(s); _, err := w.store.EditRound(ctx, who, r); return err },
				"state": func() error {
					r := r
					r.State = record.RoundState(s)
					_, err := w.store.EditRound(ctx, who, r)
					return err
				},
				"country": func() error { r := r; r.Country = s; _, err := w.store.EditRound(ctx, who, r); return err },
				"rules":   func() error { return w.store.EditRules(ctx, who, r.ID, r.Version, record.GroundRules{Preset: s}) },
				"aspect": func() error {
					return w.store.EditRules(ctx, who, r.ID, r.Version, record.GroundRules{Vector: map[record.Aspect]record.Permission{record.Aspect(s): record.Free}})
				},
				"series": func() error { _, err := w.store.AddSeries(ctx, operator, record.Series{Name: s}); return err },
				"side": func() error {
					l := w.lake
					l.Sides = []record.Side{{ID: s, Name: "A"}}
					_, err := w.store.EditSeries(ctx, who, l)
					return err
				},
				"conveners": func() error {
					l := w.lake
					l.Conveners = []record.Convening{{OrganisationID: s}}
					_, err := w.store.EditSeries(ctx, who, l)
					return err
				},
				"body": func() error {
					_, err := w.store.AddOrganisation(ctx, who, record.Organisation{Name: s, Kind: record.Agency})
					return err
				},
				"alias": func() error {
					o := w.navy
					o.Aliases = []string{s}
					_, err := w.store.EditOrganisation(ctx, who, o)
					return err
				},
				"native": func() error {
					o := w.navy
					o.Native = []record.Name{{Text: s, Lang: "en"}}
					_, err := w.store.EditOrganisation(ctx, who, o)
					return err
				},
				"language": func() error {
					o := w.navy
					o.Native = []record.Name{{Text: "x", Lang: s}}
					_, err := w.store.EditOrganisation(ctx, who, o)
					return err
				},
				"parent": func() error { o := w.navy; o.ParentID = s; _, err := w.store.EditOrganisation(ctx, who, o); return err },
				"words": func() error {
					_, err := w.store.AddPresence(ctx, who, r.ID, r.Version, record.Presence{Words: s})
					return err
				},
				"organisation": func() error {
					_, err := w.store.AddPresence(ctx, who, r.ID, r.Version, record.Presence{OrganisationID: s})
					return err
				},
				"badge": func() error {
					_, err := w.store.AddPresence(ctx, who, r.ID, r.Version, record.Presence{OrganisationID: w.navy.ID, AttendsThroughID: s})
					return err
				},
				"label": func() error {
					_, err := w.store.AddPresence(ctx, who, r.ID, r.Version, record.Presence{OrganisationID: w.navy.ID, Label: record.DisclosureLabel(s)})
					return err
				},
				"presence side": func() error {
					_, err := w.store.AddPresence(ctx, who, r.ID, r.Version, record.Presence{OrganisationID: w.navy.ID, SideID: s})
					return err
				},
				"text": func() error { _, err := w.store.SaveDraft(ctx, who, w.text.ID, 1, record.Draft{Title: s}); return err },
				"observation": func() error {
					_, err := w.store.SaveDraft(ctx, who, w.text.ID, 1, record.Draft{Title: "x", Observations: []record.Observation{{Text: s}}})
					return err
				},
				"observation id": func() error {
					_, err := w.store.SaveDraft(ctx, who, w.text.ID, 1, record.Draft{Title: "x", Observations: []record.Observation{{ID: s, Text: "x"}}})
					return err
				},
				"new text": func() error {
					_, err := w.store.AddOutput(ctx, who, record.Output{SeriesID: w.lake.ID, RoundID: s, Kind: record.Summary, Draft: record.Draft{Title: "x"}})
					return err
				},
				"form id": func() error {
					_, err := w.store.LogRound(ctx, who, record.Round{ID: s, SeriesID: w.lake.ID, State: record.Held})
					return err
				},
				"find": func() error { _, _, err := w.store.Rounds(ctx, who, recordstore.RoundFilter{Query: s}); return err },
				"by body": func() error {
					_, _, err := w.store.Rounds(ctx, who, recordstore.RoundFilter{OrganisationID: s})
					return err
				},
				"by series": func() error { _, _, err := w.store.Rounds(ctx, who, recordstore.RoundFilter{SeriesID: s}); return err },
				"by state": func() error {
					_, _, err := w.store.Rounds(ctx, who, recordstore.RoundFilter{State: record.RoundState(s)})
					return err
				},
				"find a body": func() error {
					_, _, err := w.store.Organisations(ctx, who, recordstore.OrganisationFilter{Query: s})
					return err
				},
				"by country": func() error {
					_, _, err := w.store.Organisations(ctx, who, recordstore.OrganisationFilter{Country: s})
					return err
				},
				"texts of": func() error { _, _, err := w.store.Outputs(ctx, who, recordstore.OutputFilter{RoundID: s}); return err },
				"account": func() error {
					_, err := w.store.AddAccount(ctx, operator, record.Account{Email: "x@example.org", Name: s}, password)
					return err
				},
				"grant": func() error {
					_, err := w.store.AddAccount(ctx, operator, record.Account{Email: "x@example.org", Name: "x", Grants: []record.Grant{{Role: record.Editor, SeriesID: s}}}, password)
					return err
				},
			} {
				wantKind(t, fmt.Sprintf("%s in %s", name, what), try(), fault.Invalid)
			}
			for what, try := range map[string]func() error{
				"round":        func() error { _, err := w.store.Round(ctx, who, s); return err },
				"series":       func() error { _, err := w.store.Series(ctx, operator, s); return err },
				"body":         func() error { _, err := w.store.Organisation(ctx, who, s); return err },
				"text":         func() error { _, err := w.store.Output(ctx, who, s); return err },
				"drafts":       func() error { _, err := w.store.Drafts(ctx, who, s); return err },
				"edited round": func() error { _, err := w.store.EditRound(ctx, who, record.Round{ID: s}); return err },
				"edited body":  func() error { _, err := w.store.EditOrganisation(ctx, who, record.Organisation{ID: s}); return err },
				"log into": func() error {
					_, err := w.store.LogRound(ctx, operator, record.Round{SeriesID: s, State: record.Held})
					return err
				},
				"presence": func() error { return w.store.RemovePresence(ctx, who, r.ID, s, r.Version) },
				"account":  func() error { _, err := w.store.AccountByID(ctx, s); return err },
			} {
				wantKind(t, fmt.Sprintf("%s as the id of a %s", name, what), try(), fault.NotFound)
			}
		}
		if n := w.entries(); n != before {
			t.Errorf("refusals left %d entries", n-before)
		}
	})
}

// The longest words that may be entered are kept whole, and found, whatever
// their letters fold to.
func TestTheLongestWordsAreKept(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		for _, letter := range []string{"x", "\uFDFA", "é", "部", "𝔏"} {
			name := strings.Repeat(letter, record.MaxLine/len(letter))
			o := must(w.store.AddOrganisation(t.Context(), w.as("coordinator"), record.Organisation{Name: name, Acronym: "Q" + letter, Aliases: []string{letter + name[len(letter):]}, Kind: record.Agency}))(t)
			if o = must(w.store.Organisation(t.Context(), w.as("coordinator"), o.ID))(t); o.Name != (record.Organisation{Name: name}).Normal().Name {
				t.Errorf("%s: %d bytes came back as %d", letter, len(name), len(o.Name))
			}
			if _, n, err := w.store.Organisations(t.Context(), w.as("coordinator"), recordstore.OrganisationFilter{Query: strings.Repeat(letter, 9)}); err != nil || n != 1 {
				t.Errorf("%s: found %d, %v", letter, n, err)
			}
		}
	})
}
