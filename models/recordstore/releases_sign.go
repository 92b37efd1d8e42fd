package recordstore

import (
	"context"
	"errors"
	"slices"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/record"
)

// A Sealer makes the MAC under a signature of a release, of which Hash and ID
// are set.
type Sealer func(record.Release, record.Signature) []byte

// ofRelease is the scope of an act on a release: every one of its series.
func ofRelease(id string) where {
	return func(tx *gorm.DB) (scope, error) {
		var series []string
		err := tx.Model(&releaseSeriesRow{}).Where("release_id = ?", id).Order("series_id").Pluck("series_id", &series).Error
		if err == nil && len(series) == 0 {
			err = gorm.ErrRecordNotFound
		}
		return scope{series, []string{id}}, database.Error(err, "release")
	}
}

// SignRelease puts the first signature under a frozen release, with when it may
// become public.
//
// It fails with Conflict if the release is not Frozen any more, or a condition of
// Readiness holds its first signature back, with Invalid if the timing decides
// nothing.
func (s *Store) SignRelease(ctx context.Context, actor record.Actor, id string, when record.Timing, seal Sealer) error {
	if err := when.Check(s.clock()); err != nil {
		return err
	}
	return s.act(ctx, actor, record.Sign, ofRelease(id), func(tx *gorm.DB) error {
		r, err := readRelease(tx, id)
		if err != nil {
			return err
		}
		if r.State != string(record.Frozen) {
			return fault.Errorf(fault.Conflict, "this release is %s: only a frozen one takes a first signature", r.State)
		}
		ledgers, err := s.ledgersOf(tx, id)
		if err != nil {
			return err
		}
		conditions, err := s.conditions(tx, actor, r, ledgers)
		if err != nil {
			return err
		}
		if err := record.Ready(conditions, 1); err != nil {
			return err
		}
		if err := s.sign(tx, actor, record.Signatory{}, r, 1, seal); err != nil {
			return err
		}
		if err := s.setTiming(tx, id, when); err != nil {
			return err
		}
		return setState(tx, id, map[string]any{"state": record.Signed})
	})
}

// CountersignRelease puts the second signature under a release and hands it to
// delivery, both in one transaction. Once it returns nil, the release becomes
// public without anybody's doing.
//
// It fails with Forbidden if actor signed first or contributed to the release
// (see ReleaseBar), and with Conflict if the release is not Signed, or if what
// is public has changed since it was frozen: then it must be prepared again.
func (s *Store) CountersignRelease(ctx context.Context, actor record.Actor, id string, seal Sealer) error {
	return s.act(ctx, actor, record.Countersign, ofRelease(id), func(tx *gorm.DB) error {
		return s.countersign(tx, actor, record.Signatory{}, id, seal)
	})
}

// countersign puts the second signature of actor, typed by entered if they gave it
// by telephone.
func (s *Store) countersign(tx *gorm.DB, actor record.Actor, entered record.Signatory, id string, seal Sealer) error {
	r, err := readRelease(tx, id)
	if err != nil {
		return err
	}
	if r.State != string(record.Signed) {
		return fault.Errorf(fault.Conflict, "this release is %s: only a signed one takes a second signature", r.State)
	}
	ledgers, err := s.ledgersOf(tx, id)
	if err != nil {
		return err
	}
	bar, barred, err := readBar(tx, actor.ID, r, recorders(ledgers))
	switch {
	case err != nil:
		return err
	case barred && bar.Act == string(record.Sign):
		return fault.Errorf(fault.Forbidden, "the second signature is another person's than the first")
	case barred:
		return fault.Errorf(fault.Forbidden, "someone who contributed nothing to this release must countersign it")
	}
	conditions, err := s.conditions(tx, actor, r, ledgers)
	if err != nil {
		return err
	}
	if err := errors.Join(unchanged(tx, id), record.Ready(conditions, 2)); err != nil {
		return err
	}
	if err := s.checkedWhole(tx, actor, ledgers); err != nil {
		return err
	}
	if err := reserveSlugs(tx, id); err != nil {
		return err
	}
	if err := s.sign(tx, actor, entered, r, 2, seal); err != nil {
		return err
	}
	return s.enqueue(tx, id)
}

// SuspendDocument takes a document away for the time being: one person's
// signature, handed to delivery in the same transaction. fill says what goes.
//
// It fails with NotFound if no such round or output was delivered, with
// Conflict if it is suspended or withdrawn already.
func (s *Store) SuspendDocument(ctx context.Context, actor record.Actor, kind, slug string, fill func(*Freezing) error, seal Sealer) (record.Release, error) {
	var frozen record.Release
	id := s.newID()
	err := s.act(ctx, actor, record.Suspend, ofDocument(kind, slug, id), func(tx *gorm.DB) error {
		sc, err := ofDocument(kind, slug)(tx)
		if err != nil {
			return err
		}
		if frozen, err = s.freeze(ctx, tx, actor, id, sc.series, fill); err != nil {
			return err
		}
		if frozen.Kind != record.Suspension {
			return fault.Errorf(fault.Forbidden, "a release needs two people")
		}
		r, err := readRelease(tx, id)
		if err != nil {
			return err
		}
		if err := s.sign(tx, actor, record.Signatory{}, r, 1, seal); err != nil {
			return err
		}
		if err := s.setTiming(tx, id, record.Immediate); err != nil {
			return err
		}
		return s.enqueue(tx, id)
	})
	return frozen, err
}

// CancelRelease ends a release that nobody countersigned. The reason stays in
// the record.
//
// It fails with Conflict if the release is countersigned or ended already.
func (s *Store) CancelRelease(ctx context.Context, actor record.Actor, id, reason string) error {
	if err := record.CheckText("reason", reason); err != nil {
		return err
	}
	return s.act(ctx, actor, record.PrepareRelease, ofRelease(id), func(tx *gorm.DB) error {
		r, err := readRelease(tx, id)
		if err != nil {
			return err
		}
		if r.State != string(record.Frozen) && r.State != string(record.Signed) {
			return fault.Errorf(fault.Conflict, "this release is %s: only one that nobody countersigned can be cancelled", r.State)
		}
		return s.callOff(tx, actor, id, reason)
	})
}

// sign stores a signature.
func (s *Store) sign(tx *gorm.DB, actor record.Actor, entered record.Signatory, r releaseRow, position int, seal Sealer) error {
	sig := record.Signature{
		Position: position, Signatory: record.Signatory{ID: actor.ID, Name: actor.Name}, At: s.now(), Entered: entered,
	}
	return insertRows(tx, []releaseSignatureRow{{
		r.ID, int64(position), sig.ID, sig.Name, sig.At, seal(r.release(), sig), entered.ID, entered.Name,
	}})
}

// enqueue hands a release to delivery, behind all that wait.
func (s *Store) enqueue(tx *gorm.DB, id string) error {
	if err := tx.Model(&timingRow{}).Where("release_id = ?", id).Update("queued_at", s.now()).Error; err != nil {
		return database.Error(err, "release")
	}
	var last int64
	if err := tx.Raw("SELECT COALESCE(MAX(queued), 0) FROM releases").Scan(&last).Error; err != nil {
		return database.Error(err, "release")
	}
	return setState(tx, id, map[string]any{"state": record.Countersigned, "queued": last + 1})
}

func setState(tx *gorm.DB, id string, values map[string]any) error {
	if state, ok := values["state"].(record.ReleaseState); ok {
		values["state"] = string(state)
	}
	return database.Error(tx.Model(&releaseRow{}).Where("id = ?", id).Updates(values).Error, "release")
}

// readRelease reads the row of a release.
func readRelease(tx *gorm.DB, id string) (releaseRow, error) {
	var r releaseRow
	err := tx.Where("id = ?", id).Take(&r).Error
	return r, database.Error(err, "release")
}

// unmoved holds that what is public of a release's documents is what it was
// when they were frozen. Otherwise the release would undo what others did since.
func unmoved(tx *gorm.DB, id string) error {
	var n int64
	err := tx.Raw(`SELECT COUNT(*) FROM release_documents d
		LEFT JOIN release_state s ON s.kind = d.kind AND s.slug = d.slug
		WHERE d.release_id = ? AND d.base <> COALESCE(s.changed_by, '')`, id).Scan(&n).Error
	if err == nil && n > 0 {
		return errMoved
	}
	return database.Error(err, "release")
}

var errMoved = fault.Errorf(fault.Conflict, "something in this release was released, corrected or taken away since: prepare it again")

// unchanged holds that a release is unmoved, and that nothing of it is on its
// way.
func unchanged(tx *gorm.DB, id string) error {
	if err := unmoved(tx, id); err != nil {
		return err
	}
	var n int64
	for _, table := range []string{"release_documents", "release_drops"} {
		err := tx.Raw(`SELECT COUNT(*) FROM releases r JOIN `+table+` o ON o.release_id = r.id
			JOIN release_documents d ON d.kind = o.kind AND d.slug = o.slug AND d.release_id = ?
			WHERE r.state = ? AND r.id <> ?`, id, string(record.Countersigned), id).Scan(&n).Error
		if err != nil {
			return database.Error(err, "release")
		}
		if n > 0 {
			return errMoved
		}
	}
	return nil
}

// reserveSlugs gives the public addresses in a release to their objects, for good.
func reserveSlugs(tx *gorm.DB, id string) error {
	clash := fault.Errorf(fault.Conflict, "another release took an address of this one: prepare it again")
	after := int64(0)
	for {
		var docs []releaseDocumentRow
		err := tx.Select(documentColumns).Where("release_id = ? AND position > ?", id, after).
			Order("position").Limit(releaseChunk).Find(&docs).Error
		if err != nil || len(docs) == 0 {
			return database.Error(err, "release")
		}
		after = docs[len(docs)-1].Position
		var asked []releaseSlugRow
		for _, d := range docs {
			asked = append(asked, releaseSlugRow{d.Kind, d.Slug, d.ObjectID, "", 0})
			for _, o := range d.Observations.V {
				asked = append(asked, releaseSlugRow{kindObservation, o.Slug, o.ObjectID, d.ObjectID, int64(o.Number)})
			}
		}
		var fresh []releaseSlugRow
		for part := range slices.Chunk(asked, releaseChunk) {
			var ids []string
			for _, a := range part {
				ids = append(ids, a.ObjectID)
			}
			owned := map[documentKey]releaseSlugRow{} // by kind and object
			var rows []releaseSlugRow
			if err := tx.Where("object_id IN ?", ids).Find(&rows).Error; err != nil {
				return database.Error(err, "release")
			}
			for _, r := range rows {
				owned[documentKey{r.Kind, r.ObjectID}] = r
			}
			for _, a := range part {
				have, ok := owned[documentKey{a.Kind, a.ObjectID}]
				switch {
				case !ok:
					fresh = append(fresh, a)
				case have.Slug != a.Slug:
					return clash
				}
			}
		}
		taken, err := takenSlugs(tx, fresh)
		if err != nil {
			return err
		}
		if taken {
			return clash
		}
		if err := insertRows(tx, fresh); err != nil {
			return err
		}
	}
}

// takenSlugs reports whether one of the slugs belongs to an object already.
func takenSlugs(tx *gorm.DB, asked []releaseSlugRow) (bool, error) {
	keys := make([]documentKey, len(asked))
	for i, a := range asked {
		keys[i] = documentKey{a.Kind, a.Slug}
	}
	for kind, slugs := range byKind(keys) {
		var n int64
		err := tx.Model(&releaseSlugRow{}).Where("kind = ? AND slug IN ?", kind, slugs).Count(&n).Error
		if err != nil || n > 0 {
			return n > 0, database.Error(err, "release")
		}
	}
	return false, nil
}
