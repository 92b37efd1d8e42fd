package desk

import (
	"context"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"track15/models/published"
	"track15/models/record"
	views "track15/views/desk"
)

// away: GET /released/:kind/:slug/withdraw
func (d *Desk) away(c echo.Context) error {
	return d.awayPage(c, http.StatusOK, views.Form{})
}

// awayPage says what would leave with a round or text, and offers the ways of
// withdrawing it; of a suspended one also to bring it back.
func (d *Desk) awayPage(c echo.Context, status int, form views.Form) error {
	ctx, actor := c.Request().Context(), d.actor(c)
	kind, slug, err := releasedAddress(c)
	if err != nil {
		return err
	}
	if kind != published.KindRound && kind != published.KindOutput {
		return errNothing
	}
	doc, err := d.Release.ReleasedDocument(ctx, actor, kind, slug)
	if err != nil {
		return err
	}
	r, err := d.Release.Release(ctx, actor, doc.ReleaseID)
	if err != nil {
		return err
	}
	if !mayAll(actor, record.PrepareRelease, r.SeriesIDs) {
		return errNothing
	}
	content := decode(doc.FrozenDocument)
	p := views.AwayPage{
		Kind: kindWords[string(kind)], Round: kind == published.KindRound, Title: content.title(), Path: views.ReleasedPath(string(kind), slug),
		Sample: content.head().Sample, Form: form, Withdrawn: doc.Notice != "" && doc.Notice != string(published.NoticeSuspended),
	}
	p.Mark, p.Wax, p.State = d.publicState(doc)
	falling, err := d.Record.Falling(ctx, actor, string(kind), slug)
	if err != nil {
		return err
	}
	p.Falls = falls(falling, nil)
	if p.Suspended, err = d.suspension(ctx, actor, kind, slug); err != nil {
		return err
	}
	frame := views.Frame{Title: "Withdrawal", What: "Nothing leaves before two people signed.", Marking: views.Confidential, Section: views.Releases}
	return d.show(c, status, views.Away(d.frame(c, frame), p))
}

// suspension says who suspended a document and what is under way about it, nil if
// it is not suspended.
func (d *Desk) suspension(ctx context.Context, actor record.Actor, kind published.Kind, slug string) (*views.Suspension, error) {
	all, err := d.Record.Suspended(ctx, actor)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(s record.Suspended) bool { return s.Kind == string(kind) && s.Slug == slug })
	if i < 0 {
		return nil, nil
	}
	v := &views.Suspension{By: all[i].By.Name, When: d.when(all[i].At)}
	if v.You = all[i].By.ID == actor.ID; all[i].Underway != "" {
		v.Underway = views.ReleasePath(all[i].Underway)
	}
	return v, nil
}

// falls are documents that leave, without those that a release names itself.
func falls(docs []record.PublicDocument, named []record.FrozenDrop) (all []views.Falling) {
	for _, doc := range docs {
		if !slices.ContainsFunc(named, func(n record.FrozenDrop) bool { return n.Kind == doc.Kind && n.Slug == doc.Slug }) {
			all = append(all, views.Falling{Kind: kindWords[doc.Kind], Title: decode(doc.FrozenDocument).title()})
		}
	}
	return all
}

// suspendedQueue are the suspensions that are not settled: whoever made one is
// told until it is.
func (d *Desk) suspendedQueue(c echo.Context) (views.Queue, error) {
	q := views.Queue{Title: "Suspensions to settle"}
	actor := d.actor(c)
	all, err := d.Record.Suspended(c.Request().Context(), actor)
	if err != nil {
		return q, err
	}
	for _, s := range all {
		by := s.By.Name
		if s.By.ID == actor.ID {
			by = "you"
		} else if !mayAll(actor, record.Suspend, s.SeriesIDs) {
			continue
		}
		t := views.Task{
			Wax: true, State: "Suspended", Title: s.Title, Action: "Settle",
			Path: views.ReleasedPath(s.Kind, s.Slug) + "/withdraw", Says: "Suspended by " + by + ", " + d.when(s.At),
		}
		if s.Underway != "" {
			t.Says, t.Path, t.Action = t.Says+". A release that settles it waits", views.ReleasePath(s.Underway), "Open"
		}
		q.Tasks = append(q.Tasks, t)
	}
	return cut(q, "/releases"), nil
}
