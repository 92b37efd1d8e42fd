package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// The server has one core to itself, and whoever asks has the other.
const (
	serverCore = 0
	clientCore = 1
)

// pin keeps a process, all its threads, on one core.
func pin(pid, core int) error {
	threads, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
	if err != nil {
		return err
	}
	var set unix.CPUSet
	set.Set(core)
	for _, t := range threads {
		id, err := strconv.Atoi(t.Name())
		if err != nil {
			return err
		}
		if err := unix.SchedSetaffinity(id, &set); err != nil {
			return err
		}
	}
	return nil
}

// A server is a child process that answers on addr.
type server struct {
	cmd  *exec.Cmd
	addr string
	up   time.Duration // from its start to its first answer
}

// start runs a program on the server's core and waits until path answers.
func start(ctx context.Context, addr, path, program string, args ...string) (*server, error) {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Env = append(os.Environ(), "GOMAXPROCS=1")
	cmd.Stderr = os.Stderr
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s := &server{cmd: cmd, addr: addr}
	if err := pin(cmd.Process.Pid, serverCore); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	for {
		if _, err := get(http.DefaultClient, "http://"+addr+path); err == nil {
			s.up = time.Since(began)
			return s, nil
		}
		if time.Since(began) > time.Minute {
			return nil, errors.Join(fmt.Errorf("%s does not answer", filepath.Base(program)), s.stop())
		}
		time.Sleep(time.Millisecond)
	}
}

func (s *server) stop() error {
	err := s.cmd.Process.Signal(os.Interrupt)
	s.cmd.Wait()
	return err
}

// cpu is the time the process has spent on its core so far.
func (s *server) cpu() (time.Duration, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	fields := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:]))
	user, err := strconv.ParseInt(fields[11], 10, 64)
	system, err2 := strconv.ParseInt(fields[12], 10, 64)
	const tick = 10 * time.Millisecond
	return time.Duration(user+system) * tick, errors.Join(err, err2)
}

// memory is the most the process held at once, in bytes.
func (s *server) memory() (int64, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			n, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			return n * 1024, err
		}
	}
	return 0, errors.New("the system does not say how much memory is used")
}

// A load is what a run of requests cost.
type load struct {
	each time.Duration // of the server's core, a request
	rate float64       // requests a second
}

// ask sends n requests from eight connections, to the addresses in turn.
func (s *server) ask(n int, addresses []string) (load, error) {
	const connections = 8
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: connections, DisableCompression: true}}
	before, err := s.cpu()
	if err != nil {
		return load{}, err
	}
	began := time.Now()
	errs := make([]error, connections)
	var wg sync.WaitGroup
	for c := range connections {
		wg.Go(func() {
			for i := c; i < n && errs[c] == nil; i += connections {
				_, errs[c] = get(client, "http://"+s.addr+addresses[i%len(addresses)])
			}
		})
	}
	wg.Wait()
	took := time.Since(began)
	after, err := s.cpu()
	client.CloseIdleConnections()
	return load{(after - before) / time.Duration(n), float64(n) / took.Seconds()}, errors.Join(append(errs, err)...)
}
