package recordstore

import (
	"context"
	"errors"
	"slices"
	"strings"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/record"
)

type roundRow struct {
	ID            string
	SeriesID      string
	Sequence      int64
	OrdinalLabel  string
	InternalTitle string
	State         string
	Opens         string
	Closes        string
	NotBefore     string
	NotAfter      string
	SideDates     list[[]record.SideDates]
	TimeZone      string
	SortOn        string
	City          string
	Country       string
	Venue         string
	Format        string
	Track         string
	Topics        list[[]string]
	Headcounts    list[[]record.Headcount]
	MarginEvents  list[[]record.Meeting]
	Preparations  list[[]record.Meeting]
	Summary       string
	Rules         list[record.GroundRules]
	Sources       list[[]record.Source]
	Compiled      int64
	Sample        int64
	SlugWish      string
	OpenKey       string
	FullKey       string
	Version       int64
}

func (roundRow) TableName() string { return "rounds" }

func toRoundRow(r record.Round) roundRow {
	open := record.Fold(strings.Join(append([]string{r.City, r.OrdinalLabel, r.Summary}, r.Topics...), " "))
	return roundRow{
		ID: r.ID, SeriesID: r.SeriesID, Sequence: r.Sequence, OrdinalLabel: r.OrdinalLabel, InternalTitle: r.InternalTitle,
		State: string(r.State), Opens: string(r.Opens), Closes: string(r.Closes), NotBefore: string(r.NotBefore),
		NotAfter: string(r.NotAfter), SortOn: sortOn(r), City: r.City, Country: r.Country, Venue: r.Venue, Format: r.Format,
		Track: r.Track, Topics: list[[]string]{r.Topics}, Summary: r.Summary, Rules: list[record.GroundRules]{r.Rules},
		Sources: list[[]record.Source]{r.Sources}, Compiled: flag(r.Compiled), Sample: flag(r.Sample), SlugWish: r.SlugWish,
		SideDates: list[[]record.SideDates]{r.SideDates}, TimeZone: r.TimeZone, Headcounts: list[[]record.Headcount]{r.Headcounts},
		MarginEvents: list[[]record.Meeting]{r.MarginEvents}, Preparations: list[[]record.Meeting]{r.Preparations},
		OpenKey: open, FullKey: open + " " + record.Fold(r.InternalTitle+" "+r.Venue), Version: r.Version,
	}
}

// sortOn is the date by which rounds are ordered: the first that is known.
func sortOn(r record.Round) string {
	for _, d := range []record.Date{r.Opens, r.Closes, r.NotAfter, r.NotBefore} {
		if d != "" {
			return string(d)
		}
	}
	return ""
}

func (r roundRow) round() record.Round {
	return record.Round{
		ID: r.ID, SeriesID: r.SeriesID, Sequence: r.Sequence, OrdinalLabel: r.OrdinalLabel, InternalTitle: r.InternalTitle,
		State: record.RoundState(r.State), Opens: record.Date(r.Opens), Closes: record.Date(r.Closes),
		NotBefore: record.Date(r.NotBefore), NotAfter: record.Date(r.NotAfter), City: r.City, Country: r.Country,
		Venue: r.Venue, Format: r.Format, Track: r.Track, Topics: r.Topics.V, Summary: r.Summary, Rules: r.Rules.V.Normal(),
		Sources: r.Sources.V, Compiled: r.Compiled != 0, Sample: r.Sample != 0, SlugWish: r.SlugWish, Version: r.Version,
		SideDates: r.SideDates.V, TimeZone: r.TimeZone, Headcounts: r.Headcounts.V, MarginEvents: r.MarginEvents.V, Preparations: r.Preparations.V,
	}
}

// LogRound adds a round to its series, under closed rules, and returns it with
// its ID, Sequence and Version set. Presences that come with it are entered in
// the same act, as AddPresence would one by one.
func (s *Store) LogRound(ctx context.Context, actor record.Actor, r record.Round) (record.Round, error) {
	r = r.Normal()
	if err := s.identify(&r.ID); err != nil {
		return r, err
	}
	r.Version, r.Rules, r.Presences = 1, record.GroundRules{}.Normal(), slices.Clone(r.Presences)
	for i := range r.Presences {
		p := &r.Presences[i]
		*p = p.Normal()
		if err := s.identify(&p.ID); err != nil {
			return r, err
		}
	}
	err := s.act(ctx, actor, record.EditRound, in(r.SeriesID, r.ID), func(tx *gorm.DB) error {
		was, sent, err := again(tx, r.ID, actor, func() (record.Round, error) { return s.roundByID(tx, r.ID) })
		if err != nil {
			return err
		}
		if sent {
			same := r
			same.Version, same.Sequence, same.Rules, same.Presences = was.Version, was.Sequence, was.Rules, was.Presences
			return once(was, &r, same)
		}
		if err := insertRound(tx, &r); err != nil {
			return err
		}
		if err := holdPresences(tx, actor, r, r.Presences); err != nil {
			return err
		}
		return s.insertPresences(tx, r, 0, r.Presences)
	})
	return r, err
}

// insertRound stores a new round after the others of its series.
func insertRound(tx *gorm.DB, r *record.Round) error {
	if err := checkRound(tx, *r); err != nil {
		return err
	}
	var last int64
	err := tx.Model(&roundRow{}).Where("series_id = ?", r.SeriesID).Select("COALESCE(MAX(sequence), 0)").Scan(&last).Error
	if err != nil {
		return database.Error(err, "round")
	}
	r.Sequence = last + 1
	row := toRoundRow(*r)
	return database.Error(tx.Create(&row).Error, "round")
}

// checkRound holds the facts of a round to the rules of the field, and the sides
// they name to those of the series.
func checkRound(tx *gorm.DB, r record.Round) error {
	if err := r.Check(); err != nil || len(r.SideDates) == 0 {
		return err
	}
	in, err := seriesByID(tx, r.SeriesID)
	for _, d := range r.SideDates {
		if err == nil && !in.HasSide(d.SideID) {
			return fault.Field("side_dates", "Choose a side of this series.")
		}
	}
	return err
}

// EditRound replaces the facts of a round; its series, rules and presences stay.
// It fails with Conflict if r.Version is not the stored one, unless nothing
// would change.
func (s *Store) EditRound(ctx context.Context, actor record.Actor, r record.Round) (record.Round, error) {
	r = r.Normal()
	err := s.act(ctx, actor, record.EditRound, ofRound(r.ID), func(tx *gorm.DB) error {
		was, err := s.roundByID(tx, r.ID)
		if err != nil {
			return err
		}
		r.SeriesID, r.Sequence, r.Rules, r.Presences = was.SeriesID, was.Sequence, was.Rules, was.Presences
		r.Compiled, r.Sample, r.SlugWish = was.Compiled, was.Sample, was.SlugWish
		if err := moved(was, &r, func(r *record.Round) *int64 { return &r.Version }); err != nil {
			return err
		}
		if err := checkRound(tx, r); err != nil {
			return err
		}
		return storeRound(tx, r)
	})
	return r, err
}

// Round returns one round with its presences, as much of it as the actor may
// read: see view.
func (s *Store) Round(ctx context.Context, actor record.Actor, id string) (record.Round, error) {
	var r record.Round
	err := s.act(ctx, actor, record.ReadDates, ofRound(id), func(tx *gorm.DB) error {
		var err error
		r, err = s.roundFor(tx, actor, id)
		return err
	})
	return r, err
}

// A RoundFilter selects rounds. Its zero value means all of them, the first
// page.
//
// Query is found in any name, in any script, of a body at the round, in its
// place, label and topics. OrganisationID selects rounds at which the body, what
// came before or after it, what stands below or above it is present, or is the
// badge of another; Alone leaves all of these but the body out. Both look only at
// what the actor may read. PersonID, SideID and Capacity select rounds in which
// one participation has them all, SideID alone also those where a body sits on
// that side, Country those with a body of that country that hides behind no badge:
// among rounds that the actor may read but for true affiliations. Since and Until are years, 0 for no
// bound; a round without a date lies in none. Page counts from 1; PerPage 0 means
// no limit.
type RoundFilter struct {
	Query          string
	OrganisationID string
	Alone          bool
	SeriesID       string
	State          record.RoundState
	PersonID       string
	SideID         string
	Capacity       record.Capacity
	Country        string // ISO 3166 code
	Since, Until   int
	Page, PerPage  int
}

// Rounds lists rounds without their presences, newest first, and counts them.
func (s *Store) Rounds(ctx context.Context, actor record.Actor, f RoundFilter) ([]record.Round, int, error) {
	var out []record.Round
	var total int64
	if err := errors.Join(
		record.CheckLine("query", f.Query), record.CheckLine("state", string(f.State)), record.CheckLine("person", f.PersonID),
		record.CheckLine("capacity", string(f.Capacity)), f.body().check(),
	); err != nil {
		return nil, 0, err
	}
	err := s.act(ctx, actor, record.ReadDates, house(), func(tx *gorm.DB) error {
		q := visible(tx.Model(&roundRow{}), actor, record.ReadDates, "series_id")
		if f.SeriesID != "" {
			q = q.Where("series_id = ?", f.SeriesID)
		}
		if f.State != "" {
			q = q.Where("state = ?", string(f.State))
		}
		q = f.attended(within(q, "sort_on", f.Since, f.Until), actor)
		if f.Query != "" {
			var err error
			if q, err = s.sought(tx, q, actor, named, like(f.Query), true); err != nil {
				return err
			}
		}
		if f.OrganisationID != "" {
			var err error
			of := kin
			if f.Alone {
				of = alone
			}
			if q, err = s.sought(tx, q, actor, of, f.OrganisationID, false); err != nil {
				return err
			}
		}
		if err := q.Count(&total).Error; err != nil {
			return database.Error(err, "rounds")
		}
		var rows []roundRow
		if err := paged(q, f.Page, f.PerPage).Order("sort_on DESC, id DESC").Find(&rows).Error; err != nil {
			return database.Error(err, "rounds")
		}
		for _, row := range rows {
			r, err := view(tx, actor, row.round())
			if err != nil {
				return err
			}
			out = append(out, r)
		}
		return nil
	})
	return out, int(total), err
}

// body are the parts of the filter that the lists of who took part have too.
func (f RoundFilter) body() BodyFilter {
	return BodyFilter{OrganisationID: f.OrganisationID, Alone: f.Alone, SideID: f.SideID, SeriesID: f.SeriesID, Country: f.Country, Since: f.Since, Until: f.Until}
}

// attended restricts a query over rounds to those whose people and bodies are as
// the filter says.
func (f RoundFilter) attended(q *gorm.DB, actor record.Actor) *gorm.DB {
	if f.PersonID == "" && f.SideID == "" && f.Capacity == "" && f.Country == "" {
		return q
	}
	q = visible(q, actor, record.ReadRound, "series_id")
	var conds []string
	var args []any
	for _, c := range []struct{ column, value string }{{"person_id", f.PersonID}, {"side_id", f.SideID}, {"capacity", string(f.Capacity)}} {
		if c.value != "" {
			conds, args = append(conds, c.column+" = ?"), append(args, c.value)
		}
	}
	people := "id IN (SELECT round_id FROM participations WHERE " + strings.Join(conds, " AND ") + ")"
	switch {
	case f.SideID != "" && len(conds) == 1:
		all, ids := actor.SeriesFor(record.ReadTrue)
		q = q.Where("("+people+" OR id IN (SELECT round_id FROM presences WHERE side_id = ? AND (length(sealed) = 0 OR ? OR rounds.series_id IN ?)))",
			append(args, f.SideID, all, append(ids, ""))...)
	case len(conds) > 0:
		q = q.Where(people, args...)
	}
	if f.Country != "" {
		q = q.Where("id IN (SELECT round_id FROM presences WHERE organisation_id IN (SELECT id FROM organisations WHERE country = ?))", f.Country)
	}
	return q
}

// view blanks what the actor may not read of a round, whose presences were read
// for them:
//
//	read round                        nothing
//	read disclosed forms             the internal title, the venue, the
//	                                  order, bases of clearances, dates by side,
//	                                  time zone, headcounts, margin events,
//	                                  preparations, and presences but for their
//	                                  public form
//	read dates                        everything but series, state and dates
func view(tx *gorm.DB, actor record.Actor, r record.Round) (record.Round, error) {
	may := func(a record.Act) bool { return actor.May(a, r.SeriesID) }
	switch {
	case may(record.ReadRound):
		return r, nil
	case may(record.ReadDisclosed):
		parents, err := organisationsByID(tx, organisationIDs(r.Presences))
		if err != nil {
			return r, err
		}
		r.InternalTitle, r.Venue, r.Sequence, r.Rules.Cleared = "", "", 0, nil
		r.SideDates, r.TimeZone, r.Headcounts, r.MarginEvents, r.Preparations = nil, "", nil, nil, nil
		r.Presences = disclosedForms(r.Presences, parents)
		return r, nil
	}
	return record.Round{
		ID: r.ID, SeriesID: r.SeriesID, State: r.State, Opens: r.Opens, Closes: r.Closes,
		NotBefore: r.NotBefore, NotAfter: r.NotAfter, Sample: r.Sample, Version: r.Version,
	}, nil
}

// roundByID reads a whole round.
func (s *Store) roundByID(tx *gorm.DB, id string) (record.Round, error) {
	r, err := roundFacts(tx, id)
	if err == nil {
		r.Presences, err = s.presencesOf(tx, r.SeriesID, id, true)
	}
	return r, err
}

// roundFor reads a round as far as the actor may: a keyset that is lost closes it
// to nobody who does without what it sealed.
func (s *Store) roundFor(tx *gorm.DB, actor record.Actor, id string) (record.Round, error) {
	r, err := roundFacts(tx, id)
	if err != nil {
		return r, err
	}
	readsTrue := actor.May(record.ReadRound, r.SeriesID) && actor.May(record.ReadTrue, r.SeriesID)
	if r.Presences, err = s.presencesOf(tx, r.SeriesID, id, readsTrue); err != nil {
		return record.Round{}, err
	}
	return view(tx, actor, r)
}

// roundFacts reads a round without its presences.
func roundFacts(tx *gorm.DB, id string) (record.Round, error) {
	var row roundRow
	if !isID(id) {
		return record.Round{}, nothing()
	}
	err := tx.Where("id = ?", id).Take(&row).Error
	return row.round(), database.Error(err, "round")
}

func storeRound(tx *gorm.DB, r record.Round) error {
	if err := remember[roundRow](tx, r.ID); err != nil {
		return err
	}
	row := toRoundRow(r)
	return database.Error(tx.Select("*").Where("id = ?", row.ID).Updates(&row).Error, "round")
}

// step holds an edit of a part of a round to the version it was made from, and
// raises the version.
func step(tx *gorm.DB, r record.Round, version int64) error {
	if r.Version != version {
		return fault.Errorf(fault.Conflict, "Somebody else changed this round while you were writing.")
	}
	return database.Error(tx.Model(&roundRow{}).Where("id = ?", r.ID).Update("version", version+1).Error, "round")
}
