package disclosure

import (
	"slices"

	"track15/models/disclosure/words"
)

// A likeness says how a sentence of a draft is like a passage.
type likeness struct {
	two      bool    // with two sentences of a note
	run      span    // the longest run of the same words, tokens of the draft
	runs     float32 // its weight
	whole    bool    // it is nearly all of the passage
	exact    float32 // weight of words that both have
	meant    float32 // the same with words akin, as much as they are
	anchors  int     // rare words and numbers that both have
	pointers []int   // the tokens of the draft that are rare and no small number
	pointing float32 // how much they point at the passage
	shared   int     // content words that both have or are akin
	first    int     // tokens of the draft, from the first to the last shared one
	last     int
	ofDraft  float32 // meant, as a part of the draft's sentence
	ofNote   float32 // and of the passage
	matching []bool  // tokens of the draft that the passage has
}

// liken compares a sentence with a passage, or with it and the one after it.
func (c *check) liken(d *drafted, terms []uint32, weight float32) likeness {
	x := c.index
	l := likeness{first: -1, matching: make([]bool, len(d.terms))}
	used := make([]bool, len(terms))
	var small []span // small numbers that both have, in the draft and in the passage
	hit := func(i int) {
		if l.first < 0 {
			l.first = i
		}
		l.last = max(l.last, i)
		l.first = min(l.first, i)
	}
	for i, id := range d.terms {
		if id == noTerm || d.weights[i] == 0 {
			continue
		}
		for j, other := range terms {
			if other != id || used[j] {
				continue
			}
			used[j], l.matching[i] = true, true
			if k := &x.terms[id]; k.kind == numeral && d.small[i] {
				small = append(small, span{i, j})
			} else if w := d.weights[i]; w > 0 {
				l.exact += w
				if w >= 0.15 {
					l.shared++
					hit(i)
				}
				if w >= anchor {
					l.anchors++
					l.pointers = append(l.pointers, i)
					l.pointing += x.terms[id].pointing()
				}
			}
			break
		}
	}
	for _, at := range small {
		if c.company(d, terms, at) {
			l.exact += d.weights[at.from]
			l.anchors++
			if len(l.pointers) == 0 {
				l.pointers = append(l.pointers, at.from)
				l.pointing += 0.8
			}
			l.shared++
			hit(at.from)
		}
	}
	l.meant = l.exact
	if l.anchors > 0 && l.pointing >= 0.4 {
		for i, e := range d.entries {
			if e == nil || l.matching[i] || d.weights[i] < 0.2 {
				continue
			}
			best, at := float32(0), -1
			for j, id := range terms {
				if other := x.terms[id].entry; !used[j] && other != nil && x.terms[id].weight >= 0.2 {
					if r := c.relatedness(e, other); r > best {
						best, at = r, j
					}
				}
			}
			if at >= 0 {
				used[at] = true
				l.shared++
				hit(i)
				l.meant += best * min(d.weights[i], x.terms[terms[at]].weight)
			}
		}
	}
	if l.exact >= least && d.streak(l.matching) >= shortestRun {
		l.longestRun(d, terms)
	}
	l.whole = l.run.to-l.run.from >= 4 && (l.run.to-l.run.from)*10 >= len(terms)*7
	if d.weight > 0 {
		l.ofDraft = l.meant / d.weight
	}
	if weight > 0 {
		l.ofNote = l.meant / weight
	}
	return l
}

// company reports whether a number has words of one meaning beside it in a sentence
// and in a passage.
func (c *check) company(d *drafted, terms []uint32, at span) bool {
	x := c.index
	for i := max(0, at.from-2); i < min(len(d.terms), at.from+3); i++ {
		if i == at.from || d.weights[i] < 0.2 {
			continue
		}
		for j := max(0, at.to-2); j < min(len(terms), at.to+3); j++ {
			other := &x.terms[terms[j]]
			if j != at.to && other.weight >= 0.2 && (terms[j] == d.terms[i] || d.entries[i] != nil && other.entry != nil && c.relatedness(d.entries[i], other.entry) > 0) {
				return true
			}
		}
	}
	return false
}

// anchor is the weight from which a word is rare.
const anchor = 0.6

// pointing says how much a word that a sentence and a passage both have tells that
// one is of the other: a number or a word of no dictionary does by itself.
func (t *term) pointing() float32 {
	switch {
	case t.kind != ordinary:
		return 1
	case t.weight >= 0.87:
		return 0.6
	}
	return 0.4
}

// shortestRun is how many words in order are at least a quotation.
const shortestRun = 5

// streak is the most tokens in a row that a passage may have in a row too: those that
// it has, and small words.
func (d *drafted) streak(matching []bool) (most int) {
	n := 0
	for i, id := range d.terms {
		if n++; id == noTerm || d.weights[i] > 0 && !matching[i] {
			n = 0
		}
		most = max(most, n)
	}
	return most
}

func (l *likeness) longestRun(d *drafted, terms []uint32) {
	before := make([]uint16, len(terms)+1)
	now := make([]uint16, len(terms)+1)
	best := uint16(0)
	for i, id := range d.terms {
		for j, other := range terms {
			now[j+1] = 0
			if id == other {
				now[j+1] = before[j] + 1
				if now[j+1] > best {
					best = now[j+1]
					l.run = span{i + 1 - int(best), i + 1}
				}
			}
		}
		before, now = now, before
	}
	for i := l.run.from; i < l.run.to; i++ {
		l.runs += d.weights[i]
	}
}

// relatedness is related, asked once for two words in a draft.
func (c *check) relatedness(a, b *words.Entry) float32 {
	key := uint64(a.Number)<<32 | uint64(b.Number)
	r, ok := c.relations[key]
	if !ok {
		r = related(a, b)
		c.relations[key] = r
	}
	return r
}

// related says how much two words mean the same, in [0, 1): one meaning, one next
// to the other's, or both next to a narrow one.
func related(a, b *words.Entry) float32 {
	if shared(a.Means, b.Means, 99) {
		return 0.9
	}
	if shared(a.Means, b.Near, 9) || shared(a.Near, b.Means, 9) {
		return 0.7
	}
	if shared(a.Near, b.Near, 6) {
		return 0.5
	}
	if slices.Contains(a.Said, b.Number) || slices.Contains(b.Said, a.Number) {
		return 0.5
	}
	return 0
}

// shared reports whether two lists have a meaning that is not wider than given.
func shared(a, b []uint32, width int) bool {
	for _, m := range a {
		if slices.Contains(b, m) && words.Width(m) <= width {
			return true
		}
	}
	return false
}
