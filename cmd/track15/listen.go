package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"track15/models/fault"
)

// listen opens an address for the desk or the public side. name is the flag
// it came from.
func listen(name, address string) (*net.TCPListener, error) {
	ln, err := net.Listen("tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fault.Field(name, "%s is in use. If a killed desk left its public side behind there, pkill -f %s stops it.", address, childName)
	}
	if err != nil {
		return nil, fault.Field(name, "This machine cannot listen at %s.", address)
	}
	tcp, ok := ln.(*net.TCPListener)
	if !ok {
		return nil, errors.Join(fault.Field(name, "%s is no TCP address.", address), ln.Close())
	}
	return tcp, nil
}

// isLoopback tells whether an address is of this machine only.
func isLoopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// answers waits until something at the address answers HTTP, whatever it says.
func answers(ctx context.Context, address string) error {
	client := &http.Client{
		Timeout:       2 * time.Second,
		Transport:     &http.Transport{Proxy: nil, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/healthz", nil)
		if err != nil {
			return err
		}
		if res, err := client.Do(req); err == nil {
			return res.Body.Close()
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("nothing answers at %s: %w", address, ctx.Err())
		case <-time.After(30 * time.Millisecond):
		}
	}
}

// lockData keeps a second desk off the same data. The system drops the lock
// of a process that dies.
func lockData(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, "desk.lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fault.Field("--data", "The lock in this folder cannot be made.")
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(fault.Errorf(fault.Conflict, "another desk runs with this data folder"), f.Close())
	}
	return f, nil
}
