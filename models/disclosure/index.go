package disclosure

import (
	"hash/maphash"
	"slices"
	"strings"

	"track15/models/disclosure/words"
)

// An Index is a record prepared for comparing. It is safe to be read by several
// goroutines while none changes it.
//
// Words of notes are kept as keyed sums, with a key of this process, never as
// words.
type Index struct {
	seed     maphash.Seed
	vocab    map[uint64]uint32
	terms    []term
	passages []passage
	free     []uint32 // passages that were removed
	notes    map[string][]uint32

	people   map[string]*person
	byKey    map[string][]*name // by ways to write a family name
	han      map[string][]*person
	hanSizes []int
	nearKeys map[string][]*name // by family names less one letter

	bodies    map[string]*body
	titles    map[string][]*title // by their rarest stem
	acronyms  map[string][]*body
	bodyHan   map[string][]*body
	bodySizes []int

	rounds  map[string]*Round
	venues  []venue
	public  map[string]bool // folded names
	allowed [][]string
	nations map[string]bool // countries of those in the record
	places  map[string]bool // stems of places and names, which are no content
	roles   map[string]*role
	byRole  map[string][]*role // by each of their stems
}

// A term is a word of the vocabulary.
type term struct {
	postings []uint32 // passages that hold it, sorted as added
	entry    *words.Entry
	weight   float32
	kind     termKind
}

type termKind uint8

const (
	ordinary termKind = iota
	numeral
	rare // in no dictionary: a place, a name, a term of art
)

// New builds an index of a record. It reads about a million words of notes a
// second.
func New(r Record) *Index {
	x := &Index{
		seed: maphash.MakeSeed(), vocab: map[uint64]uint32{}, notes: map[string][]uint32{},
		people: map[string]*person{}, byKey: map[string][]*name{}, han: map[string][]*person{}, nearKeys: map[string][]*name{},
		bodies: map[string]*body{}, titles: map[string][]*title{}, acronyms: map[string][]*body{}, bodyHan: map[string][]*body{},
		rounds: map[string]*Round{}, public: map[string]bool{}, places: map[string]bool{}, roles: map[string]*role{}, byRole: map[string][]*role{},
	}
	for _, rd := range r.Rounds {
		x.addRound(rd)
	}
	for _, s := range r.Public {
		x.public[plain(s)] = true
	}
	for _, s := range r.Allowed {
		x.allowed = append(x.allowed, wordsOf(s))
	}
	for _, b := range r.Bodies {
		x.addBody(b)
	}
	for _, p := range r.People {
		x.addPerson(p)
	}
	x.notice()
	for _, s := range r.Known {
		x.addText(note{known: true}, s)
	}
	for _, n := range r.Notes {
		x.AddNote(n)
	}
	return x
}

// AddNote adds a note to the index.
func (x *Index) AddNote(n Note) {
	x.notes[n.Round] = append(x.notes[n.Round], x.addText(note{id: n.ID, round: n.Round, speaker: n.Speaker}, n.Text)...)
}

// Remove takes a round, what was said there and who was only there, out of the
// index. What the round cleared is cleared no longer.
func (x *Index) Remove(round string) {
	for _, at := range x.notes[round] {
		x.removePassage(at)
	}
	delete(x.notes, round)
	delete(x.rounds, round)
	x.venues = slices.DeleteFunc(x.venues, func(v venue) bool { return v.round.ID == round })
	for _, p := range x.people {
		were := len(p.Presences)
		p.Presences = slices.DeleteFunc(slices.Clone(p.Presences), func(in Presence) bool { return in.Round == round })
		p.gone = p.gone || were > 0 && len(p.Presences) == 0
	}
	for _, b := range x.bodies {
		b.rounds = slices.DeleteFunc(slices.Clone(b.rounds), func(r string) bool { return r == round })
		b.gone = b.bound && len(b.rounds) == 0
	}
	x.notice()
}

// Plain is a text as the check reads it: its words in small letters without marks,
// a space between two.
func Plain(s string) string { return plain(s) }

// plain folds a text to its words, with a space between two.
func plain(s string) string { return strings.Join(wordsOf(s), " ") }

func wordsOf(s string) []string {
	var all []string
	for _, t := range read(s).tokens {
		all = append(all, t.word)
	}
	return all
}
