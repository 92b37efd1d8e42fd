package publishedstore_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"track15/models/database/dbtest"
	"track15/models/fault"
	"track15/models/publishedstore"
)

// try sends statements to PostgreSQL as they stand.
func try(address, statements string) error {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.PgConn().Exec(ctx, statements).ReadAll()
	return err
}

func TestEnsureReader(t *testing.T) {
	address := dbtest.Postgres(t, "published")
	p := newPlace(t, address)
	w := p.writer(t)
	apply(t, w, envelope(1, docs(t, seed()...)))
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	name := "reader" + strings.TrimPrefix(u.Path, "/published")
	for _, password := range []string{"it's a $1 \\ secret", ""} {
		if err := w.EnsureReader(t.Context(), name, password); err != nil {
			t.Fatal(err)
		}
	}
	if err := try(address, "REVOKE ALL ON SCHEMA public FROM "+name+"; GRANT CREATE ON SCHEMA public TO PUBLIC"); err != nil {
		t.Fatal(err)
	}
	if err := w.EnsureReader(t.Context(), name, ""); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := try(address, "DROP OWNED BY "+name+"; DROP ROLE "+name); err != nil {
			t.Error(err)
		}
	})
	u.User = url.User(name)
	r := place{u.String(), "", u.String()}.reader(t)
	if l, err := edition(t, r).Rounds(t.Context(), publishedstore.RoundFilter{}); err != nil || l.Total != 1 {
		t.Errorf("the reader's role reads %d rounds, %v", l.Total, err)
	}
	for _, statement := range []string{
		"DELETE FROM documents",
		"SET default_transaction_read_only = off; DELETE FROM documents",
		"SET default_transaction_read_only = off; CREATE TABLE theirs (a TEXT)",
		"SET default_transaction_read_only = off; CREATE TEMPORARY TABLE theirs (a TEXT)",
		"SELECT * FROM schema_versions",
		"SELECT pg_read_file('/etc/passwd')",
	} {
		if err := try(u.String(), statement); err == nil {
			t.Errorf("the reader's role may %s", statement)
		}
	}
	u.Path = "/postgres"
	if err := try(u.String(), "SELECT 1"); err == nil {
		t.Error("the reader's role may connect to another database")
	}
	for _, bad := range []string{"", "Reader", "a b", "a;b", "1a"} {
		if err := w.EnsureReader(t.Context(), bad, ""); fault.KindOf(err) != fault.Invalid {
			t.Errorf("name %q: %v", bad, err)
		}
	}
	lite := newPlace(t, dbtest.SQLite(t, "published")).writer(t)
	if err := lite.EnsureReader(t.Context(), name, ""); fault.KindOf(err) != fault.Invalid {
		t.Errorf("on SQLite: %v", err)
	}
}
