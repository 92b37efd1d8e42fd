package database_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
)

func rounds(n int) []round {
	all := make([]round, n)
	for i := range all {
		all[i] = *newRound(fmt.Sprintf("r%d", i))
	}
	return all
}

func TestInsertManyRows(t *testing.T) {
	eachStore(t, func(t *testing.T, db *database.DB) {
		all := rounds(1201)
		write(t, db, func(tx *gorm.DB) error { return database.Insert(tx, all) })
		write(t, db, func(tx *gorm.DB) error { return database.Insert[round](tx, nil) })
		write(t, db, func(tx *gorm.DB) error {
			return database.Insert(tx, []seal{{ID: "a", Box: []byte{0, 1, 0xff}}, {ID: "b", Box: []byte{}}})
		})
		if n := count(t, db.Read(t.Context()).Model(&round{})); n != 1201 {
			t.Errorf("%d rows", n)
		}
		var last round
		var box seal
		err := errors.Join(db.Read(t.Context()).Where("id = ?", "r1200").Take(&last).Error, db.Read(t.Context()).Where("id = ?", "a").Take(&box).Error)
		if err != nil || last != all[1200] || string(box.Box) != "\x00\x01\xff" {
			t.Errorf("%+v %+v, %v", last, box, err)
		}
	})
}

// The last row of many breaks a rule: nothing stays, and the rule is told.
func TestInsertIsAllOrNothing(t *testing.T) {
	for name, spoil := range map[string]func(*round){
		"twice":      func(r *round) { r.ID = "r1" },
		"no series":  func(r *round) { r.SeriesID = "none" },
		"bad number": func(r *round) { r.Number = 0 },
	} {
		t.Run(name, func(t *testing.T) {
			eachStore(t, func(t *testing.T, db *database.DB) {
				all := rounds(700)
				spoil(&all[699])
				err := db.Write(t.Context(), func(tx *gorm.DB) error { return database.Error(database.Insert(tx, all), "round") })
				want := fault.Conflict
				if name == "bad number" {
					want = fault.Invalid
				}
				if fault.KindOf(err) != want {
					t.Errorf("%v", err)
				}
				if n := count(t, db.Read(t.Context()).Model(&round{})); n != 0 {
					t.Errorf("%d rows stay", n)
				}
			})
		})
	}
}

func TestInsertEndsWithItsContext(t *testing.T) {
	eachStore(t, func(t *testing.T, db *database.DB) {
		ctx, cancel := context.WithCancel(t.Context())
		err := db.Write(ctx, func(tx *gorm.DB) error {
			cancel()
			return database.Insert(tx, rounds(3))
		})
		if err == nil {
			t.Error("rows were inserted after the end")
		}
	})
}
