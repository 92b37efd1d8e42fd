package recordstore

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/record"
)

type takerRow struct {
	SessionID string
	AccountID string
	RoundID   string
	Reason    string
	Until     string
	GivenBy   string
	GivenAt   int64
}

func (takerRow) TableName() string { return "note_takers" }

// Sitting reads a session for those who may take its notes or read them. For
// others it is not there.
func (s *Store) Sitting(ctx context.Context, actor record.Actor, sessionID string) (record.Sitting, error) {
	var out record.Sitting
	err := s.act(ctx, actor, record.KnowSitting, s.ofSitting(actor, sessionID, &out.RoundID), func(tx *gorm.DB) error {
		r, err := s.roundByID(tx, out.RoundID)
		if err != nil {
			return err
		}
		series, err := seriesByID(tx, r.SeriesID)
		if err != nil {
			return err
		}
		out.SeriesID, out.Series, out.Sides, out.Sample, out.TimeZone = series.ID, series.Name, series.Sides, r.Sample, r.TimeZone
		out.Round = r.OrdinalLabel
		out.Takes, out.Reads = actor.May(record.TakeNotes, series.ID), actor.May(record.ReadNotes, series.ID)
		if out.Book, err = ruleBook(tx, r.ID); err != nil {
			return err
		}
		if out.Agenda, err = sessionsOf(tx, r.ID); err != nil {
			return err
		}
		out.Session = out.Agenda[slices.IndexFunc(out.Agenda, func(x record.Session) bool { return x.ID == sessionID })]
		if !out.Reads {
			out.Agenda = []record.Session{out.Session}
			out.Book.Sessions = out.Agenda
		}
		if out.Speakers, err = s.speakers(tx, r, sessionID); err != nil {
			return err
		}
		taken, err := notesTaken(tx, r.ID)
		out.Note = taken[sessionID]
		return err
	})
	return out, err
}

// speakers are the participants of a session by their codes.
func (s *Store) speakers(tx *gorm.DB, r record.Round, sessionID string) ([]record.Speaker, error) {
	all, err := s.participationsOf(tx, r.SeriesID, r.ID, false)
	if err != nil {
		return nil, err
	}
	known, err := organisationsByID(tx, organisationIDs(r.Presences))
	if err != nil {
		return nil, err
	}
	presences := map[string]record.Presence{}
	for _, p := range r.Presences {
		presences[p.ID] = p
	}
	var out []record.Speaker
	for _, p := range all {
		if p.Code == "" || len(p.SessionIDs) > 0 && !slices.Contains(p.SessionIDs, sessionID) {
			continue
		}
		badge := presences[p.PresenceID]
		out = append(out, record.Speaker{
			ParticipationID: p.ID, Code: p.Code, SideID: p.SideID, Capacity: p.Capacity, Track: badge.Track,
			Body: known[badge.OrganisationID].Kind, Head: p.Head,
		})
	}
	return out, nil
}

// SpeakerNames are the names of those who speak at a session, by participation,
// for whoever may take its notes or read them.
func (s *Store) SpeakerNames(ctx context.Context, actor record.Actor, sessionID string) (map[string]string, error) {
	var roundID string
	names := map[string]string{}
	err := s.act(ctx, actor, record.KnowSitting, s.ofSitting(actor, sessionID, &roundID), func(tx *gorm.DB) error {
		r, err := s.roundByID(tx, roundID)
		if err != nil {
			return err
		}
		speakers, err := s.speakers(tx, r, sessionID)
		if err != nil {
			return err
		}
		var ids []string
		for _, p := range speakers {
			ids = append(ids, p.ParticipationID)
		}
		var rows []struct{ ID, PersonID string }
		if err := tx.Table("participations").Select("id", "person_id").Where("id IN ?", ids).Find(&rows).Error; err != nil {
			return database.Error(err, "participations")
		}
		var people []string
		for _, row := range rows {
			people = append(people, row.PersonID)
		}
		known, err := peopleByID(tx, people)
		for _, row := range rows {
			names[row.ID] = known[row.PersonID].Name()
		}
		return err
	})
	return names, err
}

// NotesTaken says where the notes of each session of a round stand, by session.
func (s *Store) NotesTaken(ctx context.Context, actor record.Actor, roundID string) (map[string]record.Note, error) {
	var out map[string]record.Note
	err := s.act(ctx, actor, record.ReadNotes, ofRound(roundID), func(tx *gorm.DB) error {
		var err error
		out, err = notesTaken(tx, roundID)
		return err
	})
	return out, err
}

// notesTaken is NotesTaken within an act. It costs three queries.
func notesTaken(tx *gorm.DB, roundID string) (map[string]record.Note, error) {
	var rows []struct {
		ID       string
		Count    int
		SealedAt int64
		Gone     int64
	}
	err := tx.Raw(`SELECT x.id, (SELECT COUNT(*) FROM notes n WHERE n.session_id = x.id) AS count,
			COALESCE((SELECT sealed_at FROM sealed_notes z WHERE z.session_id = x.id), 0) AS sealed_at,
			(SELECT COUNT(*) FROM destructions d WHERE d.round_id = x.round_id AND d.state = ?) AS gone
		FROM round_sessions x WHERE x.round_id = ?`, string(record.DestructionDone), roundID).Scan(&rows).Error
	if err != nil {
		return nil, database.Error(err, "notes")
	}
	var takers []takerRow
	if err := tx.Where("round_id = ?", roundID).Order("given_at, account_id").Find(&takers).Error; err != nil {
		return nil, database.Error(err, "note-takers")
	}
	people, err := accountNames(tx)
	out := make(map[string]record.Note, len(rows))
	for _, row := range rows {
		n := record.Note{Count: row.Count, SealedAt: row.SealedAt}
		switch {
		case row.Gone > 0:
			n.State = record.NotesDestroyed
		case row.SealedAt > 0:
			n.State = record.NotesSealed
		case row.Count > 0:
			n.State = record.NotesOpen
		}
		for _, t := range takers {
			if t.SessionID == row.ID {
				n.Takers = append(n.Takers, record.Taker{AccountID: t.AccountID, Name: people[t.AccountID], Reason: t.Reason, Until: record.Date(t.Until)})
			}
		}
		out[row.ID] = n
	}
	return out, err
}

// AssignNotes says who takes the notes of a session, besides those who may read
// all notes of the series: accounts that hold the role of a rapporteur in it.
// It replaces who took them before; saying the same again changes nothing.
func (s *Store) AssignNotes(ctx context.Context, actor record.Actor, sessionID string, takers []record.Taker) error {
	var roundID string
	return s.act(ctx, actor, record.AssignNotes, s.ofSitting(actor, sessionID, &roundID), func(tx *gorm.DB) error {
		series, err := seriesOf(tx, "rounds", roundID)
		if err != nil {
			return err
		}
		was, err := notesTaken(tx, roundID)
		if err != nil {
			return err
		}
		people, err := accountRows(tx)
		if err != nil {
			return err
		}
		var rows []takerRow
		var now []record.Taker
		for _, t := range takers {
			t = t.Normal()
			held, err := s.holding(tx, t.AccountID)
			if err != nil {
				return err
			}
			of := people[t.AccountID]
			if of.Disabled != 0 || !slices.ContainsFunc(held, func(g grantRow) bool {
				return record.RoleName(g.Role) == record.Rapporteur && (g.SeriesID == series || g.SeriesID == record.AllSeries)
			}) {
				return fault.Field("taker", "Choose somebody who is a rapporteur of this series.")
			}
			if err := t.Check(of.Outside != 0, s.clock()); err != nil {
				return err
			}
			t.Name = of.Name
			now = append(now, t)
			rows = append(rows, takerRow{sessionID, t.AccountID, roundID, t.Reason, string(t.Until), actor.ID, s.now()})
		}
		if slices.Equal(was[sessionID].Takers, now) {
			return errUnchanged
		}
		if err := tx.Where("session_id = ?", sessionID).Delete(&takerRow{}).Error; err != nil {
			return database.Error(err, "note-takers")
		}
		if len(rows) == 0 {
			return nil
		}
		return database.Error(tx.Create(&rows).Error, "note-takers")
	})
}

// Sittings lists the sessions whose notes the actor takes by an assignment that
// holds, the earliest first.
func (s *Store) Sittings(ctx context.Context, actor record.Actor) ([]record.Session, error) {
	var out []record.Session
	err := s.act(ctx, actor, record.KnowSitting, house(), func(tx *gorm.DB) error {
		var rows []roundSessionRow
		err := tx.Where("id IN (?)", s.taking(tx, actor)).
			Where("round_id IN (?)", visible(tx.Table("rounds").Select("id"), actor, record.TakeNotes, "series_id")).Order("held_on, starts, position, id").Find(&rows).Error
		for _, row := range rows {
			out = append(out, row.session())
		}
		return database.Error(err, "sessions")
	})
	return out, err
}

// NotesMissing lists the sessions that were held since a day of which there are
// no notes, the latest first, for whoever may read the notes of their series.
// Those of rounds whose notes were destroyed are not missing.
func (s *Store) NotesMissing(ctx context.Context, actor record.Actor, since record.Date) ([]record.Session, error) {
	var out []record.Session
	err := s.act(ctx, actor, record.KnowSitting, house(), func(tx *gorm.DB) error {
		var rows []roundSessionRow
		err := tx.Where("held_on >= ? AND held_on <= ?", string(since), s.today()).
			Where("id NOT IN (SELECT session_id FROM notes)").
			Where("round_id NOT IN (SELECT round_id FROM destructions WHERE state = ?)", string(record.DestructionDone)).
			Where("round_id IN (?)", visible(tx.Table("rounds").Select("id"), actor, record.ReadNotes, "series_id")).
			Order("held_on DESC, starts DESC, id").Find(&rows).Error
		for _, row := range rows {
			out = append(out, row.session())
		}
		return database.Error(err, "sessions")
	})
	return out, err
}
