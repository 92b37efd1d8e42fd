package desk

import (
	"errors"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"track15/models/fault"
	views "track15/views/desk"
)

// signInPage: GET /sign-in
func (d *Desk) signInPage(c echo.Context) error {
	return d.door(c, http.StatusOK, views.SignInPage{Next: here(c.QueryParam("next"))})
}

func (d *Desk) door(c echo.Context, status int, p views.SignInPage) error {
	f := views.Frame{Title: "Sign in", What: "Every sign-in is logged", Demonstration: d.Demonstration}
	return d.show(c, status, views.SignIn(f, p))
}

// signIn: POST /sign-in. What is wrong is never said in parts.
func (d *Desk) signIn(c echo.Context) error {
	form, err := d.readForm(c)
	if err != nil {
		return err
	}
	p := views.SignInPage{Form: form, Next: here(form.Values.Get("next"))}
	if len(form.Faults) > 0 {
		return d.door(c, http.StatusUnprocessableEntity, p)
	}
	email := form.Values.Get("email")
	if err := d.attempts.Allow(email); err != nil {
		p.Form.Faults = []views.Fault{{Text: "Too many tries. Wait a minute, then try again."}}
		return d.door(c, http.StatusTooManyRequests, p)
	}
	account, err := d.Record.SignIn(c.Request().Context(), email, form.Values.Get("password"))
	if k := fault.KindOf(err); err != nil && (k == fault.Forbidden || k == fault.Invalid) {
		p.Form.Faults = []views.Fault{{Field: "email", Text: "The address or the password is wrong."}}
		return d.door(c, http.StatusUnprocessableEntity, p)
	}
	if err != nil {
		return err
	}
	d.attempts.Forgive(email)
	if err := d.session.SignIn(c, account.ID); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, p.Next)
}

// signOut: POST /sign-out
func (d *Desk) signOut(c echo.Context) error {
	err := d.Record.SignedOut(c.Request().Context(), d.actor(c))
	if err := errors.Join(err, d.session.SignOut(c)); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/sign-in")
}

// coverPage: GET /cover
func (d *Desk) coverPage(c echo.Context) error {
	covered, locked := d.session.Covered(c)
	if !covered {
		return c.Redirect(http.StatusSeeOther, "/")
	}
	return d.covered(c, http.StatusOK, views.CoverPage{Locked: locked})
}

func (d *Desk) covered(c echo.Context, status int, p views.CoverPage) error {
	return d.show(c, status, views.Cover(views.Frame{}, p))
}

// cover: POST /cover
func (d *Desk) cover(c echo.Context) error {
	form, err := d.readForm(c)
	if err != nil {
		return err
	}
	if err := d.session.Cover(c, here(form.Values.Get("return"))); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/cover")
}

// uncover: POST /uncover
func (d *Desk) uncover(c echo.Context) error {
	form, err := d.readForm(c)
	if err != nil {
		return err
	}
	if _, locked := d.session.Covered(c); locked {
		account, _ := d.session.Account(c)
		p := views.CoverPage{Form: form, Locked: true}
		if err := d.attempts.Allow(account.Email); err != nil {
			p.Form.Faults = []views.Fault{{Text: "Too many tries. Wait a minute, then try again."}}
			return d.covered(c, http.StatusTooManyRequests, p)
		}
		err := d.Record.Reauthenticate(c.Request().Context(), d.actor(c), form.Values.Get("password"))
		if fault.KindOf(err) == fault.Forbidden {
			p.Form.Faults = []views.Fault{{Field: "password", Text: "This is not your password."}}
			return d.covered(c, http.StatusUnprocessableEntity, p)
		}
		if err != nil {
			return err
		}
		d.attempts.Forgive(account.Email)
	}
	back, err := d.session.Uncover(c)
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, here(back))
}

// shortcuts: GET /shortcuts
func (d *Desk) shortcuts(c echo.Context) error {
	return d.show(c, http.StatusOK, views.Shortcuts(d.frame(c, views.Frame{Title: "Shortcuts", What: "Keys of the desk"})))
}

// setShortcuts: POST /shortcuts
func (d *Desk) setShortcuts(c echo.Context) error {
	form, err := d.readForm(c)
	if err != nil {
		return err
	}
	if err := d.Record.SetQuietKeys(c.Request().Context(), d.actor(c), form.Values.Get("letters") == ""); err != nil {
		return err
	}
	return done(c, "/shortcuts", "saved")
}

// here holds an address to go on to inside the desk: anything else is the first
// page.
func here(path string) string {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n\t\x00") || strings.HasPrefix(path, "/sign-") {
		return "/"
	}
	return path
}
