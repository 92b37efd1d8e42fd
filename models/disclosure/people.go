package disclosure

import (
	"cmp"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"

	"track15/models/disclosure/words"
	"track15/models/names"
)

// A person is a Person with the ways in which the name is written.
type person struct {
	Person
	gone  bool // only at rounds that were removed
	forms []*name
}

// A name is one way in which a name is written.
type name struct {
	of     *person
	family []string // ways to write the family name, in Latin letters without marks
	given  []string // the given name whole, likewise
	parts  []string // the words of the given name
	sinic  bool     // pinyin: one letter more is another name
	vowels bool     // from a script that writes few vowels
	wordly bool     // the family name is a word or short: it needs company
}

// A match says how well a part of a text fits a part of a name.
type match uint8

const (
	unlike  match = iota
	typo          // one error of typing
	sounds        // another way to write the same sound
	short         // a short form of a given name
	letter        // an initial
	exactly       // the same letters
)

func (x *Index) addPerson(p Person) {
	q := &person{Person: p}
	x.people[p.ID] = q
	q.form(p.Given, p.Family)
	for _, s := range p.Aliases {
		if chars := hanOf(s); chars != "" {
			x.han[chars] = append(x.han[chars], q)
			x.hanSizes = withSize(x.hanSizes, utf8.RuneCountInString(chars))
			continue
		}
		a := names.Parse(s, names.AnyOrder)
		q.form(a.Given, a.Family)
	}
	if chars := hanOf(p.Family) + hanOf(p.Given); chars != "" {
		x.han[chars] = append(x.han[chars], q)
		x.hanSizes = withSize(x.hanSizes, utf8.RuneCountInString(chars))
	}
	for _, n := range q.forms {
		for _, f := range n.family {
			for _, key := range []string{"=" + f, "~" + names.Sound(f)} {
				x.byKey[key] = append(x.byKey[key], n)
			}
			if n.vowels {
				x.byKey["."+bones(f)] = append(x.byKey["."+bones(f)], n)
			}
			if len(f) >= longName {
				for i := range f {
					key := f[:i] + f[i+1:]
					x.nearKeys[key] = append(x.nearKeys[key], n)
				}
				x.nearKeys[f] = append(x.nearKeys[f], n)
			}
		}
	}
	for _, t := range read(p.Given + " " + p.Family).tokens {
		x.places[t.stem] = true
	}
	for _, in := range p.Presences {
		for _, id := range []string{in.Body, in.TrueFor} {
			if b := x.bodies[id]; b != nil && !slices.Contains(b.rounds, in.Round) {
				b.rounds, b.bound = append(b.rounds, in.Round), true
			}
		}
		x.addRole(q, in)
	}
}

// longName is how many letters a name needs for an error of typing to be one.
const longName = 6

func withSize(sizes []int, n int) []int {
	if !slices.Contains(sizes, n) {
		sizes = append(sizes, n)
		slices.Sort(sizes)
	}
	return sizes
}

// hanOf returns the Han characters of a name in their simplified forms.
func hanOf(s string) string {
	var b strings.Builder
	for _, t := range read(s).tokens {
		if t.kind == han {
			b.WriteString(t.word)
		}
	}
	return b.String()
}

// form adds a way in which the name is written.
func (p *person) form(given, family string) {
	n := &name{of: p}
	n.family = writings(family)
	n.given = softened(writings(given))
	if len(n.family) == 0 {
		return
	}
	// Of two family names the first is often said alone.
	if first, rest, two := strings.Cut(family, " "); two && !particles[plain(first)] && !strings.ContainsAny(rest, " -") && len(n.family) > 0 && given != "" {
		defer p.form(given, first)
	}
	for _, t := range read(given).tokens {
		n.parts = append(n.parts, names.Latin(t.word))
	}
	first := n.family[0]
	n.sinic = names.IsPinyin(first) && len(n.given) > 0 && names.IsPinyin(n.given[0])
	n.vowels = vowelless[p.Country] || slices.ContainsFunc(p.Aliases, arabic)
	e, word := words.Of(words.Stem(first))
	n.wordly = len(first) < 5 || word && e.Common > 0
	p.forms = append(p.forms, n)
}

// vowelless are the countries whose names are romanised with any vowels.
var vowelless = set(`LB SY IQ JO PS SA AE QA KW BH OM YE EG LY TN DZ MA SD IR AF PK SO MR DJ IL`)

func arabic(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r >= 0x0590 && r < 0x0700 })
}

// softened adds ways to write a name that begins with a soft vowel: "Yevgeny" as
// "Evgeny", "Yuri" as "Iuri".
func softened(all []string) []string {
	for _, w := range slices.Clone(all) {
		switch {
		case strings.HasPrefix(w, "ye") && len(w) > 4:
			all = append(all, w[1:])
		case strings.HasPrefix(w, "yu"), strings.HasPrefix(w, "ya"):
			all = append(all, "i"+w[1:], "j"+w[1:])
		}
	}
	return all
}

// writings are the ways to write a name in Latin letters without marks: "Strom"
// and "stroem"; without the article before it too.
func writings(s string) []string {
	toks := read(s).tokens
	var all []string
	add := func(w string) {
		if w != "" && !slices.Contains(all, w) {
			all = append(all, w)
		}
	}
	for skip := range toks {
		if skip > 0 && !particles[toks[skip-1].word] {
			break
		}
		var plain, german strings.Builder
		for _, t := range toks[skip:] {
			plain.WriteString(names.Latin(t.word))
			german.WriteString(names.Latin(cmp.Or(t.other, t.word)))
		}
		add(plain.String())
		add(german.String())
	}
	return all
}

// bones is a word without its vowels.
func bones(latin string) string {
	return names.Loose(strings.Map(func(r rune) rune {
		if strings.ContainsRune("aeiouyw", r) {
			return -1
		}
		return r
	}, latin))
}

// A hit is a place in a draft that may name somebody.
type hit struct {
	span
	of   *person
	rule string
	how  match
}

// peoples finds names. An exact name of somebody who may be named wins over any
// other reading of the same words.
func (c *check) peoples() {
	var hits []hit
	for i := range c.tokens {
		if c.tokens[i].kind == han {
			hits = append(hits, c.characters(i)...)
			continue
		}
		hits = append(hits, c.families(i)...)
	}
	for _, h := range hits {
		if h.how == exactly && (c.mayBeNamed(h.of) || c.publicRole(h)) {
			c.take(h.span)
			c.nameable = append(c.nameable, h)
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int {
		return cmp.Or(cmp.Compare(b.how, a.how), cmp.Compare(b.to-b.from, a.to-a.from), cmp.Compare(a.from, b.from))
	})
	known := c.familiesSaid(hits)
	var done []hit
	for _, h := range hits {
		if c.isTaken(h.span) || h.of.gone || slices.ContainsFunc(done, func(d hit) bool { return d.from < h.to && h.from < d.to && d.how > h.how }) {
			continue
		}
		if h.of.ID == c.opt.Author || c.mayBeNamed(h.of) {
			continue
		}
		if h.how < exactly && (h.rule == ruleTitle || h.rule == ruleFamily) && known[h.of.forms[0].family[0]] {
			continue
		}
		done = append(done, h)
		f := Finding{Rule: h.rule, Class: NameVariant, Severity: Block, Score: 0.9, Sources: []string{h.of.ID}, Rounds: h.of.rounds()}
		switch h.rule {
		case ruleExact:
			f.Class, f.Score = NameExact, 1
		case ruleFamily, ruleTypo:
			f.Severity, f.Score = Clearance, 0.7
		}
		if c.clearedElsewhere(h.of) {
			f.Severity = Advice
		}
		c.add(f, h.from, h.to)
		c.named = append(c.named, h)
	}
}

// The rules of names.
const (
	ruleExact  = "name.exact"
	ruleForm   = "name.variant"
	ruleTypo   = "name.typo"
	ruleTitle  = "name.title"
	ruleFamily = "name.family"
)

// familiesSaid are the family names of people who were named in full and may be.
func (c *check) familiesSaid(hits []hit) map[string]bool {
	said := map[string]bool{}
	for _, h := range hits {
		if h.how == exactly && c.isTaken(h.span) {
			for _, n := range h.of.forms {
				for _, f := range n.family {
					said[f] = true
				}
			}
		}
	}
	return said
}

func (p *person) rounds() []string {
	var all []string
	for _, in := range p.Presences {
		all = append(all, in.Round)
	}
	return all
}

// mayBeNamed reports whether somebody may be named in this draft.
func (c *check) mayBeNamed(p *person) bool {
	return slices.ContainsFunc(p.Presences, func(in Presence) bool {
		return in.NameCleared && (c.opt.Round == "" || in.Round == c.opt.Round)
	})
}

func (c *check) clearedElsewhere(p *person) bool {
	return slices.ContainsFunc(p.Presences, func(in Presence) bool { return in.NameCleared })
}

// publicRole reports whether somebody who may be named for public acts is named
// for one, and not as a participant.
func (c *check) publicRole(h hit) bool {
	if !c.index.public[c.plain(h.span)] {
		return false
	}
	s := c.sentence(h.from)
	return c.has(s, acts) && !c.has(s, taking)
}

// characters finds names in Han characters that begin at a token.
func (c *check) characters(at int) []hit {
	var hits []hit
	for size, written := range c.runs(at, c.index.hanSizes) {
		for _, p := range c.index.han[written] {
			hits = append(hits, hit{span{at, at + size}, p, ruleForm, exactly})
		}
	}
	return hits
}

// runs are the Han characters from a token on, in each of some sizes, the shortest
// first.
func (c *check) runs(at int, sizes []int) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		var b strings.Builder
		n := 0
		for _, size := range sizes {
			for n < size && at+n < len(c.tokens) && c.tokens[at+n].kind == han && (n == 0 || c.tokens[at+n].gap == near) {
				b.WriteString(c.tokens[at+n].word)
				n++
			}
			if n < size || !yield(size, b.String()) {
				return
			}
		}
	}
}

// families finds names whose family name begins at a token.
func (c *check) families(at int) []hit {
	var hits []hit
	for to := at + 1; to <= min(at+4, len(c.tokens)); to++ {
		if to > at+1 && (c.tokens[to-1].gap != near || !c.nameLike(to-1) || c.tokens[to-1].kind != word) {
			break
		}
		family := span{at, to}
		for _, n := range c.familyOf(family) {
			if h, ok := c.complete(family, n.name, n.how); ok {
				hits = append(hits, h)
			}
		}
	}
	return hits
}

// joined reports whether a token is joined to the one before by a hyphen.
func (c *check) joined(at int) bool {
	if at == 0 {
		return false
	}
	between := c.raw[c.tokens[at-1].end:c.tokens[at].start]
	return c.tokens[at].gap == near && len(between) <= 6 && strings.ContainsAny(between, "-‐‑")
}

type familyMatch struct {
	*name
	how match
}

// familyOf finds the names whose family name is written in a span.
func (c *check) familyOf(s span) []familyMatch {
	x := c.index
	first := &c.tokens[s.from]
	if first.kind == number {
		return nil
	}
	var all []familyMatch
	add := func(found []*name, how match) {
		for _, n := range found {
			if !slices.ContainsFunc(all, func(m familyMatch) bool { return m.name == n }) {
				all = append(all, familyMatch{n, how})
			}
		}
	}
	foreign := first.word[0] >= utf8.RuneSelf
	for _, w := range c.latin(s) {
		add(x.byKey["="+w], exactly)
		if c.lower(s) && !foreign {
			continue
		}
		add(x.byKey["~"+names.Sound(w)], sounds)
		if len(w) >= 4 {
			add(x.byKey["."+bones(w)], typo)
		}
		if foreign {
			for _, end := range cases {
				if front, ok := strings.CutSuffix(w, end); ok && len(front) > 3 {
					add(x.byKey["="+front], sounds)
					add(x.byKey["="+front+"a"], sounds)
					add(x.byKey["~"+names.Sound(front)], sounds)
					add(x.byKey["~"+names.Sound(front+"a")], sounds)
				}
			}
		}
		for _, w := range names.FromWade(c.words(s)) {
			add(x.byKey["="+w], sounds)
		}
		if len(w) >= longName-1 && s.to == s.from+1 {
			add(x.nearKeys[w], typo)
			if len(w) >= longName {
				for i := range w {
					add(x.nearKeys[w[:i]+w[i+1:]], typo)
				}
			}
		}
	}
	return all
}

// cases are endings of Russian cases in Latin letters.
var cases = []string{"a", "u", "y", "e", "om", "ym", "oy", "oi", "ogo", "omu", "oyu", "ey", "em"}

// latin writes a span in Latin letters, in the two ways of umlauts.
func (c *check) latin(s span) []string {
	var plain, german strings.Builder
	for _, t := range c.tokens[s.from:s.to] {
		plain.WriteString(names.Latin(t.word))
		german.WriteString(names.Latin(cmp.Or(t.other, t.word)))
	}
	if plain.String() == german.String() {
		return []string{plain.String()}
	}
	return []string{plain.String(), german.String()}
}

// words is a span in small letters with hyphens between its words.
func (c *check) words(s span) string {
	all := make([]string, 0, s.to-s.from)
	for _, t := range c.tokens[s.from:s.to] {
		all = append(all, t.word)
	}
	return strings.Join(all, "-")
}

// complete looks for the given name, an initial or a title beside a family name.
func (c *check) complete(family span, n *name, how match) (hit, bool) {
	best, at := unlike, family
	try := func(s span) {
		if s.to < len(c.tokens) && c.joined(s.to) && s.to != family.from || c.joined(s.from) && s.from != family.to {
			return // a part of a longer name: "Ming-Na"
		}
		if m := c.givenMatch(s, n); m > best {
			best, at = m, span{min(s.from, family.from), max(s.to, family.to)}
		}
	}
	for from := family.from - 1; from >= max(0, family.from-4) && c.tokens[from+1].gap == near; from-- {
		if from < family.from-1 && !c.nameLike(from+1) {
			break
		}
		for to := from + 1; to <= family.from; to++ {
			try(span{from, to})
		}
	}
	for to := family.to + 1; to <= min(len(c.tokens), family.to+4); to++ {
		if to > family.to+1 && c.tokens[to-1].gap != near || c.tokens[family.to].gap > comma {
			break
		}
		try(span{family.to, to})
	}
	if how == exactly && best == exactly && c.lower(at) {
		letters := c.tokens[at.to-1].end - c.tokens[at.from].start
		return hit{at, n.of, ruleExact, exactly}, letters >= 9 && !c.tokens[at.from].common() || letters >= 9 && !c.tokens[at.to-1].common()
	}
	if c.lower(family) {
		return hit{}, false
	}
	switch {
	case best == unlike:
		return c.alone(family, n, how)
	case how == exactly && best == exactly:
		rule := ruleExact
		if !c.asWritten(at, family, n) {
			rule = ruleForm
		}
		return hit{at, n.of, rule, exactly}, true
	case how == typo && best == typo && !n.vowels,
		how == typo && best == letter,
		len(n.family[0]) < 4 && best == letter && n.wordly && !c.initialled(at),
		how == typo && c.inPinyin(family, n):
		return hit{}, false
	case how == typo && n.vowels && !c.vowelsAgree(family, n.family):
		return hit{}, false
	case how == typo || best == typo:
		return hit{at, n.of, ruleTypo, typo}, true
	}
	return hit{at, n.of, ruleForm, min(how, best)}, true
}

// asWritten reports whether a name stands in the order in which its people write
// it, without marks changed.
func (c *check) asWritten(at, family span, n *name) bool {
	order := n.of.Family + " " + n.of.Given
	if family.from > at.from {
		order = n.of.Given + " " + n.of.Family
	}
	return strings.Contains(c.raw, order) && c.raw[c.tokens[at.from].start:c.tokens[at.to-1].end] == order
}

// inPinyin reports whether a name of pinyin and one that is nearly it are both
// good pinyin: two names, then, and no error of typing.
func (c *check) inPinyin(s span, n *name) bool {
	return n.sinic && names.IsPinyin(c.latin(s)[0])
}

// lower reports whether a span is written without capitals.
func (c *check) lower(s span) bool {
	return !slices.ContainsFunc(c.tokens[s.from:s.to], func(t token) bool { return t.shape != small || t.word[0] >= utf8.RuneSelf })
}

// common reports whether a token is a word of everyday language.
func (t *token) common() bool {
	e, ok := words.Of(t.stem)
	return ok && e.Common > 0
}

func (c *check) initialled(at span) bool {
	return slices.ContainsFunc(c.tokens[at.from:at.to], func(t token) bool { return t.shape == initial })
}

// nameLike reports whether a token may be a part of a name.
func (c *check) nameLike(at int) bool {
	t := &c.tokens[at]
	return t.shape != small || particles[t.word] || t.kind == word && t.word[0] >= utf8.RuneSelf
}

// givenMatch says how well a span fits a given name.
func (c *check) givenMatch(s span, n *name) match {
	best := unlike
	t := &c.tokens[s.from]
	if s.to-s.from == 1 && len(n.given) > 0 && (t.shape == initial || t.shape == shout) && len(t.word) <= 3 {
		if t.word == initials(n.parts) || utf8.RuneCountInString(t.word) == 1 && slices.ContainsFunc(n.given, func(g string) bool { return strings.HasPrefix(g, names.Latin(t.word)) }) {
			best = letter
		}
	}
	lower := t.shape == small && t.word[0] < utf8.RuneSelf
	for _, w := range c.latin(s) {
		if s.to-s.from == 1 && len(n.parts) > 1 && w == n.parts[0] && !n.sinic {
			best = max(best, short)
		}
		for _, g := range n.given {
			switch {
			case w == g:
				return exactly
			case lower:
			case s.to-s.from == 1 && slices.Contains(nicknames[w], n.first()):
				best = max(best, short)
			case len(w) > 2 && len(g) > 2 && names.Sound(w) == names.Sound(g):
				best = max(best, sounds)
			case n.vowels && bones(w) == bones(g) && likeVowels(w, g):
				best = max(best, sounds)
			case t.word[0] >= utf8.RuneSelf && len(w) > 3 && strings.HasPrefix(w, strings.TrimRight(g, "aiy")) && len(w) <= len(g)+3:
				best = max(best, sounds)
			case len(g) >= longName && nearly(w, g) && !(n.sinic && names.IsPinyin(w)):
				best = max(best, typo)
			}
		}
		for _, reading := range names.FromWade(c.words(s)) {
			if !lower && slices.Contains(n.given, reading) {
				best = max(best, sounds)
			}
		}
	}
	return best
}

func (n *name) first() string {
	if len(n.parts) == 0 {
		return ""
	}
	return n.parts[0]
}

func initials(parts []string) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteString(p[:1])
	}
	return b.String()
}

// vowelsAgree reports whether a span has the vowels of one of the ways to write a
// name, roughly.
func (c *check) vowelsAgree(s span, ways []string) bool {
	for _, w := range c.latin(s) {
		if slices.ContainsFunc(ways, func(f string) bool { return nearly(w, f) || likeVowels(w, f) }) {
			return true
		}
	}
	return false
}

// likeVowels reports whether two words of the same consonants have vowels that
// romanisations take for one another.
func likeVowels(a, b string) bool {
	a, b = vowels(a), vowels(b)
	if a == b {
		return true
	}
	return len(a) == len(b) && len(a) > 1 && nearly(a, b)
}

// vowels are a word's vowels, open ones as "a", round ones as "u".
func vowels(w string) string {
	return names.Loose(strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune("aeiy", r):
			return 'a'
		case strings.ContainsRune("ouw", r):
			return 'u'
		}
		return -1
	}, w))
}

// nearly reports whether one letter of two words is other, missing or changed with
// the next.
func nearly(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 || a == b {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return a[i:] == b[i+1:]
	}
	return a[i+1:] == b[i+1:] || i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}

// acts reports whether a name stands where a person would: before a verb, or after a
// word like "from".
func (c *check) acts(s span) bool {
	if s.from > 0 && c.tokens[s.from].gap == near && leading[c.tokens[s.from-1].word] {
		return true
	}
	if rest := c.raw[c.tokens[s.to-1].end:]; strings.HasPrefix(rest, "'s") || strings.HasPrefix(rest, "’s") {
		return true
	}
	if s.to >= len(c.tokens) || c.tokens[s.to].gap > comma {
		return false
	}
	t := &c.tokens[s.to]
	e, ok := words.Of(t.stem)
	return ok && t.shape == small && !auxiliary[t.stem] && (speaking[t.stem] || verbal(t.word, e))
}

// alone judges a family name without a given one: behind a title, or so rare that
// it needs none.
func (c *check) alone(family span, n *name, how match) (hit, bool) {
	if how < sounds {
		return hit{}, false
	}
	from := family.from - 1
	if from >= 0 && c.tokens[from].shape == initial { // another initial: another person
		return hit{}, false
	}
	if from >= 0 && c.tokens[from].gap <= heading && c.tokens[family.from].gap == near && titles[c.tokens[from].word] && c.tokens[from].shape != small {
		if family.to < len(c.tokens) && c.tokens[family.to].gap == near && c.tokens[family.to].shape == capital && !n.sinic {
			return hit{}, false // "Dr Wood Jones"
		}
		if len(n.family[0]) < 2 {
			return hit{}, false
		}
		return hit{span{from, family.to}, n.of, ruleTitle, sounds}, true
	}
	if how != exactly || n.wordly || c.tokens[family.from].shape == small || !c.acts(family) {
		return hit{}, false
	}
	if from >= 0 && c.tokens[family.from].gap == near && c.nameLike(from) && c.tokens[from].gap != heading {
		return hit{}, false // another given name
	}
	if family.to < len(c.tokens) && c.tokens[family.to].gap == near && c.nameLike(family.to) {
		return hit{}, false
	}
	return hit{family, n.of, ruleFamily, sounds}, true
}
