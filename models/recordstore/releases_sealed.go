package recordstore

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"track15/models/database"
)

// The document of a text holds the words of a version. Until it is released its
// bytes are sealed as that version is, and go with the notes of the round.
// Documents of rounds, series and bodies say what stands in clear in the record.

// textsOf reads the texts that documents were made of, by id.
func textsOf(tx *gorm.DB, docs []releaseDocumentRow) (map[string]outputRow, error) {
	var ids []string
	for _, d := range docs {
		if d.Kind == kindOutput {
			ids = append(ids, d.ObjectID)
		}
	}
	of := map[string]outputRow{}
	if len(ids) == 0 {
		return of, nil
	}
	cond, arg, err := database.In(tx, "id", ids)
	if err != nil {
		return nil, err
	}
	var rows []outputRow
	if err := tx.Where(cond, arg).Find(&rows).Error; err != nil {
		return nil, database.Error(err, "texts")
	}
	for _, o := range rows {
		of[o.ID] = o
	}
	return of, nil
}

// sealDocuments seals the bytes of those documents that hold words of a sealed
// version.
func (s *Store) sealDocuments(tx *gorm.DB, docs []releaseDocumentRow) error {
	texts, err := textsOf(tx, docs)
	if err != nil {
		return err
	}
	for i := range docs {
		d := &docs[i]
		o, ok := texts[d.ObjectID]
		if !ok || inClear(o.External != 0, o.Compiled != 0, o.Newest) {
			continue
		}
		if d.Sealed, err = s.ring.Seal(draftSubject(o.RoundID, o.SeriesID), d.Body, documentPlace(*d)); err != nil {
			return err
		}
		d.Body = unsealed()
	}
	return nil
}

// openDocuments puts the bytes of sealed documents in clear, in memory.
func (s *Store) openDocuments(tx *gorm.DB, docs []releaseDocumentRow) error {
	var sealed []releaseDocumentRow
	for _, d := range docs {
		if len(d.Sealed) > 0 {
			sealed = append(sealed, d)
		}
	}
	texts, err := textsOf(tx, sealed)
	if err != nil {
		return err
	}
	for i := range docs {
		d := &docs[i]
		if len(d.Sealed) == 0 {
			continue
		}
		o := texts[d.ObjectID]
		if d.Body, err = s.ring.Open(draftSubject(o.RoundID, o.SeriesID), d.Sealed, documentPlace(*d)); err != nil {
			return err
		}
		d.Sealed = unsealed()
	}
	return nil
}

// unsealRelease stores the documents of a release in clear: it is public from
// the end of the transaction on.
func (s *Store) unsealRelease(tx *gorm.DB, id string) error {
	return eachDocument(tx.Where("release_id = ? AND LENGTH(sealed) > 0", id), func(docs []releaseDocumentRow) error {
		if err := s.openDocuments(tx, docs); err != nil {
			return err
		}
		return storeBytes(tx, docs)
	})
}

// eachDocument reads documents with their bytes, a chunk at a time.
func eachDocument(q *gorm.DB, do func([]releaseDocumentRow) error) error {
	q = q.Session(&gorm.Session{})
	release, after := "", int64(0)
	for {
		var docs []releaseDocumentRow
		err := q.Where("(release_id > ? OR release_id = ? AND position > ?)", release, release, after).
			Order("release_id, position").Limit(releaseChunk).Find(&docs).Error
		if err != nil || len(docs) == 0 {
			return database.Error(err, "release")
		}
		release, after = docs[len(docs)-1].ReleaseID, docs[len(docs)-1].Position
		if err := do(docs); err != nil {
			return err
		}
	}
}

// storeBytes stores what documents say, sealed or in clear.
func storeBytes(tx *gorm.DB, docs []releaseDocumentRow) error {
	for _, d := range docs {
		err := tx.Model(&releaseDocumentRow{}).Where("release_id = ? AND position = ?", d.ReleaseID, d.Position).
			Updates(map[string]any{"body": d.Body, "sealed": d.Sealed}).Error
		if err != nil {
			return database.Error(err, "release")
		}
	}
	return nil
}

func documentPlace(d releaseDocumentRow) []byte {
	return fmt.Appendf(nil, "release_documents %s %d", d.ReleaseID, d.Position)
}

// sealDocuments is the chore of sealing the documents that an older program
// froze in clear and that were not released.
const sealDocuments = "seal documents"

func (s *Store) sealOlderDocuments(ctx context.Context) error {
	return s.chore(ctx, sealDocuments, []string{"release_documents"}, func(tx *gorm.DB) error {
		q := tx.Where("kind = ? AND LENGTH(sealed) = 0 AND release_id IN (SELECT id FROM releases WHERE number = 0)", kindOutput)
		return eachDocument(q, func(docs []releaseDocumentRow) error {
			if err := s.sealDocuments(tx, docs); err != nil {
				return err
			}
			return storeBytes(tx, docs)
		})
	})
}
