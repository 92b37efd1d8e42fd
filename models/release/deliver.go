package release

import (
	"context"
	"crypto/hmac"
	"errors"
	"iter"
	"time"

	"track15/models/fault"
	"track15/models/published"
	"track15/models/record"
	"track15/models/recordstore"
)

// Deliver makes public everything that two people signed and that waits for
// nothing any more, in the order in which the second signatures were made, and
// returns how many releases it was. What a crash cut short, or another process
// began, is completed first.
//
// A release whose bytes or signatures are not those that were signed is refused
// for good; it takes no number.
func (s *Service) Deliver(ctx context.Context) (n int, err error) {
	for {
		slot := s.slots.Last(s.clock())
		due, err := s.record.ReleaseDue(ctx, record.Worker(), slot)
		if err != nil || !due {
			return n, err
		}
		r, err := s.record.ClaimRelease(ctx, record.Worker(), slot, s.verify)
		if fault.KindOf(err) == fault.NotFound {
			return n, nil // another worker was faster
		}
		if err != nil {
			return n, err
		}
		if r.State == record.Refused {
			s.logger.Error("a release was refused: what was signed is not what is stored", "release", r.ID)
			continue
		}
		if r.State == record.CalledOff {
			s.logger.Warn("a release was called off", "release", r.ID, "why", r.CancelReason)
			continue
		}
		s.afterStep(StepClaimed)
		e, err := s.envelope(ctx, r.Number)
		if err == nil {
			err = s.published.Apply(ctx, e)
		}
		if err != nil {
			return n, errors.Join(err, s.record.NoteTrouble(ctx, record.Worker(), r.ID, record.TroubleOf(err)))
		}
		s.afterStep(StepApplied)
		if err := s.record.MarkDelivered(ctx, record.Worker(), r.Number); err != nil {
			return n, err
		}
		s.afterStep(StepDelivered)
		s.forgetOld(ctx)
		n++
	}
}

// verify holds a release to its hash and its signatures. It fails with
// Forbidden if one does not fit.
func (s *Service) verify(r record.Release, docs iter.Seq2[record.FrozenDocument, error]) error {
	refused := fault.Errorf(fault.Forbidden, "what was signed is not what is stored")
	h := published.NewBatchHasher()
	n := 0
	for d, err := range docs {
		if err != nil {
			return err
		}
		doc := published.Document{Kind: published.Kind(d.Kind), Slug: d.Slug, Body: d.Body}
		if doc.Hash() != d.Hash {
			return refused
		}
		h.Put(doc.Kind, doc.Slug, d.Hash)
		n++
	}
	for _, d := range r.Drop {
		h.Drop(dropOf(d))
	}
	if h.Sum() != r.Hash || n != r.Documents {
		return refused
	}
	first, second := r.Signature(1), r.Signature(2)
	signed := func(sig record.Signature) bool { return sig.ID != "" && hmac.Equal(sig.MAC, s.seal(r, sig)) }
	switch {
	case !signed(first):
		return refused
	case r.Kind == record.Suspension:
		if n > 0 {
			return refused
		}
	case !signed(second) || first.ID == second.ID:
		return refused
	}
	return nil
}

// envelope reads one entry of the log as the published store takes it.
func (s *Service) envelope(ctx context.Context, number int64) (published.Envelope, error) {
	entry, err := s.record.ReleaseLog(ctx, record.Worker(), number)
	if err != nil {
		return published.Envelope{}, err
	}
	return envelopeOf(entry), nil
}

func envelopeOf(l recordstore.LogEntry) published.Envelope {
	e := published.Envelope{Number: l.Number, At: l.At}
	for _, d := range l.Put {
		e.Put = append(e.Put, published.Document{Kind: published.Kind(d.Kind), Slug: d.Slug, Body: d.Body})
	}
	for _, d := range l.Drop {
		e.Drop = append(e.Drop, dropOf(d))
	}
	return e
}

// patience is how long Run waits before it looks for what another process
// signed, or tries again after a failure.
const patience = 2 * time.Second

// Run delivers until ctx ends: at once what this process signs, soon what
// others do. Failures are logged and tried again.
//
// It watches the clock, too: a release that waits for an instant is held when the
// clock cannot be trusted.
func (s *Service) Run(ctx context.Context) {
	tick := time.NewTicker(patience)
	defer tick.Stop()
	last := time.Time{}
	for {
		own := time.Duration(-1)
		if !last.IsZero() {
			own = time.Since(last) // by the process's own count, whatever the clock says
		}
		last = time.Now()
		if err := s.KeepTime(ctx, own); err != nil && ctx.Err() == nil {
			s.logger.Error("the clock could not be noted", "err", err)
		}
		if _, err := s.Deliver(ctx); err != nil && ctx.Err() == nil {
			s.logger.Error("delivery failed and is tried again", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-s.wake:
		case <-tick.C:
		}
	}
}

// KeepTime notes the clock, and holds what waits for an instant if it jumped. own
// is how long this process ran since it last did, negative if it just started.
func (s *Service) KeepTime(ctx context.Context, own time.Duration) error {
	held, err := s.record.KeepTime(ctx, record.Worker(), own)
	if held {
		s.logger.Warn("the clock jumped: releases that wait for an instant are held until somebody looks")
	}
	return err
}

// nudge wakes Run.
func (s *Service) nudge() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Rebuild empties the published store and folds the release log again. Readers
// see the state before until it is done; if all is well nothing changes for
// anybody. Only the operator may.
func (s *Service) Rebuild(ctx context.Context, actor record.Actor) error {
	last, err := s.record.LastRelease(ctx, actor)
	if err != nil {
		return err
	}
	if n, err := s.published.Number(ctx); err != nil {
		return err
	} else if n > last {
		return fault.Errorf(fault.Forbidden, "the release log ends before what is public")
	}
	return s.published.Rebuild(ctx, func(yield func(published.Envelope, error) bool) {
		for n := int64(1); n <= last; n++ {
			l, err := s.record.ReleaseLog(ctx, actor, n)
			if !yield(envelopeOf(l), err) || err != nil {
				return
			}
		}
	})
}

// Digest is the SHA-256 of the published store's canonical dump, in hex.
func (s *Service) Digest(ctx context.Context) (string, error) { return s.published.Digest(ctx) }
