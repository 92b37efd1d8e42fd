package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"track15/cmd/internal/site"
	"track15/models/fault"
)

// childName is the hidden command under which the program is its own public
// side. It stands in the child's command line, by which it is recognised.
const childName = "public-child"

// childCmd is the public side: the listener is file 3, the settings come as
// JSON on standard input, the environment is empty.
type childCmd struct {
	Address string `arg:"" help:"Where it listens, for whoever lists processes."`
}

// Run serves until it is told to stop.
func (c *childCmd) Run(ctx context.Context, t *terminal) error {
	var config site.Config
	dec := json.NewDecoder(t.in)
	dec.DisallowUnknownFields()
	if err := dec.Decode(&config); err != nil {
		return fault.Errorf(fault.Invalid, "this command is for the desk to start")
	}
	file := os.NewFile(3, "listener")
	ln, err := net.FileListener(file)
	if err != nil {
		return fault.Errorf(fault.Invalid, "this command is for the desk to start")
	}
	if err := file.Close(); err != nil {
		return err
	}
	// The terminal's signals are the desk's business, which passes them on.
	// Nor does it end because nobody reads its log any more.
	signal.Ignore(syscall.SIGHUP, syscall.SIGINT, syscall.SIGPIPE)
	return site.Serve(ctx, ln, config, t.log)
}

// A publicSide is the public side as the desk runs it: a process of its own,
// with an empty environment, that is started again when it dies and stays when
// the desk does.
type publicSide struct {
	executable string
	listener   *os.File // the child's file 3
	address    string
	config     []byte // JSON of a site.Config
	pidFile    string
	out        io.Writer // where the child's log goes
	log        *slog.Logger
}

// run keeps a child running until ctx ends, then stops it.
func (p *publicSide) run(ctx context.Context) error {
	for pause := time.Second; ; {
		started := time.Now()
		cmd, err := p.start()
		if err != nil {
			return err
		}
		gone := make(chan error, 1)
		go func() { gone <- cmd.Wait() }()
		select {
		case <-ctx.Done():
			return errors.Join(stop(cmd.Process, gone), os.Remove(p.pidFile))
		case err := <-gone:
			p.log.Error("the public side ended and is started again", "reason", reasonOf(err))
		}
		if time.Since(started) > time.Minute {
			pause = time.Second
		}
		select {
		case <-ctx.Done():
			return os.Remove(p.pidFile)
		case <-time.After(pause):
			pause = min(2*pause, 30*time.Second)
		}
	}
}

func (p *publicSide) start() (*exec.Cmd, error) {
	cmd := exec.Command(p.executable, childName, p.address)
	cmd.Env = []string{}
	cmd.Dir = "/"
	cmd.ExtraFiles = []*os.File{p.listener}
	cmd.Stdin = bytes.NewReader(p.config)
	cmd.Stdout, cmd.Stderr = p.out, p.out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting the public side: %w", err)
	}
	if err := os.WriteFile(p.pidFile, []byte(strconv.Itoa(cmd.Process.Pid)+"\n"), 0o600); err != nil {
		return nil, errors.Join(err, cmd.Process.Kill(), cmd.Wait())
	}
	return cmd, nil
}

// stop asks the child to end, and ends it if it does not within 15 seconds.
func stop(p *os.Process, gone <-chan error) error {
	if err := p.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case <-gone:
		return nil
	case <-time.After(15 * time.Second):
		return p.Kill()
	}
}

func reasonOf(err error) string {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ProcessState.String()
	}
	return "it ended by itself"
}

// replaceChild ends the public side that a desk left behind when it was killed,
// so that its port is free. Nothing happens if there is none.
func replaceChild(ctx context.Context, pidFile string) error {
	b, err := os.ReadFile(pidFile)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(b)))
	if err != nil || pid <= 1 || !isChild(pid) {
		return os.Remove(pidFile)
	}
	p, err := os.FindProcess(pid)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	err = p.Signal(syscall.SIGTERM)
	for err == nil {
		select {
		case <-ctx.Done():
			return fault.Errorf(fault.Unavailable, "the public side that was left behind (process %d) does not stop", pid)
		case <-time.After(20 * time.Millisecond):
		}
		if !isChild(pid) {
			break
		}
		err = p.Signal(syscall.Signal(0))
	}
	return os.Remove(pidFile)
}

// isChild tells whether the process is a public side, by its command line. Where
// /proc is missing, the file that names the process is believed.
func isChild(pid int) bool {
	if _, err := os.Stat("/proc/self"); err != nil {
		return true
	}
	b, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "cmdline"))
	return err == nil && bytes.Contains(b, []byte("\x00"+childName+"\x00"))
}
