package database

import (
	"context"
	"database/sql"
	"errors"

	goose "github.com/pressly/goose/v3/database"
)

// versions keeps the numbers of the migrations that ran in a table without
// times and counters, so that a published file does not tell when its office
// installed or upgraded the program.
type versions struct{ dialect Dialect }

// Tablename returns the name of the table.
func (v versions) Tablename() string { return "schema_versions" }

// CreateVersionTable makes the table.
func (v versions) CreateVersionTable(ctx context.Context, db goose.DBTxConn) error {
	options := ""
	if v.dialect == SQLite {
		options = " WITHOUT ROWID"
	}
	_, err := db.ExecContext(ctx, "CREATE TABLE schema_versions (version BIGINT PRIMARY KEY)"+options)
	return err
}

// Insert notes that a migration ran.
func (v versions) Insert(ctx context.Context, db goose.DBTxConn, r goose.InsertRequest) error {
	_, err := db.ExecContext(ctx, "INSERT INTO schema_versions (version) VALUES ($1)", r.Version)
	return err
}

// Delete notes that a migration was undone.
func (v versions) Delete(ctx context.Context, db goose.DBTxConn, version int64) error {
	_, err := db.ExecContext(ctx, "DELETE FROM schema_versions WHERE version = $1", version)
	return err
}

// GetMigration tells whether a migration ran; its time is not kept.
func (v versions) GetMigration(ctx context.Context, db goose.DBTxConn, version int64) (*goose.GetMigrationResult, error) {
	var found int64
	err := db.QueryRowContext(ctx, "SELECT version FROM schema_versions WHERE version = $1", version).Scan(&found)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, goose.ErrVersionNotFound
	}
	if err != nil {
		return nil, err
	}
	return &goose.GetMigrationResult{IsApplied: true}, nil
}

// GetLatestVersion returns the highest number.
func (v versions) GetLatestVersion(ctx context.Context, db goose.DBTxConn) (int64, error) {
	var latest sql.NullInt64
	err := db.QueryRowContext(ctx, "SELECT MAX(version) FROM schema_versions").Scan(&latest)
	if err == nil && !latest.Valid {
		err = goose.ErrVersionNotFound
	}
	return latest.Int64, err
}

// ListMigrations returns the numbers, the highest first.
func (v versions) ListMigrations(ctx context.Context, db goose.DBTxConn) (list []*goose.ListMigrationsResult, err error) {
	rows, err := db.QueryContext(ctx, "SELECT version FROM schema_versions ORDER BY version DESC")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		r := &goose.ListMigrationsResult{IsApplied: true}
		if err := rows.Scan(&r.Version); err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, rows.Err()
}

// TableExists tells whether the table is there, in the schema that new tables go to.
func (v versions) TableExists(ctx context.Context, db goose.DBTxConn) (bool, error) {
	query := "SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name = 'schema_versions'"
	if v.dialect == PostgreSQL {
		query = "SELECT COUNT(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'schema_versions'"
	}
	var n int
	err := db.QueryRowContext(ctx, query).Scan(&n)
	return n > 0, err
}

var _ goose.StoreExtender = versions{}
