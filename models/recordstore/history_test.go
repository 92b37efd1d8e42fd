package recordstore_test

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"track15/models/fault"
	"track15/models/record"
	"track15/models/recordstore"
)

// what says of changes, newest first, who did what to which kind of entry.
func what(all []recordstore.Change) string {
	var lines []string
	for _, c := range all {
		lines = append(lines, fmt.Sprintf("%s: %T > %T", c.Who, c.Before, c.After))
	}
	return strings.ReplaceAll(strings.Join(lines, "; "), "record.", "")
}

func TestHistoryOfTheDirectory(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx, coordinator := t.Context(), w.as("coordinator")
		o := w.navy
		o.Name = "Lake Fleet"
		o = must(w.store.EditOrganisation(ctx, coordinator, o))(t)
		must(w.store.EditOrganisation(ctx, coordinator, o))(t) // the same form again
		all := must(w.store.OrganisationHistory(ctx, coordinator, o.ID))(t)
		if got := what(all); got != "coordinator: Organisation > Organisation; tester (command line): <nil> > Organisation" {
			t.Fatal(got)
		}
		if before, after := all[0].Before.(record.Organisation), all[0].After.(record.Organisation); before.Name != "Lake Navy" || after.Name != "Lake Fleet" || all[0].At == 0 || all[0].Act != record.EditDirectory {
			t.Errorf("%+v", all[0])
		}
		p := must(w.store.AddPerson(ctx, coordinator, record.Person{Given: "Ira", Family: "Moss", Sample: true}))(t)
		p.Aliases = []string{"I. M."}
		must(w.store.EditPerson(ctx, coordinator, p))(t)
		if got := what(must(w.store.PersonHistory(ctx, coordinator, p.ID))(t)); got != "coordinator: Person > Person; coordinator: <nil> > Person" {
			t.Error(got)
		}
		in := w.lake
		in.OtherNames = []string{"Dialogue of the Lake"}
		must(w.store.EditSeries(ctx, coordinator, in))(t)
		if got := what(must(w.store.SeriesHistory(ctx, coordinator, in.ID))(t)); got != "coordinator: Series > Series; tester (command line): <nil> > Series" {
			t.Error(got)
		}

		for _, role := range []string{"editor", "rapporteur", "auditor", "nobody"} {
			_, err := w.store.OrganisationHistory(ctx, w.as(role), o.ID)
			wantForbidden(t, role, err)
			_, err = w.store.PersonHistory(ctx, w.as(role), p.ID)
			wantForbidden(t, role, err)
		}
		_, err := w.store.SeriesHistory(ctx, w.as("other"), in.ID)
		wantKind(t, "a series that one may not know", err, fault.NotFound)
		_, err = w.store.PersonHistory(ctx, coordinator, recordstore.NewID())
		wantKind(t, "nobody", err, fault.NotFound)
	})
}

// The history of a round shows who may not read true affiliations nothing that
// they could not have read at the time.
func TestHistoryOfARound(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx, coordinator := t.Context(), w.as("coordinator")
		version := func() int64 { return must(w.store.Round(ctx, coordinator, w.round.ID))(t).Version }
		hidden := must(w.store.AddPresence(ctx, coordinator, w.round.ID, version(), record.Presence{Words: canary, AttendsThroughID: w.institute.ID}))(t)
		hidden.Words = canary + " two"
		must(w.store.EditPresence(ctx, coordinator, w.round.ID, version(), hidden))(t)
		if err := w.store.RemovePresence(ctx, coordinator, w.round.ID, hidden.ID, version()); err != nil {
			t.Fatal(err)
		}
		open := w.round.Presences[0]
		open.Track = "2"
		must(w.store.EditPresence(ctx, coordinator, w.round.ID, version(), open))(t)
		badge := must(w.store.AddPresence(ctx, coordinator, w.round.ID, version(), record.Presence{OrganisationID: w.institute.ID, SideID: w.lake.Sides[0].ID}))(t)
		part := must(w.store.AddParticipation(ctx, coordinator, record.Participation{RoundID: w.round.ID, PresenceID: badge.ID, SideID: badge.SideID, Post: "reader"}))(t)
		part.TruePresenceID = w.round.Presences[1].ID
		part = must(w.store.EditParticipation(ctx, coordinator, recordstore.Entrant{Participation: part}))(t)
		part.Head = true
		must(w.store.EditParticipation(ctx, coordinator, recordstore.Entrant{Participation: part}))(t)
		r := must(w.store.Round(ctx, coordinator, w.round.ID))(t)
		r.Venue = "Villa Amalia"
		must(w.store.EditRound(ctx, coordinator, r))(t)

		all := must(w.store.RoundHistory(ctx, coordinator, w.round.ID))(t)
		if got, want := strings.ReplaceAll(what(all), "coordinator: ", ""), "Round > Round; Participation > Participation; Participation > Participation; <nil> > Participation; "+
			"Presence > Presence; Presence > <nil>; Presence > Presence; <nil> > Round"; got != want {
			t.Errorf("coordinator reads\n%s, want\n%s", got, want)
		}
		if all[0].Before.(record.Round).Venue != "Villa Ottoline" || all[0].After.(record.Round).Venue != "Villa Amalia" {
			t.Errorf("%+v", all[0])
		}
		if !strings.Contains(fmt.Sprint(all), canary+" two") {
			t.Error("the coordinator does not read the true affiliation")
		}

		less := must(w.store.RoundHistory(ctx, w.as("desk officer"), w.round.ID))(t)
		if got, want := strings.ReplaceAll(what(less), "coordinator: ", ""), "Round > Round; Participation > Participation; <nil> > Participation; Presence > Presence; <nil> > Round"; got != want {
			t.Errorf("desk officer reads\n%s, want\n%s", got, want)
		}
		for _, word := range []string{canary, hidden.ID, w.round.Presences[1].ID} {
			if strings.Contains(fmt.Sprint(less), word) {
				t.Errorf("desk officer reads %q", word)
			}
		}
		for _, role := range []string{"editor", "records officer", "auditor", "other", "nobody"} {
			_, err := w.store.RoundHistory(ctx, w.as(role), w.round.ID)
			wantKind(t, role, err, fault.NotFound)
		}
	})
}

// Whatever replaces or deletes a row of which a history is kept remembers it
// first, in the same function.
func TestEveryEditIsRemembered(t *testing.T) {
	edit := regexp.MustCompile(`(?s)Updates\(|Delete\(&(series|organisation|person|round|presence|participation|roundSession|ruleChange|readOut)Row`)
	kept := map[string]bool{}
	for _, file := range []string{"series.go", "organisations.go", "people.go", "rounds.go", "presences.go", "participations.go", "participations_clear.go", "round_sessions.go", "rule_changes.go", "read_outs.go"} {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, fn := range regexp.MustCompile(`(?m)^func `).Split(string(b), -1) {
			name, _, _ := strings.Cut(fn, "(tx")
			if edit.MatchString(fn) && !strings.Contains(fn, "remember[") {
				t.Errorf("%s: %s does not remember", file, name)
			}
			if edit.MatchString(fn) {
				kept[file] = true
			}
		}
		if !kept[file] {
			t.Errorf("%s edits nothing: the test looks in vain", file)
		}
	}
}
