package disclosure_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"track15/models/disclosure"
)

// disguises are ways to write a name that a reader still recognises.
var disguises = []struct {
	name string
	as   func(given, family string) string
}{
	{"as written", func(g, f string) string { return g + " " + f }},
	{"family first", func(g, f string) string { return f + ", " + g }},
	{"initial", func(g, f string) string { return g[:1] + ". " + f }},
	{"title", func(_, f string) string { return "Ambassador " + f }},
	{"capitals", func(g, f string) string { return strings.ToUpper(g + " " + f) }},
	{"small letters", func(g, f string) string { return strings.ToLower(g + " " + f) }},
	{"no-break space", func(g, f string) string { return g + "\u00a0" + f }},
	{"soft hyphen", func(g, f string) string { return g + " " + f[:3] + "\u00ad" + f[3:] }},
	{"zero width", func(g, f string) string { return g + " " + f[:2] + "\u200b" + f[2:] }},
	{"look-alike", func(g, f string) string { return g + " " + strings.Replace(f, "o", "о", 1) }},
	{"emphasis", func(g, f string) string { return g + " *" + f[:2] + "*" + f[2:] }},
	{"wide letters", func(g, f string) string { return wide(g) + " " + f }},
	{"line's end", func(g, f string) string { return g + "\n" + f }},
	{"possessive", func(g, f string) string { return g + " " + f + "'s" }},
	{"two letters changed", func(g, f string) string { return g + " " + f[:3] + f[4:5] + f[3:4] + f[5:] }},
}

func wide(s string) string {
	return strings.Map(func(r rune) rune { return r - 'A' + 'Ａ' }, s)
}

var people = []disclosure.Person{
	{ID: "p1", Given: "Ruslan", Family: "Komarovsky", Country: "RU", Presences: []disclosure.Presence{{Round: "r1", Body: "b1"}}},
	{ID: "p2", Given: "Brigitte", Family: "Vandormael", Country: "BE", Presences: []disclosure.Presence{{Round: "r1", Body: "b1"}}},
	{ID: "p3", Given: "Olufemi", Family: "Adebowale", Country: "NG", Presences: []disclosure.Presence{{Round: "r2", Body: "b1"}}},
}

func index(cleared bool) *disclosure.Index {
	r := disclosure.Record{
		Rounds: []disclosure.Round{{ID: "r1", Opens: "2026-03-03", Closes: "2026-03-04", City: "Ghent", Hidden: disclosure.Hidden{Dates: true, City: true}}, {ID: "r2"}},
		Bodies: []disclosure.Body{{ID: "b1", Names: []string{"Office of Quiet Affairs"}, Acronyms: []string{"OQA"}}},
		Notes: []disclosure.Note{
			{ID: "n1", Round: "r1", Text: "The pilots' union sold the runway lights to pay for a lawyer. Nobody at the tower has slept since."},
			{ID: "n2", Round: "r2", Text: "Forty-one beacons were painted over and the keeper signed for 12."},
		},
	}
	for _, p := range people {
		p.Presences = slices.Clone(p.Presences)
		for i := range p.Presences {
			p.Presences[i].NameCleared = cleared
		}
		r.People = append(r.People, p)
	}
	return disclosure.New(r)
}

var around = []string{"We thank %s for the map.", "- Papers came from %s", "> %s summed up.", "Later that day %s spoke, briefly.", "(see %s)", "“%s” was on the list."}

// A withheld name is found wherever it stands, in every disguise.
func TestNamesAreFoundInEveryDisguise(t *testing.T) {
	x := index(false)
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom(people).Draw(t, "person")
		d := rapid.SampledFrom(disguises).Draw(t, "disguise")
		filler := rapid.SampledFrom([]string{"", "The meeting was short. ", "Ñandú, 東京 and 🙂.\n\n", "# A heading\n\n"}).Draw(t, "before")
		written := d.as(p.Given, p.Family)
		draft := filler + strings.ReplaceAll(rapid.SampledFrom(around).Draw(t, "around"), "%s", written)
		at := strings.Index(draft, written)
		if !slices.ContainsFunc(x.Check(draft, disclosure.Options{}), func(f disclosure.Finding) bool {
			return slices.Contains(f.Sources, p.ID) && f.Severity != disclosure.Advice && f.Start < at+len(written) && at < f.End
		}) {
			t.Fatalf("%s is not found in %q", d.name, draft)
		}
	})
}

// What is cleared is never a block.
func TestClearedNamesAreNoBlock(t *testing.T) {
	x := index(true)
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom(people).Draw(t, "person")
		draft := strings.ReplaceAll(rapid.SampledFrom(around).Draw(t, "around"), "%s", rapid.SampledFrom(disguises).Draw(t, "disguise").as(p.Given, p.Family))
		for _, f := range x.Check(draft, disclosure.Options{}) {
			if slices.Contains(f.Sources, p.ID) && f.Severity == disclosure.Block {
				t.Fatalf("%s blocks %q", f.Rule, draft)
			}
		}
	})
}

// Removing a round takes every finding away that it caused, and no other.
func TestRemovedRoundsFindNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draft := strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{
			"Ruslan Komarovsky spoke in Ghent on 3 March 2026 at the meeting.", "Olufemi Adebowale spoke.", "The union of the pilots sold the runway lights to pay for a lawyer.",
			"Forty-one beacons were painted over.", "The Office of Quiet Affairs asked.",
		}), 1, 5).Draw(t, "draft"), " ")
		whole, without := index(false), index(false)
		without.Remove("r1")
		kept := without.Check(draft, disclosure.Options{})
		for _, f := range kept {
			if slices.Contains(f.Rounds, "r1") {
				t.Fatalf("%s rests on a round that was removed: %q", f.Rule, draft[f.Start:f.End])
			}
		}
		for _, f := range whole.Check(draft, disclosure.Options{}) {
			if !slices.Contains(f.Rounds, "r1") && !slices.ContainsFunc(kept, func(k disclosure.Finding) bool { return k.Rule == f.Rule && k.Start == f.Start }) {
				t.Fatalf("%s went with a round that it does not rest on: %q", f.Rule, draft[f.Start:f.End])
			}
		}
	})
}

// Whatever is in a draft, findings lie within it, on the borders of code points,
// and are the same a second time.
func FuzzCheck(f *testing.F) {
	for _, s := range []string{
		"", "Ruslan Komarovsky", "R. Komarovsky met in Ghent on 3 March", "The OQA asked: «no».", "\xff\xfe Ruslan\u00ad", "２０２６年3月3日", "the third week of March",
		"a hundred and forty-one thousand two hundred", strings.Repeat("the ", 300), "Комаровского Руслана", "- \n> # *_`", "two days before Christmas", "O.P.Lund", "1,2,3,4.5.6",
	} {
		f.Add(s)
	}
	x := index(false)
	f.Fuzz(func(t *testing.T, draft string) {
		found := x.Check(draft, disclosure.Options{})
		for _, f := range found {
			if f.Start < 0 || f.Start >= f.End || f.End > len(draft) {
				t.Fatalf("%s lies outside: %d to %d of %d", f.Rule, f.Start, f.End, len(draft))
			}
			for _, at := range []int{f.Start, f.End} {
				if utf8.ValidString(draft) && at < len(draft) && !utf8.RuneStart(draft[at]) {
					t.Fatalf("%s cuts a code point at %d", f.Rule, at)
				}
			}
		}
		if again := x.Check(draft, disclosure.Options{}); !slices.EqualFunc(found, again, func(a, b disclosure.Finding) bool { return a.Rule == b.Rule && a.Start == b.Start && a.End == b.End }) {
			t.Fatal("the same draft gave other findings")
		}
	})
}
