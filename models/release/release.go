// Package release turns what the record holds into what the public may read:
// documents, frozen, signed by two people, delivered. It is the only package
// that knows both stores.
//
// Nothing else writes a release document, and nothing reaches the published
// store but through Deliver.
package release

import (
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"track15/models/published"
	"track15/models/publishedstore"
	"track15/models/record"
	"track15/models/recordstore"
	"track15/models/seal"
)

// Options say what a service works with. Record, Published and Ring are
// required; the rest has a default: the system's clock and randomness, a silent
// log.
type Options struct {
	Record    *recordstore.Store
	Published *publishedstore.Writer
	Ring      *seal.Ring
	Clock     func() time.Time
	Random    io.Reader
	Logger    *slog.Logger
	// Slots are the times at which the house delivers.
	Slots record.Slots
	// Scratch is where releases are tried before they are signed; without one
	// there is no preview.
	Scratch *publishedstore.Scratch
	// AfterStep is called with a step's name when it is done. Tests end the
	// process in it; the program leaves it nil.
	AfterStep func(step string)
}

// Steps of a release, as AfterStep names them, in their order. Between
// StepClaimed and StepApplied come those of the published store.
const (
	StepCountersigned = "countersigned" // both signatures and the outbox are in the record
	StepClaimed       = "claimed"       // it has its number and its entry in the log
	StepApplied       = "applied"       // the public reads it
	StepDelivered     = "delivered"     // the record says so
)

// A Service prepares, signs and delivers releases. It is safe for concurrent
// use; several processes may run one on the same stores.
type Service struct {
	record    *recordstore.Store
	published *publishedstore.Writer
	scratch   *publishedstore.Scratch // nil for none
	ring      *seal.Ring
	clock     func() time.Time
	logger    *slog.Logger
	slots     record.Slots
	afterStep func(step string)
	wake      chan struct{}

	mu     sync.Mutex
	random io.Reader // held by mu
}

// New makes a service.
func New(o Options) *Service {
	s := &Service{
		record: o.Record, published: o.Published, scratch: o.Scratch, ring: o.Ring,
		clock: o.Clock, random: o.Random, logger: o.Logger, slots: o.Slots, afterStep: o.AfterStep,
		wake: make(chan struct{}, 1),
	}
	if s.clock == nil {
		s.clock = time.Now
	}
	if s.random == nil {
		s.random = rand.Reader
	}
	if s.logger == nil {
		s.logger = slog.New(slog.DiscardHandler)
	}
	if s.afterStep == nil {
		s.afterStep = func(string) {}
	}
	return s
}

// Read reads random bits for the nonces, from one source for all.
func (s *Service) Read(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.random.Read(p)
}

// Release reads one release with its signatures and its first documents.
func (s *Service) Release(ctx context.Context, actor record.Actor, id string) (record.Release, error) {
	return s.record.Release(ctx, actor, id)
}

// Releases lists releases, the newest first, and counts them.
func (s *Service) Releases(ctx context.Context, actor record.Actor, f recordstore.ReleaseFilter) ([]record.Release, int, error) {
	return s.record.Releases(ctx, actor, f)
}

// Released returns every document of a round that was ever public, as it
// stands now, in the order of kinds: "what is public about this round".
func (s *Service) Released(ctx context.Context, actor record.Actor, roundID string) ([]record.PublicDocument, error) {
	return s.record.PublicOf(ctx, actor, roundID)
}

// PublicNow is Released, read again from the published store: a document that is
// not there is absent, whatever the record says, and one that is there has the
// bytes that the public reads.
func (s *Service) PublicNow(ctx context.Context, actor record.Actor, roundID string) ([]record.PublicDocument, error) {
	docs, err := s.Released(ctx, actor, roundID)
	if err != nil {
		return nil, err
	}
	slugs := map[string][]string{}
	for _, d := range docs {
		slugs[d.Kind] = append(slugs[d.Kind], d.Slug)
	}
	for kind, some := range slugs {
		bodies, err := s.published.Bodies(ctx, published.Kind(kind), some)
		if err != nil {
			return nil, err
		}
		for i, d := range docs {
			if body, there := bodies[d.Slug]; d.Kind == kind && there {
				docs[i].Body, docs[i].Present = body, true
			} else if d.Kind == kind {
				docs[i].Present = false
			}
		}
	}
	return docs, nil
}

// seal is the MAC under a signature.
func (s *Service) seal(r record.Release, sig record.Signature) []byte {
	parts := [][]byte{
		[]byte(r.ID), []byte(r.Kind), []byte(r.Hash), []byte(sig.ID), []byte(sig.Name),
		[]byte(strconv.Itoa(sig.Position)), []byte(strconv.FormatInt(sig.At, 10)),
	}
	if sig.Entered != (record.Signatory{}) {
		parts = append(parts, []byte("by telephone"), []byte(sig.Entered.ID), []byte(sig.Entered.Name))
	}
	return s.ring.MAC(seal.Signature, parts...)
}
