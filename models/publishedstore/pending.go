package publishedstore

import (
	"context"
	"errors"
	"iter"
	"log/slog"

	"track15/models/published"
)

var errPending = errors.New("publishedstore: in the making")

// WriterOptions say how to open the writer.
type WriterOptions struct {
	// Snapshots is the folder that readers read: published-N.db and current.
	// "" on PostgreSQL, where readers read the database.
	Snapshots string
	// Logger is silent if nil.
	Logger *slog.Logger
	// AfterStep is called with a step's name when it is done. Tests kill the
	// process in it; the program leaves it nil.
	AfterStep func(step string)
}

// Writer applies releases.
type Writer struct{}

// OpenWriter opens and migrates the store at url and publishes what is not published yet.
func OpenWriter(ctx context.Context, url string, o WriterOptions) (*Writer, error) {
	return nil, errPending
}

// Apply folds one envelope in and publishes it. A number that was applied
// before changes nothing; another than the next is a Conflict.
func (w *Writer) Apply(ctx context.Context, e published.Envelope) error { return errPending }

// Number returns the number of the last release applied, 0 for none.
func (w *Writer) Number(ctx context.Context) (int64, error) { return 0, errPending }

// Digest returns the SHA-256, in hex, of a canonical dump.
func (w *Writer) Digest(ctx context.Context) (string, error) { return "", errPending }

// Rebuild empties the store and folds all envelopes again, in one transaction.
func (w *Writer) Rebuild(ctx context.Context, log iter.Seq2[published.Envelope, error]) error {
	return errPending
}

// EnsureReader makes a PostgreSQL role that may read the published tables and nothing else.
func (w *Writer) EnsureReader(ctx context.Context, name, password string) error { return errPending }

// Close ends the connections.
func (w *Writer) Close() error { return errPending }

// Reader opens editions.
type Reader struct{}

// OpenReader reads the folder of snapshots or the postgres:// address where. It migrates nothing.
func OpenReader(ctx context.Context, where string, log *slog.Logger) (*Reader, error) {
	return nil, errPending
}

// Edition takes the newest state. Each request takes one, uses it alone and closes it.
func (r *Reader) Edition(ctx context.Context) (*Edition, error) { return nil, errPending }

// Close ends the connections, those of open editions after their last request.
func (r *Reader) Close() error { return errPending }

// Edition is one state of the store.
type Edition struct{}

// Close gives the edition back.
func (e *Edition) Close() {}

// Number is that of the last release in it.
func (e *Edition) Number() int64 { return 0 }

// Day is that of the last release in it, "" before the first.
func (e *Edition) Day() string { return "" }

// Page returns the page that render made for key before in this state, or
// renders it. Key is the canonical URL. Errors are not kept.
func (e *Edition) Page(ctx context.Context, key string, render func() (Page, error)) (Page, error) {
	return Page{}, errPending
}

// Known tells whether a facet has the value.
func (e *Edition) Known(ctx context.Context, facet, value string) (bool, error) {
	return false, errPending
}

// Rounds returns a page of rounds.
func (e *Edition) Rounds(ctx context.Context, f RoundFilter) (RoundList, error) {
	return RoundList{}, errPending
}

// EachRound yields every round of the filter in its order, whatever its Page.
func (e *Edition) EachRound(ctx context.Context, f RoundFilter) iter.Seq2[RoundEntry, error] {
	return nil
}

// Timeline returns the twelve series with the most rounds (those of the filter first).
func (e *Edition) Timeline(ctx context.Context, f RoundFilter) (Timeline, error) {
	return Timeline{}, errPending
}

// Round returns a round's page, or NotFound.
func (e *Edition) Round(ctx context.Context, slug string) (RoundPage, error) {
	return RoundPage{}, errPending
}

// Organisations returns a page of organisations by name.
func (e *Edition) Organisations(ctx context.Context, f OrganisationFilter) (OrganisationList, error) {
	return OrganisationList{}, errPending
}

// Organisation returns an organisation's page, or NotFound.
func (e *Edition) Organisation(ctx context.Context, slug string) (OrganisationPage, error) {
	return OrganisationPage{}, errPending
}

// Observations returns a page of observations of the rounds selected; Order is ignored.
func (e *Edition) Observations(ctx context.Context, f RoundFilter) (ObservationList, error) {
	return ObservationList{}, errPending
}

// Observation returns an observation's page, or NotFound.
func (e *Edition) Observation(ctx context.Context, slug string) (ObservationPage, error) {
	return ObservationPage{}, errPending
}

// Series returns a series' page, or NotFound.
func (e *Edition) Series(ctx context.Context, slug string) (SeriesPage, error) {
	return SeriesPage{}, errPending
}

// Topic returns a topic's page, or NotFound.
func (e *Edition) Topic(ctx context.Context, slug string) (TopicPage, error) {
	return TopicPage{}, errPending
}

// Search returns a page (from 1) of what q finds.
func (e *Edition) Search(ctx context.Context, q string, page int) (SearchResult, error) {
	return SearchResult{}, errPending
}

// Changes returns the newest n changes, the latest first.
func (e *Edition) Changes(ctx context.Context, n int) ([]ChangeEntry, error) { return nil, errPending }

// Addresses yields every page for the sitemap, by kind and slug.
func (e *Edition) Addresses(ctx context.Context) iter.Seq2[Address, error] { return nil }

// Notice returns what stands at the address of a round, output or observation that left, or NotFound.
func (e *Edition) Notice(ctx context.Context, kind published.Kind, slug string) (Tombstone, error) {
	return Tombstone{}, errPending
}

// Earlier returns the words of an earlier version that an amendment left readable, or NotFound.
func (e *Edition) Earlier(ctx context.Context, kind published.Kind, slug string, version int) (published.Document, error) {
	return published.Document{}, errPending
}
