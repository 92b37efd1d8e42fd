package recordstore

import (
	"context"
	"reflect"
	"slices"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/record"
)

type seriesRow struct {
	ID         string
	Name       string
	SortKey    string
	OtherNames list[[]string]
	Track      string
	Sides      list[[]record.Side]
	Names      list[[]record.SeriesName]
	Conveners  list[[]record.Convening]
	Ordinals   string
	Funders    list[[]record.Funding]
	Sources    list[[]record.Source]
	Compiled   int64
	Sample     int64
	SlugWish   string
	Version    int64
}

func (seriesRow) TableName() string { return "series" }

func toSeriesRow(s record.Series) seriesRow {
	return seriesRow{
		ID: s.ID, Name: s.Name, SortKey: key(s.Name), OtherNames: list[[]string]{s.OtherNames}, Track: s.Track,
		Sides: list[[]record.Side]{s.Sides}, Names: list[[]record.SeriesName]{s.Names},
		Conveners: list[[]record.Convening]{s.Conveners}, Ordinals: string(s.Ordinals), Funders: list[[]record.Funding]{s.Funders},
		Sources:  list[[]record.Source]{s.Sources},
		Compiled: flag(s.Compiled), Sample: flag(s.Sample), SlugWish: s.SlugWish, Version: s.Version,
	}
}

func (r seriesRow) series() record.Series {
	return record.Series{
		ID: r.ID, Name: r.Name, OtherNames: r.OtherNames.V, Track: r.Track, Sides: r.Sides.V, Names: r.Names.V,
		Conveners: r.Conveners.V, Ordinals: record.OrdinalPolicy(r.Ordinals), Funders: r.Funders.V, Sources: r.Sources.V,
		Compiled: r.Compiled != 0, Sample: r.Sample != 0, SlugWish: r.SlugWish, Version: r.Version,
	}
}

// AddSeries adds a series and returns it with its ID, the IDs of its sides and
// its Version set. It needs the right in all series: a new one is nobody's yet.
func (s *Store) AddSeries(ctx context.Context, actor record.Actor, in record.Series) (record.Series, error) {
	in = seriesForm(in)
	if err := s.identify(&in.ID); err != nil {
		return in, err
	}
	in.Version = 1
	err := s.act(ctx, actor, record.EditSeries, everySeries(in.ID), func(tx *gorm.DB) error {
		was, sent, err := again(tx, in.ID, actor, func() (record.Series, error) { return seriesByID(tx, in.ID) })
		if err != nil {
			return err
		}
		s.nameSides(was.Sides, in.Sides)
		if sent {
			same := in
			same.Version = was.Version
			return once(was, &in, same)
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
	in = seriesForm(in)
	err := s.act(ctx, actor, record.EditSeries, ofSeries(in.ID), func(tx *gorm.DB) error {
		was, err := seriesByID(tx, in.ID)
		if err != nil {
			return err
		}
		in.Compiled, in.Sample, in.SlugWish = was.Compiled, was.Sample, was.SlugWish
		s.nameSides(was.Sides, in.Sides)
		if err := moved(was, &in, func(s *record.Series) *int64 { return &s.Version }); err != nil {
			return err
		}
		if err := checkSeries(tx, in); err != nil {
			return err
		}
		if err := keepSides(tx, in); err != nil {
			return err
		}
		row := toSeriesRow(in)
		if err := remember[seriesRow](tx, row.ID); err != nil {
			return err
		}
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

// seriesForm brings a series into its stored form, in which an empty list is
// none.
func seriesForm(in record.Series) record.Series {
	in = in.Normal()
	if len(in.Sides) == 0 {
		in.Sides = nil
	}
	return in
}

// nameSides gives each side without an ID that of the stored side with its
// name, which no other side has, or else a new one.
func (s *Store) nameSides(stored, sides []record.Side) {
	for i := range sides {
		if sides[i].ID != "" {
			continue
		}
		at := slices.IndexFunc(stored, func(o record.Side) bool { return o.Name == sides[i].Name })
		taken := func(o record.Side) bool { return o.ID == stored[at].ID }
		if at >= 0 && !slices.ContainsFunc(sides, taken) {
			sides[i].ID = stored[at].ID
		} else {
			sides[i].ID = s.newID()
		}
	}
}

// keepSides holds that no side is taken away that a presence, a person or the
// dates of a round name.
func keepSides(tx *gorm.DB, in record.Series) error {
	var used []string
	for _, table := range []string{"presences", "participations"} {
		var some []string
		err := tx.Table(table+" AS at").Joins("JOIN rounds ON rounds.id = at.round_id").
			Where("rounds.series_id = ? AND at.side_id <> ''", in.ID).Distinct().Pluck("at.side_id", &some).Error
		if err != nil {
			return database.Error(err, "side")
		}
		used = append(used, some...)
	}
	var dated []roundRow
	if err := tx.Select("side_dates").Where("series_id = ? AND side_dates <> 'null'", in.ID).Find(&dated).Error; err != nil {
		return database.Error(err, "side")
	}
	for _, r := range dated {
		for _, d := range r.SideDates.V {
			used = append(used, d.SideID)
		}
	}
	for _, id := range used {
		if !in.HasSide(id) {
			return fault.Field("sides", "A side with bodies, people or dates at a round cannot be taken away.")
		}
	}
	return nil
}

func checkSeries(tx *gorm.DB, in record.Series) error {
	if err := in.Check(); err != nil {
		return err
	}
	ids := map[string]bool{}
	for _, side := range in.Sides {
		if !isID(side.ID) || ids[side.ID] {
			return damaged()
		}
		ids[side.ID] = true
	}
	if err := areBodies(tx, "conveners", in.ConvenerIDs()); err != nil {
		return err
	}
	var funders []string
	for _, g := range in.Funders {
		funders = append(funders, g.OrganisationID)
	}
	return areBodies(tx, "funders", funders)
}

// areBodies holds that each id is that of a body in the directory.
func areBodies(tx *gorm.DB, field string, ids []string) error {
	known, err := organisationsByID(tx, ids)
	for _, id := range ids {
		if o, ok := known[id]; err == nil && (!ok || o.Kind == record.Category) {
			return fault.Field(field, "Choose bodies from the directory, each once.")
		}
	}
	return err
}

func seriesByID(tx *gorm.DB, id string) (record.Series, error) {
	var row seriesRow
	if !isID(id) {
		return record.Series{}, nothing()
	}
	err := tx.Where("id = ?", id).Take(&row).Error
	return row.series(), database.Error(err, "series")
}

// ofSeries is the scope of an act on a series itself.
func ofSeries(id string) where {
	return func(tx *gorm.DB) (scope, error) {
		return scope{[]string{id}, []string{id}}, exists(tx, "series", id)
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
		return damaged()
	}
	return nil
}

func damaged() error {
	return fault.Errorf(fault.Invalid, "The form is damaged. Open it again.")
}

// again reads the object that the same actor added with the same form before;
// sent says whether there is one. An id that is somebody else's is a Conflict.
func again[T any](tx *gorm.DB, id string, actor record.Actor, read func() (T, error)) (was T, sent bool, err error) {
	var by []string
	if err := tx.Model(&editRow{}).Where("object_id = ?", id).Distinct().Pluck("actor_id", &by).Error; err != nil || len(by) == 0 {
		return was, false, database.Error(err, "edit")
	}
	if !slices.Contains(by, actor.ID) {
		return was, false, fault.Errorf(fault.Conflict, "The form is damaged. Open it again.")
	}
	was, err = read()
	return was, true, err
}

// once answers a form that was sent again. It puts the stored object into in
// and returns errUnchanged if the form, which is sent with what storing gave to
// the object, says the same; what somebody wrote into an old form is not lost
// in silence.
func once[T any](was T, in *T, sent T) error {
	if !reflect.DeepEqual(was, sent) {
		return fault.Errorf(fault.Conflict, "You sent this form before and it was kept. Open the entry to change it.")
	}
	*in = was
	return errUnchanged
}

// moved holds an edit to the version it was made from and raises the version
// for storing. It returns errUnchanged if the stored object equals the one
// sent, as it does for a form that was sent twice.
func moved[T any](was T, in *T, version func(*T) *int64) error {
	stored, sent := *version(&was), *version(in)
	*version(in) = stored
	if reflect.DeepEqual(was, *in) {
		return errUnchanged
	}
	if stored != sent {
		*version(in) = sent
		return fault.Errorf(fault.Conflict, "Somebody else changed this while you were writing.")
	}
	*version(in) = stored + 1
	return nil
}
