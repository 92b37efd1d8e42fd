package record

// A Session is one sitting of a round. Times are local to the round's place.
type Session struct {
	ID           string
	RoundID      string
	Position     int64 // 1, 2, 3 … in the order of the agenda
	Title        string
	On           Date     // the day
	Starts, Ends string   // "09:30"; "" if not known
	Questions    []string // guiding questions
	ChairIDs     []string // participations
	PresenterIDs []string // participations
	Version      int64
}

// A RuleChange is another set of ground rules for a session, or from a time on:
// the Chatham House Rule, for one, covers "a meeting, or part thereof". Where
// several apply, the one that begins last does.
type RuleChange struct {
	ID        string
	RoundID   string
	SessionID string // "" for one that holds over the round from From on
	From      string // local, "2026-03-26T11:30"; "" for the start of the session
	Until     string // the same; "" for its end, or the round's
	Rules     GroundRules
	AskedBy   string // in words; stays in the record
	Consent   string // on what basis the parties agreed, where it loosens what was read out
	Version   int64
}

// A ReadOut is that the ground rules were read out in the room.
type ReadOut struct {
	ID         string
	RoundID    string
	At         string // local, "2026-03-25T09:30"
	By         string // who read, in words
	Code       string // the text code of the card that was read
	Rules      GroundRules
	Objections string // in words; "" for none
	Late       string // who came after it and was told by whom, in words
	RecordedBy string // account id
	RecordedAt int64  // microseconds since 1970 UTC
}
