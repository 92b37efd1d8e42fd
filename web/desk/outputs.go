package desk

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"track15/models/fault"
	"track15/models/record"
	"track15/models/recordstore"
	views "track15/views/desk"
)

// outputFilters are the choices that the register of texts has in its address.
var outputFilters = []string{"series", "kind", "whose", "standing", "since", "until"}

// whoseOptions tell the house's own texts from those of others.
var whoseOptions = []views.Option{{Words: "Anybody's"}, {Value: "ours", Words: "Ours"}, {Value: "others", Words: "Published by others"}}

// findOutputs: POST /outputs seals the words and leads to the register.
func (d *Desk) findOutputs(c echo.Context) error {
	return d.find(c, "/outputs", outputFilters...)
}

// outputs: GET /outputs
func (d *Desk) outputs(c echo.Context) error {
	n, err := page(c)
	if err != nil {
		return err
	}
	words, known := d.words.open(c.QueryParam("find"))
	if !known {
		return c.Redirect(http.StatusSeeOther, "/outputs")
	}
	p := views.OutputsPage{Form: views.Form{Values: url.Values{"q": {words}}}, Asked: words != ""}
	for _, name := range outputFilters {
		p.Form.Values.Set(name, c.QueryParam(name))
		p.Asked = p.Asked || c.QueryParam(name) != ""
	}
	asked := p.Form.Values.Get
	filter := recordstore.OutputFilter{
		Query: words, SeriesID: asked("series"), Kind: record.OutputKind(asked("kind")), Standing: record.Standing(asked("standing")),
		Ours: asked("whose") == "ours", Others: asked("whose") == "others",
		Since: yearAsked(&p.Form, "since"), Until: yearAsked(&p.Form, "until"), Page: n, PerPage: perPage,
	}
	if asFile(c) {
		return d.outputsFile(c, filter)
	}
	p.Download = d.downloadForm(c)
	all, total, err := d.Record.Outputs(c.Request().Context(), d.actor(c), filter)
	if err != nil {
		return err
	}
	if n > pages(total, perPage) {
		return errNothing
	}
	if p.Rows, err = d.draftRows(c, all); err != nil {
		return err
	}
	series, err := d.seriesByID(c)
	if err != nil {
		return err
	}
	for _, o := range seriesOptions(series) {
		if d.actor(c).May(record.ReadDraft, o.Value) {
			p.Series = append(p.Series, o)
		}
		if d.actor(c).May(record.EditDraft, o.Value) {
			p.CanEdit = append(p.CanEdit, o)
		}
	}
	p.Series = after("Any series", p.Series)
	p.Kinds, p.Whose = after("Any kind", optionsOf(record.OutputKinds, capital)), whoseOptions
	p.Standings = after("Released or not", optionsOf(record.Standings, capital))
	p.Pager = d.pager(c, n, perPage, len(p.Rows), total, "texts")
	f := d.frame(c, views.Frame{Title: "Texts", What: "Texts about the rounds and series you can open", Section: views.Texts, Here: true})
	return d.show(c, http.StatusOK, views.OutputList(f, p))
}

// draftRows says of each text what it is about and who saved it.
func (d *Desk) draftRows(c echo.Context, all []record.Output) ([]views.DraftRow, error) {
	series, err := d.seriesByID(c)
	if err != nil {
		return nil, err
	}
	rounds, names := map[string]string{}, map[string]string{}
	rows := make([]views.DraftRow, 0, len(all))
	for _, o := range all {
		about := series[o.SeriesID].Name
		if o.RoundID != "" {
			if _, known := rounds[o.RoundID]; !known {
				r, err := d.Record.Round(c.Request().Context(), d.actor(c), o.RoundID)
				if err != nil && fault.KindOf(err) != fault.NotFound {
					return nil, err
				}
				rounds[o.RoundID] = roundName(r)
			}
			about += ", " + rounds[o.RoundID]
		}
		saved, err := d.saved(c, o.Draft, names)
		if err != nil {
			return nil, err
		}
		rows = append(rows, views.DraftRow{Output: o, Round: about, Saved: saved})
	}
	return rows, nil
}

// roundDrafts: GET /rounds/:id/drafts
func (d *Desk) roundDrafts(c echo.Context) error {
	r, head, err := d.openRound(c, "drafts")
	if err != nil {
		return err
	}
	if !head.Tabs["drafts"] {
		return errNothing
	}
	all, _, err := d.Record.Outputs(c.Request().Context(), d.actor(c), recordstore.OutputFilter{RoundID: r.ID})
	if err != nil {
		return err
	}
	rows, err := d.draftRows(c, all)
	if err != nil {
		return err
	}
	p := views.RoundDraftsPage{Head: head, Rows: rows, CanEdit: d.actor(c).May(record.EditDraft, r.SeriesID), CanCheck: d.actor(c).May(record.Compare, r.SeriesID)}
	return d.show(c, http.StatusOK, views.RoundDrafts(d.frame(c, roundFrame), p))
}
