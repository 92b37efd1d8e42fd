package record

import "slices"

// A SeriesName is what a side calls a series, in a language. SideID is "" for a
// name that is no side's in particular. It stays in the record.
type SeriesName struct {
	SideID string `json:"side,omitempty"`
	Lang   string `json:"lang"` // BCP-47
	Text   string `json:"text"`
}

// A Convening is that a body convenes a series, from one date to another; "" is
// open. The dates stay in the record.
type Convening struct {
	OrganisationID string `json:"organisation"`
	From           Date   `json:"from,omitempty"`
	To             Date   `json:"to,omitempty"`
}

// ConvenerIDs are the bodies that convene the series or ever did, in the order
// of the record.
func (s Series) ConvenerIDs() []string {
	var ids []string
	for _, c := range s.Conveners {
		ids = append(ids, c.OrganisationID)
	}
	return ids
}

// HasSide reports whether the id is that of a side of the series.
func (s Series) HasSide(id string) bool {
	return slices.ContainsFunc(s.Sides, func(side Side) bool { return side.ID == id })
}

// Always reports whether the body convened every round of its series.
func (c Convening) Always() bool { return c.From == "" && c.To == "" }

// During reports whether the body convened on every day that the span can
// mean. Of a span that is not known only who always convened is sure.
func (c Convening) During(opens, closes Date) bool {
	if c.Always() {
		return true
	}
	if closes == "" {
		closes = opens
	}
	if opens.Precision() == Unknown || closes.Precision() == Unknown {
		return false
	}
	return (c.From == "" || !opens.First().Before(c.From.First())) && (c.To == "" || !closes.Last().After(c.To.Last()))
}

// OrdinalPolicy is what the conveners agreed about the number of a round. Its
// zero value is: decided round by round, under the ground rules.
type OrdinalPolicy string

const (
	OrdinalsByRound     OrdinalPolicy = ""
	OrdinalsByAgreement OrdinalPolicy = "by agreement" // the number that both say
	OrdinalsBySide      OrdinalPolicy = "each side"    // each side counts its own
	OrdinalsNever       OrdinalPolicy = "never"        // nobody says a number: no document holds one
)

// OrdinalPolicies lists the policies in the order in which a form offers them.
var OrdinalPolicies = []OrdinalPolicy{OrdinalsByRound, OrdinalsByAgreement, OrdinalsBySide, OrdinalsNever}

// A Funding is that a body pays for a series, and in what words it wants to be
// thanked. It stays in the record.
type Funding struct {
	OrganisationID  string `json:"organisation"`
	Acknowledgement string `json:"acknowledgement,omitempty"`
	From            Date   `json:"from,omitempty"`
	To              Date   `json:"to,omitempty"`
}

// SideDates are the dates of a round as one side counts them, in its local
// time. They stay in the record.
type SideDates struct {
	SideID string `json:"side"`
	Opens  Date   `json:"opens"`
	Closes Date   `json:"closes,omitempty"`
}

// A Headcount is how many of a kind sat at a round.
type Headcount struct {
	Kind  HeadKind `json:"kind"`
	Count int      `json:"count"`
}

// HeadKind is who was counted.
type HeadKind string

const (
	HeadParticipants HeadKind = "participants" // all at the table
	HeadOfficials    HeadKind = "officials"
	HeadNonOfficials HeadKind = "non-officials"
	HeadObservers    HeadKind = "observers"
	HeadStaff        HeadKind = "staff"
)

// HeadKinds lists the kinds in the order in which a form asks for them.
var HeadKinds = []HeadKind{HeadParticipants, HeadOfficials, HeadNonOfficials, HeadObservers, HeadStaff}

// MaxHeadcount is the highest count that can be entered.
const MaxHeadcount = 100_000

// HeadRange is the only form in which a headcount may become public: how many
// sat at the table, as one of five ranges; "" if nobody counted them all.
func (r Round) HeadRange() string {
	for _, h := range r.Headcounts {
		if h.Kind != HeadParticipants {
			continue
		}
		switch {
		case h.Count <= 0:
			return ""
		case h.Count < 10:
			return "fewer than 10"
		case h.Count < 20:
			return "10 to 19"
		case h.Count < 50:
			return "20 to 49"
		case h.Count < 100:
			return "50 to 99"
		}
		return "100 or more"
	}
	return ""
}

// A Meeting is a margin event of a round, or a preparatory meeting. It stays in
// the record.
type Meeting struct {
	Title string `json:"title"`
	On    Date   `json:"on,omitempty"`
	Place string `json:"place,omitempty"`
	Words string `json:"words,omitempty"` // who met, what came of it
}

// A Succession is that a body came after another, on a date or "" if nobody
// knows when.
type Succession struct {
	OrganisationID string `json:"organisation"` // the predecessor
	On             Date   `json:"on,omitempty"`
}

// PredecessorIDs are the bodies before this one, in the order of the record.
func (o Organisation) PredecessorIDs() []string {
	var ids []string
	for _, p := range o.Predecessors {
		ids = append(ids, p.OrganisationID)
	}
	return ids
}

// An Identifier is how a register calls a body: a ROR or Wikidata number, an
// ISNI. It is pasted, never looked up from here.
type Identifier struct {
	Scheme string `json:"scheme"`
	Value  string `json:"value"`
}

// IdentifierSchemes are the public registers, which a form proposes; any other
// word will do in the record.
var IdentifierSchemes = []string{"ROR", "Wikidata", "ISNI", "GND", "VIAF", "LEI"}

// Public reports whether an identifier may stand in public with its body: only
// one of a public register, by its name in IdentifierSchemes. What the house or
// a ministry calls a body by its own count stays in the record.
func (i Identifier) Public() bool { return slices.Contains(IdentifierSchemes, i.Scheme) }

// The functions below bring lists into the form in which they are stored: rows
// that say nothing are left out.

// rows normalises each row and keeps those that are not empty after it.
func rows[T any](all []T, normal func(T) T, empty func(T) bool) []T {
	var out []T
	for _, row := range all {
		if row = normal(row); !empty(row) {
			out = append(out, row)
		}
	}
	return out
}

func day(d Date) Date { return Date(line(string(d))) }

func seriesNames(all []SeriesName) []SeriesName {
	return rows(all, func(n SeriesName) SeriesName {
		return SeriesName{SideID: n.SideID, Lang: line(n.Lang), Text: line(n.Text)}
	}, func(n SeriesName) bool { return n.Text == "" })
}

func convenings(all []Convening) []Convening {
	return rows(all, func(c Convening) Convening {
		c.From, c.To = day(c.From), day(c.To)
		return c
	}, func(c Convening) bool { return c.OrganisationID == "" })
}

func fundings(all []Funding) []Funding {
	return rows(all, func(g Funding) Funding {
		g.Acknowledgement, g.From, g.To = passage(g.Acknowledgement), day(g.From), day(g.To)
		return g
	}, func(g Funding) bool { return g.OrganisationID == "" })
}

func sideDates(all []SideDates) []SideDates {
	return rows(all, func(d SideDates) SideDates {
		d.Opens, d.Closes = day(d.Opens), day(d.Closes)
		return d
	}, func(d SideDates) bool { return d.Opens == "" && d.Closes == "" })
}

// headcounts are in the order of HeadKinds.
func headcounts(all []Headcount) []Headcount {
	out := rows(all, func(h Headcount) Headcount { return h }, func(h Headcount) bool { return h.Count == 0 })
	slices.SortStableFunc(out, func(a, b Headcount) int {
		return slices.Index(HeadKinds, a.Kind) - slices.Index(HeadKinds, b.Kind)
	})
	return out
}

func meetings(all []Meeting) []Meeting {
	return rows(all, func(m Meeting) Meeting {
		return Meeting{Title: line(m.Title), On: day(m.On), Place: line(m.Place), Words: passage(m.Words)}
	}, func(m Meeting) bool { return m == Meeting{} })
}

func successions(all []Succession) []Succession {
	return rows(all, func(s Succession) Succession {
		s.On = day(s.On)
		return s
	}, func(s Succession) bool { return s.OrganisationID == "" })
}

func identifiers(all []Identifier) []Identifier {
	return rows(all, func(i Identifier) Identifier {
		return Identifier{Scheme: line(i.Scheme), Value: line(i.Value)}
	}, func(i Identifier) bool { return i == Identifier{} })
}
