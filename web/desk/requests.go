package desk

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	"track15/models/fault"
	"track15/models/published"
	"track15/models/record"
	"track15/models/recordstore"
	views "track15/views/desk"
)

var requestsFrame = views.Frame{
	Title: "Requests", What: "What readers asked to correct or to remove.", Marking: views.Confidential, Section: views.Releases,
}

// requests: GET /requests
func (d *Desk) requests(c echo.Context) error {
	return d.requestsPage(c, http.StatusOK, views.Form{Values: url.Values{
		"id": {recordstore.NewID()}, "received": {d.today()},
	}})
}

func (d *Desk) requestsPage(c echo.Context, status int, form views.Form) error {
	ctx, actor := c.Request().Context(), d.actor(c)
	p := views.RequestsPage{Form: form}
	for _, of := range []struct {
		open bool
		to   *[]views.RequestRow
	}{{true, &p.Open}, {false, &p.Settled}} {
		all, err := d.Record.Requests(ctx, actor, of.open)
		if err != nil {
			return err
		}
		for _, r := range all {
			title, err := d.titleOf(c, r)
			if err != nil {
				return err
			}
			*of.to = append(*of.to, d.requestRow(r, title))
		}
	}
	return d.show(c, status, views.Requests(d.frame(c, requestsFrame), p))
}

// requestRow is a request as a list shows it, about an entry with a title.
func (d *Desk) requestRow(r record.Request, title string) views.RequestRow {
	row := views.RequestRow{
		Path: "/requests/" + r.ID, Number: strconv.FormatInt(r.Number, 10), Wish: views.WishWords[r.Wish], Entry: title,
		Open: r.State == record.RequestOpen, State: views.RequestStateWords[r.State],
	}
	if row.Open {
		row.Says = "Due " + dayWords(r.Due.First())
		row.Late = string(r.Due) < d.today()
	} else {
		row.Says = r.ChangedBy.Name + ", " + d.when(r.ChangedAt)
	}
	return row
}

// titleOf is the public title of what a request is about, of what is not there any
// more its address.
func (d *Desk) titleOf(c echo.Context, r record.Request) (string, error) {
	doc, err := d.Release.ReleasedDocument(c.Request().Context(), d.actor(c), published.Kind(r.Kind), r.Slug)
	if fault.KindOf(err) == fault.NotFound {
		return r.Slug, nil
	}
	return decode(doc.FrozenDocument).title(), err
}

// logRequest: POST /requests
func (d *Desk) logRequest(c echo.Context) error {
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	var r record.Request
	if v := f.Values; len(f.Faults) == 0 {
		r, err = d.Record.LogRequest(c.Request().Context(), d.actor(c), v.Get("reference"), record.Request{
			ID: v.Get("id"), Wish: record.Wish(v.Get("wish")), Words: v.Get("words"), Right: v.Get("right"),
			Contact: v.Get("contact"), Received: record.Date(v.Get("received")),
		})
	}
	return sent(c, f, err, "/requests/"+r.ID, "saved", d.requestsPage)
}

// request: GET /requests/:id
func (d *Desk) request(c echo.Context) error {
	return d.requestPage(c, http.StatusOK, views.Form{})
}

// requestPage shows what was asked beside the entry as it is public now, with
// what can be done at once.
func (d *Desk) requestPage(c echo.Context, status int, form views.Form) error {
	ctx, actor := c.Request().Context(), d.actor(c)
	r, err := d.Record.Request(ctx, actor, c.Param("id"))
	if err != nil {
		return err
	}
	doc, err := d.Release.ReleasedDocument(ctx, actor, published.Kind(r.Kind), r.Slug)
	if err != nil {
		return err
	}
	if form.Values == nil {
		form.Values = url.Values{"version": {strconv.FormatInt(r.Version, 10)}, "state": {string(r.State)}, "answer": {r.Answer}}
	}
	p := views.RequestPage{
		RequestRow: d.requestRow(r, decode(doc.FrozenDocument).title()), Words: r.Words, Right: r.Right, Contact: r.Contact, Form: form,
		Received: dayWords(r.Received.First()), Logged: r.LoggedBy.Name, Copy: views.ReleasedPath(r.Kind, r.Slug),
	}
	p.Mark, p.Wax, p.Standing = d.publicState(doc)
	if doc.Present && d.PublicURL != "" {
		p.PublicURL = d.PublicURL + publicPath(doc.FrozenDocument)
	}
	release, err := d.Release.Release(ctx, actor, doc.ReleaseID)
	if err != nil {
		return err
	}
	taken := r.Kind == string(published.KindRound) || r.Kind == string(published.KindOutput)
	p.CanSuspend = taken && doc.Notice == "" && mayAll(actor, record.Suspend, release.SeriesIDs)
	return d.show(c, status, views.Request(d.frame(c, requestsFrame), p))
}

// answerRequest: POST /requests/:id
func (d *Desk) answerRequest(c echo.Context) error {
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	if len(f.Faults) == 0 {
		_, err = d.Record.AnswerRequest(c.Request().Context(), d.actor(c), record.Request{
			ID: c.Param("id"), State: record.RequestState(f.Values.Get("state")), Answer: f.Values.Get("answer"), Version: version(f),
		})
	}
	return sent(c, f, err, "/requests/"+c.Param("id"), "saved", d.requestPage)
}

// requestsQueue are the requests of readers that nobody settled.
func (d *Desk) requestsQueue(c echo.Context, _ map[string]record.Series) (views.Queue, error) {
	q := views.Queue{Title: "Readers ask to correct or remove"}
	actor := d.actor(c)
	if !actor.MayAnywhere(record.ReadRequests) {
		return q, nil
	}
	all, err := d.Record.Requests(c.Request().Context(), actor, true)
	if err != nil {
		return q, err
	}
	for _, r := range all {
		title, err := d.titleOf(c, r)
		if err != nil {
			return q, err
		}
		row := d.requestRow(r, title)
		q.Tasks = append(q.Tasks, views.Task{
			Mark: views.InReview, State: "Request " + row.Number, Title: row.Entry, Path: row.Path, Action: "Answer", Says: row.Wish + ". " + row.Says,
		})
	}
	return cut(q, "/requests"), nil
}
