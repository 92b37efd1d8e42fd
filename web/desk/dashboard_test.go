package desk_test

import (
	"context"
	"net/url"
	"testing"

	"track15/models/record"
	"track15/models/recordstore"
)

func TestTheFirstPageSaysWhatWaits(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		director := w.as("director")
		director.get("/").is(200).has("h1", "Nothing waits for you").has(".week--now h2", "16–22 Mar")

		v := w.as("coordinator")
		v.logged(url.Values{"internal_title": {"Round six"}, "state": {"scheduled"}, "opens": {"2026-03-25"}, "closes": {"2026-03-26"}})
		v.logged(url.Values{"internal_title": {"Round five"}, "opens": {"2025-03-25"}})
		v.logged(url.Values{"internal_title": {"Round seven"}, "opens": {"2026-04"}, "state": {"proposed"}})
		v.logged(url.Values{"internal_title": {"Round called off"}, "opens": {"2026-03-24"}, "state": {"cancelled"}})
		_, err := w.record.AddAccount(ctx, w.operator, record.Account{Email: "maren@example.org", Name: "Maren Holt"}, password)
		w.must(err)
		ask := func(role record.RoleName, until record.Date) record.GrantEntry {
			return record.GrantEntry{ID: recordstore.NewID(), Email: "maren@example.org", Grant: record.Grant{Role: role, SeriesID: w.series.ID}, Reason: "Answers enquiries", Until: until}
		}
		_, err = w.record.ProposeGrant(ctx, w.actor("coordinator"), ask(record.DeskOfficer, ""))
		w.must(err)
		_, err = w.record.GiveGrant(ctx, w.actor("director"), ask(record.RecordsOfficer, "2026-04-09"))
		w.must(err)

		p := director.get("/").is(200).has("h1", "One thing waits for you").has(".queue", "Maren Holt, desk officer")
		p.has(".page-h", "Next round: Kasmere Dialogue, Round six, in nine days").has(".week", "Wed 25–Thu 26").has(".week .is-review", "Role ends: Maren Holt, records officer")
		p.hasNot("Round five", "Round seven", "Round called off")
		v.get("/").is(200).has("h1", "Nothing waits for you").has(".week", "Round six")

		maren := w.visit()
		maren.post("/sign-in", url.Values{"email": {"maren@example.org"}, "password": {password}}).is(200).
			has("main", "Records officer in Kasmere Dialogue, until 9 Apr 2026").has(".week", "Kasmere Dialogue").hasNot("Round six", "Role ends")
		w.as("auditor").get("/").is(200).hasNot("Round six", "Maren")
		w.as("administrator").get("/").is(200).hasNot("Round six", "Kasmere")
	})
}
