package desk

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"track15/models/record"
	"track15/models/recordstore"
	views "track15/views/desk"
)

const (
	// waitingMost is how many lines of a queue the first page shows.
	waitingMost = 8
	// readOutWithin is how long the first page asks for the record of a
	// read-out; later nobody remembers.
	readOutWithin = 180 * 24 * time.Hour
)

// cut leaves the first lines of a queue and says how many there are, and where
// the others stand.
func cut(q views.Queue, list string) views.Queue {
	if q.Total = len(q.Tasks); q.Total > waitingMost {
		q.Tasks, q.More = q.Tasks[:waitingMost], list
	}
	return q
}

// dayWords writes the day of a date: "Thu 9 April 2026".
func dayWords(t time.Time) string { return t.Format("Mon 2 January 2006") }

// queues are what waits beside releases and drafts, as far as the person may do
// it.
func (d *Desk) queues(c echo.Context, series map[string]record.Series, embargoes []recordstore.Embargo) ([]views.Queue, error) {
	dates, err := d.datesToActOn(c, series, embargoes)
	if err != nil {
		return nil, err
	}
	all := []views.Queue{dates}
	for _, q := range []func(echo.Context, map[string]record.Series) (views.Queue, error){d.ownNotes, d.missingNotes, d.discussedTexts, d.dueClearances, d.askedClearances, d.unreadRules, d.dueNotes, d.openImports, d.requestsQueue, d.copiesQueue} {
		queue, err := q(c, series)
		if err != nil {
			return nil, err
		}
		all = append(all, queue)
	}
	return all, nil
}

// called is a round with its series, as a queue names it.
func called(r record.Round, series map[string]record.Series) string {
	return strings.TrimPrefix(series[r.SeriesID].Name+", "+roundName(r), ", ")
}

// datesToActOn are the embargoes and the roles that end in the next weeks.
func (d *Desk) datesToActOn(c echo.Context, series map[string]record.Series, embargoes []recordstore.Embargo) (views.Queue, error) {
	actor := d.actor(c)
	today := d.Clock().UTC().Truncate(24 * time.Hour)
	last := today.AddDate(0, 0, 7*weeksAhead)
	type dated struct {
		day time.Time
		views.Task
	}
	var all []dated
	for _, e := range embargoes {
		to := "rules"
		if actor.May(record.ReadRelease, e.Round.SeriesID) {
			to = "release"
		}
		all = append(all, dated{e.Until.First(), views.Task{
			Mark: views.InReview, State: "Embargo", Title: called(e.Round, series), Path: views.RoundPath(e.Round.ID, to), Action: "Open", Sample: e.Round.Sample,
			Says: "What the rules held back may be said from " + dayWords(e.Until.First()),
		}})
	}
	if actor.MayAnywhere(record.GiveGrant) {
		held, err := d.Record.Grants(c.Request().Context(), actor, recordstore.GrantFilter{State: record.GrantGiven})
		if err != nil {
			return views.Queue{}, err
		}
		for _, g := range held {
			at := accessOf(g, series)
			if at == "" || g.Until == "" || g.AccountID == actor.ID || !g.Holds(d.Clock()) || !actor.May(record.GiveGrant, g.SeriesID) {
				continue
			}
			all = append(all, dated{g.Until.First(), views.Task{
				State: "Role ends", Title: g.Name + ", " + string(g.Role), Path: at, Action: "Decide",
				Says: "Holds until " + dayWords(g.Until.First()) + ": " + g.Reason,
			}})
		}
	}
	slices.SortStableFunc(all, func(a, b dated) int { return a.day.Compare(b.day) })
	q := views.Queue{Title: "Dates to act on"}
	for _, t := range all {
		if !t.day.After(last) {
			q.Tasks = append(q.Tasks, t.Task)
		}
	}
	q.Total = len(q.Tasks)
	return q, nil
}

// askedClearances are the participations of which a clearance was asked for and
// not answered, the one asked first on top.
func (d *Desk) askedClearances(c echo.Context, series map[string]record.Series) (views.Queue, error) {
	actor := d.actor(c)
	q := views.Queue{Title: "Clearances asked for"}
	if !actor.MayAnywhere(record.EditRound) {
		return q, nil
	}
	asked, _, err := d.Record.Appearances(c.Request().Context(), actor, recordstore.AppearanceFilter{
		BodyFilter: recordstore.BodyFilter{HiddenToo: true}, Requested: true,
	})
	if err != nil {
		return q, err
	}
	type due struct {
		on record.Date
		views.Task
	}
	var all []due
	for _, a := range asked {
		if !actor.May(record.EditRound, a.Round.SeriesID) {
			continue
		}
		var of []string
		var first record.Date
		for _, w := range recordstore.Clearables {
			if x := w.Of(&a.Participation); x.State == record.ClearanceRequested {
				of = append(of, string(w))
				if first == "" || x.On != "" && x.On < first {
					first = x.On
				}
			}
		}
		says := capital(strings.Join(of, ", ")) + " asked for"
		if first == "" {
			says += ", no date set"
		} else {
			says += " " + dayWords(first.First())
		}
		all = append(all, due{first, views.Task{
			State: views.ClearanceWords(record.ClearanceRequested), Title: called(a.Round, series) + ", participant " + a.Code, Path: views.RoundPath(a.Round.ID, "participants/"+a.ID),
			Action: "Answer", Says: says, Sample: a.Round.Sample,
		}})
	}
	slices.SortStableFunc(all, func(a, b due) int { return cmp.Compare(a.on, b.on) })
	for _, t := range all {
		q.Tasks = append(q.Tasks, t.Task)
	}
	return cut(q, "/appearances?asked=1"), nil
}

// unreadRules are the rounds held lately of which nobody recorded that the
// ground rules were read out.
func (d *Desk) unreadRules(c echo.Context, series map[string]record.Series) (views.Queue, error) {
	actor := d.actor(c)
	q := views.Queue{Title: "Ground rules not recorded as read out"}
	if !actor.MayAnywhere(record.EditRound) {
		return q, nil
	}
	rounds, err := d.Record.RulesUnread(c.Request().Context(), actor, record.Date(d.Clock().UTC().Add(-readOutWithin).Format(time.DateOnly)))
	if err != nil {
		return q, err
	}
	for _, r := range rounds {
		q.Tasks = append(q.Tasks, views.Task{
			State: "Held", Title: called(r, series), Path: views.RoundPath(r.ID, "rules/read-outs/new"), Action: "Record", Sample: r.Sample,
			Says: dates(r) + ". " + views.RulesName(r.Rules),
		})
	}
	return cut(q, "/rounds?state="+string(record.Held)), nil
}

// openImports are this person's imports that are not done.
func (d *Desk) openImports(c echo.Context, series map[string]record.Series) (views.Queue, error) {
	q := views.Queue{Title: "Imports not finished"}
	if !d.actor(c).MayAnywhere(record.EditRound) {
		return q, nil
	}
	all, err := d.Record.Intakes(c.Request().Context(), d.actor(c))
	if err != nil {
		return q, err
	}
	for _, in := range all {
		if in.State == recordstore.IntakeOpen {
			q.Tasks = append(q.Tasks, views.Task{
				State: "Import", Title: capital(in.Kind) + " of " + series[in.SeriesID].Name, Path: "/import/" + in.ID, Action: "Continue",
				Says: "Started " + d.when(in.StartedAt) + ". Nothing of it is in the record yet",
			})
		}
	}
	return cut(q, "/import"), nil
}
