// Package recordstore keeps the confidential record in a database.
//
// A method of Store is one act of one actor, one transaction, and, if it
// changes something, one entry of the audit chain. What the actor may not read
// does not exist: NotFound, and absent from every list and count.
package recordstore

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"time"

	migrations "track15/migrations/record"
	"track15/models/database"
	"track15/models/seal"
)

// Options say with what a store is opened. Ring is required; the rest has a
// default: the system's clock and randomness, a silent log.
type Options struct {
	Ring   *seal.Ring
	Clock  func() time.Time
	Random io.Reader
	Logger *slog.Logger
}

// A Store is the open record. It is safe for concurrent use.
type Store struct {
	db     *database.DB
	ring   *seal.Ring
	clock  func() time.Time
	logger *slog.Logger
	hash   chan struct{} // as many places as passwords may be hashed at once

	mu     sync.Mutex
	random io.Reader // held by mu

	comparer comparer
}

// Open opens the record at url (sqlite:PATH or postgres://…) and migrates it.
func Open(ctx context.Context, url string, o Options) (*Store, error) {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	db, err := database.Open(ctx, url, database.Options{Logger: o.Logger})
	if err != nil {
		return nil, err
	}
	if err := database.Migrate(ctx, db, migrations.Files); err != nil {
		db.Close()
		return nil, err
	}
	s := &Store{
		db: db, ring: o.Ring, clock: o.Clock, logger: o.Logger, random: o.Random,
		hash: make(chan struct{}, hashesAtOnce),
	}
	if err := s.ofTheseKeys(ctx); err != nil {
		db.Close()
		return nil, err
	}
	if err := errors.Join(s.sealOlder(ctx), s.sealOlderPast(ctx), s.sealOlderDrafts(ctx), s.sealOlderDocuments(ctx), s.soundOutOlder(ctx), s.confirm(ctx)); err != nil {
		db.Close()
		return nil, err
	}
	return s, nil
}

// Close ends the connections.
func (s *Store) Close() error { return s.db.Close() }

// now is the instant of an act, in microseconds since 1970 UTC.
func (s *Store) now() int64 { return s.clock().UnixMicro() }

// today is the day in UTC, as dates are stored.
func (s *Store) today() string { return s.clock().UTC().Format(time.DateOnly) }

// newID makes an id: 26 characters that carry 128 random bits.
func (s *Store) newID() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return idFrom(s.random)
}

// NewID makes an id for an object that does not exist yet. A form carries it,
// so that a form sent twice makes one object.
func NewID() string { return idFrom(rand.Reader) }

// PartID is the id of the n-th of several objects that one form makes: the same
// for the same form, and nobody's who does not have the form.
func PartID(formID string, n int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", formID, n))
	return idEncoding.EncodeToString(sum[:16])
}

var idEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

func idFrom(random io.Reader) string {
	var b [16]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		panic("recordstore: no randomness: " + err.Error())
	}
	return idEncoding.EncodeToString(b[:])
}

// isID reports whether s has the form of an id.
func isID(s string) bool {
	return len(s) == 26 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz234567") == ""
}
