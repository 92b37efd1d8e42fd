package recordstore_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	"track15/models/database/dbtest"
	"track15/models/interchange"
	"track15/models/record"
)

// manyParticipations is a file of 10,000 rounds with ten participations each, of
// 5,000 people and 500 bodies; one in ten hides whom it acts for.
func manyParticipations() interchange.Record {
	r := interchange.Record{AsOf: "2026-04-01"}
	for i := range 20 {
		r.Series = append(r.Series, interchange.Series{ID: fmt.Sprint("s", i), Name: fmt.Sprint("Series ", i)})
	}
	for i := range 500 {
		o := interchange.Organisation{
			ID: fmt.Sprint("o", i), Name: fmt.Sprint("Institute ", i), Acronyms: []string{fmt.Sprint("I", i)}, Kind: "think_tank", Country: "NO",
			Disclosure: interchange.Disclosed,
		}
		if i%5 == 0 {
			o.Disclosure = interchange.Undisclosed
		}
		r.Organisations = append(r.Organisations, o)
	}
	for i := range 5000 {
		given, family := fmt.Sprint("Given", i%700), fmt.Sprint("Family", i)
		r.People = append(r.People, interchange.Person{
			ID: fmt.Sprint("p", i), Country: "NO", Aliases: []string{"G. " + family},
			Name: interchange.PersonName{Full: given + " " + family, Given: given, Family: family, Order: interchange.GivenFamily},
		})
	}
	for i := range 10_000 {
		start := fmt.Sprintf("%d-%02d-%02d", 1990+i%35, 1+i%12, 1+i%28)
		r.Rounds = append(r.Rounds, interchange.Round{
			ID: fmt.Sprint("r", i), Series: fmt.Sprint("s", i%20), Title: fmt.Sprint("Round ", i), Topics: []string{"norms", "crises"}, StartDate: &start,
			City: "Oslo", Country: "NO", Hosts: []string{fmt.Sprint("o", i%500)},
			Disclosure: interchange.RoundDisclosure{Existence: "public", Dates: "public", Venue: "embargoed", City: "public"},
		})
		for n := range 10 {
			p := interchange.Participation{
				ID: fmt.Sprint("q", 10*i+n), Round: fmt.Sprint("r", i), Person: fmt.Sprint("p", (7*i+501*n)%5000), Organisation: fmt.Sprint("o", (i+3*n)%500), Role: "director",
				Track: "2", Clearance: interchange.Clearance{Name: interchange.NotCleared, Affiliation: interchange.NotCleared, Attribution: interchange.NotCleared},
			}
			if n == 9 {
				principal := fmt.Sprint("o", 5*(i%100))
				p.ActingFor = &principal
			}
			r.Participations = append(r.Participations, p)
		}
	}
	return r
}

// BenchmarkImportRecord imports 100,000 participations from the bytes of a file
// into an empty record, beside the same rows by raw SQL: prepared statements,
// one transaction, the same tables with the same indexes.
func BenchmarkImportRecord(b *testing.B) {
	file, err := manyParticipations().Append(nil)
	if err != nil {
		b.Fatal(err)
	}
	var ours, raw, used, usedRaw time.Duration
	for b.Loop() {
		url := dbtest.SQLite(b, "record")
		s := empty(b, url)
		began, before := time.Now(), processor(b)
		r, err := interchange.Read(file)
		if err != nil {
			b.Fatal(err)
		}
		imported(b, s, r)
		ours, used = ours+time.Since(began), used+processor(b)-before
		rows := rowsOf(b, open(b, url), "series", "organisations", "organisation_names", "people", "person_names", "person_sounds", "rounds", "presences", "participations", "participation_codes", "exchange_ids")
		s.Close()
		twin := dbtest.SQLite(b, "twin")
		empty(b, twin).Close()
		before = processor(b)
		raw += rows.insert(context.WithoutCancel(b.Context()), b, open(b, twin)) // one that ends would cost a goroutine a row
		usedRaw += processor(b) - before
	}
	b.ReportMetric(ours.Seconds()/float64(b.N), "s/import")
	b.ReportMetric(raw.Seconds()/float64(b.N), "s/raw")
	b.ReportMetric(raw.Seconds()/ours.Seconds(), "of-raw-rate")
	b.ReportMetric(used.Seconds()/float64(b.N), "cpu-s/import")
	b.ReportMetric(usedRaw.Seconds()/float64(b.N), "cpu-s/raw")
	b.ReportMetric(0, "ns/op")
}

// processor is the processor time that this process has used, which others on
// the machine change less than the time that went by.
func processor(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkLogRound logs rounds with ten presences each, durably and audited,
// beside the same rows of rounds and presences by raw SQL, one transaction a
// round.
func BenchmarkLogRound(b *testing.B) {
	for name, address := range map[string]func(testing.TB, string) string{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		b.Run(name, func(b *testing.B) {
			url, ctx := address(b, "record"), b.Context()
			s := empty(b, url)
			series := mustB(s.AddSeries(ctx, operator, record.Series{Name: "Talks"}))(b)
			var bodies []string
			for i := range 10 {
				bodies = append(bodies, mustB(s.AddOrganisation(ctx, operator, record.Organisation{Name: fmt.Sprint("Institute ", i), Kind: record.ThinkTank}))(b).ID)
			}
			log := func(n int) time.Duration {
				began := time.Now()
				for range n {
					r := record.Round{SeriesID: series.ID, State: record.Held, Opens: "2017-01-11", City: "Oslo"}
					for _, body := range bodies {
						r.Presences = append(r.Presences, record.Presence{OrganisationID: body, Track: "2", Label: record.Exact})
					}
					mustB(s.LogRound(ctx, operator, r))(b)
				}
				return time.Since(began)
			}
			db := open(b, url)
			n := 0
			var ours, raw time.Duration
			log(20)
			model := rowsOf(b, db, "rounds", "presences")
			for b.Loop() {
				ours += log(20)
				for range 20 {
					n++
					raw += model.round(n).insert(ctx, b, db)
				}
			}
			b.ReportMetric(float64(20*b.N)/ours.Seconds(), "rounds/s")
			b.ReportMetric(float64(20*b.N)/raw.Seconds(), "raw-rounds/s")
			b.ReportMetric(raw.Seconds()/ours.Seconds(), "of-raw-rate")
			b.ReportMetric(0, "ns/op")
		})
	}
}

func mustB[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// A rawDB is a database as one would open it by hand, as durable as ours.
type rawDB struct {
	*sql.DB
	numbered bool // parameters are $1, $2
}

func open(b *testing.B, url string) rawDB {
	b.Helper()
	var db *sql.DB
	path, isFile := strings.CutPrefix(url, "sqlite:")
	var err error
	if isFile {
		db, err = sql.Open("sqlite", "file:"+filepath.ToSlash(path)+"?_pragma=foreign_keys(1)&_pragma=journal_mode(wal)&_pragma=synchronous(full)&_pragma=busy_timeout(10000)&_pragma=cache_size(-65536)&_txlock=immediate")
	} else {
		db, err = sql.Open("pgx", url)
	}
	if err != nil {
		b.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	b.Cleanup(func() { db.Close() })
	return rawDB{db, !isFile}
}

// tables are rows in the order in which they can be inserted.
type tables []table

type table struct {
	name    string
	columns []string
	rows    [][]any
}

func rowsOf(b *testing.B, db rawDB, names ...string) tables {
	b.Helper()
	var all tables
	for _, name := range names {
		rows, err := db.QueryContext(b.Context(), "SELECT * FROM "+name)
		if err != nil {
			b.Fatal(err)
		}
		t := table{name: name}
		t.columns, _ = rows.Columns()
		for rows.Next() {
			values, at := make([]any, len(t.columns)), make([]any, len(t.columns))
			for i := range values {
				at[i] = &values[i]
			}
			if err := rows.Scan(at...); err != nil {
				b.Fatal(err)
			}
			for i := range values {
				// No column holds NULL; a driver may say so of no bytes.
				if v, _ := values[i].([]byte); v == nil && t.columns[i] == "sealed" {
					values[i] = append([]byte{}, v...)
				}
			}
			t.rows = append(t.rows, values)
		}
		if err := rows.Err(); err != nil {
			b.Fatal(err)
		}
		all = append(all, t)
	}
	return all
}

// round is one round of the rows and its presences, under other ids.
func (all tables) round(n int) tables {
	first := all[0].rows[0]
	old := first[0].(string)
	id := fmt.Sprintf("raw%023d", n)
	var out tables
	for _, t := range all {
		one := table{name: t.name, columns: t.columns}
		for _, row := range t.rows {
			if row[0] != old && row[1] != old {
				continue
			}
			row = append([]any{}, row...)
			if t.name == "rounds" {
				row[0] = id
			} else {
				row[0], row[1] = fmt.Sprintf("%s-%d", id[3:], len(one.rows)), id
			}
			one.rows = append(one.rows, row)
		}
		out = append(out, one)
	}
	return out
}

// insert inserts the rows in one transaction and says how long it took.
func (all tables) insert(ctx context.Context, b *testing.B, db rawDB) time.Duration {
	b.Helper()
	began := time.Now()
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		b.Fatal(err)
	}
	for _, t := range all {
		marks := make([]string, len(t.columns))
		for i := range marks {
			if marks[i] = "?"; db.numbered {
				marks[i] = fmt.Sprint("$", i+1)
			}
		}
		stmt, err := tx.PrepareContext(ctx, "INSERT INTO "+t.name+" ("+strings.Join(t.columns, ", ")+") VALUES ("+strings.Join(marks, ", ")+")")
		if err != nil {
			b.Fatal(err)
		}
		for _, row := range t.rows {
			if _, err := stmt.ExecContext(ctx, row...); err != nil {
				b.Fatal(err)
			}
		}
		stmt.Close()
	}
	if err := tx.Commit(); err != nil {
		b.Fatal(err)
	}
	return time.Since(began)
}
