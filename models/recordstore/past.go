package recordstore

import (
	"context"
	"encoding/json"
	"slices"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
)

// A presence that becomes a true affiliation was perhaps entered in clear before,
// and somebody stood under it. What the history keeps of that says the same as
// what was sealed, so it is sealed likewise, and the old bytes leave the files.

// sealPast is the chore of sealing in the history what was sealed in a row later,
// and of writing the tables anew in which it stood.
const sealPast = "seal history"

var pastTables = []string{"history", "presences", "participations"}

// sealOlderPast does the chore for a record of an older program.
func (s *Store) sealOlderPast(ctx context.Context) error {
	return s.chore(ctx, sealPast, pastTables, func(tx *gorm.DB) error {
		return inOrder(
			func() error { return eachPast(tx, "presences", s.sealPastOfPresence) },
			func() error { return eachPast(tx, "participations", s.sealPastOfParticipation) },
		)
	})
}

// eachPast calls do for each object of the table that has a history.
func eachPast(tx *gorm.DB, table string, do func(tx *gorm.DB, seriesID, id string) error) error {
	var all []historyRow
	if err := tx.Distinct("object_id", "round_id").Where("kind = ?", table).Find(&all).Error; err != nil {
		return database.Error(err, "history")
	}
	for _, was := range all {
		series, err := seriesOf(tx, "rounds", was.RoundID)
		if fault.KindOf(err) == fault.NotFound {
			continue // the round was taken back, and with it who may read of it
		}
		if err != nil {
			return err
		}
		if err := do(tx, series, was.ObjectID); err != nil {
			return err
		}
	}
	return nil
}

// rewritePast ends an act that sealed a part of the history. The act stands
// already, so that a failure is left to the next start.
func (s *Store) rewritePast(ctx context.Context) {
	if err := s.chore(ctx, sealPast, pastTables, func(*gorm.DB) error { return nil }); err != nil {
		s.logger.Error("what was sealed was not written anew; the next start does it", "err", err)
	}
}

// sealPastOfPresence seals every state of a presence in the history, and who
// stood under it, if the presence is or ever was a true affiliation.
func (s *Store) sealPastOfPresence(tx *gorm.DB, seriesID, id string) error {
	states, err := pastOf[presenceRow](tx, "object_id", id)
	if err != nil || !slices.ContainsFunc(states, func(p pastState[presenceRow]) bool { return len(p.row.Sealed) > 0 }) {
		return err
	}
	for _, p := range states {
		if p.now() || len(p.row.Sealed) > 0 {
			continue
		}
		row := p.row
		row.Sealed, err = s.seal(seriesID, row.TableName(), row.ID, truth{row.OrganisationID, row.Words, row.AttendsThroughID, row.Disclosed})
		if err != nil {
			return err
		}
		row.OrganisationID, row.Words, row.AttendsThroughID, row.Disclosed = "", "", "", ""
		if err := replacePast(tx, p.was, row); err != nil {
			return err
		}
	}
	under, err := pastOf[participationRow](tx, "round_id", states[0].row.RoundID)
	if err != nil {
		return err
	}
	for _, p := range under {
		if !p.now() && p.row.PresenceID == id {
			if err := s.sealWorn(tx, seriesID, p); err != nil {
				return err
			}
		}
	}
	return nil
}

// sealPastOfParticipation seals under which presence somebody stood, in the
// history, if a true affiliation is or ever was sealed of them. Badges that were
// worn with it stay: they say nothing of it.
func (s *Store) sealPastOfParticipation(tx *gorm.DB, seriesID, id string) error {
	states, err := pastOf[participationRow](tx, "object_id", id)
	if err != nil {
		return err
	}
	badges := map[string]bool{}
	for _, p := range states {
		if len(p.row.Sealed) > 0 {
			badges[p.row.PresenceID] = true
		}
	}
	for _, p := range states {
		if len(badges) > 0 && !p.now() && !badges[p.row.PresenceID] {
			if err := s.sealWorn(tx, seriesID, p); err != nil {
				return err
			}
		}
	}
	return nil
}

// sealWorn seals under which presence a participation stood in a state of it.
func (s *Store) sealWorn(tx *gorm.DB, seriesID string, p pastState[participationRow]) (err error) {
	var a affiliation
	row := p.row
	if len(row.Sealed) > 0 {
		if err := s.unseal(seriesID, row.TableName(), row.ID, row.Sealed, &a); err != nil {
			return err
		}
	}
	a.Worn, row.PresenceID = row.PresenceID, ""
	if row.Sealed, err = s.seal(seriesID, row.TableName(), row.ID, a); err != nil {
		return err
	}
	return replacePast(tx, p.was, row)
}

// A pastState is a row as it was, from the history, or as it is.
type pastState[R past] struct {
	row R
	was historyRow
}

// now reports whether the row is so still.
func (p pastState[R]) now() bool { return p.was.ObjectID == "" }

// pastOf reads the states of the rows whose column of the history, object_id or
// round_id, is id: those that were replaced, in order, then those that are.
func pastOf[R past](tx *gorm.DB, column, id string) ([]pastState[R], error) {
	var r R
	var old []historyRow
	err := tx.Where("kind = ? AND "+column+" = ?", r.TableName(), id).Order("audit_number").Find(&old).Error
	if err != nil {
		return nil, database.Error(err, "history")
	}
	out := make([]pastState[R], len(old))
	for i, was := range old {
		out[i].was = was
		if err := json.Unmarshal([]byte(was.Body), &out[i].row); err != nil {
			return nil, fault.Errorf(fault.Unavailable, "an entry of the history cannot be read")
		}
	}
	if column == "object_id" {
		column = "id"
	}
	var rows []R
	if err := tx.Where(column+" = ?", id).Find(&rows).Error; err != nil {
		return nil, database.Error(err, "history")
	}
	for _, row := range rows {
		out = append(out, pastState[R]{row: row})
	}
	return out, nil
}

// replacePast keeps another form of a row that was, and has the act write the
// tables anew at its end.
func replacePast(tx *gorm.DB, was historyRow, row past) error {
	b, err := json.Marshal(row)
	if err != nil {
		return err
	}
	err = tx.Model(&historyRow{}).Where("object_id = ? AND audit_number = ?", was.ObjectID, was.AuditNumber).Update("body", string(b)).Error
	if err != nil {
		return database.Error(err, "history")
	}
	if k, err := keepingOf(tx); err == nil {
		k.sealed = true
	} // else it is the chore itself
	return database.Error(tx.Exec("INSERT INTO chores (name) VALUES (?) ON CONFLICT DO NOTHING", sealPast).Error, "chore")
}
