package seal

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/aead/xaesgcm"
	"github.com/tink-crypto/tink-go/v2/insecuresecretdataaccess"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/secretdata"
	"github.com/tink-crypto/tink-go/v2/tink"

	"track15/models/fault"
)

// A Subject is what a keyset is for: everything sealed of one subject becomes
// unreadable together, when its keysets are destroyed.
type Subject string

// OfSeries is a series as a subject.
func OfSeries(id string) Subject { return Subject("series:" + id) }

// OfRound is a round as a subject.
func OfRound(id string) Subject { return Subject("round:" + id) }

// keysets are the keysets that lie in the key directory, one file each, named
// by a random key id and wrapped by the key-encryption key. A file of-HASH says
// which keyset a subject's values are sealed under from now on; a sealed value
// says itself under which it was, so that an older keyset put back beside a
// newer one opens what it sealed.
//
// Whoever makes keysets, wraps them anew or removes them holds the folder's lock,
// which all processes share.
type keysets struct {
	ring *Ring
	dir  string
	step func() error // see BeforeStep

	mu     sync.RWMutex
	wraps  []wrap               // as last read; the last one wraps new keysets
	newest map[Subject]string   // key ids
	open   map[opened]tink.AEAD // as read from their files
}

// A wrap is a key-encryption key with its name.
type wrap struct {
	name string
	aead tink.AEAD
}

type opened struct {
	subject Subject
	key     string
}

// openKeysets opens the folder of keysets, which it makes where there is none.
// A key-encryption key is made only where there is nothing that it would have
// to open.
func openKeysets(r *Ring) (*keysets, error) {
	k := &keysets{ring: r, dir: filepath.Join(r.dir, "keysets"), step: func() error { return nil }, newest: map[Subject]string{}, open: map[opened]tink.AEAD{}}
	if err := os.MkdirAll(k.dir, 0o700); err != nil {
		return nil, fault.Errorf(fault.Unavailable, "the folder of keysets cannot be made")
	}
	if err := private(k.dir); err != nil {
		return nil, err
	}
	made, err := filepath.Glob(filepath.Join(k.dir, "*.json"))
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(r.dir, string(kek)+".key")); errors.Is(err, fs.ErrNotExist) && len(made) > 0 {
		return nil, fault.Errorf(fault.Unavailable, "the key-encryption key is not in the key directory, but keysets that it wraps are")
	}
	if _, err := r.key(kek); err != nil {
		return nil, err
	}
	_, err = k.reload()
	return k, err
}

// reload reads the key-encryption keys while nobody replaces them.
func (k *keysets) reload() ([]wrap, error) {
	unlock, err := k.lock()
	if err != nil {
		return nil, err
	}
	defer unlock()
	w, err := k.readWraps()
	if err != nil {
		return nil, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.wraps = w
	return w, nil
}

// kek is the key that wraps the keysets, nextKEK the one that is taking its
// place. They make no MAC.
const (
	kek     Purpose = "key-encryption"
	nextKEK Purpose = "key-encryption-next"
)

// readWraps reads the key-encryption keys that there are: one, or two while
// keysets are being wrapped anew.
func (k *keysets) readWraps() ([]wrap, error) {
	var out []wrap
	for _, p := range []Purpose{kek, nextKEK} {
		path := filepath.Join(k.ring.dir, string(p)+".key")
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) && p == nextKEK {
			break
		} else if err != nil {
			return nil, fault.Errorf(fault.Unavailable, "the %s key cannot be read", p)
		}
		key, err := k.ring.key(p)
		if err != nil {
			return nil, err
		}
		a, err := wrapping(key)
		if err != nil {
			return nil, err
		}
		digest := sha256.Sum256(append([]byte("name of "+string(kek)), key...))
		out = append(out, wrap{hex.EncodeToString(digest[:8]), a})
	}
	return out, nil
}

// lock takes the folder, as against other goroutines and other processes.
func (k *keysets) lock() (unlock func(), err error) {
	return lock(filepath.Join(k.dir, "lock"))
}

func wrapping(key []byte) (tink.AEAD, error) {
	params, err := xaesgcm.NewParameters(xaesgcm.VariantNoPrefix, 12)
	if err != nil {
		return nil, err
	}
	x, err := xaesgcm.NewKey(secretdata.NewBytesFromData(key, insecuresecretdataaccess.Token{}), 0, params)
	if err != nil {
		return nil, err
	}
	m := keyset.NewManager()
	id, err := m.AddKey(x)
	if err != nil {
		return nil, err
	}
	if err := m.SetPrimary(id); err != nil {
		return nil, err
	}
	h, err := m.Handle()
	if err != nil {
		return nil, err
	}
	return aead.New(h)
}

// A sealed value is a form byte, the 26 characters of its key id, and what the
// keyset made of it.
const (
	form   = 1
	header = 1 + keyIDLen
)

// Seal encrypts plain under the subject's keyset, which it makes, on the disk
// when Seal returns, where there is none. Only Open with the same subject and
// associated data gives it back. The result is 80 bytes longer than plain and
// never twice the same.
//
// It fails with Unavailable if the keyset cannot be made or read; the sentence
// names the key id.
func (r *Ring) Seal(of Subject, plain, ad []byte) ([]byte, error) {
	key, a, err := r.keysets.current(of)
	if err != nil {
		return nil, err
	}
	sealed, err := a.Encrypt(plain, ad)
	if err != nil {
		return nil, fault.Errorf(fault.Unavailable, "the keyset %s does not seal", key)
	}
	return append(append([]byte{form}, key...), sealed...), nil
}

// Open decrypts what Seal made for the subject with the same associated data.
//
// It fails with Unavailable, naming the key id, if the keyset is not in the key
// directory, is damaged or wrapped by another key-encryption key, or if the
// value was changed or belongs to another subject or place.
func (r *Ring) Open(of Subject, sealed, ad []byte) ([]byte, error) {
	if len(sealed) < header || sealed[0] != form || !isKeyID(string(sealed[1:header])) {
		return nil, fault.Errorf(fault.Unavailable, "a sealed value is damaged: it names no keyset")
	}
	key := string(sealed[1:header])
	a, err := r.keysets.keyset(of, key)
	if err != nil {
		return nil, err
	}
	plain, err := a.Decrypt(sealed[header:], ad)
	if err != nil {
		return nil, fault.Errorf(fault.Unavailable, "what was sealed under the keyset %s was changed, or stood elsewhere", key)
	}
	return plain, nil
}

// current is the keyset under which the subject's values are sealed from now
// on. Of several processes that make it at once, one wins and all use its.
func (k *keysets) current(of Subject) (string, tink.AEAD, error) {
	k.mu.RLock()
	key := k.newest[of]
	k.mu.RUnlock()
	if key == "" {
		var err error
		if key, err = k.point(of); err != nil {
			return "", nil, err
		}
		k.mu.Lock()
		k.newest[of] = key
		k.mu.Unlock()
	}
	a, err := k.keyset(of, key)
	return key, a, err
}

// point reads the key id of the subject's newest keyset, or makes one. What it
// returns is on the disk, whoever made it.
func (k *keysets) point(of Subject) (string, error) {
	path := k.pointer(of)
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := k.make(of, path); err != nil {
			return "", err
		}
		b, err = os.ReadFile(path)
	}
	key := strings.TrimSpace(string(b))
	if err != nil || !isKeyID(key) {
		return "", fault.Errorf(fault.Unavailable, "the file %s in the folder of keysets cannot be read", filepath.Base(path))
	}
	return key, syncDir(k.dir)
}

// make writes a new keyset and then, in one step, the file that points to it,
// unless another process was quicker.
func (k *keysets) make(of Subject, path string) error {
	unlock, err := k.lock()
	if err != nil {
		return err
	}
	defer unlock()
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	w, err := k.readWraps()
	if err != nil {
		return err
	}
	fresh := make([]byte, 16)
	rand.Read(fresh)
	key := keyID(fresh)
	h, err := keyset.NewHandle(aead.XAES256GCM192BitNonceKeyTemplate())
	if err != nil {
		return err
	}
	text, err := wrapped(h, nameOf(of), key, w[len(w)-1])
	if err != nil {
		return err
	}
	if err := k.put(text, k.file(key)); err != nil {
		return err
	}
	if err := syncDir(k.dir); err != nil {
		return err
	}
	return k.put(key+"\n", path)
}

// put writes a synced file that is whole from the moment it has its name.
func (k *keysets) put(text, path string) error {
	tmp, err := write(k.dir, text)
	if err != nil {
		return err
	}
	return os.Rename(tmp, path)
}

// keyset opens a keyset of the subject. One that another process removed since
// is gone here as well.
func (k *keysets) keyset(of Subject, key string) (tink.AEAD, error) {
	at := opened{of, key}
	k.mu.RLock()
	a, w := k.open[at], k.wraps
	k.mu.RUnlock()
	if a != nil {
		if _, err := os.Stat(k.file(key)); err == nil {
			return a, nil
		}
		k.forget(func(x opened) bool { return x == at })
	}
	f, err := k.read(key, w)
	if errors.Is(err, errClosed) {
		// Another process may have wrapped it anew.
		if w, err = k.reload(); err != nil {
			return nil, err
		}
		f, err = k.read(key, w)
	}
	if err == nil && f.of != nameOf(of) {
		err = errClosed
	}
	switch {
	case errors.Is(err, errClosed):
		return nil, fault.Errorf(fault.Unavailable, "the keyset %s is damaged, of something else, or wrapped by another key", key)
	case err != nil:
		return nil, err
	}
	if a, err = aead.New(f.handle); err != nil {
		return nil, fault.Errorf(fault.Unavailable, "the keyset %s is damaged", key)
	}
	k.mu.Lock()
	k.open[at] = a
	k.mu.Unlock()
	return a, nil
}

// forget drops from memory what was read of the keysets that match.
func (k *keysets) forget(match func(opened) bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	maps.DeleteFunc(k.open, func(at opened, _ tink.AEAD) bool { return match(at) })
	maps.DeleteFunc(k.newest, func(of Subject, key string) bool { return match(opened{of, key}) })
}

// A keysetFile is a keyset as its file holds it: in its first line the name of
// the subject, below it the keyset, wrapped.
type keysetFile struct {
	of     string // nameOf its subject
	by     string // the name of the key that wraps it
	handle *keyset.Handle
}

// errClosed is that a keyset opens under none of the keys.
var errClosed = errors.New("the keyset does not open")

// read opens the file of a keyset by one of the keys. It fails with errClosed if
// none opens it, with Unavailable if it is not there.
func (k *keysets) read(key string, w []wrap) (keysetFile, error) {
	b, err := os.ReadFile(k.file(key))
	if errors.Is(err, fs.ErrNotExist) {
		return keysetFile{}, fault.Errorf(fault.Unavailable, "the keyset %s is not in the key directory", key)
	}
	if err != nil {
		return keysetFile{}, fault.Errorf(fault.Unavailable, "the keyset %s cannot be read", key)
	}
	if err := private(k.file(key)); err != nil {
		return keysetFile{}, err
	}
	of, text, _ := strings.Cut(string(b), "\n")
	for _, by := range w {
		h, err := keyset.ReadWithAssociatedData(keyset.NewJSONReader(strings.NewReader(text)), by.aead, wrapData(of, key))
		if err == nil {
			return keysetFile{of, by.name, h}, nil
		}
	}
	return keysetFile{}, errClosed
}

// wrapped is the text of a keyset's file.
func wrapped(h *keyset.Handle, of, key string, by wrap) (string, error) {
	var text strings.Builder
	text.WriteString(of + "\n")
	err := h.WriteWithAssociatedData(keyset.NewJSONWriter(&text), by.aead, wrapData(of, key))
	return text.String() + "\n", err
}

func (k *keysets) pointer(of Subject) string { return filepath.Join(k.dir, "of-"+nameOf(of)) }

func (k *keysets) file(key string) string { return filepath.Join(k.dir, key+".json") }

// wrapData binds a wrapped keyset to its subject's name and its own.
func wrapData(of, key string) []byte { return []byte("keyset " + key + " of " + of) }

// nameOf names a subject without saying its id.
func nameOf(of Subject) string {
	s := sha256.Sum256([]byte(of))
	return keyID(s[:16])
}

const keyIDLen = 26 // 128 bits in base 32

var keyIDs = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

func keyID(b []byte) string { return keyIDs.EncodeToString(b) }

func isKeyID(s string) bool {
	return len(s) == keyIDLen && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz234567") == ""
}
