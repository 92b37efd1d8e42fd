package release_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/published"
	"track15/models/publishedstore"
	"track15/models/record"
	"track15/models/recordstore"
	"track15/models/recordstore/recordtest"
	"track15/models/release"
	"track15/models/seal"
)

const password = "correct horse battery"

// A world is both stores with a service between them and people who use it.
type world struct {
	*testing.T
	recordURL, publishedURL string
	dir                     string // snapshots, keys
	store                   *recordstore.Store
	writer                  *publishedstore.Writer
	service                 *release.Service
	now                     time.Time
	clocked                 sync.Mutex // held while now moves
	slots                   record.Slots

	ann, bob, eve record.Actor // coordinator, director, editor
	series        record.Series
	bodies        map[string]record.Organisation
}

var operator = record.Operator("tester")

// newWorld opens both stores and adds three people, a series of two sides and
// some bodies, all of it by the operator, who signs nothing.
func newWorld(t *testing.T, store func(name string) string) *world {
	t.Helper()
	w := &world{T: t, recordURL: store("record"), publishedURL: store("published"), dir: t.TempDir(), now: time.Date(2026, 3, 13, 16, 20, 0, 0, time.UTC)}
	w.open(nil)
	w.ann = w.person("Ann", record.Coordinator)
	w.bob = w.person("Bob", record.Director)
	w.eve = w.person("Eve", record.Editor)
	w.bodies = map[string]record.Organisation{}
	w.body("tank", record.Organisation{Name: "Harbour Institute", Kind: record.ThinkTank, Country: "XA"})
	w.body("ministry", record.Organisation{Name: "Ministry of Interior", Kind: record.Ministry, Country: "XA"})
	w.body("agency", record.Organisation{Name: "Response Centre", Kind: record.CERT, Country: "XA", ParentID: w.bodies["ministry"].ID})
	w.body("true", record.Organisation{Name: "Canary Directorate", Kind: record.SecurityService, Country: "XA"})
	w.body("hidden", record.Organisation{Name: "Canary Hidden Office", Kind: record.Agency, Country: "XB"})
	w.body("services", record.Organisation{Name: "security services (Kasmere)", Kind: record.Category, AtLeastThree: true})
	w.series = must(w.store.AddSeries(t.Context(), operator, record.Series{
		Name: "Kasmere Dialogue", Sides: []record.Side{{Name: "Kasmere", Country: "XA"}, {Name: "Norlund", Country: "XB"}},
		Conveners: []record.Convening{{OrganisationID: w.bodies["tank"].ID}},
	}))(t)
	return w
}

// open opens the stores; afterStep may be nil.
func (w *world) open(afterStep func(string)) {
	w.Helper()
	ring := must(seal.OpenRing(filepath.Join(w.dir, "keys")))(w.T)
	clock := func() time.Time {
		w.clocked.Lock()
		defer w.clocked.Unlock()
		w.now = w.now.Add(time.Second)
		return w.now
	}
	w.store = must(recordstore.Open(w.Context(), w.recordURL, recordstore.Options{Ring: ring, Clock: clock}))(w.T)
	w.Cleanup(func() { w.store.Close() })
	snapshots := ""
	if strings.HasPrefix(w.publishedURL, "sqlite:") {
		snapshots = filepath.Join(w.dir, "published")
	}
	w.writer = must(publishedstore.OpenWriter(w.Context(), w.publishedURL, publishedstore.WriterOptions{Snapshots: snapshots, AfterStep: afterStep}))(w.T)
	w.Cleanup(func() { w.writer.Close() })
	scratch := publishedstore.NewScratch(filepath.Join(w.dir, "preview.db"), nil)
	w.Cleanup(func() { scratch.Close() })
	w.service = release.New(release.Options{Record: w.store, Published: w.writer, Scratch: scratch, Ring: ring, Clock: clock, Slots: w.slots, AfterStep: afterStep})
}

// another is the service of a second desk process. On SQLite only one process
// has the files: there it shares the stores.
func (w *world) another() *release.Service {
	w.Helper()
	if strings.HasPrefix(w.publishedURL, "sqlite:") {
		return release.New(release.Options{Record: w.store, Published: w.writer, Ring: must(seal.OpenRing(filepath.Join(w.dir, "keys")))(w.T)})
	}
	o := &world{T: w.T, recordURL: w.recordURL, publishedURL: w.publishedURL, dir: w.dir, now: w.now}
	o.open(nil)
	return o.service
}

// where is what a reader of the published store opens.
func (w *world) where() string {
	if strings.HasPrefix(w.publishedURL, "sqlite:") {
		return filepath.Join(w.dir, "published")
	}
	return w.publishedURL
}

func (w *world) person(name string, role record.RoleName) record.Actor {
	w.Helper()
	a := must(w.store.AddAccount(w.Context(), operator, record.Account{
		Email: strings.ToLower(name) + "@example.org", Name: name, Grants: []record.Grant{{Role: role, SeriesID: record.AllSeries}},
	}, password))(w.T)
	return a.Actor()
}

func (w *world) body(key string, o record.Organisation) {
	w.Helper()
	w.bodies[key] = must(w.store.AddOrganisation(w.Context(), operator, o))(w.T)
}

// round logs a round that may be public in every respect, with presences.
func (w *world) round(by record.Actor, label string, presences ...record.Presence) record.Round {
	w.Helper()
	r := must(w.store.LogRound(w.Context(), by, record.Round{
		SeriesID: w.series.ID, OrdinalLabel: label, State: record.Held, Opens: "2025-09-17", Closes: "2025-09-18",
		City: "Port Anselm", Venue: "Canary Customs House", InternalTitle: "Canary working title", Topics: []string{"duty numbers"},
	}))(w.T)
	vector := map[record.Aspect]record.Permission{}
	for _, a := range record.Aspects {
		vector[a] = record.Free
	}
	if err := w.store.EditRules(w.Context(), by, r.ID, r.Version, record.GroundRules{Preset: "background", Vector: vector, Text: "Canary text read out"}); err != nil {
		w.Fatal(err)
	}
	for _, p := range presences {
		w.present(by, r.ID, p)
	}
	return w.read(r.ID)
}

func (w *world) present(by record.Actor, roundID string, p record.Presence) record.Presence {
	w.Helper()
	return must(w.store.AddPresence(w.Context(), by, roundID, w.read(roundID).Version, p))(w.T)
}

func (w *world) read(roundID string) record.Round {
	w.Helper()
	return must(w.store.Round(w.Context(), operator, roundID))(w.T)
}

func (w *world) exact(key string, side int) record.Presence {
	return record.Presence{OrganisationID: w.bodies[key].ID, SideID: w.series.Sides[side].ID, Label: record.Exact}
}

// text adds a summary with observations.
func (w *world) text(by record.Actor, roundID, title string, observations ...string) record.Output {
	w.Helper()
	o := record.Output{SeriesID: w.series.ID, RoundID: roundID, Kind: record.Summary, Draft: record.Draft{Title: title, Lang: "en", Body: "Body of " + title}}
	for _, text := range observations {
		o.Draft.Observations = append(o.Draft.Observations, record.Observation{Text: text})
	}
	return must(w.store.AddOutput(w.Context(), by, o))(w.T)
}

func (w *world) prepare(q release.PrepareRequest) record.Release {
	w.Helper()
	for _, id := range q.OutputIDs {
		recordtest.Clear(w.T, w.store, id)
	}
	return must(w.service.PrepareRound(w.Context(), w.ann, q))(w.T)
}

// pass has a release signed by Ann and countersigned by Bob, and delivered.
func (w *world) pass(id string) record.Release {
	w.Helper()
	w.sign(id)
	if err := w.service.Countersign(w.Context(), w.bob, id, password); err != nil {
		w.Fatal("countersign:", err)
	}
	w.deliver(1)
	return must(w.service.Release(w.Context(), w.ann, id))(w.T)
}

func (w *world) sign(id string) {
	w.Helper()
	if err := w.service.Sign(w.Context(), w.ann, id, password, record.Immediate); err != nil {
		w.Fatal("sign:", err)
	}
}

func (w *world) deliver(want int) {
	w.Helper()
	if n, err := w.service.Deliver(w.Context()); err != nil || n != want {
		w.Fatalf("delivered %d, want %d: %v", n, want, err)
	}
}

// envelopes reads the whole release log.
func (w *world) envelopes() []recordstore.LogEntry {
	w.Helper()
	last := must(w.store.LastRelease(w.Context(), operator))(w.T)
	var all []recordstore.LogEntry
	for n := int64(1); n <= last; n++ {
		all = append(all, must(w.store.ReleaseLog(w.Context(), operator, n))(w.T))
	}
	return all
}

// public folds the log: the bytes of what the public can read, by kind/slug.
func (w *world) public() map[string]string {
	w.Helper()
	all := map[string]string{}
	for _, e := range w.envelopes() {
		for _, d := range e.Put {
			all[d.Kind+"/"+d.Slug] = string(d.Body)
		}
		for _, d := range e.Drop {
			delete(all, d.Kind+"/"+d.Slug)
		}
	}
	return all
}

// holds checks which documents are public.
func (w *world) holds(want ...string) {
	w.Helper()
	have := w.public()
	for _, key := range want {
		if _, ok := have[key]; !ok {
			w.Errorf("%s is not public", key)
		}
		delete(have, key)
	}
	for key := range have {
		w.Errorf("%s is public", key)
	}
}

// decoded reads a public round.
func (w *world) decoded(slug string) published.Round {
	w.Helper()
	var r published.Round
	d := published.Document{Kind: published.KindRound, Slug: slug, Body: []byte(w.public()["round/"+slug])}
	if err := d.Decode(&r); err != nil {
		w.Fatal(err)
	}
	return r
}

// noCanary scans all the public side keeps, also in files.
func (w *world) noCanary() {
	w.Helper()
	for key, body := range w.public() {
		if strings.Contains(strings.ToLower(key+body), "canary") {
			w.Errorf("%s holds something withheld: %s", key, body)
		}
	}
	if !strings.HasPrefix(w.publishedURL, "sqlite:") {
		return
	}
	files, err := filepath.Glob(filepath.Join(w.dir, "published", "*"))
	if err != nil {
		w.Fatal(err)
	}
	for _, name := range append(files, strings.TrimPrefix(w.publishedURL, "sqlite:")) {
		data, err := os.ReadFile(name)
		if err != nil {
			w.Fatal(err)
		}
		if strings.Contains(strings.ToLower(string(data)), "canary") {
			w.Errorf("%s holds something withheld", filepath.Base(name))
		}
	}
}

// tamper runs a statement on the record behind the program's back.
func (w *world) tamper(statement string, args ...any) {
	w.Helper()
	w.change(w.recordURL, statement, args...)
}

// unpublish changes the published store behind its writer's back.
func (w *world) unpublish(statement string, args ...any) {
	w.Helper()
	w.change(w.publishedURL, statement, args...)
}

func (w *world) change(url, statement string, args ...any) {
	w.Helper()
	db := must(database.Open(w.Context(), url, database.Options{}))(w.T)
	defer db.Close()
	err := db.Write(w.Context(), func(tx *gorm.DB) error { return tx.Exec(statement, args...).Error })
	if err != nil {
		w.Fatal(err)
	}
}

// fails checks the kind of an error.
func fails(t *testing.T, want fault.Kind, err error) {
	t.Helper()
	if err == nil || fault.KindOf(err) != want {
		t.Errorf("error %v, want kind %d", err, want)
	}
}

func must[T any](v T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}
