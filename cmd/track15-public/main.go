// Command track15-public is the public side alone, for a machine that holds
// nothing of the record: it reads snapshots that are pushed to it, or a
// PostgreSQL cluster of its own.
//
// Every flag is also an environment variable: --public-addr is
// TRACK15_PUBLIC_ADDR. It exits with 0 when it was told to stop, 1 when it
// refuses to start here, 2 when it was started wrongly or failed.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"track15/cmd/internal/site"
	"track15/models/fault"
)

// flags are all of the command line.
type flags struct {
	Published    string `type:"path" xor:"store" required:"" placeholder:"DIR" help:"Folder of snapshots that are pushed here."`
	PublishedURL string `xor:"store" required:"" placeholder:"URL" help:"postgres:// address at which the published store may be read."`
	PublicAddr   string `default:"127.0.0.1:8015" help:"Where to listen."`
	BaseURL      string `name:"base-url" placeholder:"URL" help:"Address of the pages, in feeds and citations (default: http:// and where it listens)."`

	site.House
}

func main() {
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Environ(), os.Stdout, os.Stderr)
	cancel()
	os.Exit(code)
}

// exit ends the parsing of a command line that asked for help.
type exit int

// run serves until ctx ends and returns the exit code.
func run(ctx context.Context, args, environment []string, out, errs io.Writer) (code int) {
	defer func() {
		switch v := recover().(type) {
		case nil:
		case exit:
			code = int(v)
		default:
			panic(v)
		}
	}()
	var f flags
	parser, err := kong.New(
		&f,
		kong.Name("track15-public"),
		kong.Description("Serves the public side of a track15 register, without its record."),
		kong.DefaultEnvars("TRACK15"),
		kong.Writers(out, errs),
		kong.Exit(func(code int) { panic(exit(code)) }),
	)
	if err != nil {
		panic(err) // the flags above are wrong
	}
	if _, err := parser.Parse(args); err != nil {
		fmt.Fprintf(errs, "track15-public: %s\nTry track15-public --help.\n", err)
		return 2
	}
	err = f.serve(ctx, environment, out, slog.New(slog.NewTextHandler(errs, nil)))
	if err == nil {
		return 0
	}
	fmt.Fprintf(errs, "track15-public: %s\n", err)
	if fault.KindOf(err) == fault.Forbidden {
		return 1
	}
	return 2
}

func (f *flags) serve(ctx context.Context, environment []string, out io.Writer, log *slog.Logger) error {
	if err := errors.Join(refuseVariables(environment), refuseRecord(f.Published)); err != nil {
		return err
	}
	house, err := f.Read()
	if err != nil {
		return err
	}
	ln, err := net.Listen("tcp", f.PublicAddr)
	if err != nil {
		return fault.Field("--public-addr", "this machine cannot listen at %s: %s", f.PublicAddr, reason(err))
	}
	config := site.Config{Published: f.Published, House: house}
	if f.PublishedURL != "" {
		config.Published = f.PublishedURL
	}
	if config.BaseURL, config.Hosts, err = site.Address(f.BaseURL, ln.Addr()); err != nil {
		return errors.Join(err, ln.Close())
	}
	fmt.Fprintf(out, "Public:  %s\n", config.BaseURL)
	return site.Serve(ctx, ln, config, log)
}

func reason(err error) string {
	if errors.Is(err, syscall.EADDRINUSE) {
		return "it is in use"
	}
	return "it is not to be had"
}

// recordVariables are what the desk is told and nobody else.
var recordVariables = []string{
	"TRACK15_RECORD_URL", "TRACK15_KEYS", "TRACK15_DATA", "TRACK15_DESK_ADDR", "TRACK15_DESK_URL",
	"TRACK15_PUBLISHED_READER", "TRACK15_PUBLISHED_READER_PASSWORD_FILE",
}

// refuseVariables holds that this machine was told nothing of the record.
func refuseVariables(environment []string) error {
	for _, v := range environment {
		name, _, _ := strings.Cut(v, "=")
		for _, own := range recordVariables {
			if name == own {
				return fault.Errorf(fault.Forbidden, "%s is the desk's: the public side starts only where nothing of the record is known", name)
			}
		}
	}
	return nil
}

// refuseRecord holds that the folder is one of snapshots, not the desk's data
// or its record.
func refuseRecord(published string) error {
	for _, own := range []string{"record", "record.db", "published.db"} {
		if _, err := os.Lstat(filepath.Join(published, own)); published != "" && err == nil {
			return fault.Errorf(fault.Forbidden, "this folder holds a record: name the folder of snapshots in it, or better a copy on a machine that has no record")
		}
	}
	return nil
}
