package record

import (
	"slices"
	"strings"
	"time"

	"track15/models/fault"
)

// Normal returns the person in the form in which it is stored. A name of one
// part is a family name.
func (p Person) Normal() Person {
	for _, s := range []*string{&p.Given, &p.Family, &p.Honorific} {
		*s = line(*s)
	}
	if p.Family == "" {
		p.Given, p.Family = "", p.Given
	}
	p.Country, p.Aliases, p.Native = code(p.Country), list(p.Aliases), native(p.Native)
	return p
}

// Check returns what is wrong with the person.
func (p Person) Check() error {
	var f found
	f.name("family", p.Family, "Enter a name.")
	f.line("given", p.Given)
	f.line("honorific", p.Honorific)
	f.lines("aliases", p.Aliases)
	f.native(p.Native)
	f.add(CheckCountry("country", p.Country))
	return f.err()
}

// Normal returns the participation in the form in which it is stored: sessions
// in order, each once.
func (p Participation) Normal() Participation {
	p.Post = line(p.Post)
	p.SessionIDs = list(p.SessionIDs)
	slices.Sort(p.SessionIDs)
	p.SessionIDs = slices.Compact(p.SessionIDs)
	for _, c := range []*Clearance{&p.Name, &p.Affiliation, &p.Attribution} {
		*c = c.Normal()
	}
	return p
}

// Check returns what is wrong with the participation, as far as it says so
// itself.
func (p Participation) Check() error {
	var f found
	f.line("post", p.Post)
	if p.PersonID == "" && p.PresenceID == "" && p.SideID == "" && p.Post == "" {
		f.say("person", "Choose a person, or enter a body, a side or a post of somebody who is not recorded.")
	}
	if !slices.Contains(Capacities, p.Capacity) {
		f.say("capacity", "Choose in what capacity the person took part.")
	}
	if !slices.Contains(Attendances, p.State) {
		f.say("state", "Choose how far the person came.")
	}
	if p.TruePresenceID != "" && p.PresenceID == "" {
		f.say("presence", "Choose the badge that was worn.")
	}
	if p.TruePresenceID != "" && p.TruePresenceID == p.PresenceID {
		f.say("true_presence", "A badge is not the true affiliation behind it.")
	}
	f.add(p.Name.Check("name_clearance"))
	f.add(p.Affiliation.Check("affiliation_clearance"))
	f.add(p.Attribution.Check("attribution_clearance"))
	return f.err()
}

// Waiting is how many of the three clearances were requested and not answered.
func (p Participation) Waiting() int {
	n := 0
	for _, c := range []Clearance{p.Name, p.Affiliation, p.Attribution} {
		if c.State == ClearanceRequested {
			n++
		}
	}
	return n
}

// Normal returns the clearance in the form in which it is stored: nothing, if
// nobody asked.
func (c Clearance) Normal() Clearance {
	if c.State == NotAsked {
		return Clearance{}
	}
	return Clearance{c.State, line(c.Basis), Date(line(string(c.On)))}
}

// Check returns what is wrong with the clearance under the field. An answer
// needs a basis: how it is known.
func (c Clearance) Check(field string) error {
	var f found
	if !slices.Contains(ClearanceStates, c.State) {
		f.say(field, "Choose where the clearance stands.")
	}
	if c.Basis == "" && slices.Contains([]ClearanceState{ClearanceGranted, ClearanceRefused, ClearanceRevoked}, c.State) {
		f.say(field, "Enter on what basis, such as “mail of 3 March”.")
	}
	f.line(field, c.Basis)
	f.date(field, c.On)
	return f.err()
}

// Normal returns the session in the form in which it is stored.
func (s Session) Normal() Session {
	s.Title, s.On = line(s.Title), Date(line(string(s.On)))
	s.Starts, s.Ends = clock(s.Starts), clock(s.Ends)
	s.Questions = list(s.Questions)
	s.ChairIDs, s.PresenterIDs = distinct(list(s.ChairIDs)), distinct(list(s.PresenterIDs))
	return s
}

// Check returns what is wrong with the session of a round. A session is on one
// of the round's days, where those are known.
func (s Session) Check(r Round) error {
	var f found
	f.name("title", s.Title, "Enter a title.")
	if s.Position < 0 || s.Position > 1000 {
		f.say("position", "Enter a number from 1 to 1000.")
	}
	f.date("on", s.On)
	if s.On != "" && s.On.Precision() != Day && s.On.Precision() != Unknown {
		f.say("on", "Enter a whole date, such as 2017-01-11.")
	}
	if from, to := r.span(); s.On.Precision() == Day && (!from.IsZero() && s.On.First().Before(from) || !to.IsZero() && s.On.First().After(to)) {
		f.say("on", "This day is not one of the round's.")
	}
	f.add(checkClock("starts", s.Starts))
	f.add(checkClock("ends", s.Ends))
	if s.Starts != "" && s.Ends != "" && s.Ends < s.Starts {
		f.say("ends", "The end is before the start. Enter %s or later.", s.Starts)
	}
	for _, q := range s.Questions {
		if err := CheckText("questions", q); err != nil {
			f.add(err)
			break
		}
	}
	return f.err()
}

// span is from which day to which the round can have been, with a day on either
// side: sides count days of their own. The zero time is not known.
func (r Round) span() (from, to time.Time) {
	first, last := r.Opens, r.Closes
	if last == "" {
		last = first
	}
	if first == "" {
		first, last = r.NotBefore, r.NotAfter
	}
	if from = first.First(); !from.IsZero() {
		from = from.AddDate(0, 0, -1)
	}
	if to = last.Last(); !to.IsZero() {
		to = to.AddDate(0, 0, 1)
	}
	return from, to
}

// clock brings a time of day into the form 09:30.
func clock(s string) string {
	s = strings.ReplaceAll(line(s), ".", ":")
	if len(s) == 4 && s[1] == ':' {
		return "0" + s
	}
	return s
}

func checkClock(field, s string) error {
	if _, err := time.Parse("15:04", s); s != "" && (err != nil || len(s) != 5) {
		return fault.Field(field, "Enter a time as 09:30.")
	}
	return nil
}

// distinct leaves each of the words there at its first place.
func distinct(all []string) []string {
	var out []string
	for _, s := range all {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// WithoutSession returns the participation without one of the sessions that it
// names, and whether it named it.
func (p Participation) WithoutSession(id string) (Participation, bool) {
	i := slices.Index(p.SessionIDs, id)
	if i >= 0 {
		p.SessionIDs = slices.Delete(slices.Clone(p.SessionIDs), i, i+1)
	}
	if len(p.SessionIDs) == 0 {
		p.SessionIDs = nil
	}
	return p, i >= 0
}
