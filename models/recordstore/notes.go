package recordstore

import (
	"context"
	"crypto/rand"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/record"
)

// noteRow is one intervention. What was said, by whom and when is sealed.
type noteRow struct {
	ID        string
	RoundID   string
	Sealed    []byte
	SessionID string
	TakerID   string
	Position  int64
	Version   int64
}

func (noteRow) TableName() string { return "notes" }

// A saying is what is sealed of an intervention, under its round's keyset.
type saying struct {
	Session     *int64 `json:"session,omitempty"` // its number in an interchange file
	Speaker     string `json:"speaker,omitempty"` // a person, from an interchange file
	TakenOn     string `json:"taken_on,omitempty"`
	Language    string `json:"language,omitempty"`
	Text        string `json:"text"`
	Said        int64  `json:"said,omitempty"`
	Kind        string `json:"kind,omitempty"`
	Code        string `json:"code,omitempty"`
	By          string `json:"by,omitempty"` // a participation
	Attribution string `json:"attribution,omitempty"`
}

// toNoteRow is the one way of an intervention into the database: it seals it.
// was is what stood before, the zero saying for a new one.
func (s *Store) toNoteRow(x record.Intervention, was saying) (noteRow, error) {
	row := noteRow{ID: x.ID, RoundID: x.RoundID, SessionID: x.SessionID, TakerID: x.TakerID, Position: x.Position, Version: x.Version}
	was.Language, was.Text, was.Said, was.Kind = x.Lang, x.Text, x.Said, string(x.Kind)
	was.Code, was.By, was.Attribution = x.Code, x.SpeakerID, string(x.Attribution)
	var err error
	row.Sealed, err = s.sealOfRound(x.RoundID, "notes", x.ID, was)
	return row, err
}

// intervention is the one way of an intervention out of the database.
func (s *Store) intervention(r noteRow) (record.Intervention, saying, error) {
	var n saying
	if err := s.unsealOfRound(r.RoundID, "notes", r.ID, r.Sealed, &n); err != nil {
		return record.Intervention{}, n, err
	}
	return record.Intervention{
		ID: r.ID, RoundID: r.RoundID, SessionID: r.SessionID, Said: n.Said, Position: r.Position, Kind: record.InterventionKind(n.Kind),
		Code: n.Code, SpeakerID: n.By, Text: n.Text, Attribution: record.Attribution(n.Attribution), Lang: n.Language,
		TakerID: r.TakerID, Version: r.Version,
	}, n, nil
}

type sealedNoteRow struct {
	SessionID string
	RoundID   string
	SealedAt  int64
	SealedBy  string
}

func (sealedNoteRow) TableName() string { return "sealed_notes" }

// ofSitting is the scope of an act on the notes of a session. Who reads all
// notes of the series may; others only where they take the notes, until these
// are sealed. For them nothing else is there.
func (s *Store) ofSitting(actor record.Actor, sessionID string, roundID *string) where {
	return s.ofSittingOf(actor, sessionID, roundID, s.taking)
}

// ofSittingOf is ofSitting for those who take notes of one of the sessions.
func (s *Store) ofSittingOf(actor record.Actor, sessionID string, roundID *string, takes func(*gorm.DB, record.Actor) *gorm.DB) where {
	return func(tx *gorm.DB) (scope, error) {
		var row roundSessionRow
		if !isID(sessionID) {
			return scope{}, nothing()
		}
		if err := tx.Where("id = ?", sessionID).Take(&row).Error; err != nil {
			return scope{}, database.Error(err, "session")
		}
		*roundID = row.RoundID
		sc, err := ofRound(row.RoundID)(tx)
		if err != nil || actor.May(record.ReadNotes, sc.series[0]) {
			return sc, err
		}
		var n int64
		err = takes(tx, actor).Where("session_id = ?", sessionID).Count(&n).Error
		if err == nil && n == 0 {
			return scope{}, nothing()
		}
		return sc, database.Error(err, "note-taker")
	}
}

// taking are the sessions whose notes the actor takes by an assignment that
// holds, until the notes are sealed.
func (s *Store) taking(tx *gorm.DB, actor record.Actor) *gorm.DB {
	return s.assigned(tx, actor).Where("session_id NOT IN (SELECT session_id FROM sealed_notes)")
}

// assigned is taking, also of sessions whose notes are sealed.
func (s *Store) assigned(tx *gorm.DB, actor record.Actor) *gorm.DB {
	return tx.Table("note_takers").Select("session_id").Where("account_id = ? AND (until = '' OR until >= ?)", actor.ID, s.today())
}

// readsNotes writes down that the actor reads notes of a round, in an audit
// entry that is committed before anything is unsealed: one a person, round and
// day.
func (s *Store) readsNotes(ctx context.Context, actor record.Actor, act record.Act, at where, roundID *string) error {
	return s.act(ctx, actor, act, at, func(tx *gorm.DB) error {
		row := map[string]any{"account_id": actor.ID, "round_id": *roundID, "day": s.today()}
		done := tx.Table("note_readings").Clauses(clause.OnConflict{DoNothing: true}).Create(row)
		if done.Error == nil && done.RowsAffected == 0 {
			return errUnchanged
		}
		return database.Error(done.Error, "reading")
	})
}

// Notes unseals all notes of a round, as they were said: a few microseconds
// each. That it was done is in the audit log before.
//
// It fails with Unavailable, naming the key, if the round's keyset is not in
// the key directory.
func (s *Store) Notes(ctx context.Context, actor record.Actor, roundID string) ([]record.Intervention, error) {
	if err := s.readsNotes(ctx, actor, record.ReadNotes, ofRound(roundID), &roundID); err != nil {
		return nil, err
	}
	return s.interventions(ctx, actor, ofRound(roundID), "round_id = ?", roundID)
}

// NotesOf unseals the notes of a session, as they were said. See Notes.
func (s *Store) NotesOf(ctx context.Context, actor record.Actor, sessionID string) ([]record.Intervention, error) {
	return s.NotesSince(ctx, actor, sessionID, 0)
}

// NotesSince is NotesOf without the lines up to a position, which stay sealed.
func (s *Store) NotesSince(ctx context.Context, actor record.Actor, sessionID string, position int64) ([]record.Intervention, error) {
	return s.notesOf(ctx, actor, sessionID, "position > ?", position)
}

// Intervention unseals one line of the notes of a session. See Notes.
func (s *Store) Intervention(ctx context.Context, actor record.Actor, sessionID, id string) (record.Intervention, error) {
	all, err := s.notesOf(ctx, actor, sessionID, "id = ?", id)
	if err == nil && len(all) == 0 {
		err = nothing()
	}
	if err != nil {
		return record.Intervention{}, err
	}
	return all[0], nil
}

func (s *Store) notesOf(ctx context.Context, actor record.Actor, sessionID, which string, what any) ([]record.Intervention, error) {
	var roundID string
	at := s.ofSitting(actor, sessionID, &roundID)
	if err := s.readsNotes(ctx, actor, record.ReadSitting, at, &roundID); err != nil {
		return nil, err
	}
	return s.interventions(ctx, actor, at, "session_id = ? AND "+which, sessionID, what)
}

// interventions unseals the lines for which a condition holds, once it is written
// down that they are read.
func (s *Store) interventions(ctx context.Context, actor record.Actor, at where, which string, of ...any) ([]record.Intervention, error) {
	var out []record.Intervention
	err := s.act(ctx, actor, record.KnowSitting, at, func(tx *gorm.DB) error {
		var rows []noteRow
		if err := tx.Where(which, of...).Order("position, id").Find(&rows).Error; err != nil {
			return database.Error(err, "notes")
		}
		for _, row := range rows {
			x, _, err := s.intervention(row)
			if err != nil {
				return err
			}
			out = append(out, x)
		}
		return nil
	})
	record.InOrder(out)
	return out, err
}

// EditIntervention replaces the words, the speaker, the attribution and the
// language of an intervention; when it was said and who took it down stay. Its
// history keeps what stood there, sealed. It fails with Conflict if x.Version
// is not the stored one, unless nothing would change.
func (s *Store) EditIntervention(ctx context.Context, actor record.Actor, x record.Intervention) (record.Intervention, error) {
	x = x.Normal()
	var roundID string
	err := s.act(ctx, actor, record.TakeNotes, s.ofSitting(actor, x.SessionID, &roundID), func(tx *gorm.DB) error {
		if err := sealing(tx, roundID); err != nil {
			return err
		}
		row, err := noteByID(tx, x.SessionID, x.ID)
		if err != nil {
			return err
		}
		was, n, err := s.intervention(row)
		if err != nil {
			return err
		}
		codes, err := codesOf(tx, roundID)
		if err != nil {
			return err
		}
		x.RoundID, x.Said, x.Position, x.TakerID, x.Kind = was.RoundID, was.Said, was.Position, was.TakerID, was.Kind
		if x.SpeakerID = codes[x.Code]; x.Code == was.Code {
			x.SpeakerID = was.SpeakerID
		}
		if err := moved(was, &x, func(x *record.Intervention) *int64 { return &x.Version }); err != nil {
			return err
		}
		if err := x.Check(); err != nil {
			return err
		}
		if row, err = s.toNoteRow(x, n); err != nil {
			return err
		}
		if err := remember[noteRow](tx, x.ID); err != nil {
			return err
		}
		return database.Error(tx.Select("*").Where("id = ?", x.ID).Updates(&row).Error, "note")
	})
	return x, err
}

// RemoveIntervention takes a line out of the notes. Its history keeps it,
// sealed, until the round's notes are destroyed.
func (s *Store) RemoveIntervention(ctx context.Context, actor record.Actor, sessionID, id string, version int64) error {
	var roundID string
	return s.act(ctx, actor, record.TakeNotes, s.ofSitting(actor, sessionID, &roundID), func(tx *gorm.DB) error {
		row, err := noteByID(tx, sessionID, id)
		if err != nil {
			return err
		}
		if row.Version != version {
			return fault.Errorf(fault.Conflict, "Somebody else changed this line while you were looking at it.")
		}
		if err := remember[noteRow](tx, id); err != nil {
			return err
		}
		return database.Error(tx.Where("id = ?", id).Delete(&noteRow{}).Error, "note")
	})
}

func noteByID(tx *gorm.DB, sessionID, id string) (noteRow, error) {
	var row noteRow
	if !isID(id) {
		return row, nothing()
	}
	err := tx.Where("id = ? AND session_id = ?", id, sessionID).Take(&row).Error
	return row, database.Error(err, "note")
}

// SealNotes ends the taking of notes of a session: from then on only those read
// and correct them who may read all notes of the series. Lines that waited for a
// network are still taken, see TakeDown. Sealing twice changes nothing.
func (s *Store) SealNotes(ctx context.Context, actor record.Actor, sessionID string) error {
	var roundID string
	return s.act(ctx, actor, record.TakeNotes, s.ofSitting(actor, sessionID, &roundID), func(tx *gorm.DB) error {
		row := sealedNoteRow{sessionID, roundID, s.now(), actor.ID}
		done := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&row)
		if done.Error == nil && done.RowsAffected == 0 {
			return errUnchanged
		}
		return database.Error(done.Error, "notes")
	})
}

type lineKeyRow struct {
	SessionID string
	AccountID string
	RoundID   string
	Sealed    []byte
}

func (lineKeyRow) TableName() string { return "line_keys" }

// LineKey is the key under which the actor's browser keeps lines of a session
// that were not sent yet: 32 bytes, the same each time. It is sealed under the
// round's keyset, so that what a browser left on a disk cannot be read without
// this record, nor after the notes were destroyed.
func (s *Store) LineKey(ctx context.Context, actor record.Actor, sessionID string) ([]byte, error) {
	key := make([]byte, 32)
	var roundID string
	err := s.act(ctx, actor, record.TakeNotes, s.ofSitting(actor, sessionID, &roundID), func(tx *gorm.DB) error {
		var rows []lineKeyRow
		if err := tx.Where("session_id = ? AND account_id = ?", sessionID, actor.ID).Find(&rows).Error; err != nil {
			return database.Error(err, "key")
		}
		if len(rows) > 0 {
			if err := s.unsealOfRound(roundID, "line_keys", sessionID+actor.ID, rows[0].Sealed, &key); err != nil {
				return err
			}
			return errUnchanged
		}
		if err := sealing(tx, roundID); err != nil {
			return err
		}
		rand.Read(key)
		row := lineKeyRow{SessionID: sessionID, AccountID: actor.ID, RoundID: roundID}
		var err error
		if row.Sealed, err = s.sealOfRound(roundID, "line_keys", sessionID+actor.ID, key); err != nil {
			return err
		}
		return database.Error(tx.Create(&row).Error, "key")
	})
	return key, err
}
