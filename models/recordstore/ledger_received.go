package recordstore

import (
	"bytes"
	"context"
	"strings"

	"gorm.io/gorm"

	"track15/models/fault"
	"track15/models/record"
)

// KeepReceived keeps a file that came from a party, sealed, before anybody says
// what it answers, and returns the asking with it. The same file again changes
// nothing.
//
// It fails with Conflict if version is not the stored one.
func (s *Store) KeepReceived(ctx context.Context, actor record.Actor, outputID, askingID string, version int64, file record.Evidence) (record.Asking, error) {
	var out record.Asking
	if file.Name = strings.TrimSpace(file.Name); len(file.Content) == 0 || len(file.Content) > record.MaxEvidence {
		return out, fault.Field("file", "Choose a file of at most 8 MiB.")
	}
	if err := record.CheckLine("file", file.Name); err != nil {
		return out, err
	}
	err := s.act(ctx, actor, record.EditClearance, ofOutput(outputID), func(tx *gorm.DB) error {
		o, a, err := s.askingByID(tx, outputID, askingID)
		if err != nil {
			return err
		}
		if held := a.Holds(); held.Name == file.Name && bytes.Equal(held.Content, file.Content) {
			out = a
			return errUnchanged
		}
		if a.Version != version {
			return fault.Errorf(fault.Conflict, "Somebody recorded an answer of this party meanwhile.")
		}
		a.Received, a.Version = file, version+1
		out = a
		return s.storeAsking(tx, o, a)
	})
	return out, err
}

// TakeOver saves the next version of a text, with the wording that a party
// cleared in the place of what it was shown, and returns it. The edit is the
// actor's. Of a version that somebody saved meanwhile it changes the same words.
//
// It fails with Conflict if these are not there any more.
func (s *Store) TakeOver(ctx context.Context, actor record.Actor, outputID, askingID string) (record.Draft, error) {
	var d record.Draft
	err := s.act(ctx, actor, record.TakeOver, ofOutput(outputID), func(tx *gorm.DB) error {
		o, a, err := s.askingByID(tx, outputID, askingID)
		if err != nil {
			return err
		}
		if d, err = o.Draft.TakingOver(a, o.External); err != nil {
			return err
		}
		if sameWords(o.Draft, d) {
			d = o.Draft
			return errUnchanged
		}
		return s.nextDraft(tx, actor, o, &d)
	})
	return d, err
}
