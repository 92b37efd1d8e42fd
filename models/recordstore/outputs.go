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
		was, sent, err := again(tx, o.ID, actor, func() (record.Output, error) { return s.outputByID(tx, o.ID) })
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
		if err := s.checkObservations(tx, o, o.Draft); err != nil {
			return err
		}
		s.date(actor, &o.Draft, 1)
		row := toOutputRow(o)
		if err := tx.Create(&row).Error; err != nil {
			return database.Error(err, "text")
		}
		return s.storeDraft(tx, o, o.Draft)
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
		o, err := s.outputByID(tx, outputID)
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
		return s.nextDraft(tx, actor, o, &d)
	})
	return d, err
}

// RestoreDraft saves the words of an older version as the next one, whose author
// is the actor, and returns it. Restoring what stands there changes nothing.
//
// It fails with Conflict if base is not the number of the newest version, with
// NotFound if there is no version of that number.
func (s *Store) RestoreDraft(ctx context.Context, actor record.Actor, outputID string, base, number int64) (record.Draft, error) {
	var d record.Draft
	err := s.act(ctx, actor, record.EditDraft, ofOutput(outputID), func(tx *gorm.DB) error {
		o, err := s.outputByID(tx, outputID)
		if err != nil {
			return err
		}
		if d, err = s.draftByNumber(tx, o, number); err != nil {
			return err
		}
		if sameWords(o.Draft, d) {
			d = o.Draft
			return errUnchanged
		}
		if o.Draft.Number != base {
			return fault.Errorf(fault.Conflict, "Somebody else saved a version meanwhile.")
		}
		return s.nextDraft(tx, actor, o, &d)
	})
	return d, err
}

// nextDraft stores d as the version of a text that follows the one in o.
func (s *Store) nextDraft(tx *gorm.DB, actor record.Actor, o record.Output, d *record.Draft) error {
	if err := s.checkObservations(tx, o, *d); err != nil {
		return err
	}
	s.date(actor, d, o.Draft.Number+1)
	return s.storeDraft(tx, o, *d)
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
func (s *Store) checkObservations(tx *gorm.DB, o record.Output, d record.Draft) error {
	seen := map[string]bool{}
	for _, x := range d.Observations {
		if x.ID != "" && seen[x.ID] {
			return damaged()
		}
		seen[x.ID] = true
	}
	delete(seen, "")
	if len(seen) == 0 {
		return nil
	}
	all, err := s.draftsOf(tx, o)
	if err != nil {
		return err
	}
	for _, was := range all {
		for _, x := range was.Observations {
			delete(seen, x.ID)
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
		d.Translations = append([]record.Translation(nil), d.Translations...)
		return d
	}
	return reflect.DeepEqual(plain(a), plain(b))
}

// Output returns a text with its newest draft.
func (s *Store) Output(ctx context.Context, actor record.Actor, id string) (record.Output, error) {
	var o record.Output
	err := s.act(ctx, actor, record.ReadDraft, ofOutput(id), func(tx *gorm.DB) error {
		var err error
		o, err = s.outputByID(tx, id)
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
	EditorID      string // ours whose newest version this person saved, and which was not released since
	Since, Until  int    // years, 0 for no bound: of the date a text bears, or else of its round
	Discussed     bool   // with a comment or a suggestion that nobody settled
	Query         string // words of the title of the newest draft, in any script
	Page, PerPage int
}

// Outputs lists texts with their newest drafts and their standing, saved last
// first, and counts them. One whose keyset is not in the key directory stands
// without its words.
func (s *Store) Outputs(ctx context.Context, actor record.Actor, f OutputFilter) ([]record.Output, int, error) {
	var out []record.Output
	var total int64
	if err := f.check(); err != nil {
		return nil, 0, err
	}
	err := s.act(ctx, actor, record.ReadDraft, house(), func(tx *gorm.DB) error {
		q := f.narrow(tx, visible(tx.Model(&outputRow{}), actor, record.ReadDraft, "series_id"))
		if f.Query != "" {
			found, err := s.titled(tx, actor, f.Query)
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
		drafts, err := s.newest(tx, rows, wordless)
		if err != nil {
			return err
		}
		for i, row := range rows {
			out = append(out, row.output(drafts[i]))
		}
		return stand(tx, out)
	})
	return out, int(total), err
}

// Drafts returns all versions of a text, newest first.
func (s *Store) Drafts(ctx context.Context, actor record.Actor, outputID string) ([]record.Draft, error) {
	var out []record.Draft
	err := s.act(ctx, actor, record.ReadDraft, ofOutput(outputID), func(tx *gorm.DB) error {
		o, err := s.outputByID(tx, outputID)
		if err != nil {
			return err
		}
		out, err = s.draftsOf(tx, o)
		return err
	})
	return out, err
}

func (s *Store) outputByID(tx *gorm.DB, id string) (record.Output, error) {
	var row outputRow
	if err := tx.Where("id = ?", id).Take(&row).Error; err != nil {
		return record.Output{}, database.Error(err, "text")
	}
	drafts, err := s.newest(tx, []outputRow{row}, refused)
	if err != nil {
		return row.output(record.Draft{}), err
	}
	return row.output(drafts[0]), nil
}

// titledMost is how many texts a search for words of a title finds at most.
const titledMost = 200

// titled returns the ids of texts the actor may read whose newest title holds
// the words, saved last first. It reads the titles of all of them.
func (s *Store) titled(tx *gorm.DB, actor record.Actor, words string) ([]string, error) {
	var rows []outputRow
	if err := visible(tx, actor, record.ReadDraft, "series_id").Order("saved_at DESC, id DESC").Find(&rows).Error; err != nil {
		return nil, database.Error(err, "texts")
	}
	drafts, err := s.newest(tx, rows, wordless)
	if err != nil {
		return nil, err
	}
	found, sought := []string{}, record.Fold(words)
	for i, row := range rows {
		if strings.Contains(record.Fold(drafts[i].Title), sought) && len(found) < titledMost {
			found = append(found, row.ID)
		}
	}
	return found, nil
}
