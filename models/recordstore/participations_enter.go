package recordstore

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"track15/models/fault"
	"track15/models/record"
)

// An Entrant is somebody who enters a round with what may not be there yet.
//
// Person is an entry of the directory by its ID, or a new one; the zero Person
// leaves it to Participation.PersonID. Badge is a presence of the round by its
// ID, or one found by its body or words, side and track, or a new one; the zero
// Presence leaves it to Participation.PresenceID. True, if not nil, is the true
// affiliation behind the badge, found or made likewise. A presence that is made
// is withheld, whatever label it was given.
type Entrant struct {
	Participation record.Participation
	Person        record.Person
	Badge         record.Presence
	True          *record.Presence
}

// Enter adds many people to a round in one act, with the people and presences
// that are not there, and returns the participations in the order of all. Sent
// twice with the same participations' IDs it changes nothing.
//
// New people need the right to edit the directory, true affiliations the right
// to edit those.
func (s *Store) Enter(ctx context.Context, actor record.Actor, roundID string, all []Entrant) ([]record.Participation, error) {
	all = slices.Clone(all)
	for i := range all {
		all[i].Participation.RoundID = roundID
		if err := s.identify(&all[i].Participation.ID); err != nil {
			return nil, err
		}
	}
	if err := s.namePeople(all); err != nil {
		return nil, err
	}
	var out []record.Participation
	err := s.act(ctx, actor, record.EditRound, s.entering(roundID, all), func(tx *gorm.DB) error {
		r, err := s.roundByID(tx, roundID)
		if err != nil {
			return err
		}
		was, err := s.participationsOf(tx, r.SeriesID, roundID, actor.May(record.ReadTrue, r.SeriesID))
		if err != nil {
			return err
		}
		stored := map[string]record.Participation{}
		for _, p := range was {
			stored[p.ID] = p
		}
		for _, e := range all {
			if p, sent := stored[e.Participation.ID]; sent {
				out = append(out, p)
			}
		}
		switch {
		case len(out) == len(all):
			return errUnchanged
		case len(out) > 0:
			return fault.Errorf(fault.Conflict, "You sent this form before and it was kept. Open the entry to change it.")
		}
		out, err = s.enter(tx, actor, &r, all)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// namePeople brings the people of entrants into their form and gives each new
// one an ID.
func (s *Store) namePeople(all []Entrant) error {
	for i := range all {
		p := all[i].Person.Normal()
		if all[i].Person = p; p.ID == "" && p.Family == "" {
			continue
		}
		if err := s.identify(&all[i].Person.ID); err != nil {
			return err
		}
		all[i].Participation.PersonID = all[i].Person.ID
	}
	return nil
}

// entering is the scope of Enter: the participations, the people who are new,
// and the round only if a presence is made.
func (s *Store) entering(roundID string, all []Entrant) where {
	return func(tx *gorm.DB) (scope, error) {
		sc, err := ofRound(roundID)(tx)
		if err != nil {
			return sc, err
		}
		r, err := s.roundByID(tx, roundID)
		if err != nil {
			return sc, err
		}
		fresh, err := newPeople(tx, all)
		if err != nil {
			return sc, err
		}
		sc.objects = nil
		for _, e := range all {
			sc.objects = append(sc.objects, e.Participation.ID)
		}
		for _, p := range fresh {
			sc.objects = append(sc.objects, p.ID)
		}
		before := len(r.Presences)
		for _, e := range all {
			s.place(&r, &e)
		}
		if len(r.Presences) > before {
			sc.objects = append(sc.objects, roundID)
		}
		return sc, nil
	}
}

// newPeople are the people of entrants who are not in the directory, each once.
func newPeople(tx *gorm.DB, all []Entrant) ([]record.Person, error) {
	var ids []string
	for _, e := range all {
		ids = append(ids, e.Person.ID)
	}
	known, err := peopleByID(tx, ids)
	var out []record.Person
	for _, e := range all {
		if _, is := known[e.Person.ID]; is || e.Person.ID == "" {
			continue
		}
		e.Person.Version = 1
		known[e.Person.ID] = e.Person
		out = append(out, e.Person)
	}
	return out, err
}

// enter is Enter within an act: entrants have IDs, as have their people. It adds
// to r the presences that it makes.
func (s *Store) enter(tx *gorm.DB, actor record.Actor, r *record.Round, all []Entrant) ([]record.Participation, error) {
	if err := s.enterPeople(tx, actor, all); err != nil {
		return nil, err
	}
	before := len(r.Presences)
	participations := make([]record.Participation, len(all))
	for i, e := range all {
		p, err := s.placed(r, e)
		if err != nil {
			return nil, err
		}
		p.RoundID, p.Code, p.Version = r.ID, "", 1
		participations[i] = p
	}
	if err := s.addPresences(tx, actor, r, before); err != nil {
		return nil, err
	}
	return s.addParticipations(tx, actor, *r, participations)
}

// enterPeople adds the people of entrants who are not in the directory.
func (s *Store) enterPeople(tx *gorm.DB, actor record.Actor, all []Entrant) error {
	fresh, err := newPeople(tx, all)
	if err != nil || len(fresh) == 0 {
		return err
	}
	if !actor.May(record.EditDirectory, "") {
		return refuse(record.EditDirectory)
	}
	for _, p := range fresh {
		if err := p.Check(); err != nil {
			return err
		}
	}
	return insertPeople(tx, fresh)
}

// placed is the participation of an entrant, at its place.
func (s *Store) placed(r *record.Round, e Entrant) (record.Participation, error) {
	if s.place(r, &e); e.True != nil && e.Participation.TruePresenceID == "" {
		return record.Participation{}, fault.Field("presence", "Choose the body whose badge is worn.")
	}
	return e.Participation.Normal(), nil
}

// place finds the badge and the true affiliation of an entrant among the round's
// presences, or adds them there, and points the participation to them.
func (s *Store) place(r *record.Round, e *Entrant) {
	e.Badge = e.Badge.Normal()
	if e.Badge.ID != "" && presenceAt(*r, e.Badge.ID) >= 0 {
		e.Participation.PresenceID = e.Badge.ID
	} else if e.Badge.OrganisationID != "" || e.Badge.Words != "" {
		e.Badge.AttendsThroughID = ""
		e.Participation.PresenceID = s.presenceLike(r, e.Badge)
	} else if e.Badge.ID != "" {
		e.Participation.PresenceID = e.Badge.ID // of no presence, which is refused
	}
	i := presenceAt(*r, e.Participation.PresenceID)
	if e.True == nil || i < 0 || r.Presences[i].OrganisationID == "" {
		return
	}
	truth := e.True.Normal()
	truth.AttendsThroughID = r.Presences[i].OrganisationID
	if truth.SideID == "" {
		truth.SideID = r.Presences[i].SideID
	}
	e.Participation.TruePresenceID = s.presenceLike(r, truth)
}

// presenceLike returns the id of the round's presence of the same body or words,
// behind the same badge, on the same side and track where those are said, and
// adds one, withheld, where there is none.
func (s *Store) presenceLike(r *record.Round, p record.Presence) string {
	for _, other := range r.Presences {
		if other.OrganisationID == p.OrganisationID && other.Words == p.Words && other.AttendsThroughID == p.AttendsThroughID &&
			(p.SideID == "" || other.SideID == p.SideID) && (p.Track == "" || other.Track == p.Track) {
			return other.ID
		}
	}
	p.ID, p.Label, p.CategoryID = s.newID(), record.Withheld, ""
	r.Presences = append(r.Presences, p)
	return p.ID
}

// addPresences stores the round's presences from the place before on, which are
// new, and raises the round's version if there are any.
func (s *Store) addPresences(tx *gorm.DB, actor record.Actor, r *record.Round, before int) error {
	if len(r.Presences) == before {
		return nil
	}
	fresh := r.Presences[before:]
	if err := holdPresences(tx, actor, *r, fresh); err != nil {
		return err
	}
	last, err := lastPlace(tx, r.ID)
	if err != nil {
		return err
	}
	if err := step(tx, *r, r.Version); err != nil {
		return err
	}
	r.Version++
	return s.insertPresences(tx, *r, last, fresh)
}
