package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"

	_ "modernc.org/sqlite"
)

// The twins do by hand, on tables made for the purpose, what a filtered list
// needs, and write the bytes that track15 wrote for the same address:
//
//	/bytes?…   net/http alone
//	/list?…    the count and the page, by SQL
//	/facets?…  also the counts of every choice, by SQL
//
// They take the agency and the two years of the query string.

// twinTables writes the generated rounds into a database for the twins.
func twinTables(path string, rounds []round) error {
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		return err
	}
	tx, err := db.Begin()
	if err != nil {
		return errors.Join(err, db.Close())
	}
	run := func(query string, args ...any) {
		if err == nil {
			_, err = tx.Exec(query, args...)
		}
	}
	run(`CREATE TABLE rounds (slug TEXT PRIMARY KEY, opens TEXT, series TEXT, country TEXT, topic TEXT, year INTEGER) WITHOUT ROWID`)
	run(`CREATE TABLE present (agency TEXT, slug TEXT, PRIMARY KEY (agency, slug)) WITHOUT ROWID`)
	for _, r := range rounds {
		run(`INSERT INTO rounds VALUES (?,?,?,?,?,?)`, r.slug, r.opens, r.series, r.country, r.topic, r.year)
		for _, a := range r.agencies {
			run(`INSERT OR IGNORE INTO present VALUES (?,?)`, a, r.slug)
		}
	}
	run(`CREATE INDEX rounds_newest ON rounds (opens DESC, slug)`)
	run(`CREATE INDEX present_slug ON present (slug, agency)`)
	run(`ANALYZE`)
	if err != nil {
		return errors.Join(err, tx.Rollback(), db.Close())
	}
	return errors.Join(tx.Commit(), db.Close())
}

// serveTwin serves the twins on l until ctx ends: the tables and body.html lie
// in dir.
func serveTwin(ctx context.Context, l net.Listener, dir string) error {
	body, err := os.ReadFile(filepath.Join(dir, "body.html"))
	if err != nil {
		return err
	}
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "twin.db")+"?mode=ro&immutable=1")
	if err != nil {
		return err
	}
	write := func(w http.ResponseWriter) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Etag", `"a"`)
		w.Write(body)
	}
	queried := func(queries ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			q := r.URL.Query()
			args := []any{sql.Named("agency", q.Get("agency")), sql.Named("since", q.Get("since")), sql.Named("until", q.Get("until"))}
			for _, query := range queries {
				if err := drain(r.Context(), db, query, args); err != nil {
					http.Error(w, err.Error(), http.StatusInternalServerError)
					return
				}
			}
			write(w)
		}
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/bytes", func(w http.ResponseWriter, _ *http.Request) { write(w) })
	const match = ` FROM rounds r JOIN present p ON p.slug = r.slug WHERE p.agency = @agency AND r.year BETWEEN @since AND @until`
	list := []string{
		`SELECT count(*)` + match,
		`SELECT r.slug, r.opens, r.series, r.country, r.topic` + match + ` ORDER BY r.opens DESC, r.slug LIMIT 25`,
	}
	facets := append([]string(nil), list...)
	for _, column := range []string{"series", "country", "topic"} {
		facets = append(facets, fmt.Sprintf(`SELECT r.%s, count(*)`+match+` GROUP BY 1`, column))
	}
	facets = append(facets,
		`SELECT p.agency, count(*) FROM present p JOIN rounds r ON r.slug = p.slug WHERE r.year BETWEEN @since AND @until GROUP BY 1`)
	mux.HandleFunc("/list", queried(list...))
	mux.HandleFunc("/facets", queried(facets...))
	server := &http.Server{Handler: mux}
	stop := context.AfterFunc(ctx, func() { server.Close() })
	defer stop()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return db.Close()
}

// drain runs a query and reads all it returns.
func drain(ctx context.Context, db *sql.DB, query string, args []any) error {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	into := make([]any, len(columns))
	for i := range into {
		into[i] = new(sql.RawBytes)
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
	}
	return errors.Join(rows.Err(), rows.Close())
}

// get reads one page and returns its bytes.
func get(client *http.Client, address string) ([]byte, error) {
	resp, err := client.Get(address)
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(resp.Body)
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answers %s", address, resp.Status)
	}
	return b, nil
}
