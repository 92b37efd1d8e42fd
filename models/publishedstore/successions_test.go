package publishedstore_test

import (
	"fmt"
	"strings"
	"testing"

	"track15/models/published"
	"track15/models/publishedstore"
)

// A body's page leads to the bodies before it, as its document says, and to
// those after it, as theirs do; one that leaves is named nowhere.
func TestSuccessions(t *testing.T) {
	eachPlace(t, func(t *testing.T, p place) {
		w, r := p.writer(t), p.reader(t)
		first, second := round("kasmere", 1, 2014, "ka-old", "ka-other"), round("kasmere", 2, 2016, "ka-new")
		old := published.Organisation{Head: head(published.KindOrganisation, "ka-old"), Name: "Old Ministry"}
		next := published.Organisation{
			Head: head(published.KindOrganisation, "ka-new"), Name: "New Ministry",
			Predecessors: []published.Ref{{Slug: "ka-old", Name: "Old Ministry"}, {Slug: "ka-other", Name: "Other Ministry"}},
		}
		holds := func(when, slug string, before, after string) {
			t.Helper()
			e := edition(t, r)
			o, err := e.Organisation(t.Context(), slug)
			if err != nil {
				t.Fatal(when, err)
			}
			if is := fmt.Sprint(o.Organisation.Predecessors); is != before {
				t.Errorf("%s: before %s stand %s, want %s", when, slug, is, before)
			}
			if is := fmt.Sprint(o.After); is != after {
				t.Errorf("%s: after %s stand %s, want %s", when, slug, is, after)
			}
		}
		apply(t, w, envelope(1, docs(t, old, next, first, second)))
		holds("released", "ka-old", "[]", "[{ka-new New Ministry}]")
		holds("released", "ka-other", "[]", "[{ka-new New Ministry}]")
		holds("released", "ka-new", "[{ka-old Old Ministry} {ka-other Other Ministry}]", "[]")

		next.Predecessors = next.Predecessors[:1]
		apply(t, w, envelope(2, docs(t, next)))
		holds("corrected", "ka-other", "[]", "[]")
		holds("corrected", "ka-old", "[]", "[{ka-new New Ministry}]")

		apply(t, w, envelope(3, nil, published.Drop{Kind: published.KindOrganisation, Slug: "ka-new"}, published.Drop{Kind: published.KindRound, Slug: second.Slug}))
		holds("gone", "ka-old", "[]", "[]")
	})
}

// A body's line is the bodies before and after it, however far; its rounds are
// those that the filter by all of them selects. A filter by one body selects what
// names that body, and its old names lead to it.
func TestLineOfABody(t *testing.T) {
	eachPlace(t, func(t *testing.T, p place) {
		w, r := p.writer(t), p.reader(t)
		body := func(slug, name string, before ...string) published.Organisation {
			o := published.Organisation{Head: head(published.KindOrganisation, slug), Name: name}
			for _, b := range before {
				o.Predecessors = append(o.Predecessors, published.Ref{Slug: b, Name: "Named " + b})
			}
			return o
		}
		// First became second, which was divided into third and fourth. A fifth that
		// no round names stands in no line.
		apply(t, w, envelope(1, docs(
			t, body("first", "Named first"), body("second", "Named second", "first", "fifth"), body("third", "Named third", "second"), body("fourth", "Named fourth", "second"), body("alone", "Named alone"),
			round("kasmere", 1, 2011, "first"), round("kasmere", 2, 2012, "first", "second"), round("kasmere", 3, 2013, "second"),
			round("kasmere", 4, 2014, "third", "fourth"), round("kasmere", 5, 2015, "fourth"), round("kasmere", 6, 2016, "alone"),
		)))
		e := edition(t, r)
		for slug, want := range map[string]string{
			"first": "[first fourth second third] 5", "second": "[first fourth second third] 5", "third": "[first second third] 4",
			"fourth": "[first fourth second] 5", "alone": "[] 0",
		} {
			o, err := e.Organisation(t.Context(), slug)
			if err != nil {
				t.Fatal(err)
			}
			if is := fmt.Sprint(o.Line, o.LineRounds); is != want {
				t.Errorf("line of %s: %s, want %s", slug, is, want)
			}
			if len(o.Line) == 0 {
				continue
			}
			all, err := e.Rounds(t.Context(), publishedstore.RoundFilter{Agency: o.Line})
			if err != nil || all.Total != o.LineRounds {
				t.Errorf("the filter by the line of %s selects %d, its page says %d: %v", slug, all.Total, o.LineRounds, err)
			}
			one, err := e.Rounds(t.Context(), publishedstore.RoundFilter{Agency: []string{slug}})
			if err != nil || one.Total != o.Rounds {
				t.Errorf("the filter by %s selects %d, its page says %d: %v", slug, one.Total, o.Rounds, err)
			}
		}
		found, err := e.Search(t.Context(), "Named second", 1)
		if err != nil {
			t.Fatal(err)
		}
		if is := fmt.Sprint(found); !strings.Contains(is, "third") || !strings.Contains(is, "fourth") || strings.Contains(is, "alone") {
			t.Errorf("an old name leads to %s", is)
		}
	})
}
