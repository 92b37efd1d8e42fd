package recordstore

import (
	"context"
	"reflect"
	"strings"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/record"
)

type outputRow struct {
	ID        string
	SeriesID  string
	RoundID   string
	Kind      string
	External  int64
	Compiled  int64
	Sample    int64
	SlugWish  string
	CreatedBy string
	Newest    int64
	SavedAt   int64
}

func (outputRow) TableName() string { return "outputs" }

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
}

func (draftRow) TableName() string { return "drafts" }

func toOutputRow(o record.Output) outputRow {
	return outputRow{
		o.ID, o.SeriesID, o.RoundID, string(o.Kind), flag(o.External), flag(o.Compiled), flag(o.Sample), o.SlugWish,
		o.CreatedBy, o.Draft.Number, o.Draft.SavedAt,
	}
}

func (r outputRow) output(d record.Draft) record.Output {
	return record.Output{
		ID: r.ID, SeriesID: r.SeriesID, RoundID: r.RoundID, Kind: record.OutputKind(r.Kind), External: r.External != 0,
		Compiled: r.Compiled != 0, Sample: r.Sample != 0, SlugWish: r.SlugWish, CreatedBy: r.CreatedBy, Draft: d,
	}
}

func toDraftRow(outputID string, d record.Draft) draftRow {
	return draftRow{
		outputID, d.Number, d.AuthorID, d.SavedAt, d.Title, d.Lang, d.Body,
		list[[]record.Observation]{d.Observations},
		list[[]record.Author]{d.Authors},
		d.Outlet, string(d.Date), d.URL, d.Citation,
	}
}

func (r draftRow) draft() record.Draft {
	return record.Draft{
		Number: r.Number, AuthorID: r.AuthorID, SavedAt: r.SavedAt, Title: r.Title, Lang: r.Lang, Body: r.Body,
		Observations: r.Observations.V, Authors: r.Authors.V, Outlet: r.Outlet, Date: record.Date(r.Date), URL: r.URL,
		Citation: r.Citation,
	}
}

// AddOutput adds a text about a round, or about a series if RoundID is "", with
// its first draft. It returns it with the IDs of the text and of its
// observations set.
func (s *Store) AddOutput(ctx context.Context, actor record.Actor, o record.Output) (record.Output, error) {
	o = o.Normal()
	if err := s.identify(&o.ID); err != nil {
		return o, err
	}
	o.CreatedBy = actor.ID
	err := s.act(ctx, actor, record.EditDraft, in(o.SeriesID, o.ID), func(tx *gorm.DB) error {
		was, sent, err := again(tx, o.ID, actor, func() (record.Output, error) { return outputByID(tx, o.ID) })
		if err != nil {
			return err
		}
		if sent {
			same := o
			if sameWords(was.Draft, o.Draft) {
				same.Draft = was.Draft
			}
			return once(was, &o, same)
		}
		if err := o.Check(); err != nil {
			return err
		}
		if o.RoundID != "" {
			sc, err := ofRound(o.RoundID)(tx)
			if err != nil || sc.series[0] != o.SeriesID {
				return fault.Field("round", "Choose a round of this series.")
			}
		}
		if err := checkObservations(tx, o.ID, o.Draft); err != nil {
			return err
		}
		s.date(actor, &o.Draft, 1)
		row := toOutputRow(o)
		if err := tx.Create(&row).Error; err != nil {
			return database.Error(err, "text")
		}
		draft := toDraftRow(o.ID, o.Draft)
		return database.Error(tx.Create(&draft).Error, "draft")
	})
	return o, err
}

// SaveDraft saves the next version of a text and returns it with its Number,
// author and instant set, and an ID for each new observation. Versions never
// change.
//
// base is the number of the version that d was made from; it fails with
// Conflict if that is not the newest, unless the newest says the same.
func (s *Store) SaveDraft(ctx context.Context, actor record.Actor, outputID string, base int64, d record.Draft) (record.Draft, error) {
	d = d.Normal()
	err := s.act(ctx, actor, record.EditDraft, ofOutput(outputID), func(tx *gorm.DB) error {
		o, err := outputByID(tx, outputID)
		if err != nil {
			return err
		}
		if err := d.Check(o.External); err != nil {
			return err
		}
		if sameWords(o.Draft, d) {
			d = o.Draft
			return errUnchanged
		}
		if o.Draft.Number != base {
			return fault.Errorf(fault.Conflict, "Somebody else saved a version while you were writing.")
		}
		if err := checkObservations(tx, outputID, d); err != nil {
			return err
		}
		s.date(actor, &d, base+1)
		row := toDraftRow(outputID, d)
		if err := tx.Create(&row).Error; err != nil {
			return database.Error(err, "draft")
		}
		newest := map[string]any{"newest": d.Number, "saved_at": d.SavedAt}
		return database.Error(tx.Model(&outputRow{}).Where("id = ?", outputID).Updates(newest).Error, "text")
	})
	return d, err
}

// date signs a draft with its number, author and instant, and gives new
// observations an ID.
func (s *Store) date(actor record.Actor, d *record.Draft, number int64) {
	d.Number, d.AuthorID, d.SavedAt = number, actor.ID, s.now()
	for i := range d.Observations {
		if d.Observations[i].ID == "" {
			d.Observations[i].ID = s.newID()
		}
	}
}

// checkObservations holds that an observation which brings an ID, and with it
// its place in public, is one of the text's own, from any version.
func checkObservations(tx *gorm.DB, outputID string, d record.Draft) error {
	seen := map[string]bool{}
	for _, o := range d.Observations {
		if o.ID != "" && seen[o.ID] {
			return damaged()
		}
		seen[o.ID] = true
	}
	delete(seen, "")
	if len(seen) == 0 {
		return nil
	}
	var rows []draftRow
	if err := tx.Select("observations").Where("output_id = ?", outputID).Find(&rows).Error; err != nil {
		return database.Error(err, "drafts")
	}
	for _, row := range rows {
		for _, o := range row.Observations.V {
			delete(seen, o.ID)
		}
	}
	if len(seen) > 0 {
		return damaged()
	}
	return nil
}

// sameWords reports whether two drafts say the same, whoever wrote them when.
func sameWords(a, b record.Draft) bool {
	plain := func(d record.Draft) record.Draft {
		d.Number, d.AuthorID, d.SavedAt = 0, "", 0
		d.Observations = append([]record.Observation(nil), d.Observations...)
		for i := range d.Observations {
			d.Observations[i].ID = ""
		}
		d.Authors = append([]record.Author(nil), d.Authors...)
		return d
	}
	return reflect.DeepEqual(plain(a), plain(b))
}

// Output returns a text with its newest draft.
func (s *Store) Output(ctx context.Context, actor record.Actor, id string) (record.Output, error) {
	var o record.Output
	err := s.act(ctx, actor, record.ReadDraft, ofOutput(id), func(tx *gorm.DB) error {
		var err error
		o, err = outputByID(tx, id)
		return err
	})
	return o, err
}

// An OutputFilter selects texts. Its zero value means all of them, the first
// page. Page counts from 1; PerPage 0 means no limit.
type OutputFilter struct {
	SeriesID      string
	RoundID       string
	Kind          record.OutputKind
	Ours, Others  bool // either alone: only what the house writes, or what others published
	Standing      record.Standing
	Since, Until  int    // years, 0 for no bound: of the date a text bears, or else of its round
	Query         string // words of the title of the newest draft, in any script
	Page, PerPage int
}

// Outputs lists texts with their newest drafts and their standing, saved last
// first, and counts them.
func (s *Store) Outputs(ctx context.Context, actor record.Actor, f OutputFilter) ([]record.Output, int, error) {
	var out []record.Output
	var total int64
	if err := f.check(); err != nil {
		return nil, 0, err
	}
	err := s.act(ctx, actor, record.ReadDraft, house(), func(tx *gorm.DB) error {
		q := f.narrow(tx, visible(tx.Model(&outputRow{}), actor, record.ReadDraft, "series_id"))
		if f.Query != "" {
			found, err := titled(tx, actor, f.Query)
			if err != nil {
				return err
			}
			q = q.Where("id IN ?", found)
		}
		if err := q.Count(&total).Error; err != nil {
			return database.Error(err, "texts")
		}
		var rows []outputRow
		if err := paged(q, f.Page, f.PerPage).Order("saved_at DESC, id DESC").Find(&rows).Error; err != nil {
			return database.Error(err, "texts")
		}
		for _, row := range rows {
			d, err := draftAt(tx, row.ID, row.Newest)
			if err != nil {
				return err
			}
			out = append(out, row.output(d))
		}
		return stand(tx, out)
	})
	return out, int(total), err
}

// Drafts returns all versions of a text, newest first.
func (s *Store) Drafts(ctx context.Context, actor record.Actor, outputID string) ([]record.Draft, error) {
	var out []record.Draft
	err := s.act(ctx, actor, record.ReadDraft, ofOutput(outputID), func(tx *gorm.DB) error {
		var rows []draftRow
		err := tx.Where("output_id = ?", outputID).Order("number DESC").Find(&rows).Error
		for _, row := range rows {
			out = append(out, row.draft())
		}
		return database.Error(err, "drafts")
	})
	return out, err
}

func outputByID(tx *gorm.DB, id string) (record.Output, error) {
	var row outputRow
	if err := tx.Where("id = ?", id).Take(&row).Error; err != nil {
		return record.Output{}, database.Error(err, "text")
	}
	d, err := draftAt(tx, id, row.Newest)
	return row.output(d), err
}

func draftAt(tx *gorm.DB, outputID string, number int64) (record.Draft, error) {
	var row draftRow
	err := tx.Where("output_id = ? AND number = ?", outputID, number).Take(&row).Error
	return row.draft(), database.Error(err, "draft")
}

// titledMost is how many texts a search for words of a title finds at most.
const titledMost = 200

// titled returns the ids of texts the actor may read whose newest title holds
// the words, saved last first. It reads the titles of all of them.
func titled(tx *gorm.DB, actor record.Actor, words string) ([]string, error) {
	var rows []struct{ ID, Title string }
	err := visible(tx.Table("outputs"), actor, record.ReadDraft, "outputs.series_id").
		Joins("JOIN drafts ON drafts.output_id = outputs.id AND drafts.number = outputs.newest").
		Select("outputs.id, drafts.title").Order("outputs.saved_at DESC, outputs.id DESC").Find(&rows).Error
	found, sought := []string{}, record.Fold(words)
	for _, row := range rows {
		if strings.Contains(record.Fold(row.Title), sought) && len(found) < titledMost {
			found = append(found, row.ID)
		}
	}
	return found, database.Error(err, "texts")
}
