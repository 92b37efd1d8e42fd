package desk_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"track15/models/record"
)

// ruled adds rules for a part of a round and records that the rules were read
// out; it returns their ids.
func (w *world) ruled(roundID string) (change, read string) {
	w.t.Helper()
	ctx, actor := context.Background(), w.actor("coordinator")
	c, err := w.record.AddRuleChange(ctx, actor, record.RuleChange{RoundID: roundID, From: "2026-03-25T15:00", Rules: openRules, AskedBy: "V1, in the room"}, nil)
	w.must(err)
	rules, err := w.record.RoundRules(ctx, actor, roundID)
	w.must(err)
	x, err := w.record.AddReadOut(ctx, actor, record.ReadOut{RoundID: roundID, At: "2026-03-25T09:34", By: "Both chairs", Code: rules.Code})
	w.must(err)
	return c.ID, x.ID
}

func TestRulesForm(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		v := w.as("coordinator")
		id := v.logged(url.Values{"internal_title": {"Round six"}})
		path := "/rounds/" + id + "/rules"
		p := v.get(path).is(200).has("#say", "Closed means").has(".say", "Nothing about this round.")
		p = v.send(p, path, url.Values{"preset": {"chatham_house"}}).is(200).has("#say", "Chatham House Rule means")
		p.has(".say > div:first-child", "in which city").has(".say > div:last-child", "in which building")
		p = v.send(p, path, url.Values{"rule.city": {""}, "cleared.organisations": {"both conveners, by letter"}}).is(200)
		p.has("#say", "with one change").has(".say > div:last-child", "in which city").has(".say .cond", "Cleared:")
		p = v.send(p, path, url.Values{"rule.city": {"after_embargo"}}).is(200)
		p.has(".say > div:last-child .cond", "Until an end of the embargo is agreed")
		p = v.send(p, path, url.Values{"embargo_until": {"2026-03-27"}}).is(200).has(".say > div:first-child .cond", "From 27 March 2026:")
		r, err := w.record.Round(context.Background(), w.operator, id)
		w.must(err)
		if r.Rules.Allows(record.AspectCity) || !r.Rules.Allows(record.AspectOrganisation) || !r.Rules.Allows(record.AspectDates) {
			t.Errorf("stored %+v", r.Rules)
		}
		v.send(p, path, url.Values{"rule.venue": {"perhaps"}}).is(422).has(".error-summary", "Choose a permission")
		v.send(p, path, url.Values{"embargo_until": {"soon"}}).is(422).has(".error-summary", "Enter the day").has("main", "With clearance")
	})
}

// After the read-out a loosening asks every side, wherever it is tried.
func TestRulesThatWereReadOut(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		ctx, v := context.Background(), w.as("coordinator")
		id := v.logged(url.Values{"internal_title": {"Round six"}})
		session, err := w.record.AddSession(ctx, w.actor("coordinator"), record.Session{RoundID: id, Title: "Contact points", On: "2026-03-25", Starts: "11:00"})
		w.must(err)
		path := "/rounds/" + id + "/rules"
		v.send(v.get(path), path, url.Values{"preset": {"chatham_house"}}).is(200).hasNot("Read out is final")

		v.get("/rounds/"+id).has(".page-h p", "Chatham House Rule").hasNot("read out on")

		// A session of its own, closed.
		form := v.get(path + "/changes/new").is(200)
		v.send(form, path+"/changes/new", url.Values{"preset": {"closed"}}).is(422).has(".error-summary", "Choose a session")
		p := v.send(form, path+"/changes/new", url.Values{"session": {session.ID}, "preset": {"closed"}, "asked_by": {"V1, in the room"}}).is(200)
		p.has("tbody", "Session 1, Contact points").has("tbody", "not even that it was held").has("tbody", "V1, in the room").has("tbody", "Its end")
		again := v.send(form, path+"/changes/new", url.Values{"session": {session.ID}, "preset": {"closed"}, "asked_by": {"V1, in the room"}}).is(200)
		if n := len(again.all("tbody tr")); n != 1 {
			t.Errorf("sent twice: %d rows", n)
		}

		// The card says it, and names nobody.
		card := v.get(path+"/card").is(200).has(".a4", "Session 1 is closed").has(".a4", "House of Tests").has(".a4", "第1场会议为闭门会议")
		if s := card.text(".a4"); strings.Contains(s, "V1") || strings.Contains(s, "Contact points") || strings.Contains(s, "Round six") || strings.Contains(s, "Confidential") {
			t.Errorf("the sheet says %s", s)
		}
		code := card.text(".a4 .foot-p .num")
		read := v.get(path+"/read-outs/new").is(200).has("main", code)
		v.send(read, path+"/read-outs/new", url.Values{"at": {"yesterday"}}).is(422).has(".error-summary", "Enter when it was read").has(".error-summary", "Enter who read it out")
		v.send(read, path+"/read-outs/new", url.Values{"at": {"2026-03-25T09:34"}, "by": {"Both chairs"}, "code": {"1111 2222 3333 4444 5555"}}).is(422).has(".error-summary", "no longer those of this card")
		p = v.send(read, path+"/read-outs/new", url.Values{"at": {"2026-03-25T09:34"}, "by": {"Both chairs"}, "objections": {"One: no quotations"}}).is(200)
		p.has(".docket", "Wed 25 March 2026, 09:34").has(".docket", code).has(".docket", "One: no quotations").has(".docket", "The coordinator").has("main", "Read out is final")
		v.get("/rounds/"+id).has(".page-h p", "read out on 25 March 2026.")
		w.as("editor").get("/rounds/"+id).has(".page-h p", "Chatham House Rule").hasNot("read out on")
		late := p.all(`a[href*="/read-outs/"]`)
		at := attr(late[len(late)-1], "href")
		p = v.send(v.get(at), at, url.Values{"late": {"N3 was given the card at 10:50"}}).is(200).has(".docket", "N3 was given the card")

		// Stricter is free.
		p = v.send(p, path, url.Values{"rule.city": {""}}).is(200)
		// Looser is not, and what was typed stays.
		refused := v.send(p, path, url.Values{"rule.city": {"free"}}).is(422).has(".error-summary", "looser: city").has("#f-consent", "Kasmere")
		sides := url.Values{"rule.city": {"free"}, "consent." + w.series.Sides[0].ID: {"mail of 3 April"}}
		refused = v.send(refused, path, sides).is(422).has(".error-summary", "every side")
		if got := refused.form(path).Get("consent." + w.series.Sides[0].ID); got != "mail of 3 April" {
			t.Errorf("the answer typed became %q", got)
		}
		edit := attr(p.all(`a[href*="/changes/"]:not([href$="/new"])`)[0], "href")
		gone := v.post(edit+"/remove", v.get(edit).is(200).form(edit)).is(422).has(".error-summary", "looser")
		gone.has("form", "Remove these rules")
		sides.Set("consent."+w.series.Sides[1].ID, "in the room, 26 March")
		v.send(refused, path, sides).is(200).has("main", "Made looser since: city").has(".docket", "in the room, 26 March")
		fill := gone.form(edit)
		for _, side := range w.series.Sides {
			fill.Set("consent."+side.ID, "letter")
		}
		v.post(edit+"/remove", fill).is(200).has("main", "The rules are the same throughout the round")

		// Who reads a round's labels only reads its rules, not who asked for what.
		w.as("editor").get(path).is(200).has("#say", "Chatham House Rule").hasNot("Both chairs", "mail of 3 April", "Read-out record")
		w.as("editor").get(path + "/card").is(404)
		w.as("desk-officer").get(path).is(200).has(".docket", "Both chairs").hasNot("Record that it was read out", "Save ground rules")
		w.as("desk-officer").get(path+"/card").is(200).has(".a4", "Version")
	})
}

// Two who change the rules of one part lose nothing.
func TestTwoEditorsOfRulesForAPart(t *testing.T) {
	t.Parallel()
	eachWorld(t, func(t *testing.T, w *world) {
		a, b := w.as("coordinator"), w.as("director")
		id := a.logged(url.Values{"internal_title": {"Round six"}})
		change, read := w.ruled(id)
		for path, fields := range map[string][2]url.Values{
			"/rounds/" + id + "/rules/changes/" + change: {{"asked_by": {"Varro"}}, {"asked_by": {"Vasko"}, "until": {"2026-03-25 18:00"}}},
			"/rounds/" + id + "/rules/read-outs/" + read: {{"late": {"N3"}}, {"late": {"N4"}, "objections": {"One"}}},
		} {
			mine, theirs := a.get(path).is(200), b.get(path).is(200)
			b.send(theirs, path, fields[0]).is(200)
			p := a.send(mine, path, fields[1]).is(409)
			if n := len(p.all(".merge tbody tr")); n != 1 {
				t.Errorf("%s: %d places", path, n)
			}
			a.send(p, path, nil).is(200)
		}
		p := a.get("/rounds/"+id+"/rules").has("tbody", "Vasko").has("tbody", "18:00").has(".docket", "N4").has(".docket", "One")
		p.hasNot("Varro")
	})
}
