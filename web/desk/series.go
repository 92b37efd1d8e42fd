package desk

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"track15/models/fault"
	"track15/models/record"
	"track15/models/recordstore"
	views "track15/views/desk"
)

var seriesFrame = views.Frame{Title: "Series", What: "A series of rounds", Section: views.Series}

// trackOptions are the tracks of a series or a round.
var trackOptions = []views.Option{{Value: "", Words: "Not stated"}, {Value: "1.5", Words: "Track 1.5"}, {Value: "2", Words: "Track 2"}}

// allSeries: GET /series
func (d *Desk) allSeries(c echo.Context) error {
	all, err := d.Record.AllSeries(c.Request().Context(), d.actor(c))
	if err != nil {
		return err
	}
	f := d.frame(c, views.Frame{Title: "Series", What: "The series you can open", Section: views.Series, Here: true})
	return d.show(c, http.StatusOK, views.SeriesList(f, views.SeriesListPage{Series: all, CanAdd: d.actor(c).May(record.EditSeries, record.AllSeries)}))
}

// series: GET /series/:id
func (d *Desk) series(c echo.Context) error {
	ctx, actor := c.Request().Context(), d.actor(c)
	s, err := d.Record.Series(ctx, actor, c.Param("id"))
	if err != nil {
		return err
	}
	names, err := d.bodies(c, s.ConvenerIDs())
	if err != nil {
		return err
	}
	p := views.SeriesPage{Series: s, CanEdit: actor.May(record.EditSeries, s.ID), CanLog: actor.May(record.EditRound, s.ID)}
	for _, id := range s.ConvenerIDs() {
		if o, ok := names[id]; ok {
			p.Conveners = append(p.Conveners, o.Name)
		}
	}
	return d.show(c, http.StatusOK, views.SeriesEntry(d.frame(c, seriesFrame), p))
}

// bodies returns entries of the directory by id: none to who may not read it.
func (d *Desk) bodies(c echo.Context, ids []string) (map[string]record.Organisation, error) {
	actor := d.actor(c)
	if !actor.MayAnywhere(record.ReadDirectory) {
		return map[string]record.Organisation{}, nil
	}
	return d.Record.OrganisationsByID(c.Request().Context(), actor, ids)
}

// newSeries: GET /series/new
func (d *Desk) newSeries(c echo.Context) error {
	values := seriesValues(record.Series{Sides: []record.Side{{}, {}}, Track: "1.5"})
	values.Set("id", recordstore.NewID())
	return d.seriesForm(c, http.StatusOK, views.Form{Action: "/series/new", Values: values}, nil)
}

// editSeries: GET /series/:id/edit
func (d *Desk) editSeries(c echo.Context) error {
	s, err := d.Record.Series(c.Request().Context(), d.actor(c), c.Param("id"))
	if err != nil {
		return err
	}
	if !d.actor(c).May(record.EditSeries, s.ID) {
		return errNothing
	}
	f := views.Form{Action: c.Request().URL.Path, Values: seriesValues(s)}
	f.Remember()
	f.Values.Set("version", strconv.FormatInt(s.Version, 10))
	return d.seriesForm(c, http.StatusOK, f, nil)
}

// seriesForm shows the form. picker is the state of the field for one more
// convener, nil for an untouched one.
func (d *Desk) seriesForm(c echo.Context, status int, f views.Form, picker *views.Picker) error {
	p := views.SeriesFormPage{Form: f, New: c.Param("id") == "", Tracks: trackOptions, Back: "/series"}
	if !p.New {
		p.Back = "/series/" + c.Param("id")
	}
	p.Convener = convenerPicker
	if picker != nil {
		p.Convener = *picker
	}
	chosen, err := d.bodies(c, f.Values["convener"])
	if err != nil {
		return err
	}
	for _, id := range f.Rows("convener") {
		if o, ok := chosen[id]; ok {
			p.Chosen = append(p.Chosen, picked(o))
		}
	}
	return d.show(c, status, views.SeriesForm(d.frame(c, seriesFrame), p))
}

var convenerPicker = views.Picker{Field: views.Field{Name: "convener_ids", Label: "One more convener", Class: "field--l"}}

// addSeries: POST /series/new
func (d *Desk) addSeries(c echo.Context) error {
	return d.sendSeries(c, d.Record.AddSeries)
}

// saveSeries: POST /series/:id/edit
func (d *Desk) saveSeries(c echo.Context) error {
	return d.sendSeries(c, d.Record.EditSeries)
}

func (d *Desk) sendSeries(c echo.Context, store seriesStore) error {
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	if more(&f) {
		return d.seriesForm(c, http.StatusOK, f, nil)
	}
	picker, id, err := d.pick(c, &f, convenerPicker)
	if err != nil {
		return err
	}
	if id != "" {
		f.Values["convener"] = append(f.Values["convener"], id)
		f.Values.Del("convener_ids_id")
		picker = convenerPicker
	}
	if len(f.Faults) > 0 {
		return d.seriesForm(c, http.StatusUnprocessableEntity, f, &picker)
	}
	s := seriesOf(f)
	s.ID, s.Version = f.Values.Get("id"), version(f)
	if own := c.Param("id"); own != "" {
		s.ID = own
	}
	s, err = store(c.Request().Context(), d.actor(c), s)
	if fault.KindOf(err) == fault.Conflict && c.Param("id") != "" {
		return d.seriesConflict(c, f)
	}
	if faults, ok := refused(err); ok {
		f.Faults = faults
		return d.seriesForm(c, http.StatusUnprocessableEntity, f, nil)
	}
	if err != nil {
		return err
	}
	return done(c, "/series/"+s.ID, "saved")
}

func (d *Desk) seriesConflict(c echo.Context, f views.Form) error {
	now, err := d.Record.Series(c.Request().Context(), d.actor(c), c.Param("id"))
	if err != nil {
		return err
	}
	chosen, err := d.bodies(c, append(slices.Clone(now.ConvenerIDs()), f.Values["convener"]...))
	if err != nil {
		return err
	}
	names := map[string]string{}
	for id, o := range chosen {
		names[id] = o.Name
	}
	forget(f.Values, "convener_ids")
	return d.conflict(c, f, seriesValues(now), now.Version, merging{
		title: "Series", back: "/series/" + now.ID, label: fieldLabel, rows: []string{"side"}, words: names,
		public: func(string) bool { return true },
	})
}

// seriesValues writes a series as its form shows it.
func seriesValues(s record.Series) url.Values {
	v := url.Values{
		"name": {s.Name}, "other_names": {strings.Join(s.OtherNames, "\n")}, "track": {s.Track}, "sources": {sourceLines(s.Sources)},
		"convener": s.ConvenerIDs(),
	}
	for _, c := range s.Conveners {
		v.Set("convener."+c.OrganisationID+".from", string(c.From))
		v.Set("convener."+c.OrganisationID+".to", string(c.To))
	}
	for _, side := range s.Sides {
		id := side.ID
		if id == "" {
			id = newRow()
		}
		v.Add("side", id)
		v.Set("side."+id+".name", side.Name)
		v.Set("side."+id+".country", side.Country)
	}
	return v
}

// seriesOf reads what seriesValues writes. A side without a name or a country
// is left out.
func seriesOf(f views.Form) record.Series {
	v := f.Values
	s := record.Series{
		Name: v.Get("name"), OtherNames: lines(v.Get("other_names")), Track: v.Get("track"), Sources: sources(v.Get("sources")),
	}
	for _, id := range f.Rows("convener") {
		s.Conveners = append(s.Conveners, record.Convening{
			OrganisationID: id, From: record.Date(v.Get("convener." + id + ".from")), To: record.Date(v.Get("convener." + id + ".to")),
		})
	}
	for _, id := range f.Rows("side") {
		side := record.Side{ID: stored(id), Name: v.Get("side." + id + ".name"), Country: v.Get("side." + id + ".country")}
		if strings.TrimSpace(side.Name+side.Country) != "" {
			s.Sides = append(s.Sides, side)
		}
	}
	return s
}

// more gives the form one more row of the kind that its button asked for, and
// reports whether it did.
func more(f *views.Form) bool {
	kind := f.Values.Get("more")
	if kind == "" {
		return false
	}
	f.Values.Del("more")
	f.Values.Add(kind, newRow())
	f.Faults = nil
	return true
}

// newRow names a row that stands in a form and not yet in the record.
func newRow() string { return "new" + recordstore.NewID()[:8] }

// stored is the identifier of a row, "" for one that the record does not have.
func stored(row string) string {
	if ids.MatchString(row) {
		return row
	}
	return ""
}

// forget takes the words of a field that names an organisation out of a form:
// what was chosen stays.
func forget(values url.Values, name string) {
	values.Del(name)
	values.Del(name + "_asked")
}

// fieldLabel is what people call a field of a form.
func fieldLabel(field string) string {
	kind, rest, ok := strings.Cut(field, ".")
	if !ok {
		return capital(strings.ReplaceAll(strings.TrimSuffix(kind, "_id"), "_", " "))
	}
	part := rest[strings.LastIndex(rest, ".")+1:]
	return capital(strings.ReplaceAll(kind+", "+part, "_", " "))
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
