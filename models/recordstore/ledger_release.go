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
		l, there, err := s.frozenLedger(tx, row)
		if err != nil {
			return nil, err
		}
		if there {
			out = append(out, l)
		}
	}
	return out, nil
}

// frozenLedger is the ledger of a text in a version; false if it went with the
// notes of its round.
func (s *Store) frozenLedger(tx *gorm.DB, row frozenText) (frozenLedger, bool, error) {
	o, err := s.outputByID(tx, row.OutputID)
	if err != nil {
		return frozenLedger{}, false, err
	}
	var destroyed int64
	err = tx.Model(&destructionRow{}).Where("round_id = ? AND state = ?", o.RoundID, string(record.DestructionDone)).Count(&destroyed).Error
	if err != nil || destroyed > 0 {
		return frozenLedger{}, false, database.Error(err, "release")
	}
	newest := o.Draft.Number
	if newest != row.Number {
		if o.Draft, err = s.draftByNumber(tx, o, row.Number); err != nil {
			return frozenLedger{}, false, err
		}
	}
	l, err := s.ledger(tx, o)
	return frozenLedger{l, newest != row.Number}, err == nil, err
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

// ReleasesOn lists the releases that hold a text in words for which an asking was,
// the newest first, called off and refused ones left out: what its answer puts in
// question if it is revoked. It reads each released version of the text once.
func (s *Store) ReleasesOn(ctx context.Context, actor record.Actor, outputID, askingID string) ([]Resting, error) {
	var out []Resting
	err := s.act(ctx, actor, record.ReadClearance, ofOutput(outputID), func(tx *gorm.DB) error {
		_, a, err := s.askingByID(tx, outputID, askingID)
		if err != nil {
			return err
		}
		var rows []struct {
			ID, Title, State string
			Number           int64
		}
		err = tx.Table("releases").Select("releases.id, releases.title, releases.state, d.number").
			Joins("JOIN release_drafts d ON d.release_id = releases.id AND d.output_id = ? AND d.fresh = 1", outputID).
			Where("releases.state NOT IN ?", []string{string(record.CalledOff), string(record.Refused)}).
			Order("releases.prepared_at DESC, releases.id").Scan(&rows).Error
		if err != nil {
			return database.Error(err, "releases")
		}
		rests := map[int64]bool{}
		for _, r := range rows {
			on, known := rests[r.Number]
			if !known {
				if on, err = s.restsOn(tx, frozenText{outputID, r.Number}, a); err != nil {
					return err
				}
				rests[r.Number] = on
			}
			if on {
				out = append(out, Resting{r.ID, r.Title, record.ReleaseState(r.State)})
			}
		}
		return nil
	})
	return out, err
}

// restsOn reports whether an asking was for the words that its party would be shown
// of a version. Of a party that the ledger of that version does not know nobody can
// say that it was not.
func (s *Store) restsOn(tx *gorm.DB, version frozenText, a record.Asking) (bool, error) {
	l, there, err := s.frozenLedger(tx, version)
	if err != nil || !there {
		return false, err
	}
	of := slices.IndexFunc(l.Lines, func(line record.LedgerLine) bool { return line.Party == a.Party })
	return of < 0 || a.WasFor(l.Lines[of].Now), nil
}
