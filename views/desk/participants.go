package desk

import (
	"slices"

	"track15/views/components"

	"track15/models/record"
)

// A ParticipantRow is one person at a round, as the reader may read it.
type ParticipantRow struct {
	ID       string
	Code     string
	Name     string // "" for somebody who is not recorded
	PersonID string
	Native   []record.Name
	Head     bool
	Badge    string
	True     string // "" for the same as the badge
	Capacity record.Capacity
	Post     string
	Side     string
	Label    string // "Exact"
	Shown    string // as the public would read it, "" for nothing
	State    record.ClearanceState
}

// A SessionRow is one session of a round.
type SessionRow struct {
	ID        string
	When      string
	Title     string
	Rule      string
	Chairs    string // codes
	Presents  string // codes
	Questions []string
}

// ParticipantsPage is who took part in a round.
type ParticipantsPage struct {
	Head     RoundHead
	Rows     []ParticipantRow
	Open     string // "2 name clearances open"
	ReadTrue bool
	CanEdit  bool
	People   bool // the reader may open the directory
	Sessions []SessionRow
	Panel    *Panel
}

// ParticipantPage adds a person to a round or edits one.
type ParticipantPage struct {
	Head       RoundHead
	Form       Form
	New        bool
	Code       string
	Person     Picker
	Badges     []Option
	OtherBadge Picker   // a body that is not at the round yet
	Trues      []Option // nil for who may not edit true affiliations
	OtherTrue  *Picker
	Sides      []Option
	Capacities []Option
	States     []Option
	Clearances []Option
	Sessions   []Option
	Version    string // to remove with
}

// SessionsPage is the sessions of a round.
type SessionsPage struct {
	Head    RoundHead
	Rows    []SessionRow
	CanEdit bool
}

// SessionPage adds a session or edits one.
type SessionPage struct {
	Head         RoundHead
	Form         Form
	New          bool
	Participants []Option
	Version      string
}

// CapacityWords are what a form and a table call the capacities.
func CapacityWords(c record.Capacity) string {
	if c == record.CapacityUnknown {
		return "Not stated"
	}
	return components.UpperFirst(string(c))
}

// AttendanceWords are what a form calls how far a person came.
func AttendanceWords(a record.Attendance) string {
	if a == record.AttendanceUnknown {
		return "Not stated"
	}
	return components.UpperFirst(string(a))
}

// ClearanceWords are what forms, tables and lists call the states of a clearance.
func ClearanceWords(s record.ClearanceState) string {
	if s == record.NotAsked {
		return "Not asked"
	}
	return components.UpperFirst(string(s))
}

// disc is the track that the sign beside a capacity shows: officials, also in
// their personal capacity, have a full one.
func disc(c record.Capacity) string {
	switch c {
	case record.CapacityUnknown:
		return ""
	case record.Official, record.Personal:
		return "1"
	}
	return "2"
}

// has reports whether a list of the form holds the value.
func (f Form) has(name, value string) bool {
	return slices.Contains(f.Values[name], value)
}
