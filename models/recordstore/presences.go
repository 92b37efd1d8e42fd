package recordstore

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/record"
)

// A presenceRow is a presence as stored. Where Sealed has bytes, the columns of
// truth stand in them and are empty here.
type presenceRow struct {
	ID               string
	RoundID          string
	Position         int64
	OrganisationID   string
	Words            string
	SideID           string
	Track            string
	Role             string
	Label            string
	CategoryID       string
	AttendsThroughID string
	Disclosed        string
	Sealed           []byte
}

func (presenceRow) TableName() string { return "presences" }

// A truth is what is sealed of a presence that attends through another body.
type truth struct {
	OrganisationID   string `json:"organisation,omitempty"`
	Words            string `json:"words,omitempty"`
	AttendsThroughID string `json:"attends_through"`
	Disclosed        string `json:"disclosed,omitempty"`
}

// toPresenceRow is the one way of a presence into the database: it seals a true
// affiliation.
func (s *Store) toPresenceRow(seriesID, roundID string, position int64, p record.Presence) (presenceRow, error) {
	row := clearPresenceRow(roundID, position, p)
	if p.AttendsThroughID == "" {
		return row, nil
	}
	var err error
	row.Sealed, err = s.seal(seriesID, "presences", p.ID, truth{p.OrganisationID, p.Words, p.AttendsThroughID, p.Disclosed})
	row.OrganisationID, row.Words, row.AttendsThroughID, row.Disclosed = "", "", "", ""
	return row, err
}

// clearPresenceRow is a presence in clear.
func clearPresenceRow(roundID string, position int64, p record.Presence) presenceRow {
	return presenceRow{
		p.ID, roundID, position, p.OrganisationID, p.Words, p.SideID, p.Track, string(p.Role), string(p.Label),
		p.CategoryID, p.AttendsThroughID, p.Disclosed, unsealed(),
	}
}

// clear is the presence as its columns say it, without what is sealed.
func (r presenceRow) clear() record.Presence {
	return record.Presence{
		ID: r.ID, OrganisationID: r.OrganisationID, Words: r.Words, SideID: r.SideID, Track: r.Track,
		Role: record.Role(r.Role), Label: record.DisclosureLabel(r.Label), CategoryID: r.CategoryID,
		AttendsThroughID: r.AttendsThroughID, Disclosed: r.Disclosed,
	}
}

// presence is the one way of a presence out of the database. Without readsTrue
// it opens nothing, so that it needs no keyset, and takes out with a true
// affiliation the badge and all that would join the two: what is left of such a
// presence is the category or side it may be shown as; or nothing, which shown
// says.
func (s *Store) presence(seriesID string, r presenceRow, readsTrue bool) (p record.Presence, shown bool, err error) {
	p = r.clear()
	switch {
	case len(r.Sealed) == 0 && p.AttendsThroughID == "":
		return p, true, nil
	case !readsTrue:
		p, shown = behindBadge(p)
		return p, shown, nil
	}
	var t truth
	err = s.unseal(seriesID, "presences", r.ID, r.Sealed, &t)
	p.OrganisationID, p.Words, p.AttendsThroughID, p.Disclosed = t.OrganisationID, t.Words, t.AttendsThroughID, t.Disclosed
	return p, true, err
}

// behindBadge is what is left of a true affiliation for who may not read it. A
// label of the body or its parent, from before it became one, shows nothing.
func behindBadge(p record.Presence) (_ record.Presence, shown bool) {
	return record.Presence{ID: p.ID, SideID: p.SideID, Label: p.Label, CategoryID: p.CategoryID}, p.Label == record.ByCategory || p.Label == record.BySide
}

// AddPresence adds an organisation to a round, or words that name none, after
// those that are there, and returns it with its ID set.
//
// A presence that attends through another body holds a true affiliation, which
// needs the right to edit those. It fails with Conflict if version is not the
// round's.
func (s *Store) AddPresence(ctx context.Context, actor record.Actor, roundID string, version int64, p record.Presence) (record.Presence, error) {
	p = p.Normal()
	if err := s.identify(&p.ID); err != nil {
		return p, err
	}
	err := s.act(ctx, actor, record.EditRound, ofRound(roundID), func(tx *gorm.DB) error {
		r, err := s.roundByID(tx, roundID)
		if err != nil {
			return err
		}
		if i := presenceAt(r, p.ID); i >= 0 {
			return once(r.Presences[i], &p, p)
		}
		if err := checkPresence(tx, actor, r, record.Presence{}, p); err != nil {
			return err
		}
		if err := step(tx, r, version); err != nil {
			return err
		}
		last, err := lastPlace(tx, roundID)
		if err != nil {
			return err
		}
		return s.insertPresences(tx, r, last, []record.Presence{p})
	})
	return p, err
}

// EditPresence replaces a presence of a round. It fails with Conflict if version
// is not the round's, unless nothing would change.
func (s *Store) EditPresence(ctx context.Context, actor record.Actor, roundID string, version int64, p record.Presence) (record.Presence, error) {
	p = p.Normal()
	err := s.changePresence(ctx, actor, roundID, p.ID, func(tx *gorm.DB, r record.Round, was record.Presence, position int64) error {
		if was == p {
			return errUnchanged
		}
		if err := checkPresence(tx, actor, r, was, p); err != nil {
			return err
		}
		r.Presences[presenceAt(r, p.ID)] = p
		if err := s.keepBadges(tx, r); err != nil {
			return err
		}
		if err := step(tx, r, version); err != nil {
			return err
		}
		row, err := s.toPresenceRow(r.SeriesID, roundID, position, p)
		if err != nil {
			return err
		}
		if err := remember[presenceRow](tx, p.ID); err != nil {
			return err
		}
		if err := tx.Select("*").Where("id = ?", p.ID).Updates(&row).Error; err != nil {
			return database.Error(err, "presence")
		}
		return s.sealPastOfPresence(tx, r.SeriesID, p.ID)
	})
	return p, err
}

// RemovePresence takes a presence off a round. It fails with Conflict if version
// is not the round's.
func (s *Store) RemovePresence(ctx context.Context, actor record.Actor, roundID, presenceID string, version int64) error {
	return s.changePresence(ctx, actor, roundID, presenceID, func(tx *gorm.DB, r record.Round, was record.Presence, _ int64) error {
		if err := mayEditTrue(actor, r, was); err != nil {
			return err
		}
		at := presenceAt(r, presenceID)
		r.Presences = slices.Delete(r.Presences, at, at+1)
		if err := s.keepBadges(tx, r); err != nil {
			return err
		}
		if err := step(tx, r, version); err != nil {
			return err
		}
		if err := remember[presenceRow](tx, presenceID); err != nil {
			return err
		}
		return database.Error(tx.Where("id = ?", presenceID).Delete(&presenceRow{}).Error, "presence")
	})
}

// changePresence is the act of editing a presence that is there.
func (s *Store) changePresence(ctx context.Context, actor record.Actor, roundID, presenceID string, fn func(tx *gorm.DB, r record.Round, was record.Presence, position int64) error) error {
	return s.act(ctx, actor, record.EditRound, ofRound(roundID), func(tx *gorm.DB) error {
		r, err := s.roundByID(tx, roundID)
		if err != nil {
			return err
		}
		var row presenceRow
		if !isID(presenceID) {
			return nothing()
		}
		if err := tx.Where("id = ? AND round_id = ?", presenceID, roundID).Take(&row).Error; err != nil {
			return database.Error(err, "presence")
		}
		was, _, err := s.presence(r.SeriesID, row, true)
		if err != nil {
			return err
		}
		return fn(tx, r, was, row.Position)
	})
}

// checkPresence holds a presence to the rules of the field, and a true
// affiliation to the right to edit those.
func checkPresence(tx *gorm.DB, actor record.Actor, r record.Round, was, p record.Presence) error {
	if err := mayEditTrue(actor, r, was); err != nil {
		return err
	}
	return holdPresences(tx, actor, r, []record.Presence{p})
}

// holdPresences is checkPresence for several that are new: it reads the series
// and the bodies once.
func holdPresences(tx *gorm.DB, actor record.Actor, r record.Round, all []record.Presence) error {
	if len(all) == 0 {
		return nil
	}
	for _, p := range all {
		if err := mayEditTrue(actor, r, p); err != nil {
			return err
		}
	}
	known, err := bodiesForRules(tx, namedBy(all))
	if err != nil {
		return err
	}
	series, err := seriesByID(tx, r.SeriesID)
	if err != nil {
		return err
	}
	for _, p := range all {
		if err := holdPresence(series, known, p); err != nil {
			return err
		}
	}
	return nil
}

// bodiesForRules reads of each body what the rules of presences ask for, and
// nothing else: reading ten whole entries took an eighth of logging a round.
func bodiesForRules(tx *gorm.DB, ids []string) (map[string]record.Organisation, error) {
	cond, arg, err := database.In(tx, "id", ids)
	if err != nil {
		return nil, err
	}
	rows, err := tx.Model(&organisationRow{}).Where(cond, arg).Select("id", "kind", "parent_id", "at_least_three").Rows()
	if err != nil {
		return nil, database.Error(err, "organisations")
	}
	defer rows.Close()
	out := make(map[string]record.Organisation, len(ids))
	for rows.Next() {
		var o record.Organisation
		if err := rows.Scan(&o.ID, &o.Kind, &o.ParentID, &o.AtLeastThree); err != nil {
			return nil, database.Error(err, "organisations")
		}
		out[o.ID] = o
	}
	return out, database.Error(rows.Err(), "organisations")
}

// insertPresences stores presences of a round behind the place last.
func (s *Store) insertPresences(tx *gorm.DB, r record.Round, last int64, all []record.Presence) error {
	rows := make([]presenceRow, len(all))
	for i, p := range all {
		var err error
		if rows[i], err = s.toPresenceRow(r.SeriesID, r.ID, last+1+int64(i), p); err != nil {
			return err
		}
	}
	return database.Error(database.Insert(tx, rows), "presence")
}

// lastPlace is the place of the last presence of a round, 0 for none.
func lastPlace(tx *gorm.DB, roundID string) (int64, error) {
	var last int64
	err := tx.Model(&presenceRow{}).Where("round_id = ?", roundID).Select("COALESCE(MAX(position), 0)").Scan(&last).Error
	return last, database.Error(err, "presence")
}

// holdPresence holds a presence in a series to the rules of the field. known are
// the entries of the directory that it names.
func holdPresence(series record.Series, known map[string]record.Organisation, p record.Presence) error {
	if err := p.Check(func(id string) (record.Organisation, bool) { o, ok := known[id]; return o, ok }); err != nil {
		return err
	}
	if p.SideID != "" && !series.HasSide(p.SideID) {
		return fault.Field("side", "Choose a side of this series.")
	}
	return nil
}

func mayEditTrue(actor record.Actor, r record.Round, p record.Presence) error {
	if p.AttendsThroughID != "" && !actor.May(record.EditTrue, r.SeriesID) {
		return refuse(record.EditTrue)
	}
	return nil
}

func presenceAt(r record.Round, id string) int {
	return slices.IndexFunc(r.Presences, func(p record.Presence) bool { return p.ID == id })
}

// presencesOf reads the presences of a round of the series, in order: see
// presence for what is left of them without readsTrue.
func (s *Store) presencesOf(tx *gorm.DB, seriesID, roundID string, readsTrue bool) ([]record.Presence, error) {
	var rows []presenceRow
	if err := tx.Where("round_id = ?", roundID).Order("position").Find(&rows).Error; err != nil {
		return nil, database.Error(err, "presences")
	}
	var out []record.Presence
	for _, row := range rows {
		p, shown, err := s.presence(seriesID, row, readsTrue)
		if err != nil {
			return nil, err
		}
		if shown {
			out = append(out, p)
		}
	}
	return out, nil
}

func organisationIDs(all []record.Presence) []string {
	ids := make([]string, 0, len(all))
	for _, p := range all {
		ids = append(ids, p.OrganisationID)
	}
	return ids
}

// disclosedForms leaves of each presence its public form: the body, its parent,
// the category or the side, each once. What is withheld is left out.
func disclosedForms(all []record.Presence, bodies map[string]record.Organisation) []record.Presence {
	var out []record.Presence
	seen := map[record.Presence]bool{}
	for _, p := range all {
		p.Disclosed = ""
		switch p.Label {
		case record.Exact:
		case record.ByParent:
			if p.OrganisationID = bodies[p.OrganisationID].ParentID; p.OrganisationID == "" {
				continue
			}
		case record.ByCategory:
			if p.CategoryID == "" {
				p.CategoryID = p.OrganisationID
			}
			p.OrganisationID, p.Track, p.Role = "", "", record.Participant
		case record.BySide:
			p.OrganisationID, p.Track, p.Role = "", "", record.Participant
		default:
			continue
		}
		form := p
		form.ID = ""
		if !seen[form] {
			seen[form] = true
			out = append(out, p)
		}
	}
	return out
}
