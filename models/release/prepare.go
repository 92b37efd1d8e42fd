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
