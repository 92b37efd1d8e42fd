package database

import "context"

// Rewrite has the database write a table and its indexes anew, so that rows that
// were replaced or deleted stand in no page of them; on SQLite it writes all
// tables, and cuts the log. It costs one copy of the table, during which nobody
// else uses it. table is a name from our own code, never a value.
//
// PostgreSQL's log keeps the old bytes until it is recycled.
func (db *DB) Rewrite(ctx context.Context, table string) error {
	if db.dialect == PostgreSQL {
		return Error(db.writer.WithContext(ctx).Exec("VACUUM FULL "+table).Error, "rewriting the store")
	}
	if err := db.writer.WithContext(ctx).Exec("VACUUM").Error; err != nil {
		return Error(err, "rewriting the store")
	}
	return db.Checkpoint(ctx)
}
