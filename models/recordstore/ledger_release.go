package recordstore

import (
	"cmp"
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
			c := ClearedText{OutputID: l.Output.ID, Title: l.Output.Draft.Title, Newer: l.newer, Met: l.metFor(actor)}
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

// metFor is met as the actor may know it: who may not read clearances is told of a
// version only after somebody who may has asked about it.
func (l Ledger) metFor(actor record.Actor) bool {
	dealt := slices.ContainsFunc(l.Askings, func(a record.Asking) bool { return a.Draft == l.Output.Draft.Number })
	return l.met() && (dealt || actor.May(record.ReadClearance, l.Output.SeriesID))
}

// ledgersOf are the ledgers of the texts that a release takes from the record, or
// brings back, by their ids. Where the notes of a round were destroyed its ledgers
// went with them, and only what was public before can come back.
func (s *Store) ledgersOf(tx *gorm.DB, releaseID string) ([]frozenLedger, error) {
	rows, err := textsFor(tx, releaseID)
	if err != nil {
		return nil, err
	}
	var out []frozenLedger
	for _, row := range rows {
		o, err := s.outputByID(tx, row.OutputID)
		if err != nil {
			return nil, err
		}
		var destroyed int64
		err = tx.Model(&destructionRow{}).Where("round_id = ? AND state = ?", o.RoundID, string(record.DestructionDone)).Count(&destroyed).Error
		if err != nil {
			return nil, database.Error(err, "release")
		}
		if destroyed > 0 {
			continue
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
	return allMet(ledgers)
}

func allMet(ledgers []frozenLedger) error {
	if slices.ContainsFunc(ledgers, func(l frozenLedger) bool { return !l.met() }) {
		return fault.Errorf(fault.Conflict, "A clearance is missing: the ledger of each text says which.")
	}
	return nil
}

// recorders are the accounts by whose doing the clearances of a release stand, with
// when the last of it was.
func recorders(ledgers []frozenLedger) map[string]int64 {
	out := map[string]int64{}
	for _, l := range ledgers {
		for _, line := range l.Lines {
			at := int64(0)
			if line.Change != nil {
				at = line.Change.At
			}
			if line.Asking != nil {
				at = max(at, line.Asking.AskedAt, line.Asking.Recorded)
			}
			for _, id := range line.RestsOn() {
				out[id] = max(out[id], at)
			}
		}
	}
	return out
}

// A DueClearance is a text of which parties were asked and did not answer.
type DueClearance struct {
	Output record.Output
	Names  []string    // of those who did not answer, in the order of the ledger
	Due    record.Date // the first day on which an answer is due, "" if none is set
}

// DueClearances lists the texts that wait for answers, the one due first on top.
// Who was asked about words that stand there no more is not waited for.
func (s *Store) DueClearances(ctx context.Context, actor record.Actor) ([]DueClearance, error) {
	var out []DueClearance
	err := s.act(ctx, actor, record.ReadClearance, house(), func(tx *gorm.DB) error {
		var rows []outputRow
		err := visible(tx, actor, record.ReadClearance, "series_id").
			Where("id IN (SELECT output_id FROM clearance_askings WHERE answered = 0)").Order("id").Find(&rows).Error
		if err != nil {
			return database.Error(err, "clearances")
		}
		drafts, err := s.newest(tx, rows, wordless)
		if err != nil {
			return err
		}
		for i, row := range rows {
			l, err := s.ledger(tx, row.output(drafts[i]))
			if fault.KindOf(err) == fault.Unavailable {
				continue // its keyset is not there; the other texts still wait
			}
			if err != nil {
				return err
			}
			d := DueClearance{Output: l.Output}
			for _, line := range l.Lines {
				a := line.Asking
				if line.Met() || a == nil || a.Reply.State != record.NoReply || !a.Shown.Same(line.Now) {
					continue
				}
				d.Names = append(d.Names, line.Name)
				if d.Due == "" || a.Due != "" && a.Due < d.Due {
					d.Due = a.Due
				}
			}
			if len(d.Names) > 0 {
				out = append(out, d)
			}
		}
		return nil
	})
	slices.SortStableFunc(out, func(a, b DueClearance) int {
		if (a.Due == "") != (b.Due == "") {
			return cmp.Compare(len(b.Due), len(a.Due))
		}
		return cmp.Compare(a.Due, b.Due)
	})
	return out, err
}

// A Resting is a release that rests on an answer.
type Resting struct {
	ID, Title string
	State     record.ReleaseState
}

// ReleasesOn lists the releases that hold a text, the newest first, called off
// and refused ones left out: what a clearance that is revoked puts in question.
func (s *Store) ReleasesOn(ctx context.Context, actor record.Actor, outputID string) ([]Resting, error) {
	var out []Resting
	err := s.act(ctx, actor, record.ReadClearance, ofOutput(outputID), func(tx *gorm.DB) error {
		var rows []releaseRow
		err := tx.Where("id IN (SELECT release_id FROM release_drafts WHERE output_id = ? AND fresh = 1)", outputID).
			Where("state NOT IN ?", []string{string(record.CalledOff), string(record.Refused)}).
			Order("prepared_at DESC, id").Find(&rows).Error
		for _, r := range rows {
			out = append(out, Resting{r.ID, r.Title, record.ReleaseState(r.State)})
		}
		return database.Error(err, "releases")
	})
	return out, err
}
