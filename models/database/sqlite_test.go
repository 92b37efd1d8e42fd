package database_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/database/dbtest"
	"track15/models/fault"
)

func TestOpenMakesPrivateFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data", "record", "a b%20&.db")
	db := dbtest.Open(t, "sqlite:"+path, schema)
	write(t, db, func(tx *gorm.DB) error { return tx.Create(&series{ID: "s"}).Error })
	seen := 0
	err := filepath.Walk(filepath.Dir(filepath.Dir(path)), func(p string, info os.FileInfo, err error) error {
		if err != nil {
			return err
		}
		seen++
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v: others can read it", filepath.Base(p), info.Mode())
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 5 { // two folders, the store, its log and index, the lock
		t.Errorf("only %d files seen", seen)
	}
}

func TestVacuumIntoLeavesNothingBehind(t *testing.T) {
	const secret = "zanzibar-confidential"
	dir := t.TempDir()
	db := dbtest.Open(t, "sqlite:"+filepath.Join(dir, "live.db"), schema)
	write(t, db, func(tx *gorm.DB) error {
		return errors.Join(tx.Create(&series{ID: "s"}).Error, tx.Create(newRound(secret)).Error, tx.Create(newRound("kept")).Error)
	})
	write(t, db, func(tx *gorm.DB) error { return tx.Where("id = ?", secret).Delete(&round{}).Error })

	copied := filepath.Join(dir, "copy.db")
	if err := db.VacuumInto(t.Context(), copied); err != nil {
		t.Fatal(err)
	}
	bytes, err := os.ReadFile(copied)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(bytes), secret) || !strings.Contains(string(bytes), "slug-kept") {
		t.Error("the copy holds a deleted row, or not the rows that stand")
	}
	if info, err := os.Stat(copied); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}

	lockForGood(t, copied) // an immutable file is read without locks
	frozen, err := database.Open(t.Context(), "sqlite:"+copied, database.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	if n := count(t, frozen.Read(t.Context())); n != 1 {
		t.Errorf("the copy has %d rows, want 1", n)
	}
	if err := frozen.Close(); err != nil {
		t.Error(err)
	}
	if side, _ := filepath.Glob(copied + "?*"); len(side) != 0 {
		t.Errorf("reading the copy left %q", side)
	}

	if err := db.VacuumInto(t.Context(), copied); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("onto an existing file: %v, want Unavailable", err)
	}
	if again, _ := os.ReadFile(copied); string(again) != string(bytes) {
		t.Error("the existing file was touched")
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if err := db.VacuumInto(cancelled, filepath.Join(dir, "none.db")); err == nil {
		t.Error("a cancelled copy succeeded")
	}
	if _, err := os.Stat(filepath.Join(dir, "none.db")); !os.IsNotExist(err) {
		t.Error("a failed copy was left")
	}
}

// lockForGood takes SQLite's exclusive lock on a file until the test ends.
func lockForGood(t *testing.T, path string) {
	t.Helper()
	pool, err := sql.Open("sqlite", "file:"+path+"?_txlock=exclusive")
	if err != nil {
		t.Fatal(err)
	}
	tx, err := pool.Begin()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(tx.Rollback(), pool.Close()); err != nil {
			t.Error(err)
		}
	})
}

func TestReadOnlyMakesNoFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "none.db")
	_, err := database.Open(t.Context(), "sqlite:"+path, database.Options{ReadOnly: true})
	if fault.KindOf(err) != fault.Unavailable {
		t.Errorf("missing file: %v, want Unavailable", err)
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Error("reading made the file")
	}
}
