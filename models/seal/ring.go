// Package seal keeps the key directory: the keys that prove what the record
// says of itself, and those under which it seals what stands in no file in
// clear.
//
// The directory never lies inside the data directory, so that a copy of the
// data holds no key.
package seal

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"

	"track15/models/fault"
)

// A Purpose names what a key is for. One key serves one purpose.
type Purpose string

const (
	Audit     Purpose = "audit"     // links of the audit chain
	Signature Purpose = "signature" // signatures under releases
	Exchange  Purpose = "exchange"  // lines of interchange files, to know them again
	Wording   Purpose = "wording"   // text codes of words that are not public yet: they confirm no guess
	Certify   Purpose = "certify"   // certificates that others check; see Certify
)

// A Ring is an open key directory. It is safe for concurrent use within one
// process; several processes may hold it open. What it unwrapped it keeps in
// memory until the process ends.
type Ring struct {
	dir     string
	keys    map[Purpose][]byte
	keysets *keysets
	mu      sync.Mutex // held while the witness is read or written
}

// OpenRing opens the key directory, which it makes, with new keys, where
// nothing is yet.
//
// It fails with Forbidden if others than its owner may read the directory or a
// key in it, and with Unavailable if it cannot be read.
func OpenRing(dir string) (*Ring, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fault.Errorf(fault.Unavailable, "the key directory cannot be made")
	}
	if err := private(dir); err != nil {
		return nil, err
	}
	r := &Ring{dir: dir, keys: map[Purpose][]byte{}}
	for _, p := range []Purpose{Audit, Signature, Exchange, Wording, Certify} {
		key, err := r.key(p)
		if err != nil {
			return nil, err
		}
		r.keys[p] = key
	}
	var err error
	r.keysets, err = openKeysets(r)
	return r, err
}

// CheckApart fails with Forbidden if the key directory is the data directory
// or lies inside it, also through symbolic links.
func CheckApart(keys, data string) error {
	k, err := resolved(keys)
	if err != nil {
		return err
	}
	d, err := resolved(data)
	if err != nil {
		return err
	}
	if rel, err := filepath.Rel(d, k); err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return fault.Errorf(fault.Forbidden, "the key directory must not lie inside the data directory: a copy of the data would hold its keys")
	}
	return nil
}

// resolved is the path without symbolic links, as far as it exists.
func resolved(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	rest := ""
	for {
		p, err := filepath.EvalSymlinks(path)
		if err == nil {
			return filepath.Join(p, rest), nil
		}
		if !errors.Is(err, fs.ErrNotExist) || path == filepath.Dir(path) {
			return "", err
		}
		rest = filepath.Join(filepath.Base(path), rest)
		path = filepath.Dir(path)
	}
}

func private(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return fault.Errorf(fault.Unavailable, "the key directory cannot be read")
	}
	if info.Mode().Perm()&0o077 != 0 {
		return fault.Errorf(fault.Forbidden, "the key directory or a key in it may be read by others; take their rights away (chmod -R go= DIR)")
	}
	return nil
}

// key reads the purpose's 32 random bytes, or makes them. Of several processes
// that make them at once, one wins and all use its key.
func (r *Ring) key(p Purpose) ([]byte, error) {
	path := filepath.Join(r.dir, string(p)+".key")
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		fresh := make([]byte, 32)
		rand.Read(fresh)
		tmp, err := write(r.dir, hex.EncodeToString(fresh)+"\n")
		if err != nil {
			return nil, err
		}
		if err := os.Link(tmp, path); err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, errors.Join(err, os.Remove(tmp))
		}
		if err := errors.Join(os.Remove(tmp), syncDir(r.dir)); err != nil {
			return nil, err
		}
		b, err = os.ReadFile(path)
		if err != nil {
			return nil, err
		}
	} else if err != nil {
		return nil, fault.Errorf(fault.Unavailable, "the %s key cannot be read", p)
	}
	if err := private(path); err != nil {
		return nil, err
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(b)))
	if err != nil || len(key) != 32 {
		return nil, fault.Errorf(fault.Unavailable, "the %s key is damaged", p)
	}
	return key, nil
}

// MAC is the HMAC-SHA-256 of the parts under the purpose's key. Each part goes
// in with its length, so that parts cannot run into one another.
func (r *Ring) MAC(p Purpose, parts ...[]byte) []byte {
	key, ok := r.keys[p]
	if !ok {
		panic("seal: no key for the purpose " + string(p))
	}
	m := hmac.New(sha256.New, key)
	for _, part := range parts {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(part)))
		m.Write(n[:])
		m.Write(part)
	}
	return m.Sum(nil)
}

// Certify signs for others, who have no key of ours: it returns an Ed25519
// signature of text and the public key to check it with.
func (r *Ring) Certify(text []byte) (signature, public []byte) {
	key := ed25519.NewKeyFromSeed(r.keys[Certify])
	return ed25519.Sign(key, text), key.Public().(ed25519.PublicKey)
}

// write makes a synced file of its own in the directory and returns its path.
func write(dir, text string) (string, error) {
	f, err := os.CreateTemp(dir, "new-*")
	if err != nil {
		return "", fault.Errorf(fault.Unavailable, "the key directory cannot be written")
	}
	_, err = f.WriteString(text)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return "", errors.Join(fault.Errorf(fault.Unavailable, "the key directory cannot be written"), os.Remove(f.Name()))
	}
	return f.Name(), nil
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// lock takes the file lock that several processes share.
func lock(path string) (unlock func(), err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fault.Errorf(fault.Unavailable, "the key directory cannot be written")
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() { f.Close() }, nil
}
