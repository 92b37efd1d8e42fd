// Package papers makes the documents for a round, each for one recipient, of
// what that recipient may see.
//
// What it is given holds no true affiliation, no internal title and no alias,
// so that no paper can: a person stands with the badge they wear.
package papers

import (
	"cmp"
	"slices"

	"track15/models/fault"
	"track15/models/record"
)

// A Kind is what a paper is for.
type Kind string

const (
	DelegationList  Kind = "delegation list"
	Agenda          Kind = "agenda"
	AttendanceSheet Kind = "attendance sheet"
	NamePlates      Kind = "name plates"
	Invitation      Kind = "invitation"
)

// Kinds lists the kinds in the order in which a form offers them.
var Kinds = []Kind{DelegationList, Agenda, AttendanceSheet, NamePlates, Invitation}

// A Recipient is for whom a paper is made. Its zero value is no recipient.
type Recipient string

const (
	OwnSide     Recipient = "own side"
	Counterpart Recipient = "counterpart"
	Host        Recipient = "host"
	Public      Recipient = "public"
)

// Recipients lists the recipients from the one that sees most to the one that
// sees least.
var Recipients = []Recipient{OwnSide, Counterpart, Host, Public}

// A Guest is one participant as their badge shows them.
type Guest struct {
	Name      string
	Native    []record.Name
	Honorific string
	Post      string
	Body      string // whose badge is worn
	Side      string // its name, "" if not stated
	Capacity  record.Capacity
	State     record.Attendance
	Head      bool
	// NameGiven and BodyGiven say that the name, and the body, were cleared.
	NameGiven, BodyGiven bool
	// BodyShown says that the body's label shows the body itself.
	BodyShown bool
}

// A Sitting is one session with the names of its chairs and presenters. Rules
// allow what all rules do that hold in it: a session may be closed where the
// round is not.
type Sitting struct {
	record.Session
	Rules              record.GroundRules
	Chairs, Presenters []Guest
}

// Material is what a paper is made of. Dates and City are in words. Sides are
// in the order of the record; Own is the name of the house's side.
type Material struct {
	House  string
	Series string
	Label  string // the number the conveners agreed to say
	Dates  string
	City   string
	Venue  string
	Topics []string
	Rules  record.GroundRules
	Sides  []string
	Own    string
	Guests []Guest
	Agenda []Sitting
}

// A Paper is what stands on the sheets, from top to bottom.
type Paper struct {
	Kind      Kind
	Recipient Recipient
	House     string
	Title     string
	Facts     []Fact
	Sections  []Section
	Plates    []Plate
}

// A Fact is a label with its value.
type Fact struct{ Label, Value string }

// A Section is a heading with lines, or with a table.
type Section struct {
	Heading string
	Lines   []string
	Columns []string
	Rows    [][]Cell
}

// A Cell is a text with names in other scripts below it.
type Cell struct {
	Text   string
	Native []record.Name
}

// A Plate is the name that stands before a person.
type Plate struct {
	Name   string
	Native []record.Name
	Body   string
}

// Make makes a paper for a recipient. It fails with Invalid if there is no such
// paper or recipient, or none of ours among the sides of a paper for the
// counterpart, with Forbidden if the ground rules let the public know
// nothing of the round, and where a paper is not for the recipient.
func Make(kind Kind, to Recipient, m Material) (Paper, error) {
	if !slices.Contains(Kinds, kind) {
		return Paper{}, fault.Field("kind", "Choose a paper.")
	}
	if !slices.Contains(Recipients, to) {
		return Paper{}, fault.Field("recipient", "Choose for whom it is.")
	}
	if to == Public {
		if !m.Rules.Allows(record.AspectExistence) {
			return Paper{}, fault.Errorf(fault.Forbidden, "the ground rules do not allow it to become public that this round takes place")
		}
		if kind != DelegationList && kind != Agenda {
			return Paper{}, fault.Field("recipient", "This paper is for those who are there.")
		}
	}
	if to == Counterpart && (m.Own == "" || !slices.Contains(m.Sides, m.Own)) {
		return Paper{}, fault.Field("side", "Choose which side is ours: the counterpart sees of it only those who come.")
	}
	m = m.as(to)
	p := Paper{Kind: kind, Recipient: to, House: m.House, Title: m.title(), Facts: m.facts()}
	switch kind {
	case DelegationList:
		p.Sections = m.delegations(to)
	case Agenda:
		p.Sections = m.agenda(to)
	case AttendanceSheet:
		p.Sections = m.attendance()
	case NamePlates:
		p.Plates = m.plates()
	case Invitation:
		p.Sections = m.invitation()
	}
	return p, nil
}

// as leaves of the material what the recipient may see:
//
//	own side      everybody who did not decline, with post and capacity
//	counterpart   of the other side's people those who come, without capacity
//	host          those who come: name and body; no topics, questions, presenters
//	public        what the ground rules and the clearances of those named allow
func (m Material) as(to Recipient) Material {
	guests := m.Guests
	m.Guests = nil
	for _, g := range guests {
		if g, ok := g.as(to, m); ok {
			m.Guests = append(m.Guests, g)
		}
	}
	agenda := m.Agenda
	m.Agenda = nil
	for _, s := range agenda {
		within := m
		within.Rules = s.Rules
		if to == Public && !(s.Rules.Allows(record.AspectExistence) && s.Rules.Allows(record.AspectTopics) && s.Rules.Allows(record.AspectDates)) {
			continue
		}
		s.Chairs, s.Presenters = shown(s.Chairs, to, within), shown(s.Presenters, to, within)
		if to == Host || to == Public {
			s.Questions = nil
		}
		if to == Host || to == Public && !s.Rules.Allows(record.AspectPresenters) {
			s.Chairs, s.Presenters = nil, nil
		}
		m.Agenda = append(m.Agenda, s)
	}
	if to == Host {
		m.Topics = nil
	}
	if to == Public {
		m = m.released()
	}
	return m
}

// released takes out what the ground rules withhold.
func (m Material) released() Material {
	withhold := func(a record.Aspect, field *string) {
		if !m.Rules.Allows(a) {
			*field = ""
		}
	}
	withhold(record.AspectOrdinal, &m.Label)
	withhold(record.AspectDates, &m.Dates)
	withhold(record.AspectCity, &m.City)
	m.Venue = ""
	if !m.Rules.Allows(record.AspectTopics) {
		m.Topics, m.Agenda = nil, nil
	}
	if !m.Rules.Allows(record.AspectDates) {
		m.Agenda = nil
	}
	return m
}

func shown(all []Guest, to Recipient, m Material) []Guest {
	var out []Guest
	for _, g := range all {
		if g, ok := g.as(to, m); ok {
			out = append(out, g)
		}
	}
	return out
}

// as is the guest as the recipient may see them; ok is false for one they may
// not know of.
func (g Guest) as(to Recipient, m Material) (_ Guest, ok bool) {
	comes := g.State == record.Accepted || g.State == record.Attended
	switch to {
	case OwnSide:
		return g, g.State != record.Declined
	case Counterpart:
		g.Capacity = record.CapacityUnknown
		return g, comes || g.Side != m.Own && g.State != record.Declined
	case Host:
		g.Capacity, g.Post = record.CapacityUnknown, ""
		return g, comes
	case Public:
		if !g.NameGiven || !m.Rules.Allows(record.AspectNames) || !comes {
			return Guest{}, false
		}
		if !g.BodyGiven || !g.BodyShown || !m.Rules.Allows(record.AspectOrganisation) {
			g.Body, g.Post = "", ""
		}
		g.Capacity = record.CapacityUnknown
		g.Head = g.Head && m.Rules.Allows(record.AspectHeads)
		return g, true
	}
	return Guest{}, false
}

func (m Material) title() string {
	if m.Label == "" {
		return m.Series
	}
	return m.Series + ", " + m.Label
}

func (m Material) facts() (all []Fact) {
	for _, f := range []Fact{{"Dates", m.Dates}, {"City", m.City}, {"Venue", m.Venue}} {
		if f.Value != "" {
			all = append(all, f)
		}
	}
	return all
}

// bySide groups the guests, heads of delegation first, by family name as given.
func (m Material) bySide() (names []string, of map[string][]Guest) {
	of = map[string][]Guest{}
	for _, g := range m.Guests {
		of[g.Side] = append(of[g.Side], g)
	}
	for _, name := range append(slices.Clone(m.Sides), "") {
		if len(of[name]) == 0 {
			continue
		}
		names = append(names, name)
		slices.SortStableFunc(of[name], func(a, b Guest) int {
			if a.Head != b.Head {
				if a.Head {
					return -1
				}
				return 1
			}
			return cmp.Compare(record.Fold(a.Name), record.Fold(b.Name))
		})
	}
	return names, of
}

func (g Guest) called() Cell {
	name := g.Name
	if g.Honorific != "" {
		name = g.Honorific + " " + name
	}
	return Cell{Text: name, Native: g.Native}
}

func sideName(name string) string {
	if name == "" {
		return "Others"
	}
	return name
}
