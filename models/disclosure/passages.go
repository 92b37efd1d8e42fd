package disclosure

import (
	"cmp"
	"hash/maphash"
	"math"
	"slices"
	"strconv"

	"track15/models/disclosure/words"
)

// A note is where passages come from.
type note struct {
	id, round, speaker string
	known              bool // anybody may say it
}

// A passage is a sentence of a note or of a text that is known.
type passage struct {
	from   *note
	terms  []uint32 // its words in their order
	weight float32
	next   uint32 // the passage after it in the same note, or itself
}

// stop are words that say nothing of a subject.
var stop = set(`the a an of to in and or but for on at by with from as is are was were be been being am do does did have has had having this that these those
	it its he she they we you i him her them us me his their our your my who whom whose which what when where why how not no nor so if then than
	there here will would shall should can could may might must about into onto over under out up down off again very too also just only own same
	such both each every any all some most more less few much many other another while since until because although though after before between
	through during against without within upon per via one ones s t d m re ve ll nobody somebody anybody everybody someone anyone everyone something
	anything everything nothing none somewhere anywhere everywhere nowhere somehow anyhow whatever whoever whichever whenever wherever however
	myself yourself himself herself itself ourselves themselves else instead yes ever never always often sometimes already yet still even though
	perhaps maybe almost quite rather really enough`)

// stopStems are what irregular forms of them are cut to.
var stopStems = set(`be have do`)

// term returns the number of a token's word in the vocabulary, made if make is
// set. ok is false if it is not there.
func (x *Index) term(t *token, create bool) (uint32, bool) {
	sum := x.sum(t)
	at, ok := x.vocab[sum]
	if ok || !create {
		return at, ok
	}
	at = uint32(len(x.terms)) //nolint:gosec // fewer words than that
	x.vocab[sum] = at
	x.terms = append(x.terms, x.describe(t))
	return at, true
}

func (x *Index) sum(t *token) uint64 {
	if t.kind == number {
		return maphash.String(x.seed, "#"+strconv.FormatInt(t.number, 10))
	}
	return maphash.String(x.seed, t.stem)
}

// describe weighs a token: rare words tell more than frequent ones, names tell
// nothing.
func (x *Index) describe(t *token) term {
	switch {
	case t.kind == number:
		return term{kind: numeral, weight: 0.8}
	case stopStems[t.stem] || stop[t.word]:
		return term{}
	case x.places[t.stem]:
		return term{weight: 0.05}
	case t.kind == han:
		return term{kind: ordinary, weight: 0.3}
	}
	if e, ok := words.Of(t.stem); ok {
		return term{entry: &e, weight: max(0.2, 1-0.065*float32(e.Common))}
	}
	if len(t.stem) < 3 {
		return term{weight: 0.2}
	}
	return term{kind: rare, weight: 1}
}

// addText adds the sentences of a text and returns their numbers.
func (x *Index) addText(from note, s string) []uint32 {
	t := read(s)
	var added []uint32
	for _, sentence := range t.sentences {
		p := passage{from: &from, terms: make([]uint32, 0, sentence.to-sentence.from)}
		for i := sentence.from; i < sentence.to; i++ {
			at, _ := x.term(&t.tokens[i], true)
			p.terms = append(p.terms, at)
			p.weight += x.terms[at].weight
		}
		added = append(added, x.keep(p))
	}
	for i := range added[:max(0, len(added)-1)] {
		x.passages[added[i]].next = added[i+1]
	}
	return added
}

func (x *Index) keep(p passage) uint32 {
	var at uint32
	if n := len(x.free); n > 0 {
		at = x.free[n-1]
		x.free = x.free[:n-1]
		x.passages[at] = p
	} else {
		at = uint32(len(x.passages)) //nolint:gosec // fewer sentences than that
		x.passages = append(x.passages, p)
	}
	x.passages[at].next = at
	for i, id := range p.terms {
		if x.terms[id].weight > 0 && !slices.Contains(p.terms[:i], id) {
			x.terms[id].postings = append(x.terms[id].postings, at)
		}
	}
	return at
}

func (x *Index) removePassage(at uint32) {
	for _, id := range x.passages[at].terms {
		t := &x.terms[id]
		t.postings = slices.DeleteFunc(t.postings, func(p uint32) bool { return p == at })
	}
	x.passages[at] = passage{}
	x.free = append(x.free, at)
}

// A drafted is a sentence of a draft, or two, prepared for comparing.
type drafted struct {
	span
	two     bool     // two sentences
	terms   []uint32 // noTerm for words that no passage holds
	weights []float32
	entries []*words.Entry
	small   []bool // numbers under ten, which are as frequent as any word
	weight  float32
}

const noTerm = math.MaxUint32

func (c *check) drafted(s span) drafted {
	d := drafted{span: s}
	for i := s.from; i < s.to; i++ {
		t := &c.tokens[i]
		id, ok := c.index.term(t, false)
		var is term
		if ok {
			is = c.index.terms[id]
		} else {
			id = noTerm
			is = c.index.describe(t)
		}
		if c.inName[i] || len(c.dated) > 0 && c.dated[i] {
			is.weight, is.entry = min(is.weight, 0.05), nil
		}
		d.small = append(d.small, t.kind == number && t.number < 10_000)
		d.terms = append(d.terms, id)
		d.weights = append(d.weights, is.weight)
		d.entries = append(d.entries, is.entry)
		d.weight += is.weight
	}
	return d
}

// mostCandidates is how many passages a sentence is compared with in full, and
// rareEnough how many passages hold a word that still leads to them.
const (
	mostCandidates = 12
	rareEnough     = 4000
)

// candidates are the passages that share most with a sentence, of the notes or of
// what is known.
func (c *check) candidates(d drafted, known bool) []uint32 {
	x := c.index
	if len(c.shared) < len(x.passages) {
		c.shared = make([]float32, len(x.passages))
	}
	order := make([]int, 0, len(d.terms))
	for i, id := range d.terms {
		if id != noTerm && d.weights[i] >= 0.15 && !slices.Contains(d.terms[:i], id) {
			order = append(order, i)
		}
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Compare(len(x.terms[d.terms[a]].postings), len(x.terms[d.terms[b]].postings))
	})
	touched := c.touched[:0]
	read := 0
	for n, i := range order {
		postings := x.terms[d.terms[i]].postings
		if n > 3 && read+len(postings) > rareEnough {
			break
		}
		read += len(postings)
		for _, p := range postings {
			if x.passages[p].from.known != known {
				continue
			}
			if c.shared[p] == 0 {
				touched = append(touched, p)
			}
			c.shared[p] += d.weights[i]
		}
	}
	slices.SortFunc(touched, func(a, b uint32) int {
		return cmp.Or(cmp.Compare(c.shared[b], c.shared[a]), cmp.Compare(a, b))
	})
	for _, p := range touched {
		c.shared[p] = 0
	}
	c.touched = touched
	return touched[:min(len(touched), mostCandidates)]
}

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
	for i, s := range c.sentences {
		if q, ok := c.quotation(c.drafted(s)); ok {
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
	for i, s := range c.sentences {
		if !covered[i] {
			c.figures(s)
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

// figures finds numbers that a note has with the same words beside them.
func (c *check) figures(s span) {
	d := c.drafted(s)
	x := c.index
	for i, id := range d.terms {
		t := &c.tokens[s.from+i]
		if id == noTerm || t.kind != number || c.dated[s.from+i] || yearly(t) || c.ordinal(t) {
			continue
		}
		var best *note
		score := float32(0)
		for _, p := range x.terms[id].postings {
			of := &x.passages[p]
			if of.from.speaker != "" && of.from.speaker == c.opt.Author && !of.from.known {
				continue
			}
			got := c.figure(d, i, of)
			if of.from.known && got > 0 {
				got = float32(math.Inf(1)) // anybody may say it
			}
			if got > score {
				best, score = of.from, got
			}
		}
		if best == nil || best.known {
			continue
		}
		from, to := s.from+i, s.from+i+1
		for n := 0; n < 4 && from > s.from && c.tokens[from].gap == near; n++ {
			from--
		}
		for n := 0; n < 5 && to < s.to && c.tokens[to].gap == near; n++ {
			to++
		}
		c.add(Finding{Rule: ruleNumber, Class: Number, Severity: Clearance, Score: 0.8, Sources: []string{best.id}, Rounds: []string{best.round}}, from, to)
	}
}

// yearly reports whether a number is written as a year.
func yearly(t *token) bool {
	return t.number%1000 == 0 && t.number >= 1_800_000 && t.number <= 2_100_000 && t.end-t.start == 4
}

// ordinal reports whether a number is written as "4th".
func (c *check) ordinal(t *token) bool {
	last := c.raw[t.end-1]
	return asciiLetter(rune(last)) && c.raw[t.start] >= '0' && c.raw[t.start] <= '9'
}

// beside is how many words beside a number are its company.
const beside = 5

// figure says how much a number of a sentence and the same one in a passage have
// the same company; 0 is not enough.
func (c *check) figure(d drafted, at int, of *passage) float32 {
	x := c.index
	n := c.tokens[d.from+at].number
	best := float32(0)
	for j, id := range of.terms {
		if id != d.terms[at] {
			continue
		}
		near := of.terms[max(0, j-beside):min(len(of.terms), j+beside+1)]
		company, words, numbers := float32(0), 0, 0
		unit := false
		for i := max(0, at-beside); i < min(len(d.terms), at+beside+1); i++ {
			if i == at || d.terms[i] == noTerm || !slices.Contains(near, d.terms[i]) {
				continue
			}
			if x.terms[d.terms[i]].kind == numeral {
				numbers++
				continue
			}
			if w := d.weights[i]; w >= 0.15 {
				company += w
				words++
				unit = unit || i > at && i <= at+2
			}
		}
		switch {
		case words == 0:
			continue
		case numbers > 0, telling(n) && (unit || words >= 2), words >= 2 && unit && company >= 0.8, words >= 3:
			best = max(best, company+float32(numbers))
		}
	}
	return best
}

// telling reports whether a number, in thousandths, is neither small nor round.
func telling(n int64) bool {
	if n%1000 != 0 {
		return true
	}
	n /= 1000
	return n > 10 && n%10 != 0 && n != 12 && n != 24 && n != 15 && n != 25 || n > 100 && n%100 != 0
}
