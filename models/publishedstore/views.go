package publishedstore

import "track15/models/published"

// Version is one entry of a document's history.
type Version struct {
	Version int    // 1 for the first, without gaps
	Number  int64  // of the release that brought it
	Day     string // of that release: 2026-02-03, UTC
	Change  Change
	Note    string // what changed, in released words; "" once a redaction followed
	Hash    string // SHA-256 in hex; "" once a redaction followed or the document left
	// Readable says that the words of this version are still public: it is the
	// current one, or only amendments followed.
	Readable bool
}

// Change says how a version came about.
type Change string

const (
	ChangeReleased  Change = "released"  // for the first time
	ChangeRedacted  Change = "redacted"  // earlier versions lost their text
	ChangeAmended   Change = "amended"   // earlier versions stay readable
	ChangeRestored  Change = "restored"  // it had been suspended or withdrawn
	ChangeWithdrawn Change = "withdrawn" // it left, for the time being or for good; only in Changes
)

// Released is what every page of a document may say about its release. History
// is oldest first and ends with the current version.
type Released struct {
	Version
	History []Version
}

// A Tombstone stands at the address of a round, output or observation that left.
type Tombstone struct {
	Kind   published.Kind
	Slug   string
	Notice published.Notice
	Reason string // a cleared sentence, "" for the constant one
	Day    string // since when
}

// Order is how rounds are sorted.
type Order int

const (
	Newest           Order = iota // by the day they opened, undated ones last
	Oldest                        // the reverse, undated ones last
	MostObservations              // then newest first
)

// A RoundFilter selects rounds. Values within a group mean OR, groups mean AND.
// The zero value selects every released round, newest first, its first page.
//
// A round's year is that of its first day, else of its last, else of the later,
// else of the earlier bound that is public; a round without one matches no
// filter by year.
type RoundFilter struct {
	Agency, Series, Country, Topic []string // slugs; Country: codes
	Since, Until                   int      // years, inclusive; 0 is open
	Order                          Order
	Page                           int // from 1; 0 is 1
	PerPage                        int // 0 is 25
}

// A RoundEntry is one round in a list.
type RoundEntry struct {
	Round        published.Round
	Version      int
	Day          string // of its latest release
	Observations int    // in all its outputs
	Accounts     int    // outputs that others published
	Outputs      int    // the others
}

// Year returns the year a round is found under, 0 if none is public.
func (e RoundEntry) Year() int { return yearOf(e.Round) }

// A RoundList is one page of rounds with the choices around it. Pages is at
// least 1; a page beyond it has no rounds.
type RoundList struct {
	Rounds             []RoundEntry
	Total, Page, Pages int
	Facets             []Facet
}

// Names of facets.
const (
	FacetAgency  = "agency"
	FacetSeries  = "series"
	FacetCountry = "country"
	FacetTopic   = "topic"
	FacetYear    = "year"
)

// Facets lists them in the order in which they are shown.
var Facets = []string{FacetAgency, FacetSeries, FacetCountry, FacetTopic, FacetYear}

// A Facet is a group of choices, the most frequent first (years: the latest
// first). A value nobody would find anything under is absent, unless chosen.
type Facet struct {
	Group  string
	Values []FacetValue
}

// A FacetValue is one choice. Count is how many rounds it would show together
// with what is chosen in the other groups.
type FacetValue struct {
	Value  string
	Name   string // as released; of a country the name of its side
	Count  int
	Chosen bool
}

// A Timeline counts rounds by series and year, as far as their year is public.
type Timeline struct {
	First, Last int // years; 0 if there is no dated round
	Rows        []TimelineRow
	More        int // series beyond the rows
}

// A TimelineRow is one series. Cells are in the order of years, only those with
// a round.
type TimelineRow struct {
	Series published.Ref
	Sample bool
	Chosen bool // some of its rounds match the filter
	Cells  []TimelineCell
}

// A TimelineCell is one year of a series. Rounds holds at most the first four,
// oldest first; Count is all.
type TimelineCell struct {
	Year   int
	Count  int
	Rounds []TimelineRound
}

// A TimelineRound is one mark. Observed: it has published observations. Chosen:
// it matches the filter.
type TimelineRound struct {
	Round    published.Ref
	Observed bool
	Chosen   bool
}

// A RoundPage is everything released about one round.
type RoundPage struct {
	Round   published.Round
	Release Released
	Series  *published.Series // nil if its document is not released
	Outputs []OutputEntry     // by date, undated last
}

// An OutputEntry is one text with its observations.
type OutputEntry struct {
	Output  published.Output
	Release Released
}

// An OrganisationFilter selects a page of organisations and categories, by name.
type OrganisationFilter struct {
	Page    int // from 1; 0 is 1
	PerPage int // 0 is 100
}

// An OrganisationEntry is a body or category that a released round discloses.
type OrganisationEntry struct {
	Organisation published.Organisation
	// Own says that it has a released document of its own; else only what
	// rounds say of it is set: name, acronym, native names, category.
	Own    bool
	Rounds int
}

// An OrganisationList is one page, as RoundList.
type OrganisationList struct {
	Organisations      []OrganisationEntry
	Total, Page, Pages int
}

// An OrganisationPage is a body or category with where it took part.
type OrganisationPage struct {
	OrganisationEntry
	Release  Released        // zero if it has no document of its own
	Children []published.Ref // released organisations that name it as parent, by name
	After    []published.Ref // released organisations that name it as predecessor, by name
	// Line is the slugs of it and of all bodies before and after it, however far,
	// that rounds name, sorted, and LineRounds how many rounds name one of them;
	// empty and 0 if no other body is in it. Siblings after a split are not.
	Line       []string
	LineRounds int
	Years      []YearCount  // earliest first
	Newest     []RoundEntry // at most 50; the rest by RoundFilter{Agency: …}
}

// A YearCount is a number of rounds.
type YearCount struct{ Year, Rounds int }

// A SeriesPage is a series with its rounds.
type SeriesPage struct {
	Series  published.Series
	Release Released
	Rounds  int
	Newest  []RoundEntry  // at most 50; the rest by RoundFilter{Series: …}
	Outputs []OutputEntry // about the series as a whole
}

// A TopicPage is a topic with its rounds.
type TopicPage struct {
	Topic  published.Ref
	Rounds int
	Newest []RoundEntry // at most 50; the rest by RoundFilter{Topic: …}
}

// An ObservationEntry is one observation with where it stands. Round is nil for
// one about a series as a whole.
type ObservationEntry struct {
	Observation published.Observation
	Output      published.Output
	Round       *published.Round
	Version     int    // of the output
	Day         string // of its latest release
}

// An ObservationList is one page, as RoundList.
type ObservationList struct {
	Observations       []ObservationEntry
	Total, Page, Pages int
}

// An ObservationPage is one observation with the history of its output.
type ObservationPage struct {
	ObservationEntry
	Release Released
}

// A Span is a piece of text. Mark: it matches what was searched for.
type Span struct {
	Text string
	Mark bool
}

// A Hit is one thing that was found.
type Hit struct {
	Kind  published.Kind // of a document, or KindObservation, KindTopic
	Slug  string
	Exact bool           // a name, acronym or slug of it is what was searched for
	Title []Span         // joined: the name or title
	Text  []Span         // joined: a passage, perhaps with … at its ends; may be empty
	Round *published.Ref // of an output or observation; nil for one of a series
	// Series is that of an output or observation, the zero Ref for other kinds.
	Series published.Ref
	Sample bool   // invented, for demonstration
	Lang   string // BCP-47 of Title if it is not English, else ""
}

// A SearchResult is one page of 20 hits: exact ones first, then the newest.
type SearchResult struct {
	Hits               []Hit
	Total, Page, Pages int
}

// A ChangeEntry is one entry of the feed.
type ChangeEntry struct {
	Kind   published.Kind // round or output
	Slug   string
	Title  string // "" for what was withdrawn
	Round  string // slug of an output's round, "" if none
	Series published.Ref
	// Version is the document's own; of what was withdrawn, the last that was public.
	Version int
	Change  Change
	Note    string
	Number  int64
	Day     string
}

// An Address is one page for the sitemap.
type Address struct {
	Kind published.Kind // series, organisation, KindTopic, round, KindObservation
	Slug string
	Day  string // of its latest release; "" where it follows from several documents
}

// A Page is rendered once for all who ask.
type Page struct {
	Status int
	Type   string // content type
	Body   []byte
	// ETag (quoted, of Body) and Gzip (Body compressed, nil if that is not
	// smaller) are filled in by Edition.Page.
	ETag string
	Gzip []byte
}
