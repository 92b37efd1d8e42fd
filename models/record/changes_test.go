package record

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func anyRules() *rapid.Generator[GroundRules] {
	return rapid.Custom(func(t *rapid.T) GroundRules {
		g := GroundRules{
			Vector: map[Aspect]Permission{}, EmbargoUntil: rapid.SampledFrom([]Date{"", "2026-03-27", "2026-03-28"}).Draw(t, "embargo"),
			Preset: rapid.SampledFrom(Presets).Draw(t, "preset").Key,
		}
		for _, a := range Aspects {
			g.Vector[a] = rapid.SampledFrom(Permissions).Draw(t, string(a))
		}
		return g
	})
}

// stricter draws rules that are as strict as g.
func stricter(t *rapid.T, g GroundRules) GroundRules {
	out := GroundRules{Preset: g.Preset, Vector: map[Aspect]Permission{}, EmbargoUntil: g.EmbargoUntil}
	if rapid.Bool().Draw(t, "later") {
		out.EmbargoUntil = ""
	}
	for a, p := range g.Vector {
		all := []Permission{Never, p}
		if p == Free {
			all = Permissions
		}
		out.Vector[a] = rapid.SampledFrom(all).Draw(t, "as strict")
	}
	return out
}

// Strictness is an order, and what is as strict allows nothing more, whatever
// is cleared and whenever one asks.
func TestLoosens(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, other := anyRules().Draw(t, "a"), anyRules().Draw(t, "other")
		b := stricter(t, a)
		c := stricter(t, b)
		if len(a.Loosens(a)) > 0 || len(b.Loosens(a)) > 0 || len(c.Loosens(a)) > 0 {
			t.Fatalf("as strict: %v, %v, %v", a.Loosens(a), b.Loosens(a), c.Loosens(a))
		}
		if len(other.Loosens(a)) == 0 && len(a.Loosens(other)) == 0 {
			for _, x := range Aspects {
				if a.Vector[x] != other.Vector[x] {
					t.Fatalf("%s differs, yet each is as strict as the other", x)
				}
			}
		}
		looser := other.Loosens(a)
		for _, x := range Aspects {
			for _, basis := range []string{"", "letter"} {
				for _, day := range []string{"2026-03-26", "2026-03-27", "2026-03-28", "2026-03-29"} {
					now := Date(day).First().Add(12 * time.Hour)
					may := func(g GroundRules) bool {
						g.Cleared = map[Aspect]string{x: basis}
						return g.Lifted(now).Allows(x)
					}
					if may(other) && !may(a) && !slices.Contains(looser, x) {
						t.Fatalf("%s: %v allows more than %v and counts as no looser", x, other, a)
					}
				}
			}
		}
	})
}

func TestLooserAspects(t *testing.T) {
	rules := func(p Permission, until Date) GroundRules {
		return GroundRules{Vector: map[Aspect]Permission{AspectCity: p}, EmbargoUntil: until}
	}
	for _, tt := range []struct {
		was, now GroundRules
		looser   bool
	}{
		{rules(Free, ""), rules(Never, ""), false},
		{rules(Never, ""), rules(WithClearance, ""), true},
		{rules(WithClearance, ""), rules(AfterEmbargo, "2026-03-27"), true},
		{rules(AfterEmbargo, "2026-03-27"), rules(WithClearance, ""), true},
		{rules(AfterEmbargo, "2026-03-27"), rules(AfterEmbargo, "2026-03-28"), false},
		{rules(AfterEmbargo, "2026-03-27"), rules(AfterEmbargo, "2026-03-26"), true},
		{rules(AfterEmbargo, ""), rules(AfterEmbargo, "2026-03-26"), true},
		{rules(AfterEmbargo, "2026-03-26"), rules(AfterEmbargo, ""), false},
		{rules("odd", ""), rules(Free, ""), true},
	} {
		if got := tt.now.Loosens(tt.was); (len(got) > 0) != tt.looser {
			t.Errorf("%v to %v: looser %v", tt.was, tt.now, got)
		}
	}
}

// An embargo ends when its day has begun everywhere on Earth.
func TestLifted(t *testing.T) {
	g := GroundRules{Vector: map[Aspect]Permission{AspectCity: AfterEmbargo, AspectVenue: WithClearance}, EmbargoUntil: "2026-03-27"}
	for at, want := range map[string]bool{"2026-03-27T00:00:00Z": false, "2026-03-27T11:59:59Z": false, "2026-03-27T12:00:00Z": true} {
		now, _ := time.Parse(time.RFC3339, at)
		if l := g.Lifted(now); l.Allows(AspectCity) != want || l.Allows(AspectVenue) || g.Allows(AspectCity) {
			t.Errorf("%s: %v", at, l)
		}
	}
	g.EmbargoUntil = "2026"
	if far := time.Date(3000, 1, 1, 0, 0, 0, 0, time.UTC); g.Lifted(far).Allows(AspectCity) {
		t.Error("an embargo without a day ended")
	}
}

func TestRulesAtAMoment(t *testing.T) {
	named := func(preset string) GroundRules { return GroundRules{Preset: preset} }
	b := RuleBook{
		Rules:    named("round"),
		Sessions: []Session{{ID: "s2", On: "2026-03-25", Starts: "11:00"}, {ID: "s3", On: "2026-03-25", Starts: "14:00"}, {ID: "s4"}},
		Changes: []RuleChange{
			{SessionID: "s2", From: "2026-03-25T11:45", Rules: named("s2 late")},
			{SessionID: "s3", Rules: named("s3")},
			{SessionID: "s4", Rules: named("s4")},
			{From: "2026-03-25T15:00", Until: "2026-03-25T18:00", Rules: named("evening")},
		},
	}
	for _, tt := range [][3]string{
		{"", "2026-03-25T09:00", "round"},
		{"", "2026-03-25T15:00", "evening"},
		{"", "2026-03-25T18:00", "round"},
		{"s1", "2026-03-25T09:00", "round"},
		{"s2", "", "round"},
		{"s2", "2026-03-25T11:44", "round"},
		{"s2", "2026-03-25T11:45", "s2 late"},
		{"s2", "2026-03-25T15:00", "evening"},
		{"s3", "", "s3"},
		{"s3", "2026-03-25T14:59", "s3"},
		{"s3", "2026-03-25T15:00", "evening"},
		{"s4", "2026-03-25T15:00", "s4"},
	} {
		if got := b.At(tt[0], tt[1]).Preset; got != tt[2] {
			t.Errorf("%s at %s: %s, want %s", tt[0], tt[1], got, tt[2])
		}
	}
}

// A book counts as looser exactly if it is so somewhere at some minute.
func TestLooserBooks(t *testing.T) {
	moments := []string{"", "2026-03-25T09:00", "2026-03-25T11:00", "2026-03-25T12:00"}
	book := rapid.Custom(func(t *rapid.T) RuleBook {
		b := RuleBook{Rules: anyRules().Draw(t, "rules"), Sessions: []Session{
			{ID: "s1", On: "2026-03-25", Starts: rapid.SampledFrom([]string{"", "09:00", "11:00"}).Draw(t, "starts")}, {ID: "s2"},
		}}
		for range rapid.IntRange(0, 3).Draw(t, "changes") {
			c := RuleChange{
				SessionID: rapid.SampledFrom([]string{"", "s1", "s2"}).Draw(t, "session"), From: rapid.SampledFrom(moments).Draw(t, "from"),
				Until: rapid.SampledFrom(moments).Draw(t, "until"), Rules: anyRules().Draw(t, "rules"),
			}
			if c.Check() == nil {
				b.Changes = append(b.Changes, c)
			}
		}
		return b
	})
	rapid.Check(t, func(t *rapid.T) {
		was, now := book.Draw(t, "was"), book.Draw(t, "now")
		looser := map[Aspect]bool{}
		for _, session := range []string{"", "s1", "s2"} {
			for _, at := range []string{"", "0", "2026-03-25T08:59", "2026-03-25T09:00", "2026-03-25T10:30", "2026-03-25T11:00", "2026-03-25T11:59", "2026-03-25T12:00", "2026-03-25T20:00"} {
				for _, a := range now.At(session, at).Loosens(was.At(session, at)) {
					looser[a] = true
				}
			}
		}
		if got := now.Loosens(was); len(got) != len(looser) {
			t.Fatalf("looser: %v, want %v", got, looser)
		}
		copied := RuleBook{Rules: was.Strictest(), Sessions: was.Sessions}
		if l := copied.Loosens(was); len(l) > 0 {
			t.Fatalf("a copy is looser: %v\n%v\n%v", l, was, copied)
		}
		if len(was.Loosens(was)) > 0 {
			t.Fatal("a book is looser than itself")
		}
	})
}

// What the sentences say is what the rules allow, each aspect once; so it is on
// the card, in each language alike, and no clearance changes the card.
func TestSentencesSayWhatTheRulesAllow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := anyRules().Draw(t, "rules")
		plain := RuleBook{Rules: g}.Card()
		g.Cleared = map[Aspect]string{}
		for _, a := range Aspects {
			if rapid.Bool().Draw(t, "cleared") {
				g.Cleared[a] = "by letter of Mr Quill"
			}
		}
		may, not := g.Sentences()
		said := map[Aspect]Condition{}
		for _, s := range append(may, not...) {
			for _, a := range s.Aspects {
				if _, twice := said[a]; twice {
					t.Fatalf("%s is said twice", a)
				}
				said[a] = s.Condition
				for _, l := range []Language{English, Chinese} {
					if !strings.Contains(s.Text(l), WordsOf[a].Says[l]) && !(slices.Contains(attributed, a) && strings.Contains(s.Text(l), anyView[l])) {
						t.Fatalf("%q leaves %s out", s.Text(l), a)
					}
				}
			}
		}
		for _, a := range Aspects {
			c, there := said[a]
			if free := c == Unbound || c == Cleared; !there || free != g.Allows(a) {
				t.Fatalf("%s is said as %v (%v), the rules say %v", a, c, there, g.Allows(a))
			}
		}
		card := RuleBook{Rules: g}.Card()
		if card.Hash() != plain.Hash() {
			t.Fatal("a clearance changed the card")
		}
		for _, line := range card.Lines {
			if line[English] == "" || line[Chinese] == "" || strings.Contains(line[English]+line[Chinese], "Quill") {
				t.Fatalf("the card says %q", line)
			}
		}
	})
}

func TestCardOfTheChathamHouseRule(t *testing.T) {
	rules := GroundRules{Preset: "chatham_house", Vector: merge(PresetOf("chatham_house").Vector, vector(AfterEmbargo, AspectDates, AspectCity)), EmbargoUntil: "2026-03-27"}
	closed := GroundRules{}
	noQuotes := GroundRules{Vector: merge(rules.Vector, vector(Never, AspectTopics)), EmbargoUntil: "2026-03-27"}
	b := RuleBook{
		Rules: rules, Sessions: []Session{{ID: "a", Position: 2, Title: "Contact points"}, {ID: "b", Position: 3}},
		Changes: []RuleChange{{SessionID: "b", Rules: closed, AskedBy: "V1"}, {SessionID: "a", From: "2026-03-25T11:45", Rules: noQuotes, AskedBy: "N3"}, {From: "2026-03-25T15:00", Rules: rules}},
	}
	card := b.Card()
	var english, chinese []string
	for _, l := range card.Lines {
		english, chinese = append(english, l[English]), append(chinese, l[Chinese])
	}
	want := []string{
		chathamHouse[English],
		"You may say that this round takes place, which number it has, who convenes it, what the topics are, and what was said, without saying whose view it was.",
		"From 27 March 2026 you may say when it meets and in which city it meets.",
		"Only once those concerned have cleared the exact text may you say which organisations take part, the names of participants, how many take part, and what is in papers handed out.",
		"You may not say in which building it meets, who leads a delegation, who presents in which session, which side, organisation or person held a view, or anybody’s exact words.",
		"Session 2, from 25 March, 11:45: You may not say what the topics are.",
		"Session 3 is closed: nothing said in it is used outside, and nobody says that it was held.",
	}
	if !slices.Equal(english, want) {
		t.Errorf("the card says\n%s", strings.Join(english, "\n"))
	}
	zh := []string{
		chathamHouse[Chinese],
		"可以对外说明：本轮会议举行一事、会议为第几轮、主办单位、会议议题，以及讨论内容（不得注明观点出自何方）。",
		"自2026年3月27日起可以对外说明：会议日期和会议所在城市。",
		"须经有关方面确认具体文字后，方可对外说明：参会机构、与会者姓名、与会人数，以及会上所发文件的内容。",
		"不得对外说明：会议场所、代表团团长、各场会议的主讲人、观点出自哪一方、哪一机构或何人，或发言原话。",
		"第2场会议，自3月25日11:45起，不得对外说明：会议议题。",
		"第3场会议为闭门会议，会上内容一律不得对外使用，亦不得透露该场会议曾经举行。",
	}
	if !slices.Equal(chinese, zh) {
		t.Errorf("the card says\n%s", strings.Join(chinese, "\n"))
	}
	for _, l := range append(english, chinese...) {
		for _, name := range []string{"V1", "N3", "Contact points"} {
			if strings.Contains(l, name) {
				t.Errorf("%q names %s", l, name)
			}
		}
	}
	late := RuleBook{Rules: rules, Changes: []RuleChange{{From: "2026-03-25T15:00"}}}.Card()
	if got := late.Lines[len(late.Lines)-1]; got != (Said{"From 25 March, 15:00, all is closed: nothing said then is used outside.", "自3月25日15:00起，转为闭门讨论，所谈内容一律不得对外使用。"}) {
		t.Errorf("a closed evening reads %q", got)
	}
	// Rules that free who said it are not read out as the Chatham House Rule.
	b.Rules.Vector = merge(rules.Vector, vector(Free, AspectByPerson))
	if first := b.Card().Lines[0]; first == chathamHouse {
		t.Error("attributed content is read out under the Chatham House Rule")
	}
	if only := (RuleBook{}).Card().Lines; len(only) != 1 || only[0] != nothingSaid {
		t.Errorf("closed rules read %q", only)
	}
}

// What every set of rules in a book allows is what all of those allow that hold
// in a session, and those that hold in it at any moment are among its part of
// the book.
func TestCommonRulesOfASession(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := RuleBook{Rules: anyRules().Draw(t, "rules"), Sessions: []Session{{ID: "a", On: "2026-03-25", Starts: "09:30", Ends: "11:00"}, {ID: "b", On: "2026-03-25"}}}
		moment := rapid.SampledFrom([]string{"", "2026-03-25T09:00", "2026-03-25T10:00", "2026-03-25T11:00", "2026-03-26T09:00"})
		for range rapid.IntRange(0, 3).Draw(t, "changes") {
			b.Changes = append(b.Changes, RuleChange{
				SessionID: rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "session"), From: moment.Draw(t, "from"), Until: moment.Draw(t, "until"),
				Rules: anyRules().Draw(t, "its rules"),
			})
		}
		now := time.Date(2026, 3, 27, 13, 0, 0, 0, time.UTC)
		for _, session := range []string{"a", "b"} {
			common := b.Of(session).Common(now)
			for _, at := range []string{"", "2026-03-25T09:30", "2026-03-25T10:30"} {
				holds := b.At(session, at).Lifted(now)
				for _, a := range Aspects {
					if common.Allows(a) && !holds.Allows(a) {
						t.Fatalf("%s is common to what holds in %s, but not at %q", a, session, at)
					}
				}
			}
		}
		if a := b.Of().Common(now); len(a.Loosens(b.Rules.Lifted(now))) > 0 && len(b.Rules.Cleared) == 0 {
			t.Fatalf("of no session it is looser than the round: %v", a)
		}
	})
	over := RuleBook{Sessions: []Session{{ID: "a", On: "2026-03-25", Starts: "09:30", Ends: "11:00"}}, Changes: []RuleChange{
		{SessionID: "b"}, {From: "2026-03-25T11:00"}, {From: "2026-03-24T09:00", Until: "2026-03-25T09:30"},
	}}
	if got := over.Of("a").Changes; len(got) > 0 {
		t.Errorf("what holds elsewhere or at other times concerns the session: %+v", got)
	}
}
