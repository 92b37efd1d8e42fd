package desk

import (
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"track15/models/record"
	"track15/models/recordstore"
	views "track15/views/desk"
)

// ruleNames are the words for what a release is held to.
var ruleNames = map[record.Rule]string{
	record.RuleGround: "Ground rules", record.RuleCleared: "Clearances", record.RuleCheck: "Disclosure check", record.RuleSecond: "Second person", record.RuleTime: "When it becomes public",
}

// readiness is what a release is held to, as this person may know it.
func (d *Desk) readiness(c echo.Context, id string) ([]views.ReadyRow, error) {
	all, err := d.Release.Readiness(c.Request().Context(), d.actor(c), id)
	return readyRows(all), err
}

// couldSecond offers whoever signs first those they could ask to sign second.
func (d *Desk) couldSecond(c echo.Context, r record.Release, p *views.ReleasePage) error {
	if !p.CanSign {
		return nil
	}
	bars, err := d.Release.Bars(c.Request().Context(), d.actor(c), r.ID)
	for _, s := range bars.Able {
		if s.ID != d.actor(c).ID {
			p.Seconds = append(p.Seconds, views.Option{Value: s.ID, Words: s.Name})
		}
	}
	return err
}

// clearedStep is the stage of the clearances: none where no text needs one.
func clearedStep(all []views.ReadyRow) []views.Step {
	texts, stand := 0, 0
	for _, r := range all {
		if r.Name == ruleNames[record.RuleCleared] {
			texts++
			if r.Met {
				stand++
			}
		}
	}
	switch {
	case texts == 0:
		return nil
	case stand == texts:
		return []views.Step{{Words: "Cleared", Path: "#ready", Done: true}}
	}
	return []views.Step{{Words: "Cleared, " + strconv.Itoa(stand) + " of " + strconv.Itoa(texts) + " stand", Path: "#ready"}}
}

func readyRows(all []record.Precondition) []views.ReadyRow {
	rows := make([]views.ReadyRow, len(all))
	for i, p := range all {
		rows[i] = views.ReadyRow{Name: ruleNames[p.Rule], Subject: p.Subject, Met: p.Met, Says: p.Says, Who: p.Who}
		switch {
		case p.ObjectID == "":
		case p.Rule == record.RuleCleared:
			rows[i].Path = "/drafts/" + p.ObjectID + "/clearance"
		case p.Rule == record.RuleCheck:
			rows[i].Path = "/drafts/" + p.ObjectID + "/check?version=" + strconv.FormatInt(p.Draft, 10)
		}
	}
	return rows
}

// returned are the releases that somebody sent back to this person, who signed them
// first, with the reason.
func (d *Desk) returned(c echo.Context) (views.Queue, error) {
	q := views.Queue{Title: "Returned to you"}
	all, _, err := d.Release.Releases(c.Request().Context(), d.actor(c), recordstore.ReleaseFilter{States: []record.ReleaseState{record.CalledOff}})
	for _, r := range all {
		if !r.Returned() || r.Signature(1).ID != d.actor(c).ID || d.Clock().UnixMicro()-r.CancelledAt > toldFor.Microseconds() {
			continue
		}
		t := d.task(r)
		t.State, t.Action = "Returned", "Open"
		t.Says = r.CancelledBy.Name + ", " + d.when(r.CancelledAt) + ": " + strings.TrimSuffix(r.CancelReason, ".")
		q.Tasks = append(q.Tasks, t)
	}
	return q, err
}
