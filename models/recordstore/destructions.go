package recordstore

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/record"
	"track15/models/seal"
)

type destructionRow struct {
	ID           string
	RoundID      string
	State        string
	Reason       string
	ProposedBy   string
	ProposedName string
	ProposedAt   int64
	AnsweredBy   string
	AnsweredName string
	AnsweredAt   int64
	Keysets      list[[]string]
	Certificate  string
}

func (destructionRow) TableName() string { return "destructions" }

func (r destructionRow) destruction() record.Destruction {
	return record.Destruction{
		ID: r.ID, RoundID: r.RoundID, State: record.DestructionState(r.State), Reason: r.Reason,
		ProposedBy: record.Signatory{ID: r.ProposedBy, Name: r.ProposedName}, ProposedAt: r.ProposedAt,
		AnsweredBy: record.Signatory{ID: r.AnsweredBy, Name: r.AnsweredName}, AnsweredAt: r.AnsweredAt, Certificate: r.Certificate,
	}
}

// ProposeDestruction asks that the notes of a round, its unreleased drafts and
// their keys be destroyed. It destroys nothing. It fails with Conflict while
// another proposal is open, and with Invalid while the notes are held or there
// is nothing to destroy. A form sent twice makes one proposal.
func (s *Store) ProposeDestruction(ctx context.Context, actor record.Actor, d record.Destruction) (record.Destruction, error) {
	d.Reason = record.Hold{Reason: d.Reason}.Normal().Reason
	if err := s.identify(&d.ID); err != nil {
		return d, err
	}
	err := s.act(ctx, actor, record.Propose, ofPart(d.RoundID, d.ID), func(tx *gorm.DB) error {
		var all []destructionRow
		if err := tx.Where("round_id = ?", d.RoundID).Find(&all).Error; err != nil {
			return database.Error(err, "destructions")
		}
		for _, row := range all {
			if row.ID == d.ID {
				d = row.destruction()
				return errUnchanged
			}
			if row.State == string(record.DestructionProposed) || row.State == string(record.DestructionConfirmed) {
				return fault.Errorf(fault.Conflict, "The destruction of these notes is proposed already.")
			}
		}
		if err := (record.Hold{Reason: d.Reason}).Check(time.UnixMicro(s.now())); err != nil {
			return fault.Field("because", "Say why the notes are destroyed.")
		}
		if err := s.free(tx, d.RoundID); err != nil {
			return err
		}
		left, err := leftOf(tx, d.RoundID)
		if err != nil {
			return err
		}
		if left.Notes+left.Drafts == 0 {
			return fault.Errorf(fault.Invalid, "There are no notes of this round.")
		}
		row := destructionRow{
			ID: d.ID, RoundID: d.RoundID, State: string(record.DestructionProposed), Reason: d.Reason,
			ProposedBy: actor.ID, ProposedName: actor.Name, ProposedAt: s.now(),
		}
		d = row.destruction()
		return database.Error(tx.Create(&row).Error, "destruction")
	})
	return d, err
}

// RefuseDestruction answers a proposal with no: the one who proposed it takes it
// back, or somebody who could confirm it refuses it. It fails with Forbidden for
// others.
func (s *Store) RefuseDestruction(ctx context.Context, actor record.Actor, roundID, id string) error {
	return s.act(ctx, actor, record.Refuse, ofPart(roundID, id), func(tx *gorm.DB) error {
		row, err := destructionByID(tx, roundID, id)
		if err != nil {
			return err
		}
		series, err := seriesOf(tx, "rounds", roundID)
		if err != nil {
			return err
		}
		if row.ProposedBy != actor.ID && !actor.May(record.Confirm, series) {
			return fault.Errorf(fault.Forbidden, "Whoever proposed this takes it back; a director can refuse it.")
		}
		return s.answer(tx, actor, roundID, id, record.DestructionRefused)
	})
}

// ConfirmDestruction is the second person's yes. The caller has authenticated
// them again; reference is what they typed of the round. It fails with
// Forbidden for who proposed it, and with Invalid for another reference or
// while the notes are held. FinishDestructions then carries it out.
func (s *Store) ConfirmDestruction(ctx context.Context, actor record.Actor, roundID, id, reference string) error {
	return s.act(ctx, actor, record.Confirm, ofPart(roundID, id), func(tx *gorm.DB) error {
		row, err := destructionByID(tx, roundID, id)
		if err != nil {
			return err
		}
		if row.ProposedBy == actor.ID {
			return fault.Errorf(fault.Forbidden, "You proposed this. Somebody else has to confirm it.")
		}
		want, err := referenceOf(tx, roundID)
		if err != nil {
			return err
		}
		if reference != want {
			return fault.Field("reference", "This is not the reference of this round.")
		}
		if err := s.free(tx, roundID); err != nil {
			return err
		}
		// Nothing more is sealed from here on, so these are all.
		row.Keysets.V, err = s.ring.KeysOf(seal.OfRound(roundID))
		if err != nil {
			return err
		}
		if err := tx.Model(&destructionRow{}).Where("id = ?", id).Update("keysets", row.Keysets).Error; err != nil {
			return database.Error(err, "destruction")
		}
		return s.answer(tx, actor, roundID, id, record.DestructionConfirmed)
	})
}

func (s *Store) answer(tx *gorm.DB, actor record.Actor, roundID, id string, state record.DestructionState) error {
	row, err := destructionByID(tx, roundID, id)
	if err != nil {
		return err
	}
	if row.State == string(state) {
		return errUnchanged
	}
	if row.State != string(record.DestructionProposed) {
		return fault.Errorf(fault.Conflict, "This proposal is answered already.")
	}
	to := map[string]any{"state": string(state), "answered_by": actor.ID, "answered_name": actor.Name, "answered_at": s.now()}
	return database.Error(tx.Model(&destructionRow{}).Where("id = ?", id).Updates(to).Error, "destruction")
}

func destructionByID(tx *gorm.DB, roundID, id string) (destructionRow, error) {
	var row destructionRow
	if !isID(id) {
		return row, nothing()
	}
	err := tx.Where("id = ? AND round_id = ?", id, roundID).Take(&row).Error
	return row, database.Error(err, "destruction")
}

// FinishDestructions carries out what two people said: it removes the keysets of
// the rounds, wraps the others by a new key, and writes the certificates. One
// that was stopped half-way is carried on. One that fails keeps none of the
// others from its end. It returns how many it ended, and the errors of the rest.
func (s *Store) FinishDestructions(ctx context.Context, actor record.Actor) (int, error) {
	var waiting []destructionRow
	err := s.act(ctx, actor, record.Confirmed, house(), func(tx *gorm.DB) error {
		return database.Error(tx.Where("state = ?", string(record.DestructionConfirmed)).Order("answered_at, id").Find(&waiting).Error, "destructions")
	})
	if err != nil {
		return 0, err
	}
	ended := 0
	for _, row := range waiting {
		if failed := s.destroy(ctx, actor, row); failed != nil {
			err = errors.Join(err, failed)
			continue
		}
		ended++
	}
	return ended, err
}

func (s *Store) destroy(ctx context.Context, actor record.Actor, row destructionRow) error {
	defer s.comparer.forget() // an index that the notes are in
	// What stays is in clear for good before the first key goes: were it stored
	// with the rest, a program stopped in between would have lost both.
	err := s.act(ctx, actor, record.KeepReleased, ofPart(row.RoundID, row.ID), func(tx *gorm.DB) error {
		return s.keepReleased(tx, row.RoundID)
	})
	if err != nil {
		return err
	}
	return s.act(ctx, actor, record.Destroy, ofPart(row.RoundID, row.ID), func(tx *gorm.DB) error {
		now, err := destructionByID(tx, row.RoundID, row.ID)
		if err != nil {
			return err
		}
		if now.State != string(record.DestructionConfirmed) {
			return errUnchanged // another process was quicker
		}
		c, err := leftOf(tx, row.RoundID)
		if err != nil {
			return err
		}
		if c.Lost, err = lostOf(tx, row.RoundID); err != nil {
			return err
		}
		// The keys go before what says that they are gone is stored: stopped in
		// between, the next try finds none and goes on.
		if _, err := s.ring.Destroy(seal.OfRound(row.RoundID)); err != nil {
			return err
		}
		c.Keysets = now.Keysets.V
		text, err := s.certify(tx, c, now)
		if err != nil {
			return err
		}
		if err := removeNotes(tx, row.RoundID); err != nil {
			return err
		}
		return database.Error(tx.Model(&destructionRow{}).Where("id = ?", row.ID).
			Updates(map[string]any{"state": string(record.DestructionDone), "certificate": text}).Error, "destruction")
	})
}

// sealedReleased is the condition on drafts that reached the public and stand
// sealed.
const sealedReleased = "LENGTH(sealed) > 0 AND NOT " + unreleasedDraft

// keepReleased puts the versions that reached the public in clear, where they
// stood sealed. One whose key was lost stays as it is: what was released of it
// stands in the release.
func (s *Store) keepReleased(tx *gorm.DB, roundID string) error {
	var outputs []outputRow
	if err := tx.Where("round_id = ?", roundID).Find(&outputs).Error; err != nil {
		return database.Error(err, "texts")
	}
	kept := false
	for _, o := range outputs {
		var rows []draftRow
		if err := tx.Where("output_id = ?", o.ID).Where(sealedReleased).Find(&rows).Error; err != nil {
			return database.Error(err, "drafts")
		}
		for _, row := range rows {
			d, err := s.draft(o, row)
			if fault.KindOf(err) == fault.Unavailable {
				continue
			}
			if err != nil {
				return err
			}
			clear := clearDraftRow(o.ID, d)
			if err := tx.Select("*").Where("output_id = ? AND number = ?", o.ID, d.Number).Updates(&clear).Error; err != nil {
				return database.Error(err, "draft")
			}
			kept = true
		}
	}
	if !kept {
		return errUnchanged
	}
	return nil
}

// lostOf counts the versions that keepReleased could not put in clear.
func lostOf(tx *gorm.DB, roundID string) (int, error) {
	var n int64
	err := tx.Model(&draftRow{}).Where("output_id IN (SELECT id FROM outputs WHERE round_id = ?)", roundID).Where(sealedReleased).Count(&n).Error
	return int(n), database.Error(err, "drafts")
}

// removeNotes takes the rows away whose keys are gone.
func removeNotes(tx *gorm.DB, roundID string) error {
	const texts = "(SELECT id FROM outputs WHERE round_id = ?)"
	frozen := "object_id IN " + texts + " AND release_id IN (SELECT id FROM releases WHERE number = 0)"
	if err := tx.Where(frozen, roundID).Delete(&releaseDocumentRow{}).Error; err != nil {
		return database.Error(err, "documents")
	}
	for _, table := range []string{"phrase_clearances", "clearance_askings", "clearance_needs", "draft_comments", "finding_decisions", "withdrawal_reasons", "bases", "notes", "line_keys"} {
		if err := tx.Table(table).Where("round_id = ?", roundID).Delete(map[string]any{}).Error; err != nil {
			return database.Error(err, table)
		}
	}
	err := tx.Where("output_id IN "+texts+" AND (LENGTH(sealed) > 0 OR "+unreleasedDraft+")", roundID).Delete(&draftRow{}).Error
	if err != nil {
		return database.Error(err, "drafts")
	}
	err = tx.Table("release_drafts").Where("output_id IN "+texts, roundID).
		Where("NOT EXISTS (SELECT 1 FROM drafts d WHERE d.output_id = release_drafts.output_id AND d.number = release_drafts.number)").
		Delete(map[string]any{}).Error
	if err != nil {
		return database.Error(err, "releases")
	}
	// A text of which nothing is left is gone; another stands at the last version
	// that was released.
	err = tx.Where("round_id = ? AND id NOT IN (SELECT output_id FROM drafts)", roundID).Delete(&outputRow{}).Error
	if err != nil {
		return database.Error(err, "texts")
	}
	err = tx.Model(&outputRow{}).Where("round_id = ?", roundID).
		Update("newest", gorm.Expr("(SELECT MAX(number) FROM drafts WHERE drafts.output_id = outputs.id)")).Error
	if err != nil {
		return database.Error(err, "texts")
	}
	err = tx.Where("round_id = ? AND kind = ?", roundID, "notes").Delete(&historyRow{}).Error
	return database.Error(err, "history")
}

// certify completes and signs a certificate. It fails with Unavailable while a
// keyset that it would name lies in the key directory, as one does whose file
// does not say any more what it is of.
func (s *Store) certify(tx *gorm.DB, c record.Certificate, row destructionRow) (string, error) {
	r, err := s.roundByID(tx, row.RoundID)
	if err != nil {
		return "", err
	}
	series, err := seriesByID(tx, r.SeriesID)
	if err != nil {
		return "", err
	}
	if c.Reference, err = referenceOf(tx, row.RoundID); err != nil {
		return "", err
	}
	status, err := s.ring.Status()
	if err != nil {
		return "", err
	}
	left, err := s.ring.KeysOf(seal.OfRound(row.RoundID))
	if err != nil {
		return "", err
	}
	for _, key := range slices.Concat(status.Keysets, status.Closed) {
		if slices.Contains(left, key) || slices.Contains(c.Keysets, key) {
			return "", fault.Errorf(fault.Unavailable, "the keyset %s is to be destroyed and still in the key directory", key)
		}
	}
	copies, err := s.ring.Escrows()
	if err != nil {
		return "", err
	}
	c.Format, c.Series, c.Reason, c.Wrapping = "track15.destruction/1", series.Name, row.Reason, status.Wrapping
	c.ProposedBy, c.ProposedAt = row.ProposedName, time.UnixMicro(row.ProposedAt).UTC()
	c.ConfirmedBy, c.ConfirmedAt = row.AnsweredName, time.UnixMicro(row.AnsweredAt).UTC()
	c.DestroyedAt = time.UnixMicro(s.now()).UTC()
	c.Copies = []record.KeyCopy{}
	for _, e := range copies {
		if e.GoneAt.IsZero() && slices.ContainsFunc(c.Keysets, func(key string) bool { return slices.Contains(e.Keysets, key) }) {
			c.Copies = append(c.Copies, record.KeyCopy{ID: e.ID, MadeAt: e.MadeAt, Place: e.Place})
		}
	}
	text, err := json.Marshal(c)
	if err != nil {
		return "", err
	}
	signed := record.SignedCertificate{Certificate: text}
	signed.Signature, signed.PublicKey = s.ring.Certify(text)
	out, err := json.Marshal(signed)
	return string(out), err
}

// free holds that nothing keeps the notes of a round from being destroyed.
func (s *Store) free(tx *gorm.DB, roundID string) error {
	held, err := holdsOf(tx, roundID)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(held, func(h record.Hold) bool { return h.Holds(time.UnixMicro(s.now())) }) {
		return fault.Errorf(fault.Invalid, "These notes are held. Whoever may has to end the hold first.")
	}
	var open int64
	err = tx.Table("releases").Where("number = 0 AND state NOT IN ?", []string{string(record.CalledOff), string(record.Refused)}).
		Where(`id IN (SELECT release_id FROM release_documents WHERE object_id = ? OR object_id IN (SELECT id FROM outputs WHERE round_id = ?))`, roundID, roundID).
		Count(&open).Error
	if err == nil && open > 0 {
		return fault.Errorf(fault.Invalid, "A release about this round is under way. Let it become public or call it off first.")
	}
	return database.Error(err, "releases")
}

// sealing holds that notes of a round can still be taken: not once two people
// said that they are destroyed.
func sealing(tx *gorm.DB, roundID string) error {
	var n int64
	err := tx.Model(&destructionRow{}).Where("round_id = ? AND state IN ?", roundID, []string{string(record.DestructionConfirmed), string(record.DestructionDone)}).Count(&n).Error
	if err == nil && n > 0 {
		return fault.Errorf(fault.Invalid, "The notes of this round were destroyed. None can be added.")
	}
	return database.Error(err, "destruction")
}
