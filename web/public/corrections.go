package public

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"track15/views/layout"
	views "track15/views/public"
)

// corrections says how to have something corrected or removed, and prepares the
// mail in which a reader asks. Nothing is sent to the site: it looks nothing up,
// so that the page says nothing of an entry, and keeps nothing.
func corrections(s *site, c echo.Context, r request) error {
	p := views.CorrectionsPage{
		Reference: r.query.one(entry.name), Contact: s.look.ContactText, ContactHref: s.look.ContactHref,
		Imprint: s.look.Imprint, ImprintHref: s.look.ImprintHref,
	}
	if to, ours := strings.CutPrefix(s.look.ContactHref, "mailto:"); ours {
		p.To = to
		p.Mail = mailTo(to, p.Subject(), p.Letter())
	}
	var b bytes.Buffer
	page := views.Corrections(layout.Frame{Site: s.look, Title: "Corrections and removals", Path: r.path}, p)
	if err := page.Render(c.Request().Context(), &b); err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderCacheControl, revalidate)
	return sized(c, http.StatusOK, echo.MIMETextHTMLCharsetUTF8, b.Bytes())
}

// mailTo is the address of a mail that is begun already (RFC 6068): spaces are
// written %20, since programs of mail take a plus sign for one, and lines end in
// both characters.
func mailTo(to, subject, body string) string {
	escape := func(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
	return "mailto:" + to + "?subject=" + escape(subject) + "&body=" + escape(strings.ReplaceAll(body, "\n", "\r\n"))
}
