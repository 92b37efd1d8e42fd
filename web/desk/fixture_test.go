package desk_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"

	"track15/models/database/dbtest"
	"track15/models/publishedstore"
	"track15/models/record"
	"track15/models/recordstore"
	"track15/models/release"
	"track15/models/seal"
	"track15/web/desk"
)

// password is everybody's in these tests.
const password = "correct horse battery"

// host is the name of the desk.
const host = "desk.example.org"

// A world is a desk over real stores.
type world struct {
	t       testing.TB
	record  *recordstore.Store
	release *release.Service
	handler http.Handler
	log     *bytes.Buffer
	keys    string // the key directory
	public  string // what a reader of the published store is told
	now     time.Time

	operator record.Actor
	series   record.Series
	people   map[string]record.Account // by the first word of their address
	cookies  map[string]string         // of who signed in, by the same
}

// eachWorld runs fn on a record with one series, on either database.
func eachWorld(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	dbtest.Run(t, func(t *testing.T, store func(name string) string) { fn(t, newWorld(t, store)) })
}

// newWorld opens empty stores. What the record draws by lot is the same in every
// world, so that two of them can be compared.
func newWorld(t testing.TB, store func(name string) string) *world {
	t.Helper()
	ctx := context.Background()
	dir := t.TempDir()
	w := &world{t: t, log: &bytes.Buffer{}, keys: filepath.Join(dir, "keys"), now: time.Date(2026, 3, 16, 9, 0, 0, 0, time.UTC), operator: record.Operator("test"), people: map[string]record.Account{}, cookies: map[string]string{}}
	clock := func() time.Time { w.now = w.now.Add(time.Millisecond); return w.now }
	logger := slog.New(slog.NewTextHandler(w.log, nil))
	ring, err := seal.OpenRing(w.keys)
	w.must(err)
	w.record, err = recordstore.Open(ctx, store("record"), recordstore.Options{Ring: ring, Clock: clock, Logger: logger, Random: rand.NewChaCha8([32]byte{})})
	w.must(err)
	t.Cleanup(func() { w.record.Close() })
	address, snapshots := store("published"), ""
	if strings.HasPrefix(address, "sqlite:") {
		snapshots = filepath.Join(dir, "published")
	}
	writer, err := publishedstore.OpenWriter(ctx, address, publishedstore.WriterOptions{Snapshots: snapshots, Logger: logger})
	w.must(err)
	t.Cleanup(func() { writer.Close() })
	w.public = address
	if snapshots != "" {
		w.public = snapshots
	}
	scratch := publishedstore.NewScratch(filepath.Join(dir, "preview.db"), logger)
	t.Cleanup(func() { scratch.Close() })
	w.release = release.New(release.Options{Record: w.record, Published: writer, Scratch: scratch, Ring: ring, Clock: clock, Logger: logger})
	w.handler, err = desk.New(desk.Options{
		Record: w.record, Release: w.release, House: "House of Tests", Hosts: []string{host},
		Logger: logger, Clock: clock, PublicURL: "https://public.example.org",
	})
	w.must(err)
	w.series, err = w.record.AddSeries(ctx, w.operator, record.Series{
		Name: "Kasmere Dialogue", Sides: []record.Side{{Name: "Kasmere"}, {Name: "Norlund"}},
	})
	w.must(err)
	return w
}

// account adds a person with one role in one series.
func (w *world) account(name string, role record.RoleName, seriesID string) {
	w.t.Helper()
	a, err := w.record.AddAccount(context.Background(), w.operator, record.Account{
		Email: name + "@example.org", Name: "The " + name, Grants: []record.Grant{{Role: role, SeriesID: seriesID}},
	}, password)
	w.must(err)
	w.people[name] = a
}

// person is the account with the role of that name in the series; it is added
// when it is first asked for, for a password costs time.
func (w *world) person(name string) record.Account {
	w.t.Helper()
	if _, known := w.people[name]; !known {
		w.account(name, record.RoleName(strings.ReplaceAll(name, "-", " ")), w.series.ID)
	}
	return w.people[name]
}

func (w *world) actor(name string) record.Actor { return w.person(name).Actor() }

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// deliver hands everything that is due to the public.
func (w *world) deliver() {
	w.t.Helper()
	_, err := w.release.Deliver(context.Background())
	w.must(err)
}

// A visitor is a browser: it keeps the cookie and follows the desk's redirects.
type visitor struct {
	w      *world
	cookie string
}

// visit is a browser that nobody signed in with.
func (w *world) visit() *visitor { return &visitor{w: w} }

// as is a browser in which somebody is signed in. All of one person in a world
// share their session, for a password costs time; signIn makes another.
func (w *world) as(name string) *visitor {
	w.t.Helper()
	if _, known := w.cookies[name]; !known {
		w.cookies[name] = w.signIn(name).cookie
	}
	return &visitor{w, w.cookies[name]}
}

// signIn is a browser in which somebody has just signed in.
func (w *world) signIn(name string) *visitor {
	w.t.Helper()
	w.person(name)
	v := w.visit()
	p := v.post("/sign-in", url.Values{"email": {name + "@example.org"}, "password": {password}})
	if p.path != "/" || p.status != http.StatusOK {
		w.t.Fatalf("%s was not signed in: %d at %s", name, p.status, p.path)
	}
	return v
}

// A page is what a visitor sees.
type page struct {
	t      testing.TB
	path   string // where the redirects led
	status int
	header http.Header
	body   string
	doc    *html.Node
}

func (v *visitor) get(path string) page {
	v.w.t.Helper()
	return v.follow(v.raw(http.MethodGet, path, nil), path)
}

func (v *visitor) post(path string, form url.Values) page {
	v.w.t.Helper()
	return v.follow(v.raw(http.MethodPost, path, form), path)
}

// raw sends one request and follows nothing.
func (v *visitor) raw(method, path string, form url.Values) *httptest.ResponseRecorder {
	v.w.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r := httptest.NewRequest(method, path, body)
	r.Host = host
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if method == http.MethodPost {
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	if v.cookie != "" {
		r.Header.Set("Cookie", v.cookie)
	}
	rec := httptest.NewRecorder()
	v.w.handler.ServeHTTP(rec, r)
	for _, c := range rec.Result().Cookies() {
		v.cookie = c.Name + "=" + c.Value
		if c.MaxAge < 0 {
			v.cookie = ""
		}
	}
	return rec
}

func (v *visitor) follow(rec *httptest.ResponseRecorder, path string) page {
	v.w.t.Helper()
	for range 5 {
		to := rec.Header().Get("Location")
		if to == "" {
			break
		}
		path = to
		rec = v.raw(http.MethodGet, to, nil)
	}
	doc, err := html.Parse(strings.NewReader(rec.Body.String()))
	v.w.must(err)
	path, _, _ = strings.Cut(path, "?")
	return page{v.w.t, path, rec.Code, rec.Header(), rec.Body.String(), doc}
}

// all are the elements of a page that a selector matches.
func (p page) all(selector string) []*html.Node {
	p.t.Helper()
	sel, err := cascadia.ParseGroup(selector)
	if err != nil {
		p.t.Fatalf("%s: %v", selector, err)
	}
	return cascadia.QueryAll(p.doc, sel)
}

// text is what the elements that a selector matches say.
func (p page) text(selector string) string {
	p.t.Helper()
	var all []string
	for _, n := range p.all(selector) {
		all = append(all, text(n))
	}
	return strings.Join(all, "\n")
}

func text(n *html.Node) string {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(n)
	return strings.Join(strings.Fields(b.String()), " ")
}

// is holds the status of a page.
func (p page) is(status int) page {
	p.t.Helper()
	if p.status != status {
		p.t.Fatalf("%s: status %d, want %d\n%s", p.path, p.status, status, p.text("main"))
	}
	return p
}

// has holds that some element that the selector matches says the words.
func (p page) has(selector, words string) page {
	p.t.Helper()
	if !strings.Contains(p.text(selector), words) {
		p.t.Errorf("%s: %q not in %s:\n%s", p.path, words, selector, p.text(selector))
	}
	return p
}

// hasNot holds that the words stand nowhere on the page, not even in its
// markup.
func (p page) hasNot(words ...string) page {
	p.t.Helper()
	for _, s := range words {
		if strings.Contains(p.body, s) || strings.Contains(p.text("html"), s) {
			p.t.Errorf("%s: %q stands on the page", p.path, s)
		}
	}
	return p
}

// form returns what the form with that action would send as it stands.
func (p page) form(action string) url.Values {
	p.t.Helper()
	forms := p.all(`form[action="` + action + `"]`)
	if len(forms) == 0 {
		p.t.Fatalf("%s has no form to %s:\n%s", p.path, action, p.text("main"))
	}
	return p.fields(forms[0])
}

// fields are the values of a form as it stands.
func (p page) fields(form *html.Node) url.Values {
	p.t.Helper()
	values := url.Values{}
	id := attr(form, "id")
	for _, n := range p.all("input, textarea, select") {
		if !within(n, form) && (id == "" || attr(n, "form") != id) {
			continue
		}
		name := attr(n, "name")
		switch kind := attr(n, "type"); {
		case name == "":
		case n.Data == "textarea":
			values.Add(name, rawText(n))
		case n.Data == "select":
			if v, ok := chosen(n); ok {
				values.Add(name, v)
			}
		case kind == "checkbox" || kind == "radio":
			if slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "checked" }) {
				values.Add(name, attr(n, "value"))
			}
		default:
			values.Add(name, attr(n, "value"))
		}
	}
	return values
}

// send fills in the form with that action and sends it.
func (v *visitor) send(p page, action string, fill url.Values) page {
	v.w.t.Helper()
	values := p.form(action)
	maps.Copy(values, fill)
	return v.post(action, values)
}

func chosen(sel *html.Node) (string, bool) {
	first, found := "", false
	for n := range sel.Descendants() {
		if n.Data != "option" {
			continue
		}
		if slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "selected" }) {
			return attr(n, "value"), true
		}
		if !found {
			first, found = attr(n, "value"), true
		}
	}
	return first, found
}

func within(n, ancestor *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n == ancestor {
			return true
		}
	}
	return false
}

func rawText(n *html.Node) string {
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		b.WriteString(c.Data)
	}
	return b.String()
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// ids are identifiers of the record, as they stand in addresses.
var ids = regexp.MustCompile(`[a-z2-7]{26}`)

// idIn is the first id in an address.
func idIn(t testing.TB, path string) string {
	t.Helper()
	id := ids.FindString(path)
	if id == "" {
		t.Fatalf("no id in %s", path)
	}
	return id
}
