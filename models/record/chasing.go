package record

import "slices"

// A CopyKind says who may hold a copy of what left the public. The program asks
// none of them: people do.
type CopyKind string

const (
	CopyArchive  CopyKind = "archive"
	CopySearch   CopyKind = "search"
	CopyFeed     CopyKind = "feed"
	CopyPartner  CopyKind = "partner"
	CopyRegister CopyKind = "register"
	CopyPrinted  CopyKind = "printed"
	CopyCited    CopyKind = "cited"
	CopyOther    CopyKind = "other"
)

// CopyKinds lists them in the order in which they are chased.
var CopyKinds = []CopyKind{CopySearch, CopyArchive, CopyFeed, CopyPartner, CopyRegister, CopyCited, CopyPrinted, CopyOther}

// A CopyState is how far a copy was chased. The zero value is still to do.
type CopyState string

const (
	CopyToDo    CopyState = ""
	CopyAsked   CopyState = "asked"
	CopyGone    CopyState = "gone"
	CopyRefused CopyState = "refused"
)

// CopyStates lists them in the order of their course.
var CopyStates = []CopyState{CopyToDo, CopyAsked, CopyGone, CopyRefused}

// An OutsideCopy is a copy elsewhere of what a release took away.
type OutsideCopy struct {
	ID        string
	ReleaseID string
	Kind      CopyKind
	Address   string // where it stands: a web address, or words
	State     CopyState
	Note      string
	ChangedBy Signatory // who wrote this last
	ChangedAt int64     // microseconds since 1970 UTC
	Version   int64     // 0 for a new one
}

// Open reports whether somebody has to do something about the copy, or to wait.
func (c OutsideCopy) Open() bool { return c.State != CopyGone && c.State != CopyRefused }

// Normal returns the copy in the form in which it is stored.
func (c OutsideCopy) Normal() OutsideCopy {
	c.Address, c.Note = line(c.Address), passage(c.Note)
	return c
}

// Check returns what is wrong with the copy.
func (c OutsideCopy) Check() error {
	var f found
	if !slices.Contains(CopyKinds, c.Kind) {
		f.say("kind", "Choose who holds the copy.")
	}
	f.name("address", c.Address, "Enter where the copy stands: an address, or words.")
	f.add(CheckText("note", c.Note))
	if !slices.Contains(CopyStates, c.State) {
		f.say("state", "Choose how far this is.")
	}
	return f.err()
}
