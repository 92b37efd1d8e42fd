package record

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
)

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
	Version   int64
}

// A ReadOut is that the ground rules were read out in the room.
type ReadOut struct {
	ID         string
	RoundID    string
	At         string // local, "2026-03-25T09:30"
	By         string // who read, in words
	Number     int64  // version of the card that was read
	Code       string // its text code
	Card       Card   // its words
	Objections string // in words; "" for none
	Late       string // who came after it and was told by whom, in words
	RecordedBy string // account id
	Recorder   string // their name then
	RecordedAt int64  // microseconds since 1970 UTC
	Version    int64
}

// A Consent is on what basis each side agreed to looser rules, in words, by the
// side's id. A series that names no sides answers under "".
type Consent map[string]string

// Of reports whether every side is in it with a basis.
func (c Consent) Of(sides []Side) bool {
	if len(sides) == 0 {
		return c[""] != ""
	}
	return !slices.ContainsFunc(sides, func(s Side) bool { return c[s.ID] == "" })
}

// Normal returns the consent in the form in which it is stored.
func (c Consent) Normal() Consent {
	out := Consent{}
	for side, basis := range c {
		if basis = line(basis); basis != "" {
			out[side] = basis
		}
	}
	return out
}

// Check returns what is wrong with the consent.
func (c Consent) Check() error {
	var f found
	for _, basis := range c {
		f.line("consent", basis)
	}
	return f.err()
}

// A Loosening is that rules which had been read out became looser, and that
// every side agreed.
type Loosening struct {
	RoundID    string
	Aspects    []Aspect
	Consent    Consent
	RecordedBy string // account id
	Recorder   string // their name then
	RecordedAt int64  // microseconds since 1970 UTC
}

// clockLayout is how a moment at the round's place is written. Such moments are
// in order as text.
const clockLayout = "2006-01-02T15:04"

// IsMoment reports whether s is a moment such as "2026-03-25T09:30".
func IsMoment(s string) bool {
	t, err := time.Parse(clockLayout, s)
	return err == nil && t.Format(clockLayout) == s
}

// moment brings a moment into its form: people put a space for the T.
func moment(s string) string {
	s = line(s)
	if at := strings.Replace(s, " ", "T", 1); IsMoment(at) {
		return at
	}
	return s
}

// Normal returns the change in the form in which it is stored.
func (c RuleChange) Normal() RuleChange {
	c.From, c.Until, c.AskedBy, c.Rules = moment(c.From), moment(c.Until), line(c.AskedBy), c.Rules.Normal()
	return c
}

// Check returns what is wrong with the change.
func (c RuleChange) Check() error {
	var f found
	if c.SessionID == "" && c.From == "" {
		f.say("session", "Choose a session, or enter the time from which these rules hold.")
	}
	for _, m := range []struct{ field, at string }{{"from", c.From}, {"until", c.Until}} {
		if m.at != "" && !IsMoment(m.at) {
			f.say(m.field, "Enter a time as 2026-03-25 11:45.")
		}
	}
	if c.From != "" && c.Until != "" && c.Until <= c.From {
		f.say("until", "The end is not after the start. Enter a later time, or none.")
	}
	f.line("asked_by", c.AskedBy)
	f.add(c.Rules.Check())
	return f.err()
}

// Normal returns the read-out in the form in which it is stored.
func (r ReadOut) Normal() ReadOut {
	r.At, r.By, r.Code = moment(r.At), line(r.By), line(r.Code)
	r.Objections, r.Late = passage(r.Objections), passage(r.Late)
	return r
}

// Check returns what is wrong with the read-out.
func (r ReadOut) Check() error {
	var f found
	if !IsMoment(r.At) {
		f.say("at", "Enter when it was read, as 2026-03-25 09:30.")
	}
	f.name("by", r.By, "Enter who read it out.")
	f.add(CheckText("objections", r.Objections))
	f.add(CheckText("late", r.Late))
	return f.err()
}

// A RuleBook is all that is agreed for a round: its rules, and where they are
// others.
type RuleBook struct {
	Rules    GroundRules
	Changes  []RuleChange
	Sessions []Session
}

// At returns the rules that hold in a session at a moment; sessionID "" is
// outside the sessions, and at "" the start of the session. Of the changes that
// hold, the one that begins last does; of two that begin at once, the session's
// own.
func (b RuleBook) At(sessionID, at string) GroundRules {
	start := b.start(sessionID)
	at = cmp.Or(at, start)
	latest := func(of string) *RuleChange {
		var last *RuleChange
		for i, c := range b.Changes {
			if c.SessionID == of && c.From <= at && (c.Until == "" || at < c.Until) && (last == nil || c.From >= last.From) {
				last = &b.Changes[i]
			}
		}
		return last
	}
	over := latest("")
	if sessionID == "" {
		if over == nil {
			return b.Rules
		}
		return over.Rules
	}
	own := latest(sessionID)
	switch {
	case own == nil && over == nil:
		return b.Rules
	case over == nil:
		return own.Rules
	case own == nil:
		return over.Rules
	}
	// Where it is not known when the session begins, nothing says that the
	// change of the round came later.
	if begins := cmp.Or(own.From, start); begins == "" || begins >= over.From {
		return own.Rules
	}
	return over.Rules
}

// start is when a session begins, "" if it is not known.
func (b RuleBook) start(sessionID string) string {
	for _, s := range b.Sessions {
		if s.ID == sessionID && s.On.Precision() == Day && s.Starts != "" {
			return string(s.On) + "T" + s.Starts
		}
	}
	return ""
}

// Of returns the part of the book that may hold in one of the sessions: its
// rules, their own changes, and those of the round that are not known to end
// before or to begin after all of them.
func (b RuleBook) Of(sessionIDs ...string) RuleBook {
	out := b
	out.Changes = nil
	for _, c := range b.Changes {
		if slices.ContainsFunc(sessionIDs, func(id string) bool { return c.SessionID == id || c.SessionID == "" && b.meets(c, id) }) {
			out.Changes = append(out.Changes, c)
		}
	}
	return out
}

// meets reports whether a change of the round may hold in a session; where one
// of them has no times it may.
func (b RuleBook) meets(c RuleChange, sessionID string) bool {
	start, end := b.start(sessionID), ""
	for _, s := range b.Sessions {
		if s.ID == sessionID && start != "" && s.Ends > s.Starts {
			end = string(s.On) + "T" + s.Ends
		}
	}
	return (end == "" || c.From < end) && (c.Until == "" || start < c.Until)
}

// Common returns rules that allow what every set in the book allows at an
// instant, and nothing else.
func (b RuleBook) Common(now time.Time) GroundRules {
	g := GroundRules{Vector: map[Aspect]Permission{}}
	for _, a := range Aspects {
		refused := func(c RuleChange) bool { return !c.Rules.Lifted(now).Allows(a) }
		if b.Rules.Lifted(now).Allows(a) && !slices.ContainsFunc(b.Changes, refused) {
			g.Vector[a] = Free
		}
	}
	return g
}

// Loosens returns the aspects that are looser in b, somewhere or at some time,
// than they were in was. None means that b is as strict everywhere.
func (b RuleBook) Loosens(was RuleBook) []Aspect {
	looser := map[Aspect]bool{}
	sessions, moments := []string{""}, []string{"", "0"} // "0" is before any moment
	for _, book := range []RuleBook{was, b} {
		for _, s := range book.Sessions {
			sessions, moments = append(sessions, s.ID), append(moments, book.start(s.ID))
		}
		for _, c := range book.Changes {
			sessions, moments = append(sessions, c.SessionID), append(moments, c.From, c.Until)
		}
	}
	// Between two moments nothing changes, so the moments themselves say all.
	slices.Sort(sessions)
	slices.Sort(moments)
	sessions, moments = slices.Compact(sessions), slices.Compact(moments)
	for _, session := range sessions {
		for _, at := range moments {
			for _, a := range b.At(session, at).Loosens(was.At(session, at)) {
				looser[a] = true
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(Aspects), func(a Aspect) bool { return !looser[a] })
}

// Loosens returns the aspects that are looser in g than they were in was. With
// clearance and after an embargo are no comparison: either way loosens. An
// embargo that ends earlier loosens; that a clearance was given does not, since
// the rules left it to that.
func (g GroundRules) Loosens(was GroundRules) []Aspect {
	var all []Aspect
	for _, a := range Aspects {
		if !g.asStrict(was, a) {
			all = append(all, a)
		}
	}
	return all
}

func (g GroundRules) asStrict(was GroundRules, a Aspect) bool {
	p, before := g.Vector[a], was.Vector[a]
	switch {
	case p == Never || before == Free:
		return true
	case p != before:
		return false
	case p == AfterEmbargo:
		return g.EmbargoUntil == "" || was.EmbargoUntil != "" && g.EmbargoUntil >= was.EmbargoUntil
	}
	return true
}

// Strictest returns rules that are as strict as every set in the book, without
// clearances: what a copy of the round starts from.
func (b RuleBook) Strictest() GroundRules {
	g := b.Rules
	g.Cleared, g.Vector = nil, maps.Clone(g.Vector)
	for _, c := range b.Changes {
		if g.Embargoed() && c.Rules.Embargoed() {
			g.EmbargoUntil = later(g.EmbargoUntil, c.Rules.EmbargoUntil)
		} else if c.Rules.Embargoed() {
			g.EmbargoUntil = c.Rules.EmbargoUntil
		}
		for _, a := range Aspects {
			p, other := g.Vector[a], c.Rules.Vector[a]
			switch {
			case p == other || other == Free:
			case p == Free:
				g.Vector[a] = other
			default:
				delete(g.Vector, a)
			}
		}
	}
	return g.Normal()
}

// Embargoed reports whether anything in the rules waits for their embargo.
func (g GroundRules) Embargoed() bool {
	return slices.Contains(slices.Collect(maps.Values(g.Vector)), AfterEmbargo)
}

// later is the later of the ends of two embargoes; one without an end is never
// over.
func later(x, y Date) Date {
	if x == "" || y == "" {
		return ""
	}
	return max(x, y)
}
