package publishedstore

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"

	"gorm.io/gorm"

	"track15/models/database"
)

// Digest returns the SHA-256, in hex, of a canonical dump of the store: every
// table in a fixed order, its rows by key. The same releases give the same
// digest, on either database. It reads everything.
func (w *Writer) Digest(ctx context.Context) (string, error) {
	var sum string
	err := w.db.View(ctx, func(tx *gorm.DB) (err error) {
		sum, err = digest(tx.WithContext(ctx))
		return err
	})
	return sum, err
}

func digest(tx *gorm.DB) (string, error) {
	h := sha256.New()
	for _, t := range tables {
		fmt.Fprintf(h, "table %s (%s)\n", t.name, t.columns)
		if err := dump(h, tx, "SELECT "+t.columns+" FROM "+t.name+" ORDER BY "+t.key); err != nil {
			return "", database.Error(err, "published store")
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// dump writes the rows of a query, each value with its type and length.
func dump(to io.Writer, tx *gorm.DB, query string) error {
	return eachRow(tx, query, func(values []any) error {
		for _, v := range values {
			switch v := v.(type) {
			case nil:
				io.WriteString(to, "n\n")
			case int64:
				io.WriteString(to, "i"+strconv.FormatInt(v, 10)+"\n")
			case string:
				fmt.Fprintf(to, "t%d\n%s\n", len(v), v)
			case []byte:
				fmt.Fprintf(to, "b%d\n%s\n", len(v), v)
			default:
				return fmt.Errorf("publishedstore: a column of type %T", v)
			}
		}
		return nil
	})
}

// eachRow calls do with the values of each row of a query. They are its own until
// the next row.
func eachRow(tx *gorm.DB, query string, do func(values []any) error) (err error) {
	rows, err := tx.Raw(query).Rows()
	if err != nil {
		return err
	}
	defer func() {
		if closed := rows.Close(); err == nil {
			err = closed
		}
	}()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	values := make([]any, len(columns))
	into := make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if err := do(values); err != nil {
			return err
		}
	}
	return rows.Err()
}
