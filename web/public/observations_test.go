package public

import (
	"testing"

	"github.com/andybalholm/cascadia"

	"track15/models/published"
)

// Numbers count within a text: the observations of two texts stand each under the
// title of theirs, and those of one under none.
func TestObservationsStandUnderTheirText(t *testing.T) {
	w := aWorld(t)
	count := func(selector string) int {
		return len(cascadia.QueryAll(parse(t, get(w.site, "/rounds/kasmere-5").Body.String()), cascadia.MustCompile(selector)))
	}
	if titles, first := count(".obs-of"), count(".obs > li[value='1'] > h3"); titles != 0 || first != 1 {
		t.Fatalf("one text: %d titles, %d observations with number 1", titles, first)
	}
	about := normsRound(5)
	w.release(t, []any{published.Output{
		Head: sample(head(published.KindOutput, "kasmere-5-joint")), OutputKind: "joint statement", Title: "On fog horns", Lang: "en", Series: norms, Round: &about,
		Observations: []published.Observation{{Slug: "kasmere-5-joint-observation-1", Number: 1, Heading: "Of boats", Text: "Small boats hear late."}},
	}})
	doc := parse(t, get(w.site, "/rounds/kasmere-5").Body.String())
	for _, f := range []found{
		{"h3.obs-of[lang=en]", "On fog horns"},
		{"h3.obs-of + ol.obs > li[value='1'] > h4 > a[href='/observations/kasmere-5-joint-observation-1']", "Of boats"},
	} {
		if !f.in(t, doc) {
			t.Errorf("nothing matches %s with %q", f.selector, f.words)
		}
	}
	if titles, first := count(".obs-of"), count(".obs-of + .obs > li[value='1']"); titles != 2 || first != 2 {
		t.Errorf("two texts: %d titles, %d observations with number 1 under one", titles, first)
	}
}
