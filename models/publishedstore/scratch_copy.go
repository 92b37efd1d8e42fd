package publishedstore

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"gorm.io/gorm"

	"track15/migrations/published"
	"track15/models/database"
	"track15/models/fault"
)

// copy makes the copy and opens it.
func (s *Scratch) copy(ctx context.Context, w *Writer) error {
	var err error
	if w.db.Dialect() == database.SQLite {
		err = w.db.VacuumInto(ctx, s.path)
	} else {
		err = s.copyTables(ctx, w)
	}
	if err == nil {
		s.db, err = database.Open(ctx, "sqlite:"+s.path, database.Options{Unspilled: true, Logger: s.log})
	}
	return err
}

// copyTables makes the copy of a store in another kind of database.
func (s *Scratch) copyTables(ctx context.Context, w *Writer) (err error) {
	db, err := database.Open(ctx, "sqlite:"+s.path, database.Options{Logger: s.log})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := database.Migrate(ctx, db, published.Files); err != nil {
		return err
	}
	err = w.db.View(ctx, func(from *gorm.DB) error {
		return db.Write(ctx, func(to *gorm.DB) error {
			for _, t := range tables {
				if err := copyRows(ctx, from, to, t.name, t.columns); err != nil {
					return database.Error(err, "published store")
				}
			}
			return nil
		})
	})
	if err != nil {
		return err
	}
	return db.Checkpoint(ctx)
}

// copyRows copies a table, row by row by one statement that is compiled once.
func copyRows(ctx context.Context, from, to *gorm.DB, table, columns string) (err error) {
	if table == (editionRow{}).TableName() {
		return copyEdition(from, to)
	}
	names := strings.Split(columns, ", ")
	pool, ok := to.Statement.ConnPool.(*sql.Tx)
	if !ok {
		return fault.Errorf(fault.Internal, "a table is copied in a transaction")
	}
	put, err := pool.PrepareContext(ctx, "INSERT INTO "+table+" ("+columns+") VALUES (?"+strings.Repeat(", ?", len(names)-1)+")")
	if err != nil {
		return err
	}
	defer put.Close()
	rows, err := from.Raw("SELECT " + columns + " FROM " + table).Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	values, into := make([]any, len(names)), make([]any, len(names))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if _, err := put.ExecContext(ctx, values...); err != nil {
			return err
		}
	}
	return rows.Err()
}

// copyEdition copies which state it is. The row is there from the start.
func copyEdition(from, to *gorm.DB) error {
	row, err := readEdition(from)
	if err != nil {
		return err
	}
	return to.Model(&editionRow{}).Where("name = 'current'").
		Updates(map[string]any{"number": row.Number, "day": row.Day, "form": row.Form, "fold": row.Fold}).Error
}
