package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"track15/models/fault"
)

type keysCmds struct {
	Status keyStatusCmd `cmd:"" help:"Say which keysets open, and which copies of the keys are registered."`
	Rotate rotateCmd    `cmd:"" help:"Make a new key-encryption key and erase the old one."`
	Escrow escrowCmd    `cmd:"" help:"Write a copy of the keys for somebody who keeps it, and register it; or register that one is gone."`
}

type keyStatusCmd struct {
	storeFlags
}

// Run prints the state of the key directory. It exits with 1 if a keyset does
// not open.
func (c *keyStatusCmd) Run(ctx context.Context, t *terminal) (err error) {
	o, err := c.open(ctx, t.log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.close()) }()
	status, copies, err := o.record.Keys(ctx, operatorActor())
	if err != nil {
		return err
	}
	fmt.Fprintf(t.out, "Key-encryption key %s: %d keysets open.\n", status.Wrapping, len(status.Keysets))
	if status.Rotating {
		fmt.Fprintln(t.out, "A rotation was stopped half-way: run track15 keys rotate, which ends it.")
	}
	for _, e := range copies {
		where := "kept: " + e.Place
		if !e.GoneAt.IsZero() {
			where = "destroyed " + e.GoneAt.Format(time.DateOnly) + ", was kept: " + e.Place
		}
		fmt.Fprintf(t.out, "Copy %s of %s, %d keysets, %s\n", e.ID, e.MadeAt.Format(time.DateOnly), len(e.Keysets), where)
	}
	for _, key := range status.Closed {
		fmt.Fprintf(t.out, "The keyset %s does not open.\n", key)
	}
	if len(status.Closed) > 0 {
		return fault.Errorf(fault.Conflict, "some keysets do not open: put the files back that belong to this key-encryption key")
	}
	return nil
}

type rotateCmd struct {
	storeFlags
}

// Run rotates.
func (c *rotateCmd) Run(ctx context.Context, t *terminal) (err error) {
	o, err := c.open(ctx, t.log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.close()) }()
	if err := o.record.RotateKeys(ctx, operatorActor()); err != nil {
		return err
	}
	status, _, err := o.record.Keys(ctx, operatorActor())
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(t.out, "%d keysets are wrapped by the new key-encryption key %s. Copies of the key directory made before open nothing with it; make a new one.\n", len(status.Keysets), status.Wrapping)
	return err
}

type escrowCmd struct {
	storeFlags
	To     []string `placeholder:"AGE1…" help:"Who can open the copy: an age public key each."`
	Place  string   `placeholder:"WORDS" help:"Where the copy will be kept."`
	Output string   `short:"o" type:"path" placeholder:"FILE" help:"The new file."`
	Gone   string   `placeholder:"ID" help:"Register instead that this copy was destroyed."`
}

// Run writes the copy to a new file, or registers that one is gone.
func (c *escrowCmd) Run(ctx context.Context, t *terminal) (err error) {
	o, err := c.open(ctx, t.log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.close()) }()
	if c.Gone != "" {
		return o.record.KeyCopyGone(ctx, operatorActor(), c.Gone)
	}
	if c.Output == "" {
		return fault.Field("--output", "Say which file to write.")
	}
	var file bytes.Buffer
	e, err := o.record.CopyKeys(ctx, operatorActor(), &file, c.To, c.Place)
	if err != nil {
		return err
	}
	if err := writeNew(c.Output, file.Bytes()); err != nil {
		return errors.Join(err, o.record.KeyCopyGone(ctx, operatorActor(), e.ID))
	}
	_, err = fmt.Fprintf(t.out, "Copy %s, %d keysets. Open it with: age -d -i IDENTITY FILE | tar -x -C KEYS\n", e.ID, len(e.Keysets))
	return err
}
