package desk

import (
	"net/http"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"track15/models/record"
)

// A typedFinding is a finding in words that are being typed. From and To count
// UTF-16 units, as the editor does; everywhere else positions are bytes.
type typedFinding struct {
	From     int    `json:"from"`
	To       int    `json:"to"`
	Severity string `json:"severity"`
	Says     string `json:"says"`
	Help     string `json:"help"`
	// Insert are words that could stand there instead, from Begin on: an article
	// before goes with what it belonged to.
	Insert string `json:"insert,omitempty"`
	Begin  int    `json:"begin"`
}

// checkTyped: POST /drafts/:id/check/typed
//
// It compares a body that is being typed. Nothing of it is kept.
func (d *Desk) checkTyped(c echo.Context) error {
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	o, err := d.Record.Output(c.Request().Context(), d.actor(c), c.Param("id"))
	if err != nil {
		return err
	}
	if !d.actor(c).May(record.Compare, o.SeriesID) {
		return errNothing
	}
	body := f.Values.Get("body")
	found, err := d.Record.Findings(c.Request().Context(), d.actor(c), o.ID, record.Draft{Body: body})
	if err != nil {
		return err
	}
	out := []typedFinding{}
	for _, x := range found {
		if len(x.Settled) > 0 {
			continue
		}
		typed := typedFinding{From: utf16At(body, x.Start), To: utf16At(body, x.End), Severity: string(x.Severity), Says: x.Says, Help: x.Help}
		if other, err := (record.Draft{Body: body}).Reworded(x); err == nil {
			begin := len(other.Body) - len(x.Reword) - (len(body) - x.End)
			typed.Insert, typed.Begin = other.Body[begin:begin+len(x.Reword)], utf16At(body, begin)
		}
		out = append(out, typed)
	}
	return c.JSON(http.StatusOK, out)
}

// utf16At turns a position in bytes, on the border of a code point, into one in
// UTF-16 units. Bytes that are no UTF-8 count as one unit each.
func utf16At(s string, at int) (units int) {
	for i := 0; i < at; {
		r, n := utf8.DecodeRuneInString(s[i:])
		units += max(1, utf16.RuneLen(r))
		i += n
	}
	return units
}
