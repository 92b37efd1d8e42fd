package publishedstore

import (
	"context"
	"errors"

	"gorm.io/gorm"

	"track15/migrations/published"
	"track15/models/database"
)

// copy makes the copy and opens it.
func (s *Scratch) copy(ctx context.Context, w *Writer) error {
	var err error
	if w.db.Dialect() == database.SQLite {
		err = w.db.VacuumInto(ctx, s.path)
	} else {
		err = s.copyOther(ctx, w)
	}
	if err == nil {
		s.db, err = database.Open(ctx, "sqlite:"+s.path, database.Options{Unspilled: true, Logger: s.log})
	}
	return err
}

// copyOther makes the copy of a store in another kind of database.
func (s *Scratch) copyOther(ctx context.Context, w *Writer) (err error) {
	db, err := database.Open(ctx, "sqlite:"+s.path, database.Options{Logger: s.log})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := database.Migrate(ctx, db, published.Files); err != nil {
		return err
	}
	err = w.db.View(ctx, func(from *gorm.DB) error {
		return db.Write(ctx, func(to *gorm.DB) error { return copyTables(from, to, true) })
	})
	if err != nil {
		return err
	}
	return db.Checkpoint(ctx)
}
