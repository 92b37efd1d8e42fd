package recordstore

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/record"
)

// A Cleared names what of a participation a clearance is about.
type Cleared string

const (
	ClearName        Cleared = "name"
	ClearAffiliation Cleared = "affiliation"
	ClearAttribution Cleared = "attribution"
)

// Clearables lists what a clearance can be about, in the order of a form.
var Clearables = []Cleared{ClearName, ClearAffiliation, ClearAttribution}

// Of is the clearance of the participation that the word names.
func (c Cleared) Of(p *record.Participation) *record.Clearance {
	switch c {
	case ClearName:
		return &p.Name
	case ClearAffiliation:
		return &p.Affiliation
	}
	return &p.Attribution
}

// SetClearances gives several participations of a round the same clearance of
// their name, their affiliation or their attribution. Those that have it already
// stay as they are; an id that is not there fails the whole.
func (s *Store) SetClearances(ctx context.Context, actor record.Actor, roundID string, ids []string, which Cleared, c record.Clearance) error {
	c = c.Normal()
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	at := func(tx *gorm.DB) (scope, error) {
		sc, err := ofRound(roundID)(tx)
		sc.objects = ids
		return sc, err
	}
	return s.act(ctx, actor, record.EditRound, at, func(tx *gorm.DB) error {
		if !slices.Contains(Clearables, which) {
			return fault.Field("which", "Choose what is cleared: the name, the affiliation or the attribution.")
		}
		if len(ids) == 0 {
			return fault.Field("participants", "Choose at least one participant.")
		}
		if err := c.Check("clearance"); err != nil {
			return err
		}
		return s.setClearances(tx, roundID, ids, which, c)
	})
}

func (s *Store) setClearances(tx *gorm.DB, roundID string, ids []string, which Cleared, c record.Clearance) error {
	var rows []participationRow
	for part := range slices.Chunk(ids, 1000) {
		var some []participationRow
		if err := tx.Where("round_id = ? AND id IN ?", roundID, part).Find(&some).Error; err != nil {
			return database.Error(err, "participations")
		}
		rows = append(rows, some...)
	}
	if len(rows) < len(ids) {
		return nothing()
	}
	if err := remember[participationRow](tx, ids...); err != nil {
		return err
	}
	changed := false
	for _, row := range rows {
		p, err := s.participation("", row, false)
		if err != nil {
			return err
		}
		if *which.Of(&p) == c {
			continue
		}
		changed = true
		*which.Of(&p) = c
		err = tx.Model(&participationRow{}).Where("id = ?", p.ID).Updates(map[string]any{
			"clearances": list[clearances]{clearances{p.Name, p.Affiliation, p.Attribution}}, "requested": p.Waiting(), "version": p.Version + 1,
		}).Error
		if err != nil {
			return database.Error(err, "participation")
		}
	}
	if !changed {
		return errUnchanged
	}
	return nil
}
