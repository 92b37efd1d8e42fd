package main

import (
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"track15/models/database/dbtest"
	"track15/web/browsertest"
)

const storyPassword = "the tide table of 1899"

// A story is a secretariat of two at work: a running program, two windows of a
// browser, and whoever reads the public site.
type story struct {
	t         *testing.T
	data      string
	at        *running
	pia, ilse *browsertest.Page
	draft     string   // address of the text at the desk
	published string   // address of the published database in PostgreSQL, "" for files
	never     []string // what was logged and must not be public, now or ever
}

// The main job, by hand: log a round with three bodies under different labels
// and one that attends through another, write a summary with observations, have
// a second person release it, find it by agency. Then take a name out, suspend,
// withdraw. After each step nothing else of what was logged is public.
func TestLogReleaseReadCorrectWithdraw(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		data, env := folders(t)
		if strings.HasSuffix(t.Name(), "/postgres") {
			env = append(env, onPostgres(store)...)
		}
		for _, name := range []string{"pia", "ilse"} {
			addPerson(t, env, name)
		}
		s := &story{t: t, data: data, at: start(t, env, "serve")}
		for _, e := range env {
			if url, ours := strings.CutPrefix(e, "TRACK15_PUBLISHED_URL="); ours {
				s.published = url
			}
		}
		// Pia works without scripts, Ilse with them.
		s.pia, s.ilse = s.window("pia", browsertest.View{NoScripts: true}), s.window("ilse", browsertest.View{})

		s.directory()
		s.logRound()
		s.write()
		s.answered()
		s.release()
		s.findByAgency()
		s.cookieStays()
		s.redact()
		s.suspendAndWithdraw()
	})
}

func addPerson(t *testing.T, env []string, name string) {
	t.Helper()
	addPersonAs(t, env, name, "coordinator")
}

func addPersonAs(t *testing.T, env []string, name, role string) {
	t.Helper()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, "user", "add", name+"@example.org", "--name", name, "--role", role, "--series", "all")
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdin = strings.NewReader(storyPassword + "\n")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

func (s *story) window(name string, v browsertest.View) *browsertest.Page {
	p := browsertest.Open(s.t, s.at.desk+"/", v)
	p.Fill("#f-email", name+"@example.org")
	p.Fill("#f-password", storyPassword)
	p.Follow("main form .btn")
	return p
}

// form fills a form of the desk and sends it: pairs of a field's name and its
// words. "choose:", "tick:" and "radio:" before a name say what it is else.
func form(p *browsertest.Page, pairs ...string) {
	for i := 0; i < len(pairs); i += 2 {
		kind, name, other := strings.Cut(pairs[i], ":")
		if !other {
			kind, name = "fill", pairs[i]
		}
		switch kind {
		case "fill":
			p.Fill(fmt.Sprintf(`[name=%q]`, name), pairs[i+1])
		case "choose":
			p.Choose(fmt.Sprintf(`select[name=%q]`, name), pairs[i+1])
		case "tick", "radio":
			tick(p, fmt.Sprintf(`input[name=%q][value=%q]`, name, pairs[i+1]))
		}
	}
	p.Follow(".savebar .btn--main")
}

// tick chooses a box or a button of a choice, which may be hidden behind its
// label, or in a fold.
func tick(p *browsertest.Page, selector string) {
	browsertest.Eval[bool](p, fmt.Sprintf(`(document.querySelector(%q) ?? (() => { throw new Error(%q) })()).click() ?? true`, selector, "nothing matches "+selector))
}

// saved fails the test if the page refuses what was sent.
func (s *story) saved(p *browsertest.Page) {
	s.t.Helper()
	if p.Count(".error-summary") > 0 {
		s.t.Fatalf("refused: %s", p.Text(".error-summary"))
	}
}

// here is the address of Pia's page, without what it says of the last act.
func (s *story) here() string {
	address, _, _ := strings.Cut(s.pia.Location(), "?")
	return address
}

func (s *story) directory() {
	for _, body := range [][]string{
		{"name", "Kasmere Policy Forum", "choose:kind", "think tank", "country", "XA"},
		{"name", "Harbour Institute", "choose:kind", "think tank", "country", "XB"},
		{"name", "Ministry of Tides", "choose:kind", "ministry", "country", "XB"},
		{"name", "Signals Directorate", "choose:kind", "security service", "country", "XB"},
		{"name", "Security services (Norlund)", "choose:kind", "category", "country", "XB", "tick:at_least_three", "1"},
	} {
		s.pia.Goto(s.at.desk + "/organisations/new")
		form(s.pia, body...)
		s.saved(s.pia)
	}
	s.never = append(s.never, "Ministry of Tides", "Signals Directorate", "ministry-of-tides", "signals-directorate")
	s.pia.Goto(s.at.desk + "/series/new")
	names := browsertest.Eval[[]string](s.pia, `[...document.querySelectorAll('input[name^="side."]')].map(i => i.name)`)
	form(s.pia, "name", "Kasmere Norlund Talks", names[0], "Kasmere", names[1], "XA", names[2], "Norlund", names[3], "XB")
	s.saved(s.pia)
}

func (s *story) logRound() {
	s.pia.Goto(s.at.desk + "/rounds/new")
	series := browsertest.Eval[string](s.pia, `document.querySelector('select[name=series] option:last-child').value`)
	form(
		s.pia, "choose:series", series, "internal_title", "The quiet one", "venue", "Old customs house, upper room",
		"choose:state", "held", "ordinal_label", "1st round", "opens", "2026-03-25", "closes", "2026-03-26",
		"city", "Port Anselm", "country", "XA", "topics", "Contact points",
	)
	s.saved(s.pia)
	s.never = append(s.never, "The quiet one", "Old customs house", "upper room")
	round := s.here()
	s.pia.Goto(round + "/rules")
	form(s.pia, "radio:preset", "background")
	s.saved(s.pia)
	side := func(name string) string {
		return browsertest.Eval[string](s.pia, fmt.Sprintf(`[...document.querySelectorAll('select[name=side] option')].find(o => o.text.startsWith(%q)).value`, name))
	}
	for _, present := range [][]string{
		{"organisation", "Kasmere Policy Forum", "choose:side", "Kasmere", "choose:track", "2", "choose:role", "convener", "radio:label", "exact"},
		{"organisation", "Harbour Institute", "choose:side", "Norlund", "choose:track", "2", "radio:label", "exact"},
		{"organisation", "Ministry of Tides", "choose:side", "Norlund", "choose:track", "1", "radio:label", ""},
		{"organisation", "Signals Directorate", "attends_through", "Harbour Institute", "choose:side", "Norlund", "choose:track", "1", "radio:label", "category", "choose:category", "Security services (Norlund)"},
	} {
		s.pia.Goto(round + "/organisations/new")
		for i := range present {
			switch present[i] {
			case "choose:side":
				present[i+1] = side(present[i+1])
			case "choose:category":
				present[i+1] = browsertest.Eval[string](s.pia, `document.querySelector('select[name=category] option:last-child').value`)
			}
		}
		form(s.pia, present...)
		s.saved(s.pia)
	}
	s.pia.Goto(round)
}

func (s *story) write() {
	round := s.here()
	s.pia.Goto(round + "/drafts/new")
	for s.pia.Count(`input[name=observation]`) < 2 {
		s.pia.Follow(`button[name=more][value=observation]`)
	}
	ids := browsertest.Eval[[]string](s.pia, `[...document.querySelectorAll('input[name=observation]')].map(i => i.value)`)
	form(
		s.pia, "title", "Contact points and quiet channels", "body", "Participants spoke about whom to call.",
		"observation."+ids[0]+".heading", "On duty numbers", "observation."+ids[0]+".text", "A number kept at Marrowby Quay should be answered at any hour.",
		"observation."+ids[1]+".heading", "On procedure", "observation."+ids[1]+".text", "A number is no substitute for a procedure. Harbour Institute showed how it keeps one.",
	)
	s.saved(s.pia)
	s.draft = s.here()
	s.pia.Goto(round)
}

// sign has Pia prepare and sign, and Ilse countersign, what the page of
// preparing offers. Between the two, Pia may not countersign. It returns the pages
// that the preview showed, with their bytes, by their public addresses.
func (s *story) sign(prepare func()) map[string]string {
	prepare()
	s.saved(s.pia)
	release := s.here()
	s.clear(release)
	shown := s.previewed(release)
	s.pia.Click(`form[action$="/sign"] [value=at_once]`)
	s.pia.Fill(`form[action$="/sign"] [name=password]`, storyPassword)
	s.pia.Follow(`form[action$="/sign"] .btn--main`)
	s.saved(s.pia)
	if n := s.pia.Count("#countersign"); n != 0 {
		s.t.Error("the one who asks for a release is offered to countersign it")
	}
	refused := browsertest.Eval[int](s.pia, fmt.Sprintf(`fetch(%q, {method: 'POST', body: new URLSearchParams({password: %q})}).then(r => r.status)`, release+"/countersign", storyPassword))
	if refused != http.StatusForbidden && refused != http.StatusUnprocessableEntity {
		s.t.Errorf("countersigning one's own answers %d", refused)
	}
	s.ilse.Goto(release)
	for i := range browsertest.Eval[int](s.ilse, `document.querySelectorAll('input[name=read], input[name=read_leaves], input[name=read_warnings]').length`) {
		browsertest.Eval[bool](s.ilse, fmt.Sprintf(`(document.querySelectorAll('input[name=read], input[name=read_leaves], input[name=read_warnings]')[%d].click(), true)`, i))
	}
	s.ilse.Fill(`#countersign [name=password]`, storyPassword)
	s.ilse.Follow(`#countersign .btn--release`)
	s.saved(s.ilse)
	// The browser logged the refusal as an error of a request, which it was.
	s.pia.Problems()
	return shown
}

// clear has Pia ask everybody whose clearance a release lacks, and write down
// that they gave it.
func (s *story) clear(release string) {
	links := func(selector string) []string {
		return browsertest.Eval[[]string](s.pia, fmt.Sprintf(`[...new Set([...document.querySelectorAll(%q)].map(a => a.origin + a.pathname))]`, selector))
	}
	s.pia.Goto(release)
	for _, ledger := range links(`section[aria-labelledby=ready] li:has(.mark--review) a[href$="/clearance"]`) {
		s.pia.Goto(ledger)
		s.pia.Follow(".btn--main")
		s.saved(s.pia)
		for _, asking := range links(`tr:has(.mark--review) td a`) {
			s.pia.Goto(asking)
			s.pia.Choose("#f-answer", "granted")
			s.pia.Choose("#f-channel", "mail")
			s.pia.Fill("#f-said", "Yes.")
			s.pia.Follow(`section[aria-labelledby=answer] .btn--main`)
			s.saved(s.pia)
		}
	}
	s.pia.Goto(release)
}

func (s *story) release() {
	round := s.here()
	shown := s.sign(func() {
		s.pia.Goto(round + "/release")
		if s.pia.Count(`input[name=outputs]:checked`) == 0 {
			tick(s.pia, `input[name=outputs]`)
		}
		s.pia.Follow(`form[action$="/release"] .btn--main`)
	})
	s.await("/rounds/kasmere-norlund-talks-1st-round", 200)
	s.asShown(shown)
	s.pia.Goto(round)
	s.nothingElseIsPublic()
}

func (s *story) findByAgency() {
	reader := browsertest.Open(s.t, s.at.public+"/rounds", browsertest.View{NoScripts: true})
	tick(reader, `input[name=agency][value=kasmere-policy-forum]`)
	reader.Follow(`form .btn--main`)
	if n := reader.Count(".entry"); n != 1 {
		s.t.Fatalf("%d rounds by agency, want 1", n)
	}
	reader.Follow(".entry h3 a")
	text := reader.Text("main")
	for _, want := range []string{"Kasmere Policy Forum", "Harbour Institute", "Security services (Norlund)", "Port Anselm", "25–26 March 2026", "On duty numbers", "On procedure"} {
		if !strings.Contains(text, want) {
			s.t.Errorf("the public page lacks %q", want)
		}
	}
	if s.status("/rounds?agency=ministry-of-tides") != http.StatusNotFound {
		s.t.Error("a body that was never disclosed is a choice")
	}
	if shots := os.Getenv("TRACK15_SCREENS"); shots != "" {
		s.screens(reader, shots)
	}
}

// screens keeps the two pictures of the README.
func (s *story) screens(reader *browsertest.Page, dir string) {
	reader.Screenshot(filepath.Join(dir, "public.png"))
	round := s.here()
	s.pia.Goto(round + "/organisations")
	s.pia.Screenshot(filepath.Join(dir, "desk.png"))
	s.pia.Goto(round)
}

// cookieStays visits another listener of the public site's host in the desk's
// own window: cookies know hosts, not ports.
func (s *story) cookieStays() {
	var cookies []string
	listener := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		cookies = append(cookies, r.Header.Values("Cookie")...)
	}))
	defer listener.Close()
	round := s.here()
	s.pia.Goto(listener.URL)
	if len(cookies) > 0 {
		s.t.Error("the desk's cookie reaches the public site's host")
	}
	s.pia.Problems()
	s.pia.Goto(round)
}

func (s *story) redact() {
	round := s.here()
	s.pia.Goto(round + "/drafts")
	s.pia.Follow("table th a")
	form(s.pia, "observation."+browsertest.Eval[string](s.pia, `document.querySelector('input[name=observation]').value`)+".text", "A number should be answered at any hour.")
	s.saved(s.pia)
	shown := s.sign(func() {
		s.pia.Goto(round + "/release")
		if s.pia.Count(`input[name=outputs]:checked`) == 0 {
			tick(s.pia, `input[name=outputs]`)
		}
		s.pia.Follow(`form[action$="/release"] .btn--main`)
	})
	s.never = append(s.never, "Marrowby")
	s.until("the redacted words leave", func() bool { return !strings.Contains(s.body("/rounds/kasmere-norlund-talks-1st-round"), "Marrowby") })
	s.asShown(shown)
	s.pia.Goto(round)
	s.nothingElseIsPublic()
}

func (s *story) suspendAndWithdraw() {
	const path = "/rounds/kasmere-norlund-talks-1st-round"
	s.ilse.Goto(s.at.desk + "/released/round/kasmere-norlund-talks-1st-round")
	unfold(s.ilse)
	s.ilse.Fill(`form[action$="/suspend"] [name=password]`, storyPassword)
	s.ilse.Follow(`form[action$="/suspend"] .btn--wax`)
	s.saved(s.ilse)
	s.await(path, http.StatusGone)
	if strings.Contains(s.body("/rounds.csv"), "Port Anselm") || s.status("/organisations/kasmere-policy-forum") != http.StatusNotFound {
		s.t.Error("a suspended round can still be read")
	}
	shown := s.sign(func() {
		s.pia.Goto(s.at.desk + "/released/round/kasmere-norlund-talks-1st-round/withdraw")
		tick(s.pia, `input[name=way][value=notice]`)
		s.pia.Follow(`form[action$="/withdraw"] .btn--wax`)
	})
	s.until("the withdrawal is delivered", func() bool { return strings.Contains(s.body(path), "ithdrawn") })
	s.asShown(shown)
	if s.status(path) != http.StatusGone {
		s.t.Error("a withdrawn round is not gone")
	}
	s.never = append(s.never, "Port Anselm", "Harbour Institute", "On duty numbers", "whom to ring")
	s.nothingElseIsPublic()
}

// unfold opens what is folded away.
func unfold(p *browsertest.Page) {
	browsertest.Eval[bool](p, `[...document.querySelectorAll('details')].every(d => d.open = true)`)
}

// nothingElseIsPublic reads every page that the site map and the lists lead to,
// and every byte that the public side's files hold.
func (s *story) nothingElseIsPublic() {
	s.t.Helper()
	paths := []string{"/", "/rounds", "/organisations", "/observations", "/rounds.json", "/rounds.csv", "/feed.atom", "/sitemap.xml", "/robots.txt", "/healthz"}
	for _, part := range strings.Split(s.body("/sitemap.xml"), "<loc>")[1:] {
		address, _, _ := strings.Cut(part, "</loc>")
		paths = append(paths, strings.TrimPrefix(address, s.at.public))
	}
	for _, path := range paths {
		body := s.body(path)
		for _, secret := range s.never {
			if holds([]byte(body), secret) {
				s.t.Errorf("%s holds what must not be public (%d bytes)", path, len(secret))
			}
		}
	}
	for _, secret := range s.never {
		if found := s.body("/search?q=" + strings.ReplaceAll(secret, " ", "+")); strings.Contains(found, `class="entry`) {
			s.t.Error("search finds what must not be public")
		}
	}
	err := filepath.WalkDir(filepath.Join(s.data, "published"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		b, err := os.ReadFile(path)
		for _, secret := range s.never {
			if holds(b, secret) {
				s.t.Errorf("%s holds what must not be public", d.Name())
			}
		}
		return err
	})
	if err != nil {
		s.t.Error(err)
	}
	stored := rows(s.t, s.published)
	for _, secret := range s.never {
		if holds(stored, secret) {
			s.t.Error("the published database holds what must not be public")
		}
	}
}

func (s *story) body(path string) string {
	_, _, body := get(s.t, s.at.public+path)
	return body
}

func (s *story) status(path string) int {
	status, _, _ := get(s.t, s.at.public+path)
	return status
}

func (s *story) await(path string, status int) {
	s.t.Helper()
	s.until(fmt.Sprintf("%s answers %d", path, status), func() bool { return s.status(path) == status })
}

// until asks again until delivery, which follows the second signature, is done.
func (s *story) until(what string, done func() bool) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Minute)
	defer cancel()
	for !done() {
		select {
		case <-ctx.Done():
			s.t.Fatalf("waited a minute for: %s", what)
		case <-time.After(20 * time.Millisecond):
		}
	}
}
