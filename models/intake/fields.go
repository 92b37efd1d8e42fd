package intake

import "slices"

// A Field is what a column holds. Its value is what an address or a form calls
// it.
type Field string

const (
	NoField Field = ""
	Name    Field = "name" // a person's in one column, or a body's
	Given   Field = "given"
	Family  Field = "family"
	// FamilyFirst says that a name is written with the family name first; whoever
	// says so, or not, has divided it.
	FamilyFirst Field = "family name first"
	Honorific   Field = "honorific"
	Native      Field = "native"
	Aliases     Field = "aliases"
	Acronym     Field = "acronym"
	Country     Field = "country"
	BodyKind    Field = "body kind"
	Parent      Field = "parent"
	BodyName    Field = "organisation"
	ActingFor   Field = "true affiliation"
	Side        Field = "side"
	Track       Field = "track"
	Role        Field = "role"
	Capacity    Field = "capacity"
	Post        Field = "post"
	Head        Field = "head of delegation"
	Attendance  Field = "attendance"
	SeriesName  Field = "series"
	RoundName   Field = "round"
	Said        Field = "number as said" // word for word
	Title       Field = "title"
	Opens       Field = "from"
	Closes      Field = "to"
	City        Field = "city"
	Venue       Field = "venue"
	Format      Field = "format"
	State       Field = "state"
	Topics      Field = "topics"
	Rules       Field = "ground rules"
	Conveners   Field = "conveners"
	Hosts       Field = "hosts"
	Bodies      Field = "organisations"
	Summary     Field = "summary"
	Address     Field = "address"
	OutputKind  Field = "kind of text"
	Authors     Field = "authors"
	Outlet      Field = "outlet"
	Published   Field = "date of publication"
	Language    Field = "language"
)

var fields = map[Kind][]Field{
	Participants:  {Name, Family, Given, FamilyFirst, Honorific, Native, Aliases, Country, BodyName, ActingFor, Post, Side, Track, Role, Capacity, Head, Attendance, SeriesName, RoundName, Opens, Closes, City},
	Organisations: {Name, Acronym, Native, Aliases, BodyKind, Country, Parent, Address},
	Rounds:        {SeriesName, RoundName, Said, Title, Opens, Closes, City, Country, Venue, Format, Track, State, Topics, Rules, Conveners, Hosts, Bodies, Summary, Address},
	Outputs:       {Title, OutputKind, Authors, Outlet, Published, Address, Language, SeriesName, RoundName, Opens},
}

// Fields lists what columns of such a table can hold, in the order in which a
// form offers it. The zero field, for a column that is left out, is not in it.
func Fields(k Kind) []Field { return slices.Clone(fields[k]) }

// dated reports whether the field holds dates.
func (f Field) dated() bool { return f == Opens || f == Closes || f == Published }
