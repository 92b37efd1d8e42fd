package desk_test

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"testing"

	"track15/models/record"
)

// The history of a round says who changed what when, as far as one may read it,
// and compares any two states of an entry.
func TestHistoryPages(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		coordinator := w.actor("coordinator")
		body := func(name string) record.Organisation {
			o, err := w.record.AddOrganisation(ctx, coordinator, record.Organisation{Name: name, Kind: record.ThinkTank})
			w.must(err)
			return o
		}
		harbour, signals := body("Harbour Institute"), body("Signals Directorate")
		r, err := w.record.LogRound(ctx, coordinator, record.Round{SeriesID: w.series.ID, State: record.Held, Opens: "2019-05", Venue: "Old Customs House"})
		w.must(err)
		round := func() record.Round {
			r, err := w.record.Round(ctx, coordinator, r.ID)
			w.must(err)
			return r
		}
		side := w.series.Sides[0].ID
		seat, err := w.record.AddPresence(ctx, coordinator, r.ID, round().Version, record.Presence{OrganisationID: harbour.ID, SideID: side})
		w.must(err)
		seat.Track = "2"
		_, err = w.record.EditPresence(ctx, coordinator, r.ID, round().Version, seat)
		w.must(err)
		hidden, err := w.record.AddPresence(ctx, coordinator, r.ID, round().Version, record.Presence{OrganisationID: signals.ID, AttendsThroughID: harbour.ID, SideID: side})
		w.must(err)
		hidden.Role = record.Supporter
		_, err = w.record.EditPresence(ctx, coordinator, r.ID, round().Version, hidden)
		w.must(err)
		for _, venue := range []string{"New Customs House", "New Town Hall"} {
			now := round()
			now.Venue = venue
			_, err = w.record.EditRound(ctx, coordinator, now)
			w.must(err)
		}

		path := "/rounds/" + r.ID + "/history"
		p := w.as("coordinator").get(path).is(200)
		p.has("title", "Round").has("nav.tabs [aria-current]", "History")
		p.has("h2", "The coordinator, edit round").has("del", "Customs House").has("ins", "Town Hall")
		p.has("h3", "Organisation at the round: Harbour Institute").has("h3", "Signals Directorate").has("main", "Track")

		one := w.as("coordinator").get(path + "?of=" + r.ID).is(200)
		one.has("option", "3. After").has("main", "New Town Hall").hasNot("Harbour")
		var states []string
		for _, n := range one.all("#f-from option") {
			for _, a := range n.Attr {
				if a.Key == "value" {
					states = append(states, a.Val)
				}
			}
		}
		// Numbered here: the audit chain's numbers count what others did.
		if !slices.Equal(states, []string{"3", "2", "1"}) {
			t.Fatalf("the states of a round edited twice are %v", states)
		}
		q := url.Values{"of": {r.ID}, "from": {states[2]}, "to": {states[0]}}
		compared := w.as("coordinator").get(path + "?" + q.Encode()).is(200)
		compared.has("section[aria-labelledby=compared] del", "Old Customs House").has("section[aria-labelledby=compared] ins", "New Town Hall")
		w.as("coordinator").get(path + "?of=" + r.ID + "&from=4&to=" + states[0]).is(404)
		w.as("coordinator").get(path + "?of=" + strings.Repeat("a", 26)).is(404)

		officer := w.as("desk-officer").get(path).is(200)
		officer.has("h3", "Harbour Institute").hasNot("Signals", hidden.ID, "supporter")
		w.as("desk-officer").get(path + "?of=" + hidden.ID).is(404)
		w.as("editor").get(path).is(404)

		harbour.Acronym = "HI"
		_, err = w.record.EditOrganisation(ctx, coordinator, harbour)
		w.must(err)
		w.as("desk-officer").get("/organisations/"+harbour.ID).is(200).has("a", "History")
		w.as("desk-officer").get("/organisations/"+harbour.ID+"/history").is(200).has("ins", "HI").has("title", "History of an entry")
		w.as("editor").get("/organisations/" + harbour.ID + "/history").is(404)
		in := w.series
		in.Track = "1.5"
		_, err = w.record.EditSeries(ctx, coordinator, in)
		w.must(err)
		w.as("editor").get("/series/"+in.ID+"/history").is(200).has("ins", "1.5")
		person, err := w.record.AddPerson(ctx, coordinator, record.Person{Given: "Ira", Family: "Moss"})
		w.must(err)
		person.Honorific = "Dr"
		_, err = w.record.EditPerson(ctx, coordinator, person)
		w.must(err)
		w.as("coordinator").get("/people/"+person.ID+"/history").is(200).has("ins", "Dr").has("title", "History of an entry")
	})
}
