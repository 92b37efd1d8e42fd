package desk

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"track15/models/record"
	views "track15/views/desk"
)

// linkEnds say how a link stands.
var linkEnds = map[record.LinkEnd]string{
	record.LinkAlive: "It opens until ", record.LinkAnswered: "The party answered by it, made on ", record.LinkRevoked: "It was ended; it had been made on ",
	record.LinkSpent: "Five wrong codes spent it; it had been made on ", record.LinkExpired: "It has ended, unused, on ",
}

// linkSection is the one-time link of an asking that has no answer yet; nil where
// the program serves no links.
func (d *Desk) linkSection(c echo.Context, outputID string, a record.Asking) (*views.LinkSection, error) {
	if d.LinkURL == "" {
		return nil, nil
	}
	l, err := d.Record.LinkOf(c.Request().Context(), d.actor(c), outputID, a.ID)
	if err != nil || l.At == 0 && a.Reply.State != record.NoReply {
		return nil, err
	}
	s := &views.LinkSection{Path: "/drafts/" + outputID + "/clearance/" + a.ID}
	s.Address, _ = c.Get("link address").(string)
	s.Code, _ = c.Get("link code").(string)
	if l.At > 0 {
		s.Alive = l.Ended == record.LinkAlive
		day := l.At
		if s.Alive || l.Ended == record.LinkExpired {
			day = l.Ends
		}
		s.Says = linkEnds[l.Ended] + d.when(day) + ". Made by " + l.By + "."
	}
	return s, nil
}

// makeLink: POST /drafts/:id/clearance/:asking/link
//
// The link stands on the answer itself, and nowhere after it.
func (d *Desk) makeLink(c echo.Context) error {
	token, code, err := d.Record.MakeLink(c.Request().Context(), d.actor(c), c.Param("id"), c.Param("asking"))
	form := views.Form{Values: url.Values{}}
	if err != nil {
		faults, refused := faultsOf(err)
		if !refused {
			return err
		}
		form.Faults = faults
		return d.askingPage(c, http.StatusUnprocessableEntity, form)
	}
	c.Set("link address", d.LinkURL+"/l/"+token)
	c.Set("link code", code)
	return d.askingPage(c, http.StatusOK, form)
}

// endLink: POST /drafts/:id/clearance/:asking/link/end
func (d *Desk) endLink(c echo.Context) error {
	if err := d.Record.RevokeLink(c.Request().Context(), d.actor(c), c.Param("id"), c.Param("asking")); err != nil {
		return err
	}
	return done(c, "/drafts/"+c.Param("id")+"/clearance/"+c.Param("asking"), "removed")
}
