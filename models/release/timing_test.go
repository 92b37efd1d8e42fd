package release_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"track15/models/database/dbtest"
	"track15/models/fault"
	"track15/models/published"
	"track15/models/record"
	"track15/models/recordstore"
	"track15/models/release"
)

// timed has a release of a new round signed by both for a time.
func (w *world) timed(label string, when record.Timing) record.Release {
	w.Helper()
	made := w.prepare(release.PrepareRequest{RoundID: w.round(w.ann, label, w.exact("tank", 0)).ID})
	if err := errors.Join(
		w.service.Sign(w.Context(), w.ann, made.ID, password, when),
		w.service.Countersign(w.Context(), w.bob, made.ID, password),
	); err != nil {
		w.Fatal(err)
	}
	return made
}

func (w *world) at(utc string) record.Timing {
	w.Helper()
	t := must(time.Parse(time.RFC3339, utc))(w.T)
	return record.Timing{Choice: record.AtInstant, Due: t.UnixMicro(), Zone: "Asia/Shanghai"}
}

func (w *world) state(id string) record.Release {
	w.Helper()
	return must(w.service.Release(w.Context(), w.ann, id))(w.T)
}

func TestNothingIsDeliveredBeforeItsTime(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		w := newWorld(t, store)
		ctx := t.Context()
		// What all rounds name is public: two releases of one document do not wait
		// side by side.
		w.pass(w.prepare(release.PrepareRequest{RoundID: w.round(w.ann, "base", w.exact("tank", 0)).ID}).ID)
		undecided := w.prepare(release.PrepareRequest{RoundID: w.round(w.ann, "0th round").ID})
		fails(t, fault.Invalid, w.service.Sign(ctx, w.ann, undecided.ID, password, record.Timing{}))
		fails(t, fault.Invalid, w.service.Sign(ctx, w.ann, undecided.ID, password, w.at("2026-03-13T16:00:00Z")))

		first := w.timed("1st round", w.at("2026-03-17T01:00:00Z"))
		event := w.timed("2nd round", record.Timing{Choice: record.AfterEvent, Event: "Canary: the other side has published."})
		w.deliver(0)
		if got := w.state(first.ID); got.Number != 0 || got.State != record.Countersigned {
			t.Errorf("before its instant it is %s", got.State)
		}
		w.now = time.Date(2026, 3, 17, 0, 59, 0, 0, time.UTC)
		w.deliver(0)

		// A hold is one person's, and stronger than the instant.
		fails(t, fault.Invalid, w.service.Hold(ctx, w.eve, first.ID, ""))
		if err := w.service.Hold(ctx, w.eve, first.ID, "Canary: the minister called."); err != nil {
			t.Fatal(err)
		}
		fails(t, fault.Conflict, w.service.Hold(ctx, w.eve, first.ID, "Again."))
		w.now = time.Date(2026, 3, 17, 2, 0, 0, 0, time.UTC)
		w.deliver(0)
		if h := w.state(first.ID).Timing.Held; h.Why != record.HeldByPerson || h.Name != "Eve" || !strings.Contains(h.Reason, "minister") {
			t.Errorf("held by %+v", h)
		}
		fails(t, fault.Forbidden, w.service.Lift(ctx, w.eve, first.ID))
		fails(t, fault.NotFound, w.service.Lift(ctx, record.Actor{}, first.ID))
		if err := w.service.Lift(ctx, w.bob, first.ID); err != nil {
			t.Fatal(err)
		}
		fails(t, fault.Conflict, w.service.Lift(ctx, w.bob, first.ID))
		w.deliver(1)

		// Only one of the two who signed brings a release forward.
		fails(t, fault.Forbidden, w.service.BringForward(ctx, w.eve, event.ID, "They are late.", password))
		fails(t, fault.Forbidden, w.service.BringForward(ctx, w.bob, event.ID, "They are late.", "wrong password"))
		fails(t, fault.Invalid, w.service.BringForward(ctx, w.bob, event.ID, "", password))
		w.deliver(0)
		if err := w.service.BringForward(ctx, w.bob, event.ID, "They are late.", password); err != nil {
			t.Fatal(err)
		}
		w.deliver(1)
		fails(t, fault.Conflict, w.service.Hold(ctx, w.ann, event.ID, "Too late."))

		third := w.timed("3rd round", record.Timing{Choice: record.AfterEvent, Event: "The other side has published."})
		w.deliver(0)
		fails(t, fault.Forbidden, w.service.Happened(ctx, w.eve, third.ID, "It was on the radio."))
		if err := w.service.Happened(ctx, w.ann, third.ID, "It was on the radio."); err != nil {
			t.Fatal(err)
		}
		w.deliver(1)
		w.noCanary()
	})
}

// While a release waits, its document is suspended: it must not come back by
// itself.
func TestWhatWasTakenAwayDoesNotComeBackByWaiting(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		w := newWorld(t, store)
		r := w.round(w.ann, "1st round", w.exact("tank", 0))
		w.pass(w.prepare(release.PrepareRequest{RoundID: r.ID}).ID)
		slug := ""
		for _, d := range must(w.service.Released(t.Context(), w.ann, r.ID))(t) {
			if d.Kind == string(published.KindRound) {
				slug = d.Slug
			}
		}
		full := w.read(r.ID)
		full.City = "Port Anselm Harbour"
		if _, err := w.store.EditRound(t.Context(), w.ann, full); err != nil {
			t.Fatal(err)
		}
		again := w.prepare(release.PrepareRequest{RoundID: r.ID, Amendment: true})
		if err := errors.Join(
			w.service.Sign(t.Context(), w.ann, again.ID, password, w.at("2026-03-17T01:00:00Z")),
			w.service.Countersign(t.Context(), w.bob, again.ID, password),
			dropped(w.service.Suspend(t.Context(), w.ann, published.KindRound, slug, password)),
		); err != nil {
			t.Fatal(err)
		}
		w.deliver(1) // the suspension waits for nothing
		w.now = time.Date(2026, 3, 18, 0, 0, 0, 0, time.UTC)
		w.deliver(0)
		if got := w.state(again.ID); got.State != record.CalledOff || got.CancelReason == "" {
			t.Errorf("what was suspended meanwhile is %s", got.State)
		}
		for key, body := range w.public() {
			if strings.Contains(body, "Port Anselm") {
				t.Errorf("%s is public", key)
			}
		}
	})
}

func dropped[T any](_ T, err error) error { return err }

// A clock that cannot be trusted lets nothing go that waits for an instant.
func TestAClockThatJumpsHoldsWhatWaits(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		w := newWorld(t, store)
		keep := func(own time.Duration) {
			t.Helper()
			if err := w.service.KeepTime(t.Context(), own); err != nil {
				t.Fatal(err)
			}
		}
		made := w.timed("1st round", w.at("2026-03-20T01:00:00Z"))
		keep(-1)
		w.now = w.now.Add(time.Hour)
		keep(time.Hour)
		if h := w.state(made.ID).Timing.Held; h.Why != "" {
			t.Fatalf("an hour that was one holds: %+v", h)
		}
		w.now = time.Date(2026, 3, 21, 0, 0, 0, 0, time.UTC) // a week in two seconds
		keep(2 * time.Second)
		w.deliver(0)
		if h := w.state(made.ID).Timing.Held; h.Why != record.HeldByClock {
			t.Fatalf("after the jump: %+v", h)
		}
		if err := w.service.Lift(t.Context(), w.ann, made.ID); err != nil {
			t.Fatal(err)
		}
		keep(2 * time.Second)
		w.deliver(1)

		// The machine was off for three days.
		other := w.timed("2nd round", w.at("2026-03-25T01:00:00Z"))
		keep(-1)
		w.now = time.Date(2026, 3, 27, 0, 0, 0, 0, time.UTC)
		keep(-1)
		w.deliver(0)
		if h := w.state(other.ID).Timing.Held; h.Why != record.HeldByClock {
			t.Errorf("after three days off: %+v", h)
		}
		// What waits for no instant goes on.
		w.timed("3rd round", record.Immediate)
		w.deliver(1)
	})
}

// A house that delivers at nine and at five delivers then; a suspension and an
// agreed instant wait for neither.
func TestFixedTimesOfDelivery(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		w := newWorld(t, store)
		slots, err := record.ParseSlots([]string{"09:00", "17:00"}, "UTC")
		if err != nil {
			t.Fatal(err)
		}
		w.slots = slots
		w.open(nil)
		r := w.round(w.ann, "1st round", w.exact("tank", 0))
		made := w.prepare(release.PrepareRequest{RoundID: r.ID})
		w.sign(made.ID)
		if err := w.service.Countersign(t.Context(), w.bob, made.ID, password); err != nil {
			t.Fatal(err)
		}
		w.deliver(0) // 16:20
		w.now = time.Date(2026, 3, 13, 16, 59, 0, 0, time.UTC)
		w.deliver(0)
		w.now = time.Date(2026, 3, 13, 17, 0, 0, 0, time.UTC)
		w.deliver(1)
		w.timed("2nd round", w.at("2026-03-13T20:30:00Z"))
		w.now = time.Date(2026, 3, 13, 20, 30, 0, 0, time.UTC)
		w.deliver(1)
		slug := ""
		for _, d := range must(w.service.Released(t.Context(), w.ann, r.ID))(t) {
			if d.Kind == string(published.KindRound) {
				slug = d.Slug
			}
		}
		if _, err := w.service.Suspend(t.Context(), w.ann, published.KindRound, slug, password); err != nil {
			t.Fatal(err)
		}
		w.deliver(1)
	})
}

// Fifty people press at once, and two desks deliver: it is one release, made
// public once.
func TestFiftySubmitsAreOneRelease(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		w := newWorld(t, store)
		ctx := context.Background()
		r := w.round(w.ann, "1st round", w.exact("tank", 0))
		id := recordstore.NewID()
		all := func(n int, do func() error) (ok int) {
			var mu sync.Mutex
			var group sync.WaitGroup
			for range n {
				group.Go(func() {
					if do() == nil {
						mu.Lock()
						defer mu.Unlock()
						ok++
					}
				})
			}
			group.Wait()
			return ok
		}
		if n := all(50, func() error {
			made, err := w.service.PrepareRound(ctx, w.ann, release.PrepareRequest{ID: id, RoundID: r.ID})
			if err == nil && made.ID != id {
				t.Errorf("another release: %s", made.ID)
			}
			return err
		}); n != 50 {
			t.Errorf("%d of 50 were told that it is prepared", n)
		}
		if n := all(50, func() error { return w.service.Sign(ctx, w.ann, id, password, record.Immediate) }); n != 1 {
			t.Errorf("%d first signatures", n)
		}
		if n := all(50, func() error { return w.service.Countersign(ctx, w.bob, id, password) }); n != 1 {
			t.Errorf("%d second signatures", n)
		}
		list, total, err := w.service.Releases(ctx, w.ann, recordstore.ReleaseFilter{})
		if err != nil || total != 1 || len(list[0].Signatures) != 2 {
			t.Errorf("%d releases, %v", total, err)
		}
		other := w.another()
		var mu sync.Mutex
		delivered := 0
		all(20, func() error {
			for _, s := range []*release.Service{w.service, other} {
				n, err := s.Deliver(ctx)
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				delivered += n
				mu.Unlock()
			}
			return nil
		})
		if got := w.state(id); got.Number != 1 || !got.Delivered {
			t.Errorf("delivered %d times, as number %d", delivered, got.Number)
		}
		if n := must(w.writer.Number(ctx))(t); n != 1 {
			t.Errorf("the public store holds %d releases", n)
		}
	})
}
