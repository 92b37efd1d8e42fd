package database_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"track15/models/database"
	"track15/models/database/dbtest"
	"track15/models/fault"
)

// schema is a small store: rounds of series, with every kind of constraint.
var schema = fstest.MapFS{
	"00001_rounds.sql": {Data: []byte(`-- +goose Up
CREATE TABLE series (id TEXT PRIMARY KEY);
CREATE TABLE rounds (
	id        TEXT   PRIMARY KEY,
	series_id TEXT   NOT NULL REFERENCES series (id),
	slug      TEXT   NOT NULL UNIQUE,
	number    BIGINT NOT NULL CHECK (number > 0)
);
`)},
	"00002_blobs.sqlite.sql":   {Data: []byte("-- +goose Up\nCREATE TABLE seals (id TEXT PRIMARY KEY, box BLOB NOT NULL) WITHOUT ROWID;\n")},
	"00002_blobs.postgres.sql": {Data: []byte("-- +goose Up\nCREATE TABLE seals (id TEXT PRIMARY KEY, box BYTEA NOT NULL);\n")},
}

type series struct{ ID string }

func (series) TableName() string { return "series" }

type round struct {
	ID       string
	SeriesID string
	Slug     string
	Number   int64
}

type seal struct {
	ID  string
	Box []byte
}

func eachStore(t *testing.T, fn func(t *testing.T, db *database.DB)) {
	t.Helper()
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		db := dbtest.Open(t, store("record"), schema)
		write(t, db, func(tx *gorm.DB) error {
			return tx.Create(&series{ID: "s"}).Error
		})
		fn(t, db)
	})
}

func write(t *testing.T, db *database.DB, fn func(tx *gorm.DB) error) {
	t.Helper()
	if err := db.Write(t.Context(), fn); err != nil {
		t.Fatal("write:", err)
	}
}

func count(t *testing.T, tx *gorm.DB) int64 {
	t.Helper()
	var n int64
	if err := tx.Model(&round{}).Count(&n).Error; err != nil {
		t.Fatal("count:", err)
	}
	return n
}

func newRound(id string) *round { return &round{ID: id, SeriesID: "s", Slug: "slug-" + id, Number: 1} }

func TestWriteIsAllOrNothing(t *testing.T) {
	eachStore(t, func(t *testing.T, db *database.DB) {
		refused := fault.Errorf(fault.Forbidden, "no")
		err := db.Write(t.Context(), func(tx *gorm.DB) error {
			if err := tx.Create(newRound("a")).Error; err != nil {
				return err
			}
			if n := count(t, tx); n != 1 {
				t.Errorf("the transaction sees %d of its own rows, want 1", n)
			}
			return refused
		})
		if !errors.Is(err, refused) {
			t.Errorf("error = %v, want fn's own", err)
		}

		func() {
			defer func() {
				if recover() != "midway" {
					t.Error("the panic did not come through")
				}
			}()
			_ = db.Write(t.Context(), func(tx *gorm.DB) error {
				if err := tx.Create(newRound("b")).Error; err != nil {
					t.Error(err)
				}
				panic("midway")
			})
		}()

		ctx, cancel := context.WithCancel(t.Context())
		err = db.Write(ctx, func(tx *gorm.DB) error {
			if err := tx.Create(newRound("c")).Error; err != nil {
				t.Error(err)
			}
			cancel()
			return nil
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("error = %v, want that of the cancelled request", err)
		}

		if n := count(t, db.Read(t.Context())); n != 0 {
			t.Fatalf("%d rows after three failures, want none", n)
		}
		write(t, db, func(tx *gorm.DB) error { return tx.Create(newRound("d")).Error })
		if n := count(t, db.Read(t.Context())); n != 1 {
			t.Errorf("%d rows, want 1: failures must not hold the writer", n)
		}
	})
}

func TestNestedTransactionUndoesOnlyItself(t *testing.T) {
	eachStore(t, func(t *testing.T, db *database.DB) {
		write(t, db, func(tx *gorm.DB) error {
			if err := tx.Create(newRound("a")).Error; err != nil {
				return err
			}
			err := tx.Transaction(func(tx *gorm.DB) error {
				if err := tx.Create(newRound("b")).Error; err != nil {
					return err
				}
				return tx.Create(newRound("a")).Error
			})
			if fault.KindOf(database.Error(err, "round")) != fault.Conflict {
				t.Errorf("error = %v, want a conflict", err)
			}
			return tx.Create(newRound("c")).Error
		})
		var ids []string
		if err := db.Read(t.Context()).Model(&round{}).Order("id").Pluck("id", &ids).Error; err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(ids, " "); got != "a c" {
			t.Errorf("rows %q, want a c", got)
		}
	})
}

// Every Write counts one up from what it read: a lost update or a refused
// writer shows in the sum.
func TestWritersRunOneByOne(t *testing.T) {
	const handles, writers, each = 3, 4, 8
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		address := store("record")
		dbs := []*database.DB{dbtest.Open(t, address, schema)}
		for range handles - 1 {
			dbs = append(dbs, dbtest.Open(t, address, nil))
		}
		write(t, dbs[0], func(tx *gorm.DB) error {
			return errors.Join(tx.Create(&series{ID: "s"}).Error, tx.Create(newRound("a")).Error)
		})
		var wg sync.WaitGroup
		for i := range handles * writers {
			wg.Go(func() {
				for range each {
					err := dbs[i%handles].Write(t.Context(), func(tx *gorm.DB) error {
						var r round
						if err := tx.Take(&r, "id = ?", "a").Error; err != nil {
							return err
						}
						return tx.Model(&round{}).Where("id = ?", "a").Update("number", r.Number+1).Error
					})
					if err != nil {
						t.Error("a writer was refused:", err)
					}
				}
			})
		}
		wg.Wait()
		var r round
		if err := dbs[0].Read(t.Context()).Take(&r).Error; err != nil {
			t.Fatal(err)
		}
		if want := int64(1 + handles*writers*each); r.Number != want {
			t.Errorf("number = %d, want %d: updates were lost", r.Number, want)
		}
	})
}

func TestReadersCannotWrite(t *testing.T) {
	eachStore(t, func(t *testing.T, db *database.DB) {
		if err := db.Read(t.Context()).Create(newRound("a")).Error; err == nil {
			t.Error("Read wrote a row")
		}
		err := db.View(t.Context(), func(tx *gorm.DB) error { return tx.Create(newRound("b")).Error })
		if err == nil {
			t.Error("View wrote a row")
		}
		if n := count(t, db.Read(t.Context())); n != 0 {
			t.Errorf("%d rows, want none", n)
		}
	})
}

func TestViewKeepsOneState(t *testing.T) {
	eachStore(t, func(t *testing.T, db *database.DB) {
		err := db.View(t.Context(), func(tx *gorm.DB) error {
			if n := count(t, tx); n != 0 {
				t.Errorf("%d rows before, want none", n)
			}
			write(t, db, func(tx *gorm.DB) error { return tx.Create(newRound("a")).Error })
			if n := count(t, tx); n != 0 {
				t.Errorf("the view sees %d rows of a later writer", n)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if n := count(t, db.Read(t.Context())); n != 1 {
			t.Errorf("%d rows after the view, want 1", n)
		}
	})
}

func TestGormSpeaksBothDialects(t *testing.T) {
	eachStore(t, func(t *testing.T, db *database.DB) {
		ctx := t.Context()
		box := []byte{0, 1, 0xff, 0}
		write(t, db, func(tx *gorm.DB) error {
			err := gorm.G[seal](tx).Create(ctx, &seal{ID: "k", Box: box})
			return errors.Join(err, tx.Create([]*round{newRound("c"), newRound("a"), newRound("b")}).Error)
		})
		got, err := gorm.G[seal](db.Read(ctx)).Where("id = ?", "k").First(ctx)
		if err != nil || string(got.Box) != string(box) {
			t.Errorf("bytes = %x, %v; want %x", got.Box, err, box)
		}

		var tail []string
		err = db.Read(ctx).Model(&round{}).Order("rounds.id").Offset(1).Pluck("rounds.id", &tail).Error
		if err != nil || strings.Join(tail, " ") != "b c" {
			t.Errorf("from the second on: %q, %v", tail, err)
		}

		write(t, db, func(tx *gorm.DB) error {
			again := newRound("a")
			again.Number = 7
			err := tx.Clauses(clause.OnConflict{
				Columns:   []clause.Column{{Name: "id"}},
				DoUpdates: clause.AssignmentColumns([]string{"number"}),
			}).Create(again).Error
			gone := []round{}
			del := tx.Clauses(clause.Returning{}).Where("id = ?", "b").Delete(&gone)
			if len(gone) != 1 || gone[0].Slug != "slug-b" || del.RowsAffected != 1 {
				t.Errorf("returned %v, %d rows", gone, del.RowsAffected)
			}
			return errors.Join(err, del.Error)
		})
		var a round
		if err := db.Read(ctx).Take(&a, "id = ?", "a").Error; err != nil || a.Number != 7 {
			t.Errorf("number = %d, %v; want 7", a.Number, err)
		}
		var text string
		if err := db.Read(ctx).Raw(`SELECT "nosuch" FROM rounds`).Scan(&text).Error; err == nil {
			t.Errorf("a misspelt column was read as %q", text)
		}
	})
}

func TestReadOnlyRefusesToWrite(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		address := store("published")
		if err := dbtest.Open(t, address, schema).Close(); err != nil {
			t.Fatal(err)
		}
		db, err := database.Open(t.Context(), address, database.Options{ReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		if err := db.Write(t.Context(), func(*gorm.DB) error { return nil }); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("write: %v, want Forbidden", err)
		}
		if err := database.Migrate(t.Context(), db, schema); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("migrate: %v, want Forbidden", err)
		}
		if err := db.VacuumInto(t.Context(), filepath.Join(t.TempDir(), "copy.db")); fault.KindOf(err) != fault.Invalid {
			t.Errorf("copy: %v, want Invalid", err)
		}
		if err := db.Read(t.Context()).Create(&series{ID: "s"}).Error; err == nil {
			t.Error("a row was written")
		}
		if n := count(t, db.Read(t.Context())); n != 0 {
			t.Errorf("%d rows, want none", n)
		}
	})
}

func TestClustersAndReplicasAreToldApart(t *testing.T) {
	ctx := t.Context()
	lite := dbtest.Open(t, dbtest.SQLite(t, "record"), nil)
	if id, err := lite.SystemIdentifier(ctx); id != "" || err != nil {
		t.Errorf("SQLite: %q, %v; want none", id, err)
	}
	if is, err := lite.InRecovery(ctx); is || err != nil {
		t.Errorf("SQLite: replica %v, %v", is, err)
	}
	identity := func(name string) string {
		db := dbtest.Open(t, dbtest.Postgres(t, name), nil)
		id, err := db.SystemIdentifier(ctx)
		if err != nil || id == "" {
			t.Errorf("%s: %q, %v", name, id, err)
		}
		if is, err := db.InRecovery(ctx); is || err != nil {
			t.Errorf("%s: replica %v, %v; want not", name, is, err)
		}
		return id
	}
	record, other, published := identity("record"), identity("other"), identity("published")
	if record != other || record == published {
		t.Errorf("record %s, other %s, published %s: want the last alone", record, other, published)
	}
	standby := dbtest.Open(t, dbtest.Standby(t), nil)
	if is, err := standby.InRecovery(ctx); !is || err != nil {
		t.Errorf("standby: replica %v, %v; want a replica", is, err)
	}
}
