package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"track15/cmd/internal/site"
	"track15/models/record"
	"track15/web/desk"
	"track15/web/links"
	"track15/web/public"
)

// siteFlags say where both sides listen and whose they are.
type siteFlags struct {
	PublicAddr string `default:"127.0.0.1:8015" help:"Where the public side listens." group:"Addresses"`
	DeskAddr   string `default:"localhost:8016" help:"Where the desk listens." group:"Addresses"`
	BaseURL    string `name:"base-url" placeholder:"URL" help:"Address of the public pages, in feeds and citations (default: http:// and where they listen)." group:"Addresses"`
	LinkAddr   string `name:"link-addr" placeholder:"HOST:PORT" help:"Where one-time links for parties are answered (default: nowhere)." group:"Addresses"`
	LinkURL    string `name:"link-url" placeholder:"URL" help:"Address under which parties reach it (default: http:// and where it listens)." group:"Addresses"`
	DeskURL    string `name:"desk-url" placeholder:"URL" help:"Address under which people reach the desk (default: http:// and where it listens)." group:"Addresses"`

	site.House
}

type serveCmd struct {
	storeFlags
	siteFlags
	DeskOnly bool `help:"Leave the public side to track15-public elsewhere." group:"Addresses"`

	DeliverAt   []string `placeholder:"HH:MM" help:"Times of the day at which releases go out (default: as soon as two people signed). What is suspended, and what has a time of its own, waits for none." group:"Delivery"`
	DeliverZone string   `placeholder:"ZONE" default:"UTC" help:"Time zone of these times, such as Europe/Berlin." group:"Delivery"`
}

// Run serves until it is told to stop.
func (c *serveCmd) Run(ctx context.Context, t *terminal) error {
	slots, err := record.ParseSlots(c.DeliverAt, c.DeliverZone)
	if err != nil {
		return err
	}
	c.slots = slots
	s := &server{stores: c.storeFlags, sites: c.siteFlags, deskOnly: c.DeskOnly, terminal: t}
	return s.run(ctx, func(context.Context, *office) error { return nil })
}

// A server is one run of the desk.
type server struct {
	stores        storeFlags
	sites         siteFlags
	deskOnly      bool
	demonstration bool
	terminal      *terminal
}

// run opens everything, calls ready, and serves until ctx ends. What ready
// prints stands before the addresses.
func (s *server) run(ctx context.Context, ready func(context.Context, *office) error) (err error) {
	executable, err := os.Executable()
	if err != nil {
		return err
	}
	if err := harden(); err != nil {
		return fmt.Errorf("closing this process's memory: %w", err)
	}
	house, err := s.sites.Read()
	if err != nil {
		return err
	}
	o, err := s.stores.open(ctx, s.terminal.log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.close()) }()
	lock, err := lockData(s.stores.recordDir())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	if err := o.scratch.Clear(); err != nil { // of a process that died
		return err
	}

	pidFile := filepath.Join(s.stores.recordDir(), "public.pid")
	if err := replaceChild(ctx, pidFile); err != nil {
		return err
	}
	deskListener, err := listen("--desk-addr", s.sites.DeskAddr)
	if err != nil {
		return err
	}
	defer deskListener.Close()
	deskURL, deskHosts, err := site.Address(s.sites.DeskURL, named(s.sites.DeskAddr, deskListener.Addr()))
	if err != nil {
		return err
	}

	child := &publicSide{executable: executable, pidFile: pidFile, out: s.terminal.err, log: s.terminal.log}
	publicURL := s.sites.BaseURL
	if !s.deskOnly {
		ln, err := listen("--public-addr", s.sites.PublicAddr)
		if err != nil {
			return err
		}
		config := site.Config{Published: o.publicAt, House: house, Demonstration: s.demonstration}
		if config.BaseURL, config.Hosts, err = site.Address(s.sites.BaseURL, ln.Addr()); err != nil {
			return err
		}
		if child.config, err = json.Marshal(config); err != nil {
			return err
		}
		publicURL, child.address = config.BaseURL, ln.Addr().String()
		// The child has its own hold on the port; this one is for the next child.
		child.listener, err = ln.File()
		if err = errors.Join(err, ln.Close()); err != nil {
			return err
		}
		defer child.listener.Close()
	}

	group, ctx := errgroup.WithContext(ctx)
	linkURL, serveLinks, err := s.links(o, house.Name)
	if err != nil {
		return err
	}
	handler, err := desk.New(desk.Options{
		Record: o.record, Release: o.release, House: house.Name, Hosts: deskHosts, Demonstration: s.demonstration,
		Logger: s.terminal.log, Clock: time.Now, PublicURL: publicURL, LinkURL: linkURL, Public: public.Options{House: house},
	})
	if err != nil {
		return err
	}
	if err := ready(ctx, o); err != nil {
		return err
	}

	// What two people decided to destroy, and a program that was stopped did not.
	// One that cannot be ended is tried again at the next start, and keeps nobody
	// from the rest of the record.
	if _, err := o.record.FinishDestructions(ctx, record.Worker()); err != nil {
		s.terminal.log.Error("notes that two people decided to destroy are not destroyed", "err", err)
	}

	group.Go(func() error { return serveLinks(ctx) })
	group.Go(func() error { o.release.Run(ctx); return nil })
	group.Go(func() error { return site.Listen(ctx, deskListener, handler, s.terminal.log) })
	if !s.deskOnly {
		group.Go(func() error { return child.run(ctx) })
	}
	group.Go(func() error {
		return ended(ctx, s.announce(ctx, deskListener.Addr().String(), deskURL, child.address, publicURL))
	})
	return group.Wait()
}

// links is the listener for one-time links: nowhere, and nothing to serve, unless
// an address was given.
func (s *server) links(o *office, house string) (url string, serve func(context.Context) error, err error) {
	if s.sites.LinkAddr == "" {
		return "", func(context.Context) error { return nil }, nil
	}
	ln, err := listen("--link-addr", s.sites.LinkAddr)
	if err != nil {
		return "", nil, err
	}
	url, hosts, err := site.Address(s.sites.LinkURL, named(s.sites.LinkAddr, ln.Addr()))
	if err != nil {
		return "", nil, errors.Join(err, ln.Close())
	}
	handler := links.New(links.Options{Record: o.record, House: house, Hosts: hosts, Secure: strings.HasPrefix(url, "https:"), Logger: s.terminal.log})
	return url, func(ctx context.Context) error { return site.Listen(ctx, ln, handler, s.terminal.log) }, nil
}

// announce prints the addresses once they answer.
func (s *server) announce(ctx context.Context, deskAt, deskURL, publicAt, publicURL string) error {
	if err := answers(ctx, deskAt); err != nil {
		return err
	}
	if !s.deskOnly {
		if err := answers(ctx, publicAt); err != nil {
			return err
		}
		fmt.Fprintf(s.terminal.out, "Public:  %s\n", publicURL)
	}
	_, err := fmt.Fprintf(s.terminal.out, "Desk:    %s\n", deskURL)
	return err
}

// ended passes over the error of something that was told to stop.
func ended(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// A namedAddr is a listener's address under the host name it was asked for, and
// the port it got.
type namedAddr string

func (a namedAddr) Network() string { return "tcp" }
func (a namedAddr) String() string  { return string(a) }

// named gives a listener's address the name that was asked for: passkeys and
// cookies go by names, and localhost is one.
func named(asked string, at net.Addr) net.Addr {
	host, _, err := net.SplitHostPort(asked)
	if err != nil || host == "" || net.ParseIP(host) != nil {
		return at
	}
	_, port, err := net.SplitHostPort(at.String())
	if err != nil {
		return at
	}
	return namedAddr(net.JoinHostPort(host, port))
}
