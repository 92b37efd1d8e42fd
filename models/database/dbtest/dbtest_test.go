package dbtest

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"

	"github.com/jackc/pgx/v5"
)

// Two test processes meet in one cluster; it outlives the first, which is
// killed, and is gone with its folder after the second.
func TestAClusterIsSharedAndEndsWithItsLastUser(t *testing.T) {
	const variable = "TRACK15_TEST_USER"
	if os.Getenv(variable) != "" {
		fmt.Println("url", Postgres(t, "record"))
		_, _ = io.Copy(io.Discard, os.Stdin) // until we are killed
		return
	}
	if programs() == "" {
		missing(t, "PostgreSQL is not installed: its clusters are not tested")
	}
	meeting, err := os.MkdirTemp(os.Getenv("GOTMPDIR"), "dbtest") // shorter than t.TempDir: a socket lies in it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(meeting) })
	if err := os.Chmod(meeting, 0o755); err != nil {
		t.Fatal(err)
	}

	use := func() (kill func(), address string) {
		cmd := exec.Command(os.Args[0], "-test.run=^TestAClusterIsSharedAndEndsWithItsLastUser$")
		cmd.Env = append(os.Environ(), variable+"=1", "GOTMPDIR="+meeting)
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		kill = func() {
			_ = cmd.Process.Signal(syscall.SIGKILL)
			_ = cmd.Wait()
			_ = in.Close()
		}
		t.Cleanup(kill)
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			if address, ok := strings.CutPrefix(lines.Text(), "url "); ok {
				return kill, address
			}
		}
		t.Fatal("the process ended without a database")
		return nil, ""
	}
	killFirst, first := use()
	killSecond, second := use()

	var ids [2]string
	var conns [2]*pgx.Conn
	for i, address := range []string{first, second} {
		if conns[i], err = pgx.Connect(t.Context(), address); err != nil {
			t.Fatal(err)
		}
		if err := conns[i].QueryRow(t.Context(), "SELECT system_identifier::text FROM pg_control_system()").Scan(&ids[i]); err != nil {
			t.Fatal(err)
		}
	}
	if ids[0] != ids[1] || first == second {
		t.Errorf("clusters %s and %s, databases alike %v: want one cluster, two databases", ids[0], ids[1], first == second)
	}

	killFirst()
	if err := conns[1].Ping(t.Context()); err != nil {
		t.Error("the cluster ended with its first user:", err)
	}
	killSecond()
	if _, err := conns[1].WaitForNotification(t.Context()); err == nil {
		t.Error("a notification nobody sent")
	}
	base := filepath.Join(meeting, "track15-postgres-"+strconv.Itoa(os.Getuid()), "record")
	who, err := owner()
	if err != nil {
		t.Fatal(err)
	}
	stopped, err := lock(base+".start", syscall.LOCK_EX, who) // held by the shell until all is removed
	if err != nil {
		t.Fatal(err)
	}
	defer stopped.Close()
	if _, err := os.Stat(base); !os.IsNotExist(err) {
		t.Errorf("the cluster's folder is still there: %v", err)
	}
}

// ending notes how a test would have ended; the real Skip and Fatal do not return.
type ending struct {
	testing.TB
	how []string
}

func (e *ending) Helper()      {}
func (e *ending) Skip(...any)  { e.how = append(e.how, "skip") }
func (e *ending) Fatal(...any) { e.how = append(e.how, "fail") }

func TestMissingProgramsAreASkipOnlyAtHome(t *testing.T) {
	for _, tt := range []struct{ ci, want string }{{"", "skip"}, {"true", "fail"}} {
		t.Setenv("CI", tt.ci)
		e := &ending{TB: t}
		missing(e, "not installed")
		if len(e.how) == 0 || e.how[0] != tt.want {
			t.Errorf("CI=%q: %q, want %q", tt.ci, e.how, tt.want)
		}
	}
}

func TestEachStoreIsNewAndEmpty(t *testing.T) {
	table := fstest.MapFS{"00001_t.sql": {Data: []byte("-- +goose Up\nCREATE TABLE t (id TEXT PRIMARY KEY);\n")}}
	Run(t, func(t *testing.T, store func(string) string) {
		for _, name := range []string{"record", "record", "published"} {
			var n int64
			if err := Open(t, store(name), table).Read(t.Context()).Table("t").Count(&n).Error; err != nil || n != 0 {
				t.Errorf("%s: %d rows, %v", name, n, err)
			}
		}
	})
}
