package publishedstore

import "track15/models/published"

// form numbers the rules by which documents become rows: bitmaps, words, keys.
// Whoever changes one of them counts up, and the store asks to be folded again:
// else a word of a document that leaves might stay behind under the old rules.
const form = 2

// A keyed row can replace the one with the same key.
type keyed interface{ key() []string }

type editionRow struct {
	Name   string
	Number int64
	Day    string
	Form   int64
	Fold   int64
}

func (editionRow) TableName() string { return "edition" }

type documentRow struct {
	Kind    published.Kind
	Slug    string
	Version int
	Number  int64
	Day     string
	Hash    string
	Body    []byte
}

func (documentRow) TableName() string { return "documents" }

func (documentRow) key() []string { return []string{"kind", "slug"} }

func (d documentRow) document() published.Document {
	return published.Document{Kind: d.Kind, Slug: d.Slug, Body: d.Body}
}

type versionRow struct {
	Kind    published.Kind
	Slug    string
	Version int
	Number  int64
	Day     string
	Change  Change
	Note    string
	Hash    string
	Body    []byte
}

func (versionRow) TableName() string { return "versions" }

type noticeRow struct {
	Kind    published.Kind
	Slug    string
	Notice  published.Notice
	Reason  string
	Number  int64
	Day     string
	Version int
	Output  string
}

func (noticeRow) TableName() string { return "notices" }

func (noticeRow) key() []string { return []string{"kind", "slug"} }

type roundRow struct {
	Slug         string
	Ordinal      uint32
	Opened       string
	Series       string
	Year         int
	Title        string
	Observations int
}

func (roundRow) TableName() string { return "rounds" }

type outputRow struct {
	Slug         string
	Round        string
	Series       string
	Dated        string
	Observations int
	Account      int
}

func (outputRow) TableName() string { return "outputs" }

type observationRow struct {
	Slug   string
	Output string
	Number int
	Round  string
	Opened string
}

func (observationRow) TableName() string { return "observations" }

type organisationRow struct {
	Slug    string
	SortKey string
	Parent  string
	Own     int
	Entry   string
}

func (organisationRow) TableName() string { return "organisations" }

func (organisationRow) key() []string { return []string{"slug"} }

type successionRow struct {
	Slug        string
	Predecessor string
}

func (successionRow) TableName() string { return "successions" }

type facetRow struct {
	Facet  string
	Value  string
	Name   string
	Rounds []byte
}

func (facetRow) TableName() string { return "facets" }

func (facetRow) key() []string { return []string{"facet", "value"} }

type entryRow struct {
	ID     uint32 `gorm:"primaryKey;autoIncrement:false"`
	Kind   published.Kind
	Slug   string
	Opened string
}

func (entryRow) TableName() string { return "entries" }

type termRow struct {
	Term    string
	Entries []byte
}

func (termRow) TableName() string { return "terms" }

func (termRow) key() []string { return []string{"term"} }

type ordinalsRow struct {
	Space string
	Taken []byte
}

func (ordinalsRow) TableName() string { return "ordinals" }

func (ordinalsRow) key() []string { return []string{"space"} }

// tables lists every table of the store with its key, for the digest and for
// folding again. Every row but fold in edition follows from the releases.
var tables = []struct{ name, columns, key string }{
	{"edition", "name, number, day, form", "name"},
	{"documents", "kind, slug, version, number, day, hash, body", "kind, slug"},
	{"versions", "kind, slug, version, number, day, change, note, hash, body", "kind, slug, version"},
	{"notices", "kind, slug, notice, reason, number, day, version, output", "kind, slug"},
	{"rounds", "slug, ordinal, opened, series, year, title, observations", "slug"},
	{"outputs", "slug, round, series, dated, observations, account", "slug"},
	{"observations", "slug, output, number, round, opened", "slug"},
	{"organisations", "slug, sort_key, parent, own, entry", "slug"},
	{"successions", "slug, predecessor", "slug, predecessor"},
	{"facets", "facet, value, name, rounds", "facet, value"},
	{"entries", "id, kind, slug, opened", "id"},
	{"terms", "term, entries", "term"},
	{"ordinals", "space, taken", "space"},
}
