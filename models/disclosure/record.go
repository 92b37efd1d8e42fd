package disclosure

import "strings"

// A Record is the part of the confidential record that a draft is compared with.
// Its identifiers are the caller's own; findings name them as their sources.
type Record struct {
	Bodies []Body
	People []Person
	Rounds []Round
	Notes  []Note
	// Known are texts that anybody may say again: cleared, released or public ones.
	Known []string
	// Public are people and bodies, by names, who may be named for what they do in
	// public though not as those who took part.
	Public []string
	// Allowed are words that may be said everywhere.
	Allowed []string
}

// A Body is an organisation.
type Body struct {
	ID        string
	Names     []string // and aliases, in any script
	Acronyms  []string
	Country   string // ISO 3166-1 alpha-2; "" if it has none
	Disclosed bool   // as what it is, somewhere
	// Open are the rounds at which it is disclosed as what it is.
	Open []string
}

// A Person is somebody who is not to be named unless cleared.
type Person struct {
	ID            string
	Given, Family string
	Aliases       []string // and names in other scripts
	Country       string
	Presences     []Presence
}

// A Presence is a person at a round.
type Presence struct {
	Round         string
	Body, TrueFor string // ids: the badge and whom they truly act for, "" if for the badge
	Role          string
	NameCleared   bool
	// WordsCleared says that words may be ascribed to the person.
	WordsCleared bool
}

// A Round is one meeting, and what of it may not be said.
type Round struct {
	ID            string
	Series        string   // its name
	Number        int      // 0 if it has none
	Opens, Closes string   // as 2017, 2017-01 or 2017-01-11; "" if unknown
	City          string   //
	Venues        []string // names of where it met
	Hidden        Hidden
	// May says to whom the rules let words be ascribed.
	May Ascribed
}

// Ascribed says to whom words may be ascribed.
type Ascribed struct{ Side, Body, Person bool }

// Hidden says what of a round is not public.
type Hidden struct{ Existence, Dates, City, Venue bool }

// A Note is a text that stays sealed.
type Note struct {
	ID, Round, Speaker string
	Text               string
}

// Options say for whom and for what a draft is checked.
type Options struct {
	// Round is the round that the draft belongs to, "" for none: what was cleared for
	// another round only is then advice.
	Round string
	// Author is the person whose own name, body and remarks are no findings.
	Author string
	// Lang is the language of the draft as a BCP 47 tag; "" is taken for English.
	Lang string
}

// reads reports whether sentences and numbers of a language are compared.
func (o Options) reads() bool {
	return o.Lang == "" || o.Lang == "en" || strings.HasPrefix(strings.ToLower(o.Lang), "en-")
}
