package recordstore

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/record"
)

// A ClearedText is a text of a release, in the version that it releases, with
// how its clearances stand now.
type ClearedText struct {
	OutputID string
	Title    string
	Newer    bool // the record holds a newer version than the release
	Met      bool
	Lines    []record.LedgerLine // for who may read clearances; nil for others
}

// ReleaseClearances says of each text that a release takes from the record
// whether what goes out was cleared.
func (s *Store) ReleaseClearances(ctx context.Context, actor record.Actor, id string) ([]ClearedText, error) {
	var out []ClearedText
	err := s.act(ctx, actor, record.ReadRelease, ofRelease(id), func(tx *gorm.DB) error {
		ledgers, err := s.ledgersOf(tx, id)
		for _, l := range ledgers {
			c := ClearedText{OutputID: l.Output.ID, Title: l.Output.Draft.Title, Newer: l.newer, Met: l.met()}
			if actor.May(record.ReadClearance, l.Output.SeriesID) {
				c.Lines = l.Lines
			}
			out = append(out, c)
		}
		return err
	})
	return out, err
}

// A frozenLedger is the ledger of a text in the version that a release holds.
type frozenLedger struct {
	Ledger
	newer bool
}

func (l Ledger) met() bool {
	return !slices.ContainsFunc(l.Lines, func(l record.LedgerLine) bool { return !l.Met() })
}

// ledgersOf are the ledgers of the texts that a release takes from the record,
// by their ids.
func (s *Store) ledgersOf(tx *gorm.DB, releaseID string) ([]frozenLedger, error) {
	var rows []struct {
		OutputID string
		Number   int64
	}
	err := tx.Table("release_drafts").Where("release_id = ? AND fresh = 1", releaseID).Order("output_id").Find(&rows).Error
	if err != nil {
		return nil, database.Error(err, "release")
	}
	var out []frozenLedger
	for _, row := range rows {
		o, err := s.outputByID(tx, row.OutputID)
		if err != nil {
			return nil, err
		}
		newest := o.Draft.Number
		if newest != row.Number {
			if o.Draft, err = s.draftByNumber(tx, o, row.Number); err != nil {
				return nil, err
			}
		}
		l, err := s.ledger(tx, o)
		if err != nil {
			return nil, err
		}
		out = append(out, frozenLedger{l, newest != row.Number})
	}
	return out, nil
}

// cleared fails with Conflict if a text that a release takes from the record is
// not cleared as it goes out.
func (s *Store) cleared(tx *gorm.DB, releaseID string) error {
	ledgers, err := s.ledgersOf(tx, releaseID)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(ledgers, func(l frozenLedger) bool { return !l.met() }) {
		return fault.Errorf(fault.Conflict, "A clearance is missing: the ledger of each text says which.")
	}
	return nil
}

// recorders are the accounts that recorded an answer on which a release rests,
// with when they did.
func (s *Store) recorders(tx *gorm.DB, releaseID string) (map[string]int64, error) {
	ledgers, err := s.ledgersOf(tx, releaseID)
	out := map[string]int64{}
	for _, l := range ledgers {
		for _, line := range l.Lines {
			if line.Asking != nil && line.Stand == record.Stands && line.Asking.RecordedBy != "" {
				out[line.Asking.RecordedBy] = line.Asking.Recorded
			}
		}
	}
	return out, err
}
