// Command track15 is the desk: it keeps the record, releases from it, and runs
// the public side beside it.
//
// Every flag is also an environment variable: --record-url is
// TRACK15_RECORD_URL. It exits with 0 when what was asked is done, 1 when a
// rule refuses it, 2 when it was asked wrongly or failed.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"os/user"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"track15/models/fault"
	"track15/models/record"
)

// commands is the command line.
type commands struct {
	Serve     serveCmd   `cmd:"" help:"Serve the desk, and the public site beside it."`
	Demo      demoCmd    `cmd:"" help:"Try it out: both sites with public and invented data, on this machine only."`
	Migrate   migrateCmd `cmd:"" help:"Bring both stores to this version's form."`
	User      userCmds   `cmd:"" help:"Accounts."`
	Import    importCmd  `cmd:"" help:"Import a record from its file, or rounds that are already public elsewhere."`
	Export    exportCmd  `cmd:"" help:"Write the record as a file that import reads."`
	Check     checkCmd   `cmd:"" help:"Compare drafts with the record: where might they disclose something?"`
	Published storeCmds  `cmd:"" help:"The published store."`
	Drill     drillCmd   `cmd:"" help:"Try a withdrawal out on a private copy of the published store."`
	Audit     auditCmds  `cmd:"" help:"The audit log."`
	Keys      keysCmds   `cmd:"" help:"The key directory."`
	Version   versionCmd `cmd:"" help:"Print the version."`
	Child     childCmd   `cmd:"" hidden:"" name:"public-child"`
}

// A terminal is where a command reads and writes.
type terminal struct {
	in       io.Reader
	out, err io.Writer
	log      *slog.Logger
}

func main() {
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	cancel()
	os.Exit(code)
}

// exit ends the parsing of a command line that asked for help, and a command
// that has said itself what went wrong.
type exit int

// Error is not shown.
func (e exit) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

// run carries out one command line and returns its exit code.
func run(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) (code int) {
	defer func() {
		switch v := recover().(type) {
		case nil:
		case exit:
			code = int(v)
		default:
			panic(v)
		}
	}()
	t := &terminal{in: in, out: out, err: errs, log: slog.New(slog.NewTextHandler(errs, nil))}
	var c commands
	parser := newParser(ctx, &c, t)
	chosen, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintf(errs, "track15: %s\nTry track15 --help.\n", err)
		return 2
	}
	return report(errs, chosen.Run())
}

// newParser reads command lines into c. It panics if c itself is wrong.
func newParser(ctx context.Context, c *commands, t *terminal) *kong.Kong {
	return kong.Must(
		c,
		kong.Name("track15"),
		kong.Description("Keeps the record of Track 1.5 dialogues and publishes the part of it that was cleared."),
		kong.DefaultEnvars("TRACK15"),
		kong.Vars{"data": defaultData(), "keys": defaultKeys(), "roles": roles()},
		kong.Writers(t.out, t.err),
		kong.Exit(func(code int) { panic(exit(code)) }),
		kong.Bind(t),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
	)
}

// roles lists the roles as a flag takes them.
func roles() string {
	var names []string
	for _, r := range record.RoleNames {
		names = append(names, strings.ReplaceAll(string(r), " ", "-"))
	}
	return strings.Join(names, ", ")
}

// report says what went wrong, one line an error, and returns the exit code.
func report(w io.Writer, err error) int {
	if err == nil {
		return 0
	}
	if code, said := errors.AsType[exit](err); said {
		return int(code)
	}
	known := fault.All(err)
	if len(known) == 0 {
		fmt.Fprintf(w, "track15: %s\n", err)
		return 2
	}
	for _, e := range known {
		if e.Field != "" {
			fmt.Fprintf(w, "track15: %s: %s\n", e.Field, e.Text)
		} else {
			fmt.Fprintf(w, "track15: %s\n", e.Text)
		}
	}
	return codeOf(known)
}

// codeOf is 1 if every error is a rule that refuses, else 2.
func codeOf(all []*fault.Error) int {
	for _, e := range all {
		switch e.Kind {
		case fault.Forbidden, fault.NotFound, fault.Conflict:
		default:
			return 2
		}
	}
	return 1
}

// operatorActor is whoever runs the command, under the system's name for them.
func operatorActor() record.Actor {
	name := "unknown"
	if u, err := user.Current(); err == nil && u.Username != "" {
		name = u.Username
	} else if id := os.Getuid(); id >= 0 {
		name = fmt.Sprintf("uid %d", id)
	}
	return record.Operator(name)
}
