package main

import (
	"crypto/rand"
	"errors"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"track15/models/database/dbtest"
)

func TestMain(m *testing.M) {
	// testscript makes a folder of its own before the tests run.
	unwritable := os.Getenv("TMPDIR")
	os.Setenv("TMPDIR", os.Getenv("GOTMPDIR"))
	testscript.Main(tests{m, unwritable}, map[string]func(){"track15": main})
}

// built is the folder of the program as it is shipped, for the tests that start
// it.
var built string

// tests are those of the package, which clean up after themselves.
type tests struct {
	*testing.M
	unwritable string // see dbtest
}

func (m tests) Run() int {
	os.Setenv("TMPDIR", m.unwritable)
	var err error
	if built, err = os.MkdirTemp(os.Getenv("GOTMPDIR"), "track15-built-"); err != nil {
		panic(err)
	}
	defer os.RemoveAll(built)
	return m.M.Run()
}

// The command line is tested by text files, on both databases. A script finds
// TRACK15_DATA and TRACK15_KEYS set to folders of its own.
func TestScripts(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		testscript.Run(t, testscript.Params{
			Dir: "testdata",
			Setup: func(e *testscript.Env) error {
				e.Setenv("HOME", e.WorkDir)
				e.Setenv("TMPDIR", os.Getenv("TMPDIR"))
				e.Setenv("TRACK15_DATA", e.WorkDir+"/data")
				e.Setenv("TRACK15_KEYS", e.WorkDir+"/keys")
				if t.Name() == "TestScripts/postgres" {
					e.Vars = append(e.Vars, onPostgres(store)...)
				}
				return nil
			},
			Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits},
		})
	})
}

// onPostgres returns the environment of a desk on new databases. Its reader is a
// role of its own: roles belong to the server, which other tests use too.
func onPostgres(store func(string) string) []string {
	return []string{
		"TRACK15_RECORD_URL=" + store("record"), "TRACK15_PUBLISHED_URL=" + store("published"),
		"TRACK15_PUBLISHED_READER=reader_" + strings.ToLower(rand.Text()),
	}
}

// exits CODE COMMAND... runs a command that must end with the code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND [ARGUMENT...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		got = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}
