package desk

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"track15/models/record"
	"track15/models/recordstore"
	views "track15/views/desk"
)

// bodyFilters are the choices that both lists of who took part have in their
// address.
var bodyFilters = []string{"series", "side", "capacity", "state", "label", "kind", "country", "since", "until", "alone", "asked"}

// findAppearances: POST /appearances seals the words and leads to the list.
func (d *Desk) findAppearances(c echo.Context) error {
	return d.find(c, "/appearances", bodyFilters...)
}

// findPresences: POST /presences
func (d *Desk) findPresences(c echo.Context) error { return d.find(c, "/presences", bodyFilters...) }

// appearances: GET /appearances
func (d *Desk) appearances(c echo.Context) error {
	filter, shown, ok, err := d.bodyFilter(c, "/appearances")
	if err != nil || !ok {
		return err
	}
	f := recordstore.AppearanceFilter{
		BodyFilter: filter, Capacity: record.Capacity(c.QueryParam("capacity")), State: record.Attendance(c.QueryParam("state")),
		Requested: c.QueryParam("asked") == "1", PerPage: perPage,
	}
	if f.Page, err = page(c); err != nil {
		return err
	}
	words, known := d.words.open(c.QueryParam("find"))
	if !known {
		return c.Redirect(http.StatusSeeOther, "/appearances")
	}
	if f.PersonID, words, shown.People, err = d.meantPerson(c, words); err != nil {
		return err
	}
	shown.Form.Values.Set("q", words)
	shown.Capacity = after("Any capacity", optionsOf(record.Capacities[1:], capital))
	shown.State = after("Any state", optionsOf(record.Attendances[1:], capital))
	if asFile(c) {
		return d.appearancesFile(c, f)
	}
	rows, total, err := d.Record.Appearances(c.Request().Context(), d.actor(c), f)
	if err != nil {
		return err
	}
	if f.Page > pages(total, perPage) {
		return errNothing
	}
	p := views.AppearancesPage{Filter: shown, MayTrue: d.actor(c).MayAnywhere(record.ReadTrue), Pager: d.pager(c, f.Page, perPage, len(rows), total, "people at rounds"), Download: d.downloadForm(c)}
	var presences []record.Presence
	var people []string
	for _, a := range rows {
		presences, people = append(presences, a.Badge, a.True), append(people, a.PersonID)
	}
	n, err := d.namesFor(c, presences)
	if err != nil {
		return err
	}
	persons, err := d.Record.PeopleByID(c.Request().Context(), d.actor(c), people)
	if err != nil {
		return err
	}
	for _, a := range rows {
		row := views.AppearanceRow{
			Code: a.Code, Person: persons[a.PersonID].Name(), RoundID: a.Round.ID, Round: roundName(a.Round), Series: n.series[a.Round.SeriesID].Name,
			Dates: dates(a.Round), Badge: n.body(a.Badge), True: n.body(a.True), Side: n.sides[a.SideID], Capacity: capital(a.Capacity),
			Post: a.Post, Label: views.LabelWords[a.Badge.Label], Shown: publicForm(a.Badge, n.bodies, n.sides), State: capital(a.State),
			Name: views.ClearanceWords(a.Participation.Name.State),
		}
		if row.Person == "" {
			row.Person = "Not recorded"
		}
		p.Rows = append(p.Rows, row)
	}
	return d.show(c, http.StatusOK, views.Appearances(d.frame(c, appearanceFrame), p))
}

// presencesAnywhere: GET /presences
func (d *Desk) presencesAnywhere(c echo.Context) error {
	filter, shown, ok, err := d.bodyFilter(c, "/presences")
	if err != nil || !ok {
		return err
	}
	f := recordstore.PresenceFilter{BodyFilter: filter, PerPage: perPage}
	for _, l := range record.DisclosureLabels {
		if asked := c.QueryParam("label"); asked == labelValue(l) {
			f.Label = &l
		}
		shown.Labels = append(shown.Labels, views.Option{Value: labelValue(l), Words: views.LabelWords[l]})
	}
	shown.Labels = after("Any label", shown.Labels)
	if f.Page, err = page(c); err != nil {
		return err
	}
	if asFile(c) {
		return d.presencesFile(c, f)
	}
	rows, total, err := d.Record.Presences(c.Request().Context(), d.actor(c), f)
	if err != nil {
		return err
	}
	if f.Page > pages(total, perPage) {
		return errNothing
	}
	p := views.BodiesAtPage{Filter: shown, MayTrue: d.actor(c).MayAnywhere(record.ReadTrue), Pager: d.pager(c, f.Page, perPage, len(rows), total, "organisations at rounds"), Download: d.downloadForm(c)}
	var presences []record.Presence
	for _, r := range rows {
		presences = append(presences, r.Presence)
	}
	n, err := d.namesFor(c, presences)
	if err != nil {
		return err
	}
	for _, r := range rows {
		row := views.BodyAtRow{
			RoundID: r.Round.ID, Round: roundName(r.Round), Series: n.series[r.Round.SeriesID].Name, Dates: dates(r.Round),
			Badge: n.body(r.Presence), Side: n.sides[r.SideID], Track: views.TrackWords[r.Track], Role: views.RoleWords[r.Role],
			Label: views.LabelWords[r.Label], Shown: publicForm(r.Presence, n.bodies, n.sides),
		}
		if r.AttendsThroughID != "" {
			row.Badge, row.True = n.bodies[r.AttendsThroughID].Name, row.Badge
		} else {
			row.People = strconv.Itoa(r.People)
		}
		p.Rows = append(p.Rows, row)
	}
	return d.show(c, http.StatusOK, views.BodiesAt(d.frame(c, appearanceFrame), p))
}

var appearanceFrame = views.Frame{Title: "Who took part", What: "People and organisations at the rounds you can open", Section: views.Appearing, Here: true}

// bodyKinds are the kinds of those who can sit at a round; no badge is a
// category's.
var bodyKinds = slices.DeleteFunc(slices.Clone(record.OrgKinds), func(k record.OrgKind) bool { return k == record.Category })

// labelValue is a label in an address; the empty one needs a word.
func labelValue(l record.DisclosureLabel) string {
	if l == record.Withheld {
		return "withheld"
	}
	return string(l)
}

// bodyFilter reads what both lists are asked for. ok is false where the address
// holds words that nobody can read any more: it then leads to the whole list.
func (d *Desk) bodyFilter(c echo.Context, path string) (f recordstore.BodyFilter, shown views.BodyFilterForm, ok bool, err error) {
	by, known := d.words.open(c.QueryParam("by"))
	if !known {
		return f, shown, false, c.Redirect(http.StatusSeeOther, path)
	}
	f = recordstore.BodyFilter{
		OrganisationID: c.QueryParam("organisation"), Alone: c.QueryParam("alone") == "1", SideID: c.QueryParam("side"),
		SeriesID: c.QueryParam("series"), Kind: record.OrgKind(c.QueryParam("kind")), Country: strings.ToUpper(c.QueryParam("country")), HiddenToo: true,
	}
	shown = views.BodyFilterForm{Path: path, Kinds: after("Any kind", optionsOf(bodyKinds, capital))}
	if by != "" || f.OrganisationID != "" {
		of := recordstore.RoundFilter{OrganisationID: f.OrganisationID}
		if by, shown.Bodies, err = d.meant(c, by, &of); err != nil {
			return f, shown, false, err
		}
		f.OrganisationID = of.OrganisationID
	}
	shown.Form = views.Form{Values: url.Values{"organisation": {by}}}
	for _, name := range bodyFilters {
		shown.Form.Values.Set(name, c.QueryParam(name))
		shown.Asked = shown.Asked || c.QueryParam(name) != ""
	}
	shown.Asked = shown.Asked || by != "" || c.QueryParam("find") != "" || c.QueryParam("person") != ""
	f.Since, f.Until = yearAsked(&shown.Form, "since"), yearAsked(&shown.Form, "until")
	series, err := d.seriesByID(c)
	if err != nil {
		return f, shown, false, err
	}
	read, sides := d.sideOptions(c, series)
	shown.Series, shown.Sides = after("Any series", read), after("Any side", sides)
	return f, shown, true, nil
}

// sideOptions lists the series whose rounds the person may read, and their sides.
func (d *Desk) sideOptions(c echo.Context, all map[string]record.Series) (series, sides []views.Option) {
	for _, o := range seriesOptions(all) {
		if !d.actor(c).May(record.ReadRound, o.Value) {
			continue
		}
		series = append(series, o)
		for _, side := range all[o.Value].Sides {
			sides = append(sides, views.Option{Value: side.ID, Words: o.Words + ": " + side.Name})
		}
	}
	return series, sides
}

// yearAsked reads a year of a filter; 0 for none, or for what is no year, which the
// form then says.
func yearAsked(f *views.Form, name string) int {
	s := strings.TrimSpace(f.Values.Get(name))
	n, err := strconv.Atoi(s)
	if s != "" && (err != nil || n < 1 || n > 9999) {
		f.Faults = append(f.Faults, views.Fault{Field: name, Text: "Enter a year such as 2017."})
		return 0
	}
	return n
}

// meantPerson settles whom the words of a filter, or the person that the address
// names, mean, as meant does for organisations.
func (d *Desk) meantPerson(c echo.Context, words string) (id, shown string, offered []views.Picked, err error) {
	ctx, actor := c.Request().Context(), d.actor(c)
	if id := c.QueryParam("person"); id != "" {
		all, err := d.Record.PeopleByID(ctx, actor, []string{id})
		return id, all[id].Name(), nil, err
	}
	if words == "" {
		return "", "", nil, nil
	}
	found, _, err := d.Record.People(ctx, actor, recordstore.PersonFilter{Query: words, PerPage: offeredMost})
	if err != nil || len(found) == 0 {
		return "none", words, nil, err // no identifier: a person who is nowhere
	}
	for _, p := range found {
		beside := ""
		if p.Country != "" {
			beside = " (" + p.Country + ")"
		}
		offered = append(offered, views.Picked{ID: p.ID, Name: p.Name(), Beside: beside})
	}
	return found[0].ID, words, offered, nil
}

// listNames are the names that stand in a list over rounds of several series.
type listNames struct {
	series map[string]record.Series
	sides  map[string]string
	bodies map[string]record.Organisation
}

// namesFor reads the names of presences: bodies, badges, categories and the
// parents that a label shows.
func (d *Desk) namesFor(c echo.Context, presences []record.Presence) (listNames, error) {
	n := listNames{sides: map[string]string{}}
	var err error
	if n.series, err = d.seriesByID(c); err != nil {
		return n, err
	}
	for _, s := range n.series {
		for _, side := range s.Sides {
			n.sides[side.ID] = side.Name
		}
	}
	var ids, parents []string
	for _, p := range presences {
		ids = append(ids, p.OrganisationID, p.AttendsThroughID, p.CategoryID)
	}
	if n.bodies, err = d.bodies(c, ids); err != nil {
		return n, err
	}
	for _, p := range presences {
		if p.Label == record.ByParent {
			parents = append(parents, n.bodies[p.OrganisationID].ParentID)
		}
	}
	above, err := d.bodies(c, slices.DeleteFunc(parents, func(id string) bool { return id == "" }))
	for id, o := range above {
		n.bodies[id] = o
	}
	return n, err
}

func (n listNames) body(p record.Presence) string { return bodyName(p, n.bodies) }
