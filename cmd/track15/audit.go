package main

import (
	"context"
	"errors"
	"fmt"

	"track15/models/fault"
)

type auditCmds struct {
	Verify verifyCmd `cmd:"" help:"Check that no entry of the audit log was changed, removed, added or moved."`
}

type verifyCmd struct {
	storeFlags
}

// Run checks the chain against its keys and its head witness. It exits with 1
// if the log is not what was written.
func (c *verifyCmd) Run(ctx context.Context, t *terminal) (err error) {
	o, err := c.open(ctx, t.log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, o.close()) }()
	report, err := o.record.VerifyAudit(ctx, operatorActor())
	if err != nil {
		return err
	}
	if report.Broken > 0 {
		return fault.Errorf(fault.Conflict, "the audit log is not what was written, at entry %d: %s", report.Broken, report.Reason)
	}
	fmt.Fprintf(t.out, "The audit log is whole: %d entries, the head witness saw number %d.\n", report.Entries, report.Witness)
	if report.Missing > 0 {
		fmt.Fprintf(t.out, "Entry %d was announced and is not there: storing it failed or was interrupted, or it was taken away.\n", report.Missing)
	}
	return nil
}
