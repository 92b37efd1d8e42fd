package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"track15/models/fault"
)

// Migrate brings the store to the newest version in fsys, each migration in a
// transaction of its own. Processes that start at once wait for one another.
//
// fsys holds goose's files: 00001_rounds.sql for both databases, or
// 00001_rounds.sqlite.sql beside 00001_rounds.postgres.sql where they differ.
//
// It fails with Conflict if a newer program has migrated the store, and with
// Invalid if the PostgreSQL database sorts text otherwise than byte by byte or
// is not in UTF-8.
func Migrate(ctx context.Context, db *DB, fsys fs.FS) error {
	if db.writer == nil {
		return fault.Errorf(fault.Forbidden, "the store is open for reading only")
	}
	pool, err := db.writer.DB()
	if err != nil {
		return Error(err, "the migration")
	}
	if db.dialect == PostgreSQL {
		if err := checkDatabase(ctx, db); err != nil {
			return err
		}
		return migrate(ctx, pool, dialectFS{fsys, db.dialect}, goose.WithSessionLocker(sessionLock{}))
	}
	return withFileLock(ctx, db.path, func() error {
		return migrate(ctx, pool, dialectFS{fsys, db.dialect})
	})
}

// migrate runs what is missing. Errors of goose hold SQL of migrations and the
// database's words about it; no value of the record is in either, unless a
// migration changes rows, so the words are dropped here too.
func migrate(ctx context.Context, pool *sql.DB, fsys dialectFS, o ...goose.ProviderOption) error {
	o = append(o,
		goose.WithStore(versions{fsys.dialect}),
		goose.WithLogger(goose.NopLogger()),
		goose.WithDisableGlobalRegistry(true),
	)
	p, err := goose.NewProvider(goose.DialectCustom, pool, fsys, o...)
	if err != nil {
		return fmt.Errorf("reading the migrations: %w", err)
	}
	if _, err := p.Up(ctx); err != nil {
		var failed *goose.PartialError
		if errors.As(err, &failed) && failed.Failed != nil {
			return Error(failed.Err, "migration "+failed.Failed.Source.Path)
		}
		return Error(err, "the migration")
	}
	current, newest, err := p.GetVersions(ctx)
	if err != nil {
		return Error(err, "the store's version")
	}
	if current > newest {
		return fault.Errorf(fault.Conflict, "the store has version %d, this program knows %d: start a newer program", current, newest)
	}
	return nil
}

// checkDatabase refuses a database in which text would be sorted or kept
// otherwise than in SQLite.
func checkDatabase(ctx context.Context, db *DB) error {
	var found struct{ Collation, Encoding string }
	err := db.Read(ctx).Raw(`SELECT pg_encoding_to_char(encoding) AS encoding,
		CASE datlocprovider WHEN 'b' THEN 'C' WHEN 'c' THEN datcollate ELSE '' END AS collation
		FROM pg_database WHERE datname = current_database()`).Scan(&found).Error
	if err != nil {
		return Error(err, "the database's settings")
	}
	switch found.Collation {
	case "C", "POSIX", "C.UTF-8", "C.utf8":
	default:
		return fault.Errorf(fault.Invalid, "the PostgreSQL database must sort by bytes: create it with TEMPLATE template0 LOCALE 'C'")
	}
	if found.Encoding != "UTF8" {
		return fault.Errorf(fault.Invalid, "the PostgreSQL database must hold UTF-8: create it with TEMPLATE template0 ENCODING 'UTF8'")
	}
	return nil
}

// sessionLock lets one session at a time migrate a database. It waits in the
// database, not by asking again, until ctx ends.
type sessionLock struct{}

// SessionLock waits for the lock.
func (sessionLock) SessionLock(ctx context.Context, conn *sql.Conn) error {
	_, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", migrationLock)
	return err
}

// SessionUnlock gives the lock up.
func (sessionLock) SessionUnlock(ctx context.Context, conn *sql.Conn) error {
	_, err := conn.ExecContext(ctx, "SELECT pg_advisory_unlock($1)", migrationLock)
	return err
}

var _ lock.SessionLocker = sessionLock{}

// dialectFS shows of a folder of migrations those that one dialect runs.
// Which file is for which database stands in its name only, so opening needs
// no rule.
type dialectFS struct {
	fs.FS
	dialect Dialect
}

// Glob lists the files that match, without the other dialect's.
func (f dialectFS) Glob(pattern string) ([]string, error) {
	names, err := fs.Glob(f.FS, pattern)
	var mine []string
	for _, name := range names {
		if f.runs(name) {
			mine = append(mine, name)
		}
	}
	return mine, err
}

func (f dialectFS) runs(name string) bool {
	for _, d := range []Dialect{SQLite, PostgreSQL} {
		if strings.HasSuffix(name, "."+d.String()+".sql") {
			return d == f.dialect
		}
	}
	return true
}

var _ fs.GlobFS = dialectFS{}
