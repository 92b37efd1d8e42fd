package desk_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"track15/models/record"
	"track15/models/recordstore"
)

// peopled enters two people at the round of filled: one of the ministry, one
// truly of the signals directorate with the badge of the Harbour Institute.
func (w *world) peopled(round string) []record.Participation {
	w.t.Helper()
	ctx, actor := context.Background(), w.actor("coordinator")
	r, err := w.record.Round(ctx, actor, round)
	w.must(err)
	side := w.series.Sides[1].ID
	all, err := w.record.Enter(ctx, actor, round, []recordstore.Entrant{
		{
			Participation: record.Participation{SideID: side, Capacity: record.Official, Post: "Counsellor", State: record.Attended, Name: record.Clearance{State: record.ClearanceRequested}},
			Person:        record.Person{Given: "Ruochuan", Family: "Lin", FamilyFirst: true, Native: []record.Name{{Text: "林若川", Lang: "zh-Hans"}}, Sample: true},
			Badge:         r.Presences[2],
		},
		{
			Participation: record.Participation{SideID: side, Capacity: record.Expert, State: record.Attended},
			Person:        record.Person{Given: "Ada", Family: "Quist", Sample: true},
			Badge:         r.Presences[1], True: &record.Presence{OrganisationID: r.Presences[3].OrganisationID},
		},
	})
	w.must(err)
	return all
}

func TestWhoTookPart(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		round, _ := w.filled()
		w.peopled(round)
		v := w.as("coordinator")
		p := v.get("/appearances").is(200).has("tbody", "Lin Ruochuan").has("tbody", "Ministry of Foreign Affairs").has("tbody", "Ada Quist").
			has("td.true", "Signals Directorate").has("tbody", "Requested").has("title", "Confidential · Who took part · track15")
		for field, words := range map[string]string{"q": "林若", "organisation": "ministry of foreign affairs"} {
			rec := v.raw("POST", "/appearances", url.Values{field: {words}})
			to := rec.Header().Get("Location")
			if rec.Code != 303 || strings.Contains(to, "ministry") || strings.Contains(to, "%E6") {
				t.Errorf("%q stands in the address %s", words, to)
			}
			v.get(to).is(200).has("tbody", "Lin Ruochuan").hasNot("Ada Quist")
		}
		v.send(p, "/appearances", url.Values{"organisation": {"signals directorate"}}).is(200).has("tbody", "Ada Quist").hasNot("Lin Ruochuan")
		v.send(p, "/appearances", url.Values{"capacity": {"official"}, "since": {"2026"}}).is(200).has("tbody", "Lin Ruochuan").hasNot("Ada Quist")
		v.send(p, "/appearances", url.Values{"until": {"2025"}}).is(200).has(".empty", "Nobody here").hasNot("Lin Ruochuan")
		v.send(p, "/appearances", url.Values{"since": {"last year"}}).is(200).has(".error-summary", "Enter a year")
		v.send(p, "/appearances", url.Values{"q": {"nobody"}}).is(200).has(".empty", "Nobody here")
		v.send(p, "/appearances", url.Values{"asked": {"1"}}).is(200).has("tbody", "Lin Ruochuan").hasNot("Ada Quist")
		v.send(p, "/appearances", url.Values{"country": {"xa"}}).is(200).has(".empty", "Nobody here").hasNot("Ada Quist")
		v.send(p, "/appearances", url.Values{"country": {"XB"}, "q": {"Lin Jo-ch'uan"}}).is(200).has("tbody", "Lin Ruochuan").hasNot("Ada Quist")
		p = v.get("/rounds").is(200)
		if len(p.all("details[open]:has(#f-person)")) > 0 {
			t.Error("the filters that nobody asked for are open")
		}
		for field, find := range map[string]string{"person": "林若川", "capacity": "official", "side": w.series.Sides[1].ID, "country": "xb", "since": "2026"} {
			rec := v.raw("POST", "/rounds", url.Values{field: {find}})
			if to := rec.Header().Get("Location"); strings.Contains(to, "%E6") {
				t.Errorf("%s stands in the address %s", field, to)
			}
			v.send(p, "/rounds", url.Values{field: {find}}).is(200).has("tbody", "Round 6, Port Anselm").has("details[open] summary", "More filters")
		}
		for field, find := range map[string]string{"person": "Ada Nobody", "capacity": "observer", "country": "xq", "until": "2025"} {
			v.send(p, "/rounds", url.Values{field: {find}}).is(200).has(".empty", "No round").hasNot("tbody")
		}
		v.send(p, "/rounds", url.Values{"since": {"last year"}}).is(200).has(".error-summary", "Enter a year")
		w.as("editor").get("/rounds").is(200).has("summary", "More filters").hasNot("Person, by any name", "Country of a body")
		w.as("editor").get("/rounds?capacity=official").is(200).has(".empty", "No round").hasNot("Port Anselm")
		p = v.get("/presences").is(200).has("tbody", "Signals Directorate").has("tbody", "independent researchers")
		v.send(p, "/presences", url.Values{"country": {"xa"}}).is(200).has("tbody", "Kasmere Policy Forum").hasNot("Ministry of Foreign")
		v.send(p, "/presences", url.Values{"label": {"withheld"}}).is(200).has("tbody", "independent researchers").hasNot("Ministry of Foreign")

		// Who may not read true affiliations finds the badge and not what is behind.
		o := w.as("desk-officer")
		o.get("/appearances").is(200).has("tbody", "Ada Quist").has("tbody", "Harbour Institute").hasNot("Signals", "True body")
		o.post("/appearances", url.Values{"organisation": {"signals directorate"}}).is(200).has(".empty", "Nobody here").hasNot("Ada Quist")
		o.get("/presences").is(200).has("tbody", "Harbour Institute").hasNot("Signals")
		for _, name := range []string{"editor", "administrator"} {
			w.as(name).get("/appearances").is(404).hasNot("Quist")
			w.as(name).get("/presences").is(404).hasNot("Harbour")
		}
	})
}

func TestTheNextRoundIsACopy(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		round, _ := w.filled()
		w.peopled(round)
		v := w.as("coordinator")
		at := "/rounds/" + round + "/copy"
		v.get("/rounds/"+round).is(200).has("main", "Copy to a new round")
		p := v.get(at).is(200)
		if f := p.form(at); f.Get("city") != "Port Anselm" || f.Get("opens") != "" || f.Get("internal_title") != "" || f.Get("summary") != "" {
			t.Errorf("the copy begins as %v", f)
		}
		v.send(p, at, url.Values{"opens": {"2026-13"}, "internal_title": {"Round 7"}}).is(422).has(".error-summary", "Enter a date")
		p = v.send(p, at, url.Values{"opens": {"2027-03"}, "internal_title": {"Round 7"}}).is(200).has("h1", "Round 7")
		again := v.send(v.get(at), at, url.Values{"internal_title": {"Round 8"}}).is(200)
		if p.path == again.path {
			t.Error("two copies are one round")
		}
		v.get("/appearances").is(200).has("tbody", "Round 7").has("tbody", "Round 8")
		w.as("desk-officer").get(at).is(404)
	})
}

func TestClearancesOfSeveral(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		round, _ := w.filled()
		all := w.peopled(round)
		v := w.as("coordinator")
		at := "/rounds/" + round + "/participants/clear"
		p := v.get(at+"?participant="+all[0].ID).is(200).has("tbody", "Lin Ruochuan")
		if got := p.form(at)["participant"]; len(got) != 1 || got[0] != all[0].ID {
			t.Errorf("chosen: %v", got)
		}
		answer := url.Values{"participant": {all[0].ID, all[1].ID}, "which": {"name"}, "clearance": {"granted"}}
		p = v.send(p, at, answer).is(422).has(".error-summary", "on what basis")
		if got := p.form(at)["participant"]; len(got) != 2 {
			t.Errorf("the form lost who was chosen: %v", got)
		}
		answer.Set("basis", "Mail of 3 April")
		v.send(p, at, answer).is(200).has("tbody", "Granted").hasNot("Requested</td>")
		stored, err := w.record.Participations(context.Background(), w.actor("coordinator"), round)
		w.must(err)
		for _, x := range stored {
			if !x.Name.Given() || x.Name.Basis != "Mail of 3 April" || x.Affiliation.Given() {
				t.Errorf("%+v", x)
			}
		}
		v.post(at, url.Values{"which": {"name"}, "clearance": {"granted"}, "basis": {"x"}}).is(422).has(".error-summary", "at least one")
		w.as("desk-officer").get(at).is(404)
	})
}
