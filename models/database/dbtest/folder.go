package dbtest

import (
	"cmp"
	"os"
)

// Tests with a database run where no temporary file can be made, not even by
// root, so that one fails if what it tests makes such a file. What the tests
// themselves need lies in GOTMPDIR, where t.TempDir makes its folders. The
// programs that a test starts have the same environment.
func init() {
	os.Setenv("GOTMPDIR", cmp.Or(os.Getenv("GOTMPDIR"), os.TempDir()))
	os.Setenv("TMPDIR", "/dev/null/none")
}
