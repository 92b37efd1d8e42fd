package desk

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"track15/models/record"
	views "track15/views/desk"
)

// check: GET /drafts/:id/check
func (d *Desk) check(c echo.Context) error {
	o, found, err := d.checked(c, c.QueryParam("version"))
	if err != nil {
		return err
	}
	f := views.Form{Action: "/drafts/" + o.ID + "/check", Values: url.Values{"version": {strconv.FormatInt(o.Draft.Number, 10)}}}
	return d.checkPage(c, http.StatusOK, f, o, found)
}

// checked is a text in a version, its newest for "", and what the check finds in it.
func (d *Desk) checked(c echo.Context, number string) (record.Output, []record.Finding, error) {
	ctx, actor, id := c.Request().Context(), d.actor(c), c.Param("id")
	o, err := d.Record.Output(ctx, actor, id)
	if err != nil {
		return o, nil, err
	}
	if !actor.May(record.Compare, o.SeriesID) {
		return o, nil, errNothing
	}
	if n, err := strconv.ParseInt(number, 10, 64); err == nil && n != o.Draft.Number {
		all, err := d.Record.Drafts(ctx, actor, id)
		if err != nil {
			return o, nil, err
		}
		i := slices.IndexFunc(all, func(v record.Draft) bool { return v.Number == n })
		if i < 0 {
			return o, nil, errNothing
		}
		o.Draft = all[i]
	}
	found, err := d.Record.Findings(ctx, actor, id, o.Draft)
	return o, found, err
}

func (d *Desk) checkPage(c echo.Context, status int, f views.Form, o record.Output, found []record.Finding) error {
	actor := d.actor(c)
	p := views.CheckPage{Form: f, Output: o, CanSettle: actor.May(record.Settle, o.SeriesID), CanEdit: actor.May(record.EditDraft, o.SeriesID)}
	names := map[string]string{}
	var err error
	if p.Saved, err = d.saved(c, o.Draft, names); err != nil {
		return err
	}
	for _, part := range o.Draft.Checked() {
		row := views.CheckedPart{Key: part.Key, Name: part.Name, Text: part.Text}
		for i, f := range found {
			if f.Field == part.Key {
				row.Marks = append(row.Marks, views.CheckedMark{Number: i + 1, Start: f.Start, End: f.End, Severity: f.Severity, Open: f.OpenFor(actor.ID)})
			}
		}
		p.Parts = append(p.Parts, row)
	}
	for _, x := range found {
		row := views.FindingRow{Finding: x, Open: x.OpenFor(actor.ID)}
		for _, s := range x.Settled {
			who, err := d.nameOf(c, s.By, names)
			if err != nil {
				return err
			}
			says := capital(s.As) + ", by " + who + ", " + d.when(s.At)
			if s.Reason != "" {
				says += ": " + s.Reason
			}
			row.Settled = append(row.Settled, says)
		}
		p.Rows = append(p.Rows, row)
		if row.Open {
			p.Open++
		}
	}
	frame := views.Frame{Title: "Check", What: "A text compared with the record", Section: views.Texts}
	return d.show(c, status, views.Check(d.frame(c, frame), p))
}

// rewording is the choice of other words, which is an edit and no decision.
const rewording = "reword"

// settle: POST /drafts/:id/check
//
// Decisions are noted first, of all findings that something was chosen for; then
// the words that are to be others become a version.
func (d *Desk) settle(c echo.Context) error {
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	o, found, err := d.checked(c, f.Values.Get("version"))
	if err != nil {
		return err
	}
	ctx, actor := c.Request().Context(), d.actor(c)
	var all []record.Settling
	var others []record.Finding
	for _, x := range found {
		switch as := f.Values.Get("as." + x.Key); as {
		case "":
		case rewording:
			others = append(others, x)
		default:
			all = append(all, record.Settling{Key: x.Key, Settlement: record.Settlement{As: record.SettledAs(as), Reason: f.Values.Get("reason." + x.Key)}})
		}
	}
	if len(all)+len(others) == 0 {
		f.Faults = []views.Fault{{Text: "Nothing is chosen: choose what at least one finding is."}}
		return d.checkPage(c, http.StatusUnprocessableEntity, f, o, found)
	}
	if len(all) > 0 {
		err = d.Record.SettleFindings(ctx, actor, o.ID, o.Draft.Number, all)
	}
	if err == nil && len(others) > 0 {
		err = d.reword(c, o, others)
	}
	return sent(c, f, err, "/drafts/"+o.ID+"/check", "saved", func(c echo.Context, status int, f views.Form) error {
		for i, e := range f.Faults {
			if e.Field != "" {
				f.Faults[i].Field = "reason." + e.Field
			}
		}
		return d.checkPage(c, status, f, o, found)
	})
}

// reword saves a version with other words for findings, the last first, so that the
// places of those before stay.
func (d *Desk) reword(c echo.Context, o record.Output, all []record.Finding) error {
	slices.SortFunc(all, func(a, b record.Finding) int {
		if a.Field != b.Field {
			return strings.Compare(a.Field, b.Field)
		}
		return b.Start - a.Start
	})
	draft := o.Draft
	before := -1
	for i, x := range all {
		if i > 0 && all[i-1].Field == x.Field && x.End > before {
			continue // inside another that was reworded
		}
		var err error
		if draft, err = draft.Reworded(x); err != nil {
			return err
		}
		before = x.Start
	}
	_, err := d.Record.SaveDraft(c.Request().Context(), d.actor(c), o.ID, o.Draft.Number, draft)
	return err
}
