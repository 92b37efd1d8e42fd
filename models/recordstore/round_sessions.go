package recordstore

import (
	"context"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/record"
)

type roundSessionRow struct {
	ID           string
	RoundID      string
	Position     int64
	Title        string
	HeldOn       string
	Starts       string
	Ends         string
	Questions    list[[]string]
	ChairIDs     list[[]string] `gorm:"column:chair_ids"`
	PresenterIDs list[[]string] `gorm:"column:presenter_ids"`
	Version      int64
}

func (roundSessionRow) TableName() string { return "round_sessions" }

func toRoundSessionRow(x record.Session) roundSessionRow {
	return roundSessionRow{
		x.ID, x.RoundID, x.Position, x.Title, string(x.On), x.Starts, x.Ends,
		list[[]string]{x.Questions},
		list[[]string]{x.ChairIDs},
		list[[]string]{x.PresenterIDs},
		x.Version,
	}
}

func (r roundSessionRow) session() record.Session {
	return record.Session{
		ID: r.ID, RoundID: r.RoundID, Position: r.Position, Title: r.Title, On: record.Date(r.HeldOn), Starts: r.Starts, Ends: r.Ends,
		Questions: r.Questions.V, ChairIDs: r.ChairIDs.V, PresenterIDs: r.PresenterIDs.V, Version: r.Version,
	}
}

// AddSession adds a session to a round and returns it with its ID and Version
// set, and with its Position, after those that are there, if it has none.
func (s *Store) AddSession(ctx context.Context, actor record.Actor, x record.Session) (record.Session, error) {
	x = x.Normal()
	if err := s.identify(&x.ID); err != nil {
		return x, err
	}
	x.Version = 1
	err := s.act(ctx, actor, record.EditRound, ofPart(x.RoundID, x.ID), func(tx *gorm.DB) error {
		was, sent, err := again(tx, x.ID, actor, func() (record.Session, error) { return sessionByID(tx, x.RoundID, x.ID) })
		if err != nil {
			return err
		}
		if sent {
			same := x
			if same.Version = was.Version; same.Position == 0 {
				same.Position = was.Position
			}
			return once(was, &x, same)
		}
		all, err := sessionsOf(tx, x.RoundID)
		if err != nil {
			return err
		}
		if x.Position == 0 {
			x.Position = 1
			if n := len(all); n > 0 {
				x.Position = all[n-1].Position + 1
			}
		}
		if err := s.checkSession(tx, x); err != nil {
			return err
		}
		row := toRoundSessionRow(x)
		return database.Error(tx.Create(&row).Error, "session")
	})
	return x, err
}

// EditSession replaces a session; its round stays. It fails with Conflict if
// x.Version is not the stored one, unless nothing would change.
func (s *Store) EditSession(ctx context.Context, actor record.Actor, x record.Session) (record.Session, error) {
	x = x.Normal()
	err := s.act(ctx, actor, record.EditRound, ofPart(x.RoundID, x.ID), func(tx *gorm.DB) error {
		was, err := sessionByID(tx, x.RoundID, x.ID)
		if err != nil {
			return err
		}
		if x.Position == 0 {
			x.Position = was.Position
		}
		if err := moved(was, &x, func(x *record.Session) *int64 { return &x.Version }); err != nil {
			return err
		}
		if err := s.checkSession(tx, x); err != nil {
			return err
		}
		return s.keepRules(tx, actor, x.RoundID, nil, func() error {
			row := toRoundSessionRow(x)
			if err := remember[roundSessionRow](tx, x.ID); err != nil {
				return err
			}
			return database.Error(tx.Select("*").Where("id = ?", x.ID).Updates(&row).Error, "session")
		})
	})
	return x, err
}

// RemoveSession takes a session off a round, and off the participants who
// attended it. It stays while somebody attended no other: without any, they
// would have attended all; and while there are notes of it.
func (s *Store) RemoveSession(ctx context.Context, actor record.Actor, roundID, id string, version int64) error {
	return s.act(ctx, actor, record.EditRound, ofPart(roundID, id), func(tx *gorm.DB) error {
		r, err := s.roundByID(tx, roundID)
		if err != nil {
			return err
		}
		was, err := sessionByID(tx, roundID, id)
		if err != nil {
			return err
		}
		if was.Version != version {
			return fault.Errorf(fault.Conflict, "Somebody else changed this session while you were writing.")
		}
		all, err := s.participationsOf(tx, r.SeriesID, roundID, true)
		if err != nil {
			return err
		}
		for _, p := range all {
			if p, attended := p.WithoutSession(id); attended {
				if p.SessionIDs == nil {
					return fault.Errorf(fault.Invalid, "Somebody attended this session and no other. Change the participant first.")
				}
				p.Version++
				if err := s.keepParticipation(tx, r.SeriesID, p); err != nil {
					return err
				}
			}
		}
		if err := freeOfRules(tx, id); err != nil {
			return err
		}
		taken, err := notesTaken(tx, roundID)
		if err != nil {
			return err
		}
		if taken[id].State != record.NoNotes {
			return fault.Errorf(fault.Invalid, "There are notes of this session. It stays as long as they do.")
		}
		if err := tx.Where("session_id = ?", id).Delete(&takerRow{}).Error; err != nil {
			return database.Error(err, "note-takers")
		}
		return s.keepRules(tx, actor, roundID, nil, func() error {
			if err := remember[roundSessionRow](tx, id); err != nil {
				return err
			}
			return database.Error(tx.Where("id = ?", id).Delete(&roundSessionRow{}).Error, "session")
		})
	})
}

// Sessions lists the sessions of a round in the order of its agenda.
func (s *Store) Sessions(ctx context.Context, actor record.Actor, roundID string) ([]record.Session, error) {
	var out []record.Session
	err := s.act(ctx, actor, record.ReadRound, ofRound(roundID), func(tx *gorm.DB) error {
		var err error
		out, err = sessionsOf(tx, roundID)
		return err
	})
	return out, err
}

// checkSession holds a session to the rules of the field: who chairs or presents
// takes part in the round.
func (s *Store) checkSession(tx *gorm.DB, x record.Session) error {
	r, err := s.roundByID(tx, x.RoundID)
	if err != nil {
		return err
	}
	if err := x.Check(r); err != nil {
		return err
	}
	var ids []string
	if err := tx.Table("participations").Where("round_id = ?", x.RoundID).Pluck("id", &ids).Error; err != nil {
		return database.Error(err, "participations")
	}
	at := map[string]bool{}
	for _, id := range ids {
		at[id] = true
	}
	for _, id := range x.ChairIDs {
		if !at[id] {
			return fault.Field("chairs", "Choose participants of this round.")
		}
	}
	for _, id := range x.PresenterIDs {
		if !at[id] {
			return fault.Field("presenters", "Choose participants of this round.")
		}
	}
	return nil
}

func sessionsOf(tx *gorm.DB, roundID string) ([]record.Session, error) {
	var rows []roundSessionRow
	err := tx.Where("round_id = ?", roundID).Order("position, id").Find(&rows).Error
	var out []record.Session
	for _, row := range rows {
		out = append(out, row.session())
	}
	return out, database.Error(err, "sessions")
}

func sessionByID(tx *gorm.DB, roundID, id string) (record.Session, error) {
	var row roundSessionRow
	if !isID(id) {
		return record.Session{}, nothing()
	}
	err := tx.Where("id = ? AND round_id = ?", id, roundID).Take(&row).Error
	return row.session(), database.Error(err, "session")
}
