package desk_test

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"track15/models/record"
	"track15/models/recordstore"
	"track15/web/desk"
)

// A link is made on the page of an asking and shown this once; where no links are
// served none is offered.
func TestAOneTimeLinkIsShownOnce(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		_, summary := w.held()
		side := record.Party{Kind: record.PartySide, ID: w.series.Sides[0].ID}
		w.must(w.record.AskClearance(t.Context(), w.actor("coordinator"), summary.ID, recordstore.Ask{Draft: summary.Draft.Number, On: "2026-03-16", Parties: []record.Party{side}}))
		l, err := w.record.Ledger(t.Context(), w.operator, summary.ID)
		w.must(err)
		at := "/drafts/" + summary.ID + "/clearance/" + l.Askings[0].ID
		v := w.as("coordinator")
		v.get(at).is(200).hasNot("opens it without an account")
		w.handler, err = desk.New(desk.Options{
			Record: w.record, Release: w.release, House: "House of Tests", Hosts: []string{host},
			Logger: slog.New(slog.DiscardHandler), Clock: func() time.Time { return w.now }, PublicURL: "https://public.example.org", LinkURL: "https://answer.example.org",
		})
		w.must(err)
		v.get(at).is(200).has("#link", "One-time link")
		p := v.post(at+"/link", nil).is(200).has(".notice", "https://answer.example.org/l/").has(".notice", "by telephone")
		token := p.text(".notice .ref")
		v.get(at).is(200).has("main", "It opens until").hasNot(strings.TrimSpace(token))
		if rec := v.raw(http.MethodGet, at, nil); rec.Header().Get("Cache-Control") != "no-store" {
			t.Error("the page may be kept")
		}
		w.as("editor").post(at+"/link", nil).is(404)
		v.post(at+"/link/end", nil).is(200).has("main", "It was ended")
	})
}
