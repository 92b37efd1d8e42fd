package seal

import (
	"archive/tar"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"filippo.io/age"

	"track15/models/fault"
)

// An Escrow is a registered copy of the key directory that lies elsewhere.
type Escrow struct {
	ID         string    `json:"id"`
	MadeAt     time.Time `json:"made_at"`
	Recipients []string  `json:"recipients"` // age public keys: who can open it
	Place      string    `json:"place"`      // where it is kept, in the words of who made it
	Digest     string    `json:"sha256"`     // of the file
	Keysets    []string  `json:"keysets"`    // ids of those it holds
	// GoneAt is when somebody said that the copy is destroyed; zero if it is
	// still there.
	GoneAt time.Time `json:"gone_at,omitzero"`
}

// WriteEscrow writes the key directory to w as an age file for the recipients,
// who open it with `age -d | tar -x`, and registers it. The register itself is
// not in it. made is the instant of the entry.
//
// It fails with Invalid if a recipient is no age public key or there is none.
func (r *Ring) WriteEscrow(w io.Writer, recipients []string, place string, made time.Time) (Escrow, error) {
	var to []age.Recipient
	for _, text := range recipients {
		one, err := age.ParseX25519Recipient(text)
		if err != nil {
			return Escrow{}, fault.Errorf(fault.Invalid, "a recipient is an age public key, age1…; one that was given is not")
		}
		to = append(to, one)
	}
	if len(to) == 0 || strings.TrimSpace(place) == "" {
		return Escrow{}, fault.Errorf(fault.Invalid, "say for whom the copy is and where it will be kept")
	}
	unlock, err := r.keysets.lock()
	if err != nil {
		return Escrow{}, err
	}
	defer unlock()
	id := make([]byte, 16)
	rand.Read(id)
	e := Escrow{ID: keyID(id), MadeAt: made.UTC(), Recipients: recipients, Place: place}
	if e.Keysets, err = r.keysets.files(); err != nil {
		return Escrow{}, err
	}
	digest := sha256.New()
	sealed, err := age.Encrypt(io.MultiWriter(w, digest), to...)
	if err != nil {
		return Escrow{}, err
	}
	if err := errors.Join(r.archive(tar.NewWriter(sealed)), sealed.Close()); err != nil {
		return Escrow{}, err
	}
	e.Digest = hex.EncodeToString(digest.Sum(nil))
	all, err := r.escrows()
	if err != nil {
		return Escrow{}, err
	}
	return e, r.register(append(all, e))
}

// archive writes the files of the directory that hold or point to keys.
func (r *Ring) archive(w *tar.Writer) error {
	err := filepath.WalkDir(r.dir, func(path string, d fs.DirEntry, err error) error {
		name := d.Name()
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".key") && !strings.HasSuffix(name, ".json") && !strings.HasPrefix(name, "of-") || name == escrowFile {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		at, err := filepath.Rel(r.dir, path)
		if err != nil {
			return err
		}
		if err := w.WriteHeader(&tar.Header{Name: filepath.ToSlash(at), Mode: 0o600, Size: int64(len(b))}); err != nil {
			return err
		}
		_, err = w.Write(b)
		return err
	})
	return errors.Join(err, w.Close())
}

// Escrows are the registered copies, the oldest first.
func (r *Ring) Escrows() ([]Escrow, error) {
	unlock, err := r.keysets.lock()
	if err != nil {
		return nil, err
	}
	defer unlock()
	return r.escrows()
}

// EscrowGone registers that a copy was destroyed. It fails with NotFound if no
// copy has the id.
func (r *Ring) EscrowGone(id string, at time.Time) error {
	unlock, err := r.keysets.lock()
	if err != nil {
		return err
	}
	defer unlock()
	all, err := r.escrows()
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(e Escrow) bool { return e.ID == id })
	if i < 0 {
		return fault.Errorf(fault.NotFound, "no copy with this id is registered")
	}
	if !all[i].GoneAt.IsZero() {
		return nil
	}
	all[i].GoneAt = at.UTC()
	return r.register(all)
}

const escrowFile = "escrow.json"

func (r *Ring) escrows() ([]Escrow, error) {
	b, err := os.ReadFile(filepath.Join(r.dir, escrowFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var all []Escrow
	if err != nil || json.Unmarshal(b, &all) != nil {
		return nil, fault.Errorf(fault.Unavailable, "the register of escrow copies cannot be read")
	}
	return all, nil
}

func (r *Ring) register(all []Escrow) error {
	b, err := json.MarshalIndent(all, "", "\t")
	if err != nil {
		return err
	}
	tmp, err := write(r.dir, string(b)+"\n")
	if err != nil {
		return err
	}
	if err := os.Rename(tmp, filepath.Join(r.dir, escrowFile)); err != nil {
		return err
	}
	return syncDir(r.dir)
}
