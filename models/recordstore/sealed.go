package recordstore

import (
	"context"
	"encoding/json"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/seal"
)

// Some columns of a row hold what stands in no file in clear. They are sealed
// together, as JSON, in the row's column sealed, under the keyset of the row's
// series. Table, row and series go into the seal, so that a sealed value opens
// only where it was written.

// seal returns what stands in the column sealed.
func (s *Store) seal(seriesID, table, id string, v any) ([]byte, error) {
	plain, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return s.ring.Seal(seal.OfSeries(seriesID), plain, place(seriesID, table, id))
}

// unseal fills v from the column sealed. It fails with Unavailable if the
// series' keyset is not in the key directory or the value stood elsewhere.
func (s *Store) unseal(seriesID, table, id string, sealed []byte, v any) error {
	plain, err := s.ring.Open(seal.OfSeries(seriesID), sealed, place(seriesID, table, id))
	if err != nil {
		return err
	}
	return json.Unmarshal(plain, v)
}

// sealOfRound seals what belongs to a round and stands in no file in clear.
func (s *Store) sealOfRound(roundID, table, id string, v any) ([]byte, error) {
	plain, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return s.ring.Seal(seal.OfRound(roundID), plain, place(roundID, table, id))
}

// unsealOfRound opens what sealOfRound made.
func (s *Store) unsealOfRound(roundID, table, id string, sealed []byte, v any) error {
	plain, err := s.ring.Open(seal.OfRound(roundID), sealed, place(roundID, table, id))
	if err != nil {
		return err
	}
	return json.Unmarshal(plain, v)
}

func place(seriesID, table, id string) []byte {
	return []byte(table + " " + id + " " + seriesID)
}

// unsealed is the column of a row in which nothing is sealed. It is not nil,
// which would be NULL.
func unsealed() []byte { return []byte{} }

// rewrite is the chore of making bytes unreachable that stood in clear in an
// older record.
const rewrite = "rewrite presences"

// sealOlder seals the presences that an older program left in clear, in one
// transaction, and then has the database write their table anew, so that the
// old bytes stand in no page of it. A program that was stopped in between does
// the rest the next time. Costs one look at an index where there is nothing to
// do.
func (s *Store) sealOlder(ctx context.Context) error {
	err := s.db.Write(ctx, func(tx *gorm.DB) error {
		var rows []presenceRow
		if err := tx.Where("attends_through_id <> ''").Find(&rows).Error; err != nil || len(rows) == 0 {
			return database.Error(err, "presences")
		}
		for _, row := range rows {
			series, err := seriesOf(tx, "rounds", row.RoundID)
			if err != nil {
				return err
			}
			sealed, err := s.toPresenceRow(series, row.RoundID, row.Position, row.clear())
			if err != nil {
				return err
			}
			if err := tx.Select("*").Where("id = ?", row.ID).Updates(&sealed).Error; err != nil {
				return database.Error(err, "presence")
			}
		}
		return database.Error(tx.Exec("INSERT INTO chores (name) VALUES (?) ON CONFLICT DO NOTHING", rewrite).Error, "chore")
	})
	if err != nil {
		return err
	}
	return s.chore(ctx, rewrite, []string{"presences"}, func(*gorm.DB) error { return nil })
}

// chore does, once, what a migration or an older program left to do: do in one
// transaction, after which the database writes the tables anew, if any is named. A
// program that was stopped in between does it again the next time.
func (s *Store) chore(ctx context.Context, name string, tables []string, do func(tx *gorm.DB) error) error {
	var todo []string
	if err := s.db.Read(ctx).Table("chores").Where("name = ?", name).Pluck("name", &todo).Error; err != nil || len(todo) == 0 {
		return database.Error(err, "chores")
	}
	if err := s.db.Write(ctx, do); err != nil {
		return err
	}
	if len(tables) > 0 {
		if err := s.db.Rewrite(ctx, tables...); err != nil {
			return err
		}
	}
	return s.db.Write(ctx, func(tx *gorm.DB) error {
		return database.Error(tx.Exec("DELETE FROM chores WHERE name = ?", name).Error, "chore")
	})
}
