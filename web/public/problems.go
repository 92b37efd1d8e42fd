package public

import (
	"bytes"
	"context"
	"net/http"
	"strconv"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"track15/models/published"
	"track15/models/published/cite"
	"track15/models/publishedstore"
	"track15/views/layout"
	views "track15/views/public"
)

// problems are the constant pages. They depend on the status alone: what was
// asked, and why it failed, is not on them.
var problems = map[int]views.ProblemPage{
	http.StatusBadRequest:         {Heading: "This address cannot be read", Text: "It holds something that this page does not take. Lists can be filtered with the boxes beside them."},
	http.StatusNotFound:           {Heading: "There is no page at this address", Text: "The link may have a typing error, or the entry may never have been public. The register answers the same way in both cases."},
	http.StatusMethodNotAllowed:   {Heading: "Pages here can only be read", Text: "The register takes no other request."},
	http.StatusMisdirectedRequest: {Heading: "This is another site", Text: "The register does not answer under this name."},
	http.StatusServiceUnavailable: {Heading: "Not available at the moment", Text: "The register is being set up or brought up to date. Try again in a minute."},
	http.StatusInternalServerError: {
		Heading: "Something went wrong here", Text: "The fault is ours and has been noted. Try again later.",
	},
}

// statusShown maps what happened to one of the constant pages. Forbidden does
// not exist for the public; what cannot be read is 400.
func statusShown(status int) int {
	switch status {
	case http.StatusUnprocessableEntity:
		return http.StatusBadRequest
	case http.StatusForbidden, http.StatusConflict:
		return http.StatusNotFound
	}
	if _, ok := problems[status]; ok {
		return status
	}
	return http.StatusInternalServerError
}

// renderProblems makes the constant pages once: the same bytes for everybody.
func (s *site) renderProblems() error {
	s.problems = map[int][]byte{}
	for status, p := range problems {
		p.Status = strconv.Itoa(status)
		var b bytes.Buffer
		page := views.Problem(layout.Frame{Site: s.look, Title: p.Heading}, p)
		if err := page.Render(context.Background(), &b); err != nil {
			return err
		}
		s.problems[status] = b.Bytes()
	}
	return nil
}

// showProblem answers an error with its constant page.
func (s *site) showProblem(c echo.Context, status int, _ error) error {
	status = statusShown(status)
	h := c.Response().Header()
	for _, name := range []string{"ETag", echo.HeaderVary, echo.HeaderContentEncoding} {
		h.Del(name)
	}
	h.Set(echo.HeaderCacheControl, revalidate)
	return sized(c, status, echo.MIMETextHTMLCharsetUTF8, s.problems[status])
}

// gone is the notice that stands where something was public.
func (s *site) gone(t publishedstore.Tombstone, word string) templ.Component {
	p := views.GonePage{
		Word: word, Slug: t.Slug, Withdrawn: t.Notice == published.NoticeWithdrawn, Day: t.Day, Reason: t.Reason,
		Cite: cite.Work{
			Slug: t.Slug, Type: cite.Withdrawn, Title: "[Withdrawn]", Outlet: s.look.Name, Date: t.Day, Reference: t.Slug,
		},
	}
	return views.Gone(layout.Frame{Site: s.look, Title: "Not available"}, p)
}
