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

// releaseCodes: GET /release-codes
func (d *Desk) releaseCodes(c echo.Context) error {
	return d.releaseCodesPage(c, http.StatusOK, views.ReleaseCodesPage{})
}

func (d *Desk) releaseCodesPage(c echo.Context, status int, p views.ReleaseCodesPage) error {
	left, since, err := d.Record.ReleaseCodes(c.Request().Context(), d.actor(c))
	if err != nil {
		return err
	}
	p.Left, p.Since = left, d.when(since)
	return d.show(c, status, views.ReleaseCodes(d.frame(c, views.Frame{Title: "Release codes", What: "For a signature by telephone", Section: views.Releases}), p))
}

// makeReleaseCodes: POST /release-codes
//
// The list stands on the answer itself, and nowhere after it.
func (d *Desk) makeReleaseCodes(c echo.Context) error {
	form, err := d.readForm(c)
	if err != nil {
		return err
	}
	ctx, actor, password := c.Request().Context(), d.actor(c), form.Values.Get("password")
	form.Values.Del("password")
	if err := d.Record.Reauthenticate(ctx, actor, password); err != nil {
		faults, refused := faultsOf(err)
		if !refused {
			return err
		}
		form.Faults = faults
		return d.releaseCodesPage(c, http.StatusUnprocessableEntity, views.ReleaseCodesPage{Form: form})
	}
	rows, err := d.Record.MakeReleaseCodes(ctx, actor)
	if err != nil {
		return err
	}
	return d.releaseCodesPage(c, http.StatusOK, views.ReleaseCodesPage{Rows: rows})
}

// endReleaseCodes: POST /release-codes/end
func (d *Desk) endReleaseCodes(c echo.Context) error {
	if err := d.Record.EndReleaseCodes(c.Request().Context(), d.actor(c)); err != nil {
		return err
	}
	return done(c, "/release-codes", "removed")
}

// releaseTelephone offers to type the signature of somebody who telephones.
func (d *Desk) releaseTelephone(c echo.Context, r record.Release, p *views.ReleasePage) error {
	if r.State != record.Signed || !mayAll(d.actor(c), record.EnterSignature, r.SeriesIDs) {
		return nil
	}
	bars, err := d.Release.Bars(c.Request().Context(), d.actor(c), r.ID)
	if err != nil {
		return err
	}
	t := &views.Telephone{ID: r.ID, Form: p.Form}
	for _, who := range bars.Able {
		if who.ID != d.actor(c).ID {
			t.Who = append(t.Who, views.Option{Value: who.ID, Words: who.Name})
		}
	}
	if len(t.Who) == 0 {
		return nil
	}
	p.Telephone = t
	return nil
}

// byTelephone: POST /releases/:id/telephone
func (d *Desk) byTelephone(c echo.Context) error {
	form, err := d.readForm(c)
	if err != nil {
		return err
	}
	v := form.Values
	row, _ := strconv.Atoi(v.Get("telephone_row")) // 0 is no row of a list
	told := recordstore.Telephoned{SignerID: v.Get("telephone_signer"), TextCode: v.Get("telephone_text"), Row: row, Letters: v.Get("telephone_code")}
	v.Set("about", "telephone")
	if v.Get("telephone_read") == "" {
		form.Faults = []views.Fault{{Field: "telephone_read", Text: "They have to know everything that becomes public."}}
		return d.releasePage(c, http.StatusUnprocessableEntity, form)
	}
	err = d.Release.CountersignByTelephone(c.Request().Context(), d.actor(c), c.Param("id"), told)
	if fault.KindOf(err) == fault.Forbidden {
		form.Faults = []views.Fault{{Field: "telephone_code", Text: "The signer, the text code and the letters do not fit together. A row whose letters were right is used. Five wrong tries spend the signer's list."}}
		return d.releasePage(c, http.StatusUnprocessableEntity, form)
	}
	return d.signed(c, form, err, "countersigned")
}

// countersigning: GET /releases/:id/countersign
func (d *Desk) countersigning(c echo.Context) error {
	return d.releasePage(c, http.StatusOK, views.Form{Values: map[string][]string{"short": {"1"}}})
}
