package desk

import (
	"net/http"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"track15/models/record"
	views "track15/views/desk"
)

// timing reads when a release may become public. A choice that no form offers
// decides nothing.
func timing(form views.Form) (record.Timing, error) {
	v := form.Values
	t := record.Timing{Choice: record.Choice(v.Get("when"))}
	switch t.Choice {
	case record.AtInstant:
		due, err := record.Instant(v.Get("at"), v.Get("zone"))
		if err != nil {
			return t, err
		}
		t.Due, t.Zone = due, v.Get("zone")
	case record.AfterEvent:
		t.Event = v.Get("event")
	}
	return t, nil
}

// releaseTiming says when a release becomes public, and what this person may do
// about it.
func (d *Desk) releaseTiming(c echo.Context, r record.Release, p *views.ReleasePage) error {
	actor, t := d.actor(c), r.Timing
	waits := r.State == record.Signed || r.State == record.Countersigned
	if !waits || r.Kind == record.Suspension {
		return nil
	}
	may := func(act record.Act) bool { return mayAll(actor, act, r.SeriesIDs) }
	signed := r.Signature(1).ID == actor.ID || r.Signature(2).ID == actor.ID
	v := &views.ReleaseTiming{
		ID: r.ID, Form: p.Form, Says: d.waitsFor(r),
		MayHold: t.Held.Why == "" && may(record.HoldRelease), MayLift: t.Held.Why != "" && may(record.LiftHold),
		MayBring: signed && t.Waits(d.Clock()) && may(record.BringForward),
		MayNote:  t.Choice == record.AfterEvent && t.Happened.At == 0 && may(record.NoteEvent),
		MayCite:  t.Waits(d.Clock()) && t.Published.Address == "" && may(record.NoteEvent),
	}
	if t.Choice == record.AtInstant {
		series, err := d.Record.AllSeries(c.Request().Context(), actor)
		if err != nil {
			return err
		}
		v.Local = localTimes(t.Due, t.Zone, series, r.SeriesIDs)
	}
	if t.Held.Why != "" {
		v.Held = heldBy(t.Held, d.when(t.Held.At))
	}
	if t.Published.Address != "" {
		v.Published = &views.PublishedFirst{Address: t.Published.Address, When: d.when(t.Published.At), Copy: t.Published.Copy, Path: "/drafts/" + t.Published.OutputID}
	}
	p.Timing = v
	return nil
}

// heldBy says who holds a release and why.
func heldBy(h record.Stay, when string) string {
	if h.Why == record.HeldByClock {
		return "The clock of the machine jumped, on " + when + ". Nothing that waits for a time goes out before somebody says that the clock is right."
	}
	return "Held by " + h.Name + " on " + when + ": " + h.Reason
}

// localTimes are an instant at its place, for each side whose country has one
// time, and in UTC.
func localTimes(at int64, zone string, all []record.Series, ids []string) []views.LocalTime {
	var times []views.LocalTime
	add := func(who string, place *time.Location) {
		l := views.LocalTime{Who: who, When: time.UnixMicro(at).In(place).Format("Monday 2 January 2006, 15:04")}
		if !slices.Contains(times, l) {
			times = append(times, l)
		}
	}
	if place, err := record.Place(zone); err == nil {
		add(zone, place)
	}
	for _, s := range all {
		for _, side := range s.Sides {
			if place := record.ZoneOf(side.Country); slices.Contains(ids, s.ID) && place != nil {
				add(side.Name, place)
			}
		}
	}
	add("UTC", time.UTC)
	return times
}

// waitsFor says in a sentence what a release that was signed waits for.
func (d *Desk) waitsFor(r record.Release) string {
	t := r.Timing
	after := "With the second signature it becomes public"
	if r.State == record.Countersigned {
		after = "It becomes public"
	}
	place, err := record.Place(t.Zone)
	switch {
	case t.Held.Why != "":
		return "Held. It does not become public before somebody lifts that."
	case t.Forward.At > 0:
		return after + " at once: " + t.Forward.Name + " brought it forward, " + d.when(t.Forward.At) + ". " + t.Forward.Reason
	case t.Choice == record.AtOnce:
		return after + " at once."
	case t.Choice == record.AtInstant && err == nil:
		return after + " on " + time.UnixMicro(t.Due).In(place).Format("2 January 2006 at 15:04") + ", " + t.Zone + ", not before."
	case t.Choice == record.AfterEvent && t.Happened.At > 0:
		return after + " at once: " + t.Happened.Name + " said on " + d.when(t.Happened.At) + " that it has happened. " + t.Event
	case t.Choice == record.AfterEvent:
		return after + " once this has happened: " + t.Event
	}
	return "Nobody decided when it becomes public."
}

// notYet says why a release with both signatures is not public, in words for
// its mark and a sentence.
func (d *Desk) notYet(r record.Release) (mark, says string) {
	t := r.Timing
	trouble := map[record.Trouble]string{
		record.StoreAway:    "the public store does not answer. It is tried again all the time.",
		record.LogAltered:   "the release log is not what was written. Tell whoever operates the program.",
		record.ProgramFault: "delivery fails. Tell whoever operates the program.",
	}[t.Trouble]
	switch {
	case trouble != "":
		return "Waiting", "Waiting to reach the public site, because " + trouble
	case r.State == record.Due:
		return "On its way", "On its way to the public site."
	case t.Held.Why != "":
		return "Held", heldBy(t.Held, d.when(t.Held.At))
	case t.Waits(d.Clock()):
		return "Embargoed", d.waitsFor(r)
	}
	return "Due", "Due: it takes effect within a minute, or when the house next delivers."
}

// holdRelease: POST /releases/:id/hold
func (d *Desk) holdRelease(c echo.Context) error {
	return d.retimed(c, "hold", "held", func(v value) error {
		return d.Release.Hold(c.Request().Context(), d.actor(c), c.Param("id"), v("reason"))
	})
}

// lift: POST /releases/:id/lift
func (d *Desk) lift(c echo.Context) error {
	return d.retimed(c, "lift", "lifted", func(value) error {
		return d.Release.Lift(c.Request().Context(), d.actor(c), c.Param("id"))
	})
}

// bringForward: POST /releases/:id/forward
func (d *Desk) bringForward(c echo.Context) error {
	return d.retimed(c, "forward", "forward", func(v value) error {
		return d.Release.BringForward(c.Request().Context(), d.actor(c), c.Param("id"), v("reason"), v("password"))
	})
}

// happened: POST /releases/:id/happened
func (d *Desk) happened(c echo.Context) error {
	return d.retimed(c, "happened", "happened", func(v value) error {
		return d.Release.Happened(c.Request().Context(), d.actor(c), c.Param("id"), v("reason"))
	})
}

// publishedFirst: POST /releases/:id/published
func (d *Desk) publishedFirst(c echo.Context) error {
	return d.retimed(c, "published", "cited", func(v value) error {
		at, err := record.Instant(v("at"), v("zone"))
		if err != nil {
			return err
		}
		return d.Release.Published(c.Request().Context(), d.actor(c), c.Param("id"),
			record.Counterpart{Address: v("address"), At: at, Copy: v("copy")}, record.Draft{Title: v("title"), Lang: v("lang")})
	})
}

// A value is what stands in a field of the form that was sent.
type value func(field string) string

// retimed does something about the time of a release. The fields of its form
// begin with the form's name, since several stand on the page.
func (d *Desk) retimed(c echo.Context, form, what string, do func(value) error) error {
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	err = do(func(field string) string { return f.Values.Get(form + "_" + field) })
	f.Values.Set("about", form)
	f.Values.Del(form + "_password")
	if err != nil {
		faults, refused := faultsOf(err)
		if !refused {
			return err
		}
		for i := range faults {
			if faults[i].Field == "url" {
				faults[i].Field = "address"
			}
			if faults[i].Field != "" {
				faults[i].Field = form + "_" + faults[i].Field
			}
		}
		f.Faults = faults
		return d.releasePage(c, http.StatusUnprocessableEntity, f)
	}
	return done(c, views.ReleasePath(c.Param("id")), what)
}
