package desk

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"

	"github.com/labstack/echo/v4"

	"track15/models/papers"
	"track15/models/papers/docx"
	"track15/models/record"
	views "track15/views/desk"
)

const docxType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

// papers: GET /rounds/:id/papers
func (d *Desk) papers(c echo.Context) error {
	r, head, err := d.openPapers(c)
	if err != nil {
		return err
	}
	f := views.Form{Action: c.Request().URL.Path, Values: url.Values{}}
	return d.papersForm(c, http.StatusOK, r, head, f)
}

// openPapers reads the round of the address for those who read all of it.
func (d *Desk) openPapers(c echo.Context) (record.Round, views.RoundHead, error) {
	r, head, err := d.openRound(c, "papers")
	if err == nil && !d.actor(c).May(record.MakePaper, r.SeriesID) {
		err = errNothing
	}
	return r, head, err
}

func (d *Desk) papersForm(c echo.Context, status int, r record.Round, head views.RoundHead, f views.Form) error {
	series, err := d.Record.Series(c.Request().Context(), d.actor(c), r.SeriesID)
	if err != nil {
		return err
	}
	p := views.PapersPage{Head: head, Form: f, Recipients: []views.Option{{Words: "Choose"}}}
	for _, k := range papers.Kinds {
		p.Kinds = append(p.Kinds, views.Option{Value: string(k), Words: capital(string(k))})
	}
	for _, to := range papers.Recipients {
		p.Recipients = append(p.Recipients, views.Option{Value: string(to), Words: capital(string(to))})
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
	r, head, err := d.openPapers(c)
	if err != nil {
		return err
	}
	m, err := d.material(c, r, f.Values.Get("side"))
	if err != nil {
		return err
	}
	paper, err := papers.Make(papers.Kind(f.Values.Get("kind")), papers.Recipient(f.Values.Get("recipient")), m)
	if faults, ok := refused(err); ok {
		f.Faults = faults
		return d.papersForm(c, http.StatusUnprocessableEntity, r, head, f)
	}
	if err != nil {
		return err
	}
	if err := d.Record.NotePaper(c.Request().Context(), d.actor(c), r.ID); err != nil {
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
	return d.show(c, http.StatusOK, views.PaperSheet(d.frame(c, frame), views.PaperPage{Head: head, Form: f, Paper: paper}))
}

// material gathers what papers of a round are made of: badges, never true
// affiliations, also for those who may read them.
func (d *Desk) material(c echo.Context, r record.Round, ownSide string) (papers.Material, error) {
	ctx, actor := c.Request().Context(), d.actor(c)
	series, err := d.Record.Series(ctx, actor, r.SeriesID)
	if err != nil {
		return papers.Material{}, err
	}
	participations, err := d.Record.Participations(ctx, actor, r.ID)
	if err != nil {
		return papers.Material{}, err
	}
	sessions, err := d.Record.Sessions(ctx, actor, r.ID)
	if err != nil {
		return papers.Material{}, err
	}
	var who []string
	for _, p := range participations {
		who = append(who, p.PersonID)
	}
	people, err := d.Record.PeopleByID(ctx, actor, who)
	if err != nil {
		return papers.Material{}, err
	}
	bodies, err := d.Record.NamesOf(ctx, actor, r.ID)
	if err != nil {
		return papers.Material{}, err
	}
	m := papers.Material{
		House: d.House, Series: series.Name, Label: r.OrdinalLabel, Dates: dates(r), City: whereabouts(r, series), Venue: r.Venue,
		Topics: r.Topics, Rules: r.Rules.Lifted(d.Clock()),
	}
	sides := map[string]string{}
	for _, side := range series.Sides {
		m.Sides = append(m.Sides, side.Name)
		sides[side.ID] = side.Name
	}
	m.Own = sides[ownSide]
	guests := map[string]papers.Guest{}
	for _, p := range participations {
		person, known := people[p.PersonID]
		if !known {
			continue // somebody who is not recorded has no name to print
		}
		g := papers.Guest{
			Name: person.Name(), Native: person.Native, Honorific: person.Honorific, Post: p.Post, Side: sides[p.SideID],
			Capacity: p.Capacity, State: p.State, Head: p.Head, NameGiven: p.Name.Given(), BodyGiven: p.Affiliation.Given(),
		}
		i := slices.IndexFunc(r.Presences, func(b record.Presence) bool { return b.ID == p.PresenceID })
		if i >= 0 && r.Presences[i].AttendsThroughID == "" {
			b := r.Presences[i]
			g.Body = b.Words
			if b.OrganisationID != "" {
				g.Body = bodies[b.OrganisationID].Name
			}
			g.BodyShown = b.Label == record.Exact
		}
		guests[p.ID] = g
		m.Guests = append(m.Guests, g)
	}
	for _, s := range sessions {
		m.Agenda = append(m.Agenda, papers.Sitting{Session: s, Chairs: these(guests, s.ChairIDs), Presenters: these(guests, s.PresenterIDs)})
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
