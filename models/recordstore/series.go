package recordstore

import (
	"context"
	"reflect"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/record"
)

type seriesRow struct {
	ID          string
	Name        string
	SortKey     string
	OtherNames  list[[]string]
	Track       string
	Sides       list[[]record.Side]
	ConvenerIDs list[[]string] `gorm:"column:convener_ids"`
	Sources     list[[]record.Source]
	Compiled    int64
	Sample      int64
	SlugWish    string
	Version     int64
}

func (seriesRow) TableName() string { return "series" }

func toSeriesRow(s record.Series) seriesRow {
	return seriesRow{
		ID: s.ID, Name: s.Name, SortKey: record.Fold(s.Name), OtherNames: list[[]string]{s.OtherNames}, Track: s.Track,
		Sides: list[[]record.Side]{s.Sides}, ConvenerIDs: list[[]string]{s.ConvenerIDs}, Sources: list[[]record.Source]{s.Sources},
		Compiled: flag(s.Compiled), Sample: flag(s.Sample), SlugWish: s.SlugWish, Version: s.Version,
	}
}

func (r seriesRow) series() record.Series {
	return record.Series{
		ID: r.ID, Name: r.Name, OtherNames: r.OtherNames.V, Track: r.Track, Sides: r.Sides.V, ConvenerIDs: r.ConvenerIDs.V,
		Sources: r.Sources.V, Compiled: r.Compiled != 0, Sample: r.Sample != 0, SlugWish: r.SlugWish, Version: r.Version,
	}
}

// AddSeries adds a series and returns it with its ID, the IDs of its sides and
// its Version set. It needs the right in all series: a new one is nobody's yet.
func (s *Store) AddSeries(ctx context.Context, actor record.Actor, in record.Series) (record.Series, error) {
	in = s.seriesForm(in)
	if err := s.identify(&in.ID); err != nil {
		return in, err
	}
	in.Version = 1
	err := s.act(ctx, actor, record.EditSeries, everySeries(in.ID), func(tx *gorm.DB) error {
		if done, err := again(tx, in.ID, actor, &in, func() (record.Series, error) { return seriesByID(tx, in.ID) }); done || err != nil {
			return err
		}
		if err := checkSeries(tx, in); err != nil {
			return err
		}
		row := toSeriesRow(in)
		return database.Error(tx.Create(&row).Error, "series")
	})
	return in, err
}

// EditSeries replaces a series. It fails with Conflict if in.Version is not the
// stored one, unless nothing would change.
func (s *Store) EditSeries(ctx context.Context, actor record.Actor, in record.Series) (record.Series, error) {
	in = s.seriesForm(in)
	err := s.act(ctx, actor, record.EditSeries, ofSeries(in.ID), func(tx *gorm.DB) error {
		was, err := seriesByID(tx, in.ID)
		if err != nil {
			return err
		}
		in.Compiled, in.Sample, in.SlugWish = was.Compiled, was.Sample, was.SlugWish
		done, err := moved(was, &in, func(s *record.Series) *int64 { return &s.Version })
		if done || err != nil {
			return err
		}
		if err := checkSeries(tx, in); err != nil {
			return err
		}
		row := toSeriesRow(in)
		return database.Error(tx.Select("*").Where("id = ?", row.ID).Updates(&row).Error, "series")
	})
	return in, err
}

// Series returns one series.
func (s *Store) Series(ctx context.Context, actor record.Actor, id string) (record.Series, error) {
	var out record.Series
	err := s.act(ctx, actor, record.ReadSeries, ofSeries(id), func(tx *gorm.DB) error {
		var err error
		out, err = seriesByID(tx, id)
		return err
	})
	return out, err
}

// AllSeries lists the series that the actor may know, by name.
func (s *Store) AllSeries(ctx context.Context, actor record.Actor) ([]record.Series, error) {
	var out []record.Series
	err := s.act(ctx, actor, record.ReadSeries, house(), func(tx *gorm.DB) error {
		var rows []seriesRow
		err := visible(tx, actor, record.ReadSeries, "id").Order("sort_key, id").Find(&rows).Error
		for _, row := range rows {
			out = append(out, row.series())
		}
		return database.Error(err, "series")
	})
	return out, err
}

// seriesForm brings a series into its stored form and gives new sides an ID.
func (s *Store) seriesForm(in record.Series) record.Series {
	in = in.Normal()
	for i := range in.Sides {
		if in.Sides[i].ID == "" {
			in.Sides[i].ID = s.newID()
		}
	}
	return in
}

func checkSeries(tx *gorm.DB, in record.Series) error {
	if err := in.Check(); err != nil {
		return err
	}
	for _, id := range in.ConvenerIDs {
		if _, err := organisationByID(tx, id); err != nil {
			return fault.Field("conveners", "Choose conveners from the directory.")
		}
	}
	return nil
}

func seriesByID(tx *gorm.DB, id string) (record.Series, error) {
	var row seriesRow
	err := tx.Where("id = ?", id).Take(&row).Error
	return row.series(), database.Error(err, "series")
}

// ofSeries is the scope of an act on a series itself.
func ofSeries(id string) where {
	return func(tx *gorm.DB) (scope, error) {
		if _, err := seriesByID(tx, id); err != nil {
			return scope{}, err
		}
		return scope{[]string{id}, []string{id}}, nil
	}
}

// everySeries is the scope of an act for which a grant in all series is needed.
func everySeries(objects ...string) where {
	return func(*gorm.DB) (scope, error) {
		return scope{[]string{record.AllSeries}, objects}, nil
	}
}

// identify gives an object an ID, or holds that the one a form carries has the
// form of one.
func (s *Store) identify(id *string) error {
	if *id == "" {
		*id = s.newID()
	}
	if !isID(*id) {
		return fault.Errorf(fault.Invalid, "The form is damaged. Open it again.")
	}
	return nil
}

// again reports whether the object with the id exists because the same actor
// sent the same form before; it is then read into out. An id that is somebody
// else's is a Conflict.
func again[T any](tx *gorm.DB, id string, actor record.Actor, out *T, read func() (T, error)) (bool, error) {
	var mine, all int64
	q := tx.Model(&editRow{}).Where("object_id = ?", id)
	if err := q.Count(&all).Error; err != nil || all == 0 {
		return false, database.Error(err, "edit")
	}
	if err := q.Where("actor_id = ?", actor.ID).Count(&mine).Error; err != nil {
		return false, database.Error(err, "edit")
	}
	if mine == 0 {
		return false, fault.Errorf(fault.Conflict, "The form is damaged. Open it again.")
	}
	var err error
	*out, err = read()
	return true, err
}

// moved holds an edit to the version it was made from and raises the version
// for storing. It reports done if the stored object equals the one sent: a
// form that was sent twice.
func moved[T any](was T, in *T, version func(*T) *int64) (done bool, err error) {
	stored, sent := *version(&was), *version(in)
	*version(in) = stored
	if reflect.DeepEqual(was, *in) {
		return true, nil
	}
	if stored != sent {
		*version(in) = sent
		return false, fault.Errorf(fault.Conflict, "Somebody else changed this while you were writing.")
	}
	*version(in) = stored + 1
	return false, nil
}
