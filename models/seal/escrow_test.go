package seal

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"filippo.io/age"

	"track15/models/fault"
)

// An escrow copy opens with the recipient's key alone, and a key directory made
// of it opens what was sealed.
func TestEscrow(t *testing.T) {
	dir, values := full(t)
	r := open(t, dir)
	identity, err := age.GenerateX25519Identity()
	try(t, err)
	var file bytes.Buffer
	made := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	e, err := r.WriteEscrow(&file, []string{identity.Recipient().String()}, "A safe", made)
	try(t, err)
	plain, err := age.Decrypt(bytes.NewReader(file.Bytes()), identity)
	try(t, err)
	back := t.TempDir() + "/keys"
	for in := tar.NewReader(plain); ; {
		h, err := in.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		try(t, err)
		path := filepath.Join(back, h.Name)
		try(t, os.MkdirAll(filepath.Dir(path), 0o700))
		b, err := io.ReadAll(in)
		try(t, err)
		try(t, os.WriteFile(path, b, h.FileInfo().Mode()))
	}
	opens(t, open(t, back), values)
	if !bytes.Equal(open(t, back).MAC(Audit, []byte("x")), r.MAC(Audit, []byte("x"))) {
		t.Error("the audit key is not in the copy")
	}

	all, err := open(t, dir).Escrows()
	if err != nil || len(all) != 1 || all[0].ID != e.ID || !all[0].MadeAt.Equal(made) || len(all[0].Keysets) != 3 || all[0].Place != "A safe" || !all[0].GoneAt.IsZero() {
		t.Fatalf("registered: %+v, %v", all, err)
	}
	gone, err := r.Destroy(OfRound("hill"))
	if err != nil || !slices.Contains(all[0].Keysets, gone[0]) {
		t.Errorf("the register does not say that the copy holds %v, %v", gone, err)
	}
	try(t, r.EscrowGone(e.ID, made.AddDate(0, 1, 0)))
	try(t, r.EscrowGone(e.ID, made.AddDate(0, 2, 0)))
	if all, err = r.Escrows(); err != nil || !all[0].GoneAt.Equal(made.AddDate(0, 1, 0)) {
		t.Errorf("gone: %+v, %v", all, err)
	}
	if err := r.EscrowGone("nobody", made); fault.KindOf(err) != fault.NotFound {
		t.Error(err)
	}
}

func TestEscrowForNobody(t *testing.T) {
	dir, _ := full(t)
	r := open(t, dir)
	for _, to := range [][]string{nil, {"age1nobody"}, {"AGE-SECRET-KEY-1"}} {
		var file bytes.Buffer
		if _, err := r.WriteEscrow(&file, to, "A safe", time.Now()); fault.KindOf(err) != fault.Invalid || file.Len() > 0 {
			t.Errorf("%v: %v, %d bytes", to, err, file.Len())
		}
	}
	if all, err := r.Escrows(); err != nil || len(all) > 0 {
		t.Errorf("registered: %v, %v", all, err)
	}
}
