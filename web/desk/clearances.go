package desk

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/labstack/echo/v4"

	"track15/models/record"
	"track15/models/recordstore"
	views "track15/views/desk"
)

// clearances: GET /rounds/:id/participants/clear. The participants that the
// address names are chosen already.
func (d *Desk) clearances(c echo.Context) error {
	f := views.Form{Action: c.Request().URL.Path, Values: url.Values{"participant": c.QueryParams()["participant"], "which": {string(recordstore.ClearName)}}}
	return d.clearancesPage(c, http.StatusOK, f)
}

// setClearances: POST /rounds/:id/participants/clear
func (d *Desk) setClearances(c echo.Context) error {
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	if len(f.Faults) > 0 {
		return d.clearancesPage(c, http.StatusUnprocessableEntity, f)
	}
	answer := record.Clearance{
		State: record.ClearanceState(f.Values.Get("clearance")), Basis: f.Values.Get("basis"), On: record.Date(f.Values.Get("on")),
	}
	err = d.Record.SetClearances(c.Request().Context(), d.actor(c), c.Param("id"), f.Values["participant"], recordstore.Cleared(f.Values.Get("which")), answer)
	if faults, ok := refused(err); ok {
		f.Faults = faults
		return d.clearancesPage(c, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return done(c, views.RoundPath(c.Param("id"), "participants/clear"), "saved")
}

func (d *Desk) clearancesPage(c echo.Context, status int, f views.Form) error {
	r, head, err := d.openRound(c, "participants")
	if err != nil {
		return err
	}
	ctx, actor := c.Request().Context(), d.actor(c)
	if !actor.May(record.EditRound, r.SeriesID) || !actor.May(record.ReadRound, r.SeriesID) {
		return errNothing
	}
	all, err := d.Record.Participations(ctx, actor, r.ID)
	if err != nil {
		return err
	}
	var people []string
	for _, p := range all {
		people = append(people, p.PersonID)
	}
	persons, err := d.Record.PeopleByID(ctx, actor, people)
	if err != nil {
		return err
	}
	n, err := d.namesFor(c, r.Presences)
	if err != nil {
		return err
	}
	p := views.ClearancesPage{Head: head, Form: f}
	for _, w := range recordstore.Clearables {
		p.Which = append(p.Which, views.Option{Value: string(w), Words: capital(string(w))})
	}
	for _, s := range record.ClearanceStates {
		p.States = append(p.States, views.Option{Value: string(s), Words: clearanceStands(record.Clearance{State: s})})
	}
	for _, at := range all {
		row := views.ClearableRow{
			ID: at.ID, Code: at.Code, Person: persons[at.PersonID].Name(), Chosen: slices.Contains(f.Values["participant"], at.ID),
			Stands: [3]string{clearanceStands(at.Name), clearanceStands(at.Affiliation), clearanceStands(at.Attribution)},
		}
		if row.Person == "" {
			row.Person = "Not recorded"
		}
		if i := slices.IndexFunc(r.Presences, func(b record.Presence) bool { return b.ID == at.PresenceID }); i >= 0 {
			row.Badge = n.body(r.Presences[i])
		}
		p.Rows = append(p.Rows, row)
	}
	return d.show(c, status, views.Clearances(d.frame(c, roundFrame), p))
}
