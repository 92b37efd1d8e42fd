package desk_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"track15/models/record"
	"track15/models/recordstore"
	"track15/models/recordstore/recordtest"
)

func TestTheFirstPageSaysWhatWaits(t *testing.T) {
	t.Parallel()
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

		p := director.get("/").is(200).has("h1", "Two things wait for you").has(".queue", "Maren Holt, desk officer").
			has(".queue", "Holds until Thu 9 April 2026: Answers enquiries")
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

// What one may do is counted, sorted by when it is due; what one may not read is
// not.
func TestTheFirstPageCountsWhatOneMayDo(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		held := func(series, title string, opens record.Date) record.Round {
			r, err := w.record.LogRound(ctx, w.operator, record.Round{SeriesID: series, State: record.Held, InternalTitle: title, Opens: opens})
			w.must(err)
			return r
		}
		other, err := w.record.AddSeries(ctx, w.operator, record.Series{Name: "Elsewhere"})
		w.must(err)
		quay, hill, far := held(w.series.ID, "The quay", "2026-03-02"), held(w.series.ID, "The hill", "2026-02-02"), held(other.ID, "The far shore", "2026-03-03")
		held(w.series.ID, "Long ago", "2024-03-02")
		for _, e := range []struct {
			r     record.Round
			until record.Date
		}{{quay, "2026-04-01"}, {hill, "2026-03-18"}, {far, "2026-03-17"}} {
			w.must(w.record.EditRules(ctx, w.operator, e.r.ID, e.r.Version, record.GroundRules{
				Vector: map[record.Aspect]record.Permission{record.AspectCity: record.AfterEmbargo}, EmbargoUntil: e.until,
			}))
			_, err := w.record.Enter(ctx, w.operator, e.r.ID, []recordstore.Entrant{{Participation: record.Participation{
				Post: "Counsellor of " + e.r.InternalTitle, Name: record.Clearance{State: record.ClearanceRequested, On: e.until}, Attribution: record.Clearance{State: record.ClearanceRequested},
			}}})
			w.must(err)
		}
		_, err = w.record.StartIntake(ctx, w.actor("coordinator"), recordstore.Intake{SeriesID: w.series.ID, Kind: "rounds", Title: "secret.csv", Rows: []byte("{}")})
		w.must(err)

		p := w.as("coordinator").get("/").is(200).has("h1", "Seven things wait for you").hasNot("far shore", "Elsewhere", "Long ago", "Counsellor", "secret.csv")
		for _, words := range []string{
			"EmbargoKasmere Dialogue, The hill", "What the rules held back may be said from Wed 18 March 2026", "RequestedKasmere Dialogue, The hill", "Name, attribution asked for Wed 18 March 2026",
			"HeldKasmere Dialogue, The quay", "ImportRounds of Kasmere Dialogue",
		} {
			p.has(".queue li", words)
		}
		p.has(".week .is-review", "Embargo ends: Kasmere Dialogue, The hill")
		for _, queue := range []string{"Dates to act on", "Clearances asked for", "Ground rules not recorded as read out"} {
			for _, q := range p.all("section.card") {
				if words := text(q); strings.HasPrefix(words, queue) && strings.Index(words, "The hill") > strings.Index(words, "The quay") {
					t.Errorf("not sorted by when it is due: %s", words)
				}
			}
		}
		// An editor sees the dates of what they write, and nothing of who took part.
		w.as("editor").get("/").is(200).has("h1", "Two things wait for you").hasNot("far shore", "The hill", "Clearances", "read out")
		w.as("desk-officer").get("/").is(200).has("h1", "Two things wait for you").hasNot("Clearances", "far shore")
		w.as("records-officer").get("/").is(200).has("h1", "Nothing waits for you").hasNot("Embargo")
		w.as("auditor").get("/").is(200).has("h1", "Nothing waits for you").hasNot("Embargo")

		// What was done waits no more.
		w.ruled(quay.ID)
		w.as("coordinator").get("/").is(200).hasNot("HeldKasmere Dialogue, The quay")
	})
}

// A text that is public as its author left it waits for nobody.
func TestTheFirstPageDoesNotAskForWhatIsReleased(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		round, _ := w.released()
		texts, _, err := w.record.Outputs(context.Background(), w.operator, recordstore.OutputFilter{RoundID: round.ID})
		w.must(err)
		draft := texts[0].Draft
		author := ""
		for name, a := range w.people {
			if a.ID == draft.AuthorID {
				author = name
			}
		}
		v := w.as(author)
		v.get("/").is(200).hasNot("Your drafts", draft.Title)
		p := v.get("/drafts/" + texts[0].ID).is(200)
		v.send(p, "/drafts/"+texts[0].ID, url.Values{"title": {"Put better"}}).is(200)
		v.get("/").is(200).has(".queue", "Put better")
	})
}

// A text of which a side was asked waits for its answer.
func TestTheFirstPageSaysWhoHasNotAnswered(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		_, text := w.held()
		o, err := w.record.Output(ctx, w.operator, text.ID)
		w.must(err)
		side := record.Party{Kind: record.PartySide, ID: w.series.Sides[0].ID}
		w.must(w.record.ChangeNeed(ctx, w.operator, text.ID, record.NeedChange{Party: side, Need: record.NeedConsent, Reason: "Promised"}))
		w.must(w.record.AskClearance(ctx, w.operator, text.ID, recordstore.Ask{Draft: o.Draft.Number, On: "2026-03-10", Due: "2026-03-20", Parties: []record.Party{side}}))
		w.as("coordinator").get("/").is(200).has(".queue", "Due Fri 20 March 2026: Kasmere")
		w.as("editor").get("/").is(200).hasNot("20 March 2026: Kasmere")
		w.as("editor").get("/drafts/"+text.ID).is(200).has("main", "Not cleared yet").hasNot("Kasmere:")
		recordtest.Clear(w.t, w.record, text.ID)
		w.as("editor").get("/drafts/" + text.ID).is(200).hasNot("Not cleared yet")
	})
}
