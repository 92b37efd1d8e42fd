// Package intake turns a table as people have it into entries of the record: it
// finds the headings, guesses what the columns are, reads each cell as what it is
// meant to be, and proposes which names are one. It stores nothing and decides
// nothing that a person should.
//
// What a cell leaves open stays closed: a ground rule that is missing or unknown
// is "closed", a clearance that is not given is "not asked".
package intake

import (
	"track15/models/names"
	"track15/models/record"
)

// A Kind says what the rows of a table are.
type Kind string

const (
	Participants  Kind = "participants"
	Organisations Kind = "organisations"
	Rounds        Kind = "rounds"
	Outputs       Kind = "outputs"
)

// Kinds lists the kinds in the order in which a form offers them.
var Kinds = []Kind{Participants, Organisations, Rounds, Outputs}

// A Mapping says what the columns of a table are. Guess makes one; a person may
// change it.
type Mapping struct {
	Heading int      `json:"heading"` // the row of the headings, counted from 1; 0 for none. Rows begin below it
	Columns []Column `json:"columns"`
}

// A Column is what one column of the table means.
type Column struct {
	Heading string      `json:"heading,omitempty"` // as it stands in the table
	Field   Field       `json:"field,omitempty"`   // "" to leave it out
	Dates   DateOrder   `json:"dates,omitempty"`
	Names   names.Order `json:"names,omitempty"`
	// Ask is what a person should be asked about the column before its rows
	// are read, "" for nothing. An answer replaces Field, Dates or Names and
	// clears it.
	Ask Question `json:"ask,omitempty"`
}

// A Question is about a column as a whole.
type Question string

const (
	AskDates Question = "dates" // whether 4/5/2018 is in April or in May
	AskField Question = "field" // what the column holds
)

// A DateOrder says how numbers in dates such as 4/5/2018 are meant.
type DateOrder string

const (
	AnyDates   DateOrder = ""            // no date of the column needs an order
	DayFirst   DateOrder = "day first"   // 4/5/2018 is 4 May
	MonthFirst DateOrder = "month first" // 4/5/2018 is April 5
)

// A Reading is a table read under a mapping and the decisions so far.
type Reading struct {
	Kind    Kind
	Mapping Mapping
	Rows    []Row   // in the table's order; empty rows are left out
	Groups  []Group // names of people and bodies, each with what it may be; people first
}

// A Row is one row of the table with the entry that was read from it: the one of
// the table's kind.
type Row struct {
	Number int      // as the spreadsheet counts, from 1
	Cells  []string // as changed by the decisions, as many as there are columns
	// Digest is the SHA-256 of what the row says under the mapping, in hex:
	// equal rows of one kind are one entry, however often they are imported.
	Digest   string
	Problems []Problem
	Skip     bool   // somebody set it aside
	RoundID  string // of the known round that it is, or belongs to; "" for a new one
	TextID   string // of the known text that it is; "" for a new one

	Participant  *Participant
	Organisation *OrganisationEntry
	Round        *RoundEntry
	Output       *OutputEntry
}

// State says what is to be done about the row.
func (r Row) State() RowState {
	if r.Skip {
		return Skipped
	}
	for _, p := range r.Problems {
		if !p.Note {
			return Needs
		}
	}
	if r.Round != nil && r.RoundID != "" || r.TextID != "" {
		return Here
	}
	return Good
}

// A RowState says what is to be done about a row.
type RowState string

const (
	Needs   RowState = "needs"   // a person must change or skip it
	Here    RowState = "here"    // the record has this round or text already
	Skipped RowState = "skipped" // a person set it aside
	Good    RowState = "good"    // it can go in
)

// A Problem is what is wrong with a cell, or worth knowing about it.
type Problem struct {
	Column int    // counted from 0; -1 for the row as a whole
	Field  Field  // as what the cell was read
	Text   string // one sentence; it never repeats the cell
	Note   bool   // it does not keep the row out
	// Choices are the values that would do, where there are few.
	Choices []string
}

// A Participant is one person at one round.
type Participant struct {
	Person        record.Person
	Participation record.Participation
	Round         RoundRef
	Track         string // "1", "2" or ""
	Role          record.Role
	Badge         string // the body whose badge is worn, as written; "" for none
	// ActingFor is the body or the words of the true affiliation, as written.
	// It is to be sealed.
	ActingFor string

	PersonGroup, BadgeGroup, ActingForGroup string // ids of groups; "" for none
}

// A RoundRef names a round as a table does.
type RoundRef struct {
	Series string // as written; "" for the series of the import
	Label  string // the number, as text
	Title  string
	Opens  record.Date
	Closes record.Date
	City   string
}

// Key is the same for references that mean one round, as far as they tell: all
// rows with one key make one round. It is "" for one that names none.
func (r RoundRef) Key() string {
	if r.Label == "" && r.Title == "" && r.Opens == "" {
		return ""
	}
	return record.Fold(r.Series) + "|" + number(r.Label) + "|" + record.Fold(r.Title) + "|" + string(r.Opens)
}

// Means reports whether two references mean one round: their keys are equal, or
// they name it alike and one of them gives its first day less exactly.
func (r RoundRef) Means(other RoundRef) bool {
	if r.Key() == other.Key() {
		return true
	}
	if r.Label == "" && r.Title == "" || r.Opens == "" || other.Opens == "" {
		return false
	}
	a, b := r.Opens, other.Opens
	r.Opens, other.Opens = "", ""
	return r.Key() == other.Key() && !a.Last().Before(b.First()) && !b.Last().Before(a.First())
}

// An OrganisationEntry is a body with its parent as written.
type OrganisationEntry struct {
	Organisation record.Organisation
	Parent       string

	Group, ParentGroup string
}

// A RoundEntry is a round with the bodies that were there.
type RoundEntry struct {
	Round  record.Round // Rules closed unless the table names a preset
	Series string       // as written
	Bodies []Mention
	Public []string // addresses where the round is public already
	Ruled  bool     // the table names its ground rule
}

// A Mention is a body at a round, as written.
type Mention struct {
	Name   string
	Role   record.Role
	SideID string // "" if not stated
	Group  string
}

// An OutputEntry is a text about a round.
type OutputEntry struct {
	Output record.Output
	Series string // as written
	Round  RoundRef
}

// A Group is one name in all its spellings of the table, to be decided once.
type Group struct {
	ID         string // of what and how it is written: the same table gives the same
	Kind       GroupKind
	Country    string   // of those it names, "" if it is not known
	Names      []string // spellings in the table, the most frequent first
	Rows       []int    // numbers of rows, in order
	Candidates []Candidate
	// Decided is what somebody decided, or under AllSure the suggestion where
	// it is sure. A group that nothing resembles is sure to be new.
	Decided   Decision
	Suggested Decision
	Sure      bool
}

// GroupKind says what a group names.
type GroupKind string

const (
	OfPerson GroupKind = "person"
	OfBody   GroupKind = "body"
)

// A Candidate is an entry that a group may be: one of the directory by ID, or
// another group of the table by Group.
type Candidate struct {
	ID       string
	Group    string
	Name     string
	Likeness names.Likeness
}

// A Decision says what a group is.
type Decision struct {
	What  Choice `json:"what"`
	ID    string `json:"id,omitempty"`    // with SameAs: the directory's entry, or
	Group string `json:"group,omitempty"` // the other group of the table
}

// Choice is what somebody decided about a group.
type Choice string

const (
	Undecided Choice = ""
	SameAs    Choice = "same"
	AsNew     Choice = "new"
	Later     Choice = "later" // goes in as new, marked to be looked at
)

// Decisions are what a person decided about a table. They hold under another
// mapping too.
type Decisions struct {
	Skip    []int               `json:"skip,omitempty"`  // numbers of rows
	Cells   []Edit              `json:"cells,omitempty"` // in order; the last one counts
	Groups  map[string]Decision `json:"groups,omitempty"`
	AllSure bool                `json:"all_sure,omitempty"` // what is sure is as suggested
}

// An Edit replaces the value of one cell.
type Edit struct {
	Row    int    `json:"row"`    // its number
	Column int    `json:"column"` // counted from 0
	Value  string `json:"value"`
}

// Known is what the record holds against which a table is read: nothing that the
// actor may not read.
type Known struct {
	Series        record.Series   // into which the rows go
	Rounds        []record.Round  // of that series
	Texts         []record.Output // the same
	RoundID       string          // the one round to which all rows belong; "" if they say which
	People        []record.Person
	Organisations []record.Organisation
}
