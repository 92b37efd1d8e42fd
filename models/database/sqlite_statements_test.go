package database_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/database/dbtest"
)

func sqliteStore(t *testing.T) *database.DB {
	t.Helper()
	db := dbtest.Open(t, "sqlite:"+filepath.Join(t.TempDir(), "s.db"), schema)
	write(t, db, func(tx *gorm.DB) error {
		return errors.Join(tx.Create(&series{ID: "s"}).Error, tx.Create(newRound("a")).Error, tx.Create(newRound("b")).Error)
	})
	return db
}

// A statement that is being read is not lent to who asks in the same words.
func TestTheSameStatementWithinItself(t *testing.T) {
	db := sqliteStore(t)
	var seen []string
	write(t, db, func(tx *gorm.DB) error {
		outer, err := tx.Raw("SELECT id FROM rounds ORDER BY id").Rows()
		if err != nil {
			return err
		}
		defer outer.Close()
		for outer.Next() && len(seen) < 3 {
			var a string
			var inner []string
			if err := errors.Join(outer.Scan(&a), tx.Raw("SELECT id FROM rounds ORDER BY id").Scan(&inner).Error); err != nil {
				return err
			}
			seen = append(seen, fmt.Sprint(a, inner))
		}
		return outer.Err()
	})
	if got := fmt.Sprint(seen); got != "[a[a b] b[a b]]" {
		t.Errorf("read %s", got)
	}
}

// A kept statement reads the table as it is now, and more statements than are
// kept all work.
func TestKeptStatementsFollowTheSchema(t *testing.T) {
	db := sqliteStore(t)
	columns := func() (n int) {
		write(t, db, func(tx *gorm.DB) error {
			rows, err := tx.Raw("SELECT * FROM rounds").Rows()
			if err != nil {
				return err
			}
			defer rows.Close()
			names, err := rows.Columns()
			n = len(names)
			return err
		})
		return n
	}
	was := columns()
	write(t, db, func(tx *gorm.DB) error { return tx.Exec("ALTER TABLE rounds ADD COLUMN more TEXT").Error })
	if now := columns(); now != was+1 {
		t.Errorf("%d columns, then %d", was, now)
	}
	for n := range 600 {
		write(t, db, func(tx *gorm.DB) error {
			var got int
			if err := tx.Raw(fmt.Sprintf("SELECT %d FROM series", n)).Scan(&got).Error; err != nil || got != n {
				return fmt.Errorf("%d instead of %d: %w", got, n, err)
			}
			return nil
		})
	}
}

// A statement that failed, or whose request was given up, fails nobody else's.
func TestAFailedStatementIsNotKept(t *testing.T) {
	db := sqliteStore(t)
	insert := func(ctx context.Context, id string) error {
		return db.Write(ctx, func(tx *gorm.DB) error { return tx.Create(newRound(id)).Error })
	}
	if err := insert(t.Context(), "a"); err == nil {
		t.Error("the same round twice")
	}
	given, up := context.WithCancel(t.Context())
	up()
	if err := insert(given, "c"); err == nil {
		t.Error("wrote for a request that was given up")
	}
	if err := insert(t.Context(), "c"); err != nil {
		t.Error(err)
	}
	write(t, db, func(tx *gorm.DB) error {
		if n := count(t, tx); n != 3 {
			t.Errorf("%d rounds", n)
		}
		return nil
	})
}
