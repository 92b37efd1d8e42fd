package desk

import (
	"github.com/labstack/echo/v4"

	"track15/models/record"
	views "track15/views/desk"
)

// ruleNames are the words for what a release is held to.
var ruleNames = map[record.Rule]string{
	record.RuleGround: "Ground rules", record.RuleCleared: "Clearances", record.RuleSecond: "Second person", record.RuleTime: "When it becomes public",
}

// readiness is what a release is held to, as this person may know it.
func (d *Desk) readiness(c echo.Context, id string) ([]views.ReadyRow, error) {
	all, err := d.Release.Readiness(c.Request().Context(), d.actor(c), id)
	return readyRows(all), err
}

func readyRows(all []record.Precondition) []views.ReadyRow {
	rows := make([]views.ReadyRow, len(all))
	for i, p := range all {
		rows[i] = views.ReadyRow{Name: ruleNames[p.Rule], Subject: p.Subject, Met: p.Met, Says: p.Says, Who: p.Who}
		if p.Rule == record.RuleCleared && p.ObjectID != "" {
			rows[i].Path = "/drafts/" + p.ObjectID + "/clearance"
		}
	}
	return rows
}
