package recordstore

import (
	"cmp"
	"context"
	"slices"
	"time"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/record"
)

// RulesUnread lists the rounds that were held since a day and of which nobody
// recorded that their ground rules were read out, among those that the actor may
// edit, the oldest first. Rounds compiled from what is public elsewhere are none
// of them: the house held no card there.
func (s *Store) RulesUnread(ctx context.Context, actor record.Actor, since record.Date) ([]record.Round, error) {
	var out []record.Round
	err := s.act(ctx, actor, record.ReadRound, house(), func(tx *gorm.DB) error {
		var rows []roundRow
		err := visible(tx, actor, record.EditRound, "series_id").
			Where("state = ? AND compiled = 0 AND sort_on >= ?", string(record.Held), string(since)).
			Where("id NOT IN (SELECT round_id FROM read_outs)").Order("sort_on, id").Find(&rows).Error
		if err != nil {
			return database.Error(err, "rounds")
		}
		for _, row := range rows {
			r, err := view(tx, actor, row.round())
			if err != nil {
				return err
			}
			out = append(out, r)
		}
		return nil
	})
	return out, err
}

// An Embargo is a day on which something of a round may be said that the rules of
// the round, or of a part of it, held back until then. Round has no presences.
type Embargo struct {
	Round record.Round
	Until record.Date
}

// embargoYears is how many years before the end of its embargo a round met at
// most, so that only the rules of these rounds are read.
const embargoYears = 10

// Embargoes lists the embargoes that end on a day or later, of the rounds whose
// disclosed forms the actor may read, the next end first.
func (s *Store) Embargoes(ctx context.Context, actor record.Actor, from record.Date) ([]Embargo, error) {
	var out []Embargo
	err := s.act(ctx, actor, record.ReadDates, house(), func(tx *gorm.DB) error {
		const holdsOne = `rules LIKE '%"EmbargoUntil":"2%'` // a day of this millennium
		var rows []roundRow
		q := visible(tx, actor, record.ReadDisclosed, "series_id").
			Where("sort_on >= ?", from.First().AddDate(-embargoYears, 0, 0).Format(time.DateOnly))
		err := q.Where(holdsOne + " OR id IN (SELECT round_id FROM rule_changes WHERE " + holdsOne + ")").Find(&rows).Error
		if err != nil {
			return database.Error(err, "rounds")
		}
		for _, row := range rows {
			var changes []ruleChangeRow
			if err := tx.Where("round_id = ?", row.ID).Find(&changes).Error; err != nil {
				return database.Error(err, "rules")
			}
			r, err := view(tx, actor, row.round())
			if err != nil {
				return err
			}
			rules := []record.GroundRules{r.Rules}
			for _, c := range changes {
				rules = append(rules, c.change().Rules)
			}
			for _, g := range rules {
				if e := (Embargo{r, g.EmbargoUntil}); g.Embargoed() && e.Until >= from &&
					!slices.ContainsFunc(out, func(o Embargo) bool { return o.Round.ID == r.ID && o.Until == e.Until }) {
					out = append(out, e)
				}
			}
		}
		return nil
	})
	slices.SortFunc(out, func(a, b Embargo) int {
		return cmp.Or(cmp.Compare(a.Until, b.Until), cmp.Compare(a.Round.ID, b.Round.ID))
	})
	return out, err
}
