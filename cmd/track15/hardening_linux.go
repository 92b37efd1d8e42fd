package main

import "golang.org/x/sys/unix"

// harden keeps what is in this process's memory in it: no core file, and no
// other process of the same user may look in or attach a debugger.
func harden() error {
	if err := unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}); err != nil {
		return err
	}
	return unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0)
}
