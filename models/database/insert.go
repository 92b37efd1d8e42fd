package database

import (
	"context"
	"database/sql"
	"reflect"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/schema"
)

// insertAtOnce is how many rows one statement inserts on PostgreSQL, where a
// round trip costs more than a row.
const insertAtOnce = 500

// Insert inserts many rows in the order given, in a transaction, as fast as the
// database can.
//
// On SQLite that is one row a statement, compiled once: a statement of several
// rows keeps a copy of every page it touches, in case it fails half-way, which
// took half of the time of an import. The statement is built of the first row,
// once: building it of every row took a third of the rest. So no column of a row
// may have a default that gorm would fill in.
func Insert[T any](tx *gorm.DB, rows []T) error {
	if len(rows) == 0 {
		return nil
	}
	pool, inTransaction := tx.Statement.ConnPool.(*sql.Tx)
	if tx.Name() != SQLite.String() || !inTransaction {
		return tx.CreateInBatches(&rows, insertAtOnce).Error
	}
	ctx := tx.Statement.Context
	built := tx.Session(&gorm.Session{DryRun: true}).Create(&rows[0])
	if built.Error != nil {
		return built.Error
	}
	values, _ := built.Statement.Clauses["VALUES"].Expression.(clause.Values)
	fields := make([]*schema.Field, len(values.Columns))
	for i, c := range values.Columns {
		fields[i] = built.Statement.Schema.LookUpField(c.Name)
	}
	insert := built.Statement.SQL.String()
	// A context that can end costs a goroutine a statement; it is looked at
	// between rows instead.
	unending := context.WithoutCancel(ctx)
	vars := make([]any, len(fields))
	for i := range rows {
		if err := ctx.Err(); err != nil {
			return err
		}
		row := reflect.ValueOf(&rows[i]).Elem()
		for n, f := range fields {
			vars[n], _ = f.ValueOf(ctx, row)
		}
		if _, err := pool.ExecContext(unending, insert, vars...); err != nil {
			return err
		}
	}
	return nil
}
