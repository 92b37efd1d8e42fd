package database

import (
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"track15/models/fault"
)

func TestParseURL(t *testing.T) {
	for _, tt := range []struct {
		url  string
		want Dialect // 0: refused
		path string
	}{
		{"sqlite:record.db", SQLite, "record.db"},
		{"sqlite:/var/lib/100%/a b+c&d.db", SQLite, "/var/lib/100%/a b+c&d.db"},
		{"sqlite:///data/record.db", SQLite, "///data/record.db"},
		{"postgres://desk@db.example/record", PostgreSQL, ""},
		{"postgresql://desk:hunter2@db.example:5433/record?sslmode=disable", PostgreSQL, ""},
		{"", 0, ""},
		{"record.db", 0, ""},
		{"sqlite:", 0, ""},
		{"sqlite::memory:", 0, ""},
		{"sqlite:record.db?mode=memory", 0, ""},
		{"sqlite:record.db#hunter2", 0, ""},
		{"sqlite://data/hunter2.db", 0, ""},
		{"sqlite:a\x00b", 0, ""},
		{"SQLite:record.db", 0, ""},
		{"mysql://desk:hunter2@db.example/record", 0, ""},
		{"postgres:record", 0, ""},
		{"postgres://desk:hunter2@db.example:port/record", 0, ""},
		{"postgres://desk:hunter2@db.example/record?sslmode=perhaps", 0, ""},
		{"host=db.example password=hunter2", 0, ""},
	} {
		t.Run(tt.url, func(t *testing.T) {
			got, err := parseURL(tt.url)
			if tt.want == 0 {
				if fault.KindOf(err) != fault.Invalid {
					t.Fatalf("error = %v, want Invalid", err)
				}
				if strings.Contains(err.Error(), "hunter2") {
					t.Errorf("the error repeats the url: %v", err)
				}
				return
			}
			if err != nil || got.dialect != tt.want || got.path != tt.path {
				t.Errorf("= %v %q, %v; want %v %q", got.dialect, got.path, err, tt.want, tt.path)
			}
		})
	}
}

// Whatever is accepted as a path comes out of the driver's DSN as that path,
// with our settings and no others; whatever is refused is not repeated.
func FuzzParseURL(f *testing.F) {
	for _, seed := range []string{
		"sqlite:record.db", "sqlite:a%3Fmode=memory", "sqlite:/a b/ü&_pragma=x", "sqlite:..//x;y",
		"postgres://u:p@h/d", "postgres://u:p@h:1/d?sslmode=x", "sqlite:%", "sqlite:///",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, address string) {
		loc, err := parseURL(address)
		if err != nil {
			if fault.KindOf(err) != fault.Invalid {
				t.Fatalf("refused with %v", err)
			}
			if len(address) > 12 && strings.Contains(err.Error(), address) {
				t.Fatalf("the error repeats the url: %v", err)
			}
			return
		}
		if loc.dialect != SQLite {
			return
		}
		path := filepath.Clean("/" + loc.path) // as openSQLite passes it
		u, err := url.Parse(readerDSN(path, true))
		if err != nil {
			t.Fatalf("%q makes a DSN that does not parse: %v", path, err)
		}
		if u.Path != filepath.ToSlash(path) {
			t.Fatalf("%q comes out as %q", path, u.Path)
		}
		if q := u.Query(); len(q["mode"]) != 1 || len(q["_pragma"]) != 3 || u.Fragment != "" {
			t.Fatalf("%q changes the settings: %v", path, q)
		}
	})
}
