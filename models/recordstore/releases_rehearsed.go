package recordstore

import (
	"context"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/record"
)

// A Rehearsal is what a withdrawal would do to the public.
type Rehearsal struct {
	Kind, Slug string   // of the document that a reference named
	Entry      LogEntry // what the log would say, with the next number
	// Versions are all versions of what leaves that were ever delivered, with
	// their bytes.
	Versions []record.FrozenDocument
}

// Rehearse computes what withdrawing the round or text with a reference, leaving a
// notice, would do to the public. It changes nothing.
//
// It fails with Invalid if the reference names nothing that can be withdrawn,
// with Conflict if nothing of it is public.
func (s *Store) Rehearse(ctx context.Context, actor record.Actor, reference, notice string) (r Rehearsal, err error) {
	at := func(tx *gorm.DB) (scope, error) {
		key, err := asReferred(tx, reference)
		if err != nil {
			return scope{}, err
		}
		r.Kind, r.Slug = key.kind, key.slug
		return ofDocument(key.kind, key.slug)(tx)
	}
	err = s.act(ctx, actor, record.ReadRelease, at, func(tx *gorm.DB) error {
		if r.Kind == kindSeries {
			return fault.Field("reference", "Only rounds and texts are withdrawn; a series leaves with its last round.")
		}
		if err := tx.Raw("SELECT COALESCE(MAX(number), 0) + 1 FROM releases").Scan(&r.Entry.Number).Error; err != nil {
			return database.Error(err, "release")
		}
		r.Entry.At = s.now()
		e := newEffect(tx, "")
		if err := e.away([]releaseDropRow{{Kind: r.Kind, Slug: r.Slug, Notice: notice}}); err != nil {
			return err
		}
		if err := e.spread(); err != nil {
			return err
		}
		e.settle()
		var keys []documentKey
		for _, row := range e.log(r.Entry.Number) {
			if e.nodes[documentKey{row.Kind, row.Slug}].was.Present == 1 {
				keys = append(keys, documentKey{row.Kind, row.Slug})
			}
			r.Entry.Drop = append(r.Entry.Drop, record.FrozenDrop{Kind: row.Kind, Slug: row.Slug, Notice: row.Notice, Reason: row.Reason})
		}
		if len(keys) == 0 {
			return fault.Errorf(fault.Conflict, "nothing of it is public now")
		}
		for kind, slugs := range byKind(keys) {
			var docs []releaseDocumentRow
			err := tx.Where("kind = ? AND slug IN ? AND release_id IN (SELECT id FROM releases WHERE number > 0)", kind, slugs).Find(&docs).Error
			if err != nil {
				return database.Error(err, "release")
			}
			for _, d := range docs {
				r.Versions = append(r.Versions, d.document())
			}
		}
		return nil
	})
	return r, err
}
