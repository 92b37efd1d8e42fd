package dbtest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// A cluster is shared by all test binaries that run at the same time. They meet
// in the folder of the system's temporary files:
//
//	track15-postgres-UID/NAME.start   held while a cluster is started or stopped
//	track15-postgres-UID/NAME.users   held, shared, by every test binary that uses it
//	track15-postgres-UID/NAME/        data and socket
//
// Beside the cluster a shell waits until nobody holds NAME.users, stops the
// cluster and removes its folder. The system drops the locks of a test that is
// killed, so nothing survives.
var (
	mu      sync.Mutex
	started = map[string]string{} // url by name
	users   []*os.File            // open as long as the process lives
)

// settings trade safety for speed: this data may be lost.
const settings = `
listen_addresses = ''
fsync = off
full_page_writes = off
synchronous_commit = off
shared_buffers = 32MB
max_connections = 300
autovacuum = off
log_min_messages = fatal
`

// watch stops the cluster when its last user is gone. It waits a moment: the
// next package of the same test run may be about to come.
const watch = `
while :; do
	flock -x "$BASE.users" true
	sleep 3
	exec 9>"$BASE.start"
	flock -x 9
	if flock -n -x "$BASE.users" true; then
		"$BIN/pg_ctl" stop -D "$BASE" -m immediate -s
		rm -rf "$BASE"
		exit
	fi
	exec 9>&-
done
`

// start returns the url of the named cluster's first database and starts the
// cluster if it does not run.
func start(t testing.TB, name string) string {
	t.Helper()
	mu.Lock()
	defer mu.Unlock()
	if address, ok := started[name]; ok {
		return address
	}
	bin := programs()
	if bin == "" {
		missing(t, "PostgreSQL is not installed (Debian: apt-get install postgresql): not tested on it")
	}
	if _, err := exec.LookPath("flock"); err != nil {
		missing(t, "flock is not installed (Debian: apt-get install util-linux): not tested on PostgreSQL")
	}
	address, err := join(name, bin)
	if err != nil {
		t.Fatalf("private cluster %s: %v", name, err)
	}
	started[name] = address
	return address
}

// programs returns the folder with initdb and pg_ctl, "" if there is none: that
// of the PATH, else Debian's newest.
func programs() string {
	if p, err := exec.LookPath("initdb"); err == nil {
		if p, err = filepath.EvalSymlinks(p); err == nil {
			return filepath.Dir(p)
		}
	}
	newest, folder := 0, ""
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	for _, p := range found {
		version, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(p))))
		if version > newest {
			newest, folder = version, filepath.Dir(p)
		}
	}
	return folder
}

// join registers this process as a user of the cluster and returns its url.
func join(name, bin string) (string, error) {
	who, err := owner()
	if err != nil {
		return "", err
	}
	folder := filepath.Join(os.Getenv("GOTMPDIR"), "track15-postgres-"+strconv.Itoa(os.Getuid()))
	if err := private(folder, who); err != nil {
		return "", err
	}
	base := filepath.Join(folder, name)
	starting, err := lock(base+".start", syscall.LOCK_EX, who)
	if err != nil {
		return "", err
	}
	defer starting.Close()
	using, err := lock(base+".users", syscall.LOCK_SH, who)
	if err != nil {
		return "", err
	}
	address := (&url.URL{
		Scheme: "postgres", User: url.User("track15"), Path: "/postgres",
		RawQuery: url.Values{"host": {base}, "sslmode": {"disable"}}.Encode(),
	}).String()
	if !answers(address) {
		if err := create(name, bin, base, who); err != nil {
			using.Close()
			return "", err
		}
	}
	users = append(users, using)
	return address, nil
}

// owner returns the unprivileged user that runs the cluster: PostgreSQL refuses
// root. nil means the user who runs the tests.
func owner() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(u.Uid, 10, 32)
		if err != nil {
			return nil, err
		}
		gid, err := strconv.ParseUint(u.Gid, 10, 32)
		if err != nil {
			return nil, err
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, fmt.Errorf("root needs a user postgres or nobody to run it as")
}

// private makes the folder, or checks that it is one that nobody else made.
func private(folder string, who *syscall.Credential) error {
	if err := os.Mkdir(folder, 0o700); err == nil {
		return give(folder, who)
	} else if !os.IsExist(err) {
		return err
	}
	info, err := os.Lstat(folder)
	if err != nil {
		return err
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	mine := ok && (stat.Uid == uint32(os.Getuid()) || who != nil && stat.Uid == who.Uid)
	if !mine || !info.IsDir() || info.Mode().Perm() != 0o700 {
		return fmt.Errorf("%s is not ours: remove it", folder)
	}
	return nil
}

// lock opens a file of the meeting place and locks it, waiting for others.
func lock(path string, how int, who *syscall.Credential) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := give(path, who); err != nil {
		f.Close()
		return nil, err
	}
	for {
		if err = syscall.Flock(int(f.Fd()), how); err != syscall.EINTR {
			break
		}
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

func give(path string, who *syscall.Credential) error {
	if who == nil {
		return nil
	}
	return os.Chown(path, int(who.Uid), int(who.Gid))
}

func answers(address string) bool {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return false
	}
	return conn.Close(ctx) == nil
}

// create makes and starts the cluster in base, and the shell that stops it.
// The caller holds both locks.
func create(name, bin, base string, who *syscall.Credential) error {
	if err := os.RemoveAll(base); err != nil {
		return err
	}
	if err := run(who, filepath.Join(bin, "initdb"), "--pgdata", base, "--username", "track15",
		"--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync", "--no-instructions"); err != nil {
		return err
	}
	conf, err := os.OpenFile(filepath.Join(base, "postgresql.conf"), os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(conf, "%sunix_socket_directories = '%s'\n", settings, base)
	if closed := conf.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	if name == "standby" {
		signal := filepath.Join(base, "standby.signal")
		if err := os.WriteFile(signal, nil, 0o600); err != nil {
			return err
		}
		if err := give(signal, who); err != nil {
			return err
		}
	}
	shell := exec.Command("sh", "-c", watch)
	shell.Env = append(os.Environ(), "BIN="+bin, "BASE="+base)
	shell.Dir = "/"
	shell.SysProcAttr = &syscall.SysProcAttr{Credential: who, Setsid: true}
	if err := shell.Start(); err != nil {
		return err
	}
	if err := shell.Process.Release(); err != nil {
		return err
	}
	return run(who, filepath.Join(bin, "pg_ctl"), "start", "--pgdata", base, "--wait", "--silent",
		"--log", filepath.Join(base, "log"))
}

// run runs one of PostgreSQL's programs as the owner of the cluster.
func run(who *syscall.Credential, program string, args ...string) error {
	cmd := exec.Command(program, args...)
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: who, Setsid: true}
	out, err := os.CreateTemp(os.Getenv("GOTMPDIR"), "track15-postgres-*.log")
	if err != nil {
		return err
	}
	defer os.Remove(out.Name())
	defer out.Close()
	// A file and not a pipe: the server inherits it and would keep a pipe open.
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Run(); err != nil {
		said, _ := os.ReadFile(out.Name())
		return fmt.Errorf("%s: %w: %s", filepath.Base(program), err, said)
	}
	return nil
}
