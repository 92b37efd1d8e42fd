package desk

import (
	"strings"

	"github.com/labstack/echo/v4"

	"track15/models/record"
	views "track15/views/desk"
)

// bodyRows is a part of a form that names several bodies.
func bodyRows(kind, field, legend, hint, more string, parts ...views.Part) views.Several {
	return views.Several{
		Rows:   views.Rows{Kind: kind, Field: field, Legend: legend, Hint: hint, Parts: parts},
		Picker: views.Picker{Field: views.Field{Name: kind + "_ids", Label: more, Class: "field--l"}},
	}
}

// part is a field of one line in each row.
func part(name, label, hint string) views.Part {
	return views.Part{Field: views.Field{Name: name, Label: label, Hint: hint}}
}

// gather reads a part of a form that names several bodies: those that stand in
// it, and the one that the words of its last field mean. Words that can mean
// several or none are a fault, and what comes near is offered.
func (d *Desk) gather(c echo.Context, f *views.Form, s views.Several) (views.Several, error) {
	picker, id, err := d.pick(c, f, s.Picker)
	if err != nil {
		return s, err
	}
	if id != "" {
		f.Values[s.Kind] = union(f.Values[s.Kind], []string{id})
		f.Values.Del(s.Picker.Name + "_id")
	} else {
		s.Picker = picker
	}
	return d.chosen(c, *f, s)
}

// chosen fills in the bodies that stand in a part of a form already.
func (d *Desk) chosen(c echo.Context, f views.Form, s views.Several) (views.Several, error) {
	known, err := d.bodies(c, f.Rows(s.Kind))
	s.Chosen, s.Named = nil, map[string]string{}
	for _, id := range f.Rows(s.Kind) {
		if o, ok := known[id]; ok {
			s.Chosen, s.Named[id] = append(s.Chosen, picked(o)), o.Name
		}
	}
	return s, err
}

// fieldLabels is fieldLabel, with words for rows that stand for a body or a
// side.
func fieldLabels(words map[string]string) func(string) string {
	return func(field string) string {
		parts := strings.Split(field, ".")
		if len(parts) == 3 && words[parts[1]] != "" {
			return fieldLabel(parts[0]) + ", " + words[parts[1]] + ": " + strings.ReplaceAll(parts[2], "_", " ")
		}
		return fieldLabel(field)
	}
}

// span writes from when to when something holds: "from 2009 to 2016".
func span(from, to record.Date) string {
	var words []string
	if from != "" {
		words = append(words, "from "+string(from))
	}
	if to != "" {
		words = append(words, "to "+string(to))
	}
	return strings.Join(words, " ")
}
