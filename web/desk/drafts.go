package desk

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"track15/models/fault"
	"track15/models/record"
	"track15/models/recordstore"
	views "track15/views/desk"
	"track15/web/guard"
)

// saved says which version a draft is, who saved it and when. names remembers
// the accounts that were looked up.
func (d *Desk) saved(c echo.Context, draft record.Draft, names map[string]string) (string, error) {
	by, err := d.savedBy(c, draft, names)
	return "Version " + strconv.FormatInt(draft.Number, 10) + ", saved " + by, err
}

// savedBy says when a draft was saved and by whom.
func (d *Desk) savedBy(c echo.Context, draft record.Draft, names map[string]string) (string, error) {
	name, err := d.nameOf(c, draft.AuthorID, names)
	says := d.when(draft.SavedAt)
	if name != "" {
		says += " by " + name
	}
	return says, err
}

// nameOf is what a page calls an account: "" for one that is not there any
// more.
func (d *Desk) nameOf(c echo.Context, id string, names map[string]string) (string, error) {
	if name, known := names[id]; known || id == "" {
		return name, nil
	}
	a, err := d.Record.AccountByID(c.Request().Context(), id)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return "", err
	}
	names[id] = a.Name
	if a.Name == "" {
		names[id] = a.Email
	}
	return names[id], nil
}

// newDraft: GET /rounds/:id/drafts/new and /series/:id/drafts/new
func (d *Desk) newDraft(c echo.Context) error {
	o, err := d.begun(c)
	if err != nil {
		return err
	}
	o.Kind, o.Draft.Lang = record.Summary, "en"
	if o.External {
		o.Kind = record.ParticipantPiece
		o.Draft.Authors = []record.Author{{}}
	}
	f := views.Form{Action: c.Request().URL.RequestURI(), Values: draftValues(o.Draft)}
	f.Values.Set("id", recordstore.NewID())
	f.Values.Set("kind", string(o.Kind))
	return d.draftForm(c, http.StatusOK, f, o)
}

// begun is a new text about what the address says: a round, or a series, of
// which only what others published is entered by itself.
func (d *Desk) begun(c echo.Context) (record.Output, error) {
	ctx, actor, id := c.Request().Context(), d.actor(c), c.Param("id")
	if strings.HasPrefix(c.Path(), "/rounds/") {
		r, err := d.Record.Round(ctx, actor, id)
		return record.Output{SeriesID: r.SeriesID, RoundID: r.ID, Sample: r.Sample, External: c.QueryParam("external") != ""}, err
	}
	s, err := d.Record.Series(ctx, actor, id)
	return record.Output{SeriesID: s.ID, Sample: s.Sample, External: true}, err
}

// draftForm shows the form of a text; o.ID is "" for a new one.
func (d *Desk) draftForm(c echo.Context, status int, f views.Form, o record.Output) error {
	return d.draftPage(c, status, views.DraftPage{Form: f, Output: o, Round: o.RoundID, Back: "/outputs"})
}

// draftPage shows the form of a text with what it was given.
func (d *Desk) draftPage(c echo.Context, status int, p views.DraftPage) error {
	actor, o := d.actor(c), p.Output
	if p.CanEdit = actor.May(record.EditDraft, o.SeriesID); !p.CanEdit && o.ID == "" {
		return errNothing
	}
	if o.ID != "" {
		if !o.External {
			var err error
			if p.Uncleared, err = d.Record.Uncleared(c.Request().Context(), actor, o.ID); err != nil {
				return err
			}
		}
		if p.CanCheck = actor.May(record.Compare, o.SeriesID); p.CanCheck {
			found, err := d.Record.Findings(c.Request().Context(), actor, o.ID, o.Draft)
			if p.Unchecked = fault.KindOf(err) == fault.Unavailable; err != nil && !p.Unchecked {
				return err
			}
			for _, f := range found {
				if f.Open() {
					p.Found++
				}
			}
		}
		p.Back, p.CanClear = "/drafts/"+o.ID, !o.External && actor.May(record.ReadClearance, o.SeriesID)
		var err error
		if p.Saved, err = d.saved(c, o.Draft, map[string]string{}); err != nil {
			return err
		}
		if p.Open, err = d.Record.OpenComments(c.Request().Context(), actor, o.ID); err != nil {
			return err
		}
		if err := d.restOn(c, &p); err != nil {
			return err
		}
	}
	if o.RoundID != "" {
		r, err := d.Record.Round(c.Request().Context(), actor, o.RoundID)
		if err != nil {
			return err
		}
		p.About = roundName(r)
		if o.ID == "" {
			p.Back = views.RoundPath(r.ID, "drafts")
		}
	} else if o.ID == "" {
		var err error
		if p.Rounds, err = d.roundOptions(c, o.SeriesID); err != nil {
			return err
		}
	}
	p.Kinds = optionsOf(record.OutputKinds, capital)
	if p.CanEdit && !o.External {
		p.Nonce = guard.StyleNonce(c)
	}
	frame := d.frame(c, views.Frame{Title: "Draft", What: "A text that is being written", Section: views.Texts, Editor: p.Nonce != ""})
	return d.show(c, status, views.Draft(frame, p))
}

// roundOptions are what a text of a series can be about: the series, or one of
// its rounds, newest first.
func (d *Desk) roundOptions(c echo.Context, seriesID string) ([]views.Option, error) {
	rounds, _, err := d.Record.Rounds(c.Request().Context(), d.actor(c), recordstore.RoundFilter{SeriesID: seriesID})
	out := make([]views.Option, len(rounds))
	for i, r := range rounds {
		out[i] = views.Option{Value: r.ID, Words: strings.Trim(roundName(r)+", "+dates(r), ", ")}
	}
	return after("The series as a whole", out), err
}

// addDraft: POST /rounds/:id/drafts/new and /series/:id/drafts/new
func (d *Desk) addDraft(c echo.Context) error {
	o, err := d.begun(c)
	if err != nil {
		return err
	}
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	f.Action = c.Request().URL.RequestURI()
	if more(&f) {
		return d.draftForm(c, http.StatusOK, f, o)
	}
	if len(f.Faults) > 0 {
		return d.draftForm(c, http.StatusUnprocessableEntity, f, o)
	}
	text := o
	text.ID, text.Kind, text.Draft = f.Values.Get("id"), record.OutputKind(f.Values.Get("kind")), draftOf(f)
	if o.RoundID == "" {
		text.RoundID = f.Values.Get("round")
	}
	text, err = d.Record.AddOutput(c.Request().Context(), d.actor(c), text)
	return answered(c, f, err, "/drafts/"+text.ID, "saved", func(f views.Form) error {
		return d.draftForm(c, http.StatusUnprocessableEntity, f, o)
	})
}

// draft: GET /drafts/:id
func (d *Desk) draft(c echo.Context) error {
	o, err := d.Record.Output(c.Request().Context(), d.actor(c), c.Param("id"))
	if err != nil {
		return err
	}
	f := views.Form{Action: "/drafts/" + o.ID, Values: draftValues(o.Draft)}
	f.Remember()
	f.Values.Set("version", strconv.FormatInt(o.Draft.Number, 10))
	return d.draftForm(c, http.StatusOK, f, o)
}

// saveDraft: POST /drafts/:id
func (d *Desk) saveDraft(c echo.Context) error {
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	o, err := d.Record.Output(c.Request().Context(), d.actor(c), c.Param("id"))
	if err != nil {
		return err
	}
	if more(&f) {
		return d.draftForm(c, http.StatusOK, f, o)
	}
	if len(f.Faults) > 0 {
		return d.draftForm(c, http.StatusUnprocessableEntity, f, o)
	}
	_, err = d.Record.SaveDraft(c.Request().Context(), d.actor(c), o.ID, version(f), draftOf(f))
	if fault.KindOf(err) == fault.Conflict {
		return d.draftConflict(c, f)
	}
	return answered(c, f, err, "/drafts/"+o.ID, "saved", func(f views.Form) error {
		return d.draftForm(c, http.StatusUnprocessableEntity, f, o)
	})
}

// previewDraft: POST /drafts/:id/preview
//
// It answers the page of the text with what was typed in it, and that as the
// public would read it. Nothing is stored.
func (d *Desk) previewDraft(c echo.Context) error {
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	o, err := d.Record.Output(c.Request().Context(), d.actor(c), c.Param("id"))
	if err != nil {
		return err
	}
	f.Action, f.Faults = "/drafts/"+o.ID, nil
	typed := o
	typed.Draft = draftOf(f).Normal()
	p := views.DraftPage{Form: f, Output: o, Round: o.RoundID, Back: "/outputs"}
	doc, err := d.Release.PreviewText(c.Request().Context(), d.actor(c), typed)
	switch {
	case fault.KindOf(err) == fault.Invalid:
		p.Preview.Wrong = sentence(fault.All(err)[0].Text)
	case err != nil:
		return err
	default:
		p.Preview.Text = &doc
	}
	return d.draftPage(c, http.StatusOK, p)
}

func (d *Desk) draftConflict(c echo.Context, f views.Form) error {
	now, err := d.Record.Output(c.Request().Context(), d.actor(c), c.Param("id"))
	if err != nil {
		return err
	}
	rows := f.Rows("observation")
	return d.conflict(c, f, draftValues(now.Draft), now.Draft.Number, merging{
		title: "Draft", back: "/drafts/" + now.ID, rows: []string{"observation", "author", "translation"},
		public: func(string) bool { return true },
		label: func(field string) string {
			parts := strings.Split(field, ".")
			if len(parts) == 3 && parts[0] == "observation" {
				if i := slices.Index(rows, parts[1]); i >= 0 {
					return "Observation " + strconv.Itoa(i+1) + ", " + parts[2]
				}
			}
			if len(parts) > 2 && parts[0] == "translation" {
				return translationLabel(f, rows, parts)
			}
			return fieldLabel(field)
		},
	})
}

// draftValues writes a draft as its form shows it, with a row for one more
// observation.
func draftValues(t record.Draft) url.Values {
	v := url.Values{
		"title": {t.Title}, "lang": {t.Lang}, "body": {t.Body}, "outlet": {t.Outlet}, "date": {string(t.Date)}, "url": {t.URL},
		"citation": {t.Citation}, "acknowledgements": {t.Acknowledgements},
	}
	for i, a := range t.Authors {
		id := "a" + strconv.Itoa(i+1)
		v.Add("author", id)
		v.Set("author."+id+".family", a.Family)
		v.Set("author."+id+".given", a.Given)
		v.Set("author."+id+".literal", a.Literal)
		v.Set("author."+id+".orcid", a.ORCID)
	}
	for _, o := range t.Observations {
		v.Add("observation", o.ID)
		v.Set("observation."+o.ID+".heading", o.Heading)
		v.Set("observation."+o.ID+".text", o.Text)
		v.Set("observation."+o.ID+".account", o.Account)
	}
	if len(t.Observations) == 0 {
		v.Add("observation", newRow())
	}
	languageValues(v, t)
	return v
}

// draftOf reads what draftValues writes. Rows that are empty, and observations
// that are left out, are not in it.
func draftOf(f views.Form) record.Draft {
	v := f.Values
	t := record.Draft{
		Title: v.Get("title"), Lang: v.Get("lang"), Body: v.Get("body"), Outlet: v.Get("outlet"),
		Date: record.Date(strings.TrimSpace(v.Get("date"))), URL: v.Get("url"), Citation: v.Get("citation"),
		Acknowledgements: v.Get("acknowledgements"), Translations: translationsOf(f),
	}
	for _, id := range f.Rows("author") {
		a := record.Author{Family: v.Get("author." + id + ".family"), Given: v.Get("author." + id + ".given"), Literal: v.Get("author." + id + ".literal"), ORCID: v.Get("author." + id + ".orcid")}
		if strings.TrimSpace(a.Family+a.Given+a.Literal+a.ORCID) != "" {
			t.Authors = append(t.Authors, a)
		}
	}
	for _, id := range f.Rows("observation") {
		at := "observation." + id + "."
		o := record.Observation{ID: stored(id), Heading: v.Get(at + "heading"), Text: v.Get(at + "text"), Account: v.Get(at + "account")}
		if v.Get(at+"remove") != "" || strings.TrimSpace(o.Heading+o.Text+o.Account) == "" {
			continue
		}
		o.Translations = wordsOf(f, id)
		t.Observations = append(t.Observations, o)
	}
	return t
}
