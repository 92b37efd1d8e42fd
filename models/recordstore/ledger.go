package recordstore

import (
	"cmp"
	"context"
	"encoding/hex"
	"slices"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/published"
	"track15/models/record"
	"track15/models/seal"
)

type askingRow struct {
	ID       string
	OutputID string
	RoundID  string
	Due      string
	Answered int64
	Version  int64
	Sealed   []byte
}

func (askingRow) TableName() string { return "clearance_askings" }

type needRow struct {
	ID       string
	OutputID string
	RoundID  string
	Sealed   []byte
}

func (needRow) TableName() string { return "clearance_needs" }

// A Ledger is a text with everybody whose clearance it needs or was asked for.
type Ledger struct {
	Output  record.Output
	Code    string // text code of the whole text as it is
	Lines   []record.LedgerLine
	Askings []record.Asking    // all, the newest first
	Others  []record.Candidate // parties that are not in Lines and can be added
}

// Ledger reads the ledger of a text as it is now.
func (s *Store) Ledger(ctx context.Context, actor record.Actor, outputID string) (Ledger, error) {
	var out Ledger
	err := s.act(ctx, actor, record.ReadClearance, ofOutput(outputID), func(tx *gorm.DB) error {
		o, err := s.outputByID(tx, outputID)
		if err != nil {
			return err
		}
		out, err = s.ledger(tx, o)
		return err
	})
	return out, err
}

// Uncleared reports whether a clearance is missing for a text as it is now, or
// nobody asked about this version yet: that it is, not whose or why. For those who
// may read the text only, each edit is uncleared until somebody who may read
// clearances has dealt with it, so that no name they try tells who was there.
func (s *Store) Uncleared(ctx context.Context, actor record.Actor, outputID string) (bool, error) {
	missing := true
	err := s.act(ctx, actor, record.ReadDraft, ofOutput(outputID), func(tx *gorm.DB) error {
		o, err := s.outputByID(tx, outputID)
		if err != nil {
			return err
		}
		l, err := s.ledger(tx, o)
		if fault.KindOf(err) == fault.Unavailable {
			return nil // a keyset is not there: whoever may read the text still does
		}
		missing = !l.metFor(actor)
		return err
	})
	return missing, err
}

// ledger computes the ledger of a text whose Draft may be any version of it.
func (s *Store) ledger(tx *gorm.DB, o record.Output) (Ledger, error) {
	b := record.LedgerBook{Kind: o.Kind, Public: o.AsImported(), External: o.External, Draft: o.Draft, Today: record.Date(s.today())}
	if b.Public {
		return Ledger{Output: o, Code: s.wordsCode(o.Draft.Whole())}, nil
	}
	var err error
	if b.Candidates, b.Rules, err = s.candidates(tx, o); err != nil {
		return Ledger{}, err
	}
	if b.Askings, err = s.askingsOf(tx, o); err != nil {
		return Ledger{}, err
	}
	if b.Changes, err = s.needsOf(tx, o); err != nil {
		return Ledger{}, err
	}
	out := Ledger{Output: o, Code: s.wordsCode(o.Draft.Whole()), Lines: b.Ledger(), Askings: slices.Clone(b.Askings)}
	for _, c := range b.Candidates {
		if !slices.ContainsFunc(out.Lines, func(l record.LedgerLine) bool { return l.Party == c.Party }) {
			out.Others = append(out.Others, c)
		}
	}
	slices.Reverse(out.Askings)
	return out, nil
}

// wordsCode is the text code of words that are not public yet: of equal words
// the same, and no check of a guess without the key.
func (s *Store) wordsCode(words record.Shown) string {
	return published.TextCode(hex.EncodeToString(s.ring.MAC(seal.Wording, words.Bytes())))
}

// askingsOf are all askings of a text, the oldest first.
func (s *Store) askingsOf(tx *gorm.DB, o record.Output) ([]record.Asking, error) {
	var rows []askingRow
	if err := tx.Where("output_id = ?", o.ID).Order("id").Find(&rows).Error; err != nil {
		return nil, database.Error(err, "clearances")
	}
	out := make([]record.Asking, len(rows))
	for i, row := range rows {
		var err error
		if out[i], err = s.asking(o, row); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(out, func(a, b record.Asking) int { return cmp.Compare(a.AskedAt, b.AskedAt) })
	return out, nil
}

// asking is the one way of an asking out of the database.
func (s *Store) asking(o record.Output, row askingRow) (record.Asking, error) {
	a := record.Asking{ID: row.ID, OutputID: row.OutputID, Version: row.Version}
	err := s.unsealOfText(o, row.TableName(), row.ID, row.Sealed, &a)
	return a, err
}

// toAskingRow is the one way of an asking into the database.
func (s *Store) toAskingRow(o record.Output, a record.Asking) (askingRow, error) {
	row := askingRow{ID: a.ID, OutputID: o.ID, RoundID: o.RoundID, Due: string(a.Due), Answered: flag(a.Reply.State != record.NoReply), Version: a.Version}
	var err error
	row.Sealed, err = s.sealOfText(o, row.TableName(), row.ID, a)
	return row, err
}

func (s *Store) needsOf(tx *gorm.DB, o record.Output) ([]record.NeedChange, error) {
	var rows []needRow
	if err := tx.Where("output_id = ?", o.ID).Find(&rows).Error; err != nil {
		return nil, database.Error(err, "clearances")
	}
	out := make([]record.NeedChange, len(rows))
	for i, row := range rows {
		if err := s.unsealOfText(o, row.TableName(), row.ID, row.Sealed, &out[i]); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(out, func(a, b record.NeedChange) int { return cmp.Compare(a.At, b.At) })
	return out, nil
}

// sealOfText seals what belongs to a text, under the keyset of its round or else
// of its series.
func (s *Store) sealOfText(o record.Output, table, id string, v any) ([]byte, error) {
	if o.RoundID == "" {
		return s.seal(o.SeriesID, table, id, v)
	}
	return s.sealOfRound(o.RoundID, table, id, v)
}

// unsealOfText opens what sealOfText made.
func (s *Store) unsealOfText(o record.Output, table, id string, sealed []byte, v any) error {
	if o.RoundID == "" {
		return s.unseal(o.SeriesID, table, id, sealed, v)
	}
	return s.unsealOfRound(o.RoundID, table, id, sealed, v)
}
