package recordstore

import (
	"iter"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/record"
)

// A Verifier holds a release to its hash and its signatures. It is given the
// documents one by one, with their bytes, and fails with Forbidden if something
// does not fit.
type Verifier func(record.Release, iter.Seq2[record.FrozenDocument, error]) error

// sound holds all that a release would put to what two people signed: its own
// documents, and those of earlier releases that fell with something and come
// back with it. Of the latter each must be the last word on its address: nothing
// delivered after it puts another there or takes it away.
//
// It reads each of the releases whole: a text that comes back from the first
// import costs a look at all of it.
func (s *Store) sound(tx *gorm.DB, claimed record.Release, rows []releaseLogRow, verify Verifier) error {
	if err := verify(claimed, s.documentsOf(tx, claimed.ID)); err != nil {
		return err
	}
	verified := map[string]releaseRow{}
	for _, row := range rows {
		if row.DocumentOf == "" || row.DocumentOf == claimed.ID {
			continue
		}
		origin, seen := verified[row.DocumentOf]
		if !seen {
			var err error
			if origin, err = s.verifyEarlier(tx, row.DocumentOf, verify); err != nil {
				return err
			}
			verified[row.DocumentOf] = origin
		}
		if err := lastWord(tx, origin, row); err != nil {
			return err
		}
	}
	return nil
}

// verifyEarlier holds a release that was delivered to what was signed.
func (s *Store) verifyEarlier(tx *gorm.DB, id string, verify Verifier) (releaseRow, error) {
	row, err := readRelease(tx, id)
	if err != nil {
		return row, err
	}
	if row.Number == 0 {
		return row, fault.Errorf(fault.Forbidden, "a document comes back that was never delivered")
	}
	r, err := s.completeRelease(tx, row)
	if err != nil {
		return row, err
	}
	return row, verify(r, s.documentsOf(tx, id))
}

// lastWord holds that the log's row puts what its release put at that address,
// and that nothing since put another there or took it away.
func lastWord(tx *gorm.DB, origin releaseRow, row releaseLogRow) error {
	var there, later int64
	err := tx.Model(&releaseDocumentRow{}).
		Where("release_id = ? AND position = ? AND kind = ? AND slug = ?", origin.ID, row.Document, row.Kind, row.Slug).Count(&there).Error
	if err != nil {
		return database.Error(err, "release")
	}
	for _, table := range []string{"release_documents", "release_drops"} {
		var n int64
		err := tx.Raw("SELECT COUNT(*) FROM "+table+" o JOIN releases r ON r.id = o.release_id WHERE o.kind = ? AND o.slug = ? AND r.number > ?",
			row.Kind, row.Slug, origin.Number).Scan(&n).Error
		if err != nil {
			return database.Error(err, "release")
		}
		later += n
	}
	if there != 1 || later > 0 {
		return fault.Errorf(fault.Forbidden, "a document comes back that is not the last that was delivered at its address")
	}
	return nil
}
