package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"track15/models/historic"
	"track15/models/published"
	"track15/models/recordstore"
)

type importCmd struct {
	storeFlags
	Historic string `required:"" type:"existingdir" placeholder:"DIR" help:"Folder of series.jsonl, organisations.jsonl and rounds.jsonl."`
}

// Run makes record entries and one release that waits for two people. All of
// it happens or nothing.
func (c *importCmd) Run(ctx context.Context, t *terminal) (err error) {
	archive, err := historic.Open(os.DirFS(c.Historic))
	if err != nil {
		return err
	}
	o, err := c.open(ctx, t.log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.close()) }()
	bar := newProgress(t.err, "Importing")
	rel, report, err := o.release.Import(ctx, operatorActor(), recordstore.Import{
		Series: archive.Series, Organisations: archive.Organisations, Rounds: archive.Rounds(),
	}, func(done int) { bar.set(done, archive.RoundCount) })
	bar.end()
	if err != nil {
		return err
	}
	fmt.Fprintf(t.out, "New: %d series, %d organisations, %d rounds, %d texts. Already here: %d lines.\n",
		report.Series, report.Organisations, report.Rounds, report.Outputs, report.Known)
	if rel.ID == "" {
		_, err = fmt.Fprintln(t.out, "There is nothing to release.")
		return err
	}
	_, err = fmt.Fprintf(t.out, "Prepared one release, text code %s.\nNothing is public yet: one person signs it at the desk and a second countersigns.\n", published.TextCode(rel.Hash))
	return err
}
