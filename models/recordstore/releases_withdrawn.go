package recordstore

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/record"
)

type withdrawalReasonRow struct {
	ReleaseID string
	RoundID   string
	SeriesID  string
	Sealed    []byte
}

func (withdrawalReasonRow) TableName() string { return "withdrawal_reasons" }

// sealedAs is a text, in whose manner something that belongs to no text is
// sealed: with its round, or else its series.
func sealedAs(roundID, seriesID string) record.Output {
	return record.Output{RoundID: roundID, SeriesID: seriesID}
}

// KeepReason keeps who cleared the sentence with which a document leaves.
func (f *Freezing) KeepReason(of record.PublicDocument, c record.ReasonClearance) error {
	round, err := roundOfDocument(f.tx, of.Kind, of.ObjectID)
	if err != nil {
		return err
	}
	row := withdrawalReasonRow{ReleaseID: f.Release.ID, RoundID: round, SeriesID: f.Release.SeriesIDs[0]}
	row.Sealed, err = f.store.sealOfText(sealedAs(round, row.SeriesID), row.TableName(), row.ReleaseID, c)
	if err != nil {
		return err
	}
	return insertRows(f.tx, []withdrawalReasonRow{row})
}

// roundOfDocument returns the id of the round that a round or text is of, "" for
// a text about a series.
func roundOfDocument(tx *gorm.DB, kind, objectID string) (string, error) {
	if kind != kindOutput {
		return objectID, nil
	}
	var o outputRow
	err := tx.Select("round_id").Where("id = ?", objectID).Limit(1).Find(&o).Error
	return o.RoundID, database.Error(err, "text")
}

// ReasonCleared returns who cleared the sentence with which a release takes
// something away. It is zero for a release without one, and where the notes of
// the round were destroyed.
func (s *Store) ReasonCleared(ctx context.Context, actor record.Actor, id string) (c record.ReasonClearance, err error) {
	err = s.act(ctx, actor, record.ReadClearance, ofRelease(id), func(tx *gorm.DB) error {
		var rows []withdrawalReasonRow
		if err := tx.Where("release_id = ?", id).Find(&rows).Error; err != nil || len(rows) == 0 {
			return database.Error(err, "release")
		}
		r := rows[0]
		return s.unsealOfText(sealedAs(r.RoundID, r.SeriesID), r.TableName(), r.ReleaseID, r.Sealed, &c)
	})
	return c, err
}

// TakenWith returns the texts of the round with the slug that the release that
// took the round away took away too, with their bytes, by slug.
func (f *Freezing) TakenWith(round record.PublicDocument) ([]record.PublicDocument, error) {
	var rows []releaseStateRow
	err := f.tx.Where("kind = ? AND within = ? AND within_series = 0 AND notice <> '' AND changed_by = ?", kindOutput, round.Slug, round.ChangedBy).
		Find(&rows).Error
	if err != nil {
		return nil, database.Error(err, "release")
	}
	return publicDocuments(f.tx, rows)
}

// Falling returns what the public can read now and could not any more if a
// round or text were taken away: itself, its texts, and the series and
// organisations that no other public round holds up. It comes in the order of
// kinds, with its bytes.
func (s *Store) Falling(ctx context.Context, actor record.Actor, kind, slug string) (docs []record.PublicDocument, err error) {
	err = s.act(ctx, actor, record.ReadRelease, ofDocument(kind, slug), func(tx *gorm.DB) error {
		e := newEffect(tx, "")
		if err := e.away([]releaseDropRow{{Kind: kind, Slug: slug, Notice: record.Silent}}); err != nil {
			return err
		}
		docs, err = e.falls()
		return err
	})
	return docs, err
}

// FallingWith is Falling for everything that a release puts and takes away,
// before it is delivered; of one that was, it is empty.
//
// What the release itself replaces or takes away is among it only if it leaves.
func (s *Store) FallingWith(ctx context.Context, actor record.Actor, id string) (docs []record.PublicDocument, err error) {
	err = s.act(ctx, actor, record.ReadRelease, ofRelease(id), func(tx *gorm.DB) error {
		r, err := readRelease(tx, id)
		if err != nil || r.Number > 0 {
			return err
		}
		e := newEffect(tx, id)
		for _, step := range []func() error{e.put, e.drop} {
			if err := step(); err != nil {
				return err
			}
		}
		docs, err = e.falls()
		return err
	})
	return docs, err
}

// falls settles what was done and returns what is gone then, as it stood.
func (e *effect) falls() ([]record.PublicDocument, error) {
	if err := e.spread(); err != nil {
		return nil, err
	}
	e.settle()
	var gone []releaseStateRow
	for _, n := range e.nodes {
		if n.was.Present == 1 && n.Present == 0 {
			gone = append(gone, n.was)
		}
	}
	docs, err := publicDocuments(e.tx, gone)
	slices.SortStableFunc(docs, func(a, b record.PublicDocument) int {
		return byOrder(a.Kind, b.Kind)
	})
	return docs, err
}
