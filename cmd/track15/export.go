package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"track15/models/fault"
)

type exportCmd struct {
	storeFlags
	As     string `placeholder:"EMAIL" help:"Write what this person may export, instead of everything."`
	Output string `short:"o" type:"path" placeholder:"FILE" help:"A new file that its owner alone can read (default: standard output)."`
}

// Run writes the record in one piece, once all of it could be read.
func (c *exportCmd) Run(ctx context.Context, t *terminal) (err error) {
	o, err := c.open(ctx, t.log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.close()) }()
	actor, err := actingAs(ctx, o.record, c.As)
	if err != nil {
		return err
	}
	file, leftOut, err := o.record.ExportRecord(ctx, actor)
	if err != nil {
		return err
	}
	b, err := file.Append(nil)
	if err != nil {
		return err
	}
	if leftOut > 0 {
		fmt.Fprintf(t.err, "Left out, because the format has no place for them: %d entries.\n", leftOut)
	}
	if c.Output == "" {
		_, err = t.out.Write(b)
		return err
	}
	return writeNew(c.Output, b)
}

// writeNew writes a file that was not there, 0600, whole or not at all.
func writeNew(path string, b []byte) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fault.Errorf(fault.Conflict, "the file is there already: name another")
	}
	if err != nil {
		return fault.Field("--output", "The file cannot be made.")
	}
	_, err = f.Write(b)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(fault.Errorf(fault.Unavailable, "the file cannot be written"), os.Remove(path))
	}
	return nil
}
