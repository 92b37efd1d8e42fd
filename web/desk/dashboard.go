package desk

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"track15/models/record"
	"track15/models/recordstore"
	views "track15/views/desk"
)

// lately is how many of the last releases and drafts the first page shows.
const lately = 8

// dashboard: GET /
func (d *Desk) dashboard(c echo.Context) error {
	ctx, actor := c.Request().Context(), d.actor(c)
	p := views.DashboardPage{
		Today:  d.Clock().UTC().Format("Monday 2 January 2006"),
		CanLog: actor.MayAnywhere(record.EditRound),
	}
	if actor.MayAnywhere(record.ReadRelease) {
		queues, err := d.releaseQueues(c)
		if err != nil {
			return err
		}
		suspended, err := d.suspendedQueue(c)
		if err != nil {
			return err
		}
		p.Queues = append([]views.Queue{suspended}, queues...)
		done, _, err := d.Release.Releases(ctx, actor, recordstore.ReleaseFilter{States: []record.ReleaseState{record.Released}, PerPage: lately})
		if err != nil {
			return err
		}
		for _, r := range done {
			t := d.task(r)
			t.Says = d.day(r.NumberedAt)
			p.Lately = append(p.Lately, t)
		}
	}
	if actor.MayAnywhere(record.ReadDraft) {
		q, err := d.ownDrafts(c)
		if err != nil {
			return err
		}
		p.Queues = append(p.Queues, q)
	}
	series := map[string]record.Series{}
	if actor.MayAnywhere(record.ReadSeries) {
		var err error
		if series, err = d.seriesByID(c); err != nil {
			return err
		}
	}
	if err := d.waitingRoles(c, &p, series); err != nil {
		return err
	}
	var embargoes []recordstore.Embargo
	if actor.MayAnywhere(record.ReadDisclosed) {
		var err error
		if embargoes, err = d.Record.Embargoes(ctx, actor, record.Date(d.Clock().UTC().Format(time.DateOnly))); err != nil {
			return err
		}
	}
	queues, err := d.queues(c, series, embargoes)
	if err != nil {
		return err
	}
	p.Queues = append(p.Queues, queues...)
	if err := d.calendar(c, &p, series, embargoes); err != nil {
		return err
	}
	return d.show(c, http.StatusOK, views.Dashboard(d.frame(c, views.Frame{Title: "Waiting", What: "Only you see this list", Section: views.Waiting, Here: true}), p))
}

// releaseQueues are the releases that wait: for this person's signature, and
// for somebody else's.
func (d *Desk) releaseQueues(c echo.Context) ([]views.Queue, error) {
	ctx, actor := c.Request().Context(), d.actor(c)
	all, _, err := d.Release.Releases(ctx, actor, recordstore.ReleaseFilter{States: []record.ReleaseState{record.Frozen, record.Signed}})
	if err != nil {
		return nil, err
	}
	mine := views.Queue{Title: "To review and sign"}
	others := views.Queue{Title: "Waiting for somebody else"}
	for _, r := range all {
		t := d.task(r)
		if r.State == record.Frozen {
			t.Says, t.Action = "Frozen by "+r.PreparedBy.Name+", "+d.when(r.PreparedAt)+". Nobody signed", "Open"
			if d.mayIn(c, record.Sign, r.SeriesIDs) {
				mine.Tasks = append(mine.Tasks, t)
			}
			continue
		}
		first := r.Signature(1)
		t.Says = "First signature " + first.Name + ", " + d.when(first.At)
		bars, err := d.Release.Bars(ctx, actor, r.ID)
		if err != nil {
			return nil, err
		}
		if !bars.Barred && d.mayIn(c, record.Countersign, r.SeriesIDs) {
			if r.Asked.ID == actor.ID {
				t.Says = first.Name + " asks you to sign second, " + d.when(first.At)
				mine.Tasks = slices.Insert(mine.Tasks, 0, t)
				continue
			}
			mine.Tasks = append(mine.Tasks, t)
		} else {
			t.Action = "Open"
			others.Tasks = append(others.Tasks, t)
		}
	}
	onTheirWay, err := d.onTheirWay(c)
	if err != nil {
		return nil, err
	}
	returned, err := d.returned(c)
	return []views.Queue{returned, mine, others, onTheirWay}, err
}

// toldFor is how long whoever signed is told that a release was stopped.
const toldFor = 14 * 24 * time.Hour

// onTheirWay are the releases that two people signed and that are not public
// yet, with why; and those that delivery stopped, for whoever signed them.
func (d *Desk) onTheirWay(c echo.Context) (views.Queue, error) {
	ctx, actor := c.Request().Context(), d.actor(c)
	q := views.Queue{Title: "Signed by two, not public"}
	all, _, err := d.Release.Releases(ctx, actor, recordstore.ReleaseFilter{
		States: []record.ReleaseState{record.Countersigned, record.Due, record.Refused, record.CalledOff},
	})
	if err != nil {
		return q, err
	}
	for _, r := range all {
		t := d.task(r)
		t.Action = "Open"
		second := r.Signature(2)
		stopped := r.State == record.Refused || r.State == record.CalledOff
		switch {
		case !stopped:
			t.State, t.Says = d.notYet(r)
		case second.Name == "" || d.Clock().UnixMicro()-second.At > toldFor.Microseconds(), r.Signature(1).ID != actor.ID && second.ID != actor.ID:
			continue
		case r.State == record.Refused:
			t.Says = "What was signed is not what is stored. Nothing of it became public"
		default:
			t.Says = strings.TrimSuffix(r.CancelReason, ".")
		}
		q.Tasks = append(q.Tasks, t)
	}
	return q, nil
}

// mayIn reports whether the person may do the act in each of the series.
func (d *Desk) mayIn(c echo.Context, act record.Act, series []string) bool {
	for _, id := range series {
		if !d.actor(c).May(act, id) {
			return false
		}
	}
	return len(series) > 0
}

// task is a release as one line of a queue.
func (d *Desk) task(r record.Release) views.Task {
	t := views.Task{
		Mark: views.InReview, State: "In review", Title: r.Title, Path: "/releases/" + r.ID, Action: "Review",
	}
	switch {
	case r.State == record.Released && r.Kind.Closes():
		t.Wax, t.State = true, capital(r.Kind)
	case r.State == record.Released:
		t.Mark, t.State = views.Public, "Public"
	case r.State == record.CalledOff || r.State == record.Refused:
		t.Wax, t.State = true, capital(r.State)
	}
	return t
}

// ownDrafts are the texts that this person saved last and that were not released
// as they are now.
func (d *Desk) ownDrafts(c echo.Context) (views.Queue, error) {
	q := views.Queue{Title: "Your drafts"}
	actor := d.actor(c)
	all, _, err := d.Record.Outputs(c.Request().Context(), actor, recordstore.OutputFilter{EditorID: actor.ID, PerPage: lately})
	if err != nil {
		return q, err
	}
	for _, o := range all {
		q.Tasks = append(q.Tasks, views.Task{
			State: "Confidential", Title: o.Draft.Title, Path: "/drafts/" + o.ID, Action: "Continue", Sample: o.Sample,
			Says: "Version " + strconv.FormatInt(o.Draft.Number, 10) + ", saved " + d.when(o.Draft.SavedAt),
		})
	}
	return q, nil
}
