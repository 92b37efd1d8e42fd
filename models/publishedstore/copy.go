package publishedstore

import (
	"bytes"
	"context"
	"strings"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
)

// CopyInto makes another store, which must be empty, hold what this one does, and
// publishes it there. Both may lie in either kind of database. It costs one
// reading of the whole store.
//
// It fails with Conflict if a release was applied meanwhile.
func (w *Writer) CopyInto(ctx context.Context, other *Writer) error {
	err := other.db.Write(ctx, func(to *gorm.DB) error {
		state, err := readEdition(to)
		if err != nil {
			return err
		}
		if state.Number > 0 {
			return fault.Errorf(fault.Conflict, "a store is copied into an empty one")
		}
		return w.db.View(ctx, func(from *gorm.DB) error { return copyTables(from, to, false) })
	})
	if err != nil {
		return err
	}
	was, err := w.Digest(ctx)
	if err != nil {
		return err
	}
	is, err := other.Digest(ctx)
	if err != nil {
		return err
	}
	if is != was {
		return fault.Errorf(fault.Conflict, "the published store changed while it was copied")
	}
	return other.alone(func() error { return other.publish(ctx) })
}

// copyTables copies the rows of all tables into empty ones. With fold the copy
// goes on counting foldings where the store was, else it counts its own.
func copyTables(from, to *gorm.DB, fold bool) error {
	now, err := readEdition(from)
	if err != nil {
		return err
	}
	edition := map[string]any{"number": now.Number, "day": now.Day, "form": now.Form}
	if fold {
		edition["fold"] = now.Fold
	}
	if err := to.Model(&editionRow{}).Where("name = 'current'").Updates(edition).Error; err != nil {
		return database.Error(err, "published store")
	}
	for _, t := range tables {
		if t.name == (editionRow{}).TableName() {
			continue // its row is there
		}
		if err := copyRows(from, to, t.name, t.columns); err != nil {
			return database.Error(err, "published store")
		}
	}
	return nil
}

// copyRows copies the rows of one table into an empty one, by one statement that
// is compiled once.
func copyRows(from, to *gorm.DB, table, columns string) error {
	insert := "INSERT INTO " + table + " (" + columns + ") VALUES (?" + strings.Repeat(", ?", strings.Count(columns, ",")) + ")"
	to = to.Session(&gorm.Session{PrepareStmt: true})
	return eachRow(from, "SELECT "+columns+" FROM "+table, func(values []any) error {
		return to.Exec(insert, values...).Error
	})
}

// Holding returns those of the words, in small letters, that a document or a
// version that the public can read holds, or a notice. It reads them all.
func (w *Writer) Holding(ctx context.Context, words []string) (held map[string]bool, err error) {
	held = map[string]bool{}
	look := func(b []byte) {
		b = Lower(b)
		for _, word := range words {
			if !held[word] && bytes.Contains(b, []byte(word)) {
				held[word] = true
			}
		}
	}
	err = w.db.View(ctx, func(tx *gorm.DB) error {
		for _, query := range []string{
			"SELECT body FROM documents", "SELECT body FROM versions WHERE body IS NOT NULL", "SELECT slug FROM notices", "SELECT reason FROM notices", "SELECT note FROM versions",
		} {
			err := eachRow(tx.WithContext(ctx), query, func(values []any) error {
				switch v := values[0].(type) {
				case string:
					look([]byte(v))
				case []byte:
					look(v)
				}
				return nil
			})
			if err != nil {
				return database.Error(err, "published store")
			}
		}
		return nil
	})
	return held, err
}

// Lower returns bytes with the letters A to Z as small ones and all others as
// they are, so that what is no text stays of its length.
func Lower(b []byte) []byte {
	out := make([]byte, len(b))
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		out[i] = c
	}
	return out
}
