package recordstore

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/record"
)

type basisRow struct {
	ObservationID string
	OutputID      string
	RoundID       string
	Sealed        []byte
}

func (basisRow) TableName() string { return "bases" }

// A Basis is what an observation rests on. It stays in the record.
type Basis struct {
	NoteIDs     []string           `json:"notes"`
	Attribution record.Attribution `json:"attribution,omitempty"`
}

// Observe adds an observation to a text about a round, as its next version, and
// keeps what it rests on: lines of the round's notes, whose words are not
// copied. base is the number of the version that it is added to; it fails with
// Conflict if that is not the newest. Who may not read the notes cannot rest
// anything on them.
//
// An observation that carries an ID which the text has already is there: a form
// sent twice adds it once.
func (s *Store) Observe(ctx context.Context, actor record.Actor, outputID string, base int64, o record.Observation, b Basis) (record.Observation, error) {
	if err := s.identify(&o.ID); err != nil {
		return o, err
	}
	err := s.act(ctx, actor, record.EditDraft, ofOutput(outputID), func(tx *gorm.DB) error {
		out, err := s.outputByID(tx, outputID)
		if err != nil {
			return err
		}
		if out.RoundID == "" || out.External || !actor.May(record.ReadNotes, out.SeriesID) {
			return nothing()
		}
		if slices.ContainsFunc(out.Draft.Observations, func(was record.Observation) bool { return was.ID == o.ID }) {
			return errUnchanged
		}
		if out.Draft.Number != base {
			return fault.Errorf(fault.Conflict, "Somebody else saved a version while you were writing.")
		}
		if !slices.Contains(record.Attributions, b.Attribution) {
			return fault.Field("attribution", "Choose how far this may be given as somebody’s.")
		}
		var n int64
		if err := tx.Model(&noteRow{}).Where("round_id = ? AND id IN ?", out.RoundID, b.NoteIDs).Count(&n).Error; err != nil {
			return database.Error(err, "notes")
		}
		if n == 0 || int(n) != len(b.NoteIDs) {
			return fault.Field("note", "Choose lines of the notes of this round.")
		}
		d := out.Draft
		d.Observations = append(slices.Clone(d.Observations), o)
		if d = d.Normal(); d.Observations[len(d.Observations)-1].Text == "" {
			return fault.Field("text", "Write the observation.")
		}
		o = d.Observations[len(d.Observations)-1]
		if err := d.Check(out.External); err != nil {
			return err
		}
		s.date(actor, &d, base+1)
		if err := s.storeDraft(tx, out, d); err != nil {
			return err
		}
		row := basisRow{ObservationID: o.ID, OutputID: outputID, RoundID: out.RoundID}
		if row.Sealed, err = s.sealOfRound(out.RoundID, "bases", o.ID, b); err != nil {
			return err
		}
		return database.Error(tx.Create(&row).Error, "basis")
	})
	return o, err
}

// Rested are the observations of a text that rest on lines of the notes, by id.
// It says no more and unseals nothing.
func (s *Store) Rested(ctx context.Context, actor record.Actor, outputID string) (map[string]bool, error) {
	out := map[string]bool{}
	err := s.act(ctx, actor, record.ReadDraft, ofOutput(outputID), func(tx *gorm.DB) error {
		var ids []string
		err := tx.Model(&basisRow{}).Where("output_id = ?", outputID).Pluck("observation_id", &ids).Error
		for _, id := range ids {
			out[id] = true
		}
		return database.Error(err, "bases")
	})
	return out, err
}

// Bases reads what the observations of a text rest on, by observation. That the
// notes of the round were read is in the audit log before.
func (s *Store) Bases(ctx context.Context, actor record.Actor, outputID string) (map[string]Basis, error) {
	var roundID string
	at := func(tx *gorm.DB) (scope, error) {
		out, err := s.outputByID(tx, outputID)
		if err != nil || out.RoundID == "" {
			return scope{}, nothing()
		}
		roundID = out.RoundID
		return scope{[]string{out.SeriesID}, []string{roundID}}, nil
	}
	if err := s.readsNotes(ctx, actor, record.ReadNotes, at, &roundID); err != nil {
		return nil, err
	}
	out := map[string]Basis{}
	err := s.act(ctx, actor, record.KnowSitting, at, func(tx *gorm.DB) error {
		var rows []basisRow
		if err := tx.Where("output_id = ?", outputID).Find(&rows).Error; err != nil {
			return database.Error(err, "bases")
		}
		for _, row := range rows {
			var b Basis
			if err := s.unsealOfRound(row.RoundID, "bases", row.ObservationID, row.Sealed, &b); err != nil {
				return err
			}
			out[row.ObservationID] = b
		}
		return nil
	})
	return out, err
}

// MaySay reports whether the ground rules allow now what was said to become
// public wherever a text about a round may have it from.
func (f *Freezing) MaySay(o record.Output) (bool, error) {
	return f.store.maySay(f.tx, o)
}

func (s *Store) maySay(tx *gorm.DB, o record.Output) (bool, error) {
	b, err := s.bookOf(tx, o)
	return b.Common(s.clock()).Allows(record.AspectUnattributed), err
}

// bookOf is the part of a round's rules that may hold for what a text about it
// says: those of the round at any time, and of the sessions on whose notes its
// observations rest. It is what a release is held to, and a ledger.
func (s *Store) bookOf(tx *gorm.DB, o record.Output) (record.RuleBook, error) {
	b, err := ruleBook(tx, o.RoundID)
	if err != nil || len(b.Changes) == 0 {
		return b, err
	}
	var rows []basisRow
	if err := tx.Where("output_id = ?", o.ID).Find(&rows).Error; err != nil {
		return b, database.Error(err, "bases")
	}
	var notes, sessions []string
	for _, row := range rows {
		var basis Basis
		if err := s.unsealOfRound(row.RoundID, "bases", row.ObservationID, row.Sealed, &basis); err != nil {
			return b, err
		}
		notes = append(notes, basis.NoteIDs...)
	}
	for part := range slices.Chunk(notes, releaseChunk) {
		var some []string
		if err := tx.Model(&noteRow{}).Where("id IN ?", part).Distinct().Pluck("session_id", &some).Error; err != nil {
			return b, database.Error(err, "notes")
		}
		sessions = append(sessions, some...)
	}
	own := b.Of(sessions...).Changes
	b.Changes = slices.DeleteFunc(b.Changes, func(c record.RuleChange) bool {
		return c.SessionID != "" && !slices.ContainsFunc(own, func(o record.RuleChange) bool { return o.ID == c.ID })
	})
	return b, nil
}
