package desk

import (
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"track15/models/record"
	"track15/models/recordstore"
	views "track15/views/desk"
)

// offeredMost is how many bodies a field offers for the words in it.
const offeredMost = 12

// A listing is what a field names entries of: organisations or people.
type listing struct {
	// find returns the entries that words can mean, and which of them have the
	// words as one of their names.
	find func(words string) (near []views.Picked, exact []views.Picked, err error)
	// byID returns an entry.
	byID    func(id string) (views.Picked, bool, error)
	several string // what a form says of words that can mean several
	none    string // and none
}

// pick reads a field that names an organisation: the one chosen before, or the
// only one that has the words as one of its names. If the words can mean
// several or none, the form gets a fault and offers what comes near. The form's
// values are left as the field shows them next.
func (d *Desk) pick(c echo.Context, f *views.Form, p views.Picker) (views.Picker, string, error) {
	p.Directory = d.actor(c).MayAnywhere(record.EditDirectory)
	return pickFrom(d.organisationListing(c), f, p)
}

func pickFrom(from listing, f *views.Form, p views.Picker) (views.Picker, string, error) {
	words, asked, id := f.Values.Get(p.Name), f.Values.Get(p.Name+"_asked"), f.Values.Get(p.Name+"_id")
	if !ids.MatchString(id) {
		id = ""
	}
	var near []views.Picked
	if words != "" && len(words) <= record.MaxLine && isText(map[string][]string{p.Name: {words}}) {
		all, exact, err := from.find(seen(words))
		if faults, ok := refused(err); ok {
			f.Faults = append(f.Faults, views.Fault{Field: p.Name, Text: faults[0].Text})
			return p, "", nil
		}
		if err != nil {
			return p, "", err
		}
		near = all
		switch {
		case id != "" && words == asked && slices.ContainsFunc(near, func(o views.Picked) bool { return o.ID == id }):
			near = nil
		case len(exact) == 1:
			id, near = exact[0].ID, nil
		default:
			id = ""
		}
	}
	if words != "" && id == "" {
		text := from.several
		if len(near) == 0 {
			text = from.none
		}
		f.Faults = append(f.Faults, views.Fault{Field: p.Name, Text: text})
		p.Offered = near
		f.Values.Del(p.Name + "_id")
		return p, "", nil
	}
	f.Values.Del(p.Name)
	f.Values.Set(p.Name+"_id", id)
	if id != "" {
		chosen, ok, err := from.byID(id)
		if err != nil {
			return p, "", err
		}
		if ok {
			p.Offered = []views.Picked{chosen}
		}
	}
	return p, id, nil
}

func (d *Desk) organisationListing(c echo.Context) listing {
	ctx, actor := c.Request().Context(), d.actor(c)
	return listing{
		find: func(words string) (near, exact []views.Picked, err error) {
			found, _, err := d.Record.Organisations(ctx, actor, recordstore.OrganisationFilter{Query: words, PerPage: offeredMost})
			for _, o := range found {
				near = append(near, picked(o))
				if isCalled(o, words) {
					exact = append(exact, picked(o))
				}
			}
			return near, exact, err
		},
		byID: func(id string) (views.Picked, bool, error) {
			known, err := d.Record.OrganisationsByID(ctx, actor, []string{id})
			o, ok := known[id]
			return picked(o), ok, err
		},
		several: "Several entries of the directory come near. Choose the one you mean.",
		none:    "No entry of the directory has this name.",
	}
}

func (d *Desk) peopleListing(c echo.Context) listing {
	ctx, actor := c.Request().Context(), d.actor(c)
	return listing{
		find: func(words string) (near, exact []views.Picked, err error) {
			found, _, err := d.Record.People(ctx, actor, recordstore.PersonFilter{Query: words, PerPage: offeredMost})
			for _, p := range found {
				near = append(near, pickedPerson(p))
				if isPersonCalled(p, words) {
					exact = append(exact, pickedPerson(p))
				}
			}
			return near, exact, err
		},
		byID: func(id string) (views.Picked, bool, error) {
			known, err := d.Record.PeopleByID(ctx, actor, []string{id})
			p, ok := known[id]
			return pickedPerson(p), ok, err
		},
		several: "Several people come near. Choose the one you mean.",
		none:    "Nobody in the directory has this name.",
	}
}

// isPersonCalled reports whether one of the person's names is the words.
func isPersonCalled(p record.Person, words string) bool {
	all := append([]string{p.Given + " " + p.Family, p.Family + " " + p.Given, p.Family + ", " + p.Given}, p.Aliases...)
	for _, n := range p.Native {
		all = append(all, n.Text)
	}
	key := record.Fold(words)
	return slices.ContainsFunc(all, func(s string) bool { return record.Fold(s) == key })
}

// pickedPerson tells a person from others of that name.
func pickedPerson(p record.Person) views.Picked {
	var more []string
	for _, n := range p.Native {
		more = append(more, n.Text)
	}
	if p.Country != "" {
		more = append(more, p.Country)
	}
	return views.Picked{ID: p.ID, Name: p.Name(), Beside: strings.Join(more, ", ")}
}

// isCalled reports whether one of the organisation's names is the words.
func isCalled(o record.Organisation, words string) bool {
	key := record.Fold(words)
	all := append([]string{o.Name, o.Acronym}, o.Aliases...)
	for _, n := range o.Native {
		all = append(all, n.Text)
	}
	return slices.ContainsFunc(all, func(s string) bool { return s != "" && record.Fold(s) == key })
}

// picked tells an organisation from others of that name.
func picked(o record.Organisation) views.Picked {
	beside := string(o.Kind)
	if o.Country != "" {
		beside += ", " + o.Country
	}
	if o.Acronym != "" {
		beside = o.Acronym + ", " + beside
	}
	return views.Picked{ID: o.ID, Name: o.Name, Beside: beside}
}
