package recordstore

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/record"
)

type participationRow struct {
	ID         string
	RoundID    string
	Code       string
	PersonID   string
	PresenceID string
	Sealed     []byte // the true affiliation, as affiliation
	SideID     string
	Capacity   string
	Post       string
	Head       int64
	State      string
	SessionIDs list[[]string] `gorm:"column:session_ids"`
	Clearances list[clearances]
	Requested  int64
	Version    int64
}

func (participationRow) TableName() string { return "participations" }

// clearances are what somebody said of their name, body and words.
type clearances struct {
	Name        record.Clearance `json:"name,omitzero"`
	Affiliation record.Clearance `json:"affiliation,omitzero"`
	Attribution record.Clearance `json:"attribution,omitzero"`
}

// An affiliation is what is sealed of a participation. Worn is sealed in the
// history only: the presence it stood under that gives a true affiliation away.
type affiliation struct {
	PresenceID string `json:"presence,omitempty"`
	Worn       string `json:"worn,omitempty"`
}

// toParticipationRow is the one way of a participation into the database: it
// seals the true affiliation.
func (s *Store) toParticipationRow(seriesID string, p record.Participation) (participationRow, error) {
	row := participationRow{
		p.ID, p.RoundID, p.Code, p.PersonID, p.PresenceID, unsealed(), p.SideID, string(p.Capacity), p.Post, flag(p.Head), string(p.State),
		list[[]string]{p.SessionIDs},
		list[clearances]{clearances{p.Name, p.Affiliation, p.Attribution}},
		int64(p.Waiting()), p.Version,
	}
	if p.TruePresenceID == "" {
		return row, nil
	}
	var err error
	row.Sealed, err = s.seal(seriesID, "participations", p.ID, affiliation{PresenceID: p.TruePresenceID})
	return row, err
}

// participation is the one way of a participation out of the database. Without
// readsTrue it leaves what is sealed sealed.
func (s *Store) participation(seriesID string, r participationRow, readsTrue bool) (record.Participation, error) {
	p := record.Participation{
		ID: r.ID, RoundID: r.RoundID, Code: r.Code, PersonID: r.PersonID, PresenceID: r.PresenceID, SideID: r.SideID,
		Capacity: record.Capacity(r.Capacity), Post: r.Post, Head: r.Head != 0, State: record.Attendance(r.State), SessionIDs: r.SessionIDs.V,
		Name: r.Clearances.V.Name, Affiliation: r.Clearances.V.Affiliation, Attribution: r.Clearances.V.Attribution, Version: r.Version,
	}
	if !readsTrue || len(r.Sealed) == 0 {
		return p, nil
	}
	var a affiliation
	err := s.unseal(seriesID, "participations", r.ID, r.Sealed, &a)
	if p.TruePresenceID = a.PresenceID; a.Worn != "" {
		p.PresenceID = a.Worn
	}
	return p, err
}

// ofPart is the scope of an act on a part of a round that enters no release:
// whoever enters a participant contributes to no public text.
func ofPart(roundID, id string) where {
	return func(tx *gorm.DB) (scope, error) {
		sc, err := ofRound(roundID)(tx)
		sc.objects = []string{id}
		return sc, err
	}
}

// AddParticipation adds a person to a round and returns the participation with
// its ID, Code and Version set. The person and the badge must be there: see
// Enter for those that are not. A true affiliation needs the right to edit
// those.
func (s *Store) AddParticipation(ctx context.Context, actor record.Actor, p record.Participation) (record.Participation, error) {
	p = p.Normal()
	if err := s.identify(&p.ID); err != nil {
		return p, err
	}
	p.Code, p.Version = "", 1
	err := s.act(ctx, actor, record.EditRound, ofPart(p.RoundID, p.ID), func(tx *gorm.DB) error {
		r, err := s.roundByID(tx, p.RoundID)
		if err != nil {
			return err
		}
		was, sent, err := again(tx, p.ID, actor, func() (record.Participation, error) { return s.participationByID(tx, r, p.ID) })
		if err != nil {
			return err
		}
		if sent {
			same := p
			same.Version, same.Code = was.Version, was.Code
			return once(was, &p, same)
		}
		all, err := s.addParticipations(tx, actor, r, []record.Participation{p})
		if err == nil {
			p = all[0]
		}
		return err
	})
	return p, err
}

// EditParticipation replaces a participation; its round and code stay. A badge or
// a true affiliation that is not at the round is made there in the same act, as
// by Enter; the person is one of the directory. Who may not edit true affiliations
// leaves the one that is there, whatever e says. It fails with Conflict if the
// version is not the stored one, unless nothing would change.
func (s *Store) EditParticipation(ctx context.Context, actor record.Actor, e Entrant) (record.Participation, error) {
	p := e.Participation.Normal()
	e.Person = record.Person{}
	err := s.act(ctx, actor, record.EditRound, s.entering(p.RoundID, []Entrant{e}), func(tx *gorm.DB) error {
		r, err := s.roundByID(tx, p.RoundID)
		if err != nil {
			return err
		}
		before := len(r.Presences)
		if p, err = s.placed(&r, e); err != nil {
			return err
		}
		if err := s.addPresences(tx, actor, &r, before); err != nil {
			return err
		}
		err = s.changeParticipation(tx, actor, r, &p)
		if !actor.May(record.ReadTrue, r.SeriesID) {
			p.TruePresenceID = ""
		}
		return err
	})
	return p, err
}

func (s *Store) changeParticipation(tx *gorm.DB, actor record.Actor, r record.Round, p *record.Participation) error {
	was, err := s.participationByID(tx, r, p.ID)
	if err != nil {
		return err
	}
	p.Code = was.Code
	if !actor.May(record.EditTrue, r.SeriesID) {
		if p.TruePresenceID = was.TruePresenceID; p.TruePresenceID != "" && p.PresenceID != was.PresenceID {
			return refuse(record.EditTrue)
		}
	}
	if err := moved(was, p, func(p *record.Participation) *int64 { return &p.Version }); err != nil {
		return err
	}
	if err := s.checkParticipations(tx, r, []record.Participation{*p}); err != nil {
		return err
	}
	return s.keepParticipation(tx, r.SeriesID, *p)
}

// keepParticipation replaces the row of a participation.
func (s *Store) keepParticipation(tx *gorm.DB, seriesID string, p record.Participation) error {
	row, err := s.toParticipationRow(seriesID, p)
	if err != nil {
		return err
	}
	if err := remember[participationRow](tx, p.ID); err != nil {
		return err
	}
	if err := tx.Select("*").Where("id = ?", p.ID).Updates(&row).Error; err != nil {
		return database.Error(err, "participation")
	}
	return s.sealPastOfParticipation(tx, seriesID, p.ID)
}

// RemoveParticipation takes a person off a round. A participation that chairs or
// presents at a session stays: take it off the session first.
func (s *Store) RemoveParticipation(ctx context.Context, actor record.Actor, roundID, id string, version int64) error {
	return s.act(ctx, actor, record.EditRound, ofPart(roundID, id), func(tx *gorm.DB) error {
		r, err := s.roundByID(tx, roundID)
		if err != nil {
			return err
		}
		was, err := s.participationByID(tx, r, id)
		if err != nil {
			return err
		}
		if was.TruePresenceID != "" && !actor.May(record.EditTrue, r.SeriesID) {
			return refuse(record.EditTrue)
		}
		if was.Version != version {
			return fault.Errorf(fault.Conflict, "Somebody else changed this participant while you were writing.")
		}
		sessions, err := sessionsOf(tx, roundID)
		if err != nil {
			return err
		}
		for _, sitting := range sessions {
			if slices.Contains(sitting.ChairIDs, id) || slices.Contains(sitting.PresenterIDs, id) {
				return fault.Errorf(fault.Invalid, "This participant chairs or presents at a session. Change the session first.")
			}
		}
		if err := remember[participationRow](tx, id); err != nil {
			return err
		}
		return database.Error(tx.Where("id = ?", id).Delete(&participationRow{}).Error, "participation")
	})
}

// Participations lists who takes part in a round, in order of their codes. Who
// may not read the round finds no such round; who may not read true affiliations
// gets none.
func (s *Store) Participations(ctx context.Context, actor record.Actor, roundID string) ([]record.Participation, error) {
	var out []record.Participation
	err := s.act(ctx, actor, record.ReadRound, ofRound(roundID), func(tx *gorm.DB) error {
		series, err := seriesOf(tx, "rounds", roundID)
		if err != nil {
			return err
		}
		out, err = s.participationsOf(tx, series, roundID, actor.May(record.ReadTrue, series))
		return err
	})
	return out, err
}
