package recordstore

import (
	"errors"
	"slices"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/record"
)

func (f OutputFilter) check() error {
	return errors.Join(
		record.CheckLine("series", f.SeriesID), record.CheckLine("round", f.RoundID), record.CheckLine("kind", string(f.Kind)),
		record.CheckLine("standing", string(f.Standing)), record.CheckLine("query", f.Query),
		record.CheckLine("editor", f.EditorID),
	)
}

// narrow restricts a query of texts to those that the filter selects, but for
// the words of the title, which stand in no column.
func (f OutputFilter) narrow(tx, q *gorm.DB) *gorm.DB {
	for column, value := range map[string]string{"series_id": f.SeriesID, "round_id": f.RoundID, "kind": string(f.Kind)} {
		if value != "" {
			q = q.Where(column+" = ?", value)
		}
	}
	if f.Ours != f.Others {
		q = q.Where("external = ?", flag(f.Others))
	}
	if f.Since > 0 || f.Until > 0 {
		dated := tx.Table("drafts").Select("1").Joins("LEFT JOIN rounds ON rounds.id = outputs.round_id").
			Where("drafts.output_id = outputs.id AND drafts.number = outputs.newest")
		q = q.Where("EXISTS (?)", within(dated, "COALESCE(NULLIF(drafts.date, ''), rounds.sort_on)", f.Since, f.Until))
	}
	if f.Discussed {
		q = q.Where("id IN (?)", tx.Model(&commentRow{}).Select("output_id").Where("settled = 0"))
	}
	if f.EditorID != "" {
		saved := tx.Table("drafts").Select("1").Where("drafts.output_id = outputs.id AND drafts.number = outputs.newest AND drafts.author_id = ?", f.EditorID)
		since := tx.Table("release_state").Select("1").Joins("JOIN release_drafts ON release_drafts.release_id = release_state.release_id AND release_drafts.output_id = release_state.object_id").
			Where("release_state.kind = ? AND release_state.object_id = outputs.id AND release_drafts.number >= outputs.newest", kindOutput)
		q = q.Where("external = 0 AND EXISTS (?) AND NOT EXISTS (?)", saved, since)
	}
	of := func() *gorm.DB {
		return tx.Model(&releaseStateRow{}).Select("object_id").Where("kind = ?", kindOutput)
	}
	switch f.Standing {
	case "":
	case record.Unreleased:
		q = q.Where("id NOT IN (?)", of())
	case record.InPublic:
		q = q.Where("id IN (?)", of().Where("present = 1"))
	case record.NotShown:
		q = q.Where("id IN (?)", of().Where("present = 0"))
	default:
		q = q.Where("1 = 0")
	}
	return q
}

// stand says of texts where they stand with the public.
func stand(tx *gorm.DB, all []record.Output) error {
	ids := make([]string, len(all))
	for i, o := range all {
		ids[i] = o.ID
	}
	standing := map[string]record.Standing{}
	for part := range slices.Chunk(ids, 500) {
		var rows []releaseStateRow
		if err := tx.Where("kind = ? AND object_id IN ?", kindOutput, part).Find(&rows).Error; err != nil {
			return database.Error(err, "texts")
		}
		for _, row := range rows {
			standing[row.ObjectID] = record.NotShown
			if row.Present != 0 {
				standing[row.ObjectID] = record.InPublic
			}
		}
	}
	for i, o := range all {
		all[i].Standing = record.Unreleased
		if s, released := standing[o.ID]; released {
			all[i].Standing = s
		}
	}
	return nil
}
