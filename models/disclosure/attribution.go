package disclosure

import (
	"slices"
	"strings"

	"track15/models/disclosure/words"
)

// A level says whom words are ascribed to.
type level uint8

const (
	noLevel level = iota
	side          // "the Russian side"
	ofBody        // "an official of the ministry"
	ofPerson
)

// A speaker is words of a draft that name who is said to have spoken.
type speaker struct {
	span
	level   level
	sources []string
	rounds  []string
	table   bool // somebody who sits at the table: whatever they do there was said there
}

// The rules of attribution.
const (
	ruleSide   = "attribution.side"
	ruleOfBody = "attribution.body"
	rulePerson = "attribution.person"
)

// notice keeps the countries of those in the record.
func (x *Index) notice() {
	all := map[string]bool{}
	for _, p := range x.people {
		if !p.gone {
			all[p.Country] = true
		}
	}
	for _, b := range x.bodies {
		if !b.gone {
			all[b.Country] = true
		}
	}
	delete(all, "")
	x.nations = all
}

// attributions finds words that are ascribed to a side, a body or a person of the
// record.
func (c *check) attributions() {
	var may Ascribed
	if r := c.index.rounds[c.opt.Round]; r != nil {
		may = r.May
	}
	for _, s := range c.sentences {
		if c.publicly(s) {
			continue
		}
		for _, sp := range c.speakers(s) {
			at, ok := c.ascribed(s, sp)
			if !ok {
				continue
			}
			f := Finding{Rule: ruleSide, Class: Attribution, Severity: Clearance, Score: 0.8, Sources: sp.sources, Rounds: sp.rounds}
			allowed := may.Side
			switch sp.level {
			case ofBody:
				f.Rule, f.Severity, f.Score, allowed = ruleOfBody, Block, 0.9, may.Body
			case ofPerson:
				f.Rule, f.Severity, f.Score, allowed = rulePerson, Block, 0.95, may.Person
			}
			if allowed {
				f.Severity = Advice
			}
			c.add(f, at.from, at.to)
			break
		}
	}
}

// publicly reports whether a sentence tells what was said before everybody.
func (c *check) publicly(s span) bool {
	if c.has(s, private) {
		return false
	}
	for i := s.from; i < s.to; i++ {
		stem := c.tokens[i].stem
		if acting[stem] || heralds[stem] || reporters[c.tokens[i].word] {
			return true
		}
		if !acts[stem] {
			continue
		}
		for j := max(s.from, i-3); j < i; j++ {
			if w := c.tokens[j].word; w == "in" || w == "on" || w == "to" || w == "at" || w == "told" || w == "through" || w == "via" || issuing[c.tokens[j].stem] {
				return true
			}
		}
		if i+1 < s.to && issuing[c.tokens[i+1].stem] {
			return true
		}
	}
	return false
}

// heralds are words that only what is public has, and issuing verbs that make the
// thing they are about public.
var (
	heralds = stems(`spokesperson spokesman spokeswoman spokesmen spokespeople publish publication journalist newspaper interview tweet
		televise broadcast website op-ed oped communique podcast webcast memoir testify testimony press gazette newsletter headline author coauthor edit editor`)
	reporters = set(`reporter reporters`) // whose stem is that of "report"
	issuing   = stems(`issue sign adopt release give hold publish write print pass ratify announce deliver air grant`)
)

// speakers are those in a sentence whose words may be told.
func (c *check) speakers(s span) []speaker {
	var all []speaker
	for _, h := range c.named {
		if h.from >= s.from && h.to <= s.to {
			all = append(all, speaker{h.span, ofPerson, []string{h.of.ID}, h.of.rounds(), true})
		}
	}
	// Who may be named may still not be told to have said something at the table.
	if c.has(s, taking) || c.has(s, atTable) || c.has(s, private) {
		for _, h := range c.nameable {
			if h.from >= s.from && h.to <= s.to && !c.quotable(h.of) {
				all = append(all, speaker{h.span, ofPerson, []string{h.of.ID}, h.of.rounds(), false})
			}
		}
	}
	for _, h := range c.secret {
		if h.from >= s.from && h.to <= s.to && !h.doubtful {
			at := c.withPerson(s, h.span)
			all = append(all, speaker{at, ofBody, []string{h.of.ID}, h.of.rounds, true})
		}
	}
	for i := s.from; i < s.to; i++ {
		if size, code := c.nation(i); size > 0 && c.index.nations[code] {
			if sp, ok := c.national(s, span{i, i + size}); ok {
				all = append(all, sp)
			}
		}
		if sp, ok := c.hosts(s, i); ok {
			all = append(all, sp)
		}
	}
	return all
}

// quotable reports whether words may be ascribed to somebody, or were never heard at
// a round.
func (c *check) quotable(p *person) bool {
	if p.ID == c.opt.Author || len(p.Presences) == 0 {
		return true
	}
	return slices.ContainsFunc(p.Presences, func(in Presence) bool {
		return in.WordsCleared && (c.opt.Round == "" || in.Round == c.opt.Round)
	})
}

// nation reads a word for a country at a token.
func (c *check) nation(at int) (size int, code string) {
	t := &c.tokens[at]
	if t.kind != word || t.shape == small {
		return 0, ""
	}
	if at+1 < len(c.tokens) && c.tokens[at+1].gap == near {
		if code, ok := countries[t.word+" "+c.tokens[at+1].word]; ok {
			return 2, code
		}
	}
	if code, ok := countries[t.word]; ok && !(t.word == "us" && t.shape != shout) {
		return 1, code
	}
	return 0, ""
}

// national reads "a senior Russian official", "the Norwegians", "Moscow's man",
// "an official from Moscow" around a word for a country.
func (c *check) national(s, at span) (speaker, bool) {
	from := at.from
	for n := 0; n < 3 && from > s.from && c.tokens[from].gap == near && (articles[c.tokens[from-1].word] || c.describing(from-1)); n++ {
		from--
		if articles[c.tokens[from].word] {
			break
		}
	}
	// "a member of the Chinese team"
	if from-2 >= s.from && c.tokens[from-1].word == "of" && (persons[c.tokens[from-2].stem] || articles[c.tokens[from-2].word]) {
		if from -= 2; from > s.from && articles[c.tokens[from-1].word] {
			from--
		}
	}
	// "Russian naval official", "Moscow's man"
	for i, n := at.to, 0; i < s.to && n < 4 && c.tokens[i].gap == near; i, n = i+1, n+1 {
		t := &c.tokens[i]
		if persons[t.stem] && t.kind == word {
			return speaker{span: span{from, i + 1}, level: side, table: tableNouns[t.stem]}, true
		}
		if viewNouns[t.stem] {
			return speaker{span: span{from, i + 1}, level: side}, true
		}
		if !c.describing(i) {
			break
		}
	}
	// "an official from Moscow", "the delegate of Norway", "a member of the British team" has its own
	if i := at.from - 1; i > s.from {
		if c.tokens[i].word == "the" {
			i--
		}
		if i > s.from && (c.tokens[i].word == "from" || c.tokens[i].word == "of") && persons[c.tokens[i-1].stem] {
			start := i - 1
			for n := 0; n < 3 && start > s.from && c.tokens[start].gap == near && (articles[c.tokens[start-1].word] || c.describing(start-1)); n++ {
				start--
			}
			return speaker{span: span{start, at.to}, level: side, table: true}, true
		}
	}
	// "the Norwegians", "a Norwegian"
	if from < at.from && articles[c.tokens[from].word] {
		if at.to >= s.to || c.tokens[at.to].gap != near || !c.describing(at.to) || speaking[c.tokens[at.to].stem] {
			return speaker{span: span{from, at.to}, level: side}, true
		}
	}
	return speaker{}, false
}

// describing reports whether a token may stand between an article and its noun.
func (c *check) describing(at int) bool {
	t := &c.tokens[at]
	if t.kind != word || stop[t.word] {
		return false
	}
	e, ok := words.Of(t.stem)
	return !ok || e.Class&(words.Adjective|words.Noun) != 0
}

var articles = set(`a an the one another some several two three both that this each every our their his her all`)

// tableNouns are those whose words are words at the table, whatever the verb.
var tableNouns = stems(`participant delegate delegation side counterpart interlocutor guest host diplomat official negotiator member team attendee representative bench contingent adviser advisor envoy attache ambassador officer mission voice panellist`)

// viewNouns are what somebody has who said something.
var viewNouns = stems(`view position line message point reading account fear worry concern answer reply proposal complaint hint suggestion opinion version understanding impression expectation take stance demand objection reservation remark comment intervention statement warning concession offer bottom-line wording`)

// hosts reads "one of our hosts", "the other side", "their delegation", "the
// ministry's view".
func (c *check) hosts(s span, at int) (speaker, bool) {
	t := &c.tokens[at]
	if at == s.from || t.kind != word {
		return speaker{}, false
	}
	before := &c.tokens[at-1]
	switch {
	case (t.stem == words.Stem("host") || t.stem == words.Stem("counterpart") || t.stem == words.Stem("interlocutor")) && (before.word == "our" || before.word == "the" || before.word == "their"):
		from := at - 1
		if from-2 >= s.from && c.tokens[from-1].word == "of" {
			from -= 2
		}
		return speaker{span: span{from, at + 1}, level: side, table: true}, true
	case (t.stem == words.Stem("side") || t.stem == words.Stem("delegation") || t.stem == words.Stem("team")) && sided[before.word]:
		from := at - 1
		if from > s.from && articles[c.tokens[from-1].word] {
			from--
		}
		return speaker{span: span{from, at + 1}, level: side, table: true}, true
	case viewNouns[t.stem] && bodyNouns[before.stem] && strings.ContainsAny(c.raw[before.end:t.start], "'’"):
		return speaker{span: span{max(s.from, at-2), at + 1}, level: ofBody}, true
	}
	return speaker{}, false
}

var sided = set(`other visiting their opposite hosting host guest opposing counterpart foreign sending receiving`)

// bodyNouns are words for a body that a text does not name.
var bodyNouns = stems(`ministry agency regulator inspectorate directorate bureau service command staff authority commission department committee council office institute navy army government embassy cabinet presidency`)

// withPerson is the span of a body with the person of it who spoke: "an official of
// the inspectorate".
func (c *check) withPerson(s, at span) span {
	from, to := at.from, at.to
	if to < s.to && c.tokens[to].gap == near && persons[c.tokens[to].stem] {
		to++
	}
	for n := 0; n < 4 && from > s.from && c.tokens[from].gap == near; n++ {
		w := &c.tokens[from-1]
		if !articles[w.word] && w.word != "of" && w.word != "from" && w.word != "at" && !persons[w.stem] {
			break
		}
		from--
	}
	return span{from, to}
}

// ascribed reports whether a sentence ascribes words to a speaker, and the words
// that do.
func (c *check) ascribed(s span, sp speaker) (span, bool) {
	if from, ok := c.leadIn(s, sp.from); ok {
		return span{from, sp.to}, true
	}
	// "From a British adviser we learned"
	if sp.from > s.from && c.tokens[sp.from-1].word == "from" && sp.to+1 < s.to && (c.tokens[sp.to].word == "we" || c.tokens[sp.to].word == "i") && hearing[c.tokens[sp.to+1].stem] {
		return span{sp.from - 1, sp.to + 2}, true
	}
	if viewNouns[c.tokens[sp.to-1].stem] && !persons[c.tokens[sp.to-1].stem] {
		return sp.span, true
	}
	// "the view of the Russian side"
	if i := sp.from - 1; i > s.from && c.tokens[i].word == "of" && viewNouns[c.tokens[i-1].stem] {
		return span{i - 1, sp.to}, true
	}
	// "A Russian official, smiling, confided", "the delegation made clear"
	verbs := sure
	if sp.table {
		verbs = speaking
	}
	commas := 0
	for i := sp.to; i < min(s.to, sp.to+9); i++ {
		t := &c.tokens[i]
		if t.gap == clause || t.gap == heading {
			break
		}
		if t.gap == comma {
			commas++
		}
		if t.kind == word && sp.table && (t.word == "would" || t.word == "will") && i == sp.to {
			return span{sp.from, min(s.to, i+3)}, true
		}
		if t.kind == word && i < sp.to+4 && stances[t.stem] && c.has(span{sp.to, i}, being) {
			return span{sp.from, i + 1}, true
		}
		if t.kind != word || t.shape != small || stop[t.word] {
			continue
		}
		e, known := words.Of(t.stem)
		if !known || e.Class&words.Verb == 0 {
			continue
		}
		switch {
		case i+1 < s.to && making[t.stem] && plainly[c.tokens[i+1].word]:
			return span{sp.from, i + 2}, true
		case t.stem == words.Stem("give") && i+2 < s.to && c.tokens[i+2].word == "to":
			return span{sp.from, min(s.to, i+4)}, true
		case t.stem == words.Stem("let") && i+1 < s.to, t.stem == words.Stem("put") && i+1 < s.to && c.tokens[i+1].word == "it":
			return span{sp.from, i + 2}, true
		case verbs[t.stem] && c.active(s, i):
			to := i + 1
			for to < s.to && to < i+3 && c.tokens[to].gap == near && listeners[c.tokens[to].stem] {
				to++
			}
			return span{sp.from, to}, true
		case commas == 0 && !sp.table && verbal(t.word, e) && !auxiliary[t.stem]:
			return span{}, false // they did something else
		}
	}
	return span{}, false
}

// stances are what somebody is who holds a view.
var stances = stems(`adamant ready willing unwilling reluctant against opposed prepared keen sceptical certain furious determined open sure convinced angry relieved unhappy content cool lukewarm firm unmoved dismissive silent evasive in-favour`)

var being = stems(`be seem appear remain sound`)

var (
	making    = stems(`make take`)
	plainly   = set(`clear plain known it no the`)
	listeners = stems(`the us group table room panel me that`)
	atTable   = stems(`us group table room panel`)
	auxiliary = stems(`be have do seem appear come go sit lean smile laugh return begin start continue keep`)
)

// active reports whether a verb of speaking is no adjective or noun there: "the
// Norwegian official answer".
func (c *check) active(s span, at int) bool {
	if at > s.from && (articles[c.tokens[at-1].word] || c.tokens[at-1].word == "to" && at-2 >= s.from && !auxiliary[c.tokens[at-2].stem] && !stop[c.tokens[at-2].word]) {
		return false
	}
	return true
}

// leadIn reads "according to", "in the words of", "we heard from", "was told by"
// before a speaker.
func (c *check) leadIn(s span, at int) (int, bool) {
	back := func(n int) string {
		if at-n < s.from {
			return ""
		}
		return c.tokens[at-n].word
	}
	switch {
	case back(2) == "according" && back(1) == "to":
		return at - 2, true
	case back(1) == "of" && slices.Contains([]string{"words", "view", "lips", "mouth", "opinion", "eyes", "judgement", "judgment", "phrase", "estimate", "reading", "telling", "insistence", "request"}, back(2)):
		from := at - 2
		for n := 0; n < 2 && from > s.from && c.tokens[from].gap == near && (c.tokens[from-1].word == "the" || c.tokens[from-1].word == "in" || c.tokens[from-1].word == "from" || c.tokens[from-1].word == "at"); n++ {
			from--
		}
		return from, true
	case back(1) == "per":
		return at - 1, true
	case back(1) == "from" && back(2) == "came" && back(3) == "it":
		return at - 3, true
	case back(1) == "from" && viewNouns[c.stemAt(at-2, s)]:
		return at - 2, true
	case inverted[back(1)]: // "said the Russian side"
		return at - 1, true
	case back(1) == "from" && hearing[c.stemAt(at-2, s)]:
		from := at - 2
		if from > s.from && c.tokens[from-1].word == "we" {
			from--
		}
		return from, true
	case back(1) == "by" && back(2) == "understand": // "we were given to understand by"
		return at - 2, true
	case back(1) == "by":
		for n := 2; n <= 5 && at-n >= s.from; n++ {
			if t := &c.tokens[at-n]; speaking[t.stem] && (t.word == "put" || strings.HasSuffix(t.word, "ed") || words.Irregular(t.word)) {
				return at - n, true
			}
		}
		for n := 2; n <= 6 && at-n >= s.from; n++ {
			if making[c.tokens[at-n].stem] && c.has(span{max(s.from, at-n-4), at}, viewNouns) {
				return at - n, true
			}
		}
	}
	return 0, false
}

// inverted are verbs before whoever speaks, which nobody else is spoken to with.
var inverted = set(`said added insisted replied argued admitted claimed conceded complained confided hinted suggested observed remarked countered mused sighed snapped`)

var hearing = stems(`hear learn understand gather know whisper rumour`)

// stemAt is the stem at a token of a sentence, "" outside.
func (c *check) stemAt(at int, s span) string {
	if at < s.from || at >= s.to {
		return ""
	}
	return c.tokens[at].stem
}
