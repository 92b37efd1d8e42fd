package desk

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"track15/models/record"
	"track15/models/recordstore"
	views "track15/views/desk"
)

// observe: GET /rounds/:id/observe
func (d *Desk) observe(c echo.Context) error {
	f := views.Form{Action: c.Request().URL.Path, Values: url.Values{"id": {recordstore.NewID()}, "note": c.QueryParams()["note"]}}
	return d.observePage(c, http.StatusOK, f)
}

func (d *Desk) observePage(c echo.Context, status int, f views.Form) error {
	ctx, actor := c.Request().Context(), d.actor(c)
	r, head, err := d.openRound(c, "notes")
	if err != nil {
		return err
	}
	if !head.Tabs["notes"] || !actor.May(record.EditDraft, r.SeriesID) {
		return errNothing
	}
	all, err := d.Record.Notes(ctx, actor, r.ID)
	if err != nil {
		return err
	}
	p := views.ObservePage{Head: head, Form: f}
	for _, l := range noteLines(record.Sitting{TimeZone: r.TimeZone}, all) {
		if l.Kind == record.Remark {
			p.Lines = append(p.Lines, l)
		}
	}
	texts, _, err := d.Record.Outputs(ctx, actor, recordstore.OutputFilter{RoundID: r.ID, Ours: true})
	if err != nil {
		return err
	}
	for _, o := range texts {
		if !o.External {
			p.Texts = append(p.Texts, views.Option{Value: o.ID + " " + strconv.FormatInt(o.Draft.Number, 10), Words: o.Draft.Title})
		}
	}
	if p.Reuse, err = d.clearedWords(c, r); err != nil {
		return err
	}
	return d.show(c, status, views.Observe(d.frame(c, roundFrame), p))
}

// reusedRounds is how many rounds are looked through for cleared words.
const reusedRounds = 20

// clearedWords are the observations that are public now about the latest rounds
// of the round's series: words that were cleared once.
func (d *Desk) clearedWords(c echo.Context, r record.Round) ([]string, error) {
	ctx, actor := c.Request().Context(), d.actor(c)
	rounds, _, err := d.Record.Rounds(ctx, actor, recordstore.RoundFilter{SeriesID: r.SeriesID, PerPage: reusedRounds})
	if err != nil {
		return nil, err
	}
	var out []string
	for _, one := range rounds {
		docs, err := d.Release.PublicNow(ctx, actor, one.ID)
		if err != nil {
			return nil, err
		}
		for _, doc := range docs {
			if text := decode(doc.FrozenDocument).output; text != nil && doc.Present {
				for _, x := range text.Observations {
					out = append(out, x.Text)
				}
			}
		}
	}
	return out, nil
}

// restOn says on a text's page what its observations rest on. Lines of the notes
// are unsealed when somebody asks for them: that they are read is written down.
func (d *Desk) restOn(c echo.Context, p *views.DraftPage) error {
	ctx, actor, o := c.Request().Context(), d.actor(c), p.Output
	var err error
	if p.Rested, err = d.Record.Rested(ctx, actor, o.ID); err != nil || len(p.Rested) == 0 || !actor.May(record.ReadNotes, o.SeriesID) {
		return err
	}
	if c.QueryParam("basis") == "" {
		p.Basis = "/drafts/" + o.ID + "?basis=1#f-observations"
		return nil
	}
	bases, err := d.Record.Bases(ctx, actor, o.ID)
	if err != nil {
		return err
	}
	r, err := d.Record.Round(ctx, actor, o.RoundID)
	if err != nil {
		return err
	}
	all, err := d.Record.Notes(ctx, actor, r.ID)
	if err != nil {
		return err
	}
	lines := noteLines(record.Sitting{TimeZone: r.TimeZone}, all)
	p.Bases = map[string]views.Basis{}
	for id, b := range bases {
		says := views.Basis{Attribution: b.Attribution}
		for _, l := range lines {
			if slices.Contains(b.NoteIDs, l.ID) {
				says.Lines = append(says.Lines, l)
			}
		}
		says.Gone = len(b.NoteIDs) - len(says.Lines)
		p.Bases[id] = says
	}
	return nil
}

// addObservation: POST /rounds/:id/observe
func (d *Desk) addObservation(c echo.Context) error {
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	v := f.Values
	output, number, _ := strings.Cut(v.Get("output"), " ")
	base, _ := strconv.ParseInt(number, 10, 64)
	_, err = d.Record.Observe(c.Request().Context(), d.actor(c), output, base,
		record.Observation{ID: v.Get("id"), Heading: v.Get("heading"), Text: v.Get("text")},
		recordstore.Basis{NoteIDs: v["note"], Attribution: record.Attribution(v.Get("attribution"))})
	return answered(c, f, err, "/drafts/"+output, "added", func(f views.Form) error {
		return d.observePage(c, http.StatusUnprocessableEntity, f)
	})
}
