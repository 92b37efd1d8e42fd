package recordstore

import (
	"slices"

	"gorm.io/gorm"

	"track15/models/database"
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
func (s *Store) behind(tx *gorm.DB, actor record.Actor) ([]hidden, error) {
	var rows []struct {
		Row      presenceRow `gorm:"embedded"`
		SeriesID string
	}
	q := tx.Table("presences").Select("presences.*, rounds.series_id").
		Joins("JOIN rounds ON rounds.id = presences.round_id").Where("length(presences.sealed) > 0")
	if err := visible(q, actor, record.ReadTrue, "rounds.series_id").Scan(&rows).Error; err != nil {
		return nil, database.Error(err, "presences")
	}
	out := make([]hidden, len(rows))
	for i, row := range rows {
		p, _, err := s.presence(row.SeriesID, row.Row, true)
		if err != nil {
			return nil, err
		}
		out[i] = hidden{row.SeriesID, row.Row.RoundID, p}
	}
	return out, nil
}

// roundsBehind are the rounds at which one of the bodies of a query is a true
// affiliation or its badge, as far as the actor may read that.
func (s *Store) roundsBehind(tx *gorm.DB, actor record.Actor, query string, arg any) ([]string, error) {
	all, err := s.behind(tx, actor)
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
