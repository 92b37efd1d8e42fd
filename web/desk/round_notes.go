package desk

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"track15/models/record"
	views "track15/views/desk"
)

// roundNotes: GET /rounds/:id/notes
func (d *Desk) roundNotes(c echo.Context) error { return d.roundNotesPage(c, "", false) }

// findNotes: POST /rounds/:id/notes, so that the words stand in no address.
func (d *Desk) findNotes(c echo.Context) error {
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	return d.roundNotesPage(c, f.Values.Get("words"), true)
}

func (d *Desk) roundNotesPage(c echo.Context, words string, sought bool) error {
	ctx, actor := c.Request().Context(), d.actor(c)
	r, head, err := d.openRound(c, "notes")
	if err != nil {
		return err
	}
	if !head.Tabs["notes"] {
		return errNothing
	}
	sessions, err := d.Record.Sessions(ctx, actor, r.ID)
	if err != nil {
		return err
	}
	taken, err := d.Record.NotesTaken(ctx, actor, r.ID)
	if err != nil {
		return err
	}
	all, err := d.Record.Notes(ctx, actor, r.ID)
	if err != nil {
		return err
	}
	p := views.RoundNotesPage{Head: head, Words: words, Sought: sought, CanObserve: actor.May(record.EditDraft, r.SeriesID) && len(all) > 0, Kept: actor.May(record.ReadRetention, r.SeriesID)}
	titles := map[string]string{}
	for _, x := range sessions {
		note := taken[x.ID]
		var names []string
		for _, t := range note.Takers {
			names = append(names, t.Name)
		}
		titles[x.ID] = x.Title
		p.Sessions = append(p.Sessions, views.SittingRow{
			ID: x.ID, Title: x.Title, When: sessionTime(x), State: noteWords[note.State], Lines: note.Count, Takers: strings.Join(names, ", "),
		})
	}
	place := record.Sitting{TimeZone: r.TimeZone}
	var loose []record.Intervention
	for _, x := range all {
		if x.SessionID == "" {
			loose = append(loose, x)
		}
	}
	p.Loose = noteLines(place, loose)
	for _, l := range noteLines(place, record.Holding(all, words)) {
		p.Found = append(p.Found, views.FoundNote{NoteLine: l, Session: titles[l.SessionID]})
	}
	return d.show(c, http.StatusOK, views.RoundNotes(d.frame(c, roundFrame), p))
}

var noteWords = map[record.NoteState]string{
	record.NoNotes: "Not in yet", record.NotesOpen: "Being taken", record.NotesSealed: "Sealed", record.NotesDestroyed: "Destroyed",
}
