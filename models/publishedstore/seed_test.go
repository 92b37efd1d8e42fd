package publishedstore_test

import (
	"slices"
	"strings"
	"testing"

	"track15/models/fault"
	"track15/models/published"
	"track15/models/publishedstore"
)

func TestSeedIsFoundByEveryName(t *testing.T) {
	eachPlace(t, func(t *testing.T, p place) {
		apply(t, p.writer(t), envelope(1, docs(t, seed()...)))
		e := edition(t, p.reader(t))
		for _, tt := range []struct {
			q     string
			first string // kind and slug
			exact bool
			has   []string
			not   []string
		}{
			{"CAC", "organisation cn-cac", true, []string{"round csis-cicir-cyber-10"}, []string{"organisation cn-mfa"}},
			{"mfa", "organisation cn-mfa", true, nil, []string{"organisation cn-cac"}},
			{"MND", "organisation cn-mnd", true, []string{"round csis-cicir-cyber-10"}, nil},
			{"CNCERT", "organisation cn-cncert", true, nil, nil},
			{"CNCERT/CC", "organisation cn-cncert", true, nil, nil},
			{"security services (China)", "organisation cn-sec-cat", true, []string{"round csis-cicir-cyber-10"}, nil},
			{"security services", "organisation cn-sec-cat", false, []string{"round csis-cicir-cyber-10"}, nil},
			{"外交", "organisation cn-mfa", false, nil, []string{"organisation cn-cncert"}},
			{"外交部", "organisation cn-mfa", true, nil, nil},
			{"网络", "organisation cn-cncert", false, nil, []string{"organisation cn-mfa"}},
			{"Sino-US cybersecurity dialogue", "series csis-cicir-cyber", true, nil, nil},
			{"csis-cicir-cyber-10", "round csis-cicir-cyber-10", true, nil, nil},
			{"cyber security", "topic cyber-security", true, []string{"round csis-cicir-cyber-10"}, nil},
			{"attributed operations", "observation csis-cicir-cyber-10-observation-1", false, nil, []string{"round csis-cicir-cyber-10"}},
			{"sulmeyer", "output three-observations", false, nil, nil},
			{"beijing", "round csis-cicir-cyber-10", false, nil, nil},
		} {
			r, err := e.Search(t.Context(), tt.q, 1)
			if err != nil {
				t.Fatal(tt.q, err)
			}
			var found []string
			for _, h := range r.Hits {
				found = append(found, string(h.Kind)+" "+h.Slug)
			}
			if len(found) == 0 || found[0] != tt.first || r.Hits[0].Exact != tt.exact {
				t.Errorf("%s: found %q (first exact: %v), want %q first, exact: %v", tt.q, found, len(found) > 0 && r.Hits[0].Exact, tt.first, tt.exact)
			}
			for _, want := range tt.has {
				if !slices.Contains(found, want) {
					t.Errorf("%s: %s is missing in %q", tt.q, want, found)
				}
			}
			for _, not := range tt.not {
				if slices.Contains(found, not) {
					t.Errorf("%s: %s must not be in %q", tt.q, not, found)
				}
			}
			if r.Total != len(found) {
				t.Errorf("%s: %d hits of %d", tt.q, len(found), r.Total)
			}
		}
		for _, q := range []string{"", "  ", "!?", "nosuchword", "mfa nosuchword"} {
			if r, err := e.Search(t.Context(), q, 1); err != nil || r.Total != 0 || len(r.Hits) != 0 {
				t.Errorf("%q: %d hits, %v; want none", q, r.Total, err)
			}
		}
	})
}

func TestHitsAreMarked(t *testing.T) {
	eachPlace(t, func(t *testing.T, p place) {
		apply(t, p.writer(t), envelope(1, docs(t, seed()...)))
		e := edition(t, p.reader(t))
		joined := func(spans []publishedstore.Span) string {
			var b strings.Builder
			for _, s := range spans {
				if s.Mark {
					b.WriteString("<" + s.Text + ">")
				} else {
					b.WriteString(s.Text)
				}
			}
			return b.String()
		}
		for _, tt := range []struct{ q, title, text string }{
			{"operation attribution", "On <attribution>", "The authors' counterparts hold that <attributing> a cyber <operation> is nearly impossible."},
			{"外交", "Ministry of Foreign Affairs, China", "MFA · <外交>部"},
		} {
			r, err := e.Search(t.Context(), tt.q, 1)
			if err != nil || len(r.Hits) == 0 {
				t.Fatal(tt.q, r, err)
			}
			if h := r.Hits[0]; joined(h.Title) != tt.title || joined(h.Text) != tt.text {
				t.Errorf("%s: %q / %q", tt.q, joined(h.Title), joined(h.Text))
			} else if h.Kind == publishedstore.KindObservation && (h.Round == nil || h.Round.Slug != "csis-cicir-cyber-10" || h.Series.Slug != "csis-cicir-cyber") {
				t.Errorf("%s: found in round %v of series %v", tt.q, h.Round, h.Series)
			}
		}
	})
}

func TestSeedPages(t *testing.T) {
	eachPlace(t, func(t *testing.T, p place) {
		apply(t, p.writer(t), envelope(1, docs(t, seed()...)))
		e := edition(t, p.reader(t))
		ctx := t.Context()
		if e.Number() != 1 || e.Day() != "2026-03-02" {
			t.Errorf("edition %d of %q", e.Number(), e.Day())
		}
		r, err := e.Round(ctx, "csis-cicir-cyber-10")
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Outputs) != 2 || r.Outputs[0].Output.Slug != "three-observations" || r.Series == nil || r.Release.Number != 1 || !r.Release.Readable {
			t.Errorf("round page: %+v", r)
		}
		l, err := e.Rounds(ctx, publishedstore.RoundFilter{Agency: []string{"cn-cac"}, Since: 2017, Until: 2017})
		if err != nil || l.Total != 1 || l.Rounds[0].Observations != 1 || l.Rounds[0].Accounts != 1 || l.Rounds[0].Outputs != 1 {
			t.Errorf("list: %+v, %v", l, err)
		}
		// A body that only the round names has a page; what only its own document says is absent.
		o, err := e.Organisation(ctx, "cn-cac")
		if err != nil || o.Own || o.Organisation.Acronym != "CAC" || o.Rounds != 1 || len(o.Newest) != 1 || o.Organisation.Country != "" {
			t.Errorf("organisation: %+v, %v", o, err)
		}
		if o, err := e.Organisation(ctx, "cn-sec-cat"); err != nil || !o.Organisation.Category {
			t.Errorf("category: %+v, %v", o, err)
		}
		if o, err := e.Organisation(ctx, "cn-mfa"); err != nil || !o.Own || o.Release.Version.Version != 1 || len(o.Years) != 1 || o.Years[0] != (publishedstore.YearCount{Year: 2017, Rounds: 1}) {
			t.Errorf("organisation with a document: %+v, %v", o, err)
		}
		os, err := e.Organisations(ctx, publishedstore.OrganisationFilter{PerPage: 2, Page: 2})
		if err != nil || os.Total != 6 || os.Pages != 3 || len(os.Organisations) != 2 || os.Organisations[0].Organisation.Name != "Ministry of Foreign Affairs, China" {
			t.Errorf("organisations: %+v, %v", os, err)
		}
		ob, err := e.Observation(ctx, "csis-cicir-cyber-10-observation-1")
		if err != nil || ob.Round == nil || ob.Round.City != "Beijing" || ob.Output.Title != "On attribution" || ob.Observation.Number != 1 {
			t.Errorf("observation: %+v, %v", ob, err)
		}
		if s, err := e.Series(ctx, "csis-cicir-cyber"); err != nil || s.Rounds != 1 || len(s.Outputs) != 0 {
			t.Errorf("series: %+v, %v", s, err)
		}
		if s, err := e.Topic(ctx, "cyber-security"); err != nil || s.Rounds != 1 || s.Topic.Name != "Cyber security" {
			t.Errorf("topic: %+v, %v", s, err)
		}
		tl, err := e.Timeline(ctx, publishedstore.RoundFilter{})
		if err != nil || tl.First != 2017 || len(tl.Rows) != 1 || len(tl.Rows[0].Cells) != 1 || !tl.Rows[0].Cells[0].Rounds[0].Observed ||
			tl.Rows[0].Cells[0].Rounds[0].Round.Slug != "csis-cicir-cyber-10" {
			t.Errorf("timeline: %+v, %v", tl, err)
		}
		changes, err := e.Changes(ctx, 10)
		if err != nil || len(changes) != 3 || changes[0].Day != "2026-03-02" || changes[0].Kind != published.KindOutput || changes[0].Round != "csis-cicir-cyber-10" {
			t.Errorf("changes: %+v, %v", changes, err)
		}
		var pages []string
		for a, err := range e.Addresses(ctx) {
			if err != nil {
				t.Fatal(err)
			}
			pages = append(pages, string(a.Kind)+" "+a.Slug)
		}
		if got := strings.Join(pages, ", "); got != "series csis-cicir-cyber, organisation cn-cac, organisation cn-cncert, organisation cn-mfa, "+
			"organisation cn-mnd, organisation cn-sec-cat, organisation us-csis, topic cyber-security, round csis-cicir-cyber-10, observation csis-cicir-cyber-10-observation-1" {
			t.Errorf("addresses: %s", got)
		}
		for what, err := range map[string]error{
			"round":        second(e.Round(ctx, "nosuch")),
			"organisation": second(e.Organisation(ctx, "nosuch")),
			"series":       second(e.Series(ctx, "nosuch")),
			"topic":        second(e.Topic(ctx, "nosuch")),
			"observation":  second(e.Observation(ctx, "nosuch")),
			"notice":       second(e.Notice(ctx, published.KindRound, "csis-cicir-cyber-10")),
			"earlier":      second(e.Earlier(ctx, published.KindRound, "csis-cicir-cyber-10", 1)),
		} {
			if fault.KindOf(err) != fault.NotFound {
				t.Errorf("%s: %v, want not found", what, err)
			}
		}
	})
}

func second[T any](_ T, err error) error { return err }
