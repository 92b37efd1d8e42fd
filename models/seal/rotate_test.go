package seal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"track15/models/fault"
)

// full is a key directory with keysets of three subjects, and what they sealed.
func full(t *testing.T) (dir string, values map[Subject][]byte) {
	t.Helper()
	dir = t.TempDir() + "/keys"
	r := open(t, dir)
	values = map[Subject][]byte{}
	for _, of := range []Subject{OfSeries("lake"), OfRound("lake"), OfRound("hill")} {
		values[of] = sealed(t, r, of, "heron", "x")
	}
	return dir, values
}

// opens fails unless all values open.
func opens(t *testing.T, r *Ring, values map[Subject][]byte) {
	t.Helper()
	for of, b := range values {
		if plain, err := r.Open(of, b, []byte("x")); err != nil || string(plain) != "heron" {
			t.Errorf("%s: %q, %v", of, plain, err)
		}
	}
}

func TestRotate(t *testing.T) {
	dir, values := full(t)
	before, err := os.ReadFile(filepath.Join(dir, "key-encryption.key"))
	try(t, err)
	old := keysetFiles(t, dir)
	copied := map[string][]byte{}
	for _, file := range old {
		b, err := os.ReadFile(file)
		try(t, err)
		copied[file] = b
	}
	running := open(t, dir)
	r := open(t, dir)
	was, err := r.Status()
	try(t, err)
	try(t, r.Rotate())
	now, err := r.Status()
	try(t, err)
	if now.Wrapping == was.Wrapping || now.Rotating || len(now.Keysets) != 3 || len(now.Closed) != 0 {
		t.Errorf("after the rotation: %+v", now)
	}
	opens(t, r, values)
	opens(t, open(t, dir), values)
	opens(t, running, values)
	// A program that holds the old key makes new keysets under the new one.
	values[OfRound("new")] = sealed(t, running, OfRound("new"), "heron", "x")
	opens(t, open(t, dir), values)

	// Today's key opens no keyset of yesterday's copy.
	for file, b := range copied {
		try(t, os.WriteFile(file, b, 0o600))
	}
	r = open(t, dir)
	if s, err := r.Status(); err != nil || len(s.Closed) != 3 || len(s.Keysets) != 1 {
		t.Errorf("with the keysets of the copy: %+v, %v", s, err)
	}
	// With its own key it is whole.
	try(t, os.WriteFile(filepath.Join(dir, "key-encryption.key"), before, 0o600))
	delete(values, OfRound("new"))
	opens(t, open(t, dir), values)
}

var errKilled = errors.New("killed")

// A rotation or a destruction that is stopped at any step loses nothing that it
// should keep, and the next one ends it.
func TestStoppedAtEveryStep(t *testing.T) {
	for name, do := range map[string]func(r *Ring) error{
		"rotate":  func(r *Ring) error { return r.Rotate() },
		"destroy": func(r *Ring) error { _, err := r.Destroy(OfRound("hill")); return err },
	} {
		t.Run(name, func(t *testing.T) {
			stops := 0
			for n := 1; ; n++ {
				dir, values := full(t)
				gone := values[OfRound("hill")]
				if name == "destroy" {
					delete(values, OfRound("hill"))
				}
				r := open(t, dir)
				left := n
				r.BeforeStep(func() error {
					if left--; left == 0 {
						return errKilled
					}
					return nil
				})
				err := do(r)
				if err == nil {
					break
				}
				if !errors.Is(err, errKilled) {
					t.Fatalf("at step %d: %v", n, err)
				}
				stops++
				opens(t, open(t, dir), values)
				next := open(t, dir)
				if err := do(next); err != nil {
					t.Fatalf("after step %d: %v", n, err)
				}
				opens(t, next, values)
				opens(t, open(t, dir), values)
				if s, err := next.Status(); err != nil || s.Rotating || len(s.Closed) > 0 || len(s.Keysets) != len(values) {
					t.Errorf("after step %d: %+v, %v", n, s, err)
				}
				if name == "destroy" {
					if plain, err := next.Open(OfRound("hill"), gone, []byte("x")); fault.KindOf(err) != fault.Unavailable {
						t.Errorf("after step %d: %q, %v", n, plain, err)
					}
				}
				if left, _ := filepath.Glob(filepath.Join(dir, "keysets", "new-*")); len(left) > 0 {
					t.Errorf("after step %d files are left: %v", n, left)
				}
			}
			if stops < 5 {
				t.Errorf("stopped at %d steps only", stops)
			}
			t.Logf("stopped at %d steps", stops)
		})
	}
}

// What is destroyed is gone for programs that had it open, and in copies.
func TestDestroy(t *testing.T) {
	dir, values := full(t)
	other := open(t, dir)
	opens(t, other, values)
	r := open(t, dir)
	keys, err := r.KeysOf(OfRound("hill"))
	try(t, err)
	copied, err := os.ReadFile(filepath.Join(dir, "keysets", keys[0]+".json"))
	try(t, err)
	gone, err := r.Destroy(OfRound("hill"))
	if err != nil || !slices.Equal(gone, keys) || len(keys) != 1 {
		t.Fatalf("%v of %v, %v", gone, keys, err)
	}
	hill := values[OfRound("hill")]
	delete(values, OfRound("hill"))
	for _, r := range []*Ring{r, other, open(t, dir)} {
		closed(t, r, OfRound("hill"), hill, "x", keys[0])
		opens(t, r, values)
	}
	// The file put back from a copy opens nothing: its key is gone.
	try(t, os.WriteFile(filepath.Join(dir, "keysets", keys[0]+".json"), copied, 0o600))
	closed(t, open(t, dir), OfRound("hill"), hill, "x", keys[0])
	// A second time takes that one away, although it does not open, and a third
	// time finds nothing.
	for _, want := range [][]string{keys, nil} {
		if again, err := r.Destroy(OfRound("hill")); err != nil || !slices.Equal(again, want) {
			t.Errorf("once more: %v, %v, want %v", again, err, want)
		}
	}
	opens(t, open(t, dir), values)
}

// A keyset that does not open goes with those that do: with its old
// key-encryption key it would.
func TestDestroyTakesWhatDoesNotOpen(t *testing.T) {
	dir, values := full(t)
	hill := values[OfRound("hill")]
	delete(values, OfRound("hill"))
	kek := filepath.Join(dir, "key-encryption.key")
	old, err := os.ReadFile(kek)
	try(t, err)
	r := open(t, dir)
	keys, err := r.KeysOf(OfRound("hill"))
	try(t, err)
	file := filepath.Join(dir, "keysets", keys[0]+".json")
	was, err := os.ReadFile(file)
	try(t, err)
	try(t, r.Rotate())
	try(t, os.WriteFile(file, was, 0o600))

	r = open(t, dir)
	if still, err := r.KeysOf(OfRound("hill")); err != nil || !slices.Equal(still, keys) {
		t.Errorf("keysets %v, %v", still, err)
	}
	if gone, err := r.Destroy(OfRound("hill")); err != nil || !slices.Equal(gone, keys) {
		t.Errorf("destroyed %v, %v", gone, err)
	}
	if s, err := r.Status(); err != nil || len(s.Closed) > 0 {
		t.Errorf("left: %+v, %v", s, err)
	}
	opens(t, open(t, dir), values)
	try(t, os.WriteFile(kek, old, 0o600))
	closed(t, open(t, dir), OfRound("hill"), hill, "x", keys[0])
}

// A keyset that cannot be read may be anybody's: nothing is destroyed beside it.
func TestDestroyRefusesWhatItCannotRead(t *testing.T) {
	dir, values := full(t)
	try(t, os.Mkdir(filepath.Join(dir, "keysets", strings.Repeat("a", keyIDLen)+".json"), 0o700))
	r := open(t, dir)
	if gone, err := r.Destroy(OfRound("hill")); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("destroyed %v, %v", gone, err)
	}
	opens(t, open(t, dir), values)
}

// A key directory that is taken away while the program runs closes everything
// until it is back.
func TestUnmounted(t *testing.T) {
	dir, values := full(t)
	r := open(t, dir)
	opens(t, r, values)
	try(t, os.Rename(dir, dir+".away"))
	for of, b := range values {
		if _, err := r.Open(of, b, []byte("x")); fault.KindOf(err) != fault.Unavailable {
			t.Errorf("opened: %v", err)
		}
		if _, err := r.Seal(of, nil, nil); fault.KindOf(err) != fault.Unavailable {
			t.Errorf("sealed: %v", err)
		}
	}
	if _, err := r.Seal(OfRound("new"), nil, nil); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("sealed under a new keyset: %v", err)
	}
	try(t, os.Rename(dir+".away", dir))
	opens(t, r, values)
}

// Programs that seal for new subjects while another rotates lose nothing.
func TestRotateWhileOthersSeal(t *testing.T) {
	dir, values := full(t)
	var mu sync.Mutex
	var wg sync.WaitGroup
	for i := range 4 {
		r := open(t, dir)
		wg.Go(func() {
			for j := range 8 {
				of := OfRound(fmt.Sprint(i, j))
				b, err := r.Seal(of, []byte("heron"), []byte("x"))
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				values[of] = b
				mu.Unlock()
			}
		})
	}
	r := open(t, dir)
	for range 3 {
		try(t, r.Rotate())
	}
	wg.Wait()
	opens(t, r, values)
	opens(t, open(t, dir), values)
}
