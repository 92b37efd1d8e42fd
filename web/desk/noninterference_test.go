package desk_test

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"track15/models/database/dbtest"
	"track15/models/record"
	"track15/models/recordstore"
	"track15/web/desk"
)

// A secret is what two records differ in: everything in a series that the
// visitor may not read, and the true affiliation behind a badge in theirs.
type secret struct {
	word   string // stands in every name
	rounds int
	behind string // the body behind the badge: "first" or "second"
	reason string // of a grant in all series; "" for the word
}

// TestWhatOneMayNotReadDoesNotExist answers every page to people of one series
// out of two records which differ in what these may not read. The answers are
// equal to the byte, but for ids and tokens, which are random.
func TestWhatOneMayNotReadDoesNotExist(t *testing.T) {
	t.Parallel()
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		secrets := []secret{{"Ottoline", 3, "first", ""}, {"Peregrine", 1, "second", ""}}
		var answers [2]map[string]string
		for i, s := range secrets {
			w := newWorld(t, func(name string) string { return store(fmt.Sprintf("%s%d", name, i)) })
			answers[i] = w.answers(s, secrets)
		}
		if len(answers[0]) < 100 {
			t.Errorf("only %d answers were compared", len(answers[0]))
		}
		for what, first := range answers[0] {
			second := answers[1][what]
			if first != second {
				t.Errorf("%s differs:\n%s", what, difference(first, second))
			}
			for _, s := range secrets {
				if strings.Contains(first, s.word) && !strings.Contains(what, "?q=") {
					t.Errorf("%s says %s", what, s.word)
				}
			}
		}
	})
}

// secretly fills the record with what both records hold and with what they differ
// in, and returns where the pages of the first are. The visitors have accounts.
func (w *world) secretly(s secret, visitors []string) func(string) string {
	place, _, _ := w.fill(s, visitors)
	return place
}

// fill is secretly with the ids of what is hidden, the other series first, and of
// the bodies.
func (w *world) fill(s secret, visitors []string) (place func(string) string, hidden []string, bodies map[string]record.Organisation) {
	w.t.Helper()
	ctx := context.Background()
	// What both records hold.
	bodies = map[string]record.Organisation{}
	for _, name := range []string{"badge", "first", "second"} {
		o, err := w.record.AddOrganisation(ctx, w.operator, record.Organisation{Name: "The " + name + " body", Kind: record.Agency, Country: "XA"})
		w.must(err)
		bodies[name] = o
	}
	round, copies := w.released()
	for _, role := range append([]string{"editor"}, visitors...) {
		w.person(role)
	}
	other, err := w.record.AddSeries(ctx, w.operator, record.Series{Name: "Elsewhere " + s.word, Sides: []record.Side{{Name: "A"}, {Name: "B"}}})
	w.must(err)
	place = places(w, round, copies)

	// What differs.
	w.account("stranger-"+strings.ToLower(s.word), record.Director, other.ID)
	full, err := w.record.Round(ctx, w.operator, round.ID)
	w.must(err)
	_, err = w.record.AddPresence(ctx, w.operator, round.ID, full.Version, record.Presence{OrganisationID: bodies[s.behind].ID, AttendsThroughID: bodies["badge"].ID})
	w.must(err)
	hidden = []string{other.ID}
	for i := range s.rounds {
		r, err := w.record.LogRound(ctx, w.operator, record.Round{
			SeriesID: other.ID, State: record.Scheduled, InternalTitle: fmt.Sprint(s.word, " round ", i), City: s.word, Opens: "2026-03-20",
		})
		w.must(err)
		_, err = w.record.AddPresence(ctx, w.operator, r.ID, r.Version, record.Presence{OrganisationID: bodies["first"].ID, Label: record.Exact})
		w.must(err)
		o, err := w.record.AddOutput(ctx, w.operator, record.Output{SeriesID: other.ID, RoundID: r.ID, Kind: record.Summary, Draft: record.Draft{Title: s.word, Lang: "en", Body: s.word}})
		w.must(err)
		hidden = append(hidden, r.ID, o.ID)
	}
	_, err = w.record.GiveGrant(ctx, w.operator, record.GrantEntry{ID: recordstore.NewID(), Email: "editor@example.org", Reason: cmp.Or(s.reason, s.word), Grant: record.Grant{Role: record.Administrator, SeriesID: record.AllSeries}, Until: "2026-03-16"})
	w.must(err)
	w.now = w.now.AddDate(0, 0, 1) // that grant is over

	return place, hidden, bodies
}

// answers asks every page of everybody who may read some of the series but not
// all.
func (w *world) answers(s secret, all []secret) map[string]string {
	w.t.Helper()
	place, hidden, bodies := w.fill(s, []string{"desk-officer", "editor", "records-officer", "rapporteur"})
	answers := map[string]string{}
	for _, role := range []string{"desk-officer", "editor", "records-officer", "rapporteur"} {
		v := w.as(role)
		ask := func(name, method, path string, form url.Values) {
			w.now = time.Date(2026, 3, 18, 9, 0, 0, 0, time.UTC)
			p := v.follow(v.raw(method, path, form), path)
			answers[role+" "+name] = fmt.Sprintln(p.status, p.header.Get("Content-Type")) + plain(p.body)
		}
		for _, r := range desk.Routes() {
			if r.Method != http.MethodGet || strings.HasPrefix(r.Path, "/sign-") {
				continue
			}
			if strings.HasSuffix(r.Path, "/key") || strings.Contains(r.Path, ":destruction") {
				continue // a key, and a certificate that names keys and is signed by one: random throughout
			}
			ask("GET "+r.Path, r.Method, place(r.Path), nil)
			if strings.Contains(r.Path, ":id") {
				for i, id := range []string{hidden[0], hidden[1], hidden[2]} {
					path := strings.NewReplacer(":id", id, ":presence", id, ":kind", "round", ":slug", "none").Replace(r.Path)
					ask(fmt.Sprintf("GET %s of hidden %d", r.Path, i), r.Method, path, nil)
				}
			}
		}
		for _, path := range []string{"/find", "/rounds", "/organisations", "/people", "/appearances", "/presences"} {
			for _, word := range []string{all[0].word, all[1].word, "The first body", "The second body", "round", "badge"} {
				for _, field := range []string{"q", "organisation"} {
					ask("POST "+path+"?q="+field+"="+word, http.MethodPost, path, url.Values{field: {word}})
				}
			}
		}
		for _, name := range []string{"badge", "first", "second"} {
			ask("rounds of "+name, http.MethodGet, "/rounds?organisation="+bodies[name].ID, nil)
		}
		ask("rounds of the other series", http.MethodGet, "/rounds?series="+hidden[0], nil)
	}
	w.previews(answers, all)
	return answers
}

// previews adds what the steps of an import show to somebody who may import:
// what is proposed for names that stand in what they may not read too.
func (w *world) previews(answers map[string]string, all []secret) {
	w.t.Helper()
	v := w.as("coordinator")
	for kind, table := range map[string]string{
		"participants":  "Name\tOrganisation\tRound\nArvo Lindqvar\tThe first body\t1\n" + all[0].word + " Tarn\tThe second body\t" + all[0].word + " round 0\n" + all[1].word + " Tarn\t" + all[1].word + "\t2\n",
		"organisations": "Organisation\tCountry\nThe first body\tXA\n" + all[0].word + "\tXA\n" + all[1].word + "\tXA\n",
		"rounds":        "Title\tFrom\n" + all[0].word + " round 0\t2026-03-20\n" + all[1].word + " round 0\t2026-03-20\n",
	} {
		w.now = time.Date(2026, 3, 18, 9, 0, 0, 0, time.UTC)
		form := v.get("/import").form("/import")
		form.Set("kind", kind)
		form.Set("series", w.series.ID)
		form.Set("paste", table)
		p := v.upload("/import", form, "", "").is(http.StatusOK)
		answers["import ?q= columns of "+kind] = plain(p.body)
		p = v.send(p, p.path+"/columns", nil).is(http.StatusOK)
		answers["import ?q= rows of "+kind] = plain(v.get(p.path + "?show=all").is(http.StatusOK).body)
	}
}

// random are the parts of a page that randomness makes.
var random = []*regexp.Regexp{
	regexp.MustCompile(`[a-z2-7]{26}`), regexp.MustCompile(`(find|by|who)=[A-Za-z0-9_-]+`), regexp.MustCompile(`nonce="[^"]*"`), regexp.MustCompile(`new[a-z2-7]{8}`),
	regexp.MustCompile(`name="was\.(observation|side)" value="[0-9a-f]{16}"`), // digests of ids
	regexp.MustCompile(`\b(\d{4} ){4}\d{4}\b`), regexp.MustCompile(`&#34;nonce&#34;:&#34;[0-9a-f]{32}`),
	regexp.MustCompile(`<td class="num">[A-Z]{10}</td>`),
}

func plain(body string) string {
	for _, r := range random {
		body = r.ReplaceAllString(body, "*")
	}
	return body
}

// difference shows where two texts part.
func difference(a, b string) string {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	from := max(0, i-200)
	return fmt.Sprintf("%q\n%q", a[from:min(len(a), i+200)], b[from:min(len(b), i+200)])
}
