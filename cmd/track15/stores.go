package main

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"track15/models/database"
	"track15/models/fault"
	"track15/models/publishedstore"
	"track15/models/record"
	"track15/models/recordstore"
	"track15/models/release"
	"track15/models/seal"
)

// storeFlags say where the two stores and the keys are.
type storeFlags struct {
	Data         string `type:"path" default:"${data}" help:"Folder of the stores." group:"Stores"`
	Keys         string `type:"path" default:"${keys}" help:"Folder of the keys, never inside the data." group:"Stores"`
	RecordURL    string `placeholder:"URL" help:"The record: sqlite:PATH or postgres://… (default: a file in the data)." group:"Stores"`
	PublishedURL string `placeholder:"URL" help:"The published store, likewise." group:"Stores"`

	PublishedReader             string `placeholder:"ROLE" default:"track15_public" help:"PostgreSQL: the role with which the public side reads; it is made." group:"Stores"`
	PublishedReaderPasswordFile string `type:"path" placeholder:"FILE" help:"PostgreSQL: file of that role's password (default: a new one at each start)." group:"Stores"`

	slots record.Slots // at which releases go out

	SameCluster bool `help:"PostgreSQL: let both stores lie in one cluster, whose copies then hold both." group:"Stores"`
}

func defaultData() string {
	if dir := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "track15")
	}
	if home, err := os.UserHomeDir(); err == nil {
		return filepath.Join(home, ".local", "share", "track15")
	}
	return "track15-data"
}

func defaultKeys() string {
	if dir, err := os.UserConfigDir(); err == nil {
		return filepath.Join(dir, "track15", "keys")
	}
	return "track15-keys"
}

func (f storeFlags) recordDir() string { return filepath.Join(f.Data, "record") }

// snapshots is the folder the public side reads when it is on SQLite.
func (f storeFlags) snapshots() string { return filepath.Join(f.Data, "published") }

func (f storeFlags) recordURL() string {
	if f.RecordURL != "" {
		return f.RecordURL
	}
	return "sqlite:" + filepath.Join(f.recordDir(), "record.db")
}

func (f storeFlags) publishedURL() string {
	if f.PublishedURL != "" {
		return f.PublishedURL
	}
	return "sqlite:" + filepath.Join(f.recordDir(), "published.db")
}

func isPostgres(address string) bool {
	return strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://")
}

// An office is everything behind the desk: both stores, the keys, the service
// between them.
type office struct {
	record    *recordstore.Store
	published *publishedstore.Writer
	scratch   *publishedstore.Scratch
	ring      *seal.Ring
	release   *release.Service
	// publicAt is what the public side is told: a folder or an address.
	publicAt string
}

// open opens and migrates both stores. It makes the folders that are missing,
// 0700.
//
// It refuses a key folder inside the data or readable by others, one
// PostgreSQL cluster for both stores unless told otherwise, and a replica of
// the record.
func (f storeFlags) open(ctx context.Context, log *slog.Logger) (*office, error) {
	if err := seal.CheckApart(f.Keys, f.Data); err != nil {
		return nil, err
	}
	ring, err := seal.OpenRing(f.Keys)
	if err != nil {
		return nil, err
	}
	for _, dir := range []string{f.recordDir(), f.snapshots()} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, fault.Field("--data", "The folder cannot be made.")
		}
	}
	if err := f.checkClusters(ctx, log); err != nil {
		return nil, err
	}
	o := &office{ring: ring}
	if err := o.open(ctx, f, log); err != nil {
		return nil, errors.Join(err, o.close())
	}
	return o, nil
}

func (o *office) open(ctx context.Context, f storeFlags, log *slog.Logger) (err error) {
	if o.record, err = recordstore.Open(ctx, f.recordURL(), recordstore.Options{Ring: o.ring, Clock: time.Now, Random: rand.Reader, Logger: log}); err != nil {
		return err
	}
	options := publishedstore.WriterOptions{Logger: log}
	if !isPostgres(f.publishedURL()) {
		options.Snapshots = f.snapshots()
	}
	if o.published, err = publishedstore.OpenWriter(ctx, f.publishedURL(), options); err != nil {
		return err
	}
	if o.publicAt, err = f.reader(ctx, o.published); err != nil {
		return err
	}
	// Released words only lie in it, and they lie in the record too.
	o.scratch = publishedstore.NewScratch(filepath.Join(f.recordDir(), "preview.db"), log)
	o.release = release.New(release.Options{
		Record: o.record, Published: o.published, Scratch: o.scratch, Ring: o.ring, Clock: time.Now, Random: rand.Reader, Logger: log,
		Slots: f.slots,
	})
	return nil
}

// reader returns what the public side is told to read. On PostgreSQL it makes
// the role that may read the published tables and nothing else.
func (f storeFlags) reader(ctx context.Context, w *publishedstore.Writer) (string, error) {
	if !isPostgres(f.publishedURL()) {
		return f.snapshots(), nil
	}
	password := rand.Text()
	if f.PublishedReaderPasswordFile != "" {
		b, err := os.ReadFile(f.PublishedReaderPasswordFile)
		if err != nil {
			return "", fault.Field("--published-reader-password-file", "The file cannot be read.")
		}
		password = strings.TrimSpace(string(b))
	}
	if err := w.EnsureReader(ctx, f.PublishedReader, password); err != nil {
		return "", err
	}
	u, err := url.Parse(f.publishedURL())
	if err != nil {
		return "", fault.Field("--published-url", "This is no address of a database.")
	}
	u.User = url.UserPassword(f.PublishedReader, password)
	q := u.Query()
	for _, own := range []string{"user", "password", "passfile", "servicefile", "service"} {
		q.Del(own)
	}
	u.RawQuery = q.Encode()
	return u.String(), nil
}

// checkClusters holds that a copy of the published cluster holds nothing of
// the record, and that the record is the original and no replica.
func (f storeFlags) checkClusters(ctx context.Context, log *slog.Logger) error {
	if !isPostgres(f.recordURL()) {
		return nil
	}
	record, replica, err := cluster(ctx, f.recordURL(), log)
	if err != nil {
		return err
	}
	if replica {
		return fault.Errorf(fault.Forbidden, "the record is a replica: serve its original")
	}
	if f.SameCluster || !isPostgres(f.publishedURL()) {
		return nil
	}
	published, _, err := cluster(ctx, f.publishedURL(), log)
	if err != nil {
		return err
	}
	if record == published {
		return fault.Errorf(fault.Forbidden, "both stores lie in one PostgreSQL cluster, so that every copy of it holds the record: use two, or say --same-cluster")
	}
	return nil
}

func cluster(ctx context.Context, address string, log *slog.Logger) (id string, replica bool, err error) {
	db, err := database.Open(ctx, address, database.Options{MaxReaders: 1, Logger: log})
	if err != nil {
		return "", false, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if id, err = db.SystemIdentifier(ctx); err != nil {
		return "", false, err
	}
	replica, err = db.InRecovery(ctx)
	return id, replica, err
}

func (o *office) close() error {
	var errs []error
	if o.scratch != nil {
		errs = append(errs, o.scratch.Close())
	}
	if o.published != nil {
		errs = append(errs, o.published.Close())
	}
	if o.record != nil {
		errs = append(errs, o.record.Close())
	}
	return errors.Join(errs...)
}
