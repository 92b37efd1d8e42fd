package recordstore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/record"
	"track15/models/seal"
)

// draftRow is one version of a text. What it says is sealed, except of texts
// that are public elsewhere.
type draftRow struct {
	OutputID     string
	Number       int64
	AuthorID     string
	SavedAt      int64
	Title        string
	Lang         string
	Body         string
	Observations list[[]record.Observation]
	Authors      list[[]record.Author]
	Outlet       string
	Date         string
	URL          string
	Citation     string
	Sealed       []byte

	Translations     list[[]record.Translation]
	Acknowledgements string
}

func (draftRow) TableName() string { return "drafts" }

// clearDraftRow is a version in clear.
func clearDraftRow(outputID string, d record.Draft) draftRow {
	return draftRow{
		outputID, d.Number, d.AuthorID, d.SavedAt, d.Title, d.Lang, d.Body,
		list[[]record.Observation]{d.Observations},
		list[[]record.Author]{d.Authors},
		d.Outlet, string(d.Date), d.URL, d.Citation, unsealed(),
		list[[]record.Translation]{d.Translations},
		d.Acknowledgements,
	}
}

// toDraftRow is the one way of a version into the database.
func (s *Store) toDraftRow(o record.Output, d record.Draft) (draftRow, error) {
	public := inClear(o.External, o.Compiled, d.Number)
	ours := o.External && !o.AsImported() && len(d.Observations) > 0
	if public && !ours {
		return clearDraftRow(o.ID, d), nil
	}
	plain, err := json.Marshal(d)
	if err != nil {
		return draftRow{}, err
	}
	clear := record.Draft{Number: d.Number, AuthorID: d.AuthorID, SavedAt: d.SavedAt}
	if public { // but for what the house says of it
		clear = d
		clear.Observations = nil
	}
	row := clearDraftRow(o.ID, clear)
	row.Sealed, err = s.ring.Seal(draftSubject(o.RoundID, o.SeriesID), plain, draftPlace(o.ID, d.Number))
	return row, err
}

// inClear reports whether the version with the number says what is public
// elsewhere: of somebody else's text every one, of one that was compiled from
// public sources the first.
func inClear(external, compiled bool, number int64) bool {
	return external || compiled && number <= 1
}

// draft is the one way of a version out of the database.
func (s *Store) draft(o outputRow, r draftRow) (record.Draft, error) {
	if len(r.Sealed) == 0 {
		return record.Draft{
			Number: r.Number, AuthorID: r.AuthorID, SavedAt: r.SavedAt, Title: r.Title, Lang: r.Lang, Body: r.Body,
			Observations: r.Observations.V, Authors: r.Authors.V, Outlet: r.Outlet, Date: record.Date(r.Date), URL: r.URL,
			Citation: r.Citation, Translations: r.Translations.V, Acknowledgements: r.Acknowledgements,
		}, nil
	}
	plain, err := s.ring.Open(draftSubject(o.RoundID, o.SeriesID), r.Sealed, draftPlace(o.ID, r.Number))
	if err != nil {
		return record.Draft{}, err
	}
	var d record.Draft
	err = json.Unmarshal(plain, &d)
	return d, err
}

func draftSubject(roundID, seriesID string) seal.Subject {
	if roundID == "" {
		return seal.OfSeries(seriesID)
	}
	return seal.OfRound(roundID)
}

func draftPlace(outputID string, number int64) []byte {
	return fmt.Appendf(nil, "drafts %s %d", outputID, number)
}

// storeDraft stores a version of a text, which becomes its newest.
func (s *Store) storeDraft(tx *gorm.DB, o record.Output, d record.Draft) error {
	row, err := s.toDraftRow(o, d)
	if err != nil {
		return err
	}
	if err := tx.Create(&row).Error; err != nil {
		return database.Error(err, "draft")
	}
	newest := map[string]any{"newest": d.Number, "saved_at": d.SavedAt}
	return database.Error(tx.Model(&outputRow{}).Where("id = ?", o.ID).Updates(newest).Error, "text")
}

// newest reads the newest versions of texts, in their order, in one query. A
// version whose keyset is not in the key directory goes to lost, which returns
// what takes its place or the error.
func (s *Store) newest(tx *gorm.DB, outputs []outputRow, lost func(outputRow, error) (record.Draft, error)) ([]record.Draft, error) {
	ids := make([]string, len(outputs))
	for i, o := range outputs {
		ids[i] = o.ID
	}
	cond, arg, err := database.In(tx, "output_id", ids)
	if err != nil {
		return nil, err
	}
	var rows []draftRow
	err = tx.Where(cond, arg).Where("number = (SELECT newest FROM outputs WHERE outputs.id = drafts.output_id)").Find(&rows).Error
	if err != nil {
		return nil, database.Error(err, "drafts")
	}
	of := make(map[string]draftRow, len(rows))
	for _, row := range rows {
		of[row.OutputID] = row
	}
	out := make([]record.Draft, len(outputs))
	for i, o := range outputs {
		row, ok := of[o.ID]
		if !ok {
			return nil, nothing()
		}
		if out[i], err = s.draft(o, row); fault.KindOf(err) == fault.Unavailable {
			out[i], err = lost(o, err)
		}
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// refused is for newest where a text without its words is of no use.
func refused(_ outputRow, err error) (record.Draft, error) { return record.Draft{}, err }

// wordless is for newest in lists: the other texts stay readable.
func wordless(o outputRow, _ error) (record.Draft, error) {
	return record.Draft{Number: o.Newest, SavedAt: o.SavedAt}, nil
}

// draftByNumber is one version of a text.
func (s *Store) draftByNumber(tx *gorm.DB, o record.Output, number int64) (record.Draft, error) {
	var row draftRow
	if err := tx.Where("output_id = ? AND number = ?", o.ID, number).Take(&row).Error; err != nil {
		return record.Draft{}, database.Error(err, "draft")
	}
	return s.draft(toOutputRow(o), row)
}

// draftsOf are all versions of a text, newest first.
func (s *Store) draftsOf(tx *gorm.DB, o record.Output) ([]record.Draft, error) {
	var rows []draftRow
	if err := tx.Where("output_id = ?", o.ID).Order("number DESC").Find(&rows).Error; err != nil {
		return nil, database.Error(err, "drafts")
	}
	out := make([]record.Draft, len(rows))
	for i, row := range rows {
		var err error
		if out[i], err = s.draft(toOutputRow(o), row); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// sealDrafts is the chore of sealing the versions that an older program left in
// clear.
const sealDrafts = "seal drafts"

// sealObservations is the chore of sealing what the house says of texts that
// others published.
const sealObservations = "seal observations"

// sealOlderDrafts does both chores once: each in one transaction, after which the
// database writes the table anew, so that the old bytes stand in no page of it.
func (s *Store) sealOlderDrafts(ctx context.Context) error {
	return errors.Join(s.sealDraftsOf(ctx, sealDrafts, 0), s.sealDraftsOf(ctx, sealObservations, 1))
}

func (s *Store) sealDraftsOf(ctx context.Context, name string, external int64) error {
	return s.chore(ctx, name, []string{"drafts"}, func(tx *gorm.DB) error {
		var outputs []outputRow
		if err := tx.Where("external = ?", external).Find(&outputs).Error; err != nil {
			return database.Error(err, "texts")
		}
		for _, o := range outputs {
			var rows []draftRow
			if err := tx.Where("output_id = ?", o.ID).Find(&rows).Error; err != nil {
				return database.Error(err, "drafts")
			}
			for _, row := range rows {
				d, err := s.draft(o, row)
				if err != nil {
					return err
				}
				if row, err = s.toDraftRow(o.output(d), d); err != nil {
					return err
				}
				if err := tx.Select("*").Where("output_id = ? AND number = ?", o.ID, row.Number).Updates(&row).Error; err != nil {
					return database.Error(err, "draft")
				}
			}
		}
		return nil
	})
}
