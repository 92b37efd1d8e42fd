package release

import (
	"context"
	"slices"

	"track15/models/fault"
	"track15/models/published"
	"track15/models/record"
	"track15/models/recordstore"
)

// A PrepareRequest says what to release of a round.
type PrepareRequest struct {
	// ID is that of the release, as a form carries it; asking twice with one
	// makes one release. "" for a new one.
	ID      string
	RoundID string
	// OutputIDs are texts about the round or its series to release with it, in
	// their newest version. A text that is public and not among them stays as
	// it is.
	OutputIDs []string
	// Note says what a correction changed, in words that become public.
	Note string
	// Amendment keeps earlier versions readable; otherwise they lose their
	// text.
	Amendment bool
}

// PrepareRound freezes what is to become public of a round: its document, its
// texts, and the documents of its series and of the bodies it discloses, as far
// as they say something new. It is a Correction if the round or a text was
// public before.
//
// It fails with Forbidden if the ground rules do not let it become public, with
// Conflict if nothing has changed.
func (s *Service) PrepareRound(ctx context.Context, actor record.Actor, q PrepareRequest) (record.Release, error) {
	if err := record.CheckLine("note", q.Note); err != nil {
		return record.Release{}, err
	}
	return s.record.FreezeRelease(ctx, actor, q.ID, []string{q.RoundID}, func(f *recordstore.Freezing) error {
		r, err := f.Round(q.RoundID)
		if err != nil {
			return err
		}
		r.Rules = r.Rules.Lifted(s.clock())
		b := newBatch(f, s)
		entry := record.RoundEntry{Round: r}
		var about []record.Output // the series
		for _, id := range q.OutputIDs {
			o, err := f.Output(id)
			if err != nil {
				return err
			}
			switch {
			case o.RoundID == r.ID:
				entry.Outputs = append(entry.Outputs, o)
			case o.RoundID == "" && o.SeriesID == r.SeriesID:
				about = append(about, o)
			default:
				return fault.Errorf(fault.NotFound, "there is no such text about this round")
			}
		}
		f.Release.Note, f.Release.Amendment = clean(q.Note), q.Amendment
		if err := b.rounds([]record.RoundEntry{entry}); err != nil {
			return err
		}
		if err := b.texts(about); err != nil {
			return err
		}
		if err := b.follow(entry); err != nil {
			return err
		}
		f.Release.Title = roundTitle(r, b.series[r.SeriesID])
		if b.changed {
			f.Release.Kind = record.Correction
		}
		return b.finish()
	})
}

// follow adds the texts of a round that are public and not in the batch, where
// what they say of the round itself has changed: its title or its series.
func (b *batch) follow(e record.RoundEntry) error {
	texts, err := b.f.TextsWithin(b.writer.slugs[e.Round.ID])
	if err != nil {
		return err
	}
	s := b.series[e.Round.SeriesID]
	var docs []made
	for _, t := range texts {
		if slices.ContainsFunc(e.Outputs, func(o record.Output) bool { return o.ID == t.ObjectID }) {
			continue
		}
		doc, err := decode(t.FrozenDocument)
		if err != nil {
			return err
		}
		out, ok := doc.(published.Output)
		if !ok || out.Round == nil {
			continue
		}
		out.Round = &published.Ref{Slug: out.Round.Slug, Name: roundTitle(e.Round, s)}
		out.Series.Name = clean(s.Name)
		docs = append(docs, made{
			doc: wordsOf(out), objectID: t.ObjectID, within: t.Within, observations: t.Observations,
		})
	}
	return b.put(docs)
}

// PrepareWithdrawal freezes the withdrawal of a round or output: for good, with
// a notice at its address. reason is a sentence for the notice, which becomes
// public; "" for the constant one. A suspended one may be withdrawn.
//
// It fails with Invalid for other kinds: a series or an organisation leaves
// with the last round that names it.
func (s *Service) PrepareWithdrawal(ctx context.Context, actor record.Actor, kind published.Kind, slug, reason string) (record.Release, error) {
	if err := record.CheckLine("reason", reason); err != nil {
		return record.Release{}, err
	}
	if err := takeable(kind); err != nil {
		return record.Release{}, err
	}
	return s.record.FreezeChange(ctx, actor, string(kind), slug, func(f *recordstore.Freezing) error {
		return takeAway(f, kind, slug, record.Withdrawal, published.NoticeWithdrawn, clean(reason))
	})
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
		return takeAway(f, kind, slug, record.Suspension, published.NoticeSuspended, "")
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

// takeAway freezes one drop.
func takeAway(f *recordstore.Freezing, kind published.Kind, slug string, as record.ReleaseKind, notice published.Notice, reason string) error {
	old, doc, err := standing(f, kind, slug)
	if err != nil {
		return err
	}
	if old.Notice == string(notice) || old.Notice == string(published.NoticeWithdrawn) {
		return fault.Errorf(fault.Conflict, "this is %s already", old.Notice)
	}
	f.Release.Kind, f.Release.Title = as, titleOf(doc)
	drop := published.Drop{Kind: kind, Slug: slug, Notice: notice, Reason: reason}
	f.Release.Hash = published.BatchHash(nil, []published.Drop{drop})
	return f.Drop(record.FrozenDrop{Kind: string(kind), Slug: slug, Notice: string(notice), Reason: reason})
}

// PrepareRestoration freezes the return of a round or output that was suspended
// or withdrawn, as it last stood; a text names its round as that is public now.
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
		if old.FrozenDocument, err = s.broughtUp(f, old.FrozenDocument, doc); err != nil {
			return err
		}
		h := published.NewBatchHasher()
		h.Put(kind, slug, old.Hash)
		f.Release.Hash = h.Sum()
		return f.Put(old.FrozenDocument)
	})
}

// broughtUp returns a document that comes back: as it was, but for what a text
// says of its round, which may have been redacted in the meantime.
func (s *Service) broughtUp(f *recordstore.Freezing, old record.FrozenDocument, doc any) (record.FrozenDocument, error) {
	out, ok := doc.(published.Output)
	if !ok || out.Round == nil {
		return old, nil
	}
	_, about, err := standing(f, published.KindRound, out.Round.Slug)
	if err != nil {
		return old, err
	}
	round, ok := about.(published.Round)
	if !ok || round.Title == out.Round.Name && round.Series == out.Series {
		return old, nil
	}
	out.Round = &published.Ref{Slug: round.Slug, Name: round.Title}
	out.Series = round.Series
	return newBatch(f, s).freeze(made{
		doc: out, objectID: old.ObjectID, within: old.Within, withinSeries: old.WithinSeries, observations: old.Observations,
	}, out.Head)
}

// standing reads a document that was delivered.
func standing(f *recordstore.Freezing, kind published.Kind, slug string) (record.PublicDocument, any, error) {
	found, err := f.Standing(string(kind), []string{slug})
	if err != nil {
		return record.PublicDocument{}, nil, err
	}
	old, ok := found[slug]
	if !ok {
		return record.PublicDocument{}, nil, fault.Errorf(fault.NotFound, "nothing of this name was released")
	}
	doc, err := decode(old.FrozenDocument)
	return old, doc, err
}

// titleOf is what a document is called in public.
func titleOf(doc any) string {
	switch doc := doc.(type) {
	case published.Series:
		return doc.Name
	case published.Organisation:
		return doc.Name
	case published.Round:
		return doc.Title
	case published.Output:
		return doc.Title
	}
	return ""
}
