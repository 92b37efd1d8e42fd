// Package record holds the confidential record's types and rules: what a
// dialogue is, what a text may contain, who may do what. It knows no database
// and no page.
//
// Zero values withhold: a label nobody set discloses nothing, an aspect of the
// ground rules nobody decided is "never", an actor nobody signed in may do
// nothing.
package record

// A Series is a standing dialogue between two or more sides.
type Series struct {
	ID         string
	Name       string
	OtherNames []string
	Track      string       // "1.5", "2", "" if not stated
	Sides      []Side       // in the order of the record
	Names      []SeriesName // what the sides call it; never public
	Conveners  []Convening
	Ordinals   OrdinalPolicy
	Funders    []Funding // never public
	Sources    []Source
	Compiled   bool   // from public sources, not confirmed by the conveners
	Sample     bool   // invented, for demonstration
	SlugWish   string // asked for by an import; else the slug is made of the name
	Version    int64  // counts edits, for optimistic locking
}

// A Side is one party of a series: a country or group. Country is an ISO 3166
// code or "".
type Side struct {
	ID      string
	Name    string
	Country string
}

// A Source is where a fact stands in public. Fields says which, in words.
type Source struct {
	URL    string   `json:"url"`
	Fields []string `json:"fields,omitempty"`
}

// A Round is one meeting of a series.
type Round struct {
	ID            string
	SeriesID      string
	Sequence      int64  // internal order within the series; never public
	OrdinalLabel  string // the number the conveners agreed to say, as text
	InternalTitle string // what the house calls it; never public
	State         RoundState
	Opens, Closes Date // as exactly as known
	NotBefore     Date // bounds where the dates are not known
	NotAfter      Date
	SideDates     []SideDates // where sides count other days; never public
	TimeZone      string      // IANA: "Asia/Shanghai"; never public
	City          string
	Country       string // ISO 3166 code
	Venue         string // never public
	Format        string // in person, virtual, hybrid, ""
	Track         string
	Topics        []string
	Headcounts    []Headcount // public only as HeadRange
	MarginEvents  []Meeting   // never public
	Preparations  []Meeting   // never public
	Summary       string      // public plain text about the round
	Rules         GroundRules
	Presences     []Presence
	Sources       []Source
	Compiled      bool
	Sample        bool
	SlugWish      string
	Version       int64
}

// AsImported reports whether the round still is what an import of public
// sources made of it: each of its facts stands in public already. Whatever
// somebody edits since falls under the ground rules.
func (r Round) AsImported() bool { return r.Compiled && r.Version <= 1 }

// RoundState is where a round stands.
type RoundState string

const (
	Proposed  RoundState = "proposed"
	Agreed    RoundState = "agreed"
	Scheduled RoundState = "scheduled"
	Held      RoundState = "held"
	Closed    RoundState = "closed"
	Postponed RoundState = "postponed"
	Cancelled RoundState = "cancelled"
)

// RoundStates lists the states in the order of a round's life.
var RoundStates = []RoundState{Proposed, Agreed, Scheduled, Held, Closed, Postponed, Cancelled}

// OrgKind is the kind of an organisation.
type OrgKind string

const (
	Ministry        OrgKind = "ministry"
	Agency          OrgKind = "agency"
	Military        OrgKind = "military"
	SecurityService OrgKind = "security service"
	Regulator       OrgKind = "regulator"
	CERT            OrgKind = "CERT"
	ThinkTank       OrgKind = "think tank"
	University      OrgKind = "university"
	Company         OrgKind = "company"
	International   OrgKind = "international organisation"
	Independent     OrgKind = "independent"
	OtherKind       OrgKind = "other"
	// Category is no body but a category of bodies of one side, such as
	// "security services (China)", from the house's controlled list.
	Category OrgKind = "category"
)

// OrgKinds lists the kinds in the order in which a form offers them.
var OrgKinds = []OrgKind{Ministry, Agency, Military, SecurityService, Regulator, CERT, ThinkTank, University, Company, International, Independent, OtherKind, Category}

// An Organisation is an entry of the directory: a body, or a category.
type Organisation struct {
	ID       string
	Name     string
	Acronym  string
	Native   []Name // with their language
	Aliases  []string
	Kind     OrgKind
	Country  string // ISO 3166 code or ""
	ParentID string // "" for none; of a category: the broader category
	// AtLeastThree says, for a category, that somebody made sure that at
	// least three such bodies exist in the world. Without it no label may
	// use the category.
	AtLeastThree  bool
	Predecessors  []Succession // its successors are those that name it here
	Identifiers   []Identifier
	ConfusableIDs []string // look-alikes that it is not; never public
	Sources       []Source
	Compiled      bool // from public sources, not confirmed by the conveners
	Sample        bool
	SlugWish      string
	Version       int64
}

// A Name is a name in another language or script. Lang is a BCP-47 tag.
type Name struct {
	Text string `json:"text"`
	Lang string `json:"lang"`
}

// A Presence is one organisation at one round, or words that name none.
type Presence struct {
	ID             string
	OrganisationID string // the body as the secretariat knows it; "" with Words
	Words          string // "independent researchers", where no body is meant
	SideID         string // "" if not stated
	Track          string // "1" officials, "2" non-officials, "" not stated
	Role           Role
	Label          DisclosureLabel
	CategoryID     string // the category to show for the label Category
	// AttendsThroughID is the body whose badge was worn. It makes
	// OrganisationID a true affiliation, which is never public.
	AttendsThroughID string
	Disclosed        string // in what words the body is public already, for compiled rounds; never public itself
}

// Role is what an organisation did at a round.
type Role string

const (
	Participant Role = "" // took part
	Convener    Role = "convener"
	Host        Role = "host"
	Supporter   Role = "supporter"
)

// Roles lists the roles in the order in which a form offers them.
var Roles = []Role{Participant, Convener, Host, Supporter}

// DisclosureLabel says in which form a presence may become public. Its zero
// value withholds.
type DisclosureLabel string

const (
	Withheld   DisclosureLabel = ""
	BySide     DisclosureLabel = "side"     // the side only
	ByCategory DisclosureLabel = "category" // a category of one side
	ByParent   DisclosureLabel = "parent"   // the parent body
	Exact      DisclosureLabel = "exact"    // the body itself
)

// DisclosureLabels lists the labels from closed to open.
var DisclosureLabels = []DisclosureLabel{Withheld, BySide, ByCategory, ByParent, Exact}

// OutputKind is the kind of a text about a round.
type OutputKind string

const (
	Summary          OutputKind = "summary"
	JointStatement   OutputKind = "joint statement"
	ChairsReport     OutputKind = "chair's report"
	KeyFindings      OutputKind = "key findings"
	Readout          OutputKind = "readout"
	ParticipantPiece OutputKind = "participant's piece"
	ParallelPaper    OutputKind = "parallel paper"
	Announcement     OutputKind = "announcement"
	Commentary       OutputKind = "commentary by others"
)

// OutputKinds lists the kinds in the order in which a form offers them.
var OutputKinds = []OutputKind{Summary, JointStatement, ChairsReport, KeyFindings, Readout, ParticipantPiece, ParallelPaper, Announcement, Commentary}

// An Output is a text about a round, or about its series if RoundID is "": one
// the house drafts, or the citation of one that others published (External).
type Output struct {
	ID        string
	SeriesID  string
	RoundID   string
	Kind      OutputKind
	External  bool
	Compiled  bool
	Sample    bool
	SlugWish  string
	CreatedBy string   // account id
	Draft     Draft    // the newest version
	Standing  Standing // with the public, as a list of texts says it; "" elsewhere
}

// Standing is where a text stands with the public.
type Standing string

const (
	Unreleased Standing = "not released"
	InPublic   Standing = "public"
	NotShown   Standing = "released, not shown now" // it, its round or its series is suspended or withdrawn
)

// Standings lists them in the order of a text's life.
var Standings = []Standing{Unreleased, InPublic, NotShown}

// AsImported reports whether the text still is what an import of public sources
// made of it.
func (o Output) AsImported() bool { return o.Compiled && o.Draft.Number <= 1 }

// A Draft is one immutable version of an output's content.
type Draft struct {
	Number       int64 // 1, 2, 3 … within its output
	AuthorID     string
	SavedAt      int64 // microseconds since 1970 UTC
	Title        string
	Lang         string
	Body         string // Markdown
	Observations []Observation
	Authors      []Author
	Outlet       string
	Date         Date
	URL          string
	Citation     string // as given by the publisher, word for word
	// Acknowledgements are thanks that become public, to funders among others.
	Acknowledgements string
	Translations     []Translation // Lang is the authoritative language
}

// An Observation is one publishable, unattributed statement. ID stays the same
// over versions; Account names the published account that is paraphrased.
type Observation struct {
	ID      string `json:"id"`
	Heading string `json:"heading,omitempty"`
	Text    string `json:"text"`
	Account string `json:"account,omitempty"`
	// Translations are its words in the other languages of the text.
	Translations []Words `json:"translations,omitempty"`
}

// An Author is a person as printed under a published text; Literal instead of
// the two parts for a body or an undivided name. ORCID is 16 digits in groups of
// four, the last perhaps an X.
type Author struct {
	Family  string `json:"family,omitempty"`
	Given   string `json:"given,omitempty"`
	Literal string `json:"literal,omitempty"`
	ORCID   string `json:"orcid,omitempty"`
}
