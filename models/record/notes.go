package record

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// An Intervention is one line of the notes of a session: what one person said.
// It is sealed under its round's keyset; in clear it is only in memory.
type Intervention struct {
	ID        string
	RoundID   string
	SessionID string // "" for notes of a round that name no session
	Said      int64  // microseconds since 1970 UTC, by the house's clock
	Position  int64  // order of arrival within the round
	Kind      InterventionKind
	Code      string // of the speaker, as typed: "K2"; "" while nobody knows who spoke
	SpeakerID string // the participation with that code; "" if the round has none
	Text      string
	// How the speaker allowed to be named. It never frees more than the ground
	// rules do.
	Attribution Attribution
	Lang        string // BCP 47, "" for not stated
	TakerID     string // account id
	Version     int64
}

// InterventionKind tells what was said from a pause in the notes.
type InterventionKind string

const (
	Remark  InterventionKind = ""
	Paused  InterventionKind = "paused"  // no notes from here on
	Resumed InterventionKind = "resumed" // notes again
)

// Attribution is how far words may be given as somebody's. Its zero value is:
// as nobody's.
type Attribution string

const (
	AsNobody Attribution = ""
	AsSide   Attribution = "side"
	AsBody   Attribution = "body"
	AsPerson Attribution = "person"
)

// Attributions lists them, the closest first.
var Attributions = []Attribution{AsNobody, AsSide, AsBody, AsPerson}

// MaxIntervention is the most bytes of one intervention.
const MaxIntervention = 1 << 20

// NoteState is where the notes of a session stand. Its zero value is: none yet.
type NoteState string

const (
	NoNotes        NoteState = ""
	NotesOpen      NoteState = "open"
	NotesSealed    NoteState = "sealed"    // for those who took them; corrections are the coordinator's
	NotesDestroyed NoteState = "destroyed" // their keyset is gone
)

// A Taker is somebody with an account who takes the notes of a session.
type Taker struct {
	AccountID string
	Name      string // of the account, as read
	Reason    string
	Until     Date // the last day, in UTC, to the day; "" for until the notes are sealed
}

// Normal returns the entry in the form in which it is stored.
func (t Taker) Normal() Taker {
	t.Reason, t.Until = line(t.Reason), Date(line(string(t.Until)))
	return t
}

// Check returns what is wrong with the entry at that instant. outside says that
// the account is of somebody who is not of the house: for them an end is
// needed.
func (t Taker) Check(outside bool, at time.Time) error {
	return GrantEntry{Grant: Grant{Role: Rapporteur}, Reason: cmp.Or(t.Reason, "takes notes"), Until: t.Until}.Check(outside, at)
}

// A Note is where the notes of a session stand.
type Note struct {
	State    NoteState
	Count    int // interventions
	SealedAt int64
	Takers   []Taker
}

// A Speaker is who may speak under a code: no name, so that the page of a
// sitting may stand open in the room.
type Speaker struct {
	ParticipationID string
	Code            string
	SideID          string
	Capacity        Capacity
	Track           string  // of the badge: 1, 2 or ""
	Body            OrgKind // of the badge's body, "" if it is not recorded
	Head            bool    // of the delegation
}

// A Sitting is a session as those see it who take its notes: nothing of what was
// said.
type Sitting struct {
	SeriesID, Series string
	RoundID          string
	Round            string // as staff call it
	Sample           bool
	TimeZone         string // of the round's place, "" if it is not known
	Sides            []Side
	Session          Session
	Agenda           []Session // all sessions of the round for whoever reads its notes, else the session
	Book             RuleBook
	Speakers         []Speaker // by code
	Note             Note
	Takes            bool // the actor may take its notes down
	Reads            bool // the actor may read all notes of the round
}

// Now is how the session stands at a moment at the round's place: the rules that
// hold, and the moment from which others do, "" if none follow.
func (s Sitting) Now(at string) (rules GroundRules, next string) {
	rules = s.Book.At(s.Session.ID, at)
	for _, c := range s.Book.Changes {
		for _, m := range []string{c.From, c.Until} {
			if (c.SessionID == "" || c.SessionID == s.Session.ID) && m > at && (next == "" || m < next) {
				next = m
			}
		}
	}
	return rules, next
}

// A Typed is a line as a note-taker typed it.
type Typed struct {
	Speaker string // the field for the speaker's code: "K2", "@K2", "?" or ""
	Text    string
}

// Read takes a typed line apart. "@N2 " before the words changes the speaker,
// "@?" says that nobody knows who spoke, and "/side", "/body", "/person" or
// "/none" at the end says how the speaker allowed to be named. What is not one
// of these stays part of the words: nothing that was typed is lost.
func (t Typed) Read() (code string, a Attribution, words string) {
	code, words = speaker(t.Speaker), strings.TrimSpace(clean(t.Text))
	if first, rest, _ := strings.Cut(words, " "); len(first) > 1 && first[0] == '@' && isCode(first[1:]) {
		code, words = speaker(first), strings.TrimSpace(rest)
	}
	if i := strings.LastIndexFunc(words, unicode.IsSpace); i >= 0 || strings.HasPrefix(words, "/") {
		_, size := utf8.DecodeRuneInString(words[max(i, 0):])
		if i < 0 {
			size, i = 0, 0
		}
		last := words[i+size:]
		if as, ok := attributionOf(last); ok {
			a, words = as, strings.TrimSpace(words[:i])
		}
	}
	return code, a, words
}

// speaker is a code in the form of the record, "" for one that nobody knows.
func speaker(s string) string {
	s = strings.ToUpper(strings.TrimFunc(clean(s), func(r rune) bool { return r == '@' || unicode.IsSpace(r) }))
	if s == "?" {
		return ""
	}
	return s
}

func isCode(s string) bool {
	if s == "?" {
		return true
	}
	letters := strings.TrimRightFunc(s, func(r rune) bool { return '0' <= r && r <= '9' })
	return letters != "" && letters != s && utf8.RuneCountInString(letters) <= 3 && !strings.ContainsFunc(letters, func(r rune) bool { return !unicode.IsLetter(r) })
}

func attributionOf(s string) (Attribution, bool) {
	switch strings.ToLower(s) {
	case "/none":
		return AsNobody, true
	case "/side", "/body", "/person":
		return Attribution(strings.ToLower(s[1:])), true
	}
	return "", false
}

// clean makes text of anything: what is no text, and control characters, become
// spaces. Marks of direction and joiners stay, which some scripts need.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, " "))
}

// Normal returns the intervention in the form in which it is stored.
func (x Intervention) Normal() Intervention {
	x.Code, x.Text, x.Lang = speaker(x.Code), strings.TrimSpace(clean(x.Text)), line(x.Lang)
	if x.Kind != Remark {
		x.Code, x.SpeakerID, x.Text, x.Attribution = "", "", "", AsNobody
	}
	return x
}

// Check returns what is wrong with the intervention.
func (x Intervention) Check() error {
	var f found
	if !slices.Contains([]InterventionKind{Remark, Paused, Resumed}, x.Kind) {
		f.say("kind", "Choose a remark or a pause.")
	}
	if x.Kind == Remark && x.Text == "" {
		f.say("text", "Enter what was said.")
	}
	if len(x.Text) > MaxIntervention {
		f.say("text", "This is too long for one line: %d bytes of at most %d. Log it in parts.", len(x.Text), MaxIntervention)
	}
	if len(x.Code) > 20 {
		f.say("code", "Enter the speaker's code, such as K2, or ? if you do not know who spoke.")
	}
	if !slices.Contains(Attributions, x.Attribution) {
		f.say("attribution", "Choose how the speaker allowed to be named.")
	}
	return f.err()
}

// InOrder sorts interventions as they were said; of two that were said at once
// the one that came in first is first.
func InOrder(all []Intervention) {
	slices.SortStableFunc(all, func(a, b Intervention) int {
		return cmp.Or(cmp.Compare(a.Said, b.Said), cmp.Compare(a.Position, b.Position))
	})
}

// Holding are the interventions that hold every word of the query, in any
// script, whatever the case and the accents. It costs one look at every
// character; nothing is kept.
func Holding(all []Intervention, query string) []Intervention {
	words := strings.Fields(Fold(query))
	var out []Intervention
	for _, x := range all {
		text := Fold(x.Text)
		if len(words) > 0 && !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) }) {
			out = append(out, x)
		}
	}
	return out
}

// Clocked is when a line was said by the house's clock: as long before it came
// as it was typed before it was sent, by the clock that it was typed under. So
// a laptop whose clock is wrong says the right time. Lines wait a month at
// most.
func Clocked(now, sent, typed int64) int64 {
	const month = 31 * 24 * 3600 * 1_000_000
	return now - min(max(sent-typed, 0), month)
}
