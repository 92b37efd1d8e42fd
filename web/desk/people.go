package desk

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"track15/models/fault"
	"track15/models/record"
	"track15/models/recordstore"
	views "track15/views/desk"
)

// personFrame says nothing of who it is: a name stands in no title.
var personFrame = views.Frame{Title: "Person", What: "An entry of the directory", Section: views.People}

// findPeople: POST /people seals the words and leads to the list.
func (d *Desk) findPeople(c echo.Context) error {
	return d.find(c, "/people", "country")
}

// people: GET /people
func (d *Desk) people(c echo.Context) error {
	n, err := page(c)
	if err != nil {
		return err
	}
	words, ok := d.words.open(c.QueryParam("find"))
	if !ok {
		return c.Redirect(http.StatusSeeOther, "/people")
	}
	country := strings.ToUpper(c.QueryParam("country"))
	filter := recordstore.PersonFilter{Query: words, Country: country, Page: n, PerPage: perPage}
	if asFile(c) {
		return d.peopleFile(c, filter)
	}
	rows, total, err := d.Record.People(c.Request().Context(), d.actor(c), filter)
	if err != nil {
		return err
	}
	if n > pages(total, perPage) {
		return errNothing
	}
	p := views.PeoplePage{
		Form: views.Form{Values: url.Values{"q": {words}, "country": {country}}}, Rows: rows, Asked: words != "" || country != "",
		Pager: d.pager(c, n, perPage, len(rows), total, "people"), CanAdd: d.actor(c).MayAnywhere(record.EditDirectory),
		Download: d.downloadForm(c),
	}
	f := d.frame(c, views.Frame{Title: "People", What: "The directory of the house", Section: views.People, Here: true})
	return d.show(c, http.StatusOK, views.PeopleList(f, p))
}

// person: GET /people/:id
func (d *Desk) person(c echo.Context) error {
	ctx, actor := c.Request().Context(), d.actor(c)
	n, err := page(c)
	if err != nil {
		return err
	}
	who, err := d.Record.Person(ctx, actor, c.Param("id"))
	if err != nil {
		return err
	}
	p := views.PersonPage{
		Person: who, CanEdit: actor.MayAnywhere(record.EditDirectory),
		ReadRounds: actor.MayAnywhere(record.ReadRound), ReadTrue: actor.MayAnywhere(record.ReadTrue),
	}
	if p.ReadRounds {
		filter := recordstore.AppearanceFilter{BodyFilter: recordstore.BodyFilter{HiddenToo: true}, PersonID: who.ID, Page: n, PerPage: perPage}
		all, total, err := d.Record.Appearances(ctx, actor, filter)
		if err != nil {
			return err
		}
		if n > pages(total, perPage) {
			return errNothing
		}
		if p.Rounds, err = d.appearanceRows(c, all); err != nil {
			return err
		}
		p.Pager = d.pager(c, n, perPage, len(all), total, "rounds")
	}
	return d.show(c, http.StatusOK, views.PersonEntry(d.frame(c, personFrame), p))
}

// appearanceRows writes appearances as a table shows them.
func (d *Desk) appearanceRows(c echo.Context, all []recordstore.Appearance) ([]views.PersonRound, error) {
	var presences []record.Presence
	for _, a := range all {
		presences = append(presences, a.Badge, a.True)
	}
	n, err := d.namesFor(c, presences)
	var out []views.PersonRound
	for _, a := range all {
		shown := a.Badge
		if a.True.ID != "" {
			shown = a.True
		}
		out = append(out, views.PersonRound{
			RoundID: a.Round.ID, Round: roundName(a.Round), Series: n.series[a.Round.SeriesID].Name, Dates: dates(a.Round),
			Badge: n.body(a.Badge), True: n.body(a.True), Capacity: a.Capacity, Post: a.Post,
			Label: views.LabelWords[shown.Label], Shown: publicForm(shown, n.bodies, n.sides),
		})
	}
	return out, err
}

// newPerson: GET /people/new
func (d *Desk) newPerson(c echo.Context) error {
	values := personValues(record.Person{Native: []record.Name{{}}})
	values.Set("id", recordstore.NewID())
	return d.personForm(c, http.StatusOK, views.Form{Action: "/people/new", Values: values})
}

// editPerson: GET /people/:id/edit
func (d *Desk) editPerson(c echo.Context) error {
	p, err := d.Record.Person(c.Request().Context(), d.actor(c), c.Param("id"))
	if err != nil {
		return err
	}
	f := views.Form{Action: c.Request().URL.Path, Values: personValues(p)}
	f.Remember()
	f.Values.Set("version", strconv.FormatInt(p.Version, 10))
	return d.personForm(c, http.StatusOK, f)
}

func (d *Desk) personForm(c echo.Context, status int, f views.Form) error {
	p := views.PersonFormPage{Form: f, New: c.Param("id") == "", Native: nativeRows, Back: "/people"}
	if !p.New {
		p.Back = "/people/" + c.Param("id")
	}
	return d.show(c, status, views.PersonForm(d.frame(c, personFrame), p))
}

// addPerson: POST /people/new
func (d *Desk) addPerson(c echo.Context) error { return d.sendPerson(c, d.Record.AddPerson) }

// savePerson: POST /people/:id/edit
func (d *Desk) savePerson(c echo.Context) error { return d.sendPerson(c, d.Record.EditPerson) }

func (d *Desk) sendPerson(c echo.Context, store func(context.Context, record.Actor, record.Person) (record.Person, error)) error {
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	if more(&f) {
		return d.personForm(c, http.StatusOK, f)
	}
	if len(f.Faults) > 0 {
		return d.personForm(c, http.StatusUnprocessableEntity, f)
	}
	p := personOf(f)
	p.ID, p.Version = f.Values.Get("id"), version(f)
	if own := c.Param("id"); own != "" {
		p.ID = own
	}
	p, err = store(c.Request().Context(), d.actor(c), p)
	if fault.KindOf(err) == fault.Conflict && c.Param("id") != "" {
		now, err := d.Record.Person(c.Request().Context(), d.actor(c), c.Param("id"))
		if err != nil {
			return err
		}
		return d.conflict(c, f, personValues(now), now.Version, merging{
			title: "Person", back: "/people/" + now.ID, label: fieldLabel, rows: []string{"native"},
			public: func(string) bool { return false },
		})
	}
	return answered(c, f, err, "/people/"+p.ID, "saved", func(f views.Form) error {
		return d.personForm(c, http.StatusUnprocessableEntity, f)
	})
}

// personValues writes a person as the form shows them.
func personValues(p record.Person) url.Values {
	v := url.Values{
		"family": {p.Family}, "given": {p.Given}, "honorific": {p.Honorific}, "country": {p.Country}, "aliases": {strings.Join(p.Aliases, "\n")},
	}
	if p.FamilyFirst {
		v.Set("family_first", "1")
	}
	for i, n := range p.Native {
		at := addRow(v, "native", i)
		v.Set(at+"text", n.Text)
		v.Set(at+"lang", n.Lang)
	}
	return v
}

// personOf reads what personValues writes.
func personOf(f views.Form) record.Person {
	p := namedPerson(f)
	p.Aliases = lines(f.Values.Get("aliases"))
	for _, id := range f.Rows("native") {
		n := record.Name{Text: f.Values.Get("native." + id + ".text"), Lang: f.Values.Get("native." + id + ".lang")}
		if strings.TrimSpace(n.Text+n.Lang) != "" {
			p.Native = append(p.Native, n)
		}
	}
	return p
}

// personFrom reads somebody new from the form of a participant, who has one
// name in another script.
func personFrom(f views.Form) record.Person {
	p := namedPerson(f)
	if n := (record.Name{Text: f.Values.Get("native"), Lang: f.Values.Get("native_lang")}); strings.TrimSpace(n.Text) != "" {
		p.Native = []record.Name{n}
	}
	return p
}

// namedPerson reads the fields of a name in its two parts.
func namedPerson(f views.Form) record.Person {
	v := f.Values
	return record.Person{
		Given: strings.TrimSpace(v.Get("given")), Family: strings.TrimSpace(v.Get("family")), FamilyFirst: v.Get("family_first") != "",
		Honorific: v.Get("honorific"), Country: v.Get("country"),
	}
}
