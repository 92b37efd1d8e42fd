package recordstore

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/record"
)

// Warnings are what a reader may conclude from a release, see record.Surrounding.
// They rest on every round of its series, so that they are for who may read those.
// It reads them all.
//
// It fails with Forbidden for anybody else.
func (s *Store) Warnings(ctx context.Context, actor record.Actor, id string) (all []record.Warning, err error) {
	err = s.act(ctx, actor, record.ReadRelease, ofRelease(id), func(tx *gorm.DB) error {
		may, err := mayOn(tx, actor, record.ReadRound, id)
		if err != nil {
			return err
		}
		if !may {
			return fault.Errorf(fault.Forbidden, "what a reader may conclude is for who may read the rounds of the series")
		}
		row, err := readRelease(tx, id)
		if err != nil {
			return err
		}
		r, err := s.completeRelease(tx, row)
		if err != nil || r.Import || r.Kind.Closes() {
			return err
		}
		around, err := s.surrounding(tx, r)
		all = around.Warnings()
		return err
	})
	return all, err
}

// surrounding is what a release stands among: the rounds of its series, their
// bodies, who wrote and who was there.
func (s *Store) surrounding(tx *gorm.DB, of record.Release) (record.Surrounding, error) {
	out := record.Surrounding{Today: s.clock()}
	fresh := map[string]bool{} // objects that the release puts
	var docs []releaseDocumentRow
	if err := tx.Select(documentColumns).Where("release_id = ?", of.ID).Order("position").Limit(maxShown).Find(&docs).Error; err != nil {
		return out, database.Error(err, "release")
	}
	for _, d := range docs {
		fresh[d.ObjectID] = true
		if d.Kind != kindOutput {
			continue
		}
		o, err := s.outputByID(tx, d.ObjectID)
		if err != nil {
			return out, err
		}
		fresh[o.RoundID] = true
		for _, a := range o.Draft.Authors {
			out.Authors = append(out.Authors, a.Family+", "+a.Given)
		}
	}
	var shown []string
	err := tx.Model(&releaseStateRow{}).Where("kind = ? AND present = 1", kindRound).Pluck("object_id", &shown).Error
	if err != nil {
		return out, database.Error(err, "release")
	}
	var ids []string
	if err := tx.Model(&roundRow{}).Where("series_id IN ?", of.SeriesIDs).Order("sort_on, id").Pluck("id", &ids).Error; err != nil {
		return out, database.Error(err, "rounds")
	}
	for _, id := range ids {
		r, err := s.roundByID(tx, id)
		if err != nil {
			return out, err
		}
		a, err := around(tx, r)
		if err != nil {
			return out, err
		}
		a.Fresh, a.Shown = fresh[id], fresh[id] || slices.Contains(shown, id)
		out.Rounds = append(out.Rounds, a)
		if a.Fresh {
			if out.Guests, err = s.guests(tx, r, out.Guests); err != nil {
				return out, err
			}
		}
	}
	return out, nil
}

// around is one round with its bodies.
func around(tx *gorm.DB, r record.Round) (record.Around, error) {
	name := r.OrdinalLabel
	if name == "" {
		name = r.InternalTitle
	}
	a := record.Around{Name: name, Opens: r.Opens, State: r.State}
	var ids []string
	for _, p := range r.Presences {
		ids = append(ids, p.OrganisationID, p.CategoryID)
	}
	bodies, err := organisationsByID(tx, ids)
	for _, p := range r.Presences {
		a.Bodies = append(a.Bodies, record.AroundBody{
			OrganisationID: p.OrganisationID, Name: bodies[p.OrganisationID].Name, Label: p.Label, CategoryID: p.CategoryID, Category: bodies[p.CategoryID].Name,
		})
	}
	return a, err
}

// guests adds the people of a round who did not clear their name.
func (s *Store) guests(tx *gorm.DB, r record.Round, all []string) ([]string, error) {
	parts, err := s.participationsOf(tx, r.SeriesID, r.ID, false)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, p := range parts {
		if p.Name.State != record.ClearanceGranted {
			ids = append(ids, p.PersonID)
		}
	}
	people, err := peopleByID(tx, ids)
	for _, p := range people {
		all = append(all, p.Family+", "+p.Given)
	}
	slices.Sort(all)
	return slices.Compact(all), err
}
