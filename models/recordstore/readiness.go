package recordstore

import (
	"context"
	"slices"
	"time"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/record"
)

// Readiness lists the conditions of a release that nobody countersigned, as far as
// the actor may know them, in the order of the rules: those that hold too. Signing
// is held to the same list. Of a release that ended or went out it is empty.
func (s *Store) Readiness(ctx context.Context, actor record.Actor, id string) ([]record.Precondition, error) {
	var out []record.Precondition
	err := s.act(ctx, actor, record.ReadRelease, ofRelease(id), func(tx *gorm.DB) error {
		r, err := readRelease(tx, id)
		if err != nil || r.State != string(record.Frozen) && r.State != string(record.Signed) {
			return err
		}
		ledgers, err := s.ledgersOf(tx, id)
		if err != nil {
			return err
		}
		out, err = s.conditions(tx, actor, r, ledgers)
		return err
	})
	return out, err
}

// conditions are what a release is held to before it goes out, for one reader.
func (s *Store) conditions(tx *gorm.DB, actor record.Actor, r releaseRow, ledgers []frozenLedger) ([]record.Precondition, error) {
	all, err := s.underRules(tx, actor, r.ID)
	if err != nil {
		return nil, err
	}
	for _, l := range ledgers {
		all = append(all, l.condition(actor))
	}
	checked, err := s.checked(tx, actor, r, ledgers)
	if err != nil {
		return nil, err
	}
	all = append(all, checked...)
	could, err := s.countersigners(tx, r, recorders(ledgers))
	if err != nil {
		return nil, err
	}
	if r.State == string(record.Frozen) { // whoever asks cannot sign second
		may, err := mayOn(tx, actor, record.Sign, r.ID)
		if err != nil {
			return nil, err
		}
		could = slices.DeleteFunc(could, func(c record.Signatory) bool { return may && c.ID == actor.ID })
	}
	_, when, err := s.timing(tx, r.ID)
	return append(all, record.BySecond(could, record.Signatory{ID: r.AskedID, Name: r.AskedName}), record.Timed(when)), err
}

// mayOn reports whether the actor may do act in every series of a release.
func mayOn(tx *gorm.DB, actor record.Actor, act record.Act, releaseID string) (bool, error) {
	sc, err := ofRelease(releaseID)(tx)
	return err == nil && !slices.ContainsFunc(sc.series, func(id string) bool { return !actor.May(act, id) }), err
}

// condition is whether a text goes out as it was cleared. Who may not read
// clearances signs first without it: a refusal would tell which of the names they
// try was at the table.
func (l frozenLedger) condition(actor record.Actor) record.Precondition {
	c := record.Precondition{Rule: record.RuleCleared, Subject: l.Output.Draft.Title, Met: l.metFor(actor), From: 1}
	if !actor.May(record.ReadClearance, l.Output.SeriesID) {
		c.From, c.Says = 2, "Its clearances stand."
		if !c.Met {
			c.Says, c.Who = "A clearance is missing.", "The coordinator knows which."
		}
		return c
	}
	c.ObjectID = l.Output.ID
	c.Says, c.Who = record.Stock(l.Lines)
	if l.newer && !c.Met {
		c.Says += " The text was edited since this was frozen."
	}
	return c
}

type releaseAspectRow struct {
	ReleaseID string
	RoundID   string
	OutputID  string
	Aspect    string
}

func (releaseAspectRow) TableName() string { return "release_aspects" }

// Relies notes what a document says that the ground rules of a round decide on:
// the round's own where outputID is "", else a text's.
func (f *Freezing) Relies(roundID, outputID string, aspects ...record.Aspect) {
	for _, a := range aspects {
		f.aspects = append(f.aspects, releaseAspectRow{f.Release.ID, roundID, outputID, string(a)})
	}
}

// underRules says of each round whose rules documents of a release rely on whether
// they let all of it out now.
func (s *Store) underRules(tx *gorm.DB, actor record.Actor, releaseID string) ([]record.Precondition, error) {
	var rows []releaseAspectRow
	if err := tx.Where("release_id = ?", releaseID).Order("round_id, output_id, aspect").Find(&rows).Error; err != nil {
		return nil, database.Error(err, "release")
	}
	var out []record.Precondition
	for len(rows) > 0 {
		id := rows[0].RoundID
		end := slices.IndexFunc(rows, func(r releaseAspectRow) bool { return r.RoundID != id })
		if end < 0 {
			end = len(rows)
		}
		of := rows[:end]
		rows = rows[end:]
		round, err := s.roundByID(tx, id)
		if err != nil {
			return nil, err
		}
		said, summary, relied := true, false, []record.Aspect{}
		for _, row := range of {
			summary = summary || row.OutputID == "" && row.Aspect == string(record.AspectUnattributed)
			relied = append(relied, record.Aspect(row.Aspect))
			if row.OutputID == "" || !said {
				continue
			}
			o, err := s.outputByID(tx, row.OutputID)
			if err != nil {
				return nil, err
			}
			if said, err = s.maySay(tx, o); err != nil {
				return nil, err
			}
		}
		c := record.UnderRules(round.Rules.Lifted(time.UnixMicro(s.now())), relied, said, actor.May(record.ReadRound, round.SeriesID))
		if summary {
			c.Says += " The summary on the round's page has no ledger: these rules and two signatures stand for it."
		}
		out = append(out, c)
	}
	return out, nil
}

// RoundReadiness lists, before anything is frozen, what a release of a round with
// all its texts in their newest version would be held to, as far as the actor may
// know it: the rules of the round, and of each text that the public does not have
// as it is whether they and its clearances let it out. A text whose keys are not
// there is left out.
func (s *Store) RoundReadiness(ctx context.Context, actor record.Actor, roundID string) ([]record.Precondition, error) {
	var out []record.Precondition
	err := s.act(ctx, actor, record.ReadRelease, ofRound(roundID), func(tx *gorm.DB) error {
		round, err := s.roundByID(tx, roundID)
		if err != nil {
			return err
		}
		if !round.AsImported() {
			rules := round.Rules.Lifted(time.UnixMicro(s.now()))
			relied := slices.DeleteFunc(slices.Clone(record.PublicAspects), func(a record.Aspect) bool {
				return a != record.AspectExistence && !rules.Allows(a)
			})
			out = append(out, record.UnderRules(rules, relied, true, actor.May(record.ReadRound, round.SeriesID)))
		}
		var rows []outputRow
		err = tx.Where("round_id = ?", roundID).Where(`NOT EXISTS (SELECT 1 FROM release_state s
			JOIN release_drafts d ON d.release_id = s.release_id AND d.output_id = s.object_id
			WHERE s.kind = ? AND s.object_id = outputs.id AND d.number >= outputs.newest)`, kindOutput).Order("saved_at DESC, id DESC").Find(&rows).Error
		if err != nil {
			return database.Error(err, "texts")
		}
		for _, row := range rows {
			o, err := s.outputByID(tx, row.ID)
			var l Ledger
			said := true
			if err == nil {
				l, err = s.ledger(tx, o)
			}
			if err == nil && !o.AsImported() && o.Draft.Whole().Passages != nil {
				said, err = s.maySay(tx, o)
			}
			if fault.KindOf(err) == fault.Unavailable {
				continue
			}
			if err != nil {
				return err
			}
			if !said {
				out = append(out, record.Unsaid(o.Draft.Title))
			}
			out = append(out, frozenLedger{Ledger: l}.condition(actor))
		}
		return nil
	})
	return out, err
}
