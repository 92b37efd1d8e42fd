package desk

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"track15/models/fault"
	"track15/models/published"
	"track15/models/record"
	"track15/models/recordstore"
	views "track15/views/desk"
)

var copiesFrame = views.Frame{
	Title: "Copies elsewhere", What: "Who may still hold what left the public. The program asks nobody.", Marking: views.Confidential, Section: views.Releases,
}

// outsideCopies: GET /releases/:id/copies
func (d *Desk) outsideCopies(c echo.Context) error {
	return d.copiesPage(c, http.StatusOK, views.Form{Values: url.Values{"id": {recordstore.NewID()}}})
}

// copiesPage lists what a release took away, with the addresses that others may
// have kept, and the copies that are chased.
func (d *Desk) copiesPage(c echo.Context, status int, form views.Form) error {
	ctx, actor := c.Request().Context(), d.actor(c)
	r, err := d.Release.Release(ctx, actor, c.Param("id"))
	if err != nil {
		return err
	}
	all, err := d.Record.OutsideCopies(ctx, actor, r.ID)
	if err != nil {
		return err
	}
	p := views.OutsideCopiesPage{
		ReleaseID: r.ID, Title: r.Title, Kind: releaseKinds[r.Kind], Form: form,
		CanChase: r.TakesAway() && mayAll(actor, record.ChaseCopies, r.SeriesIDs),
	}
	for _, x := range all {
		p.Copies = append(p.Copies, d.copyLine(x))
	}
	if r.TakesAway() {
		if p.Addresses, err = d.keptAddresses(c, r); err != nil {
			return err
		}
	}
	return d.show(c, status, views.OutsideCopies(d.frame(c, copiesFrame), p))
}

// copyLine is a copy as the list shows it.
func (d *Desk) copyLine(x record.OutsideCopy) views.OutsideCopy {
	return views.OutsideCopy{
		Path: views.CopiesPath(x.ReleaseID) + "/" + x.ID, Kind: views.CopyKindWords[x.Kind], Address: x.Address, State: views.CopyStateWords[x.State],
		Open: x.Open(), Note: x.Note, Says: x.ChangedBy.Name + ", " + d.when(x.ChangedAt),
	}
}

// keptAddresses are the public addresses at which stood what a release takes
// away, as others may have noted them.
func (d *Desk) keptAddresses(c echo.Context, r record.Release) (all []string, err error) {
	docs, err := d.Record.PublicBefore(c.Request().Context(), d.actor(c), r.ID)
	if err != nil {
		return nil, err
	}
	for _, key := range slices.Sorted(maps.Keys(docs)) {
		doc := docs[key].FrozenDocument
		if doc.Kind != string(published.KindRound) && doc.Kind != string(published.KindOutput) {
			continue
		}
		all = append(all, d.PublicURL+publicPath(doc))
		for _, o := range doc.Observations {
			all = append(all, d.PublicURL+"/observations/"+o.Slug)
		}
	}
	return all, nil
}

// copyOf is what a form says of a copy.
func copyOf(f views.Form, releaseID, id string) record.OutsideCopy {
	v := f.Values
	return record.OutsideCopy{
		ID: id, ReleaseID: releaseID, Kind: record.CopyKind(v.Get("kind")), Address: v.Get("address"),
		State: record.CopyState(v.Get("state")), Note: v.Get("note"), Version: version(f),
	}
}

// addOutsideCopy: POST /releases/:id/copies
func (d *Desk) addOutsideCopy(c echo.Context) error {
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	if len(f.Faults) == 0 {
		x := copyOf(f, c.Param("id"), f.Values.Get("id"))
		x.Version = 0
		_, err = d.Record.SaveOutsideCopy(c.Request().Context(), d.actor(c), x)
	}
	return sent(c, f, err, views.CopiesPath(c.Param("id")), "saved", d.copiesPage)
}

// outsideCopy: GET /releases/:id/copies/:copy
func (d *Desk) outsideCopy(c echo.Context) error {
	return d.copyPage(c, http.StatusOK, views.Form{})
}

func (d *Desk) copyPage(c echo.Context, status int, form views.Form) error {
	ctx, actor := c.Request().Context(), d.actor(c)
	r, err := d.Release.Release(ctx, actor, c.Param("id"))
	if err != nil {
		return err
	}
	all, err := d.Record.OutsideCopies(ctx, actor, r.ID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(x record.OutsideCopy) bool { return x.ID == c.Param("copy") })
	if i < 0 {
		return fault.Errorf(fault.NotFound, "there is no such copy")
	}
	if form.Values == nil {
		x := all[i]
		form.Values = url.Values{
			"version": {strconv.FormatInt(x.Version, 10)}, "kind": {string(x.Kind)}, "address": {x.Address}, "state": {string(x.State)}, "note": {x.Note},
		}
	}
	p := views.OutsideCopyPage{ReleaseID: r.ID, Title: r.Title, Copy: d.copyLine(all[i]), Form: form}
	return d.show(c, status, views.OneOutsideCopy(d.frame(c, copiesFrame), p))
}

// saveOutsideCopy: POST /releases/:id/copies/:copy
func (d *Desk) saveOutsideCopy(c echo.Context) error {
	f, err := d.readForm(c)
	if err != nil {
		return err
	}
	if len(f.Faults) == 0 {
		_, err = d.Record.SaveOutsideCopy(c.Request().Context(), d.actor(c), copyOf(f, c.Param("id"), c.Param("copy")))
	}
	return sent(c, f, err, views.CopiesPath(c.Param("id")), "saved", d.copyPage)
}

// copiesQueue are the releases with copies elsewhere that are still chased.
func (d *Desk) copiesQueue(c echo.Context, _ map[string]record.Series) (views.Queue, error) {
	q := views.Queue{Title: "Copies elsewhere to chase"}
	ctx, actor := c.Request().Context(), d.actor(c)
	if !actor.MayAnywhere(record.ReadCopies) {
		return q, nil
	}
	open, err := d.Record.CopiesToChase(ctx, actor)
	if err != nil {
		return q, err
	}
	for _, id := range slices.Sorted(maps.Keys(open)) {
		r, err := d.Release.Release(ctx, actor, id)
		if err != nil {
			return q, err
		}
		q.Tasks = append(q.Tasks, views.Task{
			Wax: true, State: releaseKinds[r.Kind], Title: r.Title, Path: views.CopiesPath(id), Action: "Chase", Says: counted(open[id], "copy", "copies") + " open",
		})
	}
	return cut(q, "/releases"), nil
}
