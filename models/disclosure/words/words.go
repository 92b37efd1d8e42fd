// Package words knows English words: how they are cut to a stem, and which are
// akin. What is akin comes from WordNet 3.0, see NOTICE.
package words

import (
	"bufio"
	"bytes"
	"compress/gzip"
	_ "embed"
	"strconv"
	"strings"
	"sync"

	"github.com/kljensen/snowball/english"
)

// A Class is a set of parts of speech.
type Class uint8

// The parts of speech that a word may be.
const (
	Noun Class = 1 << iota
	Verb
	Adjective
	Adverb
)

// An Entry is what is known of all words of one stem.
type Entry struct {
	Class  Class
	Common uint8    // how often it was seen in ordinary texts, as bits of its count
	Means  []uint32 // its meanings, the most frequent first
	Near   []uint32 // meanings next to those: wider, derived or similar ones
	Number uint32   // of the stem
	Said   []uint32 // numbers of the stems by which the first meanings are explained, without everyday ones
}

//go:generate go run ./generate /usr/share/wordnet words.gz

//go:embed words.gz
var packed []byte

type book struct {
	entries   map[string]Entry
	irregular map[string]string // "knew" is "know"
	wide      []uint8           // of each meaning, how many stems mean it or are next to it, as bits
}

// read unpacks the words, once: about 0.12 s, 22 MiB.
var read = sync.OnceValue(func() book {
	b := book{entries: make(map[string]Entry, 80_000), irregular: make(map[string]string, 6_000)}
	unzipped, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		panic(err) // the file is part of the program
	}
	lines := bufio.NewScanner(unzipped)
	lines.Buffer(nil, 1<<20)
	var counts []uint32
	numbers := make(map[string]uint32, 80_000)
	number := func(stem string) uint32 {
		n, ok := numbers[stem]
		if !ok {
			n = uint32(len(numbers)) //nolint:gosec // fewer stems than that
			numbers[stem] = n
		}
		return n
	}
	for lines.Scan() {
		word, rest, _ := strings.Cut(lines.Text(), " ")
		if lemma, ok := strings.CutPrefix(rest, "="); ok {
			b.irregular[word] = lemma
			continue
		}
		head, means, _ := strings.Cut(rest, " ")
		own, rest, _ := strings.Cut(means, "|")
		near, explained, _ := strings.Cut(rest, "|")
		e := Entry{Class: Class(head[0] - 'a'), Common: head[1] - 'a', Means: meanings(own), Near: meanings(near), Number: number(word)}
		for w := range strings.FieldsSeq(explained) {
			e.Said = append(e.Said, number(w))
		}
		b.entries[word] = e
		for _, all := range [][]uint32{e.Means, e.Near} {
			for _, m := range all {
				for int(m) >= len(counts) {
					counts = append(counts, 0)
				}
				counts[m]++
			}
		}
	}
	b.wide = make([]uint8, len(counts))
	for i, n := range counts {
		for ; n > 0; n >>= 1 {
			b.wide[i]++
		}
	}
	return b
})

// meanings reads a list of numbers in base 36.
func meanings(s string) []uint32 {
	var all []uint32
	for part := range strings.FieldsSeq(s) {
		n, _ := strconv.ParseUint(part, 36, 32)
		all = append(all, uint32(n))
	}
	return all
}

// Of returns what is known of a stem; ok is false if nothing is.
func Of(stem string) (e Entry, ok bool) {
	e, ok = read().entries[stem]
	return e, ok
}

// Width says how many stems share a meaning or are next to it, as bits of their
// number: 1 for a meaning of one word, 10 for one as wide as "person".
func Width(meaning uint32) int {
	if all := read().wide; int(meaning) < len(all) {
		return int(all[meaning])
	}
	return 0
}

// Stem cuts a word of small letters to what its forms share: "welds", "welded"
// and "welding" are one, so are "labour" and "labor", "knew" and "know".
func Stem(word string) string {
	if stem, ok := known.Load(word); ok {
		return stem.(string)
	}
	lemma, irregular := read().irregular[word]
	if !irregular {
		lemma = word
	}
	stem := Cut(lemma)
	if _, ok := read().entries[stem]; ok {
		known.Store(word, stem)
	}
	return stem
}

// known are stems of words that were asked for, of words that are in the
// dictionary only: what else was asked for is kept nowhere.
var known sync.Map

// Cut is Stem without irregular forms.
func Cut(word string) string {
	if len(word) < 3 {
		return word
	}
	return english.Stem(american(word), false)
}

// spellings are British ones that no ending tells.
var spellings = map[string]string{
	"programme": "program", "programmes": "programs", "cheque": "check", "cheques": "checks", "grey": "gray", "tyre": "tire", "tyres": "tires", "defence": "defense", "offence": "offense", "licence": "license", "practise": "practice", "sceptical": "skeptical", "aluminium": "aluminum", "plough": "plow", "manoeuvre": "maneuver", "manoeuvres": "maneuvers", "storey": "story", "towards": "toward", "whilst": "while", "enquiry": "inquiry", "enquiries": "inquiries", "fulfil": "fulfill", "skilful": "skillful", "ageing": "aging", "catalogue": "catalog", "dialogue": "dialog", "dialogues": "dialogs", "analogue": "analog", "judgement": "judgment", "acknowledgement": "acknowledgment",
}

var endings = []struct{ british, american string }{
	{"isation", "ization"},
	{"isations", "izations"},
	{"ising", "izing"},
	{"ised", "ized"},
	{"ises", "izes"},
	{"ise", "ize"},
	{"yse", "yze"},
	{"ysed", "yzed"},
	{"ysing", "yzing"},
	{"ours", "ors"},
	{"our", "or"},
	{"oured", "ored"},
	{"ouring", "oring"},
	{"ourable", "orable"},
	{"tre", "ter"},
	{"tres", "ters"},
	{"elled", "eled"},
	{"elling", "eling"},
	{"eller", "eler"},
}

// american writes a word as Americans do. Words that only look so are changed in
// the same way on both sides of a comparison, which does no harm.
func american(word string) string {
	if other, ok := spellings[word]; ok {
		return other
	}
	if len(word) < 6 {
		return word
	}
	for _, e := range endings {
		if front, ok := strings.CutSuffix(word, e.british); ok {
			return front + e.american
		}
	}
	return word
}

// Irregular reports whether a word is a form that no rule makes, as "knew" is.
func Irregular(word string) bool {
	_, ok := read().irregular[word]
	return ok
}
