package links_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"track15/models/database/dbtest"
	"track15/models/record"
	"track15/models/recordstore"
	"track15/models/seal"
	"track15/web/browsertest"
	"track15/web/links"
)

const host = "links.example.org"

// A world is a text of which one person was asked, and the side for links.
type world struct {
	t           testing.TB
	store       *recordstore.Store
	coordinator record.Actor
	output      string
	asking      string
	log         bytes.Buffer
	hosts       []string
}

func newWorld(t testing.TB, url string) *world {
	t.Helper()
	ctx := context.Background()
	w := &world{t: t, hosts: []string{host}}
	ring, err := seal.OpenRing(filepath.Join(t.TempDir(), "keys"))
	w.must(err)
	w.store, err = recordstore.Open(ctx, url, recordstore.Options{Ring: ring})
	w.must(err)
	t.Cleanup(func() { w.store.Close() })
	operator := record.Operator("test")
	account, err := w.store.AddAccount(ctx, operator, record.Account{Email: "pia@example.org", Name: "Pia", Grants: []record.Grant{{Role: record.Coordinator, SeriesID: record.AllSeries}}}, "correct horse battery")
	w.must(err)
	w.coordinator = account.Actor()
	series, err := w.store.AddSeries(ctx, operator, record.Series{Name: "Kasmere Dialogue", Sample: true, Sides: []record.Side{{Name: "Kasmere"}, {Name: "Norlund"}}})
	w.must(err)
	round, err := w.store.LogRound(ctx, w.coordinator, record.Round{SeriesID: series.ID, State: record.Held, Opens: "2025-09-17", Sample: true})
	w.must(err)
	_, err = w.store.Enter(ctx, w.coordinator, round.ID, []recordstore.Entrant{{Person: record.Person{Given: "Osk", Family: "Marren", Sample: true}}})
	w.must(err)
	o, err := w.store.AddOutput(ctx, w.coordinator, record.Output{SeriesID: series.ID, RoundID: round.ID, Kind: record.Summary, Sample: true, Draft: record.Draft{
		Title: "Hidden heading", Lang: "en", Body: "Others answer for this paragraph.\n\nOsk Marren proposed a card for duty officers.",
	}})
	w.must(err)
	w.output = o.ID
	l, err := w.store.Ledger(ctx, w.coordinator, o.ID)
	w.must(err)
	i := slices.IndexFunc(l.Lines, func(l record.LedgerLine) bool { return l.Party.Kind == record.PartyPerson })
	party := l.Lines[i].Party
	today := record.Date("2000-01-01")
	w.must(w.store.AskClearance(ctx, w.coordinator, o.ID, recordstore.Ask{Draft: o.Draft.Number, On: today, Parties: []record.Party{party}}))
	l, err = w.store.Ledger(ctx, w.coordinator, o.ID)
	w.must(err)
	w.asking = l.Askings[0].ID
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) link() (token, code string) {
	w.t.Helper()
	token, code, err := w.store.MakeLink(context.Background(), w.coordinator, w.output, w.asking)
	w.must(err)
	return token, code
}

func (w *world) handler() http.Handler {
	return links.New(links.Options{Record: w.store, House: "House of Tests", Hosts: w.hosts, Logger: slog.New(slog.NewTextHandler(&w.log, nil))})
}

// A visit is one browser's, without scripts.
type visit struct {
	w       *world
	handler http.Handler
	cookies map[string]string
}

func (w *world) visit() *visit { return &visit{w, w.handler(), map[string]string{}} }

func (v *visit) do(method, path string, form url.Values) *httptest.ResponseRecorder {
	v.w.t.Helper()
	r := httptest.NewRequest(method, "http://"+host+path, strings.NewReader(form.Encode()))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", "http://"+host)
	}
	for name, value := range v.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	rec := httptest.NewRecorder()
	v.handler.ServeHTTP(rec, r)
	for _, c := range rec.Result().Cookies() {
		if v.cookies[c.Name] = c.Value; c.MaxAge < 0 {
			delete(v.cookies, c.Name)
		}
		if !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Domain != "" {
			v.w.t.Errorf("the cookie %s", c.Name)
		}
	}
	for name, want := range map[string]string{"Referrer-Policy": "no-referrer", "Cache-Control": "no-store"} {
		if got := rec.Header().Get(name); got != want {
			v.w.t.Errorf("%s %s: %s is %q", method, path, name, got)
		}
	}
	return rec
}

// come presses the button of a link.
func (v *visit) come(token string) {
	v.w.t.Helper()
	rec := v.do(http.MethodPost, "/l/"+token, nil)
	if to := rec.Header().Get("Location"); rec.Code != http.StatusSeeOther || strings.Contains(to, token) {
		v.w.t.Errorf("after the button: %d to %s", rec.Code, to)
	}
}

func (v *visit) code(code string) *httptest.ResponseRecorder {
	v.w.t.Helper()
	return v.do(http.MethodPost, "/reply/code", url.Values{"code": {code}})
}

var changing = regexp.MustCompile(`nonce="[^"]*"`)

func TestAPartyAnswersByLink(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		w := newWorld(t, store("record"))
		token, code := w.link()
		v := w.visit()
		// A program that looks after mail follows links; it changes nothing, and a link
		// that never was looks the same.
		known := v.do(http.MethodGet, "/l/"+token, nil).Body.String()
		for range 10 {
			v.do(http.MethodGet, "/l/"+token, nil)
		}
		unknown := v.do(http.MethodGet, "/l/"+strings.Repeat("a", len(token)), nil).Body.String()
		if strings.ReplaceAll(changing.ReplaceAllString(known, ""), token, "") != strings.ReplaceAll(changing.ReplaceAllString(unknown, ""), strings.Repeat("a", len(token)), "") {
			t.Error("a link that never was looks otherwise")
		}
		if strings.Contains(known, "Marren") || strings.Contains(known, "Kasmere") {
			t.Error("the button's page says what it is about")
		}
		v.come(token)
		if body := v.do(http.MethodGet, "/reply", nil).Body.String(); strings.Contains(body, "Marren") || strings.Contains(body, token) {
			t.Error("the text opens without a code")
		}
		if rec := v.code(code); rec.Code != http.StatusSeeOther {
			t.Fatalf("the code: %d", rec.Code)
		}
		body := v.do(http.MethodGet, "/reply", nil).Body.String()
		if !strings.Contains(body, "Osk Marren proposed a card for duty officers.") || !strings.Contains(body, "Pia") {
			t.Error("the party does not read its words")
		}
		for _, not := range []string{"Hidden heading", "Others answer for this paragraph", "Kasmere", "/drafts", "/releases", token, code} {
			if strings.Contains(body, not) {
				t.Errorf("the page holds %q", not)
			}
		}
		if body := v.do(http.MethodGet, "/reply?lang=zh-Hans", nil).Body.String(); !strings.Contains(body, `lang="zh-Hans"`) || !strings.Contains(body, "这些文字可以公开吗") {
			t.Error("the page does not speak Chinese")
		}
		if rec := v.do(http.MethodPost, "/reply", url.Values{"words": {"Kept words."}}); rec.Code != 422 || !strings.Contains(rec.Body.String(), "Kept words.") {
			t.Errorf("no answer: %d", rec.Code)
		}
		if rec := v.do(http.MethodPost, "/reply", url.Values{"answer": {"changes"}}); rec.Code != 422 {
			t.Errorf("changes without words: %d", rec.Code)
		}
		if rec := v.do(http.MethodPost, "/reply", url.Values{"answer": {"clear"}}); rec.Code != 200 || !strings.Contains(rec.Body.String(), "Thank you") {
			t.Errorf("an answer: %d", rec.Code)
		}
		a, err := w.store.Asking(t.Context(), w.coordinator, w.output, w.asking)
		w.must(err)
		if a.Reply.State != record.Granted || a.Reply.Channel != "one-time link" {
			t.Errorf("the ledger says %+v", a.Reply)
		}
		if rec := v.do(http.MethodPost, "/reply", url.Values{"answer": {"refuse"}}); rec.Code != 403 {
			t.Errorf("a second answer: %d", rec.Code)
		}
		if log := w.log.String(); strings.Contains(log, token) || strings.Contains(log, code) || strings.Contains(log, "Marren") {
			t.Error("the log holds what nobody else may read")
		}
	})
}

// Whatever does not open says the same, byte for byte.
func TestWhatDoesNotOpenLooksAlike(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		w := newWorld(t, store("record"))
		says := map[string]string{}
		shut := func(why, token, code string) {
			t.Helper()
			v := w.visit()
			v.come(token)
			rec := v.code(code)
			says[changing.ReplaceAllString(rec.Body.String(), "")+rec.Result().Status] = why
		}
		shut("never was", strings.Repeat("a", 32), "000000")
		old, oldCode := w.link()
		token, code := w.link()
		shut("replaced", old, oldCode)
		for range record.LinkTries {
			shut("a wrong code", token, "x")
		}
		shut("spent", token, code)
		token, code = w.link()
		w.must(w.store.RevokeLink(t.Context(), w.coordinator, w.output, w.asking))
		shut("taken back", token, code)
		if len(says) != 1 {
			t.Errorf("%d pages: %v", len(says), says)
		}
	})
}

// Nothing of the desk or the public side is answered here, nor under another name.
func TestNothingElseIsAnswered(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.SQLite(t, "record"))
	v := w.visit()
	for _, path := range []string{"/", "/sign-in", "/drafts", "/drafts/" + w.output, "/releases", "/rounds", "/l/", "/reply/other", "/audit", "/feed.atom"} {
		if rec := v.do(http.MethodGet, path, nil); rec.Code != 404 {
			t.Errorf("%s: %d", path, rec.Code)
		}
	}
	r := httptest.NewRequest(http.MethodGet, "http://desk.example.org/l/a", nil)
	rec := httptest.NewRecorder()
	w.handler().ServeHTTP(rec, r)
	if rec.Code != http.StatusMisdirectedRequest {
		t.Errorf("another name: %d", rec.Code)
	}
	r = httptest.NewRequest(http.MethodPost, "http://"+host+"/reply", strings.NewReader("answer=clear"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", "http://elsewhere.example.org")
	rec = httptest.NewRecorder()
	w.handler().ServeHTTP(rec, r)
	if rec.Code < 400 {
		t.Errorf("a form of another page: %d", rec.Code)
	}
}

// On a telephone, with scripts and without, in both languages, it can be read and
// answered.
func TestALinkInABrowser(t *testing.T) {
	t.Parallel()
	for _, view := range []browsertest.View{{Width: 390, Dark: true, NoScripts: true}, {Width: 1440}} {
		w := newWorld(t, dbtest.SQLite(t, "record"))
		var h http.Handler
		s := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { h.ServeHTTP(rw, r) }))
		t.Cleanup(s.Close)
		at := strings.Replace(s.URL, "127.0.0.1", "localhost", 1)
		w.hosts = []string{strings.TrimPrefix(at, "http://")}
		h = w.handler()
		token, code := w.link()
		p := browsertest.Open(t, at+"/l/"+token, view)
		look := func() {
			t.Helper()
			if p.Scripts() {
				p.Accessible()
			}
			p.NoOverflow()
		}
		look()
		p.Follow("main .btn--main")
		if strings.Contains(p.Location(), token) {
			t.Errorf("the link stands in the address: %s", p.Location())
		}
		look()
		p.Fill("#code", code)
		p.Follow("main .btn--main")
		look()
		p.Follow(`.langs a[lang="zh-Hans"]`)
		look()
		p.Click("[value=changes]")
		p.Fill("#words", "One participant proposed a card.")
		p.Follow("main .btn--main")
		if got := p.Text("h1"); got != "谢谢" {
			t.Errorf("after the answer: %s", got)
		}
		a, err := w.store.Asking(context.Background(), w.coordinator, w.output, w.asking)
		w.must(err)
		if string(a.Received.Content) != "One participant proposed a card." || a.Reply.State != record.NoReply {
			t.Errorf("%s, %s", a.Received.Content, a.Reply.State)
		}
	}
}
