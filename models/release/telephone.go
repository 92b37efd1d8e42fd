package release

import (
	"context"

	"track15/models/published"
	"track15/models/record"
	"track15/models/recordstore"
)

// CountersignByTelephone puts the second signature of somebody who reads the text
// code of the release and one of their release codes out to actor. See
// recordstore.CountersignByTelephone.
func (s *Service) CountersignByTelephone(ctx context.Context, actor record.Actor, id string, t recordstore.Telephoned) error {
	r, err := s.record.Release(ctx, actor, id)
	if err != nil {
		return err
	}
	if err := s.record.CountersignByTelephone(ctx, actor, id, t, published.TextCode(r.Hash), s.seal); err != nil {
		return err
	}
	s.afterStep(StepCountersigned)
	s.nudge()
	return nil
}
