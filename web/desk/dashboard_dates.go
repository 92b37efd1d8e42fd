package desk

import (
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"track15/models/record"
	"track15/models/recordstore"
	views "track15/views/desk"
)

const (
	weeksAhead = 6
	// roundsAhead is how many of the newest rounds are looked through for
	// those of the next weeks.
	roundsAhead = 200
)

// waitingRoles adds the proposals that this person may answer, and their own
// roles with their ends.
func (d *Desk) waitingRoles(c echo.Context, p *views.DashboardPage, series map[string]record.Series) error {
	ctx, actor := c.Request().Context(), d.actor(c)
	own, err := d.Record.OwnGrants(ctx, actor)
	if err != nil {
		return err
	}
	for _, g := range own {
		says := capital(g.Role)
		switch name := series[g.SeriesID].Name; {
		case g.SeriesID == record.AllSeries:
			says += " in all series"
		case name != "":
			says += " in " + name
		}
		if g.Until != "" {
			says += ", until " + endOf(g)
		}
		p.Roles = append(p.Roles, says)
	}
	if !actor.MayAnywhere(record.GiveGrant) {
		return nil
	}
	asked, err := d.Record.Grants(ctx, actor, recordstore.GrantFilter{State: record.GrantProposed})
	if err != nil {
		return err
	}
	slices.SortStableFunc(asked, func(a, b record.GrantEntry) int { return int(a.ProposedAt - b.ProposedAt) })
	q := views.Queue{Title: "Roles to decide on"}
	for _, g := range asked {
		at := accessOf(g, series)
		if at == "" || g.AccountID == actor.ID || !actor.May(record.GiveGrant, g.SeriesID) {
			continue
		}
		q.Tasks = append(q.Tasks, views.Task{
			Mark: views.InReview, State: "Proposed", Title: g.Name + ", " + string(g.Role), Path: at, Action: "Decide",
			Says: "Proposed by " + g.ProposedBy.Name + ", " + d.when(g.ProposedAt) + ", until " + endOf(g) + ": " + g.Reason,
		})
	}
	p.Queues = append(p.Queues, q)
	return nil
}

// accessOf is the page where a grant stands: that of its series, or for one of
// all series that of any which the person reads; "" for none.
func accessOf(g record.GrantEntry, series map[string]record.Series) string {
	if g.SeriesID != record.AllSeries {
		return views.AccessPath(g.SeriesID)
	}
	for _, o := range seriesOptions(series) {
		return views.AccessPath(o.Value)
	}
	return ""
}

// calendar fills the strip of the next weeks: rounds with a day, embargoes and
// roles that end.
func (d *Desk) calendar(c echo.Context, p *views.DashboardPage, series map[string]record.Series, embargoes []recordstore.Embargo) error {
	ctx, actor := c.Request().Context(), d.actor(c)
	today := d.Clock().UTC().Truncate(24 * time.Hour)
	monday := today.AddDate(0, 0, -(int(today.Weekday())+6)%7)
	end := monday.AddDate(0, 0, 7*weeksAhead)
	for i := range weeksAhead {
		from := monday.AddDate(0, 0, 7*i)
		p.Weeks = append(p.Weeks, views.Week{Days: weekDays(from, from.AddDate(0, 0, 6)), Now: i == 0})
	}
	type dated struct {
		day time.Time
		views.Event
	}
	var all []dated
	if actor.MayAnywhere(record.ReadDates) {
		rounds, _, err := d.Record.Rounds(ctx, actor, recordstore.RoundFilter{PerPage: roundsAhead})
		if err != nil {
			return err
		}
		for _, r := range slices.Backward(rounds) {
			day := r.Opens.First()
			if r.Opens.Precision() != record.Day || day.Before(monday) || r.State == record.Cancelled || r.State == record.Postponed {
				continue
			}
			name := series[r.SeriesID].Name + ", " + roundName(r)
			if p.Next == "" && !day.Before(today) {
				p.Next = "Next round: " + strings.TrimPrefix(name, ", ") + ", " + inDays(int(day.Sub(today)/(24*time.Hour))) + "."
			}
			e := views.Event{Day: day.Format("Mon 2"), Words: strings.TrimPrefix(name, ", "), Path: views.RoundPath(r.ID, "")}
			if last := r.Closes.First(); r.Closes.Precision() == record.Day && last.After(day) {
				e.Day += "–" + last.Format("Mon 2")
			}
			all = append(all, dated{day, e})
		}
	}
	for _, e := range embargoes {
		day := e.Until.First()
		all = append(all, dated{day, views.Event{Day: day.Format("Mon 2"), Words: "Embargo ends: " + called(e.Round, series), Path: views.RoundPath(e.Round.ID, "rules"), Class: "is-review"}})
	}
	if actor.MayAnywhere(record.ReadGrants) {
		held, err := d.Record.Grants(ctx, actor, recordstore.GrantFilter{State: record.GrantGiven})
		if err != nil {
			return err
		}
		for _, g := range held {
			if at := accessOf(g, series); at != "" && g.Until != "" && g.Holds(today) {
				e := views.Event{Day: g.Until.First().Format("Mon 2"), Words: "Role ends: " + g.Name + ", " + string(g.Role), Path: at, Class: "is-review"}
				all = append(all, dated{g.Until.First(), e})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b dated) int { return a.day.Compare(b.day) })
	for _, e := range all {
		if e.day.Before(end) {
			w := &p.Weeks[int(e.day.Sub(monday)/(7*24*time.Hour))]
			w.Events = append(w.Events, e.Event)
		}
	}
	return nil
}

// weekDays writes the days of a week: "16–22 Mar", "30 Mar–5 Apr".
func weekDays(from, to time.Time) string {
	if from.Month() == to.Month() {
		return from.Format("2") + "–" + to.Format("2 Jan")
	}
	return from.Format("2 Jan") + "–" + to.Format("2 Jan")
}

// inDays says when a day comes: "today", "tomorrow", "in nine days".
func inDays(n int) string {
	switch n {
	case 0:
		return "today"
	case 1:
		return "tomorrow"
	}
	return "in " + strings.ToLower(counted(n, "day", "days"))
}
