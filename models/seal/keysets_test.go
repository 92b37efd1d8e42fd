package seal

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"track15/models/fault"
)

// keysetFiles are the files of keysets in a key directory.
func keysetFiles(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "keysets", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func sealed(t *testing.T, r *Ring, of Subject, plain, ad string) []byte {
	t.Helper()
	b, err := r.Seal(of, []byte(plain), []byte(ad))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// closed fails unless the value does not open, in a sentence that names the key
// and neither the subject nor the text.
func closed(t *testing.T, r *Ring, of Subject, b []byte, ad, key string) {
	t.Helper()
	plain, err := r.Open(of, b, []byte(ad))
	if fault.KindOf(err) != fault.Unavailable {
		t.Fatalf("opened: %q, %v", plain, err)
	}
	if !strings.Contains(err.Error(), key) || strings.Contains(err.Error(), string(of)) || strings.Contains(err.Error(), "heron") {
		t.Errorf("the sentence is %q", err)
	}
}

// What is sealed opens again, also in another process, and only with the same
// subject and associated data, unchanged.
func TestSealAndOpen(t *testing.T) {
	dir := t.TempDir() + "/keys"
	first, other := open(t, dir), open(t, dir)
	rapid.Check(t, func(t *rapid.T) {
		of := OfSeries(rapid.SampledFrom([]string{"a", "b", ""}).Draw(t, "series"))
		plain, ad := rapid.SliceOf(rapid.Byte()).Draw(t, "plain"), rapid.SliceOf(rapid.Byte()).Draw(t, "ad")
		b, err := first.Seal(of, plain, ad)
		if err != nil {
			t.Fatal(err)
		}
		if len(b) != len(plain)+header+5+12+12+16 {
			t.Errorf("%d bytes more", len(b)-len(plain))
		}
		got, err := other.Open(of, b, ad)
		if err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("opened: %q, %v", got, err)
		}
		again, err := first.Seal(of, plain, ad)
		if err != nil || bytes.Equal(again, b) {
			t.Error("sealed twice alike", err)
		}
		if _, err := first.Open(of+"c", b, ad); fault.KindOf(err) != fault.Unavailable {
			t.Error("opened as another subject's:", err)
		}
		if _, err := first.Open(OfRound(strings.TrimPrefix(string(of), "series:")), b, ad); fault.KindOf(err) != fault.Unavailable {
			t.Error("opened as a round's:", err)
		}
		if _, err := first.Open(of, b, append(ad, 0)); fault.KindOf(err) != fault.Unavailable {
			t.Error("opened at another place:", err)
		}
		at := rapid.IntRange(0, len(b)-1).Draw(t, "changed byte")
		b[at] ^= 1 << rapid.IntRange(0, 7).Draw(t, "changed bit")
		if _, err := first.Open(of, b, ad); fault.KindOf(err) != fault.Unavailable {
			t.Error("opened though changed:", err)
		}
	})
	if n := len(keysetFiles(t, dir)); n != 3 {
		t.Errorf("%d keysets for three subjects", n)
	}
}

func TestKeysetsArePrivateAndNameNobody(t *testing.T) {
	dir := t.TempDir() + "/keys"
	sealed(t, open(t, dir), OfSeries("lakelakelake"), "heron", "x")
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s may be read by others", d.Name())
		}
		if d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if bytes.Contains(b, []byte("lakelake")) || bytes.Contains(b, []byte("heron")) || strings.Contains(d.Name(), "lakelake") || strings.HasPrefix(d.Name(), "new-") {
			t.Errorf("%s says too much", d.Name())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range append(keysetFiles(t, dir), filepath.Join(dir, "keysets")) {
		if err := os.Chmod(path, 0o755); err != nil {
			t.Fatal(err)
		}
		r, err := OpenRing(dir)
		if err == nil {
			_, err = r.Seal(OfSeries("lakelakelake"), nil, nil)
		}
		if fault.KindOf(err) != fault.Forbidden {
			t.Errorf("%s may be read by others and is used: %v", filepath.Base(path), err)
		}
		if err := os.Chmod(path, 0o700); err != nil {
			t.Fatal(err)
		}
	}
}

// A keyset that is not there, is cut short or belongs to others closes what was
// sealed under it and nothing else, and can be put back.
func TestKeysetsLost(t *testing.T) {
	for name, lose := range map[string]func(t *testing.T, file string){
		"missing": func(t *testing.T, file string) { try(t, os.Remove(file)) },
		"empty":   func(t *testing.T, file string) { try(t, os.WriteFile(file, nil, 0o600)) },
		"cut short": func(t *testing.T, file string) {
			b, err := os.ReadFile(file)
			try(t, err)
			try(t, os.WriteFile(file, b[:len(b)/2], 0o600))
		},
		"of another directory": func(t *testing.T, file string) {
			dir := t.TempDir() + "/keys"
			sealed(t, open(t, dir), OfSeries("lake"), "heron", "x")
			b, err := os.ReadFile(keysetFiles(t, dir)[0])
			try(t, err)
			try(t, os.WriteFile(file, b, 0o600))
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir() + "/keys"
			r := open(t, dir)
			lake := sealed(t, r, OfSeries("lake"), "heron", "x")
			file := keysetFiles(t, dir)[0]
			key := strings.TrimSuffix(filepath.Base(file), ".json")
			hill := sealed(t, r, OfSeries("hill"), "heron", "x")
			whole, err := os.ReadFile(file)
			try(t, err)
			lose(t, file)

			r = open(t, dir)
			closed(t, r, OfSeries("lake"), lake, "x", key)
			if _, err := r.Seal(OfSeries("lake"), nil, nil); fault.KindOf(err) != fault.Unavailable {
				t.Error("sealed under it:", err)
			}
			if plain, err := r.Open(OfSeries("hill"), hill, []byte("x")); err != nil || string(plain) != "heron" {
				t.Error("another subject:", err)
			}
			try(t, os.WriteFile(file, whole, 0o600))
			if plain, err := r.Open(OfSeries("lake"), lake, []byte("x")); err != nil || string(plain) != "heron" {
				t.Error("put back:", err)
			}
		})
	}
}

// Where keysets are and the key that wraps them is not, no other is made.
func TestNoSecondKeyEncryptionKey(t *testing.T) {
	dir := t.TempDir() + "/keys"
	b := sealed(t, open(t, dir), OfSeries("lake"), "heron", "x")
	file := filepath.Join(dir, "key-encryption.key")
	try(t, os.Rename(file, file+".away"))
	if _, err := OpenRing(dir); fault.KindOf(err) != fault.Unavailable {
		t.Fatal("opened:", err)
	}
	if _, err := os.Stat(file); !os.IsNotExist(err) {
		t.Error("a key was made:", err)
	}
	try(t, os.Rename(file+".away", file))
	if _, err := open(t, dir).Open(OfSeries("lake"), b, []byte("x")); err != nil {
		t.Error(err)
	}
}

// An older keyset that is put back beside a newer one opens what it sealed.
func TestOlderKeysetBesideANewerOne(t *testing.T) {
	dir := t.TempDir() + "/keys"
	older := sealed(t, open(t, dir), OfSeries("lake"), "old heron", "x")
	file := keysetFiles(t, dir)[0]
	try(t, os.Rename(file, dir+"/away"))
	pointers, err := filepath.Glob(filepath.Join(dir, "keysets", "of-*"))
	if err != nil || len(pointers) != 1 {
		t.Fatal(pointers, err)
	}
	try(t, os.Remove(pointers[0]))
	newer := sealed(t, open(t, dir), OfSeries("lake"), "new heron", "x")
	try(t, os.Rename(dir+"/away", file))
	for _, b := range [][]byte{older, newer} {
		if plain, err := open(t, dir).Open(OfSeries("lake"), b, []byte("x")); err != nil || !strings.HasSuffix(string(plain), "heron") {
			t.Errorf("%q, %v", plain, err)
		}
	}
}

// Programs that seal at once for a new subject agree on its keyset.
func TestSealAtOnce(t *testing.T) {
	dir := t.TempDir() + "/keys"
	var values [8][]byte
	var wg sync.WaitGroup
	for i := range values {
		r := open(t, dir)
		wg.Go(func() {
			var err error
			if values[i], err = r.Seal(OfSeries("lake"), []byte("heron"), nil); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := len(keysetFiles(t, dir)); n != 1 {
		t.Errorf("%d keysets", n)
	}
	r := open(t, dir)
	for _, b := range values {
		if plain, err := r.Open(OfSeries("lake"), b, nil); err != nil || string(plain) != "heron" {
			t.Errorf("%q, %v", plain, err)
		}
	}
}

// Whatever stands in a sealed column, opening it ends in the text or a sentence.
func FuzzOpen(f *testing.F) {
	r, err := OpenRing(f.TempDir() + "/keys")
	if err != nil {
		f.Fatal(err)
	}
	b, err := r.Seal(OfSeries("lake"), []byte("heron"), []byte("x"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte{})
	f.Add(b[:header])
	f.Add(b[:len(b)-1])
	f.Add([]byte("\x01../../../../etc/passwd......"))
	f.Fuzz(func(t *testing.T, value []byte) {
		plain, err := r.Open(OfSeries("lake"), value, []byte("x"))
		if err == nil != bytes.Equal(value, b) || err == nil && string(plain) != "heron" {
			t.Errorf("%q, %v", plain, err)
		}
		if err != nil && fault.KindOf(err) != fault.Unavailable {
			t.Errorf("kind of %v", err)
		}
	})
}

func try(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
