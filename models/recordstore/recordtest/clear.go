// Package recordtest brings a record into a state that tests begin with.
package recordtest

import (
	"testing"

	"track15/models/record"
	"track15/models/recordstore"
)

// Clear has everybody whose clearance a text needs, as it is now, asked by the
// operator and granting it.
func Clear(t testing.TB, s *recordstore.Store, outputID string) {
	t.Helper()
	ctx, operator := t.Context(), record.Operator("tester")
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	l, err := s.Ledger(ctx, operator, outputID)
	must(err)
	ask := recordstore.Ask{Draft: l.Output.Draft.Number, On: "2000-01-01"}
	for _, line := range l.Lines {
		if !line.Met() {
			ask.Parties = append(ask.Parties, line.Party)
		}
	}
	if len(ask.Parties) == 0 {
		return
	}
	must(s.AskClearance(ctx, operator, outputID, ask))
	l, err = s.Ledger(ctx, operator, outputID)
	must(err)
	for _, line := range l.Lines {
		if a := line.Asking; a != nil && a.Reply.State == record.NoReply {
			must(s.RecordReply(ctx, operator, outputID, a.ID, a.Version, record.Reply{State: record.Granted, On: "2000-01-02", Channel: "mail", Said: "Yes."}, nil))
		}
	}
}
