package desk

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"track15/models/fault"
	"track15/models/record"
	"track15/models/recordstore"
	views "track15/views/desk"
)

// importDone shows what an import did. f is what was refused.
func (d *Desk) importDone(c echo.Context, status int, t recordstore.Intake, f views.Form) error {
	head, err := d.importHead(c, t)
	if err != nil {
		return err
	}
	r := t.Result
	p := views.ImportDonePage{
		Head: head, Form: f, Known: r.Known, Later: r.Later, Undone: t.State == recordstore.IntakeUndone,
		CanUndo: t.State == recordstore.IntakeDone && d.Clock().UnixMicro()-t.DoneAt <= recordstore.UndoFor.Microseconds(),
	}
	for _, n := range []struct {
		words string
		n     int
	}{
		{"Participants", r.Participations},
		{"New people", r.People},
		{"New organisations", r.Organisations},
		{"New rounds", r.Rounds},
		{"Organisations at rounds", r.Presences},
		{"Texts", r.Outputs},
	} {
		if n.n > 0 {
			p.Made = append(p.Made, views.Fact{Label: n.words, Value: strconv.Itoa(n.n)})
		}
	}
	for _, a := range r.Aside {
		p.Aside = append(p.Aside, views.Fact{Label: "Row " + strconv.Itoa(a.Row), Value: a.Why})
	}
	for _, k := range r.Kept {
		p.Kept = append(p.Kept, views.Fact{Label: capital(k.Kind), Value: k.Why})
	}
	if p.Public, err = d.publicElsewhere(c, t); err != nil {
		return err
	}
	if p.Public.Release != "" {
		if p.LeftOut, err = d.leftOut(c, t); err != nil {
			return err
		}
	}
	return d.show(c, status, views.ImportDone(d.frame(c, importFrame), p))
}

// publicElsewhere is what of an import is public elsewhere, and how far its
// release is.
func (d *Desk) publicElsewhere(c echo.Context, t recordstore.Intake) (views.PublicElsewhere, error) {
	r, actor := t.Result, d.actor(c)
	p := views.PublicElsewhere{Entries: len(r.Public) + len(r.Texts)}
	if p.Entries == 0 || t.State != recordstore.IntakeDone {
		return p, nil
	}
	if r.ReleaseID != "" && actor.May(record.ReadRelease, t.SeriesID) {
		rel, err := d.Release.Release(c.Request().Context(), actor, r.ReleaseID)
		if err != nil {
			return p, err
		}
		if rel.State != record.CalledOff && rel.State != record.Refused {
			p.Release, p.Title = views.ReleasePath(rel.ID), rel.Title
		}
	}
	p.CanPrepare = p.Release == "" && actor.May(record.PrepareRelease, t.SeriesID)
	return p, nil
}

// leftOut names what of an import is not in its release, each with the reason;
// what the person may not read goes by its kind.
func (d *Desk) leftOut(c echo.Context, t recordstore.Intake) ([]views.Fact, error) {
	ctx, actor, names := c.Request().Context(), d.actor(c), map[string]string{}
	if len(t.Result.LeftOut) == 0 {
		return nil, nil
	}
	rounds, _, err := d.Record.Rounds(ctx, actor, recordstore.RoundFilter{SeriesID: t.SeriesID})
	if err != nil {
		return nil, err
	}
	for _, r := range rounds {
		names[r.ID] = ": " + roundName(r)
	}
	if actor.May(record.ReadDraft, t.SeriesID) {
		texts, _, err := d.Record.Outputs(ctx, actor, recordstore.OutputFilter{SeriesID: t.SeriesID})
		if err != nil {
			return nil, err
		}
		for _, o := range texts {
			names[o.ID] = ": " + o.Draft.Title
		}
	}
	var all []views.Fact
	for _, l := range t.Result.LeftOut {
		all = append(all, views.Fact{Label: capital(l.Kind) + names[l.ID], Value: l.Why})
	}
	return all, nil
}

// prepareImported: POST /import/:id/release
func (d *Desk) prepareImported(c echo.Context) error {
	rel, err := d.Release.PrepareImported(c.Request().Context(), d.actor(c), c.Param("id"))
	if fault.KindOf(err) == fault.Conflict {
		t, _, again := d.openImport(c)
		if again != nil || t.State == recordstore.IntakeOpen {
			return err
		}
		faults, _ := faultsOf(err)
		return d.importDone(c, http.StatusConflict, t, views.Form{Faults: faults})
	}
	if err != nil {
		return err
	}
	return done(c, views.ReleasePath(rel.ID), "prepared")
}
