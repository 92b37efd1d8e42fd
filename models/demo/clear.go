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
	actor, today := f.first.Actor(), record.Date(time.Now().UTC().Format(time.DateOnly))
	for _, id := range outputs {
		l, err := f.Record.Ledger(ctx, actor, id)
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
			continue
		}
		if err := f.Record.AskClearance(ctx, actor, id, ask); err != nil {
			return err
		}
		if l, err = f.Record.Ledger(ctx, actor, id); err != nil {
			return err
		}
		for _, line := range l.Lines {
			a := line.Asking
			if a == nil || a.Reply.State != record.NoReply {
				continue
			}
			yes := record.Reply{State: record.Granted, On: today, Channel: "mail", Said: "Invented: you may publish these words."}
			if err := f.Record.RecordReply(ctx, actor, id, a.ID, a.Version, yes, nil); err != nil {
				return err
			}
		}
	}
	return nil
}
