package database

import (
	"strings"

	"github.com/jackc/pgx/v5"

	"track15/models/fault"
)

// A location is a parsed url: a path or a PostgreSQL address.
type location struct {
	dialect  Dialect
	path     string          // SQLite only
	postgres *pgx.ConnConfig // PostgreSQL only
}

// parseURL reads sqlite:PATH, postgres://… and postgresql://….
//
// PATH is taken as it stands, without escapes and without options, so what
// looks like one (?, #) is refused instead of becoming part of a file's name.
// No error repeats the url: it may hold a password.
func parseURL(url string) (location, error) {
	scheme, rest, found := strings.Cut(url, ":")
	if !found {
		return location{}, fault.Errorf(fault.Invalid, "a store's address is sqlite:PATH or postgres://USER@HOST/NAME")
	}
	switch scheme {
	case "sqlite":
		if err := checkPath(rest); err != nil {
			return location{}, err
		}
		return location{dialect: SQLite, path: rest}, nil
	case "postgres", "postgresql":
		if !strings.HasPrefix(rest, "//") {
			return location{}, fault.Errorf(fault.Invalid, "a PostgreSQL address begins with postgres://")
		}
		c, err := pgx.ParseConfig(url)
		if err != nil {
			return location{}, fault.Errorf(fault.Invalid, "this PostgreSQL address cannot be read; its form is postgres://USER@HOST/NAME?sslmode=verify-full")
		}
		return location{dialect: PostgreSQL, postgres: c}, nil
	}
	return location{}, fault.Errorf(fault.Invalid, "a store's address begins with sqlite: or postgres://")
}

func checkPath(path string) error {
	switch {
	case path == "":
		return fault.Errorf(fault.Invalid, "sqlite: needs a path after it")
	case path == ":memory:":
		return fault.Errorf(fault.Invalid, "a store lies in a file, not in memory")
	case strings.HasPrefix(path, "//") && !strings.HasPrefix(path, "///"):
		return fault.Errorf(fault.Invalid, "a SQLite path has no host: write sqlite:PATH or sqlite:///PATH")
	case strings.ContainsAny(path, "?#\x00\n\r"):
		return fault.Errorf(fault.Invalid, "a SQLite path takes no options and no ?, # or control characters")
	}
	return nil
}
