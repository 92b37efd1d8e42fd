package publishedstore_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"track15/models/published"
	"track15/models/publishedstore"
)

func slugsOf(entries []publishedstore.RoundEntry) string {
	var all []string
	for _, r := range entries {
		all = append(all, r.Round.Slug)
	}
	return strings.Join(all, " ")
}

// summary is an output of a round with observations that begin with its slug.
func summary(r published.Round, observations int) published.Output {
	o := published.Output{
		Head: head(published.KindOutput, r.Slug+"-summary"), OutputKind: "summary", Title: "Summary of " + r.Title,
		Series: r.Series, Round: &published.Ref{Slug: r.Slug, Name: r.Title}, Body: "Words of " + r.Title,
	}
	for n := range observations {
		o.Observations = append(o.Observations, published.Observation{
			Slug: fmt.Sprintf("%s-observation-%d", r.Slug, n+1), Number: n + 1, Text: fmt.Sprintf("Statement %d of %s.", n+1, r.Title),
		})
	}
	return o
}

func TestOrdersAndPages(t *testing.T) {
	eachPlace(t, func(t *testing.T, p place) {
		byMonth := round("kasmere", 3, 0, "ka-mfa")
		byMonth.Dates.Opens = "2016-07"
		bound := round("kasmere", 4, 0)
		bound.Dates.NotAfter = "2012-06"
		undated := round("kasmere", 5, 0)
		first, second := round("kasmere", 1, 2014, "ka-mfa"), round("kasmere", 2, 2016, "ka-mfa")
		w := p.writer(t)
		apply(t, w, envelope(1, docs(t, undated, first, byMonth, second, bound, summary(first, 3), summary(byMonth, 1))))
		e := edition(t, p.reader(t))
		for _, tt := range []struct {
			f     publishedstore.RoundFilter
			total int
			want  string
		}{
			{publishedstore.RoundFilter{}, 5, "kasmere-3 kasmere-2 kasmere-1 kasmere-4 kasmere-5"},
			{publishedstore.RoundFilter{Order: publishedstore.Oldest}, 5, "kasmere-4 kasmere-1 kasmere-2 kasmere-3 kasmere-5"},
			{publishedstore.RoundFilter{Order: publishedstore.MostObservations}, 5, "kasmere-1 kasmere-3 kasmere-2 kasmere-4 kasmere-5"},
			{publishedstore.RoundFilter{PerPage: 2, Page: 2}, 5, "kasmere-1 kasmere-4"},
			{publishedstore.RoundFilter{PerPage: 2, Page: 3}, 5, "kasmere-5"},
			{publishedstore.RoundFilter{PerPage: 2, Page: 4}, 5, ""},
			{publishedstore.RoundFilter{Until: 2014}, 2, "kasmere-1 kasmere-4"},
			{publishedstore.RoundFilter{Since: 2013, Until: 2014}, 1, "kasmere-1"},
			{publishedstore.RoundFilter{Since: 2017}, 0, ""},
			{publishedstore.RoundFilter{Country: []string{"XA"}}, 5, "kasmere-3 kasmere-2 kasmere-1 kasmere-4 kasmere-5"},
			{publishedstore.RoundFilter{Agency: []string{"nosuch"}}, 0, ""},
			{publishedstore.RoundFilter{Agency: []string{"nosuch", "ka-mfa"}}, 3, "kasmere-3 kasmere-2 kasmere-1"},
		} {
			l, err := e.Rounds(t.Context(), tt.f)
			if err != nil || slugsOf(l.Rounds) != tt.want || l.Total != tt.total {
				t.Errorf("%+v: %q of %d, %v; want %q of %d", tt.f, slugsOf(l.Rounds), l.Total, err, tt.want, tt.total)
			}
			tt.f.Page, tt.f.PerPage = 0, 0
			var each []string
			for r, err := range e.EachRound(t.Context(), tt.f) {
				if err != nil {
					t.Fatal(err)
				}
				each = append(each, r.Round.Slug)
			}
			if len(each) != tt.total || !strings.Contains(strings.Join(each, " "), tt.want) {
				t.Errorf("%+v: each round: %q", tt.f, each)
			}
		}
		// A correction moves a round's day: its observations move with it.
		first.Dates.Opens = "2018"
		first.Correction = &published.Correction{}
		apply(t, w, envelope(2, docs(t, first)))
		e = edition(t, p.reader(t))
		var order []string
		for page := 1; page <= 2; page++ {
			for _, f := range []publishedstore.RoundFilter{{Page: page, PerPage: 2}, {Page: page, PerPage: 2, Agency: []string{"ka-mfa"}}} {
				l, err := e.Observations(t.Context(), f)
				if err != nil || l.Total != 4 || l.Pages != 2 || len(l.Observations) != 2 {
					t.Fatalf("%+v: %+v, %v", f, l, err)
				}
				for _, o := range l.Observations {
					order = append(order, strings.TrimPrefix(o.Observation.Slug, "kasmere-"))
				}
			}
		}
		if got := strings.Join(order, " "); got != "1-observation-1 1-observation-2 1-observation-1 1-observation-2 1-observation-3 3-observation-1 1-observation-3 3-observation-1" {
			t.Errorf("observations: %s", got)
		}
		// A page that begins with the second of the rounds.
		l, err := e.Observations(t.Context(), publishedstore.RoundFilter{Page: 2, PerPage: 3, Agency: []string{"ka-mfa"}})
		if err != nil || len(l.Observations) != 1 || l.Observations[0].Observation.Slug != "kasmere-3-observation-1" {
			t.Errorf("second page: %+v, %v", l, err)
		}
		r, err := e.Search(t.Context(), "statement", 1)
		if err != nil || len(r.Hits) != 4 || r.Hits[0].Slug != "kasmere-1-observation-1" {
			t.Errorf("search: %+v, %v; want the newest first", r.Hits, err)
		}
	})
}

// A search with many hits walks through entries in order, one with few sorts
// them; both give the same pages.
func TestLongSearch(t *testing.T) {
	eachPlace(t, func(t *testing.T, p place) {
		var put []published.Document
		var want []string
		for n := range 2100 {
			r := round("kasmere", n, 1900+n%100)
			put = append(put, doc(t, r))
			want = append(want, r.Dates.Opens+" "+r.Slug)
		}
		slices.SortFunc(want, func(a, b string) int {
			if c := strings.Compare(b[:10], a[:10]); c != 0 {
				return c
			}
			return strings.Compare(a, b)
		})
		apply(t, p.writer(t), envelope(1, put))
		e := edition(t, p.reader(t))
		for _, page := range []int{1, 2, 105} {
			r, err := e.Search(t.Context(), "rounds kasmere", page)
			if err != nil || r.Total != 2100 || r.Pages != 105 || len(r.Hits) != 20 {
				t.Fatalf("page %d: %d hits of %d on %d pages, %v", page, len(r.Hits), r.Total, r.Pages, err)
			}
			for i, h := range r.Hits {
				if _, slug, _ := strings.Cut(want[(page-1)*20+i], " "); h.Slug != slug {
					t.Fatalf("page %d, hit %d: %s, want %s", page, i, h.Slug, slug)
				}
			}
		}
		if r, err := e.Search(t.Context(), "rounds kasmere", 106); err != nil || len(r.Hits) != 0 {
			t.Errorf("a page beyond the last: %d hits, %v", len(r.Hits), err)
		}
	})
}

func TestNamesFollowWhatIsReleased(t *testing.T) {
	eachPlace(t, func(t *testing.T, p place) {
		w, r := p.writer(t), p.reader(t)
		one, two := round("kasmere", 1, 2014, "ka-mfa"), round("kasmere", 2, 2015, "ka-mfa")
		one.Sides[0].Lines[0].Body.Name = "Foreign Office Zweig"
		own := published.Organisation{Head: head(published.KindOrganisation, "ka-mfa"), Name: "Ministry of Foreign Affairs, Kasmere"}
		redacted := round("kasmere", 1, 2014)
		redacted.Correction = &published.Correction{}
		for _, tt := range []struct {
			e    published.Envelope
			name string // of ka-mfa, "" if it is not public
			not  string // a word that finds nothing
		}{
			{envelope(1, docs(t, one)), "Foreign Office Zweig", "ministry"},
			{envelope(2, docs(t, two)), "Foreign Office Zweig", "ministry"},
			{envelope(3, docs(t, own)), "Ministry of Foreign Affairs, Kasmere", "nosuch"},
			{envelope(4, docs(t, redacted)), "Ministry of Foreign Affairs, Kasmere", "zweig"},
			{envelope(5, nil, published.Drop{Kind: published.KindOrganisation, Slug: "ka-mfa"}), "Body ka-mfa", "ministry"},
			{envelope(6, nil, published.Drop{Kind: published.KindRound, Slug: "kasmere-2"}), "", "body"},
		} {
			apply(t, w, tt.e)
			e := edition(t, r)
			o, err := e.Organisation(t.Context(), "ka-mfa")
			if o.Organisation.Name != tt.name || (tt.name == "") != (err != nil) {
				t.Errorf("release %d: %q, %v; want %q", tt.e.Number, o.Organisation.Name, err, tt.name)
			}
			l, err := e.Rounds(t.Context(), publishedstore.RoundFilter{})
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range l.Facets {
				if f.Group == publishedstore.FacetAgency && tt.name != "" && (len(f.Values) != 1 || f.Values[0].Name != tt.name) ||
					f.Group == publishedstore.FacetAgency && tt.name == "" && len(f.Values) > 0 {
					t.Errorf("release %d: facet %+v, want %q", tt.e.Number, f, tt.name)
				}
			}
			if s, err := e.Search(t.Context(), tt.not, 1); err != nil || s.Total > 0 {
				t.Errorf("release %d: %q finds %+v, %v", tt.e.Number, tt.not, s.Hits, err)
			}
		}
	})
}
