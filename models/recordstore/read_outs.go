package recordstore

import (
	"context"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/record"
)

type readOutRow struct {
	ID           string
	RoundID      string
	ReadAt       string
	ReadBy       string
	Number       int64
	Code         string
	Card         list[record.Card]
	Objections   string
	Late         string
	RecordedBy   string
	RecordedName string
	RecordedAt   int64
	Version      int64
}

func (readOutRow) TableName() string { return "read_outs" }

func (r readOutRow) readOut() record.ReadOut {
	return record.ReadOut{
		ID: r.ID, RoundID: r.RoundID, At: r.ReadAt, By: r.ReadBy, Number: r.Number, Code: r.Code, Card: r.Card.V,
		Objections: r.Objections, Late: r.Late, RecordedBy: r.RecordedBy, Recorder: r.RecordedName, RecordedAt: r.RecordedAt, Version: r.Version,
	}
}

func readOutByID(tx *gorm.DB, roundID, id string) (record.ReadOut, error) {
	var row readOutRow
	if !isID(id) {
		return record.ReadOut{}, nothing()
	}
	err := tx.Where("id = ? AND round_id = ?", id, roundID).Take(&row).Error
	return row.readOut(), database.Error(err, "read-out")
}

// AddReadOut records that the rules of a round were read out, with the words of
// the card, and returns the read-out complete. Code is the text code of the card
// that was read: one of rules that were changed since is refused.
func (s *Store) AddReadOut(ctx context.Context, actor record.Actor, x record.ReadOut) (record.ReadOut, error) {
	x = x.Normal()
	if err := s.identify(&x.ID); err != nil {
		return x, err
	}
	err := s.act(ctx, actor, record.EditRound, ofPart(x.RoundID, x.ID), func(tx *gorm.DB) error {
		was, sent, err := again(tx, x.ID, actor, func() (record.ReadOut, error) { return readOutByID(tx, x.RoundID, x.ID) })
		if err != nil {
			return err
		}
		if sent {
			same := x
			same.Number, same.Card, same.Version, same.RecordedBy, same.Recorder, same.RecordedAt = was.Number, was.Card, was.Version, was.RecordedBy, was.Recorder, was.RecordedAt
			return once(was, &x, same)
		}
		if err := x.Check(); err != nil {
			return err
		}
		b, err := ruleBook(tx, x.RoundID)
		if err != nil {
			return err
		}
		x.Card = b.Card()
		if x.Code != cardCode(x.Card) {
			return fault.Field("code", "The rules are no longer those of this card. Bring them back to what was read, record it, then change them.")
		}
		if x.Number, err = numberCard(tx, x.RoundID, x.Card); err != nil {
			return err
		}
		x.RecordedBy, x.Recorder, x.RecordedAt, x.Version = actor.ID, actor.Name, s.now(), 1
		row := readOutRow{x.ID, x.RoundID, x.At, x.By, x.Number, x.Code, list[record.Card]{x.Card}, x.Objections, x.Late, x.RecordedBy, x.Recorder, x.RecordedAt, x.Version}
		return database.Error(tx.Create(&row).Error, "read-out")
	})
	return x, err
}

// EditReadOut replaces what was objected and who came late; when, by whom and
// what was read stays. It fails with Conflict if x.Version is not the stored
// one, unless nothing would change. A read-out is never taken away.
func (s *Store) EditReadOut(ctx context.Context, actor record.Actor, x record.ReadOut) (record.ReadOut, error) {
	x = x.Normal()
	err := s.act(ctx, actor, record.EditRound, ofPart(x.RoundID, x.ID), func(tx *gorm.DB) error {
		was, err := readOutByID(tx, x.RoundID, x.ID)
		if err != nil {
			return err
		}
		sent := x
		x = was
		x.Objections, x.Late, x.Version = sent.Objections, sent.Late, sent.Version
		if err := moved(was, &x, func(x *record.ReadOut) *int64 { return &x.Version }); err != nil {
			return err
		}
		if err := x.Check(); err != nil {
			return err
		}
		if err := remember[readOutRow](tx, x.ID); err != nil {
			return err
		}
		return database.Error(tx.Model(&readOutRow{}).Where("id = ?", x.ID).
			Updates(map[string]any{"objections": x.Objections, "late": x.Late, "version": x.Version}).Error, "read-out")
	})
	return x, err
}
