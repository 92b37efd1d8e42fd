package desk

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	views "track15/views/desk"
)

// auditPerPage is how many entries of the log stand on a page.
const auditPerPage = 100

// audit: GET /audit
func (d *Desk) audit(c echo.Context) error {
	skip, err := auditSkip(c)
	if err != nil {
		return err
	}
	ctx, actor := c.Request().Context(), d.actor(c)
	entries, err := d.Record.AuditEntries(ctx, actor, skip, auditPerPage+1)
	if err != nil {
		return err
	}
	series, err := d.Record.AllSeries(ctx, actor)
	if err != nil {
		return err
	}
	names := map[string]string{}
	for _, s := range series {
		names[s.ID] = s.Name
	}
	var p views.AuditPage
	if len(entries) > auditPerPage {
		entries = entries[:auditPerPage]
		p.Older = skip + auditPerPage
	}
	for _, e := range entries {
		row := views.AuditRow{
			Number: e.Number, When: d.when(e.At), Who: e.Who, Act: string(e.Act), Objects: e.Objects,
		}
		var in []string
		for _, id := range e.Series {
			in = append(in, names[id])
		}
		row.Series = strings.Join(in, "; ")
		p.Rows, p.Numbered = append(p.Rows, row), e.Number > 0
	}
	return d.show(c, http.StatusOK, views.AuditLog(d.frame(c, views.Frame{
		Title: "Audit log", What: "Who did what. No contents.", Section: views.Audit, Here: true,
	}), p))
}

// auditSkip is how many newer entries a page leaves out, 0 for the first.
func auditSkip(c echo.Context) (int, error) {
	s := c.QueryParam("skip")
	if s == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(s, 10, 32)
	if err != nil || n < 1 {
		return 0, errNothing
	}
	return int(n), nil
}
