package release

import (
	"context"

	"track15/models/fault"
	"track15/models/published"
	"track15/models/record"
	"track15/models/recordstore"
)

// PrepareWithdrawal freezes the withdrawal of a round or output, for good, with
// what a person chose to stay at its address. A suspended one may be withdrawn.
// The texts of a round leave in the same batch, those that nobody took away
// before; they have the constant notice where the round has one.
//
// It fails with Invalid for other kinds: a series or an organisation leaves
// with the last round that names it.
func (s *Service) PrepareWithdrawal(ctx context.Context, actor record.Actor, kind published.Kind, slug string, w record.Withdrawing) (record.Release, error) {
	w.Reason, w.By, w.How = clean(w.Reason), clean(w.By), clean(w.How)
	if err := w.Check(); err != nil {
		return record.Release{}, err
	}
	if err := takeable(kind); err != nil {
		return record.Release{}, err
	}
	return s.record.FreezeChange(ctx, actor, string(kind), slug, func(f *recordstore.Freezing) error {
		old, err := takeAway(f, kind, slug, record.Withdrawal, noticeOf(w.Way), w.Reason)
		if err != nil || w.Way != record.WithReason {
			return err
		}
		return f.KeepReason(old, w.ReasonClearance)
	})
}

// noticeOf is the notice of what is withdrawn in a way.
func noticeOf(w record.Way) string {
	if w == record.Silently {
		return record.Silent
	}
	return string(published.NoticeWithdrawn)
}

// Suspend takes a round or output away for the time being, at once and by one
// person, whose password is checked. It stays away until two people bring it
// back, correct it, or withdraw it.
//
// It fails with Invalid for other kinds, and with Forbidden if the password is
// wrong.
func (s *Service) Suspend(ctx context.Context, actor record.Actor, kind published.Kind, slug, password string) (record.Release, error) {
	if err := takeable(kind); err != nil {
		return record.Release{}, err
	}
	if err := s.record.Reauthenticate(ctx, actor, password); err != nil {
		return record.Release{}, err
	}
	r, err := s.record.SuspendDocument(ctx, actor, string(kind), slug, func(f *recordstore.Freezing) error {
		_, err := takeAway(f, kind, slug, record.Suspension, string(published.NoticeSuspended), "")
		return err
	}, s.seal)
	if err != nil {
		return record.Release{}, err
	}
	s.afterStep(StepCountersigned)
	s.nudge()
	return r, nil
}

func takeable(kind published.Kind) error {
	if kind != published.KindRound && kind != published.KindOutput {
		return fault.Errorf(fault.Invalid, "only rounds and texts are taken away; a series or an organisation leaves with the last round that names it")
	}
	return nil
}

// takeAway freezes that a document leaves, and with a withdrawn round its texts.
// It returns the document as it stands.
func takeAway(f *recordstore.Freezing, kind published.Kind, slug string, as record.ReleaseKind, notice, reason string) (record.PublicDocument, error) {
	old, doc, err := standing(f, kind, slug)
	if err != nil {
		return old, err
	}
	switch {
	case old.Notice == record.Silent || old.Notice == string(published.NoticeWithdrawn):
		return old, fault.Errorf(fault.Conflict, "this is withdrawn already")
	case old.Notice == notice:
		return old, fault.Errorf(fault.Conflict, "this is %s already", old.Notice)
	}
	drops := []record.FrozenDrop{{Kind: string(kind), Slug: slug, Notice: notice, Reason: reason}}
	if kind == published.KindRound && as == record.Withdrawal {
		texts, err := f.TextsWithin(slug)
		if err != nil {
			return old, err
		}
		for _, t := range texts {
			drops = append(drops, record.FrozenDrop{Kind: t.Kind, Slug: t.Slug, Notice: notice})
		}
	}
	f.Release.Kind, f.Release.Title = as, titleOf(doc)
	h := published.NewBatchHasher()
	for _, d := range drops {
		h.Drop(dropOf(d))
		if err := f.Drop(d); err != nil {
			return old, err
		}
	}
	f.Release.Hash = h.Sum()
	return old, nil
}

// dropOf is a drop as the published store knows it. In the hash that people sign
// a silent one has a word of its own, so that what was signed is never read as no
// drop; in the log it has none.
func dropOf(d record.FrozenDrop) published.Drop {
	return published.Drop{Kind: published.Kind(d.Kind), Slug: d.Slug, Notice: published.Notice(d.Notice), Reason: d.Reason}
}

// PrepareRestoration freezes the return of a round or output that was suspended
// or withdrawn, as it last stood; with a round, that of the texts that were
// withdrawn with it. A text names its round as that is public now. What left
// silently returns as if for the first time.
//
// It fails with Conflict if it was not taken away.
func (s *Service) PrepareRestoration(ctx context.Context, actor record.Actor, kind published.Kind, slug string) (record.Release, error) {
	if err := takeable(kind); err != nil {
		return record.Release{}, err
	}
	return s.record.FreezeChange(ctx, actor, string(kind), slug, func(f *recordstore.Freezing) error {
		old, doc, err := standing(f, kind, slug)
		if err != nil {
			return err
		}
		if old.Notice == "" {
			return fault.Errorf(fault.Conflict, "this was not taken away")
		}
		f.Release.Kind, f.Release.Title = record.Restoration, titleOf(doc)
		back := []record.PublicDocument{old}
		if kind == published.KindRound {
			texts, err := f.TakenWith(old)
			if err != nil {
				return err
			}
			back = append(back, texts...)
		}
		h := published.NewBatchHasher()
		docs := make([]record.FrozenDocument, len(back))
		for i, b := range back {
			if docs[i], err = s.broughtUp(f, b); err != nil {
				return err
			}
			h.Put(published.Kind(docs[i].Kind), docs[i].Slug, docs[i].Hash)
		}
		f.Release.Hash = h.Sum()
		return f.Put(docs...)
	})
}

// broughtUp returns a document that comes back: as it was, but for what a text
// says of its round, which may have been redacted in the meantime, and for the
// correction that it would tell of if it left silently.
func (s *Service) broughtUp(f *recordstore.Freezing, old record.PublicDocument) (record.FrozenDocument, error) {
	doc, err := decode(old.FrozenDocument)
	if err != nil {
		return old.FrozenDocument, err
	}
	h := headOf(doc)
	changed := old.Notice == record.Silent && h.Correction != nil
	if changed {
		h.Correction = nil
	}
	if out, ok := doc.(published.Output); ok && out.Round != nil {
		_, about, err := standing(f, published.KindRound, out.Round.Slug)
		if err != nil {
			return old.FrozenDocument, err
		}
		if round, ok := about.(published.Round); ok && (round.Title != out.Round.Name || round.Series != out.Series) {
			out.Round = &published.Ref{Slug: round.Slug, Name: round.Title}
			out.Series = round.Series
			doc, changed = out, true
		}
	}
	if !changed {
		return old.FrozenDocument, nil
	}
	return newBatch(f, s).freeze(made{
		doc: doc, objectID: old.ObjectID, within: old.Within, withinSeries: old.WithinSeries, observations: old.Observations,
	}, h)
}
