package recordstore_test

import (
	"testing"
	"time"

	"track15/models/database/dbtest"
	"track15/models/fault"
	"track15/models/record"
	"track15/models/recordstore"
	"track15/models/seal"
)

// A world is a record of two series in invented countries with a person in
// every role of the first one, and one who holds no grant.
type world struct {
	t      *testing.T
	url    string
	keys   string
	store  *recordstore.Store
	people map[string]record.Actor // by role; "nobody" without a grant, "other" coordinates the other series

	lake, hill record.Series
	round      record.Round  // of the lake, with presences
	foreign    record.Round  // of the hill
	text       record.Output // about round

	parent, navy, service, institute, category record.Organisation
	// At round the navy is exact, the service attends through the institute as
	// a category, the office is withheld, the agency shown as its parent.
	office, agency record.Organisation
}

var operator = record.Operator("tester")

const password = "correct horse battery"

// eachDatabase runs fn in a fresh world on each database.
func eachDatabase(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	dbtest.Run(t, func(t *testing.T, store func(string) string) { fn(t, newWorld(t, store("record"))) })
}

func newWorld(t *testing.T, url string) *world {
	t.Helper()
	w := &world{t: t, url: url, keys: t.TempDir() + "/keys", people: map[string]record.Actor{}}
	w.store = w.open()
	s, ctx := w.store, t.Context()

	w.lake = must(s.AddSeries(ctx, operator, record.Series{Name: "Lake Dialogue", Sample: true, Sides: []record.Side{{Name: "Aland", Country: "XA"}, {Name: "Bland", Country: "XB"}}}))(t)
	w.hill = must(s.AddSeries(ctx, operator, record.Series{Name: "Hill Dialogue", Sample: true}))(t)
	for _, role := range record.RoleNames {
		w.people[string(role)] = w.person(string(role), record.Grant{Role: role, SeriesID: w.lake.ID})
	}
	w.people["nobody"] = w.person("nobody")
	w.people["other"] = w.person("other", record.Grant{Role: record.Coordinator, SeriesID: w.hill.ID})

	body := func(o record.Organisation) record.Organisation {
		o.Sample = true
		if o.Country == "" {
			o.Country = "XA"
		}
		return must(s.AddOrganisation(ctx, operator, o))(t)
	}
	w.parent = body(record.Organisation{Name: "Ministry of Lakes", Kind: record.Ministry, Native: []record.Name{{Text: "湖泊部", Lang: "zh-Hans"}}})
	w.navy = body(record.Organisation{Name: "Lake Navy", Acronym: "LN", Kind: record.Military, Aliases: []string{"Élite Flotilla"}})
	w.service = body(record.Organisation{Name: "Quiet Service", Kind: record.SecurityService})
	w.institute = body(record.Organisation{Name: "Badge Institute", Kind: record.ThinkTank})
	w.category = body(record.Organisation{Name: "security services (Aland)", Kind: record.Category, AtLeastThree: true})
	w.office = body(record.Organisation{Name: "Hidden Office", Kind: record.Agency})
	w.agency = body(record.Organisation{Name: "Dredging Agency", Kind: record.Agency, ParentID: w.parent.ID})

	r := must(s.LogRound(ctx, w.as("coordinator"), record.Round{
		SeriesID: w.lake.ID, State: record.Held, Opens: "2017-01-11", Closes: "2017-01-12", City: "Reedtown", Country: "XA",
		OrdinalLabel: "third round", InternalTitle: "Codename Heron", Venue: "Villa Ottoline", Topics: []string{"fog horns"}, Sample: true,
	}))(t)
	side := w.lake.Sides[0].ID
	for _, p := range []record.Presence{
		{OrganisationID: w.navy.ID, SideID: side, Track: "1", Label: record.Exact},
		{OrganisationID: w.service.ID, SideID: side, AttendsThroughID: w.institute.ID, Label: record.ByCategory, CategoryID: w.category.ID},
		{OrganisationID: w.office.ID, SideID: side},
		{OrganisationID: w.agency.ID, SideID: side, Label: record.ByParent},
	} {
		r = must(s.Round(ctx, w.as("coordinator"), r.ID))(t)
		must(s.AddPresence(ctx, w.as("coordinator"), r.ID, r.Version, p))(t)
	}
	w.round = must(s.Round(ctx, w.as("coordinator"), r.ID))(t)
	w.foreign = must(s.LogRound(ctx, w.as("other"), record.Round{SeriesID: w.hill.ID, State: record.Held, Opens: "2018", City: "Hilltown", Country: "XB", Sample: true}))(t)
	w.text = must(s.AddOutput(ctx, w.as("editor"), record.Output{
		SeriesID: w.lake.ID, RoundID: r.ID, Kind: record.Summary, Sample: true,
		Draft: record.Draft{Title: "On fog horns", Lang: "en", Body: "They met.", Observations: []record.Observation{{Text: "Fog is thick."}}},
	}))(t)
	return w
}

// open opens the world's record once more, as another process would.
func (w *world) open() *recordstore.Store {
	w.t.Helper()
	ring, err := seal.OpenRing(w.keys)
	if err != nil {
		w.t.Fatal(err)
	}
	clock := func() time.Time { return time.UnixMicro(1_700_000_000_000_000) }
	s, err := recordstore.Open(w.t.Context(), w.url, recordstore.Options{Ring: ring, Clock: clock})
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { s.Close() })
	return s
}

func (w *world) person(name string, grants ...record.Grant) record.Actor {
	w.t.Helper()
	email := ""
	for _, r := range name {
		if r != ' ' {
			email += string(r)
		}
	}
	a := must(w.store.AddAccount(w.t.Context(), operator, record.Account{Email: email + "@example.org", Name: name, Grants: grants}, password))(w.t)
	return a.Actor()
}

// as is the person in a role of the lake.
func (w *world) as(role string) record.Actor {
	w.t.Helper()
	a, ok := w.people[role]
	if !ok {
		w.t.Fatalf("nobody is %s", role)
	}
	return a
}

// entries is the length of the audit chain.
func (w *world) entries() int64 {
	w.t.Helper()
	return must(w.store.VerifyAudit(w.t.Context(), operator))(w.t).Entries
}

// must returns v or ends the test: must(f())(t).
func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// wantKind holds an error to a kind.
func wantKind(t *testing.T, what string, err error, kind fault.Kind) {
	t.Helper()
	if err == nil || fault.KindOf(err) != kind {
		t.Errorf("%s: error %v (kind %d), want kind %d", what, err, fault.KindOf(err), kind)
	}
}

func wantForbidden(t *testing.T, what string, err error) {
	t.Helper()
	wantKind(t, what, err, fault.Forbidden)
}
