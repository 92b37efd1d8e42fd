// Package names tells which spellings may be one name: of people in any order
// and script, and of bodies with their acronyms.
//
// It answers in two steps. Keys are for finding: two spellings that may be one
// name share a key. Same is for judging a pair that shares one. Nothing here
// decides: a person does.
package names

// An Order says in which order the parts of a name are written.
type Order string

const (
	AnyOrder    Order = "" // not known: capitals, commas and well-known family names tell
	GivenFirst  Order = "given first"
	FamilyFirst Order = "family first"
)

// Likeness says how alike two names are.
type Likeness int

const (
	None  Likeness = iota // another name
	Maybe                 // somebody must look
	Same                  // the same name; whether the same person, a person says
)

// A Person is a name as an entry of the directory holds it.
type Person struct {
	Given, Family string
	Native        []string // in other scripts, whole
	Aliases       []string // whole, in any order
}

// A Body is the name of an organisation as an entry of the directory holds it.
type Body struct {
	Name, Acronym string
	Native        []string
	Aliases       []string // names or acronyms
	Country       string   // ISO 3166 code or ""
}

// A Parsed is a written name in its parts.
type Parsed struct {
	Honorific   string // "Dr", "Maj. Gen. (ret.)"; no part of the name
	Given       string // "" for a name of one part
	Family      string
	FamilyFirst bool     // written with the family name first, and not for a comma's sake
	Native      []string // the name in other scripts, from brackets
	Also        []string // other names from brackets: "Bill"
	Sure        bool     // how it was written leaves no doubt about which part is which
}
