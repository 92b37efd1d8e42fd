package publishedstore_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"track15/models/database/dbtest"
	"track15/models/published"
	"track15/models/publishedstore"
)

// A place is where a store lies: its address, its folder of snapshots ("" on
// PostgreSQL) and what a reader opens.
type place struct{ url, snapshots, where string }

// eachPlace runs fn on an empty place of either database.
func eachPlace(t *testing.T, fn func(t *testing.T, p place)) {
	t.Helper()
	dbtest.Run(t, func(t *testing.T, store func(string) string) { fn(t, newPlace(t, store("published"))) })
}

func newPlace(t testing.TB, url string) place {
	t.Helper()
	if strings.HasPrefix(url, "sqlite:") {
		dir := filepath.Join(t.TempDir(), "published")
		return place{url, dir, dir}
	}
	return place{url, "", url}
}

func (p place) writer(t testing.TB) *publishedstore.Writer {
	t.Helper()
	w, err := publishedstore.OpenWriter(context.Background(), p.url, publishedstore.WriterOptions{Snapshots: p.snapshots})
	if err != nil {
		t.Fatal("open the writer:", err)
	}
	t.Cleanup(func() { w.Close() })
	return w
}

func (p place) reader(t testing.TB) *publishedstore.Reader {
	t.Helper()
	r, err := publishedstore.OpenReader(context.Background(), p.where, nil)
	if err != nil {
		t.Fatal("open the reader:", err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

func edition(t testing.TB, r *publishedstore.Reader) *publishedstore.Edition {
	t.Helper()
	e, err := r.Edition(context.Background())
	if err != nil {
		t.Fatal("edition:", err)
	}
	t.Cleanup(e.Close)
	return e
}

// start is the instant of release 0; every release comes a day after the one before.
var start = time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC)

func envelope(number int64, put []published.Document, drop ...published.Drop) published.Envelope {
	return published.Envelope{Number: number, At: start.AddDate(0, 0, int(number)).UnixMicro(), Put: put, Drop: drop}
}

func apply(t testing.TB, w *publishedstore.Writer, envelopes ...published.Envelope) {
	t.Helper()
	for _, e := range envelopes {
		if err := w.Apply(context.Background(), e); err != nil {
			t.Fatalf("apply %d: %v", e.Number, err)
		}
	}
}

func doc(t testing.TB, v any) published.Document {
	t.Helper()
	d, err := published.Encode(v)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func docs(t testing.TB, all ...any) []published.Document {
	t.Helper()
	var list []published.Document
	for _, v := range all {
		list = append(list, doc(t, v))
	}
	return list
}

func head(kind published.Kind, slug string) published.Head {
	return published.Head{Kind: kind, Slug: slug, Nonce: "00112233445566778899aabbccddeeff"}
}

func line(slug, name string) published.Line {
	return published.Line{Form: published.FormBody, Body: published.Body{Slug: slug, Name: name}, Track: "1"}
}

// The round this project starts from, with what was published about it.
func seed() []any {
	series := published.Ref{Slug: "csis-cicir-cyber", Name: "CSIS-CICIR Cybersecurity Dialogue"}
	round := published.Ref{Slug: "csis-cicir-cyber-10", Name: "CSIS-CICIR Cybersecurity Dialogue, 10th round"}
	mfa := published.Organisation{
		Head: head(published.KindOrganisation, "cn-mfa"), Name: "Ministry of Foreign Affairs, China", Acronym: "MFA",
		Native: []published.Name{{Text: "外交部", Lang: "zh-Hans"}}, Country: "CN", OrgKind: "ministry",
	}
	cncert := published.Organisation{
		Head:   head(published.KindOrganisation, "cn-cncert"),
		Name:   "National Computer Network Emergency Response Technical Team/Coordination Center of China",
		Native: []published.Name{{Text: "国家计算机网络应急技术处理协调中心", Lang: "zh-Hans"}}, Acronym: "CNCERT/CC", Country: "CN",
		OtherNames: []string{"CNCERT"},
	}
	r := published.Round{
		Head: head(published.KindRound, round.Slug), Series: series, Title: round.Name, Label: "10th round", State: "held",
		Dates: published.Dates{Opens: "2017-01"}, City: "Beijing", Country: "CN",
		Conveners: []published.Body{{Slug: "us-csis", Name: "Center for Strategic and International Studies"}},
		Sides: []published.Side{
			{Name: "China", Country: "CN", Lines: []published.Line{
				{Form: published.FormBody, Body: published.Body{Slug: "cn-cac", Name: "Cyberspace Administration of China", Acronym: "CAC"}},
				line("cn-mfa", mfa.Name), line("cn-cncert", cncert.Name),
				{Form: published.FormBody, Body: published.Body{Slug: "cn-mnd", Name: "Ministry of National Defense", Acronym: "MND"}},
				{Form: published.FormCategory, Body: published.Body{Slug: "cn-sec-cat", Name: "security services (China)"}},
			}},
			{Name: "United States", Country: "US"},
		},
		Topics: []published.Ref{{Slug: "cyber-security", Name: "Cyber security"}},
	}
	r.Compiled = true
	account := published.Output{
		Head: head(published.KindOutput, "three-observations"), OutputKind: "participant_piece",
		Title: "Three Observations on China's Approach to State Action in Cyberspace", Series: series, Round: &round,
		Authors: []published.Author{{Family: "Sulmeyer", Given: "Michael"}, {Family: "Chang", Given: "Amy"}},
		Outlet:  "Lawfare", Date: "2017-01-22", URL: "https://example.org/lawfare",
	}
	summary := published.Output{
		Head: head(published.KindOutput, "csis-cicir-cyber-10-summary"), OutputKind: "summary", Title: "On attribution",
		Series: series, Round: &round,
		Observations: []published.Observation{{
			Slug: "csis-cicir-cyber-10-observation-1", Number: 1, Heading: "On attribution", Account: "Sulmeyer and Chang",
			Text: "The authors' counterparts hold that attributing a cyber operation is nearly impossible.",
		}},
	}
	s := published.Series{Head: head(published.KindSeries, series.Slug), Name: series.Name, OtherNames: []string{"Sino-U.S. Cybersecurity Dialogue"}}
	return []any{s, mfa, cncert, r, account, summary}
}

// A plain round of a plain series, in a year, with agencies.
func round(series string, n, year int, agencies ...string) published.Round {
	r := published.Round{
		Head:   head(published.KindRound, fmt.Sprintf("%s-%d", series, n)),
		Series: published.Ref{Slug: series, Name: "Series " + series}, Title: fmt.Sprintf("Series %s, round %d", series, n), State: "held",
	}
	if year > 0 {
		r.Dates.Opens = fmt.Sprintf("%d-05-%02d", year, n%28+1)
	}
	side := published.Side{Name: "Kasmere", Country: "XA"}
	for _, a := range agencies {
		side.Lines = append(side.Lines, line(a, "Body "+a))
	}
	r.Sides = []published.Side{side}
	return r
}
