package main

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"track15/models/database/dbtest"
	"track15/models/interchange"
	"track15/web/browsertest"
)

// What stands in no file in clear; what stands in none as long as its list is
// not taken in; and what never stands in a log, in an address or in anything
// that the public side has.
const (
	sealedCanary = "kingfisher of the quay"
	pastedCanary = "otter under the ice"
	closedCanary = "wicket by the weir"
)

// A session in which true affiliations, notes, internal titles and undisclosed
// aliases pass through every door of the program: a record from a file, forms,
// a pasted list, papers, answers, search, history, an import taken back. None
// of it needs a place for temporary files (see dbtest).
func TestCanariesOfASession(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		data, env := folders(t)
		if strings.HasSuffix(t.Name(), "/postgres") {
			env = append(env, onPostgres(store)...)
		}
		importCanaries(t, env)
		addPerson(t, env, "pia")
		s := &story{t: t, data: data, at: start(t, env, "serve")}
		s.pia = s.window("pia", browsertest.View{NoScripts: true})
		s.directory()
		sealed, closed := []string{sealedCanary, pastedCanary}, []string{closedCanary}
		clean := func(after string) {
			t.Helper()
			if strings.Contains(strings.ReplaceAll(s.pia.Location(), "+", " "), "canary") {
				t.Errorf("after %s an address holds one", after)
			}
			s.noCanary(env, after, sealed, closed)
		}
		clean("the record from its file")
		round := s.roundWithCanaries()
		clean("forms")
		s.pasteCanaries(round, clean)
		// A body that was not in the directory is an entry of it now, as every
		// other. That somebody came for it is sealed.
		sealed, closed = sealed[:1], append(closed, pastedCanary)
		s.takeIn(clean)
		s.askForCanaries(round)
		clean("papers, answers, search and history")
	})
}

// importCanaries imports a record from a file.
func importCanaries(t *testing.T, env []string) {
	t.Helper()
	on, behind := "2025-03-04", "o2"
	file, err := interchange.Record{
		AsOf:   "2026-04-01",
		Series: []interchange.Series{{ID: "s1", Name: "Weir Talks", Disclosure: interchange.Public}},
		Organisations: []interchange.Organisation{
			{ID: "o1", Name: "Weir Bureau", Kind: "think_tank", Country: "NO", Disclosure: interchange.Disclosed},
			{ID: "o2", Name: "Lock Keepers", Aliases: []string{"canary alias " + closedCanary}, Kind: "agency", Country: "NO", Disclosure: interchange.Undisclosed},
		},
		People: []interchange.Person{{
			ID: "p1", Name: interchange.PersonName{Full: "Osk Marren", Given: "Osk", Family: "Marren", Order: interchange.GivenFamily}, Country: "NO",
		}},
		Rounds: []interchange.Round{{
			ID: "r1", Series: "s1", Title: "canary title " + closedCanary, StartDate: &on, City: "Oslo", Country: "NO", Hosts: []string{"o1"},
			Disclosure: interchange.RoundDisclosure{Existence: interchange.Embargoed, Dates: interchange.Embargoed, Venue: interchange.Embargoed, City: interchange.Embargoed},
		}},
		Participations: []interchange.Participation{{
			ID: "q1", Round: "r1", Person: "p1", Organisation: "o1", ActingFor: &behind, Role: "fellow", Track: "2",
			Clearance: interchange.Clearance{Name: interchange.NotCleared, Affiliation: interchange.NotCleared, Attribution: interchange.NotCleared},
		}},
		Notes: []interchange.Note{{ID: "n1", Round: "r1", TakenOn: on, Language: "en", Text: "canary note " + sealedCanary}},
	}.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "record.json")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	exe, err := program()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe, "import", path)
	cmd.Env = append(os.Environ(), env...)
	out, err := cmd.CombinedOutput()
	if err != nil || bytes.Contains(out, []byte("canary")) || !bytes.Contains(out, []byte("New: 7")) {
		t.Fatalf("%v: %s", err, out)
	}
}

// roundWithCanaries logs a round, a body behind a badge and a person behind
// another, and edits the first.
func (s *story) roundWithCanaries() (address string) {
	p := s.pia
	p.Goto(s.at.desk + "/rounds/new")
	series := browsertest.Eval[string](p, `[...document.querySelectorAll('select[name=series] option')].find(o => o.text.includes('Kasmere')).value`)
	form(p, "choose:series", series, "internal_title", "canary title "+closedCanary, "choose:state", "held", "opens", "2026-03-25", "city", "Port Anselm", "country", "XA")
	s.saved(p)
	round := s.here()
	side := func() string {
		return browsertest.Eval[string](p, `[...document.querySelectorAll('select[name=side] option')].find(o => o.text.startsWith('Norlund')).value`)
	}
	p.Goto(round + "/organisations/new")
	form(p, "words", "canary words "+sealedCanary, "attends_through", "Harbour Institute", "choose:side", side(), "radio:label", "")
	s.saved(p)
	p.Goto(round + "/organisations")
	p.Follow(`tbody a[href*="/organisations/"]`)
	form(p, "words", "canary words again "+sealedCanary)
	s.saved(p)
	p.Goto(round + "/participants/new")
	unfold(p)
	form(p, "family", "Fenn", "given", "Ulrike", "badge_body", "Harbour Institute", "true_words", "canary employer "+sealedCanary, "choose:side", side(), "post", "Reader")
	s.saved(p)
	if text := p.Text("main"); !strings.Contains(text, "canary employer") {
		s.t.Fatalf("the true affiliation is not there: %s", text)
	}
	return round
}

// pasteCanaries pastes a list into the round, up to its rows.
func (s *story) pasteCanaries(round string, clean func(after string)) {
	p := s.pia
	p.Goto(round + "/participants/paste")
	form(p, "paste", "Name\tOrganisation\tPost\tTrue affiliation\nAna Ford\tWeir Bureau\tFellow\tcanary cell "+pastedCanary+"\n")
	s.saved(p)
	clean("a pasted list")
	p.Follow(`form[action$="/columns"] .btn--main`)
	clean("its rows")
}

// takeIn takes the pasted list in and back.
func (s *story) takeIn(clean func(after string)) {
	p := s.pia
	tick(p, `[name=all_sure]`)
	p.Follow(`.savebar .btn[form=rows]`)
	if n := p.Count(`.btn--main[form=apply]`); n != 1 {
		s.t.Fatalf("no row is good: %s", p.Text("main"))
	}
	p.Follow(`.btn--main[form=apply]`)
	if n := p.Count(`form[action$="/undo"]`); n != 1 {
		s.t.Fatalf("the import did not go in: %s", p.Text("main"))
	}
	clean("taking it in")
	p.Follow(`form[action$="/undo"] .btn`)
	clean("undoing it")
}

// askForCanaries asks for everything that leaves the record for paper or for
// the eye.
func (s *story) askForCanaries(round string) {
	p := s.pia
	p.Goto(round + "/history")
	if text := p.Text("main"); !strings.Contains(text, "canary") {
		s.t.Error("history does not know it")
	}
	p.Goto(round + "/participants")
	for _, f := range []struct{ path, body string }{
		{round + "/papers", "kind=delegation list&recipient=own side&as=sheet"},
		{round + "/papers", "kind=delegation list&recipient=own side&as=word"},
		{s.at.desk + "/find", "q=" + sealedCanary},
		{s.at.desk + "/find", "q=" + closedCanary},
		{s.at.desk + "/rounds", "q=" + sealedCanary},
		{s.at.desk + "/appearances", "q=" + sealedCanary},
		{s.at.desk + "/presences", "q=" + sealedCanary},
	} {
		status := browsertest.Eval[int](p, fmt.Sprintf(`fetch(%q, {method: 'POST', body: new URLSearchParams(%q)}).then(r => r.text().then(() => r.status))`, f.path, f.body))
		if status != 200 {
			s.t.Errorf("%s answers %d", strings.TrimPrefix(f.path, s.at.desk), status)
		}
	}
	p.Goto(s.at.desk + "/answers/new")
	p.Choose(`[name=series]`, browsertest.Eval[string](p, `[...document.querySelectorAll('select[name=series] option')].find(o => o.text.includes('Kasmere')).value`))
	p.Fill(`[name=recipient]`, "canary recipient "+closedCanary)
	p.Follow(`button[name=as][value=show]`)
	s.saved(p)
}

// noCanary reads every file and every row that the program has.
func (s *story) noCanary(env []string, after string, sealed, closed []string) {
	s.t.Helper()
	set := map[string]string{}
	for _, e := range env {
		name, value, _ := strings.Cut(e, "=")
		set[name] = value
	}
	hold := func(where string, b []byte, canaries ...[]string) {
		for _, c := range slices.Concat(canaries...) {
			if holds(b, c) {
				s.t.Errorf("after %s, %s holds a canary", after, where)
			}
		}
	}
	for _, dir := range []string{filepath.Dir(s.data), filepath.Dir(set["TRACK15_KEYS"])} {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return err
			}
			b, err := os.ReadFile(path)
			hold(d.Name(), []byte(path), sealed, closed)
			hold(d.Name(), b, sealed)
			if !strings.HasPrefix(path, filepath.Join(s.data, "record")) {
				hold(d.Name(), b, closed)
			}
			return err
		})
		if err != nil {
			s.t.Fatal(err)
		}
	}
	hold("the record's database", rows(s.t, set["TRACK15_RECORD_URL"]), sealed)
	hold("the published database", rows(s.t, set["TRACK15_PUBLISHED_URL"]), sealed, closed)
	log, err := os.ReadFile(s.at.log)
	if err != nil {
		s.t.Fatal(err)
	}
	hold("the log", log, sealed, closed, []string{"canary"})
	for _, path := range []string{"/", "/rounds", "/organisations", "/search?q=canary", "/rounds.json", "/rounds.csv", "/feed.atom", "/sitemap.xml"} {
		hold("the public site", []byte(s.body(path)), sealed, closed)
	}
}

// holds reports whether bytes hold a word, as UTF-8, as the hexadecimal digits
// that PostgreSQL shows, or in two bytes a character, as browsers write it.
func holds(b []byte, word string) bool {
	var wide []byte
	for _, c := range []byte(word) {
		wide = append(wide, c, 0)
	}
	return bytes.Contains(b, []byte(word)) || bytes.Contains(b, []byte(hex.EncodeToString([]byte(word)))) || bytes.Contains(b, wide)
}

// rows are the rows of every table of a PostgreSQL database as text; nothing
// without one.
func rows(t *testing.T, url string) []byte {
	t.Helper()
	if url == "" {
		return nil
	}
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	read := func(query string) []string {
		found, err := conn.Query(t.Context(), query)
		if err != nil {
			t.Fatal(err)
		}
		all, err := pgx.CollectRows(found, pgx.RowTo[string])
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	var out []byte
	for _, table := range read("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'") {
		for _, row := range read("SELECT t::text FROM " + table + " t") {
			out = append(out, row+"\n"...)
		}
	}
	return out
}
