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

var organisationFrame = views.Frame{Title: "Organisation", What: "An entry of the directory", Section: views.Organisations}

// perPage is how many entries a list shows at once.
const perPage = 50

// findOrganisations: POST /organisations seals the words and leads to the list.
func (d *Desk) findOrganisations(c echo.Context) error {
	return d.find(c, "/organisations", "kind", "country")
}

// find turns the form of a filter into the address of its list: words sealed,
// choices as they are.
func (d *Desk) find(c echo.Context, path string, choices ...string) error {
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	if len(f.Faults) > 0 {
		return fault.Errorf(fault.Invalid, "What you look for holds bytes that are no text.")
	}
	q := url.Values{}
	for field, param := range map[string]string{"q": "find", "organisation": "by", "person": "who"} {
		words := strings.TrimSpace(seen(f.Values.Get(field)))
		if len(words) > record.MaxLine {
			return fault.Errorf(fault.Invalid, "What you look for is too long. Enter a name.")
		}
		if words != "" {
			q.Set(param, d.words.seal(words))
		}
	}
	for _, name := range choices {
		if v := strings.TrimSpace(seen(f.Values.Get(name))); v != "" {
			q.Set(name, v)
		}
	}
	if len(q) > 0 {
		path += "?" + q.Encode()
	}
	return c.Redirect(http.StatusSeeOther, path)
}

// organisations: GET /organisations
func (d *Desk) organisations(c echo.Context) error {
	n, err := page(c)
	if err != nil {
		return err
	}
	words, ok := d.words.open(c.QueryParam("find"))
	if !ok {
		return c.Redirect(http.StatusSeeOther, "/organisations")
	}
	kind, country := c.QueryParam("kind"), strings.ToUpper(c.QueryParam("country"))
	filter := recordstore.OrganisationFilter{Query: words, Kind: record.OrgKind(kind), Country: country, Page: n, PerPage: perPage}
	if asFile(c) {
		return d.organisationsFile(c, filter)
	}
	rows, total, err := d.Record.Organisations(c.Request().Context(), d.actor(c), filter)
	if err != nil {
		return err
	}
	if n > pages(total, perPage) {
		return errNothing
	}
	p := views.DirectoryPage{
		Form:  views.Form{Values: url.Values{"q": {words}, "kind": {kind}, "country": {country}}},
		Kinds: after("Any kind", optionsOf(record.OrgKinds, capital)), Rows: rows, Asked: words != "" || kind != "" || country != "",
		Pager:  d.pager(c, n, perPage, len(rows), total, "organisations"),
		CanAdd: d.actor(c).MayAnywhere(record.EditDirectory), Download: d.downloadForm(c),
	}
	f := d.frame(c, views.Frame{Title: "Organisations", What: "The directory of the house", Section: views.Organisations, Here: true})
	return d.show(c, http.StatusOK, views.Directory(f, p))
}

// pager leads through a list and keeps its filter.
func (d *Desk) pager(c echo.Context, n, per, here, total int, what string) components.PagerArgs {
	return components.PagerArgs{
		Page: n, Pages: pages(total, per), Shown: shown(n, per, here, total, what),
		Address: func(to int) string {
			q := url.Values{}
			for name, all := range c.QueryParams() {
				if name != "page" && name != "done" {
					q[name] = all
				}
			}
			if to > 1 {
				q.Set("page", strconv.Itoa(to))
			}
			return c.Request().URL.Path + "?" + q.Encode()
		},
	}
}

// organisation: GET /organisations/:id
func (d *Desk) organisation(c echo.Context) error {
	ctx, actor := c.Request().Context(), d.actor(c)
	o, err := d.Record.Organisation(ctx, actor, c.Param("id"))
	if err != nil {
		return err
	}
	p := views.OrganisationPage{
		Organisation: o, CanEdit: actor.MayAnywhere(record.EditDirectory), Rounds: actor.MayAnywhere(record.ReadDisclosed),
	}
	if o.ParentID != "" {
		parents, err := d.bodies(c, []string{o.ParentID})
		if err != nil {
			return err
		}
		p.Parent = parents[o.ParentID].Name
	}
	if err := d.linkedBodies(c, o, &p); err != nil {
		return err
	}
	return d.show(c, http.StatusOK, views.OrganisationEntry(d.frame(c, organisationFrame), p))
}

// linkedBodies fills in the entries that an entry leads to.
func (d *Desk) linkedBodies(c echo.Context, o record.Organisation, p *views.OrganisationPage) error {
	known, err := d.bodies(c, append(o.PredecessorIDs(), o.ConfusableIDs...))
	if err != nil {
		return err
	}
	for _, b := range o.Predecessors {
		if e, ok := known[b.OrganisationID]; ok {
			p.Before = append(p.Before, views.Linked{ID: e.ID, Name: e.Name, Beside: until(b.On)})
		}
	}
	for _, id := range o.ConfusableIDs {
		if e, ok := known[id]; ok {
			p.NotToConfuse = append(p.NotToConfuse, views.Linked{ID: e.ID, Name: e.Name, Beside: picked(e).Beside})
		}
	}
	after, err := d.Record.Successors(c.Request().Context(), d.actor(c), o.ID)
	for _, e := range after {
		for _, b := range e.Predecessors {
			if b.OrganisationID == o.ID {
				p.After = append(p.After, views.Linked{ID: e.ID, Name: e.Name, Beside: span(b.On, "")})
			}
		}
	}
	return err
}

func until(on record.Date) string {
	if on == "" {
		return ""
	}
	return "until " + string(on)
}

// newOrganisation: GET /organisations/new
func (d *Desk) newOrganisation(c echo.Context) error {
	values := organisationValues(record.Organisation{Native: []record.Name{{}}})
	values.Set("id", recordstore.NewID())
	f := views.Form{Action: "/organisations/new", Values: values}
	return d.organisationForm(c, http.StatusOK, f, untouched)
}

// editOrganisation: GET /organisations/:id/edit
func (d *Desk) editOrganisation(c echo.Context) error {
	o, err := d.Record.Organisation(c.Request().Context(), d.actor(c), c.Param("id"))
	if err != nil {
		return err
	}
	f := views.Form{Action: c.Request().URL.Path, Values: organisationValues(o)}
	f.Remember()
	f.Values.Set("version", strconv.FormatInt(o.Version, 10))
	parts := untouched
	if parts.parent, _, err = d.pick(c, &f, parentPicker); err != nil {
		return err
	}
	return d.organisationForm(c, http.StatusOK, f, parts)
}

// organisationParts are the parts of the form that name bodies, as its fields
// show them.
type organisationParts struct {
	parent                    views.Picker
	predecessors, confusables views.Several
}

var untouched = organisationParts{parentPicker, predecessorRows, confusableRows}

func (d *Desk) organisationForm(c echo.Context, status int, f views.Form, parts organisationParts) error {
	p := views.OrganisationFormPage{
		Form: f, New: c.Param("id") == "", Kinds: after("Choose", optionsOf(record.OrgKinds, capital)), Parent: parts.parent, Native: nativeRows, Identifiers: identifierRows,
		Back: "/organisations",
	}
	if !p.New {
		p.Back = "/organisations/" + c.Param("id")
	}
	var err error
	if p.Predecessors, err = d.chosen(c, f, parts.predecessors); err != nil {
		return err
	}
	if p.Confusables, err = d.chosen(c, f, parts.confusables); err != nil {
		return err
	}
	return d.show(c, status, views.OrganisationForm(d.frame(c, organisationFrame), p))
}

// addOrganisation: POST /organisations/new
func (d *Desk) addOrganisation(c echo.Context) error {
	return d.sendOrganisation(c, d.Record.AddOrganisation)
}

// saveOrganisation: POST /organisations/:id/edit
func (d *Desk) saveOrganisation(c echo.Context) error {
	return d.sendOrganisation(c, d.Record.EditOrganisation)
}

func (d *Desk) sendOrganisation(c echo.Context, store organisationStore) error {
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	asked := more(&f)
	parts := untouched
	var parent string
	if parts.parent, parent, err = d.pick(c, &f, parentPicker); err != nil {
		return err
	}
	if parts.predecessors, err = d.gather(c, &f, predecessorRows); err != nil {
		return err
	}
	if parts.confusables, err = d.gather(c, &f, confusableRows); err != nil {
		return err
	}
	if asked {
		f.Faults = nil
		return d.organisationForm(c, http.StatusOK, f, parts)
	}
	if len(f.Faults) > 0 {
		return d.organisationForm(c, http.StatusUnprocessableEntity, f, parts)
	}
	o := organisationOf(f)
	o.ParentID, o.ID, o.Version = parent, f.Values.Get("id"), version(f)
	if own := c.Param("id"); own != "" {
		o.ID = own
	}
	o, err = store(c.Request().Context(), d.actor(c), o)
	if fault.KindOf(err) == fault.Conflict && c.Param("id") != "" {
		return d.organisationConflict(c, f)
	}
	return answered(c, f, err, "/organisations/"+o.ID, "saved", func(f views.Form) error {
		return d.organisationForm(c, http.StatusUnprocessableEntity, f, parts)
	})
}

func (d *Desk) organisationConflict(c echo.Context, f views.Form) error {
	now, err := d.Record.Organisation(c.Request().Context(), d.actor(c), c.Param("id"))
	if err != nil {
		return err
	}
	mine := organisationOf(f)
	ids := slices.Concat([]string{now.ParentID, f.Values.Get("parent_id")}, now.PredecessorIDs(), mine.PredecessorIDs(), now.ConfusableIDs, mine.ConfusableIDs)
	known, err := d.bodies(c, ids)
	if err != nil {
		return err
	}
	names := map[string]string{}
	for id, o := range known {
		names[id] = o.Name
	}
	for _, name := range []string{"parent", "predecessor_ids", "confusable_ids"} {
		forget(f.Values, name)
	}
	return d.conflict(c, f, organisationValues(now), now.Version, merging{
		title: "Organisation", back: "/organisations/" + now.ID, label: fieldLabels(names), rows: []string{"native", "identifier"}, words: names,
		public: func(field string) bool { return field == "name" || field == "acronym" },
	})
}
