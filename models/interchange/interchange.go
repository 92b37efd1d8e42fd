// Package interchange is the file in which a whole record travels:
// track15.record, one JSON object that other programs read and write too.
//
// The types are the file's own, not the record's: ids are those of the file,
// unique within their kind, and entries refer to one another by them. What the
// file leaves out is the zero value, which is the closed answer.
package interchange

import "github.com/go-json-experiment/json/jsontext"

// Format and Version name what Read reads and Append writes.
const (
	Format  = "track15.record"
	Version = 1
)

// A Record is the content of one file. Entries stand in the order of the file.
type Record struct {
	Format           string            `json:"format"`
	Version          int               `json:"version"`
	AsOf             string            `json:"as_of"` // ISO date on which embargoes are judged
	Series           []Series          `json:"series"`
	Organisations    []Organisation    `json:"organisations"`
	People           []Person          `json:"people"`
	Rounds           []Round           `json:"rounds"`
	Participations   []Participation   `json:"participations"`
	Notes            []Note            `json:"notes"`
	PhraseClearances []PhraseClearance `json:"phrase_clearances"`
	Published        []Text            `json:"published"`
	PublicSources    []Text            `json:"public_sources"`
	AllowList        []Allowed         `json:"allow_list"`
	Desk             []DeskTable       `json:"desk,omitzero"`
}

// A DeskTable holds what this program keeps beside the format, of which another
// need not know: each row is an object, whose fields the record names. No field
// here says what a field of the format says otherwise.
type DeskTable struct {
	Table string           `json:"table"`
	Rows  []jsontext.Value `json:"rows"` // compact
}

// A Series is a standing dialogue.
type Series struct {
	ID         string   `json:"id"`
	Name       string   `json:"name"`
	Aliases    []string `json:"aliases"`
	Disclosure string   `json:"disclosure,omitzero"` // "public", "restricted", ""
}

// Whether an organisation may be named.
const (
	Disclosed   = "disclosed"
	Undisclosed = "undisclosed"
)

// An Organisation is a body. Disclosure is Disclosed or Undisclosed.
type Organisation struct {
	ID          string   `json:"id"`
	Name        string   `json:"name"`
	Acronyms    []string `json:"acronyms"`
	Aliases     []string `json:"aliases"`
	NativeNames []Name   `json:"native_names"`
	Kind        string   `json:"kind,omitzero"`
	Country     string   `json:"country"`
	Disclosure  string   `json:"disclosure"`
}

// A Name is a name in another language or script.
type Name struct {
	Lang string `json:"lang"`
	Text string `json:"text"`
}

// A Person is somebody who took part or spoke.
type Person struct {
	ID          string     `json:"id"`
	Name        PersonName `json:"name"`
	Country     string     `json:"country"`
	NativeNames []Name     `json:"native_names"`
	Aliases     []string   `json:"aliases"`
}

// In which order the parts of a name stand.
const (
	GivenFamily = "given-family"
	FamilyGiven = "family-given"
)

// A PersonName is a name in parts and as it is written.
type PersonName struct {
	Full   string `json:"full"`
	Given  string `json:"given"`
	Family string `json:"family"`
	Order  string `json:"order"`
}

// A Round is one meeting. Number is its internal place in the series and never
// public; OrdinalLabel is the number that may be said. Dates are cut to their
// precision.
type Round struct {
	ID           string          `json:"id"`
	Series       string          `json:"series"`
	Number       *int64          `json:"number"`
	Title        string          `json:"title"`
	Topics       []string        `json:"topics"`
	StartDate    *string         `json:"start_date"`
	EndDate      *string         `json:"end_date"`
	City         string          `json:"city"`
	Country      string          `json:"country"`
	Venue        *Venue          `json:"venue,omitzero"`
	Hosts        []string        `json:"hosts"`
	Disclosure   RoundDisclosure `json:"disclosure"`
	EmbargoUntil *string         `json:"embargo_until"`
	OrdinalLabel *string         `json:"ordinal_label,omitzero"`
}

// A Venue is a place with all that people call it.
type Venue struct {
	Name    string   `json:"name"`
	Aliases []string `json:"aliases"`
}

// Whether a thing about a round may be said: now, or after its embargo. A round
// without a date of embargo keeps what is embargoed for good.
const (
	Public    = "public"
	Embargoed = "embargoed"
)

// A RoundDisclosure says it of four things.
type RoundDisclosure struct {
	Existence string `json:"existence"`
	Dates     string `json:"dates"`
	Venue     string `json:"venue"`
	City      string `json:"city"`
}

// A Participation is one person at one round under the badge of a body.
// ActingFor is the undisclosed body behind the badge; it is never public.
type Participation struct {
	ID              string    `json:"id"`
	Round           string    `json:"round"`
	Person          string    `json:"person"`
	Organisation    string    `json:"organisation"`
	ActingFor       *string   `json:"acting_for"`
	Role            string    `json:"role"`
	Track           string    `json:"track,omitzero"` // "1", "1.5", "2", ""
	Clearance       Clearance `json:"clearance"`
	DisclosureLabel string    `json:"disclosure_label,omitzero"` // exact, parent, category, side, withheld; "": see Label
}

// Label is the form in which the badge may be public: what the participation
// says, else exact for a body that is disclosed and withheld for any other.
func (p Participation) Label(disclosure string) string {
	switch {
	case p.DisclosureLabel != "":
		return p.DisclosureLabel
	case disclosure == Disclosed:
		return "exact"
	}
	return "withheld"
}

// Whether a person agreed that a thing may be given.
const (
	Cleared    = "cleared"
	NotCleared = "not_cleared"
)

// A Clearance is what a person agreed to.
type Clearance struct {
	Name        string  `json:"name"`
	Affiliation string  `json:"affiliation"`
	Attribution string  `json:"attribution"`
	ClearedOn   *string `json:"cleared_on"`
}

// A Note is off the record: what was said in a session, perhaps by whom.
type Note struct {
	ID       string  `json:"id"`
	Round    string  `json:"round"`
	Session  *int64  `json:"session,omitzero"`
	Speaker  *string `json:"speaker"`
	TakenOn  string  `json:"taken_on,omitzero"`
	Language string  `json:"language"`
	Text     string  `json:"text"`
}

// A PhraseClearance releases words of a note, as their speaker agreed.
type PhraseClearance struct {
	ID        string `json:"id"`
	Note      string `json:"note"`
	Quote     string `json:"quote"`
	ClearedOn string `json:"cleared_on"`
	Basis     string `json:"basis"`
}

// A Text is one that anyone can read: a release of the house's own, perhaps of a
// round, or a source of others, of no round.
type Text struct {
	ID          string `json:"id"`
	Round       string `json:"round,omitzero"`
	Title       string `json:"title"`
	PublishedOn string `json:"published_on,omitzero"`
	Text        string `json:"text"`
}

// An Allowed is what a text may hold though it looks like something
// confidential. Scope is everywhere, or public_role: for what somebody does in
// public, not as a participant.
type Allowed struct {
	ID     string `json:"id"`
	Kind   string `json:"kind"` // name, organisation, phrase, date, venue
	Value  string `json:"value"`
	Scope  string `json:"scope"`
	Reason string `json:"reason"`
}
