package publishedstore

import (
	"context"
	"regexp"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"track15/models/database"
	"track15/models/fault"
)

// roleForm is the form of a role's name: it needs no quotes in PostgreSQL.
var roleForm = regexp.MustCompile(`^[a-z_][a-z0-9_]{0,62}$`)

// EnsureReader makes the PostgreSQL role under which the public side reads, or
// puts right what it may: SELECT on the published tables, CONNECT to this
// database and to no other of the cluster, read-only unless it says otherwise.
// password is set if it is not "".
//
// CONNECT is taken from PUBLIC on every database of the cluster that the
// writer's role may change. It fails with Forbidden if the role could still
// connect elsewhere, and with Invalid on SQLite or for a malformed name.
func (w *Writer) EnsureReader(ctx context.Context, name, password string) error {
	if w.db.Dialect() != database.PostgreSQL {
		return fault.Errorf(fault.Invalid, "only PostgreSQL has roles")
	}
	if !roleForm.MatchString(name) {
		return fault.Field("name", "a role's name is made of lower case letters, digits and underscores")
	}
	return w.db.Write(ctx, func(tx *gorm.DB) error {
		tx = tx.WithContext(ctx)
		for _, step := range []func(*gorm.DB, string) error{makeRole, closeDatabases, grantTables} {
			if err := step(tx, name); err != nil {
				return database.Error(err, "role")
			}
		}
		if password != "" {
			return database.Error(setPassword(tx, name, password), "role")
		}
		return nil
	})
}

func makeRole(tx *gorm.DB, name string) error {
	var there int64
	if err := tx.Raw("SELECT count(*) FROM pg_roles WHERE rolname = ?", name).Scan(&there).Error; err != nil {
		return err
	}
	if there == 0 {
		if err := tx.Exec("CREATE ROLE " + name + " LOGIN").Error; err != nil {
			return err
		}
	}
	for _, statement := range []string{
		" NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS LOGIN",
		" SET default_transaction_read_only = on",
	} {
		if err := tx.Exec("ALTER ROLE " + name + statement).Error; err != nil {
			return err
		}
	}
	return nil
}

// closeDatabases lets the role connect to the current database only.
func closeDatabases(tx *gorm.DB, name string) error {
	var databases []struct {
		Quoted  string
		Current bool
		Mine    bool
	}
	err := tx.Raw(`SELECT quote_ident(datname) AS quoted, datname = current_database() AS current,
		pg_has_role(datdba, 'USAGE') AS mine
		FROM pg_database WHERE datallowconn ORDER BY datname`).Scan(&databases).Error
	if err != nil {
		return err
	}
	for _, d := range databases {
		if d.Mine {
			// Another session may drop or change the database meanwhile, which is
			// no error to log; what counts is asked below.
			_ = tx.Session(&gorm.Session{Logger: logger.Discard}).Transaction(func(tx *gorm.DB) error {
				return tx.Exec("REVOKE CONNECT, TEMPORARY ON DATABASE " + d.Quoted + " FROM PUBLIC, " + name).Error
			})
		}
		if d.Current {
			if err := tx.Exec("GRANT CONNECT ON DATABASE " + d.Quoted + " TO " + name).Error; err != nil {
				return err
			}
			continue
		}
		var open bool
		err := tx.Raw(`SELECT coalesce(bool_or(has_database_privilege(?, oid, 'CONNECT')), false)
			FROM pg_database WHERE quote_ident(datname) = ?`, name, d.Quoted).Scan(&open).Error
		if err != nil {
			return err
		}
		if open {
			return fault.Errorf(fault.Forbidden, "the reader's role may connect to another database of the cluster: give the published store a cluster of its own")
		}
	}
	return nil
}

// grantTables lets the role read the store's own tables and nothing else.
func grantTables(tx *gorm.DB, name string) error {
	var schema string
	if err := tx.Raw("SELECT quote_ident(current_schema())").Scan(&schema).Error; err != nil {
		return err
	}
	for _, statement := range []string{
		"REVOKE ALL ON SCHEMA " + schema + " FROM PUBLIC, " + name,
		"REVOKE ALL ON ALL TABLES IN SCHEMA " + schema + " FROM PUBLIC, " + name,
		"GRANT USAGE ON SCHEMA " + schema + " TO " + name,
	} {
		if err := tx.Exec(statement).Error; err != nil {
			return err
		}
	}
	for _, t := range tables {
		if err := tx.Exec("GRANT SELECT ON " + t.name + " TO " + name).Error; err != nil {
			return err
		}
	}
	return nil
}

// setPassword passes the password as a value: the text of a statement may be
// logged. PostgreSQL quotes it itself.
func setPassword(tx *gorm.DB, name, password string) error {
	if err := tx.Exec("SELECT set_config('track15.password', ?, true)", password).Error; err != nil {
		return err
	}
	return tx.Exec(`DO $$ BEGIN
		EXECUTE format('ALTER ROLE ` + name + ` PASSWORD %L', current_setting('track15.password'));
	END $$`).Error
}
