package recordstore_test

import (
	"maps"

	"track15/models/record"
	"track15/models/recordstore"
)

// The deeds on files that came from parties, and on their changes.
func init() {
	maps.Copy(deeds, map[string]deed{
		"KeepReceived": {act: record.EditClearance, edits: true, make: func(w *world, on target) func(record.Actor, string) error {
			text, id := on.id("text"), on.id("asking")
			was, _ := w.store.Asking(w.t.Context(), operator, text, id)
			return func(a record.Actor, word string) error {
				return dropped(w.store.KeepReceived(w.t.Context(), a, text, id, was.Version, record.Evidence{Name: "a.txt", Content: []byte(word)}))
			}
		}},
		"TakeOver": {
			act: record.TakeOver,
			before: func(w *world, lake target) {
				ctx, text := w.t.Context(), lake.ids["text"]
				side := record.Party{Kind: record.PartySide, ID: lake.ids["side"]}
				o := must(w.store.Output(ctx, operator, text))(w.t)
				if err := w.store.AskClearance(ctx, operator, text, recordstore.Ask{Draft: o.Draft.Number, On: "2023-11-11", Parties: []record.Party{side}}); err != nil {
					w.t.Fatal(err)
				}
				for _, a := range must(w.store.Ledger(ctx, operator, text))(w.t).Askings {
					if a.Draft == o.Draft.Number && a.Reply.State == record.NoReply && a.Due == "" {
						lake.ids["changed asking"] = a.ID
					}
				}
				reply := record.Reply{State: record.GrantedWithChanges, On: "2023-11-12", Channel: "mail", Said: "So."}
				if err := w.store.RecordReply(ctx, operator, text, lake.ids["changed asking"], 1, reply, []string{"Of their fog"}); err != nil {
					w.t.Fatal(err)
				}
			},
			make: func(w *world, on target) func(record.Actor, string) error {
				text, id := on.id("text"), on.id("changed asking")
				return func(a record.Actor, _ string) error { return dropped(w.store.TakeOver(w.t.Context(), a, text, id)) }
			},
		},
	})
}
