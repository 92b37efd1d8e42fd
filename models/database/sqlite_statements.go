package database

import (
	"context"
	"database/sql/driver"
	"fmt"
	"strings"

	"modernc.org/sqlite"
)

// keptStatements is how many statements a connection keeps; the program writes
// with about a hundred. They are all let go when one more comes.
const keptStatements = 256

// A keepingConnector opens connections that keep their statements compiled:
// compiling them took a sixth of logging a round. It is for the one connection
// that writes. There nobody waits for a statement that somebody else compiles,
// so nobody gets the error of another's request that was given up.
type keepingConnector struct{ driver.Connector }

func newKeepingConnector(dsn string) (driver.Connector, error) {
	c, err := sqlite.NewConnector(dsn)
	return keepingConnector{c}, err
}

func (k keepingConnector) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := k.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	inner, ok := c.(sqliteConn)
	if !ok {
		return nil, fmt.Errorf("the driver's connection misses a method: %w", c.Close())
	}
	return &keepingConn{inner, map[string]sqliteStmt{}}, nil
}

// A sqliteConn is what database/sql uses of the driver's connection.
type sqliteConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

type sqliteStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// A keepingConn is a connection with its compiled statements that are not in
// use, by their text. database/sql uses a connection from one goroutine at a
// time.
type keepingConn struct {
	sqliteConn
	idle map[string]sqliteStmt
}

func (c *keepingConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if !keeps(query) {
		return c.sqliteConn.ExecContext(ctx, query, args)
	}
	s, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	r, err := s.ExecContext(ctx, args)
	if err != nil {
		s.Close() // its error is the same one
		return nil, err
	}
	return r, c.keep(query, s)
}

func (c *keepingConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if !keeps(query) {
		return c.sqliteConn.QueryContext(ctx, query, args)
	}
	s, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	r, err := s.QueryContext(ctx, args)
	if err != nil {
		s.Close() // its error is the same one
		return nil, err
	}
	return &keptRows{r, c, query, s}, nil
}

// Close ends the connection. The driver does not close it as long as it has
// statements.
func (c *keepingConn) Close() error {
	c.letGo()
	return c.sqliteConn.Close()
}

// take returns a compiled statement that nobody else uses meanwhile.
func (c *keepingConn) take(ctx context.Context, query string) (sqliteStmt, error) {
	if s, ok := c.idle[query]; ok {
		delete(c.idle, query)
		return s, nil
	}
	s, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.(sqliteStmt), nil
}

// keep puts a statement back. The same text may have been compiled twice, as one
// is read while another of it runs.
func (c *keepingConn) keep(query string, s sqliteStmt) error {
	if _, twice := c.idle[query]; twice {
		return s.Close()
	}
	if len(c.idle) == keptStatements {
		c.letGo()
	}
	c.idle[query] = s
	return nil
}

func (c *keepingConn) letGo() {
	for query, s := range c.idle {
		delete(c.idle, query)
		s.Close() // an error is that of its last run, which was told
	}
}

// keeps tells the statements that are worth keeping. Others, such as those of
// migrations and settings, run once; some of them act while they are compiled.
func keeps(query string) bool {
	verb, _, _ := strings.Cut(query, " ")
	switch verb {
	case "SELECT", "INSERT", "UPDATE", "DELETE":
		return true
	}
	return false
}

// keptRows give their statement back when they are closed.
type keptRows struct {
	driver.Rows
	conn  *keepingConn
	query string
	stmt  sqliteStmt
}

func (r *keptRows) Close() error {
	if err := r.Rows.Close(); err != nil {
		r.stmt.Close() // its error is the same one
		return err
	}
	return r.conn.keep(r.query, r.stmt)
}
