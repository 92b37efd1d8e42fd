package desk

import (
	"slices"

	"github.com/labstack/echo/v4"

	"track15/models/record"
	"track15/models/recordstore"
	views "track15/views/desk"
)

// offeredMost is how many bodies a field offers for the words in it.
const offeredMost = 12

// pick reads a field that names an organisation: the one chosen before, or the
// only one that has the words as one of its names. If the words can mean
// several or none, the form gets a fault and offers what comes near. The form's
// values are left as the field shows them next.
func (d *Desk) pick(c echo.Context, f *views.Form, p views.Picker) (views.Picker, string, error) {
	words, asked, id := f.Values.Get(p.Name), f.Values.Get(p.Name+"_asked"), f.Values.Get(p.Name+"_id")
	p.Directory = d.actor(c).MayAnywhere(record.EditDirectory)
	if !ids.MatchString(id) {
		id = ""
	}
	var found []record.Organisation
	if words != "" && len(words) <= record.MaxLine && isText(map[string][]string{p.Name: {words}}) {
		var err error
		found, _, err = d.Record.Organisations(c.Request().Context(), d.actor(c), recordstore.OrganisationFilter{Query: words, PerPage: offeredMost})
		if err != nil {
			return p, "", err
		}
		exact := slices.DeleteFunc(slices.Clone(found), func(o record.Organisation) bool { return !isCalled(o, words) })
		switch {
		case id != "" && words == asked && slices.ContainsFunc(found, func(o record.Organisation) bool { return o.ID == id }):
			found = nil
		case len(exact) == 1:
			id, found = exact[0].ID, nil
		default:
			id = ""
		}
	}
	if words != "" && id == "" {
		text := "Several entries of the directory come near. Choose the one you mean."
		if len(found) == 0 {
			text = "No entry of the directory has this name."
		}
		f.Faults = append(f.Faults, views.Fault{Field: p.Name, Text: text})
		for _, o := range found {
			p.Offered = append(p.Offered, picked(o))
		}
		f.Values.Del(p.Name + "_id")
		return p, "", nil
	}
	f.Values.Del(p.Name)
	f.Values.Set(p.Name+"_id", id)
	if id != "" {
		chosen, err := d.Record.OrganisationsByID(c.Request().Context(), d.actor(c), []string{id})
		if err != nil {
			return p, "", err
		}
		if o, ok := chosen[id]; ok {
			p.Offered = []views.Picked{picked(o)}
		}
	}
	return p, id, nil
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
