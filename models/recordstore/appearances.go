package recordstore

import (
	"context"
	"errors"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/record"
)

// An Appearance is that a person took part in a round. Round has no presences.
// Badge is the presence whose badge was worn and True the one behind it, each
// the zero Presence where there is none or the actor may not read it.
type Appearance struct {
	record.Participation
	Round record.Round
	Badge record.Presence
	True  record.Presence
}

// An AppearanceFilter selects appearances. Its zero value means all but those
// at hidden rounds. SideID is the person's. Requested selects those with a
// clearance that waits for an answer. Page counts from 1; PerPage 0 means no
// limit.
type AppearanceFilter struct {
	BodyFilter
	PersonID      string
	Capacity      record.Capacity
	State         record.Attendance
	Requested     bool
	Page, PerPage int
}

// Appearances lists who took part in the rounds that the actor may read, newest
// round first, and counts them.
func (s *Store) Appearances(ctx context.Context, actor record.Actor, f AppearanceFilter) ([]Appearance, int, error) {
	var out []Appearance
	var total int64
	if err := errors.Join(
		f.check(), record.CheckLine("person", f.PersonID), record.CheckLine("capacity", string(f.Capacity)), record.CheckLine("state", string(f.State)),
	); err != nil {
		return nil, 0, err
	}
	err := s.act(ctx, actor, record.ReadRound, house(), func(tx *gorm.DB) error {
		q := tx.Table("participations AS p").Joins("JOIN rounds r ON r.id = p.round_id")
		if f.Country != "" || f.Kind != "" {
			q = q.Joins("JOIN presences b ON b.id = p.presence_id")
		}
		q, err := s.of(tx, q, actor, f.BodyFilter)
		if err != nil {
			return err
		}
		if f.OrganisationID != "" {
			if q, err = s.underBody(tx, q, actor, f.BodyFilter); err != nil {
				return err
			}
		}
		if f.PersonID != "" {
			q = q.Where("p.person_id = ?", f.PersonID)
		}
		if f.SideID != "" {
			q = q.Where("p.side_id = ?", f.SideID)
		}
		if f.Capacity != "" {
			q = q.Where("p.capacity = ?", string(f.Capacity))
		}
		if f.State != "" {
			q = q.Where("p.state = ?", string(f.State))
		}
		if f.Requested {
			q = q.Where("p.requested > 0")
		}
		if err := q.Count(&total).Error; err != nil {
			return database.Error(err, "participations")
		}
		var rows []participationRow
		err = paged(q.Select("p.*"), f.Page, f.PerPage).
			Order("r.sort_on DESC, r.id DESC, SUBSTR(p.code, 1, 1), LENGTH(p.code), p.code").Find(&rows).Error
		if err != nil {
			return database.Error(err, "participations")
		}
		out, err = s.appearances(tx, actor, rows, true)
		return err
	})
	return out, int(total), err
}

// underBody restricts a query over participations p to those under the bodies
// of a filter, or behind a badge for one of them.
func (s *Store) underBody(tx, q *gorm.DB, actor record.Actor, f BodyFilter) (*gorm.DB, error) {
	body, err := s.soughtBody(tx, actor, f)
	if err != nil {
		return nil, err
	}
	in, ids, err := database.In(tx, "organisation_id", body.ids)
	if err != nil {
		return nil, err
	}
	under := "p.presence_id IN (SELECT id FROM presences WHERE " + in + ")"
	if len(body.behind) == 0 {
		return q.Where(under, ids), nil
	}
	truly, err := s.participationsBehind(tx, actor, body.behind)
	if err != nil {
		return nil, err
	}
	among, list, err := database.In(tx, "p.id", truly)
	return q.Where("("+under+" OR "+among+")", ids, list), err
}

// participationsBehind are the participations whose true affiliation is one of
// the presences. What is sealed at their rounds is opened and looked through.
func (s *Store) participationsBehind(tx *gorm.DB, actor record.Actor, presences []string) ([]string, error) {
	in, list, err := database.In(tx, "id", presences)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		ID       string
		Sealed   []byte
		SeriesID string
	}
	q := tx.Table("participations AS p").Select("p.id, p.sealed, r.series_id").Joins("JOIN rounds r ON r.id = p.round_id").
		Where("length(p.sealed) > 0 AND p.round_id IN (SELECT round_id FROM presences WHERE "+in+")", list)
	if err := visible(q, actor, record.ReadTrue, "r.series_id").Scan(&rows).Error; err != nil {
		return nil, database.Error(err, "participations")
	}
	wanted := map[string]bool{}
	for _, id := range presences {
		wanted[id] = true
	}
	ids := []string{}
	for _, row := range rows {
		var a affiliation
		if err := s.unseal(row.SeriesID, "participations", row.ID, row.Sealed, &a); err != nil {
			return nil, err
		}
		if wanted[a.PresenceID] {
			ids = append(ids, row.ID)
		}
	}
	return ids, nil
}

// appearances puts participations beside their rounds and presences, as far as
// the actor may read them. Without truly nothing sealed is opened.
func (s *Store) appearances(tx *gorm.DB, actor record.Actor, rows []participationRow, truly bool) ([]Appearance, error) {
	var roundIDs []string
	for _, row := range rows {
		roundIDs = append(roundIDs, row.RoundID)
	}
	rounds, err := roundsByID(tx, actor, roundIDs)
	if err != nil {
		return nil, err
	}
	out := make([]Appearance, len(rows))
	var presenceIDs []string
	for i, row := range rows {
		r := rounds[row.RoundID]
		p, err := s.participation(r.SeriesID, row, truly && actor.May(record.ReadTrue, r.SeriesID))
		if err != nil {
			return nil, err
		}
		out[i] = Appearance{Participation: p, Round: r}
		presenceIDs = append(presenceIDs, p.PresenceID, p.TruePresenceID)
	}
	presences, err := s.presencesByID(tx, actor, rounds, presenceIDs)
	for i := range out {
		out[i].Badge, out[i].True = presences[out[i].PresenceID], presences[out[i].TruePresenceID]
	}
	return out, err
}

// roundsByID are the rounds with the ids, by id, without presences, as far as
// the actor may read them.
func roundsByID(tx *gorm.DB, actor record.Actor, ids []string) (map[string]record.Round, error) {
	in, list, err := database.In(tx, "id", ids)
	if err != nil {
		return nil, err
	}
	var rows []roundRow
	if err := tx.Where(in, list).Find(&rows).Error; err != nil {
		return nil, database.Error(err, "rounds")
	}
	out := make(map[string]record.Round, len(rows))
	for _, row := range rows {
		if out[row.ID], err = view(tx, actor, row.round()); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// presencesByID are the presences of the rounds with the ids, by id, as far as
// the actor may read them.
func (s *Store) presencesByID(tx *gorm.DB, actor record.Actor, rounds map[string]record.Round, ids []string) (map[string]record.Presence, error) {
	in, list, err := database.In(tx, "id", ids)
	if err != nil {
		return nil, err
	}
	var rows []presenceRow
	if err := tx.Where(in, list).Find(&rows).Error; err != nil {
		return nil, database.Error(err, "presences")
	}
	out := make(map[string]record.Presence, len(rows))
	for _, row := range rows {
		series := rounds[row.RoundID].SeriesID
		p, shown, err := s.presence(series, row, actor.May(record.ReadTrue, series))
		if err != nil {
			return nil, err
		}
		if shown {
			out[row.ID] = p
		}
	}
	return out, nil
}

// A PresenceAt is an organisation, or words that name none, at a round. Round
// has no presences. People is how many take part under its badge.
type PresenceAt struct {
	record.Presence
	Round  record.Round
	People int
}

// A PresenceFilter selects presences. Its zero value means all but those at
// hidden rounds. Label, if it is not nil, is the one they have. Page counts from
// 1; PerPage 0 means no limit.
type PresenceFilter struct {
	BodyFilter
	Track         string
	Label         *record.DisclosureLabel
	Page, PerPage int
}

// Presences lists the bodies at the rounds that the actor may read, newest round
// first, and counts them. Who may not read true affiliations of a series finds
// those of its presences that hide none.
func (s *Store) Presences(ctx context.Context, actor record.Actor, f PresenceFilter) ([]PresenceAt, int, error) {
	var out []PresenceAt
	var total int64
	if err := errors.Join(f.check(), record.CheckLine("track", f.Track)); err != nil {
		return nil, 0, err
	}
	err := s.act(ctx, actor, record.ReadRound, house(), func(tx *gorm.DB) error {
		q := tx.Table("presences AS b").Joins("JOIN rounds r ON r.id = b.round_id")
		if all, ids := actor.SeriesFor(record.ReadTrue); !all {
			q = q.Where("(length(b.sealed) = 0 OR r.series_id IN ?)", append(ids, ""))
		}
		q, err := s.of(tx, q, actor, f.BodyFilter)
		if err != nil {
			return err
		}
		if f.OrganisationID != "" {
			body, err := s.soughtBody(tx, actor, f.BodyFilter)
			if err != nil {
				return err
			}
			in, ids, err := database.In(tx, "b.organisation_id", body.ids)
			if err != nil {
				return err
			}
			among, list, err := database.In(tx, "b.id", append([]string{}, body.behind...))
			if err != nil {
				return err
			}
			q = q.Where("("+in+" OR "+among+")", ids, list)
		}
		if f.SideID != "" {
			q = q.Where("b.side_id = ?", f.SideID)
		}
		if f.Track != "" {
			q = q.Where("b.track = ?", f.Track)
		}
		if f.Label != nil {
			q = q.Where("b.label = ?", string(*f.Label))
		}
		if err := q.Count(&total).Error; err != nil {
			return database.Error(err, "presences")
		}
		var rows []presenceRow
		err = paged(q.Select("b.*"), f.Page, f.PerPage).Order("r.sort_on DESC, r.id DESC, b.position").Find(&rows).Error
		if err != nil {
			return database.Error(err, "presences")
		}
		out, err = s.presencesAt(tx, actor, rows)
		return err
	})
	return out, int(total), err
}

func (s *Store) presencesAt(tx *gorm.DB, actor record.Actor, rows []presenceRow) ([]PresenceAt, error) {
	var roundIDs, ids []string
	for _, row := range rows {
		roundIDs, ids = append(roundIDs, row.RoundID), append(ids, row.ID)
	}
	rounds, err := roundsByID(tx, actor, roundIDs)
	if err != nil {
		return nil, err
	}
	in, list, err := database.In(tx, "presence_id", ids)
	if err != nil {
		return nil, err
	}
	var counts []struct {
		PresenceID string
		People     int
	}
	if err := tx.Table("participations").Select("presence_id, COUNT(*) AS people").Where(in, list).Group("presence_id").Scan(&counts).Error; err != nil {
		return nil, database.Error(err, "participations")
	}
	people := map[string]int{}
	for _, c := range counts {
		people[c.PresenceID] = c.People
	}
	out := make([]PresenceAt, len(rows))
	for i, row := range rows {
		series := rounds[row.RoundID].SeriesID
		p, _, err := s.presence(series, row, actor.May(record.ReadTrue, series))
		if err != nil {
			return nil, err
		}
		out[i] = PresenceAt{p, rounds[row.RoundID], people[row.ID]}
	}
	return out, nil
}
