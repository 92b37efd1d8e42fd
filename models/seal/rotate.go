package seal

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"track15/models/fault"
)

// A Status is what lies in the key directory, without a key.
type Status struct {
	// Wrapping names the key-encryption key: the first 16 hexadecimal digits
	// of a digest of it.
	Wrapping string
	// Rotating is set while a rotation is under way or was stopped half-way;
	// the next one goes on with it.
	Rotating bool
	// Keysets are the ids of the keysets that open.
	Keysets []string
	// Closed are the ids of those that do not: damaged, or wrapped by a key
	// that is not here.
	Closed []string
}

// Status reads the whole folder of keysets: some microseconds each.
func (r *Ring) Status() (Status, error) {
	k := r.keysets
	unlock, err := k.lock()
	if err != nil {
		return Status{}, err
	}
	defer unlock()
	w, err := k.readWraps()
	if err != nil {
		return Status{}, err
	}
	s := Status{Wrapping: w[0].name, Rotating: len(w) > 1}
	files, err := k.files()
	for _, key := range files {
		if _, err := k.read(key, w); err == nil {
			s.Keysets = append(s.Keysets, key)
		} else {
			s.Closed = append(s.Closed, key)
		}
	}
	return s, err
}

// Rotate makes a new key-encryption key, wraps every keyset by it, and erases
// the old one, so that a copy of the key directory made before opens nothing
// with the key of today, nor the other way round. What is sealed stays as it is.
//
// It may be stopped at any point: every keyset stays readable, and the next call
// goes on where it stopped. A keyset that opened under neither key stays as it
// was. Other processes find the new key when they need it.
func (r *Ring) Rotate() error {
	unlock, err := r.keysets.lock()
	if err != nil {
		return err
	}
	defer unlock()
	return r.keysets.rotate()
}

// Destroy removes all keysets of the subjects, also those that do not open, and
// then rotates: what was sealed under them is unreadable from then on, wherever
// copies of it are. It returns the ids of the keysets that it removed. Stopped
// half-way, it is to be called again, and does the rest.
func (r *Ring) Destroy(subjects ...Subject) ([]string, error) {
	k := r.keysets
	unlock, err := k.lock()
	if err != nil {
		return nil, err
	}
	defer unlock()
	keys, err := k.of(subjects)
	if err != nil {
		return nil, err
	}
	for _, of := range subjects {
		err := k.then(func() error {
			if err := os.Remove(k.pointer(of)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return fault.Errorf(fault.Unavailable, "the folder of keysets cannot be written")
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	for _, key := range keys {
		// Under a name that tidy takes away: stopped in between, nothing is left
		// that would count as a keyset, damaged.
		going := filepath.Join(k.dir, "new-"+key)
		for _, do := range []func() error{
			func() error { return os.Rename(k.file(key), going) },
			func() error { return erase(going) },
		} {
			if err := k.then(do); err != nil {
				return nil, err
			}
		}
	}
	k.forget(func(at opened) bool { return slices.Contains(subjects, at.subject) })
	if err := syncDir(k.dir); err != nil {
		return nil, err
	}
	return keys, k.rotate()
}

// KeysOf are the ids of the keysets of a subject, the one in use and older ones.
// It reads every keyset's file: some microseconds each.
func (r *Ring) KeysOf(subject Subject) ([]string, error) {
	unlock, err := r.keysets.lock()
	if err != nil {
		return nil, err
	}
	defer unlock()
	return r.keysets.of([]Subject{subject})
}

// of are the ids of the keysets of the subjects, by the first lines of their
// files: also of those that do not open. It fails with Unavailable if one file
// cannot be read, since it may be theirs.
func (k *keysets) of(subjects []Subject) ([]string, error) {
	all, err := k.files()
	if err != nil {
		return nil, err
	}
	var keys []string
	for _, key := range all {
		b, err := os.ReadFile(k.file(key))
		if err != nil {
			return nil, fault.Errorf(fault.Unavailable, "the keyset %s cannot be read", key)
		}
		name, _, _ := strings.Cut(string(b), "\n")
		if slices.ContainsFunc(subjects, func(of Subject) bool { return name == nameOf(of) }) {
			keys = append(keys, key)
		}
	}
	return keys, nil
}

// rotate wraps the keysets by a new key. After each of its steps every keyset
// opens by one of the keys that are there.
func (k *keysets) rotate() error {
	if err := k.tidy(); err != nil {
		return err
	}
	if _, err := k.ring.key(nextKEK); err != nil {
		return err
	}
	w, err := k.readWraps()
	if err != nil {
		return err
	}
	all, err := k.files()
	if err != nil {
		return err
	}
	to := w[len(w)-1]
	for _, key := range all {
		if err := k.rewrap(key, w, to); err != nil {
			return err
		}
	}
	if err := k.then(func() error { return syncDir(k.dir) }); err != nil {
		return err
	}
	path := filepath.Join(k.ring.dir, string(kek)+".key")
	old, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return fault.Errorf(fault.Unavailable, "the key-encryption key cannot be written")
	}
	defer old.Close()
	next := filepath.Join(k.ring.dir, string(nextKEK)+".key")
	for _, do := range []func() error{
		func() error { return os.Rename(next, path) },
		func() error { return syncDir(k.ring.dir) },
		func() error { return overwrite(old) },
	} {
		if err := k.then(do); err != nil {
			return err
		}
	}
	k.mu.Lock()
	k.wraps = []wrap{to}
	k.mu.Unlock()
	return k.step()
}

// BeforeStep has fn called before each step of a rotation or a destruction, and
// after the last. What it fails with ends them there. It is for tests, which
// stop a program at every step; one that stops itself is killed there.
func (r *Ring) BeforeStep(fn func() error) { r.keysets.step = fn }

// then does the next step.
func (k *keysets) then(do func() error) error {
	if err := k.step(); err != nil {
		return err
	}
	return do()
}

// rewrap wraps one keyset by the key to, unless it is, or opens under none.
func (k *keysets) rewrap(key string, w []wrap, to wrap) error {
	f, err := k.read(key, w)
	if err != nil || f.by == to.name {
		return nil
	}
	text, err := wrapped(f.handle, f.of, key, to)
	if err != nil {
		return err
	}
	tmp := ""
	if err := k.then(func() (err error) { tmp, err = write(k.dir, text); return err }); err != nil {
		return err
	}
	return k.then(func() error { return os.Rename(tmp, k.file(key)) })
}

// tidy removes the files that a program left which was stopped while it wrote or
// erased a keyset.
func (k *keysets) tidy() error {
	left, err := filepath.Glob(filepath.Join(k.dir, "new-*"))
	if err != nil {
		return err
	}
	for _, path := range left {
		if err := erase(path); err != nil {
			return err
		}
	}
	return nil
}

// files are the ids of all keysets in the folder, in their order.
func (k *keysets) files() ([]string, error) {
	entries, err := os.ReadDir(k.dir)
	if err != nil {
		return nil, fault.Errorf(fault.Unavailable, "the folder of keysets cannot be read")
	}
	var out []string
	for _, e := range entries {
		if key, ok := strings.CutSuffix(e.Name(), ".json"); ok && isKeyID(key) {
			out = append(out, key)
		}
	}
	return out, nil
}

// erase overwrites a file before its name goes.
func erase(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return fault.Errorf(fault.Unavailable, "the folder of keysets cannot be written")
	}
	return errors.Join(overwrite(f), f.Close(), os.Remove(path))
}

// overwrite puts zeros where a key was. A disk that writes elsewhere, as most
// do now, may keep the old bytes for a while; they were wrapped, or wrapped
// what is gone.
func overwrite(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	_, err = f.WriteAt(make([]byte, info.Size()), 0)
	return errors.Join(err, f.Sync())
}
