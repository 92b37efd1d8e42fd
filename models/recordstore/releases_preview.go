package recordstore

import (
	"context"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/record"
)

// ReleaseEffect returns the entry that a release would make in the log if it
// were the next to be delivered, at this instant: what becomes public and what
// leaves, also what follows from others. Nothing is stored.
//
// It fails with Conflict if the release has taken effect already or ended, and
// with Invalid if it puts more than 500 documents.
func (s *Store) ReleaseEffect(ctx context.Context, actor record.Actor, id string) (LogEntry, error) {
	entry := LogEntry{At: s.now()}
	err := s.act(ctx, actor, record.ReadRelease, ofRelease(id), func(tx *gorm.DB) error {
		row, err := readRelease(tx, id)
		if err != nil {
			return err
		}
		r, err := s.completeRelease(tx, row)
		switch {
		case err != nil:
			return err
		case r.State != record.Frozen && r.State != record.Signed && r.State != record.Countersigned:
			return fault.Errorf(fault.Conflict, "this release waits for nobody any more")
		case r.Documents > maxShown:
			return fault.Errorf(fault.Invalid, "a release of more than %d documents cannot be tried", maxShown)
		}
		if err := tx.Raw("SELECT COALESCE(MAX(number), 0) + 1 FROM releases").Scan(&entry.Number).Error; err != nil {
			return database.Error(err, "release")
		}
		_, rows, err := effectOf(tx, row, entry.Number)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if row.DocumentOf == "" {
				entry.Drop = append(entry.Drop, record.FrozenDrop{Kind: row.Kind, Slug: row.Slug, Notice: row.Notice, Reason: row.Reason})
				continue
			}
			doc, err := s.documentAt(tx, row.DocumentOf, row.Document)
			if err != nil {
				return err
			}
			entry.Put = append(entry.Put, doc)
		}
		return nil
	})
	return entry, err
}

// documentAt reads one document of a release, with its bytes.
func (s *Store) documentAt(tx *gorm.DB, releaseID string, position int64) (record.FrozenDocument, error) {
	var rows []releaseDocumentRow
	if err := tx.Where("release_id = ? AND position = ?", releaseID, position).Find(&rows).Error; err != nil {
		return record.FrozenDocument{}, database.Error(err, "release")
	}
	if len(rows) == 0 {
		return record.FrozenDocument{}, fault.Errorf(fault.NotFound, "a document of this release is not there")
	}
	if err := s.openDocuments(tx, rows); err != nil {
		return record.FrozenDocument{}, err
	}
	return rows[0].document(), nil
}
