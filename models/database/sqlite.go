package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"track15/models/fault"
)

// busyTimeout is how long a SQLite connection waits for another process's lock,
// in milliseconds.
const busyTimeout = "10000"

// openSQLite opens one connection that writes, unless o.ReadOnly, and
// o.MaxReaders that read.
func openSQLite(ctx context.Context, path string, o Options) (*DB, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fault.Errorf(fault.Invalid, "the path of the store cannot be resolved")
	}
	db := &DB{dialect: SQLite, path: path}
	if !o.ReadOnly {
		if err := createSQLite(ctx, path); err != nil {
			return nil, err
		}
		c, err := newKeepingConnector(writerDSN(path, o.Unspilled))
		if err != nil {
			return nil, Error(err, "opening the store")
		}
		w := sql.OpenDB(c)
		if db.writer, err = connect(ctx, w, 1, &sqliteDialector{pool: w}, o); err != nil {
			return nil, err
		}
	} else if _, err := os.Stat(path); err != nil {
		return nil, fault.Errorf(fault.Unavailable, "there is no store to read at this path")
	}
	r, err := sql.Open("sqlite", readerDSN(path, o.ReadOnly))
	if err == nil {
		db.readers, err = connect(ctx, r, o.MaxReaders, &sqliteDialector{pool: r}, o)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// createSQLite makes the file, readable by its owner only, and puts it into
// write-ahead mode. Two processes that do the latter at once would fail each
// other without waiting, so it happens under the lock that migrations take.
func createSQLite(ctx context.Context, path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fault.Errorf(fault.Unavailable, "the folder of the store cannot be made: %s", cause(err))
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fault.Errorf(fault.Unavailable, "the file of the store cannot be opened: %s", cause(err))
	}
	if err := f.Close(); err != nil {
		return fault.Errorf(fault.Unavailable, "the file of the store cannot be closed: %s", cause(err))
	}
	return withFileLock(ctx, path, func() error {
		pool, err := sql.Open("sqlite", fileDSN(path, pragmas("busy_timeout="+busyTimeout)))
		if err != nil {
			return Error(err, "opening the store")
		}
		var mode string
		err = pool.QueryRowContext(ctx, "PRAGMA journal_mode = WAL").Scan(&mode)
		if err == nil && mode != "wal" {
			err = fault.Errorf(fault.Unavailable, "the store's disk does not allow write-ahead logging")
		}
		return errors.Join(Error(err, "opening the store"), pool.Close())
	})
}

// writerDSN is for the one connection that writes. Its transactions take the
// write lock when they begin: one that read first and wrote later would fail
// whenever somebody else had written in between.
//
// A commit is on the disk when it returns (synchronous), deleted rows are
// overwritten (secure_delete; copies in the log and in indexes survive), and
// nothing is spilled into temporary files (temp_store). With 64 MiB of cache a
// large transaction seldom writes a page of an index twice; less than half the
// time of an import is left.
func writerDSN(path string, unspilled bool) string {
	q := pragmas(
		"busy_timeout="+busyTimeout, "foreign_keys=on", "synchronous=full",
		"secure_delete=on", "temp_store=memory", "cache_size=-65536",
	)
	if unspilled {
		// It takes no effect once a transaction has begun.
		q.Add("_pragma", "cache_spill=off")
	}
	q.Set("_txlock", "immediate")
	return fileDSN(path, q)
}

// readerDSN is for connections that only read, of a live file or an immutable one.
func readerDSN(path string, immutable bool) string {
	q := pragmas("busy_timeout="+busyTimeout, "temp_store=memory", "query_only=on")
	if immutable {
		q.Set("mode", "ro")
		q.Set("immutable", "1")
	}
	return fileDSN(path, q)
}

// pragmas makes the part of a DSN that sets each NAME=VALUE on every connection.
func pragmas(settings ...string) url.Values {
	q := url.Values{}
	for _, s := range settings {
		q.Add("_pragma", s)
	}
	return q
}

// fileDSN makes the name under which the driver opens a file. Double quotes are
// for identifiers only (_dqs): else a misspelt column would become a text.
// The time settings are for times the driver itself must write; our columns
// hold none.
func fileDSN(path string, q url.Values) string {
	q.Set("_dqs", "0")
	q.Set("_time_format", "sqlite")
	q.Set("_timezone", "UTC")
	u := url.URL{Scheme: "file", Path: filepath.ToSlash(path), RawQuery: q.Encode(), OmitHost: true}
	return u.String()
}

// VacuumInto writes a fresh copy of a SQLite store to path, which must not
// exist: only live rows, no free pages, no log. The copy is readable by its
// owner only and is on the disk when VacuumInto returns; the folder's entry is
// the caller's to sync. It costs one reading of the whole store, during which
// no Write runs. If it fails, nothing is left at path.
func (db *DB) VacuumInto(ctx context.Context, path string) (err error) {
	if db.dialect != SQLite || db.writer == nil {
		return fault.Errorf(fault.Invalid, "only a SQLite store that is open for writing can be copied")
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fault.Errorf(fault.Unavailable, "the copy of the store cannot be made: %s", cause(err))
	}
	defer func() {
		err = errors.Join(err, f.Close())
		if err != nil {
			err = errors.Join(err, os.Remove(path))
		}
	}()
	if err := db.writer.WithContext(ctx).Exec("VACUUM INTO ?", path).Error; err != nil {
		return Error(err, "copying the store")
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("copying the store: %s", cause(err))
	}
	return nil
}

// cause returns what the system said, without the path it said it about.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// Checkpoint moves what the log of a SQLite store holds into its file and cuts
// the log to nothing, so that no deleted row stays behind in it. It waits for
// readers for 10 seconds; a log that is still read then is left as it is. On
// PostgreSQL it does nothing.
func (db *DB) Checkpoint(ctx context.Context) error {
	if db.dialect != SQLite || db.writer == nil {
		return nil
	}
	var busy, pages, moved int
	err := db.writer.WithContext(ctx).Raw("PRAGMA wal_checkpoint(TRUNCATE)").Row().Scan(&busy, &pages, &moved)
	return Error(err, "the store's log")
}
