package public

import (
	"context"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"track15/models/database/dbtest"
	"track15/models/published"
	"track15/models/publishedstore"
)

// A world is a published store with a history, and the site that serves it.
type world struct {
	writer *publishedstore.Writer
	reader *publishedstore.Reader
	site   http.Handler
	number int64
}

// options of every test's site.
var options = Options{
	House:         House{Name: "Your institute", Tagline: "Register of Track 1.5 dialogues", Contact: "register@example.org"},
	BaseURL:       "https://register.example.org",
	Hosts:         []string{"127.0.0.1", "example.com"},
	Demonstration: true,
}

// eachWorld runs fn on both databases.
func eachWorld(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		w := emptyWorld(t, store("published"))
		w.fill(t)
		fn(t, w)
	})
}

// aWorld is a world on SQLite, for what cannot depend on the database.
func aWorld(t *testing.T) *world {
	t.Helper()
	w := emptyWorld(t, sqlite(t))
	w.fill(t)
	return w
}

func emptyWorld(t *testing.T, url string) *world {
	t.Helper()
	folder, where := "", url
	if strings.HasPrefix(url, "sqlite:") {
		folder = filepath.Join(t.TempDir(), "published")
		where = folder
	}
	writer, err := publishedstore.OpenWriter(context.Background(), url, publishedstore.WriterOptions{Snapshots: folder})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { writer.Close() })
	reader, err := publishedstore.OpenReader(context.Background(), where, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { reader.Close() })
	site, err := New(reader, options)
	if err != nil {
		t.Fatal(err)
	}
	return &world{writer: writer, reader: reader, site: site}
}

// release applies what becomes public and what leaves, a month after the last.
func (w *world) release(t *testing.T, put []any, drop ...published.Drop) {
	t.Helper()
	w.number++
	e := published.Envelope{
		Number: w.number, Drop: drop,
		At: time.Date(2025, time.December, 1, 13, 14, 15, 0, time.UTC).AddDate(0, int(w.number), 0).UnixMicro(),
	}
	for _, v := range put {
		d, err := published.Encode(v)
		if err != nil {
			t.Fatal(err)
		}
		e.Put = append(e.Put, d)
	}
	if err := w.writer.Apply(context.Background(), e); err != nil {
		t.Fatal(err)
	}
}

func head(k published.Kind, slug string) published.Head {
	return published.Head{Kind: k, Slug: slug, Nonce: "00112233445566778899aabbccddeeff"}
}

func compiled(h published.Head, url string) published.Head {
	h.Compiled = true
	h.Sources = []published.Source{{URL: url, Fields: []string{"dates", "organisations_named_publicly"}}, {URL: "general knowledge"}}
	return h
}

func sample(h published.Head) published.Head {
	h.Sample = true
	return h
}

func body(slug, name, acronym, native string) published.Body {
	b := published.Body{Slug: slug, Name: name, Acronym: acronym}
	if native != "" {
		b.Native = []published.Name{{Text: native, Lang: "zh-Hans"}}
	}
	return b
}

func bodyLine(b published.Body, track string) published.Line {
	return published.Line{Form: published.FormBody, Body: b, Track: track}
}

// Bodies of the round this project starts from.
var (
	csis  = body("us-csis", "Center for Strategic and International Studies", "CSIS", "")
	cicir = body("cn-cicir", "China Institutes of Contemporary International Relations", "CICIR", "中国现代国际关系研究院")
	cac   = body("cn-cac", "Cyberspace Administration of China", "CAC", "国家互联网信息办公室")
	mfa   = body("cn-mfa", "Ministry of Foreign Affairs of the People's Republic of China", "MFA", "外交部")
	cert  = body("cn-cncert", "CNCERT/CC", "CNCERT", "国家互联网应急中心")
)

const (
	seedRound   = "csis-cicir-cyber-10"
	seedAddress = "https://articles.example.org/three-observations"
)

// fill releases, in this order: the seed's round; a sample series with five
// rounds; an amended text; then withdraws one text and suspends one round.
func (w *world) fill(t *testing.T) {
	t.Helper()
	w.release(t, seed())
	w.release(t, samples())
	w.release(t, []any{amended()})
	w.release(t, nil, published.Drop{Kind: published.KindOutput, Slug: "kasmere-4-summary", Notice: published.NoticeWithdrawn})
	w.release(t, nil,
		published.Drop{Kind: published.KindRound, Slug: "kasmere-1", Notice: published.NoticeSuspended},
		published.Drop{Kind: published.KindOutput, Slug: "kasmere-1-summary", Notice: published.NoticeSuspended})
}

func seed() []any {
	ref := published.Ref{Slug: "csis-cicir-cyber", Name: "CSIS-CICIR Cybersecurity Dialogue"}
	round := published.Ref{Slug: seedRound, Name: ref.Name + ", 10th round"}
	all := []any{published.Series{
		Head: compiled(head(published.KindSeries, ref.Slug), "https://csis.example.org/dialogue"), Name: ref.Name, Track: "1.5",
		OtherNames: []string{"Sino-U.S. Cybersecurity Dialogue"},
		Parties:    []published.Party{{Name: "United States", Country: "US"}, {Name: "China", Country: "CN"}}, Conveners: []published.Body{csis, cicir},
	}}
	for _, b := range []published.Body{csis, cicir, cac, mfa, cert} {
		o := published.Organisation{
			Head: compiled(head(published.KindOrganisation, b.Slug), seedAddress), Name: b.Name, Acronym: b.Acronym, Native: b.Native, OrgKind: "agency",
			Country: strings.ToUpper(b.Slug[:2]),
		}
		if b.Slug == "cn-mfa" {
			o.OrgKind, o.OtherNames = "ministry", []string{"Chinese Foreign Ministry", "中国外交部"}
		}
		all = append(all, o)
	}
	all = append(all,
		published.Organisation{Head: compiled(head(published.KindOrganisation, "cn-security-services"), seedAddress), Name: "security services (China)", Country: "CN", Category: true},
		published.Round{
			Head: compiled(head(published.KindRound, round.Slug), seedAddress), Series: ref, Title: round.Name, Label: "10th round", Track: "1.5", State: "held",
			Dates: published.Dates{Opens: "2017-01"}, City: "Beijing", Country: "CN", Conveners: []published.Body{csis, cicir},
			Sides: []published.Side{
				{Name: "United States", Country: "US", Lines: []published.Line{
					{Form: published.FormWords, Body: published.Body{Name: "United States government representatives"}, Track: "1"},
					{Form: published.FormBody, Body: csis, Track: "2", Role: "convener"},
					{Form: published.FormWords, Body: published.Body{Name: "American academics"}, Track: "2"},
				}},
				{Name: "China", Country: "CN", Lines: []published.Line{
					bodyLine(cac, "1"), bodyLine(mfa, "1"), bodyLine(cert, "1"),
					{Form: published.FormCategory, Body: published.Body{Slug: "cn-security-services", Name: "security services (China)"}},
					{Form: published.FormBody, Body: cicir, Track: "2", Role: "convener"},
				}},
			},
			Topics: []published.Ref{{Slug: "cyber-security", Name: "Cyber security"}},
			Rules:  &published.Rules{Preset: "details_forfeited", Name: "Details forfeited", Text: "In return for candour, participants gave up the right to publicise details of the discussion."},
		},
		published.Output{
			Head: compiled(head(published.KindOutput, "three-observations"), seedAddress), OutputKind: "participant's piece",
			Title: "Three Observations on China's Approach to State Action in Cyberspace", Lang: "en", Series: ref, Round: &round,
			Authors: []published.Author{{Family: "Sulmeyer", Given: "Michael"}, {Family: "Chang", Given: "Amy"}},
			Outlet:  "Lawfare", Date: "2017-01-22", URL: seedAddress,
			Observations: []published.Observation{{
				Slug: seedRound + "-observation-1", Number: 1, Heading: "On attribution", Account: "Michael Sulmeyer and Amy Chang",
				Text: "The authors report a belief among their Chinese counterparts that it is close to impossible to establish who carried out a cyber operation.",
			}},
		},
		published.Output{
			Head: compiled(head(published.KindOutput, "continued-importance"), "https://articles.example.org/continued"), OutputKind: "commentary by others",
			Title: "The Continued Importance of the U.S.-China Cyber Dialogue", Lang: "en", Series: ref, Round: &round,
			Authors: []published.Author{{Family: "Segal", Given: "Adam"}}, Outlet: "Net Politics (Council on Foreign Relations)", Date: "2017-01-23",
		},
	)
	return all
}

var (
	norms   = published.Ref{Slug: "kasmere", Name: "Kasmere Digital Norms Dialogue"}
	forum   = published.Body{Slug: "kasmere-forum", Name: "Kasmere Policy Forum"}
	harbour = published.Body{Slug: "harbour", Name: "Harbour Institute"}
	centre  = published.Body{Slug: "ncrc", Name: "National Computer Response Centre, Kasmere", Acronym: "NCRC"}
)

func normsRound(n int) published.Ref {
	return published.Ref{Slug: "kasmere-" + strconv.Itoa(n), Name: norms.Name + ", round " + strconv.Itoa(n)}
}

func samples() []any {
	all := []any{published.Series{Head: sample(head(published.KindSeries, norms.Slug)), Name: norms.Name, Track: "1.5", Conveners: []published.Body{forum, harbour}}}
	for _, b := range []published.Body{forum, harbour, centre} {
		o := published.Organisation{Head: sample(head(published.KindOrganisation, b.Slug)), Name: b.Name, Acronym: b.Acronym, Country: "XA"}
		if b.Slug == harbour.Slug {
			o.Predecessors = []published.Ref{{Slug: forum.Slug, Name: forum.Name}}
			o.Identifiers = []published.Identifier{{Scheme: "ROR", Value: "05gq02987"}}
		}
		all = append(all, o)
	}
	for i, d := range []published.Dates{
		{Opens: "2019-03-12", Closes: "2019-03-13"},
		{NotAfter: "2021-11"},
		{Opens: "2022-10-04", Closes: "2022-10-06"},
		{Opens: "2024-05-21", Closes: "2024-05-21"},
		{Opens: "2025-09-17", Closes: "2025-09-18"},
	} {
		n := i + 1
		ref := normsRound(n)
		r := published.Round{
			Head: sample(head(published.KindRound, ref.Slug)), Series: norms, Title: ref.Name, Label: "round " + strconv.Itoa(n), Track: "1.5", State: "held",
			Dates: d, City: "Port Anselm", Country: "XA", Format: "in person", Conveners: []published.Body{forum, harbour},
			Sides: []published.Side{
				{Name: "Kasmere", Country: "XA", Lines: []published.Line{bodyLine(centre, "1"), bodyLine(forum, "2")}},
				{Name: "Norlund", Country: "XB", Lines: []published.Line{bodyLine(harbour, "2")}},
			},
			Topics: []published.Ref{{Slug: "digital-norms", Name: "Digital norms"}},
			Rules:  &published.Rules{Preset: "chatham_house", Name: "Chatham House Rule"},
		}
		if n == 5 {
			r.Sides = append(r.Sides, published.Side{Name: "Vestria", Country: "XC", Lines: []published.Line{{Form: published.FormWords, Body: published.Body{Name: "Representatives of carriers"}}}})
			r.Summary = strings.Repeat("The round took up where the last one had ended. ", 12) + "\n\nIt ended with a list of questions."
		}
		all = append(all, r)
		if n != 2 {
			all = append(all, summary(n, "Both sides agreed that hospital networks should be left alone at any time, and not only in a crisis."))
		}
	}
	return append(all, published.Output{
		Head: sample(head(published.KindOutput, "kasmere-terms")), OutputKind: "announcement", Title: "Terms of the dialogue", Lang: "en", Series: norms,
		Body: "Rounds are held by turns.",
	})
}

// summary is the house's own text on a round of the samples.
func summary(n int, first string) published.Output {
	round := normsRound(n)
	return published.Output{
		Head: sample(head(published.KindOutput, round.Slug+"-summary")), OutputKind: "summary", Title: "Summary of round " + strconv.Itoa(n), Lang: "en",
		Series: norms, Round: &round, Body: "The round had two sessions.\n\n## What was open\n\n- Words for *attribution*\n- Contact points\n",
		Observations: []published.Observation{
			{Slug: round.Slug + "-observation-1", Number: 1, Heading: "Protecting hospital networks", Text: first},
			{Slug: round.Slug + "-observation-3", Number: 3, Heading: "Who may speak for a response team", Text: "Response teams preferred to exchange indicators and to leave questions of attribution to ministries."},
		},
	}
}

// amended says less than before, and what it said before stays readable.
func amended() published.Output {
	o := summary(3, "One view held that hospital networks should be left alone at any time, and not only in a crisis.")
	o.Correction = &published.Correction{Note: "Version 1 presented this as agreed by both sides. One view held it; the text now says so.", Amendment: true}
	return o
}

func sqlite(t *testing.T) string {
	t.Helper()
	return dbtest.SQLite(t, "published")
}
