package desk_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"track15/models/database/dbtest"
	"track15/web/desk"
)

// TestFormsAnswerWithoutWhatOneMayNotRead sends every form that a page of the desk
// offers, as it stands there and filled in, out of two records that differ in what
// the visitor may not read: saved, refused, in conflict, looked up, taken away as a
// file. The answers are equal as those of pages are. A new form is sent as well,
// and a route to which nobody has sent one makes the test fail.
//
// Who may read true affiliations and grants of the series is told of those; the
// records that they are asked out of differ in the other series alone.
func TestFormsAnswerWithoutWhatOneMayNotRead(t *testing.T) {
	secrets := []secret{{"Ottoline", 3, "first", ""}, {"Peregrine", 1, "second", ""}}
	alike := []secret{{"Ottoline", 3, "first", "same"}, {"Peregrine", 1, "first", "same"}}
	sent := map[string]bool{}
	for _, tt := range []struct {
		visitors []string
		of       []secret
	}{
		{[]string{"desk-officer", "editor", "records-officer", "rapporteur"}, secrets},
		{[]string{"coordinator"}, alike},
		{[]string{"director"}, alike},
		{[]string{"auditor"}, alike},
	} {
		var answers [2][]answer
		for i, s := range tt.of {
			w := newWorld(t, func(name string) string { return dbtest.SQLite(t, fmt.Sprint(name, len(sent), i)) })
			place := w.secretly(s, tt.visitors)
			for _, name := range tt.visitors {
				answers[i] = append(answers[i], w.forms(name, place, secrets)...)
			}
		}
		if len(answers[0]) != len(answers[1]) {
			t.Errorf("%v: %d and %d answers", tt.visitors, len(answers[0]), len(answers[1]))
		}
		for i := range min(len(answers[0]), len(answers[1])) {
			first, second := answers[0][i], answers[1][i]
			if first.what != second.what {
				t.Fatalf("%s is offered, and in the other record %s", first.what, second.what)
			}
			if first.text != second.text {
				t.Errorf("%s differs:\n%s", first.what, difference(first.text, second.text))
			}
			if first.route != "" {
				sent[first.route] = true
			}
		}
	}
	for _, r := range desk.Routes() {
		if r.Method == http.MethodPost && !sent[r.Path] && unsent[r.Path] == "" {
			t.Errorf("no form was sent to %s", r.Path)
		}
	}
}

// unsent are the routes to which no page of the walk offers a form, with where
// they are asked.
var unsent = map[string]string{
	"/sign-in": "of nobody", "/sign-out": "ends the walk", "/cover": "ends the walk", "/uncover": "ends the walk",
	"/drafts/:id/clearance/:asking/take": "once a party changed words",
	"/accounts/:id":                      "an administrator reads all accounts",
	"/sittings/:session/lines":           "what a script sends, no form", "/drafts/:id/check/typed": "what a script sends, no form", "/drafts/:id/check": "once something is found, see TestFindings",
	"/import/:id/sheet": "asks for a sheet of a workbook, see previews", "/import/:id/drop": "of an import that is open, which no page of the walk names",
	"/import/:id/undo": "later than a day", "/import/:id/release": "of public rounds alone", "/releases/:id/countersign": "after somebody else signed", "/releases/:id/return": "after somebody else signed",
	"/releases/:id/telephone": "once signed", "/drafts/:id/clearance/:asking/link": "where links are served", "/drafts/:id/clearance/:asking/link/end": "where links are served", "/releases/:id/hold": "once signed", "/releases/:id/lift": "once held", "/releases/:id/forward": "of one that waits", "/releases/:id/happened": "of one that waits", "/releases/:id/published": "of one that waits", "/released/:kind/:slug/restore": "after a suspension was delivered",
	"/kept/:id/hold/:hold": "of a round that the walk destroys", "/kept/:id/destroy/:destruction": "after somebody else proposed",
	"/kept/:id/destroy/:destruction/refuse": "after somebody else proposed", "/grants/:id/allow": "after somebody else proposed",
}

// An answer is what came of one form; route is where it went, "" for a page.
type answer struct{ what, route, text string }

// parting are the forms that end something. They are sent last.
var parting = regexp.MustCompile(`/(remove|drop|undo|disable|withdraw|suspend|destroy|confirm|refuse|revoke|seal|cancel|end)$`)

// A sender sends forms as one visitor.
type sender struct {
	w     *world
	v     *visitor
	name  string
	words []string       // with which empty fields are filled
	sent  map[string]int // how often something was sent to a route
	asked int            // requests, a second each
	out   []answer
}

// most is how often a visitor sends something to one route, words and buttons
// apart.
const most = 4

// forms sends the forms of every page that somebody of the series may open, and
// those of the pages to which these lead.
func (w *world) forms(name string, place func(string) string, all []secret) []answer {
	w.t.Helper()
	s := &sender{w: w, v: w.as(name), name: name, words: []string{"", all[0].word, all[1].word, "The first body"}, sent: map[string]int{}}
	for _, last := range []bool{false, true} {
		for _, r := range desk.Routes() {
			if r.Method != http.MethodGet || strings.HasPrefix(r.Path, "/sign-") || strings.HasSuffix(r.Path, "/key") || strings.Contains(r.Path, ":destruction") {
				continue
			}
			paths := []string{place(r.Path)}
			if r.Path == "/kept/:id" { // the round of this page is destroyed, the other's notes are not
				paths = append(paths, strings.Replace(place("/rounds/:id"), "rounds", "kept", 1))
			}
			for _, path := range paths {
				s.next()
				got := s.v.follow(s.v.raw(http.MethodGet, path, nil), path)
				s.out = append(s.out, answer{name + ", " + r.Path, "", fmt.Sprintln(got.status, got.header.Get("Content-Type")) + plain(got.body)})
				s.page(got, r.Path, last, 5)
			}
		}
	}
	return s.out
}

// page sends the forms of a page, by each of their buttons, and goes on with the
// pages that answer.
func (s *sender) page(p page, from string, last bool, deep int) {
	if p.status != http.StatusOK || !strings.HasPrefix(p.header.Get("Content-Type"), "text/html") {
		return
	}
	for i, f := range p.all(`form[method="post"]`) {
		for _, b := range buttons(p, f) {
			action := b.action
			route := routeOf(action)
			if unsent[route] != "" || parting.MatchString(action) != last || s.sent[route+" "+b.value] >= most {
				continue
			}
			s.sent[route+" "+b.value]++
			form := p.fields(f)
			if b.name != "" {
				form.Set(b.name, b.value)
			}
			for at, word := range s.words {
				s.next()
				got := s.send(p, f, action, filled(p, f, form, s.words, at))
				what := fmt.Sprintf("%s, %s, form %d to %s by %q filled with %q", s.name, from, i, route, b.value, word)
				s.out = append(s.out, answer{what, route, fmt.Sprintln(got.status, got.header.Get("Content-Type")) + plain(got.body)})
				if deep > 0 && got.path != p.path {
					s.page(got, what, last, deep-1)
				}
			}
		}
	}
}

// next sets the clock on: what a request does has an instant of its own, which is
// the same in both records.
func (s *sender) next() {
	s.asked++
	s.w.now = time.Date(2026, 3, 18, 9, 0, s.asked, 0, time.UTC)
}

func (s *sender) send(p page, f *html.Node, action string, form url.Values) page {
	if attr(f, "enctype") == "multipart/form-data" {
		return s.v.upload(action, form, "", "")
	}
	return s.v.follow(s.v.raw(http.MethodPost, action, form), action)
}

// A button sends a form.
type button struct{ action, name, value string }

// buttons are those of a form, each once; one without a name if it has none.
func buttons(p page, form *html.Node) (out []button) {
	for _, n := range p.all("button") {
		if !within(n, form) && (attr(n, "form") == "" || attr(n, "form") != attr(form, "id")) || attr(n, "type") == "button" {
			continue
		}
		b := button{attr(form, "action"), attr(n, "name"), attr(n, "value")}
		if to := attr(n, "formaction"); to != "" {
			b.action = to
		}
		b.action, _, _ = strings.Cut(b.action, "#") // which browsers keep to themselves
		if !slices.Contains(out, b) {
			out = append(out, b)
		}
	}
	if len(out) == 0 {
		out = append(out, button{action: attr(form, "action")})
	}
	return out
}

// filled is a form with a word in every empty field for words, the password where
// it is asked for and, along with a word, one of the choices where none was made:
// another with each word.
func filled(p page, f *html.Node, form url.Values, words []string, at int) url.Values {
	word, out, choices := words[at], url.Values{}, map[string][]string{}
	for name, values := range form {
		out[name] = slices.Clone(values)
	}
	for _, n := range p.all("input, textarea") {
		name, kind := attr(n, "name"), attr(n, "type")
		if _, there := out[name]; !there {
			if kind == "radio" && within(n, f) {
				choices[name] = append(choices[name], attr(n, "value"))
			}
			continue
		}
		switch {
		case kind == "password":
			out.Set(name, password)
		case name == "paste":
			out.Set(name, "Name\tOrganisation\nTarn "+word+"\tThe first body\n"+word+" Vale\t"+word+"\n")
		case word != "" && out.Get(name) == "" && isForWords(n, kind):
			out.Set(name, word)
		}
	}
	for name, values := range choices {
		if at > 0 {
			out.Set(name, values[(at-1)%len(values)])
		}
	}
	return out
}

func isForWords(n *html.Node, kind string) bool {
	return n.Data == "textarea" || kind == "" || kind == "text" || kind == "search"
}

// routeOf is the route that answers a form: the one with the fewest parameters.
func routeOf(action string) string {
	action, _, _ = strings.Cut(action, "?")
	best, least := "", len(action)
	for _, r := range desk.Routes() {
		if n := strings.Count(r.Path, ":"); r.Method == http.MethodPost && n < least && fits(strings.Split(r.Path, "/"), strings.Split(action, "/")) {
			best, least = r.Path, n
		}
	}
	return best
}

func fits(want, is []string) bool {
	if len(want) != len(is) {
		return false
	}
	for i := range want {
		if want[i] != is[i] && !strings.HasPrefix(want[i], ":") {
			return false
		}
	}
	return true
}
