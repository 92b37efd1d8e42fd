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
		"id": {recordstore.NewID()}, "received": {d.Clock().UTC().Format("2006-01-02")},
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
			row, err := d.requestRow(c, r)
			if err != nil {
				return err
			}
			*of.to = append(*of.to, row)
		}
	}
	return d.show(c, status, views.Requests(d.frame(c, requestsFrame), p))
}

// requestRow is a request as a list shows it.
func (d *Desk) requestRow(c echo.Context, r record.Request) (views.RequestRow, error) {
	row := views.RequestRow{
		Path: "/requests/" + r.ID, Number: strconv.FormatInt(r.Number, 10), Wish: views.WishWords[r.Wish], Entry: r.Slug,
		Open: r.State == record.RequestOpen, State: views.RequestStateWords[r.State],
	}
	if row.Open {
		row.Says = "Due " + dayWords(r.Due.First())
		row.Late = string(r.Due) < d.Clock().UTC().Format("2006-01-02")
	} else {
		row.Says = r.ChangedBy.Name + ", " + d.when(r.ChangedAt)
	}
	doc, err := d.Release.ReleasedDocument(c.Request().Context(), d.actor(c), published.Kind(r.Kind), r.Slug)
	if err == nil {
		row.Entry = decode(doc.FrozenDocument).title()
	} else if fault.KindOf(err) != fault.NotFound {
		return row, err
	}
	return row, nil
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
	if err != nil {
		faults, ok := faultsOf(err)
		if !ok {
			return err
		}
		f.Faults = faults
	}
	if len(f.Faults) > 0 {
		return d.requestsPage(c, statusOf(err), f)
	}
	return done(c, "/requests/"+r.ID, "saved")
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
	row, err := d.requestRow(c, r)
	if err != nil {
		return err
	}
	if form.Values == nil {
		form.Values = url.Values{"version": {strconv.FormatInt(r.Version, 10)}, "state": {string(r.State)}, "answer": {r.Answer}}
	}
	p := views.RequestPage{
		RequestRow: row, Words: r.Words, Right: r.Right, Contact: r.Contact, Form: form,
		Received: dayWords(r.Received.First()), Logged: r.LoggedBy.Name, Copy: views.ReleasedPath(r.Kind, r.Slug),
	}
	doc, err := d.Release.ReleasedDocument(ctx, actor, published.Kind(r.Kind), r.Slug)
	if err != nil {
		return err
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
	if err != nil {
		faults, ok := faultsOf(err)
		if !ok {
			return err
		}
		f.Faults = faults
	}
	if len(f.Faults) > 0 {
		return d.requestPage(c, statusOf(err), f)
	}
	return done(c, "/requests/"+c.Param("id"), "saved")
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
		row, err := d.requestRow(c, r)
		if err != nil {
			return q, err
		}
		q.Tasks = append(q.Tasks, views.Task{
			Mark: views.InReview, State: "Request " + row.Number, Title: row.Entry, Path: row.Path, Action: "Answer", Says: row.Wish + ". " + row.Says,
		})
	}
	return cut(q, "/requests"), nil
}
