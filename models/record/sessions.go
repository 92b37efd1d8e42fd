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
