package recordstore

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"iter"
	"time"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/record"
	"track15/models/seal"
)

// ReleaseDue reports whether a release waits for nothing but delivery. slot is
// the last instant at which the house delivers, see record.Timing.Ripe.
func (s *Store) ReleaseDue(ctx context.Context, actor record.Actor, slot time.Time) (due bool, err error) {
	err = s.act(ctx, actor, record.ReadReleaseLog, house(), func(tx *gorm.DB) error {
		id, err := s.ripe(tx, slot)
		due = id != ""
		return err
	})
	return due, err
}

// ClaimRelease returns the release to deliver next: one whose delivery began
// and did not end, else of those that may go now the one that waits longest.
// That one gets the next number, and what it does to the public is computed and
// stored, in the same transaction. Until MarkDelivered it is the one that every
// process goes on with; none passes it.
//
// A release is called off if a clearance on which it rests does not stand any
// more, or something that it puts was taken away or corrected while it waited.
//
// verify is given the release, and each earlier one of which a document comes
// back with it. If it fails with Forbidden the release is Refused for good and
// consumes no number.
//
// It fails with NotFound if nothing is due.
func (s *Store) ClaimRelease(ctx context.Context, actor record.Actor, slot time.Time, verify Verifier) (record.Release, error) {
	var claimed record.Release
	next := s.nextRelease(slot)
	err := s.act(ctx, actor, record.Deliver, next, func(tx *gorm.DB) error {
		sc, err := next(tx)
		if err != nil {
			return err
		}
		row, err := readRelease(tx, sc.objects[0])
		if err != nil {
			return err
		}
		if claimed, err = s.completeRelease(tx, row); err != nil || claimed.State == record.Due {
			return err
		}
		for _, check := range []struct {
			holds   func(*gorm.DB, string) error
			instead string
		}{
			{s.cleared, "A clearance on which it rests does not stand any more."},
			{unmoved, "Something in it was corrected or taken away while it waited."},
		} {
			err := check.holds(tx, row.ID)
			if fault.KindOf(err) == fault.Conflict {
				claimed.State, claimed.CancelReason = record.CalledOff, check.instead
				return setState(tx, row.ID, map[string]any{
					"state": record.CalledOff, "cancelled_name": actor.Name, "cancelled_at": s.now(), "cancel_reason": check.instead,
				})
			}
			if err != nil {
				return err
			}
		}
		var last int64
		if err := tx.Raw("SELECT COALESCE(MAX(number), 0) FROM releases").Scan(&last).Error; err != nil {
			return database.Error(err, "release")
		}
		effect, rows, err := effectOf(tx, row, last+1)
		if err != nil {
			return err
		}
		err = s.sound(tx, claimed, rows, verify)
		if fault.KindOf(err) == fault.Forbidden {
			claimed.State = record.Refused
			return setState(tx, row.ID, map[string]any{"state": record.Refused})
		}
		if err != nil {
			return err
		}
		if err := s.unsealRelease(tx, row.ID); err != nil {
			return err
		}
		if err := effect.store(rows); err != nil {
			return err
		}
		claimed.State, claimed.Number, claimed.NumberedAt = record.Due, last+1, s.now()
		mac, err := s.logMAC(tx, LogEntry{Number: claimed.Number, At: claimed.NumberedAt}, nil)
		if err != nil {
			return err
		}
		return setState(tx, row.ID, map[string]any{
			"state": record.Due, "number": claimed.Number, "numbered_at": claimed.NumberedAt, "log_mac": mac,
		})
	})
	return claimed, err
}

// nextRelease is the scope of the next delivery.
func (s *Store) nextRelease(slot time.Time) where {
	return func(tx *gorm.DB) (scope, error) {
		id, err := s.ripe(tx, slot)
		if err == nil && id == "" {
			err = database.Error(gorm.ErrRecordNotFound, "release that waits")
		}
		return scope{nil, []string{id}}, err
	}
}

// ripe returns the release to deliver next, "" for none.
func (s *Store) ripe(tx *gorm.DB, slot time.Time) (string, error) {
	var waiting []releaseRow
	err := tx.Select("id, state, kind").Where("state IN ?", []string{string(record.Countersigned), string(record.Due)}).
		Order("CASE state WHEN 'due' THEN 0 ELSE 1 END, queued").Find(&waiting).Error
	if err != nil {
		return "", database.Error(err, "release")
	}
	for _, r := range waiting {
		if r.State == string(record.Due) {
			return r.ID, nil
		}
		row, t, err := s.timing(tx, r.ID)
		if err != nil {
			return "", err
		}
		last := slot
		if record.ReleaseKind(r.Kind) == record.Suspension {
			last = record.Always // what takes something away at once waits for no hour
		}
		if t.Ripe(s.clock(), last, row.QueuedAt) {
			return r.ID, nil
		}
	}
	return "", nil
}

// MarkDelivered notes that the public store holds the release with the number.
// Doing it again changes nothing.
func (s *Store) MarkDelivered(ctx context.Context, actor record.Actor, number int64) error {
	of := func(tx *gorm.DB) (scope, error) {
		var r releaseRow
		err := tx.Where("number = ?", number).Take(&r).Error
		return scope{nil, []string{r.ID}}, database.Error(err, "release")
	}
	return s.act(ctx, actor, record.Deliver, of, func(tx *gorm.DB) error {
		err := tx.Model(&releaseRow{}).Where("number = ?", number).
			Updates(map[string]any{"state": string(record.Released), "delivered": 1}).Error
		if err == nil {
			err = tx.Exec("UPDATE timings SET trouble = '' WHERE release_id IN (SELECT id FROM releases WHERE number = ?)", number).Error
		}
		return database.Error(err, "release")
	})
}

// A LogEntry is what the release with a number did to the public.
type LogEntry struct {
	Number int64
	At     int64                   // microseconds since 1970 UTC
	Put    []record.FrozenDocument // with their bytes, in the order of the envelope
	Drop   []record.FrozenDrop
}

// ReleaseLog reads one entry of the release log. It costs the memory of the
// documents in it.
//
// It fails with NotFound if there is no such number, and with Forbidden if the
// entry, or a document in it, is not what was written when it was delivered.
func (s *Store) ReleaseLog(ctx context.Context, actor record.Actor, number int64) (LogEntry, error) {
	entry := LogEntry{Number: number}
	err := s.act(ctx, actor, record.ReadReleaseLog, house(), func(tx *gorm.DB) error {
		var r releaseRow
		if err := tx.Where("number = ? AND number > 0", number).Take(&r).Error; err != nil {
			return database.Error(err, "release")
		}
		entry.At = r.NumberedAt
		mac, err := s.logMAC(tx, entry, func(row logRow) {
			if row.DocumentOf == "" {
				entry.Drop = append(entry.Drop, record.FrozenDrop{Kind: row.Kind, Slug: row.Slug, Notice: row.Notice, Reason: row.Reason})
			} else {
				entry.Put = append(entry.Put, record.FrozenDocument{Kind: row.Kind, Slug: row.Slug, Hash: row.Hash, Body: row.Body})
			}
		})
		if err == nil && !hmac.Equal(mac, r.LogMAC) {
			err = fault.Errorf(fault.Forbidden, "the release log is not what was written when release %d was delivered", number)
		}
		return err
	})
	return entry, err
}

// A logRow is one line of an entry: a document to put, or one to drop.
type logRow struct {
	Position   int64
	Kind       string
	Slug       string
	DocumentOf string
	Notice     string
	Reason     string
	Hash       string
	Body       []byte
}

// logMAC reads the lines of an entry, calls each with them unless it is nil, and
// returns the MAC of the entry: over its number, its instant, its lines with
// the bytes of their documents, and the MAC of the entry before, so that none
// can be changed, left out or moved without the key.
func (s *Store) logMAC(tx *gorm.DB, entry LogEntry, each func(logRow)) ([]byte, error) {
	var before releaseRow
	if err := tx.Select("log_mac").Where("number = ? AND number > 0", entry.Number-1).Limit(1).Find(&before).Error; err != nil {
		return nil, database.Error(err, "release")
	}
	lines := sha256.New()
	for after := int64(0); ; {
		var rows []logRow
		err := tx.Raw(`SELECT l.*, d.hash, d.body FROM release_log l
			LEFT JOIN release_documents d ON d.release_id = l.document_of AND d.position = l.document
			WHERE l.number = ? AND l.position > ? ORDER BY l.position LIMIT ?`, entry.Number, after, releaseChunk).Scan(&rows).Error
		if err != nil {
			return nil, database.Error(err, "release")
		}
		if len(rows) == 0 {
			break
		}
		for _, row := range rows {
			after = row.Position
			fmt.Fprintf(lines, "%q %q %t %q %q %x\n", row.Kind, row.Slug, row.DocumentOf != "", row.Notice, row.Reason, sha256.Sum256(row.Body))
			if each != nil {
				each(row)
			}
		}
	}
	head := fmt.Appendf(nil, "release log %d %d", entry.Number, entry.At)
	return s.ring.MAC(seal.Signature, head, lines.Sum(nil), before.LogMAC), nil
}

// LastRelease returns the highest number of a release, 0 if there is none.
func (s *Store) LastRelease(ctx context.Context, actor record.Actor) (number int64, err error) {
	err = s.act(ctx, actor, record.ReadReleaseLog, house(), func(tx *gorm.DB) error {
		return database.Error(tx.Raw("SELECT COALESCE(MAX(number), 0) FROM releases").Scan(&number).Error, "release")
	})
	return number, err
}

// documentsOf yields the documents of a release in order, with their bytes.
func (s *Store) documentsOf(tx *gorm.DB, id string) iter.Seq2[record.FrozenDocument, error] {
	return func(yield func(record.FrozenDocument, error) bool) {
		after := int64(0)
		for {
			var rows []releaseDocumentRow
			err := tx.Where("release_id = ? AND position > ?", id, after).Order("position").Limit(releaseChunk).Find(&rows).Error
			if err != nil {
				yield(record.FrozenDocument{}, database.Error(err, "release"))
				return
			}
			if err := s.openDocuments(tx, rows); err != nil {
				yield(record.FrozenDocument{}, err)
				return
			}
			for _, r := range rows {
				after = r.Position
				if !yield(r.document(), nil) {
					return
				}
			}
			if len(rows) < releaseChunk {
				return
			}
		}
	}
}
