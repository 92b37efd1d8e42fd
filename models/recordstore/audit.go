package recordstore

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/record"
	"track15/models/seal"
)

// An entry is what the audit chain says of one act: ids, the act, the instant.
// It holds no word of the record.
type entry struct {
	Number  int64      `json:"number"`
	At      int64      `json:"at"` // microseconds since 1970 UTC
	Actor   string     `json:"actor"`
	User    string     `json:"user,omitempty"` // system user, on the command line
	Act     record.Act `json:"act"`
	Series  []string   `json:"series,omitempty"`
	Objects []string   `json:"objects,omitempty"`
}

type auditRow struct {
	Number int64
	Bytes  []byte
	Link   []byte
}

func (auditRow) TableName() string { return "audit" }

// lastEntry reads the head of the chain; a zero row for an empty one.
func lastEntry(tx *gorm.DB) (auditRow, error) {
	var last auditRow
	err := tx.Order("number DESC").Limit(1).Find(&last).Error
	return last, database.Error(err, "audit entry")
}

// A keeping is what an act keeps of what was before it: the number of the audit
// entry that it will have, and whether it sealed what stood in clear.
type keeping struct {
	number int64
	sealed bool
}

type keepingKey struct{}

// keepingOf is the keeping of the act that runs in tx.
func keepingOf(tx *gorm.DB) (*keeping, error) {
	k, ok := tx.Statement.Context.Value(keepingKey{}).(*keeping)
	if !ok {
		return nil, fault.Errorf(fault.Unavailable, "only an act that changes something keeps what was before it")
	}
	return k, nil
}

// numberOf is the number of the audit entry of the act that runs in tx.
func numberOf(tx *gorm.DB) (int64, error) {
	k, err := keepingOf(tx)
	if err != nil {
		return 0, err
	}
	return k.number, nil
}

// append writes the entry of the chain after last, its head, and returns the new
// head. The transaction runs alone since last was read, so nothing came between.
// It costs one look-up by number at most, however long the chain is.
//
// cut reports that the chain does not hold the last entry that the head witness
// saw stored.
func (s *Store) append(tx *gorm.DB, last auditRow, e entry) (head seal.Witness, cut bool, err error) {
	stored, announced, err := s.ring.Witness()
	if err != nil {
		return seal.Witness{}, false, err
	}
	seen := last
	if stored.Number != last.Number {
		seen = auditRow{}
		if err := tx.Where("number = ?", stored.Number).Limit(1).Find(&seen).Error; err != nil {
			return seal.Witness{}, false, database.Error(err, "audit entry")
		}
	}
	if announced.Number > last.Number {
		s.logger.Warn(announcedOnly, "number", announced.Number)
	}
	e.Number = last.Number + 1
	b, err := json.Marshal(e)
	if err != nil {
		return seal.Witness{}, false, err
	}
	row := auditRow{e.Number, b, s.ring.MAC(seal.Audit, last.Link, b)}
	if err := tx.Create(&row).Error; err != nil {
		return seal.Witness{}, false, database.Error(err, "audit entry")
	}
	return seal.Witness{Number: row.Number, Link: row.Link}, !bytes.Equal(seen.Link, stored.Link), nil
}

const announcedOnly = "the last audit entry was announced and is not there: storing it failed or was interrupted, or it was taken away"

// ofTheseKeys holds that the chain was written with the audit key in the key
// directory. Where the disk of the keys is not mounted, an empty folder stands in
// its place and gets keys of its own: with them nothing that is sealed here opens,
// and what is sealed then would not open with the right ones.
//
// The first entry or the last is enough, so that a chain that somebody changed
// can still be opened and verified.
func (s *Store) ofTheseKeys(ctx context.Context) error {
	var rows []auditRow
	err := s.db.Read(ctx).Where("number = 1 OR number >= (SELECT MAX(number) FROM audit) - 1").Order("number").Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return database.Error(err, "audit entry")
	}
	var before auditRow
	for _, row := range rows {
		if row.Number == before.Number+1 && bytes.Equal(row.Link, s.ring.MAC(seal.Audit, before.Link, row.Bytes)) {
			return nil
		}
		before = row
	}
	return fault.Errorf(fault.Unavailable, "the keys in the key directory are not those of this record: mount its disk, or name the right directory with --keys")
}

// confirm marks the announced entry as stored if the chain holds it: the program
// that stored it was stopped before it could.
func (s *Store) confirm(ctx context.Context) error {
	_, announced, err := s.ring.Witness()
	if err != nil || announced.Number == 0 {
		return err
	}
	var row auditRow
	if err := s.db.Read(ctx).Where("number = ?", announced.Number).Limit(1).Find(&row).Error; err != nil {
		return database.Error(err, "audit entry")
	}
	if !bytes.Equal(row.Link, announced.Link) {
		return nil
	}
	return s.ring.Stored(announced)
}

// An AuditReport is the result of verifying the chain.
type AuditReport struct {
	Entries int64 // that were read
	Witness int64 // number of the entry that the head witness saw last
	Missing int64 // number of the entry that was announced and is not there; 0 if none
	Broken  int64 // number at which the chain first does not hold; 0 if it holds
	Reason  string
}

// VerifyAudit reads the whole chain and compares it with its keys and with the
// head witness: every change, removal, insertion or reordering of an entry
// breaks it, and so does a chain that ends before its witness.
//
// Entries after the witness are as sound as their links; they are those of acts
// whose witness was not written any more when the program stopped. An entry that
// was announced and is not there does not break the chain, and is told: storing
// it failed or was interrupted, or it was taken away before a program opened the
// record again.
func (s *Store) VerifyAudit(ctx context.Context, actor record.Actor) (AuditReport, error) {
	var r AuditReport
	err := s.act(ctx, actor, record.ReadAudit, everySeries(), func(tx *gorm.DB) error {
		// Read before the first query, which fixes the state that is read: an
		// act that commits meanwhile must not look cut off.
		w, announced, err := s.ring.Witness()
		if err != nil {
			return err
		}
		var link []byte
		broken := func(n int64, reason string) {
			if r.Broken == 0 {
				r.Broken, r.Reason = n, reason
			}
		}
		err = eachAuditRow(tx, func(row auditRow) {
			r.Entries++
			switch {
			case row.Number != r.Entries:
				broken(r.Entries, "an entry is missing, or one too many")
			case !bytes.Equal(row.Link, s.ring.MAC(seal.Audit, link, row.Bytes)):
				broken(row.Number, "the entry is not the one that was written here")
			case row.Number == w.Number && !bytes.Equal(row.Link, w.Link):
				broken(row.Number, "the head witness saw another entry")
			case row.Number == announced.Number && bytes.Equal(row.Link, announced.Link):
				w, announced = announced, seal.Witness{}
			}
			link = row.Link
		})
		if r.Witness = w.Number; announced.Number > r.Entries {
			r.Missing = announced.Number
		}
		if r.Entries < w.Number {
			broken(r.Entries+1, "the chain ends before its head witness")
		}
		return err
	})
	return r, err
}

// eachAuditRow calls fn with the rows in order, a thousand in memory at a time.
func eachAuditRow(tx *gorm.DB, fn func(auditRow)) error {
	var rows []auditRow
	for after := int64(-1 << 62); ; {
		rows = rows[:0]
		if err := tx.Where("number > ?", after).Order("number").Limit(1000).Find(&rows).Error; err != nil {
			return database.Error(err, "audit chain")
		}
		if len(rows) == 0 {
			return nil
		}
		for _, row := range rows {
			fn(row)
		}
		after = rows[len(rows)-1].Number
	}
}

// An AuditEntry is one entry as the auditor reads it.
type AuditEntry struct {
	Number  int64 // in the chain; 0 for who does not read all of it, to whom gaps would tell of the rest
	At      int64 // microseconds since 1970 UTC
	ActorID string
	Who     string // name of the account, or of the system user
	Act     record.Act
	Series  []string // ids
	Objects []string // ids
}

// AuditEntries returns up to limit entries, newest first, without the skip newest.
// An auditor of all series sees all; others see entries whose every series is
// theirs, and none of the whole house. It reads the chain back to the last of them.
func (s *Store) AuditEntries(ctx context.Context, actor record.Actor, skip, limit int) ([]AuditEntry, error) {
	var list []AuditEntry
	err := s.act(ctx, actor, record.ReadAudit, house(), func(tx *gorm.DB) error {
		names, err := accountNames(tx)
		if err != nil {
			return err
		}
		all, mine := actor.SeriesFor(record.ReadAudit)
		house := actor.May(record.ReadHouseAudit, record.AllSeries)
		for before := int64(0); len(list) < limit; {
			q := tx.Order("number DESC").Limit(500)
			if before > 0 {
				q = q.Where("number < ?", before)
			}
			var rows []auditRow
			if err := q.Find(&rows).Error; err != nil {
				return database.Error(err, "audit chain")
			}
			if len(rows) == 0 {
				return nil
			}
			before = rows[len(rows)-1].Number
			for _, row := range rows {
				var e entry
				if err := json.Unmarshal(row.Bytes, &e); err != nil {
					return fault.Errorf(fault.Unavailable, "an audit entry cannot be read; verify the chain")
				}
				foreign := func(id string) bool { return !all && !slices.Contains(mine, id) }
				if len(e.Series) == 0 && !house || slices.ContainsFunc(e.Series, foreign) {
					continue
				}
				if skip--; skip >= 0 {
					continue
				}
				if !all || !house {
					e.Number = 0
				}
				if list = append(list, auditEntry(e, names)); len(list) == limit {
					return nil
				}
			}
		}
		return nil
	})
	return list, err
}

// Doings are how much somebody did to a series, or to a round of it: every act
// that left an entry. Reading leaves none.
type Doings struct {
	Who  string
	Acts int
	Last int64 // microseconds since 1970 UTC
}

// DoneSince lists who did something to a series since an instant, in
// microseconds since 1970 UTC, the last one first. With roundID, only what was
// done to that round, its parts and its texts. It reads the entries since then.
func (s *Store) DoneSince(ctx context.Context, actor record.Actor, seriesID, roundID string, since int64) ([]Doings, error) {
	var out []Doings
	err := s.act(ctx, actor, record.ReadAudit, in(seriesID), func(tx *gorm.DB) error {
		names, err := accountNames(tx)
		if err != nil {
			return err
		}
		parts, err := partsOf(tx, seriesID, roundID)
		if err != nil {
			return err
		}
		at := map[string]int{}
		return eachEntrySince(tx, since, func(e entry) {
			concerns := func(id string) bool { return parts[id] }
			if !slices.Contains(e.Series, seriesID) || roundID != "" && !slices.ContainsFunc(e.Objects, concerns) {
				return
			}
			a := auditEntry(e, names)
			i, known := at[a.ActorID+" "+a.Who]
			if !known {
				i = len(out)
				at[a.ActorID+" "+a.Who] = i
				out = append(out, Doings{Who: a.Who, Last: a.At})
			}
			out[i].Acts++
		})
	})
	return out, err
}

// partsOf are the ids of a round of a series, of its parts and of its texts; none
// without a round.
func partsOf(tx *gorm.DB, seriesID, roundID string) (map[string]bool, error) {
	parts := map[string]bool{}
	if roundID == "" {
		return parts, nil
	}
	in, err := seriesOf(tx, "rounds", roundID)
	if err != nil {
		return nil, err
	}
	if in != seriesID {
		return nil, nothing()
	}
	parts[roundID] = true
	for _, table := range []string{"participations", "presences", "round_sessions", "read_outs", "rule_changes", "outputs"} {
		var ids []string
		if err := tx.Table(table).Where("round_id = ?", roundID).Pluck("id", &ids).Error; err != nil {
			return nil, database.Error(err, "round")
		}
		for _, id := range ids {
			parts[id] = true
		}
	}
	return parts, nil
}

// eachEntrySince calls fn with the entries since an instant, newest first.
func eachEntrySince(tx *gorm.DB, since int64, fn func(entry)) error {
	for before := int64(1<<63 - 1); ; {
		var rows []auditRow
		if err := tx.Where("number < ?", before).Order("number DESC").Limit(500).Find(&rows).Error; err != nil {
			return database.Error(err, "audit chain")
		}
		for _, row := range rows {
			var e entry
			if err := json.Unmarshal(row.Bytes, &e); err != nil {
				return fault.Errorf(fault.Unavailable, "an audit entry cannot be read; verify the chain")
			}
			if e.At < since {
				return nil
			}
			fn(e)
		}
		if len(rows) == 0 {
			return nil
		}
		before = rows[len(rows)-1].Number
	}
}

func auditEntry(e entry, names map[string]string) AuditEntry {
	a := AuditEntry{e.Number, e.At, e.Actor, names[e.Actor], e.Act, e.Series, e.Objects}
	switch {
	case e.User != "":
		a.Who = fmt.Sprintf("%s (command line)", e.User)
	case a.Who == "":
		a.Who = "track15"
	}
	return a
}
