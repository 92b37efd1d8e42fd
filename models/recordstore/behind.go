package recordstore

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/record"
)

// A hidden is a presence that attends through another body, opened, with where
// it stands.
type hidden struct {
	SeriesID string
	RoundID  string
	Presence record.Presence
}

// behind opens the presences that attend through another body in the series
// whose true affiliations the actor may read. There is no index over them: what
// is sealed is looked through. It costs some microseconds each.
//
// It fails if the keyset of one of these series does not open: who asks who was
// there must not take some for all.
func (s *Store) behind(tx *gorm.DB, actor record.Actor) ([]hidden, error) {
	return s.behindBut(tx, actor, func(err error) error { return err })
}

// behindBut is behind without what lost lets be missing.
func (s *Store) behindBut(tx *gorm.DB, actor record.Actor, lost func(error) error) ([]hidden, error) {
	return s.opened(visible(tx.Where("length(presences.sealed) > 0"), actor, record.ReadTrue, "rounds.series_id"), lost)
}

// opened opens the presences of a query.
func (s *Store) opened(which *gorm.DB, lost func(error) error) ([]hidden, error) {
	var rows []struct {
		Row      presenceRow `gorm:"embedded"`
		SeriesID string
	}
	err := which.Table("presences").Select("presences.*, rounds.series_id").Joins("JOIN rounds ON rounds.id = presences.round_id").Scan(&rows).Error
	if err != nil {
		return nil, database.Error(err, "presences")
	}
	out := make([]hidden, 0, len(rows))
	for _, row := range rows {
		p, _, err := s.presence(row.SeriesID, row.Row, true)
		if fault.KindOf(err) == fault.Unavailable {
			if err := lost(err); err != nil {
				return nil, err
			}
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, hidden{row.SeriesID, row.Row.RoundID, p})
	}
	return out, nil
}

// Unsearched says, in a sentence each that names the key, why searches for
// rounds look through the true affiliations of some series in vain: their
// keysets do not open. It opens one value a series.
func (s *Store) Unsearched(ctx context.Context, actor record.Actor) (why []string, err error) {
	err = s.act(ctx, actor, record.ReadRound, house(), func(tx *gorm.DB) error {
		q := tx.Table("presences").Select("MIN(presences.id)").Joins("JOIN rounds ON rounds.id = presences.round_id").
			Where("length(presences.sealed) > 0").Group("rounds.series_id")
		_, err := s.opened(tx.Where("presences.id IN (?)", visible(q, actor, record.ReadTrue, "rounds.series_id")), func(err error) error {
			why = append(why, err.Error())
			return nil
		})
		return err
	})
	slices.Sort(why)
	return slices.Compact(why), err
}

// roundsBehind are the rounds at which one of the bodies of a query is a true
// affiliation or its badge, as far as the actor may read that, and as far as
// the keysets open: see Unsearched.
func (s *Store) roundsBehind(tx *gorm.DB, actor record.Actor, query string, arg any) ([]string, error) {
	all, err := s.behindBut(tx, actor, func(error) error { return nil })
	if err != nil || len(all) == 0 {
		return nil, err
	}
	var ids []string
	if err := tx.Raw(query, arg).Scan(&ids).Error; err != nil {
		return nil, database.Error(err, "bodies")
	}
	bodies := make(map[string]bool, len(ids))
	for _, id := range ids {
		bodies[id] = true
	}
	var rounds []string
	for _, h := range all {
		if bodies[h.Presence.OrganisationID] || bodies[h.Presence.AttendsThroughID] {
			rounds = append(rounds, h.RoundID)
		}
	}
	slices.Sort(rounds)
	return slices.Compact(rounds), nil
}
