package desk

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"track15/models/record"
	"track15/models/recordstore"
	views "track15/views/desk"
)

// copyRound: GET /rounds/:id/copy is a form for a new round with what one knows
// of it from the last: place and titles, without days.
func (d *Desk) copyRound(c echo.Context) error {
	r, head, series, err := d.copied(c)
	if err != nil {
		return err
	}
	next := record.Round{
		State: record.Proposed, City: r.City, Country: r.Country, Venue: r.Venue, Format: r.Format, Track: r.Track, Topics: r.Topics, TimeZone: r.TimeZone,
	}
	f := views.Form{Action: c.Request().URL.Path, Values: roundValues(next, series)}
	f.Values.Set("id", recordstore.NewID())
	return d.copyForm(c, http.StatusOK, head, f)
}

// saveCopy: POST /rounds/:id/copy
func (d *Desk) saveCopy(c echo.Context) error {
	from, head, _, err := d.copied(c)
	if err != nil {
		return err
	}
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	if more(&f) {
		return d.copyForm(c, http.StatusOK, head, f)
	}
	r := roundOf(&f)
	if len(f.Faults) > 0 {
		return d.copyForm(c, http.StatusUnprocessableEntity, head, f)
	}
	r.ID = f.Values.Get("id")
	r, err = d.Record.CopyRound(c.Request().Context(), d.actor(c), from.ID, r)
	return answered(c, f, err, views.RoundPath(r.ID, ""), "added", func(f views.Form) error {
		return d.copyForm(c, http.StatusUnprocessableEntity, head, f)
	})
}

// copied opens the round that is copied, for whoever may log one like it.
func (d *Desk) copied(c echo.Context) (record.Round, views.RoundHead, record.Series, error) {
	r, head, err := d.openRound(c, "")
	if err != nil {
		return r, head, record.Series{}, err
	}
	if !d.actor(c).May(record.EditRound, r.SeriesID) || !d.actor(c).May(record.ReadRound, r.SeriesID) {
		return r, head, record.Series{}, errNothing
	}
	series, err := d.Record.Series(c.Request().Context(), d.actor(c), r.SeriesID)
	return r, head, series, err
}

func (d *Desk) copyForm(c echo.Context, status int, from views.RoundHead, f views.Form) error {
	return d.show(c, status, views.RoundForm(d.frame(c, roundFrame), views.RoundFormPage{
		Form: f, Copied: &from, States: optionsOf(record.RoundStates, capital), Formats: formatOptions, Tracks: trackOptions, Back: views.RoundPath(from.ID, ""),
		SideDates: sideDateRows, Margins: marginRows, Preparations: preparationRows, Heads: headFields(),
	}))
}
