package desk

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"track15/models/fault"
	views "track15/views/desk"
)

// sign: POST /releases/:id/sign
func (d *Desk) sign(c echo.Context) error {
	form, err := d.readForm(c)
	if err != nil {
		return err
	}
	when, err := timing(form)
	if err == nil {
		err = d.Release.Ask(c.Request().Context(), d.actor(c), c.Param("id"), form.Values.Get("second"))
	}
	if err == nil {
		err = d.Release.Sign(c.Request().Context(), d.actor(c), c.Param("id"), form.Values.Get("password"), when)
	}
	return d.signed(c, form, err, "signed")
}

// countersign: POST /releases/:id/countersign
//
// Every field that changes must be ticked as read; the page's script only
// counts.
func (d *Desk) countersign(c echo.Context) error {
	form, err := d.readForm(c)
	if err != nil {
		return err
	}
	ctx, actor, id := c.Request().Context(), d.actor(c), c.Param("id")
	unread, err := d.unread(c, form)
	if err != nil {
		return err
	}
	if len(unread) > 0 {
		form.Faults = unread
		return d.releasePage(c, http.StatusUnprocessableEntity, form)
	}
	err = d.Release.Countersign(ctx, actor, id, form.Values.Get("password"))
	return d.signed(c, form, err, "countersigned")
}

// signed answers after a signature, or says why there is none.
func (d *Desk) signed(c echo.Context, form views.Form, err error, what string) error {
	delete(form.Values, "password")
	if err != nil {
		var refused bool
		if form.Faults, refused = faultsOf(err); refused {
			return d.releasePage(c, http.StatusUnprocessableEntity, form)
		}
		return err
	}
	return done(c, views.ReleasePath(c.Param("id")), what)
}

// faultsOf returns what a person can put right on the page they were on: what
// names a field, and a release that others changed meanwhile.
func faultsOf(err error) ([]views.Fault, bool) {
	var all []views.Fault
	for _, e := range fault.All(err) {
		if e.Field == "" && e.Kind != fault.Conflict && e.Kind != fault.Invalid {
			return nil, false
		}
		all = append(all, views.Fault{Field: e.Field, Text: sentence(e.Text)})
	}
	return all, len(all) > 0
}

// sentence makes a whole sentence of the words of an error.
func sentence(s string) string {
	if s == "" {
		return s
	}
	s = strings.ToUpper(s[:1]) + s[1:]
	if !strings.HasSuffix(s, ".") {
		s += "."
	}
	return s
}

// unread returns a fault for each thing in the release that the form does not
// say was read.
func (d *Desk) unread(c echo.Context, form views.Form) ([]views.Fault, error) {
	ctx, actor, id := c.Request().Context(), d.actor(c), c.Param("id")
	r, err := d.Release.Release(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	var all []views.Fault
	if len(r.Drop) > 0 && form.Values.Get("read_leaves") == "" {
		all = append(all, views.Fault{Field: "read_leaves", Text: "Read what leaves the public, and tick it."})
	}
	_, weigh, err := d.conclusions(ctx, actor, r)
	if err != nil {
		return nil, err
	}
	if weigh && form.Values.Get("read_warnings") == "" {
		all = append(all, views.Fault{Field: "read_warnings", Text: "Weigh what a reader may conclude, and tick it."})
	}
	if r.Import {
		if form.Values.Get("read_list") == "" {
			all = append(all, views.Fault{Field: "read_list", Text: "Read the list, and tick it."})
		}
		return all, nil
	}
	rows, err := d.Release.Compare(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		if v := compareRow(row); !isDrop(row) && v.MustTick() && !form.Has("read", v.Name) {
			all = append(all, views.Fault{Field: v.Name, Text: "Read this field, and tick it: " + row.Field + "."})
		}
	}
	return all, nil
}

// cancelRelease: POST /releases/:id/cancel
func (d *Desk) cancelRelease(c echo.Context) error {
	form, err := d.readForm(c)
	if err != nil {
		return err
	}
	err = d.Release.Cancel(c.Request().Context(), d.actor(c), c.Param("id"), form.Values.Get("reason"))
	return d.signed(c, form, err, "cancelled")
}

// returnRelease: POST /releases/:id/return
func (d *Desk) returnRelease(c echo.Context) error {
	form, err := d.readForm(c)
	if err != nil {
		return err
	}
	err = d.Release.Return(c.Request().Context(), d.actor(c), c.Param("id"), form.Values.Get("return_reason"))
	return d.signed(c, form, err, "returned")
}
