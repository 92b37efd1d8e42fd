package database

import (
	"database/sql"

	"gorm.io/gorm"
)

// insertAtOnce is how many rows one statement inserts on PostgreSQL, where a
// round trip costs more than a row.
const insertAtOnce = 500

// Insert inserts many rows in the order given, in a transaction, as fast as the
// database can.
//
// On SQLite that is one row a statement, prepared once: a statement of several
// rows keeps a copy of every page it touches, in case it fails half-way, which
// took half of the time of an import.
func Insert[T any](tx *gorm.DB, rows []T) error {
	if len(rows) == 0 {
		return nil
	}
	pool, inTransaction := tx.Statement.ConnPool.(*sql.Tx)
	if tx.Name() != SQLite.String() || !inTransaction {
		return tx.CreateInBatches(&rows, insertAtOnce).Error
	}
	ctx := tx.Statement.Context
	dry := tx.Session(&gorm.Session{DryRun: true})
	var prepared *sql.Stmt
	for i := range rows {
		built := dry.Create(&rows[i])
		if built.Error != nil {
			return built.Error
		}
		if prepared == nil {
			var err error
			if prepared, err = pool.PrepareContext(ctx, built.Statement.SQL.String()); err != nil {
				return err
			}
			defer prepared.Close()
		}
		if _, err := prepared.ExecContext(ctx, built.Statement.Vars...); err != nil {
			return err
		}
	}
	return nil
}
