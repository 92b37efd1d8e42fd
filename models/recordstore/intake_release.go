package recordstore

import (
	"context"
	"slices"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/record"
)

// FreezeIntake prepares the one release of what an import of the actor's own
// brought that is public elsewhere. fill is called with the ids of those rounds
// and texts, and returns what it left out of the release, and why, which stays
// with the import. The same import again gives what was frozen the first time,
// unless that release was called off or refused.
//
// It fails with NotFound if the import is not the actor's, with Forbidden if
// actor may not prepare releases of its series, with Conflict if the import is
// not done or was undone.
func (s *Store) FreezeIntake(ctx context.Context, actor record.Actor, id string, fill func(f *Freezing, rounds, texts []string) ([]Aside, error)) (record.Release, error) {
	var frozen record.Release
	releaseID := s.newID()
	at := func(tx *gorm.DB) (scope, error) {
		sc, err := ofIntake(actor, id)(tx)
		sc.objects = append(sc.objects, releaseID)
		return sc, err
	}
	err := s.act(ctx, actor, record.PrepareRelease, at, func(tx *gorm.DB) error {
		t, err := s.intakeByID(tx, id, "*")
		if err != nil {
			return err
		}
		if t.State != IntakeDone {
			return fault.Errorf(fault.Conflict, "There is nothing of this import in the record that could be released.")
		}
		if t.Result.ReleaseID != "" {
			r, err := readRelease(tx, t.Result.ReleaseID)
			if err != nil {
				return err
			}
			if state := record.ReleaseState(r.State); state != record.CalledOff && state != record.Refused {
				frozen = r.release()
				return errUnchanged
			}
		}
		frozen, err = s.freeze(ctx, tx, actor, releaseID, []string{t.SeriesID}, func(f *Freezing) error {
			var err error
			t.Result.LeftOut, err = fill(f, t.Result.Public, t.Result.Texts)
			return err
		})
		if err != nil {
			return err
		}
		t.Result.ReleaseID = releaseID
		t.Version++
		return s.storeIntake(tx, t)
	})
	return frozen, err
}

// InRelease returns those of the objects whose values stand in a release that
// waits for a person or was delivered.
func (f *Freezing) InRelease(ids []string) (map[string]bool, error) {
	in := map[string]bool{}
	over := []string{string(record.CalledOff), string(record.Refused)}
	for part := range slices.Chunk(ids, releaseChunk) {
		var found []string
		err := f.tx.Raw(`SELECT DISTINCT s.object_id FROM release_subjects s JOIN releases r ON r.id = s.release_id
			WHERE s.object_id IN ? AND r.state NOT IN ?`, part, over).Scan(&found).Error
		if err != nil {
			return nil, database.Error(err, "release")
		}
		for _, id := range found {
			in[id] = true
		}
	}
	return in, nil
}

// CompiledTexts returns the texts about the rounds that an import of public
// sources made, by the id of the round, each with its newest draft.
func (f *Freezing) CompiledTexts(roundIDs []string) (map[string][]record.Output, error) {
	texts := map[string][]record.Output{}
	for part := range slices.Chunk(roundIDs, releaseChunk) {
		var rows []outputRow
		err := f.tx.Where("round_id IN ? AND compiled = 1", part).Order("id").Find(&rows).Error
		if err != nil {
			return nil, database.Error(err, "text")
		}
		drafts, err := f.store.newest(f.tx, rows, refused)
		if err != nil {
			return nil, err
		}
		for i, row := range rows {
			texts[row.RoundID] = append(texts[row.RoundID], row.output(drafts[i]))
		}
	}
	return texts, nil
}
