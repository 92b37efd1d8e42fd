package publishedstore

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
)

// readers is how many requests can read one state at the same time; others wait.
const readers = 8

// A Reader gives out editions. It is safe for concurrent use and changes
// nothing: neither files nor tables.
type Reader struct {
	folder string       // of snapshots; "" on PostgreSQL
	db     *database.DB // nil on SQLite
	log    *slog.Logger
	trial  *trial // of a Scratch: its state, instead of all that follows

	opening sync.Mutex // held while a snapshot is opened, so that a burst opens it once
	mu      sync.Mutex // guards what follows, and the count of users of states
	current *state     // nil before the first edition and after Close
	pointer *os.File   // the pointer that named current, kept open so that no other file can pass for it
	closed  bool
}

// A state is what all editions of one release share.
type state struct {
	db    *database.DB
	row   editionRow
	pages *pageCache
	index lazyIndex
	users int // editions, and one for being current
}

// OpenReader opens the published store for reading: where is the folder of the
// writer's snapshots, or the postgres:// address of the store itself. Either
// may be empty still; there are editions as soon as a writer was there.
// It migrates nothing. log receives failed and slow statements; nil is silent.
//
// It fails with Unavailable if there is no such folder, or if the database does
// not answer.
func OpenReader(ctx context.Context, where string, log *slog.Logger) (*Reader, error) {
	if !strings.HasPrefix(where, "postgres://") && !strings.HasPrefix(where, "postgresql://") {
		if info, err := os.Stat(where); err != nil || !info.IsDir() {
			return nil, fault.Errorf(fault.Unavailable, "there is no folder of published snapshots at this path")
		}
		return &Reader{folder: where, log: log}, nil
	}
	db, err := database.Open(ctx, where, database.Options{ReadOnly: true, MaxReaders: 2 * readers, Logger: log})
	if err != nil {
		return nil, err
	}
	return &Reader{db: db, log: log}, nil
}

// Close gives up the newest state; editions that are open stay usable until
// they are closed. On PostgreSQL it ends all connections at once.
func (r *Reader) Close() error {
	r.mu.Lock()
	r.closed = true
	old, pointer := r.current, r.pointer
	r.current, r.pointer = nil, nil
	r.mu.Unlock()
	err := r.release(old)
	if pointer != nil {
		err = errors.Join(err, pointer.Close())
	}
	if r.db != nil {
		err = errors.Join(err, r.db.Close())
	}
	return err
}

// Edition takes the newest state for one request, which uses it alone and
// closes it. What was released when Edition is called is in it.
//
// On SQLite it costs one look at a file's entry, on PostgreSQL a transaction
// that lasts until Close. It fails with Unavailable if nothing was published
// yet, or the newest state cannot be read: an older one is never served in its
// place.
func (r *Reader) Edition(ctx context.Context) (*Edition, error) {
	switch {
	case r.trial != nil:
		r.mu.Lock()
		defer r.mu.Unlock()
		r.trial.state.users++
		return &Edition{reader: r, state: &r.trial.state, tx: r.trial.tx}, nil
	case r.db != nil:
		return r.fromDatabase(ctx)
	}
	return r.fromFolder(ctx)
}

// release gives up one use of a state and closes it after the last one.
func (r *Reader) release(s *state) error {
	if s == nil {
		return nil
	}
	r.mu.Lock()
	s.users--
	last := s.users == 0
	r.mu.Unlock()
	if last && r.db == nil {
		return s.db.Close()
	}
	return nil
}

var errNothing = fault.Errorf(fault.Unavailable, "nothing is published yet")

// fromFolder takes the state that the pointer names.
func (r *Reader) fromFolder(ctx context.Context) (*Edition, error) {
	if e, err := r.unchanged(); e != nil || err != nil {
		return e, err
	}
	r.opening.Lock()
	defer r.opening.Unlock()
	for range 10 { // each time the writer published while we opened
		if e, err := r.unchanged(); e != nil || err != nil {
			return e, err
		}
		s, pointer, err := r.openSnapshot(ctx)
		if err != nil {
			if pointer != nil {
				moved := !samePlace(pointer, r.folder)
				pointer.Close()
				if moved {
					continue
				}
			}
			return nil, err
		}
		if err := r.replace(s, pointer); err != nil {
			return nil, err
		}
	}
	return nil, fault.Errorf(fault.Unavailable, "the published snapshots change faster than they can be opened")
}

// unchanged takes the current state if the pointer is the one that named it;
// it returns nil if it is not.
func (r *Reader) unchanged() (*Edition, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil, fault.Errorf(fault.Unavailable, "the published store is closed")
	}
	if r.pointer == nil || !samePlace(r.pointer, r.folder) {
		return nil, nil
	}
	r.current.users++
	return &Edition{reader: r, state: r.current}, nil
}

// samePlace tells whether the open file is still the pointer of the folder.
func samePlace(open *os.File, folder string) bool {
	was, err := open.Stat()
	if err != nil {
		return false
	}
	is, err := os.Stat(filepath.Join(folder, pointer))
	return err == nil && os.SameFile(was, is)
}

// replace makes s the current state.
func (r *Reader) replace(s *state, pointer *os.File) error {
	r.mu.Lock()
	old, was := r.current, r.pointer
	r.current, r.pointer = s, pointer
	if r.closed {
		old, was = s, pointer
		r.current, r.pointer = nil, nil
	}
	r.mu.Unlock()
	if was != nil {
		was.Close()
	}
	return r.release(old)
}

// openSnapshot opens what the pointer names. It returns the pointer too, also
// with an error, unless there is none.
func (r *Reader) openSnapshot(ctx context.Context) (*state, *os.File, error) {
	f, err := os.Open(filepath.Join(r.folder, pointer))
	if err != nil {
		return nil, nil, errNothing
	}
	b, err := io.ReadAll(io.LimitReader(f, 100))
	if err != nil {
		return nil, f, fault.Errorf(fault.Unavailable, "the pointer to the published snapshot cannot be read")
	}
	name, err := parsePointer(b)
	if err != nil {
		return nil, f, err
	}
	db, err := database.Open(ctx, "sqlite:"+filepath.Join(r.folder, name), database.Options{
		ReadOnly: true, MaxReaders: readers, Logger: r.log,
	})
	if err != nil {
		return nil, f, err
	}
	row, err := readEdition(db.Read(ctx))
	if err == nil && snapshotName(row) != name {
		err = fault.Errorf(fault.Unavailable, "a published snapshot holds another state than its name says")
	}
	if err == nil {
		err = openAll(ctx, db)
	}
	if err != nil {
		return nil, f, errors.Join(err, db.Close())
	}
	return &state{db: db, row: row, pages: newPageCache(), users: 1}, f, nil
}

// openAll opens every connection of a pool now: the file's name will be gone,
// or another's, when the next snapshot is there.
func openAll(ctx context.Context, db *database.DB) (err error) {
	pool, err := db.Read(ctx).DB()
	if err != nil {
		return err
	}
	var all []*sql.Conn
	defer func() {
		for _, c := range all {
			err = errors.Join(err, c.Close())
		}
	}()
	for range readers {
		c, err := pool.Conn(ctx)
		if err != nil {
			return database.Error(err, "published store")
		}
		all = append(all, c)
		var number int64
		if err := c.QueryRowContext(ctx, "SELECT number FROM edition").Scan(&number); err != nil {
			return database.Error(err, "published store")
		}
	}
	return nil
}

// fromDatabase begins a transaction that sees one state, and finds or makes
// what editions of that state share.
func (r *Reader) fromDatabase(ctx context.Context) (*Edition, error) {
	tx := r.db.Read(ctx).Begin(&sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if tx.Error != nil {
		return nil, database.Error(tx.Error, "published store")
	}
	row, err := readEdition(tx)
	if err != nil {
		tx.Rollback()
		if k := fault.KindOf(err); k == fault.NotFound || k == fault.Internal && ctx.Err() == nil {
			err = errNothing // there are no tables yet, or they may not be read
		}
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.current
	if s == nil || s.row != row {
		s = &state{db: r.db, row: row, pages: newPageCache()}
		// A transaction that began earlier may be here later than one that
		// saw a newer state: that one stays.
		if r.current == nil || r.current.row.before(row) {
			r.current = s
		}
	}
	s.users++
	return &Edition{reader: r, state: s, tx: tx}, nil
}

// before tells whether a state is older than another.
func (e editionRow) before(other editionRow) bool {
	return e.Fold < other.Fold || e.Fold == other.Fold && e.Number < other.Number
}

// An Edition is one state of the published store, for one request and one
// goroutine. Everything a page says comes from one edition.
//
// Lists, pages and counts are of released things only. A slug of the right form
// that is not released is NotFound.
type Edition struct {
	reader *Reader
	state  *state
	tx     *gorm.DB // PostgreSQL, or what a Scratch tries
	closed bool
}

// Close gives the edition back. Closing twice does nothing.
func (e *Edition) Close() {
	if e.closed {
		return
	}
	e.closed = true
	if e.tx != nil && e.reader.trial == nil {
		e.tx.Rollback() // it only read
	}
	if err := e.reader.release(e.state); err != nil && e.reader.log != nil {
		e.reader.log.Warn("a published snapshot was not closed", "kind", fault.KindOf(err))
	}
}

// Number returns the number of the last release in the edition, 0 before the first.
func (e *Edition) Number() int64 { return e.state.row.Number }

// Day returns the day of that release, 2026-02-03 in UTC, "" before the first.
func (e *Edition) Day() string { return e.state.row.Day }

// db returns a session that sees the edition's state.
func (e *Edition) db(ctx context.Context) *gorm.DB {
	if e.tx != nil {
		return e.tx.WithContext(ctx)
	}
	return e.state.db.Read(ctx)
}
