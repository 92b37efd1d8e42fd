package tables_test

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"track15/models/intake"
	"track15/models/record"
	"track15/models/sheet"
	"track15/models/tables"
)

// forms are the three files that a table becomes.
var forms = map[string]func(io.Writer, sheet.Table) error{"list.csv": sheet.WriteCSV, "list.xlsx": sheet.WriteXLSX, "list.json": sheet.WriteJSON}

var series = record.Series{ID: "s", Name: "Kasmere Dialogue", Sides: []record.Side{{ID: "a", Name: "Kasmere"}, {ID: "b", Name: "Norlund"}}}

// drawn makes entries as the record stores them.
type drawn struct{ *rand.Rand }

func (d drawn) of(all ...string) string { return all[d.IntN(len(all))] }

func (d drawn) words() string {
	return d.of("=Weir", "Harbour, East", "+ Marsh", "Öland", "Ferry's", "S-Sound", "@Coast", `The "Old" Mole`, "外交 Council") + " " + d.of("Talks", "Institute 7", "Bureau", "Forum")
}

func (d drawn) maybe(s string) string { return d.of(s, "") }

func (d drawn) names() (all []record.Name) {
	for _, n := range []record.Name{{Text: "林若川", Lang: "zh-Hans"}, {Text: "Улла Фенн", Lang: "be"}, {Text: "Ülla Fenn", Lang: "et"}} {
		if d.IntN(3) == 0 {
			all = append(all, n)
		}
	}
	return all
}

func (d drawn) aliases() (all []string) {
	for range d.IntN(3) {
		all = append(all, d.of("Ulla F.", "'Fenn", "=1+1", "Fenn (younger)")+fmt.Sprint(len(all)))
	}
	return all
}

func (d drawn) person(i int) record.Person {
	return record.Person{
		Given: d.of("Ulrike", "Jo Ann", "de", ""), Family: d.of("FENN", "van der Marsh", "Lin", "=Weir") + fmt.Sprint(i), FamilyFirst: d.IntN(2) == 0,
		Honorific: d.maybe("Dr"), Native: d.names(), Aliases: d.aliases(), Country: d.maybe("XA"),
	}.Normal()
}

func (d drawn) organisation(i int) record.Organisation {
	o := record.Organisation{
		Name: d.words() + fmt.Sprint(i), Acronym: d.maybe("HI"), Native: d.names(), Aliases: d.aliases(),
		Kind: record.OrgKinds[d.IntN(len(record.OrgKinds)-1)], Country: d.maybe("XB"),
	}
	if d.IntN(2) == 0 {
		o.Sources = []record.Source{{URL: "https://example.org/a,b"}, {URL: "https://example.org/?q=1"}}
	}
	return o.Normal()
}

func (d drawn) round(i int) record.Round {
	preset := record.Presets[d.IntN(len(record.Presets))]
	r := record.Round{
		ID: fmt.Sprint(i), SeriesID: series.ID, OrdinalLabel: d.of("third round", "3", "Round No. 12", ""), InternalTitle: d.words() + fmt.Sprint(i),
		Opens: record.Date(d.of("2017", "2017-03", "2017-03-04")), City: d.maybe("Eastmere"), Country: d.maybe("XA"), Venue: d.maybe("=Old Mole"),
		Format: d.of("in person", "virtual", "hybrid", ""), Track: d.of("1", "2", "1.5"), State: record.RoundStates[d.IntN(len(record.RoundStates))],
		Summary: d.maybe("One line.\n\n=Another; line."),
	}
	if r.Opens.Precision() >= record.Day {
		r.Closes = record.Date(d.maybe("2017-03-05"))
	}
	for range d.IntN(3) {
		r.Topics = append(r.Topics, d.words()+fmt.Sprint(len(r.Topics)))
	}
	if preset.Key != "closed" {
		r.Rules = record.GroundRules{Preset: preset.Key, Vector: preset.Vector}
	}
	r = r.Normal()
	r.Rules = r.Rules.Normal()
	return r
}

// read writes the table in each form, and reads each as a person's table is
// read. No row may have a problem.
func read(t *testing.T, kind intake.Kind, table sheet.Table, known intake.Known, each func(form string, rows []intake.Row)) {
	t.Helper()
	for form, write := range forms {
		var b, again bytes.Buffer
		for _, w := range []io.Writer{&b, &again} {
			if err := write(w, table); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(b.Bytes(), again.Bytes()) {
			t.Errorf("%s: equal tables are not equal files", form)
		}
		f, err := sheet.Read(form, b.Bytes(), sheet.Options{})
		if err != nil {
			t.Fatal(err)
		}
		m := intake.Guess(kind, f.Sheets[0])
		got := intake.Read(kind, f.Sheets[0], m, intake.Decisions{AllSure: true}, known)
		if len(got.Rows) != len(table.Rows) {
			t.Fatalf("%s %s: %d of %d rows", kind, form, len(got.Rows), len(table.Rows))
		}
		for _, row := range got.Rows {
			for _, p := range row.Problems {
				if !p.Note {
					t.Errorf("%s %s row %d: %s: %s", kind, form, row.Number, p.Field, p.Text)
				}
			}
		}
		each(form, got.Rows)
	}
}

// same compares what was read with what was written.
func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s:\n%#v\n%#v", what, got, want)
	}
}

// What a list is written to, an import reads as the same entries.
func TestListsComeBackAsTheyWere(t *testing.T) {
	known := intake.Known{Series: series}
	for seed := range uint64(40) {
		d := drawn{rand.New(rand.NewPCG(seed, 15))}
		n := tables.Names{Series: map[string]string{series.ID: series.Name}, Sides: map[string]string{"a": "Kasmere", "b": "Norlund"}, Bodies: map[string]string{}}
		var people []record.Person
		var bodies []record.Organisation
		var rounds []record.Round
		var took []tables.Participant
		var texts []tables.Output
		at := map[string][]record.Presence{}
		for i := range 5 {
			people = append(people, d.person(i))
			o := d.organisation(i)
			bodies = append(bodies, o)
			bodies[i].ID = fmt.Sprint(i)
			n.Bodies[bodies[i].ID] = o.Name
			r := d.round(i)
			rounds = append(rounds, r)
			at[r.ID] = []record.Presence{{OrganisationID: bodies[i].ID, SideID: d.maybe("a"), Role: record.Roles[d.IntN(3)]}}
			took = append(took, tables.Participant{
				Person: people[i], Round: r, Badge: record.Presence{OrganisationID: bodies[i].ID, Track: d.of("1", "2", ""), Role: record.Roles[d.IntN(len(record.Roles))]},
				Participation: record.Participation{
					SideID: d.maybe("b"), Capacity: record.Capacities[d.IntN(len(record.Capacities))], Post: d.maybe("=Head of unit"),
					Head: d.IntN(2) == 0, State: record.Attendances[d.IntN(len(record.Attendances))],
				},
			})
			texts = append(texts, tables.Output{Round: r, Output: record.Output{
				SeriesID: series.ID, Kind: record.OutputKinds[d.IntN(len(record.OutputKinds))], External: true,
				Draft: record.Draft{
					Title: d.words(), Lang: d.of("en", "zh-Hans"), Outlet: d.maybe("@Weekly"), Date: r.Opens, URL: "https://example.org/?a=b,c",
					Authors: [][]record.Author{nil, {{Family: "Fenn", Given: "Ulrike"}, {Family: "van der Marsh", Given: "Jo"}}, {{Literal: "The Weir Institute"}}}[d.IntN(3)],
				},
			}.Normal()})
		}
		read(t, intake.Participants, tables.People(people), intake.Known{Series: series, RoundID: "r"}, func(form string, rows []intake.Row) {
			for i, row := range rows {
				same(t, form, row.Participant.Person, people[i])
			}
		})
		read(t, intake.Organisations, tables.Organisations(bodies, n), known, func(form string, rows []intake.Row) {
			for i, row := range rows {
				want := bodies[i]
				want.ID = ""
				same(t, form, row.Organisation.Organisation, want)
			}
		})
		read(t, intake.Rounds, tables.Rounds(rounds, at, n), known, func(form string, rows []intake.Row) {
			for i, row := range rows {
				want := rounds[i]
				want.ID, want.SeriesID = "", ""
				same(t, form, row.Round.Round, want)
				p, m := at[rounds[i].ID][0], row.Round.Bodies
				if len(m) != 1 || m[0].Name != n.Bodies[p.OrganisationID] || m[0].SideID != p.SideID || m[0].Role != p.Role || len(row.Round.Public) > 0 {
					t.Errorf("%s: %+v of %+v", form, row.Round, p)
				}
			}
		})
		read(t, intake.Participants, tables.Participants(took, n), known, func(form string, rows []intake.Row) {
			for i, row := range rows {
				e, want := row.Participant, took[i]
				same(t, form, e.Person, want.Person)
				same(t, form, e.Participation, want.Participation)
				same(t, form, []string{e.Badge, e.Track, string(e.Role), e.ActingFor, string(e.Round.Opens), e.Round.City},
					[]string{n.Bodies[want.Badge.OrganisationID], want.Badge.Track, string(want.Badge.Role), "", string(want.Round.Opens), want.Round.City})
			}
		})
		read(t, intake.Outputs, tables.Outputs(texts, n), known, func(form string, rows []intake.Row) {
			for i, row := range rows {
				want := texts[i].Output
				want.SeriesID = ""
				same(t, form, row.Output.Output, want)
			}
		})
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

// What stands behind a badge is in no table.
func TestNoTrueAffiliationInATable(t *testing.T) {
	n := tables.Names{Bodies: map[string]string{"badge": "Harbour Institute", "true": "Signals Directorate"}}
	behind := record.Presence{OrganisationID: "true", AttendsThroughID: "badge", Role: record.Host}
	all := []sheet.Table{
		tables.Rounds([]record.Round{{ID: "r"}}, map[string][]record.Presence{"r": {behind}}, n),
		tables.Presences([]tables.Presence{{Presence: behind}}, n),
		tables.Participants([]tables.Participant{{Badge: behind}}, n),
	}
	for _, table := range all {
		if s := fmt.Sprint(table); strings.Contains(s, "Signals") {
			t.Error(s)
		}
	}
	if s := fmt.Sprint(all[2]); !strings.Contains(s, "Harbour Institute") {
		t.Error("a participant lost the badge")
	}
}
