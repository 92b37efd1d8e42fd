package recordstore_test

import (
	"maps"

	"track15/models/record"
	"track15/models/recordstore"
)

// The deeds on clearances of texts.
func init() {
	maps.Copy(deeds, map[string]deed{
		"Ledger": {act: record.ReadClearance, reads: true, make: reading("text", func(w *world, a record.Actor, id string) error {
			return dropped(w.store.Ledger(w.t.Context(), a, id))
		})},
		"Uncleared": {act: record.ReadDraft, reads: true, make: reading("text", func(w *world, a record.Actor, id string) error {
			return dropped(w.store.Uncleared(w.t.Context(), a, id))
		})},
		"ReleasesOn": {act: record.ReadClearance, reads: true, make: func(w *world, on target) func(record.Actor, string) error {
			text, id := on.id("text"), on.id("asking")
			return func(a record.Actor, _ string) error { return dropped(w.store.ReleasesOn(w.t.Context(), a, text, id)) }
		}},
		"Asking": {act: record.ReadClearance, reads: true, make: func(w *world, on target) func(record.Actor, string) error {
			text, id := on.id("text"), on.id("asking")
			return func(a record.Actor, _ string) error { return dropped(w.store.Asking(w.t.Context(), a, text, id)) }
		}},
		"AskClearance": {act: record.EditClearance, make: func(w *world, on target) func(record.Actor, string) error {
			text := on.id("text")
			o, _ := w.store.Output(w.t.Context(), operator, text)
			side := record.Party{Kind: record.PartySide, ID: on.ids["side"]}
			return func(a record.Actor, word string) error {
				return w.store.AskClearance(w.t.Context(), a, text, recordstore.Ask{Draft: o.Draft.Number, On: "2023-11-11", Due: "2023-11-30", Silence: word, Parties: []record.Party{side}})
			}
		}},
		"RecordReply": {act: record.EditClearance, edits: true, make: func(w *world, on target) func(record.Actor, string) error {
			text, id := on.id("text"), on.id("asking")
			was, _ := w.store.Asking(w.t.Context(), operator, text, id)
			return func(a record.Actor, word string) error {
				return w.store.RecordReply(w.t.Context(), a, text, id, was.Version, record.Reply{State: record.Granted, On: "2023-11-12", Channel: "mail", Said: word}, nil)
			}
		}},
		"ChangeNeed": {act: record.EditClearance, make: func(w *world, on target) func(record.Actor, string) error {
			text := on.id("text")
			side := record.Party{Kind: record.PartySide, ID: on.ids["side"]}
			return func(a record.Actor, word string) error {
				return w.store.ChangeNeed(w.t.Context(), a, text, record.NeedChange{Party: side, Need: record.NeedConsent, Reason: word})
			}
		}},
	})
}

// asked has the first side asked about a text and returns the asking's id.
func (w *world) asked(who record.Actor, textID, sideID string) string {
	w.t.Helper()
	side := record.Party{Kind: record.PartySide, ID: sideID}
	if err := w.store.AskClearance(w.t.Context(), who, textID, recordstore.Ask{Draft: 1, On: "2023-11-10", Parties: []record.Party{side}}); err != nil {
		w.t.Fatal(err)
	}
	return must(w.store.Ledger(w.t.Context(), who, textID))(w.t).Askings[0].ID
}
