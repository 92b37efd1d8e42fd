package desk

import (
	"bytes"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"track15/models/papers"
	"track15/models/papers/docx"
	"track15/models/record"
	views "track15/views/desk"
)

const docxType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

// papers: GET /rounds/:id/papers
func (d *Desk) papers(c echo.Context) error {
	g, err := d.gatheringOf(c, "papers", record.MakePaper)
	if err != nil {
		return err
	}
	return d.papersForm(c, http.StatusOK, g, views.Form{Action: c.Request().URL.Path, Values: url.Values{}})
}

func (d *Desk) papersForm(c echo.Context, status int, g gathering, f views.Form) error {
	series, err := d.Record.Series(c.Request().Context(), d.actor(c), g.round.SeriesID)
	if err != nil {
		return err
	}
	p := views.PapersPage{
		Head: g.head, Form: f, Kinds: optionsOf(papers.Kinds, capital), Recipients: after("Choose", optionsOf(papers.Recipients, capital)),
	}
	for _, side := range series.Sides {
		p.Sides = append(p.Sides, views.Option{Value: side.ID, Words: side.Name})
	}
	return d.show(c, status, views.Papers(d.frame(c, roundFrame), p))
}

// makePaper: POST /rounds/:id/papers answers with the paper itself, so that no
// address holds it, and writes down that it was made.
func (d *Desk) makePaper(c echo.Context) error {
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	g, err := d.gatheringOf(c, "papers", record.MakePaper)
	if err != nil {
		return err
	}
	m, err := d.material(c, g, f.Values.Get("side"))
	if err != nil {
		return err
	}
	paper, err := papers.Make(papers.Kind(f.Values.Get("kind")), papers.Recipient(f.Values.Get("recipient")), m)
	if faults, ok := refused(err); ok {
		f.Faults = faults
		return d.papersForm(c, http.StatusUnprocessableEntity, g, f)
	}
	if err != nil {
		return err
	}
	if err := d.Record.NotePaper(c.Request().Context(), d.actor(c), g.round.ID); err != nil {
		return err
	}
	if f.Values.Get("as") == "word" {
		var b bytes.Buffer
		if err := docx.Write(&b, paper.Document()); err != nil {
			return err
		}
		c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="paper.docx"`)
		return c.Blob(http.StatusOK, docxType, b.Bytes())
	}
	frame := roundFrame
	frame.Sheet = true
	return d.show(c, http.StatusOK, views.PaperSheet(d.frame(c, frame), views.PaperPage{Head: g.head, Form: f, Paper: paper}))
}

// material gathers what papers of a round are made of: badges, never true
// affiliations, also for those who may read them.
func (d *Desk) material(c echo.Context, g gathering, ownSide string) (papers.Material, error) {
	series, err := d.Record.Series(c.Request().Context(), d.actor(c), g.round.SeriesID)
	if err != nil {
		return papers.Material{}, err
	}
	r := g.round
	rules, err := d.Record.RoundRules(c.Request().Context(), d.actor(c), r.ID)
	if err != nil {
		return papers.Material{}, err
	}
	m := papers.Material{
		House: d.House, Series: series.Name, Label: r.OrdinalLabel, Dates: dates(r), City: whereabouts(r, series), Venue: r.Venue,
		Topics: r.Topics, Rules: r.Rules.Lifted(d.Clock()), Own: g.sides[ownSide],
	}
	for _, side := range series.Sides {
		m.Sides = append(m.Sides, side.Name)
	}
	guests := map[string]papers.Guest{}
	for _, p := range g.all {
		person, known := g.people[p.PersonID]
		if !known {
			continue // somebody who is not recorded has no name to print
		}
		guest := papers.Guest{
			Name: person.Name(), Native: person.Native, Honorific: person.Honorific, Post: p.Post, Side: g.sides[p.SideID],
			Capacity: p.Capacity, State: p.State, Head: p.Head, NameGiven: p.Name.Given(), BodyGiven: p.Affiliation.Given(),
		}
		if badge := g.presence(p.PresenceID); badge.AttendsThroughID == "" {
			guest.Body, guest.BodyShown = g.bodyName(badge), badge.Label == record.Exact
		}
		guests[p.ID] = guest
		m.Guests = append(m.Guests, guest)
	}
	for _, s := range g.sessions {
		m.Agenda = append(m.Agenda, papers.Sitting{Session: s, Rules: rules.Book.Of(s.ID).Common(d.Clock()), Chairs: these(guests, s.ChairIDs), Presenters: these(guests, s.PresenterIDs)})
	}
	return m, nil
}

func these(guests map[string]papers.Guest, ids []string) (all []papers.Guest) {
	for _, id := range ids {
		if g, ok := guests[id]; ok {
			all = append(all, g)
		}
	}
	return all
}
