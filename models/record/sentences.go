package record

import (
	"slices"
	"strings"
)

// A Language is one in which rules are said. The zero value is English.
type Language int

const (
	English Language = iota
	Chinese
)

// Said holds the same words in each language.
type Said [2]string

// An AspectWords is what people call an aspect, and the words for it that
// follow "You may say" or "You may not say".
type AspectWords struct {
	Name string
	Says Said
}

// WordsOf is the one table of what an aspect is called: the page of the rules
// and the card that is read out are both made of it.
var WordsOf = map[Aspect]AspectWords{
	AspectExistence:    {"Existence", Said{"that this round takes place", "本轮会议举行一事"}},
	AspectOrdinal:      {"Ordinal", Said{"which number it has", "会议为第几轮"}},
	AspectDates:        {"Dates", Said{"when it meets", "会议日期"}},
	AspectCity:         {"City", Said{"in which city it meets", "会议所在城市"}},
	AspectVenue:        {"Venue", Said{"in which building it meets", "会议场所"}},
	AspectConveners:    {"Conveners", Said{"who convenes it", "主办单位"}},
	AspectOrganisation: {"Organisations", Said{"which organisations take part", "参会机构"}},
	AspectHeads:        {"Delegation heads", Said{"who leads a delegation", "代表团团长"}},
	AspectNames:        {"Participant names", Said{"the names of participants", "与会者姓名"}},
	AspectHeadcount:    {"Headcount", Said{"how many take part", "与会人数"}},
	AspectTopics:       {"Topics", Said{"what the topics are", "会议议题"}},
	AspectPresenters:   {"Presenters by session", Said{"who presents in which session", "各场会议的主讲人"}},
	AspectUnattributed: {"Content, unattributed", Said{"what was said", "讨论内容"}},
	AspectBySide:       {"Content by side", Said{"which side held a view", "观点出自哪一方"}},
	AspectByBody:       {"Content by body", Said{"which organisation held a view", "观点出自哪一机构"}},
	AspectByPerson:     {"Content by person", Said{"which person held a view", "观点出自何人"}},
	AspectQuotations:   {"Quotations", Said{"anybody’s exact words", "发言原话"}},
	AspectDocuments:    {"Documents", Said{"what is in papers handed out", "会上所发文件的内容"}},
}

// A Condition is under what condition a thing may be said.
type Condition int

const (
	NotSaid    Condition = iota // it may not be said
	Unbound                     // freely
	Cleared                     // its clearance is recorded
	OnceClear                   // once those concerned have cleared the text
	FromDay                     // from the day on which the embargo ends
	WithoutDay                  // after an embargo for which no day was agreed
)

// A Sentence is what may or may not be said under one condition: aspects of one
// subject, in the order in which a card reads them out.
type Sentence struct {
	Condition Condition
	Aspects   []Aspect
	rules     GroundRules
}

// subjects divide the aspects into those of the meeting, of the people and of
// what was said.
var subjects = [][]Aspect{
	{AspectExistence, AspectOrdinal, AspectDates, AspectCity, AspectVenue, AspectConveners},
	{AspectOrganisation, AspectHeads, AspectNames, AspectHeadcount, AspectPresenters},
	{AspectTopics, AspectUnattributed, AspectBySide, AspectByBody, AspectByPerson, AspectQuotations, AspectDocuments},
}

// Condition returns under what condition the aspect may be said.
func (g GroundRules) Condition(a Aspect) Condition {
	switch g.Vector[a] {
	case Free:
		return Unbound
	case WithClearance:
		if g.Cleared[a] != "" {
			return Cleared
		}
		return OnceClear
	case AfterEmbargo:
		if g.EmbargoUntil == "" {
			return WithoutDay
		}
		return FromDay
	}
	return NotSaid
}

// Sentences reads the rules as what may be said and what may not. Each aspect
// stands in exactly one sentence.
func (g GroundRules) Sentences() (may, not []Sentence) {
	for _, c := range []Condition{Unbound, FromDay, Cleared, OnceClear} {
		may = append(may, g.under(Aspects, c)...)
	}
	return may, append(g.under(Aspects, NotSaid), g.under(Aspects, WithoutDay)...)
}

// under returns the sentences of those of the aspects that stand under one
// condition, one a subject.
func (g GroundRules) under(of []Aspect, c Condition) []Sentence {
	var all []Sentence
	for _, subject := range subjects {
		s := Sentence{Condition: c, rules: g}
		for _, a := range subject {
			if slices.Contains(of, a) && g.Condition(a) == c {
				s.Aspects = append(s.Aspects, a)
			}
		}
		if len(s.Aspects) > 0 {
			all = append(all, s)
		}
	}
	return all
}

// Lead says the condition, "" for none: "From 27 March 2026".
func (s Sentence) Lead(l Language) string {
	if s.Condition == FromDay {
		if l == Chinese {
			return "自" + chineseDay(s.rules.EmbargoUntil) + "起"
		}
		return "From " + englishDay(s.rules.EmbargoUntil)
	}
	return leads[s.Condition][l]
}

var leads = map[Condition]Said{
	Cleared:    {"Cleared", "已获确认"},
	OnceClear:  {"Once cleared", "经有关方面确认后"},
	WithoutDay: {"Until an end of the embargo is agreed", "在商定解禁日期之前"},
}

// Text says the aspects as one phrase: "when it meets and in which city".
func (s Sentence) Text(l Language) string {
	together := !slices.ContainsFunc(attributed, func(a Aspect) bool { return !slices.Contains(s.Aspects, a) })
	var phrases []string
	for _, a := range s.Aspects {
		switch {
		case !together || !slices.Contains(attributed, a):
			phrases = append(phrases, s.says(a)[l])
		case a == attributed[0]:
			phrases = append(phrases, anyView[l])
		}
	}
	return enumerate(l, phrases, s.Condition == NotSaid || s.Condition == WithoutDay)
}

// attributed are the aspects of whose a view was, which are said in one phrase
// where they stand together.
var (
	attributed = []Aspect{AspectBySide, AspectByBody, AspectByPerson}
	anyView    = Said{"which side, organisation or person held a view", "观点出自哪一方、哪一机构或何人"}
)

// says is what the sentence says of an aspect. Content that may be used, but
// not whose it was, says so.
func (s Sentence) says(a Aspect) Said {
	named := slices.ContainsFunc(attributed, func(a Aspect) bool { return s.rules.Vector[a] == Free })
	if a == AspectUnattributed && s.Condition == Unbound && !named {
		return Said{"what was said, without saying whose view it was", "讨论内容（不得注明观点出自何方）"}
	}
	return WordsOf[a].Says
}

// enumerate joins phrases; negative ones by "or".
func enumerate(l Language, phrases []string, negative bool) string {
	n := len(phrases) - 1
	j := joints[l][0]
	if negative {
		j = joints[l][1]
	}
	switch {
	case n <= 0:
		return strings.Join(phrases, "")
	case n > 1 || strings.Contains(phrases[0]+phrases[1], ","):
		return strings.Join(phrases[:n], j.between) + j.last + phrases[n]
	}
	return phrases[0] + j.pair + phrases[1]
}

// joints are what stands between phrases, in each language: first where they
// may be said, then where they may not.
var joints = [2][2]struct{ between, pair, last string }{
	English: {{", ", " and ", ", and "}, {", ", " or ", ", or "}},
	Chinese: {{"、", "和", "，以及"}, {"、", "或", "，或"}},
}

func englishDay(d Date) string { return d.First().Format("2 January 2006") }

func chineseDay(d Date) string { return d.First().Format("2006年1月2日") }
