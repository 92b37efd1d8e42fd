package published

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"math/big"
	"strings"
)

// A Document is a release document: exactly the bytes that are signed, stored
// and served.
type Document struct {
	Kind Kind
	Slug string
	Body []byte // canonical JSON of a Series, Organisation, Round or Output
}

// Encode makes the canonical JSON of a Series, Organisation, Round or Output:
// keys in the order of the struct, no insignificant space, no HTML escapes, no
// final newline. Equal values give equal bytes.
func Encode(v any) (Document, error) {
	var h Head
	switch v := v.(type) {
	case Series:
		h = v.Head
	case Organisation:
		h = v.Head
	case Round:
		h = v.Head
	case Output:
		h = v.Head
	default:
		return Document{}, fmt.Errorf("published: %T is no release document", v)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return Document{}, err
	}
	return Document{Kind: h.Kind, Slug: h.Slug, Body: bytes.TrimSuffix(b.Bytes(), []byte("\n"))}, nil
}

// Decode reads a document back into a Series, Organisation, Round or Output,
// given as a pointer. An unknown field, a second value or a kind that is not
// the document's is an error: nothing is read that the type does not show.
func (d Document) Decode(into any) error {
	dec := json.NewDecoder(bytes.NewReader(d.Body))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return err
	}
	if dec.More() {
		return errors.New("published: more than one value in a document")
	}
	var kind Kind
	switch into.(type) {
	case *Series:
		kind = KindSeries
	case *Organisation:
		kind = KindOrganisation
	case *Round:
		kind = KindRound
	case *Output:
		kind = KindOutput
	}
	if d.Kind != kind {
		return fmt.Errorf("published: a %s cannot be read into %T", d.Kind, into)
	}
	return nil
}

// Hash is the SHA-256 of the document's bytes, in hex.
func (d Document) Hash() string {
	sum := sha256.Sum256(d.Body)
	return hex.EncodeToString(sum[:])
}

// BatchHash is what both people sign: the SHA-256, in hex, of the documents'
// kinds, slugs and hashes, and of what the release takes away, in the given
// order.
func BatchHash(put []Document, drop []Drop) string {
	b := NewBatchHasher()
	for _, d := range put {
		b.Put(d.Kind, d.Slug, d.Hash())
	}
	for _, d := range drop {
		b.Drop(d)
	}
	return b.Sum()
}

// A BatchHasher makes the BatchHash of a batch whose documents are not all in
// memory: first what is put, then what is dropped, each in order.
type BatchHasher struct{ h hash.Hash }

// NewBatchHasher starts an empty batch.
func NewBatchHasher() BatchHasher { return BatchHasher{sha256.New()} }

// Put adds a document by its hash.
func (b BatchHasher) Put(kind Kind, slug, hash string) {
	fmt.Fprintf(b.h, "put %s %s %s\n", kind, slug, hash)
}

// Drop adds what the batch takes away.
func (b BatchHasher) Drop(d Drop) {
	fmt.Fprintf(b.h, "drop %s %s %q %q\n", d.Kind, d.Slug, d.Notice, d.Reason)
}

// Sum is the hash so far, in hex.
func (b BatchHasher) Sum() string { return hex.EncodeToString(b.h.Sum(nil)) }

// TextCode is the form of a hash for people: its first 128 bits as 20 decimal
// digits in five groups, "4021 8933 7710 0429 1186". Programs compare the whole
// hash. It is "" for what is no hash.
func TextCode(hash string) string {
	b, err := hex.DecodeString(hash)
	if err != nil || len(b) < 16 {
		return ""
	}
	n := new(big.Int).SetBytes(b[:16])
	n.Mod(n, new(big.Int).Exp(big.NewInt(10), big.NewInt(20), nil))
	s := fmt.Sprintf("%020s", n.String())
	groups := make([]string, 5)
	for i := range groups {
		groups[i] = s[i*4 : i*4+4]
	}
	return strings.Join(groups, " ")
}

// Notice is what stays at the address of a document that left.
type Notice string

const (
	NoticeNone      Notice = ""          // like never released: 404
	NoticeSuspended Notice = "suspended" // 410, for the time being
	NoticeWithdrawn Notice = "withdrawn" // 410, for good
)

// A Drop takes a document away from the public.
type Drop struct {
	Kind   Kind   `json:"kind"`
	Slug   string `json:"slug"`
	Notice Notice `json:"notice,omitempty"`
	// Reason is a cleared sentence for the notice, "" for the constant one.
	Reason string `json:"reason,omitempty"`
}

// An Envelope is one entry of the release log: what becomes public and what
// leaves, all at once. The published store is a fold over envelopes 1, 2, 3 …
type Envelope struct {
	Number int64 // dense: 1 + the number before
	At     int64 // microseconds since 1970 UTC; shown as its day only
	Put    []Document
	Drop   []Drop
}
