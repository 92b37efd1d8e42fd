// Package recordtest brings a record into a state that tests begin with.
package recordtest

import (
	"testing"

	"track15/models/demo"
	"track15/models/record"
	"track15/models/recordstore"
)

// Clear has everybody whose clearance a text needs, as it is now, asked by the
// operator and granting it.
func Clear(t testing.TB, s *recordstore.Store, outputID string) {
	t.Helper()
	if err := demo.Clear(t.Context(), s, record.Operator("tester"), outputID, "2000-01-01"); err != nil {
		t.Fatal(err)
	}
}
