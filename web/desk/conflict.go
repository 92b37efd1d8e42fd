package desk

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	views "track15/views/desk"
)

// A merging says what a form calls its fields, so that two people's changes can
// be set side by side.
type merging struct {
	title  string
	back   string
	label  func(field string) string
	public func(field string) bool
	// rows are the kinds of rows, whose lists are joined without asking.
	rows []string
	// words are what people read for a value that is an identifier.
	words map[string]string
}

// conflict answers a form that somebody else was quicker to change, 409. mine is
// what was typed, theirs the form of what is stored now. What only one of the
// two changed is joined; for the rest a person chooses. What was typed stays
// chosen.
func (d *Desk) conflict(c echo.Context, mine views.Form, theirs url.Values, newest int64, m merging) error {
	p := views.ConflictPage{Title: m.title, Back: m.back, Form: views.Form{Action: mine.Action, Values: url.Values{}}}
	for _, field := range fieldsOf(mine.Values, theirs) {
		a, b, was := mine.Values[field], theirs[field], mine.Values.Get("was."+field)
		joined := b
		switch {
		case views.Digest(a) == views.Digest(b):
		case slices.Contains(m.rows, field):
			joined = union(a, b)
		case views.Digest(b) == was:
			joined = a
			p.Joined = append(p.Joined, m.label(field)+": from you")
		case views.Digest(a) == was:
			p.Joined = append(p.Joined, m.label(field)+": as it stands now")
		default:
			p.Places = append(p.Places, place(field, a, b, m))
		}
		p.Form.Values[field] = joined
		p.Form.Values.Set("was."+field, views.Digest(b))
	}
	p.Form.Values.Set("version", strconv.FormatInt(newest, 10))
	if id := mine.Values.Get("id"); id != "" {
		p.Form.Values.Set("id", id)
	}
	return d.show(c, http.StatusConflict, views.Conflict(d.frame(c, views.Frame{Title: "Two versions", What: "Two people changed the same"}), p))
}

func place(field string, mine, theirs []string, m merging) views.Place {
	a, b := m.read(mine), m.read(theirs)
	theirSpans, mySpans := sides(b, a)
	return views.Place{
		Field: field, Label: m.label(field), Mine: mine, Theirs: theirs,
		MineSpan: mySpans, TheirsSpan: theirSpans, Public: m.public(field),
	}
}

// read writes values as people read them.
func (m merging) read(values []string) string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = v
		if w := m.words[v]; w != "" {
			out[i] = w
		}
	}
	return strings.Join(out, "\n")
}

// sides splits the differences of two texts into what each shows of itself.
func sides(before, after string) (was, now []views.Span) {
	for _, piece := range views.Differences(views.Shown(before), views.Shown(after)) {
		if piece.Mark != views.Added {
			was = append(was, views.Span{Text: piece.Text, Only: piece.Mark == views.Removed})
		}
		if piece.Mark != views.Removed {
			now = append(now, views.Span{Text: piece.Text, Only: piece.Mark == views.Added})
		}
	}
	return was, now
}

// fieldsOf lists the fields of both forms in a fixed order, without what a form
// carries about itself.
func fieldsOf(forms ...url.Values) (names []string) {
	for _, f := range forms {
		for name := range f {
			own := strings.HasPrefix(name, "was.") || slices.Contains([]string{"id", "version", "more"}, name)
			if !own && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names
}

// union keeps the order of a and puts behind it what only b has.
func union(a, b []string) []string {
	all := slices.Clone(a)
	for _, s := range b {
		if !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	return all
}

// resolve applies what was chosen on the page of a conflict.
func resolve(values url.Values) {
	for _, field := range values["place"] {
		from := "mine."
		if values.Get("take."+field) == "theirs" {
			from = "theirs."
		}
		if chosen := values[from+field]; len(chosen) > 0 {
			values[field] = chosen
		} else {
			delete(values, field)
		}
		for _, prefix := range []string{"mine.", "theirs.", "take."} {
			delete(values, prefix+field)
		}
	}
	delete(values, "place")
}
