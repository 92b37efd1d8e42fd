package desk

import (
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"track15/models/record"
	"track15/models/recordstore"
	"track15/views/components"
	views "track15/views/desk"
)

// actsPerPage is how many acts a page of a history shows.
const actsPerPage = 50

// roundHistory: GET /rounds/:id/history
//
// Of the query, of is the one entry that is shown, from and to are the states of
// it that are compared, numbered from the oldest.
func (d *Desk) roundHistory(c echo.Context) error {
	all, err := d.Record.RoundHistory(c.Request().Context(), d.actor(c), c.Param("id"))
	if err != nil {
		return err
	}
	r, head, err := d.openRound(c, "history")
	if err != nil {
		return err
	}
	of := c.QueryParam("of")
	if of != "" {
		all = slices.DeleteFunc(all, func(ch recordstore.Change) bool { return ch.ObjectID != of })
		if len(all) == 0 {
			return errNothing
		}
	}
	series, err := d.seriesByID(c)
	if err != nil {
		return err
	}
	var about []any
	for _, p := range r.Presences {
		about = append(about, p)
	}
	p := views.HistoryPage{Head: &head}
	return d.history(c, roundFrame, p, all, of, append(about, series[r.SeriesID])...)
}

// seriesHistory: GET /series/:id/history
func (d *Desk) seriesHistory(c echo.Context) error {
	ctx, actor, id := c.Request().Context(), d.actor(c), c.Param("id")
	all, err := d.Record.SeriesHistory(ctx, actor, id)
	if err != nil {
		return err
	}
	in, err := d.Record.Series(ctx, actor, id)
	if err != nil {
		return err
	}
	p := views.HistoryPage{Way: []components.Crumb{{Name: "Series", Path: "/series"}, {Name: in.Name, Path: "/series/" + id}}, Sample: in.Sample}
	return d.history(c, views.Frame{Title: "History of a series", What: "What was changed", Section: views.Series}, p, all, id, in)
}

// organisationHistory: GET /organisations/:id/history
func (d *Desk) organisationHistory(c echo.Context) error {
	ctx, actor, id := c.Request().Context(), d.actor(c), c.Param("id")
	all, err := d.Record.OrganisationHistory(ctx, actor, id)
	if err != nil {
		return err
	}
	o, err := d.Record.Organisation(ctx, actor, id)
	if err != nil {
		return err
	}
	p := views.HistoryPage{Way: []components.Crumb{{Name: "Organisations", Path: "/organisations"}, {Name: o.Name, Path: "/organisations/" + id}}, Sample: o.Sample}
	return d.history(c, views.Frame{Title: "History of an entry", What: "What was changed", Section: views.Organisations}, p, all, id)
}

// personHistory: GET /people/:id/history
func (d *Desk) personHistory(c echo.Context) error {
	ctx, actor, id := c.Request().Context(), d.actor(c), c.Param("id")
	all, err := d.Record.PersonHistory(ctx, actor, id)
	if err != nil {
		return err
	}
	person, err := d.Record.Person(ctx, actor, id)
	if err != nil {
		return err
	}
	p := views.HistoryPage{Way: []components.Crumb{{Name: "People", Path: "/people"}, {Name: person.Name(), Path: "/people/" + id}}, Sample: person.Sample}
	return d.history(c, views.Frame{Title: "History of an entry", What: "What was changed"}, p, all, id)
}

// history shows changes, newest first; of is the one entry they are about, ""
// for a round and all its parts. about are further entries that values name.
func (d *Desk) history(c echo.Context, f views.Frame, p views.HistoryPage, all []recordstore.Change, of string, about ...any) error {
	names, err := d.namesIn(c, all, about)
	if err != nil {
		return err
	}
	path := c.Request().URL.Path
	if of != "" {
		if err := d.compareStates(c, &p, all, names); err != nil {
			return err
		}
		p.Form.Action = path
		if p.Head != nil {
			p.Form.Values.Set("of", of)
			p.Of = entryName(latest(all), names)
		}
	}
	n, err := page(c)
	if err != nil {
		return err
	}
	acts := d.acts(all, names, func(id string) string {
		if of != "" {
			return ""
		}
		return path + "?of=" + id
	})
	if n > pages(len(acts), actsPerPage) {
		return errNothing
	}
	p.Acts = acts[(n-1)*actsPerPage : min(n*actsPerPage, len(acts))]
	p.Pager = d.pager(c, n, actsPerPage, len(p.Acts), len(acts), "acts")
	return d.show(c, http.StatusOK, views.History(d.frame(c, f), p))
}

// latest is the newest state of which a history of one entry tells.
func latest(all []recordstore.Change) any {
	if len(all) == 0 {
		return nil
	}
	if all[0].After != nil {
		return all[0].After
	}
	return all[0].Before
}

// acts tells each act with what it did.
func (d *Desk) acts(all []recordstore.Change, names map[string]string, path func(id string) string) []views.Acted {
	var out []views.Acted
	var last int64
	for _, ch := range all {
		if ch.Number != last {
			last = ch.Number
			out = append(out, views.Acted{When: d.when(ch.At), Who: ch.Who, Act: string(ch.Act)})
		}
		t := views.Told{What: entryName(latest([]recordstore.Change{ch}), names), Path: path(ch.ObjectID), Fields: differing(ch.Before, ch.After, names)}
		switch {
		case ch.Before == nil:
			t.Happens = "Added"
		case ch.After == nil:
			t.Happens = "Removed"
		}
		a := &out[len(out)-1]
		a.Told = append(a.Told, t)
	}
	return out
}

// differing are the fields in which two states of an entry differ.
func differing(before, after any, names map[string]string) []views.Change {
	var out []views.Change
	was, now := told(before, names), told(after, names)
	for _, label := range labels(was, now) {
		a, b := textOf(was, label), textOf(now, label)
		if a == b {
			continue
		}
		left, right := sides(a, b)
		out = append(out, views.Change{Place: label, Was: left, Now: right})
	}
	return out
}

// labels are the labels of both, in the order of the one that has more.
func labels(was, now []fieldText) []string {
	var out []string
	for _, fields := range [][]fieldText{now, was} {
		for _, f := range fields {
			if !slices.Contains(out, f.label) {
				out = append(out, f.label)
			}
		}
	}
	return out
}

func textOf(fields []fieldText, label string) string {
	if i := slices.IndexFunc(fields, func(f fieldText) bool { return f.label == label }); i >= 0 {
		return fields[i].text
	}
	return ""
}

// compareStates compares the two states that the address names, and offers all:
// as an act left the entry, and as it was before the first. They are numbered
// from the oldest, which is 1: the audit chain's numbers count what others did.
func (d *Desk) compareStates(c echo.Context, p *views.HistoryPage, all []recordstore.Change, names map[string]string) error {
	if len(all) == 0 {
		return nil
	}
	var states []any
	var words []string
	say := func(state any, text string) {
		states, words = append(states, state), append(words, strconv.Itoa(len(states)+1)+". "+text)
	}
	if first := all[len(all)-1]; first.Before != nil {
		say(first.Before, "Before "+d.when(first.At))
	}
	for _, ch := range slices.Backward(all) {
		say(ch.After, "After "+d.when(ch.At)+", "+ch.Who)
	}
	last := int64(len(states))
	for n := last; n > 0; n-- {
		p.States = append(p.States, views.Option{Value: strconv.FormatInt(n, 10), Words: words[n-1]})
	}
	from, err := number(c, "from", max(1, last-1))
	if err != nil {
		return err
	}
	to, err := number(c, "to", last)
	if err != nil {
		return err
	}
	p.Form.Values = url.Values{"from": {strconv.FormatInt(from, 10)}, "to": {strconv.FormatInt(to, 10)}}
	if c.QueryParam("from") == "" {
		return nil
	}
	if from > last || to > last {
		return errNothing
	}
	p.Compared, p.From, p.To = true, words[from-1], words[to-1]
	p.Changes = differing(states[from-1], states[to-1], names)
	return nil
}

// namesIn says what the entries are called that a history speaks of, as far as
// the person may read the directory.
func (d *Desk) namesIn(c echo.Context, all []recordstore.Change, about []any) (map[string]string, error) {
	found := map[string]bool{}
	for _, ch := range all {
		for _, v := range []any{ch.Before, ch.After} {
			if v != nil {
				about = append(about, v)
			}
		}
	}
	for _, v := range about {
		references(reflect.ValueOf(v), found)
	}
	names := map[string]string{}
	if ctx, actor := c.Request().Context(), d.actor(c); actor.MayAnywhere(record.ReadDirectory) {
		ids := slices.Collect(maps.Keys(found))
		bodies, err := d.Record.OrganisationsByID(ctx, actor, ids)
		if err != nil {
			return nil, err
		}
		for id, o := range bodies {
			names[id] = o.Name
		}
		people, err := d.Record.PeopleByID(ctx, actor, ids)
		if err != nil {
			return nil, err
		}
		for id, person := range people {
			names[id] = person.Name()
		}
	}
	slices.Reverse(about) // the newest name of an entry stands
	nameEntries(about, names)
	return names, nil
}
