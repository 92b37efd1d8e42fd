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
	"track15/views/components"
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
	p := views.SeriesPage{Series: s, CanEdit: actor.May(record.EditSeries, s.ID), CanLog: actor.May(record.EditRound, s.ID)}
	p.CanGrants = actor.May(record.ReadGrants, s.ID)
	if p.Facts, err = d.seriesFacts(c, s); err != nil {
		return err
	}
	if err := d.countOpeners(c, s.ID); err != nil {
		return err
	}
	return d.show(c, http.StatusOK, views.SeriesEntry(d.frame(c, seriesFrame), p))
}

// seriesFacts are what the page of a series says.
func (d *Desk) seriesFacts(c echo.Context, s record.Series) ([]views.Fact, error) {
	ids := s.ConvenerIDs()
	for _, g := range s.Funders {
		ids = append(ids, g.OrganisationID)
	}
	bodies, err := d.bodies(c, ids)
	if err != nil {
		return nil, err
	}
	sides := map[string]string{}
	var sideNames, names, conveners, funders []string
	for _, side := range s.Sides {
		sides[side.ID] = side.Name
		if side.Country != "" {
			side.Name += " (" + side.Country + ")"
		}
		sideNames = append(sideNames, side.Name)
	}
	for _, n := range s.Names {
		names = append(names, beside(n.Text, strings.Trim(sides[n.SideID]+", "+n.Lang, ", ")))
	}
	for _, v := range s.Conveners {
		if o, ok := bodies[v.OrganisationID]; ok {
			conveners = append(conveners, beside(o.Name, span(v.From, v.To)))
		}
	}
	for _, g := range s.Funders {
		if o, ok := bodies[g.OrganisationID]; ok {
			funders = append(funders, beside(o.Name, span(g.From, g.To)))
			if g.Acknowledgement != "" {
				funders = append(funders, "“"+g.Acknowledgement+"”")
			}
		}
	}
	return []views.Fact{
		{Label: "Other names", Lines: s.OtherNames},
		{Label: "Sides", Lines: sideNames},
		{Label: "Names by side", Lines: names, Never: true},
		{Label: "Track", Value: s.Track},
		{Label: "Conveners", Lines: conveners},
		{Label: "Number of a round", Value: ordinalWords[s.Ordinals]},
		{Label: "Funders", Lines: funders, Never: true},
	}, nil
}

// beside sets a word in brackets behind another.
func beside(words, more string) string {
	if more == "" {
		return words
	}
	return words + " (" + more + ")"
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

// A seriesBodies holds the parts of a series' form that name bodies, as its
// fields show them.
type seriesBodies struct{ conveners, funders views.Several }

// seriesForm shows the form. parts is nil where nothing was typed into the
// fields that name one more body.
func (d *Desk) seriesForm(c echo.Context, status int, f views.Form, parts *seriesBodies) error {
	p := views.SeriesFormPage{
		Form: f, New: c.Param("id") == "", Tracks: trackOptions, Ordinals: ordinalOptions(), Sides: sideRows, Names: namesOf(f), Back: "/series",
	}
	if !p.New {
		p.Back = "/series/" + c.Param("id")
	}
	if parts == nil {
		parts = &seriesBodies{convenerRows, funderRows}
	}
	var err error
	if p.Conveners, err = d.chosen(c, f, parts.conveners); err != nil {
		return err
	}
	if p.Funders, err = d.chosen(c, f, parts.funders); err != nil {
		return err
	}
	return d.show(c, status, views.SeriesForm(d.frame(c, seriesFrame), p))
}

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
	var parts seriesBodies
	if parts.conveners, err = d.gather(c, &f, convenerRows); err != nil {
		return err
	}
	if parts.funders, err = d.gather(c, &f, funderRows); err != nil {
		return err
	}
	if len(f.Faults) > 0 {
		return d.seriesForm(c, http.StatusUnprocessableEntity, f, &parts)
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
	return answered(c, f, err, "/series/"+s.ID, "saved", func(f views.Form) error {
		return d.seriesForm(c, http.StatusUnprocessableEntity, f, nil)
	})
}

func (d *Desk) seriesConflict(c echo.Context, f views.Form) error {
	now, err := d.Record.Series(c.Request().Context(), d.actor(c), c.Param("id"))
	if err != nil {
		return err
	}
	mine := seriesOf(f)
	ids := append(now.ConvenerIDs(), mine.ConvenerIDs()...)
	for _, g := range slices.Concat(now.Funders, mine.Funders) {
		ids = append(ids, g.OrganisationID)
	}
	chosen, err := d.bodies(c, ids)
	if err != nil {
		return err
	}
	words := map[string]string{}
	for id, o := range chosen {
		words[id] = o.Name
	}
	for _, side := range slices.Concat(mine.Sides, now.Sides) {
		words[side.ID] = side.Name
	}
	for policy, says := range ordinalWords {
		words[string(policy)] = says
	}
	delete(words, "")
	forget(f.Values, "convener_ids")
	forget(f.Values, "funder_ids")
	private := []string{"name_row", "convener", "funder", "ordinals"}
	return d.conflict(c, f, seriesValues(now), now.Version, merging{
		title: "Series", back: "/series/" + now.ID, label: fieldLabels(words), rows: []string{"side", "name_row"}, words: words,
		public: func(field string) bool {
			kind, _, _ := strings.Cut(field, ".")
			return !slices.Contains(private, kind)
		},
	})
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

// capital begins a line with a word of the record's.
func capital[T ~string](s T) string { return components.UpperFirst(string(s)) }

// optionsOf offers values in their order, each called as words says.
func optionsOf[T ~string](all []T, words func(T) string) []views.Option {
	out := make([]views.Option, len(all))
	for i, v := range all {
		out[i] = views.Option{Value: string(v), Words: words(v)}
	}
	return out
}

// after puts one more answer in front of others: "Any state".
func after(words string, options []views.Option) []views.Option {
	return append([]views.Option{{Words: words}}, options...)
}
