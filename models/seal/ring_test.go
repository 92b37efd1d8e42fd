package seal

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"track15/models/fault"
)

func open(t *testing.T, dir string) *Ring {
	t.Helper()
	r, err := OpenRing(dir)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestOpenRingMakesPrivateKeysOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "config", "keys")
	first := open(t, dir)
	for _, path := range []string{dir, filepath.Join(dir, "audit.key"), filepath.Join(dir, "signature.key")} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s may be read by others: %v", filepath.Base(path), info.Mode())
		}
	}
	again := open(t, dir)
	for _, p := range []Purpose{Audit, Signature} {
		if !bytes.Equal(first.MAC(p, []byte("x")), again.MAC(p, []byte("x"))) {
			t.Errorf("the %s key changed", p)
		}
	}
	if bytes.Equal(first.MAC(Audit, []byte("x")), first.MAC(Signature, []byte("x"))) {
		t.Error("two purposes share one key")
	}
	if other := open(t, t.TempDir()+"/keys"); bytes.Equal(first.MAC(Audit, []byte("x")), other.MAC(Audit, []byte("x"))) {
		t.Error("two directories share one key")
	}
	left, err := filepath.Glob(filepath.Join(dir, "new-*"))
	if err != nil || len(left) > 0 {
		t.Error("temporary files with keys are left:", left, err)
	}
}

// Programs that start at once on a new directory must agree on its keys.
func TestOpenRingAtOnce(t *testing.T) {
	dir := t.TempDir() + "/keys"
	var macs [8][]byte
	var wg sync.WaitGroup
	for i := range macs {
		wg.Go(func() {
			if r, err := OpenRing(dir); err == nil {
				macs[i] = r.MAC(Audit, []byte("x"))
			}
		})
	}
	wg.Wait()
	for _, m := range macs {
		if m == nil || !bytes.Equal(m, macs[0]) {
			t.Fatal("not all programs have one key")
		}
	}
}

func TestOpenRingRefusesWhatOthersMayRead(t *testing.T) {
	for name, mode := range map[string]struct {
		path string
		mode os.FileMode
	}{
		"directory of a group":  {".", 0o750},
		"directory of everyone": {".", 0o701},
		"key of a group":        {"audit.key", 0o640},
		"key of everyone":       {"signature.key", 0o604},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir() + "/keys"
			open(t, dir)
			if err := os.Chmod(filepath.Join(dir, mode.path), mode.mode); err != nil {
				t.Fatal(err)
			}
			_, err := OpenRing(dir)
			if fault.KindOf(err) != fault.Forbidden {
				t.Fatal("opened:", err)
			}
			if strings.Contains(err.Error(), dir) {
				t.Error("the sentence holds the path:", err)
			}
		})
	}
}

func TestOpenRingRefusesDamagedKeys(t *testing.T) {
	for name, content := range map[string]string{
		"empty": "", "short": "abcd\n", "long": strings.Repeat("ab", 33), "no hex": strings.Repeat("zz", 32),
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir() + "/keys"
			open(t, dir)
			if err := os.WriteFile(filepath.Join(dir, "audit.key"), []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := OpenRing(dir); fault.KindOf(err) != fault.Unavailable {
				t.Fatal("opened:", err)
			}
		})
	}
	file := t.TempDir() + "/file"
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenRing(file); fault.KindOf(err) != fault.Unavailable {
		t.Error("a file was opened as a directory:", err)
	}
}

func TestCheckApart(t *testing.T) {
	base := t.TempDir()
	data := filepath.Join(base, "data")
	if err := os.MkdirAll(filepath.Join(data, "record"), 0o700); err != nil {
		t.Fatal(err)
	}
	for link, target := range map[string]string{"into": filepath.Join(data, "record"), "same": data} {
		if err := os.Symlink(target, filepath.Join(base, link)); err != nil {
			t.Fatal(err)
		}
	}
	for keys, apart := range map[string]bool{
		"keys": true, "data-keys": true, "data/../keys": true, "..keys": true, ".": true,
		"data": false, "data/keys": false, "data/record/a/b": false, "data/..keys": false, "keys/../data/keys": false,
		"into": false, "into/keys": false, "same": false, "same/keys/deep": false,
	} {
		err := CheckApart(base+"/"+keys, data)
		if (err == nil) != apart {
			t.Errorf("%s: %v", keys, err)
		}
		if err != nil && fault.KindOf(err) != fault.Forbidden {
			t.Errorf("%s: kind of %v", keys, err)
		}
	}
	t.Chdir(base)
	if CheckApart("data/keys", data) == nil || CheckApart("keys", "data") != nil {
		t.Error("relative paths are not compared with absolute ones")
	}
}

// Parts that would be the same bytes in a row are not the same parts.
func TestMACKeepsPartsApart(t *testing.T) {
	r := open(t, t.TempDir()+"/keys")
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.SliceOfN(rapid.Byte(), 0, 4), 0, 4)
		a, b := parts.Draw(t, "a"), parts.Draw(t, "b")
		same := len(a) == len(b)
		for i := 0; same && i < len(a); i++ {
			same = bytes.Equal(a[i], b[i])
		}
		if hmac.Equal(r.MAC(Audit, a...), r.MAC(Audit, b...)) != same {
			t.Fatalf("%q, %q", a, b)
		}
	})
	if n := len(r.MAC(Audit)); n != sha256.Size {
		t.Errorf("%d bytes", n)
	}
}

func TestMACOfNoPurpose(t *testing.T) {
	r := open(t, t.TempDir()+"/keys")
	defer func() {
		if recover() == nil {
			t.Error("a MAC without a key")
		}
	}()
	r.MAC("mail")
}
