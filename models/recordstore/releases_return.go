package recordstore

import (
	"context"
	"slices"
	"strings"

	"gorm.io/gorm"

	"track15/models/fault"
	"track15/models/record"
)

// AskSecond notes whom the actor asks to sign second, "" for nobody by name. It
// gives no right and takes none.
//
// It fails with Invalid if that account could not sign second or is the actor's
// own, with Conflict if the release is not Frozen.
func (s *Store) AskSecond(ctx context.Context, actor record.Actor, id, accountID string) error {
	return s.act(ctx, actor, record.AskSecond, ofRelease(id), func(tx *gorm.DB) error {
		r, err := readRelease(tx, id)
		if err != nil {
			return err
		}
		if r.State != string(record.Frozen) {
			return fault.Errorf(fault.Conflict, "this release is %s: whoever signs first asks somebody, before that", r.State)
		}
		if r.AskedID == accountID {
			return errUnchanged
		}
		asked := record.Signatory{}
		if accountID != "" {
			ledgers, err := s.ledgersOf(tx, id)
			if err != nil {
				return err
			}
			could, err := s.countersigners(tx, r, recorders(ledgers))
			if err != nil {
				return err
			}
			i := slices.IndexFunc(could, func(c record.Signatory) bool { return c.ID == accountID && c.ID != actor.ID })
			if i < 0 {
				return fault.Field("second", "Choose somebody who could sign second.")
			}
			asked = could[i]
		}
		return setState(tx, id, map[string]any{"asked_id": asked.ID, "asked_name": asked.Name})
	})
}

// ReturnRelease sends a release that waits for its second signature back to who
// signed first, with the reason. It ends: what is put right is frozen anew.
//
// It fails with Invalid without a reason, with Conflict if the release is not
// Signed, with Forbidden if actor signed first: they call it off.
func (s *Store) ReturnRelease(ctx context.Context, actor record.Actor, id, reason string) error {
	if reason = strings.TrimSpace(reason); reason == "" {
		return fault.Field("return_reason", "Say what has to be put right.")
	}
	if err := record.CheckText("return_reason", reason); err != nil {
		return err
	}
	return s.act(ctx, actor, record.ReturnRelease, ofRelease(id), func(tx *gorm.DB) error {
		row, err := readRelease(tx, id)
		if err != nil {
			return err
		}
		r, err := s.completeRelease(tx, row)
		switch {
		case err != nil:
			return err
		case r.State != record.Signed:
			return fault.Errorf(fault.Conflict, "this release is %s: only one that waits for its second signature is returned", r.State)
		case r.Signature(1).ID == actor.ID:
			return fault.Errorf(fault.Forbidden, "whoever signed first calls a release off")
		}
		return s.callOff(tx, actor, id, reason)
	})
}

// callOff ends a release by the doing of a person.
func (s *Store) callOff(tx *gorm.DB, actor record.Actor, id, reason string) error {
	return setState(tx, id, map[string]any{
		"state": record.CalledOff, "cancelled_by": actor.ID, "cancelled_name": actor.Name,
		"cancelled_at": s.now(), "cancel_reason": reason,
	})
}
