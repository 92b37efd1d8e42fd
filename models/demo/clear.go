package demo

import (
	"context"
	"time"

	"track15/models/record"
	"track15/models/recordstore"
)

// clear has every party of the texts asked and answering, as a counterpart would
// by mail.
func (f *filler) clear(ctx context.Context, outputs []string) error {
	today := record.Date(time.Now().UTC().Format(time.DateOnly))
	for _, id := range outputs {
		if err := Clear(ctx, f.Record, f.first.Actor(), id, today); err != nil {
			return err
		}
	}
	return nil
}

// Clear has everybody whose clearance a text needs, as it is now, asked by actor
// on a day and granting it on the same.
func Clear(ctx context.Context, s *recordstore.Store, actor record.Actor, id string, today record.Date) error {
	l, err := s.Ledger(ctx, actor, id)
	if err != nil {
		return err
	}
	ask := recordstore.Ask{Draft: l.Output.Draft.Number, On: today}
	for _, line := range l.Lines {
		if !line.Met() {
			ask.Parties = append(ask.Parties, line.Party)
		}
	}
	if len(ask.Parties) == 0 {
		return nil
	}
	if err := s.AskClearance(ctx, actor, id, ask); err != nil {
		return err
	}
	if l, err = s.Ledger(ctx, actor, id); err != nil {
		return err
	}
	yes := record.Reply{State: record.Granted, On: today, Channel: "mail", Said: "Invented: you may publish these words."}
	for _, line := range l.Lines {
		a := line.Asking
		if a == nil || a.Reply.State != record.NoReply {
			continue
		}
		if err := s.RecordReply(ctx, actor, id, a.ID, a.Version, yes, nil); err != nil {
			return err
		}
	}
	return nil
}
