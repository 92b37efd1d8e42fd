package release

import (
	"context"

	"track15/models/record"
)

// Warnings are what a reader may conclude from a release together with what is
// public already. They are for who may read the rounds of its series; it fails
// with Forbidden for anybody else.
func (s *Service) Warnings(ctx context.Context, actor record.Actor, id string) ([]record.Warning, error) {
	return s.record.Warnings(ctx, actor, id)
}
