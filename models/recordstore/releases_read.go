package recordstore

import (
	"context"
	"maps"
	"slices"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/record"
)

// maxShown is how many documents of a release are read with it. An import may
// hold a hundred thousand; nobody reads them on one page.
const maxShown = 500

// Release reads a release with its signatures, what it takes away, and its
// first 500 documents with their bytes.
func (s *Store) Release(ctx context.Context, actor record.Actor, id string) (record.Release, error) {
	var r record.Release
	err := s.act(ctx, actor, record.ReadRelease, ofRelease(id), func(tx *gorm.DB) error {
		row, err := readRelease(tx, id)
		if err != nil {
			return err
		}
		if r, err = s.completeRelease(tx, row); err != nil {
			return err
		}
		for d, err := range s.documentsOf(tx, id) {
			if err != nil {
				return err
			}
			if r.Put = append(r.Put, d); len(r.Put) == maxShown {
				break
			}
		}
		return nil
	})
	return r, err
}

// completeRelease adds to a release all but its documents.
func (s *Store) completeRelease(tx *gorm.DB, row releaseRow) (record.Release, error) {
	r := row.release()
	sc, err := ofRelease(row.ID)(tx)
	if err != nil {
		return r, err
	}
	r.SeriesIDs = sc.series
	var signatures []releaseSignatureRow
	if err := tx.Where("release_id = ?", row.ID).Order("position").Find(&signatures).Error; err != nil {
		return r, database.Error(err, "release")
	}
	for _, sig := range signatures {
		r.Signatures = append(r.Signatures, record.Signature{
			Position: int(sig.Position), Signatory: record.Signatory{ID: sig.AccountID, Name: sig.Name}, At: sig.SignedAt, MAC: sig.Mac,
			Entered: record.Signatory{ID: sig.EnteredBy, Name: sig.EnteredName},
		})
	}
	var drops []releaseDropRow
	if err := tx.Where("release_id = ?", row.ID).Order("position").Find(&drops).Error; err != nil {
		return r, database.Error(err, "release")
	}
	for _, d := range drops {
		r.Drop = append(r.Drop, record.FrozenDrop{Kind: d.Kind, Slug: d.Slug, Notice: d.Notice, Reason: d.Reason})
	}
	_, r.Timing, err = s.timing(tx, row.ID)
	return r, err
}

// ofReleases narrows a query to the releases, by the column that names them, in
// every series of which the actor may do act.
func ofReleases(q *gorm.DB, column string, actor record.Actor, act record.Act) *gorm.DB {
	if all, ids := actor.SeriesFor(act); !all {
		q = q.Where("NOT EXISTS (SELECT 1 FROM release_series rs WHERE rs.release_id = "+column+" AND rs.series_id NOT IN ?)", append(ids, ""))
	}
	return q
}

// A ReleaseFilter selects releases. The zero value is all that the actor may
// read, the newest first, the first page.
type ReleaseFilter struct {
	States  []record.ReleaseState
	RoundID string // those with a document of this round or of its texts
	Page    int    // from 1; 0 is 1
	PerPage int    // 0 is 50
}

// Releases lists releases with their signatures but without documents, and
// counts them.
func (s *Store) Releases(ctx context.Context, actor record.Actor, f ReleaseFilter) (list []record.Release, total int, err error) {
	if f.PerPage <= 0 {
		f.PerPage = 50
	}
	err = s.act(ctx, actor, record.ReadRelease, house(), func(tx *gorm.DB) error {
		q := tx.Model(&releaseRow{})
		q = ofReleases(q, "releases.id", actor, record.ReadRelease)
		if len(f.States) > 0 {
			var states []string
			for _, st := range f.States {
				states = append(states, string(st))
			}
			q = q.Where("state IN ?", states)
		}
		if f.RoundID != "" {
			q = q.Where(`id IN (SELECT release_id FROM release_documents WHERE object_id IN (SELECT id FROM outputs WHERE round_id = ?) OR object_id = ?
				UNION SELECT release_id FROM release_drops WHERE object_id IN (SELECT id FROM outputs WHERE round_id = ?) OR object_id = ?)`,
				f.RoundID, f.RoundID, f.RoundID, f.RoundID)
		}
		q = q.Session(&gorm.Session{})
		var n int64
		if err := q.Count(&n).Error; err != nil {
			return database.Error(err, "release")
		}
		total = int(n)
		var rows []releaseRow
		err := q.Order("prepared_at DESC, id").Limit(f.PerPage).Offset((max(f.Page, 1) - 1) * f.PerPage).Find(&rows).Error
		if err != nil {
			return database.Error(err, "release")
		}
		for _, row := range rows {
			r, err := s.completeRelease(tx, row)
			if err != nil {
				return err
			}
			list = append(list, r)
		}
		return nil
	})
	return list, total, err
}

// PublicOf returns every document of a round that was ever delivered, with its
// bytes, as it stands now: the round's own, its texts', and those of its series
// and of the organisations that it names. They come in the order of kinds.
func (s *Store) PublicOf(ctx context.Context, actor record.Actor, roundID string) (docs []record.PublicDocument, err error) {
	err = s.act(ctx, actor, record.ReadRelease, ofRound(roundID), func(tx *gorm.DB) error {
		var own []releaseStateRow
		if err := tx.Where("kind = ? AND object_id = ?", kindRound, roundID).Find(&own).Error; err != nil {
			return database.Error(err, "release")
		}
		for _, round := range own {
			var texts []releaseStateRow
			err := tx.Where("kind = ? AND within = ? AND within_series = 0", kindOutput, round.Slug).Find(&texts).Error
			if err != nil {
				return database.Error(err, "release")
			}
			of, err := publicDocuments(tx, append(texts, round))
			if err != nil {
				return err
			}
			keys := []documentKey{{kindSeries, round.Within}}
			for _, d := range of {
				if d.Kind == kindRound {
					for _, slug := range d.Names {
						keys = append(keys, documentKey{kindOrganisation, slug})
					}
				}
			}
			states, err := readStates(tx, keys)
			if err != nil {
				return err
			}
			around, err := publicDocuments(tx, slices.Collect(maps.Values(states)))
			if err != nil {
				return err
			}
			docs = append(docs, append(of, around...)...)
		}
		slices.SortStableFunc(docs, func(a, b record.PublicDocument) int {
			return byOrder(a.Kind, b.Kind)
		})
		return nil
	})
	return docs, err
}

// PublicBefore returns what stands in public of the documents that a release
// puts or takes away, by kind and slug, as "round/slug".
func (s *Store) PublicBefore(ctx context.Context, actor record.Actor, id string) (docs map[string]record.PublicDocument, err error) {
	err = s.act(ctx, actor, record.ReadRelease, ofRelease(id), func(tx *gorm.DB) error {
		var rows []releaseStateRow
		err := tx.Raw(`SELECT s.* FROM release_state s WHERE EXISTS
			(SELECT 1 FROM release_documents d WHERE d.release_id = ? AND d.kind = s.kind AND d.slug = s.slug AND d.position <= ?)
			OR EXISTS (SELECT 1 FROM release_drops d WHERE d.release_id = ? AND d.kind = s.kind AND d.slug = s.slug)`,
			id, maxShown, id).Scan(&rows).Error
		if err != nil {
			return database.Error(err, "release")
		}
		list, err := publicDocuments(tx, rows)
		docs = make(map[string]record.PublicDocument, len(list))
		for _, d := range list {
			docs[d.Kind+"/"+d.Slug] = d
		}
		return err
	})
	return docs, err
}
