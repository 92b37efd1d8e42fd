package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"track15/models/database/dbtest"
)

// program builds the program as it is shipped, once.
var program = sync.OnceValues(func() (string, error) {
	path := filepath.Join(built, "track15")
	out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return path, nil
})

// A running is a desk that was started, with what it printed.
type running struct {
	cmd          *exec.Cmd
	public, desk string        // addresses, "" if it has none
	printed      string        // up to the addresses
	log          string        // the file to which it logs
	gone         chan struct{} // closed when it ended
}

// start starts the program and waits until it printed its addresses. After the
// test it is told to stop, with its public side.
func start(t *testing.T, env []string, args ...string) *running {
	t.Helper()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	r := &running{cmd: exec.Command(path, args...), gone: make(chan struct{})}
	r.cmd.Env = append(os.Environ(), env...)
	// A file, not a pipe: the public side lives on when this desk is killed.
	log, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	r.cmd.Stderr, r.log = log, log.Name()
	out, err := r.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = r.cmd.Process.Signal(syscall.SIGTERM)
		select {
		case <-r.gone:
		case <-time.After(30 * time.Second):
			_ = r.cmd.Process.Kill()
		}
		if t.Failed() {
			b, _ := os.ReadFile(log.Name())
			t.Logf("the program's log:\n%s", b)
		}
		_ = log.Close()
	})
	lines := bufio.NewScanner(out)
	for r.desk == "" && lines.Scan() {
		r.printed += lines.Text() + "\n"
		if address, ok := strings.CutPrefix(lines.Text(), "Public:"); ok {
			r.public = strings.TrimSpace(address)
		}
		if address, ok := strings.CutPrefix(lines.Text(), "Desk:"); ok {
			r.desk = strings.TrimSpace(address)
		}
	}
	if r.desk == "" {
		b, _ := os.ReadFile(log.Name())
		t.Fatalf("no addresses: %s %s", r.printed, b)
	}
	go func() {
		_, _ = io.Copy(log, out) // nothing of the record either
		_ = r.cmd.Wait()
		close(r.gone)
	}()
	return r
}

// ends waits until the program is gone and returns its exit code.
func (r *running) ends(t *testing.T) int {
	t.Helper()
	select {
	case <-r.gone:
		return r.cmd.ProcessState.ExitCode()
	case <-time.After(30 * time.Second):
		t.Fatal("the program does not end")
		return -1
	}
}

func get(t *testing.T, address string) (status int, header http.Header, body string) {
	t.Helper()
	res, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, res.Header, string(b)
}

// folders returns the environment of a desk with folders and ports of its own.
func folders(t *testing.T) (data string, env []string) {
	data = filepath.Join(t.TempDir(), "data")
	return data, []string{
		"TRACK15_DATA=" + data, "TRACK15_KEYS=" + filepath.Join(t.TempDir(), "keys"),
		"TRACK15_PUBLIC_ADDR=127.0.0.1:0", "TRACK15_DESK_ADDR=localhost:0",
	}
}

func childOf(t *testing.T, data string) int {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(data, "record", "public.pid"))
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(b)))
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

// awaitEnd waits until no process with the id is a public side.
func awaitEnd(t *testing.T, pid int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for isChild(pid) {
		select {
		case <-ctx.Done():
			t.Fatalf("process %d is still there", pid)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// Both sides answer at the printed addresses; the public side is a process that
// was told nothing, outlives a killed desk, and is replaced by the next one.
func TestPublicSideIsAProcessOfItsOwn(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, store func(string) string) {
		data, env := folders(t)
		if t.Name() == "TestPublicSideIsAProcessOfItsOwn/postgres" {
			env = append(env, onPostgres(store)...)
		}
		first := start(t, env, "serve")
		child := childOf(t, data)
		t.Cleanup(func() {
			if isChild(child) {
				_ = syscall.Kill(child, syscall.SIGKILL)
			}
		})
		if status, header, body := get(t, first.public+"/healthz"); status != 200 || body != "ok\n" || header.Get("Set-Cookie") != "" {
			t.Errorf("public: %d %v %q", status, header, body)
		}
		if status, _, body := get(t, first.desk+"/"); status != 200 || !strings.Contains(body, "<form") {
			t.Errorf("desk: %d %q", status, body)
		}
		if runtime.GOOS == "linux" {
			told(t, child, data)
		}

		if err := first.cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		first.ends(t)
		if status, _, body := get(t, first.public+"/healthz"); status != 200 || body != "ok\n" {
			t.Errorf("after the desk was killed: %d %q", status, body)
		}

		at := strings.TrimPrefix(first.public, "http://")
		second := start(t, env, "serve", "--public-addr", at)
		awaitEnd(t, child)
		if second.public != first.public {
			t.Errorf("public side at %s, before at %s", second.public, first.public)
		}
		if status, _, _ := get(t, second.public+"/healthz"); status != 200 {
			t.Errorf("replaced public side: %d", status)
		}

		child = childOf(t, data)
		if err := syscall.Kill(child, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		awaitEnd(t, child)
		if err := answers(t.Context(), at); err != nil {
			t.Errorf("the public side did not come back: %v", err)
		}
		child = childOf(t, data)

		if err := second.cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		if code := second.ends(t); code != 0 {
			t.Errorf("exit code %d after SIGTERM", code)
		}
		awaitEnd(t, child)
		if ln, err := net.Listen("tcp", at); err != nil {
			t.Errorf("the port is still held: %v", err)
		} else {
			ln.Close()
		}
	})
}

// told holds what the child knows: no variable, no open file of the record, no
// word of it in its command line.
func told(t *testing.T, child int, data string) {
	t.Helper()
	proc := filepath.Join("/proc", strconv.Itoa(child))
	environ, err := os.ReadFile(filepath.Join(proc, "environ"))
	if err != nil || len(environ) != 0 {
		t.Errorf("environment %q, %v", environ, err)
	}
	line, err := os.ReadFile(filepath.Join(proc, "cmdline"))
	if err != nil || bytes.Contains(line, []byte(data)) || bytes.Contains(line, []byte("postgres")) {
		t.Errorf("command line %q, %v", line, err)
	}
	files, err := os.ReadDir(filepath.Join(proc, "fd"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		path, err := os.Readlink(filepath.Join(proc, "fd", f.Name()))
		if err == nil && strings.HasPrefix(path, filepath.Join(data, "record")) {
			t.Errorf("the public side holds %s open", path)
		}
	}
}

func TestDeskLeavesNoCoreFile(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux shows a process's limits")
	}
	_, env := folders(t)
	r := start(t, env, "serve", "--desk-only")
	if r.public != "" {
		t.Errorf("a public side at %s", r.public)
	}
	limits, err := os.ReadFile(fmt.Sprintf("/proc/%d/limits", r.cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`(?m)^Max core file size +0 +0 `).Match(limits) {
		t.Errorf("limits: %s", limits)
	}
	// A process that is not dumpable has a map that only root may read.
	info, err := os.Stat(fmt.Sprintf("/proc/%d/maps", r.cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	if stat, ok := info.Sys().(*syscall.Stat_t); !ok || stat.Uid != 0 {
		t.Errorf("owner of its memory: %+v", info.Sys())
	}
}

func TestOneDeskForAFolder(t *testing.T) {
	_, env := folders(t)
	start(t, env, "serve", "--desk-only")
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	second := exec.Command(path, "serve", "--desk-only")
	second.Env = append(os.Environ(), env...)
	out, _ := second.CombinedOutput()
	if code := second.ProcessState.ExitCode(); code != 1 || !bytes.Contains(out, []byte("another desk")) {
		t.Errorf("exit code %d: %s", code, out)
	}
}

func TestTakenPortIsNamed(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	_, env := folders(t)
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, "serve", "--public-addr", ln.Addr().String())
	cmd.Env = append(os.Environ(), env...)
	out, _ := cmd.CombinedOutput()
	if code := cmd.ProcessState.ExitCode(); code != 2 || !bytes.Contains(out, []byte("--public-addr: "+ln.Addr().String()+" is in use")) {
		t.Errorf("exit code %d: %s", code, out)
	}
}

// Two stores in one PostgreSQL cluster are refused unless asked for, and a
// replica of the record always.
func TestClusters(t *testing.T) {
	record, published := dbtest.Postgres(t, "record"), dbtest.Postgres(t, "record")
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	migrate := func(record string, args ...string) (int, string) {
		_, env := folders(t)
		cmd := exec.Command(path, append([]string{"migrate"}, args...)...)
		cmd.Env = append(append(os.Environ(), env...), "TRACK15_RECORD_URL="+record, "TRACK15_PUBLISHED_URL="+published, "TRACK15_PUBLISHED_READER=reader_"+strings.ToLower(rand.Text()))
		out, _ := cmd.CombinedOutput()
		return cmd.ProcessState.ExitCode(), string(out)
	}
	if code, out := migrate(record); code != 1 || !strings.Contains(out, "one PostgreSQL cluster") {
		t.Errorf("one cluster: %d %s", code, out)
	}
	if code, out := migrate(record, "--same-cluster"); code != 0 {
		t.Errorf("one cluster, asked for: %d %s", code, out)
	}
	if code, out := migrate(dbtest.Standby(t), "--same-cluster"); code != 1 || !strings.Contains(out, "replica") {
		t.Errorf("replica: %d %s", code, out)
	}
}
