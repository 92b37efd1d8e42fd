// Package dbtest gives every test an empty store on each database: a SQLite
// file, and a PostgreSQL database in a private cluster that no other user of
// the machine reaches and that disappears with the tests.
package dbtest

import (
	"context"
	"crypto/rand"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"track15/models/database"
)

// Run runs fn twice, as the subtests "sqlite" and "postgres". Each call of
// store makes a new empty store and returns its url; the store is gone after
// the subtest. The store "published" lies in another PostgreSQL cluster than
// "record" and all others, as in operation.
//
// Without PostgreSQL's programs the second subtest is skipped, and fails if CI
// is true.
func Run(t *testing.T, fn func(t *testing.T, store func(name string) (url string))) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		fn(t, func(name string) string { return SQLite(t, name) })
	})
	t.Run("postgres", func(t *testing.T) {
		fn(t, func(name string) string { return Postgres(t, name) })
	})
}

// Open opens the store at url and migrates it with the given migrations, if
// any. It is closed after the test.
func Open(t testing.TB, url string, migrations fs.FS) *database.DB {
	t.Helper()
	db, err := database.Open(t.Context(), url, database.Options{})
	if err != nil {
		t.Fatal("open:", err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error("close:", err)
		}
	})
	if migrations != nil {
		if err := database.Migrate(t.Context(), db, migrations); err != nil {
			t.Fatal("migrate:", err)
		}
	}
	return db
}

// SQLite returns the url of a file that does not exist yet, in a folder of its own.
func SQLite(t testing.TB, name string) string {
	t.Helper()
	return "sqlite:" + filepath.Join(t.TempDir(), name+".db")
}

// Postgres returns the url of a new, empty database. The role in the url owns
// the cluster: it may make roles, whose names are then the whole cluster's.
//
// Making the database takes about 30 ms, the first of a cluster about 3 s.
func Postgres(t testing.TB, name string) string {
	t.Helper()
	cluster := "record"
	if name == "published" {
		cluster = "published"
	}
	admin := start(t, cluster)
	fresh := strings.ToLower(name + "_" + rand.Text())
	quoted := pgx.Identifier{fresh}.Sanitize()
	execute(t.Context(), t, admin, "CREATE DATABASE "+quoted)
	t.Cleanup(func() {
		execute(context.Background(), t, admin, "DROP DATABASE "+quoted+" WITH (FORCE)")
	})
	return withDatabase(t, admin, fresh)
}

// Standby returns the url of a database in a cluster that follows another, so
// that nothing can be written in it. It is shared by all tests.
func Standby(t testing.TB) string {
	t.Helper()
	return start(t, "standby")
}

func execute(ctx context.Context, t testing.TB, url, statement string) {
	t.Helper()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal("connect to the private cluster:", err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, statement); err != nil {
		t.Fatal("private cluster:", err)
	}
}

func withDatabase(t testing.TB, address, name string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	return u.String()
}

// missing ends a test that needs PostgreSQL where it is not installed.
func missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(what)
	}
	t.Skip(what)
}
