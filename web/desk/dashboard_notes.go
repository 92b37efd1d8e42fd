package desk

import (
	"time"

	"github.com/labstack/echo/v4"

	"track15/models/record"
	views "track15/views/desk"
)

// ownNotes are the sessions whose notes this person takes.
func (d *Desk) ownNotes(c echo.Context, _ map[string]record.Series) (views.Queue, error) {
	q := views.Queue{Title: "Notes to take"}
	if !d.actor(c).MayAnywhere(record.TakeNotes) {
		return q, nil
	}
	all, err := d.Record.Sittings(c.Request().Context(), d.actor(c))
	if err != nil {
		return q, err
	}
	for _, x := range all {
		q.Tasks = append(q.Tasks, views.Task{
			State: "Open", Title: x.Title, Path: "/sittings/" + x.ID, Action: "Take notes",
			Says: sessionTime(x) + ". Before you leave, seal them: they are closed to you then",
		})
	}
	q.Total = len(q.Tasks)
	return q, nil
}

// missedWithin is how long ago a session was held of which notes are missed.
const missedWithin = 180 * 24 * time.Hour

// missingNotes are the sessions held lately of which there are no notes.
func (d *Desk) missingNotes(c echo.Context, _ map[string]record.Series) (views.Queue, error) {
	q := views.Queue{Title: "Notes not in yet"}
	if !d.actor(c).MayAnywhere(record.ReadNotes) {
		return q, nil
	}
	all, err := d.Record.NotesMissing(c.Request().Context(), d.actor(c), record.Date(d.Clock().UTC().Add(-missedWithin).Format(time.DateOnly)))
	if err != nil {
		return q, err
	}
	for _, x := range all {
		q.Tasks = append(q.Tasks, views.Task{State: "Held", Title: x.Title, Path: "/sittings/" + x.ID, Action: "Take them in", Says: sessionTime(x)})
	}
	return cut(q, "/rounds?state="+string(record.Held)), nil
}

// dueNotes are the notes that are due to be destroyed, and those somebody else
// proposed to destroy.
func (d *Desk) dueNotes(c echo.Context, _ map[string]record.Series) (views.Queue, error) {
	q := views.Queue{Title: "Retention"}
	actor := d.actor(c)
	if !actor.MayAnywhere(record.ReadRetention) {
		return q, nil
	}
	all, err := d.Record.KeptToDecide(c.Request().Context(), actor)
	if err != nil {
		return q, err
	}
	for _, k := range all {
		row := d.keptRow(k)
		t := views.Task{Title: "Notes of " + row.Reference, Path: "/kept/" + row.ID, Action: "Decide"}
		switch {
		case row.State == "Destruction proposed":
			t.State, t.Says = "Proposed", "Somebody proposed to destroy them"
		case row.Overdue && row.State == "":
			t.State, t.Says = "Due", row.Due
		default:
			continue
		}
		q.Tasks = append(q.Tasks, t)
	}
	return cut(q, "/kept"), nil
}
