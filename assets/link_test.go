package assets

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// A binary that asks for the public set alone holds no byte of the staff set.
func TestLinkerLeavesTheStaffSetOut(t *testing.T) {
	// The test cache notices a change of this file only because it is read here.
	if _, err := os.ReadFile("testdata/publiconly/main.go"); err != nil {
		t.Fatal(err)
	}
	exe := filepath.Join(t.TempDir(), "publiconly")
	out, err := exec.Command("go", "build", "-o", exe, "./testdata/publiconly").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	binary, err := os.ReadFile(exe)
	if err != nil {
		t.Fatal(err)
	}
	public, err := publicFiles.ReadFile("css/public/public.css")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(binary, public) {
		t.Fatal("the public set is not in the binary either: this test sees nothing")
	}
	for _, word := range deskWords {
		if bytes.Contains(binary, []byte(word)) {
			t.Errorf("the public binary contains %q", word)
		}
	}
}
