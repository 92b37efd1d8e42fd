package recordstore_test

import (
	"context"
	"io/fs"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"gorm.io/gorm"

	migrations "track15/migrations/record"
	"track15/models/database/dbtest"
	"track15/models/fault"
	"track15/models/record"
	"track15/models/recordstore"
	"track15/models/seal"
)

// grantFor is a grant as a form sends it.
func grantFor(email string, role record.RoleName, seriesID string) record.GrantEntry {
	return record.GrantEntry{
		ID: recordstore.NewID(), Email: email + "@example.org", Grant: record.Grant{Role: role, SeriesID: seriesID}, Reason: "Answers enquiries",
	}
}

// now reads an actor's rights as the next request would.
func (w *world) now(a record.Actor) record.Actor {
	w.t.Helper()
	return must(w.store.AccountByID(w.t.Context(), a.ID))(w.t).Actor()
}

func TestAGrantIsProposedGivenAndRevoked(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx, nobody := t.Context(), w.as("nobody")
		opens := func(want bool) {
			t.Helper()
			if got := w.now(nobody).May(record.ReadRound, w.lake.ID); got != want {
				t.Errorf("reads rounds: %v", got)
			}
		}
		asked := grantFor("nobody", record.DeskOfficer, w.lake.ID)
		must(w.store.ProposeGrant(ctx, w.as("coordinator"), asked))(t)
		before := w.entries()
		must(w.store.ProposeGrant(ctx, w.as("coordinator"), asked))(t)
		if w.entries() != before {
			t.Error("a form sent twice left an entry")
		}
		opens(false)
		wantForbidden(t, "a coordinator gives", w.store.AllowGrant(ctx, w.as("coordinator"), asked.ID))
		_, err := w.store.GiveGrant(ctx, w.as("coordinator"), grantFor("nobody", record.DeskOfficer, w.lake.ID))
		wantForbidden(t, "a coordinator gives at once", err)
		wantKind(t, "a coordinator of another series", w.store.AllowGrant(ctx, w.as("other"), asked.ID), fault.NotFound)

		if err := w.store.AllowGrant(ctx, w.as("director"), asked.ID); err != nil {
			t.Fatal(err)
		}
		opens(true)
		if e := w.last(); !strings.Contains(e, `"act":"grant"`) || !strings.Contains(e, asked.ID) || strings.Contains(e, "enquiries") {
			t.Errorf("the entry says %s", e)
		}
		wantKind(t, "no reason", w.store.RevokeGrant(ctx, w.as("director"), asked.ID, "  "), fault.Invalid)
		if err := w.store.RevokeGrant(ctx, w.as("administrator"), asked.ID, "left the house"); err != nil {
			t.Fatal(err)
		}
		opens(false)
		wantKind(t, "what was revoked is given", w.store.AllowGrant(ctx, w.as("director"), asked.ID), fault.Conflict)

		second := grantFor("nobody", record.Director, w.lake.ID)
		must(w.store.ProposeGrant(ctx, w.as("coordinator"), second))(t)
		if err := w.store.RevokeGrant(ctx, w.as("director"), second.ID, "one director is enough"); err != nil {
			t.Fatal(err)
		}
		var states []record.GrantState
		for _, g := range must(w.store.Grants(ctx, w.as("coordinator"), recordstore.GrantFilter{SeriesID: w.lake.ID}))(t) {
			if g.AccountID == nobody.ID {
				states = append(states, g.State)
			}
			if g.ID == second.ID && (g.EndedWhy != "one director is enough" || g.EndedBy.Name != "director" || g.ProposedBy.Name != "coordinator") {
				t.Errorf("kept as %+v", g)
			}
		}
		if slices.Sort(states); !slices.Equal(states, []record.GrantState{record.GrantRefused, record.GrantRevoked}) {
			t.Errorf("kept %v", states)
		}

		// A second grant of a role replaces the first.
		for _, reason := range []string{"First", "Second"} {
			g := grantFor("nobody", record.Editor, w.lake.ID)
			g.Reason = reason
			must(w.store.GiveGrant(ctx, w.as("director"), g))(t)
		}
		own := must(w.store.OwnGrants(ctx, w.now(nobody)))(t)
		if len(own) != 1 || own[0].Reason != "Second" {
			t.Errorf("holds %+v", own)
		}
	})
}

func TestWhatAGrantNeeds(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx, director := t.Context(), w.as("director")
		must(w.store.AddAccount(ctx, operator, record.Account{Email: "guest@example.org", Name: "Guest", Outside: true}, password))(t)
		must(w.store.AddAccount(ctx, operator, record.Account{Email: "gone@example.org", Name: "Gone", Disabled: true}, password))(t)
		outsider := record.Account{
			Email: "g2@example.org", Name: "G", Outside: true, Grants: []record.Grant{{Role: record.Editor, SeriesID: w.lake.ID}},
			Reason: "Edits the summary", Until: "2024-01-31",
		}
		for what, change := range map[string]func(*record.Account){
			"made without an end":               func(a *record.Account) { a.Until = "" },
			"made without a reason":             func(a *record.Account) { a.Reason = " " },
			"made with an end that is over":     func(a *record.Account) { a.Until = "2023-11-13" },
			"made with a month":                 func(a *record.Account) { a.Until = "2024-01" },
			"of the house, with no day":         func(a *record.Account) { a.Outside, a.Until = false, "soon" },
			"administrators with a day, of one": func(a *record.Account) { a.Grants = []record.Grant{{Role: record.Administrator, SeriesID: w.lake.ID}} },
		} {
			a := outsider
			change(&a)
			_, err := w.store.AddAccount(ctx, operator, a, password)
			wantKind(t, what, err, fault.Invalid)
		}
		made := must(w.store.AddAccount(ctx, operator, outsider, password))(t)
		held := must(w.store.OwnGrants(ctx, made.Actor()))(t)
		if len(held) != 1 || held[0].Until != "2024-01-31" || held[0].Reason != "Edits the summary" {
			t.Errorf("an outsider is made with %+v", held)
		}
		var err error
		for what, change := range map[string]func(*record.GrantEntry){
			"no reason":                    func(g *record.GrantEntry) { g.Reason = " " },
			"no such role":                 func(g *record.GrantEntry) { g.Role = "king" },
			"no role":                      func(g *record.GrantEntry) { g.Role = "" },
			"no series":                    func(g *record.GrantEntry) { g.SeriesID = "" },
			"nobody":                       func(g *record.GrantEntry) { g.Email = "noone@example.org" },
			"no address":                   func(g *record.GrantEntry) { g.Email = "" },
			"a disabled account":           func(g *record.GrantEntry) { g.Email = "gone@example.org" },
			"an outsider without an end":   func(g *record.GrantEntry) { g.Email = "guest@example.org" },
			"a month as an end":            func(g *record.GrantEntry) { g.Until = "2024-01" },
			"an end that is over":          func(g *record.GrantEntry) { g.Until = "2023-11-13" },
			"no date":                      func(g *record.GrantEntry) { g.Until = "soon" },
			"an administrator of a series": func(g *record.GrantEntry) { g.Role = record.Administrator },
			"a direction sign":             func(g *record.GrantEntry) { g.Reason = "a\u202eb" },
		} {
			g := grantFor("nobody", record.DeskOfficer, w.lake.ID)
			change(&g)
			_, err := w.store.GiveGrant(ctx, director, g)
			wantKind(t, what, err, fault.Invalid)
		}
		_, err = w.store.GiveGrant(ctx, director, grantFor("director", record.Coordinator, w.lake.ID))
		wantForbidden(t, "a director gives to themselves", err)
		_, err = w.store.GiveGrant(ctx, director, grantFor("nobody", record.DeskOfficer, record.AllSeries))
		wantForbidden(t, "a director of one series gives all", err)
		_, err = w.store.GiveGrant(ctx, director, grantFor("nobody", record.DeskOfficer, w.hill.ID))
		wantKind(t, "a director of one series gives another", err, fault.NotFound)
		_, err = w.store.AddAccount(ctx, w.as("administrator"), record.Account{Email: "mine@example.org", Name: "Mine", Grants: []record.Grant{{Role: record.Director, SeriesID: record.AllSeries}}}, password)
		wantForbidden(t, "an administrator makes a director", err)

		// Whoever makes an account and directs gives it nothing.
		both := w.person("both", record.Grant{Role: record.Administrator, SeriesID: record.AllSeries}, record.Grant{Role: record.Director, SeriesID: record.AllSeries})
		must(w.store.AddAccount(ctx, both, record.Account{Email: "second@example.org", Name: "Second name"}, password))(t)
		_, err = w.store.GiveGrant(ctx, both, grantFor("second", record.Director, w.lake.ID))
		wantForbidden(t, "to an account of one's own", err)
		wantForbidden(t, "own account", w.store.SetDisabled(ctx, both, both.ID, true))
		if err := w.store.SetDisabled(ctx, w.as("administrator"), both.ID, true); err != nil {
			t.Fatal(err)
		}
		if a := w.now(both); a.IsPerson() {
			t.Error("a disabled account acts")
		}
	})
}

// A grant ends with its day, in UTC, without anybody doing anything.
func TestAGrantEndsWithItsDay(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		ctx := t.Context()
		ring, err := seal.OpenRing(t.TempDir() + "/keys")
		if err != nil {
			t.Fatal(err)
		}
		now := time.Date(2026, 3, 31, 1, 0, 0, 0, time.UTC)
		s, err := recordstore.Open(ctx, store("record"), recordstore.Options{Ring: ring, Clock: func() time.Time { return now }})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		lake := must(s.AddSeries(ctx, operator, record.Series{Name: "Lake"}))(t)
		guest := must(s.AddAccount(ctx, operator, record.Account{Email: "guest@example.org", Name: "Guest", Outside: true}, password))(t)
		g := grantFor("guest", record.DeskOfficer, lake.ID)
		g.Until = "2026-03-31"
		must(s.GiveGrant(ctx, operator, g))(t)
		for _, tt := range []struct {
			at    time.Time
			holds bool
		}{
			{time.Date(2026, 3, 31, 23, 59, 59, 999, time.UTC), true},
			{time.Date(2026, 4, 1, 1, 0, 0, 0, time.FixedZone("", 2*3600)), true},
			{time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC), false},
		} {
			now = tt.at
			a := must(s.AccountByID(ctx, guest.ID))(t)
			if got := a.Actor().May(record.ReadSeries, lake.ID); got != tt.holds || (len(a.Grants) == 1) != tt.holds {
				t.Errorf("at %s: %v, %v", tt.at, got, a.Grants)
			}
		}
		list := must(s.Grants(ctx, operator, recordstore.GrantFilter{SeriesID: lake.ID}))(t)
		if len(list) != 1 || !list[0].Lapsed(now) {
			t.Errorf("kept %+v", list)
		}
	})
}

// Whatever people do, each with the rights they have at that moment: nobody's
// own act, on any account, gives them a right they did not have.
func TestNobodyRaisesTheirOwnRights(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		r := rand.New(rand.NewPCG(15, 3))
		names := append(slices.Clone(record.RoleNames), "nobody", "other")
		series := []string{w.lake.ID, w.hill.ID, record.AllSeries}
		emails := map[string]string{}
		for _, n := range names {
			emails[string(n)] = strings.ReplaceAll(string(n), " ", "")
		}
		w.people["chief"] = w.person("chief", record.Grant{Role: record.Director, SeriesID: record.AllSeries}, record.Grant{Role: record.Administrator, SeriesID: record.AllSeries})
		names, emails["chief"] = append(names, "chief"), "chief"
		rights := func(a record.Actor) (out []string) {
			for act := range record.Rights {
				for _, id := range append(series, "") {
					if a.May(act, id) {
						out = append(out, string(act)+" "+id)
					}
				}
			}
			return out
		}
		given := 0
		for range 400 {
			name := string(names[r.IntN(len(names))])
			actor := w.now(w.as(name))
			before := rights(actor)
			g := grantFor(emails[string(names[r.IntN(len(names))])], record.RoleNames[r.IntN(len(record.RoleNames))], series[r.IntN(3)])
			if r.IntN(3) == 0 {
				g.Email = emails[name] + "@example.org"
			}
			list, _ := w.store.Grants(ctx, actor, recordstore.GrantFilter{})
			pick := g.ID
			if len(list) > 0 {
				pick = list[r.IntN(len(list))].ID
			}
			var err error
			switch r.IntN(5) {
			case 0, 1:
				_, err = w.store.GiveGrant(ctx, actor, g)
				if err == nil {
					given++
				}
			case 2:
				_, err = w.store.ProposeGrant(ctx, actor, g)
			case 3:
				err = w.store.AllowGrant(ctx, actor, pick)
			case 4:
				err = w.store.RevokeGrant(ctx, actor, pick, "no longer needed")
			}
			for _, right := range rights(w.now(actor)) {
				if !slices.Contains(before, right) {
					t.Fatalf("%s gave themselves %s (%v)", name, right, err)
				}
			}
			if name == "nobody" && err == nil && len(before) == 0 {
				t.Fatal("somebody without a right did something")
			}
		}
		if given == 0 {
			t.Error("nothing was given: the test shows nothing")
		}
	})
}

// Grants of before this table had a history keep opening what they opened.
func TestGrantsOfBeforeAreCarriedOver(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		before := fstest.MapFS{}
		names, err := fs.Glob(migrations.Files, "*.sql")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if name < "00004" {
				before[name] = &fstest.MapFile{Data: must(fs.ReadFile(migrations.Files, name))(t)}
			}
		}
		ctx, url := t.Context(), store("record")
		db := dbtest.Open(t, url, before)
		id := recordstore.NewID()
		err = db.Write(ctx, func(tx *gorm.DB) error {
			for _, sql := range []string{
				`INSERT INTO accounts (id, email, name, password, disabled) VALUES ('` + id + `', 'pia@example.org', 'Pia', '', 0)`,
				`INSERT INTO grants (account_id, role, series_id) VALUES ('` + id + `', 'auditor', '*'), ('` + id + `', 'director', '` + recordstore.NewID() + `')`,
			} {
				if err := tx.Exec(sql).Error; err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		ring, err := seal.OpenRing(t.TempDir() + "/keys")
		if err != nil {
			t.Fatal(err)
		}
		s, err := recordstore.Open(ctx, url, recordstore.Options{Ring: ring})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if a := must(s.AccountByID(ctx, id))(t); len(a.Grants) != 2 || !a.Actor().May(record.ReadHouseAudit, record.AllSeries) {
			t.Errorf("holds %v", a.Grants)
		}
		list := must(s.Grants(ctx, operator, recordstore.GrantFilter{}))(t)
		if len(list) != 2 || list[0].ID == list[1].ID || len(list[0].ID) != 26 || list[0].GivenBy.Name != "the command line" {
			t.Errorf("carried over as %+v", list)
		}
		if err := s.RevokeGrant(ctx, operator, list[0].ID, "left"); err != nil {
			t.Error(err)
		}
	})
}
