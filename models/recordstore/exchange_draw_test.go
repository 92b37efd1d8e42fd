package recordstore_test

import (
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"track15/models/interchange"
)

// drawRecord draws a small file. Files that are drawn share ids, so that one
// meets another.
func drawRecord(t *rapid.T) interchange.Record {
	word := rapid.SampledFrom([]string{"fish", "Nordhav", "Ågot", "李", "O’Hara-Lind", "São", "Ω", "two words"})
	words := rapid.SliceOfN(word, 0, 2)
	maybe := func(g *rapid.Generator[string]) *string {
		if s := g.Draw(t, "value"); s != "" {
			return &s
		}
		return nil
	}
	date := rapid.SampledFrom([]string{"", "2025-01-10", "2025-02-28", "2026-12-31"})
	cut := rapid.SampledFrom([]string{"", "2025", "2025-02", "2025-02-04"})
	country := rapid.SampledFrom([]string{"", "NO", "CN"})
	one := func(values ...string) string { return rapid.SampledFrom(values).Draw(t, "choice") }
	native := func() []interchange.Name {
		return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) interchange.Name {
			return interchange.Name{Lang: rapid.SampledFrom([]string{"ru", "zh-Hans", "und"}).Draw(t, "lang"), Text: word.Draw(t, "native")}
		}), 0, 2).Draw(t, "natives")
	}
	r := interchange.Record{AsOf: one("2025-06-01", "2026-04-01")}
	n := func(most int) int { return rapid.IntRange(2, most).Draw(t, "n") }
	for i := range n(3) {
		r.Series = append(r.Series, interchange.Series{ID: fmt.Sprint("s", i), Name: word.Draw(t, "name"), Aliases: words.Draw(t, "aliases"), Disclosure: one("", "public", "restricted")})
	}
	bodies := n(4)
	for i := range bodies {
		r.Organisations = append(r.Organisations, interchange.Organisation{
			ID: fmt.Sprint("o", i), Name: word.Draw(t, "name"), Acronyms: words.Draw(t, "acronyms"), Aliases: words.Draw(t, "aliases"), NativeNames: native(),
			Kind: one("", "think_tank", "ministry", "armed_forces", "media", "other", "cert"), Country: country.Draw(t, "country"), Disclosure: one("disclosed", "undisclosed"),
		})
	}
	body := rapid.Custom(func(t *rapid.T) string { return fmt.Sprint("o", rapid.IntRange(0, bodies-1).Draw(t, "body")) })
	people := n(3)
	for i := range people {
		given, family := word.Draw(t, "given"), word.Draw(t, "family")
		r.People = append(r.People, interchange.Person{
			ID: fmt.Sprint("p", i), Country: country.Draw(t, "country"), NativeNames: native(), Aliases: words.Draw(t, "aliases"),
			Name: interchange.PersonName{Full: one(given+" "+family, "Dr "+family), Given: given, Family: family, Order: one("given-family", "family-given")},
		})
	}
	rounds := n(3)
	for i := range rounds {
		start := cut.Draw(t, "start")
		e := interchange.Round{
			// A round stays in its series, or no second file would be taken.
			ID: fmt.Sprint("r", i), Series: "s0", Title: word.Draw(t, "title"), Topics: words.Draw(t, "topics"),
			City: word.Draw(t, "city"), Country: country.Draw(t, "country"), OrdinalLabel: maybe(rapid.SampledFrom([]string{"", "third"})),
			Disclosure:   interchange.RoundDisclosure{Existence: one("public", "embargoed"), Dates: one("public", "embargoed"), Venue: one("public", "embargoed"), City: one("public", "embargoed")},
			EmbargoUntil: maybe(date), Hosts: slices.Compact(slices.Sorted(slices.Values(rapid.SliceOfN(body, 0, 2).Draw(t, "hosts")))),
		}
		if start != "" {
			e.StartDate, e.EndDate = &start, maybe(rapid.SampledFrom([]string{"", "2025-12-01"}))
		} else {
			e.EndDate = maybe(cut)
		}
		if rapid.Bool().Draw(t, "numbered") {
			number := rapid.Int64Range(1, 9).Draw(t, "number")
			e.Number = &number
		}
		if rapid.Bool().Draw(t, "placed") {
			e.Venue = &interchange.Venue{Name: word.Draw(t, "venue"), Aliases: words.Draw(t, "aliases")}
		}
		r.Rounds = append(r.Rounds, e)
	}
	for i := range rapid.IntRange(0, 5).Draw(t, "participations") {
		// The same of the person, the round and the body, for the same reason.
		e := interchange.Participation{
			ID: fmt.Sprint("q", i), Round: fmt.Sprint("r", i%2), Person: fmt.Sprint("p", i%2), Organisation: fmt.Sprint("o", i%2),
			Role: word.Draw(t, "role"), Track: one("", "1", "1.5", "2"), DisclosureLabel: one("", "exact", "parent", "category", "side", "withheld"),
			Clearance: interchange.Clearance{
				Name: one("cleared", "not_cleared"), Affiliation: one("cleared", "not_cleared"), Attribution: one("cleared", "not_cleared"), ClearedOn: maybe(date),
			},
		}
		if rapid.Bool().Draw(t, "behind") {
			principal := body.Draw(t, "principal")
			e.ActingFor = &principal
		}
		r.Participations = append(r.Participations, e)
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "notes") {
		e := interchange.Note{ID: fmt.Sprint("n", i), Round: "r0", Text: fmt.Sprint("said ", i), Language: "en"}
		if i > 0 {
			speaker, session := "p0", int64(i)
			e.Speaker, e.Session, e.TakenOn = &speaker, &session, "2025-02-04"
		}
		r.Notes = append(r.Notes, e)
		if rapid.Bool().Draw(t, "released") {
			r.PhraseClearances = append(r.PhraseClearances, interchange.PhraseClearance{ID: fmt.Sprint("c", i), Note: e.ID, Quote: "said", ClearedOn: "2025-03-01", Basis: one("", "agreed")})
		}
	}
	if rapid.Bool().Draw(t, "known") {
		r.Published = []interchange.Text{{ID: "u", Round: "r0", Title: "Summary", PublishedOn: "2025-03-01", Text: "We met.\n"}}
		r.PublicSources = []interchange.Text{{ID: "x", Title: "", Text: "They met."}}
		r.AllowList = []interchange.Allowed{{ID: "a", Kind: "phrase", Value: "fish", Scope: "everywhere", Reason: "a word"}}
	}
	return r
}
