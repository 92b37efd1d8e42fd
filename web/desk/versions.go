package desk

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"track15/models/fault"
	"track15/models/record"
	views "track15/views/desk"
)

// versions: GET /drafts/:id/versions?from=1&to=2
func (d *Desk) versions(c echo.Context) error {
	return d.versionsPage(c, http.StatusOK, views.Form{})
}

// versionsPage shows the versions of a text, and why none was restored.
func (d *Desk) versionsPage(c echo.Context, status int, f views.Form) error {
	ctx, actor := c.Request().Context(), d.actor(c)
	o, err := d.Record.Output(ctx, actor, c.Param("id"))
	if err != nil {
		return err
	}
	all, err := d.Record.Drafts(ctx, actor, o.ID)
	if err != nil {
		return err
	}
	p := views.VersionsPage{Output: o, To: o.Draft.Number, From: max(1, o.Draft.Number-1)}
	from, errFrom := number(c, "from", p.From)
	to, errTo := number(c, "to", p.To)
	if err := errors.Join(errFrom, errTo); err != nil {
		return err
	}
	p.From, p.To = from, to
	at := func(n int64) int {
		return slices.IndexFunc(all, func(t record.Draft) bool { return t.Number == n })
	}
	if at(from) < 0 || at(to) < 0 {
		return errNothing
	}
	names := map[string]string{}
	for _, t := range all {
		saved, err := d.savedBy(c, t, names)
		if err != nil {
			return err
		}
		p.Rows = append(p.Rows, views.VersionRow{Number: t.Number, Saved: saved})
	}
	p.Shown = o
	p.Shown.Draft = all[at(to)]
	p.Changes = draftChanges(all[at(from)], all[at(to)])
	p.Form, p.CanEdit = f, actor.May(record.EditDraft, o.SeriesID)
	frame := d.frame(c, views.Frame{Title: "Versions", What: "Versions of a text", Section: views.Texts})
	return d.show(c, status, views.Versions(frame, p))
}

// restoreVersion: POST /drafts/:id/versions
func (d *Desk) restoreVersion(c echo.Context) error {
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	number, err := strconv.ParseInt(f.Get("restore"), 10, 64)
	if err != nil {
		return errNothing
	}
	id := c.Param("id")
	_, err = d.Record.RestoreDraft(c.Request().Context(), d.actor(c), id, version(f), number)
	if kind := fault.KindOf(err); kind == fault.Conflict || kind == fault.Invalid {
		f.Faults = append(f.Faults, views.Fault{Text: fault.All(err)[0].Text + " Look at it before you restore another."})
		return d.versionsPage(c, http.StatusConflict, f)
	}
	if err != nil {
		return err
	}
	return done(c, "/drafts/"+id, "restored")
}

// number is a number in an address, or the one to take without it.
func number(c echo.Context, name string, otherwise int64) (int64, error) {
	s := c.QueryParam(name)
	if s == "" {
		return otherwise, nil
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 1 {
		return 0, errNothing
	}
	return n, nil
}

// draftChanges lists the places in which two versions differ, observations by
// identity, whatever their order.
func draftChanges(was, now record.Draft) (all []views.Change) {
	add := func(place, before, after string) {
		if before != after {
			a, b := sides(before, after)
			all = append(all, views.Change{Place: place, Was: a, Now: b})
		}
	}
	add("Title", was.Title, now.Title)
	add("Language", was.Lang, now.Lang)
	add("Text", was.Body, now.Body)
	add("Outlet", was.Outlet, now.Outlet)
	add("Date", string(was.Date), string(now.Date))
	add("Address", was.URL, now.URL)
	add("Citation", was.Citation, now.Citation)
	add("Authors", authors(was), authors(now))
	for i, o := range now.Observations {
		add("Observation "+strconv.Itoa(i+1), statement(observation(was, o.ID)), statement(o))
	}
	for _, o := range was.Observations {
		if observation(now, o.ID).ID == "" {
			add("Observation left out", statement(o), "")
		}
	}
	add("Acknowledgements", was.Acknowledgements, now.Acknowledgements)
	languageChanges(was, now, add)
	return all
}

func observation(t record.Draft, id string) record.Observation {
	for _, o := range t.Observations {
		if o.ID == id {
			return o
		}
	}
	return record.Observation{}
}

// statement is an observation as one text.
func statement(o record.Observation) string {
	return strings.TrimSpace(strings.Join([]string{o.Heading, o.Text, o.Account}, "\n"))
}

func authors(t record.Draft) string {
	var names []string
	for _, a := range t.Authors {
		names = append(names, a.Words())
	}
	return strings.Join(names, "; ")
}
