package site

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"track15/models/publishedstore"
	"track15/web/public"
)

// Config is all that the public side is told.
type Config struct {
	// Published is the folder of snapshots, or the postgres:// address at
	// which the published store may be read.
	Published     string
	House         public.House
	BaseURL       string
	Hosts         []string
	Demonstration bool
}

// stopping is how long requests may take to end after a stop.
const stopping = 10 * time.Second

// Serve answers on the listener until ctx ends, and then lets running requests
// finish for ten seconds. It closes the listener.
//
// Before the first release, and before the store has its tables, pages answer
// 503.
func Serve(ctx context.Context, ln net.Listener, c Config, log *slog.Logger) error {
	reader, err := publishedstore.OpenReader(ctx, c.Published, log)
	if err != nil {
		return errors.Join(err, ln.Close())
	}
	handler, err := public.New(reader, public.Options{
		House: c.House, BaseURL: c.BaseURL, Hosts: c.Hosts, Demonstration: c.Demonstration,
		Log: os.Stderr,
	})
	if err != nil {
		return errors.Join(err, ln.Close(), reader.Close())
	}
	err = Listen(ctx, ln, handler, log)
	return errors.Join(err, reader.Close())
}

// Listen serves a handler on the listener until ctx ends, with limits that no
// slow or endless client outlasts.
func Listen(ctx context.Context, ln net.Listener, h http.Handler, log *slog.Logger) error {
	srv := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       time.Minute,
		WriteTimeout:      2 * time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		// What net/http writes itself can hold a client's address.
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
	}
	done := make(chan error, 1)
	go func() { done <- srv.Serve(ln) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	log.Info("stopping", "address", ln.Addr().String())
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopping)
	defer cancel()
	err := srv.Shutdown(last)
	if errors.Is(err, context.DeadlineExceeded) {
		err = srv.Close()
	}
	return err
}
