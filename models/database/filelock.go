package database

import (
	"context"
	"errors"
	"os"
	"syscall"
	"time"

	"track15/models/fault"
)

// withFileLock runs fn while this process holds PATH.migrate-lock, waiting for
// others until ctx ends. The system drops the lock of a process that dies, and
// the empty file stays: removing it would let two processes lock two files.
func withFileLock(ctx context.Context, path string, fn func() error) (err error) {
	f, err := os.OpenFile(path+".migrate-lock", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fault.Errorf(fault.Unavailable, "the lock beside the store cannot be made: %s", cause(err))
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return fn()
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR) {
			return fault.Errorf(fault.Unavailable, "the lock beside the store cannot be taken: %s", err)
		}
		select {
		case <-ctx.Done():
			return Error(ctx.Err(), "the lock beside the store")
		case <-time.After(20 * time.Millisecond):
		}
	}
}
