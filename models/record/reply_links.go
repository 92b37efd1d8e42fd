package record

import "track15/models/fault"

// A ReplyLink is a one-time link with which a party answers, as the desk sees it.
type ReplyLink struct {
	By    string // who made it
	At    int64  // microseconds since 1970 UTC; 0 for none
	Ends  int64
	Ended LinkEnd
}

// LinkEnd is how a link ended. Its zero value is: not yet.
type LinkEnd string

const (
	LinkAlive    LinkEnd = ""
	LinkAnswered LinkEnd = "answered"
	LinkRevoked  LinkEnd = "revoked"
	LinkSpent    LinkEnd = "spent" // by wrong codes
	LinkExpired  LinkEnd = "expired"
)

// LinkTries is how many wrong codes spend a link.
const LinkTries = 5

// A LinkAnswer is what a party says by a link.
type LinkAnswer struct {
	Kind  LinkAnswerKind
	Words string // how it should read, for changes; else what they want to say with it
	Lang  string // of the page on which they answered
}

// LinkAnswerKind is one of the three answers. Its zero value is none.
type LinkAnswerKind string

const (
	LinkClear   LinkAnswerKind = "clear"
	LinkChanges LinkAnswerKind = "changes"
	LinkRefuse  LinkAnswerKind = "refuse"
)

// State is what the answer says in a ledger. Changes say nothing there until
// somebody takes them over and asks again.
func (k LinkAnswerKind) State() ReplyState {
	switch k {
	case LinkClear:
		return Granted
	case LinkRefuse:
		return NotGranted
	}
	return NoReply
}

// Check holds that the answer is one of the three, and that changes say what
// should stand there.
func (a LinkAnswer) Check() error {
	switch a.Kind {
	case LinkClear, LinkRefuse:
	case LinkChanges:
		if a.Words == "" {
			return fault.Field("words", "Write how it should read.")
		}
	default:
		return fault.Field("answer", "Choose an answer.")
	}
	return CheckText("words", a.Words)
}
