package database

import "context"

// Rewrite has the database write tables and their indexes anew, so that rows that
// were replaced or deleted stand in no page of them; on SQLite it writes all
// tables, and cuts the log. It costs one copy of each table, during which nobody
// else uses it. tables are names from our own code, never values.
//
// PostgreSQL's log keeps the old bytes until it is recycled.
func (db *DB) Rewrite(ctx context.Context, tables ...string) error {
	if db.dialect == PostgreSQL {
		for _, table := range tables {
			if err := db.writer.WithContext(ctx).Exec("VACUUM FULL " + table).Error; err != nil {
				return Error(err, "rewriting the store")
			}
		}
		return nil
	}
	if err := db.writer.WithContext(ctx).Exec("VACUUM").Error; err != nil {
		return Error(err, "rewriting the store")
	}
	return db.Checkpoint(ctx)
}
