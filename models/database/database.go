// Package database opens the two stores, migrates them and translates their
// errors. It is the only place that knows which database is in use.
//
// SQLite and PostgreSQL are made to behave alike: many readers that cannot
// write, one writer at a time, errors of the same kinds. Code that uses this
// package therefore needs no row locks, no retries and no "if SQLite".
package database

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"time"

	"gorm.io/gorm"

	"track15/models/fault"
)

// A Dialect is the database behind a store.
type Dialect int

const (
	SQLite Dialect = iota + 1
	PostgreSQL
)

// String returns "sqlite" or "postgres", as in the names of migration files.
func (d Dialect) String() string {
	switch d {
	case SQLite:
		return "sqlite"
	case PostgreSQL:
		return "postgres"
	}
	return "unknown"
}

// Options say how to open a store. The zero value opens it for reading and
// writing, with few connections and a silent log.
type Options struct {
	// ReadOnly opens no connection that could write. A SQLite file must then be
	// one that nobody changes while it is open (a published snapshot): it is
	// read without locks and without files beside it.
	ReadOnly bool

	// MaxReaders is the number of connections that read, 8 if 0. One more writes.
	MaxReaders int

	// Unspilled keeps what a transaction on SQLite changes in memory until it
	// commits, however much it is; else pages that do not fit the cache go to
	// the disk before. What is rolled back then was on no disk.
	Unspilled bool

	// Logger receives failed and slow statements, without their values and
	// without the database's own words. Nothing is logged if it is nil.
	Logger *slog.Logger
}

// A DB is one open store. It is safe for concurrent use.
type DB struct {
	dialect Dialect
	path    string // of the SQLite file, "" on PostgreSQL
	readers *gorm.DB
	writer  *gorm.DB // nil if the store is open for reading only
}

// Open opens the store that url names: sqlite:PATH, or a postgres:// or
// postgresql:// address. It makes the SQLite file (0600) and its folders (0700)
// if they are missing, but migrates nothing.
//
// It fails with Invalid for a malformed url, which it does not repeat because
// it may hold a password, and with Unavailable if the database does not answer.
func Open(ctx context.Context, url string, o Options) (*DB, error) {
	loc, err := parseURL(url)
	if err != nil {
		return nil, err
	}
	if o.MaxReaders <= 0 {
		o.MaxReaders = 8
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if loc.dialect == PostgreSQL {
		return openPostgres(ctx, loc.postgres, o)
	}
	return openSQLite(ctx, loc.path, o)
}

// session wraps a pool of connections in gorm.
//
// gorm's cache of prepared statements stays off: it saves 12 µs of 70 for a
// short query, but hands one request the error of another that was cancelled
// while it prepared the same statement, and pgx has its own cache.
func session(d gorm.Dialector, log *slog.Logger) (*gorm.DB, error) {
	return gorm.Open(d, &gorm.Config{
		SkipDefaultTransaction: true, // Write is the transaction
		TranslateError:         true,
		DisableAutomaticPing:   true, // connect pings with the caller's context
		Logger:                 &statementLog{log: log, slow: time.Second},
		NowFunc:                func() time.Time { return time.Now().UTC().Truncate(time.Microsecond) },
	})
}

// connect limits a pool to n connections, opens the first, and wraps it in
// gorm. It closes the pool if that fails.
//
// Connections are kept: a SQLite connection that is closed and opened again
// under load costs more than the statement it serves.
func connect(ctx context.Context, pool *sql.DB, n int, d gorm.Dialector, o Options) (*gorm.DB, error) {
	pool.SetMaxOpenConns(n)
	pool.SetMaxIdleConns(n)
	err := pool.PingContext(ctx)
	if err == nil {
		var g *gorm.DB
		if g, err = session(d, o.Logger); err == nil {
			return g, nil
		}
	}
	return nil, errors.Join(Error(err, "opening the store"), pool.Close())
}

// Dialect returns the database behind the store, for the few that must choose
// their SQL by it: full-text search, and the dump that compares two stores.
func (db *DB) Dialect() Dialect { return db.dialect }

// Read returns a session on the readers, for one query or several that need not
// agree with one another. A statement that writes fails on it.
func (db *DB) Read(ctx context.Context) *gorm.DB { return db.readers.WithContext(ctx) }

// View runs fn on one state of the store: what others commit meanwhile is not
// seen. A statement that writes fails. Errors of fn are returned as they are.
//
// A view that stays open for long keeps SQLite's log growing.
func (db *DB) View(ctx context.Context, fn func(tx *gorm.DB) error) error {
	return db.transaction(ctx, db.readers, &sql.TxOptions{
		Isolation: db.viewIsolation(),
		ReadOnly:  true,
	}, fn)
}

// viewIsolation returns the isolation that keeps one state for a transaction.
// SQLite has only one, which its driver wants unnamed.
func (db *DB) viewIsolation() sql.IsolationLevel {
	if db.dialect == PostgreSQL {
		return sql.LevelRepeatableRead
	}
	return sql.LevelDefault
}

// Write runs fn alone: no other Write on this store runs at the same time, in
// this process or another, so what fn reads stays true until it commits. It
// commits if fn returns nil; else, and if fn panics, nothing has happened.
// fn runs once. Errors of fn are returned as they are.
//
// fn must use tx and nothing else of the store: a Write inside a Write waits
// for itself until ctx ends. A statement that fails ends the transaction on
// PostgreSQL; use ON CONFLICT, or a nested tx.Transaction, where failing is
// expected.
//
// It fails with Unavailable if the store stays locked for 10 seconds by another
// process, and with Forbidden if the store is open for reading only.
func (db *DB) Write(ctx context.Context, fn func(tx *gorm.DB) error) error {
	if db.writer == nil {
		return fault.Errorf(fault.Forbidden, "the store is open for reading only")
	}
	return db.transaction(ctx, db.writer, nil, func(tx *gorm.DB) error {
		if db.dialect == PostgreSQL {
			if err := lockWriter(tx); err != nil {
				return err
			}
		}
		return fn(tx)
	})
}

// transaction runs fn in one transaction of g and tells fn's own error, which
// the caller has classified, from those of beginning and committing.
func (db *DB) transaction(ctx context.Context, g *gorm.DB, o *sql.TxOptions, fn func(tx *gorm.DB) error) error {
	var failed error
	err := g.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		failed = fn(tx)
		return failed
	}, o)
	if failed != nil {
		return failed
	}
	return Error(err, "the transaction")
}

// Close ends all connections. Using the store afterwards fails.
func (db *DB) Close() error {
	var errs []error
	for _, g := range []*gorm.DB{db.readers, db.writer} {
		if g == nil {
			continue
		}
		pool, err := g.DB()
		if err == nil {
			err = pool.Close()
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}
