package recordstore

import (
	"context"
	"errors"
	"slices"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/record"
	"track15/models/seal"
)

// A scope says what an act is about: the series in which the actor needs the
// right, and the objects that it edits. No series means the whole house.
type scope struct {
	series  []string
	objects []string
}

// A where finds the scope of an act, in the act's own transaction. It fails
// with NotFound if the object is not there.
type where func(tx *gorm.DB) (scope, error)

// in is the scope of an act in one series.
func in(seriesID string, objects ...string) where {
	return func(tx *gorm.DB) (scope, error) {
		if seriesID == "" || seriesID == record.AllSeries {
			return scope{}, fault.Field("series", "Choose a series.")
		}
		if err := exists(tx, "series", seriesID); err != nil {
			return scope{}, err
		}
		return scope{[]string{seriesID}, objects}, nil
	}
}

// house is the scope of an act that belongs to no series.
func house(objects ...string) where {
	return func(*gorm.DB) (scope, error) { return scope{nil, objects}, nil }
}

// wherever is the scope of an act in every series in which the actor may do what; all
// of them for who may nowhere, so that it is refused.
func wherever(actor record.Actor, what record.Act) where {
	everything, series := actor.SeriesFor(what)
	if everything || len(series) == 0 {
		series = []string{record.AllSeries}
	}
	return func(*gorm.DB) (scope, error) { return scope{series: series}, nil }
}

// ofRound is the scope of an act on a round.
func ofRound(id string) where {
	return func(tx *gorm.DB) (scope, error) {
		series, err := seriesOf(tx, "rounds", id)
		return scope{[]string{series}, []string{id}}, err
	}
}

// ofOutput is the scope of an act on a text.
func ofOutput(id string) where {
	return func(tx *gorm.DB) (scope, error) {
		series, err := seriesOf(tx, "outputs", id)
		return scope{[]string{series}, []string{id}}, err
	}
}

// seriesOf reads the series of a row.
func seriesOf(tx *gorm.DB, table, id string) (string, error) {
	var series string
	if !isID(id) {
		return "", nothing()
	}
	err := tx.Table(table).Select("series_id").Where("id = ?", id).Take(&series).Error
	return series, database.Error(err, "entry")
}

// exists fails with NotFound unless the table has a row with the id.
func exists(tx *gorm.DB, table, id string) error {
	var found string
	if !isID(id) {
		return nothing()
	}
	return database.Error(tx.Table(table).Select("id").Where("id = ?", id).Take(&found).Error, "entry")
}

// reads are the acts that change nothing and leave no entry.
var reads = []record.Act{
	record.ReadDirectory, record.ReadSeries, record.ReadRound, record.ReadDisclosed, record.ReadDates,
	record.ReadTrue, record.ReadDraft, record.ReadRelease, record.ReadReleaseLog, record.ReadAudit, record.ReadHouseAudit, record.ReadSelf,
	record.ReadAccounts, record.ReadGrants, record.ReadAnswers, record.KnowSitting, record.ReadKeys, record.ReadRetention, record.Confirmed, record.ReadClearance, record.ReadCopies, record.ReadRequests, record.Compare,
}

// edits are the acts whose actor contributes to the objects of the act.
var edits = []record.Act{
	record.EditDirectory, record.EditSeries, record.EditRound, record.EditTrue, record.EditDraft, record.ImportHistoric,
	record.ImportRecord,
}

// errUnchanged is what the function of an act returns if there was nothing to
// do, because a form was sent twice. The act then succeeds and leaves no trace:
// who changed nothing contributed nothing.
var errUnchanged = errors.New("nothing was changed")

// act is the only way to the record: it authorises, opens the transaction, runs
// fn, and appends the audit entry of an act that changes something.
//
// It fails with Forbidden if the actor may not do the act, with NotFound if the
// actor may not even know that its object exists. A read sees one state of the
// record; a write runs alone.
func (s *Store) act(ctx context.Context, actor record.Actor, act record.Act, at where, fn func(tx *gorm.DB) error) error {
	if slices.Contains(reads, act) {
		return s.db.View(ctx, func(tx *gorm.DB) error {
			if _, err := authorise(tx, actor, act, at); err != nil {
				return err
			}
			return fn(tx)
		})
	}
	var head seal.Witness
	var cut bool
	var kept keeping
	synced := func() error { return nil }
	err := s.db.Write(ctx, func(tx *gorm.DB) error {
		sc, err := authorise(tx, actor, act, at)
		if err != nil {
			return err
		}
		last, err := lastEntry(tx)
		if err != nil {
			return err
		}
		kept = keeping{number: last.Number + 1}
		if err := fn(tx.WithContext(context.WithValue(tx.Statement.Context, keepingKey{}, &kept))); err != nil {
			return err
		}
		e := entry{At: s.now(), Actor: actor.ID, Act: act, Series: sc.series, Objects: sc.objects}
		if actor.IsOperator() {
			e.User = actor.Name
		}
		if head, cut, err = s.append(tx, last, e); err != nil {
			return err
		}
		if slices.Contains(edits, act) {
			if err := contribute(tx, e, head.Number); err != nil {
				return err
			}
		}
		if !cut {
			// Last before the commit, so that both go to the disk at once.
			synced = s.ring.Announce(head)
		}
		return nil
	})
	unwitnessed := synced()
	if errors.Is(err, errUnchanged) {
		return nil
	}
	if err != nil {
		return err
	}
	if kept.sealed {
		s.rewritePast(ctx)
	}
	if cut {
		// The witness stays where it is, so that verifying finds the break
		// however long the chain grows.
		s.logger.Error("the audit chain is not the one that its head witness saw")
		return nil
	}
	// The entry stands. A witness that lags is told apart from a chain that was
	// cut, so its failure must not make the act look undone.
	if unwitnessed == nil {
		unwitnessed = s.ring.Stored(head)
	}
	if unwitnessed != nil {
		s.logger.Error("the head witness was not written", "err", unwitnessed)
	}
	return nil
}

// authorise finds the scope and holds the table of rights to it. What is not
// there and what the actor may not know of fail in the same words.
func authorise(tx *gorm.DB, actor record.Actor, act record.Act, at where) (scope, error) {
	sc, err := at(tx)
	if fault.KindOf(err) == fault.NotFound {
		return scope{}, nothing()
	}
	if err != nil {
		return scope{}, err
	}
	if len(sc.series) == 0 && !actor.May(act, "") {
		return scope{}, refuse(act)
	}
	for _, id := range sc.series {
		switch {
		case actor.May(act, id):
		case id == record.AllSeries || actor.May(knownBy(act), id):
			return scope{}, refuse(act)
		default:
			return scope{}, nothing()
		}
	}
	return sc, nil
}

// knownBy is the act without which the object of an act does not exist for a
// person.
func knownBy(act record.Act) record.Act {
	switch act {
	case record.ReadRound:
		return record.ReadRound
	case record.ReadDisclosed, record.ReadDates, record.EditRound, record.ReadTrue, record.EditTrue, record.PrepareRelease:
		return record.ReadDates
	case record.ReadNotes, record.AssignNotes, record.ReadRetention, record.HoldNotes, record.EndHold, record.Propose, record.Confirm, record.Refuse:
		return record.ReadDates
	case record.ReadSitting, record.KnowSitting, record.TakeNotes:
		return record.KnowSitting
	case record.ReadDraft, record.EditDraft, record.Suggest, record.SettleComment, record.Decline, record.Settle:
		return record.ReadDraft
	case record.ReadClearance, record.EditClearance:
		return record.ReadClearance
	case record.ReadRelease, record.Sign, record.Countersign, record.Suspend:
		return record.ReadRelease
	case record.ReadCopies, record.ChaseCopies:
		return record.ReadCopies
	case record.ReadRequests, record.AnswerRequest:
		return record.ReadRequests
	}
	return record.ReadSeries
}

func nothing() error {
	return fault.Errorf(fault.NotFound, "there is no such entry in the record")
}

func refuse(act record.Act) error {
	return fault.Errorf(fault.Forbidden, "your roles do not include this: %s", act)
}

// contribute writes down who edited what, for the rule that a countersigner
// contributed to nothing.
func contribute(tx *gorm.DB, e entry, number int64) error {
	rows := make([]editRow, len(e.Objects))
	for i, id := range e.Objects {
		rows[i] = editRow{id, e.Actor, string(e.Act), e.At, number}
	}
	if len(rows) == 0 {
		return nil
	}
	return database.Error(tx.CreateInBatches(rows, 1000).Error, "edit")
}

type editRow struct {
	ObjectID    string
	ActorID     string
	Act         string
	At          int64
	AuditNumber int64
}

func (editRow) TableName() string { return "edits" }

// visible restricts a list to the series in which the actor may do act. It is
// the one helper that every list uses.
func visible(tx *gorm.DB, actor record.Actor, act record.Act, column string) *gorm.DB {
	all, ids := actor.SeriesFor(act)
	if all {
		return tx
	}
	if len(ids) == 0 {
		return tx.Where("1 = 0")
	}
	return tx.Where(column+" IN ?", ids)
}
