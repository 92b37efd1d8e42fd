package disclosure

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"track15/models/disclosure/words"
	"track15/models/names"
)

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
	return c.raw[c.tokens[at.from].start:c.tokens[at.to-1].end] == order
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
		if t.word == names.Initials(n.parts) || utf8.RuneCountInString(t.word) == 1 && slices.ContainsFunc(n.given, func(g string) bool { return strings.HasPrefix(g, names.Latin(t.word)) }) {
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
			case len(g) >= longName && names.Nearly(w, g) && !(n.sinic && names.IsPinyin(w)):
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

// vowelsAgree reports whether a span has the vowels of one of the ways to write a
// name, roughly.
func (c *check) vowelsAgree(s span, ways []string) bool {
	for _, w := range c.latin(s) {
		if slices.ContainsFunc(ways, func(f string) bool { return names.Nearly(w, f) || likeVowels(w, f) }) {
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
	return len(a) == len(b) && len(a) > 1 && names.Nearly(a, b)
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
