package disclosure

import (
	"slices"
)

// The rules of text.
const (
	ruleVerbatim = "text.verbatim"
	ruleLight    = "text.light"
	ruleHeavy    = "text.heavy"
	ruleNumber   = "text.number"
)

// A quotation is a likeness that is enough for a finding.
type quotation struct {
	class Class
	score float32
	at    span
	from  *note
}

// statements compares each sentence, and each two, with the notes.
func (c *check) statements() {
	c.inName = make([]bool, len(c.tokens))
	for _, h := range c.named {
		for i := h.from; i < h.to; i++ {
			c.inName[i] = true
		}
	}
	for _, h := range c.secret {
		for i := h.from; i < h.to; i++ {
			c.inName[i] = true
		}
	}
	covered := make([]bool, len(c.sentences))
	all := make([]drafted, len(c.sentences))
	for i, s := range c.sentences {
		all[i] = c.drafted(s)
		if q, ok := c.quotation(all[i]); ok {
			covered[i] = true
			c.quote(q)
		}
	}
	for i := range c.sentences[:max(0, len(c.sentences)-1)] {
		if covered[i] || covered[i+1] || c.apart(i+1) {
			continue
		}
		two := span{c.sentences[i].from, c.sentences[i+1].to}
		if two.to-two.from > 60 {
			continue
		}
		d := c.drafted(two)
		d.two = true
		if q, ok := c.quotation(d); ok {
			covered[i], covered[i+1] = true, true
			c.quote(q)
		}
	}
	for i := range all {
		if !covered[i] {
			c.figures(all[i])
		}
	}
}

// apart reports whether a sentence begins a paragraph or an item.
func (c *check) apart(sentence int) bool {
	at := c.sentences[sentence].from
	between := c.raw[c.tokens[at-1].end:c.tokens[at].start]
	return slices.Contains([]byte(between), '\n')
}

func (c *check) quote(q quotation) {
	f := Finding{Class: q.class, Score: float64(q.score), Sources: []string{q.from.id}, Rounds: []string{q.from.round}}
	switch q.class {
	case VerbatimQuote:
		f.Rule, f.Severity = ruleVerbatim, Block
	case LightParaphrase:
		f.Rule, f.Severity = ruleLight, Block
	default:
		f.Rule, f.Severity = ruleHeavy, Clearance
	}
	c.add(f, q.at.from, q.at.to)
}

// quotation returns what of the notes a span says again, unless a text that is
// known says it as well.
func (c *check) quotation(d drafted) (quotation, bool) {
	if d.weight < least {
		return quotation{}, false
	}
	best := quotation{}
	var like likeness
	for n, p := range c.candidates(d, false) {
		of := &c.index.passages[p]
		if of.from.speaker != "" && of.from.speaker == c.opt.Author {
			continue
		}
		l := c.liken(&d, of.terms, of.weight)
		q := d.judge(l)
		if q.score == 0 && of.next != p && n < 3 {
			after := &c.index.passages[of.next]
			l = c.liken(&d, slices.Concat(of.terms, after.terms), of.weight+after.weight)
			l.two = true
			q = d.judge(l)
		}
		q.from = of.from
		if rank[q.class] > rank[best.class] || q.class == best.class && q.score > best.score {
			best, like = q, l
		}
	}
	if best.score == 0 || c.isKnown(d, like, best.class) {
		return quotation{}, false
	}
	return best, true
}

// least is how much a sentence must say for its words to be compared.
const least = 1.2

var rank = map[Class]int{"": 0, HeavyParaphrase: 1, LightParaphrase: 2, VerbatimQuote: 3}

// judge says what a likeness is, if it is enough.
func (d *drafted) judge(l likeness) quotation {
	enough := float32(0.26)
	switch {
	case d.two && l.two:
		return quotation{}
	case d.two || l.two:
		enough = 0.42
	}
	n := l.run.to - l.run.from
	if n >= 8 && l.runs >= 1.2 || n >= 6 && l.runs >= 1.6 || n >= 5 && l.runs >= 2.4 || l.whole && n >= 5 && l.runs >= 2 && l.anchors > 1 {
		at := span{d.from + l.run.from, d.from + l.run.to}
		if l.ofNote >= 0.7 && l.ofDraft >= 0.5 { // the rest of the sentence is in the note too
			at = span{min(at.from, d.from+l.first), max(at.to, d.from+l.last+1)}
		}
		return quotation{class: VerbatimQuote, score: 1, at: at}
	}
	if l.first < 0 || l.shared < 3 || l.anchors == 0 {
		return quotation{}
	}
	within := float32(0)
	for i := l.first; i <= l.last; i++ {
		within += d.weights[i]
	}
	dense := l.meant / max(within, 0.1)
	together := 2 * l.ofDraft * l.ofNote / max(l.ofDraft+l.ofNote, 0.01)
	literal := l.exact / max(l.meant, 0.01)
	at := span{d.from + l.first, d.from + l.last + 1}
	if l.shared >= 4 && literal >= 0.6 && (together >= 0.6 || l.ofNote >= 0.7 && dense >= 0.5) {
		return quotation{class: LightParaphrase, score: min(0.95, max(together, l.ofNote)), at: at}
	}
	if l.pointing < 0.8 {
		enough = 0.45
	}
	if together >= enough && l.ofNote >= 0.2 && l.meant >= 1.4 {
		return quotation{class: HeavyParaphrase, score: together, at: d.span}
	}
	return quotation{}
}

// isKnown reports whether a known text explains a likeness as well: it has the
// same rare words and numbers, and nearly as much of the rest.
func (c *check) isKnown(d drafted, l likeness, class Class) bool {
	x := c.index
	explained := make([]bool, len(d.terms))
	for _, p := range c.candidates(d, true) {
		k := c.liken(&d, x.passages[p].terms, x.passages[p].weight)
		for i, matches := range k.matching {
			explained[i] = explained[i] || matches
		}
		if k.exact < 0.7*l.exact {
			continue
		}
		same := true
		for i, matches := range l.matching {
			if matches && !k.matching[i] && (d.weights[i] >= anchor) {
				same = false
			}
		}
		if same {
			return true
		}
	}
	// Loosely alike, and by words that are known: too little else points at the note.
	if class != HeavyParaphrase {
		return false
	}
	points, some := float32(0), false
	for _, i := range l.pointers {
		if explained[i] {
			some = true
			continue
		}
		points += x.terms[d.terms[i]].pointing()
	}
	return some && points < 0.8
}
