package recordstore

import (
	"context"

	"gorm.io/gorm"

	"track15/models/record"
)

// NoteExport writes down that the actor takes a list away as a file: one whose
// rows are of the series, or of none for a list of the directory. The entry
// holds neither what the list is nor what was looked for.
//
// It fails with Forbidden unless the actor may export in each of the series.
func (s *Store) NoteExport(ctx context.Context, actor record.Actor, series []string) error {
	at := func(*gorm.DB) (scope, error) { return scope{series: series}, nil }
	return s.act(ctx, actor, record.Export, at, func(*gorm.DB) error { return nil })
}
