package release

import (
	"context"

	"track15/models/fault"
	"track15/models/published"
	"track15/models/publishedstore"
	"track15/models/record"
)

// A Preview is what the public reads now, and what it would read if a release
// were delivered at this instant as the next. Both come from a private copy.
type Preview struct {
	Before, After *publishedstore.Reader
	// Envelope is what would be delivered, with the number and the instant that
	// the release would get. Of these two only the day of the instant is shown in
	// public; on another day, and in its history behind another number, a page
	// reads differently in these places and in no other.
	Envelope published.Envelope
}

// Preview tries a release that nobody has delivered and hands fn both states,
// which end with fn. Nothing of it is stored. See publishedstore.Scratch for
// what it costs.
//
// It fails with Conflict if the release has taken effect already or ended, or
// another one is delivered at this moment; with Invalid if it is too large to be
// tried; with Unavailable if there is no scratch.
func (s *Service) Preview(ctx context.Context, actor record.Actor, id string, fn func(Preview) error) error {
	entry, err := s.record.ReleaseEffect(ctx, actor, id)
	if err != nil {
		return err
	}
	if s.scratch == nil {
		return fault.Errorf(fault.Unavailable, "there is no place here in which a release can be tried")
	}
	e := envelopeOf(entry)
	return s.scratch.Try(ctx, s.published, s.envelope, e, func(before, after *publishedstore.Reader) error {
		return fn(Preview{before, after, e})
	})
}

// forgetOld takes what left the public from the copy in which releases are
// tried.
func (s *Service) forgetOld(ctx context.Context) {
	if s.scratch == nil {
		return
	}
	if err := s.scratch.Follow(ctx, s.published, s.envelope); err != nil {
		s.logger.Error("the copy for previews was thrown away", "err", err)
	}
}
