package recordstore

import (
	"slices"
	"strings"

	"gorm.io/gorm"

	"track15/models/database"
)

// A frozenText is a text in the version that a release makes public.
type frozenText struct {
	OutputID string
	Number   int64
}

// textsFor are the texts that must be cleared for a release, by their ids: those
// that it takes from the record or brings back itself, and those that fell with
// a round or series and come back with a round that it puts. What an import
// brought was never asked about, and comes back as it came.
func textsFor(tx *gorm.DB, releaseID string) ([]frozenText, error) {
	var own, returning []frozenText
	err := tx.Table("release_drafts").Select("output_id, number").Where("release_id = ? AND fresh = 1", releaseID).Find(&own).Error
	if err != nil {
		return nil, database.Error(err, "release")
	}
	err = tx.Raw(`SELECT DISTINCT was.output_id, was.number FROM release_documents d
		JOIN release_state s ON s.kind = ? AND (s.within_series = 0 AND s.within = d.slug OR s.within_series = 1 AND s.within = d.within)
		JOIN release_drafts was ON was.release_id = s.release_id AND was.output_id = s.object_id
		WHERE d.release_id = ? AND d.kind = ? AND s.present = 0 AND s.notice = ''
		AND EXISTS (SELECT 1 FROM release_drafts asked WHERE asked.output_id = was.output_id AND asked.fresh = 1 AND asked.release_id <> d.release_id)
		AND NOT EXISTS (SELECT 1 FROM release_documents o WHERE o.release_id = d.release_id AND o.kind = s.kind AND o.slug = s.slug)`,
		kindOutput, releaseID, kindRound).Scan(&returning).Error
	all := append(own, returning...)
	slices.SortFunc(all, func(a, b frozenText) int { return strings.Compare(a.OutputID, b.OutputID) })
	return all, database.Error(err, "release")
}
