package recordstore

import (
	"encoding/json"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"track15/models/database"
)

// A past is a row whose history is kept: of which round it is a part, "" for
// none, and under which id.
type past interface {
	TableName() string
	past() (id, roundID string)
}

func (r seriesRow) past() (id, roundID string)        { return r.ID, "" }
func (r organisationRow) past() (id, roundID string)  { return r.ID, "" }
func (r personRow) past() (id, roundID string)        { return r.ID, "" }
func (r roundRow) past() (id, roundID string)         { return r.ID, r.ID }
func (r presenceRow) past() (id, roundID string)      { return r.ID, r.RoundID }
func (r participationRow) past() (id, roundID string) { return r.ID, r.RoundID }
func (r roundSessionRow) past() (id, roundID string)  { return r.ID, r.RoundID }
func (r ruleChangeRow) past() (id, roundID string)    { return r.ID, r.RoundID }
func (r readOutRow) past() (id, roundID string)       { return r.ID, r.RoundID }
func (r noteRow) past() (id, roundID string)          { return r.ID, r.RoundID }

type historyRow struct {
	ObjectID    string
	AuditNumber int64
	Kind        string
	RoundID     string
	Body        string
}

func (historyRow) TableName() string { return "history" }

// remember keeps rows as they stand, before the act that runs edits or removes
// them. Every edit calls it, just before it writes; what an act edits twice is
// kept as it was before the act. What is sealed in a row stays sealed. It costs
// one reading and one writing of the rows, 500 at a time.
func remember[R past](tx *gorm.DB, ids ...string) error {
	number, err := numberOf(tx)
	if err != nil {
		return err
	}
	for part := range slices.Chunk(ids, 500) {
		var rows []R
		if err := tx.Where("id IN ?", part).Find(&rows).Error; err != nil {
			return database.Error(err, "history")
		}
		kept := make([]historyRow, len(rows))
		for i, row := range rows {
			b, err := json.Marshal(row)
			if err != nil {
				return err
			}
			id, roundID := row.past()
			kept[i] = historyRow{id, number, row.TableName(), roundID, string(b)}
		}
		if len(kept) == 0 {
			continue
		}
		if err := tx.Clauses(clause.OnConflict{DoNothing: true}).CreateInBatches(kept, 500).Error; err != nil {
			return database.Error(err, "history")
		}
	}
	return nil
}
