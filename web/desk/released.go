package desk

import (
	"net/http"
	"regexp"
	"strconv"

	"github.com/labstack/echo/v4"

	"track15/models/fault"
	"track15/models/published"
	"track15/models/record"
	views "track15/views/desk"
)

// slugs are the public addresses of documents.
var slugs = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,199}$`)

// releasedAddress reads which document an address names.
func releasedAddress(c echo.Context) (kind published.Kind, slug string, err error) {
	kind, slug = published.Kind(c.Param("kind")), c.Param("slug")
	if kindWords[string(kind)] == "" || !slugs.MatchString(slug) {
		return "", "", errNothing
	}
	return kind, slug, nil
}

// released: GET /released/:kind/:slug
func (d *Desk) released(c echo.Context) error {
	return d.releasedPage(c, http.StatusOK, views.Form{})
}

// releasedPage shows a document as the public reads it, with what was wrong
// with what a person wanted to do to it.
func (d *Desk) releasedPage(c echo.Context, status int, form views.Form) error {
	ctx, actor := c.Request().Context(), d.actor(c)
	kind, slug, err := releasedAddress(c)
	if err != nil {
		return err
	}
	doc, err := d.Release.ReleasedDocument(ctx, actor, kind, slug)
	if err != nil {
		return err
	}
	r, err := d.Release.Release(ctx, actor, doc.ReleaseID)
	if err != nil {
		return err
	}
	content := decode(doc.FrozenDocument)
	p := views.ReleasedPage{
		Kind: kindWords[string(kind)], Title: content.title(), Path: views.ReleasedPath(string(kind), slug), Form: form,
		Sample: content.head().Sample, Compiled: content.head().Compiled,
		Version: "release " + strconv.FormatInt(doc.Number, 10), ReleaseID: r.ID,
		First: d.hand(r.Signature(1)), Second: d.hand(r.Signature(2)), TextCode: published.TextCode(doc.Hash),
	}
	p.Round, p.Output, p.Organisation, p.Series = content.round, content.output, content.organisation, content.series
	p.Mark, p.Wax, p.State = d.publicState(doc)
	if doc.Present && d.PublicURL != "" {
		p.PublicURL = d.PublicURL + publicPath(doc.FrozenDocument)
	}
	frame := views.Frame{Title: "Released copy", What: "This is the released copy. A change starts a new release.", Marking: views.Public, Section: views.Releases}
	if p.Wax {
		frame.Marking, frame.What = views.Confidential, "This left the public."
	}
	if kind == published.KindRound || kind == published.KindOutput {
		d.releasedChoices(c, doc, r, &p)
	}
	return d.show(c, status, views.Released(d.frame(c, frame), p))
}

// releasedChoices says what this person may do to a released round or text.
func (d *Desk) releasedChoices(c echo.Context, doc record.PublicDocument, r record.Release, p *views.ReleasedPage) {
	actor := d.actor(c)
	may := func(act record.Act) bool { return mayAll(actor, act, r.SeriesIDs) }
	p.RoundID = d.roundOf(c, doc)
	taken := doc.Notice != ""
	withdrawn := taken && doc.Notice != string(published.NoticeSuspended)
	p.CanCorrect = may(record.PrepareRelease) && p.RoundID != "" && !withdrawn
	p.CanSuspend = may(record.Suspend) && !taken
	p.CanWithdraw = may(record.PrepareRelease) && !withdrawn
	p.CanRestore = may(record.PrepareRelease) && taken
}

// roundOf returns the id of the round that a document is of, "" if there is
// none or the person may not read it.
func (d *Desk) roundOf(c echo.Context, doc record.PublicDocument) string {
	ctx, actor := c.Request().Context(), d.actor(c)
	if doc.Kind == string(published.KindRound) {
		if _, err := d.Record.Round(ctx, actor, doc.ObjectID); err == nil {
			return doc.ObjectID
		}
		return ""
	}
	if o, err := d.Record.Output(ctx, actor, doc.ObjectID); err == nil {
		return o.RoundID
	}
	return ""
}

// publicState is the mark of a document as it stands with the public.
func (d *Desk) publicState(doc record.PublicDocument) (mark views.Marking, wax bool, words string) {
	switch {
	case doc.Notice == string(published.NoticeSuspended):
		return 0, true, "Suspended"
	case doc.Notice == record.Silent:
		return 0, true, "Withdrawn without a notice"
	case doc.Notice != "":
		return 0, true, "Withdrawn"
	case !doc.Present:
		return 0, true, "Not shown now"
	}
	return views.Public, false, "Public, as of " + d.day(doc.At)
}

// publicPath is the address of a document on the public site.
func publicPath(doc record.FrozenDocument) string {
	switch published.Kind(doc.Kind) {
	case published.KindSeries:
		return "/series/" + doc.Slug
	case published.KindOrganisation:
		return "/organisations/" + doc.Slug
	case published.KindRound:
		return "/rounds/" + doc.Slug
	}
	if doc.WithinSeries {
		return "/series/" + doc.Within + "#text-" + doc.Slug
	}
	return "/rounds/" + doc.Within + "#text-" + doc.Slug
}

// suspend: POST /released/:kind/:slug/suspend
func (d *Desk) suspend(c echo.Context) error {
	return d.change(c, "suspended", d.releasedPage, func(kind published.Kind, slug string, form views.Form) (record.Release, error) {
		return d.Release.Suspend(c.Request().Context(), d.actor(c), kind, slug, form.Values.Get("password"))
	})
}

// withdraw: POST /released/:kind/:slug/withdraw
func (d *Desk) withdraw(c echo.Context) error {
	return d.change(c, "prepared", d.awayPage, func(kind published.Kind, slug string, form views.Form) (record.Release, error) {
		v := form.Values
		return d.Release.PrepareWithdrawal(c.Request().Context(), d.actor(c), kind, slug, record.Withdrawing{
			Way: record.Way(v.Get("way")), Reason: v.Get("reason"),
			ReasonClearance: record.ReasonClearance{By: v.Get("cleared_by"), How: v.Get("cleared_how")},
		})
	})
}

// restore: POST /released/:kind/:slug/restore
func (d *Desk) restore(c echo.Context) error {
	return d.change(c, "prepared", d.releasedPage, func(kind published.Kind, slug string, _ views.Form) (record.Release, error) {
		return d.Release.PrepareRestoration(c.Request().Context(), d.actor(c), kind, slug)
	})
}

// change does something to a released document and leads on to the release
// that it makes, or says on the page that it came from why not.
func (d *Desk) change(c echo.Context, what string, page func(echo.Context, int, views.Form) error, do func(published.Kind, string, views.Form) (record.Release, error)) error {
	kind, slug, err := releasedAddress(c)
	if err != nil {
		return err
	}
	form, err := d.readForm(c)
	if err != nil {
		return err
	}
	var r record.Release
	if len(form.Faults) == 0 {
		r, err = do(kind, slug, form)
	}
	delete(form.Values, "password")
	return sent(c, form, err, views.ReleasePath(r.ID), what, page)
}

// statusOf is the status of a page that says why something was refused.
func statusOf(err error) int {
	if fault.KindOf(err) == fault.Conflict {
		return http.StatusConflict
	}
	return http.StatusUnprocessableEntity
}

// A content is what a release document says: one of the four is set.
type content struct {
	round        *published.Round
	output       *published.Output
	organisation *published.Organisation
	series       *published.Series
}

// decode reads a frozen document. One that cannot be read shows nothing: its
// bytes were checked when they were frozen and are again at delivery.
func decode(d record.FrozenDocument) (c content) {
	doc := published.Document{Kind: published.Kind(d.Kind), Slug: d.Slug, Body: d.Body}
	switch doc.Kind {
	case published.KindRound:
		c.round = new(published.Round)
		_ = doc.Decode(c.round)
	case published.KindOutput:
		c.output = new(published.Output)
		_ = doc.Decode(c.output)
	case published.KindOrganisation:
		c.organisation = new(published.Organisation)
		_ = doc.Decode(c.organisation)
	case published.KindSeries:
		c.series = new(published.Series)
		_ = doc.Decode(c.series)
	}
	return c
}

func (c content) head() published.Head {
	switch {
	case c.round != nil:
		return c.round.Head
	case c.output != nil:
		return c.output.Head
	case c.organisation != nil:
		return c.organisation.Head
	case c.series != nil:
		return c.series.Head
	}
	return published.Head{}
}

func (c content) title() string {
	switch {
	case c.round != nil:
		return c.round.Title
	case c.output != nil:
		return c.output.Title
	case c.organisation != nil:
		return c.organisation.Name
	case c.series != nil:
		return c.series.Name
	}
	return ""
}
