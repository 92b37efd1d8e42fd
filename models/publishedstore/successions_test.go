package publishedstore_test

import (
	"fmt"
	"testing"

	"track15/models/published"
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
