// Package public serves what was released to anyone: every route with its
// closed list of parameters, and nothing that is not in the published store.
//
// Unknown parameters and values that do not parse are 400, what is not released
// is 404, both with constant pages. A page is a function of its address and of
// one edition of the store: no cookie is read or set, no header of the request
// changes what it says.
package public

import (
	"io"
	"log/slog"
	"net/http"
	"os"
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"track15/assets"
	"track15/models/publishedstore"
	"track15/views/layout"
	"track15/web/guard"
	"track15/web/respond"
)

// Options are plain values, so that nothing that knows the record can be handed
// in.
type Options struct {
	House House
	// BaseURL is the address of the site, https://register.example.org, without
	// a path. Feeds and citations name pages under it.
	BaseURL string
	// Hosts are the names the site answers to besides that of BaseURL; any
	// other is 421.
	Hosts []string
	// Demonstration says on every page that samples are invented.
	Demonstration bool
	// Log takes one line for each failure of ours, without addresses or queries.
	// nil keeps none.
	Log *os.File
}

// routes is the whole public site. A parameter that is not on the route's line
// is refused.
var routes = []route{
	{"/", nil, rendered((*site).home)},
	{"/rounds", params{agency, series, country, topic, since, until, order, page}, rendered((*site).rounds)},
	{"/rounds.csv", params{agency, series, country, topic, since, until, order}, roundsCSV},
	{"/rounds.json", params{agency, series, country, topic, since, until, order}, roundsJSON},
	{"/rounds/:slug", nil, rendered((*site).round)},
	{"/organisations", params{page}, rendered((*site).organisations)},
	{"/organisations/:slug", nil, rendered((*site).organisation)},
	{"/observations", params{agency, series, topic, page}, rendered((*site).observations)},
	{"/observations/:slug", nil, rendered((*site).observation)},
	{"/series/:slug", nil, rendered((*site).series)},
	{"/topics/:slug", nil, rendered((*site).topic)},
	{"/search", params{question, page}, rendered((*site).search)},
	{"/corrections", params{entry}, corrections},
	{"/feed.atom", nil, rendered((*site).feed)},
	{"/sitemap.xml", params{part}, rendered((*site).sitemap)},
	{"/robots.txt", nil, robots},
	{"/healthz", nil, healthz},
	{"/assets/*", nil, asset},
}

// A route is a path, the parameters it takes and what answers it.
type route struct {
	path   string
	params params
	answer func(*site, echo.Context, request) error
}

// A site is the settings and the constant pages, made once.
type site struct {
	reader   *publishedstore.Reader
	look     layout.Site
	base     string
	host     string
	files    map[string]file // the house's own files by path
	assets   http.Handler
	problems map[int][]byte // constant pages by status
}

// New serves the public site from the reader. It fails if a setting is none: a
// base address, a colour, a picture.
func New(reader *publishedstore.Reader, o Options) (http.Handler, error) {
	s := &site{reader: reader, assets: assets.Public().Handler()}
	if err := s.settle(o); err != nil {
		return nil, err
	}
	if err := s.renderProblems(); err != nil {
		return nil, err
	}
	log := slog.New(slog.NewJSONHandler(io.Discard, nil))
	if o.Log != nil {
		log = slog.New(slog.NewJSONHandler(o.Log, nil))
	}
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.HTTPErrorHandler = respond.Errors(log, s.showProblem)
	e.Pre(guard.PublicHeaders(), guard.Hosts(append(o.Hosts, s.host)...), readOnly)
	e.Use(middleware.RecoverWithConfig(middleware.RecoverConfig{
		LogErrorFunc: func(_ echo.Context, err error, _ []byte) error { return err },
	}))
	for _, r := range routes {
		e.Match([]string{http.MethodGet, http.MethodHead}, r.path, s.handler(r))
	}
	return e, nil
}

// handler checks the address before anything looks at the store.
func (s *site) handler(r route) echo.HandlerFunc {
	return func(c echo.Context) error {
		slug := c.Param("slug")
		if strings.HasSuffix(r.path, "/:slug") && !publishedstore.IsSlug(slug) {
			return errNothing
		}
		q, clean, err := r.params.parse(c.Request().URL.RawQuery)
		if clean != nil {
			return c.Redirect(http.StatusMovedPermanently, c.Request().URL.EscapedPath()+*clean)
		}
		if err != nil {
			return err
		}
		return r.answer(s, c, request{c.Request().URL.Path, slug, q, r.params})
	}
}

// readOnly lets nothing but GET and HEAD through, on any path.
func readOnly(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if m := c.Request().Method; m != http.MethodGet && m != http.MethodHead {
			c.Response().Header().Set(echo.HeaderAllow, "GET, HEAD")
			return echo.ErrMethodNotAllowed
		}
		return next(c)
	}
}

func healthz(_ *site, c echo.Context, _ request) error {
	return constant(c, echo.MIMETextPlainCharsetUTF8, "ok\n")
}

func robots(s *site, c echo.Context, _ request) error {
	return constant(c, echo.MIMETextPlainCharsetUTF8, "User-agent: *\nDisallow: /search\n\nSitemap: "+s.base+"/sitemap.xml\n")
}

func asset(s *site, c echo.Context, r request) error {
	if f, ours := s.files[r.path]; ours {
		c.Response().Header().Set(echo.HeaderCacheControl, "public, max-age=31536000, immutable")
		return sized(c, http.StatusOK, f.contentType, f.body)
	}
	s.assets.ServeHTTP(c.Response(), c.Request())
	return nil
}
