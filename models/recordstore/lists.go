package recordstore

import (
	"errors"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/record"
)

// A BodyFilter selects participations or presences of rounds that the actor may
// read. Its zero value means all but those at hidden rounds.
//
// OrganisationID selects what the body did, under its own badge or behind
// another where the actor may read that, and what those did that came before or
// after it, stand below it or above it. Alone leaves all of these but the body
// out. Country and Kind are those of the body whose badge was worn. Since and
// Until are years, 0 for no bound; a round without a date lies in none. A round
// is hidden whose rules never let its existence be public, or not yet.
type BodyFilter struct {
	OrganisationID string
	Alone          bool
	SideID         string
	SeriesID       string
	Country        string
	Kind           record.OrgKind
	Since, Until   int
	HiddenToo      bool
}

func (f BodyFilter) check() error {
	var years error
	if f.Since < 0 || f.Since > 9999 || f.Until < 0 || f.Until > 9999 {
		years = fault.Field("year", "Enter a year such as 2017.")
	}
	return errors.Join(
		record.CheckLine("organisation", f.OrganisationID), record.CheckLine("side", f.SideID), record.CheckLine("series", f.SeriesID),
		record.CheckLine("country", f.Country), record.CheckLine("kind", string(f.Kind)), years,
	)
}

// of restricts a query over rounds r, and presences b as their badges, to the
// filter, but for the body.
func (s *Store) of(tx, q *gorm.DB, actor record.Actor, f BodyFilter) (*gorm.DB, error) {
	q = visible(q, actor, record.ReadRound, "r.series_id")
	if f.SeriesID != "" {
		q = q.Where("r.series_id = ?", f.SeriesID)
	}
	if f.Country != "" {
		q = q.Where("b.organisation_id IN (SELECT id FROM organisations WHERE country = ?)", f.Country)
	}
	if f.Kind != "" {
		q = q.Where("b.organisation_id IN (SELECT id FROM organisations WHERE kind = ?)", string(f.Kind))
	}
	q = within(q, "r.sort_on", f.Since, f.Until)
	if f.HiddenToo {
		return q, nil
	}
	ids, err := s.speakable(tx, actor)
	if err != nil {
		return nil, err
	}
	cond, arg, err := database.In(tx, "r.id", ids)
	return q.Where(cond, arg), err
}

// within restricts a query to rounds that opened in some years, 0 for no bound.
func within(q *gorm.DB, column string, since, until int) *gorm.DB {
	if since > 0 || until > 0 {
		q = q.Where(column+" >= ?", fmt.Sprintf("%04d", max(since, 1)))
	}
	if until > 0 {
		q = q.Where(column+" < ?", fmt.Sprintf("%04d", until+1))
	}
	return q
}

// speakable are the rounds that the actor may read and whose existence may be
// public. It reads the rules of all of them.
func (s *Store) speakable(tx *gorm.DB, actor record.Actor) ([]string, error) {
	var rows []struct {
		ID       string
		Rules    list[record.GroundRules]
		Compiled int64
		Version  int64
	}
	q := visible(tx.Table("rounds").Select("id, rules, compiled, version"), actor, record.ReadRound, "series_id")
	if err := q.Scan(&rows).Error; err != nil {
		return nil, database.Error(err, "rounds")
	}
	ids := []string{}
	for _, row := range rows {
		r := record.Round{Compiled: row.Compiled != 0, Version: row.Version, Rules: row.Rules.V}
		if r.AsImported() || r.Rules.Lifted(s.clock()).Allows(record.AspectExistence) {
			ids = append(ids, row.ID)
		}
	}
	return ids, nil
}

// A soughtBody is looked for with its relatives; behind are the presences,
// sealed, that are one of them or wear its badge, by their id.
type soughtBody struct {
	ids    []string
	behind []string
}

// soughtBody finds the bodies that a filter means, and the presences behind a
// badge that are one of them, where the actor may read true affiliations.
func (s *Store) soughtBody(tx *gorm.DB, actor record.Actor, f BodyFilter) (soughtBody, error) {
	out := soughtBody{ids: []string{f.OrganisationID}}
	if !f.Alone {
		var err error
		if out.ids, err = relatives(tx, f.OrganisationID); err != nil {
			return out, err
		}
	}
	all, err := s.behind(tx, actor)
	for _, h := range all {
		if slices.Contains(out.ids, h.Presence.OrganisationID) {
			out.behind = append(out.behind, h.Presence.ID)
		}
	}
	return out, err
}

// related is the query for the relatives of one body.
const related = `WITH RECURSIVE
one(id) AS (SELECT CAST(? AS TEXT)),
before(id) AS (SELECT id FROM one UNION SELECT p.predecessor_id FROM predecessors p JOIN before ON p.organisation_id = before.id),
after(id) AS (SELECT id FROM one UNION SELECT p.organisation_id FROM predecessors p JOIN after ON p.predecessor_id = after.id),
tree(id) AS (SELECT id FROM (SELECT id FROM before UNION SELECT id FROM after) AS line UNION SELECT o.id FROM organisations o JOIN tree ON o.parent_id = tree.id),
above(id) AS (SELECT id FROM one UNION SELECT o.parent_id FROM organisations o JOIN above ON o.id = above.id WHERE o.parent_id <> '')
SELECT id FROM tree UNION SELECT id FROM above`

// relatives are a body, those that came before or after it, all below these, and
// those above the body.
func relatives(tx *gorm.DB, id string) ([]string, error) {
	if !isID(id) {
		return []string{}, nil
	}
	var line []string
	err := tx.Raw(related, id).Scan(&line).Error
	return line, database.Error(err, "bodies")
}
