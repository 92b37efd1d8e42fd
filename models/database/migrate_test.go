package database_test

import (
	"context"
	"errors"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/database/dbtest"
	"track15/models/fault"
)

// Several processes start at once on an empty store: every one of them must
// find it migrated, and each migration must have run once.
func TestProcessesThatStartAtOnce(t *testing.T) {
	const variable, starters = "TRACK15_TEST_STARTER", 6
	if address := os.Getenv(variable); address != "" {
		dbtest.Open(t, address, schema)
		return
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		address := store("record")
		starts := make(chan error)
		for range starters {
			go func() {
				cmd := exec.CommandContext(t.Context(), self, "-test.run=^TestProcessesThatStartAtOnce$")
				cmd.Env = append(os.Environ(), variable+"="+address)
				out, err := cmd.CombinedOutput()
				if err != nil {
					err = errors.New(string(out))
				}
				starts <- err
			}()
		}
		for range starters {
			if err := <-starts; err != nil {
				t.Error("a starter failed:", err)
			}
		}
		db := dbtest.Open(t, address, nil)
		var ran []int64
		if err := db.Read(t.Context()).Table("schema_versions").Order("version").Pluck("version", &ran).Error; err != nil {
			t.Fatal(err)
		}
		if len(ran) != 3 || ran[2] != 2 { // goose counts the empty store as 0
			t.Errorf("migrations that ran: %v, want 0 1 2", ran)
		}
		write(t, db, func(tx *gorm.DB) error { return tx.Create(&seal{ID: "k", Box: []byte{0}}).Error })
	})
}

func TestMigrateAgainDoesNothing(t *testing.T) {
	eachStore(t, func(t *testing.T, db *database.DB) {
		write(t, db, func(tx *gorm.DB) error { return tx.Create(newRound("a")).Error })
		if err := database.Migrate(t.Context(), db, schema); err != nil {
			t.Fatal(err)
		}
		if n := count(t, db.Read(t.Context())); n != 1 {
			t.Errorf("%d rows after migrating again, want 1", n)
		}
	})
}

func TestMigrateRefusesANewerStore(t *testing.T) {
	eachStore(t, func(t *testing.T, db *database.DB) {
		older := fstest.MapFS{"00001_rounds.sql": schema["00001_rounds.sql"]}
		if err := database.Migrate(t.Context(), db, older); fault.KindOf(err) != fault.Conflict {
			t.Errorf("error = %v, want a conflict", err)
		}
	})
}

func TestABrokenMigrationLeavesTheStoreAsItWas(t *testing.T) {
	const secret = "confidential"
	eachStore(t, func(t *testing.T, db *database.DB) {
		write(t, db, func(tx *gorm.DB) error { return tx.Create(newRound(secret)).Error })
		broken := fstest.MapFS{"00003_broken.sql": {Data: []byte(`-- +goose Up
CREATE TABLE half (id TEXT PRIMARY KEY);
INSERT INTO rounds (id, series_id, slug, number) SELECT id, series_id, slug, number FROM rounds;
`)}}
		for name, file := range schema {
			broken[name] = file
		}
		err := database.Migrate(t.Context(), db, broken)
		if err == nil || strings.Contains(err.Error(), secret) {
			t.Errorf("error = %v, want one that quotes no value", err)
		}
		if err := db.Read(t.Context()).Exec("SELECT COUNT(*) FROM half").Error; err == nil {
			t.Error("half of the migration stands")
		}
		if err := database.Migrate(t.Context(), db, schema); err != nil {
			t.Errorf("the store is not usable any more: %v", err)
		}
	})
}

func TestMigrateWaitsOnlyAsLongAsItsContext(t *testing.T) {
	eachStore(t, func(t *testing.T, db *database.DB) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := database.Migrate(ctx, db, schema); !errors.Is(err, context.Canceled) {
			t.Errorf("error = %v, want that of the context", err)
		}
	})
}

func TestMigrateRefusesADatabaseThatSortsOtherwise(t *testing.T) {
	admin := dbtest.Postgres(t, "record")
	for name, options := range map[string]string{
		"track15_latin": "TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'",
		"track15_icu":   "TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en' LOCALE 'C'",
	} {
		t.Run(name, func(t *testing.T) {
			name += "_" + strings.ToLower(strings.TrimPrefix(databaseName(t, admin), "record_"))
			conn, err := pgx.Connect(t.Context(), admin)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close(context.Background())
			if _, err := conn.Exec(t.Context(), "CREATE DATABASE "+name+" "+options); err != nil {
				t.Fatal(err)
			}
			defer func() {
				if _, err := conn.Exec(context.Background(), "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
					t.Error(err)
				}
			}()
			db := dbtest.Open(t, strings.Replace(admin, databaseName(t, admin), name, 1), nil)
			if err := database.Migrate(t.Context(), db, schema); fault.KindOf(err) != fault.Invalid {
				t.Errorf("error = %v, want Invalid", err)
			}
		})
	}
}

// databaseName returns the name of the database in a url.
func databaseName(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(u.Path, "/")
}
