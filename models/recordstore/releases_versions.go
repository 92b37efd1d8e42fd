package recordstore

import (
	"track15/models/database"
	"track15/models/record"
)

// saveVersions stores of which version of a text each document was made: one
// whose words come from the record, of what was read there; one that follows its
// round or comes back, of that which the public document was made of. What an
// import brought is the only version there is.
func (f *Freezing) saveVersions() error {
	err := f.tx.Exec(`INSERT INTO release_drafts (release_id, output_id, number)
		SELECT d.release_id, o.id, COALESCE((SELECT was.number FROM release_state s JOIN release_drafts was ON was.release_id = s.release_id
			WHERE s.kind = d.kind AND s.slug = d.slug AND was.output_id = o.id), o.newest)
		FROM release_documents d JOIN outputs o ON o.id = d.object_id
		WHERE d.release_id = ? AND d.kind = 'output'`, f.Release.ID).Error
	if err != nil {
		return database.Error(err, "release")
	}
	if f.Release.Kind == record.Restoration { // what comes back must be cleared still
		err := f.tx.Table("release_drafts").Where("release_id = ?", f.Release.ID).Update("fresh", 1).Error
		if err != nil {
			return database.Error(err, "release")
		}
	}
	texts := map[int64][]string{}
	for id, number := range f.fresh {
		texts[number] = append(texts[number], id)
	}
	for number, ids := range texts {
		cond, arg, err := database.In(f.tx, "output_id", ids)
		if err != nil {
			return err
		}
		err = f.tx.Table("release_drafts").Where("release_id = ?", f.Release.ID).Where(cond, arg).
			Updates(map[string]any{"number": number, "fresh": 1}).Error
		if err != nil {
			return database.Error(err, "release")
		}
	}
	return nil
}
