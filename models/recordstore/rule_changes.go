package recordstore

import (
	"context"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/record"
)

// AddRuleChange adds other rules for a part of a round and returns them with
// their ID and Version set. After a read-out, what becomes looser needs the
// consent of every side: see LoosenRules.
func (s *Store) AddRuleChange(ctx context.Context, actor record.Actor, c record.RuleChange, consent record.Consent) (record.RuleChange, error) {
	c = c.Normal()
	if err := s.identify(&c.ID); err != nil {
		return c, err
	}
	c.Version = 1
	err := s.act(ctx, actor, record.EditRound, ofPart(c.RoundID, c.ID), func(tx *gorm.DB) error {
		was, sent, err := again(tx, c.ID, actor, func() (record.RuleChange, error) { return ruleChangeByID(tx, c.RoundID, c.ID) })
		if err != nil {
			return err
		}
		if sent {
			same := c
			same.Version = was.Version
			return once(was, &c, same)
		}
		if err := checkRuleChange(tx, c); err != nil {
			return err
		}
		return s.keepRules(tx, actor, c.RoundID, consent, func() error {
			row := toRuleChangeRow(c)
			return database.Error(tx.Create(&row).Error, "rules")
		})
	})
	return c, err
}

// EditRuleChange replaces rules for a part of a round; the round stays. It fails
// with Conflict if c.Version is not the stored one, unless nothing would change.
// After a read-out, what becomes looser needs the consent of every side.
func (s *Store) EditRuleChange(ctx context.Context, actor record.Actor, c record.RuleChange, consent record.Consent) (record.RuleChange, error) {
	c = c.Normal()
	err := s.act(ctx, actor, record.EditRound, ofPart(c.RoundID, c.ID), func(tx *gorm.DB) error {
		was, err := ruleChangeByID(tx, c.RoundID, c.ID)
		if err != nil {
			return err
		}
		if err := moved(was, &c, func(c *record.RuleChange) *int64 { return &c.Version }); err != nil {
			return err
		}
		if err := checkRuleChange(tx, c); err != nil {
			return err
		}
		return s.keepRules(tx, actor, c.RoundID, consent, func() error {
			row := toRuleChangeRow(c)
			if err := remember[ruleChangeRow](tx, c.ID); err != nil {
				return err
			}
			return database.Error(tx.Select("*").Where("id = ?", c.ID).Updates(&row).Error, "rules")
		})
	})
	return c, err
}

// RemoveRuleChange takes away rules for a part of a round, which then falls
// under the round's. It fails with Conflict if version is not the stored one.
// After a read-out, what becomes looser needs the consent of every side.
func (s *Store) RemoveRuleChange(ctx context.Context, actor record.Actor, roundID, id string, version int64, consent record.Consent) error {
	return s.act(ctx, actor, record.EditRound, ofPart(roundID, id), func(tx *gorm.DB) error {
		was, err := ruleChangeByID(tx, roundID, id)
		if err != nil {
			return err
		}
		if was.Version != version {
			return fault.Errorf(fault.Conflict, "Somebody else changed this while you were writing.")
		}
		return s.keepRules(tx, actor, roundID, consent, func() error {
			if err := remember[ruleChangeRow](tx, id); err != nil {
				return err
			}
			return database.Error(tx.Where("id = ?", id).Delete(&ruleChangeRow{}).Error, "rules")
		})
	})
}

// freeOfRules holds that a session that goes has no rules of its own.
func freeOfRules(tx *gorm.DB, sessionID string) error {
	var n int64
	if err := tx.Model(&ruleChangeRow{}).Where("session_id = ?", sessionID).Count(&n).Error; err != nil || n == 0 {
		return database.Error(err, "rules")
	}
	return fault.Errorf(fault.Invalid, "This session has ground rules of its own. Remove those first.")
}
