package desk

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"track15/models/record"
	"track15/models/recordstore"
	"track15/models/sheet"
	"track15/models/tables"
	views "track15/views/desk"
)

// A list is taken away as a file by the handler that shows it, under the same
// address with this behind it, so that both hold to one filter.
const downloadPath = "/download"

// asFile reports whether the list of a request is wanted as a file.
func asFile(c echo.Context) bool { return strings.HasSuffix(c.Path(), downloadPath) }

// A fileForm is a kind of file that a list becomes. Its name says nothing of who
// asked for what.
type fileForm struct {
	value, name, mime string
	write             func(io.Writer, sheet.Table) error
}

var fileForms = []fileForm{
	{"xlsx", "list.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", sheet.WriteXLSX},
	{"csv", "list.csv", "text/csv; charset=utf-8", sheet.WriteCSV},
	{"json", "list.json", "application/json", sheet.WriteJSON},
}

// downloadForm is the form beneath a list with which it becomes a file; the zero
// form for those who take no file away.
func (d *Desk) downloadForm(c echo.Context) views.Form {
	if !d.actor(c).MayAnywhere(record.Export) {
		return views.Form{}
	}
	q := url.Values{}
	for name, all := range c.QueryParams() {
		if name != "page" && name != "done" {
			q[name] = all
		}
	}
	action := strings.TrimSuffix(c.Request().URL.Path, downloadPath) + downloadPath
	if len(q) > 0 {
		action += "?" + q.Encode()
	}
	return views.Form{Action: action, Values: url.Values{}}
}

// file answers with a table to whoever proves with their password that it is
// them, and writes down that they took it. fill makes the table and says of
// which series its rows are.
func (d *Desk) file(c echo.Context, fill func() (t sheet.Table, series []string, err error)) error {
	ctx, actor := c.Request().Context(), d.actor(c)
	if !actor.MayAnywhere(record.Export) {
		return errNothing
	}
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(fileForms, func(form fileForm) bool { return form.value == f.Values.Get("as") })
	if i < 0 {
		f.Faults = append(f.Faults, views.Fault{Field: "as", Text: "Choose what kind of file it is to be."})
	}
	err = d.Record.Reauthenticate(ctx, actor, f.Values.Get("password"))
	if faults, ok := refused(err); ok {
		f.Faults = append(f.Faults, faults...)
	} else if err != nil {
		return err
	}
	if len(f.Faults) > 0 {
		again := d.downloadForm(c)
		again.Faults = f.Faults
		again.Values.Set("as", f.Values.Get("as"))
		p := views.DownloadPage{Form: again, Back: strings.Replace(again.Action, downloadPath, "", 1)}
		frame := d.frame(c, views.Frame{Title: "Download", What: "A list that leaves the record as a file"})
		return d.show(c, http.StatusUnprocessableEntity, views.Download(frame, p))
	}
	t, series, err := fill()
	if err != nil {
		return err
	}
	if err := d.Record.NoteExport(ctx, actor, series); err != nil {
		return err
	}
	var b bytes.Buffer
	if err := fileForms[i].write(&b, t); err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="`+fileForms[i].name+`"`)
	return c.Blob(http.StatusOK, fileForms[i].mime, b.Bytes())
}

// takeable leaves the rows of the series whose lists the person may take away,
// and says which series these are.
func takeable[T any](actor record.Actor, rows []T, seriesOf func(T) string) (out []T, series []string) {
	for _, row := range rows {
		id := seriesOf(row)
		if !actor.May(record.Export, id) {
			continue
		}
		out = append(out, row)
		if !slices.Contains(series, id) {
			series = append(series, id)
		}
	}
	slices.Sort(series)
	return out, series
}

func (d *Desk) roundsFile(c echo.Context, f recordstore.RoundFilter) error {
	return d.file(c, func() (sheet.Table, []string, error) {
		ctx, actor := c.Request().Context(), d.actor(c)
		f.Page, f.PerPage = 1, 0
		all, _, err := d.Record.Rounds(ctx, actor, f)
		if err != nil {
			return sheet.Table{}, nil, err
		}
		rounds, series := takeable(actor, all, func(r record.Round) string { return r.SeriesID })
		at, _, err := d.Record.Presences(ctx, actor, recordstore.PresenceFilter{BodyFilter: recordstore.BodyFilter{SeriesID: f.SeriesID, HiddenToo: true}})
		if err != nil {
			return sheet.Table{}, nil, err
		}
		var presences []record.Presence
		byRound := map[string][]record.Presence{}
		for _, p := range at {
			presences = append(presences, p.Presence)
			byRound[p.Round.ID] = append(byRound[p.Round.ID], p.Presence)
		}
		n, err := d.tableNames(c, presences)
		return tables.Rounds(rounds, byRound, n), series, err
	})
}

func (d *Desk) organisationsFile(c echo.Context, f recordstore.OrganisationFilter) error {
	return d.file(c, func() (sheet.Table, []string, error) {
		f.Page, f.PerPage = 1, 0
		all, _, err := d.Record.Organisations(c.Request().Context(), d.actor(c), f)
		if err != nil {
			return sheet.Table{}, nil, err
		}
		var ids []string
		for _, o := range all {
			if o.ParentID != "" {
				ids = append(ids, o.ParentID)
			}
		}
		parents, err := d.bodies(c, ids)
		n := tables.Names{Bodies: map[string]string{}}
		for id, o := range parents {
			n.Bodies[id] = o.Name
		}
		return tables.Organisations(all, n), nil, err
	})
}

func (d *Desk) peopleFile(c echo.Context, f recordstore.PersonFilter) error {
	return d.file(c, func() (sheet.Table, []string, error) {
		f.Page, f.PerPage = 1, 0
		all, _, err := d.Record.People(c.Request().Context(), d.actor(c), f)
		return tables.People(all), nil, err
	})
}

func (d *Desk) appearancesFile(c echo.Context, f recordstore.AppearanceFilter) error {
	return d.file(c, func() (sheet.Table, []string, error) {
		ctx, actor := c.Request().Context(), d.actor(c)
		f.Page, f.PerPage = 1, 0
		all, _, err := d.Record.Appearances(ctx, actor, f)
		if err != nil {
			return sheet.Table{}, nil, err
		}
		rows, series := takeable(actor, all, func(a recordstore.Appearance) string { return a.Round.SeriesID })
		var badges []record.Presence
		var ids []string
		for _, a := range rows {
			badges, ids = append(badges, a.Badge), append(ids, a.PersonID)
		}
		people, err := d.Record.PeopleByID(ctx, actor, ids)
		if err != nil {
			return sheet.Table{}, nil, err
		}
		n, err := d.tableNames(c, badges)
		took := make([]tables.Participant, len(rows))
		for i, a := range rows {
			took[i] = tables.Participant{Participation: a.Participation, Person: people[a.PersonID], Round: a.Round, Badge: a.Badge}
		}
		return tables.Participants(took, n), series, err
	})
}

func (d *Desk) presencesFile(c echo.Context, f recordstore.PresenceFilter) error {
	return d.file(c, func() (sheet.Table, []string, error) {
		actor := d.actor(c)
		f.Page, f.PerPage = 1, 0
		all, _, err := d.Record.Presences(c.Request().Context(), actor, f)
		if err != nil {
			return sheet.Table{}, nil, err
		}
		rows, series := takeable(actor, all, func(p recordstore.PresenceAt) string { return p.Round.SeriesID })
		var presences []record.Presence
		at := make([]tables.Presence, len(rows))
		for i, p := range rows {
			presences = append(presences, p.Presence)
			at[i] = tables.Presence{Presence: p.Presence, Round: p.Round}
		}
		n, err := d.tableNames(c, presences)
		return tables.Presences(at, n), series, err
	})
}

func (d *Desk) outputsFile(c echo.Context, f recordstore.OutputFilter) error {
	return d.file(c, func() (sheet.Table, []string, error) {
		ctx, actor := c.Request().Context(), d.actor(c)
		f.Page, f.PerPage = 1, 0
		all, _, err := d.Record.Outputs(ctx, actor, f)
		if err != nil {
			return sheet.Table{}, nil, err
		}
		rows, series := takeable(actor, all, func(o record.Output) string { return o.SeriesID })
		rounds, _, err := d.Record.Rounds(ctx, actor, recordstore.RoundFilter{SeriesID: f.SeriesID})
		if err != nil {
			return sheet.Table{}, nil, err
		}
		byID := map[string]record.Round{}
		for _, r := range rounds {
			byID[r.ID] = r
		}
		n, err := d.tableNames(c, nil)
		texts := make([]tables.Output, len(rows))
		for i, o := range rows {
			texts[i] = tables.Output{Output: o, Round: byID[o.RoundID]}
		}
		return tables.Outputs(texts, n), series, err
	})
}

// tableNames are the names that a table writes.
func (d *Desk) tableNames(c echo.Context, presences []record.Presence) (tables.Names, error) {
	known, err := d.namesFor(c, presences)
	n := tables.Names{Series: map[string]string{}, Sides: known.sides, Bodies: map[string]string{}}
	for id, s := range known.series {
		n.Series[id] = s.Name
	}
	for id, o := range known.bodies {
		n.Bodies[id] = o.Name
	}
	return n, err
}
