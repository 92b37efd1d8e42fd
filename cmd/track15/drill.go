package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"track15/models/fault"
	"track15/models/published"
	"track15/models/record"
)

type drillCmd struct {
	storeFlags

	Address string `arg:"" help:"Reference of a round, text or observation, or the address of its page."`
	Silent  bool   `help:"Leave no notice."`
}

// Run tries a withdrawal out on a private copy of the published store, which is
// removed, and says what would leave and whether its words were gone. It changes
// nothing and prints no word of a text. Exit 1 = something would be left.
func (c *drillCmd) Run(ctx context.Context, t *terminal) (err error) {
	o, err := c.open(ctx, t.log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.close()) }()
	folder, err := os.MkdirTemp(c.recordDir(), "drill-")
	if err != nil {
		return fault.Field("--data", "The folder cannot be written.")
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	way := record.WithNotice
	if c.Silent {
		way = record.Silently
	}
	d, err := o.release.DrillWithdrawal(ctx, operatorActor(), c.Address, way, folder)
	if err != nil {
		return err
	}
	for _, s := range d.Steps {
		fmt.Fprintf(t.out, "%s: done in %s.\n", s.What, s.Took.Round(time.Millisecond))
	}
	fmt.Fprintln(t.out, "Would leave:")
	for _, l := range d.Leaves {
		stays := "nothing stays at its address"
		if l.Notice != published.NoticeNone {
			stays = "a notice stays"
		}
		fmt.Fprintf(t.out, "  %s/%s, %s\n", l.Kind, l.Slug, stays)
	}
	fmt.Fprintf(t.out, "Of %d passages and words that stand only there, %d stood in the copy before.\n", d.Words, d.Before)
	if !d.Passed() {
		for _, left := range append(d.After, d.Open...) {
			fmt.Fprintf(t.out, "Left afterwards in: %s\n", left)
		}
		return fault.Errorf(fault.Conflict, "the drill did not pass: not everything was gone")
	}
	fmt.Fprintf(t.out, "None stands in its %d files afterwards. Nothing was changed.\n", d.Files)
	return nil
}
