package desk_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"track15/models/record"
	"track15/models/recordstore"
)

func TestARoleIsProposedGivenAndRevoked(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		_, err := w.record.AddAccount(context.Background(), w.operator, record.Account{Email: "maren@example.org", Name: "Maren Holt", Outside: true}, password)
		w.must(err)
		path := "/series/" + w.series.ID + "/access"
		coordinator, director := w.as("coordinator"), w.as("director")
		p := coordinator.get(path).is(200).has("h2", "Two roles, two people").hasNot("Give role")

		propose := path + "/propose"
		fill := url.Values{"email": {"maren@example.org"}, "role": {"desk officer"}, "reason": {"Answers enquiries"}}
		p = coordinator.send(p, propose, fill).is(422).has(".error-summary", "needs an end")
		if got := p.form(propose); got.Get("reason") != "Answers enquiries" || got.Get("email") != "maren@example.org" {
			t.Errorf("the form forgot %v", got)
		}
		fill.Set("until", "2026-03-31")
		coordinator.send(p, propose, fill).is(200).has(".card", "A role is proposed").has(".card", "Maren Holt").hasNot("/allow")

		maren := w.visit()
		maren.post("/sign-in", url.Values{"email": {"maren@example.org"}, "password": {password}}).is(200)
		maren.get("/series/" + w.series.ID).is(404)

		p = director.get(path).is(200).has(".card", "Answers enquiries")
		allow := attr(p.all(`form[action$="/allow"]`)[0], "action")
		director.send(p, allow, nil).is(200).has("tbody", "Maren Holt").has("tbody", "31 Mar 2026").has("tbody", "Not of the house").hasNot("A role is proposed")
		maren.get("/series/" + w.series.ID).is(200)
		maren.get(path).is(404)

		// It ends with its day, at the next request.
		w.now = time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
		director = w.as("director")
		maren.post("/sign-in", url.Values{"email": {"maren@example.org"}, "password": {password}})
		maren.get("/series/" + w.series.ID).is(404)
		p = director.get(path).is(200).has("tbody", "Over")

		// A new one, and its end, which needs a reason.
		fill.Set("until", "2026-05-01")
		director.send(p, path+"/give", fill).is(200).has("tbody", "1 May 2026")
		maren.get("/series/" + w.series.ID).is(200)
		list, err := w.record.Grants(context.Background(), w.operator, recordstore.GrantFilter{SeriesID: w.series.ID})
		w.must(err)
		id := ""
		for _, g := range list {
			if g.Email == "maren@example.org" && g.Until == "2026-05-01" {
				id = g.ID
			}
		}
		p = director.get(path)
		end := "/grants/" + id + "/end"
		p = director.send(p, end, nil).is(422).has(".error-summary", "Say why")
		director.send(p, end, url.Values{"why": {"The enquiry is answered"}}).is(200)
		maren.get("/series/" + w.series.ID).is(404)
	})
}

func TestNobodyGivesThemselvesARole(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		path := "/series/" + w.series.ID + "/access"
		director := w.as("director")
		give := path + "/give"
		director.send(director.get(path), give, url.Values{"email": {"director@example.org"}, "role": {"coordinator"}, "reason": {"More"}}).
			is(422).has(".error-summary", "Nobody gives a role to themselves")
		director.send(director.get(path), give, url.Values{"email": {"who@example.org"}, "role": {"coordinator"}, "reason": {"More"}}).
			is(422).has(".error-summary", "Nobody has an account")
		director.send(director.get(path), give, url.Values{"reach": {"*"}, "email": {"who@example.org"}, "reason": {"More"}}).
			is(422).hasNot("In all series")
		// A coordinator proposes; the way to give is closed to them.
		c := w.as("coordinator")
		if rec := c.raw("POST", give, url.Values{"email": {"coordinator@example.org"}, "role": {"director"}, "reason": {"x"}}); rec.Code != 404 {
			t.Errorf("a coordinator gives: %d", rec.Code)
		}
	})
}

func TestWhoCanReadThisRound(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		v := w.as("coordinator")
		for _, role := range []string{"director", "editor", "rapporteur", "auditor", "administrator", "records-officer"} {
			w.person(role)
		}
		other, err := w.record.AddSeries(context.Background(), w.operator, record.Series{Name: "Elsewhere"})
		w.must(err)
		w.account("stranger", record.Director, other.ID)
		id := v.logged(url.Values{"internal_title": {"Round six"}})
		p := v.get("/rounds/"+id+"/access").is(200).has("h2", "Four people can read this round")
		p.has("tbody", "The editor").has("tbody", "As disclosed").has("tbody", "Dates only").hasNot("The auditor", "The administrator", "The rapporteur", "The stranger")
		p.has(`nav.tabs a[aria-current="page"]`, "Access").has("#doings ~ ul", "The coordinator, one act, the last on 16 March 2026")
		// The band counts who can open the page that it stands on.
		for path, many := range map[string]string{"": "Four people", "/participants": "Two people", "/drafts": "Three people", "/edit": "Two people"} {
			v.get("/rounds/"+id+path).is(200).has(".topband", many+" can open this page")
		}
		v.get("/series/"+w.series.ID).is(200).has(".topband", "Six people can open this page").has("#facts ~ .row a", "Access")
		v.get("/").is(200).hasNot("can open this page")
		v.get("/series/"+w.series.ID+"/access").is(200).has("#doings ~ ul", "The coordinator, one act").has(".topband", "Three people")
		w.as("director").get("/rounds/"+id+"/access").is(200).has("#doings ~ ul", "The coordinator, one act").hasNot("The director, ")
		w.as("editor").get("/rounds/" + id + "/access").is(404)
		w.as("administrator").get("/rounds/" + id + "/access").is(404)

		// An administrator revokes and closes accounts, and learns no name of a series.
		admin := w.as("administrator")
		admin.get("/accounts").is(200).has("tbody", "editor@example.org").hasNot("Kasmere", "Elsewhere", "Round six")
		admin.get("/series/"+w.series.ID+"/access").is(200).has("tbody", "The editor").hasNot("Kasmere", "Give a role", "Propose a role", "can open this page", "Done in the last 30 days")
		editor := w.as("editor")
		editor.get("/rounds").is(200)
		admin.send(admin.get("/accounts"), "/accounts/"+w.people["editor"].ID, nil).is(200).has("tbody", "Open again")
		if rec := editor.raw("GET", "/rounds", nil); rec.Code != 303 && rec.Code != 404 {
			t.Errorf("a closed account opens rounds: %d", rec.Code)
		}
		if rec := admin.raw("POST", "/accounts/"+w.people["administrator"].ID, url.Values{}); rec.Code != 403 {
			t.Errorf("closes their own: %d", rec.Code)
		}
		if strings.Contains(w.log.String(), "level=ERROR") {
			t.Error(w.log)
		}
	})
}
