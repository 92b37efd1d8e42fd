package release

import (
	"context"
	"fmt"

	"track15/models/record"
	"track15/models/recordstore"
)

// Import stores entries that are public elsewhere and freezes one release of
// all of them, in one transaction: see recordstore.Import. Nothing of it is
// public before two people have signed. progress is called with the number of
// new rounds so far; it may be nil.
//
// Rounds are held in memory a few hundred at a time.
func (s *Service) Import(ctx context.Context, actor record.Actor, in recordstore.Import, progress func(rounds int)) (record.Release, recordstore.ImportReport, error) {
	var b *batch
	rounds := 0
	return s.record.Import(ctx, actor, in, func(f *recordstore.Freezing, entries []record.RoundEntry) error {
		if b == nil {
			b = newBatch(f, s)
		}
		if err := b.rounds(entries); err != nil {
			return err
		}
		rounds += len(entries)
		if progress != nil {
			progress(rounds)
		}
		return nil
	}, func(f *recordstore.Freezing) error {
		f.Release.Title = fmt.Sprintf("Compiled from public sources: %d rounds, %d series", rounds, len(b.series))
		return b.finish()
	})
}
