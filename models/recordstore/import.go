package recordstore

import (
	"context"
	"errors"
	"iter"
	"slices"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/record"
)

// An Import is what an import brings: entries that are public elsewhere, each
// with its line. Their identifiers are the files' own; entries refer to one
// another by them.
type Import struct {
	Series        []record.Imported[record.Series]
	Organisations []record.Imported[record.Organisation]
	// Rounds are read once, in the import's transaction.
	Rounds iter.Seq2[record.Imported[record.RoundEntry], error]
}

// An ImportReport counts what an import made, and the lines that were here
// already.
type ImportReport struct {
	Series, Organisations, Rounds, Outputs int
	Known                                  int
}

// importChunk is how many rounds are stored and frozen at a time.
const importChunk = 500

// maxImportErrors is how many refused lines an import names.
const maxImportErrors = 20

// errNothingNew rolls an import back that brought nothing.
var errNothingNew = errors.New("recordstore: nothing new")

// Import stores entries that are public elsewhere and freezes one release of
// them, all in one transaction. put is called with the new rounds, a few
// hundred at a time, as stored; finish when all are in. The release is the zero
// one if nothing new came.
//
// A line that was imported before is known and changes nothing, whatever
// became of its entry since. It fails with Conflict, naming up to 20 lines, if
// a line says something else than before, or if the record holds its entry
// without having released it.
func (s *Store) Import(ctx context.Context, actor record.Actor, in Import, put func(*Freezing, []record.RoundEntry) error, finish func(*Freezing) error) (record.Release, ImportReport, error) {
	var rel record.Release
	var report ImportReport
	id := s.newID()
	err := s.act(ctx, actor, record.ImportHistoric, house(id), func(tx *gorm.DB) error {
		im := &importer{
			store: s, tx: tx, at: s.now(), actor: actor,
			organisations: map[string]record.Organisation{}, series: map[string]importedSeries{}, byID: map[string]record.Organisation{},
		}
		if err := im.directory(in.Organisations); err != nil {
			return err
		}
		if err := im.allSeries(in.Series); err != nil {
			return err
		}
		if err := errors.Join(im.refused...); err != nil {
			return err
		}
		f, err := s.beginFreezing(ctx, tx, actor, id, im.seriesIDs())
		if err != nil {
			return err
		}
		f.Release.Import = true
		if err := im.rounds(in.Rounds, func(chunk []record.RoundEntry) error { return put(f, chunk) }); err != nil {
			return err
		}
		if report = im.report; report.Series+report.Organisations+report.Rounds == 0 {
			return errNothingNew
		}
		if report.Rounds == 0 {
			return fault.Errorf(fault.Conflict, "the import brings no round: a body or a series becomes public with a round")
		}
		if err := finish(f); err != nil {
			return err
		}
		rel, err = f.finish()
		return err
	})
	if errors.Is(err, errNothingNew) {
		return record.Release{}, report, nil
	}
	if err != nil {
		return record.Release{}, ImportReport{}, err
	}
	return rel, report, nil
}

// An importer is one import in its transaction.
type importer struct {
	store *Store
	tx    *gorm.DB
	at    int64
	actor record.Actor

	organisations map[string]record.Organisation // by the files' ids
	byID          map[string]record.Organisation // the same by the record's
	series        map[string]importedSeries      // by the files' ids
	report        ImportReport
	refused       []error
}

// An importedSeries is a series of the files as the record holds it.
type importedSeries struct {
	record.Series
	sides map[string]string // ids by the files' parties
	// held are the rounds the record had before, for series that it had.
	held []heldRound
}

type heldRound struct {
	ID           string
	SlugWish     string
	OrdinalLabel string
	Opens        string
}

type importRow struct {
	Kind     string
	Slug     string
	Digest   string
	ObjectID string
}

func (importRow) TableName() string { return "imports" }

// refuse notes a line that cannot be taken, and reports whether there were
// enough of them.
func (im *importer) refuse(where, format string) error {
	im.refused = append(im.refused, &fault.Error{Kind: fault.Conflict, Field: where, Text: format})
	if len(im.refused) >= maxImportErrors {
		return errors.Join(im.refused...)
	}
	return nil
}

// known returns what became of those of the lines that were imported before.
func (im *importer) known(kind string, slugs []string) (map[string]importRow, error) {
	// As one list: named one by one they are compared with every row by a PostgreSQL
	// that has no statistics of rows that nobody has committed yet.
	among, list, err := database.In(im.tx, "slug", slugs)
	if err != nil {
		return nil, err
	}
	var rows []importRow
	if err := im.tx.Where("kind = ? AND "+among, kind, list).Find(&rows).Error; err != nil {
		return nil, database.Error(err, "import")
	}
	known := make(map[string]importRow, len(rows))
	for _, r := range rows {
		known[r.Slug] = r
	}
	return known, nil
}

const (
	changedLine = "An earlier import brought another line with this id. Change the entry at the desk."
	heldEntry   = "The record holds this already and has not released it. Release it from the desk, or leave the line out."
)

// released returns which of the objects have a public address.
func (im *importer) released(ids []string) (map[string]bool, error) {
	released := map[string]bool{}
	for part := range slices.Chunk(ids, importChunk) {
		var found []string
		if err := im.tx.Model(&releaseSlugRow{}).Where("object_id IN ?", part).Pluck("object_id", &found).Error; err != nil {
			return nil, database.Error(err, "import")
		}
		for _, id := range found {
			released[id] = true
		}
	}
	return released, nil
}

// inOrder runs the steps until one fails.
func inOrder(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func slugsOf[T any](all []record.Imported[T], id func(T) string) []string {
	slugs := make([]string, len(all))
	for i, line := range all {
		slugs[i] = id(line.Entry)
	}
	return slugs
}

// at names the line in front of the fields of an error.
func at(where string, err error) error {
	var all []error
	for _, e := range fault.All(err) {
		all = append(all, &fault.Error{Kind: e.Kind, Field: where + ": " + e.Field, Text: e.Text})
	}
	if len(all) == 0 {
		return err
	}
	return errors.Join(all...)
}
