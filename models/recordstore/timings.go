package recordstore

import (
	"context"
	"time"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/record"
)

type timingRow struct {
	ReleaseID    string
	SeriesID     string
	Choice       string
	QueuedAt     int64
	DueAt        int64
	Zone         string
	HappenedAt   int64
	HappenedBy   string
	HappenedName string
	ForwardAt    int64
	ForwardBy    string
	ForwardName  string
	Held         string
	HeldAt       int64
	HeldBy       string
	HeldName     string
	Trouble      string
	Sealed       []byte
}

func (timingRow) TableName() string { return "timings" }

// timingWords are the words about a timing, which are sealed.
type timingWords struct {
	Event     string             `json:",omitzero"`
	Happened  string             `json:",omitzero"`
	Forward   string             `json:",omitzero"`
	Held      string             `json:",omitzero"`
	Published record.Counterpart `json:",omitzero"`
}

// timing reads when a release may be delivered: the zero values, which let
// nothing go, if nobody decided.
func (s *Store) timing(tx *gorm.DB, id string) (timingRow, record.Timing, error) {
	var rows []timingRow
	if err := tx.Where("release_id = ?", id).Find(&rows).Error; err != nil || len(rows) == 0 {
		return timingRow{}, record.Timing{}, database.Error(err, "release")
	}
	r := rows[0]
	var words timingWords
	if len(r.Sealed) > 0 {
		if err := s.unseal(r.SeriesID, r.TableName(), r.ReleaseID, r.Sealed, &words); err != nil {
			return r, record.Timing{}, err
		}
	}
	deed := func(at int64, by, name, reason string) record.Deed {
		return record.Deed{Signatory: record.Signatory{ID: by, Name: name}, At: at, Reason: reason}
	}
	return r, record.Timing{
		Choice: record.Choice(r.Choice), Due: r.DueAt, Zone: r.Zone, Event: words.Event,
		Happened:  deed(r.HappenedAt, r.HappenedBy, r.HappenedName, words.Happened),
		Forward:   deed(r.ForwardAt, r.ForwardBy, r.ForwardName, words.Forward),
		Held:      record.Stay{Deed: deed(r.HeldAt, r.HeldBy, r.HeldName, words.Held), Why: record.HoldReason(r.Held)},
		Published: words.Published, Trouble: record.Trouble(r.Trouble),
	}, nil
}

// setTiming stores a timing whole.
func (s *Store) setTiming(tx *gorm.DB, id string, t record.Timing) error {
	row, _, err := s.timing(tx, id)
	if err != nil {
		return err
	}
	sc, err := ofRelease(id)(tx)
	if err != nil {
		return err
	}
	row = timingRow{
		ReleaseID: id, SeriesID: sc.series[0], Choice: string(t.Choice), QueuedAt: row.QueuedAt, Trouble: string(t.Trouble),
		HappenedAt: t.Happened.At, HappenedBy: t.Happened.ID, HappenedName: t.Happened.Name,
		ForwardAt: t.Forward.At, ForwardBy: t.Forward.ID, ForwardName: t.Forward.Name,
		Held: string(t.Held.Why), HeldAt: t.Held.At, HeldBy: t.Held.ID, HeldName: t.Held.Name,
	}
	if t.Choice == record.AtInstant {
		row.DueAt, row.Zone = t.Due, t.Zone
	}
	words := timingWords{Event: t.Event, Happened: t.Happened.Reason, Forward: t.Forward.Reason, Held: t.Held.Reason, Published: t.Published}
	if row.Sealed, err = s.seal(row.SeriesID, row.TableName(), id, words); err != nil {
		return err
	}
	return replaceRows(tx, []timingRow{row}, "release_id")
}

// retime changes the timing of a release that is signed and on no way yet.
func (s *Store) retime(ctx context.Context, actor record.Actor, act record.Act, id string, change func(record.Release, *record.Timing) error) error {
	return s.act(ctx, actor, act, ofRelease(id), func(tx *gorm.DB) error {
		row, err := readRelease(tx, id)
		if err != nil {
			return err
		}
		r, err := s.completeRelease(tx, row)
		if err != nil {
			return err
		}
		if r.State != record.Signed && r.State != record.Countersigned {
			return fault.Errorf(fault.Conflict, "this release is %s: its time cannot be changed", r.State)
		}
		t := r.Timing
		if err := change(r, &t); err != nil {
			return err
		}
		return s.setTiming(tx, id, t)
	})
}

// deed is what actor does now, with a reason that they must give.
func (s *Store) deed(actor record.Actor, reason string) (record.Deed, error) {
	if reason == "" {
		return record.Deed{}, fault.Field("reason", "Give a reason.")
	}
	return record.Deed{Signatory: record.Signatory{ID: actor.ID, Name: actor.Name}, At: s.now(), Reason: reason}, record.CheckText("reason", reason)
}

// HoldRelease keeps a release that somebody signed from being delivered until
// somebody lifts it. One person suffices.
//
// It fails with Conflict if its delivery has begun, or it is held already.
func (s *Store) HoldRelease(ctx context.Context, actor record.Actor, id, reason string) error {
	did, err := s.deed(actor, reason)
	if err != nil {
		return err
	}
	return s.retime(ctx, actor, record.HoldRelease, id, func(_ record.Release, t *record.Timing) error {
		if t.Held.Why != "" {
			return fault.Errorf(fault.Conflict, "this release is held already")
		}
		t.Held = record.Stay{Deed: did, Why: record.HeldByPerson}
		return nil
	})
}

// LiftHold lets a release go on that was held. Whoever lifts one that the clock
// held says that the time is right now.
//
// It fails with Conflict if it is not held.
func (s *Store) LiftHold(ctx context.Context, actor record.Actor, id string) error {
	return s.retime(ctx, actor, record.LiftHold, id, func(_ record.Release, t *record.Timing) error {
		if t.Held.Why == "" {
			return fault.Errorf(fault.Conflict, "this release is not held")
		}
		t.Held = record.Stay{}
		return nil
	})
}

// BringForward lets a release go with the second signature, or at once if it has
// that, whatever it waited for but a hold.
//
// It fails with Forbidden unless actor is one of the two who signed.
func (s *Store) BringForward(ctx context.Context, actor record.Actor, id, reason string) error {
	did, err := s.deed(actor, reason)
	if err != nil {
		return err
	}
	return s.retime(ctx, actor, record.BringForward, id, func(r record.Release, t *record.Timing) error {
		if r.Signature(1).ID != actor.ID && r.Signature(2).ID != actor.ID {
			return fault.Errorf(fault.Forbidden, "only one of the two who signed brings a release forward")
		}
		if !t.Waits(s.clock()) {
			return fault.Errorf(fault.Conflict, "this release waits for no time")
		}
		t.Forward = did
		return nil
	})
}

// EventHappened says that what a release waits for has happened.
//
// It fails with Conflict if it waits for no event.
func (s *Store) EventHappened(ctx context.Context, actor record.Actor, id, reason string) error {
	did, err := s.deed(actor, reason)
	if err != nil {
		return err
	}
	return s.retime(ctx, actor, record.NoteEvent, id, func(_ record.Release, t *record.Timing) error {
		if t.Choice != record.AfterEvent || t.Happened.At > 0 {
			return fault.Errorf(fault.Conflict, "this release waits for no event")
		}
		t.Happened = did
		return nil
	})
}

// CounterpartPublished notes where and when the counterpart published, and which
// text of others it is.
func (s *Store) CounterpartPublished(ctx context.Context, actor record.Actor, id string, p record.Counterpart) error {
	return s.retime(ctx, actor, record.NoteEvent, id, func(_ record.Release, t *record.Timing) error {
		t.Published = p
		return nil
	})
}

// NoteTrouble notes what delivery met, so that the desk can say why a release is
// not public yet. What is noted already is not written
// again.
func (s *Store) NoteTrouble(ctx context.Context, actor record.Actor, id string, trouble record.Trouble) error {
	return s.act(ctx, actor, record.Deliver, func(*gorm.DB) (scope, error) { return scope{nil, []string{id}}, nil }, func(tx *gorm.DB) error {
		q := tx.Model(&timingRow{}).Where("release_id = ? AND trouble <> ?", id, string(trouble)).Update("trouble", string(trouble))
		if q.Error == nil && q.RowsAffected == 0 {
			return errUnchanged
		}
		return database.Error(q.Error, "release")
	})
}

// beat is how often the clock is noted while a release waits for an instant.
const beat = 6 * time.Hour

// KeepTime notes the clock. own is how long the process ran since it last did,
// by its own count, negative if it just started. If the clock cannot be trusted,
// every release that waits for an instant is held until somebody lifts it; held
// says whether one was.
func (s *Store) KeepTime(ctx context.Context, actor record.Actor, own time.Duration) (held bool, err error) {
	err = s.act(ctx, actor, record.KeepTime, house(), func(tx *gorm.DB) error {
		var seen int64
		if err := tx.Raw("SELECT COALESCE(MAX(seen), 0) FROM clock_seen").Scan(&seen).Error; err != nil {
			return database.Error(err, "clock")
		}
		var ids []string
		err := tx.Raw(`SELECT t.release_id FROM timings t JOIN releases r ON r.id = t.release_id
			WHERE r.state = ? AND t.choice = ? AND t.held = '' AND t.forward_at = 0 ORDER BY t.release_id`,
			string(record.Countersigned), string(record.AtInstant)).Scan(&ids).Error
		if err != nil {
			return database.Error(err, "release")
		}
		wall := time.Duration(s.now()-seen) * time.Microsecond
		jumped := record.Jumped(wall, own) && seen > 0
		if !jumped && (len(ids) == 0 || wall >= 0 && wall < beat && seen > 0) {
			return errUnchanged
		}
		for _, id := range ids {
			if !jumped {
				break
			}
			_, t, err := s.timing(tx, id)
			if err != nil {
				return err
			}
			t.Held = record.Stay{Deed: record.Deed{Signatory: record.Signatory{ID: actor.ID, Name: actor.Name}, At: s.now()}, Why: record.HeldByClock}
			if err := s.setTiming(tx, id, t); err != nil {
				return err
			}
			held = true
		}
		if err := tx.Exec("DELETE FROM clock_seen").Error; err != nil {
			return database.Error(err, "clock")
		}
		return database.Error(tx.Exec("INSERT INTO clock_seen (id, seen) VALUES (1, ?)", s.now()).Error, "clock")
	})
	return held, err
}
