package desk_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"track15/assets"
	"track15/models/database/dbtest"
	"track15/models/record"
	"track15/web/browsertest"
)

// served is the address of the desk for a browser: its name is localhost, which
// browsers count as secure, so that they keep the cookie.
func (w *world) served() string {
	w.t.Helper()
	listener, err := net.Listen("tcp", "localhost:0")
	w.must(err)
	s := &httptest.Server{Listener: listener, Config: &http.Server{Handler: http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.Host, "localhost:") {
			r.Host = host
		}
		w.handler.ServeHTTP(rw, r)
	})}}
	s.Start()
	w.t.Cleanup(s.Close)
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	return "http://localhost:" + port
}

// enter is a window of a browser in which somebody is signed in, on the first
// page.
func (w *world) enter(t testing.TB, at, name string, v browsertest.View) *browsertest.Page {
	t.Helper()
	v.Cookie = w.as(name).cookie
	return browsertest.Open(t, at+"/", v)
}

// filled logs a round with all that the pages show, and returns its id and that
// of its text.
func (w *world) filled() (round, text string) {
	w.t.Helper()
	ctx, actor := context.Background(), w.actor("coordinator")
	add := func(o record.Organisation) string {
		o, err := w.record.AddOrganisation(ctx, actor, o)
		w.must(err)
		return o.ID
	}
	forum := add(record.Organisation{Name: "Kasmere Policy Forum", Acronym: "KPF", Kind: record.ThinkTank, Country: "XA"})
	harbour := add(record.Organisation{Name: "Harbour Institute", Kind: record.ThinkTank, Country: "XB"})
	signals := add(record.Organisation{Name: "Signals Directorate", Kind: record.SecurityService, Country: "XB"})
	ministry := add(record.Organisation{Name: "Ministry of Foreign Affairs", Native: []record.Name{{Text: "外交部", Lang: "zh-Hans"}}, Kind: record.Ministry, Country: "XB"})
	category := add(record.Organisation{Name: "Security services (Norlund)", Kind: record.Category, AtLeastThree: true})
	r, err := w.record.LogRound(ctx, actor, record.Round{
		SeriesID: w.series.ID, InternalTitle: "Round 6, Port Anselm", OrdinalLabel: "6th round", State: record.Held,
		Opens: "2026-03-25", Closes: "2026-03-26", City: "Port Anselm", Country: "XA", Venue: "Old customs house, upper room",
		Format: "in person", Track: "1.5", Topics: []string{"Contact points", "Evidence"}, Summary: "Participants spoke about whom to call when an incident crosses a border.",
		Sample: true,
	})
	w.must(err)
	side := func(i int) string { return w.series.Sides[i].ID }
	for i, p := range []record.Presence{
		{OrganisationID: forum, SideID: side(0), Track: "2", Role: record.Convener, Label: record.Exact},
		{OrganisationID: harbour, SideID: side(1), Track: "2", Role: record.Convener, Label: record.Exact},
		{OrganisationID: ministry, SideID: side(1), Track: "1", Label: record.Exact},
		{OrganisationID: signals, AttendsThroughID: harbour, SideID: side(1), Track: "1", Label: record.ByCategory, CategoryID: category},
		{Words: "independent researchers", SideID: side(0), Label: record.Withheld},
	} {
		_, err := w.record.AddPresence(ctx, actor, r.ID, r.Version+int64(i), p)
		w.must(err)
	}
	r, err = w.record.Round(ctx, actor, r.ID)
	w.must(err)
	w.must(w.record.EditRules(ctx, actor, r.ID, r.Version, record.GroundRules{
		Preset: "chatham_house", Vector: record.PresetOf("chatham_house").Vector,
		Cleared: map[record.Aspect]string{record.AspectOrganisation: "Both conveners, by letter"}, Text: "Use what you hear. Do not say from whom.",
	}))
	o, err := w.record.AddOutput(ctx, actor, record.Output{
		SeriesID: w.series.ID, RoundID: r.ID, Kind: record.Summary, Sample: true,
		Draft: record.Draft{Title: "Contact points and quiet channels", Lang: "en", Body: "Participants spent most of their time on a narrow question.\n\nOne view held that testing matters more than publishing.", Observations: []record.Observation{{Heading: "A duty number", Text: "There was broad support for a duty number in each response team."}}},
	})
	w.must(err)
	d := o.Draft
	d.Body = strings.Replace(d.Body, "most", "much", 1)
	_, err = w.record.SaveDraft(ctx, actor, o.ID, d.Number, d)
	w.must(err)
	return r.ID, o.ID
}

// Every page can be read by everybody, on a wide and on a narrow screen, light
// and dark, with and without scripts.
func TestPagesInABrowser(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(name string) string { return dbtest.SQLite(t, name) })
	round, text := w.filled()
	at := w.served()
	pages := []string{
		"/", "/rounds", "/rounds/new", "/rounds/" + round, "/rounds/" + round + "/edit", "/rounds/" + round + "/rules",
		"/rounds/" + round + "/organisations", "/rounds/" + round + "/organisations/new", "/rounds/" + round + "/drafts",
		"/rounds/" + round + "/drafts/new?external=1", "/rounds/" + round + "/release", "/rounds/" + round + "/history", "/rounds/" + round + "/history?of=" + round, "/series", "/series/" + w.series.ID,
		"/series/" + w.series.ID + "/history",
		"/series/new", "/organisations", "/organisations/new", "/outputs", "/series/" + w.series.ID + "/drafts/new", "/drafts/" + text, "/drafts/" + text + "/versions",
		"/releases", "/audit", "/shortcuts", "/no-such-page",
	}
	p, plain := w.enter(t, at, "coordinator", browsertest.View{}), w.enter(t, at, "coordinator", browsertest.View{NoScripts: true})
	look := func(p *browsertest.Page, path string) {
		p.Goto(at + path)
		p.Readable()
		if title := p.Title(); !strings.HasPrefix(title, "Confidential · ") || strings.Contains(title, "Anselm") {
			t.Errorf("%s is titled %q", path, title)
		}
	}
	for _, path := range pages {
		look(p, path)
	}
	for _, path := range []string{"/", "/rounds/" + round + "/rules", "/drafts/" + text} { // where scripts do most
		look(plain, path)
	}
}

// The words of a page come back by its own buttons: a refused form, a conflict,
// the cover.
func TestTheDeskByHand(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(name string) string { return dbtest.SQLite(t, name) })
	round, text := w.filled()
	at := w.served()
	p := browsertest.Open(t, at+"/", browsertest.View{})
	p.Fill("#f-email", "coordinator@example.org")
	p.Fill("#f-password", password)
	p.Follow("main button")

	p.Goto(at + "/rounds/" + round + "/edit")
	p.Fill("#f-opens", "2026-02-30")
	p.Follow(".savebar .btn--main")
	if p.Status() != 422 || browsertest.Eval[string](p, "document.activeElement.className") != "error-summary" {
		t.Errorf("status %d; what is wrong does not take the focus", p.Status())
	}
	p.Accessible()
	if got := p.Value("#f-opens"); got != "2026-02-30" {
		t.Errorf("the field shows %q", got)
	}

	// The editor keeps the text, and a style sheet of its own is let in.
	p.Goto(at + "/drafts/" + text)
	if assets.Staff().Path("editor.js") != "" && p.Count(".cm-editor") != 1 {
		t.Error("the editor does not start")
	}
	p.Fill("#f-title", "Quiet channels")
	w.as("director").send(w.as("director").get("/drafts/"+text), "/drafts/"+text, url.Values{"title": {"Open channels"}})
	p.Follow(".savebar .btn--main")
	if p.Status() != 409 || p.Count(".merge tbody tr") != 1 {
		t.Errorf("status %d, %d places", p.Status(), p.Count(".merge tbody tr"))
	}
	p.Accessible()
	p.NoOverflow()
	p.Follow(".savebar .btn--main")
	if got := p.Value("#f-title"); got != "Quiet channels" {
		t.Errorf("saved as %q", got)
	}

	p.Follow(".topband button")
	if got := p.Text("body"); strings.Contains(got, "channels") || !strings.Contains(got, "Press Enter to return") {
		t.Errorf("the cover shows %q", got)
	}
	p.Accessible()
	p.Follow("main .btn--main")
	if got := p.Location(); got != at+"/drafts/"+text+"?done=saved" {
		t.Errorf("returned to %s", got)
	}
}
