package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"track15/models/demo"
	"track15/models/fault"
	"track15/models/historic"
)

type demoCmd struct {
	Data     string `type:"path" placeholder:"DIR" help:"Empty folder to keep the demonstration in (default: a new one, removed at the end)." group:"Stores"`
	Keys     string `type:"path" placeholder:"DIR" help:"Folder of its keys (default: beside the data)." group:"Stores"`
	Historic string `type:"existingdir" placeholder:"DIR" help:"Folder of series.jsonl, organisations.jsonl and rounds.jsonl to show instead of the built-in archive." group:"Stores"`
	siteFlags
}

// Run fills empty stores with public and invented data, releases them with two
// accounts whose passwords it prints, and serves both sides. It is the only
// command that signs, and it does so only where nobody else can look: in an
// empty folder, on loopback.
func (c *demoCmd) Run(ctx context.Context, t *terminal) (err error) {
	for name, address := range map[string]string{"--public-addr": c.PublicAddr, "--desk-addr": c.DeskAddr} {
		if !isLoopback(address) {
			return fault.Errorf(fault.Forbidden, "the demonstration signs for itself, so it runs on this machine only: give %s a loopback address", name)
		}
	}
	archive, err := c.archive()
	if err != nil {
		return err
	}
	stores, remove, err := c.folders()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, remove()) }()
	s := &server{stores: stores, sites: c.siteFlags, demonstration: true, terminal: t}
	return s.run(ctx, func(ctx context.Context, o *office) error {
		bar := newProgress(t.err, "Filling")
		people, err := demo.Fill(ctx, demo.Options{Record: o.record, Release: o.release, Archive: archive, Progress: bar.set})
		bar.end()
		if err != nil {
			return err
		}
		fmt.Fprintln(t.out, "Demonstration: public rounds from public pages, and a Sample series that is invented.")
		for _, p := range people {
			fmt.Fprintf(t.out, "Sign in: %-24s %s  (%s, %s)\n", p.Email, p.Password, p.Name, p.Role)
		}
		return nil
	})
}

// archive opens the folder asked for; nil stands for the built-in archive.
func (c *demoCmd) archive() (*historic.Archive, error) {
	if c.Historic == "" {
		return nil, nil
	}
	return historic.Open(os.DirFS(c.Historic))
}

// folders returns where the demonstration lies, and what takes it away
// afterwards.
func (c *demoCmd) folders() (storeFlags, func() error, error) {
	keep := func() error { return nil }
	if c.Data == "" {
		dir, err := os.MkdirTemp("", "track15-demo-")
		if err != nil {
			return storeFlags{}, keep, fault.Field("--data", "No folder can be made for temporary files. Name one.")
		}
		f := storeFlags{Data: filepath.Join(dir, "data"), Keys: filepath.Join(dir, "keys")}
		if c.Keys != "" {
			f.Keys = c.Keys
		}
		return f, func() error { return os.RemoveAll(dir) }, nil
	}
	entries, err := os.ReadDir(c.Data)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return storeFlags{}, keep, fault.Field("--data", "The folder cannot be read.")
	}
	if len(entries) > 0 {
		return storeFlags{}, keep, fault.Errorf(fault.Forbidden, "the demonstration signs for itself, so it starts only in an empty data folder")
	}
	f := storeFlags{Data: c.Data, Keys: c.Data + "-keys"}
	if c.Keys != "" {
		f.Keys = c.Keys
	}
	return f, keep, nil
}
