package recordstore

import (
	"context"
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
	return func(*gorm.DB) (scope, error) {
		if seriesID == "" || seriesID == record.AllSeries {
			return scope{}, fault.Field("series", "Choose a series.")
		}
		return scope{[]string{seriesID}, objects}, nil
	}
}

// house is the scope of an act that belongs to no series.
func house(objects ...string) where {
	return func(*gorm.DB) (scope, error) { return scope{nil, objects}, nil }
}

// ofRound is the scope of an act on a round.
func ofRound(id string) where {
	return func(tx *gorm.DB) (scope, error) {
		var series string
		err := tx.Table("rounds").Select("series_id").Where("id = ?", id).Take(&series).Error
		return scope{[]string{series}, []string{id}}, database.Error(err, "round")
	}
}

// ofOutput is the scope of an act on a text.
func ofOutput(id string) where {
	return func(tx *gorm.DB) (scope, error) {
		var series string
		err := tx.Table("outputs").Select("series_id").Where("id = ?", id).Take(&series).Error
		return scope{[]string{series}, []string{id}}, database.Error(err, "text")
	}
}

// reads are the acts that change nothing and leave no entry.
var reads = []record.Act{
	record.ReadDirectory, record.ReadSeries, record.ReadRound, record.ReadDisclosed, record.ReadDates,
	record.ReadTrue, record.ReadDraft, record.ReadRelease, record.ReadReleaseLog, record.ReadAudit, record.ReadSelf,
}

// edits are the acts whose actor contributes to the objects of the act.
var edits = []record.Act{
	record.EditDirectory, record.EditSeries, record.EditRound, record.EditTrue, record.EditDraft, record.ImportHistoric,
}

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
	err := s.db.Write(ctx, func(tx *gorm.DB) error {
		sc, err := authorise(tx, actor, act, at)
		if err != nil {
			return err
		}
		if err := fn(tx); err != nil {
			return err
		}
		e := entry{At: s.now(), Actor: actor.ID, Act: act, Series: sc.series, Objects: sc.objects}
		if actor.IsOperator() {
			e.User = actor.Name
		}
		head, err = s.append(tx, e)
		if err != nil || !slices.Contains(edits, act) {
			return err
		}
		return contribute(tx, e, head.Number)
	})
	if err != nil {
		return err
	}
	// The entry stands. A witness that lags is told apart from a chain that was
	// cut, so its failure must not make the act look undone.
	if err := s.ring.SetWitness(head); err != nil {
		s.logger.Error("the head witness was not written", "err", err)
	}
	return nil
}

// authorise finds the scope and holds the table of rights to it.
func authorise(tx *gorm.DB, actor record.Actor, act record.Act, at where) (scope, error) {
	sc, err := at(tx)
	if err != nil {
		if fault.KindOf(err) == fault.NotFound && !actor.MayAnywhere(act) {
			return scope{}, refuse(actor, act)
		}
		return scope{}, err
	}
	if len(sc.series) == 0 && !actor.May(act, "") {
		return scope{}, refuse(actor, act)
	}
	for _, id := range sc.series {
		if !actor.May(act, id) {
			if !actor.May(record.ReadSeries, id) {
				return scope{}, fault.Errorf(fault.NotFound, "there is no such entry in the record")
			}
			return scope{}, refuse(actor, act)
		}
	}
	return sc, nil
}

func refuse(actor record.Actor, act record.Act) error {
	if !actor.MayAnywhere(record.ReadSeries) && !actor.MayAnywhere(act) && slices.Contains(reads, act) {
		return fault.Errorf(fault.NotFound, "there is no such entry in the record")
	}
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
