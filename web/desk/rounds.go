package desk

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"track15/models/fault"
	"track15/models/published"
	"track15/models/record"
	"track15/models/recordstore"
	"track15/views/components"
	views "track15/views/desk"
)

var roundFrame = views.Frame{Title: "Round", What: "One round of a series", Section: views.Rounds}

// formatOptions are how a round can meet.
var formatOptions = []views.Option{{Words: "Not stated"}, {Value: "in person", Words: "In person"}, {Value: "virtual", Words: "Virtual"}, {Value: "hybrid", Words: "Hybrid"}}

// findRounds: POST /rounds seals the words and leads to the list.
func (d *Desk) findRounds(c echo.Context) error {
	return d.find(c, "/rounds", roundFilters...)
}

// roundFilters are the choices that the list of rounds has in its address.
var roundFilters = []string{"series", "state", "side", "capacity", "country", "since", "until", "alone"}

// rounds: GET /rounds
func (d *Desk) rounds(c echo.Context) error {
	ctx, actor := c.Request().Context(), d.actor(c)
	n, err := page(c)
	if err != nil {
		return err
	}
	words, known := d.words.open(c.QueryParam("find"))
	by, knownBy := d.words.open(c.QueryParam("by"))
	who, knownWho := d.words.open(c.QueryParam("who"))
	if !known || !knownBy || !knownWho {
		return c.Redirect(http.StatusSeeOther, "/rounds")
	}
	filter := recordstore.RoundFilter{
		Query: words, SeriesID: c.QueryParam("series"), State: record.RoundState(c.QueryParam("state")),
		OrganisationID: c.QueryParam("organisation"), Alone: c.QueryParam("alone") == "1", SideID: c.QueryParam("side"),
		Capacity: record.Capacity(c.QueryParam("capacity")), Country: strings.ToUpper(c.QueryParam("country")), Page: n, PerPage: perPage,
	}
	p := views.RoundsPage{States: after("Any state", optionsOf(record.RoundStates, capital)), CanLog: actor.MayAnywhere(record.EditRound)}
	if by != "" || filter.OrganisationID != "" {
		if by, p.Bodies, err = d.meant(c, by, &filter); err != nil {
			return err
		}
	}
	if actor.MayAnywhere(record.ReadRound) {
		if filter.PersonID, who, p.People, err = d.meantPerson(c, who); err != nil {
			return err
		}
	}
	p.Form = views.Form{Values: url.Values{"q": {words}, "organisation": {by}, "person": {who}}}
	p.Asked = words != "" || by != "" || who != "" || filter.OrganisationID != ""
	for _, name := range roundFilters {
		p.Form.Values.Set(name, c.QueryParam(name))
		p.Asked = p.Asked || c.QueryParam(name) != ""
	}
	filter.Since, filter.Until = yearAsked(&p.Form, "since"), yearAsked(&p.Form, "until")
	var missed []string
	if filter.Query != "" || filter.OrganisationID != "" {
		if missed, err = d.missed(c); err != nil {
			return err
		}
	}
	if asFile(c) {
		// A file does not say that some may be missing.
		if len(missed) > 0 {
			return fault.Errorf(fault.Unavailable, "%s", missed[0])
		}
		return d.roundsFile(c, filter)
	}
	rows, total, err := d.Record.Rounds(ctx, actor, filter)
	if err != nil {
		return err
	}
	if n > pages(total, perPage) {
		return errNothing
	}
	series, err := d.seriesByID(c)
	if err != nil {
		return err
	}
	for _, r := range rows {
		s := series[r.SeriesID]
		p.Rows = append(p.Rows, views.RoundRow{
			Round: r, Series: s.Name, Name: roundName(r), Dates: dates(r), Place: whereabouts(r, s), State: capital(r.State),
		})
	}
	p.Series = after("Any series", seriesOptions(series))
	if _, sides := d.sideOptions(c, series); actor.MayAnywhere(record.ReadRound) {
		p.Sides, p.Capacities = after("Any side", sides), after("Any capacity", optionsOf(record.Capacities[1:], capital))
	}
	p.Pager = d.pager(c, n, perPage, len(rows), total, "rounds")
	p.Download = d.downloadForm(c)
	f := d.frame(c, views.Frame{Title: "Rounds", What: "Rounds of the series you can open", Section: views.Rounds, Here: true})
	f.Missed = missed
	return d.show(c, http.StatusOK, views.RoundList(f, p))
}

// meant settles which organisation a filter means: the one named by id, or the
// one that the words name. Words that can mean several are offered; until one
// is chosen the list is of the first.
func (d *Desk) meant(c echo.Context, words string, filter *recordstore.RoundFilter) (shown string, offered []views.Picked, err error) {
	if filter.OrganisationID != "" {
		chosen, err := d.bodies(c, []string{filter.OrganisationID})
		return chosen[filter.OrganisationID].Name, nil, err
	}
	if !d.actor(c).MayAnywhere(record.ReadDirectory) {
		filter.Query = strings.TrimSpace(filter.Query + " " + words)
		return words, nil, nil
	}
	found, _, err := d.Record.Organisations(c.Request().Context(), d.actor(c), recordstore.OrganisationFilter{Query: words, PerPage: offeredMost})
	if err != nil {
		return words, nil, err
	}
	exact := slices.DeleteFunc(slices.Clone(found), func(o record.Organisation) bool { return !isCalled(o, words) })
	if len(exact) == 1 {
		found = exact
	}
	if len(found) == 0 {
		filter.OrganisationID = "none" // no identifier: an organisation that is nowhere
		return words, nil, nil
	}
	filter.OrganisationID = found[0].ID
	for _, o := range found {
		offered = append(offered, views.Picked{ID: o.ID, Name: o.Name, Beside: " (" + picked(o).Beside + ")"})
	}
	return words, offered, nil
}

// seriesByID returns the series a person may open.
func (d *Desk) seriesByID(c echo.Context) (map[string]record.Series, error) {
	all, err := d.Record.AllSeries(c.Request().Context(), d.actor(c))
	byID := make(map[string]record.Series, len(all))
	for _, s := range all {
		byID[s.ID] = s
	}
	return byID, err
}

// seriesOptions lists series by name.
func seriesOptions(series map[string]record.Series) []views.Option {
	out := make([]views.Option, 0, len(series))
	for id, s := range series {
		out = append(out, views.Option{Value: id, Words: s.Name})
	}
	slices.SortFunc(out, func(a, b views.Option) int { return strings.Compare(a.Words+a.Value, b.Words+b.Value) })
	return out
}

// roundName is what a page calls a round among those of its series.
func roundName(r record.Round) string {
	switch {
	case r.InternalTitle != "":
		return r.InternalTitle
	case r.OrdinalLabel != "":
		return capital(r.OrdinalLabel)
	case dates(r) != "":
		return "Round of " + dates(r)
	}
	return "Round without a date"
}

// dates writes when a round meets.
func dates(r record.Round) string {
	return components.Dates(published.Dates{
		Opens: string(r.Opens), Closes: string(r.Closes), NotBefore: string(r.NotBefore), NotAfter: string(r.NotAfter),
	})
}

// whereabouts writes where a round meets, without its venue. A country whose
// code has no name is called like the side that it forms in the series.
func whereabouts(r record.Round, s record.Series) string {
	country := components.Country(r.Country)
	for _, side := range s.Sides {
		if country == "" && r.Country != "" && side.Country == r.Country {
			country = side.Name
		}
	}
	return strings.Trim(r.City+", "+country, ", ")
}

// round: GET /rounds/:id
func (d *Desk) round(c echo.Context) error {
	r, head, err := d.openRound(c, "")
	if err != nil {
		return err
	}
	series, err := d.seriesByID(c)
	if err != nil {
		return err
	}
	actor, in := d.actor(c), series[r.SeriesID]
	p := views.FactsPage{Head: head, Summary: r.Summary, Sources: r.Sources, CanEdit: actor.May(record.EditRound, r.SeriesID)}
	p.Facts = []views.Fact{
		{Label: "State", Value: capital(r.State)},
		{Label: "Dates", Value: dates(r)},
	}
	if actor.May(record.ReadDisclosed, r.SeriesID) {
		p.Facts = append(p.Facts,
			views.Fact{Label: "Number said", Value: r.OrdinalLabel},
			views.Fact{Label: "Place", Value: whereabouts(r, in)},
			views.Fact{Label: "Format", Value: r.Format},
			views.Fact{Label: "Track", Value: r.Track},
			views.Fact{Label: "Topics", Lines: r.Topics})
	}
	if actor.May(record.ReadRound, r.SeriesID) {
		p.Facts = append(p.Facts,
			views.Fact{Label: "Internal title", Value: r.InternalTitle, Never: true},
			views.Fact{Label: "Venue", Value: r.Venue, Never: true},
			views.Fact{Label: "Internal order", Value: strconv.FormatInt(r.Sequence, 10), Never: true})
		p.Facts = append(p.Facts, besideFacts(r, in)...)
	}
	if p.Panel, err = d.panel(c, r); err != nil {
		return err
	}
	return d.show(c, http.StatusOK, views.Facts(d.frame(c, roundFrame), p))
}

// openRound reads the round of the address, as much as the person may read, and
// the top of its pages.
func (d *Desk) openRound(c echo.Context, tab string) (record.Round, views.RoundHead, error) {
	r, err := d.Record.Round(c.Request().Context(), d.actor(c), c.Param("id"))
	if err != nil {
		return r, views.RoundHead{}, err
	}
	head, err := d.roundHead(c, r, tab)
	return r, head, err
}

// roundHead is the top of a page of a round.
func (d *Desk) roundHead(c echo.Context, r record.Round, tab string) (views.RoundHead, error) {
	ctx, actor := c.Request().Context(), d.actor(c)
	h := views.RoundHead{
		ID: r.ID, Title: roundName(r), SeriesID: r.SeriesID, Sample: r.Sample, Compiled: r.Compiled, Tab: tab,
		Organisations: len(r.Presences),
		Tabs: map[string]bool{
			"": true, "rules": actor.May(record.ReadDisclosed, r.SeriesID), "organisations": actor.May(record.ReadDisclosed, r.SeriesID),
			"drafts": actor.May(record.ReadDraft, r.SeriesID), "release": actor.May(record.ReadRelease, r.SeriesID),
			"participants": actor.May(record.ReadRound, r.SeriesID), "sessions": actor.May(record.ReadRound, r.SeriesID),
			"notes":   actor.May(record.ReadNotes, r.SeriesID),
			"papers":  actor.May(record.MakePaper, r.SeriesID),
			"history": actor.May(record.ReadRound, r.SeriesID),
			"access":  actor.May(record.EditRound, r.SeriesID),
		},
	}
	series, err := d.seriesByID(c)
	if err != nil {
		return h, err
	}
	h.Series = series[r.SeriesID].Name
	if err := d.countOpeners(c, r.SeriesID); err != nil {
		return h, err
	}
	h.Says = capital(r.State)
	if when := dates(r); when != "" {
		h.Says += ", " + when
	}
	h.Says += "."
	if h.Tabs["rules"] {
		h.Rule = views.RulesName(r.Rules)
	}
	if h.Tabs["participants"] {
		rules, err := d.Record.RoundRules(ctx, actor, r.ID)
		if err != nil {
			return h, err
		}
		if n := len(rules.ReadOuts); n > 0 {
			h.ReadOn = components.Dates(published.Dates{Opens: rules.ReadOuts[n-1].At[:len("2006-01-02")]})
		}
		all, err := d.Record.Participations(ctx, actor, r.ID)
		if err != nil {
			return h, err
		}
		sessions, err := d.Record.Sessions(ctx, actor, r.ID)
		if err != nil {
			return h, err
		}
		h.Participants, h.Sessions = len(all), len(sessions)
	}
	if h.Tabs["drafts"] {
		_, h.Drafts, err = d.Record.Outputs(ctx, actor, recordstore.OutputFilter{RoundID: r.ID, PerPage: 1})
	}
	return h, err
}

// newRound: GET /rounds/new
func (d *Desk) newRound(c echo.Context) error {
	values := roundValues(record.Round{State: record.Held, Track: "1.5"}, record.Series{})
	values.Set("id", recordstore.NewID())
	values.Set("series", c.QueryParam("series"))
	return d.roundForm(c, http.StatusOK, views.Form{Action: "/rounds/new", Values: values})
}

// editRound: GET /rounds/:id/edit
func (d *Desk) editRound(c echo.Context) error {
	r, err := d.Record.Round(c.Request().Context(), d.actor(c), c.Param("id"))
	if err != nil {
		return err
	}
	if !d.actor(c).May(record.EditRound, r.SeriesID) {
		return errNothing
	}
	series, err := d.seriesByID(c)
	if err != nil {
		return err
	}
	f := views.Form{Action: c.Request().URL.Path, Values: roundValues(r, series[r.SeriesID])}
	f.Remember()
	f.Values.Set("version", strconv.FormatInt(r.Version, 10))
	return d.roundForm(c, http.StatusOK, f)
}

func (d *Desk) roundForm(c echo.Context, status int, f views.Form) error {
	p := views.RoundFormPage{
		Form: f, States: optionsOf(record.RoundStates, capital), Formats: formatOptions, Tracks: trackOptions, Back: "/rounds",
		SideDates: sideDateRows, Margins: marginRows, Preparations: preparationRows, Heads: headFields(),
	}
	series, err := d.seriesByID(c)
	if err != nil {
		return err
	}
	if c.Param("id") != "" {
		r, head, err := d.openRound(c, "")
		if err != nil {
			return err
		}
		p.Head, p.Back = &head, views.RoundPath(head.ID, "")
		p.SideDates.Named = map[string]string{}
		for _, side := range series[r.SeriesID].Sides {
			p.SideDates.Named[side.ID] = side.Name
		}
	} else {
		for id := range series {
			if !d.actor(c).May(record.EditRound, id) {
				delete(series, id)
			}
		}
		p.Series = after("Choose a series", seriesOptions(series))
	}
	return d.show(c, status, views.RoundForm(d.frame(c, roundFrame), p))
}

// logRound: POST /rounds/new
func (d *Desk) logRound(c echo.Context) error {
	return d.sendRound(c, d.Record.LogRound)
}

// saveRound: POST /rounds/:id/edit
func (d *Desk) saveRound(c echo.Context) error {
	return d.sendRound(c, d.Record.EditRound)
}

func (d *Desk) sendRound(c echo.Context, store roundStore) error {
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	if more(&f) {
		return d.roundForm(c, http.StatusOK, f)
	}
	r := roundOf(&f)
	if len(f.Faults) > 0 {
		return d.roundForm(c, http.StatusUnprocessableEntity, f)
	}
	r.ID, r.Version = f.Values.Get("id"), version(f)
	if own := c.Param("id"); own != "" {
		r.ID = own
	} else {
		series, err := d.seriesByID(c)
		if err != nil {
			return err
		}
		in, known := series[r.SeriesID]
		if !known {
			f.Faults = []views.Fault{{Field: "series", Text: "Choose a series."}}
			return d.roundForm(c, http.StatusUnprocessableEntity, f)
		}
		r.Sample = in.Sample // what is invented stays marked as such
	}
	r, err = store(c.Request().Context(), d.actor(c), r)
	if fault.KindOf(err) == fault.Conflict && c.Param("id") != "" {
		return d.roundConflict(c, f)
	}
	return answered(c, f, err, views.RoundPath(r.ID, ""), "saved", func(f views.Form) error {
		return d.roundForm(c, http.StatusUnprocessableEntity, f)
	})
}

func (d *Desk) roundConflict(c echo.Context, f views.Form) error {
	now, err := d.Record.Round(c.Request().Context(), d.actor(c), c.Param("id"))
	if err != nil {
		return err
	}
	series, err := d.seriesByID(c)
	if err != nil {
		return err
	}
	in, words := series[now.SeriesID], map[string]string{}
	for _, side := range in.Sides {
		words[side.ID] = side.Name
	}
	private := []string{"internal_title", "venue", "state", "sources", "time_zone", "side_date", "headcount", "margin", "preparation"}
	return d.conflict(c, f, roundValues(now, in), now.Version, merging{
		title: "Facts of the round", back: views.RoundPath(now.ID, ""), label: fieldLabels(words), rows: []string{"margin", "preparation"}, words: words,
		public: func(field string) bool {
			kind, _, _ := strings.Cut(field, ".")
			return !slices.Contains(private, kind)
		},
	})
}
