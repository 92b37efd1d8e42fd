package publishedstore

import (
	"context"
	"iter"
	"log/slog"
	"slices"
	"time"

	"gorm.io/gorm"

	"track15/migrations/published"
	"track15/models/database"
	"track15/models/fault"
	released "track15/models/published"
)

// WriterOptions say how to open the writer.
type WriterOptions struct {
	// Snapshots is the folder that readers read: published-N.db and current.
	// It is needed on SQLite and refused on PostgreSQL, where readers read the
	// database.
	Snapshots string
	// Logger receives failed and slow statements, without values; nil is silent.
	Logger *slog.Logger
	// AfterStep is called with a step's name when it is done. Tests end the
	// process in it; the program leaves it nil.
	AfterStep func(step string)
}

// Steps of Apply and Rebuild, as AfterStep names them, in their order.
// StepCommitted alone happens on PostgreSQL.
const (
	StepCommitted = "committed" // the writer's own tables hold the release
	StepCopied    = "copied"    // the snapshot is on the disk under a temporary name
	StepNamed     = "named"     // it has its name; readers still read the one before
	StepPointed   = "pointed"   // readers see it
	StepCleared   = "cleared"   // older snapshots and the writer's log are gone
)

// A Writer applies releases. It is safe for concurrent use, in several
// processes too; there should be one.
type Writer struct {
	db        *database.DB
	snapshots string
	afterStep func(step string)
}

// OpenWriter opens the store at url (sqlite:PATH or postgres://…), migrates it
// and publishes what is not published yet, also the empty store.
//
// It fails with Invalid if url and o.Snapshots do not fit.
func OpenWriter(ctx context.Context, url string, o WriterOptions) (*Writer, error) {
	db, err := database.Open(ctx, url, database.Options{Logger: o.Logger})
	if err != nil {
		return nil, err
	}
	w := &Writer{db: db, snapshots: o.Snapshots, afterStep: o.AfterStep}
	if w.afterStep == nil {
		w.afterStep = func(string) {}
	}
	if err := w.open(ctx); err != nil {
		db.Close()
		return nil, err
	}
	return w, nil
}

func (w *Writer) open(ctx context.Context) error {
	if (w.db.Dialect() == database.SQLite) != (w.snapshots != "") {
		return fault.Errorf(fault.Invalid, "a published store in SQLite needs a folder for its snapshots, one in PostgreSQL has none")
	}
	if err := database.Migrate(ctx, w.db, published.Files); err != nil {
		return err
	}
	return w.alone(func() error { return w.publish(ctx) })
}

// Close ends the connections.
func (w *Writer) Close() error { return w.db.Close() }

// Number returns the number of the last release applied, 0 before the first.
func (w *Writer) Number(ctx context.Context) (int64, error) {
	e, err := readEdition(w.db.Read(ctx))
	return e.Number, err
}

// Bodies returns the documents of a kind that the public can read now, by slug:
// the bytes as readers get them. A slug without one is left out.
func (w *Writer) Bodies(ctx context.Context, kind released.Kind, slugs []string) (map[string][]byte, error) {
	out := map[string][]byte{}
	for part := range slices.Chunk(slugs, 500) {
		var rows []documentRow
		if err := w.db.Read(ctx).Where("kind = ? AND slug IN ?", kind, part).Find(&rows).Error; err != nil {
			return nil, database.Error(err, "published store")
		}
		for _, row := range rows {
			out[row.Slug] = row.Body
		}
	}
	return out, nil
}

// Apply folds one envelope in, in one transaction, and publishes the result.
// When it returns, readers see it.
//
// An envelope with a number that was applied before changes nothing and
// succeeds; its publication is completed if it was cut short. Any other than
// the next number is a Conflict. An envelope that is not sound is Invalid:
//
//   - a document does not decode strictly, or its head has another kind or slug;
//   - a slug is malformed, also of an observation or of what a document names;
//   - a document occurs twice, or is both put and dropped;
//   - two outputs hold an observation of the same slug (Conflict).
//
// Then nothing was applied. Putting equal bytes again makes no new version.
// Dropping what is not public leaves no notice, unless one stands there: then
// it changes.
//
// It costs time in proportion to what the envelope changes, and on SQLite one
// copy of the whole store.
func (w *Writer) Apply(ctx context.Context, e released.Envelope) error {
	if err := check(e); err != nil {
		return err
	}
	return w.alone(func() error {
		if err := w.apply(ctx, e); err != nil {
			return err
		}
		w.afterStep(StepCommitted)
		return w.publish(ctx)
	})
}

func (w *Writer) apply(ctx context.Context, e released.Envelope) error {
	return w.db.Write(ctx, func(tx *gorm.DB) error {
		state, err := readEdition(tx)
		switch {
		case err != nil:
			return err
		case e.Number <= state.Number && e.Number > 0:
			return nil
		case e.Number != state.Number+1:
			return fault.Errorf(fault.Conflict, "release %d cannot follow release %d", e.Number, state.Number)
		case state.Form != form && state.Number > 0:
			return fault.Errorf(fault.Conflict, "the published store was folded by other rules: rebuild it first")
		}
		return foldIn(ctx, tx, e, day(e.At))
	})
}

// Rebuild empties the store and folds all envelopes again, from number 1 on, in
// one transaction; readers see the state before until it is done. log ends the
// rebuilding with its first error; then nothing has happened.
//
// If all is well nothing changes for anybody. If folding again gives something
// else than there was, that is published as a new edition.
func (w *Writer) Rebuild(ctx context.Context, log iter.Seq2[released.Envelope, error]) error {
	return w.alone(func() error {
		if err := w.rebuild(ctx, log); err != nil {
			return err
		}
		w.afterStep(StepCommitted)
		return w.publish(ctx)
	})
}

func (w *Writer) rebuild(ctx context.Context, log iter.Seq2[released.Envelope, error]) error {
	return w.db.Write(ctx, func(tx *gorm.DB) error {
		tx = tx.WithContext(ctx)
		before, err := readEdition(tx)
		if err != nil {
			return err
		}
		was, err := digest(tx)
		if err != nil {
			return err
		}
		if err := empty(tx); err != nil {
			return err
		}
		number := int64(0)
		for e, err := range log {
			if err == nil {
				err = check(e)
			}
			if err != nil {
				return err
			}
			if number++; e.Number != number {
				return fault.Errorf(fault.Conflict, "release %d cannot follow release %d", e.Number, number-1)
			}
			if err := foldIn(ctx, tx, e, day(e.At)); err != nil {
				return err
			}
		}
		is, err := digest(tx)
		if err != nil || is == was {
			return err
		}
		return database.Error(tx.Model(&editionRow{}).Where("name = 'current'").
			Update("fold", before.Fold+1).Error, "published store")
	})
}

// empty takes every row away and goes back to the state before the first release.
func empty(tx *gorm.DB) error {
	for _, t := range tables {
		if t.name == (editionRow{}).TableName() {
			continue
		}
		if err := tx.Exec("DELETE FROM " + t.name).Error; err != nil {
			return database.Error(err, "published store")
		}
	}
	err := tx.Model(&editionRow{}).Where("name = 'current'").
		Updates(map[string]any{"number": 0, "day": "", "form": 0}).Error
	return database.Error(err, "published store")
}

// readEdition reads which state tx sees.
func readEdition(tx *gorm.DB) (editionRow, error) {
	var e editionRow
	err := tx.Where("name = 'current'").Take(&e).Error
	return e, database.Error(err, "published store")
}

// day returns the day of an instant in microseconds since 1970, in UTC.
func day(at int64) string { return time.UnixMicro(at).UTC().Format(time.DateOnly) }
