//go:build unix && !linux

package main

import "golang.org/x/sys/unix"

// harden forbids core files. Only Linux lets a process close its memory to
// others of the same user.
func harden() error {
	return unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{})
}
