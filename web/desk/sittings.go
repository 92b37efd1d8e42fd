package desk

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"track15/models/fault"
	"track15/models/minutes"
	"track15/models/record"
	"track15/models/recordstore"
	views "track15/views/desk"
)

// sittingFrame is the frame of the pages of notes.
var sittingFrame = views.Frame{Title: "Live notes", What: "Off the record. What was sent is sealed on the server.", Section: views.Rounds, Live: true}

// sitting: GET /sittings/:session
func (d *Desk) sitting(c echo.Context) error {
	return d.sittingPage(c, http.StatusOK, views.Form{Action: c.Request().URL.Path, Values: url.Values{}})
}

func (d *Desk) sittingPage(c echo.Context, status int, f views.Form) error {
	s, err := d.Record.Sitting(c.Request().Context(), d.actor(c), c.Param("session"))
	if err != nil {
		return err
	}
	all, err := d.Record.NotesOf(c.Request().Context(), d.actor(c), s.Session.ID)
	if err != nil {
		return err
	}
	p := views.SittingPage{Form: f, Sitting: s, At: d.clockAt(s), Lines: noteLines(s, all)}
	for _, v := range s.Speakers {
		p.Voices = append(p.Voices, views.Voice{Code: v.Code, Says: speakerWords(s, v), Track: v.Track})
	}
	if p.Takers, err = d.takers(c, s); err != nil {
		return err
	}
	for _, name := range []string{"id", "batch"} {
		if f.Values.Get(name) == "" {
			f.Values.Set(name, recordstore.NewID())
		}
	}
	if n := len(p.Lines); n > recentLines && c.QueryParam("all") == "" {
		p.Lines, p.Before = p.Lines[n-recentLines:], n-recentLines
	}
	if n := len(all); n > 0 {
		p.Paused = all[n-1].Kind == record.Paused
	}
	for _, x := range all {
		p.Last = max(p.Last, x.Position)
	}
	return d.show(c, status, views.Sitting(d.frame(c, sittingFrame), p))
}

// recentLines is how many lines the page of a sitting shows before it is asked
// for all of them.
const recentLines = 300

// clockAt is the time at the round's place now: "2026-03-25T11:25".
func (d *Desk) clockAt(s record.Sitting) string {
	return d.Clock().In(placeOf(s.TimeZone)).Format("2006-01-02T15:04")
}

func placeOf(zone string) *time.Location {
	if place, err := time.LoadLocation(zone); err == nil {
		return place
	}
	return time.UTC
}

// noteLines writes interventions as a page shows them, in the time of the
// round's place.
func noteLines(s record.Sitting, all []record.Intervention) []views.NoteLine {
	place := placeOf(s.TimeZone)
	codes := map[string]bool{}
	for _, speaker := range s.Speakers {
		codes[speaker.Code] = true
	}
	var out []views.NoteLine
	for _, x := range all {
		out = append(out, views.NoteLine{
			Intervention: x, At: time.UnixMicro(x.Said).In(place).Format("15:04"), Unknown: x.SpeakerID == "" && !codes[x.Code],
		})
	}
	return out
}

// logLine: POST /sittings/:session, one line of a form.
func (d *Desk) logLine(c echo.Context) error {
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	v := f.Values
	l := recordstore.Line{ID: v.Get("id"), Kind: record.InterventionKind(v.Get("kind")), Typed: record.Typed{Speaker: v.Get("speaker"), Text: v.Get("text")}}
	results, err := d.Record.TakeDown(c.Request().Context(), d.actor(c), c.Param("session"), 0, []recordstore.Line{l})
	if err == nil {
		err = results[l.ID]
	}
	if faults, ok := refused(err); ok {
		f.Faults = faults
		return d.sittingPage(c, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, f.Action+"#f-text")
}

// logLines: POST /sittings/:session/lines, what the page's script kept: rows of
// id, at, kind, speaker and text. The answer holds the lines since the position
// that the page has seen, and why one was not taken.
func (d *Desk) logLines(c echo.Context) error {
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	sent, err := strconv.ParseInt(f.Values.Get("sent"), 10, 64)
	rows := [][]string{f.Values["at"], f.Values["kind"], f.Values["speaker"], f.Values["text"]}
	lines := make([]recordstore.Line, len(f.Values["id"]))
	for i, id := range f.Values["id"] {
		if slices.ContainsFunc(rows, func(r []string) bool { return len(r) != len(lines) }) {
			return fault.Errorf(fault.Invalid, "The form is damaged. Open it again.")
		}
		at, err2 := strconv.ParseInt(rows[0][i], 10, 64)
		if err != nil || err2 != nil {
			return fault.Errorf(fault.Invalid, "The form is damaged. Open it again.")
		}
		// Browsers count milliseconds.
		lines[i] = recordstore.Line{ID: id, At: at * 1000, Kind: record.InterventionKind(rows[1][i]), Typed: record.Typed{Speaker: rows[2][i], Text: rows[3][i]}}
	}
	results, err := d.Record.TakeDown(c.Request().Context(), d.actor(c), c.Param("session"), sent*1000, lines)
	if err != nil {
		return err
	}
	var out []views.RefusedLine
	var kept []string
	for _, l := range lines {
		if err := results[l.ID]; err != nil {
			out = append(out, views.RefusedLine{ID: l.ID, Why: err.Error()})
		} else {
			kept = append(kept, l.ID)
		}
	}
	err = d.linesSince(c, f.Values.Get("since"), out)
	if fault.KindOf(err) == fault.NotFound {
		// The notes were sealed while these lines waited: they are taken, and
		// nothing is shown.
		return d.show(c, http.StatusOK, views.TakenLines(kept, out))
	}
	return err
}

// newLines: GET /sittings/:session/lines, those since a position.
func (d *Desk) newLines(c echo.Context) error {
	return d.linesSince(c, c.QueryParam("since"), nil)
}

func (d *Desk) linesSince(c echo.Context, since string, refused []views.RefusedLine) error {
	after, err := strconv.ParseInt(cmp.Or(since, "0"), 10, 64)
	if err != nil {
		return fault.Errorf(fault.Invalid, "The address is not whole.")
	}
	s, err := d.Record.Sitting(c.Request().Context(), d.actor(c), c.Param("session"))
	if err != nil {
		return err
	}
	all, err := d.Record.NotesSince(c.Request().Context(), d.actor(c), s.Session.ID, after)
	if err != nil {
		return err
	}
	return d.show(c, http.StatusOK, views.NewLines(views.SittingPage{Sitting: s, At: d.clockAt(s), Lines: noteLines(s, all)}, refused))
}

// lineKey: GET /sittings/:session/key
func (d *Desk) lineKey(c echo.Context) error {
	key, err := d.Record.LineKey(c.Request().Context(), d.actor(c), c.Param("session"))
	if err != nil {
		return err
	}
	return c.Blob(http.StatusOK, echo.MIMEOctetStream, key)
}

// editLine: GET /sittings/:session/lines/:line
func (d *Desk) editLine(c echo.Context) error {
	s, x, err := d.line(c)
	if err != nil {
		return err
	}
	f := views.Form{Action: c.Request().URL.Path, Values: lineValues(x)}
	f.Remember()
	f.Values.Set("version", strconv.FormatInt(x.Version, 10))
	return d.show(c, http.StatusOK, views.EditLine(d.frame(c, sittingFrame), views.LinePage{Form: f, Sitting: s}))
}

func (d *Desk) line(c echo.Context) (record.Sitting, record.Intervention, error) {
	s, err := d.Record.Sitting(c.Request().Context(), d.actor(c), c.Param("session"))
	if err != nil {
		return s, record.Intervention{}, err
	}
	x, err := d.Record.Intervention(c.Request().Context(), d.actor(c), s.Session.ID, c.Param("line"))
	if err == nil && (!s.Takes || x.Kind != record.Remark) {
		err = errNothing
	}
	if err != nil {
		return s, record.Intervention{}, err
	}
	return s, x, nil
}

func lineValues(x record.Intervention) url.Values {
	return url.Values{"speaker": {x.Code}, "text": {x.Text}, "attribution": {string(x.Attribution)}, "lang": {x.Lang}}
}

// saveLine: POST /sittings/:session/lines/:line
func (d *Desk) saveLine(c echo.Context) error {
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	s, was, err := d.line(c)
	if err != nil {
		return err
	}
	v := f.Values
	_, err = d.Record.EditIntervention(c.Request().Context(), d.actor(c), record.Intervention{
		ID: was.ID, SessionID: s.Session.ID, Code: v.Get("speaker"), Text: v.Get("text"),
		Attribution: record.Attribution(v.Get("attribution")), Lang: v.Get("lang"), Version: version(f),
	})
	if fault.KindOf(err) == fault.Conflict {
		return d.conflict(c, f, lineValues(was), was.Version, merging{
			title: "Line of the notes", back: "/sittings/" + s.Session.ID, label: fieldLabel,
			public: func(string) bool { return false },
		})
	}
	return answered(c, f, err, "/sittings/"+s.Session.ID, "saved", func(f views.Form) error {
		return d.show(c, http.StatusUnprocessableEntity, views.EditLine(d.frame(c, sittingFrame), views.LinePage{Form: f, Sitting: s}))
	})
}

// removeLine: POST /sittings/:session/lines/:line/remove
func (d *Desk) removeLine(c echo.Context) error {
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	session := c.Param("session")
	if err := d.Record.RemoveIntervention(c.Request().Context(), d.actor(c), session, c.Param("line"), version(f)); err != nil {
		return err
	}
	return done(c, "/sittings/"+session, "removed")
}

// sealNotes: POST /sittings/:session/seal
func (d *Desk) sealNotes(c echo.Context) error {
	session := c.Param("session")
	s, err := d.Record.Sitting(c.Request().Context(), d.actor(c), session)
	if err != nil {
		return err
	}
	if err := d.Record.SealNotes(c.Request().Context(), d.actor(c), session); err != nil {
		return err
	}
	if !s.Reads {
		return done(c, "/", "sealed")
	}
	return done(c, "/sittings/"+session, "sealed")
}

// takeText: POST /sittings/:session/text, notes that were not typed live: a file,
// or text that was pasted. Each remark becomes a line, sealed at once.
func (d *Desk) takeText(c echo.Context) error {
	f, name, file, err := readUpload(c)
	if err != nil {
		return err
	}
	session := c.Param("session")
	f.Action = "/sittings/" + session
	s, err := d.Record.Sitting(c.Request().Context(), d.actor(c), session)
	if err != nil {
		return err
	}
	if len(file) == 0 {
		name, file = "", []byte(f.Values.Get("notes"))
	}
	remarks, err := minutes.Split(name, file)
	if err == nil {
		err = d.Record.TakeIn(c.Request().Context(), d.actor(c), session, linesOf(s, f.Values.Get("batch"), remarks))
	}
	return answered(c, f, err, f.Action, "taken", func(f views.Form) error {
		return d.sittingPage(c, http.StatusUnprocessableEntity, f)
	})
}

// linesOf gives remarks of a text their ids, which follow from the form that
// they came with, so that a form sent twice makes them once; and their times: as
// the text says, or when the session began.
func linesOf(s record.Sitting, batch string, remarks []minutes.Line) []recordstore.Line {
	place := placeOf(s.TimeZone)
	at := func(clock string) int64 {
		t, err := time.ParseInLocation("2006-01-02 15:04", string(s.Session.On)+" "+clock, place)
		if err != nil {
			return 0
		}
		return t.UnixMicro()
	}
	said := at(s.Session.Starts)
	lines := make([]recordstore.Line, len(remarks))
	for i, r := range remarks {
		if t := at(r.At); t != 0 {
			said = t
		}
		lines[i] = recordstore.Line{ID: recordstore.PartID(batch, i), Said: said, Typed: r.Typed}
	}
	return lines
}

// assignNotes: POST /sittings/:session/takers
func (d *Desk) assignNotes(c echo.Context) error {
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	session := c.Param("session")
	f.Action = "/sittings/" + session
	var takers []record.Taker
	for _, id := range f.Values["taker"] {
		takers = append(takers, record.Taker{AccountID: id, Reason: f.Values.Get("reason"), Until: record.Date(f.Values.Get("until"))})
	}
	err = d.Record.AssignNotes(c.Request().Context(), d.actor(c), session, takers)
	return answered(c, f, err, f.Action, "saved", func(f views.Form) error {
		return d.sittingPage(c, http.StatusUnprocessableEntity, f)
	})
}

// takers are those who can be asked to take the notes of a session, with those
// who are; none for whoever may not ask.
func (d *Desk) takers(c echo.Context, s record.Sitting) ([]views.Taker, error) {
	actor := d.actor(c)
	if !actor.May(record.AssignNotes, s.SeriesID) || !actor.May(record.ReadGrants, s.SeriesID) {
		return nil, nil
	}
	grants, err := d.Record.Grants(c.Request().Context(), actor, recordstore.GrantFilter{SeriesID: s.SeriesID, State: record.GrantGiven})
	if err != nil {
		return nil, err
	}
	var out []views.Taker
	for _, g := range grants {
		if g.Role != record.Rapporteur || !g.Holds(d.Clock()) {
			continue
		}
		takes := slices.ContainsFunc(s.Note.Takers, func(t record.Taker) bool { return t.AccountID == g.AccountID })
		out = append(out, views.Taker{ID: g.AccountID, Name: cmp.Or(g.Name, g.Email), Outside: g.Outside, Takes: takes})
	}
	return out, nil
}

// speakerWords says in general words who speaks under a code: no name.
func speakerWords(s record.Sitting, p record.Speaker) string {
	words := []string{cmp.Or(capital(p.Body), capital(p.Capacity), "Participant")}
	return strings.Join(append(words, partOf(s, p)...), ", ")
}

func partOf(s record.Sitting, p record.Speaker) (words []string) {
	if slices.Contains(s.Session.ChairIDs, p.ParticipationID) {
		words = append(words, "chair")
	}
	if p.Head {
		words = append(words, "head of delegation")
	}
	return words
}

// codes: GET /sittings/:session/codes
func (d *Desk) codes(c echo.Context) error {
	s, err := d.Record.Sitting(c.Request().Context(), d.actor(c), c.Param("session"))
	if err != nil {
		return err
	}
	names, err := d.Record.SpeakerNames(c.Request().Context(), d.actor(c), s.Session.ID)
	if err != nil {
		return err
	}
	p := views.CodesPage{Sitting: s}
	for _, side := range append(slices.Clone(s.Sides), record.Side{Name: "Others"}) {
		group := views.SeatSide{Name: side.Name}
		for _, v := range s.Speakers {
			if v.SideID == side.ID {
				group.Seats = append(group.Seats, views.Seat{
					Code: v.Code, Name: names[v.ParticipationID], Body: capital(v.Body), Track: v.Track, Says: strings.Join(partOf(s, v), ", "),
				})
			}
		}
		if len(group.Seats) > 0 {
			p.Sides = append(p.Sides, group)
		}
	}
	f := sittingFrame
	f.Live, f.Sheet = false, true
	return d.show(c, http.StatusOK, views.Codes(d.frame(c, f), p))
}
