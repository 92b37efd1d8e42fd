package database

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"

	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"track15/models/fault"
)

// Error translates what a statement returned into an error of a kind, the same
// on both databases. what names the thing in a sentence: "round", "account".
//
//	no row                                  NotFound
//	the key exists, or a reference is broken  Conflict
//	a value is missing or breaks a check    Invalid
//	locked, full, not connected, too slow   Unavailable
//	anything else                           Internal, with the database's code
//
// The database's own words are dropped: they quote values. nil, errors that
// have a kind already, and context.Canceled are returned as they are.
func Error(err error, what string) error {
	var classified *fault.Error
	switch {
	case err == nil || errors.As(err, &classified):
		return err
	case errors.Is(err, context.Canceled):
		return context.Canceled
	case errors.Is(err, gorm.ErrRecordNotFound) || errors.Is(err, sql.ErrNoRows):
		return fault.Errorf(fault.NotFound, "there is no such %s", what)
	case errors.Is(err, gorm.ErrDuplicatedKey):
		return fault.Errorf(fault.Conflict, "this %s exists already", what)
	case errors.Is(err, gorm.ErrForeignKeyViolated):
		return fault.Errorf(fault.Conflict, "this %s refers to something that does not exist, or is still referred to", what)
	case errors.Is(err, gorm.ErrCheckConstraintViolated):
		return fault.Errorf(fault.Invalid, "this %s breaks a rule of the store", what)
	case errors.Is(err, context.DeadlineExceeded):
		return fault.Errorf(fault.Unavailable, "the store was too slow")
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return sqliteError(lite.Code(), what)
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return postgresError(pg.Code, what)
	}
	var network net.Error
	var connecting *pgconn.ConnectError
	if errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) ||
		errors.As(err, &network) || errors.As(err, &connecting) {
		return unavailable()
	}
	// Others may quote a value, as Scan's do: only their type is safe.
	return fmt.Errorf("%s: error of type %T", what, innermost(err))
}

func unavailable() error {
	return fault.Errorf(fault.Unavailable, "the store does not answer; try again")
}

func full() error {
	return fault.Errorf(fault.Unavailable, "the disk of the store is full: nothing is saved until there is room on it")
}

// sqliteError classifies an extended result code; those that Translate names
// come here from statements outside gorm.
func sqliteError(code int, what string) error {
	switch code {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_ROWID:
		return Error(gorm.ErrDuplicatedKey, what)
	case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
		return Error(gorm.ErrForeignKeyViolated, what)
	case sqlite3.SQLITE_CONSTRAINT_CHECK, sqlite3.SQLITE_CONSTRAINT_NOTNULL, sqlite3.SQLITE_CONSTRAINT_DATATYPE:
		return Error(gorm.ErrCheckConstraintViolated, what)
	}
	switch code & 0xff { // the primary code
	case sqlite3.SQLITE_FULL:
		return full()
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN:
		return unavailable()
	}
	return fmt.Errorf("%s: SQLite code %d", what, code)
}

// postgresError classifies a SQLSTATE, some by their class, the first two characters.
func postgresError(code, what string) error {
	switch code {
	case "23505": // unique_violation
		return Error(gorm.ErrDuplicatedKey, what)
	case "23503": // foreign_key_violation
		return Error(gorm.ErrForeignKeyViolated, what)
	case "23514", "23502", // check_violation, not_null_violation
		"22021", "22P05": // text that is not UTF-8 or holds NUL
		return Error(gorm.ErrCheckConstraintViolated, what)
	case "40001", "40P01", "55P03": // serialization, deadlock, lock_timeout
		return unavailable()
	case "57014": // statement_timeout
		return Error(context.DeadlineExceeded, what)
	case "53100": // disk_full
		return full()
	}
	switch code[:min(2, len(code))] {
	case "08", "53", "57", "28": // connection, resources, shutdown, authorization
		return unavailable()
	}
	return fmt.Errorf("%s: SQLSTATE %s", what, code)
}

// innermost returns the error that err was made from.
func innermost(err error) error {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return err
		}
		err = next
	}
}
