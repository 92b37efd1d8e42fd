// Package published holds what the public may read, in the shapes in which it
// was released. It knows nothing of the record.
//
// Every field of a document is public the moment the document is. There is no
// field that is sometimes public: what was withheld is absent, and its absence
// reads like "there is none".
package published

// Kind is one of the four kinds of release documents.
type Kind string

const (
	KindSeries       Kind = "series"
	KindOrganisation Kind = "organisation"
	KindRound        Kind = "round"
	KindOutput       Kind = "output"
)

// Kinds lists the kinds in the order in which documents of one release are
// applied and shown: what is named comes before what names it.
var Kinds = []Kind{KindSeries, KindOrganisation, KindRound, KindOutput}

// A Ref names another document by slug, with the words to show for it.
type Ref struct {
	Slug string `json:"slug"`
	Name string `json:"name"`
}

// A Name is a name in another language or script. Lang is a BCP-47 tag.
type Name struct {
	Text string `json:"text"`
	Lang string `json:"lang"`
}

// A Body is an organisation as one document names it. Slug is "" for words
// that name no body ("independent researchers").
type Body struct {
	Slug    string `json:"slug,omitempty"`
	Name    string `json:"name"`
	Acronym string `json:"acronym,omitempty"`
	Native  []Name `json:"native,omitempty"`
}

// A Source is where a fact was public before. Fields says which facts, in the
// words of whoever compiled them; empty means the entry as a whole.
type Source struct {
	URL    string   `json:"url"`
	Fields []string `json:"fields,omitempty"`
}

// A Correction says that this version replaces an earlier one.
type Correction struct {
	Note string `json:"note"` // what changed, in released words; "" if nothing is said
	// Amendment keeps the earlier versions readable. The zero value is a
	// redaction: earlier versions lose their text.
	Amendment bool `json:"amendment,omitempty"`
}

// Head is what every document carries.
type Head struct {
	Kind Kind   `json:"kind"`
	Slug string `json:"slug"`
	// Nonce is 128 random bits in hex, so that the hash of an unreleased
	// document confirms no guess.
	Nonce      string      `json:"nonce"`
	Compiled   bool        `json:"compiled,omitempty"` // compiled from public sources, not confirmed by the conveners
	Sample     bool        `json:"sample,omitempty"`   // invented, for demonstration
	Correction *Correction `json:"correction,omitempty"`
	Sources    []Source    `json:"sources,omitempty"`
}

// A Series is a standing dialogue.
type Series struct {
	Head
	Name       string   `json:"name"`
	OtherNames []string `json:"other_names,omitempty"`
	Track      string   `json:"track,omitempty"`
	Parties    []Party  `json:"parties,omitempty"`
	Conveners  []Body   `json:"conveners,omitempty"`
}

// A Party is a country or group that forms a side. Country is an ISO 3166
// code, "" if it is none.
type Party struct {
	Name    string `json:"name"`
	Country string `json:"country,omitempty"`
}

// An Organisation is a body that a released round discloses, or a category of
// bodies of one side.
type Organisation struct {
	Head
	Name       string   `json:"name"`
	Acronym    string   `json:"acronym,omitempty"`
	Native     []Name   `json:"native,omitempty"`
	OtherNames []string `json:"other_names,omitempty"`
	OrgKind    string   `json:"organisation_kind,omitempty"`
	Country    string   `json:"country,omitempty"`
	Parent     *Ref     `json:"parent,omitempty"` // only if that one is released too
	Category   bool     `json:"category,omitempty"`
	// Predecessors are the bodies that it came after, by name: those that are
	// released too. Its successors are those whose documents name it here.
	Predecessors []Ref        `json:"predecessors,omitempty"`
	Identifiers  []Identifier `json:"identifiers,omitempty"`
}

// An Identifier is how a public register calls a body: a ROR or Wikidata number.
type Identifier struct {
	Scheme string `json:"scheme"`
	Value  string `json:"value"`
}

// Dates are ISO dates cut to their released precision: 2017, 2017-01,
// 2017-01-11. "" is unknown or withheld. NotBefore and NotAfter bound a round
// whose own dates are not stated.
type Dates struct {
	Opens     string `json:"opens,omitempty"`
	Closes    string `json:"closes,omitempty"`
	NotBefore string `json:"not_before,omitempty"`
	NotAfter  string `json:"not_after,omitempty"`
}

// Form is how a line of the two-sided table names who took part.
type Form string

const (
	FormBody     Form = "body"     // an organisation by its name
	FormCategory Form = "category" // a category of one side: no track, no role, stands once
	FormWords    Form = "words"    // words that name no body
)

// A Line is one line of the two-sided table.
type Line struct {
	Form  Form   `json:"form"`
	Body  Body   `json:"body"`
	Track string `json:"track,omitempty"` // "1", "2" or "": not stated
	Role  string `json:"role,omitempty"`  // convener, host, supporter; "" for a participant
}

// A Side is one column of the two-sided table.
type Side struct {
	Name    string `json:"name"`
	Country string `json:"country,omitempty"`
	Lines   []Line `json:"lines,omitempty"`
}

// Rules are the ground rules as released: the preset's name and, if released,
// the text read out.
type Rules struct {
	Preset string `json:"preset,omitempty"`
	Name   string `json:"name"`
	Text   string `json:"text,omitempty"`
}

// A Round is one meeting of a series, as released.
type Round struct {
	Head
	Series    Ref    `json:"series"`
	Title     string `json:"title"`
	Label     string `json:"label,omitempty"` // the number the conveners agreed to say
	Track     string `json:"track,omitempty"`
	State     string `json:"state"` // announced, held, cancelled, postponed
	Dates     Dates  `json:"dates"`
	City      string `json:"city,omitempty"`
	Country   string `json:"country,omitempty"`
	Format    string `json:"format,omitempty"`
	Conveners []Body `json:"conveners,omitempty"`
	Sides     []Side `json:"sides,omitempty"`
	Others    []Line `json:"others,omitempty"`    // of no side: hosts, supporters, bodies whose side is not stated
	Headcount string `json:"headcount,omitempty"` // a range in words, "10 to 19"
	Topics    []Ref  `json:"topics,omitempty"`
	Rules     *Rules `json:"rules,omitempty"`
	Summary   string `json:"summary,omitempty"` // plain text
}

// An Author is a person as printed under a published text. ORCID is 16 digits in
// groups of four, the last perhaps an X.
type Author struct {
	Family  string `json:"family,omitempty"`
	Given   string `json:"given,omitempty"`
	Literal string `json:"literal,omitempty"` // instead of the two, for a body or an undivided name
	ORCID   string `json:"orcid,omitempty"`
}

// An Observation is one publishable, unattributed statement.
type Observation struct {
	Slug    string `json:"slug"`
	Number  int    `json:"number"` // as released; a removed one leaves a gap
	Heading string `json:"heading,omitempty"`
	Text    string `json:"text"`
	// Account says whose published account is paraphrased, "" for the
	// house's own observation.
	Account string `json:"account,omitempty"`
}

// An Output is a text about a round, or about a series as a whole: the house's
// own, or the citation of one that others published.
type Output struct {
	Head
	OutputKind   string        `json:"output_kind"`
	Title        string        `json:"title"`
	Lang         string        `json:"lang,omitempty"`
	Series       Ref           `json:"series"`
	Round        *Ref          `json:"round,omitempty"` // nil for a text about the series
	Body         string        `json:"body,omitempty"`  // Markdown; "" for a text others published
	Authors      []Author      `json:"authors,omitempty"`
	Outlet       string        `json:"outlet,omitempty"`
	Date         string        `json:"date,omitempty"`
	URL          string        `json:"url,omitempty"`
	Observations []Observation `json:"observations,omitempty"`
	// Acknowledgements are thanks, to funders among others.
	Acknowledgements string `json:"acknowledgements,omitempty"`
	// Translations are the text in other languages; that of Lang is the
	// authoritative one.
	Translations []Translation `json:"translations,omitempty"`
}

// A Translation is a text in another language than its own, whole. Lang is a
// BCP-47 tag.
type Translation struct {
	Lang         string  `json:"lang"`
	Title        string  `json:"title"`
	Body         string  `json:"body,omitempty"` // Markdown
	Observations []Words `json:"observations,omitempty"`
}

// Words are an observation in another language. Slug is the observation's.
type Words struct {
	Slug    string `json:"slug"`
	Heading string `json:"heading,omitempty"`
	Text    string `json:"text"`
}

// In are the words of an observation in the languages of its translations.
func (o Output) In(slug string) []Worded {
	var out []Worded
	for _, t := range o.Translations {
		for _, w := range t.Observations {
			if w.Slug == slug {
				out = append(out, Worded{t.Lang, w})
			}
		}
	}
	return out
}

// Worded are words with their language.
type Worded struct {
	Lang string
	Words
}

// External reports whether others published the text: it has no words here and
// stands as a citation.
func (o Output) External() bool {
	return o.Body == "" && (o.URL != "" || o.Outlet != "" || o.Compiled)
}
