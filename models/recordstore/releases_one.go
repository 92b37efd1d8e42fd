package recordstore

import (
	"context"

	"gorm.io/gorm"

	"track15/models/fault"
	"track15/models/record"
)

// PublicDocument returns one document that was ever delivered, with its bytes,
// as it stands now. It fails with NotFound if there is none, or if the actor
// may not read releases of the series that a round or text is of.
func (s *Store) PublicDocument(ctx context.Context, actor record.Actor, kind, slug string) (doc record.PublicDocument, err error) {
	at := ofDocument(kind, slug)
	if kind == kindSeries || kind == kindOrganisation {
		at = house()
	}
	err = s.act(ctx, actor, record.ReadRelease, at, func(tx *gorm.DB) error {
		key := documentKey{kind, slug}
		states, err := readStates(tx, []documentKey{key})
		if err != nil {
			return err
		}
		standing, ok := states[key]
		if !ok {
			return fault.Errorf(fault.NotFound, "nothing of this name was released")
		}
		docs, err := publicDocuments(tx, []releaseStateRow{standing})
		if err != nil || len(docs) != 1 {
			return err
		}
		doc = docs[0]
		return nil
	})
	return doc, err
}
