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
