package recordstore

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"maps"
	"slices"
	"strings"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/disclosure"
	"track15/models/fault"
	"track15/models/record"
	"track15/models/seal"
)

type findingDecisionRow struct {
	ID       string
	Place    string
	OutputID string
	RoundID  string
	Key      string
	Rule     string
	ByID     string
	At       int64
	Sealed   []byte
}

func (findingDecisionRow) TableName() string { return "finding_decisions" }

// A settled is what a decision keeps under seal.
type settled struct {
	As     record.SettledAs `json:"as"`
	Reason string           `json:"reason,omitempty"`
}

// Findings compares a version of a text, saved or not, with what the actor may
// compare with, and returns what may disclose something, in the order of the text.
// Nothing is kept. Who may compare in no series of the text is told nothing.
func (s *Store) Findings(ctx context.Context, actor record.Actor, outputID string, d record.Draft) ([]record.Finding, error) {
	var out []record.Finding
	err := s.act(ctx, actor, record.ReadDraft, ofOutput(outputID), func(tx *gorm.DB) error {
		o, err := s.outputByID(tx, outputID)
		if err != nil || !actor.May(record.Compare, o.SeriesID) {
			return err
		}
		o.Draft = d
		out, err = s.findings(tx, actor, o)
		return err
	})
	return out, err
}

// findings are those of a text as an actor may know them.
func (s *Store) findings(tx *gorm.DB, actor record.Actor, o record.Output) ([]record.Finding, error) {
	x, err := s.index(tx, actor)
	if err != nil {
		return nil, err
	}
	decided, err := s.decisions(tx, o)
	if err != nil {
		return nil, err
	}
	var out []record.Finding
	for _, part := range o.Draft.Checked() {
		for _, f := range x.Check(part.Text, disclosure.Options{Round: o.RoundID, Lang: part.Lang}) {
			found := explained(part.Part, f)
			about := found.Quote
			if found.Unread {
				about = part.Text
			}
			found.Key = s.findingKey(f, about)
			found.Settled = decided[found.Key]
			out = append(out, found)
		}
	}
	return out, nil
}

// explained is a finding in a part of a text, in the words of its rule.
func explained(part record.Part, f disclosure.Finding) record.Finding {
	rule := disclosure.Explain(f.Rule)
	return record.Finding{
		Field: part.Key, Name: part.Name, Start: f.Start, End: f.End, Quote: part.Text[f.Start:f.End], Rule: f.Rule, Severity: record.Severity(f.Severity),
		Says: rule.Says, Help: rule.Help, Reword: rule.Reword, Unread: f.Rule == disclosure.LanguageUnread,
	}
}

// findingKey is a keyed sum of what a finding is about: rule, sources and words.
func (s *Store) findingKey(f disclosure.Finding, quote string) string {
	words := disclosure.Plain(quote)
	return hex.EncodeToString(s.ring.MAC(seal.Wording, []byte("finding"), []byte(f.Rule), []byte(strings.Join(f.Sources, " ")), []byte(words)))
}

// holdsFor is the round or the series for which decisions on a text hold.
func holdsFor(o record.Output) string { return cmp.Or(o.RoundID, o.SeriesID) }

// decisions are what was decided for the place of a text, by their keys, the oldest
// first.
func (s *Store) decisions(tx *gorm.DB, o record.Output) (map[string][]record.Settlement, error) {
	var rows []findingDecisionRow
	if err := tx.Where("place = ?", holdsFor(o)).Order("at, id").Find(&rows).Error; err != nil {
		return nil, database.Error(err, "findings")
	}
	out := map[string][]record.Settlement{}
	for _, row := range rows {
		var was settled
		if err := s.unsealOfText(record.Output{ID: row.OutputID, SeriesID: o.SeriesID, RoundID: row.RoundID}, row.TableName(), row.ID, row.Sealed, &was); err != nil {
			return nil, err
		}
		out[row.Key] = append(out[row.Key], record.Settlement{As: was.As, Reason: was.Reason, By: row.ByID, At: row.At})
	}
	return out, nil
}

// SettleFindings notes decisions about findings of a text's version number, all or
// none. They hold for the round of the text and for these words there, whatever
// stands around them, and for nothing else. number 0 is the newest version.
//
// It fails with Invalid, at the key, unless each says what it has to, with Conflict
// if the version has no such finding that the actor may know.
func (s *Store) SettleFindings(ctx context.Context, actor record.Actor, outputID string, number int64, all []record.Settling) error {
	return s.act(ctx, actor, record.Settle, ofOutput(outputID), func(tx *gorm.DB) error {
		o, err := s.outputByID(tx, outputID)
		if err != nil {
			return err
		}
		if number > 0 {
			if o.Draft, err = s.draftByNumber(tx, o, number); err != nil {
				return err
			}
		}
		found, err := s.findings(tx, actor, o)
		if err != nil {
			return err
		}
		var wrong error
		rows := map[string]findingDecisionRow{}
		for _, d := range all {
			d.Reason = strings.TrimSpace(d.Reason)
			i := slices.IndexFunc(found, func(f record.Finding) bool { return f.Key == d.Key })
			if i < 0 {
				return fault.Errorf(fault.Conflict, "the text has changed, and what the check found with it: look again")
			}
			if err := d.Check(found[i]); err != nil {
				wrong = errors.Join(wrong, err)
				continue
			}
			if n := len(found[i].Settled); n > 0 && found[i].Settled[n-1].By == actor.ID && found[i].Settled[n-1].As == d.As && found[i].Settled[n-1].Reason == d.Reason {
				continue // sent twice
			}
			row := findingDecisionRow{ID: s.newID(), Place: holdsFor(o), OutputID: o.ID, RoundID: o.RoundID, Key: d.Key, Rule: found[i].Rule, ByID: actor.ID, At: s.now()}
			if row.Sealed, err = s.sealOfText(o, row.TableName(), row.ID, settled{d.As, d.Reason}); err != nil {
				return err
			}
			rows[d.Key] = row
		}
		if wrong != nil {
			return wrong
		}
		if len(rows) == 0 {
			return errUnchanged
		}
		inOrder := slices.SortedFunc(maps.Values(rows), func(a, b findingDecisionRow) int { return cmp.Compare(a.Key, b.Key) })
		return database.Error(tx.Create(&inOrder).Error, "findings")
	})
}

// checked are the conditions of the disclosure check for the texts of a release, of
// what the actor compares with. Of the rest they are told that it is compared later,
// always in the same words: a condition that said more would answer whoever tries
// names.
func (s *Store) checked(tx *gorm.DB, actor record.Actor, r releaseRow, ledgers []frozenLedger) ([]record.Precondition, error) {
	everything, _ := actor.SeriesFor(record.Compare)
	var out []record.Precondition
	for _, l := range ledgers {
		title := l.Output.Draft.Title
		if !actor.May(record.Compare, l.Output.SeriesID) {
			out = append(out, record.ComparedLater(title))
			continue
		}
		found, err := s.findings(tx, actor, l.Output)
		if fault.KindOf(err) == fault.Unavailable {
			out = append(out, record.Unchecked(title))
			continue
		}
		if err != nil {
			return nil, err
		}
		c := record.UnderCheck(title, found, actor.ID, r.State == string(record.Signed))
		c.ObjectID, c.Draft = l.Output.ID, l.Output.Draft.Number
		out = append(out, c)
		if !everything {
			out = append(out, record.ComparedLater(title))
		}
	}
	return out, nil
}

// checkedWhole fails with Conflict if the whole record, whoever may read it, makes a
// finding in a text of a release that nobody settled. Whoever reads all of it was held
// to that by the conditions already.
func (s *Store) checkedWhole(tx *gorm.DB, actor record.Actor, ledgers []frozenLedger) error {
	if everything, _ := actor.SeriesFor(record.Compare); everything {
		return nil
	}
	for _, l := range ledgers {
		found, err := s.findings(tx, record.Worker(), l.Output)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(found, record.Finding.Open) {
			return fault.Errorf(fault.Conflict, "%s", record.ElsewhereSays)
		}
	}
	return nil
}

// ArticleFindings compares an article that somebody who was at a round wrote, as a
// courtesy, with what the actor may compare with. The author's own name, badge and
// remarks are no findings; personID is "" for an author who was not there. Nothing is
// kept.
func (s *Store) ArticleFindings(ctx context.Context, actor record.Actor, roundID, personID, text string) ([]record.Finding, error) {
	var out []record.Finding
	err := s.act(ctx, actor, record.Compare, ofRound(roundID), func(tx *gorm.DB) error {
		x, err := s.index(tx, actor)
		if err != nil {
			return err
		}
		for _, f := range x.Check(text, disclosure.Options{Round: roundID, Author: personID}) {
			out = append(out, explained(record.Part{Key: "text", Name: "Article", Text: text}, f))
		}
		return nil
	})
	return out, err
}
