package disclosure

import (
	"cmp"
	"slices"
)

// fewerThan is how many people a description must fit to hide one.
const fewerThan = 3

const ruleCombination = "combination.role"

// A role is what people at rounds are there, with the people.
type role struct {
	text  string
	stems []string // without words for a country
	held  []holding
}

// A holding is a person in a role, with the countries by which both may be meant.
type holding struct {
	of    *person
	round string
	codes []string
}

// addRole notes the role of a presence.
func (x *Index) addRole(p *person, in Presence) {
	r := x.roles[in.Role]
	codes := []string{p.Country}
	for _, id := range []string{in.Body, in.TrueFor} {
		if b := x.bodies[id]; b != nil {
			codes = append(codes, b.Country)
		}
	}
	t := read(in.Role)
	c := check{index: x, text: t}
	var stems []string
	for i := range t.tokens {
		if size, code := c.nation(i); size > 0 {
			codes = append(codes, code)
			continue
		}
		if tok := &t.tokens[i]; tok.kind == word && !stopStems[tok.stem] && !slices.Contains(stems, tok.stem) {
			stems = append(stems, tok.stem)
		}
	}
	if len(stems) == 0 {
		return
	}
	if r == nil {
		r = &role{text: in.Role, stems: stems}
		x.roles[in.Role] = r
		for _, stem := range stems {
			x.byRole[stem] = append(x.byRole[stem], r)
		}
	}
	r.held = append(r.held, holding{p, in.Round, slices.DeleteFunc(codes, func(s string) bool { return s == "" })})
}

// combinations finds descriptions that fit fewer than three people of the record,
// one of whom may not be named.
func (c *check) combinations() {
	for _, s := range c.sentences {
		if c.publicly(s) {
			continue
		}
		seen := map[*role]bool{}
		for i := s.from; i < s.to; i++ {
			for _, r := range c.index.byRole[c.tokens[i].stem] {
				if !seen[r] {
					seen[r] = true
					c.described(s, r)
				}
			}
		}
	}
}

// window is how far the words of a description stand from one another.
const window = 10

// described makes a finding of a role in a sentence, with a country beside it,
// that too few people have.
func (c *check) described(s span, r *role) {
	at := span{s.to, s.from}
	for _, stem := range r.stems {
		i := slices.IndexFunc(c.tokens[s.from:s.to], func(t token) bool { return t.kind == word && akin(t.stem, stem) })
		if i < 0 {
			return
		}
		at.from, at.to = min(at.from, s.from+i), max(at.to, s.from+i+1)
	}
	if at.to-at.from > window || slices.ContainsFunc(c.named, func(h hit) bool { return h.from < at.to+2 && at.from < h.to+2 }) {
		return
	}
	code := ""
	for i := max(s.from, at.from-4); i < min(s.to, at.to+6) && code == ""; i++ {
		if size, found := c.nation(i); size > 0 && slices.ContainsFunc(r.held, func(h holding) bool { return slices.Contains(h.codes, found) }) {
			code = found
			at.from, at.to = min(at.from, i), max(at.to, i+size)
		}
	}
	if code == "" && (len(r.stems) < 2 || !c.has(s, meeting)) || len(r.stems) == 1 && !c.has(s, meeting) && !c.has(s, sure) {
		return
	}
	var fit []*person
	for _, h := range r.held {
		if !h.of.gone && (code == "" || slices.Contains(h.codes, code)) && !slices.Contains(fit, h.of) &&
			slices.ContainsFunc(h.of.Presences, func(in Presence) bool { return in.Round == h.round && in.Role == r.text }) {
			fit = append(fit, h.of)
		}
	}
	withheld := slices.DeleteFunc(slices.Clone(fit), func(p *person) bool { return p.ID == c.opt.Author || c.mayBeNamed(p) })
	if len(withheld) == 0 || len(fit) >= fewerThan {
		return
	}
	f := Finding{Rule: ruleCombination, Class: Combination, Severity: Clearance, Score: 0.8}
	slices.SortFunc(withheld, func(a, b *person) int { return cmp.Compare(a.ID, b.ID) })
	for _, p := range withheld {
		f.Sources, f.Rounds = append(f.Sources, p.ID), append(f.Rounds, p.rounds()...)
	}
	if !slices.ContainsFunc(withheld, func(p *person) bool { return !c.clearedElsewhere(p) }) {
		f.Severity = Advice
	}
	c.add(f, at.from, at.to)
}
