package recordstore_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"track15/models/fault"
	"track15/models/record"
	"track15/models/recordstore"
)

// A seating is people at the round of a world: Kera for the navy, Orrin with the
// institute's badge and truly of the service, somebody who is not recorded, and
// Kera again at the round of the hill.
type seating struct {
	kera, orrin         record.Person
	first, second, anon record.Participation
	badge               record.Presence
}

func (w *world) seated() seating {
	w.t.Helper()
	ctx, s := w.t.Context(), w.store
	side := w.lake.Sides[0].ID
	truth := record.Presence{OrganisationID: w.service.ID, SideID: side}
	entered := must(s.Enter(ctx, w.as("coordinator"), w.round.ID, []recordstore.Entrant{
		{
			Participation: record.Participation{SideID: side, Capacity: record.Official, Post: "Commodore", State: record.Attended, Head: true},
			Person:        record.Person{Given: "Kera", Family: "Lundqvist", Native: []record.Name{{Text: "林克拉", Lang: "zh-Hans"}}, Aliases: []string{"Élise Lund"}, Country: "XA", Sample: true},
			Badge:         record.Presence{OrganisationID: w.navy.ID},
		},
		{
			Participation: record.Participation{SideID: side, Capacity: record.Expert, State: record.Attended},
			Person:        record.Person{Given: "Orrin", Family: "Vale", Sample: true},
			Badge:         record.Presence{OrganisationID: w.institute.ID, SideID: side, Label: record.Exact},
			True:          &truth,
		},
		{Participation: record.Participation{SideID: w.lake.Sides[1].ID, Post: "Third secretary", State: record.Declined}},
	}))(w.t)
	w.round = must(s.Round(ctx, w.as("coordinator"), w.round.ID))(w.t)
	t := seating{first: entered[0], second: entered[1], anon: entered[2]}
	t.kera = must(s.Person(ctx, operator, t.first.PersonID))(w.t)
	t.orrin = must(s.Person(ctx, operator, t.second.PersonID))(w.t)
	for _, p := range w.round.Presences {
		if p.ID == t.second.PresenceID {
			t.badge = p
		}
	}
	must(s.AddParticipation(ctx, w.as("other"), record.Participation{RoundID: w.foreign.ID, PersonID: t.kera.ID}))(w.t)
	return t
}

func TestEnterMakesWhatIsNotThere(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx, who := t.Context(), w.as("coordinator")
		before := len(w.round.Presences)
		tt := w.seated()
		if len(w.round.Presences) != before+1 {
			t.Errorf("%d presences after %d: the service stood there already, the badge did not", len(w.round.Presences), before)
		}
		if tt.badge.Label != record.Withheld || tt.badge.OrganisationID != w.institute.ID || tt.badge.AttendsThroughID != "" {
			t.Errorf("badge: %+v", tt.badge)
		}
		if tt.second.TruePresenceID != w.round.Presences[1].ID {
			t.Errorf("truth %s", tt.second.TruePresenceID)
		}
		if tt.first.Code != "A1" || tt.second.Code != "A2" || tt.anon.Code != "B1" {
			t.Errorf("codes %s %s %s", tt.first.Code, tt.second.Code, tt.anon.Code)
		}
		// A code is never given again.
		if err := w.store.RemoveParticipation(ctx, who, w.round.ID, tt.anon.ID, tt.anon.Version); err != nil {
			t.Fatal(err)
		}
		if p := must(w.store.AddParticipation(ctx, who, record.Participation{RoundID: w.round.ID, SideID: tt.anon.SideID}))(t); p.Code != "B2" {
			t.Errorf("next code %s", p.Code)
		}
		// Sent twice, it stands once and leaves one entry.
		one := []recordstore.Entrant{{Participation: record.Participation{ID: recordstore.NewID(), Post: "guest"}, Person: record.Person{ID: recordstore.NewID(), Family: "Bo"}}}
		entries := w.entries()
		for range 2 {
			must(w.store.Enter(ctx, who, w.round.ID, one))(t)
		}
		if n := w.entries() - entries; n != 1 {
			t.Errorf("sent twice: %d entries", n)
		}
		// Nothing half in.
		_, err := w.store.Enter(ctx, who, w.round.ID, []recordstore.Entrant{
			{Person: record.Person{Family: "Halfway"}}, {Participation: record.Participation{SideID: recordstore.NewID()}},
		})
		wantKind(t, "an unknown side", err, fault.Invalid)
		if _, n, _ := w.store.People(ctx, who, recordstore.PersonFilter{Query: "halfway"}); n != 0 {
			t.Error("half of a refused table went in")
		}
		_, err = w.store.Enter(ctx, who, w.round.ID, []recordstore.Entrant{{
			Person: record.Person{Family: "Wordy"}, Badge: record.Presence{Words: "independent researchers"}, True: &record.Presence{OrganisationID: w.office.ID},
		}})
		wantKind(t, "a truth behind words", err, fault.Invalid)
		_, err = w.store.Enter(ctx, w.as("director"), w.round.ID, []recordstore.Entrant{{
			Person: record.Person{Family: "Covered"}, Badge: record.Presence{OrganisationID: w.institute.ID}, True: &record.Presence{OrganisationID: w.office.ID},
		}})
		wantForbidden(t, "director enters a truth", err)
	})
}

func TestParticipantsAreThoseOfTheirReaders(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		tt := w.seated()
		for role, want := range map[string]int{"coordinator": 3, "director": 3, "desk officer": 3} {
			all := must(w.store.Participations(ctx, w.as(role), w.round.ID))(t)
			if len(all) != want || all[0].Code != "A1" {
				t.Errorf("%s: %d", role, len(all))
			}
			if truth := all[1].TruePresenceID; (truth != "") != (role != "desk officer") {
				t.Errorf("%s: truth %q", role, truth)
			}
		}
		for _, role := range []string{"editor", "records officer", "rapporteur", "auditor", "administrator", "nobody", "other"} {
			for what, try := range map[string]func() (int, error){
				"participations": func() (int, error) {
					all, err := w.store.Participations(ctx, w.as(role), w.round.ID)
					return len(all), err
				},
				"sessions": func() (int, error) { all, err := w.store.Sessions(ctx, w.as(role), w.round.ID); return len(all), err },
			} {
				n, err := try()
				wantKind(t, role+" "+what, err, fault.NotFound)
				if n != 0 {
					t.Errorf("%s: %d %s", role, n, what)
				}
			}
			all, n, _ := w.store.Appearances(ctx, w.as(role), recordstore.AppearanceFilter{BodyFilter: recordstore.BodyFilter{HiddenToo: true}})
			if role != "other" && (n != 0 || len(all) != 0) || role == "other" && n != 1 {
				t.Errorf("%s: %d appearances", role, n)
			}
		}
		// A director's edit keeps what they may not change.
		p := tt.second
		p.TruePresenceID, p.Post = "", "Fellow"
		p = must(w.store.EditParticipation(ctx, w.as("director"), recordstore.Entrant{Participation: p}))(t)
		if p.TruePresenceID != tt.second.TruePresenceID || p.Post != "Fellow" {
			t.Errorf("after a director's edit: %+v", p)
		}
		p.PresenceID = tt.first.PresenceID
		_, err := w.store.EditParticipation(ctx, w.as("director"), recordstore.Entrant{Participation: p})
		wantForbidden(t, "director takes the badge away", err)
		wantForbidden(t, "director removes a truth", w.store.RemoveParticipation(ctx, w.as("director"), w.round.ID, p.ID, p.Version))
		_, err = w.store.EditParticipation(ctx, w.as("desk officer"), recordstore.Entrant{Participation: p})
		wantForbidden(t, "desk officer edits", err)
		// What participants stand under stays.
		r := must(w.store.Round(ctx, w.as("coordinator"), w.round.ID))(t)
		for _, id := range []string{tt.first.PresenceID, tt.second.PresenceID, tt.second.TruePresenceID} {
			wantKind(t, "removed from under somebody", w.store.RemovePresence(ctx, w.as("coordinator"), r.ID, id, r.Version), fault.Invalid)
		}
		moved := tt.badge
		moved.OrganisationID = w.office.ID
		_, err = w.store.EditPresence(ctx, w.as("coordinator"), r.ID, r.Version, moved)
		wantKind(t, "another body under the badge", err, fault.Invalid)
	})
}

// Which people of a body took part: its own, those of what it was, is part of
// and holds, and those behind a badge for who may read them.
func TestAppearancesByBody(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		tt := w.seated()
		before := must(w.store.AddOrganisation(ctx, operator, record.Organisation{Name: "Old Navy", Kind: record.Military}))(t)
		w.navy.Predecessors = []record.Succession{{OrganisationID: before.ID}}
		w.navy.ParentID = w.parent.ID
		w.navy = must(w.store.EditOrganisation(ctx, operator, w.navy))(t)
		fleet := must(w.store.AddOrganisation(ctx, operator, record.Organisation{Name: "First Fleet", Kind: record.Military, ParentID: w.navy.ID}))(t)
		count := func(role string, f recordstore.AppearanceFilter) int {
			f.HiddenToo = true
			all, n, err := w.store.Appearances(ctx, w.as(role), f)
			if err != nil || len(all) != n {
				t.Errorf("%s: %d of %d, %v", role, len(all), n, err)
			}
			return n
		}
		body := func(id string, alone bool) recordstore.AppearanceFilter {
			return recordstore.AppearanceFilter{BodyFilter: recordstore.BodyFilter{OrganisationID: id, Alone: alone}}
		}
		for what, c := range map[string]struct {
			f       recordstore.AppearanceFilter
			coord   int
			officer int
		}{
			"navy":         {body(w.navy.ID, false), 1, 1},
			"navy alone":   {body(w.navy.ID, true), 1, 1},
			"parent":       {body(w.parent.ID, false), 1, 1},
			"parent alone": {body(w.parent.ID, true), 0, 0},
			"before":       {body(before.ID, false), 1, 1},
			"before alone": {body(before.ID, true), 0, 0},
			"below":        {body(fleet.ID, false), 1, 1},
			"badge":        {body(w.institute.ID, false), 1, 1},
			"truth":        {body(w.service.ID, false), 1, 0},
			"truth alone":  {body(w.service.ID, true), 1, 0},
			"other":        {body(w.office.ID, false), 0, 0},
			"no body":      {body("no id", false), 0, 0},
			"person":       {recordstore.AppearanceFilter{PersonID: tt.kera.ID}, 1, 1},
			"capacity":     {recordstore.AppearanceFilter{Capacity: record.Expert}, 1, 1},
			"declined":     {recordstore.AppearanceFilter{State: record.Declined}, 1, 1},
			"side":         {recordstore.AppearanceFilter{BodyFilter: recordstore.BodyFilter{SideID: w.lake.Sides[1].ID}}, 1, 1},
			"kind":         {recordstore.AppearanceFilter{BodyFilter: recordstore.BodyFilter{Kind: record.Military}}, 1, 1},
			"true kind":    {recordstore.AppearanceFilter{BodyFilter: recordstore.BodyFilter{Kind: record.SecurityService}}, 0, 0},
			"country":      {recordstore.AppearanceFilter{BodyFilter: recordstore.BodyFilter{Country: "XA"}}, 2, 2},
			"year":         {recordstore.AppearanceFilter{BodyFilter: recordstore.BodyFilter{Since: 2017, Until: 2017}}, 3, 3},
			"other year":   {recordstore.AppearanceFilter{BodyFilter: recordstore.BodyFilter{Until: 2016}}, 0, 0},
			"later":        {recordstore.AppearanceFilter{BodyFilter: recordstore.BodyFilter{Since: 2018}}, 0, 0},
			"foreign":      {recordstore.AppearanceFilter{BodyFilter: recordstore.BodyFilter{SeriesID: w.hill.ID}}, 0, 0},
		} {
			if n := count("coordinator", c.f); n != c.coord {
				t.Errorf("coordinator by %s: %d, want %d", what, n, c.coord)
			}
			if n := count("desk officer", c.f); n != c.officer {
				t.Errorf("desk officer by %s: %d, want %d", what, n, c.officer)
			}
		}
		all, _, err := w.store.Appearances(ctx, w.as("desk officer"), recordstore.AppearanceFilter{BodyFilter: recordstore.BodyFilter{HiddenToo: true}})
		if text := mustJSON(t, all); err != nil || strings.Contains(text, w.service.ID) || strings.Contains(text, tt.second.TruePresenceID) {
			t.Errorf("a desk officer's list joins badge and truth: %s, %v", text, err)
		}
		// Closed rules hide the round unless it is asked for.
		if _, n, _ := w.store.Appearances(ctx, w.as("coordinator"), recordstore.AppearanceFilter{}); n != 0 {
			t.Errorf("at hidden rounds: %d", n)
		}
		r := must(w.store.Round(ctx, w.as("coordinator"), w.round.ID))(t)
		open := record.GroundRules{Preset: "on_record", Vector: record.PresetOf("on_record").Vector}
		if err := w.store.EditRules(ctx, w.as("coordinator"), r.ID, r.Version, open); err != nil {
			t.Fatal(err)
		}
		if _, n, _ := w.store.Appearances(ctx, w.as("coordinator"), recordstore.AppearanceFilter{}); n != 3 {
			t.Errorf("at an open round: %d", n)
		}
	})
}

func TestPresencesByBody(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.seated()
		for role, want := range map[string][3]int{"coordinator": {5, 1, 1}, "director": {5, 1, 1}, "desk officer": {4, 1, 0}, "editor": {}, "other": {}} {
			var got [3]int
			for i, f := range []recordstore.BodyFilter{{HiddenToo: true}, {HiddenToo: true, OrganisationID: w.institute.ID, Alone: true}, {HiddenToo: true, OrganisationID: w.service.ID}} {
				all, n, err := w.store.Presences(ctx, w.as(role), recordstore.PresenceFilter{BodyFilter: f})
				if err == nil && len(all) != n {
					t.Errorf("%s: %d of %d", role, len(all), n)
				}
				if role == "desk officer" && strings.Contains(mustJSON(t, all), w.service.ID) {
					t.Errorf("%s reads a truth", role)
				}
				got[i] = n
			}
			if got != want {
				t.Errorf("%s: %v, want %v", role, got, want)
			}
		}
	})
}

func TestPeopleAreFoundByAnyName(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		tt := w.seated()
		for q, want := range map[string]int{"kera lund": 1, "LUNDQVIST kera": 1, "林克": 1, "elise": 1, "vale": 1, "nobody": 0, "%": 0, "_": 0} {
			if _, n, err := w.store.People(t.Context(), w.as("desk officer"), recordstore.PersonFilter{Query: q}); err != nil || n != want {
				t.Errorf("%q: %d, %v", q, n, err)
			}
		}
		p := tt.kera
		p.Aliases = nil
		must(w.store.EditPerson(t.Context(), w.as("director"), p))(t)
		if _, n, _ := w.store.People(t.Context(), operator, recordstore.PersonFilter{Query: "elise"}); n != 0 {
			t.Error("an alias that was taken away is found")
		}
		for _, role := range []string{"editor", "rapporteur", "auditor", "administrator", "nobody"} {
			if all, n, err := w.store.People(t.Context(), w.as(role), recordstore.PersonFilter{}); err == nil || n+len(all) != 0 {
				t.Errorf("%s lists people: %d, %v", role, n, err)
			}
		}
	})
}

func TestClearancesOfMany(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx, who := t.Context(), w.as("coordinator")
		tt := w.seated()
		ids := []string{tt.first.ID, tt.second.ID}
		yes := record.Clearance{State: record.ClearanceGranted, Basis: "mail of 3 March", On: "2017-03-03"}
		before := w.entries()
		for range 2 {
			if err := w.store.SetClearances(ctx, who, w.round.ID, ids, recordstore.ClearName, yes); err != nil {
				t.Fatal(err)
			}
		}
		if n := w.entries() - before; n != 1 {
			t.Errorf("sent twice: %d entries", n)
		}
		all := must(w.store.Participations(ctx, who, w.round.ID))(t)
		if !all[0].Name.Given() || !all[1].Name.Given() || all[2].Name.Given() || all[0].Affiliation.Given() || all[1].TruePresenceID != tt.second.TruePresenceID {
			t.Errorf("%+v", all)
		}
		for what, try := range map[string]func() error{
			"no basis": func() error {
				return w.store.SetClearances(ctx, who, w.round.ID, ids, recordstore.ClearName, record.Clearance{State: record.ClearanceGranted})
			},
			"nobody":  func() error { return w.store.SetClearances(ctx, who, w.round.ID, nil, recordstore.ClearName, yes) },
			"nothing": func() error { return w.store.SetClearances(ctx, who, w.round.ID, ids, "all", yes) },
			"false answer": func() error {
				return w.store.SetClearances(ctx, who, w.round.ID, ids, recordstore.ClearName, record.Clearance{State: "maybe", Basis: "x"})
			},
		} {
			wantKind(t, what, try(), fault.Invalid)
		}
		wantKind(t, "of another round", w.store.SetClearances(ctx, w.as("other"), w.foreign.ID, ids, recordstore.ClearName, yes), fault.NotFound)
		wantForbidden(t, "desk officer", w.store.SetClearances(ctx, w.as("desk officer"), w.round.ID, ids, recordstore.ClearName, yes))
	})
}

func TestSessionsOfARound(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx, who := t.Context(), w.as("coordinator")
		tt := w.seated()
		x := must(w.store.AddSession(ctx, who, record.Session{RoundID: w.round.ID, Title: "Fog", On: "2017-01-11", Starts: "9:30", ChairIDs: []string{tt.first.ID}}))(t)
		y := must(w.store.AddSession(ctx, who, record.Session{RoundID: w.round.ID, Title: "Horns"}))(t)
		if x.Starts != "09:30" || x.Position != 1 || y.Position != 2 {
			t.Errorf("%+v %+v", x, y)
		}
		z := y
		z.PresenterIDs = []string{recordstore.NewID()}
		_, err := w.store.EditSession(ctx, who, z)
		wantKind(t, "a stranger presents", err, fault.Invalid)
		wantKind(t, "a chair goes", w.store.RemoveParticipation(ctx, who, w.round.ID, tt.first.ID, tt.first.Version), fault.Invalid)
		p := tt.anon
		p.SessionIDs = []string{y.ID}
		p = must(w.store.EditParticipation(ctx, who, recordstore.Entrant{Participation: p}))(t)
		wantKind(t, "the only one attended goes", w.store.RemoveSession(ctx, who, w.round.ID, y.ID, y.Version), fault.Invalid)
		p.SessionIDs = []string{y.ID, x.ID}
		must(w.store.EditParticipation(ctx, who, recordstore.Entrant{Participation: p}))(t)
		wantKind(t, "an old version goes", w.store.RemoveSession(ctx, who, w.round.ID, y.ID, 9), fault.Conflict)
		if err := w.store.RemoveSession(ctx, who, w.round.ID, y.ID, y.Version); err != nil {
			t.Fatal(err)
		}
		all := must(w.store.Participations(ctx, who, w.round.ID))(t)
		if !slices.Equal(all[2].SessionIDs, []string{x.ID}) {
			t.Errorf("sessions attended: %v", all[2].SessionIDs)
		}
		p = tt.second
		p.SessionIDs = []string{recordstore.NewID()}
		_, err = w.store.EditParticipation(ctx, who, recordstore.Entrant{Participation: p})
		wantKind(t, "a session of nowhere", err, fault.Invalid)
	})
}

// Of two who edit a person, a participant or a session at once, the second is
// told; the same edit sent twice stands once.
func TestTwoEditorsOfPeople(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		tt := w.seated()
		x := must(w.store.AddSession(ctx, w.as("coordinator"), record.Session{RoundID: w.round.ID, Title: "Fog"}))(t)
		for what, edit := range map[string]func(a record.Actor, word string) error{
			"person": func(a record.Actor, word string) error {
				p := tt.kera
				p.Family = word
				_, err := w.store.EditPerson(ctx, a, p)
				return err
			},
			"participant": func(a record.Actor, word string) error {
				p := tt.second
				p.Post = word
				_, err := w.store.EditParticipation(ctx, a, recordstore.Entrant{Participation: p})
				return err
			},
			"session": func(a record.Actor, word string) error {
				x := x
				x.Title = word
				_, err := w.store.EditSession(ctx, a, x)
				return err
			},
		} {
			before := w.entries()
			for _, who := range []string{"coordinator", "coordinator", "director"} {
				if err := edit(w.as(who), "first"); err != nil {
					t.Errorf("%s by %s: %v", what, who, err)
				}
			}
			wantKind(t, what+" of the second", edit(w.as("director"), "second"), fault.Conflict)
			if n := w.entries() - before; n != 1 {
				t.Errorf("%s: %d entries", what, n)
			}
		}
		id := recordstore.NewID()
		for range 2 {
			must(w.store.AddParticipation(ctx, w.as("coordinator"), record.Participation{ID: id, RoundID: w.round.ID, Post: "guest"}))(t)
		}
		_, err := w.store.AddParticipation(ctx, w.as("coordinator"), record.Participation{ID: id, RoundID: w.round.ID, Post: "other"})
		wantKind(t, "an old form with other words", err, fault.Conflict)
		_, err = w.store.AddParticipation(ctx, w.as("coordinator"), record.Participation{RoundID: w.round.ID, PersonID: tt.kera.ID})
		wantKind(t, "the same person twice", err, fault.Invalid)
	})
}

// What is no text is refused in every field of people and their rounds.
func TestWhatIsNoTextOfPeopleIsRefused(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx, who := t.Context(), w.as("coordinator")
		tt := w.seated()
		before := w.entries()
		for name, s := range map[string]string{"NUL": "a\x00b", "not UTF-8": "a\xffb", "direction": "a\u202eb", "1 MiB": strings.Repeat("x", 1<<20)} {
			for what, change := range map[string]func(p *record.Person){
				"family":  func(p *record.Person) { p.Family = s },
				"given":   func(p *record.Person) { p.Given = s },
				"title":   func(p *record.Person) { p.Honorific = s },
				"alias":   func(p *record.Person) { p.Aliases = []string{s} },
				"native":  func(p *record.Person) { p.Native = []record.Name{{Text: s, Lang: "en"}} },
				"country": func(p *record.Person) { p.Country = s },
			} {
				p := tt.kera
				change(&p)
				_, err := w.store.EditPerson(ctx, who, p)
				wantKind(t, name+" in "+what, err, fault.Invalid)
			}
			for what, change := range map[string]func(p *record.Participation){
				"post":     func(p *record.Participation) { p.Post = s },
				"capacity": func(p *record.Participation) { p.Capacity = record.Capacity(s) },
				"state":    func(p *record.Participation) { p.State = record.Attendance(s) },
				"person":   func(p *record.Participation) { p.PersonID = s },
				"badge":    func(p *record.Participation) { p.PresenceID = s },
				"truth":    func(p *record.Participation) { p.TruePresenceID = s },
				"side":     func(p *record.Participation) { p.SideID = s },
				"session":  func(p *record.Participation) { p.SessionIDs = []string{s} },
				"basis":    func(p *record.Participation) { p.Name = record.Clearance{State: record.ClearanceGranted, Basis: s} },
				"date": func(p *record.Participation) {
					p.Name = record.Clearance{State: record.ClearanceRequested, On: record.Date(s)}
				},
			} {
				p := tt.second
				change(&p)
				_, err := w.store.EditParticipation(ctx, who, recordstore.Entrant{Participation: p})
				wantKind(t, name+" in "+what, err, fault.Invalid)
			}
			for what, x := range map[string]record.Session{
				"title": {Title: s}, "question": {Title: "x", Questions: []string{s}}, "day": {Title: "x", On: record.Date(s)}, "time": {Title: "x", Starts: s},
			} {
				x.RoundID = w.round.ID
				_, err := w.store.AddSession(ctx, who, x)
				wantKind(t, name+" in "+what, err, fault.Invalid)
			}
			_, _, err := w.store.People(ctx, who, recordstore.PersonFilter{Query: s})
			wantKind(t, name+" sought", err, fault.Invalid)
			_, _, err = w.store.Appearances(ctx, who, recordstore.AppearanceFilter{PersonID: s})
			wantKind(t, name+" by person", err, fault.Invalid)
			_, _, err = w.store.Presences(ctx, who, recordstore.PresenceFilter{BodyFilter: recordstore.BodyFilter{OrganisationID: s}})
			wantKind(t, name+" by body", err, fault.Invalid)
			_, err = w.store.Person(ctx, who, s)
			wantKind(t, name+" as an id", err, fault.NotFound)
		}
		if n := w.entries(); n != before {
			t.Errorf("refusals left %d entries", n-before)
		}
		if p := must(w.store.Person(ctx, who, tt.kera.ID))(t); !reflect.DeepEqual(p, tt.kera) {
			t.Errorf("%+v", p)
		}
	})
}
