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
	for _, t := range read(given).tokens {
		n.parts = append(n.parts, names.Latin(t.word))
	}
	first := n.family[0]
	n.sinic = names.IsPinyin(first) && len(n.given) > 0 && names.IsPinyin(n.given[0])
	n.vowels = vowelless[p.Country] || slices.ContainsFunc(p.Aliases, arabic)
	e, word := words.Of(words.Stem(first))
	n.wordly = len(first) < 5 || word && e.Common > 0
	p.forms = append(p.forms, n)
	// Of two family names the first is often said alone.
	if one, rest, two := strings.Cut(family, " "); two && !particles[plain(one)] && !strings.ContainsAny(rest, " -") && given != "" {
		p.form(given, one)
	}
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
