// Package links is the third audience: parties who answer by a one-time link. They
// have no account. It serves nothing but the link's button, the field for its code,
// the words of one party and the form of its answer.
package links

import (
	"crypto/subtle"
	"log/slog"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"track15/assets"
	"track15/models/fault"
	"track15/models/record"
	"track15/models/recordstore"
	views "track15/views/links"
	"track15/views/messages"
	"track15/web/guard"
	"track15/web/respond"
)

// Options say what the side works with. All are required.
type Options struct {
	Record *recordstore.Store
	House  string   // its name
	Hosts  []string // the names under which it answers
	Secure bool     // it is reached by https
	Logger *slog.Logger
}

// Links answers whoever comes by a link.
type Links struct{ Options }

// routes is the whole side. An address below /l/ says nothing of whether there is
// such a link, and nothing happens there before a button is pressed, for programs
// that look after mail follow links.
var routes = []struct {
	method, path string
	answer       func(*Links, echo.Context) error
}{
	{http.MethodGet, "/l/:token", (*Links).button},
	{http.MethodPost, "/l/:token", (*Links).enter},
	{http.MethodGet, "/reply", (*Links).reply},
	{http.MethodPost, "/reply/code", (*Links).code},
	{http.MethodPost, "/reply", (*Links).answer},
}

// most is how large a request may be.
const most = 64 << 10

// New makes the side.
func New(o Options) http.Handler {
	l := &Links{o}
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.HTTPErrorHandler = respond.Errors(o.Logger, l.problem)
	e.Pre(middleware.RequestID(), guard.DeskHeaders(), guard.Hosts(o.Hosts...), guard.SameOrigin(), guard.Body(most))
	e.Use(middleware.RecoverWithConfig(middleware.RecoverConfig{
		LogErrorFunc: func(_ echo.Context, err error, _ []byte) error { return err },
	}))
	e.Match([]string{http.MethodGet, http.MethodHead}, "/assets/*", echo.WrapHandler(assets.Handler(assets.Staff())))
	for _, r := range routes {
		e.Add(r.method, r.path, func(c echo.Context) error { return r.answer(l, c) })
	}
	return e
}

// Cookies of the side: which link somebody came by, and the code they entered.
const (
	linkCookie = "track15_link"
	codeCookie = "track15_code"
)

// keep sets a cookie for the rest of a visit.
func (l *Links) keep(c echo.Context, name, value string) {
	cookie := &http.Cookie{Name: name, Value: value, Path: "/", HttpOnly: true, Secure: l.Secure, SameSite: http.SameSiteStrictMode}
	if value == "" {
		cookie.MaxAge = -1
	}
	c.SetCookie(cookie)
}

func kept(c echo.Context, name string) string {
	cookie, err := c.Cookie(name)
	if err != nil || len(cookie.Value) > 100 {
		return ""
	}
	return cookie.Value
}

// frame is what surrounds a page, in the language that the address names, English
// for any other.
func (l *Links) frame(c echo.Context) views.Frame {
	f := views.Frame{House: l.House, Style: assets.Staff().Path("staff.css"), Icon: assets.Staff().Path("icon.svg"), Lang: messages.Languages[0], Path: c.Request().URL.Path}
	if strings.HasPrefix(f.Path, "/reply/") {
		f.Path = "/reply"
	}
	for _, other := range messages.Languages {
		if subtle.ConstantTimeCompare([]byte(other.Tag), []byte(c.QueryParam("lang"))) == 1 {
			f.Lang = other
		}
	}
	return f
}

// button: GET /l/:token
func (l *Links) button(c echo.Context) error {
	return respond.Page(c, http.StatusOK, views.Button(l.frame(c), c.Param("token")))
}

// enter: POST /l/:token
//
// The link goes into a cookie, and leaves the address.
func (l *Links) enter(c echo.Context) error {
	l.keep(c, linkCookie, c.Param("token"))
	l.keep(c, codeCookie, "")
	return c.Redirect(http.StatusSeeOther, "/reply?lang="+l.frame(c).Lang.Tag)
}

// reply: GET /reply
func (l *Links) reply(c echo.Context) error {
	if kept(c, codeCookie) == "" {
		return respond.Page(c, http.StatusOK, views.Code(l.frame(c), false))
	}
	return l.text(c, http.StatusOK, views.Reply{})
}

// text shows what the party was shown, with what it typed before; or that nothing
// opens.
func (l *Links) text(c echo.Context, status int, r views.Reply) error {
	a, by, _, err := l.Record.OpenLink(c.Request().Context(), kept(c, linkCookie), kept(c, codeCookie))
	if fault.KindOf(err) == fault.Forbidden {
		return l.shut(c)
	}
	if err != nil {
		return err
	}
	r.Shown, r.Code, r.By = a.Shown, a.Code, by
	return respond.Page(c, status, views.Text(l.frame(c), r))
}

// shut answers whoever has no link that opens, in one way.
func (l *Links) shut(c echo.Context) error {
	l.keep(c, codeCookie, "")
	return respond.Page(c, http.StatusForbidden, views.Code(l.frame(c), true))
}

// code: POST /reply/code
func (l *Links) code(c echo.Context) error {
	code := c.FormValue("code")
	if len(code) > 20 {
		code = ""
	}
	code = strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, code)
	_, _, _, err := l.Record.OpenLink(c.Request().Context(), kept(c, linkCookie), code)
	if fault.KindOf(err) == fault.Forbidden {
		return l.shut(c)
	}
	if err != nil {
		return err
	}
	l.keep(c, codeCookie, code)
	return c.Redirect(http.StatusSeeOther, "/reply?lang="+l.frame(c).Lang.Tag)
}

// answer: POST /reply
func (l *Links) answer(c echo.Context) error {
	a := record.LinkAnswer{
		Kind: record.LinkAnswerKind(c.FormValue("answer")), Lang: l.frame(c).Lang.Tag,
		Words: strings.ReplaceAll(c.FormValue("words"), "\r\n", "\n"),
	}
	err := l.Record.AnswerLink(c.Request().Context(), kept(c, linkCookie), kept(c, codeCookie), a)
	switch fault.KindOf(err) {
	case fault.Invalid:
		key := "reply.choose"
		if a.Kind == record.LinkChanges {
			key = "reply.write"
		}
		return l.text(c, http.StatusUnprocessableEntity, views.Reply{Answer: string(a.Kind), Words: a.Words, Fault: key})
	case fault.Forbidden:
		return l.shut(c)
	}
	if err != nil {
		return err
	}
	l.keep(c, linkCookie, "")
	l.keep(c, codeCookie, "")
	return respond.Page(c, http.StatusOK, views.Thanks(l.frame(c)))
}

// problem is a page that says that there is nothing, or that it is our fault.
func (l *Links) problem(c echo.Context, status int, _ error) error {
	title, says := "There is no such page", "The address may have a typing error."
	if status >= http.StatusInternalServerError {
		title, says = "Something went wrong here", "The fault is ours and has been noted. Try again, or answer by mail."
	}
	return respond.Page(c, status, views.Problem(l.frame(c), title, says))
}
