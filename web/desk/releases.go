package desk

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"track15/models/published"
	"track15/models/record"
	"track15/models/recordstore"
	"track15/views/components"
	views "track15/views/desk"
)

// releasesPerPage is how many releases that are done stand on a page.
const releasesPerPage = 25

// waitingStates are those of a release that still needs a person.
var waitingStates = []record.ReleaseState{record.Frozen, record.Signed}

// pastStates are those of a release that needs nobody any more.
var pastStates = []record.ReleaseState{record.Countersigned, record.Due, record.Released, record.CalledOff, record.Refused}

// releases: GET /releases
func (d *Desk) releases(c echo.Context) error {
	ctx, actor := c.Request().Context(), d.actor(c)
	number, err := page(c)
	if err != nil {
		return err
	}
	waiting, _, err := d.Release.Releases(ctx, actor, recordstore.ReleaseFilter{States: waitingStates, PerPage: 200})
	if err != nil {
		return err
	}
	past, total, err := d.Release.Releases(ctx, actor, recordstore.ReleaseFilter{States: pastStates, Page: number, PerPage: releasesPerPage})
	if err != nil {
		return err
	}
	p := views.ReleasesPage{Pager: components.PagerArgs{
		Page: number, Pages: pages(total, releasesPerPage), Shown: shown(number, releasesPerPage, len(past), total, "releases"),
		Address: func(n int) string { return "/releases?page=" + strconv.Itoa(n) },
	}}
	p.Requests = actor.MayAnywhere(record.ReadRequests)
	for _, r := range waiting {
		p.Waiting = append(p.Waiting, d.releaseRow(actor, r))
	}
	for _, r := range past {
		p.Past = append(p.Past, d.releaseRow(actor, r))
	}
	return d.show(c, http.StatusOK, views.ReleaseList(d.frame(c, views.Frame{
		Title: "Release", What: "What waits for two signatures, and what was released.", Section: views.Releases, Here: true,
	}), p))
}

// releaseKinds are the words for what a release does.
var releaseKinds = map[record.ReleaseKind]string{
	record.FirstRelease: "Release", record.Correction: "Correction", record.Suspension: "Suspension",
	record.Withdrawal: "Withdrawal", record.Restoration: "Bringing back",
}

// releaseRow is a release as a list shows it.
func (d *Desk) releaseRow(actor record.Actor, r record.Release) views.ReleaseRow {
	row := views.ReleaseRow{ID: r.ID, Title: r.Title, Kind: releaseKinds[r.Kind], Action: "Open"}
	row.Mark, row.Wax, row.State = releaseState(r)
	first, second := r.Signature(1), r.Signature(2)
	switch {
	case r.State == record.Frozen:
		row.Says = "Prepared by " + r.PreparedBy.Name + ", " + d.when(r.PreparedAt) + ". Nobody signed yet."
		if mayAll(actor, record.Sign, r.SeriesIDs) {
			row.Action = "Sign"
		}
	case r.State == record.Signed:
		row.Says = "First signature " + first.Name + ", " + d.when(first.At) + "."
		if first.ID != actor.ID && mayAll(actor, record.Countersign, r.SeriesIDs) {
			row.Action = "Review"
		}
	case r.State == record.CalledOff:
		row.Says = "Called off by " + r.CancelledBy.Name + ", " + d.when(r.CancelledAt) + "."
	case second.Name != "":
		row.Says = first.Name + " and " + second.Name + ", " + d.when(second.At) + "."
	default:
		row.Says = first.Name + ", " + d.when(first.At) + "."
	}
	if r.State == record.Countersigned || r.State == record.Due {
		mark, says := d.notYet(r)
		row.State, row.Says = mark, row.Says+" "+says
	}
	return row
}

// releaseState is the mark of a release.
func releaseState(r record.Release) (mark views.Marking, wax bool, words string) {
	switch r.State {
	case record.CalledOff:
		return 0, true, "Called off"
	case record.Refused:
		return 0, true, "Refused at delivery"
	case record.Countersigned, record.Due:
		return views.InReview, false, "On its way"
	case record.Released:
		if r.Kind.Closes() {
			return 0, true, map[record.ReleaseKind]string{record.Suspension: "Suspended", record.Withdrawal: "Withdrawn"}[r.Kind]
		}
		return views.Public, false, "Released"
	}
	return views.InReview, false, "In review"
}

// mayAll reports whether the actor may do act in every one of the series.
func mayAll(actor record.Actor, act record.Act, series []string) bool {
	return len(series) > 0 && !slices.ContainsFunc(series, func(id string) bool { return !actor.May(act, id) })
}

// showRelease: GET /releases/:id
func (d *Desk) showRelease(c echo.Context) error {
	return d.releasePage(c, http.StatusOK, views.Form{})
}

// releasePage shows a release, with what was wrong with a signature.
func (d *Desk) releasePage(c echo.Context, status int, form views.Form) error {
	ctx, actor := c.Request().Context(), d.actor(c)
	r, err := d.Release.Release(ctx, actor, c.Param("id"))
	if err != nil {
		return err
	}
	p := views.ReleasePage{
		ID: r.ID, Title: r.Title, Kind: releaseKinds[r.Kind], What: releaseWhat(r),
		Note: r.Note, TextCode: published.TextCode(r.Hash), Hash: r.Hash, Me: actor.Name, Form: form, Number: r.Number,
		First: d.hand(r.Signature(1)), Second: d.hand(r.Signature(2)), Steps: steps(r, actor),
	}
	p.Mark, p.Wax, p.State = releaseState(r)
	if r.State == record.Countersigned || r.State == record.Due {
		p.State, _ = d.notYet(r)
	}
	p.Copies = r.TakesAway() && mayAll(actor, record.ReadCopies, r.SeriesIDs)
	if r.Kind == record.Correction {
		p.Correction = "Redaction: earlier versions lose their text"
		if r.Amendment {
			p.Correction = "Amendment: earlier versions stay readable"
		}
	}
	if err := d.releaseContents(c, r, &p); err != nil {
		return err
	}
	if r.State == record.Signed && r.Asked.Name != "" {
		p.Asked = r.Signature(1).Name + " asked " + r.Asked.Name + " to sign."
	}
	if err := d.releaseHands(c, r, &p); err != nil {
		return err
	}
	if err := d.releaseTiming(c, r, &p); err != nil {
		return err
	}
	if err := d.releaseTelephone(c, r, &p); err != nil {
		return err
	}
	if r.State == record.Frozen || r.State == record.Signed {
		p.Preview = !r.Import
		if p.Conclusions, p.Weigh, err = d.conclusions(ctx, actor, r); err != nil {
			return err
		}
		if p.Ready, err = d.readiness(c, r.ID); err != nil {
			return err
		}
		if err := d.releaseClearances(c, r, &p); err != nil {
			return err
		}
		p.Steps = slices.Insert(p.Steps, 1, clearedStep(p.Ready)...)
	}
	frame := views.Frame{Title: "Release", What: "What waits for two signatures.", Marking: views.InReview, Section: views.Releases}
	switch {
	case p.CanCounter:
		frame.What = "You are the second reader. Becomes public only with your signature."
	case r.State != record.Frozen && r.State != record.Signed:
		frame.What, frame.Marking = "What two people signed, beside the record.", views.Confidential
	}
	p.Entered = r.Signature(2).Entered.Name
	if p.Short = form.Values.Get("short") != ""; p.Short {
		return d.show(c, status, views.Countersigning(d.frame(c, frame), p))
	}
	return d.show(c, status, views.Release(d.frame(c, frame), p))
}

// releaseWhat says in a sentence what a release does.
func releaseWhat(r record.Release) string {
	switch r.Kind {
	case record.Suspension:
		return "This takes a text away for the time being. A notice without a reason stands at its address."
	case record.Withdrawal:
		return "This takes a text away for good. A notice stays at its address."
	case record.Restoration:
		return "This brings back exactly what was public before."
	}
	if r.Import {
		return "These entries were compiled from public sources. Each becomes public with the address of its source, marked as not confirmed by the conveners."
	}
	if r.Delivered {
		return "The right-hand column is exactly what was released, and there was nothing else."
	}
	return "The right-hand column is exactly what the public will read, and there is nothing else."
}

func (d *Desk) hand(s record.Signature) views.Hand {
	if s.Name == "" {
		return views.Hand{}
	}
	return views.Hand{Name: s.Name, When: d.when(s.At)}
}

// steps are the stages of a release as this person sees them.
func steps(r record.Release, actor record.Actor) []views.Step {
	first, second := r.Signature(1), r.Signature(2)
	ended := r.State == record.CalledOff || r.State == record.Refused
	all := []views.Step{{Words: "Frozen by " + r.PreparedBy.Name, Done: true}}
	one := views.Step{Words: "First signature", Done: first.Name != "", Now: r.State == record.Frozen}
	if first.Name != "" {
		one.Words += ", " + first.Name
	}
	all = append(all, one)
	if r.Kind != record.Suspension {
		two := views.Step{Words: "Second signature", Done: second.Name != "", Now: r.State == record.Signed}
		if second.Name != "" {
			two.Words += ", " + second.Name
		} else if two.Now && r.Asked.ID != "" && r.Asked.ID != actor.ID {
			two.Words += ", " + r.Asked.Name + " is asked"
		} else if two.Now && first.ID != actor.ID && mayAll(actor, record.Countersign, r.SeriesIDs) {
			two.Words += ", you"
		}
		all = append(all, two)
	}
	if ended {
		return append(all, views.Step{Words: "Ended", Now: true})
	}
	last := views.Step{Words: "Public", Done: r.State == record.Released, Now: r.State == record.Countersigned || r.State == record.Due}
	if r.Kind.Closes() {
		last.Words = "Gone from the public"
	}
	return append(all, last)
}

// releaseHands says what this person may do about a release.
func (d *Desk) releaseHands(c echo.Context, r record.Release, p *views.ReleasePage) error {
	ctx, actor := c.Request().Context(), d.actor(c)
	waits := r.State == record.Frozen || r.State == record.Signed
	p.CanCancel = waits && mayAll(actor, record.PrepareRelease, r.SeriesIDs)
	switch r.State {
	case record.Frozen:
		p.CanSign = mayAll(actor, record.Sign, r.SeriesIDs)
		return d.couldSecond(c, r, p)
	case record.Signed:
		bars, err := d.Release.Bars(ctx, actor, r.ID)
		if err != nil {
			return err
		}
		p.Could = bars.Could
		p.CanReturn = r.Signature(1).ID != actor.ID && mayAll(actor, record.ReturnRelease, r.SeriesIDs)
		switch {
		case !mayAll(actor, record.Countersign, r.SeriesIDs):
			p.Bars = "Your roles do not include the second signature."
		case bars.Barred:
			p.Bars = bars.Sentence + " Somebody who contributed to none of it has to sign."
		default:
			p.CanCounter = true
		}
	case record.CalledOff:
		if r.Returned() {
			p.EndedAs = "Returned to " + r.Signature(1).Name
		}
		p.Ended = r.CancelledBy.Name + ", " + d.when(r.CancelledAt) + "."
		if r.CancelReason != "" {
			p.Ended += " " + r.CancelReason
		}
	case record.Refused:
		p.Ended = "What was signed is not what is stored. Nothing of it became public. Tell whoever operates the program."
	}
	switch {
	case r.Delivered:
		p.Delivered = "Release " + strconv.FormatInt(r.Number, 10) + ", " + d.when(r.NumberedAt) + "."
	case r.State == record.Countersigned || r.State == record.Due:
		_, p.Delivered = d.notYet(r)
	}
	return nil
}
