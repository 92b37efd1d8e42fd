package desk

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"track15/models/record"
	views "track15/views/desk"
)

// A gathering is a round with the people at it, as much as the person at the
// desk may read, and the words for what they point to.
type gathering struct {
	round    record.Round
	head     views.RoundHead
	all      []record.Participation
	sessions []record.Session
	people   map[string]record.Person
	bodies   map[string]record.Organisation
	sides    map[string]string
}

// gatheringOf reads the round of the address. What one may not read, or not
// edit where that is asked, does not exist.
func (d *Desk) gatheringOf(c echo.Context, tab string, act record.Act) (g gathering, err error) {
	ctx, actor := c.Request().Context(), d.actor(c)
	if g.round, g.head, err = d.openRound(c, tab); err != nil {
		return g, err
	}
	if !actor.May(act, g.round.SeriesID) || !actor.May(record.ReadRound, g.round.SeriesID) {
		return g, errNothing
	}
	if g.all, err = d.Record.Participations(ctx, actor, g.round.ID); err != nil {
		return g, err
	}
	if g.sessions, err = d.Record.Sessions(ctx, actor, g.round.ID); err != nil {
		return g, err
	}
	var ids []string
	for _, p := range g.all {
		ids = append(ids, p.PersonID)
	}
	if g.people, err = d.Record.PeopleByID(ctx, actor, ids); err != nil {
		return g, err
	}
	if g.bodies, err = d.Record.NamesOf(ctx, actor, g.round.ID); err != nil {
		return g, err
	}
	g.sides, err = d.sideNames(c, g.round.SeriesID)
	return g, err
}

func (g gathering) presence(id string) record.Presence {
	p, _ := presenceOf(g.round, id)
	return p
}

func (g gathering) bodyName(p record.Presence) string { return bodyName(p, g.bodies) }

// codes are the participations with the ids as a table names them: "K1, N2".
func (g gathering) codes(ids []string) string {
	var out []string
	for _, p := range g.all {
		if slices.Contains(ids, p.ID) {
			out = append(out, p.Code)
		}
	}
	return strings.Join(out, ", ")
}

// called is a participation in a list: its code and its name.
func (g gathering) called(p record.Participation) string {
	if name := g.people[p.PersonID].Name(); name != "" {
		return p.Code + " " + name
	}
	return p.Code
}

// participants: GET /rounds/:id/participants
func (d *Desk) participants(c echo.Context) error {
	g, err := d.gatheringOf(c, "participants", record.ReadRound)
	if err != nil {
		return err
	}
	actor := d.actor(c)
	p := views.ParticipantsPage{
		Head: g.head, ReadTrue: actor.May(record.ReadTrue, g.round.SeriesID), CanEdit: actor.May(record.EditRound, g.round.SeriesID),
		People: actor.MayAnywhere(record.ReadDirectory),
	}
	open := 0
	for _, a := range g.all {
		if a.Name.State == record.ClearanceRequested {
			open++
		}
		p.Rows = append(p.Rows, g.row(a))
	}
	switch open {
	case 0:
	case 1:
		p.Open = "1 name clearance open"
	default:
		p.Open = strconv.Itoa(open) + " name clearances open"
	}
	if p.Sessions, err = d.sessionRows(c, g); err != nil {
		return err
	}
	if p.Panel, err = d.panel(c, g.round); err != nil {
		return err
	}
	return d.show(c, http.StatusOK, views.Participants(d.frame(c, roundFrame), p))
}

func (g gathering) row(a record.Participation) views.ParticipantRow {
	who, badge, truth := g.people[a.PersonID], g.presence(a.PresenceID), g.presence(a.TruePresenceID)
	shown := badge
	if truth.ID != "" {
		shown = truth
	}
	return views.ParticipantRow{
		ID: a.ID, Code: a.Code, Name: who.Name(), PersonID: who.ID, Native: who.Native, Head: a.Head,
		Badge: g.bodyName(badge), True: g.bodyName(truth), Capacity: a.Capacity, Post: a.Post, Side: g.sides[a.SideID],
		Label: views.LabelWords[shown.Label], Shown: publicForm(shown, g.bodies, g.sides), State: a.Name.State,
	}
}

// sessionRows are the sessions of a round with the rule that holds in each.
func (d *Desk) sessionRows(c echo.Context, g gathering) ([]views.SessionRow, error) {
	rules, err := d.Record.RoundRules(c.Request().Context(), d.actor(c), g.round.ID)
	var out []views.SessionRow
	for _, s := range g.sessions {
		out = append(out, views.SessionRow{
			ID: s.ID, When: sessionTime(s), Title: s.Title, Rule: views.RulesName(rules.Book.At(s.ID, "")),
			Chairs: g.codes(s.ChairIDs), Presents: g.codes(s.PresenterIDs), Questions: s.Questions,
		})
	}
	return out, err
}

// sessionTime writes when a session is: "Wed 25, 09:30".
func sessionTime(s record.Session) string {
	when := string(s.On)
	if s.On.Precision() == record.Day {
		when = s.On.First().Format("Mon 2 Jan")
	}
	at := s.Starts
	if s.Ends != "" {
		at += "–" + s.Ends
	}
	return strings.Trim(when+", "+at, ", ")
}
