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
	return answered(c, f, err, views.RoundPath(c.Param("id"), "participants/clear"), "saved", func(f views.Form) error {
		return d.clearancesPage(c, http.StatusUnprocessableEntity, f)
	})
}

func (d *Desk) clearancesPage(c echo.Context, status int, f views.Form) error {
	g, err := d.gatheringOf(c, "participants", record.EditRound)
	if err != nil {
		return err
	}
	p := views.ClearancesPage{Head: g.head, Form: f, Which: optionsOf(recordstore.Clearables, capital), States: optionsOf(record.ClearanceStates, views.ClearanceWords)}
	for _, at := range g.all {
		row := views.ClearableRow{
			ID: at.ID, Code: at.Code, Badge: g.bodyName(g.presence(at.PresenceID)), Person: g.people[at.PersonID].Name(), Chosen: slices.Contains(f.Values["participant"], at.ID),
			Stands: [3]string{views.ClearanceWords(at.Name.State), views.ClearanceWords(at.Affiliation.State), views.ClearanceWords(at.Attribution.State)},
		}
		if row.Person == "" {
			row.Person = "Not recorded"
		}
		p.Rows = append(p.Rows, row)
	}
	return d.show(c, status, views.Clearances(d.frame(c, roundFrame), p))
}
