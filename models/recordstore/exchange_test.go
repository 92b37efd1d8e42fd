package recordstore_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"gorm.io/gorm"
	"pgregory.net/rapid"

	migrations "track15/migrations/record"
	"track15/models/database/dbtest"
	"track15/models/fault"
	"track15/models/interchange"
	"track15/models/record"
	"track15/models/recordstore"
	"track15/models/seal"
)

// empty is a record with nothing in it.
func empty(t testing.TB, url string) *recordstore.Store {
	t.Helper()
	ring, err := seal.OpenRing(filepath.Join(t.TempDir(), "keys"))
	if err != nil {
		t.Fatal(err)
	}
	clock := func() time.Time { return time.UnixMicro(1_700_000_000_000_000) }
	s, err := recordstore.Open(t.Context(), url, recordstore.Options{Ring: ring, Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func corpus(t testing.TB) interchange.Record {
	t.Helper()
	b, err := os.ReadFile("../interchange/testdata/record.json")
	if err != nil {
		t.Fatal(err)
	}
	r, err := interchange.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func exported(t testing.TB, s *recordstore.Store, actor record.Actor) (interchange.Record, []byte) {
	t.Helper()
	r, _, err := s.ExportRecord(t.Context(), actor)
	if err != nil {
		t.Fatal(err)
	}
	b, err := r.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := interchange.Read(b); err != nil {
		t.Fatalf("what was exported cannot be read: %v", fault.All(err))
	}
	return r, b
}

func imported(t testing.TB, s *recordstore.Store, r interchange.Record) recordstore.ExchangeReport {
	t.Helper()
	report, err := s.ImportRecord(t.Context(), operator, r)
	if err != nil {
		t.Fatalf("%v", located(err))
	}
	return report
}

func located(err error) []string {
	var all []string
	for _, e := range fault.All(err) {
		all = append(all, e.Field+": "+e.Text)
	}
	return append(all, fmt.Sprint(err))
}

// The file comes back byte for byte, and coming again it changes nothing.
func TestRecordComesBackByteForByte(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		s, file := empty(t, store("record")), corpus(t)
		want, err := file.Append(nil)
		if err != nil {
			t.Fatal(err)
		}
		if r := imported(t, s, file); r.Changed+r.Unchanged+r.LeftOut != 0 || r.New == 0 {
			t.Errorf("%+v", r)
		}
		_, got := exported(t, s, operator)
		if d := cmp.Diff(string(want), string(got)); d != "" {
			t.Fatal(d)
		}
		before := must(s.VerifyAudit(t.Context(), operator))(t).Entries
		if r := imported(t, s, file); r.New+r.Changed+r.LeftOut != 0 {
			t.Errorf("the second time: %+v", r)
		}
		if n := must(s.VerifyAudit(t.Context(), operator))(t).Entries; n != before {
			t.Errorf("%d entries of the log for nothing", n-before)
		}
		other := empty(t, store("other"))
		imported(t, other, file)
		if _, again := exported(t, other, operator); !bytes.Equal(got, again) {
			t.Error("another record exports other bytes")
		}
	})
}

// What a file says is what the desk shows.
func TestRecordIsSeenAtTheDesk(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		s := empty(t, store("record"))
		imported(t, s, corpus(t))
		rounds, n, err := s.Rounds(t.Context(), operator, recordstore.RoundFilter{})
		if err != nil || n != 4 {
			t.Fatalf("%d rounds, %v", n, err)
		}
		var exact, withheld, behind, notFree int
		for _, r := range rounds {
			r = must(s.Round(t.Context(), operator, r.ID))(t)
			seen := map[string]record.Presence{}
			hosts := 0
			for _, p := range r.Presences {
				seen[p.ID] = p
				if p.Role == record.Host {
					hosts++
				}
				switch {
				case p.AttendsThroughID != "":
					behind++
					if p.Label != record.Withheld {
						t.Error("a true affiliation is shown")
					}
				case p.Label == record.Exact:
					exact++
				default:
					withheld++
				}
			}
			if hosts == 0 {
				t.Error("no host")
			}
			for _, a := range record.Aspects {
				if !slices.Contains([]record.Aspect{record.AspectExistence, record.AspectDates, record.AspectVenue, record.AspectCity}, a) && r.Rules.Allows(a) {
					t.Errorf("%s is free", a)
				}
			}
			if !r.Rules.Allows(record.AspectVenue) {
				notFree++
			}
			codes := map[string]bool{}
			for _, p := range must(s.Participations(t.Context(), operator, r.ID))(t) {
				if seen[p.PresenceID].ID == "" || codes[p.Code] || p.Code == "" {
					t.Errorf("badge %q, code %q", p.PresenceID, p.Code)
				}
				codes[p.Code] = true
				if p.TruePresenceID != "" && seen[p.TruePresenceID].AttendsThroughID != seen[p.PresenceID].OrganisationID {
					t.Error("a true affiliation behind another badge")
				}
			}
		}
		if exact == 0 || withheld == 0 || behind == 0 || notFree == 0 {
			t.Errorf("%d exact, %d withheld, %d behind a badge, %d venues not free", exact, withheld, behind, notFree)
		}
		people, n, err := s.People(t.Context(), operator, recordstore.PersonFilter{Query: "petrenkova"})
		if err != nil || n != 1 || people[0].Country != "RU" {
			t.Errorf("%v, %v", people, err)
		}
	})
}

// What was exported from a record changes nothing in it, and makes another one
// that exports the same.
func TestRecordOfTheDeskTravels(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx, s := t.Context(), w.store
		p := must(s.AddPerson(ctx, operator, record.Person{Given: "Ada", Family: "Birk", Native: []record.Name{{Text: "Ада Бирк", Lang: "ru"}}}))(t)
		q := must(s.AddPerson(ctx, operator, record.Person{Given: "Wen", Family: "Lu", FamilyFirst: true}))(t)
		var badge, truth string
		r := must(s.AddPresence(ctx, operator, w.round.ID, w.round.Version, record.Presence{OrganisationID: w.institute.ID}))(t)
		badge = r.ID
		for _, x := range w.round.Presences {
			if x.AttendsThroughID == w.institute.ID {
				truth = x.ID
			}
		}
		granted := record.Clearance{State: record.ClearanceGranted, Basis: "letter", On: "2019-03-04"}
		must(s.AddParticipation(ctx, operator, record.Participation{RoundID: w.round.ID, PersonID: p.ID, PresenceID: badge, TruePresenceID: truth, Post: "adviser", Name: granted}))(t)
		must(s.AddParticipation(ctx, operator, record.Participation{RoundID: w.round.ID, PersonID: q.ID, PresenceID: w.round.Presences[0].ID}))(t)
		must(s.AddParticipation(ctx, operator, record.Participation{RoundID: w.round.ID, Post: "interpreter"}))(t)

		file, left, err := s.ExportRecord(ctx, operator)
		if err != nil || left != 0 {
			t.Errorf("%d left out, %v", left, err)
		}
		_, want := exported(t, s, operator)
		if r := imported(t, s, file); r.New+r.Changed+r.LeftOut != 0 {
			t.Errorf("its own file: %+v", r)
		}
		for range 2 {
			other := empty(t, dbtest.SQLite(t, "other"))
			imported(t, other, file)
			_, got := exported(t, other, operator)
			if d := cmp.Diff(string(want), string(got)); d != "" {
				t.Fatal(d)
			}
		}
	})
}

// Whoever exports gets what they may read of their series, and those in another
// series nothing of it: two records that differ only there make equal files.
func TestExportIsNarrowed(t *testing.T) {
	var files [2]string
	for i := range files {
		w := newWorld(t, dbtest.SQLite(t, "record"))
		if i == 1 {
			must(w.store.LogRound(t.Context(), operator, record.Round{SeriesID: w.lake.ID, State: record.Held, City: "Elsewhere", Sample: true}))(t)
			must(w.store.AddPerson(t.Context(), operator, record.Person{Family: "Somebody"}))(t)
		}
		file, b := exported(t, w.store, w.as("other"))
		if len(file.Rounds) != 1 || len(file.Series) != 1 || len(file.Organisations) != 0 {
			t.Errorf("%d rounds of %d series", len(file.Rounds), len(file.Series))
		}
		for _, hidden := range []string{"Lake", "Heron", "Quiet Service", "Elsewhere", "Somebody"} {
			if bytes.Contains(b, []byte(hidden)) {
				t.Errorf("the file holds %q", hidden)
			}
		}
		files[i] = strings.NewReplacer(w.hill.ID, "hill", w.foreign.ID, "round").Replace(string(b))
		for _, role := range record.RoleNames {
			_, _, err := w.store.ExportRecord(t.Context(), w.as(string(role)))
			if (err == nil) != (role == record.Coordinator) {
				t.Errorf("%s: %v", role, err)
			}
			_, err = w.store.ImportRecord(t.Context(), w.as(string(role)), corpus(t))
			wantForbidden(t, string(role), err)
		}
		_, _, err := w.store.ExportRecord(t.Context(), record.Actor{})
		wantForbidden(t, "nobody", err)
	}
	if d := cmp.Diff(files[0], files[1]); d != "" {
		t.Error(d)
	}
}

// A file that breaks a rule of the record names the place and stores nothing.
func TestRecordWithAFaultStoresNothing(t *testing.T) {
	for name, tt := range map[string]struct {
		spoil func(*interchange.Record)
		at    string
	}{
		"bidi in a name":  {func(r *interchange.Record) { r.People[3].Name.Given = "a\u202eb" }, "/people/3/name/given"},
		"line feed":       {func(r *interchange.Record) { r.Series[1].Name = "a\nb" }, "/series/1/name"},
		"alias too long":  {func(r *interchange.Record) { r.Organisations[2].Aliases = []string{strings.Repeat("x", 600)} }, "/organisations/2/aliases"},
		"no such country": {func(r *interchange.Record) { r.Rounds[0].Country = "OO" }, "/rounds/0/country"},
		"venue":           {func(r *interchange.Record) { r.Rounds[0].Venue = &interchange.Venue{Name: "a\tb"} }, "/rounds/0/venue/name"},
		"role":            {func(r *interchange.Record) { r.Participations[2].Role = "a\u200bb" }, "/participations/2/role"},
	} {
		t.Run(name, func(t *testing.T) {
			s, file := empty(t, dbtest.SQLite(t, "record")), corpus(t)
			_, before := exported(t, s, operator)
			tt.spoil(&file)
			_, err := s.ImportRecord(t.Context(), operator, file)
			all := fault.All(err)
			if len(all) == 0 || all[0].Kind != fault.Invalid || all[0].Field != tt.at {
				t.Errorf("%v", located(err))
			}
			if _, after := exported(t, s, operator); !bytes.Equal(before, after) {
				t.Error("something was stored")
			}
		})
	}
}

// Notes are read nowhere but under their round's keyset; who stands behind a
// badge nowhere but under the series'.
func TestNothingSealedStandsInClear(t *testing.T) {
	dir := t.TempDir()
	file := corpus(t)
	for i := range file.Notes {
		file.Notes[i].Text = "canary-note " + file.Notes[i].Text
	}
	file.PhraseClearances[0].Quote, file.PhraseClearances[0].Basis = "canary-quote", "canary-basis"
	s := empty(t, "sqlite:"+filepath.Join(dir, "record.db"))
	imported(t, s, file)
	imported(t, s, file)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		for _, canary := range []string{"canary-note", "canary-quote", "canary-basis", "cracked welds"} {
			if bytes.Contains(b, []byte(canary)) {
				t.Errorf("%s holds %q", filepath.Base(path), canary)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}

	// The ids of the bodies behind badges stand where every body's do, and in no
	// row of a round.
	principals := map[string]bool{}
	for _, p := range file.Participations {
		if p.ActingFor != nil {
			principals[*p.ActingFor] = true
		}
	}
	for _, p := range file.Participations {
		delete(principals, p.Organisation)
	}
	if len(principals) == 0 {
		t.Fatal("nobody stands behind a badge")
	}
	db := dbtest.Open(t, "sqlite:"+filepath.Join(dir, "record.db"), migrations.Files)
	for external := range principals {
		var id string
		rows := map[string]int64{}
		err := db.View(t.Context(), func(tx *gorm.DB) error {
			if err := tx.Table("exchange_ids").Where("kind = 'organisations' AND external_id = ?", external).Pluck("object_id", &id).Error; err != nil {
				return err
			}
			for _, table := range []string{"presences", "participations", "history", "exchange_ids"} {
				var n int64
				var columns []string
				if err := tx.Raw("SELECT name FROM pragma_table_info(?)", table).Scan(&columns).Error; err != nil {
					return err
				}
				query := "instr(" + strings.Join(columns, "||' ', ?) > 0 OR instr(") + "||' ', ?) > 0"
				args := slices.Repeat([]any{id}, len(columns))
				if err := tx.Table(table).Where(query, args...).Count(&n).Error; err != nil {
					return err
				}
				rows[table] = n
			}
			return nil
		})
		if err != nil || id == "" {
			t.Fatal(id, err)
		}
		if rows["presences"]+rows["participations"]+rows["history"] != 0 || rows["exchange_ids"] != 1 {
			t.Errorf("the id of a body behind a badge stands in %v", rows)
		}
	}
}

// Into a record with something in it a file may bring confidentiality, never
// take it away.
func TestSecondFileNeverOpens(t *testing.T) {
	open := corpus(t)
	for i := range open.Organisations {
		open.Organisations[i].Disclosure = interchange.Disclosed
	}
	for i := range open.Rounds {
		open.Rounds[i].Disclosure = interchange.RoundDisclosure{Existence: "public", Dates: "public", Venue: "public", City: "public"}
	}
	for i := range open.Participations {
		open.Participations[i].DisclosureLabel = "exact"
		open.Participations[i].Clearance = interchange.Clearance{Name: "cleared", Affiliation: "cleared", Attribution: "cleared"}
	}
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		s, file := empty(t, store("record")), corpus(t)
		imported(t, s, file)
		before, bytesBefore := exported(t, s, operator)
		opened := open
		opened.AsOf = "2099-01-01"
		opened.PhraseClearances = append(slices.Clone(open.PhraseClearances), interchange.PhraseClearance{ID: "more", Note: open.Notes[0].ID, Quote: "the map", ClearedOn: "2026-01-01"})
		opened.PublicSources = append(slices.Clone(open.PublicSources), interchange.Text{ID: "more", Title: "t", Text: open.Notes[0].Text})
		opened.Published = append(slices.Clone(open.Published), interchange.Text{ID: "more", Title: "t", PublishedOn: "2026-01-01", Round: open.Rounds[0].ID, Text: open.Notes[0].Text})
		opened.AllowList = append(slices.Clone(open.AllowList), interchange.Allowed{ID: "more", Kind: "name", Value: "x", Scope: "everywhere", Reason: "r"})
		opened.Participations = append(slices.Clone(open.Participations), interchange.Participation{
			ID: "more", Round: file.Participations[0].Round, Person: file.Participations[0].Person, Organisation: file.Participations[0].Organisation,
			Clearance: interchange.Clearance{Name: "cleared", Affiliation: "not_cleared", Attribution: "not_cleared"},
		})
		report := imported(t, s, opened)
		if report.LeftOut != 5 {
			t.Errorf("%+v", report)
		}
		after, _ := exported(t, s, operator)
		notOpener(t, before, after)
		after.Participations = slices.DeleteFunc(after.Participations, func(p interchange.Participation) bool { return p.ID == "more" })
		got, err := after.Append(nil)
		if d := cmp.Diff(string(bytesBefore), string(got)); d != "" || err != nil {
			t.Error(d, err)
		}
		// Opened first, the original closes all of it again.
		s = empty(t, store("second"))
		imported(t, s, open)
		imported(t, s, file)
		closed, _ := exported(t, s, operator)
		notOpener(t, before, closed)
	})
}

// notOpener holds that after says of nothing more than before that it may be
// known.
func notOpener(t testing.TB, before, after interchange.Record) {
	t.Helper()
	disclosed := map[string]string{}
	for _, o := range before.Organisations {
		disclosed[o.ID] = o.Disclosure
	}
	now := map[string]string{}
	for _, o := range after.Organisations {
		now[o.ID] = o.Disclosure
		if was, here := disclosed[o.ID]; here && was == interchange.Undisclosed && o.Disclosure != was {
			t.Fatalf("a body was disclosed")
		}
	}
	rounds := map[string]interchange.Round{}
	for _, r := range before.Rounds {
		rounds[r.ID] = r
	}
	said := func(r interchange.Round, flag string) string {
		switch {
		case flag == interchange.Public:
			return ""
		case r.EmbargoUntil == nil:
			return "9999"
		}
		return *r.EmbargoUntil
	}
	for _, r := range after.Rounds {
		was, here := rounds[r.ID]
		if !here {
			continue
		}
		for _, f := range [][2]string{
			{said(was, was.Disclosure.Existence), said(r, r.Disclosure.Existence)},
			{said(was, was.Disclosure.Dates), said(r, r.Disclosure.Dates)},
			{said(was, was.Disclosure.City), said(r, r.Disclosure.City)},
			{said(was, was.Disclosure.Venue), said(r, r.Disclosure.Venue)},
		} {
			if f[1] < f[0] {
				t.Fatalf("a flag was opened: %v", f)
			}
		}
	}
	open := []string{"withheld", "side", "category", "parent", "exact"}
	participations := map[string]interchange.Participation{}
	for _, p := range before.Participations {
		participations[p.ID] = p
	}
	for _, p := range after.Participations {
		was, here := participations[p.ID]
		if !here {
			continue
		}
		for _, c := range [][2]string{{was.Clearance.Name, p.Clearance.Name}, {was.Clearance.Affiliation, p.Clearance.Affiliation}, {was.Clearance.Attribution, p.Clearance.Attribution}} {
			if c[0] == interchange.NotCleared && c[1] != c[0] {
				t.Fatalf("a clearance was given")
			}
		}
		if slices.Index(open, p.Label(now[p.Organisation])) > slices.Index(open, was.Label(disclosed[was.Organisation])) {
			t.Fatalf("a label was opened: %s, %s", was.Label(disclosed[was.Organisation]), p.Label(now[p.Organisation]))
		}
		if was.ActingFor != nil && p.ActingFor == nil {
			t.Fatalf("a true affiliation went away")
		}
	}
	if after.AsOf > before.AsOf {
		t.Fatalf("embargoes are judged later")
	}
}

// Any record travels: import, export, import into an empty record, export again
// gives equal bytes. Any second file with the same ids opens nothing of it, and
// what it brought twice it brought once.
func TestAnyRecordTravels(t *testing.T) {
	draw := rapid.Custom(drawRecord)
	fresh := copies(t)
	taken := 0
	for seed := range 40 {
		first := draw.Example(2 * seed)
		one := fresh()
		imported(t, one, first)
		got, b := exported(t, one, operator)
		two := fresh()
		imported(t, two, got)
		if _, c := exported(t, two, operator); !bytes.Equal(b, c) {
			t.Fatalf("seed %d: %s", seed, cmp.Diff(string(b), string(c)))
		}
		second := draw.Example(2*seed + 1)
		report, err := one.ImportRecord(t.Context(), operator, second)
		if err != nil {
			if fault.KindOf(err) != fault.Conflict {
				t.Fatalf("seed %d: %v", seed, located(err))
			}
			if _, c := exported(t, one, operator); !bytes.Equal(b, c) {
				t.Fatalf("seed %d: something of a refused file was stored", seed)
			}
			continue
		}
		if report.Changed > 0 {
			taken++
		}
		after, c := exported(t, one, operator)
		notOpener(t, got, after)
		if r := imported(t, one, second); r.New+r.Changed != 0 {
			t.Fatalf("seed %d, the second time: %+v", seed, r)
		}
		if _, d := exported(t, one, operator); !bytes.Equal(c, d) {
			t.Fatalf("seed %d, the second time: %s", seed, cmp.Diff(string(c), string(d)))
		}
	}
	if taken < 3 {
		t.Errorf("%d second files were taken: too few to show anything", taken)
	}
}

// copies returns a func that makes empty records, quicker than by migrating
// each.
func copies(t *testing.T) func() *recordstore.Store {
	t.Helper()
	ring, err := seal.OpenRing(filepath.Join(t.TempDir(), "keys"))
	if err != nil {
		t.Fatal(err)
	}
	open := func(path string) *recordstore.Store {
		s, err := recordstore.Open(t.Context(), "sqlite:"+path, recordstore.Options{Ring: ring})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	dir := t.TempDir()
	model := filepath.Join(dir, "model.db")
	if err := open(model).Close(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(model)
	if err != nil {
		t.Fatal(err)
	}
	return func() *recordstore.Store {
		path := filepath.Join(dir, recordstore.NewID()+".db")
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		s := open(path)
		t.Cleanup(func() { s.Close() })
		return s
	}
}
