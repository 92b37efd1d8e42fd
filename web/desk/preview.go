package desk

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"track15/assets"
	"track15/models/publishedstore"
	"track15/models/release"
	views "track15/views/desk"
	"track15/web/guard"
	"track15/web/public"
)

// unknownPublic is the address of the public side in previews where nobody said
// what it is.
const unknownPublic = "http://public.invalid"

// publicSite says how the public side is set up, so that a preview is what it
// will answer.
func (o Options) publicSite() public.Options {
	site := o.Public
	if site.BaseURL == "" {
		site.BaseURL = o.PublicURL
	}
	if site.BaseURL == "" {
		site.BaseURL = unknownPublic
	}
	site.Demonstration, site.Log = o.Demonstration, nil
	return site
}

// A preview is one release tried: both states as the public side answers them.
type preview struct {
	release.Preview
	pages  []release.PublicPage
	before site
	after  site
}

// preview tries the release that the address names and hands fn what the public
// would read. Nothing outlives fn.
func (d *Desk) preview(c echo.Context, fn func(ctx context.Context, p preview) error) error {
	ctx := c.Request().Context()
	return d.Release.Preview(ctx, d.actor(c), c.Param("id"), func(tried release.Preview) error {
		p := preview{Preview: tried}
		var err error
		if p.pages, err = tried.Pages(ctx); err != nil {
			return err
		}
		if p.before, err = d.siteOf(tried.Before); err != nil {
			return err
		}
		if p.after, err = d.siteOf(tried.After); err != nil {
			return err
		}
		return fn(ctx, p)
	})
}

// A site is the public side over one state, called in this process.
type site struct {
	handler http.Handler
	base    string
}

func (d *Desk) siteOf(r *publishedstore.Reader) (site, error) {
	o := d.publicSite()
	h, err := public.New(r, o)
	return site{h, o.BaseURL}, err
}

// files serves style sheets, scripts and fonts, and for previews the house's own
// sheet and logo, which the public side serves.
func (d *Desk) files() (http.Handler, error) {
	ours := assets.Handler(assets.Staff(), assets.Public())
	o := d.publicSite()
	theirs, err := public.New(nil, o) // no file is read from a store
	if err != nil {
		return nil, err
	}
	base, err := url.Parse(o.BaseURL)
	if err != nil {
		return nil, err
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, _ := strings.CutPrefix(r.URL.Path, "/assets/")
		if !strings.HasPrefix(name, "house-") && !strings.HasPrefix(name, "logo-") {
			ours.ServeHTTP(w, r)
			return
		}
		r = r.Clone(r.Context())
		r.Host = base.Host
		theirs.ServeHTTP(w, r)
	}), nil
}

// An answer is what the public side answers.
type answer struct {
	status int
	kind   string
	body   []byte
}

// get asks for an address of the public side, as a reader would who sends
// nothing else.
func (s site) get(ctx context.Context, path string) (answer, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.base+path, nil)
	if err != nil {
		return answer{}, err
	}
	w := &capture{header: http.Header{}, status: http.StatusOK}
	s.handler.ServeHTTP(w, r)
	return answer{w.status, w.header.Get(echo.HeaderContentType), w.body.Bytes()}, ctx.Err()
}

// A capture keeps an answer in memory.
type capture struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (w *capture) Header() http.Header         { return w.header }
func (w *capture) WriteHeader(status int)      { w.status = status }
func (w *capture) Write(b []byte) (int, error) { return w.body.Write(b) }

// releasePreview: GET /releases/:id/preview
func (d *Desk) releasePreview(c echo.Context) error {
	r, err := d.Release.Release(c.Request().Context(), d.actor(c), c.Param("id"))
	if err != nil {
		return err
	}
	p := views.PreviewPage{ID: r.ID, Title: r.Title, PublicURL: d.publicSite().BaseURL}
	err = d.preview(c, func(ctx context.Context, tried preview) error {
		p.Number, p.Day = tried.Envelope.Number, d.day(tried.Envelope.At)
		if p.Pages, err = tried.list(ctx, r.ID); err != nil {
			return err
		}
		effects, err := tried.Effects(ctx)
		if err != nil {
			return err
		}
		for _, e := range effects {
			p.Lists = append(p.Lists, effectView(e))
		}
		files, err := tried.files(ctx)
		p.Lists = append(p.Lists, files...)
		return err
	})
	if err != nil {
		return err
	}
	return d.show(c, http.StatusOK, views.Preview(d.frame(c, previewFrame()), p))
}

func previewFrame() views.Frame {
	return views.Frame{Title: "What everyone will see", What: "Not public. This is what two signatures would make public.", Marking: views.InReview, Section: views.Releases}
}

// list are the pages with what becomes of each.
func (p preview) list(ctx context.Context, id string) ([]views.PreviewLink, error) {
	var all []views.PreviewLink
	for i, page := range p.pages {
		was, err := p.before.get(ctx, page.Path)
		if err != nil {
			return nil, err
		}
		is, err := p.after.get(ctx, page.Path)
		if err != nil {
			return nil, err
		}
		all = append(all, views.PreviewLink{
			Address: page.Path, Path: views.PreviewPagePath(id, i+1), Own: page.Own, Change: becomes(was, is),
		})
	}
	return all, nil
}

// becomes says what a release does to a page.
func becomes(was, is answer) views.PageChange {
	switch {
	case was.status == is.status && bytes.Equal(was.body, is.body):
		return views.PageStays
	case is.status != http.StatusOK:
		return views.PageLeaves
	case was.status != http.StatusOK:
		return views.PageIsNew
	}
	return views.PageChanges
}

// effectView is a list that changes, as the page shows it.
func effectView(e release.Effect) views.PreviewList {
	l := views.PreviewList{Name: e.Name, Address: e.Path}
	for _, r := range e.Rows {
		l.Rows = append(l.Rows, views.PreviewRow{What: r.What, Was: r.Was, Is: r.Is})
	}
	return l
}

// previewedPage: GET /releases/:id/preview/:page
func (d *Desk) previewedPage(c echo.Context) error {
	r, err := d.Release.Release(c.Request().Context(), d.actor(c), c.Param("id"))
	if err != nil {
		return err
	}
	p := views.PreviewedPage{ID: r.ID, Title: r.Title, PublicURL: d.publicSite().BaseURL}
	err = d.preview(c, func(ctx context.Context, tried preview) error {
		n, err := tried.number(c)
		if err != nil {
			return err
		}
		page := tried.pages[n]
		was, err := tried.before.get(ctx, page.Path)
		if err != nil {
			return err
		}
		is, err := tried.after.get(ctx, page.Path)
		p.Address, p.Change, p.Path = page.Path, becomes(was, is), views.PreviewPagePath(r.ID, n+1)
		return err
	})
	if err != nil {
		return err
	}
	guard.MayFrame(c)
	return d.show(c, http.StatusOK, views.Previewed(d.frame(c, previewFrame()), p))
}

// previewedFrame: GET /releases/:id/preview/:page/frame
func (d *Desk) previewedFrame(c echo.Context) error {
	return d.preview(c, func(ctx context.Context, tried preview) error {
		n, err := tried.number(c)
		if err != nil {
			return err
		}
		page, err := tried.after.get(ctx, tried.pages[n].Path)
		if err != nil {
			return err
		}
		known := map[string]string{}
		for i, p := range tried.pages {
			known[p.Path] = views.PreviewPagePath(c.Param("id"), i+1) + "/frame"
		}
		guard.Framed(c)
		return c.Blob(http.StatusOK, page.kind, relinked(page.body, known))
	})
}

// previewedBytes: GET /releases/:id/preview/:page/exact
func (d *Desk) previewedBytes(c echo.Context) error {
	return d.preview(c, func(ctx context.Context, tried preview) error {
		n, err := tried.number(c)
		if err != nil {
			return err
		}
		page, err := tried.after.get(ctx, tried.pages[n].Path)
		if err != nil {
			return err
		}
		c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="not-public.txt"`)
		return c.Blob(http.StatusOK, echo.MIMEOctetStream, page.body)
	})
}

// number is which page the address names, from 0.
func (p preview) number(c echo.Context) (int, error) {
	n, err := strconv.Atoi(c.Param("page"))
	if err != nil || n < 1 || n > len(p.pages) || strconv.Itoa(n) != c.Param("page") {
		return 0, errNothing
	}
	return n - 1, nil
}
