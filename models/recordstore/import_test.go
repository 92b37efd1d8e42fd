package recordstore_test

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"track15/models/database/dbtest"
	"track15/models/fault"
	"track15/models/historic"
	"track15/models/record"
	"track15/models/recordstore"
	"track15/models/seal"
)

var importer = record.Operator("tester")

func importStore(t *testing.T, url string) *recordstore.Store {
	t.Helper()
	ring, err := seal.OpenRing(t.TempDir() + "/keys")
	if err != nil {
		t.Fatal(err)
	}
	s, err := recordstore.Open(t.Context(), url, recordstore.Options{Ring: ring})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

const (
	importedSeries = `{"id":"sea","name":"Lake Dialogue","conveners":["inst"],"parties":["XA","XB"],"source":"https://example.org/s"}`
	importedBodies = `{"id":"navy","name":"Lake Navy","kind":"military","country":"XA","parent":"inst","source":"https://example.org/o"}
{"id":"inst","name":"Lake Institute","kind":"think tank","country":"XA","source":"https://example.org/o"}
{"id":"cat","name":"security services (XA)","kind":"category","country":"XA","source":"https://example.org/o"}`
)

// importedRounds are n lines, the first with bodies and a text.
func importedRounds(n int) string {
	lines := []string{`{"id":"lake-1","series":"sea","status":"held","ordinal":1,"start":"2019-05-02","rules_stated":["Chatham House Rule"],
		"co_conveners":["inst"],"organisations_named_publicly":[{"org":"navy","side":"XA","how_disclosed":"named"},{"org":"cat","side":"XB","how_disclosed":"category"},{"org":null,"how_disclosed":"researchers"}],
		"outputs":[{"kind":"key findings","title":"Findings","url":"https://example.org/f"}],"source":"https://example.org/r"}`}
	for i := 2; i <= n; i++ {
		lines = append(lines, fmt.Sprintf(`{"id":"lake-%d","series":"sea","status":"held","ordinal":%d,"start":"2020","source":"https://example.org/r"}`, i, i))
	}
	for i := range lines {
		lines[i] = strings.ReplaceAll(lines[i], "\n", " ")
	}
	return strings.Join(lines, "\n")
}

func archiveOf(t *testing.T, series, bodies, rounds string) recordstore.Import {
	t.Helper()
	a, err := historic.Open(fstest.MapFS{
		historic.SeriesFile: {Data: []byte(series)}, historic.OrganisationsFile: {Data: []byte(bodies)}, historic.RoundsFile: {Data: []byte(rounds)},
	})
	if err != nil {
		t.Fatal(err)
	}
	return recordstore.Import{Series: a.Series, Organisations: a.Organisations, Rounds: a.Rounds()}
}

// run imports with documents that hold nothing but an id.
func run(t *testing.T, s *recordstore.Store, in recordstore.Import) (record.Release, recordstore.ImportReport, error) {
	t.Helper()
	return s.Import(t.Context(), importer, in, func(f *recordstore.Freezing, chunk []record.RoundEntry) error {
		for _, e := range chunk {
			d := record.FrozenDocument{Kind: "round", Slug: e.Round.SlugWish, Body: []byte("{}"), ObjectID: e.Round.ID}
			if err := f.Put(d); err != nil {
				return err
			}
		}
		return nil
	}, func(f *recordstore.Freezing) error {
		f.Release.Title = "Import"
		return nil
	})
}

func mustRun(t *testing.T, s *recordstore.Store, in recordstore.Import) (record.Release, recordstore.ImportReport) {
	t.Helper()
	rel, report, err := run(t, s, in)
	if err != nil {
		t.Fatal(err)
	}
	return rel, report
}

// everything is what the record holds, in words that two states can be compared by.
func everything(t *testing.T, s *recordstore.Store) string {
	t.Helper()
	series, err := s.AllSeries(t.Context(), importer)
	if err != nil {
		t.Fatal(err)
	}
	bodies, _, err := s.Organisations(t.Context(), importer, recordstore.OrganisationFilter{})
	if err != nil {
		t.Fatal(err)
	}
	rounds, _, err := s.Rounds(t.Context(), importer, recordstore.RoundFilter{})
	if err != nil {
		t.Fatal(err)
	}
	texts, _, err := s.Outputs(t.Context(), importer, recordstore.OutputFilter{})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%+v\n%+v\n%+v\n%+v", series, bodies, rounds, texts)
}

func TestImport(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		s := importStore(t, store("record"))
		rel, report := mustRun(t, s, archiveOf(t, importedSeries, importedBodies, importedRounds(1200)))
		want := recordstore.ImportReport{Series: 1, Organisations: 3, Rounds: 1200, Outputs: 1}
		if report != want {
			t.Errorf("%+v, want %+v", report, want)
		}
		if !rel.Import || rel.State != record.Frozen || rel.Documents != 1200 || len(rel.Signatures) != 0 || len(rel.SeriesIDs) != 1 {
			t.Errorf("release %+v", rel)
		}

		rounds, total, err := s.Rounds(t.Context(), importer, recordstore.RoundFilter{Query: "1st round"})
		if err != nil || total == 0 {
			t.Fatal(total, err)
		}
		i := slices.IndexFunc(rounds, func(r record.Round) bool { return r.SlugWish == "lake-1" })
		r, err := s.Round(t.Context(), importer, rounds[i].ID)
		if err != nil {
			t.Fatal(err)
		}
		if !r.Compiled || r.SeriesID != rel.SeriesIDs[0] || r.Rules.Preset != "chatham_house" || r.Opens != "2019-05-02" || len(r.Presences) != 4 {
			t.Errorf("%+v", r)
		}
		names := map[string]record.Presence{}
		for _, p := range r.Presences {
			if p.Words != "" {
				names[p.Words] = p
				continue
			}
			o, err := s.Organisation(t.Context(), importer, p.OrganisationID)
			if err != nil {
				t.Fatal(err)
			}
			names[o.Name] = p
		}
		if p := names["security services (XA)"]; p.Label != record.ByCategory || p.CategoryID != p.OrganisationID || p.SideID == "" {
			t.Errorf("category %+v", p)
		}
		if p := names["Lake Institute"]; p.Role != record.Convener || p.Label != record.Exact || p.SideID != "" {
			t.Errorf("convener %+v", p)
		}
		if p := names["researchers"]; p.Label != record.Exact || p.OrganisationID != "" {
			t.Errorf("words %+v", p)
		}
		navy, err := s.Organisation(t.Context(), importer, names["Lake Navy"].OrganisationID)
		if err != nil || navy.ParentID != names["Lake Institute"].OrganisationID || !navy.Compiled {
			t.Errorf("%+v, %v", navy, err)
		}
		texts, _, err := s.Outputs(t.Context(), importer, recordstore.OutputFilter{RoundID: r.ID})
		if err != nil || len(texts) != 1 || texts[0].Kind != record.KeyFindings || !texts[0].External || texts[0].Draft.Title != "Findings" {
			t.Errorf("%+v, %v", texts, err)
		}
		if report, err := s.VerifyAudit(t.Context(), importer); err != nil || report.Broken != 0 {
			t.Errorf("%+v, %v", report, err)
		}
	})
}

func TestImportedLineIsOneEntry(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		s := importStore(t, store("record"))
		mustRun(t, s, archiveOf(t, importedSeries, importedBodies, importedRounds(3)))
		before := everything(t, s)
		rel, report := mustRun(t, s, archiveOf(t, importedSeries, importedBodies, importedRounds(3)))
		if rel.ID != "" || report.Known != 7 || report.Rounds+report.Series+report.Organisations != 0 {
			t.Errorf("%+v %+v", rel, report)
		}
		if after := everything(t, s); after != before {
			t.Errorf("changed from\n%s\nto\n%s", before, after)
		}
		// More lines bring only what is new.
		rel, report = mustRun(t, s, archiveOf(t, importedSeries, importedBodies, importedRounds(5)))
		if rel.Documents != 2 || report.Known != 7 || report.Rounds != 2 {
			t.Errorf("%+v %+v", rel, report)
		}
	})
}

func TestImportRefuses(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		for _, tt := range []struct {
			name   string
			held   func(t *testing.T, s *recordstore.Store) // what the record has before
			in     [3]string
			fields []string
		}{
			{"a line that changed", func(t *testing.T, s *recordstore.Store) {
				mustRun(t, s, archiveOf(t, importedSeries, importedBodies, importedRounds(3)))
			}, [3]string{importedSeries, importedBodies, strings.Replace(importedRounds(4), `"start":"2020"`, `"start":"2021"`, 1)}, []string{"rounds.jsonl:2"}},
			{"a body that changed", func(t *testing.T, s *recordstore.Store) {
				mustRun(t, s, archiveOf(t, importedSeries, importedBodies, importedRounds(3)))
			}, [3]string{importedSeries, strings.Replace(importedBodies, "Lake Navy", "Sea Navy", 1), importedRounds(4)}, []string{"organisations.jsonl:1"}},
			{"a series the record holds", func(t *testing.T, s *recordstore.Store) {
				series := record.Series{Name: "LAKE dialogue"}
				if _, err := s.AddSeries(t.Context(), importer, series); err != nil {
					t.Fatal(err)
				}
			}, [3]string{importedSeries, importedBodies, importedRounds(1)}, []string{"series.jsonl:1"}},
			{"a body the record holds", func(t *testing.T, s *recordstore.Store) {
				body := record.Organisation{Name: "Lake Navy", Kind: record.Military, Country: "XA"}
				if _, err := s.AddOrganisation(t.Context(), importer, body); err != nil {
					t.Fatal(err)
				}
			}, [3]string{importedSeries, importedBodies, importedRounds(1)}, []string{"organisations.jsonl:1"}},
			{"rounds the record holds", func(t *testing.T, s *recordstore.Store) {
				mustRun(t, s, archiveOf(t, importedSeries, importedBodies, importedRounds(1)))
				series, err := s.AllSeries(t.Context(), importer)
				if err != nil {
					t.Fatal(err)
				}
				for _, r := range []record.Round{{OrdinalLabel: "2nd Round", State: record.Held}, {Opens: "2021-03-04", State: record.Held}} {
					r.SeriesID = series[0].ID
					if _, err := s.LogRound(t.Context(), importer, r); err != nil {
						t.Fatal(err)
					}
				}
			}, [3]string{importedSeries, importedBodies, importedRounds(2) + "\n" +
				`{"id":"new","series":"sea","status":"held","start":"2021-03-04","end":"2021-03-05","source":"https://example.org/r"}` + "\n" +
				`{"id":"other","series":"sea","status":"held","start":"2021-03-05","source":"https://example.org/r"}`}, []string{"rounds.jsonl:2", "rounds.jsonl:3"}},
			{"rounds without one", func(*testing.T, *recordstore.Store) {}, [3]string{importedSeries, importedBodies, ""}, []string{""}},
		} {
			t.Run(tt.name, func(t *testing.T) {
				s := importStore(t, store("record"))
				tt.held(t, s)
				before := everything(t, s)
				_, _, err := run(t, s, archiveOf(t, tt.in[0], tt.in[1], tt.in[2]))
				var fields []string
				for _, e := range fault.All(err) {
					fields = append(fields, e.Field)
					if e.Kind != fault.Conflict || strings.Contains(e.Text, "Lake") || strings.Contains(e.Text, "2021") {
						t.Errorf("%+v", e)
					}
				}
				if !slices.Equal(fields, tt.fields) {
					t.Errorf("refused %q, want %q (%v)", fields, tt.fields, err)
				}
				if after := everything(t, s); after != before {
					t.Errorf("changed from\n%s\nto\n%s", before, after)
				}
			})
		}
	})
}

// Whatever fails, and however late, nothing of an import stays.
func TestImportIsAllOrNothing(t *testing.T) {
	broken := errors.New("broken")
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		s := importStore(t, store("record"))
		before := everything(t, s)
		in := archiveOf(t, importedSeries, importedBodies, importedRounds(1200))
		rounds := in.Rounds
		in.Rounds = func(yield func(record.Imported[record.RoundEntry], error) bool) {
			n := 0
			for r, err := range rounds {
				if n++; n == 1100 {
					err = broken
				}
				if !yield(r, err) {
					return
				}
			}
		}
		if _, _, err := run(t, s, in); !errors.Is(err, broken) {
			t.Errorf("a file that breaks off: %v", err)
		}
		put := func(*recordstore.Freezing, []record.RoundEntry) error { return broken }
		finish := func(*recordstore.Freezing) error { return nil }
		in = archiveOf(t, importedSeries, importedBodies, importedRounds(3))
		if _, _, err := s.Import(t.Context(), importer, in, put, finish); !errors.Is(err, broken) {
			t.Errorf("a document that cannot be made: %v", err)
		}
		if after := everything(t, s); after != before {
			t.Errorf("changed from\n%s\nto\n%s", before, after)
		}
		if _, report := mustRun(t, s, archiveOf(t, importedSeries, importedBodies, importedRounds(3))); report.Known != 0 || report.Rounds != 3 {
			t.Errorf("the import after it: %+v", report)
		}
	})
}

// Only the command line imports.
func TestImportIsTheOperators(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		s := importStore(t, store("record"))
		everyone := record.Actor{ID: "someone", Name: "Someone"}
		for _, role := range record.RoleNames {
			everyone.Grants = append(everyone.Grants, record.Grant{Role: role, SeriesID: record.AllSeries})
		}
		read := false
		var rounds iter.Seq2[record.Imported[record.RoundEntry], error] = func(func(record.Imported[record.RoundEntry], error) bool) { read = true }
		for _, actor := range []record.Actor{{}, everyone, record.Worker()} {
			_, _, err := s.Import(t.Context(), actor, recordstore.Import{Rounds: rounds}, nil, nil)
			if k := fault.KindOf(err); k != fault.Forbidden {
				t.Errorf("%+v: %v", actor, err)
			}
		}
		if read {
			t.Error("the files were read")
		}
	})
}
