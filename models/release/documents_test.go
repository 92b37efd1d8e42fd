package release

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"track15/models/fault"
	"track15/models/published"
	"track15/models/record"
)

// canary stands in every word that must not become public.
const canary = "Canary"

// A shape is the part of a random round that may become public, and how much
// is hidden beside it.
type shape struct {
	sides     int
	vector    map[record.Aspect]record.Permission
	cleared   map[record.Aspect]bool
	preset    string
	text      bool // the text read out is public
	label     bool
	never     bool // nobody says a number
	bounded   bool // the series' convener convened for a time only
	presences []shapedPresence
	state     record.RoundState
	external  bool
}

type shapedPresence struct {
	kind    string // body, words, through
	side    int    // 0 for none
	track   string
	role    record.Role
	label   record.DisclosureLabel
	few     bool // its category has too few bodies
	parent  bool // the body has a parent
	sponsor bool // the body is a convener of the series
}

func shapes(t *rapid.T) shape {
	s := shape{
		sides:    rapid.IntRange(1, 3).Draw(t, "sides"),
		vector:   map[record.Aspect]record.Permission{},
		cleared:  map[record.Aspect]bool{},
		preset:   rapid.SampledFrom(record.Presets).Draw(t, "preset").Key,
		never:    rapid.Bool().Draw(t, "never"),
		bounded:  rapid.Bool().Draw(t, "bounded"),
		text:     rapid.Bool().Draw(t, "text"),
		label:    rapid.Bool().Draw(t, "label"),
		state:    rapid.SampledFrom([]record.RoundState{record.Scheduled, record.Held, record.Closed, record.Cancelled}).Draw(t, "state"),
		external: rapid.Bool().Draw(t, "external"),
	}
	for _, a := range record.Aspects {
		s.vector[a] = rapid.SampledFrom(record.Permissions).Draw(t, string(a))
		s.cleared[a] = rapid.Bool().Draw(t, "cleared "+string(a))
	}
	s.vector[record.AspectExistence] = record.Free
	for i := range rapid.IntRange(0, 5).Draw(t, "presences") {
		s.presences = append(s.presences, shapedPresence{
			kind:    rapid.SampledFrom([]string{"body", "words", "through"}).Draw(t, fmt.Sprint("kind", i)),
			side:    rapid.IntRange(0, s.sides).Draw(t, fmt.Sprint("side", i)),
			track:   rapid.SampledFrom([]string{"", "1", "2"}).Draw(t, fmt.Sprint("track", i)),
			role:    rapid.SampledFrom(record.Roles).Draw(t, fmt.Sprint("role", i)),
			label:   rapid.SampledFrom(record.DisclosureLabels).Draw(t, fmt.Sprint("label", i)),
			few:     rapid.Bool().Draw(t, fmt.Sprint("few", i)),
			parent:  rapid.Bool().Draw(t, fmt.Sprint("parent", i)),
			sponsor: rapid.Bool().Draw(t, fmt.Sprint("sponsor", i)),
		})
	}
	return s
}

func (s shape) allows(a record.Aspect) bool {
	return s.vector[a] == record.Free || s.vector[a] == record.WithClearance && s.cleared[a]
}

// A house is a shape filled with values.
type house struct {
	series    record.Series
	round     record.Round
	output    record.Output
	directory directory
}

// fill makes a record of a shape. Everything that may not become public holds
// the secret; so do ids, order and what else lies around.
func (s shape) fill(secret string, reverse bool) house {
	hidden := func(what string) string { return canary + " " + secret + " " + what }
	when := func(open bool, what string) string {
		if open {
			return "Open " + what
		}
		return hidden(what)
	}
	h := house{directory: directory{}}
	h.series = record.Series{
		ID: secret + "series", Name: "Open Dialogue", Names: []record.SeriesName{{Lang: "en", Text: hidden("name by side")}},
		Funders: []record.Funding{{OrganisationID: secret + "funder", Acknowledgement: hidden("thanks")}},
	}
	if s.never {
		h.series.Ordinals = record.OrdinalsNever
	}
	for i := range s.sides {
		h.series.Sides = append(h.series.Sides, record.Side{ID: fmt.Sprint(secret, "side", i+1), Name: fmt.Sprint("Side ", i+1)})
	}
	// Each body came after the one before it, shown or not, and has a number
	// in a public register and one that the house gave it.
	var before []record.Succession
	body := func(key, name string, kind record.OrgKind) string {
		id := secret + key
		h.directory[id] = record.Organisation{
			ID: id, Name: name, Acronym: strings.ReplaceAll(name, " ", ""), Aliases: []string{name + " alias"}, Kind: kind, AtLeastThree: true,
			Predecessors: before, Identifiers: []record.Identifier{{Scheme: "House", Value: hidden("number")}, {Scheme: "ROR", Value: name + " number"}},
		}
		before = []record.Succession{{OrganisationID: id, On: record.Date(fmt.Sprintf("19%02d", 60+len(secret)))}}
		return id
	}
	r := record.Round{
		ID: secret + "round", SeriesID: h.series.ID, Sequence: int64(len(secret)), InternalTitle: hidden("internal title"), Venue: hidden("venue"),
		State: s.state, Opens: "2024-05-06",
		City:   when(s.allows(record.AspectCity), "city"),
		Topics: []string{when(s.allows(record.AspectTopics), "topic")},
		Rules: record.GroundRules{
			Preset: s.preset, Vector: s.vector, TextPublic: s.text, Text: when(s.text, "text read out"), Cleared: map[record.Aspect]string{},
		},
		Summary: when(s.allows(record.AspectUnattributed), "summary"),
	}
	if s.label {
		r.OrdinalLabel = when(s.allows(record.AspectOrdinal) && !s.never, "label")
	}
	if !s.allows(record.AspectDates) {
		r.Opens = record.Date(fmt.Sprintf("20%02d", 30+len(secret)))
	}
	r.TimeZone, r.MarginEvents = hidden("zone"), []record.Meeting{{Title: hidden("dinner"), Words: hidden("what came of it")}}
	r.Headcounts = []record.Headcount{{Kind: record.HeadParticipants, Count: 11 * len(secret)}, {Kind: record.HeadOfficials, Count: len(secret)}}
	if s.allows(record.AspectHeadcount) {
		r.Headcounts[0].Count = 10 + len(secret)
	}
	for a, yes := range s.cleared {
		if yes {
			r.Rules.Cleared[a] = hidden("basis")
		}
	}
	organisations, conveners := s.allows(record.AspectOrganisation), s.allows(record.AspectConveners)
	sponsor := record.Convening{}
	if s.bounded {
		sponsor.From = record.Date(fmt.Sprintf("20%02d", len(secret)))
	}
	sponsor.OrganisationID = body("sponsor", when(conveners && (!s.bounded || s.allows(record.AspectDates)), "Sponsor"), record.ThinkTank)
	h.series.Conveners = []record.Convening{sponsor}
	for i, p := range s.presences {
		key := fmt.Sprint("body", i)
		presence := record.Presence{Track: p.track, Role: p.role, Label: p.label, Disclosed: hidden("where it stood")}
		if p.side > 0 {
			presence.SideID = h.series.Sides[p.side-1].ID
		}
		category := func() {
			presence.CategoryID = body(key+"category", when(organisations && p.label == record.ByCategory && !p.few, key+" category"), record.Category)
			if p.few {
				wide := body(key+"wide", when(organisations && p.label == record.ByCategory, key+" wide"), record.Category)
				o := h.directory[presence.CategoryID]
				o.AtLeastThree, o.ParentID = false, wide
				h.directory[presence.CategoryID] = o
			}
		}
		switch p.kind {
		case "words":
			presence.Words = when(organisations && p.label == record.Exact, key+" words")
			if p.label == record.ByCategory {
				category()
			}
		case "through":
			presence.OrganisationID = body(key, hidden(key+" true"), record.Military)
			presence.AttendsThroughID = body(key+"badge", hidden(key+" badge"), record.ThinkTank)
			category()
			if p.sponsor {
				h.series.Conveners = append(h.series.Conveners, record.Convening{OrganisationID: presence.OrganisationID})
			}
		default:
			exact := p.label == record.Exact
			named := exact && (organisations || conveners && (p.role == record.Convener || p.sponsor))
			presence.OrganisationID = body(key, when(named, key), record.Agency)
			if p.parent {
				o := h.directory[presence.OrganisationID]
				o.ParentID = body(key+"parent", when(organisations && p.label == record.ByParent, key+" parent"), record.Ministry)
				h.directory[presence.OrganisationID] = o
			}
			category()
			if p.sponsor {
				h.series.Conveners = append(h.series.Conveners, record.Convening{OrganisationID: presence.OrganisationID})
			}
		}
		r.Presences = append(r.Presences, presence)
	}
	for i := range len(secret) {
		id := body(fmt.Sprint("withheld", i), hidden("withheld"), record.SecurityService)
		r.Presences = append(r.Presences, record.Presence{OrganisationID: id, SideID: h.series.Sides[0].ID})
	}
	if reverse {
		slices.Reverse(r.Presences)
		slices.Reverse(h.series.Conveners)
	}
	for i := range r.Presences {
		r.Presences[i].ID = fmt.Sprint(secret, "presence", i)
	}
	h.round = r
	h.output = record.Output{
		ID: secret + "output", SeriesID: h.series.ID, RoundID: r.ID, Kind: record.Summary, External: s.external, CreatedBy: hidden("account"),
		Draft: record.Draft{AuthorID: hidden("author"), Title: "Open title", SavedAt: int64(len(secret)), Citation: hidden("citation as given")},
	}
	if s.external {
		h.output.Draft.Body = hidden("copy of a text others published")
	}
	if s.allows(record.AspectUnattributed) {
		h.output.Draft.Observations = []record.Observation{{ID: secret + "observation", Text: "Open observation"}}
		if !s.external {
			h.output.Draft.Body = "Open body"
			h.output.Draft.Lang, h.output.Draft.Acknowledgements = "en", "Open thanks"
			h.output.Draft.Observations[0].Translations = []record.Words{{Lang: "fr", Text: "Open observation in French"}, {Lang: "ru", Text: hidden("a language that went")}}
			h.output.Draft.Translations = []record.Translation{{Lang: "fr", Title: "Open title in French", Body: "Open body in French"}}
		}
	}
	return h
}

// bytes makes every document of the house as a first release would, with one
// stream of random bits.
func (h house) bytes(t interface{ Fatal(...any) }) []byte {
	w := writer{directory: h.directory, slugs: map[string]string{}, numbers: map[string]int{}}
	disclosed := h.directory.discloses(h.round, h.series)
	w.public = func(id string) bool { return slices.Contains(disclosed, id) }
	give := func(n name) { w.slugs[n.id] = n.words[0] }
	give(seriesName(h.series))
	for _, o := range h.directory { // also of what was public once
		give(organisationName(o))
	}
	give(roundName(h.round, h.series, w.slugs[h.series.ID]))
	give(outputName(h.output, w.slugs[h.round.ID]))
	for _, o := range h.output.Draft.Observations {
		w.numbers[o.ID] = 1
		give(observationName(o, 1, w.slugs[h.round.ID], w.slugs[h.output.ID]))
	}
	round, err := w.round(h.round, h.series)
	if err != nil {
		t.Fatal(err)
	}
	output, err := w.output(h.output, &h.round, h.series)
	if err != nil {
		t.Fatal(err)
	}
	docs := []any{round, output, w.series(h.series)}
	for _, id := range disclosed {
		docs = append(docs, w.organisation(h.directory[id]))
	}
	var all []byte
	for i, doc := range docs {
		head := headOf(doc)
		head.Nonce = fmt.Sprintf("%032x", i)
		encoded, err := published.Encode(withHead(doc, head))
		if err != nil {
			t.Fatal(err)
		}
		all = append(append(all, encoded.Body...), '\n')
	}
	return all
}

// Whatever the labels and the rules say, no document holds a word that they
// withhold, and the bytes do not depend on anything withheld: not on its words,
// its amount, its order, or ids.
func TestDocumentsHoldNothingWithheld(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := shapes(t)
		one := s.fill("x", false).bytes(t)
		two := s.fill("another", true).bytes(t)
		if bytes.Contains(bytes.ToLower(one), []byte(strings.ToLower(canary))) {
			t.Fatalf("a document holds something withheld:\n%s", one)
		}
		if !bytes.Equal(one, two) {
			t.Fatalf("documents depend on something withheld:\n%s\n%s", one, two)
		}
	})
}

func TestRoundDocument(t *testing.T) {
	all := map[record.Aspect]record.Permission{}
	for _, a := range record.Aspects {
		all[a] = record.Free
	}
	d := directory{
		"mfa":  {ID: "mfa", Name: "Ministry of Foreign Affairs", Acronym: "MFA", Kind: record.Ministry},
		"dept": {ID: "dept", Name: "Department", Kind: record.Agency, ParentID: "mfa"},
		"tank": {ID: "tank", Name: "Tank", Kind: record.ThinkTank},
		"cat":  {ID: "cat", Name: "security services (Ruritania)", Kind: record.Category, AtLeastThree: true},
		"few":  {ID: "few", Name: "admirals", Kind: record.Category, ParentID: "cat"},
	}
	s := record.Series{ID: "s", Name: "Dialogue", Sides: []record.Side{{ID: "a", Name: "Ruritania", Country: "XA"}, {ID: "b", Name: "Norlund", Country: "XB"}}}
	base := record.Round{ID: "r", SeriesID: "s", State: record.Held, Opens: "2017-01", OrdinalLabel: "10th round", Rules: record.GroundRules{Vector: all}}
	line := func(form published.Form, name, track, role string) published.Line {
		return published.Line{Form: form, Body: published.Body{Name: name}, Track: track, Role: role}
	}
	for _, tt := range []struct {
		name      string
		presences []record.Presence
		want      []published.Line // of the first side
	}{
		{"exact", []record.Presence{{OrganisationID: "tank", SideID: "a", Track: "2", Role: record.Host, Label: record.Exact}}, []published.Line{line(published.FormBody, "Tank", "2", "host")}},
		{"parent", []record.Presence{{OrganisationID: "dept", SideID: "a", Track: "1", Role: record.Host, Label: record.ByParent}}, []published.Line{line(published.FormBody, "Ministry of Foreign Affairs", "1", "")}},
		{"two of one parent stand once", []record.Presence{{OrganisationID: "dept", SideID: "a", Track: "1", Label: record.ByParent}, {OrganisationID: "mfa", SideID: "a", Track: "1", Label: record.Exact}}, []published.Line{line(published.FormBody, "Ministry of Foreign Affairs", "1", "")}},
		{"no parent", []record.Presence{{OrganisationID: "tank", SideID: "a", Label: record.ByParent}}, nil},
		{"category once, bare", []record.Presence{
			{OrganisationID: "tank", SideID: "a", Track: "1", Role: record.Host, Label: record.ByCategory, CategoryID: "cat"},
			{OrganisationID: "dept", SideID: "a", Label: record.ByCategory, CategoryID: "cat"},
		}, []published.Line{line(published.FormCategory, "security services (Ruritania)", "", "")}},
		{"too few: one level up", []record.Presence{{OrganisationID: "tank", SideID: "a", Label: record.ByCategory, CategoryID: "few"}}, []published.Line{line(published.FormCategory, "security services (Ruritania)", "", "")}},
		{"the category itself", []record.Presence{{OrganisationID: "cat", SideID: "a", Label: record.ByCategory}}, []published.Line{line(published.FormCategory, "security services (Ruritania)", "", "")}},
		{"a category is no body", []record.Presence{{OrganisationID: "cat", SideID: "a", Label: record.Exact}}, nil},
		{"a body is no category", []record.Presence{{OrganisationID: "tank", SideID: "a", Label: record.ByCategory, CategoryID: "mfa"}}, nil},
		{"side", []record.Presence{{OrganisationID: "tank", SideID: "a", Label: record.BySide}}, nil},
		{"withheld", []record.Presence{{OrganisationID: "tank", SideID: "a"}}, nil},
		{"unknown label", []record.Presence{{OrganisationID: "tank", SideID: "a", Label: "everything"}}, nil},
		{"through another, exact", []record.Presence{{OrganisationID: "mfa", AttendsThroughID: "tank", SideID: "a", Label: record.Exact}}, nil},
		{"through another, category", []record.Presence{{OrganisationID: "mfa", AttendsThroughID: "tank", SideID: "a", Track: "1", Label: record.ByCategory, CategoryID: "cat"}}, []published.Line{line(published.FormCategory, "security services (Ruritania)", "", "")}},
		{"words", []record.Presence{{Words: "independent researchers", SideID: "a", Label: record.Exact}}, []published.Line{line(published.FormWords, "independent researchers", "", "")}},
		{"words withheld", []record.Presence{{Words: "the only admiral", SideID: "a"}}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := base
			r.Presences = tt.presences
			doc, err := writer{directory: d, slugs: map[string]string{}}.round(r, s)
			if err != nil {
				t.Fatal(err)
			}
			if doc.Title != "Dialogue, 10th round" {
				t.Errorf("title %q", doc.Title)
			}
			if len(doc.Sides) != 2 || !slices.EqualFunc(doc.Sides[0].Lines, tt.want, func(a, b published.Line) bool {
				return a.Form == b.Form && a.Body.Name == b.Body.Name && a.Track == b.Track && a.Role == b.Role
			}) {
				t.Errorf("sides %+v, want lines %+v", doc.Sides, tt.want)
			}
			if len(doc.Sides[1].Lines)+len(doc.Others) > 0 {
				t.Errorf("lines elsewhere: %+v %+v", doc.Sides[1], doc.Others)
			}
		})
	}
}

func TestRoundsThatMayNotBePublic(t *testing.T) {
	free := record.GroundRules{Vector: map[record.Aspect]record.Permission{record.AspectExistence: record.Free}}
	for _, tt := range []struct {
		name  string
		round record.Round
		want  fault.Kind
	}{
		{"closed", record.Round{State: record.Held}, fault.Forbidden},
		{"not cleared", record.Round{State: record.Held, Rules: record.GroundRules{Vector: map[record.Aspect]record.Permission{record.AspectExistence: record.WithClearance}}}, fault.Forbidden},
		{"embargo", record.Round{State: record.Held, Rules: record.GroundRules{Vector: map[record.Aspect]record.Permission{record.AspectExistence: record.AfterEmbargo}}}, fault.Forbidden},
		{"proposed", record.Round{State: record.Proposed, Rules: free}, fault.Invalid},
		{"agreed", record.Round{State: record.Agreed, Rules: free}, fault.Invalid},
		{"no state", record.Round{Rules: free}, fault.Invalid},
	} {
		if _, err := (writer{}).round(tt.round, record.Series{}); fault.KindOf(err) != tt.want {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	// What was said needs a permission of its own.
	r := record.Round{State: record.Held, Rules: free}
	o := record.Output{Draft: record.Draft{Title: "Summary", Body: "What was said"}}
	if _, err := (writer{}).output(o, &r, record.Series{}); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("content without permission: %v", err)
	}
	// Public sources free what they say, not what the house writes beside them,
	// nor what somebody edited since.
	r.Compiled = true
	if _, err := (writer{}).output(o, &r, record.Series{}); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("the house's own text about a compiled round: %v", err)
	}
	o.Compiled = true
	if doc, err := (writer{}).output(o, &r, record.Series{}); err != nil || doc.Body == "" {
		t.Errorf("compiled: %v %v", doc, err)
	}
	r.Rules, r.City, r.Version = record.GroundRules{}, "Port Anselm", 1
	if doc, err := (writer{}).round(r, record.Series{}); err != nil || doc.City == "" {
		t.Errorf("as imported: %v %v", doc, err)
	}
	r.Version = 2
	if _, err := (writer{}).round(r, record.Series{}); fault.KindOf(err) != fault.Forbidden {
		t.Errorf("edited since it was imported: %v", err)
	}
}

func TestCleanText(t *testing.T) {
	for in, want := range map[string]string{
		" Cafe\u0301 ":             "Café",
		"a\u200bb\u202ec\ufeff":    "abc",
		"private\ue000use\x00":     "privateuse",
		"unassigned\u0378":         "unassigned",
		"line\nand\ttab":           "line\nand\ttab",
		"bad\xff bytes":            "bad bytes",
		"国家互联网信息办公室":               "国家互联网信息办公室",
		"tag\U000e0041 characters": "tag characters",
	} {
		if got := clean(in); got != want {
			t.Errorf("clean(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestSlugs(t *testing.T) {
	for in, want := range map[string]string{
		"10th round":                         "10th-round",
		"Université de Genève":               "universite-de-geneve",
		"  Straße — Ærø!  ":                  "strasse-aero",
		"People's Republic":                  "peoples-republic",
		"国家":                                 "",
		strings.Repeat("word ", 30):          strings.TrimSuffix(strings.Repeat("word-", 16), "-"),
		strings.Repeat("x", 100):             strings.Repeat("x", 80),
		"CSIS–CICIR Cybersecurity Dialogue":  "csis-cicir-cybersecurity-dialogue",
		"security services (China), level 2": "security-services-china-level-2",
	} {
		if got := slugify(in); got != want {
			t.Errorf("slugify(%q) = %q, want %q", in, got, want)
		}
	}
	if got := slugOr("body", "国家"); !strings.HasPrefix(got, "body-") || got != slugOr("body", "国家") || got == slugOr("body", "国") {
		t.Errorf("slugOr: %q", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.String().Draw(t, "words")
		if got := slugOr("x", in); got != slugify(got) || got == "" {
			t.Fatalf("slugOr(%q) = %q", in, got)
		}
		if got := join(slugOr("x", in), slugOr("y", rapid.String().Draw(t, "more"))); len(got) > maxSlug || got != slugifyLong(got) {
			t.Fatalf("join: %q", got)
		}
	})
}

// slugifyLong is slugify without its bound.
func slugifyLong(s string) string {
	var parts []string
	for part := range strings.SplitSeq(s, "-") {
		parts = append(parts, slugify(part))
	}
	return strings.Join(parts, "-")
}
