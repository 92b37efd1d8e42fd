package database

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
)

// Keys of the advisory locks of a database: random numbers, ours.
const (
	writerLock    int64 = 0x7472_6163_6b31_3501
	migrationLock int64 = 0x7472_6163_6b31_3502
)

// openPostgres opens one connection that writes, unless o.ReadOnly, and
// o.MaxReaders whose transactions are read-only unless they say otherwise.
//
// Behind PgBouncer, add default_query_exec_mode=cache_describe to the address,
// and default_transaction_read_only and timezone to its ignore_startup_parameters;
// readers are then as read-only as their role.
func openPostgres(ctx context.Context, c *pgx.ConnConfig, o Options) (*DB, error) {
	if c.RuntimeParams["application_name"] == "" {
		c.RuntimeParams["application_name"] = "track15"
	}
	c.RuntimeParams["timezone"] = "UTC"
	reading := c.Copy()
	reading.RuntimeParams["default_transaction_read_only"] = "on"

	db := &DB{dialect: PostgreSQL}
	var err error
	if db.readers, err = connectPostgres(ctx, reading, o.MaxReaders, o); err == nil && !o.ReadOnly {
		db.writer, err = connectPostgres(ctx, c, 1, o)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

func connectPostgres(ctx context.Context, c *pgx.ConnConfig, n int, o Options) (*gorm.DB, error) {
	pool := stdlib.OpenDB(*c)
	return connect(ctx, pool, n, postgres.New(postgres.Config{Conn: pool}), o)
}

// lockWriter waits until tx is the only Write on its database. The transaction
// is "read committed", so statements after this one see everything the writers
// before it committed; the lock ends with the transaction.
func lockWriter(tx *gorm.DB) error {
	err := tx.Exec("SET LOCAL lock_timeout = " + busyTimeout).Error
	if err == nil {
		err = tx.Exec("SELECT pg_advisory_xact_lock(?)", writerLock).Error
	}
	return Error(err, "the transaction")
}

// SystemIdentifier returns the identity of the PostgreSQL cluster, the same for
// all its databases and for its replicas; "" on SQLite.
func (db *DB) SystemIdentifier(ctx context.Context) (string, error) {
	if db.dialect != PostgreSQL {
		return "", nil
	}
	var id string
	err := db.Read(ctx).Raw("SELECT system_identifier::text FROM pg_control_system()").Scan(&id).Error
	return id, Error(err, "the cluster's identity")
}

// InRecovery tells whether the database is a replica that follows another;
// false on SQLite.
func (db *DB) InRecovery(ctx context.Context) (bool, error) {
	if db.dialect != PostgreSQL {
		return false, nil
	}
	var replica bool
	err := db.Read(ctx).Raw("SELECT pg_is_in_recovery()").Scan(&replica).Error
	return replica, Error(err, "the cluster's state")
}
