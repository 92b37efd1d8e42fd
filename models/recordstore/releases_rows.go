package recordstore

import (
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"track15/models/database"
	"track15/models/record"
)

type releaseRow struct {
	ID            string
	Kind          string
	State         string
	Title         string
	Imported      int64
	Note          string
	Amendment     int64
	Hash          string
	Documents     int64
	EditsTo       int64
	PreparedBy    string
	PreparedName  string
	PreparedAt    int64
	Queued        int64
	Number        int64
	NumberedAt    int64
	Delivered     int64
	LogMAC        []byte `gorm:"column:log_mac"`
	CancelledBy   string
	CancelledName string
	CancelledAt   int64
	CancelReason  string
	AskedID       string
	AskedName     string
}

func (releaseRow) TableName() string { return "releases" }

func (r releaseRow) release() record.Release {
	return record.Release{
		ID: r.ID, Kind: record.ReleaseKind(r.Kind), State: record.ReleaseState(r.State), Title: r.Title,
		Import: r.Imported == 1, Note: r.Note, Amendment: r.Amendment == 1, Hash: r.Hash, Documents: int(r.Documents),
		PreparedBy: record.Signatory{ID: r.PreparedBy, Name: r.PreparedName}, PreparedAt: r.PreparedAt,
		Number: r.Number, NumberedAt: r.NumberedAt, Delivered: r.Delivered == 1,
		CancelledBy: record.Signatory{ID: r.CancelledBy, Name: r.CancelledName}, CancelledAt: r.CancelledAt, CancelReason: r.CancelReason,
		Asked: record.Signatory{ID: r.AskedID, Name: r.AskedName},
	}
}

type releaseSeriesRow struct {
	ReleaseID string
	SeriesID  string
}

func (releaseSeriesRow) TableName() string { return "release_series" }

type releaseDocumentRow struct {
	ReleaseID    string
	Position     int64
	Kind         string
	Slug         string
	Hash         string
	Body         []byte
	ObjectID     string
	Base         string
	Within       string
	WithinSeries int64
	Names        list[[]string]
	Observations list[[]record.FrozenObservation]
	Sealed       []byte // see releases_sealed.go
}

func (releaseDocumentRow) TableName() string { return "release_documents" }

// documentColumns are all but the bytes, which may be many.
const documentColumns = "release_id, position, kind, slug, hash, object_id, base, within, within_series, names, observations"

func documentRow(releaseID string, position int64, base string, d record.FrozenDocument) releaseDocumentRow {
	return releaseDocumentRow{
		ReleaseID: releaseID, Position: position, Kind: d.Kind, Slug: d.Slug, Hash: d.Hash, Body: d.Body,
		ObjectID: d.ObjectID, Base: base, Within: d.Within, WithinSeries: flag(d.WithinSeries),
		Names: list[[]string]{d.Names}, Observations: list[[]record.FrozenObservation]{d.Observations}, Sealed: unsealed(),
	}
}

func (r releaseDocumentRow) document() record.FrozenDocument {
	return record.FrozenDocument{
		Kind: r.Kind, Slug: r.Slug, Hash: r.Hash, Body: r.Body, ObjectID: r.ObjectID,
		Within: r.Within, WithinSeries: r.WithinSeries == 1, Names: r.Names.V, Observations: r.Observations.V,
	}
}

type releaseDropRow struct {
	ReleaseID string
	Position  int64
	Kind      string
	Slug      string
	Notice    string
	Reason    string
	ObjectID  string
}

func (releaseDropRow) TableName() string { return "release_drops" }

type releaseSubjectRow struct {
	ReleaseID string
	ObjectID  string
	Since     int64
}

func (releaseSubjectRow) TableName() string { return "release_subjects" }

type releaseSignatureRow struct {
	ReleaseID string
	Position  int64
	AccountID string
	Name      string
	SignedAt  int64
	Mac       []byte

	EnteredBy   string
	EnteredName string
}

func (releaseSignatureRow) TableName() string { return "release_signatures" }

type releaseSlugRow struct {
	Kind     string
	Slug     string
	ObjectID string
	OutputID string
	Number   int64
}

func (releaseSlugRow) TableName() string { return "release_slugs" }

type releaseLogRow struct {
	Number     int64
	Position   int64
	Kind       string
	Slug       string
	DocumentOf string
	Document   int64
	Notice     string
	Reason     string
}

func (releaseLogRow) TableName() string { return "release_log" }

type releaseStateRow struct {
	Kind         string
	Slug         string
	ObjectID     string
	ReleaseID    string
	Document     int64
	ChangedBy    string
	Notice       string
	Reason       string
	Present      int64
	Shown        string
	Within       string
	WithinSeries int64
	Disclosed    int64
}

func (releaseStateRow) TableName() string { return "release_state" }

type releaseNameRow struct {
	Kind  string
	Slug  string
	Named string
}

func (releaseNameRow) TableName() string { return "release_names" }

// releaseChunk is how many rows of releases one statement reads or writes.
const releaseChunk = 500

// insertRows inserts rows in order.
func insertRows[T any](tx *gorm.DB, rows []T) error {
	return database.Error(database.Insert(tx, rows), "release")
}

// replaceRows inserts rows, or replaces those with the same key columns.
func replaceRows[T any](tx *gorm.DB, rows []T, key ...string) error {
	var on []clause.Column
	for _, name := range key {
		on = append(on, clause.Column{Name: name})
	}
	for part := range slices.Chunk(rows, releaseChunk) {
		err := tx.Clauses(clause.OnConflict{UpdateAll: true, Columns: on}).Create(&part).Error
		if err != nil {
			return database.Error(err, "release")
		}
	}
	return nil
}
