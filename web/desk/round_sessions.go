package desk

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"track15/models/fault"
	"track15/models/record"
	"track15/models/recordstore"
	views "track15/views/desk"
)

// sessions: GET /rounds/:id/sessions
func (d *Desk) sessions(c echo.Context) error {
	g, err := d.gatheringOf(c, "sessions", record.ReadRound)
	if err != nil {
		return err
	}
	p := views.SessionsPage{Head: g.head, CanEdit: d.actor(c).May(record.EditRound, g.round.SeriesID)}
	if p.Rows, err = d.sessionRows(c, g); err != nil {
		return err
	}
	return d.show(c, http.StatusOK, views.Sessions(d.frame(c, roundFrame), p))
}

// newSession: GET /rounds/:id/sessions/new
func (d *Desk) newSession(c echo.Context) error {
	g, err := d.gatheringOf(c, "sessions", record.EditRound)
	if err != nil {
		return err
	}
	first := record.Session{}
	if g.round.Opens.Precision() == record.Day {
		first.On = g.round.Opens
	}
	f := views.Form{Action: c.Request().URL.Path, Values: sessionValues(first)}
	f.Values.Set("id", recordstore.NewID())
	return d.sessionForm(c, http.StatusOK, g, f)
}

// editSession: GET /rounds/:id/sessions/:session
func (d *Desk) editSession(c echo.Context) error {
	g, was, err := d.sessionOf(c)
	if err != nil {
		return err
	}
	f := views.Form{Action: c.Request().URL.Path, Values: sessionValues(was)}
	f.Remember()
	f.Values.Set("version", strconv.FormatInt(was.Version, 10))
	return d.sessionForm(c, http.StatusOK, g, f)
}

// sessionOf reads the session of the address, for editing.
func (d *Desk) sessionOf(c echo.Context) (gathering, record.Session, error) {
	g, err := d.gatheringOf(c, "sessions", record.EditRound)
	for _, s := range g.sessions {
		if s.ID == c.Param("session") {
			return g, s, err
		}
	}
	if err == nil {
		err = errNothing
	}
	return g, record.Session{}, err
}

func (d *Desk) sessionForm(c echo.Context, status int, g gathering, f views.Form) error {
	p := views.SessionPage{Head: g.head, Form: f, New: c.Param("session") == "", Version: f.Values.Get("version")}
	for _, a := range g.all {
		p.Participants = append(p.Participants, views.Option{Value: a.ID, Words: g.called(a)})
	}
	return d.show(c, status, views.SessionForm(d.frame(c, roundFrame), p))
}

// addSession: POST /rounds/:id/sessions/new
func (d *Desk) addSession(c echo.Context) error {
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	g, err := d.gatheringOf(c, "sessions", record.EditRound)
	if err != nil {
		return err
	}
	s := sessionFrom(&f, g.round.ID)
	s.ID = f.Values.Get("id")
	if len(f.Faults) == 0 {
		_, err = d.Record.AddSession(c.Request().Context(), d.actor(c), s)
	}
	return d.sessionSaved(c, g, f, err)
}

// saveSession: POST /rounds/:id/sessions/:session
func (d *Desk) saveSession(c echo.Context) error {
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	g, was, err := d.sessionOf(c)
	if err != nil {
		return err
	}
	s := sessionFrom(&f, g.round.ID)
	s.ID, s.Version = was.ID, version(f)
	if len(f.Faults) == 0 {
		_, err = d.Record.EditSession(c.Request().Context(), d.actor(c), s)
	}
	if fault.KindOf(err) == fault.Conflict {
		words := map[string]string{}
		for _, a := range g.all {
			words[a.ID] = g.called(a)
		}
		return d.conflict(c, f, sessionValues(was), was.Version, merging{
			title: "Session", back: views.RoundPath(g.round.ID, "sessions"), label: fieldLabel, words: words,
			public: func(string) bool { return false },
		})
	}
	return d.sessionSaved(c, g, f, err)
}

// sessionSaved answers a form of a session after the store did.
func (d *Desk) sessionSaved(c echo.Context, g gathering, f views.Form, err error) error {
	if faults, ok := refused(err); ok {
		f.Faults = faults
	}
	if len(f.Faults) > 0 {
		return d.sessionForm(c, http.StatusUnprocessableEntity, g, f)
	}
	if err != nil {
		return err
	}
	return done(c, views.RoundPath(g.round.ID, "sessions"), "saved")
}

// removeSession: POST /rounds/:id/sessions/:session/remove
func (d *Desk) removeSession(c echo.Context) error {
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	err = d.Record.RemoveSession(c.Request().Context(), d.actor(c), c.Param("id"), c.Param("session"), version(f))
	if err != nil {
		return err
	}
	return done(c, views.RoundPath(c.Param("id"), "sessions"), "removed")
}

// sessionValues writes a session as its form shows it.
func sessionValues(s record.Session) url.Values {
	v := url.Values{
		"title": {s.Title}, "on": {string(s.On)}, "starts": {s.Starts}, "ends": {s.Ends}, "questions": {strings.Join(s.Questions, "\n")},
		"chair": s.ChairIDs, "presenter": s.PresenterIDs, "position": {""},
	}
	if s.Position > 0 {
		v.Set("position", strconv.FormatInt(s.Position, 10))
	}
	return v
}

// sessionFrom reads what sessionValues writes. A place that is no number is a
// fault of the form.
func sessionFrom(f *views.Form, roundID string) record.Session {
	v := f.Values
	s := record.Session{
		RoundID: roundID, Title: v.Get("title"), On: record.Date(v.Get("on")), Starts: v.Get("starts"), Ends: v.Get("ends"),
		Questions: lines(v.Get("questions")), ChairIDs: f.Rows("chair"), PresenterIDs: f.Rows("presenter"),
	}
	if words := strings.TrimSpace(v.Get("position")); words != "" {
		n, err := strconv.ParseInt(words, 10, 64)
		if err != nil {
			f.Faults = append(f.Faults, views.Fault{Field: "position", Text: "Enter a number from 1 to 1000."})
		}
		s.Position = n
	}
	return s
}
