// Package disclosure compares a draft with the confidential record and says
// where it may disclose something of it.
//
// Everything here is a pure function over an Index, which is built in memory
// from the unsealed record and never stored. Check returns what it found, each
// with the rule under which docs/disclosure.md explains it. Nothing here decides:
// a person does.
package disclosure

import (
	"cmp"
	"slices"
	"strings"
)

// A Class is the kind of thing that a finding may disclose.
type Class string

// The classes, in families: text, names, bodies, who said it, what is embargoed,
// what together points at one person.
const (
	VerbatimQuote   Class = "verbatim_quote"
	LightParaphrase Class = "light_paraphrase"
	HeavyParaphrase Class = "heavy_paraphrase"
	Number          Class = "number"
	NameExact       Class = "name_exact"
	NameVariant     Class = "name_variant"
	Organisation    Class = "organisation"
	Affiliation     Class = "affiliation"
	Attribution     Class = "attribution"
	DateVenue       Class = "date_venue"
	Combination     Class = "combination"
)

// A Severity says what a finding does to a release.
type Severity string

const (
	Block     Severity = "error"   // nothing goes out before somebody decided
	Clearance Severity = "warning" // a second person must decide
	Advice    Severity = "info"    // worth a look
)

// A Finding is a span of a draft that may disclose.
//
// Start and End are byte offsets, 0 <= Start < End <= len(draft), as in
// draft[Start:End], on the borders of code points.
type Finding struct {
	Rule       string // the name under which docs/disclosure.md explains it
	Class      Class
	Severity   Severity
	Start, End int
	Score      float64  // how sure the rule is, in (0, 1]
	Sources    []string // ids of what in the record it rests on: only for who may read them
	Rounds     []string // ids of the rounds they belong to; none where it rests on no round
}

// Check compares a draft with the record. The findings are sorted by where they
// begin and end and by their rules; the same draft and index give the same ones.
// A draft of 1,000 words takes some milliseconds.
func (x *Index) Check(draft string, o Options) []Finding {
	c := check{index: x, text: read(draft), opt: o, relations: map[uint64]float32{}, places: map[place]int{}, expanded: map[string]bool{}}
	c.taken = make([]bool, len(c.tokens))
	c.allowed()
	// What is certain comes first, so that later rules can leave out what it covers.
	c.peoples()
	c.organisations()
	c.embargoes()
	c.statements()
	c.attributions()
	c.combinations()
	c.unread()
	slices.SortFunc(c.found, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End), cmp.Compare(a.Rule, b.Rule))
	})
	return c.found
}

// LanguageUnread is the rule of a draft whose sentences nobody compared with the
// notes. Its finding is of the whole draft and marks the first word.
const LanguageUnread = "language.unread"

// unread makes a finding of a draft in a language that the rules of text do not know,
// where there are notes to compare it with.
func (c *check) unread() {
	if c.opt.reads() || len(c.tokens) == 0 {
		return
	}
	f := Finding{Rule: LanguageUnread, Class: LightParaphrase, Severity: Block, Score: 1}
	for round, passages := range c.index.notes {
		if len(passages) > 0 {
			f.Rounds = append(f.Rounds, round)
		}
	}
	if len(f.Rounds) > 0 {
		c.add(f, 0, 1)
	}
}

// A check is one draft being compared.
type check struct {
	text
	index  *Index
	opt    Options
	found  []Finding
	places map[place]int // of findings

	taken      []bool // tokens of words that may be said
	takenSpans []span
	open       []span    // bodies that may be named
	secret     []bodyHit // and those that may not
	named      []hit     // people who may not be named
	nameable   []hit     // and those who may
	inName     []bool    // tokens of a name that may not be said
	dated      []bool    // tokens of a time

	shared  []float32 // by passage, while candidates are looked for
	touched []uint32

	relations map[uint64]float32 // of words that were compared
	expanded  map[string]bool    // by acronym: the draft says what else it stands for
}

// A place is where a rule made a finding.
type place struct {
	rule     string
	from, to int
}

// allowed takes what may be said everywhere.
func (c *check) allowed() {
	for _, ws := range c.index.allowed {
		for i := range c.tokens {
			if len(ws) > 0 && c.says(i, ws) {
				c.take(span{i, i + len(ws)})
			}
		}
	}
}

// take marks words that may be said.
func (c *check) take(s span) {
	for i := s.from; i < s.to; i++ {
		c.taken[i] = true
	}
	c.takenSpans = append(c.takenSpans, s)
}

// isTaken reports whether words may be said that a span has.
func (c *check) isTaken(s span) bool { return slices.Contains(c.taken[s.from:s.to], true) }

// add notes a finding over tokens [from, to). Findings of one rule about the same
// words are one, of the greatest severity.
func (c *check) add(f Finding, from, to int) {
	f.Start, f.End = c.tokens[from].start, c.tokens[to-1].end
	key := place{f.Rule, from, to}
	i, known := c.places[key]
	if !known {
		i = len(c.found)
		c.found = append(c.found, Finding{})
		c.places[key] = i
	} else {
		g := c.found[i]
		f.Sources, f.Rounds, f.Score = append(f.Sources, g.Sources...), append(f.Rounds, g.Rounds...), max(f.Score, g.Score)
		if weight[g.Severity] > weight[f.Severity] {
			f.Severity = g.Severity
		}
	}
	slices.Sort(f.Sources)
	f.Sources = slices.Compact(f.Sources)
	slices.Sort(f.Rounds)
	f.Rounds = slices.Compact(f.Rounds)
	c.found[i] = f
}

var weight = map[Severity]int{Advice: 0, Clearance: 1, Block: 2}

// sentence returns the sentence that holds a token.
func (c *check) sentence(at int) span { return c.sentences[c.sentenceAt(at)] }

// sentenceAt is the place of that sentence.
func (c *check) sentenceAt(at int) int {
	i, _ := slices.BinarySearchFunc(c.sentences, at, func(s span, at int) int {
		switch {
		case s.to <= at:
			return -1
		case s.from > at:
			return 1
		}
		return 0
	})
	return i
}

// has reports whether a span holds one of some words.
func (c *check) has(s span, of map[string]bool) bool {
	return slices.ContainsFunc(c.tokens[s.from:s.to], func(t token) bool { return t.kind == word && of[t.stem] })
}

// hasBeside is has without what stands within another span.
func (c *check) hasBeside(s, at span, of map[string]bool) bool {
	return c.has(span{s.from, at.from}, of) || c.has(span{at.to, s.to}, of)
}

// plain is a span in small letters, with a space between two words.
func (c *check) plain(s span) string {
	all := make([]string, 0, s.to-s.from)
	for _, t := range c.tokens[s.from:s.to] {
		all = append(all, t.word)
	}
	return strings.Join(all, " ")
}
