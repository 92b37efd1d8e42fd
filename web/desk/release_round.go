package desk

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"track15/models/fault"
	"track15/models/published"
	"track15/models/record"
	"track15/models/recordstore"
	"track15/models/release"
	"track15/views/components"
	views "track15/views/desk"
)

// roundRelease: GET /rounds/:id/release
func (d *Desk) roundRelease(c echo.Context) error {
	return d.roundReleasePage(c, http.StatusOK, nil)
}

// roundReleasePage is the tab Release of a round. form is what was typed, nil
// for a fresh one.
func (d *Desk) roundReleasePage(c echo.Context, status int, form *views.Form) error {
	ctx, actor := c.Request().Context(), d.actor(c)
	r, err := d.Record.Round(ctx, actor, c.Param("id"))
	if err != nil {
		return err
	}
	docs, err := d.Release.PublicNow(ctx, actor, r.ID)
	if err != nil {
		return err
	}
	p := views.RoundReleasePage{Correction: len(docs) > 0, CanPrepare: actor.May(record.PrepareRelease, r.SeriesID)}
	if p.Head, err = d.roundHead(c, r, "release"); err != nil {
		return err
	}
	if p.Panel, p.Refused, err = d.panelOf(ctx, actor, r, docs); err != nil {
		return err
	}
	p.Panel.Path = ""
	for _, doc := range docs {
		if doc.Kind == string(published.KindRound) || doc.Kind == string(published.KindOutput) {
			p.Copies = append(p.Copies, d.copyRow(doc))
		} else {
			p.Around = append(p.Around, d.copyRow(doc))
		}
	}
	waiting, _, err := d.Release.Releases(ctx, actor, recordstore.ReleaseFilter{RoundID: r.ID, States: waitingStates, PerPage: 50})
	if err != nil {
		return err
	}
	for _, w := range waiting {
		p.Waiting = append(p.Waiting, d.releaseRow(actor, w))
	}
	texts, _, err := d.Record.Outputs(ctx, actor, recordstore.OutputFilter{RoundID: r.ID})
	if err != nil {
		return err
	}
	for _, o := range texts {
		p.Texts = append(p.Texts, d.choosable(o, docs))
	}
	if form == nil {
		form = &views.Form{Values: map[string][]string{"id": {recordstore.NewID()}}}
		for _, t := range p.Texts {
			if !t.Public {
				form.Values.Add("outputs", t.ID)
			}
		}
	}
	p.Form = *form
	ready, err := d.Release.RoundReadiness(ctx, actor, r.ID)
	if err != nil {
		return err
	}
	p.Ready = readyRows(ready)
	return d.show(c, status, views.RoundRelease(d.frame(c, views.Frame{
		Title: "Round", What: "What is public, and what the next release would add.", Section: views.Rounds,
	}), p))
}

// copyRow is a document as it stands with the public, in a list.
func (d *Desk) copyRow(doc record.PublicDocument) views.PublicNow {
	row := views.PublicNow{
		Title: decode(doc.FrozenDocument).title(), Path: views.ReleasedPath(doc.Kind, doc.Slug),
		Says: kindWords[doc.Kind] + ". Release " + strconv.FormatInt(doc.Number, 10) + ", " + d.day(doc.At),
	}
	row.Mark, row.Wax, row.State = d.publicState(doc)
	if row.Mark == views.Public {
		row.State = "Public"
	}
	return row
}

// choosable is a text that the next release can carry.
func (d *Desk) choosable(o record.Output, docs []record.PublicDocument) views.Choosable {
	t := views.Choosable{
		ID: o.ID, Title: o.Draft.Title,
		Says:   string(o.Kind) + ", version " + strconv.FormatInt(o.Draft.Number, 10) + ", " + d.day(o.Draft.SavedAt),
		Public: slices.ContainsFunc(docs, func(doc record.PublicDocument) bool { return doc.ObjectID == o.ID }),
	}
	if t.Public {
		t.Says += "; a version of it was released"
	}
	return t
}

// prepareRound: POST /rounds/:id/release
func (d *Desk) prepareRound(c echo.Context) error {
	form, err := d.readForm(c)
	if err != nil {
		return err
	}
	var r record.Release
	if len(form.Faults) == 0 {
		r, err = d.Release.PrepareRound(c.Request().Context(), d.actor(c), release.PrepareRequest{
			ID: form.Values.Get("id"), RoundID: c.Param("id"), OutputIDs: form.Values["outputs"],
			Note: form.Values.Get("note"), Amendment: form.Values.Get("amendment") == "1",
		})
	}
	if err != nil {
		if fault.KindOf(err) == fault.Forbidden && d.mayPrepare(c) {
			form.Faults = []views.Fault{{Text: sentence(err.Error())}}
		} else if faults, ok := faultsOf(err); ok {
			form.Faults = faults
		} else {
			return err
		}
	}
	if len(form.Faults) > 0 {
		return d.roundReleasePage(c, statusOf(err), &form)
	}
	return done(c, views.ReleasePath(r.ID), "prepared")
}

// mayPrepare reports whether it is the ground rules that forbid a release, and
// not the roles of the person.
func (d *Desk) mayPrepare(c echo.Context) bool {
	r, err := d.Record.Round(c.Request().Context(), d.actor(c), c.Param("id"))
	return err == nil && d.actor(c).May(record.PrepareRelease, r.SeriesID)
}

// panel answers what is public about a round, for its other pages: nil for who
// may not read releases of its series.
func (d *Desk) panel(c echo.Context, r record.Round) (*views.Panel, error) {
	ctx, actor := c.Request().Context(), d.actor(c)
	if !actor.May(record.ReadRelease, r.SeriesID) {
		return nil, nil
	}
	docs, err := d.Release.PublicNow(ctx, actor, r.ID)
	if err != nil {
		return nil, err
	}
	p, _, err := d.panelOf(ctx, actor, r, docs)
	return &p, err
}

// panelOf says what is public about a round, what the next release would add,
// and what kinds of things stay. refused says why nothing can be released.
func (d *Desk) panelOf(ctx context.Context, actor record.Actor, r record.Round, docs []record.PublicDocument) (p views.Panel, refused string, err error) {
	p.Path = views.RoundPath(r.ID, "release")
	var last int64
	for _, doc := range docs {
		about := doc.Kind == string(published.KindRound) || doc.Kind == string(published.KindOutput)
		if about && doc.Present {
			p.Now = append(p.Now, says(decode(doc.FrozenDocument))...)
			last = max(last, doc.At)
		}
	}
	if last > 0 {
		p.NowSay = d.day(last)
	}
	rows, err := d.Release.Next(ctx, actor, r.ID)
	switch fault.KindOf(err) {
	case fault.Forbidden, fault.Invalid:
		refused, err = sentence(err.Error()), nil
	}
	if err != nil {
		return p, "", err
	}
	rows, err = d.withCountries(ctx, actor, rows, []string{r.SeriesID})
	if err != nil {
		return p, "", err
	}
	for _, row := range rows {
		switch row.Change {
		case release.Added, release.Altered:
			p.Next = append(p.Next, row.Field+": "+strings.ReplaceAll(row.Public, "\n", "; "))
		case release.Removed:
			p.Next = append(p.Next, row.Field+": taken out")
		case release.Internal:
			p.Stay = append(p.Stay, row.Field)
		}
	}
	texts, _, err := d.Record.Outputs(ctx, actor, recordstore.OutputFilter{RoundID: r.ID})
	if err != nil {
		return p, refused, err
	}
	for _, o := range texts {
		if !slices.ContainsFunc(docs, func(doc record.PublicDocument) bool { return doc.ObjectID == o.ID }) && refused == "" {
			p.Next = append(p.Next, textWords(o))
		}
	}
	if len(p.Stay) == 0 {
		p.Stay = []string{"Everything else"}
	}
	return p, refused, nil
}

// textWords is a text in a list of what the next release can carry.
func textWords(o record.Output) string {
	s := "Text, if chosen: " + o.Draft.Title
	if n := len(o.Draft.Observations); n == 1 {
		s += ", 1 observation"
	} else if n > 1 {
		s += ", " + strconv.Itoa(n) + " observations"
	}
	return s
}

// says is what a document tells the public, a line each.
func says(c content) (all []string) {
	add := func(s string) {
		if s != "" {
			all = append(all, s)
		}
	}
	switch {
	case c.round != nil:
		r := c.round
		add(r.Title)
		add(components.Dates(r.Dates))
		add(views.PlaceWords(r.City, r.Country, views.SideNames(r.Sides)))
		if len(r.Conveners) > 0 {
			add("Convened by " + strings.Join(bodyNames(r.Conveners), ", "))
		}
		for _, side := range r.Sides {
			var names []string
			for _, l := range side.Lines {
				names = append(names, l.Body.Name)
			}
			if len(names) > 0 {
				add(side.Name + ": " + strings.Join(names, ", "))
			}
		}
	case c.output != nil:
		add(c.output.Title)
		for _, o := range c.output.Observations {
			heading := "Observation " + strconv.Itoa(o.Number)
			if o.Heading != "" {
				heading += ". " + o.Heading
			}
			add(heading)
		}
	}
	return all
}

func bodyNames(all []published.Body) (names []string) {
	for _, b := range all {
		names = append(names, b.Name)
	}
	return names
}
