package recordstore

import (
	"context"
	"slices"
	"strings"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/record"
)

// ReleaseBar says why actor may not countersign the release as far as its
// contents go; false if nothing bars them. could are those who may
// countersign it, by name.
//
// Whoever signed first is barred, whoever wrote words of the release itself
// that become public, whoever recorded an answer on which it rests, and whoever edited an object whose values stand in it
// since that object's last release. Edits after the freezing do not count:
// they are not in the bytes.
func (s *Store) ReleaseBar(ctx context.Context, actor record.Actor, id string) (bar record.Bar, barred bool, could []record.Signatory, err error) {
	err = s.act(ctx, actor, record.ReadRelease, ofRelease(id), func(tx *gorm.DB) error {
		r, err := readRelease(tx, id)
		if err != nil {
			return err
		}
		ledgers, err := s.ledgersOf(tx, r.ID)
		if err != nil {
			return err
		}
		recorded := recorders(ledgers)
		if bar, barred, err = readBar(tx, actor.ID, r, recorded); err != nil {
			return err
		}
		could, err = s.countersigners(tx, r, recorded)
		return err
	})
	return bar, barred, could, err
}

// readBar says what bars an account; recorded are those who recorded answers.
func readBar(tx *gorm.DB, actorID string, r releaseRow, recorded map[string]int64) (record.Bar, bool, error) {
	var first releaseSignatureRow
	found := tx.Where("release_id = ? AND position = 1 AND account_id = ?", r.ID, actorID).Limit(1).Find(&first)
	if found.Error != nil {
		return record.Bar{}, false, database.Error(found.Error, "release")
	}
	if found.RowsAffected > 0 {
		return record.Bar{Act: string(record.Sign), At: first.SignedAt}, true, nil
	}
	if r.PreparedBy == actorID {
		wrote, err := hasWords(tx, r)
		if err != nil || wrote {
			return record.Bar{Act: "write the note", At: r.PreparedAt}, wrote, err
		}
	}
	if at, did := recorded[actorID]; did {
		return record.Bar{Act: string(record.EditClearance), At: at}, true, nil
	}
	var edit editRow
	found = tx.Raw(contributions+" AND e.actor_id = ? ORDER BY e.audit_number DESC LIMIT 1", r.ID, r.EditsTo, actorID).Scan(&edit)
	return record.Bar{Act: edit.Act, At: edit.At}, found.RowsAffected > 0, database.Error(found.Error, "release")
}

// contributions selects the edits whose values stand in a release.
const contributions = `SELECT e.* FROM release_subjects s JOIN edits e ON e.object_id = s.object_id
	WHERE s.release_id = ? AND e.audit_number > s.since AND e.audit_number <= ?`

// hasWords reports whether a note or reason was written for the release itself.
func hasWords(tx *gorm.DB, r releaseRow) (bool, error) {
	var n int64
	err := tx.Model(&releaseDropRow{}).Where("release_id = ? AND reason <> ''", r.ID).Count(&n).Error
	return r.Note != "" || n > 0, database.Error(err, "release")
}

// countersigners returns the accounts that may countersign, by name.
func (s *Store) countersigners(tx *gorm.DB, r releaseRow, recorded map[string]int64) ([]record.Signatory, error) {
	sc, err := ofRelease(r.ID)(tx)
	if err != nil {
		return nil, err
	}
	accounts, err := s.loadAccounts(tx)
	if err != nil {
		return nil, err
	}
	var able []record.Signatory
	for _, a := range accounts {
		actor := a.Actor()
		if slices.ContainsFunc(sc.series, func(id string) bool { return !actor.May(record.Countersign, id) }) {
			continue
		}
		_, barred, err := readBar(tx, a.ID, r, recorded)
		if err != nil {
			return nil, err
		}
		if !barred {
			able = append(able, record.Signatory{ID: a.ID, Name: a.Name})
		}
	}
	slices.SortStableFunc(able, func(a, b record.Signatory) int { return strings.Compare(a.Name, b.Name) })
	return able, nil
}

func (s *Store) loadAccounts(tx *gorm.DB) ([]record.Account, error) {
	var rows []accountRow
	if err := tx.Order("id").Find(&rows).Error; err != nil {
		return nil, database.Error(err, "account")
	}
	accounts := make([]record.Account, len(rows))
	for i, r := range rows {
		var err error
		if accounts[i], err = s.account(tx, r); err != nil {
			return nil, err
		}
	}
	return accounts, nil
}
