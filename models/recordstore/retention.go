package recordstore

import (
	"context"
	"time"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/record"
)

type retentionRow struct {
	SeriesID string
	Rule     string
	Days     int64
	SetBy    string
	SetAt    int64
}

func (retentionRow) TableName() string { return "retentions" }

type holdRow struct {
	ID       string
	RoundID  string
	Reason   string
	Until    string
	SetBy    string
	SetAt    int64
	EndedBy  string
	EndedAt  int64
	EndedWhy string
}

func (holdRow) TableName() string { return "holds" }

// Retention reads when the notes of a series are due.
func (s *Store) Retention(ctx context.Context, actor record.Actor, seriesID string) (record.Retention, error) {
	var out record.Retention
	err := s.act(ctx, actor, record.ReadRetention, in(seriesID), func(tx *gorm.DB) error {
		var err error
		out, err = retentionOf(tx, seriesID)
		return err
	})
	return out, err
}

func retentionOf(tx *gorm.DB, seriesID string) (record.Retention, error) {
	var rows []retentionRow
	err := tx.Where("series_id = ?", seriesID).Find(&rows).Error
	out := record.Retention{SeriesID: seriesID}
	for _, row := range rows {
		out.Rule, out.Days = record.RetentionRule(row.Rule), int(row.Days)
	}
	return out, database.Error(err, "retention")
}

// SetRetention says when the notes of a series are due. Nothing is destroyed by
// it.
func (s *Store) SetRetention(ctx context.Context, actor record.Actor, r record.Retention) error {
	r = r.Normal()
	return s.act(ctx, actor, record.SetRetention, in(r.SeriesID, r.SeriesID), func(tx *gorm.DB) error {
		if err := r.Check(); err != nil {
			return err
		}
		was, err := retentionOf(tx, r.SeriesID)
		if err != nil {
			return err
		}
		if was == r {
			return errUnchanged
		}
		return replaceRows(tx, []retentionRow{{r.SeriesID, string(r.Rule), int64(r.Days), actor.ID, s.now()}}, "series_id")
	})
}

// HoldNotes keeps the notes of a round from being destroyed. A form sent twice
// makes one hold.
func (s *Store) HoldNotes(ctx context.Context, actor record.Actor, h record.Hold) (record.Hold, error) {
	h = h.Normal()
	if err := s.identify(&h.ID); err != nil {
		return h, err
	}
	err := s.act(ctx, actor, record.HoldNotes, ofPart(h.RoundID, h.ID), func(tx *gorm.DB) error {
		all, err := holdsOf(tx, h.RoundID)
		if err != nil {
			return err
		}
		for _, was := range all {
			if was.ID == h.ID {
				h = was
				return errUnchanged
			}
		}
		if err := h.Check(time.UnixMicro(s.now())); err != nil {
			return err
		}
		row := holdRow{ID: h.ID, RoundID: h.RoundID, Reason: h.Reason, Until: string(h.Until), SetBy: actor.ID, SetAt: s.now()}
		h.SetBy, h.SetAt = record.Signatory{ID: actor.ID, Name: actor.Name}, row.SetAt
		return database.Error(tx.Create(&row).Error, "hold")
	})
	return h, err
}

// EndHold ends a hold, with a reason. Ending it twice changes nothing.
func (s *Store) EndHold(ctx context.Context, actor record.Actor, roundID, id, why string) error {
	why = record.Hold{EndedWhy: why}.Normal().EndedWhy
	return s.act(ctx, actor, record.EndHold, ofPart(roundID, id), func(tx *gorm.DB) error {
		var row holdRow
		if !isID(id) {
			return nothing()
		}
		if err := tx.Where("id = ? AND round_id = ?", id, roundID).Take(&row).Error; err != nil {
			return database.Error(err, "hold")
		}
		if row.EndedAt != 0 {
			return errUnchanged
		}
		if why == "" {
			return fault.Field("why", "Say why the hold ends.")
		}
		if err := record.CheckLine("why", why); err != nil {
			return err
		}
		return database.Error(tx.Model(&holdRow{}).Where("id = ?", id).
			Updates(map[string]any{"ended_by": actor.ID, "ended_at": s.now(), "ended_why": why}).Error, "hold")
	})
}

func holdsOf(tx *gorm.DB, roundID string) ([]record.Hold, error) {
	var rows []holdRow
	if err := tx.Where("round_id = ?", roundID).Order("set_at, id").Find(&rows).Error; err != nil || len(rows) == 0 {
		return nil, database.Error(err, "holds")
	}
	names, err := accountNames(tx)
	var out []record.Hold
	for _, r := range rows {
		out = append(out, record.Hold{
			ID: r.ID, RoundID: r.RoundID, Reason: r.Reason, Until: record.Date(r.Until),
			SetBy: record.Signatory{ID: r.SetBy, Name: names[r.SetBy]}, SetAt: r.SetAt,
			EndedBy: record.Signatory{ID: r.EndedBy, Name: names[r.EndedBy]}, EndedAt: r.EndedAt, EndedWhy: r.EndedWhy,
		})
	}
	return out, err
}

// Kept is what is kept of a round that could be destroyed, and what was said
// about that.
type Kept struct {
	RoundID      string
	Reference    string // how the round is called where something final is done
	Opens        record.Date
	Notes        int
	Sessions     int
	Drafts       int // versions that were not released
	Retention    record.Retention
	Due          record.Date // "" for not due on a day
	Holds        []record.Hold
	Destructions []record.Destruction // oldest first
}

// Kept reads what is kept of a round.
func (s *Store) Kept(ctx context.Context, actor record.Actor, roundID string) (Kept, error) {
	var out Kept
	err := s.act(ctx, actor, record.ReadRetention, ofRound(roundID), func(tx *gorm.DB) error {
		var err error
		out, err = s.kept(tx, roundID)
		return err
	})
	return out, err
}

func (s *Store) kept(tx *gorm.DB, roundID string) (Kept, error) {
	out := Kept{RoundID: roundID}
	var row roundRow
	if err := tx.Where("id = ?", roundID).Take(&row).Error; err != nil {
		return out, database.Error(err, "round")
	}
	out.Opens = record.Date(row.Opens)
	left, err := s.leftOf(tx, roundID)
	if err != nil {
		return out, err
	}
	out.Notes, out.Sessions, out.Drafts = left.Notes, left.Sessions, left.Drafts
	if out.Reference, err = referenceOf(tx, roundID); err != nil {
		return out, err
	}
	if out.Retention, err = retentionOf(tx, row.SeriesID); err != nil {
		return out, err
	}
	var released int64
	err = tx.Raw(`SELECT COALESCE(MAX(r.numbered_at), 0) FROM releases r JOIN release_documents d ON d.release_id = r.id
		WHERE r.number > 0 AND (d.object_id = ? OR d.object_id IN (SELECT id FROM outputs WHERE round_id = ?))`, roundID, roundID).Scan(&released).Error
	if err != nil {
		return out, database.Error(err, "releases")
	}
	last := row.Closes
	if last == "" {
		last = row.Opens
	}
	if out.Notes > 0 {
		out.Due = out.Retention.Due(record.Date(last), released)
	}
	if out.Holds, err = holdsOf(tx, roundID); err != nil {
		return out, err
	}
	var rows []destructionRow
	if err := tx.Where("round_id = ?", roundID).Order("proposed_at, id").Find(&rows).Error; err != nil {
		return out, database.Error(err, "destructions")
	}
	for _, r := range rows {
		out.Destructions = append(out.Destructions, r.destruction())
	}
	return out, nil
}

// KeptRounds lists the rounds of which notes are kept or were destroyed, the
// latest first. It costs some queries a round.
func (s *Store) KeptRounds(ctx context.Context, actor record.Actor) ([]Kept, error) {
	return s.keptRounds(ctx, actor, "1 = 1")
}

// KeptToDecide is KeptRounds without those that can be neither due nor proposed:
// of series in which nothing becomes due on a day, and without an open proposal.
func (s *Store) KeptToDecide(ctx context.Context, actor record.Actor) ([]Kept, error) {
	return s.keptRounds(ctx, actor, `(series_id IN (SELECT series_id FROM retentions WHERE rule IN ?)
		OR id IN (SELECT round_id FROM destructions WHERE state = ?))`,
		[]string{string(record.AfterRound), string(record.AfterRelease)}, string(record.DestructionProposed))
}

func (s *Store) keptRounds(ctx context.Context, actor record.Actor, which string, of ...any) ([]Kept, error) {
	var out []Kept
	err := s.act(ctx, actor, record.ReadRetention, house(), func(tx *gorm.DB) error {
		var ids []string
		err := visible(tx.Table("rounds"), actor, record.ReadRetention, "series_id").
			Where("(id IN (SELECT round_id FROM notes) OR id IN (SELECT round_id FROM destructions))").Where(which, of...).
			Order("opens DESC, id").Pluck("id", &ids).Error
		if err != nil {
			return database.Error(err, "rounds")
		}
		for _, id := range ids {
			k, err := s.kept(tx, id)
			if err != nil {
				return err
			}
			out = append(out, k)
		}
		return nil
	})
	return out, err
}
