package historic

import (
	"errors"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// The types below are the format, field by field. Names are those of the JSON.
// A pointer may be null; what is no pointer may be absent, never null.

type seriesLine struct {
	ID          string     `json:"id"`
	Name        string     `json:"name"`
	OtherNames  list[text] `json:"other_names"`
	Track       string     `json:"track"`
	TrackBasis  string     `json:"track_basis"`
	TracksFound list[struct {
		Label text   `json:"label"`
		URL   string `json:"url"`
	}] `json:"track_labels_found"`
	Conveners list[text] `json:"conveners"`
	Parties   list[text] `json:"parties"`
	Note      string     `json:"note"`
	Source    text       `json:"source"`
}

type organisationLine struct {
	ID             string     `json:"id"`
	Name           string     `json:"name"`
	Acronym        string     `json:"acronym"`
	Country        string     `json:"country"`
	Kind           string     `json:"kind"`
	NativeName     string     `json:"native_name"`
	NativeLang     string     `json:"native_lang"`
	Aliases        list[text] `json:"aliases"`
	Parent         string     `json:"parent"`
	ConfusableWith list[text] `json:"confusable_with"`
	Source         text       `json:"source"`
	NativeSource   string     `json:"native_source"`
	Note           string     `json:"note"`
}

type roundLine struct {
	ID            string           `json:"id"`
	Series        string           `json:"series"`
	SeriesName    string           `json:"series_name"`
	Track         string           `json:"track"`
	Ordinal       *int64           `json:"ordinal"`
	OrdinalLabel  string           `json:"ordinal_label"`
	Status        string           `json:"status"`
	Start         string           `json:"start"`
	End           string           `json:"end"`
	DatePrecision text             `json:"date_precision"`
	NotBefore     string           `json:"not_before"`
	NotAfter      string           `json:"not_after"`
	City          string           `json:"city"`
	Country       string           `json:"country"`
	Format        string           `json:"format"`
	CoConveners   list[text]       `json:"co_conveners"`
	Supporters    list[text]       `json:"supporters"`
	Organisations list[bodyLine]   `json:"organisations_named_publicly"`
	Headcount     jsontext.Value   `json:"headcount"`
	HeadcountText string           `json:"headcount_text"`
	Topics        list[text]       `json:"topics"`
	RulesStated   list[text]       `json:"rules_stated"`
	Outputs       list[outputLine] `json:"outputs"`
	Summary       string           `json:"summary"`
	Source        text             `json:"source"`
	Facts         list[factLine]   `json:"facts"`
	TestQuirks    list[text]       `json:"test_quirks"`
}

type bodyLine struct {
	Org          *string `json:"org"`
	Side         string  `json:"side"`
	HowDisclosed text    `json:"how_disclosed"`
}

type outputLine struct {
	Kind               text       `json:"kind"`
	Title              text       `json:"title"`
	Authors            list[text] `json:"authors"`
	Outlet             string     `json:"outlet"`
	Date               string     `json:"date"`
	URL                string     `json:"url"`
	Lang               string     `json:"lang"`
	LangsAvailable     list[text] `json:"langs_available"`
	AuthoritativeLang  string     `json:"authoritative_lang"`
	CitationGiven      string     `json:"citation_given"`
	Contact            string     `json:"contact"`
	Repost             string     `json:"repost"`
	Funding            string     `json:"funding"`
	Identifier         string     `json:"identifier"`
	ISBN               string     `json:"isbn"`
	Note               string     `json:"note"`
	Volume             word       `json:"volume"`
	Issue              word       `json:"issue"`
	TitleIsDescriptive bool       `json:"title_is_descriptive"`
	NameListAttached   bool       `json:"name_list_attached"`
}

type factLine struct {
	Fields list[text] `json:"fields"`
	URL    string     `json:"url"`
}

var (
	errNull = errors.New("this may be left out, not null")
	errWord = errors.New("enter text or a whole number")
)

// A text is a string that may not be null.
type text string

func (t *text) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	if dec.PeekKind() == 'n' {
		return errNull
	}
	return json.UnmarshalDecode(dec, (*string)(t))
}

// A list is an array that may not be null.
type list[T any] []T

func (l *list[T]) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	if dec.PeekKind() == 'n' {
		return errNull
	}
	return json.UnmarshalDecode(dec, (*[]T)(l))
}

// A word is a string, or a whole number that stands for its digits.
type word string

func (w *word) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	if dec.PeekKind() != '0' {
		return json.UnmarshalDecode(dec, (*string)(w))
	}
	v, err := dec.ReadValue()
	if err != nil {
		return err
	}
	for _, b := range v {
		if b != '-' && (b < '0' || b > '9') {
			return errWord
		}
	}
	*w = word(v)
	return nil
}
