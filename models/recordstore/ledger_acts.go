package recordstore

import (
	"context"
	"slices"
	"strings"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/record"
)

// An Ask is what is asked of parties of a text. The words are those that each
// would be shown of the version Draft.
type Ask struct {
	Draft   int64 // the version that the asker saw
	Parties []record.Party
	On, Due record.Date
	Silence string // the basis on which no answer counts as a yes, "" for none
}

// check holds an asking to the rules of the field; today is the day it is recorded.
func (a Ask) check(today record.Date) error {
	switch {
	case a.On.Precision() != record.Day || a.On > today:
		return fault.Field("on", "Enter the day on which they were asked, today or before.")
	case a.Silence != "" && a.Due != "" && a.Due < today:
		return fault.Field("due", "Silence counts from a day on that is still to come.")
	case a.Due != "" && (a.Due.Precision() != record.Day || a.Due < a.On):
		return fault.Field("due", "Enter a day that is not before you ask, or none.")
	case len(a.Parties) == 0:
		return fault.Field("party", "Choose whom you ask.")
	case a.Silence != "" && a.Due == "":
		return fault.Field("due", "Enter the day after which silence counts.")
	}
	return record.CheckLine("silence", a.Silence)
}

// AskClearance writes down that parties are shown their words of a text and
// asked to clear them. Who was asked about these words and has not answered is
// not asked twice.
//
// It fails with Conflict if the version is not the newest, with Invalid for a
// party that the text does not concern.
func (s *Store) AskClearance(ctx context.Context, actor record.Actor, outputID string, ask Ask) error {
	if err := ask.check(record.Date(s.today())); err != nil {
		return err
	}
	ask.Silence = strings.TrimSpace(ask.Silence)
	return s.act(ctx, actor, record.EditClearance, ofOutput(outputID), func(tx *gorm.DB) error {
		o, err := s.outputByID(tx, outputID)
		if err != nil {
			return err
		}
		if o.Draft.Number != ask.Draft {
			return fault.Errorf(fault.Conflict, "Somebody saved a new version of the text. Look at it before you ask.")
		}
		l, err := s.ledger(tx, o)
		if err != nil {
			return err
		}
		asked := 0
		for _, party := range ask.Parties {
			i := slices.IndexFunc(l.Lines, func(l record.LedgerLine) bool { return l.Party == party && l.Need != record.NeedNothing })
			if i < 0 {
				return fault.Field("party", "Choose parties of this ledger.")
			}
			line := l.Lines[i]
			if slices.ContainsFunc(l.Askings, func(a record.Asking) bool {
				return a.Party == party && a.Reply.State == record.NoReply && a.Shown.Same(line.Now) && a.Due == ask.Due && a.Silence == ask.Silence
			}) {
				continue
			}
			row, err := s.toAskingRow(o, record.Asking{
				ID: s.newID(), Party: party, Name: line.Name, Names: line.Names, Draft: o.Draft.Number, Shown: line.Now, Code: s.wordsCode(line.Now),
				On: ask.On, Due: ask.Due, Silence: ask.Silence, AskedBy: actor.ID, AskedAt: s.now(), Version: 1,
			})
			if err != nil {
				return err
			}
			if err := tx.Create(&row).Error; err != nil {
				return database.Error(err, "clearance")
			}
			asked++
		}
		if asked == 0 {
			return errUnchanged
		}
		return nil
	})
}

// RecordReply writes down what a party answered. Wording is needed for
// GrantedWithChanges only: the words of each passage shown, in order.
//
// It fails with Conflict if version is not the stored one, unless the stored
// reply is the same.
func (s *Store) RecordReply(ctx context.Context, actor record.Actor, outputID, askingID string, version int64, r record.Reply, wording []string) error {
	return s.act(ctx, actor, record.EditClearance, ofOutput(outputID), func(tx *gorm.DB) error {
		o, a, err := s.askingByID(tx, outputID, askingID)
		if err != nil {
			return err
		}
		if r.Wording, err = a.Shown.Reworded(r.State, wording); err != nil {
			return err
		}
		r = r.Normal()
		if len(r.Evidence.Content) == 0 && len(a.Received.Content) > 0 {
			r.Evidence = a.Received
		} else if len(r.Evidence.Content) == 0 && r.State == a.Reply.State {
			r.Evidence = a.Reply.Evidence
		}
		if a.Reply.Same(r) {
			return errUnchanged
		}
		if a.Version != version {
			return fault.Errorf(fault.Conflict, "Somebody recorded an answer of this party meanwhile.")
		}
		if err := r.Check(a.On, record.Date(s.today())); err != nil {
			return err
		}
		if a.Reply.State != record.NoReply {
			a.Earlier = append(a.Earlier, a.Reply)
		}
		a.Reply, a.RecordedBy, a.Recorded, a.Version = r, actor.ID, s.now(), version+1
		a.Received = record.Evidence{}
		return s.storeAsking(tx, o, a)
	})
}

// storeAsking stores an asking that is there already.
func (s *Store) storeAsking(tx *gorm.DB, o record.Output, a record.Asking) error {
	row, err := s.toAskingRow(o, a)
	if err != nil {
		return err
	}
	return database.Error(tx.Select("*").Where("id = ?", row.ID).Updates(&row).Error, "clearance")
}

// ChangeNeed writes down what a person decided about the need of a party, with
// their reason.
func (s *Store) ChangeNeed(ctx context.Context, actor record.Actor, outputID string, c record.NeedChange) error {
	if c.Reason = strings.TrimSpace(c.Reason); c.Reason == "" {
		return fault.Field("reason", "Say why.")
	}
	if err := record.CheckLine("reason", c.Reason); err != nil {
		return err
	}
	if !slices.Contains([]record.Need{record.NeedConsent, record.NeedSight, record.NeedNothing}, c.Need) {
		return fault.Field("need", "Choose what is needed.")
	}
	return s.act(ctx, actor, record.EditClearance, ofOutput(outputID), func(tx *gorm.DB) error {
		o, err := s.outputByID(tx, outputID)
		if err != nil {
			return err
		}
		candidates, _, err := s.candidates(tx, o)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(candidates, func(k record.Candidate) bool { return k.Party == c.Party }) {
			return fault.Field("party", "Choose somebody whom this text may concern.")
		}
		before, err := s.needsOf(tx, o)
		if err != nil {
			return err
		}
		for _, b := range slices.Backward(before) {
			if b.Party == c.Party {
				if b.Need == c.Need && b.Reason == c.Reason {
					return errUnchanged
				}
				break
			}
		}
		c.By, c.ByID, c.At = actor.Name, actor.ID, s.now()
		row := needRow{ID: s.newID(), OutputID: o.ID, RoundID: o.RoundID}
		if row.Sealed, err = s.sealOfText(o, row.TableName(), row.ID, c); err != nil {
			return err
		}
		return database.Error(tx.Create(&row).Error, "clearance")
	})
}

// Asking reads one asking with its evidence.
func (s *Store) Asking(ctx context.Context, actor record.Actor, outputID, askingID string) (record.Asking, error) {
	var a record.Asking
	err := s.act(ctx, actor, record.ReadClearance, ofOutput(outputID), func(tx *gorm.DB) error {
		var err error
		_, a, err = s.askingByID(tx, outputID, askingID)
		return err
	})
	return a, err
}

func (s *Store) askingByID(tx *gorm.DB, outputID, id string) (record.Output, record.Asking, error) {
	o, err := s.outputByID(tx, outputID)
	if err != nil {
		return o, record.Asking{}, err
	}
	var row askingRow
	if err := tx.Where("id = ? AND output_id = ?", id, outputID).Take(&row).Error; err != nil {
		return o, record.Asking{}, database.Error(err, "clearance")
	}
	a, err := s.asking(o, row)
	return o, a, err
}
