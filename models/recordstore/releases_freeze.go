package recordstore

import (
	"context"
	"maps"
	"slices"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/record"
)

// A Freezing is a release being prepared, inside one transaction: it reads the
// record as it is now, whole, and takes the documents that are made of it.
//
// It is valid only in the function it was given to.
type Freezing struct {
	// Release is what is being prepared. Kind, Title, Note, Amendment, Import
	// and Hash are the maker's to set; the rest is filled in.
	Release record.Release

	store    *Store
	tx       *gorm.DB
	position int64
	dropped  int64
	editsTo  int64
	subjects map[string]bool
	aspects  []releaseAspectRow
	fresh    map[string]int64 // the version taken of each text whose words come from the record
}

// FreezeRelease prepares a release about the given rounds: fill reads what it
// needs and puts the documents. The result is Frozen, and nothing of it is
// public.
//
// id is the release's, made by NewID, or "" for a new one: the same actor
// asking again with the same id gets what was frozen the first time.
//
// It fails with NotFound if actor may not read releases of every series
// concerned, with Forbidden if actor may not prepare them.
func (s *Store) FreezeRelease(ctx context.Context, actor record.Actor, id string, roundIDs []string, fill func(*Freezing) error) (record.Release, error) {
	var frozen record.Release
	if err := s.identify(&id); err != nil {
		return frozen, err
	}
	err := s.act(ctx, actor, record.PrepareRelease, ofRounds(roundIDs, id), func(tx *gorm.DB) error {
		var before []releaseRow
		if err := tx.Where("id = ?", id).Find(&before).Error; err != nil {
			return database.Error(err, "release")
		}
		if len(before) > 0 {
			if before[0].PreparedBy != actor.ID {
				return damaged()
			}
			frozen = before[0].release()
			return errUnchanged
		}
		sc, err := ofRounds(roundIDs)(tx)
		if err != nil {
			return err
		}
		frozen, err = s.freeze(ctx, tx, actor, id, sc.series, fill)
		return err
	})
	return frozen, err
}

// FreezeChange prepares a release that takes the document kind/slug away or
// brings it back; otherwise it is FreezeRelease.
//
// It fails with NotFound if no such document was ever delivered.
func (s *Store) FreezeChange(ctx context.Context, actor record.Actor, kind, slug string, fill func(*Freezing) error) (record.Release, error) {
	var frozen record.Release
	id := s.newID()
	err := s.act(ctx, actor, record.PrepareRelease, ofDocument(kind, slug, id), func(tx *gorm.DB) error {
		sc, err := ofDocument(kind, slug)(tx)
		if err != nil {
			return err
		}
		frozen, err = s.freeze(ctx, tx, actor, id, sc.series, fill)
		return err
	})
	return frozen, err
}

// freeze stores a release and lets fill give it its contents, in the
// transaction of an act.
func (s *Store) freeze(ctx context.Context, tx *gorm.DB, actor record.Actor, id string, series []string, fill func(*Freezing) error) (record.Release, error) {
	f, err := s.beginFreezing(ctx, tx, actor, id, series)
	if err != nil {
		return record.Release{}, err
	}
	if err := fill(f); err != nil {
		return record.Release{}, err
	}
	return f.finish()
}

// beginFreezing stores an empty release, to which finish gives its contents.
func (s *Store) beginFreezing(ctx context.Context, tx *gorm.DB, actor record.Actor, id string, series []string) (*Freezing, error) {
	f := &Freezing{store: s, tx: tx.WithContext(ctx), subjects: map[string]bool{}, fresh: map[string]int64{}}
	f.Release = record.Release{
		ID: id, Kind: record.FirstRelease, State: record.Frozen, SeriesIDs: series,
		PreparedBy: record.Signatory{ID: actor.ID, Name: actor.Name}, PreparedAt: s.now(),
	}
	err := f.tx.Raw("SELECT COALESCE(MAX(audit_number), 0) FROM edits").Scan(&f.editsTo).Error
	if err != nil {
		return nil, database.Error(err, "release")
	}
	if err := insertRows(f.tx, []releaseRow{f.row()}); err != nil {
		return nil, err
	}
	var rows []releaseSeriesRow
	for _, seriesID := range series {
		rows = append(rows, releaseSeriesRow{id, seriesID})
	}
	return f, insertRows(f.tx, rows)
}

// ofRounds is the scope of an act on several rounds, in every one of their
// series.
func ofRounds(ids []string, objects ...string) where {
	return func(tx *gorm.DB) (scope, error) {
		var series []string
		for part := range slices.Chunk(ids, releaseChunk) {
			var rows []struct{ ID, SeriesID string }
			if err := tx.Table("rounds").Select("id, series_id").Where("id IN ?", part).Find(&rows).Error; err != nil {
				return scope{}, database.Error(err, "round")
			}
			if len(rows) < len(part) {
				return scope{}, fault.Errorf(fault.NotFound, "there is no such round")
			}
			for _, r := range rows {
				series = append(series, r.SeriesID)
			}
		}
		if len(series) == 0 {
			return scope{}, fault.Errorf(fault.Invalid, "choose a round to release")
		}
		slices.Sort(series)
		return scope{slices.Compact(series), objects}, nil
	}
}

// ofDocument is the scope of an act on a document that was delivered.
func ofDocument(kind, slug string, objects ...string) where {
	return func(tx *gorm.DB) (scope, error) {
		series, err := seriesOfDocument(tx, documentKey{kind, slug})
		return scope{[]string{series}, objects}, err
	}
}

func (f *Freezing) row() releaseRow {
	r := f.Release
	return releaseRow{
		ID: r.ID, Kind: string(r.Kind), State: string(r.State), Title: r.Title, Imported: flag(r.Import),
		Note: r.Note, Amendment: flag(r.Amendment), Hash: r.Hash, Documents: f.position, EditsTo: f.editsTo,
		PreparedBy: r.PreparedBy.ID, PreparedName: r.PreparedBy.Name, PreparedAt: r.PreparedAt,
	}
}

// finish stores what the release became. It fails with Conflict if the release
// would change nothing.
func (f *Freezing) finish() (record.Release, error) {
	if f.position == 0 && f.dropped == 0 {
		return record.Release{}, fault.Errorf(fault.Conflict, "nothing has changed since the last release")
	}
	f.Release.Documents = int(f.position)
	if err := f.saveSubjects(); err != nil {
		return record.Release{}, err
	}
	if err := f.saveVersions(); err != nil {
		return record.Release{}, err
	}
	if err := insertRows(f.tx, f.aspects); err != nil {
		return record.Release{}, err
	}
	row := f.row()
	err := f.tx.Model(&releaseRow{}).Where("id = ?", row.ID).Updates(map[string]any{
		"kind": row.Kind, "title": row.Title, "imported": row.Imported, "note": row.Note,
		"amendment": row.Amendment, "hash": row.Hash, "documents": row.Documents,
	}).Error
	return f.Release, database.Error(err, "release")
}

// Put adds documents. It fails with Conflict if one of them is in the release
// already.
func (f *Freezing) Put(docs ...record.FrozenDocument) error {
	keys := make([]documentKey, len(docs))
	for i, d := range docs {
		keys[i] = documentKey{d.Kind, d.Slug}
	}
	standing, err := readStates(f.tx, keys)
	if err != nil {
		return err
	}
	rows := make([]releaseDocumentRow, len(docs))
	for i, d := range docs {
		f.position++
		rows[i] = documentRow(f.Release.ID, f.position, standing[keys[i]].ChangedBy, d)
	}
	if f.position <= maxShown {
		f.Release.Put = append(f.Release.Put, docs...)
	}
	if err := f.store.sealDocuments(f.tx, rows); err != nil {
		return err
	}
	return insertRows(f.tx, rows)
}

// Drop adds what the release takes away.
func (f *Freezing) Drop(d record.FrozenDrop) error {
	standing, err := readStates(f.tx, []documentKey{{d.Kind, d.Slug}})
	if err != nil {
		return err
	}
	f.dropped++
	f.Release.Drop = append(f.Release.Drop, d)
	return insertRows(f.tx, []releaseDropRow{{
		f.Release.ID, f.dropped, d.Kind, d.Slug, d.Notice, d.Reason, standing[documentKey{d.Kind, d.Slug}].ObjectID,
	}})
}

// Subjects names record objects whose values stand in the documents: whoever
// edited one of them since its last release contributed to this one.
func (f *Freezing) Subjects(ids ...string) {
	for _, id := range ids {
		if id != "" {
			f.subjects[id] = true
		}
	}
}

func (f *Freezing) saveSubjects() error {
	var ids []string
	for id := range f.subjects {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for part := range slices.Chunk(ids, releaseChunk) {
		var last []struct {
			ObjectID string
			Since    int64
		}
		err := f.tx.Raw(`SELECT s.object_id, MAX(r.edits_to) AS since
			FROM release_subjects s JOIN releases r ON r.id = s.release_id
			WHERE s.object_id IN ? AND r.number > 0 GROUP BY s.object_id`, part).Scan(&last).Error
		if err != nil {
			return database.Error(err, "release")
		}
		since := map[string]int64{}
		for _, l := range last {
			since[l.ObjectID] = l.Since
		}
		rows := make([]releaseSubjectRow, len(part))
		for i, id := range part {
			rows[i] = releaseSubjectRow{f.Release.ID, id, since[id]}
		}
		if err := insertRows(f.tx, rows); err != nil {
			return err
		}
	}
	return nil
}

// Round reads a round whole.
func (f *Freezing) Round(id string) (record.Round, error) { return f.store.roundByID(f.tx, id) }

// Series reads a series.
func (f *Freezing) Series(id string) (record.Series, error) { return seriesByID(f.tx, id) }

// Output reads an output with its newest draft.
//
// Its clearances must stand when the release is signed.
func (f *Freezing) Output(id string) (record.Output, error) {
	o, err := f.store.outputByID(f.tx, id)
	f.fresh[id] = o.Draft.Number
	return o, err
}

// Organisations reads those of the organisations that exist, by id.
func (f *Freezing) Organisations(ids []string) (map[string]record.Organisation, error) {
	return organisationsByID(f.tx, ids)
}

// Successors returns the ids of the bodies that came after each of the
// organisations, in no order; those that none came after are absent.
func (f *Freezing) Successors(ids []string) (map[string][]string, error) {
	after := map[string][]string{}
	for part := range slices.Chunk(ids, releaseChunk) {
		var rows []predecessorRow
		if err := f.tx.Where("predecessor_id IN ?", part).Find(&rows).Error; err != nil {
			return nil, database.Error(err, "release")
		}
		for _, r := range rows {
			after[r.PredecessorID] = append(after[r.PredecessorID], r.OrganisationID)
		}
	}
	return after, nil
}

// Slugs returns the public addresses of those objects that have one.
func (f *Freezing) Slugs(ids []string) (map[string]string, error) {
	slugs := map[string]string{}
	for part := range slices.Chunk(ids, releaseChunk) {
		var rows []releaseSlugRow
		if err := f.tx.Where("object_id IN ?", part).Find(&rows).Error; err != nil {
			return nil, database.Error(err, "release")
		}
		for _, r := range rows {
			slugs[r.ObjectID] = r.Slug
		}
	}
	return slugs, nil
}

// Taken returns which of the slugs belong to an object already.
func (f *Freezing) Taken(kind string, slugs []string) (map[string]bool, error) {
	taken := map[string]bool{}
	for part := range slices.Chunk(slugs, releaseChunk) {
		var found []string
		err := f.tx.Model(&releaseSlugRow{}).Where("kind = ? AND slug IN ?", kind, part).Pluck("slug", &found).Error
		if err != nil {
			return nil, database.Error(err, "release")
		}
		for _, s := range found {
			taken[s] = true
		}
	}
	return taken, nil
}

// Observations returns every observation that was ever released of the
// outputs, by the id of the output, also those that are gone.
func (f *Freezing) Observations(outputIDs []string) (map[string][]record.FrozenObservation, error) {
	all := map[string][]record.FrozenObservation{}
	for part := range slices.Chunk(outputIDs, releaseChunk) {
		var rows []releaseSlugRow
		err := f.tx.Where("output_id IN ? AND output_id <> ''", part).Order("output_id, number").Find(&rows).Error
		if err != nil {
			return nil, database.Error(err, "release")
		}
		for _, r := range rows {
			all[r.OutputID] = append(all[r.OutputID], record.FrozenObservation{ObjectID: r.ObjectID, Slug: r.Slug, Number: int(r.Number)})
		}
	}
	return all, nil
}

// Standing returns those of the documents that were ever delivered, with their
// bytes, by slug.
func (f *Freezing) Standing(kind string, slugs []string) (map[string]record.PublicDocument, error) {
	keys := make([]documentKey, len(slugs))
	for i, s := range slugs {
		keys[i] = documentKey{kind, s}
	}
	states, err := readStates(f.tx, keys)
	if err != nil {
		return nil, err
	}
	all := map[string]record.PublicDocument{}
	docs, err := publicDocuments(f.tx, slices.Collect(maps.Values(states)))
	for _, d := range docs {
		all[d.Slug] = d
	}
	return all, err
}

// TextsWithin returns those delivered outputs of the round with the slug that
// nobody took away, with their bytes.
func (f *Freezing) TextsWithin(roundSlug string) ([]record.PublicDocument, error) {
	var rows []releaseStateRow
	err := f.tx.Where("kind = ? AND within = ? AND within_series = 0 AND notice = ''", kindOutput, roundSlug).Find(&rows).Error
	if err != nil {
		return nil, database.Error(err, "release")
	}
	return publicDocuments(f.tx, rows)
}

// Disclosed returns how many public rounds name each of the organisations,
// given by slug; those that none names are absent.
func (f *Freezing) Disclosed(slugs []string) (map[string]int, error) {
	keys := make([]documentKey, len(slugs))
	for i, s := range slugs {
		keys[i] = documentKey{kindOrganisation, s}
	}
	states, err := readStates(f.tx, keys)
	named := map[string]int{}
	for k, s := range states {
		if s.Disclosed > 0 {
			named[k.slug] = int(s.Disclosed)
		}
	}
	return named, err
}
