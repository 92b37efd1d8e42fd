package recordstore_test

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"gorm.io/gorm"

	"track15/models/database/dbtest"
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

// What became a true affiliation later, or was one before, is one in every state
// for who may not read those; and so is who stood under it.
func TestHistoryHidesWhatWasClearBefore(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx, coordinator := t.Context(), w.as("coordinator")
		version := func() int64 { return must(w.store.Round(ctx, coordinator, w.round.ID))(t).Version }
		body := must(w.store.AddOrganisation(ctx, coordinator, record.Organisation{Name: "Night Office", Kind: record.SecurityService, Country: "XA", Sample: true}))(t)
		badge := must(w.store.AddPresence(ctx, coordinator, w.round.ID, version(), record.Presence{OrganisationID: w.institute.ID, SideID: w.lake.Sides[0].ID}))(t)
		late := w.corrected(record.Presence{OrganisationID: body.ID, SideID: w.lake.Sides[0].ID, Label: record.Exact}, badge.ID)
		early := w.round.Presences[1] // the service, through the institute
		early.AttendsThroughID, early.Label, early.CategoryID = "", record.Exact, ""
		must(w.store.EditPresence(ctx, coordinator, w.round.ID, version(), early))(t)
		// Somebody of a body that is there by its own name as well, and who in the
		// end was there under that name after all.
		own := w.round.Presences[0]
		some := must(w.store.AddParticipation(ctx, coordinator, record.Participation{RoundID: w.round.ID, PresenceID: own.ID, SideID: own.SideID, Post: "reader"}))(t)
		some.PresenceID = badge.ID
		some = must(w.store.EditParticipation(ctx, coordinator, recordstore.Entrant{Participation: some, True: &record.Presence{OrganisationID: own.OrganisationID}}))(t)
		under := func(role string) (n int) {
			t.Helper()
			for _, ch := range must(w.store.RoundHistory(ctx, w.as(role), w.round.ID))(t) {
				for _, v := range []any{ch.Before, ch.After} {
					if p, is := v.(record.Participation); is && p.ID == some.ID && p.PresenceID == own.ID {
						n++
					}
				}
			}
			return n
		}
		if a, b := under("coordinator"), under("desk officer"); a != 2 || b != 0 {
			t.Errorf("the coordinator reads %d times where somebody stood before, the desk officer %d", a, b)
		}
		if strings.Contains(w.rows()["history"], own.ID) {
			t.Error("the history keeps in clear where somebody stood before")
		}
		some.PresenceID, some.TruePresenceID = own.ID, ""
		must(w.store.EditParticipation(ctx, coordinator, recordstore.Entrant{Participation: some}))(t)
		if a, b := under("coordinator"), under("desk officer"); a != 3 || b != 0 {
			t.Errorf("the coordinator reads %d times where somebody stands, the desk officer %d", a, b)
		}

		check := func() {
			t.Helper()
			all := fmt.Sprint(must(w.store.RoundHistory(ctx, coordinator, w.round.ID))(t))
			for _, id := range []string{body.ID, w.service.ID} {
				if !strings.Contains(all, id) {
					t.Error("the coordinator does not read what it was before")
				}
			}
			if strings.Count(all, late.ID) < 4 {
				t.Error("the coordinator does not read who stood under it")
			}
			forms := 0
			for _, ch := range must(w.store.RoundHistory(ctx, w.as("desk officer"), w.round.ID))(t) {
				text := fmt.Sprint(ch.Before, ch.After)
				for _, id := range []string{body.ID, w.service.ID, "exact"} {
					if strings.Contains(text, id) && ch.ObjectID != badge.ID {
						t.Errorf("desk officer reads %q: %+v > %+v", id, ch.Before, ch.After)
					}
				}
				if strings.Contains(text, late.ID) {
					if _, is := ch.After.(record.Presence); !is {
						t.Errorf("desk officer reads who stood under it: %+v > %+v", ch.Before, ch.After)
					}
					forms++
				}
			}
			if forms != 1 {
				t.Errorf("desk officer reads %d steps of what is shown as a category, want 1", forms)
			}
		}
		check()

		// A record of an older program, in which the correction sealed nothing.
		db := dbtest.Open(t, w.url, nil)
		clear := fmt.Sprintf(`{"ID":%q,"RoundID":%q,"OrganisationID":%q,"Words":%q,"SideID":%q,"Label":"exact","Sealed":""}`,
			late.ID, w.round.ID, body.ID, canary, w.lake.Sides[0].ID)
		err := db.Write(ctx, func(tx *gorm.DB) error {
			return errors.Join(tx.Exec("UPDATE history SET body = ? WHERE object_id = ?", clear, late.ID).Error, tx.Exec("INSERT INTO chores (name) VALUES ('seal history')").Error)
		})
		if err != nil {
			t.Fatal(err)
		}
		check() // also before it is sealed
		w.store.Close()
		w.store = w.open()
		check()
		for table, rows := range w.rows() {
			if strings.Contains(rows, canary) || table == "history" && strings.Contains(rows, body.ID) || table == "chores" && rows != "" {
				t.Errorf("%s holds it", table)
			}
		}
		if path, ok := strings.CutPrefix(w.url, "sqlite:"); ok {
			noBytes(t, canary, path, path+"-wal")
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
