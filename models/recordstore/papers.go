package recordstore

import (
	"context"

	"gorm.io/gorm"

	"track15/models/record"
)

// NotePaper writes down that the actor made a paper for a round. The entry
// holds neither its kind nor its recipient.
func (s *Store) NotePaper(ctx context.Context, actor record.Actor, roundID string) error {
	return s.act(ctx, actor, record.MakePaper, ofRound(roundID), func(*gorm.DB) error { return nil })
}
