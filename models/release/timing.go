package release

import (
	"context"

	"track15/models/fault"
	"track15/models/record"
)

// Hold keeps a release from being delivered. One person suffices.
func (s *Service) Hold(ctx context.Context, actor record.Actor, id, reason string) error {
	return s.record.HoldRelease(ctx, actor, id, reason)
}

// Lift lets a release go on that was held.
func (s *Service) Lift(ctx context.Context, actor record.Actor, id string) error {
	err := s.record.LiftHold(ctx, actor, id)
	s.nudge()
	return err
}

// BringForward lets a release go whatever time or event it waits for. One of the
// two who signed does it, with a reason and their password.
func (s *Service) BringForward(ctx context.Context, actor record.Actor, id, reason, password string) error {
	if err := s.record.Reauthenticate(ctx, actor, password); err != nil {
		return err
	}
	err := s.record.BringForward(ctx, actor, id, reason)
	s.nudge()
	return err
}

// Happened says that the event for which a release waits has happened.
func (s *Service) Happened(ctx context.Context, actor record.Actor, id, reason string) error {
	err := s.record.EventHappened(ctx, actor, id, reason)
	s.nudge()
	return err
}

// Published notes that the counterpart published first: where, when, and a copy
// of what they published. Their text stands in the register as one of others
// about the same round, a public source; cite says how it is cited. It brings
// nothing forward.
//
// It fails with Invalid if the release is about no round.
func (s *Service) Published(ctx context.Context, actor record.Actor, id string, p record.Counterpart, cite record.Draft) error {
	r, err := s.record.Release(ctx, actor, id)
	if err != nil {
		return err
	}
	about := ""
	for _, d := range r.Put {
		switch {
		case d.Kind == "round":
			about = d.ObjectID
		case d.Kind == "output" && about == "":
			o, err := s.record.Output(ctx, actor, d.ObjectID)
			if err != nil {
				return err
			}
			about = o.RoundID
		}
	}
	if about == "" {
		return fault.Errorf(fault.Invalid, "this release is about no round: enter their text in the register of texts")
	}
	round, err := s.record.Round(ctx, actor, about)
	if err != nil {
		return err
	}
	cite.URL = p.Address
	o, err := s.record.AddOutput(ctx, actor, record.Output{SeriesID: round.SeriesID, RoundID: round.ID, Kind: record.Readout, External: true, Draft: cite})
	if err != nil {
		return err
	}
	p.OutputID = o.ID
	return s.record.CounterpartPublished(ctx, actor, id, p)
}
