package desk

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"track15/models/record"
	views "track15/views/desk"
)

// courtesy: GET /rounds/:id/courtesy
func (d *Desk) courtesy(c echo.Context) error {
	return d.courtesyPage(c, http.StatusOK, views.CourtesyPage{Form: views.Form{Values: url.Values{}}})
}

// checkArticle: POST /rounds/:id/courtesy
//
// It answers with what the article may disclose and a reply to its author. Neither
// the article nor the reply is kept.
func (d *Desk) checkArticle(c echo.Context) error {
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	p := views.CourtesyPage{Form: f}
	text := f.Values.Get("text")
	if strings.TrimSpace(text) == "" {
		p.Form.Faults = append(p.Form.Faults, views.Fault{Field: "text", Text: "Paste the text of the article."})
	}
	if len(p.Form.Faults) > 0 {
		return d.courtesyPage(c, http.StatusUnprocessableEntity, p)
	}
	found, err := d.Record.ArticleFindings(c.Request().Context(), d.actor(c), c.Param("id"), f.Values.Get("author"), text)
	if err != nil {
		return err
	}
	p.Checked, p.Rows = true, found
	for i, x := range found {
		p.Marks = append(p.Marks, views.CheckedMark{Number: i + 1, Start: x.Start, End: x.End, Severity: x.Severity, Open: true})
	}
	return d.courtesyPage(c, http.StatusOK, p)
}

func (d *Desk) courtesyPage(c echo.Context, status int, p views.CourtesyPage) error {
	ctx, actor := c.Request().Context(), d.actor(c)
	r, err := d.Record.Round(ctx, actor, c.Param("id"))
	if err != nil {
		return err
	}
	if !actor.May(record.Compare, r.SeriesID) {
		return errNothing
	}
	if p.Head, err = d.roundHead(c, r, "drafts"); err != nil {
		return err
	}
	all, err := d.Record.Participations(ctx, actor, r.ID)
	if err != nil {
		return err
	}
	var ids []string
	for _, x := range all {
		if x.PersonID != "" {
			ids = append(ids, x.PersonID)
		}
	}
	people, err := d.Record.PeopleByID(ctx, actor, ids)
	if err != nil {
		return err
	}
	p.Authors = []views.Option{{Value: "", Words: "Somebody who was not there"}}
	for _, id := range slices.Compact(ids) {
		if x, ok := people[id]; ok {
			p.Authors = append(p.Authors, views.Option{Value: id, Words: x.Name()})
		}
	}
	p.Form.Action = views.RoundPath(r.ID, "courtesy")
	p.CanRegister = actor.May(record.EditDraft, r.SeriesID)
	frame := views.Frame{Title: "Courtesy check", What: "An article compared with the record", Section: views.Rounds}
	return d.show(c, status, views.Courtesy(d.frame(c, frame), p))
}
