package main

import (
	"context"
	"errors"
	"fmt"
)

type migrateCmd struct {
	storeFlags
}

// Run brings both stores to this version's form. Several may run at once.
func (c *migrateCmd) Run(ctx context.Context, t *terminal) error {
	o, err := c.open(ctx, t.log)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(t.out, "Both stores are in the form of this version.")
	return errors.Join(err, o.close())
}
