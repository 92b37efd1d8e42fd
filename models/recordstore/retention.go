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
	all, err := retentionsOf(tx)
	out := all[seriesID]
	out.SeriesID = seriesID
	return out, err
}

// retentionsOf are the rules of all series that have one, by series.
func retentionsOf(tx *gorm.DB) (map[string]record.Retention, error) {
	var rows []retentionRow
	err := tx.Find(&rows).Error
	out := make(map[string]record.Retention, len(rows))
	for _, row := range rows {
		out[row.SeriesID] = record.Retention{SeriesID: row.SeriesID, Rule: record.RetentionRule(row.Rule), Days: int(row.Days)}
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
	all, err := holdsBy(tx, []string{roundID})
	return all[roundID], err
}

// holdsBy are the holds on the notes of rounds, by round, the oldest first.
func holdsBy(tx *gorm.DB, roundIDs []string) (map[string][]record.Hold, error) {
	in, list, err := database.In(tx, "round_id", roundIDs)
	if err != nil {
		return nil, err
	}
	var rows []holdRow
	if err := tx.Where(in, list).Order("set_at, id").Find(&rows).Error; err != nil || len(rows) == 0 {
		return nil, database.Error(err, "holds")
	}
	names, err := accountNames(tx)
	out := map[string][]record.Hold{}
	for _, r := range rows {
		out[r.RoundID] = append(out[r.RoundID], record.Hold{
			ID: r.ID, RoundID: r.RoundID, Reason: r.Reason, Until: record.Date(r.Until),
			SetBy: record.Signatory{ID: r.SetBy, Name: names[r.SetBy]}, SetAt: r.SetAt,
			EndedBy: record.Signatory{ID: r.EndedBy, Name: names[r.EndedBy]}, EndedAt: r.EndedAt, EndedWhy: r.EndedWhy,
		})
	}
	return out, err
}
