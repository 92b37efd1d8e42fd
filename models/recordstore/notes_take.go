package recordstore

import (
	"context"
	"reflect"
	"slices"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/record"
)

// A Line is what a note-taker typed, with the id under which it is kept and the
// instant by the clock that it was typed under, in microseconds since 1970 UTC.
type Line struct {
	ID   string
	At   int64
	Said int64 // the instant at which it was said, where a text says so; 0 to go by At
	Kind record.InterventionKind
	record.Typed
}

// TakeDown keeps lines of a session in the order in which they come, and
// returns what became of each, by its id: nil for one that is kept. sent is the
// instant at which they were sent by the clock that they were typed under.
//
// A line that is here already is kept once, so that a sender who heard no
// answer sends again. One bad line keeps no other out. Costs one transaction.
//
// Lines that were typed before the notes were sealed, and waited for a network,
// are taken from whoever takes the notes also when they are sealed; later ones
// are not, and if there are no others, the session is not there.
func (s *Store) TakeDown(ctx context.Context, actor record.Actor, sessionID string, sent int64, lines []Line) (map[string]error, error) {
	return s.takeLines(ctx, actor, sessionID, sent, lines, func(int, error) error { return nil })
}

// TakeIn keeps a text that was not typed live, line by line, or nothing of it:
// it fails with Invalid if one line is bad, so that the text can be mended and
// sent again.
func (s *Store) TakeIn(ctx context.Context, actor record.Actor, sessionID string, lines []Line) error {
	_, err := s.takeLines(ctx, actor, sessionID, 0, lines, func(i int, err error) error {
		if fault.KindOf(err) != fault.Invalid {
			return err
		}
		return fault.Field("file", "Nothing was taken down. Remark %d: %s", i+1, err)
	})
	return err
}

// takeLines is TakeDown; bad is given the place of each line that is not kept,
// from 0, and why, and what it returns ends it.
func (s *Store) takeLines(ctx context.Context, actor record.Actor, sessionID string, sent int64, lines []Line, bad func(int, error) error) (map[string]error, error) {
	results := map[string]error{}
	var roundID string
	err := s.act(ctx, actor, record.TakeNotes, s.ofSittingOf(actor, sessionID, &roundID, s.assigned), func(tx *gorm.DB) error {
		if err := sealing(tx, roundID); err != nil {
			return err
		}
		until, err := s.takesUntil(tx, actor, sessionID)
		if err != nil {
			return err
		}
		typed := func(l Line) int64 { return record.Clocked(s.now(), sent, l.At) }
		if until != 0 && !slices.ContainsFunc(lines, func(l Line) bool { return typed(l) < until }) {
			return nothing()
		}
		codes, err := codesOf(tx, roundID)
		if err != nil {
			return err
		}
		var last int64
		if err := tx.Model(&noteRow{}).Where("round_id = ?", roundID).Select("COALESCE(MAX(position), 0)").Scan(&last).Error; err != nil {
			return database.Error(err, "notes")
		}
		said, err := s.saidLast(tx, actor, sessionID)
		if err != nil {
			return err
		}
		var rows []noteRow
		for i, l := range lines {
			if until != 0 && typed(l) >= until {
				results[l.ID] = fault.Errorf(fault.Invalid, "The notes of this session were sealed before this line was typed.")
				continue
			}
			code, a, words := l.Read()
			if said = max(said, typed(l)); l.Said != 0 {
				said = l.Said
			}
			x := record.Intervention{
				ID: l.ID, RoundID: roundID, SessionID: sessionID, Said: said, Position: last + 1, Kind: l.Kind,
				Code: code, SpeakerID: codes[code], Text: words, Attribution: a, TakerID: actor.ID, Version: 1,
			}.Normal()
			isNew, err := s.takeDown(tx, x)
			results[l.ID] = err
			if err != nil {
				if err := bad(i, err); err != nil {
					return err
				}
			}
			if err != nil || !isNew {
				continue
			}
			row, err := s.toNoteRow(x, saying{})
			if err != nil {
				return err
			}
			last++
			rows = append(rows, row)
		}
		if len(rows) == 0 {
			return errUnchanged
		}
		return insertRows(tx, rows)
	})
	return results, err
}

// takesUntil is when the notes of a session were sealed, for who takes them no
// longer since then; 0 for others.
func (s *Store) takesUntil(tx *gorm.DB, actor record.Actor, sessionID string) (int64, error) {
	var takes int64
	if err := tx.Table("round_sessions").Where("id = ?", sessionID).Where("id IN (?)", s.taking(tx, actor)).Count(&takes).Error; err != nil || takes > 0 {
		return 0, database.Error(err, "note-taker")
	}
	var sealed []sealedNoteRow
	if err := tx.Where("session_id = ?", sessionID).Find(&sealed).Error; err != nil || len(sealed) == 0 {
		return 0, database.Error(err, "notes")
	}
	series, err := seriesOf(tx, "rounds", sealed[0].RoundID)
	if err != nil || actor.May(record.ReadNotes, series) {
		return 0, err
	}
	return sealed[0].SealedAt, nil
}

// saidLast is when the last line was said that the actor took down in a session:
// no clock that was changed puts a line before one that was typed earlier.
func (s *Store) saidLast(tx *gorm.DB, actor record.Actor, sessionID string) (int64, error) {
	var rows []noteRow
	if err := tx.Where("session_id = ? AND taker_id = ?", sessionID, actor.ID).Order("position DESC").Limit(1).Find(&rows).Error; err != nil || len(rows) == 0 {
		return 0, database.Error(err, "notes")
	}
	x, _, err := s.intervention(rows[0])
	return x.Said, err
}

// takeDown holds a new line to the rules, and reports whether it is not here yet.
func (s *Store) takeDown(tx *gorm.DB, x record.Intervention) (isNew bool, err error) {
	if !isID(x.ID) {
		return false, damaged()
	}
	if err := x.Check(); err != nil {
		return false, err
	}
	var here []noteRow
	if err := tx.Where("id = ?", x.ID).Find(&here).Error; err != nil || len(here) == 0 {
		return err == nil, database.Error(err, "note")
	}
	was, _, err := s.intervention(here[0])
	if err != nil {
		return false, err
	}
	x.Said, x.Position, x.Version = was.Said, was.Position, was.Version
	if !reflect.DeepEqual(was, x) {
		return false, fault.Errorf(fault.Conflict, "A line with this id was kept before, with other words. Log it as a new one.")
	}
	return false, nil
}

// codesOf are the participations of a round by their codes.
func codesOf(tx *gorm.DB, roundID string) (map[string]string, error) {
	var rows []participationRow
	err := tx.Select("id", "code").Where("round_id = ?", roundID).Find(&rows).Error
	codes := map[string]string{}
	for _, r := range rows {
		codes[r.Code] = r.ID
	}
	delete(codes, "")
	return codes, database.Error(err, "participations")
}
