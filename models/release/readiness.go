package release

import (
	"context"

	"track15/models/record"
)

// Readiness lists what must hold before a release goes out, as far as actor may
// know it: what is missing and what holds. Signing is held to the same list. Of a
// release that ended or went out it is empty.
func (s *Service) Readiness(ctx context.Context, actor record.Actor, id string) ([]record.Precondition, error) {
	return s.record.Readiness(ctx, actor, id)
}

// RoundReadiness is Readiness before anything of a round is frozen: of a release
// with all its texts in their newest version.
func (s *Service) RoundReadiness(ctx context.Context, actor record.Actor, roundID string) ([]record.Precondition, error) {
	return s.record.RoundReadiness(ctx, actor, roundID)
}
