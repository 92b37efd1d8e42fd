package recordstore

import (
	"context"

	"gorm.io/gorm"

	"track15/models/record"
)

// NamesOf returns the entries of the directory that a round names as far as the
// actor may read the round, by id: bodies, badges, categories, and the parents
// that a label shows.
//
// Who may not read the directory gets of an entry what a page shows of it: name,
// acronym, native names, kind and country.
func (s *Store) NamesOf(ctx context.Context, actor record.Actor, roundID string) (map[string]record.Organisation, error) {
	var out map[string]record.Organisation
	err := s.act(ctx, actor, record.ReadDates, ofRound(roundID), func(tx *gorm.DB) error {
		r, err := s.roundFor(tx, actor, roundID)
		if err != nil {
			return err
		}
		if out, err = organisationsByID(tx, namedBy(r.Presences)); err != nil {
			return err
		}
		if !actor.MayAnywhere(record.ReadDirectory) {
			for id, o := range out {
				out[id] = record.Organisation{ID: o.ID, Name: o.Name, Acronym: o.Acronym, Native: o.Native, Kind: o.Kind, Country: o.Country}
			}
			return nil
		}
		var parents []string
		for _, p := range r.Presences {
			if id := out[p.OrganisationID].ParentID; p.Label == record.ByParent && id != "" {
				parents = append(parents, id)
			}
		}
		above, err := organisationsByID(tx, parents)
		for id, o := range above {
			out[id] = o
		}
		return err
	})
	return out, err
}

// namedBy are the ids of all entries of the directory that presences point to.
func namedBy(all []record.Presence) []string {
	var ids []string
	for _, p := range all {
		for _, id := range []string{p.OrganisationID, p.AttendsThroughID, p.CategoryID} {
			if id != "" {
				ids = append(ids, id)
			}
		}
	}
	return ids
}
