package recordstore

import (
	"cmp"
	"iter"
	"maps"
	"slices"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/record"
)

// Kinds of release documents, as published.Kind.
const (
	kindSeries       = "series"
	kindOrganisation = "organisation"
	kindRound        = "round"
	kindOutput       = "output"
	kindObservation  = "observation" // has a slug but no document
)

// A documentKey names a release document.
type documentKey struct{ kind, slug string }

func (k documentKey) compare(l documentKey) int {
	return cmp.Or(cmp.Compare(k.kind, l.kind), cmp.Compare(k.slug, l.slug))
}

// byKind yields the slugs of each kind in chunks, sorted.
func byKind(keys []documentKey) iter.Seq2[string, []string] {
	return func(yield func(string, []string) bool) {
		slugs := map[string][]string{}
		for _, k := range keys {
			slugs[k.kind] = append(slugs[k.kind], k.slug)
		}
		for _, kind := range slices.Sorted(maps.Keys(slugs)) {
			slices.Sort(slugs[kind])
			for part := range slices.Chunk(slices.Compact(slugs[kind]), releaseChunk) {
				if !yield(kind, part) {
					return
				}
			}
		}
	}
}

// readStates reads where documents stand; what was never delivered is absent.
func readStates(tx *gorm.DB, keys []documentKey) (map[documentKey]releaseStateRow, error) {
	all := map[documentKey]releaseStateRow{}
	for kind, slugs := range byKind(keys) {
		var rows []releaseStateRow
		if err := tx.Where("kind = ? AND slug IN ?", kind, slugs).Find(&rows).Error; err != nil {
			return nil, database.Error(err, "release")
		}
		for _, r := range rows {
			all[documentKey{r.Kind, r.Slug}] = r
		}
	}
	return all, nil
}

// seriesOfDocument returns the id of the series a round or text is of.
func seriesOfDocument(tx *gorm.DB, k documentKey) (string, error) {
	missing := fault.Errorf(fault.NotFound, "nothing of this name was released")
	for range 3 { // output, round, series
		states, err := readStates(tx, []documentKey{k})
		if err != nil {
			return "", err
		}
		s, ok := states[k]
		switch {
		case !ok:
			return "", missing
		case k.kind == kindSeries:
			return s.ObjectID, nil
		case k.kind == kindOutput && s.WithinSeries == 0:
			k = documentKey{kindRound, s.Within}
		case k.kind == kindOutput || k.kind == kindRound:
			k = documentKey{kindSeries, s.Within}
		default:
			return "", missing
		}
	}
	return "", missing
}

// publicDocuments returns the documents that states speak of, with their
// bytes, sorted by kind and slug.
func publicDocuments(tx *gorm.DB, states []releaseStateRow) ([]record.PublicDocument, error) {
	slices.SortFunc(states, func(a, b releaseStateRow) int {
		return documentKey{a.Kind, a.Slug}.compare(documentKey{b.Kind, b.Slug})
	})
	var all []record.PublicDocument
	for part := range slices.Chunk(states, releaseChunk) {
		keys := make([]documentKey, len(part))
		for i, s := range part {
			keys[i] = documentKey{s.Kind, s.Slug}
		}
		bodies := map[documentKey]releaseDocumentRow{}
		numbers := map[documentKey]releaseRow{}
		for kind, slugs := range byKind(keys) {
			var rows []releaseDocumentRow
			err := tx.Raw(`SELECT d.* FROM release_documents d JOIN release_state s
				ON s.kind = d.kind AND s.slug = d.slug AND s.release_id = d.release_id AND s.document = d.position
				WHERE s.kind = ? AND s.slug IN ?`, kind, slugs).Scan(&rows).Error
			if err != nil {
				return nil, database.Error(err, "release")
			}
			for _, r := range rows {
				bodies[documentKey{r.Kind, r.Slug}] = r
			}
			var of []struct {
				Slug       string
				Number     int64
				NumberedAt int64
			}
			err = tx.Raw(`SELECT s.slug, r.number, r.numbered_at FROM release_state s JOIN releases r ON r.id = s.release_id
				WHERE s.kind = ? AND s.slug IN ?`, kind, slugs).Scan(&of).Error
			if err != nil {
				return nil, database.Error(err, "release")
			}
			for _, r := range of {
				numbers[documentKey{kind, r.Slug}] = releaseRow{Number: r.Number, NumberedAt: r.NumberedAt}
			}
		}
		for i, s := range part {
			d, ok := bodies[keys[i]]
			if !ok {
				continue // named by a round, never released by itself
			}
			all = append(all, record.PublicDocument{
				FrozenDocument: d.document(), ReleaseID: s.ReleaseID,
				Number: numbers[keys[i]].Number, At: numbers[keys[i]].NumberedAt,
				Notice: s.Notice, ChangedBy: s.ChangedBy, Present: s.Present == 1,
			})
		}
	}
	return all, nil
}
