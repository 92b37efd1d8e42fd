package main

import (
	"context"
	"errors"
	"fmt"
)

type storeCmds struct {
	Rebuild rebuildCmd `cmd:"" help:"Make the published store anew from the release log."`
	Digest  digestCmd  `cmd:"" help:"Print the SHA-256 of all that is published."`
}

type rebuildCmd struct {
	storeFlags
}

// Run folds the release log again and prints the digest of the result.
func (c *rebuildCmd) Run(ctx context.Context, t *terminal) (err error) {
	o, err := c.open(ctx, t.log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.close()) }()
	if err = o.release.Rebuild(ctx, operatorActor()); err != nil {
		return err
	}
	return printDigest(ctx, t, o)
}

type digestCmd struct {
	storeFlags
}

// Run prints the digest and the number of the last release in it.
func (c *digestCmd) Run(ctx context.Context, t *terminal) (err error) {
	o, err := c.open(ctx, t.log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.close()) }()
	return printDigest(ctx, t, o)
}

func printDigest(ctx context.Context, t *terminal, o *office) error {
	number, err := o.published.Number(ctx)
	if err != nil {
		return err
	}
	digest, err := o.published.Digest(ctx)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(t.out, "%s  release %d\n", digest, number)
	return err
}
