package recordstore_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/database/dbtest"
	"track15/models/fault"
	"track15/models/record"
	"track15/models/recordstore"
	"track15/models/seal"
)

const canary = "kingfisher-of-the-quay"

// Where true affiliations are, nothing in the files of the database, its log or
// any row says which, in clear.
func TestTrueAffiliationsStandInNoFile(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx, coordinator := t.Context(), w.as("coordinator")
		version := func() int64 { return must(w.store.Round(ctx, coordinator, w.round.ID))(t).Version }
		p := must(w.store.AddPresence(ctx, coordinator, w.round.ID, version(), record.Presence{Words: canary + " one", AttendsThroughID: w.institute.ID, SideID: w.lake.Sides[0].ID}))(t)
		p.Words, p.Label = canary+" two", record.BySide
		p = must(w.store.EditPresence(ctx, coordinator, w.round.ID, version(), p))(t)
		gone := must(w.store.AddPresence(ctx, coordinator, w.round.ID, version(), record.Presence{Words: canary + " gone", AttendsThroughID: w.institute.ID}))(t)
		if err := w.store.RemovePresence(ctx, coordinator, w.round.ID, gone.ID, version()); err != nil {
			t.Fatal(err)
		}
		badge := must(w.store.AddPresence(ctx, coordinator, w.round.ID, version(), record.Presence{OrganisationID: w.institute.ID, SideID: w.lake.Sides[0].ID, Label: record.Exact}))(t)
		person := must(w.store.AddPerson(ctx, coordinator, record.Person{Given: "Ira", Family: "Moss", Sample: true}))(t)
		part := must(w.store.AddParticipation(ctx, coordinator, record.Participation{RoundID: w.round.ID, PersonID: person.ID, PresenceID: badge.ID, TruePresenceID: p.ID, SideID: badge.SideID}))(t)
		part.Post = "reader"
		part = must(w.store.EditParticipation(ctx, coordinator, recordstore.Entrant{Participation: part}))(t)
		if part.TruePresenceID != p.ID {
			t.Fatalf("the true affiliation is %q", part.TruePresenceID)
		}
		if got := w.presence(p.ID); got != p {
			t.Fatalf("read %+v, want %+v", got, p)
		}

		// What was entered in clear and is a true affiliation only since a
		// correction, and who stood under it meanwhile.
		late := w.corrected(record.Presence{Words: canary + " plain", SideID: w.lake.Sides[0].ID}, badge.ID)
		body := must(w.store.AddOrganisation(ctx, coordinator, record.Organisation{Name: "Night Office", Kind: record.SecurityService, Country: "XA", Sample: true}))(t)
		w.corrected(record.Presence{OrganisationID: body.ID, SideID: w.lake.Sides[0].ID, Label: record.Exact}, badge.ID)

		// The service's id stands in the directory and where acts are counted,
		// the presence's in its own row; neither with the other.
		inTable := map[string][]string{
			canary:         nil,
			w.service.ID:   {"audit", "edits", "organisation_names", "organisations"},
			p.ID:           {"audit", "edits", "history", "presences"},
			body.ID:        {"audit", "edits", "organisation_names", "organisations"},
			late.ID:        {"audit", "edits", "history", "presences"},
			"participants": nil,
		}
		for table, rows := range w.rows() {
			for word, allowed := range inTable {
				for _, text := range []string{word, hex.EncodeToString([]byte(word))} {
					if strings.Contains(rows, text) && !slices.Contains(allowed, table) {
						t.Errorf("%q stands in %s", word, table)
					}
				}
			}
		}
		if path, ok := strings.CutPrefix(w.url, "sqlite:"); ok {
			noBytes(t, canary, path, path+"-wal")
		}
		noBytes(t, canary, w.keys)
		noBytes(t, w.lake.ID, w.keys)
	})
}

// corrected enters a presence in clear with somebody under it, then as what
// stands behind the badge of that id, and returns the presence.
func (w *world) corrected(p record.Presence, badgeID string) record.Presence {
	w.t.Helper()
	ctx, coordinator, t := w.t.Context(), w.as("coordinator"), w.t
	version := func() int64 { return must(w.store.Round(ctx, coordinator, w.round.ID))(t).Version }
	p = must(w.store.AddPresence(ctx, coordinator, w.round.ID, version(), p))(t)
	person := must(w.store.AddPerson(ctx, coordinator, record.Person{Given: "Oda", Family: "Reed " + p.ID[:6], Sample: true}))(t)
	part := must(w.store.AddParticipation(ctx, coordinator, record.Participation{RoundID: w.round.ID, PersonID: person.ID, PresenceID: p.ID, SideID: p.SideID}))(t)
	part.PresenceID = badgeID
	part = must(w.store.EditParticipation(ctx, coordinator, recordstore.Entrant{Participation: part}))(t)
	p.AttendsThroughID, p.Label, p.CategoryID = w.institute.ID, record.ByCategory, w.category.ID
	p = must(w.store.EditPresence(ctx, coordinator, w.round.ID, version(), p))(t)
	part.TruePresenceID = p.ID
	must(w.store.EditParticipation(ctx, coordinator, recordstore.Entrant{Participation: part}))(t)
	return p
}

// noBytes fails if a file at the paths, or below them, holds the word.
func noBytes(t *testing.T, word string, paths ...string) {
	t.Helper()
	for _, path := range paths {
		err := filepath.WalkDir(path, func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			b, err := os.ReadFile(path)
			if bytes.Contains(b, []byte(word)) || strings.Contains(path, word) {
				t.Errorf("%s holds %q", filepath.Base(path), word)
			}
			return err
		})
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
}

// rows are the rows of every table as text.
func (w *world) rows() map[string]string {
	w.t.Helper()
	db := dbtest.Open(w.t, w.url, nil)
	list := "SELECT name FROM sqlite_master WHERE type = 'table'"
	if db.Dialect() == database.PostgreSQL {
		list = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
	}
	var tables []string
	read := db.Read(w.t.Context())
	if err := read.Raw(list).Scan(&tables).Error; err != nil {
		w.t.Fatal(err)
	}
	out := map[string]string{}
	for _, table := range tables {
		var rows []map[string]any
		if err := db.Read(w.t.Context()).Table(table).Find(&rows).Error; err != nil {
			w.t.Fatal(err)
		}
		var text strings.Builder
		for _, row := range rows {
			for _, v := range row {
				switch v := v.(type) {
				case string:
					text.WriteString(v + "\n")
				case []byte:
					text.Write(append(v, '\n'))
				}
			}
		}
		out[table] = text.String()
	}
	return out
}

func (w *world) presence(id string) record.Presence {
	w.t.Helper()
	r := must(w.store.Round(w.t.Context(), w.as("coordinator"), w.round.ID))(w.t)
	for _, p := range r.Presences {
		if p.ID == id {
			return p
		}
	}
	w.t.Fatal("the presence is not there")
	return record.Presence{}
}

// What an older program left in clear is sealed when the record is opened, and
// the clear bytes are gone from the database's pages; also if the program that
// sealed them was stopped before the latter.
func TestOlderRecordsAreSealed(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		db := dbtest.Open(t, w.url, nil)
		older := func(id, words string) {
			t.Helper()
			err := db.Write(t.Context(), func(tx *gorm.DB) error {
				return tx.Exec(`INSERT INTO presences (id, round_id, position, organisation_id, words, side_id, track, role, label, category_id, attends_through_id, disclosed)
					VALUES (?, ?, 90, '', ?, '', '', '', '', '', ?, '')`, id, w.round.ID, words, w.institute.ID).Error
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		id := recordstore.NewID()
		older(id, canary)
		w.store.Close()
		w.store = w.open()
		if p := w.presence(id); p.Words != canary || p.AttendsThroughID != w.institute.ID {
			t.Errorf("sealed: %+v", p)
		}
		clean := func() {
			t.Helper()
			for table, rows := range w.rows() {
				if strings.Contains(rows, canary) {
					t.Errorf("%s holds it", table)
				}
				if table == "chores" && rows != "" {
					t.Errorf("left to do: %s", rows)
				}
			}
			if path, ok := strings.CutPrefix(w.url, "sqlite:"); ok {
				noBytes(t, canary, path, path+"-wal")
			}
		}
		clean()

		err := db.Write(t.Context(), func(tx *gorm.DB) error {
			return tx.Exec("INSERT INTO chores (name) VALUES ('rewrite presences')").Error
		})
		if err != nil {
			t.Fatal(err)
		}
		w.store.Close()
		w.store = w.open()
		clean()
	})
}

// Without its keyset a series' true affiliations are not read, in one sentence
// that names the key; what is of other series, and what is not sealed, is. No
// line of the log says more.
func TestAMissingKeysetIsNamed(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		without := []string{"desk officer", "editor", "records officer"}
		seen := func(s *recordstore.Store, role string) string {
			t.Helper()
			r := must(s.Round(ctx, w.as(role), w.round.ID))(t)
			names := must(s.NamesOf(ctx, w.as(role), w.round.ID))(t)
			all := []any{r, names}
			if role == "desk officer" {
				all = append(all, must(s.RoundHistory(ctx, w.as(role), w.round.ID))(t))
				presences, _, err := s.Presences(ctx, w.as(role), recordstore.PresenceFilter{})
				people, _, failed := s.Appearances(ctx, w.as(role), recordstore.AppearanceFilter{})
				if err := errors.Join(err, failed); err != nil {
					t.Error(err)
				}
				all = append(all, presences, people)
			}
			return string(must(json.Marshal(all))(t))
		}
		round := must(w.store.Round(ctx, w.as("coordinator"), w.round.ID))(t)
		must(w.store.Enter(ctx, w.as("coordinator"), w.round.ID, []recordstore.Entrant{{
			Participation: record.Participation{SideID: w.lake.Sides[0].ID, Post: "reader"},
			Badge:         record.Presence{OrganisationID: w.institute.ID}, True: &round.Presences[1],
		}}))(t)
		want := map[string]string{}
		for _, role := range without {
			if want[role] = seen(w.store, role); strings.Contains(want[role], w.service.ID) {
				t.Errorf("%s reads who stands behind the badge", role)
			}
		}
		other := must(w.store.AddPresence(ctx, w.as("other"), w.foreign.ID, w.foreign.Version, record.Presence{Words: canary, AttendsThroughID: w.institute.ID}))(t)
		files, err := filepath.Glob(filepath.Join(w.keys, "keysets", "*.json"))
		if err != nil || len(files) != 3 { // two series, and a round whose text is sealed
			t.Fatal(files, err)
		}
		w.store.Close()
		var log bytes.Buffer
		broken := 0
		for _, file := range files {
			away := filepath.Join(t.TempDir(), "away")
			if err := os.Rename(file, away); err != nil {
				t.Fatal(err)
			}
			ring := must(seal.OpenRing(w.keys))(t)
			s := must(recordstore.Open(ctx, w.url, recordstore.Options{Ring: ring, Logger: slog.New(slog.NewTextHandler(&log, nil))}))(t)
			key := strings.TrimSuffix(filepath.Base(file), ".json")
			for actor, id := range map[string]string{"coordinator": w.round.ID, "other": w.foreign.ID} {
				r, err := s.Round(ctx, w.as(actor), id)
				switch {
				case err == nil && actor == "other" && !slices.Contains(r.Presences, other):
					t.Error("the other series' presence is not read")
				case err != nil:
					broken++
					wantKind(t, "a round without its keyset", err, fault.Unavailable)
					if !strings.Contains(err.Error(), key) || strings.Contains(err.Error(), "\n") || strings.Contains(err.Error(), w.lake.ID) || strings.Contains(err.Error(), w.hill.ID) {
						t.Errorf("the sentence is: %v", err)
					}
				}
			}
			// Who may not read what is sealed misses nothing of what they may.
			for _, role := range without {
				if got := seen(s, role); got != want[role] {
					t.Errorf("%s reads %s, want %s", role, got, want[role])
				}
			}
			s.Close()
			if err := os.Rename(away, file); err != nil {
				t.Fatal(err)
			}
		}
		if broken != 2 {
			t.Errorf("%d rounds were not read, want one a series", broken)
		}
		if strings.Contains(log.String(), canary) {
			t.Error("the log holds it")
		}
	})
}

// A sealed value opens only in the row, of the series, in which it was sealed.
func TestASealedValueOpensOnlyInItsRow(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		version := func() int64 { return must(w.store.Round(ctx, w.as("coordinator"), w.round.ID))(t).Version }
		p := must(w.store.AddPresence(ctx, w.as("coordinator"), w.round.ID, version(), record.Presence{Words: canary, AttendsThroughID: w.institute.ID}))(t)
		db := dbtest.Open(t, w.url, nil)
		err := db.Write(ctx, func(tx *gorm.DB) error {
			return tx.Exec("UPDATE presences SET sealed = (SELECT sealed FROM presences WHERE id = ?) WHERE round_id = ? AND length(sealed) > 0", p.ID, w.round.ID).Error
		})
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.store.Round(ctx, w.as("coordinator"), w.round.ID)
		wantKind(t, "a value of another row", err, fault.Unavailable)
	})
}

// Lists by body find who stands behind a badge for those only who may read it.
func TestListsByBodyKeepWhatIsSealed(t *testing.T) {
	eachDatabase(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		seat := w.round.Presences[1] // the service, through the institute
		version := must(w.store.Round(ctx, w.as("coordinator"), w.round.ID))(t).Version
		badge := must(w.store.AddPresence(ctx, w.as("coordinator"), w.round.ID, version, record.Presence{OrganisationID: w.institute.ID, SideID: seat.SideID}))(t)
		must(w.store.AddParticipation(ctx, w.as("coordinator"), record.Participation{RoundID: w.round.ID, PresenceID: badge.ID, TruePresenceID: seat.ID, SideID: seat.SideID}))(t)
		f := recordstore.BodyFilter{OrganisationID: w.service.ID, HiddenToo: true}
		for role, want := range map[string]int{"coordinator": 1, "director": 1, "desk officer": 0} {
			_, presences, err := w.store.Presences(ctx, w.as(role), recordstore.PresenceFilter{BodyFilter: f})
			if err != nil || presences != want {
				t.Errorf("%s finds %d presences, %v, want %d", role, presences, err, want)
			}
			_, people, err := w.store.Appearances(ctx, w.as(role), recordstore.AppearanceFilter{BodyFilter: f})
			if err != nil || people != want {
				t.Errorf("%s finds %d participants, %v, want %d", role, people, err, want)
			}
		}
	})
}
