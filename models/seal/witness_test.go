package seal

import (
	"bytes"
	"crypto/sha256"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"track15/models/fault"
)

func witness(number int64) Witness {
	return Witness{number, bytes.Repeat([]byte{byte(number)}, sha256.Size)}
}

// announce announces entries, and marks as stored all but a last negative one.
func announce(t *testing.T, r *Ring, numbers ...int64) {
	t.Helper()
	for _, n := range numbers {
		w := witness(max(n, -n))
		if err := r.Announce(w)(); err != nil {
			t.Fatal(err)
		}
		if n < 0 {
			continue
		}
		if err := r.Stored(w); err != nil {
			t.Fatal(err)
		}
	}
}

func wantWitness(t *testing.T, r *Ring, stored, announced int64) {
	t.Helper()
	s, a, err := r.Witness()
	if err != nil {
		t.Fatal(err)
	}
	for got, want := range map[*Witness]int64{&s: stored, &a: announced} {
		var w Witness
		if want > 0 {
			w = witness(want)
		}
		if got.Number != w.Number || !bytes.Equal(got.Link, w.Link) {
			t.Fatalf("stored %d, announced %d, want %d and %d", s.Number, a.Number, stored, announced)
		}
	}
}

func TestWitnessMovesOnly(t *testing.T) {
	dir := t.TempDir() + "/keys"
	r := open(t, dir)
	wantWitness(t, r, 0, 0)
	announce(t, r, 1, 3, 2, 3)
	wantWitness(t, open(t, dir), 3, 0)
	// The same number with another link is another chain: the first stays.
	other := Witness{3, witness(4).Link}
	if err := r.Announce(other)(); err != nil {
		t.Fatal(err)
	}
	wantWitness(t, r, 3, 0)
	if err := r.Stored(other); err != nil {
		t.Fatal(err)
	}
	wantWitness(t, r, 3, 0)
}

// What was announced and not stored is told apart, and makes way for what is
// announced in its place; the last stored entry stays.
func TestWitnessAnnounced(t *testing.T) {
	r := open(t, t.TempDir()+"/keys")
	announce(t, r, -1)
	wantWitness(t, r, 0, 1)
	announce(t, r, -1)
	wantWitness(t, r, 0, 1)
	announce(t, r, 1)
	wantWitness(t, r, 1, 0)
	for n := int64(2); n < 8; n++ {
		failed := Witness{n, witness(n + 100).Link}
		if err := r.Announce(failed)(); err != nil {
			t.Fatal(err)
		}
		announce(t, r, -n)
		wantWitness(t, r, n-1, n)
		// What another act announced is not marked by this one.
		if err := r.Stored(failed); err != nil {
			t.Fatal(err)
		}
		wantWitness(t, r, n-1, n)
		if err := r.Stored(witness(n)); err != nil {
			t.Fatal(err)
		}
		wantWitness(t, r, n, 0)
	}
	// The next is announced when the one before is stored, if its mark was lost.
	announce(t, r, -8, -9)
	wantWitness(t, r, 8, 9)
	announce(t, r, 9)
	if err := r.Stored(witness(8)); err != nil {
		t.Fatal(err)
	}
	wantWitness(t, r, 9, 0)
}

// Entries are announced one after the other, whichever program stores them;
// their marks come in any order.
func TestWitnessAtOnce(t *testing.T) {
	dir := t.TempDir() + "/keys"
	rings := []*Ring{open(t, dir), open(t, dir)} // as in two programs
	var wg sync.WaitGroup
	for n := int64(1); n <= 40; n++ {
		r := rings[n%2]
		synced := r.Announce(witness(n))
		wg.Go(func() {
			if err := synced(); err != nil {
				t.Error(err)
			}
			if err := r.Stored(witness(n)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	wantWitness(t, rings[0], 40, 0)
}

// A line that was half written leaves the one before; a line of an older program
// is read and followed by others.
func TestWitnessHalfWritten(t *testing.T) {
	dir := t.TempDir() + "/keys"
	r := open(t, dir)
	path := filepath.Join(dir, "witness")
	announce(t, r, 1, 2, 3, 4)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(whole, []byte(strings.Repeat("04", sha256.Size)))
	for half := range sha256.Size {
		torn := bytes.Clone(whole)
		copy(torn[at+2*half:], strings.Repeat("02", sha256.Size-half))
		if err := os.WriteFile(path, torn, 0o600); err != nil {
			t.Fatal(err)
		}
		wantWitness(t, r, 3, 0)
	}
	if err := os.WriteFile(path, []byte("7 "+strings.Repeat("07", sha256.Size)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	wantWitness(t, r, 7, 0)
	for _, n := range []int64{8, 9, 10} {
		announce(t, r, -n)
		wantWitness(t, r, n-1, n)
		announce(t, r, n)
		wantWitness(t, r, n, 0)
	}
}

func TestWitnessDamaged(t *testing.T) {
	dir := t.TempDir() + "/keys"
	r := open(t, dir)
	for _, content := range []string{"", "3", "x " + strings.Repeat("ab", 32), "0 " + strings.Repeat("ab", 32), "-1 " + strings.Repeat("ab", 32), "3 abcd", "3 zz"} {
		if err := os.WriteFile(filepath.Join(dir, "witness"), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, err := r.Witness(); fault.KindOf(err) != fault.Unavailable {
			t.Errorf("%q was read: %v", content, err)
		}
		if err := r.Announce(witness(9))(); fault.KindOf(err) != fault.Unavailable {
			t.Errorf("%q was replaced: %v", content, err)
		}
		if err := r.Stored(witness(9)); fault.KindOf(err) != fault.Unavailable {
			t.Errorf("%q was replaced: %v", content, err)
		}
	}
}
