package database_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/database/dbtest"
	"track15/models/fault"
)

// What goes wrong has the same kind and the same words on both databases, and
// neither the words nor the log repeat a value.
func TestErrorsAreAlikeAndQuoteNothing(t *testing.T) {
	const secret = "confidential"
	said := map[string]map[string]bool{}
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		address := store("record")
		dbtest.Open(t, address, schema)
		var log bytes.Buffer
		db, err := database.Open(t.Context(), address, database.Options{Logger: slog.New(slog.NewTextHandler(&log, nil))})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		write(t, db, func(tx *gorm.DB) error {
			return errors.Join(tx.Create(&series{ID: "s"}).Error, tx.Create(newRound(secret)).Error)
		})
		for _, tt := range []struct {
			name string
			want fault.Kind
			logs bool
			act  func(tx *gorm.DB) error
		}{
			{"no row", fault.NotFound, false, func(tx *gorm.DB) error {
				return tx.Take(&round{}, "id = ?", secret+"x").Error
			}},
			{"same key", fault.Conflict, false, func(tx *gorm.DB) error { return tx.Create(newRound(secret)).Error }},
			{"same slug", fault.Conflict, false, func(tx *gorm.DB) error {
				r := newRound(secret + "x")
				r.Slug = "slug-" + secret
				return tx.Create(r).Error
			}},
			{"no such series", fault.Conflict, false, func(tx *gorm.DB) error {
				r := newRound("b")
				r.SeriesID = secret
				return tx.Create(r).Error
			}},
			{"still referred to", fault.Conflict, false, func(tx *gorm.DB) error {
				return tx.Where("id = ?", "s").Delete(&series{}).Error
			}},
			{"check", fault.Invalid, false, func(tx *gorm.DB) error {
				r := newRound(secret + "y")
				r.Number = -1
				return tx.Create(r).Error
			}},
			{"null", fault.Invalid, false, func(tx *gorm.DB) error {
				return tx.Model(&round{}).Where("id = ?", secret).Update("slug", nil).Error
			}},
			{"no such table", fault.Internal, true, func(tx *gorm.DB) error {
				return tx.Exec("DELETE FROM nowhere WHERE id = ?", secret).Error
			}},
			{"words that quote", fault.Internal, true, func(tx *gorm.DB) error {
				if tx.Name() == database.PostgreSQL.String() {
					return tx.Exec("SELECT CAST(CAST(? AS TEXT) AS BIGINT)", secret).Error
				}
				return tx.Exec("SELECT json_extract('{}', ?)", secret).Error
			}},
			{"wrong type", fault.Internal, false, func(tx *gorm.DB) error {
				var n int64
				return tx.Raw("SELECT slug FROM rounds WHERE id = ?", secret).Row().Scan(&n)
			}},
		} {
			t.Run(tt.name, func(t *testing.T) {
				log.Reset()
				err := db.Write(t.Context(), func(tx *gorm.DB) error { return database.Error(tt.act(tx), "round") })
				if err == nil || fault.KindOf(err) != tt.want {
					t.Fatalf("error = %v of kind %v, want kind %v", err, fault.KindOf(err), tt.want)
				}
				if strings.Contains(err.Error(), secret) || strings.Contains(log.String(), secret) {
					t.Errorf("a value got out: %v\n%s", err, log.String())
				}
				if strings.Contains(log.String(), "statement failed") != tt.logs {
					t.Errorf("log %q, want an entry: %v", log.String(), tt.logs)
				}
				if tt.logs && !strings.Contains(err.Error(), "SQLSTATE ") && !strings.Contains(err.Error(), "SQLite code ") {
					t.Errorf("error = %v, want the database's code", err)
				}
				if tt.want != fault.Internal {
					if said[tt.name] == nil {
						said[tt.name] = map[string]bool{}
					}
					said[tt.name][err.Error()] = true
				}
			})
		}
	})
	for name, words := range said {
		if len(words) != 1 {
			t.Errorf("%s: the databases say %v", name, words)
		}
	}
}

func TestErrorKeepsWhatIsClassified(t *testing.T) {
	mine := fault.Field("city", "too long")
	for _, tt := range []struct {
		err  error
		want error
	}{
		{nil, nil},
		{mine, mine},
		{errors.Join(context.Canceled, errors.New("secret")), context.Canceled},
	} {
		if got := database.Error(tt.err, "round"); got != tt.want {
			t.Errorf("Error(%v) = %v, want %v", tt.err, got, tt.want)
		}
	}
	if got := database.Error(context.DeadlineExceeded, "round"); fault.KindOf(got) != fault.Unavailable {
		t.Errorf("too slow: %v, want Unavailable", got)
	}
}

func TestOpenTellsWhatDoesNotAnswer(t *testing.T) {
	for _, address := range []string{
		"postgres://hunter2:hunter2@127.0.0.1:1/hunter2?sslmode=disable",
		"sqlite:/dev/null/hunter2/record.db",
		"sqlite:/dev",
	} {
		db, err := database.Open(t.Context(), address, database.Options{})
		if fault.KindOf(err) != fault.Unavailable {
			t.Errorf("%s: %v, want Unavailable", address, err)
		}
		if db != nil || err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: store %v, error %v", address, db, err)
		}
	}
}
