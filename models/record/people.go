package record

// A Person is an entry of the directory. Names are the whole house's; at which
// rounds a person was is the series'.
type Person struct {
	ID          string
	Given       string // "" for a name of one part
	Family      string
	FamilyFirst bool   // written and said with the family name first
	Honorific   string // "Dr", "Amb."; no part of the name
	Native      []Name // in other scripts, whole, with their language
	Aliases     []string
	Country     string // ISO 3166 code or ""
	Sample      bool   // invented, for demonstration
	Version     int64
}

// Name is the name in the person's own order, without the honorific.
func (p Person) Name() string {
	switch {
	case p.Given == "":
		return p.Family
	case p.FamilyFirst:
		return p.Family + " " + p.Given
	}
	return p.Given + " " + p.Family
}

// A Participation is one person at one round. It belongs to the record; nothing
// of it enters a release document.
type Participation struct {
	ID       string
	RoundID  string
	Code     string // "K2": who speaks in notes; unique within the round, given by the store
	PersonID string // "" for somebody who is not recorded
	// PresenceID is the presence whose badge was worn, "" if it is not
	// recorded. TruePresenceID is a presence that attends through that badge:
	// the true affiliation. It is sealed, never public, and "" both for
	// "same as the badge" and for an actor who may not read it.
	PresenceID     string
	TruePresenceID string
	SideID         string // "" if not stated
	Capacity       Capacity
	Post           string // held then
	Head           bool   // of the delegation
	State          Attendance
	SessionIDs     []string // those attended; none means all
	// Whether the person's name, body and words may be given, as they said.
	Name        Clearance
	Affiliation Clearance
	Attribution Clearance
	Version     int64
}

// Capacity is in what capacity a person took part. Its zero value is not
// stated.
type Capacity string

const (
	CapacityUnknown Capacity = ""
	Official        Capacity = "official"
	Personal        Capacity = "personal"
	Expert          Capacity = "expert"
	FormerOfficial  Capacity = "former official"
	Observer        Capacity = "observer"
	NextGeneration  Capacity = "next generation"
	NoteTaker       Capacity = "rapporteur"
	Interpreter     Capacity = "interpreter"
	StaffMember     Capacity = "staff"
)

// Capacities lists the capacities in the order in which a form offers them.
var Capacities = []Capacity{CapacityUnknown, Official, Personal, Expert, FormerOfficial, Observer, NextGeneration, NoteTaker, Interpreter, StaffMember}

// Attendance is how far a person came. Its zero value is not stated.
type Attendance string

const (
	AttendanceUnknown Attendance = ""
	Invited           Attendance = "invited"
	Accepted          Attendance = "accepted"
	Declined          Attendance = "declined"
	Attended          Attendance = "attended"
)

// Attendances lists them in the order of a round's life.
var Attendances = []Attendance{AttendanceUnknown, Invited, Accepted, Declined, Attended}

// A Clearance is what somebody said when asked whether a thing may be given. Its
// zero value is: nobody asked, so no. Only a granted one says yes.
type Clearance struct {
	State ClearanceState `json:"state,omitempty"`
	Basis string         `json:"basis,omitempty"` // how it is known: "mail of 3 March", stays in the record
	On    Date           `json:"on,omitempty"`
}

// ClearanceState is where a clearance stands.
type ClearanceState string

const (
	NotAsked           ClearanceState = ""
	ClearanceRequested ClearanceState = "requested"
	ClearanceGranted   ClearanceState = "granted"
	ClearanceRefused   ClearanceState = "refused"
	ClearanceLapsed    ClearanceState = "lapsed"
	ClearanceRevoked   ClearanceState = "revoked"
)

// ClearanceStates lists the states in the order in which a form offers them.
var ClearanceStates = []ClearanceState{NotAsked, ClearanceRequested, ClearanceGranted, ClearanceRefused, ClearanceLapsed, ClearanceRevoked}

// Given reports whether the thing may be given.
func (c Clearance) Given() bool { return c.State == ClearanceGranted }
