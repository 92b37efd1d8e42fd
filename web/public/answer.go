package public

import (
	"bytes"
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"track15/models/fault"
	"track15/models/published"
	"track15/models/publishedstore"
)

// A visit is one understood request with the one edition that answers it.
type visit struct {
	*publishedstore.Edition
	request
	ctx     context.Context
	address string // canonical, with its query
}

// rendered makes an answer of a page: taken from the edition's cache, or
// rendered for everybody who asks until the next release.
func rendered(render func(*site, visit) (publishedstore.Page, error)) func(*site, echo.Context, request) error {
	return func(s *site, c echo.Context, r request) error {
		ctx := c.Request().Context()
		e, err := s.reader.Edition(ctx)
		if err != nil {
			return err
		}
		defer e.Close()
		v := visit{e, r, ctx, r.canonical()}
		p, err := e.Page(ctx, v.address, func() (publishedstore.Page, error) { return render(s, v) })
		if err != nil {
			return err
		}
		return send(c, p)
	}
}

// revalidate: a copy may be kept and must be asked about each time, so that
// what is suspended is gone at once.
const revalidate = "public, no-cache"

// send answers with a page, or that the page the browser holds still stands.
func send(c echo.Context, p publishedstore.Page) error {
	h := c.Response().Header()
	h.Set(echo.HeaderCacheControl, revalidate)
	h.Set(echo.HeaderVary, echo.HeaderAcceptEncoding)
	body, tag := p.Body, p.ETag
	zip := p.Gzip != nil && takesGzip(c.Request().Header.Get(echo.HeaderAcceptEncoding))
	if zip {
		body, tag = p.Gzip, zipped(p.ETag)
	}
	h.Set("ETag", tag)
	if p.Status == http.StatusOK && matches(c.Request().Header.Get("If-None-Match"), p.ETag) {
		return c.NoContent(http.StatusNotModified)
	}
	if zip {
		h.Set(echo.HeaderContentEncoding, "gzip")
	}
	return sized(c, p.Status, p.Type, body)
}

// sized sends bytes with their length, which HEAD is told too.
func sized(c echo.Context, status int, contentType string, body []byte) error {
	c.Response().Header().Set(echo.HeaderContentLength, strconv.Itoa(len(body)))
	return c.Blob(status, contentType, body)
}

func constant(c echo.Context, contentType, body string) error {
	c.Response().Header().Set(echo.HeaderCacheControl, revalidate)
	return sized(c, http.StatusOK, contentType, []byte(body))
}

// zipped is the tag of a page's compressed form: other bytes, another tag.
func zipped(tag string) string { return strings.TrimSuffix(tag, `"`) + `-gz"` }

// matches tells whether a list of tags names the page in either form.
func matches(list, tag string) bool {
	for t := range strings.SplitSeq(list, ",") {
		t = strings.TrimPrefix(strings.TrimSpace(t), "W/")
		if t == "*" || t == tag || t == zipped(tag) {
			return true
		}
	}
	return false
}

// takesGzip reads Accept-Encoding: gzip is named, and not with a weight of 0.
func takesGzip(accept string) bool {
	for part := range strings.SplitSeq(accept, ",") {
		name, weight, _ := strings.Cut(part, ";")
		if strings.EqualFold(strings.TrimSpace(name), "gzip") {
			q := strings.TrimPrefix(strings.ReplaceAll(weight, " ", ""), "q=")
			n, err := strconv.ParseFloat(q, 64)
			return weight == "" || err == nil && n > 0
		}
	}
	return false
}

// html renders a page of the site.
func (v visit) html(status int, component templ.Component) (publishedstore.Page, error) {
	var b bytes.Buffer
	if err := component.Render(v.ctx, &b); err != nil {
		return publishedstore.Page{}, err
	}
	return publishedstore.Page{Status: status, Type: echo.MIMETextHTMLCharsetUTF8, Body: b.Bytes()}, nil
}

// errNothing is what is not released, whether it exists or not.
var errNothing = fault.Errorf(fault.NotFound, "there is no page at this address")

// within holds that a page of a list exists: the first always does.
func within(page, pages int) error {
	if page > max(pages, 1) {
		return errNothing
	}
	return nil
}

// known holds that every chosen value of a group is released somewhere.
func (v visit) known(group string, values []string) error {
	for _, value := range values {
		ok, err := v.Known(v.ctx, group, value)
		if err != nil {
			return err
		}
		if !ok {
			return errNothing
		}
	}
	return nil
}

// orGone answers for what is not there: with its notice, if it was public once.
func (v visit) orGone(s *site, kind published.Kind, word string, err error) (publishedstore.Page, error) {
	if fault.KindOf(err) != fault.NotFound {
		return publishedstore.Page{}, err
	}
	t, err := v.Notice(v.ctx, kind, v.slug)
	if err != nil {
		return publishedstore.Page{}, err
	}
	return v.html(http.StatusGone, s.gone(t, word))
}
