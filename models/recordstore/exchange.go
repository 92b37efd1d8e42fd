package recordstore

import (
	"encoding/hex"
	"encoding/json"
	"slices"

	"gorm.io/gorm"

	"track15/models/database"
	"track15/models/record"
	"track15/models/seal"
)

// The kinds of entries in an interchange file, as its lists are called.
const (
	xSeries         = "series"
	xOrganisations  = "organisations"
	xPeople         = "people"
	xRounds         = "rounds"
	xParticipations = "participations"
	xNotes          = "notes"
	xPhrases        = "phrase_clearances"
	xPublished      = "published"
	xSources        = "public_sources"
	xAllowed        = "allow_list"
)

// An exchangeRow is the id that an entry has in files.
type exchangeRow struct {
	Kind       string
	ExternalID string
	ObjectID   string
	Position   int64
	MAC        string `gorm:"column:mac"`
	Version    int64
	Kept       list[kept]
}

func (exchangeRow) TableName() string { return "exchange_ids" }

// A kept is what a file says of an entry and the record has no place for. Each
// kind uses some of the fields.
type kept struct {
	Disclosure string   `json:"disclosure,omitempty"` // of a series or an organisation
	Kind       string   `json:"kind,omitempty"`       // of an organisation, in the file's word
	NoKind     bool     `json:"no_kind,omitempty"`
	Acronyms   []string `json:"acronyms,omitempty"` // after the first; they are aliases in the record
	Full       string   `json:"full,omitempty"`     // a name as written
	Aliases    []string `json:"aliases,omitempty"`  // of a venue
	Track      string   `json:"track,omitempty"`    // of a participation: 1.5
	Label      string   `json:"label,omitempty"`    // of a participation, where the record withholds instead
	ClearedOn  string   `json:"cleared_on,omitempty"`
}

type asOfRow struct {
	AsOf string
}

func (asOfRow) TableName() string { return "exchange_as_of" }

type phraseRow struct {
	ID      string
	NoteID  string
	RoundID string
	Sealed  []byte
}

func (phraseRow) TableName() string { return "phrase_clearances" }

// A phrase is what is sealed of a phrase clearance, under its round's keyset.
type phrase struct {
	Quote     string `json:"quote"`
	ClearedOn string `json:"cleared_on"`
	Basis     string `json:"basis,omitempty"`
}

type knownTextRow struct {
	ID          string
	Own         int64
	RoundID     string
	Title       string
	PublishedOn string
	Body        string
}

func (knownTextRow) TableName() string { return "known_texts" }

type allowedRow struct {
	ID     string
	Kind   string
	Value  string
	Scope  string
	Reason string
}

func (allowedRow) TableName() string { return "allow_list" }

// mac is what a line of a file is known by: whoever holds the database alone
// cannot try what a line says.
func (s *Store) mac(kind string, line ...any) (string, error) {
	b, err := json.Marshal(line)
	return hex.EncodeToString(s.ring.MAC(seal.Exchange, []byte(kind), b)), err
}

// exchanged reads the rows of those of the ids of a kind that came in a file
// before, by external id.
func exchanged(tx *gorm.DB, kind string, ids []string) (map[string]exchangeRow, error) {
	known := map[string]exchangeRow{}
	for part := range slices.Chunk(ids, 1000) {
		var rows []exchangeRow
		if err := tx.Where("kind = ? AND external_id IN ?", kind, part).Find(&rows).Error; err != nil {
			return nil, database.Error(err, "exchange")
		}
		for _, r := range rows {
			known[r.ExternalID] = r
		}
	}
	return known, nil
}

// Labels of the record in the words of a file.
var labelWords = map[record.DisclosureLabel]string{
	record.Withheld: "withheld", record.BySide: "side", record.ByCategory: "category", record.ByParent: "parent", record.Exact: "exact",
}

// kindWords are kinds of bodies in the words of a file. A file has words for
// which the record has none: those are of another kind.
var kindWords = map[record.OrgKind]string{
	record.Ministry: "ministry", record.Agency: "agency", record.Military: "armed_forces", record.SecurityService: "security_service",
	record.Regulator: "regulator", record.CERT: "cert", record.ThinkTank: "think_tank", record.University: "university",
	record.Company: "company", record.International: "international", record.Independent: "independent", record.OtherKind: "other",
}

// kindOf is the kind that a file's word means.
func kindOf(word string) record.OrgKind {
	for kind, w := range kindWords {
		if w == word {
			return kind
		}
	}
	return record.OtherKind
}
