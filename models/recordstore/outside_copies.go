package recordstore

import (
	"cmp"
	"context"
	"slices"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/record"
)

type outsideCopyRow struct {
	ID        string
	ReleaseID string
	SeriesID  string
	Version   int64
	Open      int64
	Sealed    []byte
}

func (outsideCopyRow) TableName() string { return "outside_copies" }

func (s *Store) outsideCopy(row outsideCopyRow) (record.OutsideCopy, error) {
	c := record.OutsideCopy{}
	err := s.unseal(row.SeriesID, row.TableName(), row.ID, row.Sealed, &c)
	c.Version = row.Version
	return c, err
}

// OutsideCopies are the copies elsewhere of what a release took away, in the
// order of their kinds.
func (s *Store) OutsideCopies(ctx context.Context, actor record.Actor, releaseID string) (all []record.OutsideCopy, err error) {
	err = s.act(ctx, actor, record.ReadCopies, ofRelease(releaseID), func(tx *gorm.DB) error {
		var rows []outsideCopyRow
		if err := tx.Where("release_id = ?", releaseID).Find(&rows).Error; err != nil {
			return database.Error(err, "copies")
		}
		for _, row := range rows {
			c, err := s.outsideCopy(row)
			if err != nil {
				return err
			}
			all = append(all, c)
		}
		slices.SortFunc(all, func(a, b record.OutsideCopy) int {
			return cmp.Or(cmp.Compare(slices.Index(record.CopyKinds, a.Kind), slices.Index(record.CopyKinds, b.Kind)), cmp.Compare(a.Address, b.Address), cmp.Compare(a.ID, b.ID))
		})
		return nil
	})
	return all, err
}

// SaveOutsideCopy adds a copy to those of its release, if its Version is 0, or
// edits it, and returns it as it is stored.
//
// It fails with Conflict if somebody else changed it meanwhile, or if the release
// took nothing away.
func (s *Store) SaveOutsideCopy(ctx context.Context, actor record.Actor, c record.OutsideCopy) (record.OutsideCopy, error) {
	if err := s.identify(&c.ID); err != nil {
		return c, err
	}
	c = c.Normal()
	if err := c.Check(); err != nil {
		return c, err
	}
	err := s.act(ctx, actor, record.ChaseCopies, ofRelease(c.ReleaseID), func(tx *gorm.DB) error {
		r, err := readRelease(tx, c.ReleaseID)
		if err != nil {
			return err
		}
		if !r.release().TakesAway() {
			return fault.Errorf(fault.Conflict, "this release took nothing away")
		}
		var rows []outsideCopyRow
		if err := tx.Where("id = ?", c.ID).Find(&rows).Error; err != nil {
			return database.Error(err, "copy")
		}
		var was record.OutsideCopy
		if len(rows) > 0 {
			if was, err = s.outsideCopy(rows[0]); err != nil {
				return err
			}
			if was.ReleaseID != c.ReleaseID {
				return damaged()
			}
			c.ChangedBy, c.ChangedAt = was.ChangedBy, was.ChangedAt
		} else if c.Version != 0 {
			return nothing()
		}
		if err := moved(was, &c, func(c *record.OutsideCopy) *int64 { return &c.Version }); err != nil {
			return err
		}
		c.ChangedBy, c.ChangedAt = record.Signatory{ID: actor.ID, Name: actor.Name}, s.now()
		sc, err := ofRelease(c.ReleaseID)(tx)
		if err != nil {
			return err
		}
		row := outsideCopyRow{ID: c.ID, ReleaseID: c.ReleaseID, SeriesID: sc.series[0], Version: c.Version, Open: flag(c.Open())}
		if row.Sealed, err = s.seal(row.SeriesID, row.TableName(), row.ID, c); err != nil {
			return err
		}
		return replaceRows(tx, []outsideCopyRow{row}, "id")
	})
	return c, err
}

// CopiesToChase counts the copies that somebody has to do something about, by
// release, in the series where the actor may.
func (s *Store) CopiesToChase(ctx context.Context, actor record.Actor) (open map[string]int, err error) {
	open = map[string]int{}
	err = s.act(ctx, actor, record.ReadCopies, house(), func(tx *gorm.DB) error {
		q := tx.Model(&outsideCopyRow{}).Select("release_id, COUNT(*) AS n").Where("open = 1")
		q = ofReleases(q, "outside_copies.release_id", actor, record.ReadCopies)
		var rows []struct {
			ReleaseID string
			N         int
		}
		if err := q.Group("release_id").Scan(&rows).Error; err != nil {
			return database.Error(err, "copies")
		}
		for _, r := range rows {
			open[r.ReleaseID] = r.N
		}
		return nil
	})
	return open, err
}
