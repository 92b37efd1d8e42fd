package recordstore

import (
	"context"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/record"
)

// Suspended returns what is suspended and not settled, the one that waits
// longest first, of the series whose releases the actor may read.
func (s *Store) Suspended(ctx context.Context, actor record.Actor) (list []record.Suspended, err error) {
	err = s.act(ctx, actor, record.ReadRelease, house(), func(tx *gorm.DB) error {
		var rows []struct {
			Kind, Slug, ReleaseID, Title, AccountID, Name string
			SignedAt                                      int64
		}
		q := tx.Table("release_state s").Select("s.kind, s.slug, r.id AS release_id, r.title, g.account_id, g.name, g.signed_at").
			Joins("JOIN releases r ON r.id = s.changed_by").
			Joins("JOIN release_signatures g ON g.release_id = r.id AND g.position = 1").
			Where("s.notice = 'suspended' AND r.kind = ?", string(record.Suspension))
		q = ofReleases(q, "r.id", actor, record.ReadRelease)
		if err := q.Order("g.signed_at, r.id").Scan(&rows).Error; err != nil {
			return database.Error(err, "release")
		}
		for _, row := range rows {
			x := record.Suspended{
				Kind: row.Kind, Slug: row.Slug, Title: row.Title, ReleaseID: row.ReleaseID,
				By: record.Signatory{ID: row.AccountID, Name: row.Name}, At: row.SignedAt,
			}
			sc, err := ofRelease(row.ReleaseID)(tx)
			if err != nil {
				return err
			}
			x.SeriesIDs = sc.series
			if x.Underway, err = underway(tx, row.Kind, row.Slug); err != nil {
				return err
			}
			list = append(list, x)
		}
		return nil
	})
	return list, err
}

// underway returns the id of the newest release that puts or takes away the
// document and waits for a signature or for delivery, "" for none.
func underway(tx *gorm.DB, kind, slug string) (string, error) {
	var ids []string
	err := tx.Table("releases").Where("state IN ?", []string{string(record.Frozen), string(record.Signed), string(record.Countersigned), string(record.Due)}).
		Where(`(id IN (SELECT release_id FROM release_documents WHERE kind = ? AND slug = ?)
			OR id IN (SELECT release_id FROM release_drops WHERE kind = ? AND slug = ?))`, kind, slug, kind, slug).
		Order("prepared_at DESC, id").Limit(1).Pluck("id", &ids).Error
	if err != nil || len(ids) == 0 {
		return "", database.Error(err, "release")
	}
	return ids[0], nil
}
