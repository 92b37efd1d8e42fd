package desk

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"track15/models/fault"
	views "track15/views/desk"
)

// headings are what a page of each status is called.
var headings = map[int]string{
	http.StatusBadRequest:            "This cannot be read",
	http.StatusForbidden:             "This is not for you to do",
	http.StatusNotFound:              "There is no such page",
	http.StatusMethodNotAllowed:      "This page takes no such request",
	http.StatusConflict:              "Somebody else was quicker",
	http.StatusRequestEntityTooLarge: "This is too much at once",
	http.StatusUnsupportedMediaType:  "This cannot be read",
	http.StatusMisdirectedRequest:    "This is another site",
	http.StatusUnprocessableEntity:   "This cannot be accepted",
	http.StatusTooManyRequests:       "Too many tries",
	http.StatusServiceUnavailable:    "Not available at the moment",
}

// texts say what to do, for errors that bring no sentence of their own.
var texts = map[int]string{
	http.StatusBadRequest:            "Go back and try again.",
	http.StatusForbidden:             "The request came from another site. Open the page here and try again.",
	http.StatusNotFound:              "The address may have a typing error, or what it names is not open to you.",
	http.StatusMethodNotAllowed:      "Open the page and use its buttons.",
	http.StatusRequestEntityTooLarge: "The form holds more than " + megabytes(maxBody) + ". Go back and shorten it; nothing was saved.",
	http.StatusUnsupportedMediaType:  "Forms are sent as forms. Open the page and use its buttons.",
	http.StatusMisdirectedRequest:    "The desk does not answer under this name.",
	http.StatusTooManyRequests:       "Wait a minute, then try again.",
	http.StatusServiceUnavailable:    "Try again in a minute.",
}

// showProblem answers an error. Sentences of ours name a rule, never a value;
// an error without one is shown as its status alone.
func (d *Desk) showProblem(c echo.Context, status int, err error) error {
	p := views.ProblemPage{Heading: headings[status]}
	if p.Heading == "" {
		p.Heading = "Something went wrong here"
		p.Text = []string{"The fault is ours and has been noted. Nothing was saved."}
	}
	switch {
	case status == http.StatusServiceUnavailable:
		// What is missing, and where whoever runs the desk finds it: the name of
		// a key, a full disk.
		for _, e := range fault.All(err) {
			p.Text = append(p.Text, capital(e.Text)+".")
		}
	case status != http.StatusNotFound && status < http.StatusInternalServerError:
		for _, e := range fault.All(err) {
			p.Text = append(p.Text, e.Text)
		}
	}
	if status == http.StatusRequestEntityTooLarge && isUpload(c) {
		p.Text = []string{tooLarge}
	}
	if t := texts[status]; len(p.Text) == 0 && t != "" {
		p.Text = []string{t}
	}
	f := d.frame(c, views.Frame{Title: p.Heading, What: "Nothing of the record stands here"})
	if covered, _ := d.session.Covered(c); covered {
		f.Name = ""
	}
	return d.show(c, status, views.Problem(f, p))
}

// askToSignIn leads to the door and keeps the way back.
func (d *Desk) askToSignIn(c echo.Context) error {
	to := "/sign-in"
	if c.Request().Method == http.MethodGet && c.Path() != "/" {
		to += "?next=" + url.QueryEscape(c.Request().URL.RequestURI())
	}
	return c.Redirect(http.StatusSeeOther, to)
}
