package publishedstore

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/published"
)

// A Scratch is a private copy of what is public, in which a release can be tried
// before it is one. It is safe for concurrent use; one is tried at a time.
//
// Its file holds released words only, those of the last look: what is tried is
// folded in a transaction that never ends well, and its pages never leave the
// memory of this process. It lies beside the record, never where the public
// side reads.
type Scratch struct {
	path string
	log  *slog.Logger
	turn chan struct{} // held by whoever uses what follows
	db   *database.DB  // nil until somebody looks
}

// A Log reads one entry of the release log.
type Log func(ctx context.Context, number int64) (published.Envelope, error)

// NewScratch makes a scratch whose file lies at path, in SQLite whatever the
// published store lies in. The file is made, 0600, when something is tried. log
// receives failed statements, without values; nil is silent.
func NewScratch(path string, log *slog.Logger) *Scratch {
	return &Scratch{path: path, log: log, turn: make(chan struct{}, 1)}
}

// Clear removes the copy, also one that a process that died left at the path.
// No other process may use the path.
func (s *Scratch) Clear() error {
	s.turn <- struct{}{}
	defer func() { <-s.turn }()
	return s.forget()
}

// Close removes the copy, if this process made one.
func (s *Scratch) Close() error {
	s.turn <- struct{}{}
	defer func() { <-s.turn }()
	if s.db == nil {
		return nil
	}
	return s.forget()
}

// forget closes and removes the copy.
func (s *Scratch) forget() error {
	var errs []error
	if s.db != nil {
		errs = append(errs, s.db.Close())
		s.db = nil
	}
	for _, end := range []string{"", "-wal", "-shm", ".migrate-lock"} {
		if err := os.Remove(s.path + end); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, unwritable(err))
		}
	}
	return errors.Join(errs...)
}

// alone runs fn when nobody else uses the copy.
func (s *Scratch) alone(ctx context.Context, fn func() error) error {
	select {
	case s.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-s.turn }()
	return fn()
}

// errTried ends every trial.
var errTried = errors.New("tried")

// Try folds an envelope into the copy, hands fn what the public reads before and
// what it would read after, and undoes it. Both readers end with fn.
//
// The first trial copies the whole store, in time and place in proportion to
// it; one after a release costs what that release changed, read from log; every
// other costs what e changes. What e changes is held in memory.
//
// It fails with Conflict if e is not what comes next, and as Apply does if e is
// not sound.
func (s *Scratch) Try(ctx context.Context, w *Writer, log Log, e published.Envelope, fn func(before, after *Reader) error) error {
	if err := check(e); err != nil {
		return err
	}
	return s.alone(ctx, func() error {
		if err := s.follow(ctx, w, log); err != nil {
			return err
		}
		before, err := readEdition(s.db.Read(ctx))
		if err != nil {
			return err
		}
		if e.Number != before.Number+1 {
			return fault.Errorf(fault.Conflict, "something else becomes public at this moment: look again")
		}
		err = s.db.Write(ctx, func(tx *gorm.DB) error {
			if err := foldIn(ctx, tx, e, day(e.At)); err != nil {
				return err
			}
			after, err := readEdition(tx)
			if err != nil {
				return err
			}
			if err := fn(s.reader(before, nil), s.reader(after, tx)); err != nil {
				return err
			}
			return errTried
		})
		if errors.Is(err, errTried) {
			return nil
		}
		return err
	})
}

// reader reads one state of the copy: what is tried in tx, or what is public.
func (s *Scratch) reader(row editionRow, tx *gorm.DB) *Reader {
	return &Reader{log: s.log, trial: &trial{state{db: s.db, row: row, pages: newPageCache(), users: 1}, tx}}
}

// A trial is the only state that a scratch's reader has.
type trial struct {
	state state
	tx    *gorm.DB // nil for the state before
}

// Follow brings the copy up to what is public now, so that what left the public
// leaves the copy too. It does nothing if nobody looked yet.
func (s *Scratch) Follow(ctx context.Context, w *Writer, log Log) error {
	return s.alone(ctx, func() error {
		if s.db == nil {
			return nil
		}
		err := s.follow(ctx, w, log)
		if err != nil {
			err = errors.Join(err, s.forget())
		}
		return err
	})
}

// few is up to how many releases are folded one by one rather than copied.
const few = 50

func (s *Scratch) follow(ctx context.Context, w *Writer, log Log) error {
	want, err := readEdition(w.db.Read(ctx))
	if err != nil {
		return err
	}
	if want.Form != form && want.Number > 0 {
		return fault.Errorf(fault.Conflict, "the published store was folded by other rules: rebuild it first")
	}
	if s.db != nil {
		have, err := readEdition(s.db.Read(ctx))
		if err != nil {
			return err
		}
		if have == want {
			return nil
		}
		if have.Fold == want.Fold && have.Number < want.Number && want.Number <= have.Number+few {
			return s.advance(ctx, log, have.Number, want.Number)
		}
	}
	if err := s.forget(); err != nil {
		return err
	}
	if err := s.copy(ctx, w); err != nil {
		return errors.Join(err, s.forget())
	}
	return nil
}

// advance folds the releases after one up to another.
func (s *Scratch) advance(ctx context.Context, log Log, have, want int64) error {
	for n := have + 1; n <= want; n++ {
		e, err := log(ctx, n)
		if err == nil {
			err = check(e)
		}
		if err != nil {
			return err
		}
		if err := s.db.Write(ctx, func(tx *gorm.DB) error { return foldIn(ctx, tx, e, day(e.At)) }); err != nil {
			return err
		}
	}
	return s.db.Checkpoint(ctx)
}
