package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"track15/models/fault"
	"track15/models/historic"
	"track15/models/interchange"
	"track15/models/published"
	"track15/models/record"
	"track15/models/recordstore"
)

type importCmd struct {
	storeFlags
	Record   string `arg:"" optional:"" placeholder:"RECORD.json" help:"A record as track15 export writes it."`
	As       string `placeholder:"EMAIL" help:"Import a record with this person's rights instead of all."`
	Historic string `type:"existingdir" placeholder:"DIR" help:"Folder of series.jsonl, organisations.jsonl and rounds.jsonl."`
}

// Run imports the one or the other.
func (c *importCmd) Run(ctx context.Context, t *terminal) error {
	switch {
	case c.Record != "" && c.Historic == "":
		return c.record(ctx, t)
	case c.Record == "" && c.Historic != "" && c.As == "":
		return c.historic(ctx, t)
	}
	return fault.Errorf(fault.Invalid, "name a file, or --historic and a folder")
}

// record takes a record in from its file: all of it, or nothing. What is wrong
// in the file is said by file and JSON pointer.
func (c *importCmd) record(ctx context.Context, t *terminal) (err error) {
	b, err := os.ReadFile(c.Record)
	if err != nil {
		return fault.Field(c.Record, "The file cannot be read.")
	}
	file, err := interchange.Read(b)
	if err != nil {
		return c.wrong(t, err)
	}
	o, err := c.open(ctx, t.log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.close()) }()
	actor, err := actingAs(ctx, o.record, c.As)
	if err != nil {
		return err
	}
	report, err := o.record.ImportRecord(ctx, actor, file)
	if err != nil {
		return c.wrong(t, err)
	}
	fmt.Fprintf(t.out, "New: %d entries. Changed: %d. Already here: %d.\n", report.New, report.Changed, report.Unchanged)
	if report.LeftOut > 0 {
		fmt.Fprintf(t.out, "Left out, because an import never makes known what the record kept back: %d.\n", report.LeftOut)
	}
	_, err = fmt.Fprintln(t.out, "Nothing is public by this.")
	return err
}

// wrong says what is wrong at a place in the file, one line each, as
// FILE: POINTER: rule.
func (c *importCmd) wrong(t *terminal, err error) error {
	all := fault.All(err)
	for _, e := range all {
		if !strings.HasPrefix(e.Field, "/") && e.Kind != fault.Invalid {
			return err
		}
	}
	if len(all) == 0 {
		return err
	}
	for _, e := range all {
		fmt.Fprintf(t.err, "%s: %s: %s\n", c.Record, e.Field, e.Text)
	}
	return exit(codeOf(all))
}

// actingAs is the operator, or the person with the address, with their rights.
func actingAs(ctx context.Context, s *recordstore.Store, email string) (record.Actor, error) {
	if email == "" {
		return operatorActor(), nil
	}
	accounts, err := s.Accounts(ctx, operatorActor())
	if err != nil {
		return record.Actor{}, err
	}
	for _, a := range accounts {
		if strings.EqualFold(a.Email, strings.TrimSpace(email)) && !a.Disabled {
			return a.Actor(), nil
		}
	}
	return record.Actor{}, fault.Errorf(fault.NotFound, "no account has the address after --as, or it is disabled")
}

// historic makes record entries and one release that waits for two people. All
// of it happens or nothing.
func (c *importCmd) historic(ctx context.Context, t *terminal) (err error) {
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
