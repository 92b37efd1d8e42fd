package publishedstore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"

	"track15/models/fault"
)

// pointer is the name of the file that holds the name of the snapshot to read.
const pointer = "current"

// temporary ends the names of files that are not whole yet.
const temporary = ".tmp"

// snapshotForm is the form of a snapshot's name.
var snapshotForm = regexp.MustCompile(`^published-[0-9]+(-[0-9]+)?\.db$`)

// snapshotTime is the constant time of change of every published file: when it
// was written is nobody's business.
var snapshotTime = time.Unix(0, 0)

// snapshotName names the snapshot of a state. A state that a rebuild put right
// has another name than the one with the same number before.
func snapshotName(e editionRow) string {
	if e.Fold == 0 {
		return fmt.Sprintf("published-%d.db", e.Number)
	}
	return fmt.Sprintf("published-%d-%d.db", e.Number, e.Fold)
}

// alone runs fn while no other writer changes or publishes the store, in this
// process or another, so that a snapshot holds the state it is named after. The
// system drops the lock of a process that dies.
func (w *Writer) alone(fn func() error) error {
	if w.snapshots == "" {
		return fn()
	}
	if err := os.MkdirAll(w.snapshots, 0o700); err != nil {
		return unwritable(err)
	}
	f, err := os.OpenFile(filepath.Join(w.snapshots, ".lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return unwritable(err)
	}
	defer f.Close()
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX)
		if err == nil {
			return fn()
		}
		if !errors.Is(err, syscall.EINTR) {
			return unwritable(err)
		}
	}
}

// unwritable says what the system said, without the path it said it about.
func unwritable(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	return fault.Errorf(fault.Unavailable, "the folder of snapshots cannot be written: %s", err)
}

// publish lets readers see the writer's state. It does what is missing, so it
// may be cut short anywhere and called again.
func (w *Writer) publish(ctx context.Context) error {
	if w.snapshots == "" {
		return nil
	}
	if err := w.snapshot(ctx); err != nil {
		if p := (*fs.PathError)(nil); errors.As(err, &p) {
			return unwritable(err)
		}
		return err
	}
	return nil
}

func (w *Writer) snapshot(ctx context.Context) error {
	state, err := readEdition(w.db.Read(ctx))
	if err != nil {
		return err
	}
	name := snapshotName(state)
	path := filepath.Join(w.snapshots, name)
	if read, err := readPointer(w.snapshots); err != nil || read != name || !exists(path) {
		if err := w.copyTo(ctx, path); err != nil {
			return err
		}
		if err := w.point(name); err != nil {
			return err
		}
	}
	if err := w.clear(name); err != nil {
		return err
	}
	if err := w.db.Checkpoint(ctx); err != nil {
		return err
	}
	w.afterStep(StepCleared)
	return nil
}

// copyTo makes the snapshot, whole or not at all.
func (w *Writer) copyTo(ctx context.Context, path string) error {
	tmp := path + temporary
	if err := os.Remove(tmp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := w.db.VacuumInto(ctx, tmp); err != nil {
		return err
	}
	if err := os.Chtimes(tmp, snapshotTime, snapshotTime); err != nil {
		return err
	}
	w.afterStep(StepCopied)
	if err := rename(tmp, path); err != nil {
		return err
	}
	w.afterStep(StepNamed)
	return nil
}

// point makes readers read the snapshot of that name.
func (w *Writer) point(name string) error {
	path := filepath.Join(w.snapshots, pointer)
	tmp := path + temporary
	f, err := os.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(name + "\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Chtimes(tmp, snapshotTime, snapshotTime); err != nil {
		return err
	}
	if err := rename(tmp, path); err != nil {
		return err
	}
	w.afterStep(StepPointed)
	return nil
}

// clear removes every snapshot but one, whole or not: they hold what has left
// since. Editions that have them open keep them until their last request.
func (w *Writer) clear(keep string) error {
	entries, err := os.ReadDir(w.snapshots)
	if err != nil {
		return err
	}
	removed := false
	for _, e := range entries {
		name := strings.TrimSuffix(e.Name(), temporary)
		ours := name == pointer || snapshotForm.MatchString(name)
		if !ours || e.Name() == keep || e.Name() == pointer {
			continue
		}
		if err := os.Remove(filepath.Join(w.snapshots, e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		removed = true
	}
	if !removed {
		return nil
	}
	return syncFolder(w.snapshots)
}

// rename gives a file its name, for good when it returns.
func rename(from, to string) error {
	if err := os.Rename(from, to); err != nil {
		var l *os.LinkError
		if errors.As(err, &l) {
			return &fs.PathError{Op: "rename", Path: to, Err: l.Err}
		}
		return err
	}
	return syncFolder(filepath.Dir(to))
}

func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// readPointer returns the name of the snapshot that readers read.
func readPointer(folder string) (string, error) {
	b, err := os.ReadFile(filepath.Join(folder, pointer))
	if err != nil {
		return "", err
	}
	return parsePointer(b)
}

// parsePointer reads the pointer's only line.
func parsePointer(b []byte) (string, error) {
	name, whole := strings.CutSuffix(string(b), "\n")
	if !whole || !snapshotForm.MatchString(name) {
		return "", fault.Errorf(fault.Unavailable, "the pointer to the published snapshot cannot be read")
	}
	return name, nil
}
